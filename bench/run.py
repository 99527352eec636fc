"""Tonne's speed beside PostgreSQL's own yardstick, measured on one server in one run.

`make bench` runs everything; `python bench/run.py transfers batches` runs parts of it. The server
is our own (or the one of TONNE_DATABASE_URL), with fsync on. Rates change with the machine and
with what else it does, so pgbench's TPC-B is measured before and after each of ours: read the
ratios. TPC-B is pgbench as it comes; beside it in brackets, with prepared statements.
"""

import gc
import sys
from collections.abc import Callable

import auctions
import batches
import commands
import doors
import exchange
import growth
import matching
import pages
import papers_made
import payments
import replays
import transfers
import yardstick
from place import Place, places
from yardstick import Yardstick

PARTS: dict[str, Callable[[Place, Yardstick], None]] = {
    "transfers": transfers.measure,
    "payments": payments.measure,
    "batches": batches.measure,
    "growth": growth.measure,
    "replay": replays.measure,
    "commands": commands.measure,
    "documents": papers_made.measure,
    "auctions": auctions.measure,
    "matching": matching.measure,
    "exchange": exchange.measure,
    "api": doors.measure,
    "pages": pages.measure,
}


def main() -> int:
    """Measure the yardstick, and then what was asked for."""
    asked = sys.argv[1:] or list(PARTS)
    if unknown := set(asked) - set(PARTS):
        print(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
        return 2
    # What is made here stays: a collector that looks at all of it again and again is no help.
    gc.set_threshold(100_000, 50, 100)
    with places() as place, yardstick.laid(place) as pgbench:
        print(f"pgbench, read-only, prepared: {pgbench.rate('-S', '-M', 'prepared'):,.0f}/s")
        for name in asked:
            print(f"\n== {name}", flush=True)
            PARTS[name](place, pgbench)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
