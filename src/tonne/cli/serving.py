"""A side of the talk as a process: it hears letters over HTTP, carries its own, and ends waits.

Nothing is kept in the process. What is to be said lies in the books, written in the transaction
that decided it, and is carried until the other side has said that it heard it. So the process may
be killed at any moment.
"""

import json
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import Any, Protocol, Self

from tonne import operations
from tonne.cli import show
from tonne.cli.carrying import HERE, PATH, REQUEST_BYTES, Outbox, Rings, carry, join
from tonne.cli.failures import UserFault
from tonne.linking import SIZE_MAX, PublicKey
from tonne.operations import Hearing, Seen

_LOOK_SECONDS = 0.05
_DIGITS_MAX = 10
_LETTERS_MAX = 1000
"""So many letters are in a request at most."""

CALLERS_MAX = 256
"""So many callers are served at once; others are told to come again."""

_LONG_MAX = 4
"""So many of them may bring more than letters that go together, for that is kept in memory."""

_BRING_SECONDS = 60
"""In so long a request must have come."""

SILENT_SECONDS = 10
"""So long a caller may send nothing; the place is for others then."""

_PIECE = 64 * 1024
_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Side(Outbox, Protocol):
    """What a log or a registry does; each thread has one, with a connection of its own."""

    def known(self) -> Mapping[str, PublicKey]:
        """By which key each other side is known."""

    def hear(self, raws: Sequence[Seen]) -> list[Hearing]:
        """Hear letters, all of them or none."""

    def end_waits(self) -> None:
        """Do what is to be done about those who are silent."""


def serve(
    open_side: Callable[[], Side],
    open_bell: Callable[[], Rings],
    *,
    port: int,
    every: float,
    began: Callable[[int], None],
) -> None:
    """Hear, carry and wait until somebody asks to stop; ``began`` is told the port."""
    stop = threading.Event()
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        # A signal comes in the middle of anything, so it is only noted: to set the event here could
        # wait for ever for what was interrupted.
        signal.signal(number, lambda which, _: asked.append(which))
    faults: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> threading.Thread:
        def run() -> None:
            try:
                work()
            except BaseException as fault:  # noqa: BLE001  told by the thread that began it
                if not stop.is_set():  # What fails while all stops is no fault.
                    faults.append(fault)
                stop.set()

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    with closing(open_side()) as ears, _Ears(ears, port) as server:
        threads = [
            guarded(lambda: server.serve_forever(_LOOK_SECONDS)),
            guarded(lambda: carry(open_side, open_bell, stop, guarded)),
            guarded(lambda: _wait(open_side, stop, every)),
        ]
        began(server.server_port)
        sys.stdout.flush()
        while not (asked or stop.wait(_LOOK_SECONDS)):
            pass
        stop.set()
        server.shutdown()
        join(threads)
    if faults:
        raise faults[0]


def _wait(open_side: Callable[[], Side], stop: threading.Event, every: float) -> None:
    with closing(open_side()) as side:
        while not stop.wait(every):
            side.end_waits()


class _Ears(ThreadingHTTPServer):
    """Hears one request after another."""

    daemon_threads = True

    def __init__(self, side: Side, port: int) -> None:
        self.side, self.alone = side, threading.Lock()
        self.places = threading.BoundedSemaphore(CALLERS_MAX)
        self.long = threading.BoundedSemaphore(_LONG_MAX)
        try:
            super().__init__((HERE, port), _Ear)
        except OSError as fault:
            what = f"At port {port} nobody can listen: {fault.strerror}."
            raise UserFault(what, remedy="Choose another: --port.") from None

    def __enter__(self) -> Self:
        return self

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  its own
        """A caller who goes away in the middle is nobody's fault."""

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  its own
        """Serve a caller, if there is a place."""
        if self.places.acquire(blocking=False):
            super().process_request(request, client_address)
            return
        with suppress(OSError):
            request.setblocking(False)
            request.send(_BUSY)
        self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  its own
        """Serve a caller, and free the place."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.places.release()

    def hear(self, raws: Sequence[bytes]) -> list[Hearing | Exception]:
        """Hear letters; who signed them is looked at first, while others are heard."""
        try:
            with self.alone:
                keys = self.side.known()
        except Exception as fault:  # noqa: BLE001  the caller will bring them again
            return [fault] * len(raws)
        return self._hear([operations.see(raw, keys) for raw in raws])

    def _hear(self, seen: Sequence[Seen]) -> list[Hearing | Exception]:
        """Hear letters together; where that fails, each for itself."""
        with self.alone:
            try:
                return [*self.side.hear(seen)]
            except Exception as fault:  # noqa: BLE001  the caller will bring it again
                if len(seen) == 1:
                    return [fault]
        return [answer for each in seen for answer in self._hear([each])]


class _Ear(BaseHTTPRequestHandler):
    """One caller."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = SILENT_SECONDS
    server: _Ears

    def do_POST(self) -> None:
        """Letters are brought, one on a line."""
        length = self.headers.get("Content-Length", "")
        if self.path.rstrip("/") != PATH or not _is_size(length):
            self._refuse(HTTPStatus.BAD_REQUEST)
        elif int(length) <= REQUEST_BYTES:
            self._hear(int(length))
        elif self.server.long.acquire(blocking=False):
            try:
                self._hear(int(length))
            finally:
                self.server.long.release()
        else:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)

    def _hear(self, length: int) -> None:
        raw = self._read(length)
        if raw is None:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
            return
        raws = raw.removesuffix(b"\n").split(b"\n", _LETTERS_MAX)
        if len(raws) > _LETTERS_MAX:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        answers: list[dict[str, object]] = []
        for hearing in self.server.hear(raws):
            if isinstance(hearing, Exception):
                show.complain(f"{type(hearing).__name__}: {hearing}")
                answers.append({"heard": False})
                continue
            answers.append(
                {
                    "heard": bool(hearing.receipt),
                    "receipt": hearing.receipt,
                    "repeated": hearing.repeated,
                    "refusals": [each.as_dict() for each in hearing.refusals],
                }
            )
        self._answer(HTTPStatus.OK, answers)

    def _read(self, length: int) -> bytes | None:
        """What is brought, or nothing if it does not come in time.

        Of more letters than a request holds no more is kept than shows that they are too many.
        """
        until = monotonic() + _BRING_SECONDS
        kept, lines = bytearray(), 0
        while length:
            piece = self.rfile.read1(min(length, _PIECE))
            if not piece or monotonic() > until:
                return None
            length -= len(piece)
            if lines <= _LETTERS_MAX:
                kept += piece
                lines += piece.count(b"\n")
        return bytes(kept)

    def _refuse(self, status: HTTPStatus) -> None:
        self._answer(status, [])
        self.close_connection = True

    def _answer(self, status: HTTPStatus, letters: list[dict[str, object]]) -> None:
        body = json.dumps({"letters": letters}).encode()
        with suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_request(self, *_: object) -> None:
        """What was heard stands in the books."""

    def log_error(self, *_: object) -> None:
        """Who says nothing, or nothing that can be read, is no fault of ours."""


def _is_size(length: str) -> bool:
    """Whether a letter may be so long."""
    return length.isdecimal() and len(length) <= _DIGITS_MAX and int(length) <= SIZE_MAX
