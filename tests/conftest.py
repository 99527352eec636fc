"""What tests of several packages share: a PostgreSQL of their own, and a small world in a store."""

import gc
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from hypothesis import settings
from psycopg.conninfo import make_conninfo

from lent import Lender
from tonne.store import BOOKS, LOG, MemoryStore, PostgresStore, migrate
from world import NewDatabase, Store, World, a_copy, a_server

_NUMBERS = itertools.count(1)

# Commands refuse in English, whatever the terminal is set to in which the tests are run.
os.environ["LC_ALL"] = "C.UTF-8"

# How long one example takes says how busy the machine is, and nothing of the rule.
settings.register_profile("tonne", deadline=None)
settings.load_profile("tonne")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest is begun first, and in order, so that the rest runs beside it."""
    items.sort(key=lambda item: item.get_closest_marker("first") is None)


def pytest_collection_finish() -> None:
    """What was collected stays to the end: it need not be looked at again for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def database_server() -> Iterator[str]:
    """The address of a server for tests; TONNE_TEST_DATABASE_URL names another one."""
    given = os.environ.get("TONNE_TEST_DATABASE_URL")
    if given:
        yield given
        return
    with a_server() as address:
        yield address


@pytest.fixture(scope="session")
def template(database_server: str) -> Iterator[str]:
    """The name of a database migrated for books, and empty."""
    with _migrated(database_server, f"tonne_template_{os.getpid()}", BOOKS) as name:
        yield name


@pytest.fixture(scope="session")
def log_template(database_server: str) -> Iterator[str]:
    """The name of a database migrated for a log, and empty."""
    with _migrated(database_server, f"tonne_log_template_{os.getpid()}", LOG) as name:
        yield name


@contextmanager
def _migrated(address: str, name: str, folder: str) -> Iterator[str]:
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute(f'create database "{name}"'.encode())
        migrate(make_conninfo(address, dbname=name), folder)
        yield name
        admin.execute(f'drop database "{name}"'.encode())


@pytest.fixture(scope="session")
def new_database(database_server: str, template: str) -> NewDatabase:
    """Makes a database, migrated and empty, and removes it again; its address is the owner's."""
    return lambda: a_copy(database_server, template, f"tonne_test_{os.getpid()}_{next(_NUMBERS)}")


@pytest.fixture(scope="session")
def databases(database_server: str, template: str) -> Iterator[Lender]:
    """Databases for books, lent to one test after the other."""
    with Lender(database_server, template) as lender:
        yield lender


@pytest.fixture
def database(databases: Lender) -> Iterator[str]:
    """The address of a database, migrated and empty; as its owner."""
    with databases.lend() as address:
        yield address


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Empty books of each kind."""
    if request.param == "memory":
        yield MemoryStore()
        return
    with PostgresStore(request.getfixturevalue("database")) as postgres:
        yield postgres


@pytest.fixture
def world(store: Store) -> World:
    """The small world in a store of each kind."""
    return World.found(store)


@pytest.fixture
def owner(database: str) -> Iterator[psycopg.Connection]:
    """The owner's own connection to the database of the test, for what nobody else may do."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection
