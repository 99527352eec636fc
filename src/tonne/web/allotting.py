"""Allocation at the desk: a table is brought, tried whole, signed by one, agreed to by another.

The table goes with the form from step to step, so nothing is kept of one that is not signed. What
is signed names its digest: no other table can be slipped in, and who agrees can compare the file.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, replace
from secrets import token_hex
from typing import Any

from starlette.responses import Response

from tonne.operations import LawNotInForce, Scheme, given_free, own, proposals
from tonne.people import Proposal
from tonne.refusal import Refusal, Refused
from tonne.rulebook import NotInForce
from tonne.supply import Allocation
from tonne.web import gate, signing
from tonne.web.proposing import KEY_MOST
from tonne.web.refusals import ADDRESSES, FORMS, NoFileBrought, NoSuchPage, SignedOtherwise
from tonne.web.tables import cell
from tonne.web.visit import Visit
from tonne.web.wishing import sentence, text_of

FAULTS_SHOWN, ROWS_SHOWN = 100, 10
NAME_MOST = 100
CARRIED_MOST = 4 * 1024 * 1024
"""So long a table is that goes with a form; the form itself is read no longer."""

FIELDS = {
    4011: "operator_id", 4012: "count", 4013: "operator_id", 4014: "year", 4015: "year",
    4016: "count", 4018: "operator_id", 4030: "count", 4031: "received",
}  # fmt: skip
"""The column that a ground of the law is about."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong with a table, and where, as far as it is about one place."""

    refusal: Refusal
    sheet: str
    row: int | None
    column: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A table as it is shown: what it comes to, and the first of its rows."""

    wish: proposals.Allocate
    years: Sequence[given_free.YearGiven]
    """None of a table that is paid out or was let go."""

    first: Sequence[proposals.Allotment]

    @classmethod
    def of(cls, visit: Visit, law: Scheme, wish: proposals.Allocate, *, paid: bool) -> "Shown":
        """What is shown of a wish."""
        found = (
            []
            if paid
            else visit.ask(lambda books: given_free.years(books, law, wish, desk=visit.desk))
        )
        return cls(wish=wish, years=found, first=wish.rows[:ROWS_SHOWN])


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """Who brings a table, and where."""

    visit: Visit
    member: gate.Member
    law: Scheme
    units: Sequence[str]
    """Which may be given free."""

    unit: str
    key: str

    def text(self, wish: proposals.Allocate) -> str:
        """All that is signed."""
        return text_of("propose", self.law, self.said(wish), wish, self.key)

    def said(self, wish: proposals.Allocate) -> str:
        """The wish in a sentence."""
        return sentence(self.visit, self.law, wish, {})


def allocate(visit: Visit) -> Response:
    """The form that takes a table; what it comes to, or its faults; and, signed, the proposal."""
    member, law = gate.member(visit), visit.office.scheme(visit.place("scheme"))
    found = visit.ask(lambda b: given_free.units(b, law, by=member.code, desk=visit.desk))
    asked = _Asked(
        visit=visit,
        member=member,
        law=law,
        units=found,
        unit=visit.sent("unit"),
        key=visit.sent("key", KEY_MOST) or token_hex(16),
    )
    step = visit.sent("step")
    if visit.request.method == "GET" or step == "change":
        return _form(asked)
    rows: Sequence[Allocation] = ()
    try:
        rows = _carried(visit) if step in {"sign", "passkey"} else _brought(visit)
        wish = given_free.asked(rows, asked.unit)
        return _sign(asked, wish) if step in {"sign", "passkey"} else _check(asked, wish)
    except NotInForce as no:
        not_yet = LawNotInForce(reference=no.reference, asked=str(no))
        return _form(asked, _faults([not_yet], rows))
    except Refused as no:
        if any(each.number == gate.NOT_SIGNED_IN for each in no.refusals):
            raise
        return _form(asked, _faults(no.refusals, rows))


def table(visit: Visit) -> Response:
    """The table of a proposal as a file, for who may see the proposal."""
    member, law = gate.member(visit), visit.office.scheme(visit.place("scheme"))
    code = visit.place("code")
    told = visit.ask(
        lambda books: own.proposal_told(books, law, code, by=member.code, desk=visit.desk)
    )
    wish = proposals.wish_of(told.proposal)
    if not isinstance(wish, proposals.Allocate):
        raise Refused([NoSuchPage(reference=ADDRESSES, address=visit.request.url.path[:200])])
    raw = given_free.written(wish.table, cell).encode()
    return visit.hand_over(raw, "text/csv", f"allocation-{law.name}-{code}.csv")


def of_proposal(visit: Visit, law: Scheme, found: Proposal, wish: proposals.Wish) -> Shown | None:
    """What is shown beside a proposal to pay out a table."""
    if not isinstance(wish, proposals.Allocate):
        return None
    return Shown.of(visit, law, wish, paid=found.state != "awaiting_approval")


def _brought(visit: Visit) -> list[Allocation]:
    """The rows of the file that was brought, or every fault of it."""
    name, raw = visit.file
    if not raw:
        raise Refused([NoFileBrought(reference=FORMS)])
    return given_free.read(name[-NAME_MOST:], raw)


def _carried(visit: Visit) -> list[Allocation]:
    """The rows that went with the form."""
    try:
        raw = base64.urlsafe_b64decode(visit.sent("table", CARRIED_MOST))
    except binascii.Error:
        raise Refused([SignedOtherwise(reference=FORMS)]) from None
    return given_free.read("table.csv", raw)


def _sign(asked: _Asked, wish: proposals.Allocate) -> Response:
    """What was shown is signed, and then proposed."""
    return signing.proposed(
        asked.visit,
        asked.law,
        wish,
        by=asked.member.code,
        key=asked.key,
        text=asked.text(wish),
        again=lambda refusals: _check(asked, wish, refusals),
    )


def _check(asked: _Asked, wish: proposals.Allocate, refusals: Sequence[Refusal] = ()) -> Response:
    """What would become of the table; nothing of it is kept."""
    visit, law, by = asked.visit, asked.law, asked.member.code
    forecast = visit.ask(lambda books: proposals.rehearse(books, law, wish, by=by, desk=visit.desk))
    return visit.show(
        "allocate-check.html",
        http=400 if refusals else 200,
        member=asked.member,
        scheme=law,
        sentence=asked.said(wish),
        forecast=forecast,
        shown_table=Shown.of(visit, law, wish, paid=False),
        unit=wish.unit,
        carried=base64.urlsafe_b64encode(given_free.written(wish.table).encode()).decode(),
        key=asked.key,
        shown=signing.mark(visit, asked.text(wish)),
        refusals=refusals,
    )


def _form(asked: _Asked, faults: Sequence[Fault] = ()) -> Response:
    return asked.visit.show(
        "allocate.html",
        http=400 if faults else 200,
        member=asked.member,
        scheme=asked.law,
        title=asked.visit.title(asked.law),
        units=asked.units,
        unit=asked.unit,
        key=asked.key,
        faults=faults[:FAULTS_SHOWN],
        count=len(faults),
    )


def _faults(refusals: Sequence[Refusal], rows: Sequence[Allocation]) -> list[Fault]:
    """What is wrong, each with its place in the file that was brought."""
    return [_fault(each, rows) for each in refusals]


def _fault(no: Refusal, rows: Sequence[Allocation]) -> Fault:
    """One of them: the law counts the rows of the table, a person those of the file."""
    row: int | None = getattr(no, "row", None)
    column = getattr(no, "column", "") or FIELDS.get(no.number, "")
    if no.number in FIELDS:
        if row is not None:
            row = rows[row - 2].row
            facts: dict[str, Any] = {"row": row}
            no = replace(no, **facts)
        elif operator := getattr(no, "operator", ""):
            row = next((e.row for e in rows if e.operator == operator and e.received), None)
    return Fault(refusal=no, sheet=getattr(no, "sheet", ""), row=row, column=column)
