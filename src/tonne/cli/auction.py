"""Auctions: created, bid in, cleared; what is public of them, and when."""

import secrets
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tonne.cli.auction_told import Name, a_moment, app, told_results
from tonne.cli.errand import Errand, errand
from tonne.cli.failures import UserFault
from tonne.cli.options import Call, a_name, command, words
from tonne.cli.show import Table, some
from tonne.market import Consigned
from tonne.operations import auctions, sheets
from tonne.quantity import count as a_count
from tonne.quantity import number

__all__ = ["app"]


_One = tuple[str | None, str | None, str | None]
"""Bidder, price and count of one bid, as far as they were said."""

Bidder = Annotated[
    str | None, typer.Option("--bidder", metavar="ACCOUNT", help="Who bids, by account number.")
]
Lot = Annotated[
    str,
    typer.Option(
        "--instrument", metavar="CODE", help="What it sells: a lot of auctions of the law."
    ),
]
Own = Annotated[
    list[str],
    typer.Option(
        "--bid", metavar="ID", callback=a_name, help="Which bid, by its id; again for more."
    ),
]


@command(app, by="authority")
def create(
    call: Call,
    *,
    name: Name,
    code: Lot,
    count: Annotated[
        str, typer.Option("--count", metavar="NUMBER", help="How many units of the authority.")
    ],
    opens: Annotated[
        datetime,
        typer.Option(
            "--opens", metavar="MOMENT", parser=a_moment, help="When bids are taken from."
        ),
    ],
    closes: Annotated[
        datetime,
        typer.Option("--closes", metavar="MOMENT", parser=a_moment, help="From when on no more."),
    ],
    consign: Annotated[
        list[str] | None,
        typer.Option(
            "--consign", metavar="ACCOUNT=NUMBER", help="Units of others that it sells; again."
        ),
    ] = None,
    group: Annotated[
        list[str] | None,
        typer.Option(
            "--group", metavar="ACCOUNT,ACCOUNT", help="Bidders that share one limit; again."
        ),
    ] = None,
) -> None:
    """Create an auction by the law: what it offers is on hold until it is cleared.

    Units that earlier auctions left to it are added, and what is left of the year's reserve is set
    aside for it.

    Example: tonne auction create A1 --instrument EXA-1-LOT --count 300 --opens 2025-06-01T09:00
    --closes 2025-06-04T14:00
    """
    with errand(call) as at:
        asked = auctions.NewAuction(
            name=name,
            instrument=code,
            count=a_count(count, reference=at.law.on_transactions, least=0),
            opens=opens,
            closes=closes,
            consigned=tuple(_consigned(at, text) for text in consign or ()),
            groups=tuple(tuple(map(at.account, text.split(","))) for text in group or ()),
        )
        found = at.do(
            lambda books: auctions.create(books, at.scheme, asked, key=call.key, desk=at.desk)
        )
        word = found.created
        more = f", and {word.set_aside:,} are set aside at the trigger" if word.set_aside else ""
        at.tell(
            f"The auction {name} offers {word.offer.total:,} {word.unit}{more}; bids until "
            f"{word.closes:%Y-%m-%d %H:%M} UTC.",
            data={
                "auction": name, "instrument": word.instrument, "unit": word.unit,
                "offered": word.offer.total, "offer": word.offer, "again": word.again,
                "set_aside": word.set_aside, "opens": word.opens, "closes": word.closes,
                "key": call.key,
            },
            hint=f"tonne auction bid {name} --help",
        )  # fmt: skip


@command(app, by="operator")
def bid(
    call: Call,
    *,
    name: Name,
    bidder: Bidder = None,
    own: Annotated[
        str, typer.Option("--bid", metavar="ID", callback=a_name, help="Your id of the bid.")
    ] = "1",
    price: Annotated[
        str | None, typer.Option("--price", metavar="AMOUNT", help="For one unit.")
    ] = None,
    count: Annotated[
        str | None, typer.Option("--count", metavar="NUMBER", help="How many units.")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            exists=True,
            dir_okay=False,
            help="Many bids: a table (.csv, .xlsx) with the columns "
            f"{', '.join(auctions.COLUMNS)} and perhaps received; or such objects (.json).",
        ),
    ] = None,
    replacing: Annotated[
        bool,
        typer.Option("--replace", metavar="", help="In the place of those under the same ids."),
    ] = False,
) -> None:
    """Hand in a sealed bid: the public is told its hash alone until the bids are opened.

    What your bids may cost at most, with the tax on it, is on hold until then. Many bids stand
    together or not at all; who enters bids that came elsewhere says when, in the column received.

    Example: tonne auction bid A1 --bidder XE-120-1-0-97 --price 26.50 --count 100
    """
    with errand(call) as at:
        orders = _orders(at, file, own, (bidder, price, count))
        found = at.do(
            lambda books: auctions.bid(
                books,
                at.scheme,
                name,
                orders,
                replacing=replacing,
                key=call.key,
                desk=at.desk,
            ),
            doing=f"Taking {some(len(orders), 'bid')}",
        )
        taken = sum(len(each.bids) for each in found)
        held = str(found[0].held) if len(found) == 1 else f"money of {some(len(found), 'bidder')}"
        at.tell(
            f"{some(taken, 'bid')} lie{'s' if taken == 1 else ''} sealed in {name}; {held} is on "
            "hold.",
            Table(
                title="Sealed",
                columns=("Bidder", "Bid", "Hash"),
                rows=[[each.bidder, own.id, own.commitment] for each in found for own in each.bids],
            ),
            data={
                "auction": name,
                "bidders": [_data(each) for each in found],
                "key": call.key,
            },
            hint=f"tonne auction show {name} --bidder ACCOUNT",
        )


