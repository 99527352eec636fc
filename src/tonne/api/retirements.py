"""Units that were given up for somebody: for whom, what for, and which ones."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tonne.api.described import answers
from tonne.api.refusals import REFERENCE, NoSuchThing
from tonne.api.shape import Block, Moment, Number, OfScheme, Shape
from tonne.api.shown import Page, show, show_list
from tonne.operations import Office, pages
from tonne.refusal import Refused


class RetirementRow(Shape):
    """Units that were cancelled or retired for a beneficiary; who held them before is not told."""

    object: Literal["retirement"] = "retirement"
    """What this is."""
    number: int
    """The number of the transaction."""
    scheme: str
    """Under the law of which scheme."""
    kind: str = Field(examples=["cancel_voluntarily"])
    """What was done."""
    day: date
    """The day on which it took effect."""
    recorded_at: Moment
    """When it was written down."""
    unit: str
    """What kind of unit was given up."""
    count: int
    """How many units."""
    blocks: list[Block]
    """Which ones, by number: the first hundred blocks."""
    beneficiary: str
    """For whom."""
    purpose: str | None
    """What for."""
    reversed_by: int | None
    """The transaction that undid it, if it was a mistake."""


def routes(office: Office) -> APIRouter:
    """The addresses of retirements."""
    router = APIRouter(prefix="/retirements", tags=["retirements"])

    @router.get("", operation_id="list_retirements", responses=answers(RetirementRow, many=True))
    def list_retirements(request: Request, page: Page, scheme: OfScheme = None) -> Response:
        """List what was given up for somebody, the newest first."""
        names = list(office.schemes) if scheme is None else [office.scheme(scheme).name]
        before = page.number()
        found = office.ask(
            lambda books: list(books.given_page(names, before=before, limit=page.more))
        )
        rows = [_row(each) for each in found]
        return show_list(
            request, page, rows, shape=RetirementRow, cursor=lambda row: str(row.number)
        )

    @router.get("/{number}", operation_id="get_retirement", responses=answers(RetirementRow))
    def get_retirement(
        request: Request,
        number: Annotated[Number, Path(description="The number of the transaction.")],
    ) -> Response:
        """Tell of units that were given up for somebody."""
        names = list(office.schemes)
        last = min(number + 1, 2**63 - 1)
        found = office.ask(lambda books: list(books.given_page(names, before=last, limit=1)))
        if not found or found[0].number != number:
            no = NoSuchThing(reference=REFERENCE, what="retirement", name=str(number))
            raise Refused([no])
        return show(request, _row(found[0]))

    return router


def _row(given: pages.Given) -> RetirementRow:
    return RetirementRow(
        number=given.number,
        scheme=given.scheme,
        kind=given.kind,
        day=given.day,
        recorded_at=given.at,
        unit=given.asset,
        count=given.count,
        blocks=[Block(series=name, first=first, last=last) for name, first, last in given.blocks],
        beneficiary=given.dedication.beneficiary,
        purpose=given.dedication.purpose or None,
        reversed_by=given.reversed_by,
    )
