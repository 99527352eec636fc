"""An exchange: what is traded, halts, settlement, trades and prices, what looks like abuse."""

import csv
import sys
from datetime import date, timedelta
from typing import Annotated

import typer

from tonne import market, operations
from tonne.cli.errand import errand
from tonne.cli.floor import Code, Floor, Hour, floor, rows_of
from tonne.cli.options import PLAIN, Call, a_day, command
from tonne.cli.show import Table
from tonne.market import ChangePhase, Rejected, TradingPhase
from tonne.operations import Settled
from tonne.refusal import refuse_if_any

app = typer.Typer(
    no_args_is_help=True, help="What is traded, halts and settlement, trades and prices, alerts."
)
First = Annotated[
    date | None,
    typer.Option(
        "--from", metavar="DATE", parser=a_day, help="The first day; the same if not said."
    ),
]
AsCsv = Annotated[bool, typer.Option("--csv", metavar="", help="A table for programs.")]


@command(app, "list")
def list_(call: Call) -> None:
    """List what is traded under the scheme's law on a day.

    Example: tonne market list --on 2025-06-02
    """
    with errand(call) as at:
        clause = at.scheme.instruments.instruments.on(call.day)
        rows = [
            [
                each.code, each.unit, each.lot, each.tick, each.currency,
                each.delivery_day or f"T+{each.settlement_days}", each.last_trading_day or "",
            ]
            for each in clause.value
        ]  # fmt: skip
        at.tell(
            f"{len(rows)} instruments are traded under {clause.reference}.",
            Table(
                columns=("Code", "Unit", "Lot", "Tick (minor)", "Money", "Settled", "Last day"),
                rows=rows,
            ),
            data={"instruments": clause.value, "reference": clause.reference},
            hint="tonne order book --instrument CODE",
        )


@command(app, by="authority")
def halt(call: Call, *, code: Code, hour: Hour = None) -> None:
    """Halt trading: orders stay, none is taken, nothing trades until tonne market resume.

    Example: tonne market halt --instrument EXA-SPOT
    """
    _change(call, code, hour, "halted")


@command(app, by="authority")
def resume(call: Call, *, code: Code, hour: Hour = None) -> None:
    """End a halt: trading goes on as the hours of the day say.

    Example: tonne market resume --instrument EXA-SPOT
    """
    _change(call, code, hour, None)


@command(app, by="authority")
def settle(call: Call, *, code: Code, hour: Hour = None) -> None:
    """Settle the trades whose day has come, netted; what fails is named and cured by law.

    Example: tonne market settle --instrument EXA-T2 --on 2025-06-04
    """
    with errand(call) as at, floor(at, code, hour) as on:
        found = on.settle()
        at.tell(
            _settled(found),
            Table(
                title="Failed",
                columns=("Trade", "Account", "Lacked", "Units", "Cure", "Again on", "Paid"),
                rows=[
                    [
                        str(each.trade), each.account, each.asset, each.lots * on.instrument.lot,
                        each.cure.replace("_", " "), each.due or "", each.paid or "",
                    ]
                    for each in found.failed
                ],
            ),
            data={"settled": found.trades, "failed": found.failed, "key": call.key},
            hint=f"tonne market trades --instrument {code}",
        )  # fmt: skip


@command(app, by="operator")
def allocate(
    call: Call,
    trade: Annotated[int, typer.Argument(metavar="TRADE", help="Its number.")],
    *,
    code: Code,
    account: Annotated[
        str, typer.Option("--account", metavar="ACCOUNT", help="Which bought or sold.")
    ],
    clients: Annotated[
        list[str],
        typer.Option(
            "--to", metavar="ACCOUNT=NUMBER", help="A client, and what was for him; once for each."
        ),
    ],
    hour: Hour = None,
) -> None:
    """Give a trade to the clients for whom it was made, before it is settled, at its price.

    They get the units and pay, or deliver and are paid; what they owe is held of them from now on.

    Example: tonne market allocate 1 --instrument EXA-T2 --account XE-120-8-0-90
    --to XE-121-9-0-76=20 --to XE-121-10-0-71=10
    """
    with errand(call) as at, floor(at, code, hour) as on:
        parts = on.allocate(trade, account, clients)
        lot, price = on.instrument.lot, on.money_of(parts[0].traded.price)
        rows = [
            [each.traded.seller, each.traded.buyer, each.left * lot, each.due] for each in parts
        ]
        at.tell(
            f"The trade {trade} is of {len(parts)} parts now, at {price} each unit.",
            Table(columns=("Seller", "Buyer", "Units", "Settled on"), rows=rows),
            data={
                "trade": trade,
                "price": price,
                "parts": [
                    dict(zip(("seller", "buyer", "count", "due"), row, strict=True)) for row in rows
                ],
                "key": call.key,
            },
            hint=f"tonne market settle --instrument {code} --on DATE",
        )


