"""Orders on an exchange: given, amended, cancelled; how they stand, and the book they are in."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from tonne import operations
from tonne.cli import show
from tonne.cli.errand import Errand, errand
from tonne.cli.floor import AsCsv, Code, Floor, Hour, bare, floor, kind_of_order, lasting
from tonne.cli.options import Call, a_name, command
from tonne.cli.order_lines import read_orders
from tonne.cli.order_shown import order_as_data, orders_as_table
from tonne.cli.show import Table
from tonne.market import (
    Amend,
    Cancel,
    Message,
    NewOrder,
    Rejected,
    Traded,
)
from tonne.refusal import refuse_if_any

app = typer.Typer(
    no_args_is_help=True, help="Give orders to an exchange, change and cancel them, see the book."
)
Account = Annotated[
    str, typer.Option("--account", metavar="ACCOUNT", help="Whose order, by the account's number.")
]
Name = Annotated[
    str, typer.Argument(metavar="NAME", callback=a_name, help="Your own name for the order.")
]
Price = Annotated[
    str | None, typer.Option("--price", metavar="AMOUNT", help="The limit, for one unit.")
]
Stop = Annotated[
    str | None,
    typer.Option("--stop", metavar="AMOUNT", help="Wait until a trade at this price, or beyond."),
]
Count = Annotated[
    str, typer.Option("--count", metavar="NUMBER", help="How many units, in whole lots.")
]


@command(app, by="operator")
def new(
    call: Call,
    *,
    name: Name,
    side: Annotated[Literal["buy", "sell"], typer.Argument(help="Which way.")],
    account: Account,
    count: Count,
    code: Code,
    price: Price = None,
    stop: Stop = None,
    lasts: Annotated[
        str,
        typer.Option(
            "--for",
            metavar="day|cancel|now|all|DATE",
            help="How long: the day; until cancelled; what trades at once; all at once or nothing; "
            "until a day.",
        ),
    ] = "day",
    least: Annotated[
        str | None,
        typer.Option("--least", metavar="NUMBER", help="So many units at once, or none."),
    ] = None,
    spend: Annotated[
        str | None,
        typer.Option("--spend", metavar="AMOUNT", help="Without a limit: how much it may cost."),
    ] = None,
    post_only: Annotated[
        bool, typer.Option("--post-only", metavar="", help="It may rest, and trades with nobody.")
    ] = False,
    hour: Hour = None,
) -> None:
    """Give an order to buy or to sell. What it may cost or give is held until it ends.

    Without a price it is a market order, which trades at once at the best prices or not at all.

    Example: tonne order new mine buy --account A --count 40 --instrument EXA-SPOT --price 22.50
    """
    with errand(call) as at, floor(at, code, hour) as on:
        number = at.account(account)
        force, until = lasting(lasts)
        message = NewOrder(
            at=on.moment,
            account=number,
            owner=on.owner(number),
            cl_ord_id=name,
            side=side,
            ord_type=kind_of_order(price, stop),
            order_qty=on.lots(count),
            price=on.ticks(price),
            stop_px=on.ticks(stop),
            time_in_force=force,
            expire_date=until,
            min_qty=0 if least is None else on.lots(least),
            post_only=post_only,
            cash_order_qty=None if spend is None else on.money(spend).minor,
        )
        _answer(at, on, message)


@command(app, by="operator")
def amend(
    call: Call,
    *,
    name: Name,
    account: Account,
    code: Code,
    count: Annotated[
        str | None,
        typer.Option("--count", metavar="NUMBER", help="The whole order's, with what was traded."),
    ] = None,
    price: Price = None,
    stop: Stop = None,
    hour: Hour = None,
) -> None:
    """Change an order. It keeps its turn only if it becomes smaller and its price stays.

    Example: tonne order amend mine --account A --instrument EXA-SPOT --count 30
    """
    with errand(call) as at, floor(at, code, hour) as on:
        message = Amend(
            at=on.moment,
            owner=on.owner(at.account(account)),
            cl_ord_id=name,
            order_qty=None if count is None else on.lots(count),
            price=on.ticks(price),
            stop_px=on.ticks(stop),
        )
        _answer(at, on, message)


@command(app, by="operator")
def cancel(call: Call, *, name: Name, account: Account, code: Code, hour: Hour = None) -> None:
    """Cancel an order: what is left of it trades no more, and what was held is free.

    Example: tonne order cancel mine --account A --instrument EXA-SPOT
    """
    with errand(call) as at, floor(at, code, hour) as on:
        owner = on.owner(at.account(account))
        _answer(at, on, Cancel(at=on.moment, owner=owner, cl_ord_id=name))


@command(app, by="operator")
def send(
    call: Call,
    *,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="One JSON object to a line, with do (new, amend, cancel), name and account.",
        ),
    ],
    code: Code,
    hour: Hour = None,
) -> None:
    """Send many orders in one batch: all are written together, each is decided on its own.

    A line says what the options of tonne order new say: {"do": "new", "name": "mine", "account":
    "XE-120-7-0-95", "side": "buy", "count": 20, "price": "22.50", "for": "day"}.

    Example: tonne order send orders.jsonl --instrument EXA-SPOT
    """
    with errand(call) as at, floor(at, code, hour) as on:
        messages = read_orders(file, on)
        answers = on.take(*messages)
        refused = [
            (message, each)
            for message, events in zip(messages, answers, strict=True)
            for each in events
            if isinstance(each, Rejected)
        ]
        lots = sum(each.qty for events in answers for each in events if isinstance(each, Traded))
        at.tell(
            f"{len(messages):,} messages were sent: {len(messages) - len(refused):,} were taken, "
            f"{len(refused):,} refused; {lots * on.instrument.lot:,} units were traded.",
            Table(
                title="Refused",
                columns=("Order", "Number", "Why"),
                rows=[
                    [each.cl_ord_id, str(no.number), str(no)]
                    for _, each in refused
                    for no in each.refusals
                ],
            ),
            data={
                "instrument": code,
                "answers": [[on.as_data(each) for each in events] for events in answers],
                "refused": len(refused),
                "traded": lots * on.instrument.lot,
                "key": call.key,
            },
            hint=f"tonne order list --instrument {code} --open",
        )


@command(app)
def book(
    call: Call,
    *,
    code: Code,
    levels: Annotated[
        int, typer.Option("--levels", metavar="NUMBER", min=1, help="So many prices a side.")
    ] = 10,
    hour: Hour = None,
    as_csv: AsCsv = False,
) -> None:
    """Show what rests in the book: prices, units and how many orders, the best prices first.

    Example: tonne order book --instrument EXA-SPOT
    """
    with errand(call) as at, floor(at, code, hour) as on:
        live = at.ask(on.look)
        depth = operations.depth_of(live.book, levels)
        last, phase = live.book.last_price, live.book.conditions.phase
        price = None if last is None else on.money_of(last)
        rows = [
            (side, on.money_of(at_price), lots * on.instrument.lot, orders)
            for side, at_price, lots, orders in operations.depth_rows(depth)
        ]
        if as_csv:
            show.as_csv(
                ("side", "price", "currency", "count", "orders"),
                [(row[0], bare(row[1]), on.instrument.currency, *row[2:]) for row in rows],
            )
            return
        at.tell(
            f"The book of {on.instrument.code} is {phase}; "
            + ("nothing was traded yet." if price is None else f"the last price was {price}."),
            Table(columns=("Side", "Price", "Units", "Orders"), rows=rows),
            data={
                "instrument": on.instrument.code,
                "phase": phase,
                "day": live.book.conditions.day,
                "last_price": price,
                "bids": [on.level(each) for each in depth.bids],
                "offers": [on.level(each) for each in depth.offers],
            },
            hint=f"tonne market trades --instrument {on.instrument.code}",
        )


@command(app, "list")
def list_(
    call: Call,
    *,
    code: Code,
    account: Annotated[
        str | None, typer.Option("--account", metavar="ACCOUNT", help="Only of this account.")
    ] = None,
    open_only: Annotated[
        bool, typer.Option("--open", metavar="", help="Only those that may still trade.")
    ] = False,
) -> None:
    """List orders as they were given, and how they stand: new, filled, cancelled, expired.

    Example: tonne order list --instrument EXA-SPOT --account A --open
    """
    with errand(call) as at, floor(at, code, None) as on:
        whose = None if account is None else at.account(account)
        found = [
            each
            for each in at.ask(
                lambda books: operations.orders_of(
                    books, at.scheme, code, account=whose, last=call.day
                )
            )
            if not (open_only and each.ended)
        ]
        at.tell(
            f"There are {len(found):,} orders.",
            orders_as_table(found, on),
            data={"orders": [order_as_data(each, on) for each in found]},
            hint=f"tonne order book --instrument {code}",
        )


def _answer(at: Errand, on: Floor, message: Message) -> None:
    """Have the message taken, and tell what became of it; refused if the book says no."""
    (events,) = on.take(message)
    refuse_if_any(no for each in events if isinstance(each, Rejected) for no in each.refusals)
    told = [on.in_words(each) for each in events if on.in_words(each)]
    number = next((each.order_id for each in events if hasattr(each, "order_id")), None)
    traded = [each for each in events if isinstance(each, Traded)]
    at.tell(
        " ".join(told) or "Nothing came of it.",
        data={
            "instrument": on.instrument.code,
            "order": None if at.call.dry_run else number,
            "events": [on.as_data(each) for each in events],
            "traded": sum(each.qty for each in traded) * on.instrument.lot,
            "key": at.call.key,
        },
        hint=f"tonne order book --instrument {on.instrument.code}",
    )
