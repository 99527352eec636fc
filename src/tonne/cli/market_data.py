"""What the market says: its trades and how they are settled, candles, settlement prices."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Annotated, Any

import typer

from tonne import market, operations
from tonne.cli import show
from tonne.cli.errand import errand
from tonne.cli.floor import AsCsv, Code, Floor, bare, floor, local
from tonne.cli.options import Call, a_day, command
from tonne.cli.show import Table
from tonne.market import Traded
from tonne.operations import settlement_views

app = typer.Typer(
    no_args_is_help=True, help="What is traded, halts and settlement, trades and prices, alerts."
)
First = Annotated[
    date | None,
    typer.Option(
        "--from", metavar="DATE", parser=a_day, help="The first day; the same if not said."
    ),
]


@command(app)
def trades(
    call: Call,
    *,
    code: Code,
    first: First = None,
    unsettled: Annotated[
        bool,
        typer.Option(
            "--unsettled", metavar="", help="What is still to be settled, whenever it was traded."
        ),
    ] = False,
    as_csv: AsCsv = False,
) -> None:
    """Tell the trades of days up to one, their average price, and how their settlement stands.

    Example: tonne market trades --instrument EXA-SPOT --from 2025-06-01 --on 2025-06-30
    """
    with errand(call) as at, floor(at, code, None) as on:
        parts = at.ask(
            lambda books: settlement_views.part_stories(books, at.scheme, code, last=call.day)
        )
        if unsettled:
            _tell_unsettled(
                on, [each for each in parts if each.status in settlement_views.OPEN], as_csv=as_csv
            )
            return
        zone = operations.zone_of(on.instrument)
        found = at.ask(
            lambda books: operations.trades_of(
                books, at.scheme, code, first=first or call.day, last=call.day, zone=zone
            )
        )
        _tell_trades(on, found, parts, as_csv=as_csv)


@command(app)
def candles(
    call: Call,
    *,
    code: Code,
    first: First = None,
    minutes: Annotated[
        int, typer.Option("--minutes", metavar="NUMBER", min=1, help="How long each is.")
    ] = 1440,
    as_csv: AsCsv = False,
) -> None:
    """Tell first, highest, lowest and last price and the volume of each stretch of time.

    Example: tonne market candles --instrument EXA-SPOT --from 2025-06-01 --minutes 60
    """
    with errand(call) as at, floor(at, code, None) as on:
        zone, begin = operations.zone_of(on.instrument), first or call.day
        found = at.ask(
            lambda books: operations.trades_of(
                books, at.scheme, code, first=begin, last=call.day, zone=zone
            )
        )
        since = operations.midnight(begin, zone)
        made = market.candles(found, since=since, every=timedelta(minutes=minutes))
        lot = on.instrument.lot
        rows = [
            [
                each.start.isoformat(sep=" ", timespec="minutes"),
                *(on.money_of(price) for price in (each.open, each.high, each.low, each.close)),
                each.volume * lot,
                each.trades,
            ]
            for each in made
        ]
        columns = ("start", "open", "high", "low", "close", "units", "trades")
        if as_csv:
            show.as_csv(
                columns,
                [
                    (
                        each.start.isoformat(),
                        *(
                            bare(on.money_of(price))
                            for price in (each.open, each.high, each.low, each.close)
                        ),
                        each.volume * lot,
                        each.trades,
                    )
                    for each in made
                ],
            )
            return
        data = [dict(zip(columns, row, strict=True)) for row in rows]
        at.tell(
            f"{len(made):,} candles of {minutes:,} minutes.",
            Table(columns=tuple(each.capitalize() for each in columns), rows=rows),
            data={
                "instrument": code,
                "candles": data,
            },
            hint=f"tonne market prices --instrument {code}",
        )


@command(app)
def prices(call: Call, *, code: Code, as_csv: AsCsv = False) -> None:
    """Tell the settlement price of each day up to one, and by which method of the law.

    Example: tonne market prices --instrument EXA-SPOT --on 2025-06-30
    """
    with errand(call) as at, floor(at, code, None) as on:
        found = at.ask(
            lambda books: operations.settlement_prices(books, at.scheme, code, last=call.day)
        )
        if as_csv:
            show.as_csv(
                ("day", "price", "currency", "method"),
                [
                    (each.day, bare(on.money_of(each.price)), on.instrument.currency, each.method)
                    for each in found
                ],
            )
            return
        rows = [
            [each.day, on.money_of(each.price), each.method.replace("_", " ")] for each in found
        ]
        at.tell(
            f"{len(found):,} days have a settlement price.",
            Table(columns=("Day", "Price", "By"), rows=rows),
            data={
                "instrument": code,
                "prices": [
                    {"day": each.day, "price": on.money_of(each.price), "method": each.method}
                    for each in found
                ],
            },
            hint=f"tonne market candles --instrument {code}",
        )


def _tell_trades(
    on: Floor, found: Sequence[Traded], parts: Iterable[settlement_views.PartStory], *, as_csv: bool
) -> None:
    """Trades with the day on which they are settled, and how that stands."""
    of_trade: dict[int, list[settlement_views.PartStory]] = defaultdict(list)
    for each in parts:
        of_trade[each.traded.trade_id].append(each)
    data = [
        _trade_as_data(on, each, settlement_views.stands(of_trade[each.trade_id])) for each in found
    ]
    if as_csv:
        money = on.instrument.currency
        show.as_csv(
            ("trade", "at", "price", "currency", "count", "aggressor", "due", "status"),
            [
                (
                    each["trade"], each["at"], bare(each["price"]), money, each["count"],
                    each["aggressor"] or "", each["due"], each["status"],
                )
                for each in data
            ],
        )  # fmt: skip
        return
    average = on.average_of(market.average_price(found))
    volume = sum(each.qty for each in found) * on.instrument.lot
    price = "" if average is None else f", at {average} on average"
    rows = [
        (
            str(each["trade"]), local(on, trade.at), each["price"], each["count"], each["due"],
            each["status"].replace("_", " "),
        )
        for trade, each in zip(found, data, strict=True)
    ]  # fmt: skip
    on.at.tell(
        f"{len(found):,} trades of {volume:,} {on.instrument.unit}{price}.",
        Table(columns=("Trade", "At", "Price", "Units", "Due", "Settlement"), rows=rows),
        data={
            "instrument": on.instrument.code,
            "trades": data,
            "count": volume,
            "average_price": average,
        },
        hint=f"tonne market candles --instrument {on.instrument.code}",
    )


def _trade_as_data(on: Floor, trade: Traded, stood: settlement_views.PartStory) -> dict[str, Any]:
    return {
        "trade": trade.trade_id,
        "at": trade.at.isoformat(),
        "price": on.money_of(trade.price),
        "count": trade.qty * on.instrument.lot,
        "aggressor": trade.aggressor,
        "due": stood.due,
        "status": stood.status,
    }


def _tell_unsettled(
    on: Floor, found: Sequence[settlement_views.PartStory], *, as_csv: bool
) -> None:
    """What is still to be settled: a trade, or the parts that clients have of it."""
    columns = (
        "trade", "part", "seller", "buyer", "price", "count", "due", "status", "failed", "lacked",
    )  # fmt: skip
    rows = [
        (
            each.traded.trade_id,
            each.part,
            each.traded.seller,
            each.traded.buyer,
            on.money_of(each.traded.price),
            each.left * on.instrument.lot,
            each.due,
            each.status,
            each.failed and each.failed.account,
            each.failed and each.failed.asset,
        )
        for each in found
    ]
    if as_csv:
        show.as_csv(columns, [(*row[:4], bare(row[4]), *row[5:]) for row in rows])
        return
    on.at.tell(
        f"{len(rows):,} are still to be settled.",
        Table(
            columns=tuple(each.capitalize() for each in columns),
            rows=[(str(row[0]), str(row[1] or ""), *row[2:]) for row in rows],
        ),
        data={
            "instrument": on.instrument.code,
            "unsettled": [dict(zip(columns, row, strict=True)) for row in rows],
        },
        hint=f"tonne market settle --instrument {on.instrument.code} --on DATE",
    )
