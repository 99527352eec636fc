"""What tests of the rulebook share: the example law in a file."""

from pathlib import Path

import pytest

from law import VALUES, Write, clause


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the example law, with some of its rules changed, and say where it is."""

    def written(text: str = "", **values: str) -> Path:
        file = tmp_path / "supply.toml"
        rules = [clause(rule, value) for rule, value in (VALUES | values).items() if value]
        file.write_text("".join(rules) + text, encoding="utf-8")
        return file

    return written
