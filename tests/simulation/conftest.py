"""What tests of the simulation share: a folder of tables."""

from collections.abc import Callable
from pathlib import Path

import pytest

from log_tables import AIRCRAFT, COMPLIANCE, INSTALLATIONS, ROW, Refusals, refusals_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "installations.csv").write_text(INSTALLATIONS, encoding="utf-8")
    (tmp_path / "aircraft_operators.csv").write_text(AIRCRAFT, encoding="utf-8")
    (tmp_path / "compliance_long.csv").write_text(COMPLIANCE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def with_row(folder: Path) -> Callable[[str], Refusals]:
    """The refusals of the folder when one row of the log is written otherwise."""

    def refusals(row: str) -> Refusals:
        text = COMPLIANCE.replace(ROW, row)
        (folder / "compliance_long.csv").write_text(text, encoding="utf-8")
        return refusals_of(folder)

    return refusals
