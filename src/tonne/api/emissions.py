"""What is on record of the emissions of one's own: what was reported, and the figures of it."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tonne.api.callers import Reads, account_seen
from tonne.api.described import answers
from tonne.api.narrowed import Several
from tonne.api.shape import Moment, Name, Shape, Text
from tonne.api.shown import Page, show_list
from tonne.operations import Books, Office, own_emissions

Kind = Literal["reported", "judged", "verified", "determined", "corrected"]
Judgement = Literal["verified", "verified_with_comments", "not_verified"]


class EmissionsRow(Shape):
    """A report of a year's emissions, what a verifier said of it, or a figure that came of it."""

    object: Literal["emissions"] = "emissions"
    """What this is."""
    id: str = Field(examples=["2025-reported-1"])
    """Its name in this list: the year, a report, a judgement or a figure, and which of these."""
    account: str
    """The account of the operator."""
    operator: str = Field(examples=["STEEL"])
    """The operator, by its identifier."""
    year: int
    """The year of the emissions."""
    kind: Kind
    """Whose word it is: the operator's, a verifier's of that, or how a figure came about."""
    tonnes: str = Field(examples=["99.6"])
    """Tonnes of CO2 equivalent: as they were reported and judged, or whole ones of a figure."""
    stands: bool
    """Whether it is the figure that stands today."""
    day: date
    """The day on which the report came or was judged, or from which the figure holds."""
    recorded_at: Moment | None
    """When a judgement or a figure became known."""
    late: bool | None
    """Of a figure, whether it came after the last day for reports."""
    note: str | None
    """Where a report comes from, a verifier's comments, or what was said of a figure."""
    reference: str | None
    """The law under which a figure holds; of a judgement, the verifier's own report."""
    judgement: Judgement | None
    """What the verifier said of the report."""
    verifier: str | None
    """Who said it, by name; none where it was put on record at the registry itself."""
    verifier_code: str | None = Field(examples=["usr_01m808tx00e008000000000000"])
    """The same person, by their code."""


_Number = Annotated[
    Text, Path(description="The number of the account.", examples=["XE-120-1-0-97"])
]
_OfYear = Annotated[int | None, Query(description="Only of this year.", ge=1990, le=2100)]
_Of = Annotated[
    list[Kind] | None,
    Several,
    Query(description="Only what is of this kind; of several with commas between them."),
]


def routes(office: Office) -> APIRouter:
    """The address of emissions of one's own."""
    router = APIRouter(prefix="/schemes/{scheme}/accounts/{number}", tags=["own"])

    @router.get(
        "/emissions", operation_id="list_emissions", responses=answers(EmissionsRow, many=True)
    )
    def list_emissions(  # noqa: PLR0917  as the address has it
        request: Request,
        scheme: Name,
        number: _Number,
        caller: Reads,
        page: Page,
        year: _OfYear = None,
        kind: _Of = None,
    ) -> Response:
        """List what an account reported, and the figures of it, the first year first.

        For its representatives, for staff, and for verifiers whom it appointed.
        """
        law, desk = office.scheme(scheme), office.desk("operator")

        def question(books: Books) -> list[own_emissions.YearEmitted]:
            account_seen(books, law, number, key=caller, desk=desk, reports=True)
            return own_emissions.emitted(books, law, number, by=caller.person, desk=desk, year=year)

        found = office.ask(question)
        every = (row for each in found for row in _rows(number, each))
        rows = [row for row in every if kind is None or row.kind in kind]
        begin = page.begin([row.id for row in rows])
        return show_list(
            request, page, rows[begin : begin + page.more], shape=EmissionsRow,
            cursor=lambda row: row.id,
        )  # fmt: skip

    return router


def _rows(number: str, found: own_emissions.YearEmitted) -> Iterator[EmissionsRow]:
    """The rows of a year: what was reported, what was said of it, the figures, as they came."""
    for place, report in enumerate(found.reports, 1):
        yield EmissionsRow(
            id=f"{found.year}-reported-{place}",
            account=number,
            operator=report.operator,
            year=found.year,
            kind="reported",
            tonnes=f"{report.tonnes.value:f}",
            stands=False,
            day=report.submitted,
            recorded_at=None,
            late=None,
            note=report.source or None,
            reference=None,
            judgement=None,
            verifier=None,
            verifier_code=None,
        )
    for place, said in enumerate(found.said, 1):
        yield EmissionsRow(
            id=f"{found.year}-judged-{place}",
            account=number,
            operator=found.reports[-1].operator,
            year=found.year,
            kind="judged",
            tonnes=f"{said.word.tonnes:f}",
            stands=False,
            day=said.day,
            recorded_at=said.at,
            late=None,
            note=said.word.comment or None,
            reference=said.word.statement or None,
            judgement=said.word.judgement,
            verifier=said.by,
            verifier_code=said.person,
        )
    by_entry = {said.entry: said for said in found.said}
    for place, figure in enumerate(found.figures, 1):
        word = by_entry.get(figure.entry)
        yield EmissionsRow(
            id=f"{found.year}-figure-{place}",
            account=number,
            operator=figure.operator,
            year=found.year,
            kind=figure.kind,
            tonnes=str(figure.tonnes),
            stands=figure == found.stands,
            day=figure.day,
            recorded_at=figure.recorded,
            late=figure.late,
            note=figure.note or None,
            reference=figure.reference,
            judgement=word.word.judgement if word else None,
            verifier=word.by if word else None,
            verifier_code=word.person if word else None,
        )
