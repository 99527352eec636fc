"""What tests of the pages share: the public land behind a client."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Protocol

import pytest
from starlette.testclient import TestClient

from land import Land
from public_land import office, public_land
from tonne.store import MemoryStore
from tonne.web import pages


class Addressed(Protocol):
    """The addresses of everything there is to see."""

    def __call__(self) -> list[str]: ...


@pytest.fixture(scope="session")
def seen() -> Land:
    """The land with much to see; nobody changes it."""
    return public_land(MemoryStore())


@pytest.fixture(scope="session")
def visitor(seen: Land) -> Iterator[TestClient]:
    """A browser without a language of its own, at the pages of the land."""
    app = pages(office(seen), kept_for=timedelta(0))
    with TestClient(app, follow_redirects=False, headers={"accept-language": ""}) as client:
        yield client
