"""An exchange, end to end: orders come in, and are answered when all of it stands in the books.

The stream is that of the matching, on the spot market of the Example Act: 500 people, and of ten
messages some four trade. What an order needs is held; what was traded is settled, tax and fees
with it. Beside it the same rows are copied bare into tables of the same form.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from statistics import median
from time import perf_counter

import bare_book
import psycopg
from place import Place
from yardstick import Yardstick

from tonne.ledger import Account, Asset, Movement, Transaction
from tonne.market import Cancel, Event, Message, NewOrder, Rejected, Traded
from tonne.operations import (
    Desk,
    Engine,
    Opening,
    Scheme,
    found,
    load_scheme,
    open_accounts,
    record_all,
    scheme_folder,
)
from tonne.registry import Cap
from tonne.store import Gather, PostgresStore, database

NAME = "tonne_bench_exchange"
CODE, UNIT = "EXA-SPOT", "EXA-1"
DAY = date(2025, 6, 2)  # A Monday; at noon by universal time the exchange is open.
AT = datetime(2025, 6, 2, 10, tzinfo=UTC)
DESK = Desk(by="operator", day=DAY, at=AT)
LAW = ("bench",)
LOTS, LOT = 20, 5_000
"""What everybody has at first: so many blocks of so many units."""

CENTS = 10_000_000_000
BATCHES = {100: 10_000, 1_000: 40_000, 5_000: 40_000}
WARM = 2_000
"""How large batches are, and how many messages are sent in such."""

RATE_AIM, RATE_MIN = 10_000, 5_000
OFFERED = (100, 1_000, 5_000)
ROWS = {
    "journal": "number",
    "movement": "transaction",
    "block_end": "since",
    "hold": "journal",
    "hold_end": "journal",
    "trade_record": "journal",
    "word": "journal",
}
"""The tables that an exchange writes, and by which column a row is later than another."""

SECONDS = 6
BATCH_MAX = 1_000


def measure(place: Place, yardstick: Yardstick) -> None:
    """Batches of several sizes; then orders that come by the clock; then the rows alone."""
    stream = bare_book.made_stream()
    law = load_scheme(scheme_folder("example"))
    place.fresh(NAME)
    with place.open(NAME) as store:
        accounts = settle(store, law, people=bare_book.OWNERS)
        place.analyze(NAME)
        messages = said(stream.said, accounts)
        engine = Engine(law, CODE)
        serve(store, engine, list(islice(messages, WARM)), key="warm")
        first = _last_entry(place)
        for size, count in BATCHES.items():
            took, tpcb = yardstick.beside(lambda: _batches(store, engine, messages, size, count))  # noqa: B023  called at once
            _tell(size, took, tpcb.times(size / median(took)))
        place.analyze(NAME)
        for rate in OFFERED:
            _offer(store, engine, islice(messages, rate * SECONDS), rate)
        began = perf_counter()
        store.run(lambda books: engine.look(books, desk=DESK))
        print(f"the book made again from what was said: {perf_counter() - began:.2f} s")
        assert store.run(lambda books: books.check()) == [], "the books are whole"
    orders = sum(BATCHES.values()) + sum(OFFERED) * SECONDS
    _bare(place, first, orders)
    place.drop(NAME)


def settle(store: PostgresStore, law: Scheme, *, people: int) -> list[str]:
    """Found the land, and give units and money to so many people."""
    authority = Desk(by="authority", day=date(2025, 3, 1), at=datetime(2025, 3, 1, 12, tzinfo=UTC))
    own = store.run(lambda books: found(books, law, desk=authority))
    openings = [
        Opening(
            kind="operator",
            name=f"Works {place}",
            registry="XE",
            operator=f"XE-{place}",
            identifier=place,
        )
        for place in range(1, people + 1)
    ]
    opened = store.run(
        lambda books: open_accounts(books, law, openings, key="open", desk=authority)
    )
    numbers = [each.number for each in opened]
    units, money = law.on(authority.day).units[UNIT].asset, Asset("EUR")
    bank = Account(own["bank"], is_source=True)
    source, giver = Account(own["issuance"], is_source=True), Account(own["authority"])
    enough = people * LOTS * LOT
    batch = [_step("issue", "issue", source, giver.number, units, enough)]
    for lot in range(LOTS):
        batch += [_step(f"{lot} {to}", "allocate", giver, to, units, LOT) for to in numbers]
    batch += [_step(f"bank {to}", "deposit", bank, to, money, CENTS) for to in numbers]
    cap = Cap(units=enough, issued=0, reference=LAW[0])
    store.run(lambda books: record_all(books, law, batch, desk=authority, cap=cap))
    return numbers


def said(
    stream: Iterable[bare_book.New | bare_book.Gone], accounts: Sequence[str]
) -> Iterator[Message]:
    """The messages of the stream, each in the name of somebody."""
    for each in stream:
        if each[0] == 0:
            _, number, buy, price, lots, who = each
            yield NewOrder(
                at=AT,
                account=accounts[who],
                owner=f"XE-{who + 1}",
                cl_ord_id=f"O{number}",
                side="buy" if buy else "sell",
                order_qty=lots,
                price=price,
                time_in_force="good_till_cancel",
            )
        else:
            _, number, who = each
            yield Cancel(at=AT, owner=f"XE-{who + 1}", cl_ord_id=f"O{number}")


def serve(
    store: PostgresStore, engine: Engine, messages: Sequence[Message], *, key: str
) -> list[tuple[Event, ...]]:
    """Have a batch taken."""
    return engine.serve(store.run, messages, key=key, desk=DESK)


def _batches(
    store: PostgresStore, engine: Engine, messages: Iterator[Message], size: int, count: int
) -> list[float]:
    took, trades, refused = [], 0, 0
    for place in range(count // size):
        batch = list(islice(messages, size))
        started = perf_counter()
        answers = serve(store, engine, batch, key=f"batch {size} {place}")
        took.append(perf_counter() - started)
        told = [type(event) for answer in answers for event in answer]
        trades, refused = trades + told.count(Traded), refused + told.count(Rejected)
    print(f"batches of {size:,}: {trades / count:.2f} trades a message, {refused:,} refused")
    return took


def _tell(size: int, took: Sequence[float], ratio: str) -> None:
    rate = size * len(took) / sum(took)
    print(
        f"    {rate:,.0f} orders/s (aim {RATE_AIM:,}, at least {RATE_MIN:,}), in the middle batch"
        f" {size / median(took):,.0f}/s = {ratio}",
        flush=True,
    )


def _offer(store: PostgresStore, engine: Engine, messages: Iterable[Message], rate: int) -> None:
    """Orders come by the clock, whether those before them were answered or not."""
    asked = list(messages)
    took: list[float] = []
    sizes: list[int] = []

    def work(batch: Sequence[Message]) -> list[tuple[Event, ...]]:
        sizes.append(len(batch))
        return serve(store, engine, batch, key=f"offered {rate} {len(sizes)}")

    async def one(message: Message, due: float) -> None:
        await gather.ask(message)
        took.append(perf_counter() - due)

    async def storm() -> float:
        began, waiting = perf_counter(), []
        for place, message in enumerate(asked):
            due = began + place / rate
            if (early := due - perf_counter()) > 0:
                await asyncio.sleep(early)
            waiting.append(asyncio.create_task(one(message, due)))
        await asyncio.gather(*waiting)
        return perf_counter() - began

    gather = Gather(work, batch_max=BATCH_MAX)
    seconds = asyncio.run(storm())
    took.sort()
    middle, late = took[len(took) // 2] * 1000, took[len(took) * 99 // 100] * 1000
    print(
        f"{rate:,} orders/s offered: {len(asked) / seconds:,.0f}/s answered,"
        f" median {middle:.1f} ms, 99th percentile {late:.1f} ms,"
        f" batches of {len(asked) / len(sizes):.0f}",
        flush=True,
    )


def _last_entry(place: Place) -> int:
    """The number of the last entry of the journal."""
    with psycopg.connect(database.named(place.url, NAME)) as connection:
        found = connection.execute("select max(number) from journal").fetchone()
    assert found is not None, "there are entries"
    return int(found[0])


def _bare(place: Place, first: int, orders: int) -> None:
    """The rows that the exchange wrote, copied into bare tables with the same keys and indexes."""
    batches = orders // BATCH_MAX
    with psycopg.connect(database.named(place.url, NAME), autocommit=True) as connection:
        parts: list[tuple[str, list[bytes]]] = []
        for table, since in ROWS.items():
            said = f"copy (select * from {table} where {since} > {first}) to stdout"  # noqa: S608  our own names
            with connection.cursor().copy(said.encode()) as rows:
                lines = b"".join(rows).splitlines(keepends=True)
            connection.execute(f"create table bare_{table} (like {table} including all)".encode())
            size = -(-len(lines) // batches)
            parts.append((table, [b"".join(lines[n * size :][:size]) for n in range(batches)]))
        started = perf_counter()
        for batch in range(batches):
            with connection.transaction():
                for table, slices in parts:
                    into = f"copy bare_{table} from stdin".encode()
                    with connection.cursor().copy(into) as rows:
                        rows.write(slices[batch])
        rate = batches * BATCH_MAX / (perf_counter() - started)
    print(f"the same rows copied bare, a commit for {BATCH_MAX:,} orders: {rate:,.0f} orders/s")


def _step(
    key: str, kind: str, source: Account, target: str, asset: Asset, count: int
) -> Transaction:
    return Transaction(
        key=key,
        kind=kind,
        movements=(Movement(source=source, target=Account(target), asset=asset, count=count),),
        because=LAW,
    )
