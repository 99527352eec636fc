"""The door to what is public: who is covered, how a year ended, where a unit has been."""

from tonne.operations.public_cancelled import LAST, Ended, EndedTold, ended_told, ends_of
from tonne.operations.public_life import LifeTold, Stop, as_written, life_told
from tonne.operations.public_years import (
    FOUND_MAX,
    LINES_MAX,
    SORTS,
    OperatorTold,
    OperatorYear,
    YearPublished,
    YearSupply,
    closed_years,
    find,
    operator_told,
    public_from,
    scheme_of,
    year_published,
    year_supply,
    years_of,
)

__all__ = [
    "FOUND_MAX",
    "LAST",
    "LINES_MAX",
    "SORTS",
    "Ended",
    "EndedTold",
    "LifeTold",
    "OperatorTold",
    "OperatorYear",
    "Stop",
    "YearPublished",
    "YearSupply",
    "as_written",
    "closed_years",
    "ended_told",
    "ends_of",
    "find",
    "life_told",
    "operator_told",
    "public_from",
    "scheme_of",
    "year_published",
    "year_supply",
    "years_of",
]
