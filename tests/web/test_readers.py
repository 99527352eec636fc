"""Readers: their language, digits and calendars, their colours; and what pages never do to them."""

import re
from datetime import UTC, date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import nodes
from starlette.testclient import TestClient

import tonne
from tonne.languages import LANGUAGES
from tonne.quantity import Currency, Money
from tonne.web.reader import Reader
from tonne.web.visit import environment

WEB = Path(tonne.__file__).parent / "web"
ADDRESSES = [
    "/", "/search?q=cement", "/search?q=nowhere", "/schemes/example",
    "/schemes/example/years/2025", "/schemes/example/years/2026", "/schemes/example/cancelled",
    "/schemes/example/auctions", "/market", "/market/EXA-SPOT",
    "/serials/EX-1-1030", "/serials/EX-1-5", "/serials/EX-1-14",
    "/serials/EX-1-99000", "/refusals/9020", "/about", "/kept", "/settings",
]  # fmt: skip
REFUSED = ["/nowhere", "/serials/none", "/schemes/example/years/2025?sort=luck"]
CODES = {"number", "serial", "series", "first", "last", "since", "transaction", "entry", "asset",
         "reference", "fingerprint"}  # fmt: skip
"""What stands in a template under these names is a code, a number or a law's own words."""

each_language = pytest.mark.parametrize("code", LANGUAGES)


def reader(code: str, cookie: str = "") -> Reader:
    return Reader.of(asked=code, cookie=cookie, header="", zone=UTC)


@each_language
@pytest.mark.parametrize("address", [*ADDRESSES, *REFUSED])
def test_every_page_is_there_in_every_language(
    visitor: TestClient, code: str, address: str
) -> None:
    sign = "&" if "?" in address else "?"
    told = visitor.get(f"{address}{sign}lang={code}")
    assert (told.status_code == 200) == (address not in REFUSED)
    direction = LANGUAGES[code].direction
    assert f'<html lang="{code}" dir="{direction}">' in told.text
    assert told.headers["content-language"] == code
    assert f'hreflang="{code}" aria-current="true"' in told.text
    visitor.cookies.clear()


@each_language
@pytest.mark.parametrize("address", [*ADDRESSES, *REFUSED])
def test_no_page_loads_anything_from_elsewhere(
    visitor: TestClient, code: str, address: str
) -> None:
    sign = "&" if "?" in address else "?"
    told = visitor.get(f"{address}{sign}lang={code}")
    visitor.cookies.clear()
    assert not re.search(r'(src|href|action)="(https?:)?//', told.text)
    assert " style=" not in told.text
    assert not re.search(r"<script(?! src=\"/static/)", told.text)
    policy = told.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert told.headers["x-content-type-options"] == "nosniff"
    assert told.headers["referrer-policy"] == "same-origin"


def test_styles_and_script_name_no_other_host() -> None:
    style = (WEB / "static" / "tonne.css").read_text("utf-8")
    assert not re.search(r"https?:|//[a-z]|@import", style)
    for name in re.findall(r"url\(([^)]+)\)", style):
        assert (WEB / "static" / name).is_file()


def test_styles_know_no_left_and_no_right() -> None:
    style = (WEB / "static" / "tonne.css").read_text("utf-8")
    assert not re.search(r"(margin|padding|border)-(left|right|top|bottom)|text-align:(left|right)"
                         r"|[{;](left|right|width|height):", style)  # fmt: skip


def test_the_first_page_is_small(visitor: TestClient) -> None:
    assert (WEB / "static" / "tonne.css").stat().st_size < 20_000
    told = visitor.get("/", headers={"accept-encoding": "identity"})
    files = set(re.findall(r'(?:src|href)="/static/([^"?]+)', told.text))
    # Whoever reads English loads its letters in two weights, and the names of other languages.
    fonts = [
        "fonts/noto-sans-latin-400.woff2", "fonts/noto-sans-latin-600.woff2",
        "fonts/noto-sans-latin-ext-400.woff2", "fonts/name-nepali.woff2",
        "fonts/name-persian.woff2",
    ]  # fmt: skip
    every = sum((WEB / "static" / name).stat().st_size for name in (*files, *fonts))
    assert "htmx-4.0.1.min.js" in files
    assert len(told.content) + every < 150_000


@pytest.mark.parametrize(
    ("asked", "cookie", "header", "code"),
    [
        ("sl", "lang:fa", "ne", "sl"),
        ("xx", "lang:fa", "ne", "fa"),
        (None, "", "ne;q=0.5, fa;q=0.9", "fa"),
        (None, "lang:../../etc", "", "en"),
        (None, "nonsense", "de, fr", "en"),
    ],
)
def test_the_address_counts_before_the_cookie_and_that_before_the_browser(
    asked: str | None, cookie: str, header: str, code: str
) -> None:
    assert Reader.of(asked=asked, cookie=cookie, header=header, zone=UTC).language.code == code


@pytest.mark.parametrize(
    ("code", "count", "day", "share"),
    [
        ("en", "1,234,567", "28 February 2005", "12.5\u202f%"),
        ("sl", "1.234.567", "28. februarja 2005", "12,5\u202f%"),
        ("ne", "१२,३४,५६७", "२०६१ फागुन १७", "१२.५\u202f%"),
        ("fa", "۱٬۲۳۴٬۵۶۷", "۱۰ اسفند ۱۳۸۳", "۱۲٫۵\u202f٪"),
    ],
)
def test_numbers_and_days_stand_as_the_language_writes_them(
    code: str, count: str, day: str, share: str
) -> None:
    # 28 February 2005 is 17 Falgun 2061 in Kathmandu, and 10 Esfand 1383 in Tehran.
    who = reader(code)
    assert who.count(1_234_567) == count
    assert who.day(date(2005, 2, 28)) == day
    assert who.share(1, 8) == share


