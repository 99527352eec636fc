"""A verifier's word: by whom, of which report, what comes of it, and who never gives it."""

import threading
from typing import Any

import pytest

from bureau import Bureau, org, usr
from changed import replace
from land import Land
from porch import numbers
from tonne.operations import (
    Books,
    control,
    happenings,
    own,
    own_emissions,
    own_year,
    people,
    proposals,
    verification,
)
from tonne.operations.proposals import (
    AppointVerifier,
    DismissVerifier,
    Remove,
    Report,
    TakePosition,
    Verify,
)
from tonne.people import Registered
from tonne.store import MemoryStore, PostgresStore
from world import Store


def opened(store: Store) -> Bureau:
    """On 2 March 2026 the steelworks has reported 45.4 t for 2025; vera is its verifier."""
    bureau = Bureau(Land(store).settle()).settle()
    bureau.verifier("vera")
    bureau.verified_by("vera", "steel", ("ann", "bob"))
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


def appointment(bureau: Bureau, name: str = "vera", first: int = 2025, last: int = 2026) -> Any:  # noqa: ANN401  a wish
    """That somebody is to verify for the steelworks."""
    return AppointVerifier(
        account=bureau.number("steel"), person=usr(name), first_year=first, last_year=last
    )


def test_who_acted_on_an_account_is_never_its_verifier(bureau: Bureau) -> None:
    bureau.agreed(Remove(account=bureau.number("steel"), person=usr("bob"), reason="left"))
    bureau.agreed(TakePosition(person=usr("bob"), position="verifier"))
    assert numbers(bureau.rehearse, appointment(bureau, "bob"), by="ann") == [9176]
    # Nobody is told by grounds what an account reported that did not appoint them.
    for attempt in (bureau.rehearse, bureau.propose):
        assert 9127 in numbers(attempt, word(bureau), by="bob")
    assert numbers(bureau.rehearse, word(bureau), by="bob") == [9127]


def test_who_is_of_the_operators_house_is_never_its_verifier(bureau: Bureau) -> None:
    said = Registered(name="Vera", email="vera@example.org", organisation=org("steelco"))
    bureau.staff(people.register_person, usr("vera"), said)
    assert numbers(bureau.rehearse, appointment(bureau), by="ann") == [9176]
    # Also who came to it after they were appointed.
    assert numbers(bureau.propose, word(bureau), by="vera") == [9176]


def test_who_acted_on_another_account_of_the_operators_house_is_never_its_verifier(
    bureau: Bureau,
) -> None:
    bureau.hold("steelco", "ana")
    bureau.enrol("eva")
    bureau.represent("ana", "eva", "read")
    bureau.agreed(Remove(account=bureau.number("ana"), person=usr("eva"), reason="left"))
    bureau.agreed(TakePosition(person=usr("eva"), position="verifier"))
    assert numbers(bureau.rehearse, appointment(bureau, "eva"), by="ann") == [9176]


def test_to_have_verified_for_one_account_of_a_house_is_not_to_have_acted_for_it(
    bureau: Bureau,
) -> None:
    bureau.hold("steelco", "ana")
    for name in ("eva", "ivo"):
        bureau.enrol(name)
        bureau.represent("ana", name, "initiate_and_approve")
    bureau.verified_by("vera", "ana", ("eva", "ivo"))
    bureau.propose(word(bureau), by="vera")
    assert year_of(bureau).verified == 45


def test_a_verifier_judges_only_for_who_appointed_them_and_of_those_years(store: Store) -> None:
    bureau = opened(store)
    for wish in (replace(word(bureau), year=2024), replace(word(bureau), year=2027)):
        assert numbers(bureau.rehearse, wish, by="vera") == [9127]
        assert 9127 in numbers(bureau.propose, wish, by="vera")
    kiln = replace(word(bureau), account=bureau.number("kiln"))
    assert numbers(bureau.rehearse, kiln, by="vera") == [9127]
    bureau.verified_by("vera", "steel", ("bob", "ann"), (2027, 2028))  # No more of 2025.
    assert 9127 in numbers(bureau.propose, word(bureau), by="vera")
    bureau.verified_by("vera", "steel", ("bob", "ann"), (2025, 2025))
    dismissed = DismissVerifier(account=bureau.number("steel"), person=usr("vera"))
    made = bureau.propose(dismissed, by="bob")
    bureau.propose(replace(word(bureau, "not_verified", comment="no meter")), by="vera")
    bureau.decide(made.code, "approve", by="ann")
    assert numbers(bureau.rehearse, word(bureau), by="vera") == [9127]
    assert [each.by for each in year_of(bureau).said] == ["Vera"], "what was said stays"
    assert numbers(bureau.rehearse, dismissed, by="bob") == [9134]


