"""The engine of an exchange as a process that may be killed, and the pipes to it and from it."""

import os
import signal
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import msgspec
from msgspec import Struct

from bourse import CODE
from land import example
from tonne.market import Event, Message, Rejected
from tonne.operations import Desk, Engine
from tonne.store import MemoryStore, PostgresStore


class Batch(Struct, frozen=True):
    """Messages that come together, under a key."""

    key: str
    at: datetime
    messages: list[Message]


class Told(Struct, frozen=True):
    """What was answered to a batch: of each message the events, in their own words."""

    key: str
    answers: list[list[str]]


_BATCH = msgspec.json.Decoder(Batch).decode
_TOLD = msgspec.json.Decoder(Told).decode


def serve(url: str, orders: BinaryIO, answers: BinaryIO) -> None:
    """The engine as a process: a batch to a line comes in, and its answers go out once committed.

    It knows nothing of failing: if something does, it ends.
    """
    with PostgresStore(url) as store:
        engine = Engine(example(), CODE)
        answers.write(b"%d\n" % store.run(_worker))
        answers.flush()
        for line in orders:
            answers.write(msgspec.json.encode(told_by(engine, store, _BATCH(line))) + b"\n")
            answers.flush()


def _worker(books: Any) -> int:  # noqa: ANN401  only those in PostgreSQL have one
    """Which process of the server works for us."""
    return int(books.direct.ask("worker", "select pg_backend_pid()", ())[0][0])


def told_by(engine: Engine, store: MemoryStore | PostgresStore, batch: Batch) -> Told:
    """What an engine answers to a batch."""
    desk = Desk(by="operator", day=batch.at.date(), at=batch.at)
    answers = engine.serve(store.run, batch.messages, key=batch.key, desk=desk)
    return Told(key=batch.key, answers=[[_words(event) for event in told] for told in answers])


def _words(event: Event) -> str:
    """An event in words; of a refused message why it was."""
    if type(event) is Rejected:
        return f"Rejected {event.cl_ord_id}: {[each.code for each in event.refusals]}"
    return repr(event)


@dataclass
class Line:
    """The engine's process, and the pipes to it and from it."""

    errors: Path
    pid: int = 0
    worker: int = 0
    orders: BinaryIO = field(default_factory=BytesIO)
    answers: BinaryIO = field(default_factory=BytesIO)
    sent: set[str] = field(default_factory=set)

    def start(self, url: str) -> None:
        """Start it; nothing was sent to this one. A fork shares nothing with us from here on."""
        (there, orders), (answers, here) = os.pipe(), os.pipe()
        self.pid = os.fork()
        if not self.pid:
            os.close(orders)
            os.close(answers)
            self._live(url, there, here)
        os.close(there)
        os.close(here)
        self.orders, self.answers, self.sent = (
            os.fdopen(orders, "wb"),
            os.fdopen(answers, "rb"),
            set(),
        )
        self.worker = int(self.answers.readline() or b"0")

    def _live(self, url: str, orders: int, answers: int) -> NoReturn:
        try:
            serve(url, os.fdopen(orders, "rb"), os.fdopen(answers, "wb"))
        except BaseException:  # noqa: BLE001  it ends here, whatever it was
            self.errors.write_text(traceback.format_exc())
            os._exit(1)
        os._exit(0)

    def write(self, batch: Batch) -> None:
        """Send a batch; who is dead does not hear it."""
        self.sent.add(batch.key)
        with suppress(BrokenPipeError):
            self.orders.write(msgspec.json.encode(batch) + b"\n")
            self.orders.flush()

    def read(self) -> Told | None:
        """The next answer; none from who is dead, also not half of one."""
        line = self.answers.readline()
        return _TOLD(line) if line.endswith(b"\n") else None

    def end(self) -> None:
        """Let go of it."""
        if self.pid:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.pid = 0
        for pipe in (self.orders, self.answers):
            with suppress(BrokenPipeError):
                pipe.close()
