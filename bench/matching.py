"""How fast a book matches, beside a bare one that knows nothing but prices and times.

Both books must make the same trades. Ours also knows owners, checks every order and tells every
event. Beside books of others it is measured by `peers.py`.
"""

from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter

from bare_book import MESSAGES, OWNERS, made_stream, told
from our_book import our_events, our_trades
from place import Place
from yardstick import Yardstick

from tonne.market import Traded

RUNS = 5
RATE_MIN, RATIO_MIN = 150_000, 0.4


def measure(_place: Place, _yardstick: Yardstick) -> None:
    """Messages a second of our book and of the bare one, in turn; the making of orders counts."""
    stream = made_stream()
    trades = stream.bare.trades
    for owners, what in ((False, "an owner for each order"), (True, f"{OWNERS} owners")):
        for batch in (1, 100):
            ours = partial(our_events, stream.said, owners=owners, batch=batch)
            theirs = partial(told, stream.said)
            seconds = [(_seconds(theirs), _seconds(ours)) for _ in range(RUNS)]
            bare, own = (MESSAGES / median(each) for each in zip(*seconds, strict=True))
            _, events = ours()
            made = [each for each in events if isinstance(each, Traded)]
            assert owners or our_trades(made, stream.said) == trades, "both make the same trades"
            print(f"{what}, {batch} at a time: {len(made):,} trades, {len(events):,} events")
            print(
                f"    {own:,.0f} messages/s (aim {RATE_MIN:,});"
                f" {own / bare:.2f} x the bare book's {bare:,.0f} (aim {RATIO_MIN})"
            )


def _seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    made = work()
    took = perf_counter() - started
    del made  # To take a book apart again is no part of it.
    return took
