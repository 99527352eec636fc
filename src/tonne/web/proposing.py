"""Proposing: a form, the answers checked and tried, the words signed, and the proposal made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from secrets import token_hex

from starlette.responses import Response

from tonne.operations import Scheme, dealing, own, proposals, trading, verification
from tonne.refusal import Refusal, Refused
from tonne.web import auctioning, gate, signing
from tonne.web import dealing as deals
from tonne.web.marks import plain_price
from tonne.web.refusals import ADDRESSES, NoSuchPage
from tonne.web.today import account_of
from tonne.web.visit import Visit
from tonne.web.wishing import FIELDS, Written, filled, names_in, read, refused, sentence, text_of
from tonne.web.words import JUDGEMENTS, LASTS, SIDES, VERBS

KEY_MOST = 64


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """Who proposes what, on which account."""

    visit: Visit
    member: gate.Member
    law: Scheme
    told: own.OwnAccount
    verb: str
    key: str
    """By which the same request is known, however often it is sent."""


def propose(visit: Visit) -> Response:
    """The form of a verb; its answers to be checked; and, signed, the proposal."""
    verb = visit.place("verb")
    if verb not in FIELDS:
        raise Refused([NoSuchPage(reference=ADDRESSES, address=visit.request.url.path[:200])])
    member = gate.member(visit)
    judges = verb == "verify"  # A verifier sees a report, and nothing that the account holds.
    law, told = (
        account_of(visit, member, verification.judged_account)
        if judges
        else account_of(visit, member)
    )
    key = visit.sent("key", KEY_MOST) or token_hex(16)
    asked = _Asked(visit=visit, member=member, law=law, told=told, verb=verb, key=key)
    if visit.request.method == "GET":
        values = {name: visit.asked(name) for name in FIELDS[verb]}
        values |= _ready(asked, values)
        if verb == "confirm":
            # Its terms are those of the deal: there is nothing to fill in.
            written = filled(values, verb, told.account.number)
            return _form(asked, written) if written.wish is None else _check(asked, written)
        return _form(asked, Written(values=values))
    written = read(visit, verb, told.account.number)
    if written.wish is None or visit.sent("step") == "change":
        return _form(asked, written)
    if visit.sent("step") in {"sign", "passkey"}:
        return _sign(asked, written)
    return _check(asked, written)


def _sign(asked: _Asked, written: Written) -> Response:
    """What was shown is signed, and then proposed; or why not, on the form."""
    wish = _wish(written)
    try:
        return signing.proposed(
            asked.visit,
            asked.law,
            wish,
            by=asked.member.code,
            key=asked.key,
            text=_text(asked, wish),
            again=lambda refusals: _check(asked, written, not_signed=refusals),
        )
    except Refused as no:
        if any(each.number == gate.NOT_SIGNED_IN for each in no.refusals):
            raise
        return _form(asked, refused(written.values, no))


def _check(asked: _Asked, written: Written, not_signed: Sequence[Refusal] = ()) -> Response:
    """What would become of it, in words; or every ground against it, on the form."""
    visit, law, wish = asked.visit, asked.law, _wish(written)
    try:
        forecast, cost, agreed = _rehearsed(asked, wish)
    except Refused as no:
        return _form(asked, refused(written.values, no))
    return visit.show(
        "check.html",
        http=400 if not_signed else 200,
        member=asked.member,
        scheme=law,
        told=asked.told,
        verb=asked.verb,
        word=visit.reader.gettext(VERBS[asked.verb]),
        values=written.values,
        sentence=_said(asked, wish),
        forecast=forecast,
        cost=cost,
        agreed=agreed,
        key=asked.key,
        shown=signing.mark(visit, _text(asked, wish)),
        refusals=not_signed,
    )


def _rehearsed(
    asked: _Asked, wish: proposals.Wish
) -> tuple[proposals.Forecast, trading.Cost | None, dealing.Given | None]:
    """What would become of a wish, and of what is traded what it would come to."""
    visit, law, by = asked.visit, asked.law, asked.member.code
    if isinstance(wish, proposals.PutOrder):
        cost = visit.ask(
            lambda books: trading.rehearse(
                books, law, wish, by=by, desk=visit.desk, views=visit.house.views
            )
        )
        return cost.forecast, cost, None
    if isinstance(wish, proposals.Bid | proposals.ProposeDeal | proposals.ConfirmDeal):
        agreed = visit.ask(lambda books: dealing.rehearse(books, law, wish, by=by, desk=visit.desk))
        return agreed.forecast, None, agreed
    forecast = visit.ask(lambda books: proposals.rehearse(books, law, wish, by=by, desk=visit.desk))
    return forecast, None, None


def _form(asked: _Asked, written: Written) -> Response:
    visit = asked.visit
    return visit.show(
        "propose.html",
        http=400 if written.refusals else 200,
        member=asked.member,
        scheme=asked.law,
        title=visit.title(asked.law),
        told=asked.told,
        verb=asked.verb,
        word=visit.reader.gettext(VERBS[asked.verb]),
        values=written.values,
        refusals=written.refusals,
        at_field=written.at_field,
        key=asked.key,
        instruments=trading.instruments(asked.law, visit.desk.day),
        auctions=auctioning.open_for_bids(visit, asked.law) if asked.verb == "bid" else (),
        missing=_missing(asked) if asked.verb == "buy" else None,
        sides={name: visit.reader.gettext(text) for name, text in SIDES.items()},
        units=_units(asked),
        cash=_cash(asked),
        sentence=None if written.wish is None else _said(asked, written.wish),
        judgements={name: visit.reader.gettext(text) for name, text in JUDGEMENTS.items()},
        lasts={name: visit.reader.gettext(text) for name, text in LASTS.items()},
    )


def _units(asked: _Asked) -> list[tuple[str, int]]:
    """What can be chosen of: what the account holds; for a deal, all that is traded."""
    free = {each.unit: each.free for each in asked.told.units}
    if asked.verb != "deal":
        return [*free.items()]
    types = asked.law.on(asked.visit.desk.day).types
    return [(unit, free.get(unit, 0)) for verb, unit in sorted(types) if verb == "trade"]


def _cash(asked: _Asked) -> list[tuple[str, int]]:
    """The money that the account may hold, and how much of it is free."""
    free = {each.unit: each.free for each in asked.told.holdings}
    return [(code, free.get(code, 0)) for code in asked.law.on(asked.visit.desk.day).money()]


def _missing(asked: _Asked) -> trading.Missing | None:
    """What the account lacks for its duty, and what that costs now."""
    visit, law, number = asked.visit, asked.law, asked.told.account.number
    if asked.told.duty is None:
        return None
    return visit.ask(
        lambda books: trading.missing(
            books,
            law,
            number,
            by=asked.member.code,
            desk=visit.desk,
            views=visit.house.views,
            duty=asked.told.duty,
        )
    )


def _year_before(day: date) -> str:
    return str(day.year - 1)


_BEGINNINGS: Mapping[str, Mapping[str, Callable[[date], str]]] = {
    "deal": {"settle_on": date.isoformat, "until": date.isoformat},
    "verifier": {"first_year": _year_before, "last_year": _year_before},
    "report": {"year": _year_before},
}
"""What stands in fields of days and years before anything is written there, by the day."""


def _ready(asked: _Asked, values: Mapping[str, str]) -> dict[str, str]:
    """What a form can say by itself: of a duty how much is owed, and for which year."""
    told, verb = asked.told, asked.verb
    found: dict[str, str] = {}
    if verb == "buy" and (lacking := _missing(asked)) is not None:
        found["instrument"] = values["instrument"] or lacking.instrument.code
        found["count"] = values["count"] or str(lacking.count)
        if lacking.price is not None:
            found["price"] = values["price"] or plain_price(lacking.price)
    if len(told.units) == 1 and not values.get("unit"):
        found["unit"] = told.units[0].unit
    if verb == "bid":
        found["salt"] = token_hex(16)
    begin = asked.visit.desk.day
    for name, first in _BEGINNINGS.get(verb, {}).items():
        found[name] = values[name] or first(begin)
    if verb == "confirm":
        number, name = told.account.number, values["deal"]
        return deals.terms(deals.own_deal(asked.visit, asked.member, asked.law, number, name))
    if verb == "surrender" and told.duty is not None:
        found["year"] = values["year"] or str(told.duty.year)
        found["count"] = values["count"] or str(told.duty.left or "")
    if verb == "verify":
        found |= _reported(asked)
    return {name: value for name, value in found.items() if name in FIELDS[verb]}


def _reported(asked: _Asked) -> dict[str, str]:
    """The last report of the year that is asked for, as a verifier is to judge it."""
    visit, law, number = asked.visit, asked.law, asked.told.account.number
    year = visit.whole("year", visit.desk.day.year - 1, visit.desk.day.year)
    last = visit.ask(
        lambda books: verification.last_report(
            books, law, number, year, by=asked.member.code, desk=visit.desk
        )
    )
    if last is None:
        return {"year": str(year)}
    return {"year": str(year), "tonnes": f"{last.tonnes.value:f}", "source": last.source}


def _text(asked: _Asked, wish: proposals.Wish) -> str:
    return text_of("propose", asked.law, _said(asked, wish), wish, asked.key)


def _said(asked: _Asked, wish: proposals.Wish) -> str:
    names = names_in(asked.visit, asked.law, wish)
    return sentence(asked.visit, asked.law, wish, names)


def _wish(written: Written) -> proposals.Wish:
    assert written.wish is not None, "what is not a wish is not checked"
    return written.wish
