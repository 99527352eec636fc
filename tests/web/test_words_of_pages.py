"""What stands on pages in Nepali and Persian is said in their letters, but for names and codes."""

import html
import re
import unicodedata
from datetime import UTC, date, datetime

import pytest
from starlette.testclient import TestClient

from counter import Browser, Counter
from land import Land
from papers import signed
from test_refusals_told import WORD, entries
from tonne.operations import load_scheme, scheme_folder
from tonne.refusal import spoken
from tonne.rulebook import NotInForce
from tonne.store import MemoryStore

AS_WRITTEN = {
    "Tonne", "Slovenščina", "English",
    "Example", "Emissions", "Trading", "Scheme", "Act",
    "Kiln", "Steel", "Cementarna", "Šoštanj", "d", "o", "Ann", "Bob", "Carl", "Dora", "Sara",
    "Soren", "soren", "s", "Olga", "Ana", "Novak", "Søren", "Kathmandu", "a", "flight", "to",
    "carl", "sara", "example", "org", "testclient",
}  # fmt: skip
"""An act that is cited, and what people and languages are called."""

PUBLIC = (
    "/", "/schemes/example", "/schemes/example/cancelled", "/schemes/example/auctions",
    "/serials/EX-1-1030", "/serials/EX-1-30", "/refusals/3005", "/settings", "/sign-in", "/market",
    "/verify", "/about",
)  # fmt: skip
STAFF = (
    "/desk/example", "/desk/example/late", "/control/example?check=now",
    "/desk/example/people/suspend", "/desk/example/people/appoint",
    "/desk/example/reports?year=2025",
)  # fmt: skip
MEMBERS = ("", "orders", "2025", "transfer", "surrender", "cancel", "report", "trust")

in_other_letters = pytest.mark.parametrize("code", ["ne", "fa"])


def foreign(page: str) -> set[str]:
    """The words in Latin letters that a reader finds on a page where none should be.

    What stands in capitals is a code: of a unit, a currency, a form of a file.
    """
    for apart in (
        r"<(script|style|head)\b.*?</\1>",
        r"<!--.*?-->",
        r'<bdi dir="ltr" class="code">.*?</bdi>',
        r'<(\w+)[^>]* lang="(?:en|sl)"[^>]*>.*?</\1>',
        r"\u2068[^\u2069]*\u2069",
    ):
        page = re.sub(apart, " ", page, flags=re.DOTALL)
    labels = re.findall(r'(?:aria-label|placeholder|alt)="([^"]*)"', page)
    text = html.unescape(" ".join([re.sub(r'<(?:"[^"]*"|[^>"])*>', " ", page), *labels]))
    words = re.findall(r"[^\W\d_]+", text)
    latin = {each for each in words if unicodedata.name(each[0]).startswith("LATIN")}
    return {each for each in latin - AS_WRITTEN if not each.isupper()}


@pytest.fixture(scope="module")
def counter() -> Counter:
    made = Counter.of(MemoryStore())
    made.bureau.now = datetime(2026, 4, 20, 11, tzinfo=UTC)
    made.bureau.land.emit("steel", 10)
    return made


@in_other_letters
def test_public_pages_are_said_in_the_letters_of_their_language(
    code: str, visitor: TestClient, seen: Land
) -> None:
    government = [seen.accounts[name] for name in ("issuance", "authority", "cancelled")]
    for path in (*PUBLIC, *(f"/accounts/{each}" for each in government)):
        answer = visitor.get(path, headers={"accept-language": code})
        assert (path, foreign(answer.text)) == (path, set())


@in_other_letters
def test_the_rooms_of_members_and_staff_are_said_so_too(code: str, counter: Counter) -> None:
    rooms = {"carl": [counter.my("kiln", each) for each in MEMBERS] + ["/today", "/you"],
             "sara": ["/today", *STAFF]}  # fmt: skip
    for name, paths in rooms.items():
        browser = counter.browser(name)
        for path in paths:
            answer = browser.client.get(path, headers={"accept-language": code})
            assert answer.status_code == 200, path
            assert (path, foreign(answer.text)) == (path, set())


@in_other_letters
def test_why_a_certificate_is_false_is_said_so_too(code: str, counter: Counter) -> None:
    browser = Browser(counter.app)
    record = signed().raw
    for raw, what in (
        (record.replace(b"Ana Novak", b"Eva Novak"), "signature"),
        (record[:-10], "record"),
    ):
        page = browser.bring("/verify", raw, lang=code)
        assert (what, foreign(page) - {"Eva"}) == (what, set())
        assert f'<li lang="{code}"' in page
        assert '<li lang="en"' not in page


def test_kinds_of_account_stand_in_the_control_room_as_the_reader_calls_them(
    counter: Counter,
) -> None:
    # Example Act: the kinds of account are the issuance, the authority, operators and others.
    sara = counter.browser("sara")
    path = "/control/example?check=now"
    shown = sara.client.get(path, headers={"accept-language": "sl"}).text
    assert "<bdi>Upravljavec</bdi>" in shown
    assert "<bdi>Operator</bdi>" not in shown
    assert "<bdi>Operator</bdi>" in sara.get(path)


@pytest.mark.parametrize("name", ["example", "eu_ets", "kyoto_cp1"])
@in_other_letters
def test_what_the_laws_here_call_accounts_units_and_transactions_has_words(
    name: str, code: str
) -> None:
    scheme = load_scheme(scheme_folder(name))
    days = (date(2006, 7, 1), date(2009, 7, 1), date(2012, 7, 1), date(2026, 7, 1))
    called: set[str] = set()
    for day in days:
        try:
            rules = scheme.on(day)
        except NotInForce:
            continue
        called |= {word for each in rules.kinds.values() for word in (each.code, each.name)}
        called |= {
            word for each in rules.types.values() for word in (each.type.verb, each.type.name)
        }
        called |= {each.name for each in rules.units.values()}
    words = {str(each.id) for each in entries(code) if each.context == WORD}
    assert called
    assert {spoken(each) for each in called} - words == set()
