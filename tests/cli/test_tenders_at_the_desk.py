"""Sentences about tenders and the clock as people and programs see them at the desk."""

import pytest

from town import Books, Tonne, Town

OPENED, FIRST, BETWEEN, SECOND, AFTER = (
    ("--on", f"2025-{day}") for day in ("06-02", "06-05", "06-11", "06-20", "07-11")
)
TIMES = (
    "--interest-closes", "2025-06-10T12:00", "--proposals-close", "2025-07-10T12:00",
)  # fmt: skip


@pytest.fixture
def office(tonne: Tonne, town: Town) -> Tonne:
    """The town with a tender of EUR 600.00, in which the kiln has put a wind park forward."""
    words = ("cash", "deposit", town.authority, "1000", "--reference", "SEPA 1", *OPENED)
    assert tonne(*words).code == 0
    said = tonne("tender", "open", "T1", "--unit", "EXA-1", "--budget", 600, *TIMES, *OPENED)
    assert said.out.startswith(
        "The tender T1 is open: EUR 600.00 for EXA-1; projects may be put forward until "
        "2025-06-10 12:00 UTC."
    ), said
    said = tonne(*wind("interest", town), "--kind", "renewables", "--count", 40, *FIRST)
    assert "wind is put forward in T1, with 40 EXA-1." in said.out
    return tonne


def wind(verb: str, town: Town) -> tuple[str, ...]:
    """The words that begin a command on the kiln's project."""
    return ("tender", verb, "T1", "--project", "wind", "--tenderer", town.kiln)


def offer(town: Town) -> tuple[object, ...]:
    """The words of its proposal."""
    due = ("--due", "2025-09-01=20", "--due", "2025-12-01=20")
    return (*wind("propose", town), "--price", "8.00", *due, "--advance", "0.2")


def test_a_whole_tender_is_held_by_commands(office: Tonne, town: Town) -> None:
    said = office("tender", "shortlist", "T1", *BETWEEN)
    assert said.out.startswith("1 project of T1 is invited to a proposal until 2025-07-10"), said
    made = office(*offer(town), *SECOND, "--json").data
    assert len(made["commitment"]) == 64
    shown = office("tender", "show", "T1", *SECOND, "--json").data
    assert (shown["status"], shown["sealed"]) == ("open to proposals", [made["commitment"]])
    assert (shown["proposals"], shown["contracts"]) == ([], None)
    assert "8.00" not in office("tender", "show", "T1", *SECOND).out
    mine = office("tender", "show", "T1", "--tenderer", town.kiln, *SECOND, "--json").data
    assert mine["proposals"][0]["price"] == {"amount": "8.00", "currency": "EUR"}
    done = office("tender", "award", "T1", *AFTER)
    assert done.out.startswith("The tender T1: 1 contract signed, for EUR 320.00 of EUR 600.00.")
    assert "T1/wind" in done.out
    assert "EUR 64.00" in done.out
    assert office("forward", "meet", "T1/wind", "registration", *AFTER).code == 0
    came = ("forward", "deliver", "T1/wind", "--count", 20, "--project", "wind", *AFTER)
    assert "worth EUR 160.00: EUR 128.00 is paid" in office(*came).out
    assert "awarded" in office("tender", "list", *AFTER).out
    assert office("tender", "list", *AFTER, "--json").data["tenders"][0]["spent"] == {
        "amount": "320.00", "currency": "EUR",
    }  # fmt: skip
    assert office("check").code == 0


def test_what_a_tender_refuses_or_only_tries_writes_nothing(
    office: Tonne, town: Town, books: Books
) -> None:
    before = books()
    assert office(*offer(town), *SECOND, "--json").numbers == [8846, 8264]
    assert office("tender", "shortlist", "T1", *FIRST, "--json").numbers == [8844]
    tried = office("tender", "shortlist", "T1", *BETWEEN, "--dry-run")
    assert "Dry run: nothing was written." in tried.out
    again = ("tender", "open", "T1", "--unit", "EXA-1", "--budget", 1, *TIMES, *OPENED)
    assert office(*again, "--json").numbers == [8840]
    assert office("tender", "show", "T9", *OPENED, "--json").numbers == [8843]
    assert office(*again[:3], "--unit", "EXA-1", "--budget", "x", *TIMES, *OPENED).code == 2
    wrong = office(*wind("propose", town), "--price", 8, "--due", "soon=3", *SECOND, "--json")
    assert "'soon' is no day" in wrong.data["detail"]
    points = ("tender", "award", "T1", "--points", "wind=x", *AFTER, "--json")
    assert office(*points).numbers == [100]
    assert books() == before


