"""The post of a side: a courier for each other side brings it what there is to say.

Each goes for itself, so who is silent holds nobody up but its own courier.
"""

import http.client
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from http import HTTPStatus
from time import monotonic
from typing import Any, Protocol
from urllib.parse import urlsplit

from tonne.cli import show
from tonne.linking import Letter, PrivateKey, PublicKey, Signed, receipt_of, sign

HERE = "127.0.0.1"
"""A side listens on its own machine only; what lets others in, and encrypts, stands before it."""

PATH = "/letters"
REACH_SECONDS = 5
_ANSWER_SECONDS = 60
_LOOK_SECONDS = 0.05
_BELL_SECONDS = 0.25
_LIST_SECONDS = 1.0
"""So often it is looked who is talked with, and where they are."""

KEPT_SECONDS = 5.0
"""So long a connection is kept that nobody uses; who hears lets go of it a little later."""

_REST_SECONDS_MAX = 2.0
_IDLE_SECONDS = 5.0
"""So often it is looked for letters though no bell rang."""

_BATCH = 50
REQUEST_BYTES = 1024 * 1024
"""Letters go together in one request up to so many bytes; a longer one goes alone."""

_LEFT_SECONDS = 10
_FAILURES_MAX = 10
"""After so many requests in a row of which nothing was heard, a courier rests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Where a side is to be reached, and the key by which its receipts are told."""

    address: str
    key: PublicKey


class Outbox(Protocol):
    """What a side has to say."""

    key: PrivateKey
    """With which it signs."""

    def contacts(self) -> Mapping[str, Contact]:
        """Whom it talks with."""

    def waiting(self, addressee: str, after: int, limit: int) -> list[Letter]:
        """What it has to say to one."""

    def was_heard(self, receipts: Mapping[int, Signed]) -> None:
        """Note what the others have heard, with their receipts."""

    def close(self) -> None:
        """Let go of the books."""


class Rings(Protocol):
    """What tells a side that something new is to be said."""

    def wait(self, seconds: float) -> bool:
        """Whether it rang, or rings within so many seconds."""

    def close(self) -> None:
        """Listen no more."""


def carry(
    open_outbox: Callable[[], Outbox],
    open_bell: Callable[[], Rings],
    stop: threading.Event,
    begin: Callable[[Callable[[], None]], threading.Thread],
) -> None:
    """Send a courier to each other side, and wake them all when something new is to be said.

    ``begin`` does work beside this one.
    """
    rounds: dict[str, _Round] = {}
    threads: list[threading.Thread] = []
    with closing(_Shared(open_outbox())) as outbox, closing(open_bell()) as bell:
        look = 0.0
        while not stop.is_set():
            if monotonic() >= look:
                look = monotonic() + _LIST_SECONDS
                contacts = outbox.contacts()
                for code in contacts.keys() - rounds.keys():
                    rounds[code] = _Round(code, outbox, stop)
                    threads.append(begin(rounds[code].go))
                for code, each in rounds.items():
                    each.send_to(contacts.get(code))
            if bell.wait(_BELL_SECONDS):
                for each in rounds.values():
                    each.wake.set()
        for each in rounds.values():
            each.wake.set()
        join(threads)


def join(threads: Sequence[threading.Thread]) -> None:
    """Wait until they end, but together no longer than somebody is waited for to be reached."""
    until = monotonic() + REACH_SECONDS
    for thread in threads:
        thread.join(max(0, until - monotonic()))


class _Shared:
    """One connection to the books for all couriers: on their way they do not need it."""

    def __init__(self, outbox: Outbox) -> None:
        self.key = outbox.key
        self._outbox, self._alone = outbox, threading.Lock()

    def contacts(self) -> Mapping[str, Contact]:
        with self._alone:
            return self._outbox.contacts()

    def waiting(self, addressee: str, after: int, limit: int) -> list[Letter]:
        with self._alone:
            return self._outbox.waiting(addressee, after, limit)

    def was_heard(self, receipts: Mapping[int, Signed]) -> None:
        with self._alone:
            self._outbox.was_heard(receipts)

    def close(self) -> None:
        with self._alone:
            self._outbox.close()


