"""The worked cases of every scheme that comes with Tonne: each is a test, by its name."""

from pathlib import Path

import pytest

from tonne.operations import cases, load_scheme, schemes_folder

SCHEMES = sorted(path.parent for path in schemes_folder().glob("*/scheme.toml"))
RESULTS = [
    pytest.param(result, id=f"{folder.name}: {result.name}")
    for folder in SCHEMES
    for result in cases.run_cases(load_scheme(folder), folder)
]


@pytest.mark.parametrize("result", RESULTS)
def test_the_program_decides_as_the_case_says(result: cases.CaseResult) -> None:
    assert result.passed, f"line {result.line}: {result.message} (source: {result.source})"


@pytest.mark.parametrize("folder", SCHEMES, ids=[folder.name for folder in SCHEMES])
def test_every_scheme_has_worked_cases(folder: Path) -> None:
    assert (folder / cases.CASES).exists()
