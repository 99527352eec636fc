"""What the house does by itself while it serves, and what time it is there."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic

import typer

from tonne.cli.sandbox import HandMovedClock
from tonne.operations import Office, Scheme, proposals, trading
from tonne.signin import Lodge

EVERY_SECONDS = 1.0
SILENT_SECONDS = 300.0
"""A round that takes so long is taken for the end of the work."""


@contextmanager
def working(
    office: Office,
    log: Callable[[Mapping[str, object]], None],
    *,
    lodge: Lodge | None = None,
    hooks_loopback: bool = False,
    clock: HandMovedClock | None = None,
    every: float = EVERY_SECONDS,
) -> Iterator[Callable[[], bool]]:
    """Carry out what is due and tell webhooks, again and again, until the doors are shut.

    What it yields tells whether the work goes on.
    """
    stop, due = threading.Event(), Round(office, log)
    worker = threading.Thread(target=_work, args=(due, every, stop), daemon=True)
    works = [worker]
    if clock is not None:
        clock.serve(office, due.go)
    if lodge is not None:
        from tonne.cli.hook_work import HookWork  # noqa: PLC0415  heavy

        hooks = HookWork(office=office, lodge=lodge, log=log, loopback=hooks_loopback)
        works.append(threading.Thread(target=hooks.run, args=(stop, every), daemon=True))
    for each in works:
        each.start()
    try:
        yield lambda: worker.is_alive() and monotonic() - due.began < SILENT_SECONDS
    finally:
        stop.set()
        for each in works:
            each.join()


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


class Round:
    """What is due now: of the exchanges by the clock, and of proposals that wait for their time."""

    def __init__(self, office: Office, log: Callable[[Mapping[str, object]], None]) -> None:
        """For all schemes of an office."""
        self._office, self._log = office, log
        self._exchanges = [trading.Hours(each) for each in office.schemes.values()]
        self._schemes = [each for each in office.schemes.values() if each.has_people]
        self._one_at_a_time = threading.Lock()
        self.began = monotonic()
        """When the last round began."""

    def go(self) -> list[str]:
        """Do all that is due, and tell what was done; a fault is told, and the rest goes on."""
        office, done = self._office, list[str]()
        self.began = monotonic()
        with self._one_at_a_time:
            for exchange in self._exchanges:
                with self._faults(exchange.scheme):
                    kept = exchange.keep(office.ask, office.do, desk=office.desk("administrator"))
                    self._tell(exchange.scheme, "market", kept)
                    done += kept
            for scheme in self._schemes:
                with self._faults(scheme):
                    # So many are found at one time; who moves a clock finds all of them done.
                    while codes := proposals.carry_out_due(
                        office.do, scheme, desk=office.desk("administrator")
                    ):
                        self._tell(scheme, "carried_out", codes)
                        done += codes
                        self.began = monotonic()
        return done

    def _tell(self, scheme: Scheme, what: str, done: list[str]) -> None:
        if done:
            self._log({"worker": scheme.name, what: done})

    @contextmanager
    def _faults(self, scheme: Scheme) -> Iterator[None]:
        try:
            yield
        except Exception as fault:  # noqa: BLE001  the worker lives on, and says what it was
            self._log({"worker": scheme.name, "fault": f"{type(fault).__name__}: {fault}"})


def _work(work: Round, every: float, stop: threading.Event) -> None:
    while not stop.wait(every):
        work.go()
