"""Certificates as people take them along, and as anybody checks them without signing in."""

import zlib
from urllib.parse import urlsplit

import pytest

from counter import Browser, Counter
from papers import STRANGER
from tonne import documents
from tonne.documents import LANGUAGES
from tonne.operations import Office, taken_out
from tonne.store import MemoryStore
from tonne.web import pages


@pytest.fixture(scope="module")
def counter() -> Counter:
    """The steelworks have surrendered 10 units for 2025; and nobody changes that."""
    made = Counter.of(MemoryStore())
    land = made.bureau.land
    land.emit("steel", 10)
    land.surrender("steel", 10)
    return made


@pytest.fixture(scope="module")
def ann(counter: Counter) -> Browser:
    return counter.browser("ann")


@pytest.fixture(scope="module")
def number(counter: Counter) -> int:
    steps = counter.bureau.land.run(
        lambda books: books.steps(account=counter.bureau.number("steel"))
    )
    return steps[-1].transaction


def download(counter: Counter, browser: Browser, number: int, asked: str) -> bytes:
    """A certificate, as the browser keeps it."""
    browser.get(counter.my("steel", f"certificates/{number}?{asked}"))
    return bytes(browser.answer.content)


def checked(counter: Counter, raw: bytes, *, status: int = 200, lang: str = "en") -> Browser:
    """What a stranger is told of a file."""
    stranger = Browser(counter.app)
    stranger.bring("/verify", raw, status=status, lang=lang)
    return stranger


@pytest.fixture(scope="module")
def raw(counter: Counter, ann: Browser, number: int) -> bytes:
    return download(counter, ann, number, "form=json")


def test_a_page_downloaded_in_slovenian_is_found_true_in_persian(
    counter: Counter, ann: Browser, number: int
) -> None:
    ann.get(counter.my("steel"))
    assert f"/certificates/{number}" in ann.page
    page = download(counter, ann, number, "in=sl")
    said = ann.answer.headers
    assert (said["content-type"], said["cache-control"]) == ("application/pdf", "no-store")
    assert f'filename="certificate-{number}-sl.pdf"' in said["content-disposition"]
    assert page.startswith(b"%PDF-")
    told = checked(counter, page, lang="fa")
    assert '<html lang="fa" dir="rtl"' in told.page
    assert told.page.count("<h1>") == 1
    assert "درست" in told.text
    assert '<a href="/serials/EX-1-1">' in told.page
    sentence = documents.certificate_sentence(
        documents.read_signed(documents.record_within(page)).certificate, LANGUAGES["fa"]
    )
    assert sentence in told.page


def test_a_record_says_by_whom_and_for_which_year_units_were_surrendered(raw: bytes) -> None:
    found = documents.read_signed(raw).certificate.taken
    assert found.duty is not None
    assert (found.how, found.count, found.duty.operator, found.duty.year) == (
        "surrendered", 10, "Steel", 2025,
    )  # fmt: skip


def test_what_is_changed_in_a_file_is_seen(counter: Counter, raw: bytes) -> None:
    assert "True: this registry issued it" in checked(counter, raw).text
    forged = checked(counter, raw.replace(b'"count":"10"', b'"count":"90"')).text
    assert "nobody vouches for what this file says" in forged
    assert "90" not in forged.partition("nobody vouches")[2].partition("This registry signs")[0]


def test_a_page_with_another_picture_of_itself_is_not_believed(
    counter: Counter, ann: Browser, number: int
) -> None:
    page = download(counter, ann, number, "in=en")
    told = checked(counter, page + b"\n% more").text
    assert "the page was changed" in told


def test_what_a_stranger_signs_is_not_ours_and_the_books_are_not_asked_for_it(
    counter: Counter, number: int
) -> None:
    land = counter.bureau.land
    taken = land.run(lambda books: taken_out(books, land.scheme, number))
    theirs = documents.certify(
        taken,
        issuer="Registry",
        key=STRANGER,
        at=counter.bureau.now,
    )
    told = checked(counter, theirs.raw)
    assert "was not issued by this registry" in told.text
    assert str(STRANGER.public()) in told.page
    assert "/serials/" not in told.page


@pytest.mark.parametrize(
    ("file", "number"),
    [(b"", 9271), (b"GIF89a", 9300), (b"x" * (4 * 2**20 + 1), 9270)],
)
def test_what_is_no_certificate_is_refused_with_its_number(
    counter: Counter, file: bytes, number: int
) -> None:
    assert str(number) in checked(counter, file, status=400).text


def test_a_page_that_would_unpack_to_very_much_is_not_unpacked(counter: Counter) -> None:
    stream = zlib.compress(b"0" * (15 * 2**20))
    one = (
        b"1 0 obj << /Type /EmbeddedFile /Filter /FlateDecode /Length %d >> stream\n%s endstream\n"
    )
    file = b"%PDF-1.7\ntonne seal 1 \n" + one % (len(stream), stream) * 3
    assert "too much is attached" in checked(counter, file).text


def test_a_link_says_whether_the_books_still_say_the_same(
    counter: Counter, raw: bytes, number: int
) -> None:
    link = urlsplit(documents.read_signed(raw).certificate.link)
    assert link.path == f"/verify/example/{number}"
    stranger = Browser(counter.app)
    stranger.get(f"{link.path}?{link.query}")
    assert "True: the books say today what the certificate of this link says." in stranger.text
    assert "Steel surrendered 10 units" in stranger.text


def test_a_surrender_that_is_not_public_is_told_to_those_alone_who_hold_its_certificate(
    counter: Counter, raw: bytes, number: int
) -> None:
    link = urlsplit(documents.read_signed(raw).certificate.link)
    stranger = Browser(counter.app)
    for query in ("", f"?{link.query[:-1]}", f"?{link.query}0", "?issued=never&sha256="):
        stranger.get(f"{link.path}{query}", status=404)
        assert "9253" in stranger.text
        assert "Steel" not in stranger.text
    for other in (number + 1, 2**62, 2**63, 10**98, 1):
        stranger.get(f"/verify/example/{other}", status=404)
        assert "9253" in stranger.text
    for address in ("/verify/example", "/schemes/example/years"):
        stranger.get(f"{address}/{'9' * 5000}", status=404)
        assert "9250" in stranger.text


def test_a_certificate_and_a_statement_are_handed_to_those_who_act_on_the_account(
    counter: Counter, ann: Browser, number: int
) -> None:
    carl = counter.browser("carl")
    for paper in (f"certificates/{number}", "statement"):
        assert carl.client.get(counter.my("steel", paper)).status_code == 403
    own = counter.my("kiln", f"certificates/{number}")
    carl.get(own, status=404)
    assert "9090" in carl.text
    ann.get(counter.my("steel", "certificates/1"), status=404)
    assert "9090" in ann.text


def test_a_statement_is_taken_along_in_three_forms(counter: Counter, ann: Browser) -> None:
    for form, begin in (("pdf", b"%PDF-"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        ann.get(counter.my("steel", f"statement?form={form}&in=sl"))
        assert ann.answer.content.startswith(begin)
        assert ann.answer.headers["content-disposition"].endswith(f'-sl.{form}"')
    ann.get(counter.my("steel", "statement?form=exe"), status=400)
    assert "9251" in ann.text


def test_where_there_is_no_key_nothing_is_ours(counter: Counter, raw: bytes) -> None:
    land = counter.bureau.land
    office = Office(
        schemes={land.scheme.name: land.scheme}, store=land.store, now=lambda: counter.bureau.now
    )
    keyless = Browser(pages(office))
    keyless.bring("/verify", raw)
    assert "was not issued by this registry" in keyless.text
