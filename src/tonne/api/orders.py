"""Orders that programs put for people, in the words of FIX; and what comes of them.

An order is put as a proposal of the verb ``trade``, and known in the book by its code: what one
person may not trade alone in a day waits for a second.
"""

import threading
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Body, Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tonne import signin
from tonne.api.callers import SeesMarket, Trades, account_seen
from tonne.api.described import answers
from tonne.api.keys import Key
from tonne.api.refusals import REFERENCE, NoSuchThing
from tonne.api.shape import Day, Moment, Money, Name, Shape, Text, money, price
from tonne.api.shown import Page, show, show_list
from tonne.operations import Books, Office, proposals, trading
from tonne.people import LifeState
from tonne.refusal import Refused

T = TypeVar("T")
Side = Literal["buy", "sell"]
Lasts = Literal["day", "good_till_cancel", "good_till_date", "immediate_or_cancel", "fill_or_kill"]
_TRADES_MAX = 1_000


class OrderAsked(Shape):
    """An order that is to be put, at a limit."""

    account: Text = Field(examples=["XE-120-1-0-97"])
    """Whose order it is."""
    instrument: Text = Field(examples=["EXA-SPOT"])
    """What is traded."""
    side: Side
    """Whether it is bought or sold."""
    order_qty: int = Field(ge=1, le=2**63 - 1, strict=True, examples=[100])
    """How many units: whole lots."""
    price: Text = Field(examples=["8.12"])
    """For one unit: the most to pay, or the least to get."""
    ord_type: Literal["limit"] = "limit"
    """Programs put orders with a limit, and no others."""
    time_in_force: Lasts = "day"
    """How long it stays in the book."""
    expire_date: Day | None = None
    """Of what is good till a day, that day."""
    post_only: bool = Field(default=False, strict=True)
    """Whether it may rest only, and trade with nobody who is there before."""


class OrderPut(Shape):
    """An order that was put, or that waits for a second person."""

    object: Literal["order_put"] = "order_put"
    """What this is."""
    cl_ord_id: str = Field(examples=["txn_01m808tx00e008000000000000"])
    """Its name in the book, and the code of the proposal."""
    state: LifeState
    """How the proposal stands: completed means that the book has taken it."""
    account: str
    """Whose order it is."""
    instrument: str
    """What is traded."""
    side: Side
    """Whether it is bought or sold."""
    order_qty: int
    """How many units."""
    price: str
    """For one unit."""
    time_in_force: Lasts
    """How long it stays in the book."""
    expire_date: date | None
    """Of what is good till a day, that day."""
    post_only: bool
    """Whether it may rest only."""


class OrderForecast(Shape):
    """What an order would come to; nothing was done."""

    object: Literal["order_forecast"] = "order_forecast"
    """What this is."""
    second: bool
    """Whether a second person must agree."""
    held_units: int
    """Units that would be held for it, at most."""
    held_money: Money
    """Money that would be held for it, with all fees and taxes, at most."""
    at_once_qty: int
    """Units that would trade at once, as the book stands."""
    at_once_value: Money
    """What these would cost or bring, without fees and taxes."""
    free_units: int
    """The account's units that are promised to nobody."""
    free_money: Money
    """The account's money that is promised to nobody."""


class OrderRow(Shape):
    """An order of an account that may still trade."""

    object: Literal["order"] = "order"
    """What this is."""
    cl_ord_id: str
    """Its name in the book; of an order that a person put, the code of the proposal."""
    ord_status: Literal["new", "partially_filled"]
    """Whether a part of it has traded."""
    instrument: str
    """What is traded."""
    side: Side
    """Whether it is bought or sold."""
    price: Money
    """The limit."""
    order_qty: int
    """How many units."""
    leaves_qty: int
    """How many of them may still trade."""
    cum_qty: int
    """How many have traded."""
    time_in_force: str
    """How long it stays in the book."""
    expire_date: date | None
    """Of what is good till a day, that day."""
    at: Moment
    """When it was put."""


class OwnTradeRow(Shape):
    """A trade of an account; who was on the other side is not told."""

    object: Literal["own_trade"] = "own_trade"
    """What this is."""
    trade: int
    """Its number in the book."""
    instrument: str
    """What was traded."""
    side: Side
    """Whether it was bought or sold."""
    last_qty: int
    """How many units."""
    last_px: Money
    """For one unit."""
    at: Moment
    """When."""


