"""A verifier's word: by whom, of which report, what comes of it, and who never gives it."""

import threading
from typing import Any

import pytest

from bureau import Bureau, org, usr
from changed import replace
from land import Land
from porch import numbers
from tonne.operations import Books, own, own_year, people, proposals, verification
from tonne.operations.proposals import Remove, Report, TakePosition, Verify
from tonne.people import Registered
from tonne.store import MemoryStore, PostgresStore
from world import Store


def opened(store: Store) -> Bureau:
    """On 2 March 2026 the steelworks has reported 45.4 t for 2025; vera is a verifier."""
    bureau = Bureau(Land(store).settle()).settle()
    bureau.verifier("vera")
    bureau.propose(report(bureau, "45.4"), by="ann")
    return bureau


@pytest.fixture
def bureau() -> Bureau:
    """In memory."""
    return opened(MemoryStore())


def report(bureau: Bureau, tonnes: str, source: str = "AER-1") -> Report:
    """A report of the steelworks."""
    return Report(account=bureau.number("steel"), year=2025, tonnes=tonnes, source=source)


def word(bureau: Bureau, judgement: Any = "verified", **more: Any) -> Verify:  # noqa: ANN401  what is said
    """What is said of that report."""
    said: dict[str, Any] = {"tonnes": "45.4", "source": "AER-1", "statement": "VR-7"} | more
    return Verify(account=bureau.number("steel"), year=2025, judgement=judgement, **said)


def waits(bureau: Bureau, year: int = 2025, *, by: str = "vera") -> list[str]:
    """Of which operators reports wait."""
    found = bureau.do(verification.waiting, year, of=by)
    return [f"{each.account.operator} {each.report.tonnes.value}" for each in found]


def year_of(bureau: Bureau) -> own_year.OwnYear:
    """The year of the steelworks, as ann sees it."""
    return bureau.do(own_year.own_year, bureau.number("steel"), 2025, of="ann")


def test_what_is_verified_is_owed_and_who_verified_is_on_record(bureau: Bureau) -> None:
    assert waits(bureau) == ["STEEL 45.4"]
    assert not bureau.rehearse(word(bureau), by="vera").second
    made = bureau.propose(word(bureau), by="vera", signed="a code")
    assert (made.state, made.by) == ("completed", usr("vera"))
    # Half up: 45.4 t are 45 whole tonnes.
    assert (year_of(bureau).verified, year_of(bureau).owed) == (45, 45)
    account = bureau.number("steel")
    (found,) = bureau.land.run(lambda books: books.accounts(number=account))
    duty = bureau.do(own.duty, found)
    assert duty is not None
    assert (duty.owed, duty.verified) == (45, 45)
    (said,) = year_of(bureau).said
    assert (said.by, said.word.statement, said.word.proposal) == ("Vera", "VR-7", made.code)
    assert waits(bureau) == []


def test_a_report_with_which_a_verifier_is_not_satisfied_gives_no_figure_and_is_made_anew(
    store: Store,
) -> None:
    bureau = opened(store)
    bureau.propose(word(bureau, "not_verified", comment="no meter"), by="vera")
    found = year_of(bureau)
    assert (found.verified, found.owed, found.report_is_next) == (None, 0, True)
    assert [each.word.comment for each in found.said] == ["no meter"]
    assert waits(bureau) == []
    bureau.propose(report(bureau, "46", "AER-2"), by="bob")
    assert waits(bureau) == ["STEEL 46"]
    assert not year_of(bureau).report_is_next
    bureau.propose(word(bureau, tonnes="46", source="AER-2"), by="vera")
    assert year_of(bureau).verified == 46
    assert waits(bureau) == []


def test_who_is_not_satisfied_or_has_comments_says_why(bureau: Bureau) -> None:
    for judgement in ("not_verified", "verified_with_comments"):
        assert numbers(bureau.propose, word(bureau, judgement, comment=" "), by="vera") == [5021]
    assert year_of(bureau).said == []
    bureau.propose(word(bureau, "verified_with_comments", comment="old meter"), by="vera")
    assert [each.note for each in year_of(bureau).figures] == ["old meter"]


