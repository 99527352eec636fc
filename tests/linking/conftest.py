"""Two registries and a log in books of each kind."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from lent import Lender
from linked import CODES, AnyLog, Registry, Store, Three, scheme_folder
from tonne import operations
from tonne.store import LogStore, MemoryLogStore, MemoryStore, PostgresStore


@pytest.fixture(scope="session")
def laws(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Where the law of each registry lies."""
    place = tmp_path_factory.mktemp("laws")
    return {code: scheme_folder(place / code.lower(), code) for code in CODES}


@pytest.fixture(scope="session")
def log_databases(database_server: str, log_template: str) -> Iterator[Lender]:
    """Databases for a log, lent to one test after the other."""
    with Lender(database_server, log_template) as lender:
        yield lender


@pytest.fixture
def log_database(log_databases: Lender) -> Iterator[str]:
    """The address of a database, migrated for a log and empty; as its owner."""
    with log_databases.lend() as address:
        yield address


@pytest.fixture(params=["memory", "postgres"])
def three(
    request: pytest.FixtureRequest, laws: dict[str, Path], databases: Lender
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
                stack.enter_context(PostgresStore(stack.enter_context(databases.lend())))
                for _ in CODES
            ]
        registries = {
            code: Registry(code, store, operations.load_scheme(laws[code]))
            for code, store in zip(CODES, stores, strict=True)
        }
        yield Three(log, registries).found()
