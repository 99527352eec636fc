"""The law of the registry, as two schemes have it."""

from importlib.resources import as_file, files

import pytest

from tonne.registry import RegistryRules
from tonne.rulebook import load


def law_of(scheme: str) -> RegistryRules:
    with as_file(files("tonne") / "schemes" / scheme / "scheme.toml") as path:
        return load(path, RegistryRules)


@pytest.fixture(scope="session")
def example_rules() -> RegistryRules:
    return law_of("example")


@pytest.fixture(scope="session")
def eu_rules() -> RegistryRules:
    return law_of("eu_ets")
