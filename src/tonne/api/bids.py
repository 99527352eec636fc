"""The bids of an account in an auction, for its own programs: told, and taken back."""

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tonne.api.callers import SeesMarket, Trades, account_seen
from tonne.api.described import answers
from tonne.api.keys import Key
from tonne.api.shape import Moment, Money, Name, Shape, Text, money
from tonne.api.shown import Page, show, show_list
from tonne.operations import Books, Office, own_bids


class BidRow(Shape):
    """A bid of one's own account that stands, and what it won once the auction is cleared."""

    object: Literal["bid"] = "bid"
    """What this is."""
    bid: str = Field(examples=["txn_01m808tx00e008000000000000"])
    """Its name; of one that was proposed, the code of the proposal."""
    auction: str = Field(examples=["A1"])
    """In which auction."""
    price: Money
    """The most that is paid for one unit."""
    count: int
    """How many units."""
    received: Moment
    """When it came."""
    won: int
    """How many units it won."""
    paid: Money
    """What they cost, without tax."""


class BidTakenBack(Shape):
    """A bid that stands no more."""

    object: Literal["bid_taken_back"] = "bid_taken_back"
    """What this is."""
    bid: str
    """Its name."""
    auction: str
    """In which auction."""
    account: str
    """Whose it was."""


class BidToTakeBack(Shape):
    """Where a bid stands that is to be taken back."""

    account: Text = Field(examples=["XE-120-1-0-97"])
    """Whose bid it is."""
    auction: Text = Field(examples=["A1"])
    """In which auction."""


_Account = Annotated[
    Text, Query(description="The number of an account of yours.", examples=["XE-120-1-0-97"])
]
_Auction = Annotated[Text, Query(description="The name of the auction.", examples=["A1"])]
_Bid = Annotated[
    Text, Path(description="The name of the bid.", examples=["txn_01m808tx00e008000000000000"])
]


def routes(office: Office) -> APIRouter:
    """The addresses of bids."""
    router = APIRouter(prefix="/schemes/{scheme}/bids", tags=["markets"])

    @router.get("", operation_id="list_bids", responses=answers(BidRow, many=True))
    def list_bids(  # noqa: PLR0917  as the address has it
        request: Request,
        scheme: Name,
        caller: SeesMarket,
        page: Page,
        account: _Account,
        auction: _Auction,
    ) -> Response:
        """List the bids of an account of yours in an auction; staff see them once it is cleared."""
        law, desk = office.scheme(scheme), office.desk("operator")

        def question(books: Books) -> list[own_bids.OwnBid]:
            account_seen(books, law, account, key=caller, desk=desk)
            return own_bids.own_bids(books, law, auction, account, by=caller.person, desk=desk)

        rows = [
            BidRow(
                bid=each.id,
                auction=auction,
                price=money(each.price),
                count=each.count,
                received=each.received,
                won=each.won,
                paid=money(each.paid),
            )
            for each in office.ask(question)
        ]
        begin = page.begin([each.bid for each in rows])
        shown = rows[begin : begin + page.more]
        return show_list(request, page, shown, shape=BidRow, cursor=lambda row: row.bid)

    @router.post("/{code}/cancel", operation_id="cancel_bid", responses=answers(BidTakenBack))
    def cancel_bid(  # noqa: PLR0917  as the address has it
        request: Request,
        scheme: Name,
        code: _Bid,
        caller: Trades,
        key: Key,
        body: Annotated[BidToTakeBack, Body()],
    ) -> Response:
        """Take a bid back before the close, also where the account is frozen."""
        law, desk = office.scheme(scheme), office.desk("operator")

        def take(books: Books) -> None:
            account_seen(books, law, body.account, key=caller, desk=desk)
            own_bids.take_back(
                books, law, body.auction, body.account, code, by=caller.person, key=key, desk=desk
            )

        office.do(take)
        return show(
            request, BidTakenBack(bid=code, auction=body.auction, account=body.account)
        )  # fmt: skip

    return router
