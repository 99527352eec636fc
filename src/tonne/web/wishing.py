"""Wishes as people write and read them: forms into wishes, and wishes into sentences."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import cast

from msgspec import structs

from tonne.languages import isolated
from tonne.operations import Books, Scheme, people, proposals
from tonne.refusal import Refusal, Refused
from tonne.web import bargaining
from tonne.web.filling import Form, unfit_field
from tonne.web.refusals import FieldUnfit
from tonne.web.visit import ASKED_MAX, Visit
from tonne.web.words import JUDGEMENTS

FIELDS: Mapping[str, tuple[str, ...]] = {
    "transfer": ("target", "unit", "count"),
    "surrender": ("unit", "count", "year"),
    "cancel": ("unit", "count", "beneficiary", "purpose"),
    "trust": ("target", "description"),
    "report": ("year", "tonnes", "source"),
    "verify": ("year", "tonnes", "source", "judgement", "statement", "comment", "figure"),
    "verifier": ("person", "first_year", "last_year"),
    "dismiss": ("person", "reason"),
    "buy": ("instrument", "count", "price", "lasts"),
    "sell": ("instrument", "count", "price", "lasts"),
    "bid": ("auction", "count", "price", "salt"),
    "withdraw": ("amount", "currency"),
    "deal": ("side", "target", "unit", "count", "price", "settle_on", "until"),
    "confirm": ("deal", "side", "target", "unit", "count", "price", "settle_on"),
}
"""The fields of each form, by the verb in its address."""

_GROUNDS: Mapping[str, Collection[int]] = {
    "target": {*range(2000, 3000), 1217, 1218, 8405},
    "price": {100, 8001, 8005, 8204, 8206},
    "auction": {8200, 8201, 8804},
    "amount": {100, 3005},
    "currency": {101, 8706},
    "figure": {9136},
    "tonnes": {100, 5011, 5012},
    "year": {5023, 9175, 9177},
    "comment": {5021},
    "count": {3005, 3007, 3008, 6004, 8002, 8021, 8022, 8023, 8205, 8207, 8208, 8808},
    "person": {1201, 1202, 9128, 9134, 9176},
    "first_year": {9129},
    "unit": {3001, 3006, 3009, 3100, 3101, 3102},
}
"""Grounds by the field that they are about, if it is one."""

_MOST = {"source": 1_000, "comment": 1_000}
"""So many characters are read of a reference and of a comment: as many as programs may give."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """What was written on a form, and what it is as a wish if it is one."""

    values: Mapping[str, str]
    wish: proposals.Wish | None = None
    refusals: tuple[Refusal, ...] = ()
    at_field: Mapping[str, list[Refusal]] = field(default_factory=dict)
    """What is against it, by the field at which it is said."""


def read(visit: Visit, verb: str, account: str) -> Written:
    """The wish of a form that was sent, or what is wrong with it."""
    sent = {name: visit.sent(name, _MOST.get(name, ASKED_MAX)) for name in FIELDS[verb]}
    return filled(sent, verb, account)


def filled(values: Mapping[str, str], verb: str, account: str) -> Written:
    """The wish of a form that was filled in, or what is wrong with it."""
    form = Form(values)
    own = {"report": _emissions, "verify": _emissions, "verifier": _verifier, "dismiss": _verifier}
    wish = {**bargaining.READING, **own}.get(verb, _wish)(form, verb, account)
    if form.grounds:
        return refused(form.values, Refused(form.grounds))
    return Written(values=form.values, wish=wish)


def _wish(form: Form, verb: str, account: str) -> proposals.Wish:
    values = form.values
    match verb:
        case "transfer":
            return proposals.Move(
                account=account, target=form.code("target"), unit=values["unit"],
                count=form.whole("count"),
            )  # fmt: skip
        case "surrender":
            return proposals.Surrender(
                account=account, unit=values["unit"], count=form.whole("count"),
                year=form.year(),
            )  # fmt: skip
        case "cancel":
            if values["purpose"] and not values["beneficiary"]:
                form.grounds.append(
                    unfit_field("beneficiary", "", "for whom, where a purpose is said")
                )
            return proposals.Cancel(
                account=account, unit=values["unit"], count=form.whole("count"),
                beneficiary=values["beneficiary"], purpose=values["purpose"],
            )  # fmt: skip
    return proposals.Trust(
        account=account, target=form.code("target"), description=values["description"]
    )


def _emissions(form: Form, verb: str, account: str) -> proposals.Wish:
    """A report; or what a verifier says of one, which goes with the form as it was shown."""
    values, year = form.values, form.year()
    if verb == "report":
        return proposals.Report(
            account=account, year=year, tonnes=form.tonnes(), source=values["source"]
        )
    judgement = values["judgement"]
    if judgement not in JUDGEMENTS:
        form.grounds.append(unfit_field("judgement", judgement, ", ".join(JUDGEMENTS)))
        judgement = "not_verified"
    return proposals.Verify(
        account=account, year=year, tonnes=values["tonnes"], source=values["source"],
        judgement=cast("proposals.Judgement", judgement), statement=values["statement"],
        comment=values["comment"], figure=form.tonnes("figure") if values["figure"] else "",
    )  # fmt: skip


def _verifier(form: Form, verb: str, account: str) -> proposals.Wish:
    """Who is to see and judge an account's reports, of which years; or nobody's any more."""
    person = form.values["person"].strip().lower()
    if verb == "dismiss":
        return proposals.DismissVerifier(
            account=account, person=person, reason=form.values["reason"]
        )
    return proposals.AppointVerifier(
        account=account, person=person, first_year=form.year("first_year"),
        last_year=form.year("last_year"),
    )  # fmt: skip


def refused(values: Mapping[str, str], no: Refused) -> Written:
    """What is against a wish, each ground at the field that it is about, if it is about one."""
    at_field: dict[str, list[Refusal]] = {}
    for each in no.refusals:
        name = each.field if isinstance(each, FieldUnfit) else _field_of(each.number, values)
        if name in values:
            at_field.setdefault(name, []).append(each)
    return Written(values=values, refusals=tuple(no.refusals), at_field=at_field)


def sentence(visit: Visit, scheme: Scheme, wish: proposals.Wish, names: Mapping[str, str]) -> str:
    """A wish in a plain sentence, in the reader's language; ``names`` are of accounts."""
    say, count = visit.reader.gettext, visit.reader.count

    def who(number: str) -> str:
        known = names.get(number, "")
        return f"{isolated(known)} ({isolated(number)})" if known else isolated(number)

    match wish:
        case proposals.Move():
            return say("Transfer %(count)s %(unit)s from %(source)s to %(target)s.") % {
                "count": count(wish.count), "unit": isolated(wish.unit),
                "source": who(wish.account), "target": who(wish.target),
            }  # fmt: skip
        case proposals.Surrender():
            text = say("Surrender %(count)s %(unit)s of %(source)s for the emissions of %(year)s.")
            return text % {
                "count": count(wish.count), "unit": isolated(wish.unit),
                "source": who(wish.account), "year": visit.reader.year(wish.year),
            }  # fmt: skip
        case proposals.Cancel():
            text = say("Cancel %(count)s %(unit)s of %(source)s for ever, for: %(who)s; %(why)s.")
            return text % {
                "count": count(wish.count), "unit": isolated(wish.unit),
                "source": who(wish.account), "who": isolated(wish.beneficiary or "\u2013"),
                "why": isolated(wish.purpose or "\u2013"),
            }  # fmt: skip
        case proposals.Trust():
            return say("Put %(target)s on the list of accounts that %(source)s trusts.") % {
                "source": who(wish.account), "target": who(wish.target)
            }  # fmt: skip
    if isinstance(wish, proposals.Allocate):
        text = _table_said(visit, wish)
    elif isinstance(wish, proposals.AskWithdrawal):
        text = say("Ask for %(amount)s of %(source)s: the bank pays it to the holder.") % {
            "amount": bargaining.amount_said(visit, wish.currency, wish.amount),
            "source": who(wish.account),
        }  # fmt: skip
    elif isinstance(wish, proposals.Traded):
        text = bargaining.said(visit, scheme, wish, who)
    elif isinstance(wish, _OF_EMISSIONS):
        text = _emissions_said(visit, wish, who(wish.account))
    else:
        text = _facts_said(visit, scheme, wish)
    return text


