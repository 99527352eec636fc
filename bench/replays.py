"""The main job: the whole replay, as a command from an empty database to the printed table."""

import json
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from place import Place
from yardstick import Yardstick

TONNE = Path(sys.executable).parent / "tonne"
SECONDS_MAX, MEMORY_MAX_MB = 60, 1024


def measure(_place: Place, _yardstick: Yardstick) -> None:
    """Its time and memory."""
    started = perf_counter()
    done = subprocess.run(
        [str(TONNE), "replay", "eu_ets", "--years", "2005-2012", "--json"],
        check=False,
        capture_output=True,
        text=True,
    )
    took = perf_counter() - started
    report = json.loads(done.stdout)
    rate = report["transactions_per_second"]
    print(
        f"2005 to 2012: {took:.1f} s as a command (aim {SECONDS_MAX}), "
        f"{report['peak_memory_mb']} MB in our process (aim {MEMORY_MAX_MB}), "
        f"{report['transactions']:,} transactions, {rate:,}/s, "
        f"agrees to the tonne: {report['agrees_to_the_tonne']}"
    )
