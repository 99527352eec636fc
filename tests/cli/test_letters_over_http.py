"""A side that is served: it hears letters over HTTP, and carries its own to whom they are for."""

import json
import os
import signal
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tonne import operations
from tonne.cli import carrying, serving
from tonne.cli.carrying import PATH, Contact
from tonne.cli.failures import UserFault
from tonne.cli.serving import serve
from tonne.linking import (
    HoldingsAsked,
    Letter,
    PrivateKey,
    PublicKey,
    Signed,
    receipt,
    sign,
    signed_by,
)
from tonne.operations import Hearing, Seen
from tonne.refusal import Refused
from wires import NOW

KEY = PrivateKey(b"k" * 32)
THEIRS = PrivateKey(b"t" * 32)
PATIENCE_SECONDS = 5


@dataclass
class FakeSide:
    """A side with letters to one or two others, which hears what it is told to hear."""

    out: dict[str, str] = field(default_factory=dict)
    """By addressee, where it is said to listen."""

    hearing: Hearing = field(default_factory=Hearing)
    heard: set[int] = field(default_factory=set)
    key: PrivateKey = KEY
    seen: list[Seen] = field(default_factory=list)

    def known(self) -> Mapping[str, PublicKey]:
        """Whose letters it would hear."""
        return {"XA": THEIRS.public()}

    def hear(self, raws: Sequence[Seen]) -> list[Hearing]:
        """What it was told to say."""
        self.seen += raws
        return [self.hearing for _ in raws]

    def contacts(self) -> Mapping[str, Contact]:
        """Whom it talks with."""
        return {
            code: Contact(address=where, key=THEIRS.public()) for code, where in self.out.items()
        }

    def waiting(self, addressee: str, after: int, limit: int) -> list[Letter]:
        """One letter for each, until it is heard."""
        nonce = [*self.out].index(addressee) + 1
        if nonce <= after or nonce in self.heard or not limit:
            return []
        body = HoldingsAsked(round="r1")
        return [Letter(sender="LOG", nonce=nonce, addressee=addressee, at=NOW, body=body)]

    def was_heard(self, receipts: Mapping[int, Signed]) -> None:
        """Note what the others have heard."""
        assert all(each.holds() for each in receipts.values())
        self.heard |= {*receipts}

    def wait(self, seconds: float) -> bool:
        """No bell rings."""
        time.sleep(min(seconds, 0.02))
        return False

    def end_waits(self) -> None:
        """Nobody is waited for."""

    def close(self) -> None:
        """There are no books."""


