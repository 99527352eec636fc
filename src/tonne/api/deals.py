"""Deals over the counter, told to their sides: whoever sees the account of a side sees the deal."""

from datetime import date
from itertools import islice
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tonne.api.callers import SeesMarket, Trades, account_seen, acting
from tonne.api.described import answers
from tonne.api.keys import Key
from tonne.api.narrowed import Several
from tonne.api.shape import Moment, Money, Name, Shape, Text, price
from tonne.api.shown import Page, show, show_list
from tonne.market import DealState
from tonne.operations import Books, Office, dealing, deals


class DealRow(Shape):
    """A deal over the counter, as its sides see it."""

    object: Literal["deal"] = "deal"
    """What this is."""
    deal: str = Field(examples=["D-17"])
    """Its name."""
    state: DealState
    """How far it has come."""
    buyer: str
    """The account that buys."""
    seller: str
    """The account that sells."""
    broker: str | None
    """The account of who brought them together, if anybody did."""
    unit: str = Field(examples=["EXA-1"])
    """What kind of unit."""
    count: int
    """How many units."""
    price: Money | None
    """For one unit; nothing as long as a price is asked for."""
    delivery: Literal["versus_payment", "free_of_payment"]
    """Whether units go against money, or first."""
    confirmed: list[Literal["buyer", "seller"]]
    """The sides that have confirmed it."""
    valid_until: Moment
    """Until then it may be confirmed."""
    agreed_at: Moment | None
    """When both had confirmed it."""
    settle_on: date
    """The first day on which it may be settled."""
    settled: int
    """How many units are settled."""
    failures: int
    """How often it, or what was left of it, could not be settled."""
    transactions: list[int]
    """What settled it: one transaction, or one for each part."""


class DealRejected(Shape):
    """For whom a deal is rejected or taken back."""

    account: Text = Field(examples=["XE-120-1-0-97"])
    """The account of a side."""


_Account = Annotated[
    Text,
    Query(description="The number of an account of a side.", examples=["XE-120-1-0-97"]),
]
_Deal = Annotated[Text, Path(description="The name of the deal.", examples=["D-17"])]
_States = Annotated[
    list[DealState] | None,
    Several,
    Query(description="Only those that stand so; several with commas between them."),
]


def routes(office: Office) -> APIRouter:
    """The addresses of deals."""
    router = APIRouter(prefix="/schemes/{scheme}/deals", tags=["deals"])

    @router.get("", operation_id="list_deals", responses=answers(DealRow, many=True))
    def list_deals(  # noqa: PLR0917  as the address has it
        request: Request,
        scheme: Name,
        caller: SeesMarket,
        page: Page,
        account: _Account,
        state: _States = None,
    ) -> Response:
        """List the deals in which an account of yours buys or sells, the newest first."""
        law, desk = office.scheme(scheme), office.desk("operator")

        def question(books: Books) -> list[deals.DealStands]:
            account_seen(books, law, account, key=caller, desk=desk)
            names = deals.own_names(books, law, account, by=caller.person, desk=desk)
            rest = names[page.begin(names) :]
            found = (deals.the_deal(books, law, name, desk=desk) for name in rest)
            fitting = (each for each in found if state is None or each.deal.state in state)
            return [*islice(fitting, page.more)]

        rows = [_row(each) for each in office.ask(question)]
        return show_list(request, page, rows, shape=DealRow, cursor=lambda row: row.deal)

    @router.get("/{code}", operation_id="get_deal", responses=answers(DealRow))
    def get_deal(request: Request, scheme: Name, code: _Deal, caller: SeesMarket) -> Response:
        """Tell how a deal stands, if you see the account of a side."""
        law, desk = office.scheme(scheme), office.desk("operator")

        def question(books: Books) -> deals.DealStands:
            acting(books, caller)
            return deals.seen(books, law, code, by=caller.person, desk=desk)

        return show(request, _row(office.ask(question)))

    @router.post("/{code}/reject", operation_id="reject_deal", responses=answers(DealRow))
    def reject_deal(  # noqa: PLR0917  as the address has it
        request: Request,
        scheme: Name,
        code: _Deal,
        caller: Trades,
        key: Key,
        body: Annotated[DealRejected, Body()],
    ) -> Response:
        """Reject a deal for an account of yours, or take back what it proposed."""
        law, desk = office.scheme(scheme), office.desk("operator")

        def reject(books: Books) -> deals.DealStands:
            account_seen(books, law, body.account, key=caller, desk=desk)
            dealing.reject(books, law, body.account, code, by=caller.person, key=key, desk=desk)
            return deals.seen(books, law, code, by=caller.person, desk=desk)

        return show(request, _row(office.do(reject)))

    return router


def _row(found: deals.DealStands) -> DealRow:
    deal = found.deal
    return DealRow(
        deal=deal.id,
        state=deal.state,
        buyer=deal.buyer,
        seller=deal.seller,
        broker=None if deal.brokerage is None else deal.brokerage.broker,
        unit=deal.unit,
        count=deal.count,
        price=None if deal.price is None else price(deal.price),
        delivery=deal.delivery,
        confirmed=list(deal.confirmed),
        valid_until=deal.valid_until,
        agreed_at=deal.agreed_at,
        settle_on=deal.settle_on,
        settled=deal.count if deal.state is DealState.SETTLED else deal.settled,
        failures=deal.failures,
        transactions=list(found.transactions),
    )
