"""What the house does by itself while it serves, and what time it is there."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import typer

from tonne.operations import Office, Scheme, proposals, trading
from tonne.signin import Lodge

EVERY_SECONDS = 1.0


@contextmanager
def working(
    office: Office,
    log: Callable[[Mapping[str, object]], None],
    *,
    lodge: Lodge | None = None,
    hooks_loopback: bool = False,
    every: float = EVERY_SECONDS,
) -> Iterator[None]:
    """Carry out what is due and tell webhooks, again and again, until the doors are shut."""
    stop = threading.Event()
    schemes = [each for each in office.schemes.values() if each.has_people]
    works = [threading.Thread(target=_work, args=(office, schemes, log, every, stop), daemon=True)]
    if lodge is not None:
        from tonne.cli.hook_work import HookWork  # noqa: PLC0415  heavy

        hooks = HookWork(office=office, lodge=lodge, log=log, loopback=hooks_loopback)
        works.append(threading.Thread(target=hooks.run, args=(stop, every), daemon=True))
    for each in works:
        each.start()
    try:
        yield
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


def _work(
    office: Office,
    schemes: list[Scheme],
    log: Callable[[Mapping[str, object]], None],
    every: float,
    stop: threading.Event,
) -> None:
    exchanges = [trading.Hours(each) for each in office.schemes.values()]
    while not stop.wait(every):
        for exchange in exchanges:
            try:
                kept = exchange.keep(office.ask, office.do, desk=office.desk("administrator"))
            except Exception as fault:  # noqa: BLE001  the worker lives on, and says what it was
                log({"worker": exchange.scheme.name, "fault": f"{type(fault).__name__}: {fault}"})
                continue
            if kept:
                log({"worker": exchange.scheme.name, "market": kept})
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
