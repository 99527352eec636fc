"""The main job: the whole replay, as a command from an empty database to the printed table.

Once with units moved without a word, and once on the market: the same sums, with money.
"""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any

from place import Place
from yardstick import Yardstick

TONNE = Path(sys.executable).parent / "tonne"
SECONDS_MAX, MEMORY_MAX_MB = 60, 1024


def measure(_place: Place, _yardstick: Yardstick) -> None:
    """Its time and memory, and whether what it came to is what was published."""
    report, took = _lived()
    rate = report["transactions_per_second"]
    print(
        f"2005 to 2012: {took:.1f} s as a command (aim {SECONDS_MAX}), "
        f"{report['peak_memory_mb']} MB in our process (aim {MEMORY_MAX_MB}), "
        f"{report['transactions']:,} transactions, {rate:,}/s, "
        f"agrees to the tonne: {report['agrees_to_the_tonne']}"
    )
    traded, took = _lived("--market")
    _compare(traded, report)
    market = traded["market"]
    years, (till,) = market["years"], market["money"]
    print(
        f"the same on the market: {took:.1f} s, {traded['peak_memory_mb']} MB, "
        f"{traded['transactions']:,} transactions, {sum(x['trades'] for x in years):,} trades of "
        f"{sum(x['volume'] for x in years):,} units, agrees to the tonne: "
        f"{traded['agrees_to_the_tonne']}; {till['currency']} {till['held']} held of "
        f"{till['money_in']} brought in, {till['least']} where there is least"
    )


def _lived(*more: str) -> tuple[dict[str, Any], float]:
    """The report of a replay, and how many seconds it took; it ends if its sums differ."""
    started = perf_counter()
    done = subprocess.run(
        [str(TONNE), "replay", "eu_ets", "--years", "2005-2012", *more, "--json"],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout), perf_counter() - started


def _compare(traded: dict[str, Any], report: dict[str, Any]) -> None:
    """What was traded changes no sum; no cash is below nothing, and no money is made or lost."""
    for years in ("years", "aircraft_years"):
        assert traded[years] == report[years], f"{years} differ on the market"
    assert traded["agrees_to_the_tonne"], traded["differences"]
    assert traded["compared"] == report["compared"]
    for till in traded["market"]["money"]:
        assert till["conserved"], till
        assert till["held"] == till["money_in"], till
        assert Decimal(till["least"]) >= 0, till
    volume = sum(each["volume"] for each in traded["market"]["years"])
    assert volume == traded["units_obtained_from_others"], "everything lacking was bought"
