"""What tests of operations share: the settled land of the Example Act."""

import pytest

from land import Land
from nations import World
from tonne.store import MemoryStore
from world import Store


@pytest.fixture
def land() -> Land:
    """The settled land, in memory."""
    return Land(MemoryStore()).settle()


@pytest.fixture
def each_land(store: Store) -> Land:
    """The settled land, in a store of each kind."""
    return Land(store).settle()


@pytest.fixture
def kyoto_world(store: Store) -> World:
    """The settled nations of the first period, in a store of each kind."""
    return World(store).settle()
