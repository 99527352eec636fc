"""How orders are listed: as they were given, and what has become of them."""

from collections.abc import Iterator, Sequence

from tonne.cli.floor import Floor
from tonne.cli.show import Table
from tonne.market import TimeInForce
from tonne.operations import market_views

_LASTS: dict[TimeInForce, str] = {
    "day": "the day",
    "good_till_cancel": "until cancelled",
    "good_till_date": "until",
    "immediate_or_cancel": "now",
    "fill_or_kill": "all at once",
}


def orders_as_table(found: Sequence[market_views.OrderStory], on: Floor) -> Table:
    """Orders for people."""
    lot = on.instrument.lot
    return Table(
        columns=(
            "Name", "Account", "Side", "Price", "For", "Units", "Traded", "Average", "Status",
        ),
        rows=[
            [
                each.order.cl_ord_id,
                each.order.account,
                each.order.side,
                ", ".join(_prices(each, on)),
                ", ".join(_terms(each, lot)),
                each.order_qty * lot,
                each.cum_qty * lot,
                on.average_of(each.avg_px),
                each.status.replace("_", " "),
            ]
            for each in found
        ],
    )  # fmt: skip


def order_as_data(each: market_views.OrderStory, on: Floor) -> dict[str, object]:
    """An order for programs: its terms in the words of FIX, in units and money."""
    lot = on.instrument.lot
    return {
        "name": each.order.cl_ord_id,
        "order": each.order_id,
        "account": each.order.account,
        "side": each.order.side,
        "type": each.order.ord_type,
        "price": None if each.price is None else on.money_of(each.price),
        "stop_px": None if each.stop_px is None else on.money_of(each.stop_px),
        "triggered": each.triggered,
        "time_in_force": each.order.time_in_force,
        "expire_date": each.order.expire_date,
        "min_qty": each.order.min_qty * lot,
        "post_only": each.order.post_only,
        "count": each.order_qty * lot,
        "traded": each.cum_qty * lot,
        "left": each.leaves_qty * lot,
        "avg_px": on.average_of(each.avg_px),
        "status": each.status,
        "at": each.order.at.isoformat(),
    }


def _prices(each: market_views.OrderStory, on: Floor) -> Iterator[str]:
    """The limit of an order and its stop; one that has neither trades at the market's price."""
    if each.stop_px is not None:
        yield f"stop {on.money_of(each.stop_px)}" + (" (reached)" if each.triggered else "")
    if each.price is not None:
        yield str(on.money_of(each.price))
    elif each.stop_px is None:
        yield "market"


def _terms(each: market_views.OrderStory, lot: int) -> Iterator[str]:
    """How long an order lasts, and on what terms it trades."""
    order = each.order
    until = "" if order.expire_date is None else f" {order.expire_date}"
    yield f"{_LASTS[order.time_in_force]}{until}"
    if order.min_qty:
        yield f"at least {order.min_qty * lot:,} at once"
    if order.post_only:
        yield "rests only"
