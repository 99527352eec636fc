"""The law of duties, as two schemes have it."""

import pytest

from law import law_of
from tonne.compliance import ComplianceRules


@pytest.fixture(scope="session")
def example() -> ComplianceRules:
    return law_of("example", "compliance.toml", ComplianceRules)


@pytest.fixture(scope="session")
def eu() -> ComplianceRules:
    return law_of("eu_ets", "compliance.toml", ComplianceRules)
