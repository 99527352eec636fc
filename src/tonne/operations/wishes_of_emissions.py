"""What people may wish to have on record of emissions: a report, and a verifier's word of it.

A verifier's word is kept beside the figure, or alone where they are not satisfied: under a topic of
the scheme and the year, by account.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

import msgspec
from msgspec import Struct

from tonne import mrv
from tonne.ledger import KeptWord
from tonne.mrv import EmissionsReport, Opinion, ReportNotVerified
from tonne.operations.accounts import the_account
from tonne.operations.books import Books, Spoken
from tonne.operations.emissions import report, verify
from tonne.operations.heard import enter
from tonne.operations.record import Desk, once
from tonne.operations.scheme import Scheme
from tonne.quantity import Tonnes, number
from tonne.refusal import Refusal, Refused, refuse_if_any


@dataclass(frozen=True, slots=True, kw_only=True)
class NobodyEmitsHere(Refusal):
    """Emissions are reported on the account of who operates an installation or aircraft."""

    number: ClassVar[int] = 9174
    remedy: ClassVar[str] = "Report on the account of the operator."

    account: str

    def __str__(self) -> str:
        return f"The account {self.account} is no operator's: nothing is emitted there."


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureIsThere(Refusal):
    """Once a figure of a year stands, nobody reports it anew or judges a report of it here."""

    number: ClassVar[int] = 9175
    remedy: ClassVar[str] = "Ask the authority to correct the figure."

    operator: str
    year: int
    tonnes: int

    def __str__(self) -> str:
        return f"{self.tonnes:,} t stand for {self.operator} in {self.year} already."


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingReported(Refusal):
    """What is judged was reported."""

    number: ClassVar[int] = 9177
    remedy: ClassVar[str] = "Let the operator report its emissions first."

    operator: str
    year: int

    def __str__(self) -> str:
        return f"{self.operator} reported nothing for {self.year}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedAnew(Refusal):
    """A verifier judges the last report, and names what it says."""

    number: ClassVar[int] = 9178
    remedy: ClassVar[str] = "Look at the report as it is now, and judge that."

    operator: str
    year: int
    tonnes: Decimal

    def __str__(self) -> str:
        return f"The last report of {self.operator} for {self.year} says {self.tonnes} t."


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFigureOfSatisfied(Refusal):
    """A verifier states a figure of their own only where they are not satisfied with the report."""

    number: ClassVar[int] = 9136
    remedy: ClassVar[str] = "Leave the figure out, or say that you are not satisfied."

    figure: str

    def __str__(self) -> str:
        return f"Who is satisfied with a report has no other figure, such as {self.figure} t."


class Report(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """What an operator emitted in a year is reported; it counts once it is verified."""

    verb: ClassVar[str] = "report"

    account: str
    year: int
    tonnes: str
    """Of CO2 equivalent, such as 99.6."""

    source: str = ""
    """Where it comes from: the reference of the operator's own report."""

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Put it on record, as of today; never while a verifier judges another of the year."""
        books.speak_alone(word_topic(scheme, self.year), self.account)
        operator = operator_of(books, scheme, self.account, desk=desk)
        law = scheme.mrv.guidelines.on(desk.day).reference
        amount = Tonnes(Decimal(number(self.tonnes, what="Emissions", reference=law)))
        refuse_if_any(figure_refusals(books, scheme, self.account, self.year, desk=desk))
        said = EmissionsReport(
            operator=operator, year=self.year, tonnes=amount, submitted=desk.day, source=self.source
        )
        report(books, scheme, [said], key=key, desk=desk)


Judgement = Literal["verified", "verified_with_comments", "not_verified"]


class Verify(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A verifier says whether the report of a year is true."""

    verb: ClassVar[str] = "verify"

    account: str
    year: int
    tonnes: str
    """What the report says that is judged, so that no other can come in its place."""

    judgement: Judgement
    source: str = ""
    """The reference of the report that is judged."""

    statement: str = ""
    """The reference of the verifier's own report."""

    comment: str = ""
    """The comments, or why the verifier is not satisfied."""

    figure: str = ""
    """What it should say, where the verifier is not satisfied; nothing is owed by it."""

    def carry_out(self, books: Books, scheme: Scheme, *, key: str, desk: Desk) -> None:
        """Put the figure on record, or that there is none; and the verifier's word."""
        topic = word_topic(scheme, self.year)
        books.speak_alone(topic, self.account)
        judged, own = self._judged(books, scheme, desk=desk), self._figure(scheme, desk=desk)
        comments = (self.comment,) if self.comment.strip() else ()
        # Who says it is known by the proposal, which stands under this key.
        opinion = Opinion(verifier=key, judgement=self.judgement, comments=comments)
        if self.judgement == "not_verified":
            entry = _put_down(books, scheme, judged, opinion, key=key, desk=desk)
        else:
            (figure,) = verify(books, scheme, [(judged, opinion)], key=key, desk=desk)
            entry = figure.entry
        word = Word(
            proposal=key, judgement=self.judgement, tonnes=judged.tonnes.value,
            source=judged.source, statement=self.statement, comment=self.comment, figure=own,
        )  # fmt: skip
        said = msgspec.json.encode(word).decode()
        books.say(
            entry, [KeptWord(topic, self.account, said, state=self.judgement, account=self.account)]
        )

    def _figure(self, scheme: Scheme, *, desk: Desk) -> Decimal | None:
        """The verifier's own figure, if one is stated: 100, 9136."""
        if not self.figure:
            return None
        law = scheme.mrv.guidelines.on(desk.day).reference
        if self.judgement != "not_verified":
            raise Refused([OwnFigureOfSatisfied(reference=law, figure=self.figure)])
        return Tonnes(Decimal(number(self.figure, what="Emissions", reference=law))).value

    def _judged(self, books: Books, scheme: Scheme, *, desk: Desk) -> EmissionsReport:
        """The last report of the year, if it is the one that was looked at: 9175, 9177, 9178."""
        operator = operator_of(books, scheme, self.account, desk=desk)
        law = scheme.mrv.guidelines.on(desk.day).reference
        tonnes = Decimal(number(self.tonnes, what="Emissions", reference=law))
        refuse_if_any(figure_refusals(books, scheme, self.account, self.year, desk=desk))
        found = [each for _, each in books.reports(scheme.name, [self.year], account=self.account)]
        if not found:
            raise Refused([NothingReported(reference=law, operator=operator, year=self.year)])
        last = found[-1]
        # On the way through a form spaces and ends of lines become others.
        if (last.tonnes.value, last.source.split()) != (tonnes, self.source.split()):
            amount = last.tonnes.value
            raise Refused(
                [ReportedAnew(reference=law, operator=operator, year=self.year, tonnes=amount)]
            )
        return last


