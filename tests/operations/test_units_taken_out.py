"""Sentences about units that were taken out for ever, and the certificates of them."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import cast

import pytest

from land import Land, numbers, receipt
from nations import AAU, World
from papers import AT, ISSUER
from tonne import documents, operations
from tonne.ledger import Block
from tonne.operations import Books, Transfer
from tonne.registry import Dedication
from tonne.store import MemoryStore

ANA = Dedication(beneficiary="Ana", purpose="a flight")


def cancel(
    land: Land, name: str = "steel", count: int = 30, *, dedication: Dedication | None = None
) -> int:
    order = Transfer(
        key=land.key(),
        source=land.number(name),
        target="",
        unit="EXA-1",
        count=count,
        dedication=dedication,
    )
    (answer,) = land.do(
        operations.cancel, [order], verb="cancel_voluntarily", on="2025-06-01", by="operator"
    )
    return receipt(answer).number


def asked(land: Land, number: int) -> operations.TakenOut:
    return land.run(lambda books: operations.taken_out(books, land.scheme, number))


def test_what_was_cancelled_is_told_with_its_numbers_its_law_and_for_whom(each_land: Land) -> None:
    each_land.transfer(each_land.order("kiln", "steel", numbers=(61, 65)))
    number = cancel(each_land, count=62, dedication=ANA)
    found = asked(each_land, number)
    assert (found.how, found.transaction, found.day) == ("cancelled", number, date(2025, 6, 1))
    assert (found.scheme, found.title) == ("example", "Example Emissions Trading Scheme")
    assert found.rulebook == each_land.scheme.fingerprint
    assert found.because == ("Example Act, s. 6", "Example Act, s. 2")
    (units,) = found.units
    assert (units.unit, units.count, units.blocks) == ("EXA-1", 62, (Block("EX-1", 1, 62),))
    assert units.name == "Example allowance of 2025 to 2027"
    assert found.dedication == ANA


def test_a_cancellation_for_nobody_is_certified_without_beneficiary(land: Land) -> None:
    assert asked(land, cancel(land)).dedication is None


def test_a_retirement_of_a_nation_is_certified_as_one() -> None:
    world = World(MemoryStore()).settle()
    warsaw = world.own["PL"]["party"]
    world.issue(AAU, 100)
    answer = world.end("retire", warsaw, AAU, 7)
    number = receipt(answer).number
    found = world.store.run(lambda books: operations.taken_out(books, world.scheme, number))
    assert (found.how, found.count) == ("retired", 7)


def test_nothing_is_certified_of_a_transaction_that_is_not_there(each_land: Land) -> None:
    assert numbers(lambda: asked(each_land, 10_000)) == [9090]
    assert numbers(lambda: asked(each_land, 2**62)) == [9090]


def test_nothing_is_certified_of_what_took_nothing_out(land: Land) -> None:
    (given,) = land.transfer(land.order("steel", "ana", 3))
    assert numbers(lambda: asked(land, receipt(given).number)) == [9091]


def test_a_surrender_is_certified_with_whose_duty_it_met(each_land: Land) -> None:
    each_land.emit("steel", 10)
    surrendered = receipt(each_land.surrender("steel", 10))
    found = asked(each_land, surrendered.number)
    duty = operations.DutyMet(account=each_land.number("steel"), operator="Steel", year=2025)
    assert (found.how, found.count, found.duty) == ("surrendered", 10, duty)
    made = documents.certify(found, issuer="Registry", key=ISSUER, at=AT)
    again = documents.read_signed(made.raw).certificate
    assert again == made.certificate
    assert against(each_land, again) == ()
    assert "10 units were surrendered by Steel for 2025 on" in documents.in_words(again)


def test_a_transaction_is_certified_under_the_law_under_which_it_was_done(land: Land) -> None:
    number = cancel(land)
    eu = operations.load_scheme(operations.scheme_folder("eu_ets"))
    assert numbers(lambda: land.run(lambda books: operations.taken_out(books, eu, number))) == [
        9021
    ]


class Reversed:
    """Books in which a cancellation was undone, which no law here allows."""

    def __init__(self, land: Land, number: int) -> None:
        self.inner = land
        self.number = number

    def story(self, number: int) -> object:
        story = self.inner.run(lambda books: books.story(number))
        assert story is not None
        return SimpleNamespace(
            number=number, transaction=story.transaction, stamp=story.stamp, reversed_by=99
        )

    def accounts(self, *, number: str) -> object:
        return self.inner.run(lambda books: books.accounts(number=number))


def test_nothing_is_certified_of_what_was_reversed(land: Land) -> None:
    number = cancel(land)
    books = cast("Books", Reversed(land, number))
    assert numbers(lambda: operations.taken_out(books, land.scheme, number)) == [9092]


@pytest.mark.parametrize("dedication", [ANA, None])
def test_a_certificate_says_what_the_books_say(each_land: Land, dedication: Dedication) -> None:
    number = cancel(each_land, dedication=dedication)
    made = documents.certify(asked(each_land, number), issuer="Registry", key=ISSUER, at=AT)
    again = documents.read_signed(made.raw).certificate
    assert against(each_land, again) == ()


def test_what_the_books_say_otherwise_is_named(land: Land) -> None:
    first, second = cancel(land, dedication=ANA), cancel(land, count=5)
    told = asked(land, second)
    for name, value, what in (
        ("transaction", first, "beneficiary"),
        ("day", date(2024, 1, 1), "day"),
        ("at", datetime(2024, 1, 1, tzinfo=UTC), "written_at"),
        ("rulebook", "00", "law"),
        ("dedication", ANA, "beneficiary"),
        ("transaction", 10_000, "no transaction 10000"),
    ):
        facts = {each: getattr(told, each) for each in told.__slots__} | {name: value}
        changed = documents.certify(
            operations.TakenOut(**facts), issuer="Registry", key=ISSUER, at=AT
        )
        said = against(land, changed.certificate)
        assert any(what in each for each in said), (name, said)


def test_a_certificate_of_what_was_reversed_since_is_no_longer_what_the_books_say(
    land: Land,
) -> None:
    number = cancel(land)
    made = documents.certify(asked(land, number), issuer="Registry", key=ISSUER, at=AT)
    books = cast("Books", Reversed(land, number))
    (said,) = documents.against_books(made.certificate, books, land.scheme)
    assert "was reversed by transaction 99" in said


def against(land: Land, certificate: documents.Certificate) -> tuple[str, ...]:
    return land.run(lambda books: documents.against_books(certificate, books, land.scheme))
