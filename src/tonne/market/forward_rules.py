"""The shape of the law of forwards and purchase agreements."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tonne.rulebook import Dated


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardRules:
    """What may be agreed of units that are not there yet."""

    last_delivery: Dated[date]
    """The last day of the scheme's last period: later there is nothing to deliver."""

    upfront_share_max: Dated[Decimal]
    """Of the value of the contract, what may be paid before anything is delivered."""

    conditions: Dated[tuple[str, ...]]
    """What delivery may be made to wait for, such as a project's registration."""

    interest: Dated[Decimal]
    """A year's interest on an advance that is repaid, as a share."""