def test_digits_and_calendar_are_the_readers_choice() -> None:
    who = reader("fa", "digits:latn_calendar:gregorian")
    assert who.count(1_234_567) == "1,234,567"
    assert who.day(date(2005, 2, 28)) == "28 فوریه 2005"
    assert who.year(2025) == "2025"
    assert reader("fa").year(2025) == "۲۰۲۵ میلادی"
    assert reader("en", "digits:deva_calendar:bikram-sambat").day(date(2005, 2, 28)) == (
        "१७ Falgun २०६१"
    )


def test_where_a_calendar_does_not_reach_the_day_is_gregorian() -> None:
    assert reader("ne").day(date(2100, 1, 31)) == "२१०० जनवरी ३१"


def test_choices_are_kept_and_the_page_stays(visitor: TestClient) -> None:
    sent = {"lang": "fa", "digits": "latn", "calendar": "gregorian", "theme": "dark",
            "back": "/search?q=a&lang=en"}  # fmt: skip
    visitor.post("/settings", data={"lang": "fa"})
    answer = visitor.post("/settings", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, "/search?q=a")
    kept = answer.headers["set-cookie"]
    assert "HttpOnly" in kept
    assert "SameSite=lax" in kept
    told = visitor.get("/schemes/example").text
    visitor.cookies.clear()
    assert '<html lang="fa" dir="rtl" data-theme="dark">' in told
    assert "42,415" in told


def test_a_new_language_brings_its_own_digits(visitor: TestClient) -> None:
    visitor.post("/settings", data={"lang": "ne", "digits": "latn", "calendar": "gregorian"})
    told = visitor.get("/schemes/example").text
    visitor.cookies.clear()
    assert "४२,४१५" in told


@pytest.mark.parametrize(
    "back",
    ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "/\r\nx: y"],
)
def test_nobody_is_sent_elsewhere(visitor: TestClient, back: str) -> None:
    answer = visitor.post("/settings", data={"theme": "dark", "back": back})
    visitor.cookies.clear()
    assert answer.headers["location"] == "/"


def test_another_site_cannot_choose_for_a_reader(visitor: TestClient) -> None:
    answer = visitor.post(
        "/settings", data={"lang": "fa"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("length", ["20000", "00000000000020000", "-1", "many", ""])
def test_a_form_is_short(visitor: TestClient, length: str) -> None:
    assert visitor.post("/settings", data={"lang": "f" * 20_000}).status_code == 413
    headers = {"content-length": length, "content-type": "application/x-www-form-urlencoded"}
    answer = visitor.post("/settings", content=b"lang=fa&" + b"f" * 20_000, headers=headers)
    assert answer.status_code == 413


def test_the_language_links_keep_the_page_and_its_question(visitor: TestClient) -> None:
    told = visitor.get("/schemes/example/years/2025?status=B&lang=en").text
    visitor.cookies.clear()
    assert 'href="/schemes/example/years/2025?status=B&amp;lang=sl"' in told


class Bare(HTMLParser):
    """Finds ranges and ISO days that stand in a page without being isolated."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        isolated = tag in {"time", "title", "script"} or dict(attrs).get("dir") == "ltr"
        if tag not in {"meta", "link", "input", "img", "path", "line", "rect", "circle"}:
            self.open.append("isolated" if isolated else tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and tag not in {"path", "line", "rect", "circle"}:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if "isolated" not in self.open:
            apart = re.sub("[\u2066-\u2068][^\u2069]*\u2069", "", data)
            self.found += re.findall(r"[A-Z\d]+[-–][\dA-Z][-–\dA-Z]*", apart)


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_code_stands_bare_in_a_page_that_reads_from_the_right(
    visitor: TestClient, address: str
) -> None:
    sign = "&" if "?" in address else "?"
    bare = Bare()
    bare.feed(visitor.get(f"{address}{sign}lang=fa").text)
    visitor.cookies.clear()
    assert bare.found == []


@pytest.mark.parametrize("path", sorted((WEB / "templates").glob("*.html")), ids=lambda p: p.name)
def test_templates_write_codes_and_numbers_through_their_filters(path: Path) -> None:
    tree = environment().parse(path.read_text("utf-8"))
    bare = [
        f"line {each.lineno}: {each.attr}"
        for output in tree.find_all(nodes.Output)
        for each in output.nodes
        if isinstance(each, nodes.Getattr) and each.attr in CODES
        and not _in_attribute(path, each.lineno)
    ]  # fmt: skip
    assert bare == []


def _in_attribute(path: Path, line: int) -> bool:
    """Whether a code stands in an address, a drawing or a title, where it can be all there is."""
    text = path.read_text("utf-8").splitlines()[line - 1]
    return "block title" in text or bool(
        re.search(r'(href|action|id|labelledby|[xy][12]?|d)="[^"]*\{\{', text)
    )


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "EUR\u202f1,234,567.80"),
        ("sl", "EUR\u202f1.234.567,80"),
        ("ne", "EUR\u202f१२,३४,५६७.८०"),
        ("fa", "EUR\u202f۱٬۲۳۴٬۵۶۷٫۸۰"),
    ],
)
def test_money_is_told_to_the_cent_and_not_in_cents(code: str, said: str) -> None:
    assert reader(code).money(Money(123_456_780, Currency("EUR"))) == said


def test_what_is_kept_about_people_is_told_where_they_sign_in_and_choose() -> None:
    for page in ("sign-in.html", "settings.html"):
        assert 'href="/kept"' in (WEB / "templates" / page).read_text("utf-8")
    told = (WEB / "templates/kept.html").read_text("utf-8")
    assert told.count("<dt>") == told.count("<dd>") == 8
