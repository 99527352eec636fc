"""A side of the talk as a process: it hears letters over HTTP, carries its own, and ends waits.

Nothing is kept in the process. What is to be said lies in the books, written in the transaction
that decided it, and is carried until the other side has said that it heard it. So the process may
be killed at any moment.
"""

import http.client
import json
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol, Self
from urllib.parse import urlsplit

from tonne.linking import SIZE_MAX, Letter, seal
from tonne.operations import Hearing

HERE = "127.0.0.1"
"""A side listens on its own machine only; what lets others in, and encrypts, stands before it."""

PATH = "/letters"
_ANSWER_SECONDS = 10
_LOOK_SECONDS = 0.05
_REST_SECONDS_MAX = 2.0
_BATCH = 100
_FAILURES_MAX = 10
"""After so many letters in a row that were not heard, a courier rests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Where a side is to be reached, and the key that is shared with it."""

    address: str
    key: bytes


class Side(Protocol):
    """What a log or a registry does; each thread has one, with a connection of its own."""

    def hear(self, raw: bytes) -> Hearing:
        """Hear a letter."""

    def contacts(self) -> Mapping[str, Contact]:
        """Whom it talks with."""

    def waiting(self, addressee: str, after: int, limit: int) -> list[Letter]:
        """What it has to say to one."""

    def was_heard(self, nonces: list[int]) -> None:
        """Note what the others have heard."""

    def end_waits(self) -> None:
        """Do what is to be done about those who are silent."""

    def close(self) -> None:
        """Let go of the books."""


def serve(
    open_side: Callable[[], Side], *, port: int, every: float, began: Callable[[int], None]
) -> None:
    """Hear, carry and wait until somebody asks to stop; ``began`` is told the port."""
    stop, news = threading.Event(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    faults: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> threading.Thread:
        def run() -> None:
            try:
                work()
            except BaseException as fault:  # noqa: BLE001  told by the thread that began it
                faults.append(fault)
                stop.set()

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    with closing(open_side()) as ears, _Ears(ears, port, news) as server:
        threads = [
            guarded(lambda: server.serve_forever(_LOOK_SECONDS)),
            guarded(lambda: _carry(open_side, stop, news)),
            guarded(lambda: _wait(open_side, stop, news, every)),
        ]
        began(server.server_port)
        sys.stdout.flush()
        stop.wait()
        server.shutdown()
        for thread in threads:
            thread.join(_ANSWER_SECONDS)
    if faults:
        raise faults[0]


def _carry(open_side: Callable[[], Side], stop: threading.Event, news: threading.Event) -> None:
    """Carry what waits, to each in order; who does not answer is left alone for a while."""
    with closing(open_side()) as side:
        couriers: dict[str, _Courier] = {}
        while not stop.is_set():
            news.clear()
            carried = False
            for code, contact in side.contacts().items():
                courier = couriers.setdefault(contact.address, _Courier(contact.address))
                carried |= _bring_some(side, code, contact, courier)
                courier.rest()
            if not carried:
                news.wait(_LOOK_SECONDS)


def _bring_some(side: Side, addressee: str, contact: Contact, courier: "_Courier") -> bool:
    """Bring the next letters for one; what was not heard comes again when all had their turn."""
    if courier.rests:
        return False
    letters = side.waiting(addressee, courier.after, _BATCH)
    if not letters and courier.after:
        courier.after = 0
        letters = side.waiting(addressee, 0, _BATCH)
    heard = [each.nonce for each in letters if courier.bring(seal(each, contact.key))]
    if heard:
        side.was_heard(heard)
    courier.after = letters[-1].nonce if letters else 0
    return bool(heard)


def _wait(
    open_side: Callable[[], Side], stop: threading.Event, news: threading.Event, every: float
) -> None:
    with closing(open_side()) as side:
        while not stop.wait(every):
            side.end_waits()
            news.set()


class _Courier:
    """Brings letters to one address, over a connection that is kept."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or HERE, parts.port or 80
        self._path = parts.path.rstrip("/") + PATH
        self._connection: http.client.HTTPConnection | None = None
        self._failures = 0
        self.rests = 0
        """So many rounds it waits before it goes again."""

        self.after = 0
        """The last letter that it went with."""

    def bring(self, raw: bytes) -> bool:
        """Bring a letter; whether it was heard. Where nobody answers it does not go again now."""
        if self.rests:
            return False
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection(
                    self._host, self._port, timeout=_ANSWER_SECONDS
                )
            self._connection.request("POST", self._path, raw, {"Content-Type": "application/json"})
            answer = self._connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self._give_up()
            return False
        if answer.status != HTTPStatus.OK:
            # The next letter may be heard; one that cannot be does not hold up all behind it.
            self._failures += 1
            if self._failures % _FAILURES_MAX == 0:
                self._give_up()
            return False
        self._failures = 0
        return True

    def rest(self) -> None:
        """One round of waiting is over."""
        self.rests = max(0, self.rests - 1)

    def _give_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._failures += 1
        self.rests = min(2**self._failures, int(_REST_SECONDS_MAX / _LOOK_SECONDS))


class _Ears(ThreadingHTTPServer):
    """Hears one letter after another."""

    daemon_threads = True

    def __init__(self, side: Side, port: int, news: threading.Event) -> None:
        self.side, self.news, self.alone = side, news, threading.Lock()
        super().__init__((HERE, port), _Ear)

    def __enter__(self) -> Self:
        return self

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  its own
        """A caller who goes away in the middle is nobody's fault."""


class _Ear(BaseHTTPRequestHandler):
    """One caller."""

    protocol_version = "HTTP/1.1"
    timeout = 60
    server: _Ears

    def do_POST(self) -> None:
        """A letter is brought."""
        length = self.headers.get("Content-Length", "")
        if self.path.rstrip("/") != PATH or not length.isdecimal() or int(length) > SIZE_MAX:
            self._answer(HTTPStatus.BAD_REQUEST, {"heard": False})
            self.close_connection = True
            return
        raw = self.rfile.read(int(length))
        try:
            with self.server.alone:
                hearing = self.server.side.hear(raw)
        except Exception as fault:  # noqa: BLE001  the caller will bring it again
            self._answer(HTTPStatus.INTERNAL_SERVER_ERROR, {"heard": False})
            self.log_error("%s: %s", type(fault).__name__, fault)
            return
        self.server.news.set()
        status = HTTPStatus.OK if hearing.sealed else HTTPStatus.FORBIDDEN
        data = {
            "heard": hearing.sealed,
            "repeated": hearing.repeated,
            "refusals": [each.as_dict() for each in hearing.refusals],
        }
        self._answer(status, data)

    def _answer(self, status: HTTPStatus, data: dict[str, object]) -> None:
        body = json.dumps(data).encode()
        with suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_request(self, *_: object) -> None:
        """What was heard stands in the books."""
