"""The law of monitoring, as two schemes have it."""

import pytest

from law import law_of
from tonne.mrv import MrvRules


@pytest.fixture(scope="session")
def example() -> MrvRules:
    return law_of("example", "mrv.toml", MrvRules)


@pytest.fixture(scope="session")
def eu() -> MrvRules:
    return law_of("eu_ets", "mrv.toml", MrvRules)
