"""The page of all refusals, for people who were refused: number, name, rule, remedy."""

import inspect
from collections.abc import Iterable

from tonne.refusal import Refusal

_HEAD = """# Refusals

Every rule by which Tonne says no, in order of number. A refusal comes with its number and name, a
sentence with the facts, the place in the law, and the remedy below. A number is never given to
another rule. This page is generated; it is not written by hand.

| Number | Name | The rule | Remedy |
|---:|---|---|---|
"""


def refusals_page(kinds: Iterable[type[Refusal]]) -> str:
    """The page in Markdown, a row a kind, in the order of their numbers."""
    rows = (
        f"| {kind.number} | `{kind.__name__}` | {_rule(kind)} | {_cell(kind.remedy)} |\n"
        for kind in sorted(kinds, key=lambda kind: kind.number)
    )
    return _HEAD + "".join(rows)


def _rule(kind: type[Refusal]) -> str:
    """The first paragraph of what the kind says of itself."""
    return _cell(inspect.cleandoc(kind.__doc__ or "").split("\n\n", 1)[0])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
