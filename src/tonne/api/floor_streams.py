"""The book of an instrument, and the stream of its trades and of what rests in it."""

import threading
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from tonne.api.described import answers
from tonne.api.markets import Floor
from tonne.api.shape import Code, Money, Name, Shape, price
from tonne.api.shown import show
from tonne.api.streams import Streams, Told, begins_after, streamed
from tonne.market import DepthLevel
from tonne.operations import Books, Office, book_watch, pages

LEVELS, LEVELS_MAX = 10, 100
_CHUNK = 200

Levels = Annotated[
    int, Query(description="So many prices of each side at most.", ge=1, le=LEVELS_MAX)
]
After = Annotated[int | None, Depends(begins_after)]


class LevelRow(Shape):
    """What rests at one price."""

    price: Money
    """The price of a unit."""
    count: int
    """How many units."""
    orders: int
    """In how many orders."""


class BookRow(Shape):
    """What rests in a book; whose it is, is not public."""

    object: Literal["book"] = "book"
    """What this is."""
    instrument: str
    """What is traded."""
    number: int
    """The number of the last word that the book was told; 0 if none."""
    phase: str
    """The phase of the trading day."""
    last_price: Money | None
    """The price of the last trade."""
    bids: list[LevelRow]
    """What is bought, the highest price first."""
    offers: list[LevelRow]
    """What is sold, the lowest price first."""


class _Watches:
    """The books that are looked at, each followed once for all who look."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._watches: dict[tuple[str, str], book_watch.BookWatch] = {}
        self._one_at_a_time = threading.Lock()

    def look(self, scheme: str, code: str, levels: int, *, day: date) -> BookRow:
        """A book as it stands."""
        law = self._office.scheme(scheme)
        floor = Floor(law, code, day)
        on = floor.instrument

        def rows(found: Sequence[DepthLevel]) -> list[LevelRow]:
            return [
                LevelRow(
                    price=price(on.price(each.price)), count=each.qty * on.lot, orders=each.orders
                )
                for each in found
            ]

        with self._one_at_a_time:
            watch = self._watches.get((scheme, code))
            if watch is None:
                watch = book_watch.BookWatch(scheme=law, code=code)
            number = self._office.ask(lambda books: watch.follow(books, day=day))
            self._watches[scheme, code] = watch
            depth, last = watch.depth(levels), watch.last_price
            return BookRow(
                instrument=code,
                number=number,
                phase=watch.phase,
                last_price=None if last is None else price(on.price(last)),
                bids=rows(depth.bids),
                offers=rows(depth.offers),
            )


def routes(office: Office, streams: Streams) -> APIRouter:
    """The addresses of books."""
    router = APIRouter(prefix="/markets/{scheme}/instruments/{code}", tags=["markets"])
    watches = _Watches(office)

    def today() -> date:
        return office.desk("operator").day

    @router.get("/book", operation_id="get_book", responses=answers(BookRow))
    def get_book(request: Request, scheme: Name, code: Code, levels: Levels = LEVELS) -> Response:
        """Tell what rests in the book of an instrument, price by price."""
        return show(request, watches.look(scheme, code, levels, day=today()))

    @router.get("/stream", operation_id="stream_instrument", responses=streamed(BookRow, _EXAMPLE))
    def stream_instrument(
        request: Request, scheme: Name, code: Code, after: After, levels: Levels = LEVELS
    ) -> Response:
        """Tell each trade as it is made, and the book whenever it has changed."""
        law = office.scheme(scheme)
        floor = Floor(law, code, today())
        book_told: list[int] = []

        def newest(books: Books) -> int:
            found = pages.trades_page(books, law, code, newest=True, limit=1)
            return found[0].number if found else 0

        def look(since: int) -> tuple[list[Told], bool]:
            # What rests is looked at first, so that its number is not above a trade not yet told.
            book = watches.look(scheme, code, levels, day=today())
            made = office.ask(
                lambda books: pages.trades_page(books, law, code, after=since, limit=_CHUNK)
            )
            told = [Told(each.number, "trade", floor.row(each)) for each in made]
            more = len(made) == _CHUNK
            if not more and book_told != [book.number]:
                book_told[:] = [book.number]
                last = told[-1].id if told else since
                told.append(Told(max(book.number, last), "book", book))
            return told, more

        begin = office.ask(newest) if after is None else after
        return streams.answer(request, look, begin)

    return router


_EXAMPLE = (
    "id: 214\nevent: trade\ndata: "
    '{"object": "trade", "id": "214", "trade": 7, "instrument": "EXA-SPOT", '
    '"at": "2026-06-01T10:00:00.000Z", "price": {"amount": "8.12", "currency": "EUR"}, '
    '"count": 100, "aggressor": "buy"}\n\n'
)
