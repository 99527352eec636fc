"""What the registry's staff do about people: register, look at, enrol, stop, and appoint.

Each is tried first, told in a sentence, and signed for these very words. What the law wants of two
people becomes a proposal.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from secrets import token_hex

from starlette.responses import Response

from tonne import signin
from tonne.languages import isolated
from tonne.operations import Books, Scheme, own, people, proposals
from tonne.people import HolderKnown, PersonEvent, Registered
from tonne.refusal import Refusal, Refused
from tonne.signin import EnrolmentCode
from tonne.web import gate, signing
from tonne.web.proposing import KEY_MOST
from tonne.web.refusals import ADDRESSES, NoSuchPage
from tonne.web.visit import Visit
from tonne.web.wishing import text_of
from tonne.web.words import STAFF_ACTS

FIELDS: Mapping[str, tuple[str, ...]] = {
    "person": ("name", "email", "organisation"),
    "holder": ("name", "country", "number", "address"),
    "validate": ("person",),
    "enrol": ("person",),
    "code": ("person",),
    "suspend": ("person", "reason"),
    "restore": ("person", "reason"),
    "deactivate": ("person", "reason"),
    "appoint": ("account", "person", "right"),
}
"""What is asked for each act, by its name in the address."""

TURNS: Mapping[str, PersonEvent] = {
    "validate": "validate", "enrol": "enrol", "suspend": "suspend",
}  # fmt: skip
NEEDLESS = {"organisation", "number", "address"}
REASON_MOST = 1_000
ALREADY_ENROLLED, LOGIN_TAKEN = 9124, 9121


@dataclass(frozen=True, kw_only=True)
class _Act:
    """What somebody of the staff is about to do."""

    visit: Visit
    member: gate.Member
    law: Scheme
    name: str
    values: Mapping[str, str]
    key: str

    @property
    def sentence(self) -> str:
        """The same in the reader's language."""
        text = self.visit.reader.gettext(STAFF_ACTS[self.name])
        facts = [isolated(value or "\u2013") for value in self.values.values()]
        who = self.values.get("person", "")
        if who:
            named = self.visit.ask(lambda books: people.person(books, who)).name
            facts.insert(0, isolated(named))
        return f"{text}: {', '.join(facts)}."

    @property
    def text(self) -> str:
        """All that is signed."""
        what = (self.name, tuple(self.values.items()))
        return text_of("staff", self.law, self.sentence, what, self.key)

    @property
    def wish(self) -> proposals.Wish | None:
        """What is proposed, if two people are wanted for it."""
        said = self.values
        if self.name == "appoint":
            return proposals.Appoint(
                account=said["account"], person=said["person"], right=said["right"]
            )
        if self.name == "restore":
            return proposals.RestorePerson(person=said["person"], reason=said["reason"])
        if self.name == "deactivate":
            return proposals.Deactivate(person=said["person"], reason=said["reason"])
        return None


def staff_act(visit: Visit) -> Response:
    """The form of an act; its answers to be checked; and, signed, the act."""
    name = visit.place("act")
    if name not in FIELDS:
        raise Refused([NoSuchPage(reference=ADDRESSES, address=visit.request.url.path[:200])])
    member, law = gate.member(visit), visit.office.scheme(visit.place("scheme"))
    told = visit.ask(lambda books: own.staff_desk(books, law, by=member.code, desk=visit.desk))
    sent = visit.request.method == "POST"
    act = _Act(
        visit=visit,
        member=member,
        law=law,
        name=name,
        values={
            each: visit.sent(each, REASON_MOST) if sent else visit.asked(each)
            for each in FIELDS[name]
        },
        key=visit.sent("key", KEY_MOST) or token_hex(16),
    )
    step = visit.sent("step")
    if not sent or step == "change":
        return _form(act, told)
    if step == "passkey":
        return signing.asked_of_passkey(visit, act.text)
    try:
        return _signed(act) if step == "sign" else _checked(act)
    except Refused as no:
        if any(each.number == gate.NOT_SIGNED_IN for each in no.refusals):
            raise
        return _form(act, told, refusals=no.refusals)