class _Round:
    """The way of one courier, to one side and back, again and again."""

    def __init__(self, code: str, outbox: Outbox, stop: threading.Event) -> None:
        self._code, self._outbox, self._stop = code, outbox, stop
        self._contact: Contact | None = None
        self.wake = threading.Event()

    def send_to(self, contact: Contact | None) -> None:
        """From now on go there; or nowhere, to who is talked with no more."""
        if contact != self._contact:
            self._contact = contact
            self.wake.set()

    def go(self) -> None:
        """Bring what waits until all stops; who does not answer is left alone for a while."""
        courier = _Courier("")
        while not self._stop.is_set():
            self.wake.clear()
            contact = self._contact
            if contact is None:
                self.wake.wait(_IDLE_SECONDS)
                continue
            if courier.address != contact.address:
                courier.let_go()
                courier = _Courier(contact.address)
            if not self._bring_some(contact, courier):
                self.wake.wait(courier.pause())
        courier.let_go()

    def _bring_some(self, contact: Contact, courier: "_Courier") -> bool:
        """Bring the next letters; what was not heard comes again when all had their turn."""
        if courier.rests():
            return False
        letters = self._outbox.waiting(self._code, courier.after, _BATCH)
        if not letters and courier.after:
            courier.after = 0
            letters = self._outbox.waiting(self._code, 0, _BATCH)
        key = self._outbox.key
        signed = [(each, sign(each, key)) for each in letters if not courier.leaves(each.nonce)]
        receipts: dict[int, Signed] = {}
        for together in _requests(signed):
            receipts |= courier.bring(together, contact.key)
        if receipts:
            self._outbox.was_heard(receipts)
        courier.after = letters[-1].nonce if letters else 0
        courier.has_more = len(receipts) < len(signed) or len(letters) == _BATCH
        return bool(receipts)


def _requests(letters: Sequence[tuple[Letter, bytes]]) -> Iterator[list[tuple[Letter, bytes]]]:
    """The letters that go together."""
    together: list[tuple[Letter, bytes]] = []
    size = 0
    for letter in letters:
        if together and size + len(letter[1]) > REQUEST_BYTES:
            yield together
            together, size = [], 0
        together.append(letter)
        size += len(letter[1]) + 1
    if together:
        yield together


class _Courier:
    """Brings letters to one address, over a connection that is kept."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._connection: http.client.HTTPConnection | None = None
        self._failures = 0
        self._until = 0.0
        """Until then it rests."""

        self._used = 0.0
        """When the connection was last used."""

        self._left: dict[int, float] = {}
        """Until when letters are left that the other side refuses to hear."""

        self.after = 0
        """The last letter that it went with."""

        self.has_more = False
        """Whether it came back with letters that were not heard."""

    def bring(self, letters: Sequence[tuple[Letter, bytes]], key: PublicKey) -> dict[int, Signed]:
        """Bring letters; the receipts of those that were heard.

        A letter was heard if its answer bears the receipt, which only who keeps the key can sign.
        Where nobody answers it does not go again now.
        """
        receipts: dict[int, Signed] = {}
        if self.rests():
            return receipts
        try:
            status, body = self._ask(b"\n".join(raw for _, raw in letters))
        except (OSError, ValueError, OverflowError, http.client.HTTPException):
            # Also where the address is none: who cannot be reached holds nobody else up.
            self._give_up()
            return receipts
        answers = _told(body, len(letters)) if status == HTTPStatus.OK else []
        for (letter, _), answer in zip(letters, answers, strict=False):
            receipt = receipt_of(answer.get("receipt"), letter, key)
            if receipt is not None:
                receipts[letter.nonce] = receipt
                self._left.pop(letter.nonce, None)
            else:
                self._complain(letter, answer)
        if receipts:
            self._failures = 0
            return receipts
        # The next letters may be heard; those that cannot be do not hold up all behind them.
        self._failures += 1
        if self._failures % _FAILURES_MAX == 0:
            self._give_up()
        return receipts

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
        if monotonic() > self._used + KEPT_SECONDS:
            self.let_go()
        if self._connection is None:
            parts = urlsplit(self.address)
            self._connection = http.client.HTTPConnection(
                parts.hostname or HERE, parts.port or 80, timeout=REACH_SECONDS
            )
            self._connection.connect()
            self._connection.sock.settimeout(_ANSWER_SECONDS)
        path = urlsplit(self.address).path.rstrip("/") + PATH
        self._connection.request("POST", path, raw, {"Content-Type": "application/jsonl"})
        answer = self._connection.getresponse()
        body, self._used = answer.read(), monotonic()
        if answer.will_close:
            self.let_go()
        return answer.status, body

    def let_go(self) -> None:
        """Keep the connection no longer."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _give_up(self) -> None:
        self.let_go()
        self._failures += 1
        # Who is away for a day fails so often that no power of two would hold it.
        rest = min(_LOOK_SECONDS * 2 ** min(self._failures, _FAILURES_MAX), _REST_SECONDS_MAX)
        self._until = monotonic() + rest


def _told(body: bytes, count: int) -> list[dict[str, Any]]:
    """What the other side says of so many letters; nothing if that cannot be read."""
    with suppress(ValueError, TypeError, KeyError, RecursionError):
        answers = json.loads(body)["letters"]
        if len(answers) == count and all(isinstance(each, dict) for each in answers):
            return list(answers)
    return []