@command(app, by="operator")
def withdraw(
    call: Call,
    *,
    name: Name,
    bidder: Annotated[str, typer.Option("--bidder", metavar="ACCOUNT", help="Whose bids.")],
    own: Own,
) -> None:
    """Take bids back before the close: what was on hold for them is free again.

    Example: tonne auction withdraw A1 --bidder XE-120-1-0-97 --bid 1
    """
    with errand(call) as at:
        who = at.account(bidder)
        found = at.do(
            lambda books: auctions.withdraw(
                books, at.scheme, name, bidder=who, bids=own, key=call.key, desk=at.desk
            )
        )
        at.tell(
            f"{some(len(found.withdrawn), 'bid')} of {who} taken back; {found.held} is still on "
            "hold.",
            data={"auction": name, **_data(found), "key": call.key},
            hint=f"tonne auction show {name} --bidder {who}",
        )


@command(app, by="authority")
def clear(
    call: Call,
    *,
    name: Name,
    seed: Annotated[
        str | None,
        typer.Option(
            "--seed",
            metavar="TEXT",
            callback=a_name,
            help="What lots are drawn from; the hash of all sealed bids if not said.",
        ),
    ] = None,
    market: Annotated[
        str | None,
        typer.Option(
            "--market-price", metavar="AMOUNT", help="Where the law measures by the market."
        ),
    ] = None,
) -> None:
    """Open the bids, sell to the highest at one price, settle every award, and publish.

    Units go to the winners and money to the sellers in one transaction; the authority's proceeds go
    to the treasury, and everything else that was on hold is free again.

    Example: tonne auction clear A1
    """
    with errand(call) as at:
        reference = at.law.on_transactions
        measured = (
            None if market is None else number(market, what="Price", reference=reference)
        )  # fmt: skip
        found = at.do(
            lambda books: auctions.clear(
                books,
                at.scheme,
                name,
                seed=seed,
                market=measured,
                key=call.key,
                desk=at.desk,
            ),
            doing="Clearing the auction",
        )
        told_results(at, name, found)


@command(app, "call-off", by="authority")
def call_off(
    call: Call,
    *,
    name: Name,
    reason: Annotated[str, typer.Option("--reason", callback=words, help="Why, for the record.")],
) -> None:
    """Hold an auction no more: units and money are free again.

    Example: tonne auction call-off A1 --reason 'the registry is closed for a day'
    """
    with errand(call) as at:
        at.do(
            lambda books: auctions.call_off(
                books, at.scheme, name, reason=reason, key=call.key, desk=at.desk
            )
        )
        at.tell(
            f"The auction {name} is called off; everything is free again.",
            data={"auction": name, "reason": reason, "key": call.key},
            hint="tonne auction list",
        )


def _consigned(at: Errand, text: str) -> Consigned:
    """Whose units, and how many."""
    account, _, count = text.partition("=")
    units = a_count(count, reference=at.law.on_transactions)
    return Consigned(seller=at.account(account), count=units)


def _orders(at: Errand, file: Path | None, own: str, one: _One) -> list[auctions.BidOrder]:
    """The bids of a file, or the one that was written."""
    bidder, price, count = one
    if file is not None:
        if any(each is not None for each in one):
            raise UserFault("A file, or one bid?", remedy="Leave out --file, or all the rest.")
        if file.suffix.casefold() == ".json":
            text = file.read_text("utf-8", errors="replace")
            return auctions.read_bids_in_json(file.name, text, salt=_salt)
        return auctions.read_bids(sheets(file.name, file.read_bytes()), salt=_salt)
    if bidder is None or price is None or count is None:
        raise UserFault(
            "A bid has a bidder, a price and a count.",
            remedy="Give --bidder, --price and --count; or --file for many bids.",
        )
    reference = at.law.on_transactions
    return [
        auctions.BidOrder(
            bidder=at.account(bidder),
            id=own,
            price=number(price, what="Price", reference=reference),
            count=a_count(count, reference=reference),
            salt=_salt(),
        )
    ]


def _salt() -> str:
    """What nobody guesses."""
    return secrets.token_hex(16)


def _data(found: auctions.HandedIn) -> dict[str, object]:
    """What a bidder handed in, for its program; with a salt it can check a hash."""
    return {
        "bidder": found.bidder,
        "bids": found.bids,
        "withdrawn": found.withdrawn,
        "held": found.held,
    }
