"""Trades that were agreed elsewhere: settled at once, units against money."""

from decimal import Decimal
from typing import Annotated

import typer

from tonne import operations
from tonne.cli.errand import again, errand
from tonne.cli.options import Call, Count, Serials, Unit, command
from tonne.operations import Trade
from tonne.quantity import currency, price
from tonne.registry import TradeRecord

app = typer.Typer(
    no_args_is_help=True, help="Propose, quote and confirm deals; settle what was agreed."
)

TICK = Decimal("0.01")


@command(app, by="operator")
def settle(
    call: Call,
    *,
    buyer: Annotated[str, typer.Option("--buyer", metavar="ACCOUNT", help="Who pays.")],
    seller: Annotated[str, typer.Option("--seller", metavar="ACCOUNT", help="Who delivers.")],
    unit: Unit,
    count: Count = None,
    block: Serials = None,
    at_price: Annotated[
        str, typer.Option("--price", metavar="AMOUNT", help="For one unit, to the cent.")
    ],
    of_currency: Annotated[
        str | None,
        typer.Option("--currency", metavar="CODE", help="That of the scheme if not said."),
    ] = None,
    free: Annotated[
        bool,
        typer.Option("--free-of-payment", metavar="", help="Only the units move; paid elsewhere."),
    ] = False,
    buyer_country: Annotated[
        str, typer.Option("--buyer-country", metavar="CODE", help="Where the buyer is taxed.")
    ] = "",
    seller_country: Annotated[
        str, typer.Option("--seller-country", metavar="CODE", help="Where the seller is taxed.")
    ] = "",
    secret: Annotated[
        bool, typer.Option("--secret-price", metavar="", help="The public is not told the price.")
    ] = False,
    delay: Annotated[
        int,
        typer.Option("--delay", metavar="MINUTES", min=0, help="When the public is told, after."),
    ] = 0,
) -> None:
    """Settle what was agreed elsewhere: units and money change hands at once, or neither does.

    The law says what fees both sides pay, and who pays the tax on the trade.

    Example: tonne deal settle --buyer A --seller B --unit EXA-1 --count 40 --price 22.50
    """
    with errand(call) as at:
        units, serials = at.units("trade", unit, count, block)
        clause = at.scheme.registry.currency.on(call.day)
        money = currency(of_currency or clause.value, reference=clause.reference)
        trade = Trade(
            key=call.key,
            buyer=at.account(buyer),
            seller=at.account(seller),
            unit=unit,
            count=units,
            price=price(at_price, money, tick=TICK, reference=clause.reference),
            block=serials,
            free=free,
            buyer_country=buyer_country.strip().upper(),
            seller_country=seller_country.strip().upper(),
            public=not secret,
            delay=delay,
        )
        receipt, record = at.do(
            lambda books: operations.settle_direct(books, at.scheme, trade, desk=at.desk)
        )
        paid = "free of payment" if free else f"for {record.money(record.due)}"
        at.tell(
            f"{units:,} {unit} went from {trade.seller} to {trade.buyer} {paid}{again(receipt)}.",
            data=at.data(receipt, **_data(record)),
            hint=f"tonne cash statement {trade.buyer}",
        )


def _data(record: TradeRecord) -> dict[str, object]:
    """What was written down of a trade, for a program."""
    return {
        "unit": record.unit,
        "count": record.count,
        "buyer": record.buyer,
        "seller": record.seller,
        "paid": record.money(record.paid),
        "free_of_payment": record.free,
        "vat": {
            "treatment": record.treatment,
            "rate": str(record.rate),
            "amount": record.money(record.vat),
        },
        "fees": {
            "buyer": record.money(record.buyer_fee),
            "seller": record.money(record.seller_fee),
        },
        "public": record.public,
        "delay": record.delay,
    }
