"""An exchange: what is traded, halts, settlement, trades and prices, what looks like abuse."""

from typing import Annotated

import typer

from tonne import operations
from tonne.cli.errand import errand
from tonne.cli.floor import Code, Hour, floor
from tonne.cli.market_data import First, app
from tonne.cli.options import PLAIN, Call, command
from tonne.cli.show import Table
from tonne.market import ChangePhase, Rejected, TradingPhase
from tonne.operations import Settled
from tonne.quantity import Currency, Money
from tonne.refusal import refuse_if_any


@command(app, "list")
def list_(call: Call) -> None:
    """List what is traded under the scheme's law on a day, on books and in auctions.

    Example: tonne market list --on 2025-06-02
    """
    with errand(call) as at:
        clause = at.scheme.instruments.instruments.on(call.day)
        lots = at.scheme.instruments.auction_lots.on(call.day).value
        rows = [
            [
                each.code, each.kind, each.unit, each.lot, each.tick, each.currency,
                each.delivery_day or f"T+{each.settlement_days}", each.last_trading_day or "",
            ]
            for each in clause.value
        ] + [
            [
                each.code, "auction lot", each.unit, each.lot, each.tick, each.currency,
                f"T+{each.settlement_days}", "",
            ]
            for each in lots
        ]  # fmt: skip
        at.tell(
            f"{len(rows)} instruments are traded under {clause.reference}.",
            Table(
                columns=(
                    "Code",
                    "Kind",
                    "Unit",
                    "Lot",
                    "Tick (minor)",
                    "Money",
                    "Settled",
                    "Last day",
                ),
                rows=rows,
            ),
            data={
                "instruments": clause.value,
                "auction_lots": lots,
                "reference": clause.reference,
            },
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
    trades: Annotated[
        list[int], typer.Argument(metavar="TRADE...", help="Their numbers; several on average.")
    ],
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
    pro_rata: Annotated[
        bool,
        typer.Option(
            "--pro-rata", help="The clients wanted so much; less was traded, and is shared out."
        ),
    ] = False,
    hour: Hour = None,
) -> None:
    """Give trades to the clients for whom they were made, before they are settled.

    They get the units and pay, or deliver and are paid; what they owe is held of them from now on.
    Of several trades each has the average price, to the cent: the difference is paid at once.

    Example: tonne market allocate 1 2 --instrument EXA-T2 --account XE-120-8-0-90
    --to XE-121-9-0-76=20 --to XE-121-10-0-71=10
    """
    with errand(call) as at, floor(at, code, hour) as on:
        given = on.allocate(trades, account, clients, pro_rata=pro_rata)
        lot, currency = on.instrument.lot, Currency(on.instrument.currency)
        price = on.average_of(given.average)
        shares = [
            [each.client, each.count, Money(each.money, currency), Money(each.difference, currency)]
            for each in given.clients
        ]
        rows: list[list[object]] = [
            [
                str(each.traded.trade_id),
                each.traded.seller,
                each.traded.buyer,
                each.left * lot,
                on.money_of(each.traded.price),
                each.due,
            ]
            for each in given.parts
        ]
        at.tell(
            f"{sum(each.count for each in given.clients):,} units are given to {len(shares)} "
            f"clients, at {price} each on average.",
            Table(columns=("Client", "Units", "In all", "Evened out"), rows=shares),
            Table(
                title="Parts",
                columns=("Trade", "Seller", "Buyer", "Units", "Price", "Settled on"),
                rows=rows,
            ),
            data={
                "trades": trades,
                "price": price,
                "clients": [dict(zip(_CLIENT, row, strict=True)) for row in shares],
                "parts": [dict(zip(_PART, row, strict=True)) for row in rows],
                "key": call.key,
            },
            hint=f"tonne market settle --instrument {code} --on DATE",
        )  # fmt: skip


_CLIENT = ("client", "count", "money", "difference")
_PART = ("trade", "seller", "buyer", "count", "price", "due")


@command(app)
def watch(call: Call, *, code: Code, first: First = None) -> None:
    """Tell what looks like abuse on days up to one, with the trades, deals and orders that show it.

    It looks at the orders of a book, and at all trades of what is delivered there, on books and
    over the counter. An alert is no judgement: somebody looks at its evidence.

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
                        ", ".join(each.trades),
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