def test_only_the_report_that_was_looked_at_is_judged(bureau: Bureau) -> None:
    bureau.propose(report(bureau, "44"), by="bob")
    for wish in (word(bureau), word(bureau, "not_verified", comment="no")):
        assert numbers(bureau.propose, wish, by="vera") == [9178]
    for source in ("AER-0", "AER -1", "AER-1 2", ""):
        other = replace(word(bureau, tonnes="44"), source=source)
        assert numbers(bureau.propose, other, by="vera") == [9178]
    assert numbers(bureau.propose, replace(word(bureau), year=2026), by="vera") == [9177]
    assert numbers(bureau.propose, replace(word(bureau), tonnes="x"), by="vera") == [100]


def test_a_year_with_a_figure_is_judged_no_more(bureau: Bureau) -> None:
    bureau.propose(word(bureau), by="vera", key="k")
    bureau.propose(word(bureau), by="vera", key="k")
    assert len(year_of(bureau).figures) == 1
    for wish in (word(bureau), word(bureau, "not_verified", comment="after all")):
        assert numbers(bureau.propose, wish, by="vera") == [9175]


def test_only_a_verifier_gives_a_verifiers_word(bureau: Bureau) -> None:
    for name in ("ann", "sara"):
        assert numbers(bureau.propose, word(bureau), by=name) == [1204]
    assert numbers(bureau.propose, word(bureau), by="carl") == [1203]
    bureau.staff(people.turn_person, usr("vera"), "suspend", reason="a theft")
    assert 1202 in numbers(bureau.propose, word(bureau), by="vera")


def test_who_acted_on_an_account_is_never_its_verifier(bureau: Bureau) -> None:
    bureau.agreed(Remove(account=bureau.number("steel"), person=usr("bob"), reason="left"))
    bureau.agreed(TakePosition(person=usr("bob"), position="verifier"))
    for attempt in (bureau.rehearse, bureau.propose):
        assert 9176 in numbers(attempt, word(bureau), by="bob")


def test_who_is_of_the_operators_house_is_never_its_verifier(bureau: Bureau) -> None:
    said = Registered(name="Vera", email="vera@example.org", organisation=org("steelco"))
    bureau.staff(people.register_person, usr("vera"), said)
    assert numbers(bureau.propose, word(bureau), by="vera") == [9176]


def test_who_acted_on_another_account_of_the_operators_house_is_never_its_verifier(
    bureau: Bureau,
) -> None:
    bureau.hold("steelco", "ana")
    bureau.enrol("eva")
    bureau.represent("ana", "eva", "read")
    bureau.agreed(Remove(account=bureau.number("ana"), person=usr("eva"), reason="left"))
    bureau.agreed(TakePosition(person=usr("eva"), position="verifier"))
    assert numbers(bureau.propose, word(bureau), by="eva") == [9176]


def test_what_waits_is_for_the_registrys_staff_alone(bureau: Bureau) -> None:
    assert waits(bureau, by="sara") == ["STEEL 45.4"]
    assert numbers(waits, bureau, by="ann") == [1203]
    assert waits(bureau, 2024) == []


def test_a_report_that_is_made_while_another_is_judged_comes_before_or_not_at_all(
    database: str,
) -> None:
    """The verifier has spoken and not yet committed; then bob reports another figure."""
    with PostgresStore(database) as one, PostgresStore(database) as two:
        bureau = opened(one)
        other = replace(bureau, land=replace(bureau.land, store=two), keys=1000)
        spoken, go = threading.Event(), threading.Event()

        def judge(books: Books) -> None:
            wish, by = word(bureau), usr("vera")
            proposals.propose(books, bureau.land.scheme, wish, by=by, key="v", desk=bureau.desk())
            books.words("nothing")
            spoken.set()
            assert go.wait(10)

        told: list[object] = []
        first = threading.Thread(target=lambda: one.run(judge))
        second = threading.Thread(
            target=lambda: told.extend(numbers(other.propose, report(other, "44"), by="bob"))
        )
        first.start()
        assert spoken.wait(10)
        second.start()
        second.join(0.2)
        assert second.is_alive()
        go.set()
        first.join()
        second.join()
        assert told == [9175]
        assert year_of(bureau).verified == 45