def _verifier_said(
    visit: Visit, wish: proposals.AppointVerifier | proposals.DismissVerifier, account: str
) -> str:
    """Who is to verify for an account, or is to no more."""
    say, facts = visit.reader.gettext, {"person": isolated(wish.person), "source": account}
    if isinstance(wish, proposals.DismissVerifier):
        text = say("Let %(person)s see and judge no report of %(source)s any more.")
        return text % facts
    text = say("Let %(person)s see and judge the reports of %(source)s from %(first)s to %(last)s.")
    first, last = visit.reader.year(wish.first_year), visit.reader.year(wish.last_year)
    return text % {**facts, "first": first, "last": last}


_OF_EMISSIONS = (
    proposals.Report | proposals.Verify | proposals.AppointVerifier | proposals.DismissVerifier
)


def _emissions_said(visit: Visit, wish: _OF_EMISSIONS, account: str) -> str:
    """A report, what a verifier says of it, or who is to verify."""
    if isinstance(wish, proposals.AppointVerifier | proposals.DismissVerifier):
        return _verifier_said(visit, wish, account)
    say = visit.reader.gettext
    facts = {
        "tonnes": isolated(wish.tonnes), "source": account, "year": visit.reader.year(wish.year),
        "what": isolated(wish.source or "\u2013"),
    }  # fmt: skip
    if isinstance(wish, proposals.Report):
        text = say("Report %(tonnes)s t for %(source)s in %(year)s; reference: %(what)s.")
        return text % facts
    text = say(
        "Of the report of %(tonnes)s t for %(source)s in %(year)s, reference %(what)s, the "
        "verifier says: %(word)s; own report: %(statement)s; comment: %(comment)s."
    )
    if wish.figure:
        text += " " + say("Own figure: %(figure)s t.")
    return text % {
        **facts,
        "word": say(JUDGEMENTS[wish.judgement]),
        "statement": isolated(wish.statement or "\u2013"),
        "comment": isolated(wish.comment or "\u2013"),
        "figure": isolated(wish.figure),
    }