class TakeBack(Shape):
    """An order that is to be taken back, or all of an account in a book."""

    account: Text = Field(examples=["XE-120-1-0-97"])
    """Whose order it is."""
    instrument: Text = Field(examples=["EXA-SPOT"])
    """In which book."""


class TakenBack(Shape):
    """What was taken back."""

    object: Literal["taken_back"] = "taken_back"
    """What this is."""
    account: str
    """Whose orders."""
    instrument: str
    """In which book."""
    events: int
    """How many orders left the book now; none, if the same request was sent before."""


_Account = Annotated[
    Text, Query(description="The number of the account.", examples=["XE-120-1-0-97"])
]
_Name = Annotated[
    Text,
    Path(
        description="The name of the order in the book.",
        examples=["txn_01m808tx00e008000000000000"],
    ),
]
_MADE: dict[int | str, dict[str, Any]] = {
    **answers(OrderForecast),
    201: {"description": "It is put, or waits for a second person.", "model": OrderPut},
}


class _Views:
    """Books that are looked at, by one at a time."""

    def __init__(self, office: Office) -> None:
        self._office, self._views, self._one = office, trading.Views(), threading.Lock()

    def ask(self, question: Callable[[Books, trading.Views], T]) -> T:
        """The answer to a question about books."""
        with self._one:
            return self._office.ask(lambda books: question(books, self._views))


def routes(office: Office) -> APIRouter:
    """The addresses of orders, and of trades of one's own."""
    router = APIRouter(prefix="/schemes/{scheme}", tags=["orders"])
    views = _Views(office)
    _putting(router, office, views)
    _taking_back(router, office)
    _seeing(router, office, views)
    return router


def _putting(router: APIRouter, office: Office, views: _Views) -> None:
    @router.post("/orders", operation_id="create_order", status_code=201, responses=_MADE)
    def create_order(
        request: Request,
        scheme: Name,
        caller: Trades,
        key: Key,
        body: Annotated[OrderAsked, Body()],
        *,
        dry_run: Annotated[
            bool, Query(description="Only tell what it would come to, or every ground against it.")
        ] = False,
    ) -> Response:
        """Put an order; above what one person may trade alone it waits for a second.

        With dry_run nothing is done, and what it would come to is told.
        """
        law, desk = office.scheme(scheme), office.desk("operator")
        wish = proposals.PutOrder(
            account=body.account, instrument=body.instrument, side=body.side, count=body.order_qty,
            price=body.price, lasts=body.time_in_force, until=body.expire_date,
            post_only=body.post_only,
        )  # fmt: skip
        if dry_run:

            def rehearse(books: Books, looked: trading.Views) -> trading.Cost:
                account_seen(books, law, wish.account, key=caller, desk=desk)
                return trading.rehearse(books, law, wish, by=caller.person, desk=desk, views=looked)

            return show(request, _forecast(views.ask(rehearse)))

        def put(books: Books) -> OrderPut:
            account_seen(books, law, wish.account, key=caller, desk=desk)
            made = proposals.propose(
                books, law, wish, by=caller.person, key=key, desk=desk, signed=caller.id
            )
            return OrderPut(
                cl_ord_id=made.code, state=made.state, **body.model_dump(exclude={"ord_type"})
            )

        return show(request, office.do(put), status=201)


def _taking_back(router: APIRouter, office: Office) -> None:
    def taken(
        request: Request, scheme: str, caller: signin.Key, key: str, body: TakeBack, **one: str
    ) -> Response:
        law, desk = office.scheme(scheme), office.desk("operator")

        def take(books: Books) -> int:
            account_seen(books, law, body.account, key=caller, desk=desk)
            act = trading.cancel if one else trading.cancel_all
            events = act(
                books, law, body.account, body.instrument, **one, by=caller.person, key=key,
                desk=desk,
            )  # fmt: skip
            return len(events)

        done = office.do(take)
        told = TakenBack(account=body.account, instrument=body.instrument, events=done)
        return show(request, told)

    @router.post("/orders/cancel", operation_id="cancel_orders", responses=answers(TakenBack))
    def cancel_orders(
        request: Request,
        scheme: Name,
        caller: Trades,
        key: Key,
        body: Annotated[TakeBack, Body()],
    ) -> Response:
        """Take all orders of an account in a book back, also where the account is frozen."""
        return taken(request, scheme, caller, key, body)

    @router.post("/orders/{code}/cancel", operation_id="cancel_order", responses=answers(TakenBack))
    def cancel_order(  # noqa: PLR0917  as the address has it
        request: Request,
        scheme: Name,
        code: _Name,
        caller: Trades,
        key: Key,
        body: Annotated[TakeBack, Body()],
    ) -> Response:
        """Take an order back, also where the account is frozen; what was traded of it stands."""
        return taken(request, scheme, caller, key, body, name=code)


