"""The law of duties, as two schemes have it, and that of nations."""

import pytest

from law import law_of
from tonne.compliance import ComplianceRules, NationRules


@pytest.fixture(scope="session")
def example() -> ComplianceRules:
    return law_of("example", "compliance.toml", ComplianceRules)


@pytest.fixture(scope="session")
def eu() -> ComplianceRules:
    return law_of("eu_ets", "compliance.toml", ComplianceRules)


@pytest.fixture(scope="session")
def kyoto() -> NationRules:
    return law_of("kyoto_cp1", "nations.toml", NationRules)
