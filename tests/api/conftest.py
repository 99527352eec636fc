"""What tests of the interface share: the door, in books of each kind, after a full year."""

import pytest

from front_desk import FrontDesk, lived
from tonne.store import MemoryStore
from world import Store


@pytest.fixture
def each_desk(store: Store) -> FrontDesk:
    """The door, in a store of each kind."""
    return FrontDesk(lived(store))


@pytest.fixture(scope="session")
def desk() -> FrontDesk:
    """The door, in memory; nobody changes what lies behind it."""
    return FrontDesk(lived(MemoryStore()))
