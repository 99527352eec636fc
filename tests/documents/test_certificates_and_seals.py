"""Sentences about certificates: what is signed, what a page carries, what changes unseen."""

import json
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers import ISSUER, STRANGER, signed, taken
from tonne.documents import (
    LANGUAGES,
    Finding,
    Unreadable,
    certificate_page,
    check,
    read_signed,
    record_within,
    seal_holds,
)
from tonne.documents.certificate import FORM
from tonne.documents.languages import name
from tonne.documents.page import contents
from tonne.documents.seal import SEAL_PLACE
from tonne.ledger import Block
from tonne.refusal import Refused
from tonne.registry import Dedication

KEY = ISSUER.public()

each_language = pytest.mark.parametrize("code", LANGUAGES)


@cache
def page(code: str = "sl") -> bytes:
    return certificate_page(signed(), LANGUAGES[code], ISSUER)


def checked(raw: bytes) -> Finding | None:
    """What comes of it; nothing where it is not taken for a certificate."""
    try:
        return check(raw, file="it", key=KEY)
    except Refused as no:
        if [each.number for each in no.refusals] != [9300]:
            raise
        return None


def test_a_record_is_read_as_it_was_signed() -> None:
    assert read_signed(signed().raw) == signed()
    found = check(signed().raw, file="it", key=KEY)
    assert (found.true, found.signed, found.page, found.key_given) == (True, True, False, True)
    assert found.certificate == signed().certificate


def test_a_record_is_written_in_the_one_canonical_form() -> None:
    data = json.loads(signed().raw)
    plain = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert signed().raw.decode() == plain
    assert data["certificate"]["count"] == "1241"
    assert data["certificate"]["units"][0]["serials"][0] == {
        "series": "EX-1", "first": "41", "last": "80",
    }  # fmt: skip


@settings(deadline=None)
@given(st.data())
def test_no_byte_of_a_record_is_changed_unseen(data: st.DataObject) -> None:
    changed = _changed(signed().raw, data)
    found = checked(changed)
    assert found is None or not found.true


@settings(deadline=None)  # The first makes the page.
@given(st.data())
def test_no_byte_of_a_page_is_changed_unseen(data: st.DataObject) -> None:
    found = checked(_changed(page(), data))
    assert found is None or not found.true


@settings(deadline=None)
@given(st.text(), st.text())
def test_whatever_was_written_of_the_beneficiary_is_certified_as_it_is(who: str, why: str) -> None:
    if not who.strip() or not (who + why).isprintable():
        return
    certificate = signed(taken(dedication=Dedication(beneficiary=who, purpose=why)))
    assert check(certificate.raw, file="it", key=KEY).true
    assert read_signed(certificate.raw) == certificate


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.replace(b'"count":"1241",', b'"count":"1241","count":"1241",', 1),
        lambda raw: raw.replace(b'{"certificate"', b'{"a":1,"certificate"', 1),
        lambda raw: json.dumps(json.loads(raw), indent=1).encode(),
        lambda raw: raw.replace(b'"17"', b"17", 1),
        lambda raw: raw.replace(b'"17"', '"१७"'.encode(), 1),
        lambda raw: raw.replace(b'"41"', b'"4_1"', 1),
        lambda raw: raw.replace(b'"41"', b'"' + b"9" * 5_000 + b'"', 1),
        lambda raw: raw.replace(b'"41"', b"[" * 100_000, 1),
        lambda raw: raw.replace(b"Ana", b"An\xff", 1),
        lambda raw: raw.replace(b"Ana", b"\\ud800", 1),
        lambda raw: raw.replace(str(KEY).encode(), b"00" * 32, 1),
        lambda raw: b"\xef\xbb\xbf" + raw,
    ],
)
def test_what_is_written_otherwise_than_it_was_signed_is_not_read(
    change: Callable[[bytes], bytes],
) -> None:
    changed = change(signed().raw)
    assert changed != signed().raw
    found = checked(changed)
    assert found is not None
    assert (found.true, found.certificate) == (False, None)


def test_blanks_around_a_record_change_nothing_of_it() -> None:
    assert check(b"\n " + signed().raw + b"\r\n", file="it", key=KEY).true


def test_a_certificate_of_another_key_is_not_the_issuers() -> None:
    found = check(signed().raw, file="it", key=STRANGER.public())
    assert not found.true
    assert not found.signed
    assert str(KEY) in found.faults[0]


def test_who_names_no_key_is_told_that_the_certificate_names_its_own() -> None:
    found = check(signed().raw, file="it")
    assert (found.true, found.key_given, found.key) == (True, False, KEY)


def test_a_signature_under_a_certificate_is_good_for_nothing_else() -> None:
    certificate = signed().certificate
    assert not KEY.verifies(certificate.text, signed().signature)
    assert KEY.verifies(f"{FORM}\n{certificate.text}", signed().signature)


@each_language
def test_a_page_carries_the_signed_record_and_a_seal(code: str) -> None:
    assert record_within(page(code)) == signed().raw
    assert seal_holds(page(code), KEY)
    assert not seal_holds(page(code), STRANGER.public())
    found = check(page(code), file="it", key=KEY)
    assert (found.true, found.page, found.certificate) == (True, True, signed().certificate)


@each_language
def test_a_page_is_the_same_whenever_it_is_made(code: str) -> None:
    assert certificate_page(signed(), LANGUAGES[code], ISSUER) == page(code)


