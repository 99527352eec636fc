"""Each cause of disagreement has one small history that shows it, and only it."""

from decimal import Decimal
from pathlib import Path

import pytest

import tonne
from tonne.simulation import codes
from tonne.simulation.codes import Comparison, compare
from tonne.simulation.history import History, OperatorYear, read

STARTS = (2005, 2008)


def _year(  # a row of the log, in the order in which it is printed
    year: int,
    verified: int | None,
    surrendered: int,
    published: str,
    account_id: str = "1",
) -> OperatorYear:
    return OperatorYear(
        account_id=account_id,
        kind="installation",
        registry="AT",
        year=year,
        allocated=0,
        verified=verified,
        flag="",
        surrendered=surrendered,
        published=published,
    )


def _history(*rows: OperatorYear) -> History:
    years = sorted({row.year for row in rows})
    return History(
        operators=(),
        rows={year: tuple(row for row in rows if row.year == year) for year in years},
        totals={},
        registry_totals={},
    )


def _compared(statuses: str, *rows: OperatorYear) -> Comparison:
    """Our statuses are written one letter a row."""
    ours = {(row.account_id, row.year): letter for row, letter in zip(rows, statuses, strict=True)}
    return compare(_history(*rows), ours, period_starts=STARTS)


def _causes(statuses: str, *rows: OperatorYear) -> dict[str, int]:
    return {cause: n for cause, n in _compared(statuses, *rows).by_cause if n}


def test_only_a_and_b_count_towards_the_share() -> None:
    found = _compared(
        "ABACC",
        _year(2005, 5, 5, "A"),
        _year(2006, 5, 4, "B*"),
        _year(2007, 5, 5, "B"),
        _year(2008, None, 0, "C"),
        _year(2009, None, 0, ""),
    )

    assert (found.compared, found.agree, found.share) == (3, 2, Decimal("0.66667"))
    assert found.by_year[2007].agree == 0
    assert found.by_kind["installation"] == found.by_registry["AT"] == found.total


def test_every_published_letter_is_counted_beside_ours() -> None:
    found = _compared(
        "BAACA",
        _year(2005, 5, 5, "D*"),
        _year(2006, 5, 5, "E*"),
        _year(2007, 5, 5, "C"),
        _year(2008, None, 0, "C"),
        _year(2009, 1, 1, ""),
    )

    assert found.by_code == (
        ("", "A", 1),
        ("C", "A", 1),
        ("C", "C", 1),
        ("D", "B", 1),
        ("E", "A", 1),
    )


def test_nothing_to_compare_is_no_disagreement() -> None:
    found = _compared("A", _year(2005, 1, 1, ""))

    assert (found.compared, found.share, sum(n for _, n in found.by_cause)) == (0, Decimal(1), 0)


def test_a_shortfall_of_2007_explains_a_b_of_2008_that_the_new_period_alone_does_not_show() -> None:
    rows = (_year(2007, 10, 4, "B"), _year(2008, 5, 5, "B"))

    assert _causes("BA", *rows) == {codes.SHORTFALL_CARRIED: 1}


def test_a_published_a_in_spite_of_a_shortfall_carried_is_put_under_it() -> None:
    rows = (_year(2007, 10, 4, "B"), _year(2008, 5, 5, "A*"))

    assert _causes("BB", *rows) == {codes.SHORTFALL_CARRIED: 1}


def test_a_surplus_of_2007_is_not_carried_so_2008_needs_its_own_units() -> None:
    rows = (_year(2007, 10, 16, "A"), _year(2008, 5, 5, "B"))

    assert _causes("AA", *rows) == {codes.NOT_SHOWN: 1}


def test_a_shortfall_is_not_carried_in_a_registry_that_was_not_at_work() -> None:
    rows = (_year(2007, 10, 0, "B"), _year(2008, 5, 5, "B"))
    ours = {("1", 2007): "B", ("1", 2008): "A"}

    found = compare(_history(*rows), ours, period_starts=STARTS, not_carried_in=("AT",))

    assert dict(found.by_cause)[codes.SHORTFALL_CARRIED] == 0
    assert dict(found.by_cause)[codes.NOT_SHOWN] == 1


