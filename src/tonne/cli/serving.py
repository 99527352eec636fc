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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import Any, Protocol, Self
from urllib.parse import urlsplit

from tonne.cli import show
from tonne.cli.failures import UserFault
from tonne.linking import SIZE_MAX, Letter, is_receipt, seal
from tonne.operations import Hearing

HERE = "127.0.0.1"
"""A side listens on its own machine only; what lets others in, and encrypts, stands before it."""

PATH = "/letters"
_REACH_SECONDS = 5
_ANSWER_SECONDS = 60
_LOOK_SECONDS = 0.05
_BELL_SECONDS = 0.25
_REST_SECONDS_MAX = 2.0
_IDLE_SECONDS = 5.0
"""So often it is looked for letters though no bell rang."""

_BATCH = 50
_REQUEST_BYTES = 1024 * 1024
"""Letters go together in one request up to so many bytes; a longer one goes alone."""

_DIGITS_MAX = 10
_LEFT_SECONDS = 10
_FAILURES_MAX = 10
"""After so many requests in a row of which nothing was heard, a courier rests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Where a side is to be reached, and the key that is shared with it."""

    address: str
    key: bytes


class Side(Protocol):
    """What a log or a registry does; each thread has one, with a connection of its own."""

    def hear(self, raws: Sequence[bytes]) -> list[Hearing]:
        """Hear letters, all of them or none."""

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


class Rings(Protocol):
    """What tells a side that something new is to be said."""

    def wait(self, seconds: float) -> bool:
        """Whether it rang, or rings within so many seconds."""

    def close(self) -> None:
        """Listen no more."""


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

    with closing(open_side()) as ears, _Ears(ears, port) as server:
        threads = [
            guarded(lambda: server.serve_forever(_LOOK_SECONDS)),
            guarded(lambda: _carry(open_side, open_bell, stop)),
            guarded(lambda: _wait(open_side, stop, every)),
        ]
        began(server.server_port)
        sys.stdout.flush()
        stop.wait()
        server.shutdown()
        for thread in threads:
            thread.join(_REACH_SECONDS)
    if faults:
        raise faults[0]


def _carry(
    open_side: Callable[[], Side], open_bell: Callable[[], Rings], stop: threading.Event
) -> None:
    """Carry what waits, to each in order; who does not answer is left alone for a while."""
    with closing(open_side()) as side, closing(open_bell()) as bell:
        couriers: dict[str, _Courier] = {}
        while not stop.is_set():
            bell.wait(0)  # What rang until now is seen to now.
            carried, pause = False, _IDLE_SECONDS
            for code, contact in side.contacts().items():
                courier = couriers.setdefault(contact.address, _Courier(contact.address))
                carried |= _bring_some(side, code, contact, courier)
                pause = min(pause, courier.pause())
            until = monotonic() + pause
            while not (carried or stop.is_set()) and (left := until - monotonic()) > 0:
                carried = bell.wait(min(left, _BELL_SECONDS))


def _bring_some(side: Side, addressee: str, contact: Contact, courier: "_Courier") -> bool:
    """Bring the next letters for one; what was not heard comes again when all had their turn."""
    if courier.rests():
        return False
    letters = side.waiting(addressee, courier.after, _BATCH)
    if not letters and courier.after:
        courier.after = 0
        letters = side.waiting(addressee, 0, _BATCH)
    sealed = [(each, seal(each, contact.key)) for each in letters if not courier.leaves(each.nonce)]
    heard: list[int] = []
    for together in _requests(sealed):
        heard += courier.bring(together, contact.key)
    if heard:
        side.was_heard(heard)
    courier.after = letters[-1].nonce if letters else 0
    courier.has_more = len(heard) < len(sealed) or len(letters) == _BATCH
    return bool(heard)


def _requests(letters: Sequence[tuple[Letter, bytes]]) -> Iterator[list[tuple[Letter, bytes]]]:
    """The letters that go together."""
    together: list[tuple[Letter, bytes]] = []
    size = 0
    for letter in letters:
        if together and size + len(letter[1]) > _REQUEST_BYTES:
            yield together
            together, size = [], 0
        together.append(letter)
        size += len(letter[1]) + 1
    if together:
        yield together


def _wait(open_side: Callable[[], Side], stop: threading.Event, every: float) -> None:
    with closing(open_side()) as side:
        while not stop.wait(every):
            side.end_waits()


