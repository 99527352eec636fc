"""The clock: a price that falls, round by round, until what is bid at it fits the budget."""

from typing import Annotated, Any

import typer

from tonne.cli.auction_told import in_money
from tonne.cli.errand import Errand, errand
from tonne.cli.options import Call, a_name, command, words
from tonne.cli.show import Table, some
from tonne.operations import clocks
from tonne.quantity import Currency, Money, number
from tonne.quantity import count as a_count

app = typer.Typer(no_args_is_help=True, help="Pay for reductions, at a price that falls.")

ClockStands = clocks.ClockStands
Name = Annotated[
    str, typer.Argument(metavar="CLOCK", callback=a_name, help="What the clock auction is called.")
]


@command(app, "open", by="authority")
def open_(
    call: Call,
    *,
    name: Name,
    bidder: Annotated[
        list[str],
        typer.Option("--bidder", metavar="ACCOUNT", help="Who is admitted; again for more."),
    ],
) -> None:
    """Open a clock auction for those who are admitted: the first price of the law is called.

    Example: tonne clock open C1 --bidder XE-120-7-0-95 --bidder XE-120-8-0-90
    """
    with errand(call) as at:
        admitted = [at.account(each) for each in bidder]
        found = at.do(
            lambda books: clocks.open_clock(
                books, at.scheme, name, bidders=admitted, key=call.key, desk=at.desk
            )
        )
        data = _data(at, found)
        at.tell(
            f"The clock {name} is open to {some(len(admitted), 'bidder')}: {data['price']} is "
            f"called, and {data['budget']} may be spent.",
            data=data | {"key": call.key},
            hint=f"tonne clock bid {name} --help",
        )


@command(app, by="operator")
def bid(
    call: Call,
    *,
    name: Name,
    bidder: Annotated[
        str, typer.Option("--bidder", metavar="ACCOUNT", help="Who bids, by account number.")
    ],
    price: Annotated[
        str, typer.Option("--price", metavar="AMOUNT", help="The price that is called now.")
    ],
    count: Annotated[
        str,
        typer.Option("--count", metavar="NUMBER", help="Tonnes a year in the end; 0 to leave."),
    ],
) -> None:
    """Say what you would reduce at the price that is called; in a round your last word counts.

    Example: tonne clock bid C1 --bidder XE-120-7-0-95 --price 20.00 --count 40
    """
    with errand(call) as at:
        reference, who = at.law.on_transactions, at.account(bidder)
        tonnes = a_count(count, reference=reference, least=0)
        amount = number(price, what="Price", reference=reference)
        found = at.do(
            lambda books: clocks.bid(
                books, at.scheme, name, bidder=who, price=amount, count=tonnes,
                key=call.key, desk=at.desk,
            )
        )  # fmt: skip
        at.tell(
            f"{who} bids {tonnes:,} tonnes a year at {amount} in round {found.round:,} of {name}.",
            data={"clock": name, "bidder": who, "count": tonnes, "price": amount,
                  "round": found.round, "key": call.key},
            hint=f"tonne clock show {name}",
        )  # fmt: skip


@command(app, "round", by="authority")
def round_(call: Call, *, name: Name) -> None:
    """End a round: the clock stops if what was bid fits the budget, and else falls by a step.

    Who did not bid in the round has left.

    Example: tonne clock round C1
    """
    with errand(call) as at:
        found = at.do(
            lambda books: clocks.end_round(books, at.scheme, name, key=call.key, desk=at.desk)
        )
        _told(at, found, key=call.key)


@command(app)
def result(call: Call, *, name: Name) -> None:
    """Tell what a clock auction came to: the price, and the agreements at it. Not before it stops.

    Example: tonne clock result C1
    """
    with errand(call) as at:
        _told(at, at.ask(lambda books: clocks.result(books, at.scheme, name)))


@command(app, by="authority")
def settle(
    call: Call,
    *,
    name: Name,
    year: Annotated[
        int,
        typer.Option("--year", metavar="NUMBER", min=1, help="Of the path: 1 is the first."),
    ] = 1,
    missed: Annotated[
        list[str] | None,
        typer.Option(
            "--missed", metavar="ACCOUNT", help="Who did not reduce what was agreed; again."
        ),
    ] = None,
) -> None:
    """Pay what a clock came to for a year, out of what is on hold for it.

    Who missed its reductions gets nothing of that year. Where the law pays at once, there is one.

    Example: tonne clock settle C1 --year 1 --missed XE-120-8-0-90 --on 2026-06-01
    """
    with errand(call) as at:
        out = [at.account(each) for each in missed or ()]
        found = at.do(
            lambda books: clocks.settle(
                books, at.scheme, name, year=year, missed=out, key=call.key, desk=at.desk
            )
        )
        _told(at, found, key=call.key)


