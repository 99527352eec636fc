"""The public list of a scheme's accounts: that they are there, not what they hold."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tonne.api.described import answers
from tonne.api.public import kinds_of, public_name
from tonne.api.refusals import REFERENCE, NoSuchThing
from tonne.api.shape import Name, Shape, Text
from tonne.api.shown import Page, show, show_list
from tonne.operations import Books, Office
from tonne.refusal import Refused
from tonne.registry import AccountKind, HoldingAccount, Status


class AccountRow(Shape):
    """An account, as far as it is public."""

    object: Literal["account"] = "account"
    """What this is."""
    number: str = Field(examples=["XE-120-7-0-95"])
    """Its number, with check digits."""
    scheme: str
    """The scheme that it belongs to."""
    name: str | None
    """Its name, where it is an operator's or a government's; a person's is not public."""
    kind: str
    """What kind of account it is."""
    status: Status
    """How far it may be used."""
    operator: str | None
    """The installation or aircraft operator whose it is, by its identifier."""
    opened: date
    """The day on which it was opened."""


_Number = Annotated[
    Text, Path(description="The number of the account.", examples=["XE-120-7-0-95"])
]


def routes(office: Office) -> APIRouter:
    """The addresses of accounts."""
    router = APIRouter(prefix="/schemes/{scheme}/accounts", tags=["accounts"])

    @router.get("", operation_id="list_accounts", responses=answers(AccountRow, many=True))
    def list_accounts(request: Request, scheme: Name, page: Page) -> Response:
        """List the accounts of a scheme in the order in which they were opened."""
        law = office.scheme(scheme)

        def question(books: Books) -> list[HoldingAccount]:
            if page.after is not None:
                _the_account(books, scheme, page.after, page.unknown())
            return list(books.accounts_page(scheme, after=page.after, limit=page.more))

        kinds = kinds_of(law, office.desk("operator").day)
        rows = [_row(each, scheme, kinds.get(each.kind)) for each in office.ask(question)]
        return show_list(request, page, rows, shape=AccountRow, cursor=lambda row: row.number)

    @router.get("/{number}", operation_id="get_account", responses=answers(AccountRow))
    def get_account(request: Request, scheme: Name, number: _Number) -> Response:
        """Tell what is public of an account."""
        law = office.scheme(scheme)
        no = Refused([NoSuchThing(reference=REFERENCE, what="account", name=number)])
        account = office.ask(lambda books: _the_account(books, scheme, number, no))
        kind = kinds_of(law, office.desk("operator").day).get(account.kind)
        return show(request, _row(account, scheme, kind))

    return router


def _the_account(books: Books, scheme: str, number: str, no: Refused) -> HoldingAccount:
    """The account of that number in the scheme, or a refusal."""
    found = books.kept_by([number]).get(number)
    if found is None or found[0] != scheme:
        raise no
    return found[1]


def _row(account: HoldingAccount, scheme: str, kind: AccountKind | None) -> AccountRow:
    return AccountRow(
        number=account.number,
        scheme=scheme,
        name=public_name(account, kind),
        kind=account.kind,
        status=account.status,
        operator=account.operator,
        opened=account.opened,
    )
