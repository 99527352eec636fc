"""Account holders: the registry's staff sees all of them, whoever acts for some sees these."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tonne.api.callers import Reads, acting
from tonne.api.described import answers
from tonne.api.narrowed import Several
from tonne.api.refusals import REFERENCE, NoSuchThing
from tonne.api.shape import Name, Shape, Text
from tonne.api.shown import Page, show, show_list
from tonne.operations import Books, Office, organisations
from tonne.people import Holder, HolderKind
from tonne.refusal import Refused


class OrganisationRow(Shape):
    """An organisation or a person who holds accounts, as the registry knows them."""

    object: Literal["organisation"] = "organisation"
    """What this is."""
    code: str = Field(examples=["org_01m808tx00e008000000000000"])
    """Its code."""
    kind: HolderKind
    """What it is."""
    name: str
    """Its name."""
    country: str = Field(examples=["XE"])
    """Its country, by its code."""
    number: str | None
    """As the country registers it, or its LEI."""
    documents: int
    """How many documents were seen that show who it is."""


_Code = Annotated[
    Text,
    Path(description="The code of the organisation.", examples=["org_01m808tx00e008000000000000"]),
]
_Kinds = Annotated[
    list[HolderKind] | None,
    Several,
    Query(description="Only those of this kind; of several with commas between them."),
]


def routes(office: Office) -> APIRouter:
    """The addresses of organisations."""
    router = APIRouter(prefix="/schemes/{scheme}/organisations", tags=["organisations"])

    @router.get(
        "", operation_id="list_organisations", responses=answers(OrganisationRow, many=True)
    )
    def list_organisations(
        request: Request, scheme: Name, caller: Reads, page: Page, kind: _Kinds = None
    ) -> Response:
        """List your own organisations as they became known; the registry's staff sees all."""
        law, desk = office.scheme(scheme), office.desk("operator")
        after = page.number() or 0

        def question(books: Books) -> list[organisations.Numbered]:
            acting(books, caller)
            return [
                *organisations.seen(
                    books, law, by=caller.person, desk=desk, kinds=kind, after=after,
                    limit=page.more,
                )
            ]  # fmt: skip

        numbered = office.ask(question)
        numbers = {each.code: str(number) for number, each in numbered}
        rows = [_row(each) for _, each in numbered]
        return show_list(
            request, page, rows, shape=OrganisationRow, cursor=lambda row: numbers[row.code]
        )

    @router.get("/{code}", operation_id="get_organisation", responses=answers(OrganisationRow))
    def get_organisation(request: Request, scheme: Name, code: _Code, caller: Reads) -> Response:
        """Tell how an organisation is known, if it is your own or you are of the staff."""
        law, desk = office.scheme(scheme), office.desk("operator")

        def question(books: Books) -> Holder | None:
            acting(books, caller)
            return organisations.told(books, law, code, by=caller.person, desk=desk)

        found = office.ask(question)
        if found is None:
            raise Refused([NoSuchThing(reference=REFERENCE, what="organisation", name=code)])
        return show(request, _row(found))

    return router


def _row(found: Holder) -> OrganisationRow:
    return OrganisationRow(
        code=found.code,
        kind=found.kind,
        name=found.name,
        country=found.country,
        number=found.number or None,
        documents=len(found.documents),
    )
