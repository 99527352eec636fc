"""How the names in a scheme's tables are said in a sentence."""

from collections.abc import Iterable


def spoken(code: str) -> str:
    """A name from a table as words.

    >>> spoken("aircraft_operator")
    'aircraft operator'
    """
    return code.replace("_", " ")


def either(codes: Iterable[str]) -> str:
    """One of these.

    >>> either(["operator", "person"])
    'operator or person'
    """
    return " or ".join(map(spoken, codes)) or "nothing"
