"""A door as a process of its own, and requests that are offered to it at a steady rate."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, sleep

RATE = 50
"""Requests a second."""

AIM = 0.200
"""So long the 95th percentile may be, in seconds."""

TONNE = Path(sys.executable).parent / "tonne"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked: of what kind, where, and by whom, if by somebody."""

    kind: str
    path: str
    cookie: str = ""


@contextmanager
def served(words: Sequence[str], settings: Mapping[str, str]) -> Iterator[str]:
    """The door as a process of its own; its address."""
    with subprocess.Popen(
        [str(TONNE), *words, "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **settings},
    ) as process:
        assert process.stdout is not None
        told = b""
        while not told.endswith(b"\n}\n"):  # What stands within is set in.
            told += process.stdout.readline()
        try:
            yield json.loads(told)["address"]
        finally:
            process.send_signal(signal.SIGTERM)


def offer(address: str, requests: Sequence[Request]) -> list[float]:
    """How long each answer took from the moment at which it was due."""
    began = perf_counter()

    def ask(place: int) -> float:
        due = began + place / RATE
        sleep(max(0.0, due - perf_counter()))
        asked = requests[place]
        sent = urllib.request.Request(address + asked.path, headers={"Cookie": asked.cookie})  # noqa: S310  ours
        with urllib.request.urlopen(sent, timeout=60) as answer:  # noqa: S310  ours
            answer.read()
        return perf_counter() - due

    with ThreadPoolExecutor(16) as many:
        return list(many.map(ask, range(len(requests))))


def summed(took: Sequence[float], aim: float = AIM) -> str:
    """Median, 95th percentile and the longest, in milliseconds."""
    return (
        f"median {median(took) * 1000:.1f} ms, 95th percentile {at_95(took) * 1000:.1f} ms "
        f"(aim {aim * 1000:.0f}), longest {max(took) * 1000:.0f} ms"
    )


def at_95(took: Sequence[float]) -> float:
    """Nineteen of twenty took no longer."""
    return quantiles(took, n=20)[-1]
