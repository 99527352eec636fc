"""Letters as signed JSON: written, signed, opened, read; and what is refused."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonne.ledger import LAST_NUMBER, Block
from tonne.linking import (
    LETTER_MAX,
    SHORT_MAX,
    TEXT_MAX,
    Body,
    Compared,
    Difference,
    Held,
    HoldingsAsked,
    HoldingsTold,
    Letter,
    Piece,
    PrivateKey,
    Proposed,
    Reason,
    Said,
    State,
    body_from_data,
    sign,
)
from tonne.refusal import Refused
from wires import KEYS, NOW, kinds, opened, proposal

BODIES: list[Body] = [
    Proposed(proposal=proposal((1, 10), (12, LAST_NUMBER))),
    Proposed(proposal=proposal((1, 10), kind="convert", becomes="ERU-AAU-1 AT-7/1")),
    Said(proposal="AT-1", state=State.REJECTED, reasons=(Reason(7020, "Größe unbekannt"),)),
    HoldingsAsked(round="r1"),
    HoldingsTold(
        round="r1", held=(Held(Block("AT", 1, 9), "A", "AT-1", "retired"),), talked=("x",), at=NOW
    ),
    Compared(round="r1", differences=(Difference(Block("AT", 1, 9), "a", "b", "AT-1"),)),
]


STRANGER = PrivateKey(b"x" * 32)


def letter(body: Body, sender: str = "AT") -> Letter:
    """A letter to the log."""
    return Letter(sender=sender, nonce=7, addressee="LOG", at=NOW, body=body)


def refused(raw: bytes) -> set[str]:
    """Why a letter is not opened."""
    with pytest.raises(Refused) as no:
        opened(raw, *KEYS)
    return kinds(no.value.refusals)


@pytest.mark.parametrize("body", BODIES)
def test_what_is_written_is_read_again(body: Body) -> None:
    assert opened(sign(letter(body), KEYS["AT"]), *KEYS)[0] == letter(body)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20))
def test_any_words_go_over_the_wire(words: str) -> None:
    sent = letter(Said(proposal="AT-1", state=State.REJECTED, reasons=(Reason(1, words),)))
    assert opened(sign(sent, KEYS["AT"]), *KEYS)[0] == sent


def test_a_letter_with_the_wrong_key_is_refused() -> None:
    assert refused(sign(letter(BODIES[0]), STRANGER)) == {"SignatureBroken"}


def test_a_letter_from_a_stranger_is_refused() -> None:
    assert refused(sign(letter(BODIES[0], "XX"), STRANGER)) == {"UnknownSender"}


@given(place=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_no_byte_of_a_letter_can_be_changed(place: int, byte: int) -> None:
    raw = bytearray(sign(letter(BODIES[0]), KEYS["AT"]))
    place %= len(raw)
    if raw[place] == byte:
        return
    raw[place] = byte
    with suppress(Refused):
        # What is still opened says the same: a letter may be written in more ways than one.
        assert opened(bytes(raw), *KEYS)[0] == letter(BODIES[0])


def noticed(**changes: object) -> dict[str, Any]:
    """What a notice says, with changes."""
    notice: dict[str, Any] = {
        "id": "LOG-N1", "kind": "net_source", "registry": "AT", "count": 1, "blocks": [],
        "due": "2009-05-01", "at": NOW.isoformat(), "text": "",
    }  # fmt: skip
    return {"says": "noticed", "notice": notice | changes}


def test_a_notice_in_form_is_read() -> None:
    body = body_from_data(noticed())
    sent = letter(body)
    assert opened(sign(sent, KEYS["AT"]), *KEYS)[0] == sent


Change = Callable[[dict[str, Any]], object]
CHANGES: list[Change] = [
    lambda data: data.pop("nonce"),
    lambda data: data.update(nonce=0),
    lambda data: data.update(nonce=2**70),
    lambda data: data.update(nonce=True),
    lambda data: data.update(version=2),
    lambda data: data.update(at="yesterday"),
    lambda data: data.update(at="2009-04-01T12:00:00"),
    lambda data: data.update(body={"says": "boo"}),
    lambda data: data["body"].update(proposal=7),
    lambda data: data["body"]["proposal"].update(pieces=[]),
    lambda data: data["body"]["proposal"].update(pieces=[["AT", 5, 4, "AAU-1 AT", None]]),
    lambda data: data["body"]["proposal"].update(pieces=[["AT", 0, 4, "AAU-1 AT", None]]),
    lambda data: data["body"]["proposal"].update(pieces=[["AT", 1, 4, "AAU-1 AT", 5]]),
    lambda data: data["body"]["proposal"].update(pieces=[["AT", "1", 4, "AAU-1 AT", None]]),
    lambda data: data["body"]["proposal"].update(pieces=[["AT", 1, 4, "", None]]),
    lambda data: data["body"]["proposal"].update(pieces=[["AT", 1, 4, "AAU-1 AT", ""]]),
    lambda data: data["body"]["proposal"].update(source="\x00"),
    lambda data: data["body"]["proposal"].update(source="\ud800"),
    lambda data: data.update(body={"says": "said", "proposal": "AT-1", "state": 99, "reasons": []}),
    lambda data: data.update(to="L" * 12_000),
    lambda data: data["body"]["proposal"].update(id="AT-" + "1" * 98),
    *(
        lambda data, name=name: data["body"]["proposal"].update(id=name)
        for name in ("AT", "AT-", "-1", "AT-0", "AT-01", "AT-x", "AT-1-2", "at-1", "")
    ),
    lambda data: data["body"]["proposal"].update(source="a\x1b[2J"),
    lambda data: data.update(
        body={"says": "said", "proposal": "AT-1", "state": 6, "reasons": [[1, "x" * 4001]]}
    ),
    lambda data: data.update(
        body={"says": "answered", "notice": "N1", "proposals": [], "text": "x" * 4001}
    ),
    lambda data: data.update(body=noticed(text="x" * 4001)),
    lambda data: data.update(body={"says": "said", "filled": " " * LETTER_MAX}),
    lambda data: data["body"]["proposal"].update(pieces=[["A" * 12_000, 1, 4, "AAU-1 AT", None]]),
    lambda data: data["body"]["proposal"].update(pieces=[["AT", 1, 4, "A" * 12_000, None]]),
    lambda data: data["body"]["proposal"].update(pieces=[["AT", 1, 4, "A", "B" * 12_000]]),
    lambda data: data.update(body={"says": "holdings_asked", "round": "r" * 12_000}),
    lambda data: data.update(body=noticed(count=10**30)),
    lambda data: data.update(body=noticed(id="N" * 12_000)),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_letter_out_of_form_is_refused_whoever_signed_it(change: Change) -> None:
    from tonne.linking import wire  # noqa: PLC0415  signed, though it would never be written

    data = wire.letter_as_data(letter(BODIES[0]))
    change(data)
    text = wire.canonical(data)
    signature = KEYS["AT"].sign(text)
    raw = f'{{"letter":{text},"signature":"{signature}"}}'.encode()
    assert refused(raw) == {"Unreadable"}


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"{}", b"\xff", b'{"letter": 1.5}', b"[" * 100_000, json.dumps([1]).encode()],
)
def test_what_is_no_letter_is_refused(raw: bytes) -> None:
    assert refused(raw) == {"Unreadable"}


def test_what_somebody_says_may_be_as_long_as_a_text_is_and_is_cut_where_we_say_more() -> None:
    for length in (TEXT_MAX, TEXT_MAX + 1):
        sent = letter(
            Said(proposal="AT-1", state=State.REJECTED, reasons=(Reason(1, "x" * length),))
        )
        body = opened(sign(sent, KEYS["AT"]), *KEYS)[0].body
        assert isinstance(body, Said)
        assert body.reasons == (Reason(1, "x" * TEXT_MAX),)


def test_the_longest_proposal_fits() -> None:
    """Of 3,000 blocks, each with names of a hundred characters and the longest numbers."""
    long = "N" * 100
    pieces = tuple(
        Piece(block=Block(long, LAST_NUMBER - each, LAST_NUMBER - each), unit=long, becomes=long)
        for each in range(3_000)
    )
    sent = letter(Proposed(proposal=replace(proposal((1, 10)), pieces=pieces)))
    raw = sign(sent, KEYS["AT"])
    assert SHORT_MAX < len(raw) < LETTER_MAX
    assert opened(raw, *KEYS)[0] == sent


def test_all_that_a_registry_holds_fits_though_it_is_longer() -> None:
    held = tuple(Held(Block("AT", n, n), "AAU-1 AT", "AT-1", "held") for n in range(1, 120_000))
    sent = letter(HoldingsTold(round="r1", held=held, talked=(), at=NOW))
    raw = sign(sent, KEYS["AT"])
    assert len(raw) > LETTER_MAX
    assert opened(raw, *KEYS)[0] == sent


LONG = letter(Said(proposal="AT-1", state=State.REJECTED, reasons=(Reason(1, "x" * 4000),) * 20))


def test_a_long_letter_that_nobody_signed_is_not_looked_into(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = sign(LONG, KEYS["AT"])
    assert len(raw) > SHORT_MAX
    opened(raw, *KEYS)

    def looks(*_: object, **__: object) -> None:
        pytest.fail("it was looked into")

    monkeypatch.setattr(json, "loads", looks)
    assert refused(sign(LONG, STRANGER)) == {"SignatureBroken"}
    assert refused(sign(replace(LONG, sender="ZZ"), STRANGER)) == {"UnknownSender"}
    assert refused(raw.replace(b"xx", b"xy", 1)) == {"SignatureBroken"}
    for other in (raw.replace(b'{"letter":', b'{"letter" :'), b"[" * len(raw), raw[:-1]):
        assert refused(other) == {"Unreadable"}


def test_a_short_letter_of_a_stranger_is_not_written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = sign(replace(LONG, sender="ZZ", body=BODIES[0]), STRANGER)

    def writes(*_: object, **__: object) -> None:
        pytest.fail("it was written anew")

    monkeypatch.setattr(json, "dumps", writes)
    assert refused(raw) == {"UnknownSender"}
