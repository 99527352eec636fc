"""What is public of auctions: when they are held, what is offered, and what came of them."""

from decimal import Decimal
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tonne.api.described import answers
from tonne.api.shape import Moment, Money, Name, Shape, Text, money
from tonne.api.shown import Page, show, show_list
from tonne.operations import Books, Office, auctions, pages

AuctionStatus = Literal["announced", "open", "closed", "cleared", "called off"]


class BidsAt(Shape):
    """A point of the curve of bids."""

    price: Money
    """A price."""
    count: int
    """How many units were bid for at this price or above."""


class AuctionResults(Shape):
    """What is published of an auction once its bids were opened."""

    price: Money | None
    """What every winner paid for a unit; none where nothing was sold."""
    sold: int
    """How many units were sold."""
    demanded: int
    """How many units were bid for."""
    cover: str
    """Units bid for, for each unit offered."""
    bidders: int
    """How many bid."""
    winners: int
    """How many won."""
    proceeds: Money
    """The price of all units that were sold, without tax."""
    sealed: int
    """How many bids were sealed at the close."""
    roll: str
    """The hash of them all."""
    seed: str | None
    """What drew lots among equal bids, where any were drawn."""
    curve: list[BidsAt]
    """How many units were bid for at each price."""


class AuctionRow(Shape):
    """An auction of units."""

    object: Literal["auction"] = "auction"
    """What this is."""
    name: str = Field(examples=["A1"])
    """Its name."""
    scheme: str
    """The scheme whose units are auctioned."""
    instrument: str = Field(examples=["EXA-1-LOT"])
    """What is sold: the lot of auctions by its code in the law."""
    unit: str
    """What kind of unit it delivers."""
    offered: int
    """How many units are offered."""
    opens: Moment
    """From when bids are taken."""
    closes: Moment
    """Until when."""
    status: AuctionStatus
    """How far it has come."""
    results: AuctionResults | None
    """What came of it, once it is cleared."""


_Auction = Annotated[Text, Path(description="The name of the auction.", examples=["A1"])]


def routes(office: Office) -> APIRouter:
    """The addresses of auctions."""
    router = APIRouter(prefix="/markets/{scheme}/auctions", tags=["markets"])

    @router.get("", operation_id="list_auctions", responses=answers(AuctionRow, many=True))
    def list_auctions(request: Request, scheme: Name, page: Page) -> Response:
        """List the auctions of a scheme by name."""
        law = office.scheme(scheme)

        def question(books: Books) -> list[auctions.HeldAuction]:
            names = pages.auction_names(books, law, after=page.after or "", limit=page.more)
            return [auctions.find(books, law, name) for name in names]

        rows = [_row(office, each, scheme) for each in office.ask(question)]
        return show_list(request, page, rows, shape=AuctionRow, cursor=lambda row: row.name)

    @router.get("/{auction}", operation_id="get_auction", responses=answers(AuctionRow))
    def get_auction(request: Request, scheme: Name, auction: _Auction) -> Response:
        """Tell of an auction, and what came of it once it is cleared."""
        law = office.scheme(scheme)
        found = office.ask(lambda books: auctions.find(books, law, auction))
        return show(request, _row(office, found, scheme))

    return router


def _row(office: Office, auction: auctions.HeldAuction, scheme: str) -> AuctionRow:
    made = auction.created
    own = made.offer.count + sum(each.count for each in made.offer.consigned)
    return AuctionRow(
        name=made.name,
        scheme=scheme,
        instrument=made.instrument,
        unit=made.unit,
        offered=own,
        opens=made.opens,
        closes=made.closes,
        status=auction.status(office.now()),
        results=None if auction.cleared is None else _results(auction.cleared.results),
    )


def _results(told: auctions.Results) -> AuctionResults:
    return AuctionResults(
        price=None if told.price is None else _price(told.price, told.currency),
        sold=told.sold,
        demanded=told.demanded,
        cover=f"{told.cover}",
        bidders=told.bidders,
        winners=told.winners,
        proceeds=money(told.proceeds),
        sealed=told.sealed,
        roll=told.roll,
        seed=told.seed,
        curve=[BidsAt(price=_price(each.price, told.currency), count=each.count)
               for each in told.curve],
    )  # fmt: skip


def _price(amount: Decimal, currency: str) -> Money:
    return Money(amount=f"{amount:f}", currency=currency)
