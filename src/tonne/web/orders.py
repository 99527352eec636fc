"""The orders and trades of an account, for its own people; an order is changed or taken back."""

from secrets import token_hex

from starlette.responses import Response

from tonne.market import order_refusals
from tonne.operations import Scheme, amending, trading
from tonne.quantity import is_currency
from tonne.refusal import Refusal, Refused
from tonne.web import gate
from tonne.web.filling import Form
from tonne.web.marks import plain_price
from tonne.web.today import account_of
from tonne.web.visit import Visit, unfit
from tonne.web.wishing import Written, refused

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


def amend(visit: Visit) -> Response:
    """An order is made smaller, or its price better for the account."""
    member = gate.member(visit)
    law, told = account_of(visit, member)
    number, name = told.account.number, visit.place("name")
    order = _order(visit, member, law, number, name)
    written = Written(values={"count": str(order.count), "price": plain_price(order.price)})
    if visit.request.method == "POST":
        if visit.sent("step") != "change":
            raise unfit("step", visit.sent("step"), "change")
        written = _change(visit, member, law, number, order)
        if not written.refusals:
            return visit.go(f"/my/{number}/orders")
    return visit.show(
        "amend.html",
        http=400 if written.refusals else 200,
        member=member,
        scheme=law,
        told=told,
        order=order,
        values=written.values,
        refusals=written.refusals,
        at_field=written.at_field,
        key=token_hex(16),
    )


def _order(
    visit: Visit, member: gate.Member, law: Scheme, number: str, name: str
) -> trading.OwnOrder:
    """The order of that name in the books, or 8009."""
    found = visit.ask(
        lambda books: trading.orders(
            books, law, number, by=member.code, desk=visit.desk, views=visit.house.views
        )
    )
    for each in found:
        if each.name == name:
            return each
    reference = law.instruments.instruments.on(visit.desk.day).reference
    raise Refused([order_refusals.UnknownOrder(reference=reference, order=name)])


def _change(
    visit: Visit, member: gate.Member, law: Scheme, number: str, order: trading.OwnOrder
) -> Written:
    """What was written on the form, and what is against it if it is not done."""
    form = Form({name: visit.sent(name) for name in ("count", "price")})
    count, price = form.whole("count"), form.price()
    if form.grounds:
        return refused(form.values, Refused(form.grounds))
    wish = amending.Amendment(
        account=number, instrument=order.instrument.code, name=order.name, count=count, price=price
    )
    key = visit.sent("key", KEY_MOST) or token_hex(16)
    try:
        visit.office.do(
            lambda books: amending.amend(
                books, law, wish, by=member.code, key=f"{key} {order.name}", desk=visit.desk
            )
        )
    except Refused as no:
        return refused(form.values, no)
    return Written(values=form.values)
