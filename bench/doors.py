"""How fast the door for programs answers fifty requests a second, in small books and in large."""

import json
import os
import random
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, sleep

import factory_town as town
from place import Place
from yardstick import Yardstick

from tonne.store import database

NAME = "tonne_bench_api"
SECONDS, RATE, AIM = 15, 50, 0.200
SMALL, LARGE = (1_000, 3_000), (11_000, 300_000)
"""Accounts, and blocks that were given out."""

TONNE = Path(sys.executable).parent / "tonne"


def measure(place: Place, _yardstick: Yardstick) -> None:
    """The 95th percentile at fifty requests a second, a mix of lists and single things."""
    law = town.scheme()
    for accounts, blocks in (SMALL, LARGE):
        place.fresh(NAME)
        with place.open(NAME) as store:
            numbers = town.settle(store, law, operators=accounts)
            list(town.give(store, law, numbers, blocks=blocks, name="given"))
        place.analyze(NAME)
        with _served(database.named(place.url, NAME)) as address:
            _, worst = _offered(address, numbers, blocks, seconds=2)  # The first ones warm it up.
            took, worst = _offered(address, numbers, blocks, seconds=SECONDS)
        print(
            f"{accounts:,} accounts, {blocks:,} movements, {RATE}/s: median "
            f"{median(took) * 1000:.1f} ms, 95th percentile "
            f"{quantiles(took, n=20)[-1] * 1000:.1f} ms (aim {AIM * 1000:.0f}), "
            f"longest {worst * 1000:.0f} ms",
            flush=True,
        )
    place.drop(NAME)


@contextmanager
def _served(url: str) -> Iterator[str]:
    """The door as a process of its own; its address."""
    words = ("serve", "--port", "0", "--scheme", "eu_ets", "--rate", "1000", "--json")
    settings = os.environ | {"TONNE_DATABASE_URL": url}
    with subprocess.Popen(
        [str(TONNE), *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=settings
    ) as process:
        assert process.stdout is not None
        told = b""
        while not told.endswith(b"}\n"):
            told += process.stdout.readline()
        try:
            yield json.loads(told)["address"]
        finally:
            process.send_signal(signal.SIGTERM)


def _offered(
    address: str, numbers: list[str], blocks: int, *, seconds: int
) -> tuple[list[float], float]:
    """How long each answer took from the moment at which it was due, and the longest."""
    chance, began = random.Random(7), perf_counter()
    paths = [_path(chance, numbers, blocks) for _ in range(seconds * RATE)]

    def ask(place: int) -> float:
        due = began + place / RATE
        sleep(max(0.0, due - perf_counter()))
        with urllib.request.urlopen(address + paths[place], timeout=60) as answer:  # noqa: S310  ours
            answer.read()
        return perf_counter() - due

    with ThreadPoolExecutor(16) as many:
        took = list(many.map(ask, range(len(paths))))
    return took, max(took)


def _path(chance: random.Random, numbers: list[str], blocks: int) -> str:
    after, serial = chance.choice(numbers), chance.randint(1, blocks * town.LOT)
    return chance.choice(
        [
            f"/v1/schemes/eu_ets/accounts?limit=50&starting_after={after}",
            f"/v1/schemes/eu_ets/accounts/{after}",
            f"/v1/units/EU-1-{serial}/history",
            "/v1/schemes",
            "/v1/retirements",
        ]
    )