def served(side: FakeSide, talk: Callable[[int], object], *, port: int = 0) -> None:
    """Serve a side while there is talk with it at its port."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    faults: list[BaseException] = []

    def run(at: int) -> None:
        try:
            talk(at)
        except BaseException as fault:  # noqa: BLE001  told by the test itself
            faults.append(fault)
        os.kill(os.getpid(), signal.SIGTERM)

    def began(at: int) -> None:
        threading.Thread(target=run, args=(at,), daemon=True).start()

    try:
        serve(lambda: side, lambda: side, port=port, every=60, began=began)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if faults:
        raise faults[0]


def until(found: Callable[[], bool], *, seconds: float = PATIENCE_SECONDS) -> bool:
    """Whether something is found in good time."""
    end = time.monotonic() + seconds
    while not found() and time.monotonic() < end:
        time.sleep(0.02)
    return found()


Answer = Callable[[bytes], Any]


@contextmanager
def listener(answer: Answer) -> Iterator[tuple[str, list[bytes]]]:
    """Somebody who listens and answers; the address, and the letters that were brought."""
    brought: list[bytes] = []

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            brought.append(raw)
            body = json.dumps({"letters": [answer(raw)]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is told."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Ear) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", brought
        server.shutdown()


def hears(raw: bytes) -> dict[str, str]:
    """The answer of whom a letter is for."""
    return {"receipt": receipt(signed_by(raw, {"LOG": KEY.public()}).digest, THEIRS)}


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:99999", "http://[::1", "banana", "", "http://a..b:1"]
)
def test_an_address_that_is_none_holds_nobody_else_up(address: str) -> None:
    with listener(hears) as (where, _):
        side = FakeSide({"XA": address, "XB": where})
        served(side, lambda _: until(lambda: side.heard == {2}))
    assert side.heard == {2}


def test_who_is_silent_holds_up_nobody_else() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, listener(hears) as (where, _):
        # It takes connections, and never says a word.
        side = FakeSide({"XA": f"http://127.0.0.1:{silent.getsockname()[1]}", "XB": where})
        served(side, lambda _: until(lambda: side.heard == {2}))
    assert side.heard == {2}


def test_two_at_one_address_are_not_taken_for_one() -> None:
    def hears_one(raw: bytes) -> dict[str, str]:
        return hears(raw) if b'"to":"XB"' in raw else {}

    with listener(hears_one) as (where, _):
        side = FakeSide({"XA": where, "XB": where})
        served(side, lambda _: until(lambda: side.heard == {2}))
    assert side.heard == {2}


def test_who_has_moved_is_found_where_he_is_now() -> None:
    with listener(hears) as (where, _):
        side = FakeSide({"XA": "http://127.0.0.1:1"})

        def moves(_: int) -> None:
            time.sleep(0.2)
            side.out["XA"] = where
            until(lambda: side.heard == {1})

        served(side, moves)
    assert side.heard == {1}


def test_who_is_away_for_long_does_not_end_the_courier(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "_REST_SECONDS_MAX", 0)
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    courier = carrying._Courier(f"http://127.0.0.1:{port}")  # noqa: SLF001  it alone
    letters = FakeSide({"XA": ""}).waiting("XA", 0, 1)
    for _ in range(1200):
        assert courier.bring([(letters[0], b"x")], THEIRS.public()) == {}
    assert courier.pause() <= 5


OTHER = receipt(sha256(b"another letter").hexdigest(), THEIRS)


@pytest.mark.parametrize(
    "said", [{}, {"heard": True}, {"receipt": OTHER}, {"receipt": 7}, {"receipt": "\ud800"}, "ok"]
)
def test_only_whom_a_letter_is_for_can_say_that_it_was_heard(said: object) -> None:
    with listener(lambda _: said) as (where, brought):
        side = FakeSide({"XA": where})
        served(side, lambda _: until(lambda: len(brought) > 1))
    assert not side.heard
    assert len(brought) > 1


def test_a_sender_is_told_what_is_not_heard_and_keeps_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    refused = {"heard": False, "refusals": [{"number": 7504}, {"number": "\x1b"}, 7]}
    with listener(lambda _: refused) as (where, brought):
        side = FakeSide({"XA": where})
        served(side, lambda _: until(lambda: len(brought) > 1, seconds=0.5))
    assert not side.heard
    assert len(brought) == 1
    assert "Letter 1 to XA is not heard there: 7504." in capsys.readouterr().err


def post(port: int, length: str) -> tuple[int, list[Any]]:
    """The answer to a letter that is said to be so long."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.putrequest("POST", PATH)
        connection.putheader("Content-Length", length)
        connection.endheaders()
        connection.send(b"x")
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())["letters"]
    finally:
        connection.close()


def test_what_was_not_heard_is_not_answered_as_if_it_was() -> None:
    found: list[Any] = []
    for hearing in (Hearing(receipt="r"), Hearing(receipt="r", repeated=True), Hearing()):
        side = FakeSide(hearing=hearing)
        served(side, lambda port: found.extend(post(port, "1")[1]))
    assert [(each["heard"], each["receipt"]) for each in found] == [
        (True, "r"),
        (True, "r"),
        (False, ""),
    ]


