"""Over the counter: a deal between two sides, and who may say what of it next.

A deal is a record; what is said of it changes its state by a table of data, :data:`DEAL_TURNS`. A
broker brings the sides together and is paid for it, but never holds the units.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Literal, NamedTuple

from msgspec import Struct

from tonne.market.deal_grounds import (
    ConfirmedTwice,
    DealLapsed,
    DealOutOfTurn,
    NotTheirDeal,
    PartiesNotApart,
    PriceMissing,
    PriceNotWithheld,
    RolledBack,
)
from tonne.market.deal_rules import DealRules
from tonne.market.shares import largest_remainders
from tonne.quantity import Money, Price, product, whole
from tonne.refusal import Refusal, refuse_if_any
from tonne.working_days import Calendar

DEAL = "Rule of the market: both sides confirm a deal, each once and in its turn"

DealSide = Literal["buyer", "seller"]
Part = Literal["buyer", "seller", "broker", "market"]
DealWord = Literal[
    "request", "quote", "propose", "confirm", "cancel", "settle", "fail", "roll", "cure"
]


class DealState(StrEnum):
    """How far a deal has come."""

    NEW = "new"
    QUOTE_REQUESTED = "quote_requested"
    QUOTED = "quoted"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    SETTLED = "settled"
    FAILED = "failed"
    CURED = "cured"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class DealTurn(NamedTuple):
    """In this state these may say that word, and the deal comes to another state."""

    state: DealState
    word: DealWord
    by: tuple[Part, ...]
    becomes: DealState


_SIDES: tuple[Part, ...] = ("buyer", "seller")
_ALL: tuple[Part, ...] = (*_SIDES, "broker")
_MARKET: tuple[Part, ...] = ("market",)
_S = DealState

DEAL_TURNS = (
    DealTurn(_S.NEW, "request", _SIDES, _S.QUOTE_REQUESTED),
    DealTurn(_S.NEW, "propose", _ALL, _S.PROPOSED),
    DealTurn(_S.QUOTE_REQUESTED, "quote", _SIDES, _S.QUOTED),
    DealTurn(_S.QUOTE_REQUESTED, "cancel", _ALL, _S.CANCELLED),
    DealTurn(_S.QUOTED, "quote", _SIDES, _S.QUOTED),
    DealTurn(_S.QUOTED, "confirm", _SIDES, _S.CONFIRMED),
    DealTurn(_S.QUOTED, "cancel", _ALL, _S.CANCELLED),
    DealTurn(_S.PROPOSED, "confirm", _SIDES, _S.CONFIRMED),
    DealTurn(_S.PROPOSED, "cancel", _ALL, _S.CANCELLED),
    DealTurn(_S.CONFIRMED, "settle", _MARKET, _S.SETTLED),
    DealTurn(_S.CONFIRMED, "fail", _MARKET, _S.FAILED),
    DealTurn(_S.FAILED, "roll", _MARKET, _S.CONFIRMED),
    DealTurn(_S.FAILED, "cure", _MARKET, _S.CURED),
    DealTurn(_S.FAILED, "cancel", _MARKET, _S.CANCELLED),
)
"""Who may say what when. What is not here cannot be said."""

_OPEN = {_S.NEW, _S.QUOTE_REQUESTED, _S.QUOTED, _S.PROPOSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Brokerage:
    """Who brought the sides together, and what for: so much for a unit, or a share of the value."""

    broker: str
    basis: Literal["per_unit", "of_value"]
    rate: Decimal
    """Minor units of money for a unit, or a share."""

    payer: Literal["buyer", "seller", "both"]

    def __post_init__(self) -> None:
        assert self.rate >= 0, "a broker is paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """So many units from a seller to a buyer, outside the order book."""

    id: str
    buyer: str
    seller: str
    unit: str
    count: int
    price: Price | None
    """None as long as a quote is asked for."""

    settle_on: date
    """The first day on which it may be settled; the law may say a later one."""

    valid_until: datetime
    """Until then it may be confirmed."""

    delivery: Literal["versus_payment", "free_of_payment"] = "versus_payment"
    brokerage: Brokerage | None = None
    price_public: bool = True
    state: DealState = DealState.NEW
    asked_by: DealSide | None = None
    """Who asked for a quote, if anybody did."""

    confirmed: tuple[DealSide, ...] = ()
    agreed_at: datetime | None = None
    settled: int = 0
    """Units that were settled when the rest failed."""

    failures: int = 0
    """How often it, or the rest of it, could not be settled."""

    def __post_init__(self) -> None:
        assert 0 <= self.settled < self.count, "a deal is of something that is left of it"
        assert self.price is not None or self.state in {
            _S.NEW,
            _S.QUOTE_REQUESTED,
            _S.CANCELLED,
            _S.EXPIRED,
        }

    @property
    def left(self) -> int:
        """How many units are still to be settled, if it comes to that."""
        return self.count - self.settled

    def part(self, by: str | None) -> Part | None:
        """What somebody is in the deal: nobody is the market itself."""
        broker = self.brokerage.broker if self.brokerage else ""
        parts: dict[str | None, Part]
        parts = {None: "market", broker: "broker", self.seller: "seller", self.buyer: "buyer"}
        return parts.get(by)


class Said(Struct, frozen=True, kw_only=True):
    """A word about a deal: by whom (None: the market itself), when, and what is new in it."""

    word: DealWord
    by: str | None
    at: datetime
    price: Price | None = None
    """With a quote."""

    settle_on: date | None = None
    """With a roll."""

    settled: int = 0
    """With a failure: how many units were settled all the same."""


class Leg(Struct, frozen=True, order=True):
    """So many of an asset, or so much money by the code of its currency, that is to move."""

    source: str
    target: str
    asset: str
    count: int


class PublicDeal(Struct, frozen=True, kw_only=True):
    """What the public is told of a deal: not who."""

    unit: str
    count: int
    price: Price | None
    agreed_at: datetime
    published_at: datetime
    block: bool


def say_of_deal(deal: Deal, said: Said, rules: DealRules, calendar: Calendar) -> Deal:
    """The deal after a word about it, or every reason why it cannot be said."""
    refuse_if_any(_deal_refusals(deal, said, rules))
    price = said.price or deal.price
    part = deal.part(said.by)
    if said.word == "request":
        return replace(deal, state=_S.QUOTE_REQUESTED, asked_by=_side(part), price=None)
    if said.word in ("propose", "quote"):
        side = _side(part)
        after = _S.PROPOSED if said.word == "propose" else _S.QUOTED
        return replace(deal, state=after, price=price, confirmed=(side,) if side else ())
    if said.word == "confirm":
        sides = (*deal.confirmed, *((side,) if (side := _side(part)) else ()))
        if len(sides) < len(_SIDES):
            return replace(deal, confirmed=sides)
        day = said.at.date()
        due = max(deal.settle_on, calendar.after(day, rules.settlement_days.on(day).value))
        return replace(deal, state=_S.CONFIRMED, confirmed=sides, agreed_at=said.at, settle_on=due)
    (row,) = (row for row in DEAL_TURNS if row[:2] == (deal.state, said.word))
    return replace(
        deal,
        state=row.becomes,
        settle_on=said.settle_on or deal.settle_on,
        settled=deal.settled + said.settled,
        failures=deal.failures + (said.word == "fail"),
    )


def expired_deals(deals: Iterable[Deal], *, at: datetime) -> tuple[Deal, ...]:
    """Those that nobody may confirm any more, as they are from now on."""
    return tuple(
        replace(deal, state=_S.EXPIRED)
        for deal in deals
        if deal.state in _OPEN and deal.valid_until < at
    )


def deal_legs(deal: Deal, count: int | None = None) -> tuple[Leg, ...]:
    """What moves when all that is left of a deal is settled, or so many units of it.

    All of it moves or nothing. Free of payment only the units move; the money then moves
    elsewhere. The units go from seller to buyer, never by way of the broker, who is paid for each
    part as for a deal of that size.
    """
    assert deal.state is _S.CONFIRMED, "what both have confirmed is settled"
    assert deal.price is not None, "a confirmed deal has its price on record"
    count = deal.left if count is None else count
    units = Leg(deal.seller, deal.buyer, deal.unit, count)
    if deal.delivery == "free_of_payment":
        return (units,)
    code = deal.price.currency.code
    paid = Leg(deal.buyer, deal.seller, code, deal.price.times(count).minor)
    fees = tuple(Leg(payer, to, code, minor) for payer, to, minor in _commissions(deal, count))
    return tuple(leg for leg in (units, paid, *fees) if leg.count)


def deal_commission(deal: Deal, count: int | None = None) -> Money:
    """What the broker is paid for a deal, or for so many units of it."""
    assert deal.price is not None, "a commission is of a price"
    rate = deal.brokerage.rate if deal.brokerage else Decimal(0)
    value = Decimal(deal.count if count is None else count)
    if deal.brokerage and deal.brokerage.basis == "of_value":
        value = product(value, deal.price.minor)
    return Money(whole(product(rate, value)), deal.price.currency)


def publication(deal: Deal, rules: DealRules) -> PublicDeal | None:
    """What is told of an agreed deal and from when: a block trade later than others."""
    if deal.agreed_at is None:
        return None
    law = rules.block.on(deal.agreed_at.date()).value
    block = deal.count >= law.count_min
    delay = timedelta(minutes=law.delay_minutes if block else 0)
    return PublicDeal(
        unit=deal.unit,
        count=deal.count,
        price=deal.price if deal.price_public else None,
        agreed_at=deal.agreed_at,
        published_at=deal.agreed_at + delay,
        block=block,
    )


def _side(part: Part | None) -> DealSide | None:
    return part if part == "buyer" or part == "seller" else None  # noqa: PLR1714  tells mypy which


def _commissions(deal: Deal, count: int) -> Iterator[tuple[str, str, int]]:
    """Who pays the broker how much; of two payers the buyer pays an odd cent."""
    if deal.brokerage is None:
        return
    sides = {"buyer": deal.buyer, "seller": deal.seller}
    payers = tuple(sides) if deal.brokerage.payer == "both" else (deal.brokerage.payer,)
    paid = deal_commission(deal, count).minor
    halves = largest_remainders(dict.fromkeys(payers, 1), paid, first=str)
    for side, minor in halves.items():
        yield sides[side], deal.brokerage.broker, minor


def _deal_refusals(deal: Deal, said: Said, rules: DealRules) -> Iterator[Refusal]:
    part, word = deal.part(said.by), said.word
    rows = [row for row in DEAL_TURNS if row[:2] == (deal.state, word)]
    who = said.by or "the market"
    if word in ("request", "propose"):
        yield from _term_refusals(deal, said, rules)
    if not rows:
        yield DealOutOfTurn(reference=DEAL, deal=deal.id, word=word, state=deal.state.value)
    elif part not in rows[0].by or (word == "quote" and part == deal.asked_by):
        yield NotTheirDeal(reference=DEAL, deal=deal.id, word=word, by=who, part=part or "no party")
    elif word == "confirm" and part in deal.confirmed:
        yield ConfirmedTwice(reference=DEAL, deal=deal.id, by=who)
    if deal.state in _OPEN and said.at > deal.valid_until:
        yield DealLapsed(reference=DEAL, deal=deal.id, until=deal.valid_until)
    if (
        word in ("quote", "propose")
        and said.price is None
        and (deal.price is None or word == "quote")
    ):
        yield PriceMissing(reference=DEAL, deal=deal.id)
    if word == "roll" and (said.settle_on is None or said.settle_on <= deal.settle_on):
        yield RolledBack(reference=DEAL, deal=deal.id, due=deal.settle_on)


def _term_refusals(deal: Deal, said: Said, rules: DealRules) -> Iterator[Refusal]:
    names = [deal.buyer, deal.seller, *([deal.brokerage.broker] if deal.brokerage else [])]
    if len(set(names)) < len(names):
        yield PartiesNotApart(reference=DEAL, contract=deal.id, parties=tuple(names))
    withheld = rules.price_withheld.on(said.at.date())
    if not deal.price_public and withheld.value == "refused":
        yield PriceNotWithheld(reference=withheld.reference, deal=deal.id)
