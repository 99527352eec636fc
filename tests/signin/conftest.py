"""What tests of sign-in share: a lodge over records of each kind."""

from collections.abc import Iterator

import pytest

from porch import Porch
from tonne.store import MemorySigninStore, SigninStore


@pytest.fixture(params=["memory", "postgres"])
def porch(request: pytest.FixtureRequest) -> Iterator[Porch]:
    """A lodge whom nobody has entered, over records of each kind."""
    if request.param == "memory":
        yield Porch(MemorySigninStore())
        return
    with SigninStore(request.getfixturevalue("database")) as store:
        yield Porch(store)