def _seeing(router: APIRouter, office: Office, views: _Views) -> None:
    def living(scheme: str, caller: signin.Key, account: str) -> list[trading.OwnOrder]:
        law, desk = office.scheme(scheme), office.desk("operator")

        def question(books: Books, looked: trading.Views) -> list[trading.OwnOrder]:
            account_seen(books, law, account, key=caller, desk=desk)
            return trading.orders(books, law, account, by=caller.person, desk=desk, views=looked)

        return views.ask(question)

    @router.get("/orders", operation_id="list_orders", responses=answers(OrderRow, many=True))
    def list_orders(
        request: Request, scheme: Name, caller: SeesMarket, page: Page, account: _Account
    ) -> Response:
        """List the orders of an account of yours that may still trade, as they were put."""
        rows = [_order(each) for each in living(scheme, caller, account)]
        begin = page.begin([each.cl_ord_id for each in rows])
        shown = rows[begin : begin + page.more]
        return show_list(request, page, shown, shape=OrderRow, cursor=lambda row: row.cl_ord_id)

    @router.get("/orders/{code}", operation_id="get_order", responses=answers(OrderRow))
    def get_order(
        request: Request, scheme: Name, code: _Name, caller: SeesMarket, account: _Account
    ) -> Response:
        """Tell how an order of an account of yours stands that may still trade."""
        found = [each for each in living(scheme, caller, account) if each.name == code]
        if not found:
            raise Refused([NoSuchThing(reference=REFERENCE, what="order", name=code)])
        return show(request, _order(found[0]))

    @router.get(
        "/trades", operation_id="list_own_trades", responses=answers(OwnTradeRow, many=True)
    )
    def list_own_trades(
        request: Request, scheme: Name, caller: SeesMarket, page: Page, account: _Account
    ) -> Response:
        """List the latest trades of an account of yours, the newest first."""
        law, desk = office.scheme(scheme), office.desk("operator")

        def question(books: Books) -> list[trading.OwnTrade]:
            account_seen(books, law, account, key=caller, desk=desk)
            return trading.trades(
                books, law, account, by=caller.person, desk=desk, limit=_TRADES_MAX
            )

        rows = [_trade(each) for each in office.ask(question)]
        begin = page.begin([f"{each.instrument} {each.trade}" for each in rows])
        return show_list(
            request, page, rows[begin : begin + page.more], shape=OwnTradeRow,
            cursor=lambda row: f"{row.instrument} {row.trade}",
        )  # fmt: skip


def _forecast(cost: trading.Cost) -> OrderForecast:
    return OrderForecast(
        second=cost.forecast.second,
        held_units=cost.units,
        held_money=money(cost.money),
        at_once_qty=cost.at_once,
        at_once_value=money(cost.for_these),
        free_units=cost.free_units,
        free_money=money(cost.free),
    )


def _order(each: trading.OwnOrder) -> OrderRow:
    return OrderRow(
        cl_ord_id=each.name,
        ord_status="new" if each.left == each.count else "partially_filled",
        instrument=each.instrument.code,
        side=each.side,
        price=price(each.price),
        order_qty=each.count,
        leaves_qty=each.left,
        cum_qty=each.count - each.left,
        time_in_force=each.lasts,
        expire_date=each.until,
        at=each.at,
    )


def _trade(each: trading.OwnTrade) -> OwnTradeRow:
    return OwnTradeRow(
        trade=each.trade,
        instrument=each.instrument.code,
        side=each.side,
        last_qty=each.count,
        last_px=price(each.price),
        at=each.at,
    )
