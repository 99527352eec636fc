"""Installations and aircraft operators as far as they are public, and their years."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tonne.api.described import answers
from tonne.api.public import kinds_of, public_name
from tonne.api.refusals import REFERENCE, NoSuchThing
from tonne.api.shape import Name, Shape, Text
from tonne.api.shown import Page, show, show_list
from tonne.operations import Books, Office, public
from tonne.refusal import Refused
from tonne.registry import AccountKind, HoldingAccount, Status


class InstallationRow(Shape):
    """An installation or aircraft operator, by the account that it has."""

    object: Literal["installation"] = "installation"
    """What this is."""
    operator: str = Field(examples=["STEEL-1"])
    """By which identifier it is known."""
    name: str | None
    """The name of its account."""
    kind: str
    """What kind of account it has."""
    registry: str | None
    """Who keeps it, where several do."""
    account: str
    """The number of its account."""
    status: Status
    """How far that may be used."""
    opened: date
    """The day on which it was opened."""


class InstallationYear(Shape):
    """A year of an installation, as far as it is public."""

    year: int
    """The year of the emissions."""
    account: str
    """Its account at that time."""
    allocated: int
    """Units that it was given free for the year, less those that were taken back."""
    status: str | None
    """The code of its status with the closed year, if that is public."""
    verified: int | None
    """Verified tonnes of the year, if they are public and there were any."""
    surrendered: int | None
    """Units that it surrendered for the year, as far as they counted, if that is public."""
    missing: int | None
    """How many units it was short, where the law publishes its name."""


class Installation(Shape):
    """An installation or aircraft operator: the accounts that it had, and its years."""

    object: Literal["installation_years"] = "installation_years"
    """What this is."""
    operator: str
    """By which identifier it is known."""
    accounts: list[InstallationRow]
    """Its accounts in the order in which they were opened; one of them at most is not closed."""
    years: list[InstallationYear]
    """The years of which something is public, the first at the beginning."""


_Operator = Annotated[
    Text, Path(description="The identifier of the installation.", examples=["STEEL"])
]
_Registry = Annotated[
    Text | None, Query(description="Only those that this registry keeps.", examples=["XE"])
]


def routes(office: Office) -> APIRouter:
    """The addresses of installations."""
    router = APIRouter(prefix="/schemes/{scheme}/installations", tags=["installations"])

    @router.get(
        "", operation_id="list_installations", responses=answers(InstallationRow, many=True)
    )
    def list_installations(
        request: Request, scheme: Name, page: Page, registry: _Registry = None
    ) -> Response:
        """List installations and aircraft operators in the order in which they had accounts."""
        law = office.scheme(scheme)

        def question(books: Books) -> list[HoldingAccount]:
            if page.after is not None:
                found = books.kept_by([page.after]).get(page.after)
                if found is None or found[0] != scheme or found[1].operator is None:
                    raise page.unknown()
            return list(
                books.accounts_page(
                    scheme, operated=True, registry=registry, after=page.after, limit=page.more
                )
            )

        kinds = kinds_of(law, office.desk("operator").day)
        rows = [_row(each, kinds.get(each.kind)) for each in office.ask(question)]
        return show_list(request, page, rows, shape=InstallationRow, cursor=lambda row: row.account)

    @router.get("/{operator}", operation_id="get_installation", responses=answers(Installation))
    def get_installation(request: Request, scheme: Name, operator: _Operator) -> Response:
        """Tell the accounts of an installation and its years: what was given, emitted, returned."""
        law, desk = office.scheme(scheme), office.desk("operator")

        def question(books: Books) -> list[public.OperatorTold]:
            return [
                public.operator_told(books, law, each.number, desk=desk)
                for each in books.accounts(scheme=scheme, operator=operator)
            ]

        found = office.ask(question)
        if not found:
            raise Refused([NoSuchThing(reference=REFERENCE, what="installation", name=operator)])
        kinds = kinds_of(law, desk.day)
        years = [_year(told.account.number, each) for told in found for each in told.years]
        answer = Installation(
            operator=operator,
            accounts=[_row(told.account, kinds.get(told.account.kind)) for told in found],
            years=sorted(years, key=lambda each: each.year),
        )
        return show(request, answer)

    return router


def _row(account: HoldingAccount, kind: AccountKind | None) -> InstallationRow:
    assert account.operator is not None, "what is listed here is an operator's"
    return InstallationRow(
        operator=account.operator,
        name=public_name(account, kind),
        kind=account.kind,
        registry=account.registry,
        account=account.number,
        status=account.status,
        opened=account.opened,
    )


def _year(account: str, each: public.OperatorYear) -> InstallationYear:
    closing = each.closing
    named = closing is not None and closing.outcome.published
    return InstallationYear(
        year=each.year,
        account=account,
        allocated=each.allocated,
        status=None if closing is None else closing.outcome.status,
        verified=None if closing is None else closing.verified,
        surrendered=None if closing is None else closing.surrendered,
        missing=closing.outcome.missing if closing is not None and named else None,
    )
