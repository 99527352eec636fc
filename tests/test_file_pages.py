"""The pages on files of emissions and of allocation are as fresh as the code that reads them."""

import re
from pathlib import Path
from typing import get_args

import pytest

from land import desk, example
from tonne import mrv, operations
from tonne.mrv import FIGURES, STREAMS, Approach, Form, Sheet, Value
from tonne.operations import COLUMNS, DAYS, OUTPUT, PAST

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"
EMISSIONS, ALLOCATION = REFERENCE / "emissions-files.md", REFERENCE / "allocation-files.md"
TABLE = Form(needed=dict.fromkeys(COLUMNS, "text"), optional=dict.fromkeys(DAYS, "day"))
TIER = re.compile(r"(plan_)?tier_(?!reason)")


@pytest.mark.parametrize(
    ("page", "heading", "form"),
    [
        (EMISSIONS, "Verified tonnes", FIGURES),
        (EMISSIONS, "Source streams", STREAMS),
        (ALLOCATION, "Baselines: past emissions", PAST),
        (ALLOCATION, "Baselines: output", OUTPUT),
        (ALLOCATION, "The allocation table", TABLE),
    ],
)
def test_a_page_tells_every_column_and_whether_it_is_needed(
    page: Path, heading: str, form: Form
) -> None:
    row = re.compile(r"^\| `(\w+)`(?: and so on)? \| (yes|no) \|", re.MULTILINE)
    rows = row.findall(section(page, heading))
    told = {name: needed == "yes" for name, needed in rows}
    tiers = [name for name in form.columns if TIER.match(name)]
    shown = ["plan_tier_activity", "tier_activity"] if tiers else []
    wanted = {name: name in form.needed for name in form.columns if name not in tiers}
    assert told == wanted | dict.fromkeys(shown, False)
    assert len(rows) == len(told), "each once"


def test_the_page_names_every_parameter_that_has_tiers() -> None:
    text = " ".join(section(EMISSIONS, "Source streams").split())
    sentence = re.search(r"There is a `plan_tier_` and a `tier_` for each of (.+?)\. ", text)
    assert sentence is not None
    named = set(re.findall(r"`(\w+)`", sentence[1]))
    for begins in ("plan_tier_", "tier_"):
        assert {f"{begins}{name}" for name in named} == {
            column for column in STREAMS.columns if TIER.match(column) and column.startswith(begins)
        }


def test_the_page_names_every_approach_once() -> None:
    row = re.compile(r"^\| `(\w+)` \| [^|]+ \| [^|]*`[^|]+ \| `", re.MULTILINE)
    rows = row.findall(section(EMISSIONS, "Source streams"))
    assert sorted(rows) == sorted(get_args(Approach))


def test_the_example_on_the_page_of_emissions_gives_what_the_page_says() -> None:
    text = EMISSIONS.read_text("utf-8")
    (report,) = mrv.read_streams(
        [Sheet(name="page", rows=cells(text))],
        years=range(2025, 2026),
        rules=example().mrv,
        submitted=desk("2026-03-20").day,
        reference="page",
    )
    assert f"The report says {report.report.tonnes.value.normalize():f} t." in text


def test_the_example_on_the_page_of_allocation_gives_what_the_page_says() -> None:
    text = ALLOCATION.read_text("utf-8")
    found = operations.work_out(example(), [Sheet(name="page", rows=cells(text))], year=2028)
    assert f"rounded down {found.table[0].count:,} units." in " ".join(text.split())


def test_the_examples_on_the_pages_are_parts_of_the_example_files() -> None:
    folder = operations.scheme_folder("example")
    for page, name, form in (
        (EMISSIONS, "streams-2025.csv", STREAMS),
        (ALLOCATION, "baselines-2028.csv", OUTPUT),
    ):
        whole = operations.sheets(name, (folder / name).read_bytes())
        shown = rows_of(Sheet(name=name, rows=cells(page.read_text("utf-8"))), form)
        every = [row.items() for row in rows_of(whole[0], form)]
        assert shown
        assert all(any(row.items() <= other for other in every) for row in shown)


def section(page: Path, heading: str) -> str:
    """What stands under a heading."""
    parts = re.split(r"^## (.+)$", page.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[heading]


def cells(text: str) -> list[list[str]]:
    """The cells of the example on a page."""
    found = re.search(r"^```csv\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found is not None
    return [line.split(",") for line in found[1].splitlines()]


def rows_of(sheet: Sheet, form: Form) -> list[dict[str, Value]]:
    """What the rows of a table say."""
    rows, faults = mrv.read_rows(sheet, form, reference="page")
    assert not faults
    return [dict(row.values) for row in rows]
