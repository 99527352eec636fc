"""The yardstick: pgbench, which comes with PostgreSQL, measured beside each figure of ours."""

import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import psycopg
from place import Place

from tonne.store import database
from tonne.store.privilege import binaries

T = TypeVar("T")
NAME = "tonne_yardstick"
SCALE = 50
SECONDS = 4
CLIENTS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Tpcb:
    """Transactions a second of pgbench's TPC-B: as it comes, and with prepared statements."""

    plain: float
    prepared: float

    def times(self, rate: float) -> str:
        """A rate of ours as a ratio to both."""
        return f"{rate / self.plain:.2f} x TPC-B ({rate / self.prepared:.2f} x prepared)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick:
    """A database that pgbench has filled."""

    url: str

    def beside(self, work: Callable[[], T]) -> tuple[T, Tpcb]:
        """Do the work, and measure before and after it, since machines change their pace."""
        before = self._tpcb()
        done = work()
        after = self._tpcb()
        return done, Tpcb(
            plain=(before.plain + after.plain) / 2, prepared=(before.prepared + after.prepared) / 2
        )

    def rate(self, *options: str) -> float:
        """Transactions a second with 8 clients."""
        said = _pgbench(self.url, *options, "-n", "-c", str(CLIENTS), "-j", "2", "-T", str(SECONDS))
        found = re.search(r"tps = ([0-9.]+)", said)
        assert found is not None, said
        return float(found[1])

    def _tpcb(self) -> Tpcb:
        return Tpcb(plain=self.rate("-M", "simple"), prepared=self.rate("-M", "prepared"))


@contextmanager
def laid(place: Place) -> Iterator[Yardstick]:
    """A yardstick on the server, removed afterwards."""
    place.drop(NAME)
    with psycopg.connect(place.url, autocommit=True) as connection:
        connection.execute(f"create database {NAME}")
    url = database.named(place.url, NAME)
    _pgbench(url, "-i", "-s", str(SCALE), "-q")
    try:
        yield Yardstick(url=url)
    finally:
        place.drop(NAME)


def _pgbench(url: str, *options: str) -> str:
    return subprocess.run(
        [str(binaries() / "pgbench"), *options, url], check=True, capture_output=True, text=True
    ).stdout
