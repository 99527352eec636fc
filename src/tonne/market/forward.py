"""Forwards and purchase agreements: units to be delivered later, at a price agreed today.

A contract is a record that does not change, but by a make-up; what has become of it stands in its
account. Both go in and come out, so that a contract can be lived through in advance.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from tonne.market.deal_grounds import PartiesNotApart
from tonne.market.forward_grounds import (
    ConditionsNotMet,
    ConditionUnknown,
    DeliveryExceedsContract,
    DeliveryExceedsIssuance,
    ForwardPastLastPeriod,
    IndexMissing,
    ProjectUnnamed,
    RemedyIncomplete,
    ScheduleDisordered,
    UpfrontExceedsShare,
    WrongDelivery,
)
from tonne.market.forward_rules import ForwardRules
from tonne.market.shares import largest_remainders
from tonne.quantity import EXACT, Currency, Money, product, whole
from tonne.refusal import Refusal, refuse_if_any

CONTRACT = "The contract itself"

RemedyKind = Literal["make_up", "replacement", "damages", "advance_repaid"]


class FixedPrice(Struct, frozen=True, kw_only=True, tag="fixed"):
    """The same price for every unit, in minor units of money."""

    minor: Decimal


class IndexedPrice(Struct, frozen=True, kw_only=True, tag="indexed"):
    """A share of what an index says on the day of delivery, and something beside it."""

    index: str
    share: Decimal
    plus: Decimal = Decimal(0)


class FloorPrice(Struct, frozen=True, kw_only=True, tag="floor"):
    """A floor, and a share of what the index says above it."""

    index: str
    floor: Decimal
    share: Decimal


ForwardPrice = FixedPrice | IndexedPrice | FloorPrice


@dataclass(frozen=True, slots=True, kw_only=True)
class Upfront:
    """A share of the contract's value, at a price, that is paid when it is signed.

    It is recovered from what is paid for deliveries: ``pro_rata``, the same of every unit, or
    ``first``, before anything else is paid.
    """

    share: Decimal
    minor: Decimal
    """The price at which the value is reckoned: the contract's, if that is fixed."""

    recovery: Literal["pro_rata", "first"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What follows where too little is delivered, and from when on it is too little."""

    kind: RemedyKind
    trigger: Decimal
    """The share of what was due by then below which the remedy is owed; 1 for any shortfall."""

    days: int
    """Within so many days."""

    units: tuple[str, ...] = ()
    """Those that may replace the missing ones."""

    per_unit: Decimal | None = None
    """Damages for a unit, beside what another costs more than the contract's price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """So many units, on a day at the latest."""

    on: date
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """What a seller is to deliver to a buyer, when, at what price, and what if not."""

    id: str
    buyer: str
    seller: str
    unit: str
    signed_on: date
    schedule: tuple[Due, ...]
    price: ForwardPrice
    currency: Currency
    tick: Decimal
    """In minor units of money; a price that follows an index is rounded half up to it."""

    remedy: Remedy
    risk: Literal["guaranteed", "project"] = "guaranteed"
    """Whether the seller owes what is due, or only what of it its project was issued."""

    project: str | None = None
    upfront: Upfront | None = None
    conditions: tuple[str, ...] = ()
    """What must have happened before anything is delivered."""

    @property
    def count(self) -> int:
        """Units of the whole contract."""
        return sum(each.count for each in self.schedule)

    @property
    def advance(self) -> int:
        """Minor units of money that are paid when it is signed."""
        if self.upfront is None:
            return 0
        return whole(product(self.upfront.share, self.upfront.minor, Decimal(self.count)))

    def due(self, on: date) -> int:
        """Units due by the end of a day."""
        return sum(each.count for each in self.schedule if each.on <= on)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardAccount:
    """What has become of a contract so far; money in minor units."""

    advance: int
    met: tuple[str, ...] = ()
    delivered: int = 0
    earned: int = 0
    """What the delivered units were worth at the contract's price."""

    recovered: int = 0
    """Of the advance, by deliveries."""

    repaid: int = 0
    """Of the advance, in money."""

    forgone: int = 0
    """Units that need not be delivered any more, since their remedy was another."""

    @property
    def cash(self) -> int:
        """What the buyer has paid in all, less what was paid back."""
        return self.advance + self.earned - self.recovered - self.repaid

    @property
    def unearned(self) -> int:
        """What of the advance neither deliveries nor money have given back."""
        return self.advance - self.recovered - self.repaid


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """Units that came for a contract, and what its index said that day, in minor units."""

    on: date
    unit: str
    count: int
    index: Decimal | None = None
    project: str | None = None
    issued: int | None = None
    """What its project was issued so far for this contract, where the units come from one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What is paid for a delivery: its value less what is recovered of the advance."""

    value: Money
    recovered: Money

    @property
    def paid(self) -> Money:
        """What moves from buyer to seller, against the units."""
        return self.value - self.recovered


def sign_forward(forward: Forward, rules: ForwardRules) -> ForwardAccount:
    """A contract begins: its advance is paid. Or every reason why the law forbids it."""
    refuse_if_any(_forward_refusals(forward, rules))
    return ForwardAccount(advance=forward.advance)


def meet_condition(forward: Forward, account: ForwardAccount, condition: str) -> ForwardAccount:
    """A condition precedent is met; met twice it is met."""
    if condition not in forward.conditions:
        known = forward.conditions
        refusal = ConditionUnknown(
            reference=CONTRACT, contract=forward.id, condition=condition, known=known
        )
        refuse_if_any([refusal])
    return replace(account, met=tuple(sorted({*account.met, condition})))


def deliver_forward(
    forward: Forward, account: ForwardAccount, delivered: Delivered
) -> tuple[ForwardAccount, Payment]:
    """Units are delivered: the account after it, and what is paid for them.

    Delivery may come early. What is recovered of the advance is never more than the value of what
    is delivered; what is left is recovered later.
    """
    refuse_if_any(_delivery_refusals(forward, account, delivered))
    each = unit_price(forward, delivered.index)
    value = whole(product(each, Decimal(delivered.count)))
    came = account.delivered + delivered.count
    due = account.unearned
    bit_by_bit = forward.upfront is not None and forward.upfront.recovery == "pro_rata"
    if bit_by_bit and came + account.forgone < forward.count:
        due = min(due, account.advance * came // forward.count - account.recovered)
    recovered = max(0, min(due, value))
    after = replace(
        account,
        delivered=came,
        earned=account.earned + value,
        recovered=account.recovered + recovered,
    )
    currency = forward.currency
    return after, Payment(value=Money(value, currency), recovered=Money(recovered, currency))


def unit_price(forward: Forward, index: Decimal | None) -> Decimal:
    """The price of a unit in minor units, on its tick; the index is in minor units too."""
    terms = forward.price
    if isinstance(terms, FixedPrice):
        return terms.minor
    assert index is not None, "a price that follows an index needs it"
    if isinstance(terms, IndexedPrice):
        found = EXACT.add(product(terms.share, index), terms.plus)
    else:
        above = max(Decimal(0), EXACT.subtract(index, terms.floor))
        found = EXACT.add(terms.floor, product(terms.share, above))
    # Half a tick more, and then whole ticks down: half up, without a quotient that must end.
    steps = EXACT.divide_int(EXACT.add(max(Decimal(0), found), forward.tick / 2), forward.tick)
    return product(steps, forward.tick)


def forward_owed(
    forward: Forward, account: ForwardAccount, *, on: date, issued: int | None = None
) -> int:
    """Units that should have come by the end of a day and did not.

    At the project's risk nothing is owed that the project was not issued for this contract.
    """
    due = forward.due(on)
    if forward.risk == "project":
        due = min(due, issued or 0)
    return max(0, due - account.delivered - account.forgone)


def from_issuance(
    issued: int, wanted: Mapping[str, int], *, by: Literal["in_order", "pro_rata"]
) -> dict[str, int]:
    """What each contract of a project gets of an issuance; no more than it wants of it.

    ``wanted`` is in order of rank. ``in_order``: the first is served first. ``pro_rata``: in
    proportion to what is wanted, by largest remainders.
    """
    given = min(issued, sum(wanted.values()))
    if by == "pro_rata" and given:
        return largest_remainders(wanted, given, first=str)
    parts: dict[str, int] = {}
    for contract, count in wanted.items():
        parts[contract] = min(given, count)
        given -= parts[contract]
    return parts


def period_refusals(forward: Forward, rules: ForwardRules) -> Iterator[Refusal]:
    """Why nothing can be delivered on the last day of the schedule, if it cannot."""
    law = rules.last_delivery.on(forward.signed_on)
    for each in forward.schedule:
        if each.on > law.value:
            yield ForwardPastLastPeriod(
                reference=law.reference, contract=forward.id, due=each.on, last=law.value
            )


def _forward_refusals(forward: Forward, rules: ForwardRules) -> Iterator[Refusal]:
    name, on = forward.id, forward.signed_on
    yield from period_refusals(forward, rules)
    if forward.buyer == forward.seller:
        parties = (forward.buyer, forward.seller)
        yield PartiesNotApart(reference=CONTRACT, contract=name, parties=parties)
    days = [on, *(each.on for each in forward.schedule)]
    rising = all(earlier < later for earlier, later in pairwise(days))
    if not forward.schedule or not rising or any(each.count < 1 for each in forward.schedule):
        yield ScheduleDisordered(reference=CONTRACT, contract=name)
    yield from _upfront_refusals(forward, rules)
    if forward.risk == "project" and forward.project is None:
        yield ProjectUnnamed(reference=CONTRACT, contract=name)
    known = rules.conditions.on(on)
    for each in forward.conditions:
        if each not in known.value:
            yield ConditionUnknown(
                reference=known.reference, contract=name, condition=each, known=known.value
            )
    remedy = forward.remedy
    lacking = {
        "replacement": not remedy.units,
        "damages": remedy.per_unit is None,
        "advance_repaid": forward.upfront is None,
    }
    if lacking.get(remedy.kind, False) or remedy.days < 1 or not 0 < remedy.trigger <= 1:
        yield RemedyIncomplete(reference=CONTRACT, contract=name, kind=remedy.kind)


def _upfront_refusals(forward: Forward, rules: ForwardRules) -> Iterator[Refusal]:
    """Why so much may not be paid upfront: neither by a large share nor at a high price."""
    upfront, most = forward.upfront, rules.upfront_share_max.on(forward.signed_on)
    if upfront is None:
        return
    terms = forward.price
    inflated = isinstance(terms, FixedPrice) and upfront.minor > terms.minor
    if not 0 < upfront.share <= most.value or inflated:
        yield UpfrontExceedsShare(
            reference=most.reference, contract=forward.id, share=upfront.share, most=most.value
        )


def _delivery_refusals(
    forward: Forward, account: ForwardAccount, delivered: Delivered
) -> Iterator[Refusal]:
    name = forward.id
    if lacking := tuple(each for each in forward.conditions if each not in account.met):
        yield ConditionsNotMet(reference=CONTRACT, contract=name, lacking=lacking)
    right = delivered.unit == forward.unit or delivered.unit in forward.remedy.units
    if not right or (
        forward.project not in {None, delivered.project} and delivered.unit == forward.unit
    ):
        yield WrongDelivery(
            reference=CONTRACT,
            contract=name,
            delivered=f"{delivered.unit} of {delivered.project or 'no project'}",
            wanted=f"{forward.unit} of {forward.project or 'any project'}",
        )
    left = forward.count - account.delivered - account.forgone
    if not 0 < delivered.count <= left:
        yield DeliveryExceedsContract(
            reference=CONTRACT, contract=name, delivered=delivered.count, left=left
        )
    if delivered.issued is not None and account.delivered + delivered.count > delivered.issued:
        yield DeliveryExceedsIssuance(
            reference=CONTRACT,
            contract=name,
            delivered=account.delivered + delivered.count,
            issued=delivered.issued,
        )
    if not isinstance(forward.price, FixedPrice) and delivered.index is None:
        yield IndexMissing(reference=CONTRACT, contract=name, index=forward.price.index)