def test_a_star_on_a_short_year_means_that_its_figures_were_revised() -> None:
    assert _causes("B", _year(2009, 10, 9, "A*")) == {codes.REVISED: 1}


def test_a_short_year_without_a_star_was_not_revised() -> None:
    assert _causes("B", _year(2009, 10, 9, "A")) == {codes.UNEXPLAINED: 1}


def test_a_star_on_a_b_that_the_figures_no_longer_show_means_revision() -> None:
    assert _causes("A", _year(2009, 10, 10, "B*")) == {codes.REVISED: 1}


def test_a_revised_year_leaves_the_years_after_it_short_in_the_same_period() -> None:
    rows = (_year(2009, 10, 9, "A*"), _year(2010, 7, 7, "A"))

    assert _causes("BB", *rows) == {codes.REVISED: 1, codes.REVISED_EARLIER: 1}


def test_a_revision_ends_with_its_period_if_nothing_is_carried() -> None:
    rows = (_year(2006, 5, 6, "A"), _year(2007, 10, 9, "A*"), _year(2008, 5, 4, "A"))

    assert _causes("AAB", *rows) == {codes.UNEXPLAINED: 1}


def test_a_revision_that_left_a_shortfall_is_carried_with_it() -> None:
    rows = (_year(2007, 10, 9, "A*"), _year(2008, 5, 4, "A"))

    assert _causes("BB", *rows) == {codes.REVISED: 1, codes.REVISED_EARLIER: 1}


def test_a_revision_that_took_nothing_away_explains_no_later_shortfall() -> None:
    rows = (_year(2009, 10, 10, "A*"), _year(2010, 7, 6, "A"))

    assert _causes("AB", *rows) == {codes.UNEXPLAINED: 1}


def test_what_next_years_surrender_covers_was_booked_with_it() -> None:
    rows = (_year(2009, 10, 0, "A"), _year(2010, 7, 17, "A"))

    assert _causes("BA", *rows) == {codes.BOOKED_NEXT: 1}


def test_what_next_years_surrender_does_not_cover_was_not_booked_with_it() -> None:
    rows = (_year(2009, 10, 0, "A"), _year(2010, 7, 16, "B"))

    assert _causes("BB", *rows) == {codes.UNEXPLAINED: 1}


def test_emissions_of_years_without_a_code_were_not_held_against_the_operator() -> None:
    rows = (_year(2009, 10, 0, ""), _year(2010, 7, 7, "A"))

    assert _causes("BB", *rows) == {codes.EARLIER_WITHOUT_CODE: 1}


def test_a_b_stays_when_an_earlier_shortfall_is_made_good_after_the_day() -> None:
    rows = (_year(2009, 10, 4, "B"), _year(2010, 7, 13, "B"))

    assert _causes("BA", *rows) == {codes.MADE_GOOD: 1}


def test_no_figure_shows_that_a_full_surrender_came_too_late_for_a_b() -> None:
    assert _causes("A", _year(2009, 10, 10, "B")) == {codes.NOT_SHOWN: 1}


def test_a_surplus_in_the_surrender_of_a_b_makes_nothing_good() -> None:
    assert _causes("A", _year(2009, 10, 12, "B")) == {codes.NOT_SHOWN: 1}


def test_a_b_after_a_b_is_no_repetition_if_there_were_emissions() -> None:
    rows = (_year(2008, 5, 15, "B"), _year(2009, 10, 2, "B"))

    assert _causes("AA", *rows) == {codes.NOT_SHOWN: 1, codes.UNEXPLAINED: 1}


def test_a_b_that_did_not_need_the_years_units_was_not_set_before_they_came() -> None:
    rows = (_year(2008, 5, 15, "A"), _year(2009, 10, 2, "B"))

    assert _causes("AA", *rows) == {codes.UNEXPLAINED: 1}


def test_a_b_is_repeated_for_a_year_in_which_nothing_happened() -> None:
    rows = (_year(2008, None, 2, "B"), _year(2009, None, 0, "B"))

    assert _causes("BA", *rows) == {codes.CODE_STAYED: 1}