@each_language
def test_a_page_can_be_kept_for_long_and_read_by_every_aid(code: str) -> None:
    assert b"<pdfaid:part>3</pdfaid:part>" in page(code)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in page(code)
    assert f"/Lang({code})".encode() in page(code)


def test_a_page_whose_print_was_changed_is_false_though_its_record_is_signed() -> None:
    found = check(page() + b"\n%more", file="it", key=KEY)
    assert (found.true, found.signed) == (False, True)
    assert found.certificate == signed().certificate
    assert "what is printed may be false" in found.faults[0]


def test_a_page_has_one_seal_and_one_record() -> None:
    twice = page() + SEAL_PLACE.encode()
    assert not seal_holds(twice, KEY)
    one = b"1 0 obj\n<</Length %d/Type/EmbeddedFile>>\nstream\n" % len(signed().raw)
    with pytest.raises(Unreadable, match="two records"):
        record_within(page() + one + signed().raw)
    with pytest.raises(Unreadable, match="no record"):
        record_within(b"%PDF-1.7\n/EmbeddedFile /EmbeddedFile>>\nstream\n obj" + b" " * 600)


@pytest.mark.parametrize("raw", [b"", b"{}", b"%PDF-1.7\n%%EOF", b"\x00" * 100, b"a,b\n1,2\n"])
def test_what_is_no_certificate_is_refused(raw: bytes) -> None:
    assert checked(raw) is None


@each_language
def test_serial_numbers_are_in_latin_digits_and_kept_apart_in_every_language(code: str) -> None:
    said = contents(signed(), LANGUAGES[code])
    assert [row[1] for row in said["units"]["rows"]] == [
        "\u2066EX-1-41\u201380\u2069",
        "\u2066EX-1-1001\u20132200\u2069",
        "\u2066EX-1-9\u2069",
    ]


@pytest.mark.parametrize(
    ("code", "sum_said", "day"),
    [
        ("en", "1,241", "1 March 2025"),
        ("sl", "1.241", "1. marca 2025"),
        ("ne", "१,२४१ (\u20661241\u2069)", "२०८१ फागुन १७ (\u20662025-03-01\u2069)"),
        ("fa", "۱٬۲۴۱ (\u20661241\u2069)", "۱۱ اسفند ۱۴۰۳ (\u20662025-03-01\u2069)"),  # noqa: RUF001  digits
    ],
)
def test_figures_and_days_are_the_readers_with_the_latin_form_beside(
    code: str, sum_said: str, day: str
) -> None:
    said = contents(signed(), LANGUAGES[code])
    assert said["units"]["sum"][2] == sum_said
    assert sum_said in said["sentence"]
    assert day in said["sentence"]


def test_what_somebody_wrote_disturbs_nothing_around_it() -> None:
    assert name("a\u202eb\u2069c\x07\n\td") == "\u2068abc  d\u2069"
    assert name("می\u200cشود") == "\u2068می\u200cشود\u2069"
    assert name("W" * 61) == f"\u2068{'W' * 30}\u200b{'W' * 30}\u200bW\u2069"


@each_language
def test_a_letter_that_no_font_has_is_marked_and_the_record_has_it(code: str) -> None:
    who = Dedication(beneficiary='株式会社 #eval("1") $x$ 🌍 \u202e', purpose="*b* @a <b>")
    certificate = signed(taken(dedication=who, title="株"))
    said = contents(certificate, LANGUAGES[code])
    assert said["facts"][0]["values"] == ['\u2068���� #eval("1") $x$ � \u2069']
    assert any("�" in note for note in said["notes"])
    made = certificate_page(certificate, LANGUAGES[code], ISSUER)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert read_signed(record_within(made)) == certificate


def test_a_page_without_a_public_page_says_so() -> None:
    certificate = signed(address="")
    assert certificate.certificate.link == f"sha256:{certificate.certificate.digest}"
    said = contents(certificate, LANGUAGES["en"])
    assert said["check"]["facts"][2]["values"] == ["none"]


def test_the_code_on_the_page_leads_to_what_the_books_say_now_and_names_the_record() -> None:
    certificate = signed().certificate
    page_of_it = "https://registry.example/verify/example/17"
    said = f"issued=20250401T090000Z&sha256={certificate.digest}"
    assert certificate.link == f"{page_of_it}?{said}"


def test_a_long_list_of_numbers_goes_over_many_pages() -> None:
    blocks = tuple(Block("EX-1", 100 * each + 1, 100 * each + 40) for each in range(300))
    certificate = signed(taken(blocks=blocks))
    made = certificate_page(certificate, LANGUAGES["fa"], ISSUER)
    assert check(made, file="it", key=KEY).true


def _changed(raw: bytes, data: st.DataObject) -> bytes:
    """A file with a byte of it made another, put in, or taken out."""
    at = data.draw(st.integers(0, len(raw) - 1))
    how = data.draw(st.sampled_from(["other", "in", "out"]))
    byte = data.draw(st.integers(0, 255).filter(lambda each: each != raw[at]))
    if how == "out":
        return raw[:at] + raw[at + 1 :]
    kept = raw[at + 1 :] if how == "other" else raw[at:]
    changed = raw[:at] + bytes([byte]) + kept
    # Blanks around a record are not part of what is signed.
    return changed if changed.strip() != raw else raw[:-1]
