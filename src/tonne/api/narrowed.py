"""How a list is narrowed: to several values of a kind."""

from pydantic import BeforeValidator


def _apart(said: object) -> object:
    """The values of a parameter, between whose commas they stand."""
    if isinstance(said, list):
        return [value for each in said for value in str(each).split(",")]
    return said


Several = BeforeValidator(_apart)
"""With this a parameter takes several values, with commas between them."""
