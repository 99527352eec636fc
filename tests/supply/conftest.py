"""The law of caps and allocation, as two schemes have it."""

import pytest

from law import law_of
from tonne.supply import SupplyRules


@pytest.fixture(scope="session")
def example() -> SupplyRules:
    return law_of("example", "supply.toml", SupplyRules)


@pytest.fixture(scope="session")
def eu() -> SupplyRules:
    return law_of("eu_ets", "supply.toml", SupplyRules)
