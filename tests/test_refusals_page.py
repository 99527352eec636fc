"""The page of all refusals is as fresh as the code. Run this file to write it anew."""

import pkgutil
from importlib import import_module
from pathlib import Path

import tonne
from tonne.refusal import catalogue
from tonne.registry import refusals_page

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reference" / "refusals.md"


def page() -> str:
    """The page of every refusal in every package of ours."""
    for module in pkgutil.walk_packages(tonne.__path__, "tonne."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    return refusals_page(kind for kind in catalogue() if kind.__module__.startswith("tonne."))


def test_the_page_of_refusals_is_fresh() -> None:
    written = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    assert written == page(), f"write it anew: .venv/bin/python {Path(__file__).relative_to(ROOT)}"


def test_every_refusal_says_its_rule_and_its_remedy() -> None:
    rows = [row.split(" | ") for row in page().splitlines() if row.startswith("| ")][1:]
    assert rows
    assert [row for row in rows if not all(cell.strip(" |") for cell in row)] == []


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