def test_a_clock_is_held_by_commands(tonne: Tonne, town: Town, books: Books) -> None:
    two = ("--bidder", town.steel, "--bidder", town.kiln)
    words = ("cash", "deposit", town.authority, "1000", "--reference", "SEPA 1", *OPENED)
    assert tonne(*words).code == 0
    said = tonne("clock", "open", "C1", *two, *OPENED)
    assert said.out.startswith(
        "The clock C1 is open to 2 bidders: EUR 20.00 is called, and EUR 1,000.00 may be spent."
    ), said
    one = ("clock", "bid", "C1", "--bidder", town.steel, "--price")
    assert "bids 60 tonnes a year at 20.00 in round 1" in tonne(*one, "20.00", "--count", 60,
                                                                *OPENED).out  # fmt: skip
    shown = tonne("clock", "show", "C1", *OPENED, "--json").data
    assert (shown["status"], shown["bids_so_far"], shown["rounds"]) == ("running", 1, [])
    assert tonne("clock", "round", "C1", *OPENED).out.startswith(
        "Round 2 of C1: EUR 19.50 is called; 0 bidders of 2 bid so far."
    )
    before = books()
    assert tonne(*one, "20.00", "--count", 60, *OPENED, "--json").numbers == [8856]
    assert tonne("clock", "result", "C1", *OPENED, "--json").numbers == [8853]
    assert tonne(*one, "19.50", "--count", 50, *OPENED, "--dry-run").code == 0
    assert books() == before
    assert tonne(*one, "19.50", "--count", 50, *OPENED).code == 0
    done = tonne("clock", "round", "C1", *OPENED)
    assert done.out.startswith(
        "The clock C1 stopped in round 2 at EUR 19.50: 50 tonnes a year for EUR 975.00, "
        "EUR 25.00 is left of the budget; EUR 975.00 is still due."
    )
    data = tonne("clock", "result", "C1", *OPENED, "--json").data
    assert data["agreements"][0]["incentive"] == {"amount": "975.00", "currency": "EUR"}
    assert [str(each) for each in data["agreements"][0]["targets"]] == [
        "10.0", "20.0", "30.0", "40.0", "50",
    ]  # fmt: skip
    assert "stopped" in tonne("clock", "list", *OPENED).out
    paid = tonne("clock", "settle", "C1", "--year", 1, *OPENED, "--json").data
    assert [(each["year"], each["amount"]["amount"]) for each in paid["paid"]] == [(1, "195.00")]
    second = ("clock", "settle", "C1", "--year", 2, "--missed", town.steel, *OPENED)
    assert "EUR 585.00 is still due." in tonne(*second).out
    assert "missed its reductions" in tonne("clock", "show", "C1", *OPENED).out
    again = ("clock", "open", "C2", *two, *OPENED, "--json")
    assert tonne(*again).numbers == [3005]
    assert tonne("check").code == 0


def test_a_tender_and_a_clock_are_called_off_by_commands(
    office: Tonne, town: Town, books: Books
) -> None:
    assert office("clock", "open", "C1", "--bidder", town.steel, *OPENED, "--json").numbers == [
        3005
    ]
    off = ("tender", "call-off", "T1", "--reason", "the budget was cut", *FIRST)
    before = books()
    assert office(*off, "--dry-run").code == 0
    assert office(*off, "--as", "operator", "--json").numbers == [3107]
    assert books() == before
    said = office(*off)
    assert said.out.startswith("The tender T1 is called off; EUR 600.00 are free again."), said
    assert office(*off, "--json").numbers == [8858]
    # All of the 1,000.00 is free for the clock, and again once that is called off too.
    for name in ("C1", "C2"):
        opened = office(
            "clock", "open", name, "--bidder", town.steel, "--bidder", town.kiln, *FIRST
        )
        assert opened.code == 0, opened
        off = ("clock", "call-off", name, "--reason", "nobody bids", *FIRST)
        assert f"The clock {name} is called off" in office(*off).out
    assert office(*off, "--json").numbers == [8860]
    assert office("check").code == 0
