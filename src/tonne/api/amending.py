"""Orders that programs change in the book: smaller, or at a better price for the account."""

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Path
from pydantic import Field, model_validator
from starlette.requests import Request
from starlette.responses import Response

from tonne.api.callers import Trades, account_seen
from tonne.api.described import answers
from tonne.api.keys import Key
from tonne.api.shape import Name, Shape, Text
from tonne.api.shown import show
from tonne.operations import Books, Office, amending


class AmendmentAsked(Shape):
    """What is to become of an order: its count, or its price, or both."""

    account: Text = Field(examples=["XE-120-1-0-97"])
    """Whose order it is."""
    instrument: Text = Field(examples=["EXA-SPOT"])
    """In which book."""
    order_qty: int | None = Field(default=None, ge=1, le=2**63 - 1, strict=True, examples=[50])
    """How many units, with those that it has traded; not more than it was."""
    price: Text | None = Field(default=None, examples=["8.10"])
    """For one unit; of what is bought not more than it was, of what is sold not less."""

    @model_validator(mode="after")
    def _says_something(self) -> "AmendmentAsked":
        if self.order_qty is None and self.price is None:
            raise ValueError("an order is changed in its order_qty or its price")
        return self


class OrderAmended(Shape):
    """An order that was changed; how it stands now, the list of orders tells."""

    object: Literal["order_amended"] = "order_amended"
    """What this is."""
    cl_ord_id: str
    """Its name in the book."""
    account: str
    """Whose order it is."""
    instrument: str
    """In which book."""
    order_qty: int | None
    """How many units were asked for, if that was said."""
    price: str | None
    """Which price was asked for, if that was said."""


_Order = Annotated[
    Text,
    Path(
        description="The name of the order in the book.",
        examples=["txn_01m808tx00e008000000000000"],
    ),
]


def routes(office: Office) -> APIRouter:
    """The address at which an order is changed."""
    router = APIRouter(prefix="/schemes/{scheme}/orders", tags=["orders"])

    @router.post("/{code}/amend", operation_id="amend_order", responses=answers(OrderAmended))
    def amend_order(  # noqa: PLR0917  as the address has it
        request: Request,
        scheme: Name,
        code: _Order,
        caller: Trades,
        key: Key,
        body: Annotated[AmendmentAsked, Body()],
    ) -> Response:
        """Make an order smaller, or its price better for the account; for all else put another.

        It keeps its turn in the book only if its price stays.
        """
        law, desk = office.scheme(scheme), office.desk("operator")
        wish = amending.Amendment(
            account=body.account, instrument=body.instrument, name=code, count=body.order_qty,
            price=body.price,
        )  # fmt: skip

        def change(books: Books) -> None:
            account_seen(books, law, wish.account, key=caller, desk=desk)
            amending.amend(books, law, wish, by=caller.person, key=key, desk=desk)

        office.do(change)
        return show(request, OrderAmended(cl_ord_id=code, **body.model_dump()))

    return router