@command(app)
def trades(call: Call, *, code: Code, first: First = None, as_csv: AsCsv = False) -> None:
    """Tell the trades of days up to one, and their average price.

    Example: tonne market trades --instrument EXA-SPOT --from 2025-06-01 --on 2025-06-30
    """
    with errand(call) as at, floor(at, code, None) as on:
        zone = operations.zone_of(on.instrument)
        found = at.ask(
            lambda books: operations.trades_of(
                books, at.scheme, code, first=first or call.day, last=call.day, zone=zone
            )
        )
        if as_csv:
            _csv(
                ("trade", "at", "price", "currency", "count", "aggressor"),
                [
                    (
                        each.trade_id, each.at.isoformat(), _plain(on, each.price),
                        on.instrument.currency, each.qty * on.instrument.lot, each.aggressor or "",
                    )
                    for each in found
                ],
            )  # fmt: skip
            return
        average = market.average_price(found)
        volume = sum(each.qty for each in found) * on.instrument.lot
        price = "" if average is None else f", at {on.money_of(round(average))} on average"
        at.tell(
            f"{len(found):,} trades of {volume:,} {on.instrument.unit}{price}.",
            Table(columns=("Trade", "At", "Price", "Units"), rows=rows_of(found, on)),
            data={
                "instrument": code,
                "trades": [
                    {
                        "trade": each.trade_id,
                        "at": each.at.isoformat(),
                        "price": on.money_of(each.price),
                        "count": each.qty * on.instrument.lot,
                        "aggressor": each.aggressor,
                    }
                    for each in found
                ],
                "count": volume,
                "average_price_in_ticks": None if average is None else str(average),
            },
            hint=f"tonne market candles --instrument {code}",
        )


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
            _csv(
                columns,
                [
                    (
                        each.start.isoformat(),
                        *(
                            _plain(on, price)
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
def prices(call: Call, *, code: Code) -> None:
    """Tell the settlement price of each day up to one, and by which method of the law.

    Example: tonne market prices --instrument EXA-SPOT --on 2025-06-30
    """
    with errand(call) as at, floor(at, code, None) as on:
        found = at.ask(
            lambda books: operations.settlement_prices(books, at.scheme, code, last=call.day)
        )
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


@command(app)
def watch(call: Call, *, code: Code, first: First = None) -> None:
    """Tell what looks like abuse on days up to one, with the trades and orders that show it.

    An alert is no judgement: somebody looks at its evidence.

    Example: tonne market watch --instrument EXA-SPOT --from 2025-06-01 --on 2025-06-30
    """
    with errand(call) as at, floor(at, code, None):
        found = at.ask(
            lambda books: operations.alerts(
                books, at.scheme, code, first=first or call.day, last=call.day
            )
        )
        at.tell(
            f"{len(found):,} alerts.",
            Table(
                columns=("Kind", "At", "Owners", "Trades", "Orders", "Facts", "Rule"),
                rows=[
                    [
                        each.kind.replace("_", " "),
                        each.at.isoformat(sep=" ", timespec="minutes"),
                        ", ".join(each.owners),
                        ", ".join(map(str, each.trades)),
                        ", ".join(map(str, each.orders)),
                        each.facts,
                        each.reference,
                    ]
                    for each in found
                ],
            ),
            data={"instrument": code, "alerts": found},
            hint=f"tonne market trades --instrument {code}",
        )


@command(app, options=PLAIN)
def demo(
    call: Call,
    *,
    seed: Annotated[
        int, typer.Option("--seed", metavar="NUMBER", help="Another seed is another quarter.")
    ] = 1,
    database: Annotated[
        str,
        typer.Option(
            "--database", metavar="NAME", help="The books; those of an earlier demo are emptied."
        ),
    ] = "tonne_demo",
) -> None:
    """Live one quarter of a market: a government, two factories, a trader, a broker, a fund.

    They auction, trade on the book, deal through the broker and deliver for the fund, under the
    Example Act. Told are the auction, the deals, the book and everybody's statement.

    Example: tonne market demo --seed 7
    """
    from tonne.cli.market_demo import demonstrate  # noqa: PLC0415  heavy

    demonstrate(call, seed=seed, database=database)


def _change(call: Call, code: str, hour: object, phase: TradingPhase | None) -> None:
    """Put a book into a phase, or into the one that the hours say."""
    with errand(call) as at, floor(at, code, hour) as on:  # type: ignore[arg-type]
        due = phase or on.instrument.phase_at(on.moment.time())
        (events,) = on.take(ChangePhase(at=on.moment, phase=due))
        refuse_if_any(no for each in events if isinstance(each, Rejected) for no in each.refusals)
        at.tell(
            f"The book of {code} is {due}.",
            data={"instrument": code, "phase": due, "key": call.key},
            hint=f"tonne order book --instrument {code}",
        )


def _settled(found: Settled) -> str:
    if not (found.trades or found.failed):
        return "Nothing is due."
    failed = f"; {len(found.failed):,} failed" if found.failed else ""
    return f"{len(found.trades):,} trades are settled{failed}."


def _plain(on: Floor, ticks: int) -> str:
    """A price without its currency."""
    shown = on.money_of(ticks)
    return shown.rpartition(" ")[2] if isinstance(shown, str) else f"{shown.amount}"


def _csv(columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
