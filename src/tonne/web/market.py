"""The market as everybody sees it: what is traded, the book, the trades, the days; not who."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from starlette.responses import Response

from tonne import market as prices
from tonne.languages import isolated
from tonne.market import Candle, Instrument
from tonne.operations import Books, LiveBook, Scheme, auctions, pages, trading, zone_of
from tonne.refusal import Refused
from tonne.web.charts import Levels, Sticks
from tonne.web.marks import plain_price
from tonne.web.refusals import ADDRESSES, NoSuchPage
from tonne.web.tables import Column, Line, Table
from tonne.web.visit import Visit
from tonne.web.words import AUCTION_STATES, PHASES

LEVELS_MAX = 20
TRADES_MAX = 100
DAYS = 90
CHUNK = 2_000
AUCTIONS_MAX = 5


def market(visit: Visit) -> Response:
    """All that is traded, with the last price and the best of both sides."""
    rows = [
        _row(visit, law, each)
        for law in visit.office.schemes.values()
        for each in trading.instruments(law, visit.desk.day)
    ]
    say = visit.reader.gettext
    table = Table(
        title=say("Market"),
        columns=(
            Column(key="instrument", heading=say("What is traded"), kind="code"),
            Column(key="scheme", heading=say("Scheme"), kind="name"),
            Column(key="phase", heading=say("State"), kind="word"),
            Column(key="last", heading=say("Last price"), kind="price"),
            Column(key="bid", heading=say("Best bid"), kind="price"),
            Column(key="offer", heading=say("Best offer"), kind="price"),
            Column(key="volume", heading=say("Units traded today"), kind="count"),
            Column(key="currency", heading=say("Currency"), kind="code"),
        ),
        rows=rows,
        downloads="/market",
        empty=say("Nothing is traded here."),
    )
    if visit.request.state.ending != "html":
        return visit.download(table, visit.request.state.ending, None)
    return visit.show("market.html", table=table, at=visit.now)


def instrument(visit: Visit) -> Response:
    """One instrument: its book, its latest trades, its days; as tables, each to be downloaded."""
    law, found = _found(visit, visit.place("code"))
    which = visit.one_of("table", ("book", "trades", "days"), "book")
    ending = visit.request.state.ending
    made = {"book": _book, "trades": _trades, "days": _days}
    if ending != "html":
        return visit.download(made[which](visit, law, found), ending, law)
    live = _live(visit, law, found)
    last = live.book.last_price
    days = _candles(visit, law, found)
    return visit.show(
        "instrument.html",
        scheme=law,
        title=visit.title(law),
        instrument=found,
        phase=visit.reader.gettext(PHASES[live.book.conditions.phase]),
        last=None if last is None else found.price(last),
        book=_book(visit, law, found),
        trades=_trades(visit, law, found),
        days=_days(visit, law, found),
        levels=Levels.of(
            [(side, found.price(price), lots * found.lot) for side, price, lots in _depth(live)],
            visit.reader,
        ),
        sticks=Sticks.of(
            [(each.open, each.high, each.low, each.close) for each in days], visit.reader
        ),
        first_day=days[0].start.date() if days else None,
        last_day=days[-1].start.date() if days else None,
        sales=_sales(visit, law, found),
        states={name: visit.reader.gettext(text) for name, text in AUCTION_STATES.items()},
        at=visit.now,
    )


def _found(visit: Visit, code: str) -> tuple[Scheme, Instrument]:
    """The instrument of that code, and whose it is; or there is no such page."""
    for law in visit.office.schemes.values():
        for each in trading.instruments(law, visit.desk.day):
            if each.code == code:
                return law, each
    raise Refused([NoSuchPage(reference=ADDRESSES, address=visit.request.url.path[:200])])


def _live(visit: Visit, law: Scheme, found: Instrument) -> LiveBook:
    return visit.ask(lambda books: visit.house.views.of(books, law, found.code, desk=visit.desk))


def _depth(live: LiveBook) -> list[tuple[str, int, int]]:
    """What rests, from the highest offer down to the lowest bid: side, price, lots."""
    offers = [(at, lots) for at, lots, _ in live.book.depth("sell", LEVELS_MAX)]
    bids = [(at, lots) for at, lots, _ in live.book.depth("buy", LEVELS_MAX)]
    return [("sell", *each) for each in reversed(offers)] + [("buy", *each) for each in bids]


def _row(visit: Visit, law: Scheme, each: Instrument) -> Line:
    live = _live(visit, law, each)
    book = live.book
    best = {
        side: next((plain_price(each.price(at)) for at, _, _ in book.depth(side, 1)), None)
        for side in ("buy", "sell")
    }
    last, phase = book.last_price, book.conditions.phase
    volume = sum(candle.volume for candle in _candles(visit, law, each, days=0)) * each.lot
    return Line(
        values={
            "instrument": each.code,
            "scheme": visit.title(law),
            "phase": phase,
            "last": None if last is None else plain_price(each.price(last)),
            "bid": best["buy"],
            "offer": best["sell"],
            "volume": volume,
            "currency": each.currency,
        },
        links={"instrument": f"/market/{each.code}"},
        notes={"phase": visit.reader.gettext(PHASES[phase])},
    )


def _book(visit: Visit, law: Scheme, found: Instrument) -> Table:
    say, live = visit.reader.gettext, _live(visit, law, found)
    sides = {"buy": say("Bid"), "sell": say("Offer")}
    return Table(
        title=": ".join((found.code, say("Book"))),
        columns=(
            Column(key="side", heading=say("Side"), kind="word"),
            Column(key="price", heading=say("Price"), kind="price"),
            Column(key="count", heading=say("Units"), kind="count"),
        ),
        rows=[
            Line(
                values={
                    "side": side,
                    "price": plain_price(found.price(price)),
                    "count": lots * found.lot,
                },
                notes={"side": sides[side]},
            )
            for side, price, lots in _depth(live)
        ],
        downloads=f"/market/{found.code}",
        empty=say("Nothing rests in the book now."),
    )


def _trades(visit: Visit, law: Scheme, found: Instrument) -> Table:
    say, zone = visit.reader.gettext, zone_of(found)
    clock = " ".join((say("Time"), f"({isolated(found.time_zone)})"))
    latest = visit.ask(
        lambda books: pages.trades_page(books, law, found.code, newest=True, limit=TRADES_MAX)
    )
    return Table(
        title=": ".join((found.code, say("Latest trades"))),
        columns=(
            Column(key="day", heading=say("Day"), kind="day"),
            Column(key="time", heading=clock, kind="code"),
            Column(key="price", heading=say("Price"), kind="price"),
            Column(key="count", heading=say("Units"), kind="count"),
            Column(key="trade", heading=say("Trade"), kind="code"),
        ),
        rows=[
            Line(
                values={
                    "day": each.traded.at.astimezone(zone).date(),
                    "time": f"{each.traded.at.astimezone(zone):%H:%M:%S}",
                    "price": plain_price(found.price(each.traded.price)),
                    "count": each.traded.qty * found.lot,
                    "trade": each.traded.trade_id,
                }
            )
            for each in latest
        ],
        downloads=f"/market/{found.code}",
        query="table=trades",
        empty=say("Nothing was traded yet."),
    )


def _days(visit: Visit, law: Scheme, found: Instrument) -> Table:
    say = visit.reader.gettext

    def at(ticks: int) -> str:
        return plain_price(found.price(ticks))

    return Table(
        title=": ".join((found.code, say("Days of trading"))),
        columns=(
            Column(key="day", heading=say("Day"), kind="day"),
            Column(key="open", heading=say("First price"), kind="price"),
            Column(key="high", heading=say("Highest"), kind="price"),
            Column(key="low", heading=say("Lowest"), kind="price"),
            Column(key="close", heading=say("Last price"), kind="price"),
            Column(key="count", heading=say("Units"), kind="count"),
            Column(key="trades", heading=say("Trades"), kind="count"),
        ),
        rows=[
            Line(
                values={
                    "day": each.start.date(),
                    "open": at(each.open),
                    "high": at(each.high),
                    "low": at(each.low),
                    "close": at(each.close),
                    "count": each.volume * found.lot,
                    "trades": each.trades,
                }
            )
            for each in reversed(_candles(visit, law, found))
        ],
        downloads=f"/market/{found.code}",
        query="table=days",
        empty=say("Nothing was traded yet."),
    )


def _candles(visit: Visit, law: Scheme, found: Instrument, *, days: int = DAYS) -> Sequence[Candle]:
    """The days of trading of the last three months, or so many; kept for some moments."""
    today = visit.desk.day
    since = _midnight(today - timedelta(days), found)

    def read(books: Books) -> tuple[Candle, ...]:
        after = pages.first_since(books, law, found.code, since)
        made = []
        while page := pages.trades_page(books, law, found.code, after=after, limit=CHUNK):
            made += [each.traded for each in page]
            after = page[-1].number
        return prices.candles(made, since=since, every=timedelta(1))

    key = ("days", law.name, found.code, days, today)
    return visit.kept(key, read)[1]


def _midnight(day: date, found: Instrument) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone_of(found))


def _sales(visit: Visit, law: Scheme, found: Instrument) -> Sequence[auctions.HeldAuction]:
    """The latest auctions of the unit, and those to come."""
    if "auctions.toml" not in law.laws:
        return ()
    every = visit.kept(("auctions", law.name), lambda books: auctions.every(books, law))[1]
    return [each for each in every if each.created.unit == found.unit][-AUCTIONS_MAX:]
