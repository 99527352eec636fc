"""The orders and trades of an account, for its own people; an order is taken back here."""

from secrets import token_hex

from starlette.responses import Response

from tonne.operations import trading
from tonne.quantity import is_currency
from tonne.refusal import Refusal, Refused
from tonne.web import gate
from tonne.web.today import account_of
from tonne.web.visit import Visit, unfit

KEY_MOST = 64
TRADES_MAX = 100


def orders(visit: Visit) -> Response:
    """What stands in the books, what was traded, and the money; an order is taken back."""
    member = gate.member(visit)
    law, told = account_of(visit, member)
    number, by, desk = told.account.number, member.code, visit.desk
    views = visit.house.views
    refusals: tuple[Refusal, ...] = ()
    if visit.request.method == "POST":
        if visit.sent("step") != "cancel":
            raise unfit("step", visit.sent("step"), "cancel")
        code, name = visit.sent("instrument"), visit.sent("name")
        key = visit.sent("key", KEY_MOST) or token_hex(16)
        try:
            visit.office.do(
                lambda books: trading.cancel(
                    books, law, number, code, name, by=by, key=f"{key} {name}", desk=desk
                )
            )
            return visit.go(f"/my/{number}/orders")
        except Refused as no:
            refusals = no.refusals
    return visit.show(
        "orders.html",
        http=400 if refusals else 200,
        member=member,
        scheme=law,
        title=visit.title(law),
        told=told,
        refusals=refusals,
        orders=visit.ask(
            lambda books: trading.orders(books, law, number, by=by, desk=desk, views=views)
        ),
        trades=visit.ask(
            lambda books: trading.trades(books, law, number, by=by, desk=desk, limit=TRADES_MAX)
        ),
        alone=visit.ask(lambda books: trading.alone(books, law, number, by=by, desk=desk)),
        cash=[each for each in told.holdings if is_currency(each.unit)],
        key=token_hex(16),
    )
