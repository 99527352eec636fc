"""Sentences about the first command of a registry: all is there after it, or nothing."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from town import Tonne

SENIORS = ("--senior", "Sara Ek <Sara@xe.example>", "--senior", "Ola Ny <ola@xe.example>")
INIT = ("init", "--scheme", "example", "--on", "2026-11-22", "--json")


@pytest.fixture
def nowhere(
    database_server: str, says: Tonne, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The address of a database that is not there yet."""
    del says
    name = f"tonne_init_{os.getpid()}"
    monkeypatch.setenv("TONNE_SIGNIN_KEY", str(tmp_path / "signin.key"))
    address = make_conninfo(database_server, dbname=name)
    monkeypatch.setenv("TONNE_DATABASE_URL", address)
    yield address
    with psycopg.connect(database_server, autocommit=True) as admin:
        admin.execute(f'drop database if exists "{name}" with (force)'.encode())


def stands(address: str) -> bool:
    """Whether a database is there."""
    try:
        psycopg.connect(address).close()
    except psycopg.OperationalError:
        return False
    return True


def test_who_begins_in_books_of_another_name_is_told_the_way_on_to_these(
    says: Tonne, nowhere: str
) -> None:
    name = conninfo_to_dict(nowhere)["dbname"]
    begun = says(*INIT[:-1], *SENIORS, "--database", name)
    assert f"tonne serve --scheme example --database {name}" in begun.out + begun.err
    assert f"tonne signin code LOGIN --database {name}" in begun.out + begun.err


def test_a_registry_begins_with_two_who_are_let_in_and_does_not_begin_again(
    says: Tonne, nowhere: str, tmp_path: Path
) -> None:
    tried = says(*INIT, *SENIORS, "--dry-run")
    assert (tried.code, tried.data["dry_run"]) == (0, True)
    assert not stands(nowhere)
    assert not (tmp_path / "signin.key").exists()
    begun = says(*INIT, *SENIORS)
    assert begun.code == 0, begun
    sara, ola = begun.data["people"]
    assert (sara["login"], ola["login"]) == ("sara@xe.example", "ola@xe.example")
    assert len({sara["code"], ola["code"]}) == 2
    assert (tmp_path / "signin.key").stat().st_mode & 0o777 == 0o600
    enrolled = says("signin", "people", "--json").data["people"]
    assert [(each["code"], each["administrator"]) for each in enrolled] == [
        (sara["person"], True),
        (ola["person"], True),
    ]
    known = says("person", "list", "--scheme", "example", "--json").data["people"]
    assert {(each["person"], each["position"], each["state"]) for each in known} == {
        (sara["person"], "senior", "enrolled"),
        (ola["person"], "senior", "enrolled"),
    }
    assert says("account", "list", "--scheme", "example", "--json").data["accounts"]
    again = says(*INIT, *SENIORS)
    assert (again.code, again.numbers) == (2, [9070])
    assert sara["code"] not in again.out
    assert len(says("signin", "people", "--json").data["people"]) == 2


def test_one_administrator_alone_begins_nothing(says: Tonne, nowhere: str) -> None:
    for named in (SENIORS[:2], (*SENIORS[:2], "--senior", "Sara Two <sara@XE.example>")):
        assert says(*INIT, *named).numbers == [1223]
    assert not stands(nowhere)


def test_a_beginning_that_was_cut_off_is_gone_on_with_by_the_same_words_only(
    says: Tonne, nowhere: str
) -> None:
    assert says("signin", "enrol", "sara@xe.example", "--name", "Sara", "--json").code == 0
    # Somebody else's: enrolled under another code than that of a beginning.
    assert says(*INIT, *SENIORS).numbers == [9070]
    with psycopg.connect(nowhere, autocommit=True) as owner:
        owner.execute("truncate signin_person, signin_ticket, signin_event cascade")
    first = says(*INIT, *SENIORS, "--dry-run").data["people"][0]
    words = ("signin", "enrol", "sara@xe.example", "--name", "Sara", "--administrator")
    assert says(*words, "--code", first["person"], "--json").code == 0
    begun = says(*INIT, *SENIORS)
    assert begun.code == 0, begun
    assert len(says("signin", "people", "--json").data["people"]) == 2


def test_a_database_with_anything_of_others_is_left_as_it_is(says: Tonne, nowhere: str) -> None:
    name = conninfo_to_dict(nowhere)["dbname"]
    with psycopg.connect(make_conninfo(nowhere, dbname="postgres"), autocommit=True) as admin:
        admin.execute(f'create database "{name}"'.encode())
    with psycopg.connect(nowhere, autocommit=True) as owner:
        owner.execute("create table diary as select 1 as day")
    said = says(*INIT, *SENIORS)
    assert said.numbers == [9070]
    assert "diary" in said.data["refusals"][0]["message"]
    with psycopg.connect(nowhere) as owner:
        assert owner.execute("select to_regclass('journal')").fetchone() == (None,)
