"""What was published is reproduced, or every figure that is not is told."""

import csv
from dataclasses import fields
from decimal import Decimal
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest

from changed import replace
from tonne.refusal import Refused
from tonne.simulation.outcomes import (
    FIGURES,
    Figures,
    Outcome,
    Outcomes,
    ShareFloor,
    check_outcomes,
    load_outcomes,
)

with as_file(files("tonne") / "schemes" / "eu_ets") as folder:
    EU = load_outcomes(folder)
    with (folder / "history" / "totals_by_year.csv").open(encoding="utf-8") as file:
        TOTALS = {
            (row["kind"], int(row["year"])): (
                int(row["alloc_total"]),
                int(row["verified"]),
                int(row["surrendered"]),
            )
            for row in csv.DictReader(file)
        }
ENOUGH = Decimal("0.992")


def made_up(**changes: Any) -> Outcomes:  # noqa: ANN401  any field of an outcome
    outcome = Outcome(
        kind="installation",
        year=2025,
        figures=Figures(allocated=100, verified=90, surrendered=80),
        scope="Two installations",
        released="2026",
        source="Example Gazette",
        compare="tonne",
    )
    return Outcomes(outcome=(replace(outcome, **changes),))


def told(outcomes: Outcomes, *figures: int) -> list[str]:
    assert len(figures) == 3
    years = {("installation", 2025): (figures[0], figures[1], figures[2])}
    return [str(each) for each in check_outcomes(outcomes, years, Decimal(1))]


def test_the_published_totals_are_those_of_the_history() -> None:
    assert check_outcomes(EU, TOTALS, ENOUGH) == []


def test_every_year_and_figure_of_the_eu_is_compared() -> None:
    compared = {(each.kind, each.year): each for each in EU.outcome if each.compare == "tonne"}
    known = {key for key, totals in TOTALS.items() if any(totals)}
    assert (
        compared.keys()
        == known
        == {
            ("aircraft", 2012),
            *(("installation", year) for year in range(2005, 2013)),
        }
    )
    assert all(
        getattr(each.figures, name) is not None for each in compared.values() for name in FIGURES
    )


@pytest.mark.parametrize("place", range(3))
def test_one_tonne_of_the_eu_more_or_less_is_told(place: int) -> None:
    totals = list(TOTALS["installation", 2008])
    totals[place] += 1
    years = TOTALS | {("installation", 2008): (totals[0], totals[1], totals[2])}
    (deviation,) = check_outcomes(EU, years, ENOUGH)
    assert deviation.what == f"installation 2008, {FIGURES[place]}"
    assert deviation.found - deviation.published == 1
    assert "28 April 2021" in deviation.source


def test_other_official_figures_of_the_eu_are_kept_and_say_why_they_are_not_compared() -> None:
    others = [each for each in EU.outcome if each.compare == "no"]
    of_2005 = {each.figures.verified for each in others if each.year == 2005} - {None}
    assert of_2005 == {1_785_300_000, 2_010_000_000}
    assert all(each.reason for each in others)
    assert {each.year for each in others if not each.verified} == {2005, 2006, 2007, 2008, 2009}


def test_every_figure_that_differs_is_told_with_its_source() -> None:
    assert told(made_up(), 100, 90, 80) == []
    source = "(Example Gazette; 2026; Two installations)."
    assert told(made_up(), 1_100, 90, 79) == [
        f"installation 2025, allocated: published 100, found 1,100 {source}",
        f"installation 2025, surrendered: published 80, found 79 {source}",
    ]


def test_a_figure_that_was_not_published_is_not_compared() -> None:
    assert told(made_up(figures=Figures(verified=90)), 1, 90, 2) == []


def test_an_outcome_that_is_not_compared_says_why() -> None:
    assert told(made_up(compare="no", reason="another scope"), 1, 2, 3) == []
    with pytest.raises(ValueError, match="says why"):
        made_up(compare="no")
    with pytest.raises(ValueError, match="says why"):
        made_up(reason="another scope")
    with pytest.raises(ValueError, match="from memory"):
        made_up(verified=False)


def test_years_that_were_not_lived_are_not_compared_and_kinds_left_out_are_nothing() -> None:
    nothing: dict[tuple[str, int], tuple[int, int, int]] = {}
    assert check_outcomes(made_up(), nothing, Decimal(1)) == []
    lived = {("aircraft", 2025): (1, 1, 1)}
    missing = check_outcomes(made_up(), lived, Decimal(1))
    assert [each.found for each in missing] == [0, 0, 0]


def test_the_share_of_codes_is_asked_of_a_replay_of_all_the_years() -> None:
    (deviation,) = check_outcomes(EU, TOTALS, Decimal("0.9919"))
    assert str(deviation).startswith(
        "share of codes that agree, 2005 to 2012, at least: published 0.992, found 0.9919"
    )
    some = {key: totals for key, totals in TOTALS.items() if key[1] > 2007}
    assert check_outcomes(EU, some, Decimal("0.9")) == []
    with pytest.raises(ValueError, match="share"):
        ShareFloor(first_year=2005, last_year=2012, least=Decimal(2), scope="", source="")


def test_a_scheme_without_outcomes_has_none(tmp_path: Path) -> None:
    assert load_outcomes(tmp_path) == Outcomes()


def test_faults_of_the_outcomes_are_told_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.toml"
    path.write_text(
        '[[outcome]]\nkind = "ship"\nyear = 2025\nfigures = { burnt = 1 }\nscope = "s"\n'
        'released = "r"\nsource = "s"\ncompare = "roughly"\n',
        encoding="utf-8",
    )
    with pytest.raises(Refused) as refused:
        load_outcomes(tmp_path)
    assert [(each.number, each.facts()["line"]) for each in refused.value.refusals] == [
        (212, 2),
        (209, 4),
        (212, 8),
    ]


def test_outcomes_have_the_figures_that_a_replay_has() -> None:
    assert tuple(each.name for each in fields(Figures)) == FIGURES
