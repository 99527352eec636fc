"""What people may wish to have on record of emissions: the report of a year."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from msgspec import Struct

from tonne.mrv import EmissionsReport
from tonne.operations.accounts import the_account
from tonne.operations.books import Books
from tonne.operations.emissions import report
from tonne.operations.record import Desk
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
        """Put it on record, as of today."""
        operator = operator_of(books, scheme, self.account, desk=desk)
        law = scheme.mrv.guidelines.on(desk.day).reference
        amount = Tonnes(Decimal(number(self.tonnes, what="Emissions", reference=law)))
        refuse_if_any(figure_refusals(books, scheme, self.account, self.year, desk=desk))
        said = EmissionsReport(
            operator=operator, year=self.year, tonnes=amount, submitted=desk.day, source=self.source
        )
        report(books, scheme, [said], key=key, desk=desk)


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
