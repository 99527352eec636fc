"""How fast the door for programs answers fifty requests a second, in small books and in large."""

import random

import factory_town as town
from offered import RATE, Request, offer, served, summed
from place import Place
from yardstick import Yardstick

from tonne.store import database

NAME = "tonne_bench_api"
SECONDS = 15
SMALL, LARGE = (1_000, 3_000), (11_000, 300_000)
"""Accounts, and blocks that were given out."""


def measure(place: Place, _yardstick: Yardstick) -> None:
    """The 95th percentile at fifty requests a second, a mix of lists and single things."""
    law = town.scheme()
    words = ("serve", "--scheme", "eu_ets", "--rate", "1000")
    for accounts, blocks in (SMALL, LARGE):
        place.fresh(NAME)
        with place.open(NAME) as store:
            numbers = town.settle(store, law, operators=accounts)
            list(town.give(store, law, numbers, blocks=blocks, name="given"))
        place.analyze(NAME)
        url = database.named(place.url, NAME)
        with served(words, {"TONNE_DATABASE_URL": url}) as address:
            offer(address, _requests(numbers, blocks, seconds=2))  # The first ones warm it up.
            took = offer(address, _requests(numbers, blocks, seconds=SECONDS))
        print(f"{accounts:,} accounts, {blocks:,} movements, {RATE}/s: {summed(took)}", flush=True)
    place.drop(NAME)


def _requests(numbers: list[str], blocks: int, *, seconds: int) -> list[Request]:
    chance = random.Random(7)
    return [Request(kind="api", path=_path(chance, numbers, blocks)) for _ in range(seconds * RATE)]


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
