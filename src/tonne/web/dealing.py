"""The deals of an account, for its own people: how each stands, to be confirmed or rejected."""

from secrets import token_hex

from starlette.responses import Response

from tonne.operations import Scheme, dealing
from tonne.refusal import Refusal, Refused
from tonne.web import gate
from tonne.web.marks import plain_price
from tonne.web.today import account_of
from tonne.web.visit import Visit, unfit
from tonne.web.words import DEAL_STATES

KEY_MOST = 64


def deals(visit: Visit) -> Response:
    """The newest deals of an account, the last first."""
    member = gate.member(visit)
    law, told = account_of(visit, member)
    return visit.show(
        "deals.html",
        member=member,
        scheme=law,
        told=told,
        deals=visit.ask(
            lambda books: dealing.own_deals(
                books, law, told.account.number, by=member.code, desk=visit.desk
            )
        ),
        states=_states(visit),
    )


def deal(visit: Visit) -> Response:
    """A deal with its terms and how it stands; it is rejected or taken back here."""
    member = gate.member(visit)
    law, told = account_of(visit, member)
    number, name, desk = told.account.number, visit.place("deal"), visit.desk
    refusals: tuple[Refusal, ...] = ()
    if visit.request.method == "POST":
        if visit.sent("step") != "reject":
            raise unfit("step", visit.sent("step"), "reject")
        key = visit.sent("key", KEY_MOST) or token_hex(16)
        try:
            visit.office.do(
                lambda books: dealing.reject(
                    books, law, number, name, by=member.code, key=key, desk=desk
                )
            )
            return visit.go(f"/my/{number}/deals/{name}")
        except Refused as no:
            refusals = no.refusals
    found = own_deal(visit, member, law, number, name)
    return visit.show(
        "deal.html",
        http=400 if refusals else 200,
        member=member,
        scheme=law,
        told=told,
        refusals=refusals,
        found=found,
        deal=found.deal,
        state=_states(visit)[found.deal.state.value],
        key=token_hex(16),
    )


def own_deal(
    visit: Visit, member: gate.Member, law: Scheme, number: str, name: str
) -> dealing.OwnDeal:
    """A deal of an account, or 8830."""
    return visit.ask(
        lambda books: dealing.own_deal(
            books, law, number, name, by=member.code, desk=visit.desk
        )
    )  # fmt: skip


def terms(found: dealing.OwnDeal) -> dict[str, str]:
    """The terms of a deal, as the form that confirms it takes them along."""
    price = found.deal.price
    return {
        "deal": found.deal.id, "side": found.side, "target": found.other, "unit": found.deal.unit,
        "count": str(found.deal.count), "price": "" if price is None else plain_price(price),
        "settle_on": found.deal.settle_on.isoformat(),
    }  # fmt: skip


def _states(visit: Visit) -> dict[str, str]:
    return {name: visit.reader.gettext(text) for name, text in DEAL_STATES.items()}
