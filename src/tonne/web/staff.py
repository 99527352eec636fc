"""The desk of the registry's staff: what waits, who is known, and what must be stopped at once."""

import re
from dataclasses import dataclass
from secrets import token_hex

from starlette.responses import Response

from tonne.languages import isolated
from tonne.operations import Books, Scheme, own, people, public
from tonne.refusal import Refusal, Refused
from tonne.web import gate, signing
from tonne.web.charts import Meter
from tonne.web.proposing import KEY_MOST
from tonne.web.schemes import latest_supply
from tonne.web.today import tasks
from tonne.web.visit import Visit, unfit
from tonne.web.wishing import text_of
from tonne.web.words import STAFF_ACTS

REASON_MOST = 1_000
_NUMBER = re.compile("[1-9][0-9]{0,17}")


@dataclass(frozen=True, kw_only=True)
class _Stop:
    """What is to be stopped at once, and why, by whom."""

    visit: Visit
    member: gate.Member
    law: Scheme
    account: str
    """The account, or the whole scheme if none is named."""

    reason: str
    key: str

    @property
    def sentence(self) -> str:
        """The same in the reader's language."""
        say = self.visit.reader.gettext
        if self.account:
            text = say("Freeze the account %(account)s at once, because: %(why)s.")
            return text % {"account": isolated(self.account), "why": isolated(self.reason)}
        text = say("Freeze the whole scheme %(scheme)s at once, because: %(why)s.")
        title = isolated(self.visit.title(self.law))
        return text % {"scheme": title, "why": isolated(self.reason)}

    @property
    def text(self) -> str:
        """All that is signed."""
        what = (self.account, self.reason)
        return text_of("freeze", self.law, self.sentence, what, self.key)


def desk(visit: Visit) -> Response:
    """The queue and the people; freezing asks for a reason, and a code for these very words."""
    member, law = gate.member(visit), visit.office.scheme(visit.place("scheme"))
    after = visit.asked("after")
    begins = int(after) if _NUMBER.fullmatch(after) else None
    told = visit.ask(
        lambda books: own.staff_desk(books, law, by=member.code, desk=visit.desk, after=begins)
    )
    step = visit.sent("step")
    if visit.request.method == "GET" or step == "change":
        return _page(visit, member, law, told)
    if step not in {"freeze", "sign", "passkey"}:
        raise unfit("step", step, "freeze, sign")
    asked = _Stop(
        visit=visit,
        member=member,
        law=law,
        account=visit.sent("account"),
        reason=visit.sent("reason", REASON_MOST),
        key=visit.sent("key", KEY_MOST) or token_hex(16),
    )
    if step == "sign":
        return _signed(asked, told)
    return _check(asked) if step == "freeze" else signing.asked_of_passkey(visit, asked.text)


def _signed(asked: _Stop, told: own.StaffDesk) -> Response:
    visit = asked.visit
    try:
        signing.signed(visit, asked.text)
    except Refused as no:
        if any(each.number == gate.NOT_SIGNED_IN for each in no.refusals):
            raise
        return _check(asked, no.refusals)
    try:
        visit.office.do(lambda books: _freeze(books, asked))
    except Refused as no:
        return _page(visit, asked.member, asked.law, told, refusals=no.refusals)
    return visit.go(f"/desk/{asked.law.name}")


def _freeze(books: Books, asked: _Stop) -> None:
    by, reason = asked.member.code, asked.reason
    key = f"freeze {by} {asked.key}"  # The key of a form reaches no entry of another kind.
    desk = asked.visit.office.desk("administrator")
    if asked.account:
        people.freeze_account(
            books, asked.law, asked.account, by=by, reason=reason, key=key, desk=desk
        )
    else:
        people.freeze(books, asked.law, by=by, reason=reason, key=key, desk=desk)


def _check(asked: _Stop, refusals: tuple[Refusal, ...] = ()) -> Response:
    return asked.visit.show(
        "freeze.html",
        http=400 if refusals else 200,
        member=asked.member,
        scheme=asked.law,
        sentence=asked.sentence,
        values={"account": asked.account, "reason": asked.reason},
        key=asked.key,
        shown=signing.mark(asked.visit, asked.text),
        refusals=refusals,
    )


def _meter(visit: Visit, law: Scheme) -> Meter | None:
    """The cap of the latest year of which units are issued, and where they are."""
    years = public.years_of(law, desk=visit.desk)
    _, found = visit.kept(
        ("meter", law.name, visit.desk.day), lambda books: latest_supply(books, law, years)
    )
    return None if found is None else Meter.of(found, visit.reader)


def _page(
    visit: Visit,
    member: gate.Member,
    law: Scheme,
    told: own.StaffDesk,
    *,
    refusals: tuple[Refusal, ...] = (),
) -> Response:
    return visit.show(
        "desk.html",
        http=400 if refusals else 200,
        member=member,
        scheme=law,
        title=visit.title(law),
        told=told,
        waiting=tasks(visit, told.waiting),
        delayed=tasks(visit, told.delayed),
        meter=_meter(visit, law),
        acts={name: visit.reader.gettext(text) for name, text in STAFF_ACTS.items()},
        frozen=visit.ask(lambda books: people.frozen_refusals(books, law)),
        refusals=refusals,
        values={name: visit.sent(name, REASON_MOST) for name in ("account", "reason")},
    )
