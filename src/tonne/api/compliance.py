"""What is public of a closed year: how every operator stands, and who fell short, by name."""

from datetime import date
from typing import Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tonne.api.described import answers
from tonne.api.shape import Money, Name, Shape, Year, money
from tonne.api.shown import Page, show_list
from tonne.compliance import publish_on
from tonne.operations import Books, Closing, Office


class OutcomeRow(Shape):
    """How an operator stands with a closed year."""

    object: Literal["outcome"] = "outcome"
    """What this is."""
    account: str
    """The operator's account."""
    operator: str = Field(examples=["STEEL-1"])
    """The operator, by its identifier."""
    year: int
    """The year of the emissions."""
    status: str
    """The code of its status, as the public sees it."""
    verified: int | None
    """Verified tonnes of the year, if there were any."""
    surrendered: int
    """Units that it surrendered for the year, as far as they counted."""
    name: str | None
    """Its name, where the law publishes who surrendered too little."""
    missing: int | None
    """How many units it was short, where it is named."""
    penalty: Money | None
    """The penalty, where it is named."""


def routes(office: Office) -> APIRouter:
    """The addresses of compliance."""
    router = APIRouter(prefix="/schemes/{scheme}/compliance", tags=["compliance"])

    @router.get(
        "/{year}",
        operation_id="list_outcomes",
        responses=answers(OutcomeRow, many=True, facts={"published_on": date}),
    )
    def list_outcomes(request: Request, scheme: Name, year: Year, page: Page) -> Response:
        """List how every operator stands with a closed year; nothing before the law's day."""
        law = office.scheme(scheme)
        on = publish_on(year, law.compliance)
        public = office.desk("operator").day >= on

        def question(books: Books) -> list[tuple[Closing, str]]:
            if page.after is not None:
                found = books.kept_by([page.after]).get(page.after)
                if found is None or found[0] != scheme:
                    raise page.unknown()
            if not public:
                return []
            return list(books.closings_page(scheme, year, after=page.after, limit=page.more))

        rows = [_row(*each) for each in office.ask(question)]
        return show_list(
            request, page, rows, shape=OutcomeRow, cursor=lambda row: row.account,
            facts={"published_on": on.isoformat()},
        )  # fmt: skip

    return router


def _row(closing: Closing, name: str) -> OutcomeRow:
    outcome = closing.outcome
    named = outcome.published
    return OutcomeRow(
        account=closing.account,
        operator=outcome.operator,
        year=outcome.year,
        status=outcome.status,
        verified=closing.verified,
        surrendered=closing.surrendered,
        name=name if named else None,
        missing=outcome.missing if named else None,
        penalty=money(outcome.penalty) if named else None,
    )
