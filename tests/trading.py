"""An instrument to trade, the days of its book, and orders that say only what matters."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from changed import replace
from tonne.market import (
    Amend,
    Book,
    Cancel,
    ChangePhase,
    EndOfDay,
    Event,
    Instrument,
    NewOrder,
    PhaseStart,
    Rejected,
    Side,
    StartOfDay,
    Traded,
    TradingPhase,
)

AT = datetime(2006, 3, 1, 9, tzinfo=UTC)
DAY = date(2006, 3, 1)
REFERENCE = "Rules of the exchange, 4.2"
SPOT = Instrument(
    code="EUA-SPOT",
    scheme="eu_ets",
    unit="EUA",
    vintage="2005-2007",
    lot=1_000,
    tick=Decimal(1),
    currency="EUR",
    lots_max=1_000,
    settlement_days=1,
    time_zone="Europe/Brussels",
    phases=(
        PhaseStart(start="08:45", phase="call"),
        PhaseStart(start="09:00", phase="continuous"),
        PhaseStart(start="17:30", phase="closed"),
    ),
    self_trade="cancel_newest",
    short=False,
    credit=False,
)
BANDED = replace(SPOT, band_percent=Decimal(10))


def book(
    phase: TradingPhase = "continuous",
    *,
    instrument: Instrument = SPOT,
    reference_price: int | None = None,
) -> Book:
    """A book on its first day."""
    made = Book(instrument, reference=REFERENCE)
    made.take(StartOfDay(at=AT, day=DAY, reference_price=reference_price))
    made.take(ChangePhase(at=AT, phase=phase))
    return made


def order(
    owner: str,
    side: Side,
    qty: int,
    price: int | None = None,
    name: str = "",
    **terms: Any,  # noqa: ANN401  any term of an order
) -> NewOrder:
    """An order of an owner; without a name it has that of its owner."""
    terms.setdefault("ord_type", "market" if price is None else "limit")
    return NewOrder(
        at=AT,
        account=f"account of {owner}",
        owner=owner,
        cl_ord_id=name or owner,
        side=side,
        order_qty=qty,
        price=price,
        **terms,
    )


def amend(owner: str, name: str = "", **terms: Any) -> Amend:  # noqa: ANN401  any term
    """A change of an order of an owner."""
    return Amend(at=AT, owner=owner, cl_ord_id=name or owner, **terms)


def cancel(owner: str, name: str = "", order_id: int = 0) -> Cancel:
    """An owner wants an order no more."""
    return Cancel(at=AT, owner=owner, cl_ord_id=name or owner, order_id=order_id)


def phase(named: TradingPhase) -> ChangePhase:
    """The book goes into another phase."""
    return ChangePhase(at=AT, phase=named)


def start(day: date, reference_price: int | None = None) -> StartOfDay:
    """A day begins."""
    return StartOfDay(at=AT, day=day, reference_price=reference_price)


def end() -> EndOfDay:
    """The day is over."""
    return EndOfDay(at=AT)


def trades(events: Sequence[Event]) -> list[tuple[str, str, int, int]]:
    """Who bought from whom, at what price, how many lots."""
    return [
        (
            each.buyer.removeprefix("account of "),
            each.seller.removeprefix("account of "),
            each.price,
            each.qty,
        )
        for each in events
        if isinstance(each, Traded)
    ]


def codes(events: Sequence[Event]) -> list[str]:
    """Why not, by name."""
    return [
        refusal.code for each in events if isinstance(each, Rejected) for refusal in each.refusals
    ]


def kinds(events: Sequence[Event]) -> list[str]:
    """What happened, in the words of FIX."""
    return [each.exec_type for each in events]
