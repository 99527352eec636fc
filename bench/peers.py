"""How fast our book matches beside two others that keep an owner from trading with himself.

`python bench/peers.py --with PATH` runs in the Python at that path, a version 3.13 or later in
which `pip install matching-engine edumatcher msgspec sortedcontainers` was done; ours comes from
its source. All are given the one stream of `bare_book.py`, message by message, by turns in one
process, and each makes its own records of the messages in the time that counts. Where an owner
meets himself, his resting order is cancelled. If a book makes other trades than the bare one, or
than ours where owners meet themselves, the run says so and fails.
"""

import argparse
import gc
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from statistics import median
from time import perf_counter
from typing import Any

from bare_book import MESSAGES, OWNERS, Gone, New, Trade, made_stream, told
from our_book import our_events, our_trades

from tonne.market import Traded

KINDS = {"all": (False,), "few": (True,), "both": (False, True)}
"""An owner for each order, a few owners, or the one after the other."""

Said = list[New | Gone]
Made = list[Any]
"""What a book answered, in its own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A book that is measured: how it is told the stream, and how its trades are read."""

    name: str
    match: Callable[[Said, bool], tuple[object, Made]]
    """The book after the messages, which is not taken apart while time is taken; its answers."""

    trades: Callable[[Made, Said], list[Trade]]


def main() -> int:
    """Measure here, or in the Python that was named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--with", dest="python", help="a Python that has the other two books")
    parser.add_argument("--rounds", type=int, default=5, help="how often each has its turn")
    parser.add_argument("--owners", choices=list(KINDS), default="both", help="of the orders")
    asked = parser.parse_args()
    if asked.python is None:
        return measure(asked.rounds, KINDS[asked.owners])
    bench = Path(__file__).resolve().parent
    path = os.pathsep.join((str(bench.parent / "src"), str(bench)))
    run = [asked.python, __file__, "--rounds", str(asked.rounds), "--owners", asked.owners]
    return subprocess.run(run, env=os.environ | {"PYTHONPATH": path}, check=False).returncode


def measure(rounds: int, kinds: tuple[bool, ...]) -> int:
    """Medians for orders of which each has its own owner, or for those of a few owners."""
    books = _books()
    stream = made_stream()
    print(f"Python {python_version()}, {rounds} rounds by turns, {MESSAGES:,} messages", flush=True)
    unlike = 0
    for owners in kinds:
        print(f"{OWNERS} owners:" if owners else "an owner for each order:")
        seconds: dict[str, list[float]] = {each.name: [] for each in books}
        made: dict[str, list[Trade]] = {}
        for turn in range(rounds):
            for book in books:
                took, answers = _timed(partial(book.match, stream.said, owners))
                seconds[book.name].append(took)
                if not turn:
                    made[book.name] = book.trades(answers, stream.said)
                del answers  # The next one shall not have to look at what this one made.
        right = made["tonne"] if owners else stream.bare.trades
        bare = median(seconds["bare book"])
        for book in books:
            middle = median(seconds[book.name])
            apart = book.name == "bare book" and owners  # it lets an owner trade with himself
            same = apart or made[book.name] == right
            unlike += not same
            print(
                f"    {book.name:24}{MESSAGES / middle:>9,.0f} messages/s ="
                f" {bare / middle:.2f} x the bare book, {len(made[book.name]):,} trades"
                f"{'' if same else ', NOT THE SAME'}",
                flush=True,
            )
    return 1 if unlike else 0


def _timed(work: Callable[[], tuple[object, Made]]) -> tuple[float, Made]:
    gc.collect()
    started = perf_counter()
    _book, answers = work()
    return perf_counter() - started, answers


def _bare(said: Said, _owners: bool) -> tuple[object, Made]:  # noqa: FBT001  all are called alike
    book = told(said)
    return book, list[Any](book.trades)


def _ours(said: Said, owners: bool) -> tuple[object, Made]:  # noqa: FBT001
    return our_events(said, owners=owners, batch=1)


def _our_trades(made: Made, said: Said) -> list[Trade]:
    return our_trades([each for each in made if isinstance(each, Traded)], said)


def _matching_engine(said: Said, owners: bool) -> tuple[object, Made]:  # noqa: FBT001
    words = import_module("matching_engine.domain")
    book = import_module("matching_engine.engine").MatchingEngine()
    process = book.process
    new, cancel, numbered = words.NewOrder, words.CancelOrder, words.SequencedCommand
    buys, sells = words.Side.BUY, words.Side.SELL
    alone = words.SelfTradePrevention.CANCEL_MAKER
    made: Made = []
    for turn, each in enumerate(said, start=1):
        if each[0] == 0:
            _, number, buy, price, lots, owner = each
            who = owner if owners else number
            side = buys if buy else sells
            made += process(numbered(turn, 0, new(number, who, side, price, lots, stp=alone)))
        else:
            _, number, owner = each
            made += process(numbered(turn, 0, cancel(number, owner if owners else number)))
    return book, made


def _matching_engine_trades(made: Made, _said: Said) -> list[Trade]:
    trade = import_module("matching_engine.events").Trade
    return [
        (each.taker_order_id, each.maker_order_id, each.price, each.qty)
        for each in made
        if isinstance(each, trade)
    ]


def _edumatcher(said: Said, owners: bool) -> tuple[object, Made]:  # noqa: FBT001
    words = import_module("edumatcher.models.order")
    trade = import_module("edumatcher.models.trade")
    trade.reset_trade_ids_for_tests()
    trade.set_run_seq(1)
    book = import_module("edumatcher.engine.order_book").OrderBook("EUA")
    new, limit, till = words.Order.create, words.OrderType.LIMIT, words.TIF.GTC
    buys, sells, alone = words.Side.BUY, words.Side.SELL, words.SmpAction.CANCEL_RESTING
    names = [f"O{number}" for number in range(MESSAGES + 1)]
    numbers: dict[str, int] = {}
    known: dict[int, str] = {}
    made: Made = [numbers]
    for each in said:
        if each[0] == 0:
            _, number, buy, price, lots, owner = each
            order = new(
                "EUA",
                buys if buy else sells,
                limit,
                lots,
                names[owner if owners else number],
                tif=till,
                price_ticks=price,
                smp_action=alone,
                tick_decimals=0,
            )
            known[number] = order.id
            numbers[order.id] = number
            made.append(book.process(order))
        else:
            made.append(book.cancel_order(known[each[1]]))
    return book, made


def _edumatcher_trades(made: Made, _said: Said) -> list[Trade]:
    numbers = made[0]
    trades = []
    for each in made[1:]:
        for trade in each[0] if isinstance(each, tuple) else ():
            buyer, seller = numbers[trade.buy_order_id], numbers[trade.sell_order_id]
            came, rested = (buyer, seller) if trade.aggressor_side == "BUY" else (seller, buyer)
            trades.append((came, rested, trade.price, trade.quantity))
    return trades


def _books() -> tuple[Peer, ...]:
    return (
        Peer(name="bare book", match=_bare, trades=lambda made, _said: made),
        Peer(name="tonne", match=_ours, trades=_our_trades),
        Peer(
            name=_named("matching-engine"), match=_matching_engine, trades=_matching_engine_trades
        ),
        Peer(name=_named("edumatcher"), match=_edumatcher, trades=_edumatcher_trades),
    )


def _named(package: str) -> str:
    """A book under its name and version; here nothing is known of one that is not installed."""
    try:
        return f"{package} {version(package)}"
    except ModuleNotFoundError:
        sys.exit(f"{package} is not installed in this Python; name one that has it by --with PATH")


if __name__ == "__main__":
    raise SystemExit(main())
