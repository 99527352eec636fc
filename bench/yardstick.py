"""The yardstick: pgbench, which comes with PostgreSQL."""

import re
import subprocess

import psycopg
from place import Place

from tonne.store import database
from tonne.store.privilege import binaries

NAME = "tonne_yardstick"
SCALE = 20
SECONDS = 10
CLIENTS = 8


def measure(place: Place) -> float:
    """Transactions a second of TPC-B with 8 clients; the read-only rate is printed beside it."""
    place.drop(NAME)
    with psycopg.connect(place.url, autocommit=True) as connection:
        connection.execute(f"create database {NAME}")
    url = database.named(place.url, NAME)
    _pgbench(url, "-i", "-s", str(SCALE), "-q")
    reads = _rate(url, "-S")
    tpcb = _rate(url)
    print(f"pgbench, {CLIENTS} clients, {SECONDS} s: TPC-B {tpcb:,.0f}/s, read-only {reads:,.0f}/s")
    place.drop(NAME)
    return tpcb


def _rate(url: str, *options: str) -> float:
    said = _pgbench(
        url, *options, "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(SECONDS)
    )
    found = re.search(r"tps = ([0-9.]+)", said)
    assert found is not None, said
    return float(found[1])


def _pgbench(url: str, *options: str) -> str:
    return subprocess.run(
        [str(binaries() / "pgbench"), *options, url], check=True, capture_output=True, text=True
    ).stdout
