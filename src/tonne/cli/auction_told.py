"""Auctions: what is told of them, and to whom; results once the bids were opened."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

import typer

from tonne.cli.errand import Errand, errand
from tonne.cli.options import Call, a_name, command
from tonne.cli.show import Table, some
from tonne.operations import auctions
from tonne.quantity import Currency, Money

app = typer.Typer(
    no_args_is_help=True, help="Auction units: sealed bids, one price, settled at once."
)
Name = Annotated[
    str, typer.Argument(metavar="AUCTION", callback=a_name, help="What the auction is called.")
]


def a_moment(text: str) -> datetime:
    """A moment as people write it, or a sentence about what is wrong."""
    found = auctions.a_moment(text)
    if found is None:
        raise typer.BadParameter(f"{text!r} is no moment; write it as 2025-06-01T09:00, in UTC.")
    return found


@command(app)
def results(call: Call, *, name: Name) -> None:
    """Tell what is published of an auction: price, cover, bidders, bid curve. Not before it.

    Example: tonne auction results A1
    """
    with errand(call) as at:
        found = at.ask(lambda books: auctions.results(books, at.scheme, name, desk=at.desk))
        told_results(at, name, found)


@command(app)
def show(
    call: Call,
    *,
    name: Name,
    bidder: Annotated[
        str | None,
        typer.Option("--bidder", metavar="ACCOUNT", help="With the bids of this one, and awards."),
    ] = None,
) -> None:
    """Tell how an auction stands: what it offers, when it closes, the hashes of its sealed bids.

    Example: tonne auction show A1 --bidder XE-120-1-0-97
    """
    with errand(call) as at:
        found = at.ask(lambda books: auctions.find(books, at.scheme, name))
        listed, roll = at.ask(lambda books: auctions.sealed_bids(books, found))
        who = None if bidder is None else at.account(bidder)
        mine = (
            []
            if who is None
            else at.ask(lambda books: auctions.bids_of(books, at.scheme, name, who))
        )
        word, status = found.created, found.status(auctions.moment(at.desk))
        code = found.law(at.scheme).currency.code
        own = [
            {
                "bid": each.id,
                "price": in_money(each.price, code),
                "count": each.count,
                "received": each.received,
                "salt": each.salt,
                "commitment": each.commitment,
                "awarded": count,
                "paid": Money(minor, Currency(code)),
            }
            for each, count, minor in mine
        ]
        at.tell(
            f"The auction {name} is {status}: {word.offer.total:,} {word.unit}, from "
            f"{word.opens:%Y-%m-%d %H:%M} to {word.closes:%Y-%m-%d %H:%M} UTC; "
            f"{some(len(listed), 'bid')} sealed.",
            Table(
                title=f"Bids of {who}",
                columns=("Bid", "Price", "Units", "Received", "Awarded", "Price of them"),
                rows=[
                    [each["bid"], each["price"], each["count"], str(each["received"])[:19],
                     each["awarded"], each["paid"]]
                    for each in own
                ],
            ),
            data={
                "auction": name,
                "instrument": word.instrument,
                "unit": word.unit,
                "status": status,
                "opens": word.opens,
                "closes": word.closes,
                "offered": word.offer.total,
                "offer": word.offer,
                "set_aside": word.set_aside,
                "again": word.again,
                "groups": word.groups,
                "sealed": [each.commitment for each in listed],
                "roll": roll,
                "reason": None if found.called_off is None else found.called_off.reason,
                "bids": own,
                "forfeited": None if who is None else _forfeited(found, who, code),
            },
            hint=f"tonne auction {'results' if status == 'cleared' else 'bid'} {name}",
        )  # fmt: skip


@command(app, "list")
def list_(call: Call) -> None:
    """List the auctions of the scheme, and how far each has come.

    Example: tonne auction list
    """
    with errand(call) as at:
        found = at.ask(lambda books: auctions.every(books, at.scheme))
        now = auctions.moment(at.desk)
        rows: list[list[object]] = []
        for each in found:
            word, price = each.created, None
            if each.cleared is not None and each.cleared.results.price is not None:
                price = in_money(each.cleared.results.price, each.cleared.results.currency)
            rows.append(
                [word.name, each.status(now), word.unit, word.offer.total, word.opens, word.closes,
                 price]
            )  # fmt: skip
        at.tell(
            f"{some(len(found), 'auction')}.",
            Table(
                columns=("Auction", "Is", "Unit", "Offered", "Opens", "Closes", "Price"),
                rows=[[*row[:4], *(f"{at_:%Y-%m-%d %H:%M}" for at_ in row[4:6]), row[6]]
                      for row in rows],
            ),
            data={"auctions": [dict(zip(_LISTED, row, strict=True)) for row in rows]},
            hint="tonne auction show AUCTION" if found else "tonne auction create --help",
        )  # fmt: skip


def _forfeited(found: auctions.HeldAuction, who: str, code: str) -> Money:
    """What a bidder lost of the collateral, because the rest was not paid."""
    defaulted = () if found.cleared is None else found.cleared.defaulted
    lost = sum(each.forfeited for each in defaulted if each.bidder == who)
    return Money(lost, Currency(code))


_LISTED = ("auction", "status", "unit", "offered", "opens", "closes", "price")


def told_results(at: Errand, name: str, found: auctions.Cleared) -> None:
    """Tell what is published."""
    word = found.results
    price = None if word.price is None else in_money(word.price, word.currency)
    at.tell(
        f"The auction {name}: {_sold(found, price)}. Cover {word.cover}, {word.bidders} bidders, "
        f"{word.winners} winners.",
        Table(
            title="Cancelled, because", columns=("Why",), rows=[[each] for each in word.cancelled]
        ),
        Table(
            title="Bid for, at a price or above",
            columns=("Price", "Units"),
            rows=[[in_money(each.price, word.currency), each.count] for each in word.curve],
        ),
        Table(
            title="Sold",
            columns=("Seller", "Offered", "Sold", "Proceeds"),
            rows=[
                [each.seller, each.offered, each.sold, Money(each.minor, Currency(word.currency))]
                for each in word.sellers
            ],
        ),
        Table(
            title="Not sold",
            columns=("Seller", "Units", "What becomes of them", "In auction"),
            rows=[
                [each.seller, each.count, each.fate.replace("_", " "), each.auction]
                for each in word.left
            ],
        ),
        data={
            "auction": name,
            "price": price,
            "offered": word.offered,
            "sold": word.sold,
            "cost_containment_sold": word.cost_sold,
            "withheld": word.withheld,
            "demanded": word.demanded,
            "cover": str(word.cover),
            "bidders": word.bidders,
            "winners": word.winners,
            "proceeds": word.proceeds,
            "curve": [
                {"price": in_money(each.price, word.currency), "count": each.count}
                for each in word.curve
            ],
            "sellers": [
                {
                    "seller": each.seller,
                    "offered": each.offered,
                    "sold": each.sold,
                    "proceeds": Money(each.minor, Currency(word.currency)),
                }
                for each in word.sellers
            ],
            "left": word.left,
            "sealed": word.sealed,
            "not_counted": len(found.not_counted),
            "defaulted": len(found.defaulted),
            "roll": word.roll,
            "seed": word.seed,
            "cancelled": word.cancelled,
        },
        hint=f"tonne auction show {name}",
    )


def _sold(found: auctions.Cleared, price: Money | None) -> str:
    word = found.results
    said = f"nothing of {word.offered:,} was sold"
    if price is not None:
        said = f"{word.sold:,} of {word.offered:,} were sold at {price}, for {word.proceeds}"
    if found.defaulted:
        units = sum(each.count for each in found.defaulted)
        said += f"; {some(len(found.defaulted), 'bidder')} could not pay for {units:,}"
    return said


def in_money(amount: Decimal, code: str) -> Money:
    """A price for a unit, which is whole coins."""
    return Money.of(amount, Currency(code))