def test_a_first_b_in_a_year_in_which_nothing_happened_is_unexplained() -> None:
    rows = (_year(2008, 2, 2, "A"), _year(2009, None, 0, "B"))

    assert _causes("AA", *rows) == {codes.UNEXPLAINED: 1}


def test_a_star_on_a_c_shows_that_a_figure_came_after_30_april_and_nothing_else_does() -> None:
    rows = (_year(2008, 9, 9, "C*"), _year(2009, 9, 9, "C"), _year(2010, None, 0, "C"))

    assert _causes("AAA", *rows) == {
        codes.ENTERED_LATE: 1,
        codes.NOT_SHOWN: 1,
        codes.UNEXPLAINED: 1,
    }


def test_what_the_authority_decided_is_held_against_the_figures_too() -> None:
    rows = (_year(2008, 9, 9, "D*"), _year(2009, 9, 0, "E*"), _year(2010, 1, 0, "D*"))

    assert _causes("ABB", *rows) == {codes.REVISED: 2}


def test_a_decision_of_the_authority_that_no_figure_bears_out_is_said_to_be_so() -> None:
    rows = (_year(2008, 9, 9, "D"), _year(2009, 9, 0, "E"))

    assert _causes("AB", *rows) == {codes.NOT_SHOWN: 2}


def test_a_code_without_a_figure_is_held_against_the_balance_and_counted_apart() -> None:
    rows = (_year(2008, 9, 9, "A"), _year(2009, None, 0, "A"), _year(2010, None, 0, "B"))
    balances = {("1", 2009): "A", ("1", 2010): "A"}
    ours = {("1", 2008): "A", ("1", 2009): "-", ("1", 2010): "-"}

    found = compare(_history(*rows), ours, period_starts=STARTS, balances=balances)

    assert (found.compared, found.agree) == (1, 1)
    assert (found.without_figure.compared, found.without_figure.agree) == (2, 1)
    assert found.share_of_all == Decimal("0.66667")
    assert ("A", "-", 1) in found.by_code
    assert sum(n for _, n in found.by_cause) == 1


def test_a_year_without_a_status_of_ours_is_said_to_have_none() -> None:
    assert _causes("-", _year(2008, 9, 9, "A")) == {codes.NO_STATUS: 1}


def test_examples_are_few_and_the_same_every_time() -> None:
    rows = [_year(2009, 1, 1, "B", account_id=str(each)) for each in range(9, 0, -1)]

    found = _compared("A" * 9, *rows)

    shown = found.examples[codes.NOT_SHOWN]
    assert [each.account_id for each in shown] == ["1", "2", "3"]
    assert (shown[0].published, shown[0].ours, shown[0].registry) == ("B", "A", "AT")


def test_the_published_figures_bear_the_codes_out() -> None:
    folder = Path(tonne.__file__).parent / "schemes" / "eu_ets" / "history"
    history = read(folder, range(2005, 2013))
    ours: dict[tuple[str, int], str] = {}
    balances: dict[str, int] = {}
    for year, rows in history.rows.items():
        if year == 2008:  # what is missing stays due, except where no registry was at work
            balances = {account_id: min(0, units) for account_id, units in balances.items()}
        for row in rows:
            if year == 2008 and row.registry == "BG":
                balances[row.account_id] = 0
            balance = balances.get(row.account_id, 0) + row.surrendered - (row.verified or 0)
            balances[row.account_id] = balance
            ours[row.account_id, year] = "C" if row.flag else "A" if balance >= 0 else "B"

    found = compare(history, ours, period_starts=STARTS, not_carried_in=("BG",))

    # Counted in the log: A, A*, B, B* with a figure, 88,598 less the 1,887 that have none.
    assert found.by_kind["installation"].compared == 88_598 - 1_887
    assert found.without_figure.compared == 1_887
    assert found.by_kind["installation"].share >= Decimal("0.995")
    assert found.share_of_all >= Decimal("0.995")
    assert dict(found.by_cause)[codes.UNEXPLAINED] <= 1


@pytest.mark.parametrize("published", ["", "X", "-", "-*"])
def test_a_year_without_a_duty_or_a_decision_is_no_disagreement(published: str) -> None:
    assert _causes("B", _year(2009, 2, 1, published)) == {}
