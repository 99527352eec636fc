"""What is withheld of credits when they are issued, and how long they last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tonne.quantity import Currency, Money, Rounding, whole
from tonne.refusal import Refusal
from tonne.registry.credit_grounds import ExpiryNotFit, NotAHost
from tonne.rulebook import Dated


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRule:
    """The share of credits that goes to adaptation, in kind."""

    share: Decimal
    rounding: Literal["floor", "half_up", "half_even", "ceiling"]

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise ValueError("a share is from 0 to 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRule:
    """What the administration asks for each credit: one rate for the first, another above."""

    currency: str
    first_count: int
    """So many credits of a project and calendar year of reductions are at the first rate."""

    first_rate: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """The last day of the temporary units of one kind."""

    unit: str
    expires: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditRules:
    """What a scheme says of the issuance of credits."""

    share_of_proceeds: Dated[ShareRule]
    administration_fee: Dated[FeeRule]
    hosts: Dated[tuple[str, ...]]
    """Countries in which projects may be whose credits are issued."""

    exempt_hosts: Dated[tuple[str, ...]]
    """Hosts of whose projects neither share nor fee is asked: the least developed countries."""

    expiries: Dated[tuple[Expiry, ...]]
    """The kinds that all expire on one day; another's day is said when it is issued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proceeds:
    """An issuance of credits, divided."""

    adaptation: int
    """Units for the adaptation fund."""

    participants: int
    fee: Money
    """What the administration asks for; it is a figure, and no units."""

    because: tuple[str, ...]


def proceeds(
    count: int, *, host: str, issued_before: int, rules: CreditRules, day: date
) -> Proceeds:
    """What of an issuance goes to adaptation, what to the participants, and the fee for it.

    ``issued_before`` counts credits of the same project and calendar year of reductions.
    """
    exempt = rules.exempt_hosts.on(day)
    share, fee = rules.share_of_proceeds.on(day), rules.administration_fee.on(day)
    money = Currency(fee.value.currency)
    if host in exempt.value:
        return Proceeds(
            adaptation=0,
            participants=count,
            fee=Money(0, money),
            because=(exempt.reference,),
        )
    adaptation = whole(count * share.value.share, Rounding[share.value.rounding.upper()])
    due = _fee(issued_before + count, fee.value) - _fee(issued_before, fee.value)
    return Proceeds(
        adaptation=adaptation,
        participants=count - adaptation,
        fee=Money.of(due, money),
        because=(share.reference, fee.reference),
    )


def host_refusals(host: str, *, rules: CreditRules, day: date) -> list[Refusal]:
    """Whether credits of a project there may not be issued."""
    law = rules.hosts.on(day)
    return [] if host in law.value else [NotAHost(reference=law.reference, host=host)]


def expiry_refusals(
    unit: str, told: date | None, *, rules: CreditRules, day: date
) -> list[Refusal]:
    """Whether temporary units of a kind may not be issued with that last day on a day.

    What the law says is not told otherwise; and no unit comes into being that is over.
    """
    law = expiry_of(unit, rules=rules, day=day)
    last = law or told
    if last is not None and last > day and told in {None, last}:
        return []
    reference = rules.expiries.on(day).reference
    return [ExpiryNotFit(reference=reference, unit=unit, law=law, day=day)]


def expiry_of(unit: str, *, rules: CreditRules, day: date) -> date | None:
    """The last day of every unit of a kind, if the law says one."""
    days: Sequence[Expiry] = rules.expiries.on(day).value
    return next((each.expires for each in days if each.unit == unit), None)


def _fee(count: int, law: FeeRule) -> Decimal:
    first = min(count, law.first_count)
    return first * law.first_rate + (count - first) * law.rate
