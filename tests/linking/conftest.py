"""Two registries and a log in books of each kind."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from linked import CODES, AnyLog, Registry, Store, Three, scheme_folder
from tonne import operations
from tonne.store import LOG, LogStore, MemoryLogStore, MemoryStore, PostgresStore, migrate
from world import NewDatabase


@pytest.fixture(scope="session")
def laws(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Where the law of each registry lies."""
    place = tmp_path_factory.mktemp("laws")
    return {code: scheme_folder(place / code.lower(), code) for code in CODES}


@pytest.fixture
def log_database(database_server: str, tmp_path: Path) -> Iterator[str]:
    """A database, migrated for a log, and removed again."""
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415

    name = f"tonne_log_{abs(hash(tmp_path)) % 10**9}"
    with psycopg.connect(database_server, autocommit=True) as admin:
        admin.execute(f'create database "{name}"'.encode())
        address = make_conninfo(database_server, dbname=name)
        migrate(address, LOG)
        yield address
        admin.execute(f'drop database "{name}" with (force)'.encode())


@pytest.fixture(params=["memory", "postgres"])
def three(
    request: pytest.FixtureRequest, laws: dict[str, Path], new_database: NewDatabase
) -> Iterator[Three]:
    """Two registries and a log, founded and linked."""
    with ExitStack() as stack:
        stores: list[Store] = []
        log: AnyLog
        if request.param == "memory":
            stores, log = [MemoryStore() for _ in CODES], MemoryLogStore()
        else:
            log = stack.enter_context(LogStore(request.getfixturevalue("log_database")))
            stores = [
                stack.enter_context(PostgresStore(stack.enter_context(new_database())))
                for _ in CODES
            ]
        registries = {
            code: Registry(code, store, operations.load_scheme(laws[code]))
            for code, store in zip(CODES, stores, strict=True)
        }
        yield Three(log, registries).found()