class Word(Struct, frozen=True, kw_only=True):
    """What a verifier said of a report."""

    proposal: str
    """By which it is known who said it."""

    judgement: Judgement
    tonnes: Decimal
    source: str
    statement: str
    comment: str
    figure: Decimal | None = None
    """What the report should say, as the verifier sees it."""

    def is_of(self, report: EmissionsReport) -> bool:
        """Whether it was said of a report that says the same."""
        return (report.tonnes.value, report.source) == (self.tonnes, self.source)


def words_of(books: Books, scheme: Scheme, account: str, year: int) -> list[Word]:
    """What verifiers said of the reports of a year, the last at the end."""
    return [word for _, word in spoken_of(books, scheme, account, year)]


def spoken_of(books: Books, scheme: Scheme, account: str, year: int) -> list[tuple[Spoken, Word]]:
    """The same, with where and when it was said."""
    found = books.words(word_topic(scheme, year), account)
    return [(each, msgspec.json.decode(each.word.body, type=Word)) for each in found]


def word_topic(scheme: Scheme, year: int) -> str:
    """What the words of verifiers are kept under: schemes may share the books."""
    return f"verified {scheme.name} {year}"


def _put_down(
    books: Books,
    scheme: Scheme,
    judged: EmissionsReport,
    opinion: Opinion,
    *,
    key: str,
    desk: Desk,
) -> int:
    """The entry of a word by which a report gives no figure, if nothing else is against it."""
    (outcome,) = mrv.verify_all([(judged, opinion)], rules=scheme.mrv, at=desk.at)
    grounds = outcome if isinstance(outcome, tuple) else ()
    refuse_if_any(
        [
            *scheme.on(desk.day).act_refusals("verify", desk.by),
            *(each for each in grounds if not isinstance(each, ReportNotVerified)),
        ]
    )
    asked = (judged.operator, judged.year, opinion.comments)
    digest, _ = once(books, scheme, key, "verify", asked)
    law = scheme.mrv.report_deadline.on(desk.day).reference
    return enter(books, scheme, key=key, digest=digest, kind="verify", because=(law,), desk=desk)


def operator_of(books: Books, scheme: Scheme, account: str, *, desk: Desk) -> str:
    """Whose emissions those of an account are, or 9174."""
    found = the_account(books, scheme, account, scheme.on(desk.day)).operator
    if found is None:
        law = scheme.mrv.guidelines.on(desk.day).reference
        raise Refused([NobodyEmitsHere(reference=law, account=account)])
    return found


def figure_refusals(
    books: Books, scheme: Scheme, account: str, year: int, *, desk: Desk
) -> list[Refusal]:
    """9175: whether a figure of a year stands, which the authority alone corrects."""
    law = scheme.mrv.guidelines.on(desk.day).reference
    return [
        FigureIsThere(reference=law, operator=each.operator, year=year, tonnes=each.tonnes)
        for _, each in list(books.figures(scheme.name, [year], account=account))[-1:]
    ]
