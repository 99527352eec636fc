"""The money of an account, for its own people: what came and went, and what the bank is to pay."""

from starlette.responses import Response

from tonne import operations
from tonne.operations import CashLine
from tonne.quantity import Money
from tonne.web import gate
from tonne.web.tables import Column, Line, Table
from tonne.web.today import account_of
from tonne.web.visit import Visit

LINES_MAX = 100
"""So many of the latest movements stand on a page; the table to be taken along has all."""


def money(visit: Visit) -> Response:
    """The cash statement: what there is, what of it is held, what came and went."""
    member, ending = gate.member(visit), visit.request.state.ending
    law, told = account_of(visit, member)
    found = visit.ask(
        lambda books: operations.cash_statement(books, law, told.account.number, desk=visit.desk)
    )
    latest = found.lines[::-1]
    if ending != "html":
        return visit.download(_table(visit, told.account.number, latest), ending, law)
    return visit.show(
        "money.html",
        member=member,
        scheme=law,
        told=told,
        sums=[
            (there, held, Money(there.minor - held.minor, there.currency))
            for there, held in zip(found.balances, found.held, strict=True)
        ],
        withdrawals=found.withdrawals,
        table=_table(visit, told.account.number, latest[:LINES_MAX]),
        more=len(latest) > LINES_MAX,
    )


def _table(visit: Visit, number: str, lines: tuple[CashLine, ...]) -> Table:
    say = visit.reader.gettext
    return Table(
        title=": ".join((number, say("Money"))),
        columns=(
            Column(key="day", heading=say("Day"), kind="day"),
            Column(key="transaction", heading=say("Transaction"), kind="code"),
            Column(key="what", heading=say("What was done"), kind="code"),
            Column(key="other", heading=say("Other account"), kind="code"),
            Column(key="currency", heading=say("Currency"), kind="code"),
            Column(key="came", heading=say("Came"), kind="price"),
            Column(key="went", heading=say("Went"), kind="price"),
            Column(key="balance", heading=say("Then there was"), kind="price"),
        ),
        rows=[
            Line(
                values={
                    "day": each.day,
                    "transaction": str(each.transaction),
                    "what": each.what,
                    "other": each.other,
                    "currency": each.change.currency.code,
                    "came": f"{each.change.amount}" if each.change.minor > 0 else None,
                    "went": f"{-each.change.amount}" if each.change.minor < 0 else None,
                    "balance": f"{each.balance.amount}",
                }
            )
            for each in lines
        ],
        downloads=f"/my/{number}/money",
        empty=say("No money came or went yet."),
    )
