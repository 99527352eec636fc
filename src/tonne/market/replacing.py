"""Does a bid or a proposal keep its place in time when its maker replaces it? By a named rule."""

from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

Replacing = Literal["loses_time", "keeps_time_if_less"]
"""By which rule what was handed in is replaced by its own maker.

* ``loses_time``: what comes in its place has come only then.
* ``keeps_time_if_less``: it has come when the first one did, if it is at the same price for no
  more units; else only then.
"""


class Asked(NamedTuple):
    """What is asked for, or bid, and when that was received."""

    price: Decimal
    units: int
    received: datetime


def received_as(before: Asked, after: Asked, rule: Replacing) -> datetime:
    """When what comes in the place of another counts as received."""
    less = after.price == before.price and after.units <= before.units
    return before.received if rule == "keeps_time_if_less" and less else after.received
