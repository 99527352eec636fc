"""What tests of monitoring share: the law of monitoring of the schemes."""

from importlib.resources import as_file, files

import pytest

from tonne.mrv import MrvRules
from tonne.rulebook import load


def law(scheme: str) -> MrvRules:
    with as_file(files("tonne") / "schemes" / scheme / "mrv.toml") as path:
        return load(path, MrvRules)


@pytest.fixture(scope="session")
def example() -> MrvRules:
    return law("example")


@pytest.fixture(scope="session")
def eu() -> MrvRules:
    return law("eu_ets")
