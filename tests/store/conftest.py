"""What tests of the store share: how each kind of store says that something does not fit."""

from collections.abc import Iterator
from types import ModuleType

import psycopg
import pytest

from tiling import Owner
from tonne.store import NotWhole, PostgresStore, edge
from world import B, World


@pytest.fixture(autouse=True)
def _few_tries(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """What will never fit is tried twice and not twelve times."""
    if "store" in request.fixturenames:
        module: ModuleType = edge
        monkeypatch.setattr(module, "TRIES_MAX", 2)


@pytest.fixture(scope="session")
def unfit() -> tuple[type[Exception], ...]:
    """How the stores refuse what does not fit the books, each by its own code."""
    return (NotWhole, psycopg.Error)


@pytest.fixture
def posted(database: str) -> Iterator[World]:
    """The small world, in which A has EU-1-10 and B has EU-11-20."""
    with PostgresStore(database) as store:
        world = World.found(store)
        world.issue(10)
        world.issue(10, to=B)
        yield world


@pytest.fixture
def app(database: str) -> Iterator[Owner]:
    """A connection that may do what the application may."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("set role tonne_app")
        yield connection