def test_more_letters_than_a_request_holds_are_not_heard() -> None:
    found: list[tuple[int, list[Any]]] = []
    for count in (1_000, 1_001):
        side = FakeSide(hearing=Hearing(receipt="r"))
        served(side, lambda port, count=count: found.append(bring(port, b"x\n" * count)))  # type: ignore[misc]
    assert [(status, len(letters)) for status, letters in found] == [(200, 1_000), (413, 0)]


def bring(port: int, raw: bytes) -> tuple[int, list[Any]]:
    """The answer to a request."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("POST", PATH, raw)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())["letters"]
    finally:
        connection.close()


def test_lines_without_number_are_counted_before_they_are_kept() -> None:
    """Of 32 MiB of empty lines no list is made, and the caller is told that they are too many."""
    found: list[tuple[int, list[Any]]] = []
    side = FakeSide()
    tracemalloc.start()
    try:
        raw = b"\n" * (32 * 1024 * 1024)
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        served(side, lambda port: found.append(bring(port, raw)))
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    assert found == [(413, [])]
    assert not side.seen
    assert peak < 8 * 1024 * 1024


def test_a_letter_is_looked_at_while_another_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    looking, go_on = threading.Event(), threading.Event()
    see = operations.see

    def slow(raw: bytes, keys: Mapping[str, PublicKey]) -> Seen:
        if raw == b"slow":
            looking.set()
            go_on.wait(PATIENCE_SECONDS)
        return see(raw, keys)

    monkeypatch.setattr(operations, "see", slow)
    side = FakeSide(hearing=Hearing(receipt="r"))

    def talk(port: int) -> None:
        stranger = threading.Thread(target=bring, args=(port, b"slow"), daemon=True)
        stranger.start()
        assert looking.wait(PATIENCE_SECONDS)
        letter = FakeSide({"XA": ""}).waiting("XA", 0, 1)[0]
        assert bring(port, sign(replace(letter, sender="XA"), THEIRS))[0] == 200
        assert [each.raw == b"slow" for each in side.seen] == [False]
        go_on.set()
        stranger.join(PATIENCE_SECONDS)

    served(side, talk)
    first, second = side.seen
    assert isinstance(first.signed, Signed)
    assert isinstance(second.signed, Refused)


def test_more_callers_than_there_are_places_are_told_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(serving, "CALLERS_MAX", 2)
    found: list[bytes] = []

    def talk(port: int) -> None:
        callers = [socket.create_connection(("127.0.0.1", port)) for _ in range(3)]
        callers[2].settimeout(PATIENCE_SECONDS)
        found.append(callers[2].recv(100))
        for caller in callers:
            caller.close()
        # Who goes away leaves the place to others.
        assert until(lambda: status(port) == 200)

    def status(port: int) -> int:
        try:
            return bring(port, b"x")[0]
        except (OSError, HTTPException, ValueError):
            return 0

    served(FakeSide(), talk)
    assert found[0].startswith(b"HTTP/1.1 503 ")


def test_long_requests_are_few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_LONG_MAX", 1)
    found: list[int] = []

    def talk(port: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as first:
            first.sendall(f"POST {PATH} HTTP/1.1\r\nContent-Length: 2000000\r\n\r\n".encode())
            assert until(lambda: post(port, "2000000")[0] == 503)
            found.append(post(port, "1")[0])

    served(FakeSide(), talk)
    assert found == [200]


def test_who_says_nothing_is_not_told_of(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serving._Ear, "timeout", 0.05)  # noqa: SLF001  it alone

    def talk(port: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as caller:
            caller.settimeout(PATIENCE_SECONDS)
            assert caller.recv(1) == b""

    served(FakeSide(), talk)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("length", ["9" * 5_000, "99999999999", "9999999999", "-1", "x"])
def test_a_length_that_no_letter_has_is_answered(length: str) -> None:
    found: list[int] = []
    served(FakeSide(), lambda port: found.append(post(port, length)[0]))
    assert found == [400]


def test_a_side_is_not_served_where_somebody_listens_already() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UserFault):
            served(FakeSide(), lambda _: None, port=port)