class _Courier:
    """Brings letters to one address, over a connection that is kept."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._connection: http.client.HTTPConnection | None = None
        self._failures = 0
        self._until = 0.0
        """Until then it rests."""

        self._left: dict[int, float] = {}
        """Until when letters are left that the other side refuses to hear."""

        self.after = 0
        """The last letter that it went with."""

        self.has_more = False
        """Whether it came back with letters that were not heard."""

    def bring(self, letters: Sequence[tuple[Letter, bytes]], key: bytes) -> list[int]:
        """Bring letters; which were heard. Where nobody answers it does not go again now.

        A letter was heard if its answer bears the receipt, which only who shares the key can write.
        """
        if self.rests():
            return []
        try:
            status, body = self._ask(b"\n".join(raw for _, raw in letters))
        except (OSError, ValueError, OverflowError, http.client.HTTPException):
            # Also where the address is none: who cannot be reached holds nobody else up.
            self._give_up()
            return []
        answers = _told(body, len(letters)) if status == HTTPStatus.OK else []
        heard: list[int] = []
        for (letter, _), answer in zip(letters, answers, strict=False):
            if is_receipt(answer.get("receipt"), letter, key):
                heard.append(letter.nonce)
            else:
                self._complain(letter, answer)
        if heard:
            self._failures = 0
            return heard
        # The next letters may be heard; those that cannot be do not hold up all behind them.
        self._failures += 1
        if self._failures % _FAILURES_MAX == 0:
            self._give_up()
        return []

    def leaves(self, nonce: int) -> bool:
        """Whether a letter that was refused is not brought again now."""
        return monotonic() < self._left.get(nonce, 0)

    def rests(self) -> bool:
        """Whether it does not go now."""
        return monotonic() < self._until

    def pause(self) -> float:
        """How long until it would go again, if nothing new is to be said meanwhile."""
        if self.rests():
            return self._until - monotonic()
        return _LOOK_SECONDS if self.has_more else _IDLE_SECONDS

    def _complain(self, letter: Letter, answer: dict[str, Any]) -> None:
        """Say once which refusals an answer names; the letter is left for a while."""
        refusals = answer.get("refusals")
        rows = refusals if isinstance(refusals, list) else []
        found = [row.get("number") for row in rows if isinstance(row, dict)]
        numbers = [number for number in found if isinstance(number, int)]
        if numbers and letter.nonce not in self._left:
            why = ", ".join(map(str, numbers))
            show.complain(f"Letter {letter.nonce} to {letter.addressee} is not heard there: {why}.")
        if numbers:
            self._left[letter.nonce] = monotonic() + _LEFT_SECONDS

    def _ask(self, raw: bytes) -> tuple[int, bytes]:
        if self._connection is None:
            parts = urlsplit(self._address)
            self._connection = http.client.HTTPConnection(
                parts.hostname or HERE, parts.port or 80, timeout=_REACH_SECONDS
            )
            self._connection.connect()
            self._connection.sock.settimeout(_ANSWER_SECONDS)
        path = urlsplit(self._address).path.rstrip("/") + PATH
        self._connection.request("POST", path, raw, {"Content-Type": "application/jsonl"})
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.will_close:
            self._let_go()
        return answer.status, body

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _give_up(self) -> None:
        self._let_go()
        self._failures += 1
        rest = min(_LOOK_SECONDS * 2**self._failures, _REST_SECONDS_MAX)
        self._until = monotonic() + rest


def _told(body: bytes, count: int) -> list[dict[str, Any]]:
    """What the other side says of so many letters; nothing if that cannot be read."""
    with suppress(ValueError, TypeError, KeyError, RecursionError):
        answers = json.loads(body)["letters"]
        if len(answers) == count and all(isinstance(each, dict) for each in answers):
            return list(answers)
    return []


class _Ears(ThreadingHTTPServer):
    """Hears one request after another."""

    daemon_threads = True

    def __init__(self, side: Side, port: int) -> None:
        self.side, self.alone = side, threading.Lock()
        try:
            super().__init__((HERE, port), _Ear)
        except OSError as fault:
            what = f"At port {port} nobody can listen: {fault.strerror}."
            raise UserFault(what, remedy="Choose another: --port.") from None

    def __enter__(self) -> Self:
        return self

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  its own
        """A caller who goes away in the middle is nobody's fault."""

    def hear(self, raws: Sequence[bytes]) -> list[Hearing | Exception]:
        """Hear letters together; where that fails, each for itself."""
        with self.alone:
            try:
                return [*self.side.hear(raws)]
            except Exception as fault:  # noqa: BLE001  the caller will bring it again
                if len(raws) == 1:
                    return [fault]
        return [answer for raw in raws for answer in self.hear([raw])]


class _Ear(BaseHTTPRequestHandler):
    """One caller."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 60
    server: _Ears

    def do_POST(self) -> None:
        """Letters are brought, one on a line."""
        length = self.headers.get("Content-Length", "")
        if self.path.rstrip("/") != PATH or not _is_size(length):
            self._answer(HTTPStatus.BAD_REQUEST, [])
            self.close_connection = True
            return
        raws = self.rfile.read(int(length)).splitlines() or [b""]
        answers: list[dict[str, object]] = []
        for hearing in self.server.hear(raws):
            if isinstance(hearing, Exception):
                self.log_error("%s: %s", type(hearing).__name__, hearing)
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


def _is_size(length: str) -> bool:
    """Whether a letter may be so long."""
    return length.isdecimal() and len(length) <= _DIGITS_MAX and int(length) <= SIZE_MAX
