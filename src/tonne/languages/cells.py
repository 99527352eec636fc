"""A text as a cell of a table that a spreadsheet may open."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How what a spreadsheet takes for a formula begins; wide signs are read as the others."""


def in_a_cell(text: str) -> str:
    """The text, with a mark before it where a spreadsheet would take it for a formula.

    >>> in_a_cell("=1+1"), in_a_cell("  @sum"), in_a_cell("Steel")
    ("'=1+1", "'  @sum", 'Steel')
    """
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
