"""What the house does by itself while it serves, and what time it is there."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic

import typer

from tonne.operations import Office, Scheme, proposals

EVERY_SECONDS = 1.0
SILENT_SECONDS = 300.0
"""A round that takes so long is taken for the end of the work."""


@contextmanager
def working(
    office: Office, log: Callable[[Mapping[str, object]], None], *, every: float = EVERY_SECONDS
) -> Iterator[Callable[[], bool]]:
    """Carry out what is due, again and again, until the doors are shut; whether it goes on."""
    stop = threading.Event()
    beat = [monotonic()]

    def works() -> bool:
        return worker.is_alive() and monotonic() - beat[0] < SILENT_SECONDS

    schemes = [each for each in office.schemes.values() if each.has_people]
    worker = threading.Thread(
        target=_work,
        args=(office, schemes, log, every, stop),
        kwargs={"beat": beat},
        daemon=True,
    )
    worker.start()
    try:
        yield works
    finally:
        stop.set()
        worker.join()


def a_moment(text: str) -> datetime:
    """A moment as people write it, with its zone, or a sentence about what is wrong."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise typer.BadParameter(f"{text!r} is no moment; write it as 2013-04-02T10:00+02:00.")
    return found


def a_clock(begins: datetime | None) -> Callable[[], datetime]:
    """The clock of the machine; or one that shows another time now, and goes on from there."""
    if begins is None:
        return lambda: datetime.now(UTC)
    ahead = begins - datetime.now(UTC)
    return lambda: datetime.now(UTC) + ahead


def _work(
    office: Office,
    schemes: list[Scheme],
    log: Callable[[Mapping[str, object]], None],
    every: float,
    stop: threading.Event,
    *,
    beat: list[float],
) -> None:
    while not stop.wait(every):
        beat[0] = monotonic()
        for scheme in schemes:
            try:
                codes = proposals.carry_out_due(
                    office.do, scheme, desk=office.desk("administrator")
                )
            except Exception as fault:  # noqa: BLE001  the worker lives on, and says what it was
                log({"worker": scheme.name, "fault": f"{type(fault).__name__}: {fault}"})
                continue
            if codes:
                log({"worker": scheme.name, "carried_out": codes})
