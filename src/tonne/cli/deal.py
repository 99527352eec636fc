"""Deals between two sides: proposed or quoted, confirmed by both, settled when they are due."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Literal

import typer

from tonne.cli.deal_settle import TICK, app
from tonne.cli.deal_shown import data, public_data, public_table, table, tell
from tonne.cli.errand import Errand, errand
from tonne.cli.failures import UserFault
from tonne.cli.options import Call, Unit, a_day, command
from tonne.market import Brokerage, Deal
from tonne.operations import deals
from tonne.quantity import Money, Price, currency, number, price
from tonne.quantity import count as a_count

__all__ = ["app"]

Name = Annotated[str, typer.Argument(metavar="DEAL", help="Its name, such as D-17.")]
For = Annotated[
    str, typer.Option("--for", metavar="ACCOUNT", help="Who says it: a side, or the broker.")
]
Buyer = Annotated[str, typer.Option("--buyer", metavar="ACCOUNT", help="Who pays.")]
Seller = Annotated[str, typer.Option("--seller", metavar="ACCOUNT", help="Who delivers.")]
Count = Annotated[str, typer.Option("--count", metavar="NUMBER", help="How many units.")]
AtPrice = Annotated[
    str, typer.Option("--price", metavar="AMOUNT", help="For one unit, to the cent.")
]
Until = Annotated[
    date | None,
    typer.Option(
        "--until", metavar="DATE", parser=a_day,
        help="The last day on which it may be confirmed; this day if not said.",
    ),
]  # fmt: skip
SettleOn = Annotated[
    date | None,
    typer.Option(
        "--settle-on", metavar="DATE", parser=a_day,
        help="The first day on which it is settled; as soon as the law lets it if not said.",
    ),
]  # fmt: skip
Free = Annotated[
    bool, typer.Option("--free-of-payment", metavar="", help="Only the units move; paid elsewhere.")
]
Secret = Annotated[
    bool, typer.Option("--secret-price", metavar="", help="The public is not told the price.")
]
Broker = Annotated[
    str | None, typer.Option("--broker", metavar="ACCOUNT", help="Who brought the sides together.")
]
Commission = Annotated[
    str | None,
    typer.Option(
        "--commission", metavar="AMOUNT|SHARE%",
        help="The broker's: so much for a unit, such as 0.05, or of the value, such as 0.5%.",
    ),
]  # fmt: skip
PaidByWhom = Literal["buyer", "seller", "both"]
PaidBy = Annotated[
    PaidByWhom,
    typer.Option("--commission-from", help="Who pays the broker."),
]


@command(app, by="operator")
def propose(
    call: Call,
    *,
    buyer: Buyer,
    seller: Seller,
    unit: Unit,
    count: Count,
    at_price: AtPrice,
    speaker: For,
    until: Until = None,
    settle_on: SettleOn = None,
    free: Free = False,
    secret: Secret = False,
    broker: Broker = None,
    commission: Commission = None,
    paid_by: PaidBy = "both",
) -> None:
    """Propose a deal with its price: who proposes has confirmed, and what it gives is held.

    Example: tonne deal propose --buyer A --seller B --for B --unit EXA-1 --count 40 --price 22.50
    """
    with errand(call) as at:
        draft = Deal(
            id="",
            buyer=at.account(buyer),
            seller=at.account(seller),
            unit=unit,
            count=_count(at, count),
            price=_price(at, at_price),
            settle_on=settle_on or call.day,
            valid_until=_end_of(until or call.day),
            delivery="free_of_payment" if free else "versus_payment",
            brokerage=_brokerage(at, broker, commission, paid_by),
            price_public=not secret,
        )
        by = at.account(speaker)
        found = at.do(
            lambda books: deals.propose(books, at.scheme, draft, by=by, key=call.key, desk=at.desk)
        )
        tell(at, found, hint="tonne deal confirm DEAL --for ACCOUNT", named=False)


@command(app, by="operator")
def request(
    call: Call,
    *,
    buyer: Buyer,
    seller: Seller,
    unit: Unit,
    count: Count,
    speaker: For,
    until: Until = None,
    settle_on: SettleOn = None,
    secret: Secret = False,
) -> None:
    """Ask the other side for a price, without one of your own.

    Example: tonne deal request --buyer A --seller B --for A --unit EXA-1 --count 40
    """
    with errand(call) as at:
        draft = Deal(
            id="",
            buyer=at.account(buyer),
            seller=at.account(seller),
            unit=unit,
            count=_count(at, count),
            price=None,
            settle_on=settle_on or call.day,
            valid_until=_end_of(until or call.day),
            price_public=not secret,
        )
        by = at.account(speaker)
        found = at.do(
            lambda books: deals.request(books, at.scheme, draft, by=by, key=call.key, desk=at.desk)
        )
        tell(at, found, hint="tonne deal quote DEAL --for ACCOUNT --price AMOUNT", named=False)


@command(app, by="operator")
def quote(call: Call, *, name: Name, at_price: AtPrice, speaker: For) -> None:
    """Name a price for what was asked, or a better one; what is given for it is held.

    Example: tonne deal quote D-17 --for B --price 22.50
    """
    with errand(call) as at:
        asked, by = _price(at, at_price), at.account(speaker)
        found = at.do(
            lambda books: deals.quote(
                books, at.scheme, name, asked, by=by, key=call.key, desk=at.desk
            )
        )
        tell(at, found, hint=f"tonne deal confirm {name} --for ACCOUNT")


@command(app, by="operator")
def confirm(call: Call, *, name: Name, speaker: For) -> None:
    """Confirm a deal as one of its sides; once both have, it is settled when the law says.

    Example: tonne deal confirm D-17 --for A
    """
    with errand(call) as at:
        by = at.account(speaker)
        found = at.do(
            lambda books: deals.confirm(books, at.scheme, name, by=by, key=call.key, desk=at.desk)
        )
        tell(at, found, hint=f"tonne deal show {name}")


@command(app, by="operator")
def reject(
    call: Call,
    *,
    name: Name,
    speaker: Annotated[
        str | None,
        typer.Option(
            "--for", metavar="ACCOUNT",
            help="Who says it; nobody: the market itself, of a deal that failed.",
        ),
    ] = None,
) -> None:  # fmt: skip
    """Reject or withdraw a deal that is not agreed; what was held for it is free again.

    Example: tonne deal reject D-17 --for A
    """
    with errand(call) as at:
        who = None if speaker is None else at.account(speaker)
        found = at.do(
            lambda books: deals.cancel(books, at.scheme, name, by=who, key=call.key, desk=at.desk)
        )
        tell(at, found, hint="tonne deal list")


@command(app, by="administrator")
def roll(
    call: Call,
    *,
    name: Name,
    to: Annotated[
        date, typer.Option("--to", metavar="DATE", parser=a_day, help="The new day of settlement.")
    ],
) -> None:
    """Let a deal that could not be settled be tried again on a later day.

    Example: tonne deal roll D-17 --to 2026-08-06
    """
    with errand(call) as at:
        found = at.do(
            lambda books: deals.roll(books, at.scheme, name, to, key=call.key, desk=at.desk)
        )
        tell(at, found, hint="tonne deal due")


@command(app, by="administrator")
def due(
    call: Call,
    *,
    spot: Annotated[
        str | None,
        typer.Option(
            "--spot", metavar="AMOUNT",
            help="What a unit costs elsewhere, where it is traded on no book.",
        ),
    ] = None,
) -> None:  # fmt: skip
    """Settle the deals that are due, and let go what nobody confirmed in time.

    What cannot be settled is named, and cured by the law as on an exchange.

    Example: tonne deal due --on 2026-08-05
    """
    with errand(call) as at:
        level = None if spot is None else _price(at, spot)
        done, lapsed = at.do(
            lambda books: (
                deals.settle_due(books, at.scheme, key=f"{call.key}/due", desk=at.desk, spot=level),
                deals.expire(books, at.scheme, key=f"{call.key}/lapsed", desk=at.desk),
            )
        )
        settled = sum(each.transaction is not None for each in done)
        at.tell(
            f"{settled:,} of {len(done):,} deals due are settled; {len(lapsed):,} lapsed.",
            table([*done, *lapsed]),
            data={
                "due": [data(each) for each in done],
                "lapsed": [data(each) for each in lapsed],
                "key": call.key,
            },
            hint="tonne deal list",
        )


@command(app)
def show(call: Call, *, name: Name) -> None:
    """Tell how a deal stands, and every word that was said of it.

    Example: tonne deal show D-17
    """
    with errand(call) as at:
        tell(at, at.ask(lambda books: deals.the_deal(books, at.scheme, name, desk=at.desk)))


@command(app, "list")
def list_(
    call: Call,
    *,
    public: Annotated[
        bool,
        typer.Option("--public", metavar="", help="What the public knows by now: not who."),
    ] = False,
) -> None:
    """List the deals, or what the public knows of those that are agreed.

    Example: tonne deal list --public
    """
    with errand(call) as at:
        if public:
            told = at.ask(lambda books: deals.published(books, at.scheme, desk=at.desk))
            at.tell(
                f"{len(told):,} deals are published.",
                public_table(told),
                data={"published": [public_data(each) for each in told]},
            )
            return
        found = at.ask(lambda books: deals.deals(books, at.scheme, desk=at.desk))
        at.tell(
            f"{len(found):,} deals.",
            table(found),
            data={"deals": [data(each) for each in found]},
            hint="tonne deal show DEAL",
        )


def _count(at: Errand, text: str) -> int:
    return a_count(text, reference=at.law.on_transactions)


def _price(at: Errand, text: str) -> Price:
    """A price in the money of the scheme, to the cent."""
    clause = at.scheme.registry.currency.on(at.call.day)
    money_of = currency(clause.value, reference=clause.reference)
    return price(text, money_of, tick=TICK, reference=clause.reference)


def _brokerage(
    at: Errand, broker: str | None, commission: str | None, paid_by: PaidByWhom
) -> Brokerage | None:
    """Who is paid for bringing the sides together: so much for a unit, or a share of the value."""
    if broker is None and commission is None:
        return None
    if broker is None or commission is None:
        raise UserFault(
            "A broker is paid, and a commission is somebody's.",
            remedy="Give both --broker and --commission, or neither.",
        )
    clause = at.scheme.registry.currency.on(at.call.day)
    text, share, _ = commission.partition("%")
    amount = number(text, what="Commission", reference=clause.reference)
    whole = Money.of(Decimal(1), currency(clause.value, reference=clause.reference)).minor
    return Brokerage(
        broker=at.account(broker),
        basis="of_value" if share else "per_unit",
        rate=amount / 100 if share else amount * whole,
        payer=paid_by,
    )


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, tzinfo=UTC)