def _facts_said(visit: Visit, scheme: Scheme, wish: proposals.Wish) -> str:
    """What the law calls it, and every fact of it."""
    law = people.mandates_on(scheme, visit.desk.day)
    facts = "; ".join(
        f"{name} {isolated(str(value))}" for name, value in structs.asdict(wish).items()
    )
    return f"{law.verb(wish.verb).capitalize()}: {facts}."


def _table_said(visit: Visit, wish: proposals.Allocate) -> str:
    operators = len({row.operator for row in wish.rows})
    text = visit.reader.ngettext(
        "Give %(units)s %(unit)s of %(years)s free, by an allocation table, to %(who)s operator.",
        "Give %(units)s %(unit)s of %(years)s free, by an allocation table, to %(who)s operators.",
        operators,
    )
    return text % {
        "units": visit.reader.count(sum(row.count for row in wish.rows)),
        "unit": isolated(wish.unit),
        "years": ", ".join(visit.reader.year(each) for each in sorted({e.year for e in wish.rows})),
        "who": visit.reader.count(operators),
    }


def text_of(verb: str, scheme: Scheme, said: str, wish: object, key: str) -> str:
    """All that is signed: what is done, where, the sentence that was shown, and the wish itself."""
    return "\n".join((verb, scheme.name, key, said, str(wish)))


def names_in(visit: Visit, scheme: Scheme, wish: object) -> Mapping[str, str]:
    """The names of the accounts of a wish, as far as who asks may know them.

    That of the giving account is known to its people; of the other only whether it is an operator
    or a government, whose names are public.
    """
    kinds = scheme.on(visit.desk.day).kinds

    def known(books: Books) -> dict[str, str]:
        found: dict[str, str] = {}
        for place in ("account", "target"):
            number = getattr(wish, place, "")
            for each in books.accounts(scheme=scheme.name, number=number) if number else ():
                kind = kinds.get(each.kind)
                government = kind is not None and kind.government
                if place == "account" or government or each.operator is not None:
                    found[number] = each.name
        return found

    return visit.ask(known)


def _field_of(number: int, values: Mapping[str, str]) -> str:
    """The first field of the form that a ground may be about."""
    return next((each for each, of in _GROUNDS.items() if number in of and each in values), "")
