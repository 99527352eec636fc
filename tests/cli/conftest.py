"""A command as a person gives it, and what comes back; books of the example scheme to give it in."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tonne.cli import main


@dataclass(frozen=True)
class Said:
    """What a command said: its exit code and both of its streams."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The answer in JSON."""
        return json.loads(self.out)

    @property
    def numbers(self) -> list[int]:
        """The numbers of the refusals."""
        assert self.code == 2, self
        assert self.data["title"] == "Refused"
        return [each["number"] for each in self.data["refusals"]]


Tonne = Callable[..., Said]


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine that the tests run on."""
    for name in ("DATABASE_URL", "DATABASE", "SCHEME", "HOME", "DEBUG"):
        monkeypatch.delenv(f"TONNE_{name}", raising=False)
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def says(alone: None, capsys: pytest.CaptureFixture[str]) -> Tonne:
    """Gives a command that needs no books."""
    del alone

    def give(*words: object) -> Said:
        capsys.readouterr()
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return give


@pytest.fixture
def tonne(says: Tonne, database: str, monkeypatch: pytest.MonkeyPatch) -> Tonne:
    """Gives a command in empty books of its own, under the law of the example."""
    monkeypatch.setenv("TONNE_DATABASE_URL", database)
    monkeypatch.setenv("TONNE_SCHEME", "example")
    return says


@dataclass(frozen=True)
class Town:
    """The example scheme in the year 2025: a steelworks with 60 units, a kiln with 50, a citizen.

    Of the cap of 100,000 of 2025 the authority has issued 1,000 and given out 110.
    """

    authority: str = "XE-100-2-0-9"
    steel: str = "XE-120-7-0-95"
    kiln: str = "XE-120-8-0-90"
    ana: str = "XE-121-9-0-76"
    surrendered: str = "XE-300-3-0-47"
    cancelled: str = "XE-230-4-0-90"


@pytest.fixture
def town(tonne: Tonne, tmp_path: Path) -> Town:
    """The town, founded and supplied."""
    table = tmp_path / "allocation.csv"
    table.write_text("operator_id,year,count\nSTEEL-1,2025,60\nKILN-1,2025,50\n")
    begun = ("--on", "2025-01-02")
    for words in (
        ("account", "found"),
        _opening("operator", "Steelworks", 7, "--operator", "STEEL-1"),
        _opening("operator", "Kiln", 8, "--operator", "KILN-1"),
        _opening("person", "Ana", 9),
        ("issue", "--year", 2025, "--unit", "EXA-1", "--count", 1000),
        ("allocate", table, "--unit", "EXA-1"),
    ):
        said = tonne(*words, *begun)
        assert said.code == 0, said
    return Town()


@pytest.fixture
def books(database: str) -> Callable[[], list[tuple[Any, ...]]]:
    """Everything that stands in the journal and its rows, to compare before and after."""

    def stand() -> list[tuple[Any, ...]]:
        with psycopg.connect(database) as connection:
            counts = connection.execute(
                "select relname, (xpath('/row/n/text()', query_to_xml("
                "format('select count(*) as n from %I', relname), false, true, '')))[1]::text "
                "from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' "
                "order by relname"
            ).fetchall()
            moved = connection.execute("select coalesce(sum(count), 0) from movement").fetchall()
        return counts + moved

    return stand


def _opening(kind: str, name: str, identifier: int, *more: str) -> tuple[object, ...]:
    return ("account", "open", "--kind", kind, "--name", name, "--identifier", identifier, *more)
