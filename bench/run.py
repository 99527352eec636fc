"""Tonne's speed beside PostgreSQL's own yardstick, measured on one server in one run.

`make bench` runs everything; `python bench/run.py transfers batches` runs parts of it. The server
is our own (or the one of TONNE_DATABASE_URL), with fsync on. Absolute rates change with the
machine and with what else it does: read the ratios.
"""

import sys
from collections.abc import Callable

import batches
import commands
import growth
import replays
import transfers
import yardstick
from place import Place, places

PARTS: dict[str, Callable[[Place, float], None]] = {
    "transfers": transfers.measure,
    "batches": batches.measure,
    "growth": growth.measure,
    "replay": replays.measure,
    "commands": commands.measure,
}


def main() -> int:
    """Measure the yardstick, and then what was asked for."""
    asked = sys.argv[1:] or list(PARTS)
    if unknown := set(asked) - set(PARTS):
        print(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
        return 2
    with places() as place:
        tpcb = yardstick.measure(place)
        for name in asked:
            print(f"\n== {name}", flush=True)
            PARTS[name](place, tpcb)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
