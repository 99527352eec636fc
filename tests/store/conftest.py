"""What tests of the store share: how each kind of store says that something does not fit."""

from types import ModuleType

import psycopg
import pytest

from tonne.store import NotWhole, edge


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