def test_a_verifier_sees_the_reports_of_who_appointed_them_and_nothing_else(
    bureau: Bureau,
) -> None:
    steel, kiln = bureau.number("steel"), bureau.number("kiln")
    bureau.propose(Report(account=kiln, year=2025, tonnes="9"), by="carl")
    assert waits(bureau) == ["STEEL 45.4"]
    assert waits(bureau, by="sara") == ["STEEL 45.4", "KILN 9"]
    assert waits(bureau, 2024) == []
    bureau.verified_by("vera", "steel", ("ann", "bob"), (2026, 2027))
    assert waits(bureau) == []
    assert bureau.do(own_emissions.emitted, steel, of="vera") == []
    assert len(bureau.do(own_emissions.emitted, steel, of="ann")) == 1
    bureau.verified_by("vera", "steel", ("ann", "bob"), (2025, 2025))
    seen = bureau.do(own_emissions.emitted, steel, of="vera")
    assert [each.year for each in seen] == [2025]
    assert numbers(bureau.do, own_emissions.emitted, kiln, of="vera") == [9127]
    assert numbers(bureau.do, verification.last_report, kiln, 2025, of="vera") == [9127]
    assert numbers(bureau.do, verification.last_report, steel, 2024, of="vera") == [9127]
    told = bureau.do(verification.judged_account, steel, of="vera")
    assert (told.account.name, told.holdings, told.steps) == ("Steel", (), ())
    for number, look, *more in (
        (1203, own.account_told, steel), (1203, own_year.own_year, steel, 2025),
        (1225, own.staff_desk), (1225, control.control), (1225, control.late),
    ):  # fmt: skip
        assert numbers(bureau.do, look, *more, of="vera") == [number], look.__name__
    made = bureau.propose(word(bureau), by="vera")
    found = bureau.do(happenings.happened, after=0, upto=10**6, limit=100, of="vera")
    assert {getattr(each, "proposal", None) for each in found} == {made.code}


def test_two_representatives_appoint_a_verifier_for_years(bureau: Bureau) -> None:
    assert bureau.rehearse(appointment(bureau), by="ann").second
    assert numbers(bureau.propose, appointment(bureau), by="carl") == [1203]
    assert numbers(bureau.propose, appointment(bureau), by="vera") == [1204]
    assert numbers(bureau.rehearse, appointment(bureau, "carl"), by="ann") == [9128]
    for first, last in ((2026, 2025), (1989, 2025), (2025, 2101)):
        wish = appointment(bureau, first=first, last=last)
        assert numbers(bureau.rehearse, wish, by="ann") == [9129]
    made = bureau.propose(appointment(bureau), by="ann")
    assert numbers(bureau.decide, made.code, "approve", by="ann") == [1206]


def test_who_is_not_satisfied_may_say_what_the_report_should_say(bureau: Bureau) -> None:
    said = word(bureau, "not_verified", comment="no meter", figure="51.25")
    assert numbers(bureau.propose, replace(said, figure="x"), by="vera") == [100]
    for judgement in ("verified", "verified_with_comments"):
        wish = replace(said, judgement=judgement)
        assert numbers(bureau.propose, wish, by="vera") == [9136]
    bureau.propose(said, by="vera")
    found = year_of(bureau)
    assert [str(each.word.figure) for each in found.said] == ["51.25"]
    assert (found.verified, found.owed) == (None, 0), "it is recorded, and nothing is owed by it"


def test_what_waits_is_for_the_registrys_staff_alone(bureau: Bureau) -> None:
    assert waits(bureau, by="sara") == ["STEEL 45.4"]
    assert numbers(waits, bureau, by="ann") == [1225]
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