@command(app, "call-off", by="authority")
def call_off(
    call: Call,
    *,
    name: Name,
    reason: Annotated[str, typer.Option("--reason", callback=words, help="Why, for the record.")],
) -> None:
    """Let a clock run no more before it has stopped: its budget is free again.

    Example: tonne clock call-off C1 --reason 'nobody bids'
    """
    with errand(call) as at:
        found = at.do(
            lambda books: clocks.call_off(
                books, at.scheme, name, reason=reason, key=call.key, desk=at.desk
            )
        )
        _told(at, found, key=call.key)


@command(app)
def show(call: Call, *, name: Name) -> None:
    """Tell how a clock auction stands: the price that is called, and the rounds that are over.

    Example: tonne clock show C1
    """
    with errand(call) as at:
        _told(at, at.ask(lambda books: clocks.the_clock(books, at.scheme, name)))


@command(app, "list")
def list_(call: Call) -> None:
    """List the clock auctions of the scheme.

    Example: tonne clock list
    """
    with errand(call) as at:
        found = at.ask(lambda books: clocks.clocks(books, at.scheme))
        told = [_data(at, each) for each in found]
        at.tell(
            f"{some(len(found), 'clock auction')}.",
            Table(
                columns=("Clock", "Is", "Round", "Price", "Budget"),
                rows=[[each["clock"], each["status"], each["round"], each["price"], each["budget"]]
                      for each in told],
            ),
            data={"clocks": told},
            hint="tonne clock show CLOCK" if found else "tonne clock open --help",
        )  # fmt: skip


def _told(at: Errand, found: ClockStands, **more: object) -> None:
    """Tell how a clock stands, or what it came to."""
    data, name, done = _data(at, found), found.name, found.result
    if found.called_off is not None:
        finding = f"The clock {name} is called off: {found.called_off.reason}"
    elif done is None:
        finding = (
            f"Round {found.round:,} of {name}: {data['price']} is called; "
            f"{some(len(found.bids), 'bidder')} of {len(found.opened.bidders):,} bid so far."
        )
    else:
        finding = (
            f"The clock {name} stopped in round {done.rounds:,} at {data['price']}: "
            f"{done.count:,} tonnes a year for {done.cost}, {done.left} is left of the budget; "
            f"{data['due']} is still due."
        )
    at.tell(
        finding,
        Table(
            title="Rounds that are over",
            columns=("Round", "Price", "Tonnes a year", "Cost"),
            rows=[
                [place, each["price"], each["count"], each["cost"]]
                for place, each in enumerate(data["rounds"], 1)
            ],
        ),
        Table(
            title="Agreements",
            columns=("Agreement", "Bidder", "Tonnes a year", "Incentive in all"),
            rows=[
                [each["agreement"], each["bidder"], each["count"], each["incentive"]]
                for each in data["agreements"]
            ],
        ),
        Table(
            title="Paid",
            columns=("Year", "Bidder", "Amount", "Transaction", "Why not"),
            rows=[
                [each["year"], each["bidder"], each["amount"] or "", each["transaction"] or "",
                 "; ".join(each["why"])]
                for each in data["paid"]
            ],
        ),
        data=data | more,
        hint=f"tonne clock bid {name} --help" if done is None else f"tonne clock settle {name}",
    )  # fmt: skip


def _data(at: Errand, found: ClockStands) -> dict[str, Any]:
    """A clock auction for a program; of the round that runs only how many have bid."""
    rule, done = found.law(at.scheme).value, found.result
    at_, code = Currency(rule.currency), rule.currency
    price = found.price if done is None else done.price
    return {
        "clock": found.name,
        "status": "called off" if found.called_off else "running" if done is None else "stopped",
        "round": found.round,
        "price": None if price is None else in_money(price, code),
        "budget": Money.of(rule.budget, at_),
        "bidders": found.opened.bidders,
        "bids_so_far": len(found.bids),
        "rounds": [
            {
                "price": in_money(each.price, code),
                "count": each.count,
                "cost": in_money(each.price * each.count, code),
            }
            for each in found.rounds
        ],
        "cost": done and done.cost,
        "left": done and done.left,
        "per_tonne": done and done.per_tonne,
        "agreements": [
            {
                "agreement": each.agreement,
                "bidder": each.bidder,
                "count": each.count,
                "price": in_money(each.price, code),
                "incentive": Money(each.minor, at_),
                "targets": each.targets,
            }
            for each in found.agreements
        ],
        "called_off": found.called_off and found.called_off.reason,
        "years": found.years(at.scheme),
        "due": Money(found.left(at.scheme), at_),
        "paid": [row for each in found.settled for row in _paid(each, at_)],
    }


def _paid(settled: clocks.Settled, at: Currency) -> list[dict[str, Any]]:
    """What was paid for a year and to whom; and to whom nothing was, and why."""
    nothing = {"year": settled.year, "amount": None, "transaction": None}
    return [
        {"year": settled.year, "bidder": each.bidder, "amount": Money(each.minor, at),
         "transaction": each.transaction, "why": ()}
        for each in settled.paid
    ] + [
        nothing | {"bidder": who, "why": ("missed its reductions",)} for who in settled.missed
    ] + [
        nothing | {"bidder": each.bidder, "why": each.why} for each in settled.unpaid
    ]  # fmt: skip
