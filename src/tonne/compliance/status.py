"""How an operator stands with a year: the codes that the public sees.

The definitions are those of the transaction log of the EU (Regulation (EC) No 2216/2004,
Annex XVI): A, B and C are set from the data of the deadline. A late surrender does not turn a B
into an A, nor a late report a C. Only a correction by the authority after the deadline changes the
code, and then to D or E, by what it finds surrendered when it decides.
"""

from typing import Literal

Status = Literal["A", "B", "C", "D", "E", "X", "-"]
"""A enough, B too little, C emissions not entered, D and E corrected by the authority after the
deadline (not in compliance, in compliance), X impossible, - no obligation."""

Standing = Literal["obliged", "excluded", "closed", "suspended"]
"""An operator owes for the year; or is excluded from it; or closed before it began; or owes, but
its registry was suspended until the deadline."""

Arrival = Literal["in_time", "late", "by_authority"]
"""How the figure of a year came into the books: by the deadline, after it, or after it by the
word of the authority."""


def owed(*, verified: int, surrendered: int, to_make_good: int = 0) -> int:
    """Units still owed, never less than none; all three counted since the same year."""
    return max(0, verified + to_make_good - surrendered)


def status(*, standing: Standing, verified: int | None, owed: int, surrendered: int) -> Status:
    """The code at the deadline.

    ``verified`` are the tonnes of the year, none if they were not entered; ``owed`` and
    ``surrendered`` are counted since the year that the law names.

    >>> status(standing="obliged", verified=120_000, owed=120_000, surrendered=112_500)
    'B'
    """
    if standing in {"excluded", "closed"}:
        return "-"
    if standing == "suspended":
        return "X"
    if verified is None:
        return "C"
    return "A" if surrendered >= owed else "B"


def corrected_status(*, owed: int, surrendered: int) -> Status:
    """The code after the authority corrected the emissions, or set them where none were entered."""
    return "E" if surrendered >= owed else "D"
