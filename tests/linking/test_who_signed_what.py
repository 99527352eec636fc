"""Sentences about signatures: who makes them, what they show later, and what strangers can do."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from psycopg import sql

from linked import KEYS, LOG, LOG_KEY, NOW, PUBLIC, Three, clean, desk_of, send, waiting
from tonne import operations
from tonne.linking import (
    Evidence,
    HoldingsAsked,
    Letter,
    Link,
    Listed,
    PrivateKey,
    PublicKey,
    Said,
    Signed,
    State,
    receipt,
    receipt_of,
    sign,
)
from tonne.operations import STRANGERS_KEPT, Talk
from tonne.refusal import Refused
from wires import kinds

STRANGER = PrivateKey(b"x" * 32)
NEW_KEY = PrivateKey(b"n" * 32)

# RFC 8032, section 7.1, tests 1 and 2: private key, public key, text, signature.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        ("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
         "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "r",
        ("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
         "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("private", "public", "text", "signature"), VECTORS)
def test_signatures_are_those_of_the_standard(
    private: str, public: str, text: str, signature: str
) -> None:
    key = PrivateKey(bytes.fromhex(private))
    assert str(key.public()) == public
    assert key.sign(text) == signature
    assert key.public().is_sound()
    assert key.public().verifies(text, signature)
    for other in (signature.upper(), signature[:-2], f" {signature[1:]}", "", "\ud800"):
        assert not key.public().verifies(text, other)
    assert not key.public().verifies(f"{text}.", signature)
    assert not STRANGER.public().verifies(text, signature)


# The points of order 1, 2, 4 and 8, and two ways of writing some of them that no encoding may have.
WEAK = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]


@pytest.mark.parametrize("key", [*WEAK, "02" + "00" * 31, "61" * 31, ""])
def test_a_key_under_which_others_could_sign_is_no_key(key: str) -> None:
    assert not PublicKey(bytes.fromhex(key)).is_sound()


def test_nobody_is_known_by_a_key_that_is_none(three: Three) -> None:
    a, weak = three.registries["XA"], PublicKey(bytes.fromhex(WEAK[4]))
    listed, desk = Listed("XC", "http://127.0.0.1:1", weak), desk_of(three.now)
    with pytest.raises(Refused) as no:
        three.at_log(
            lambda books: operations.list_registry(books, listed, reason="x", at=three.now)
        )
    assert kinds(no.value.refusals) == {"KeyUnfit"}
    link = Link("XA", LOG, "http://127.0.0.1:1", weak)
    with pytest.raises(Refused) as no:
        a.run(lambda books: operations.link_registry(books, a.scheme, link, key="x", desk=desk))
    assert kinds(no.value.refusals) == {"KeyUnfit"}


def test_a_private_key_is_not_shown() -> None:
    assert "6161" not in f"{KEYS['XA']!r} {KEYS['XA']}"
    assert "aaaa" not in f"{KEYS['XA']!r} {KEYS['XA']}"


def test_nobody_signs_for_another(three: Three) -> None:
    three.issue("XA", 100)
    send(three)
    (letter,) = three.registries["XA"].run(waiting("XA"))
    for key in (KEYS["XB"], LOG_KEY, STRANGER):
        hearing = three.to_log(sign(letter, key))
        assert (kinds(hearing.refusals), hearing.receipt) == ({"SignatureBroken"}, "")
    said = Said(proposal="XA-1", state=State.ACCEPTED)
    forged = Letter(sender=LOG, nonce=900, addressee="XB", at=three.now, body=said)
    for key in KEYS.values():
        hearing = three.to_registry("XB", sign(forged, key))
        assert (kinds(hearing.refusals), hearing.receipt) == ({"SignatureBroken"}, "")
    assert three.at_log(lambda books: books.evidence("XA-2", here=LOG)) == []


def test_only_the_addressee_signs_a_receipt(three: Three) -> None:
    three.issue("XA", 100)
    send(three)
    (letter,) = three.registries["XA"].run(waiting("XA"))
    hearing = three.to_log(sign(letter, KEYS["XA"]))
    good = receipt_of(hearing.receipt, letter, LOG_KEY.public())
    assert good is not None
    assert good.sender == LOG
    for other in (KEYS["XA"], KEYS["XB"], STRANGER):
        forged = receipt(good.text.removeprefix("heard "), other)
        assert receipt_of(forged, letter, LOG_KEY.public()) is None
    # A signature of the log under a letter of its own is no receipt, nor one for another letter.
    for text in ("{}", good.text.removeprefix("heard "), f"heard {'0' * 64}"):
        assert receipt_of(LOG_KEY.sign(text), letter, LOG_KEY.public()) is None


@pytest.mark.parametrize("three", ["postgres"], indirect=True)
def test_whoever_copies_a_database_signs_for_nobody(three: Three) -> None:
    three.issue("XA", 100)
    proposal = send(three)
    three.settle()
    copies = {LOG: three.at_log(_everything)}
    copies |= {code: each.run(_everything) for code, each in three.registries.items()}
    said = Said(proposal=proposal, state=State.TERMINATED)
    for where, text in copies.items():
        assert proposal in text
        for key in (*KEYS.values(), LOG_KEY):
            assert key.value.hex() not in text, where
        found = {text[place : place + 64] for place in _hexadecimal(text)}
        assert str(PUBLIC["XA"]) in found or where != LOG
        for seed in sorted(found):
            letter = Letter(sender="XA", nonce=900, addressee=LOG, at=three.now, body=said)
            raw = sign(letter, PrivateKey(bytes.fromhex(seed)))
            assert kinds(three.to_log(raw).refusals) == {"SignatureBroken"}


def _everything(books: Any) -> str:  # noqa: ANN401  books in PostgreSQL
    """All that stands in a database, as text."""
    run = books._execute  # noqa: SLF001  past what the application asks
    names = run(
        "select relname from pg_class where relnamespace = 'public'::regnamespace"
        " and relkind = 'r' and has_table_privilege(oid, 'select')"
    ).fetchall()
    whole = sql.SQL("select t::text from {} t")
    rows = [run(whole.format(sql.Identifier(name))).fetchall() for (name,) in names]
    return "\n".join(str(row[0]) for table in rows for row in table)


def _hexadecimal(text: str) -> Iterable[int]:
    """Where 64 digits begin that could be a key."""
    digits = 0
    for place, character in enumerate(text):
        digits = digits + 1 if character in "0123456789abcdef" else 0
        if digits == 64:
            yield place - 63


def change_key(three: Three, code: str, key: PrivateKey) -> None:
    """The log is told of another public key of a registry."""
    listed = Listed(code, "http://127.0.0.1:1", key.public())
    put = partial(operations.list_registry, listed=listed, reason="new key", at=three.now)
    three.at_log(put)


def test_a_new_key_counts_from_then_on_and_old_letters_still_hold(three: Three) -> None:
    three.issue("XA", 100)
    proposal = send(three)
    (letter,) = three.registries["XA"].run(waiting("XA"))
    first = three.to_log(sign(letter, KEYS["XA"]))
    change_key(three, "XA", NEW_KEY)
    second = send(three, count=1)
    _, later = three.registries["XA"].run(waiting("XA"))
    assert kinds(three.to_log(sign(later, KEYS["XA"])).refusals) == {"SignatureBroken"}
    assert three.to_log(sign(later, NEW_KEY)).receipt
    # What was heard before and comes again, under the new key, is known.
    again = three.to_log(sign(letter, NEW_KEY))
    assert (again.repeated, again.receipt) == (True, first.receipt)
    listings = three.at_log(lambda books: books.listings())
    assert [(e.at, e.reason, e.listed.key) for e in listings if e.listed.code == "XA"] == [
        (NOW, "agreed", PUBLIC["XA"]),
        (three.now, "new key", NEW_KEY.public()),
    ]
    keys = {
        name: [each.signed.key for each in three.at_log(partial(_letters, about=name))]
        for name in (proposal, second)
    }
    assert keys == {proposal: [PUBLIC["XA"]], second: [NEW_KEY.public()]}
    assert all(e.holds() for name in keys for e in three.at_log(partial(_letters, about=name)))


def test_a_new_key_of_the_log_counts_from_then_on(three: Three) -> None:
    a = three.registries["XA"]
    link = Link("XA", LOG, "http://127.0.0.1:1", NEW_KEY.public())
    desk = desk_of(three.now)
    a.run(lambda books: operations.link_registry(books, a.scheme, link, key="new", desk=desk))
    asked = Letter(
        sender=LOG, nonce=900, addressee="XA", at=three.now, body=HoldingsAsked(round="r")
    )
    assert not three.to_registry("XA", sign(asked, LOG_KEY)).signed
    assert three.to_registry("XA", sign(asked, NEW_KEY)).receipt


def _letters(books: Talk, about: str) -> list[Evidence]:
    return [e for e in books.evidence(about, here=LOG) if e.signed.text == e.letter]


def test_who_said_what_can_be_shown_to_a_third_party(three: Three) -> None:
    three.issue("XA", 100)
    proposal = send(three)
    three.settle()
    clean(three)
    at_log = three.at_log(lambda books: books.evidence(proposal, here=LOG))
    assert all(each.holds() for each in at_log)
    said = [
        (each.signed.sender, *_words(each)) for each in at_log if each.signed.text == each.letter
    ]
    # The giver proposes and completes; the taker accepts.
    assert said == [("XA", "proposed", None), ("XB", "said", 8), ("XA", "said", 4)]
    receipts = [(e.signed.sender, *_words(e)) for e in at_log if e.signed.text != e.letter]
    # The log hands it on, tells the giver of the acceptance and the taker of the completion.
    assert receipts == [("XB", "proposed", None), ("XA", "said", 8), ("XB", "said", 4)]
    for code, registry in three.registries.items():
        here = registry.run(lambda books, code=code: books.evidence(proposal, here=code))  # type: ignore[misc]
        assert {each.signed.sender for each in here} == {LOG}
        assert all(each.holds() for each in here)
        assert {each.signed.text == each.letter for each in here} == {True, False}


def _words(each: Evidence) -> tuple[str, int | None]:
    body = json.loads(each.letter)["body"]
    return body["says"], body.get("state")


def test_what_was_changed_afterwards_no_longer_holds(three: Three) -> None:
    three.issue("XA", 100)
    proposal = send(three)
    three.settle()
    found = three.at_log(lambda books: books.evidence(proposal, here=LOG))
    letter, receipt_ = found[0], found[-1]
    signed = letter.signed
    for changed in (
        signed._replace(sender="XB", key=PUBLIC["XB"]),
        signed._replace(sender="XB"),
        signed._replace(key=PUBLIC["XB"]),
        signed._replace(signature=receipt_.signed.signature),
    ):
        assert not Evidence(letter.at, changed, letter.letter).holds()
    other = signed.text.replace('"count', '"Count').replace("ALA", "ALB")
    assert not Evidence(letter.at, signed._replace(text=other), other).holds()
    # A receipt holds for its own letter, and only as the word of whom that was for.
    assert not Evidence(receipt_.at, receipt_.signed, found[-2].letter).holds()
    assert not Evidence(receipt_.at, receipt_.signed._replace(sender="XA"), receipt_.letter).holds()
    for nothing in ("", "[]", "no JSON", "\ud800", "[" * 10_000):
        assert not Evidence(letter.at, signed, nothing).holds()
        empty = Signed("XA", nothing, signed.signature, PUBLIC["XA"])
        assert not Evidence(letter.at, empty, nothing).holds()


def test_who_says_two_things_under_one_number_is_shown_to_have_said_both(three: Three) -> None:
    three.issue("XA", 100)
    proposal = send(three)
    (letter,) = three.registries["XA"].run(waiting("XA"))
    other = replace(letter, at=letter.at + timedelta(seconds=1))
    three.to_log(sign(letter, KEYS["XA"]))
    for _ in range(3):
        assert kinds(three.to_log(sign(other, KEYS["XA"])).refusals) == {"NonceReplayed"}
    found = three.at_log(partial(_letters, about=proposal))
    nonces = [json.loads(each.letter)["nonce"] for each in found]
    assert nonces == [letter.nonce, letter.nonce]
    assert all(each.holds() for each in found)


def numbers(books: Talk) -> list[int]:
    """What was refused, by number."""
    return [each.number for each in books.written()]


def strangers(books: Talk) -> dict[date, int]:
    """How many letters nobody known had signed, by day."""
    return books.strangers()


def senders(books: Talk) -> list[str]:
    """From whom refused letters claimed to be."""
    return [each.sender for each in books.written()]


def test_what_is_not_heard_is_written_down_once_however_often_anybody_brings_it(
    three: Three,
) -> None:
    lost = Letter(
        sender="XA", nonce=900, addressee="LOG2", at=three.now, body=HoldingsAsked(round="r")
    )
    raw = sign(lost, KEYS["XA"])
    text = raw.decode().partition('"letter":')[2].rpartition(',"signature"')[0]
    text = text.replace('"version":1', '"version":2')
    unreadable = f'{{"letter":{text},"signature":"{KEYS["XA"].sign(text)}"}}'.encode()
    for _ in range(STRANGERS_KEPT + 5):
        assert kinds(three.to_log(raw).refusals) == {"NotTheAddressee"}
        (no,) = three.to_log(unreadable).refusals
        assert str(no).startswith("A letter of XA cannot be read: version 2")
    assert three.at_log(numbers) == [7504, 7505]
    assert three.at_log(strangers) == {}
    assert three.at_log(lambda books: books.written())[1].sender == "XA"


def test_strangers_fill_no_books(three: Three) -> None:
    three.issue("XA", 100)
    a = three.registries["XA"]
    asked = Letter(sender="XX", nonce=1, addressee=LOG, at=three.now, body=HoldingsAsked(round="r"))
    raws = [
        sign(asked, STRANGER),
        sign(replace(asked, sender="XA"), STRANGER),
        sign(replace(asked, sender="X" * 90), STRANGER),
        b"no letter",
    ]
    for place in range(STRANGERS_KEPT + 20):
        assert not three.to_log(raws[place % 4]).signed
        assert not three.to_registry("XA", raws[place % 4]).signed
    for run, why in ((three.at_log, 7502), (a.run, 7501)):
        found = run(numbers)
        # A registry knows nobody but the log; the log knows by which key XA is to be told.
        assert found == [7501, why, 7501, 7505] * (STRANGERS_KEPT // 4)
        assert run(strangers) == {NOW.date(): STRANGERS_KEPT + 20}
        assert max(map(len, run(senders))) == 40
    # Whoever is known is written down all the same, and the next day begins anew.
    send(three, count=1)
    assert three.at_log(partial(_letters, about="")) == []
    (letter,) = a.run(waiting("XA"))
    three.to_log(sign(replace(letter, addressee="XB"), KEYS["XA"]))
    assert three.at_log(numbers)[-1] == 7504
    three.now += timedelta(days=1)
    three.to_log(raws[0])
    assert three.at_log(numbers)[-1] == 7501
    assert three.at_log(strangers) == {NOW.date(): STRANGERS_KEPT + 20, three.now.date(): 1}


def test_the_name_that_a_stranger_gives_itself_is_short(three: Three) -> None:
    asked = Letter(
        sender="X" * 10_000, nonce=1, addressee=LOG, at=three.now, body=HoldingsAsked(round="r")
    )
    assert kinds(three.to_log(sign(asked, STRANGER)).refusals) == {"Unreadable"}
    (written,) = three.at_log(lambda books: books.written())
    assert len(written.sentence) < 200
