"""The law of the registry, as two schemes have it."""

import pytest

from law import law_of
from tonne.registry import RegistryRules


@pytest.fixture(scope="session")
def example_rules() -> RegistryRules:
    return law_of("example", "scheme.toml", RegistryRules)


@pytest.fixture(scope="session")
def eu_rules() -> RegistryRules:
    return law_of("eu_ets", "scheme.toml", RegistryRules)