def _checked(act: _Act) -> Response:
    """What would be done, in words, if nothing is against it; nothing of it is kept."""
    if act.name == "code":
        act.visit.ask(lambda books: people.person(books, act.values["person"]))
    elif act.wish is None:
        act.visit.ask(_operation(act))
    else:
        wish, desk = act.wish, act.visit.desk
        act.visit.ask(
            lambda books: proposals.rehearse(books, act.law, wish, by=act.member.code, desk=desk)
        )
    return _check(act)


def _check(act: _Act, refusals: tuple[Refusal, ...] = ()) -> Response:
    return act.visit.show(
        "staff-check.html",
        http=400 if refusals else 200,
        member=act.member,
        scheme=act.law,
        address=f"/desk/{act.law.name}/people/{act.name}",
        sentence=act.sentence,
        second=act.wish is not None,
        values=act.values,
        key=act.key,
        shown=signing.mark(act.visit, act.text),
        refusals=refusals,
    )


def _signed(act: _Act) -> Response:
    visit = act.visit
    try:
        signed = signing.signed(visit, act.text)
    except Refused as no:
        if any(each.number == gate.NOT_SIGNED_IN for each in no.refusals):
            raise
        return _check(act, no.refusals)
    if act.name == "code":
        return _told_once(act, _enrolment(act))
    if act.wish is None:
        visit.office.do(_operation(act))
        return visit.go(f"/desk/{act.law.name}")
    wish = act.wish
    made = visit.office.do(
        lambda books: proposals.propose(
            books, act.law, wish, by=act.member.code, key=act.key, desk=visit.desk, signed=signed
        )
    )
    return visit.go(f"/proposals/{act.law.name}/{made.code}")


def _operation(act: _Act) -> Callable[[Books], object]:
    """What one of the staff does alone."""
    law, said, by, key = act.law, act.values, act.member.code, f"staff {act.key}"
    desk = act.visit.office.desk("administrator")
    if act.name == "person":
        code = people.code_for("usr", law.name, by, act.key)
        known = Registered(
            name=said["name"], email=said["email"], organisation=said["organisation"]
        )
        return lambda books: people.register_person(
            books, law, code, known, by=by, key=key, desk=desk
        )
    if act.name == "holder":
        code = people.code_for("org", law.name, by, act.key)
        holder = HolderKnown(
            kind="organisation", name=said["name"], country=said["country"],
            number=said["number"], address=said["address"],
        )  # fmt: skip
        return lambda books: people.register_holder(
            books, law, code, holder, by=by, key=key, desk=desk
        )
    person, event, reason = said["person"], TURNS[act.name], said.get("reason", "")
    return lambda books: people.turn_person(
        books, law, person, event, reason=reason, by=by, key=key, desk=desk
    )


def _enrolment(act: _Act) -> EnrolmentCode:
    """The code by which a person of the registry sets what they sign in by; told once."""
    visit, lodge = act.visit, gate.lodge_of(act.visit)
    who = visit.ask(lambda books: people.person(books, act.values["person"]))
    by = signin.acting(lodge, visit.token, place=gate.caller(visit).place)
    try:
        return signin.enrol(lodge, login=who.email, name=who.name, code=who.code, by=by)
    except Refused as no:
        # Known at the door already: a new code, if they never had a way in.
        if not {each.number for each in no.refusals} & {ALREADY_ENROLLED, LOGIN_TAKEN}:
            raise
        return signin.enrol_again(lodge, person=who.code, by=by)


def _told_once(act: _Act, made: EnrolmentCode) -> Response:
    return act.visit.show(
        "staff-code.html", member=act.member, scheme=act.law, code=made.code, person=made.person,
        until=made.until,
    )  # fmt: skip


def _form(act: _Act, told: own.StaffDesk, *, refusals: tuple[Refusal, ...] = ()) -> Response:
    rights = act.law.people.rights.on(act.visit.desk.day).value
    return act.visit.show(
        "staff-act.html",
        http=400 if refusals else 200,
        member=act.member,
        scheme=act.law,
        address=f"/desk/{act.law.name}/people/{act.name}",
        word=act.visit.reader.gettext(STAFF_ACTS[act.name]),
        values=act.values,
        needless=NEEDLESS,
        people=told.people,
        rights={each.code: each.name for each in rights},
        key=act.key,
        refusals=refusals,
    )
