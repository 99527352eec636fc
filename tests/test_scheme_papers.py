"""What a scheme says of itself is true: how much of it is unverified, how old a check is."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from tonne.operations import SHAPES, schemes_folder
from tonne.rulebook import Clause, clauses, load

AS_OF = date(2026, 11, 22)
"""The day against which a ``reviewed`` day is held: moved on by hand, with a look at the law."""
YEARS_MAX = 5
ROW = re.compile(r"^\| `(\w+\.toml)` \| ([0-9]+) \| ([0-9]+) \|$", re.MULTILINE)

SCHEMES = sorted(path.parent for path in schemes_folder().glob("*/scheme.toml"))
each_scheme = pytest.mark.parametrize("folder", SCHEMES, ids=[folder.name for folder in SCHEMES])

Law = list[tuple[str, str, Clause[object]]]


def law_of(folder: Path) -> Law:
    """Every clause of a scheme, with its file and rule."""
    return [
        (file, rule, clause)
        for file, shape in SHAPES.items()
        if (folder / file).exists()
        for rule, clause in clauses(load(folder / file, shape))
    ]


def old(law: Iterable[tuple[str, str, Clause[object]]], as_of: date) -> list[str]:
    """The clauses that were compared with the law too long ago, by name."""
    limit = as_of.replace(year=as_of.year - YEARS_MAX)
    return [
        f"{file}: {rule} of {clause.start}, reviewed on {clause.reviewed}"
        for file, rule, clause in law
        if clause.reviewed is not None and clause.reviewed < limit
    ]


@each_scheme
def test_the_readme_says_how_many_clauses_are_unverified(folder: Path) -> None:
    law = law_of(folder)
    every = Counter(file for file, _, _ in law)
    unverified = [(file, rule, clause.start) for file, rule, clause in law if not clause.verified]
    told = Counter(file for file, _, _ in unverified)
    said = ROW.findall((folder / "README.md").read_text(encoding="utf-8"))
    there = [file for file in SHAPES if (folder / file).exists()]
    expected = [(file, str(every[file]), str(told[file])) for file in there]
    listing = "\n".join(f"{file}: {rule} of {start}" for file, rule, start in unverified)
    assert sorted(said) == sorted(expected), f"unverified are:\n{listing}"


@each_scheme
def test_no_clause_was_compared_with_the_law_too_long_ago(folder: Path) -> None:
    assert not old(law_of(folder), AS_OF), "compare with the law again, and write the day"


def test_a_comparison_is_old_after_five_years() -> None:
    days = [date(2021, 11, 21), date(2021, 11, 22), None]
    law: Law = [
        (
            "supply.toml",
            "cap",
            Clause(start=date(2005, 1, 1), value=1, reference="s. 1", reviewed=day),
        )
        for day in days
    ]
    assert old(law, AS_OF) == ["supply.toml: cap of 2005-01-01, reviewed on 2021-11-21"]
