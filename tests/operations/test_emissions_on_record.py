"""Sentences about emissions: reported, verified, determined, corrected, and who is excluded."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from land import VERIFIED, Land, desk, numbers, report
from tonne import operations
from tonne.mrv import Figure, Opinion, Sheet
from tonne.operations import Opening
from tonne.quantity import Tonnes
from tonne.supply import Allocation

MARCH = "2026-03-31"
APRIL = "2026-04-01"
BO = Opening(kind="person", name="Bo", registry="XE", identifier=77)


def determine(
    land: Land,
    name: str = "KILN",
    stated: int | None = None,
    *,
    year: int = 2025,
    key: str = "",
    on: str = APRIL,
) -> Figure:
    return land.do(
        operations.determine,
        operator=name,
        year=year,
        reason="report_missing",
        stated=None if stated is None else Tonnes(Decimal(stated)),
        key=key or land.key(),
        on=on,
    )


def correct(
    land: Land,
    tonnes: int,
    *,
    name: str = "KILN",
    year: int = 2025,
    note: str = "meter 3",
    key: str = "",
    on: str = APRIL,
) -> Figure:
    return land.do(
        operations.correct,
        operator=name,
        year=year,
        tonnes=Tonnes(Decimal(tonnes)),
        note=note,
        key=key or land.key(),
        on=on,
    )


def figures(land: Land, name: str = "kiln") -> list[tuple[str, int]]:
    story = land.do(operations.statement, land.number(name), on=APRIL)
    return [(each.kind, each.tonnes) for each in story.figures]


def test_a_report_is_kept_as_it_was_sent(each_land: Land) -> None:
    reports = [report("steel", "99.5"), report("kiln", "40")]
    entry = each_land.do(operations.report, reports, key="r", on=MARCH, by="operator")
    story = each_land.do(operations.statement, each_land.number("steel"), on=MARCH)
    assert story.reports == (reports[0],)
    assert story.figures == (), "a report counts once it is verified"
    assert each_land.run(lambda books: books.known("r")) is not None
    assert each_land.do(operations.report, reports, key="r", on=MARCH, by="operator") == entry


def test_the_key_of_a_report_takes_no_other_report(each_land: Land) -> None:
    words: dict[str, Any] = {"key": "r", "on": MARCH, "by": "operator"}
    each_land.do(operations.report, [report("steel", 99)], **words)
    assert numbers(lambda: each_land.do(operations.report, [report("steel", 98)], **words)) == [
        9001
    ]
    opinion = (report("steel", 99), VERIFIED)
    assert numbers(lambda: each_land.do(operations.verify, [opinion], **words)) == [9001]


def test_every_operator_that_has_no_account_is_named(each_land: Land) -> None:
    reports = [report("mill", 1), report("steel", 1), report("mine", 1)]
    assert numbers(
        lambda: each_land.do(operations.report, reports, key="r", on=MARCH, by="operator")
    ) == [9010, 9010]
    assert numbers(lambda: determine(each_land, "MILL", 5)) == [9010]
    assert numbers(lambda: correct(each_land, 5, name="MILL")) == [9010]
    assert each_land.run(lambda books: books.known("r")) is None


@pytest.mark.parametrize(("tonnes", "whole"), [("99.49", 99), ("99.5", 100), ("0.4", 0)])
def test_a_verified_figure_is_in_whole_tonnes_half_up(
    each_land: Land, tonnes: str, whole: int
) -> None:
    assert each_land.emit("steel", tonnes).tonnes == whole
    assert figures(each_land, "steel") == [("verified", whole)]


def test_the_verifiers_own_figure_stands_where_it_differs(land: Land) -> None:
    opinion = Opinion(verifier="Verify Ltd", judgement="verified", tonnes=Tonnes(Decimal(104)))
    (figure,) = land.do(
        operations.verify, [(report("steel", 100), opinion)], key="v", on=MARCH, by="operator"
    )
    assert figure.tonnes == 104


def test_opinions_are_put_on_record_all_or_none(each_land: Land) -> None:
    bad = Opinion(verifier="Verify Ltd", judgement="not_verified", comments=("meter 3",))
    opinions = [
        (report("steel", 100), VERIFIED),
        (report("kiln", 40), bad),
        (report("kiln", -1), VERIFIED),
    ]
    assert numbers(
        lambda: each_land.do(operations.verify, opinions, key="v", on=MARCH, by="operator")
    ) == [5020, 5011]
    assert figures(each_land, "steel") == []


def test_a_report_after_its_last_day_counts_and_is_called_late(each_land: Land) -> None:
    assert not each_land.emit("steel", 100, on=MARCH).late
    assert each_land.emit("kiln", 40, on=APRIL).late


def test_opinions_that_are_sent_again_are_not_recorded_again(each_land: Land) -> None:
    words: dict[str, Any] = {"key": "v", "on": MARCH, "by": "operator"}
    opinions = [(report("kiln", 40), VERIFIED)]
    first = each_land.do(operations.verify, opinions, **words)
    assert each_land.do(operations.verify, opinions, **words) == first
    assert figures(each_land) == [("verified", 40)]


def test_the_authority_determines_once_the_last_day_is_over(each_land: Land) -> None:
    assert numbers(lambda: determine(each_land, stated=50, on=MARCH)) == [5030]
    assert determine(each_land, stated=50).tonnes == 50
    # A report that comes now does not override what the authority has set.
    assert numbers(lambda: each_land.emit("kiln", 40, on="2026-04-10")) == [5036]
    assert each_land.close(2025)["kiln"].missing == 50


def test_where_nothing_is_stated_the_highest_past_figure_counts_a_tenth_more(
    each_land: Land,
) -> None:
    assert numbers(lambda: determine(each_land)) == [5032]
    each_land.emit("kiln", 40)
    # 40 x 1.1 = 44
    assert determine(each_land, year=2026, on="2027-04-01").tonnes == 44


def test_a_verified_report_is_not_missing(land: Land) -> None:
    land.emit("kiln", 40)
    assert numbers(lambda: determine(land, stated=50)) == [5031]


def test_a_correction_stands_and_the_old_figure_is_kept(each_land: Land) -> None:
    each_land.emit("kiln", 40)
    correct(each_land, 44)
    assert figures(each_land) == [("verified", 40), ("corrected", 44)]
    assert each_land.close(2025)["kiln"].missing == 44


def test_a_correction_needs_a_figure_another_one_and_a_reason(each_land: Land) -> None:
    assert numbers(lambda: correct(each_land, 44)) == [5033]
    each_land.emit("kiln", 40)
    assert numbers(lambda: correct(each_land, 40, note=" ")) == [5034, 5035]


def test_what_the_authority_sets_twice_under_a_key_is_set_once(each_land: Land) -> None:
    first = determine(each_land, stated=50, key="d")
    second = correct(each_land, 44, key="c")
    # Each key gets its own answer again, though another figure stands by now.
    assert determine(each_land, stated=50, key="d") == first
    assert correct(each_land, 44, key="c") == second
    assert numbers(lambda: determine(each_land, stated=51, key="d")) == [9001]
    assert numbers(lambda: correct(each_land, 45, key="c")) == [9001]
    assert figures(each_land) == [("determined", 50), ("corrected", 44)]


def test_a_correction_sent_again_is_answered_with_its_own_figure(each_land: Land) -> None:
    each_land.emit("kiln", 40)
    # Two corrections with the same words: the first, sent again, is not taken for the second.
    first = correct(each_land, 44, key="c1")
    second = correct(each_land, 50, key="c2")
    assert (first.tonnes, second.tonnes) == (44, 50)
    assert correct(each_land, 44, key="c1", on="2026-04-09") == first
    assert correct(each_land, 50, key="c2", on="2026-04-09") == second
    assert figures(each_land) == [("verified", 40), ("corrected", 44), ("corrected", 50)]


def test_opinions_sent_again_are_answered_with_the_figures_of_then(each_land: Land) -> None:
    opinions = [(report("kiln", 40), VERIFIED), (report("steel", 99), VERIFIED)]
    then = each_land.do(operations.verify, opinions, key="v", on=MARCH, by="operator")
    correct(each_land, 44)
    again = each_land.do(operations.verify, opinions, key="v", on="2026-05-01", by="operator")
    assert again == then
    assert [each.recorded for each in again] == [desk(MARCH).at] * 2


def test_after_the_last_day_another_figure_is_the_authoritys_to_correct(each_land: Land) -> None:
    each_land.emit("kiln", 45, on="2026-03-30")
    each_land.emit("kiln", 40, on=MARCH)
    # In time a report may be replaced. On 1 April it may not, also where it bears a day of March.
    assert numbers(lambda: each_land.emit("kiln", 30, on=APRIL)) == [5036]
    old = [(report("kiln", 30, on=MARCH), VERIFIED)]
    words: dict[str, Any] = {"key": "v", "on": APRIL, "by": "operator"}
    assert numbers(lambda: each_land.do(operations.verify, old, **words)) == [5036]
    sheets = table(["KILN", "2025", "30"], ["STEEL", "2025", "99"])
    assert numbers(lambda: each_land.do(operations.import_reports, sheets, **words)) == [5036]
    assert each_land.emit("kiln", 40, on=APRIL).tonnes == 40, "the same does no harm"
    assert each_land.emit("steel", 99, on=APRIL).late, "where none stands, a late one does"
    correct(each_land, 30)
    assert figures(each_land)[-1] == ("corrected", 30)


def test_once_a_year_is_closed_a_report_takes_back_no_shortfall(each_land: Land) -> None:
    each_land.emit("kiln", 100)
    each_land.surrender("kiln", 40)
    assert each_land.close(2025)["kiln"].missing == 60
    # Whatever day it is given.
    for day in ("2026-06-01", MARCH):
        assert numbers(lambda day=day: each_land.emit("kiln", 40, on=day)) == [5036]  # type: ignore[misc]
    assert each_land.close(2025)["kiln"].missing == 60


def test_one_table_has_not_two_late_figures_of_a_year(each_land: Land) -> None:
    opinions = [(report("kiln", count, on=APRIL), VERIFIED) for count in (40, 41)]
    words: dict[str, Any] = {"key": "v", "on": APRIL, "by": "operator"}
    assert numbers(lambda: each_land.do(operations.verify, opinions, **words)) == [5036]


def test_what_moves_nothing_is_in_the_hands_of_its_roles_too(each_land: Land) -> None:
    each_land.emit("kiln", 40)
    words: dict[str, Any] = {"key": "k", "on": "2026-05-01", "by": "operator"}
    tonnes = Tonnes(Decimal(1))
    kiln: dict[str, Any] = {"operator": "KILN", "year": 2025}
    zero = [Allocation(operator="KILN", year=2026, count=0)]
    ask = each_land.do
    before = each_land.size()
    for asked in (
        lambda: ask(operations.found, on=APRIL, by="operator"),
        lambda: ask(operations.open_account, BO, **words),
        lambda: ask(
            operations.change_account, each_land.number("ana"), "close", reason="-", **words
        ),
        lambda: ask(operations.determine, **kiln, reason="other", stated=tonnes, **words),
        lambda: ask(operations.correct, **kiln, tonnes=tonnes, note="meter 3", **words),
        lambda: ask(operations.exclude, ["KILN"], year=2025, reason="small", **words),
        lambda: ask(operations.allocate, zero, unit="EXA-1", method="grandfathering", **words),
        lambda: ask(operations.close_year, 2025, **words),
        lambda: ask(operations.end_periods, **words),
    ):
        assert numbers(asked) == [3107]
    assert (each_land.size(), each_land.run(lambda books: books.known("k"))) == (before, None)


def test_a_refusal_of_a_role_says_who_may(land: Land) -> None:
    (no,) = land.scheme.on(date(2026, 5, 1)).act_refusals("close_year", "operator")
    assert str(no) == "To close a year is for the authority, not the operator."
    assert no.reference == "Example Act, s. 4"
    (unknown,) = land.scheme.on(date(2026, 5, 1)).act_refusals("abolish", "authority")
    assert str(unknown) == "To abolish is for nobody, not the authority."


def test_who_is_excluded_from_a_year_surrenders_nothing_for_it(each_land: Land) -> None:
    words: dict[str, Any] = {"year": 2025, "reason": "below the threshold", "key": "x", "on": MARCH}
    entry = each_land.do(operations.exclude, ["KILN"], **words)
    assert each_land.do(operations.exclude, ["KILN"], **words) == entry
    assert numbers(lambda: each_land.do(operations.exclude, ["STEEL"], **words)) == [9001]
    each_land.emit("kiln", 40)
    assert numbers(each_land.surrender("kiln", 1)) == [6002]
    assert each_land.run(lambda books: books.exclusions("example", [2025])) == {
        (each_land.number("kiln"), 2025)
    }


def test_the_moment_of_a_figure_is_that_of_the_desk(each_land: Land) -> None:
    figure = each_land.emit("kiln", 40, on="2026-03-02")
    assert figure.recorded == desk("2026-03-02").at
    (stored,) = each_land.do(operations.statement, each_land.number("kiln"), on=MARCH).figures
    assert (stored.recorded, stored.day.isoformat()) == (figure.recorded, "2026-03-02")


HEADINGS = ["operator_id", "year", "verified"]


def table(*rows: list[object]) -> list[Sheet]:
    return [Sheet(name="2025", rows=[HEADINGS, *rows])]  # type: ignore[list-item]


def test_a_table_of_reports_is_recorded_whole(each_land: Land) -> None:
    sheets = table(["STEEL", "2025", "100"], ["KILN", "2025", "40"])
    found = each_land.do(operations.import_reports, sheets, key="t", on=MARCH, by="operator")
    assert [each.tonnes for each in found] == [100, 40]
    again = each_land.do(operations.import_reports, sheets, key="t", on=MARCH, by="operator")
    assert again == found
    assert figures(each_land, "steel") == [("verified", 100)]


def test_a_table_of_reports_with_faults_is_refused_with_all_of_them(each_land: Land) -> None:
    sheets = table(["STEEL", "2025", "100"], ["MILL", "2025", "-4"], ["KILN", "1804", "4"])
    sheets.append(Sheet(name="empty", rows=[["operator"]]))
    before = each_land.size()
    refused = numbers(
        lambda: each_land.do(operations.import_reports, sheets, key="t", on=MARCH, by="operator")
    )
    # No such operator; less than nothing; no such year; and the second sheet has no columns.
    assert {5804, 5805, 5806} <= set(refused)
    assert len(refused) > 3
    assert each_land.size() == before
    assert figures(each_land, "steel") == []
