"""Sentences about books in a file: what comes back is what was there, or nothing comes back."""

import json
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import errors, sql
from psycopg.conninfo import make_conninfo

from tonne.store import backup
from town import Tonne, Town

Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def elsewhere(database_server: str) -> Iterator[str]:
    """The name of a database that is not there, and is gone afterwards."""
    name = f"tonne_again_{os.getpid()}"
    yield name
    with psycopg.connect(database_server, autocommit=True) as admin:
        for each in (name, f"{name}_restoring"):
            admin.execute(f'drop database if exists "{each}" with (force)'.encode())


@pytest.fixture
def kept(tonne: Tonne, town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A backup of the town, in which somebody is enrolled."""
    del town
    monkeypatch.setenv("TONNE_SIGNIN_KEY", str(tmp_path / "signin.key"))
    assert tonne("signin", "enrol", "ana@example.org", "--name", "Ana", "--json").code == 0
    file = tmp_path / "town.zip"
    said = tonne("backup", file, "--json")
    assert said.code == 0, said
    return file


def rows(address: str, name: str) -> Rows:
    """Every row of every table of a database, as text."""
    with psycopg.connect(make_conninfo(address, dbname=name)) as owner:
        tables = owner.execute(
            "select relname from pg_class where relkind in ('r', 'v')"
            " and relnamespace = 'public'::regnamespace"
        ).fetchall()
        found: Rows = {
            "sequences": owner.execute("select * from pg_sequences order by 2").fetchall()
        }
        return found | {
            str(table): sorted(
                owner.execute(sql.SQL("select t::text from {} t").format(sql.Identifier(table)))
            )
            for (table,) in tables
        }


def names(address: str) -> set[str]:
    """The databases of a server."""
    with psycopg.connect(address) as owner:
        return {str(name) for (name,) in owner.execute("select datname from pg_database")}


def test_books_that_are_restored_are_the_books_that_were_kept(
    tonne: Tonne, kept: Path, place: str, elsewhere: str
) -> None:
    assert kept.stat().st_mode & 0o777 == 0o600
    said = tonne("restore", kept, "--database", elsewhere, "--json")
    assert (said.code, said.data["differences"]) == (0, []), said
    name = psycopg.conninfo.conninfo_to_dict(place)["dbname"]
    before = rows(place, str(name))
    assert rows(place, elsewhere) == before
    manifest = said.data["manifest"]
    assert manifest["counts"]["account"] == len(before["account"]) > 5
    numbers = [int(row[0].strip("(").split(",")[0]) for row in before["journal"]]
    assert manifest["transaction"] == max(numbers)
    # And they go on as before: the application may add, and change nothing.
    more = ("issue", "--year", 2025, "--unit", "EXA-1", "--count", 1, "--on", "2025-05-01")
    assert tonne(*more, "--database", elsewhere).code == 0
    assert tonne("check", "--database", elsewhere).code == 0
    with psycopg.connect(make_conninfo(place, dbname=elsewhere), autocommit=True) as app:
        app.execute("set role tonne_app")
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute("delete from journal")
    refused = tonne("restore", kept, "--database", elsewhere, "--json")
    assert refused.numbers == [9070]


def cut_off(file: Path) -> None:
    """The end is missing, as of a file that was not copied whole."""
    file.write_bytes(file.read_bytes()[:-100])


def spoilt_byte(file: Path) -> None:
    """A byte in the middle is another."""
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)


def exchanged(file: Path) -> None:
    """Another dump is put beside the manifest."""
    with zipfile.ZipFile(file) as whole:
        manifest = whole.read(backup.MANIFEST)
    with zipfile.ZipFile(file, "w") as whole:
        whole.writestr(backup.DUMP, b"PGDMP another")
        whole.writestr(backup.MANIFEST, manifest)


def something_else(file: Path) -> None:
    """It is another file."""
    file.write_text("account,count\n", "utf-8")


SPOILED: list[Callable[[Path], None]] = [cut_off, spoilt_byte, exchanged, something_else]


def test_a_spoiled_backup_is_refused_whole_before_anything_is_made(
    tonne: Tonne, kept: Path, place: str, elsewhere: str
) -> None:
    before = names(place)
    for spoil in SPOILED:
        file = kept.with_name(f"{spoil.__name__}.zip")
        file.write_bytes(kept.read_bytes())
        spoil(file)
        said = tonne("restore", file, "--database", elsewhere, "--json")
        assert (said.code, said.numbers) == (2, [9071]), spoil
        assert names(place) == before

    # One that is whole, and does not hold what it says that it does, is noticed in the books.
    with zipfile.ZipFile(kept) as whole:
        dump, told = whole.read(backup.DUMP), json.loads(whole.read(backup.MANIFEST))
    told["counts"]["account"] += 1
    with zipfile.ZipFile(kept, "w") as whole:
        whole.writestr(backup.DUMP, dump)
        whole.writestr(backup.MANIFEST, json.dumps(told))
    before = names(place)
    assert tonne("restore", kept, "--database", elsewhere, "--json").numbers == [9073]
    assert names(place) == before


def test_books_that_begin_while_others_are_restored_are_not_written_over(
    tonne: Tonne, kept: Path, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare = backup._compare  # noqa: SLF001  the last thing that is done before the name is given

    def late(*words: Any) -> None:  # noqa: ANN401  whatever it is given
        compare(*words)
        begun = tonne("account", "found", "--database", elsewhere, "--on", "2025-05-01")
        assert begun.code == 0, begun

    monkeypatch.setattr(backup, "_compare", late)
    said = tonne("restore", kept, "--database", elsewhere, "--json")
    assert (said.code, said.numbers) == (2, [9070])
    assert tonne("check", "--database", elsewhere).code == 0


def test_what_is_written_while_a_backup_is_made_is_not_half_in_it(
    tonne: Tonne, kept: Path, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pour = backup.poured
    opening = ("account", "open", "--kind", "person", "--name", "Late", "--on", "2025-05-01")

    def late(*words: Any) -> Any:  # noqa: ANN401  whatever it is given
        assert tonne(*opening).code == 0
        return pour(*words)

    monkeypatch.setattr(backup, "poured", late)
    file = kept.with_name("second.zip")
    assert tonne("backup", file, "--json").code == 0
    assert tonne("restore", file, "--database", elsewhere, "--json").code == 0
    listed = ("account", "list", "--on", "2025-05-01", "--json")
    assert "Late" in tonne(*listed).out
    assert "Late" not in tonne(*listed, "--database", elsewhere).out


def test_a_backup_is_written_over_nothing_and_made_of_something(
    tonne: Tonne, kept: Path, tmp_path: Path
) -> None:
    before = kept.read_bytes()
    said = tonne("backup", kept, "--json")
    assert (said.code, said.data["title"]) == (2, "Not possible")
    assert kept.read_bytes() == before
    assert tonne("backup", tmp_path / "none.zip", "--database", "nowhere", "--json").code == 2
    assert sorted(each.name for each in tmp_path.glob("*.zip*")) == ["town.zip"]
