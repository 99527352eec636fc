"""Books of the example scheme to give commands in, and the town that stands in them."""

import itertools
import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from lent import Lender
from tonne.cli import main
from town import Books, Said, Tonne, Town, opening
from world import a_copy

_NUMBERS = itertools.count(1)


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


@pytest.fixture(scope="session")
def town_template(
    database_server: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The name of a database in which the town stands, built by commands."""
    table = tmp_path_factory.mktemp("town") / "allocation.csv"
    table.write_text("operator_id,year,count\nSTEEL-1,2025,60\nKILN-1,2025,50\n")
    name = f"tonne_town_{os.getpid()}"
    with a_copy(database_server, template, name) as address:
        with pytest.MonkeyPatch.context() as settings:
            settings.setenv("TONNE_DATABASE_URL", address)
            settings.setenv("TONNE_SCHEME", "example")
            for words in (
                ("account", "found"),
                opening("operator", "Steelworks", 7, "--operator", "STEEL-1"),
                opening("operator", "Kiln", 8, "--operator", "KILN-1"),
                opening("person", "Ana", 9),
                ("issue", "--year", "2025", "--unit", "EXA-1", "--count", "1000"),
                ("allocate", str(table), "--unit", "EXA-1"),
            ):
                assert main([*words, "--on", "2025-01-02"]) == 0, words
        yield name


@pytest.fixture
def place(request: pytest.FixtureRequest, database_server: str, databases: Lender) -> Iterator[str]:
    """The address of books of one's own: with the town in them where the test names it."""
    if "town" not in request.fixturenames:
        with databases.lend() as address:
            yield address
        return
    town = request.getfixturevalue("town_template")
    with a_copy(database_server, town, f"tonne_cli_{os.getpid()}_{next(_NUMBERS)}") as address:
        yield address


@pytest.fixture
def tonne(says: Tonne, place: str, monkeypatch: pytest.MonkeyPatch) -> Tonne:
    """Gives a command in books of one's own, under the law of the example."""
    monkeypatch.setenv("TONNE_DATABASE_URL", place)
    monkeypatch.setenv("TONNE_SCHEME", "example")
    return says


@pytest.fixture
def town() -> Town:
    """The town, as it stands in the books of the test."""
    return Town()


@pytest.fixture
def books(place: str) -> Books:
    """How many rows stand in each table and how much was moved, to compare before and after."""

    def stand() -> list[tuple[Any, ...]]:
        with psycopg.connect(place) as connection:
            tables = connection.execute(
                "select relname from pg_class where relkind = 'r' "
                "and relnamespace = 'public'::regnamespace order by relname"
            ).fetchall()
            counts = [
                (name, connection.execute(f'table "{name}"'.encode()).rowcount)
                for (name,) in tables
            ]
            moved = connection.execute("select coalesce(sum(count), 0) from movement").fetchall()
        return [*counts, *moved]

    return stand
