"""How fast a command answers."""

import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

from place import Place
from yardstick import Yardstick

TONNE = Path(sys.executable).parent / "tonne"
SECONDS_MAX = 0.5
TIMES = 7


def measure(_place: Place, _yardstick: Yardstick) -> None:
    """The median time of `tonne --help`."""
    took = []
    for _ in range(TIMES):
        started = perf_counter()
        subprocess.run([str(TONNE), "--help"], check=True, capture_output=True)
        took.append(perf_counter() - started)
    print(f"tonne --help: {median(took):.2f} s (aim {SECONDS_MAX})")
