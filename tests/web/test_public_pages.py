"""The public pages: what they tell, what they keep to themselves, and how they say no."""

import csv
import io
import json
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from land import Land
from public_land import office
from tonne.web import Terms, pages
from tonne.web.visit import Kept

SCHEME = "/schemes/example"
YEAR = f"{SCHEME}/years/2025"
SERIAL = "/serials/EX-1-1030"


def body(text: str) -> str:
    """What stands on a page, without its tags."""
    main = text.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", "", main.partition(">")[2]).split())


def test_the_front_page_tells_the_last_year_of_each_scheme(visitor: TestClient) -> None:
    told = body(visitor.get("/").text)
    # 45 + 70 + 11,900 + 14,000 + 6,900 + 9,500, and one that reported nothing; 500 and 10 short.
    assert "For 2025, 7 operators answered for 42,415 tonnes." in told
    assert "2 surrendered too little: 510 units are missing." in told


def test_a_number_that_is_searched_leads_to_its_page(visitor: TestClient, seen: Land) -> None:
    steel = seen.accounts["steel"]
    wanted = {
        steel: f"/accounts/{steel}",
        steel.lower(): f"/accounts/{steel}",
        "EX-1-30": "/serials/EX-1-30",
        "ex-1-1,030": "/serials/EX-1-1030",
        "EX-1-۱۰۳۰": "/serials/EX-1-1030",
        "EX-1-1030\u20131040": "/serials/EX-1-1030",
        "": "/",
    }
    found = {text: visitor.get("/search", params={"q": text}) for text in wanted}
    assert {text: each.headers["location"] for text, each in found.items()} == wanted


def test_every_page_forbids_what_it_does_not_need(visitor: TestClient) -> None:
    for path in ("/", "/schemes/example", "/refusals", "/nowhere"):
        found = visitor.get(path).headers["permissions-policy"]
        for what in ("camera", "microphone", "geolocation", "payment"):
            assert f"{what}=()" in found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("sostanj", "Cementarna Šoštanj, d.o.o."),
        ("CEMENT šoš", "Cementarna Šoštanj, d.o.o."),
        ("हेटौँडा", "हेटौँडा सिमेन्ट उद्योग"),
        ("كارخانه", "کارخانهٔ سیمان تهران"),
        ("XE-1002", "کارخانهٔ سیمان تهران"),
        ("kil", "Kiln"),
    ],
)
def test_an_operator_is_found_by_the_words_of_its_name(
    visitor: TestClient, text: str, name: str
) -> None:
    found = visitor.get("/search.json", params={"q": text}).json()
    assert name in [row["name"] for row in found["rows"]]


def test_who_finds_nothing_is_told_what_can_be_found(visitor: TestClient) -> None:
    told = body(visitor.get("/search?q=nowhere").text)
    assert "Nothing public is called “nowhere”." in told
    assert "an account, by its whole number" in told


def test_persons_are_neither_found_nor_named(visitor: TestClient, seen: Land) -> None:
    assert visitor.get("/search.json?q=ana").json()["rows"] == []
    refused = visitor.get(f"/accounts/{seen.accounts['ana']}")
    assert refused.status_code == 404
    assert "9253" in refused.text
    assert "Ana" not in refused.text


def test_the_parts_of_a_cap_sum_to_it_in_print(visitor: TestClient) -> None:
    told = visitor.get(YEAR).text
    parts = re.findall(r'</th><td class="count">([\d,]+)</td>', told)
    *each, cap = [int(part.replace(",", "")) for part in parts]
    assert cap == 100_000
    assert sum(each) == cap
    # 60 + 50 + 12,480 + 15,000 + 7,000 + 9,000 + 400 given free; 300 sold; 81,000 issued.
    assert each == [43_990, 300, 81_000 - 43_990 - 300, 19_000]


def test_a_year_is_not_told_before_the_day_of_the_law(seen: Land) -> None:
    the_day_before = datetime(2026, 5, 14, 12, tzinfo=UTC)
    with TestClient(pages(office(seen, now=the_day_before))) as early:
        told = early.get(YEAR).text
        assert "Compliance with 2025 is not public." in body(told)
        assert "15 May 2026" in body(told)
        assert "9,500" not in told
        assert early.get(f"{YEAR}.csv").status_code == 404
        serial = body(early.get(SERIAL).text)
        assert "It is in use. Who holds it is not public." in serial
        assert "Surrendered" not in serial
        steel = body(early.get(f"/accounts/{seen.accounts['steel']}").text)
        assert "No year of it is public yet." in steel
        assert "not public yet" in steel


def test_the_table_of_a_year_is_put_in_order_and_narrowed_by_its_address(
    visitor: TestClient,
) -> None:
    short = visitor.get(f"{YEAR}.json?status=B&sort=missing").json()
    assert [row["missing"] for row in short["rows"]] == [500, 10]
    by_tonnes = visitor.get(f"{YEAR}.json?sort=verified").json()
    assert [row["verified"] for row in by_tonnes["rows"]][:2] == [14_000, 11_900]
    assert by_tonnes["rows"][-1]["verified"] is None
    assert visitor.get(f"{YEAR}?sort=luck").status_code == 400
    assert "9251" in visitor.get(f"{YEAR}?status=Q").text
    assert visitor.get(f"{YEAR}?page=0").status_code == 400


def test_the_sum_row_sums_what_is_shown(visitor: TestClient) -> None:
    told = visitor.get(f"{YEAR}?status=B").text
    sums = told.rpartition("<tfoot>")[2].partition("</tfoot>")[0]
    assert re.findall(r'class="count">([\d,]+)', sums) == ["9,570", "9,060", "510"]


def test_the_way_of_a_unit_is_told_without_those_who_held_it_in_between(
    visitor: TestClient,
) -> None:
    given = body(visitor.get(SERIAL).text)
    assert "surrendered it on 15 April 2026 for its emissions of 2025" in given
    assert "Given out free to Cementarna Šoštanj, d.o.o." in given
    # The kiln was given 61 to 110 and got 1 to 10 of the steelworks, and surrendered both.
    moved = body(visitor.get("/serials/EX-1-5").text)
    assert "Changed hands 1 time. Between whom is not public." in moved
    assert "Surrendered by Kiln for 2025" in moved
    # Ana was sold 11 to 15, and gave up three of them.
    held = body(visitor.get("/serials/EX-1-14").text)
    assert "It is in use. Who holds it is not public." in held
    unissued = body(visitor.get("/serials/EX-1-99000").text)
    assert "This number is not issued" in unissued
    rows = visitor.get("/serials/EX-1-5.json").json()["rows"]
    assert [(row["source"], row["target"]) for row in rows] == [
        ("Issuance", "Authority"),
        ("Authority", "Steel"),
        ("Kiln", "Surrendered"),
    ]


def test_a_unit_that_was_cancelled_says_for_whom(visitor: TestClient) -> None:
    (row,) = visitor.get(f"{SCHEME}/cancelled.json").json()["rows"]
    assert (row["count"], row["beneficiary"]) == (3, "Ana Novak")
    first = row["serials"].partition("\u2013")[0]
    told = body(visitor.get(f"/serials/{first}").text)
    assert "It was put out of use on 2 May 2026, for good." in told
    assert "For Ana Novak: a flight to Kathmandu" in told


def test_what_was_sold_at_auction_is_told_with_its_price(visitor: TestClient) -> None:
    told = body(visitor.get(f"{SCHEME}/auctions").text)
    assert "300 units were sold for EUR 25.00 each on 4 June 2025." in told


def test_no_name_becomes_a_part_of_the_page(visitor: TestClient) -> None:
    for address in ("/", YEAR, "/search?q=script", "/search?q=<script>alert(1)</script>"):
        told = visitor.get(address).text
        assert "<script>alert" not in told
    assert "&lt;script&gt;" in visitor.get(YEAR).text


def test_no_cell_becomes_a_formula(visitor: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(visitor.get(f"{YEAR}.csv").text)))
    names = [row["name"] for row in rows]
    assert '\'=HYPERLINK("http://elsewhere.example")' in names
    cells = [each for row in rows for each in row.values()]
    assert not [each for each in cells if re.match(r"[=+@\t\r]|-\D", each)]


def test_a_table_says_in_every_form_where_it_is_from_and_how_it_may_be_used(seen: Land) -> None:
    terms = {"example": Terms(publisher="Ministry", licence="Ours", address="https://l.example/")}
    with TestClient(pages(office(seen), terms=terms)) as visitor:
        told = visitor.get(f"{YEAR}.json")
        assert told.json()["licence"] == {"name": "Ours", "address": "https://l.example/"}
        assert told.json()["citation"].startswith("Ministry: Example Emissions Trading Scheme")
        assert told.headers["link"].startswith('<https://l.example/>; rel="license", ')
        rows = list(csv.DictReader(io.StringIO(visitor.get(f"{YEAR}.csv").text)))
        assert {row["licence"] for row in rows} == {"Ours"}
        assert all("as of 2026-11-22" in row["citation"] for row in rows)
        described = re.findall(r'<([^>]*)>; rel="describedby"', told.headers["link"])
        assert described == [f"{YEAR}.metadata.json"]
        said = visitor.get(described[0]).json()
        assert said == {
            **{name: each for name, each in told.json().items() if name != "rows"},
            "address": f"http://testserver{described[0]}",
            "citation": said["citation"], "columns": said["columns"],
        }  # fmt: skip
        assert said["citation"].startswith("Ministry: Example Emissions Trading Scheme")
        assert [each["key"] for each in said["columns"]] == told.json()["columns"]
        assert {"key", "heading", "kind", "total"} == said["columns"][0].keys()


def test_a_table_and_what_is_said_of_it_are_taken_along_in_one_file(visitor: TestClient) -> None:
    answer = visitor.get(f"{YEAR}.zip")
    assert answer.headers["content-type"] == "application/zip"
    name = re.findall(r'filename="(.*)\.zip"', answer.headers["content-disposition"])[0]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert packed.namelist() == [f"{name}.csv", f"{name}.metadata.json"]
        rows = list(csv.DictReader(io.StringIO(packed.read(f"{name}.csv").decode())))
        told = json.loads(packed.read(f"{name}.metadata.json"))
    assert len(rows) == told["count"] == 7
    assert [*rows[0]][:-2] == [each["key"] for each in told["columns"]]
    assert visitor.get("/serials/EX-1-5.zip").status_code == 200
    unit = visitor.get("/serials/EX-1-5.metadata.json").json()
    assert unit["title"] == visitor.get("/serials/EX-1-5.json").json()["title"]
    assert "rows" not in unit


def test_csv_and_json_tell_the_rows_of_the_page(visitor: TestClient) -> None:
    told = visitor.get(YEAR).text.partition("<tbody>\n    <tr>\n")[2]
    for row in visitor.get(f"{YEAR}.json").json()["rows"]:
        assert f"{row['missing']:,}" in told
    count = len(list(csv.reader(io.StringIO(visitor.get(f"{YEAR}.csv").text)))) - 1
    assert count == visitor.get(f"{YEAR}.json").json()["count"] == 7


def test_every_refusal_has_a_page_by_its_number(visitor: TestClient) -> None:
    every = visitor.get("/refusals.json").json()["rows"]
    assert {9020, 9250} <= {row["number"] for row in every}
    assert "dash, number" in body(visitor.get("/refusals/9020").text)
    assert "9252" in visitor.get("/refusals/1").text


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("/nowhere", 9250),
        ("/schemes/atlantis", 9004),
        ("/serials/EX-1", 9020),
        ("/serials/XX-9-1", 9020),
        ("/accounts/XE-120-77-0-1", 1002),
        (f"{SCHEME}/years/1999", 9251),
        (f"{SCHEME}/years/99999999999999999999", 9251),
        (f"{SCHEME}/cancelled?before=x", 9251),
    ],
)
def test_who_is_refused_is_told_the_number_at_the_top(
    visitor: TestClient, address: str, number: int
) -> None:
    told = visitor.get(address)
    assert told.status_code in {400, 404}
    assert f'<a class="sign" href="/refusals/{number}">' in told.text
    assert "What can be done:" in body(told.text)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.one_of(st.text(), st.from_regex(r"[A-Z]{2}-\d{1,25}(-\d{1,25}){0,3}")))
def test_whatever_is_searched_there_is_an_answer(visitor: TestClient, text: str) -> None:
    written = text.encode("utf-8", "replace").decode()
    for ending in ("", ".json", ".csv", ".metadata.json", ".zip"):
        assert visitor.get(f"/search{ending}", params={"q": written}).status_code in {200, 303}


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(min_size=1).filter(lambda text: text.strip("./") != ""))
def test_whatever_is_asked_of_a_page_there_is_an_answer(visitor: TestClient, text: str) -> None:
    from urllib.parse import quote  # noqa: PLC0415  for this alone

    written = quote(text.encode("utf-8", "replace"), safe="")
    for address in (f"/serials/{written}", f"/serials/{written}.zip", f"/refusals/{written}.csv",
                    f"/accounts/{written}", f"{YEAR}?sort={written}",
                    f"{YEAR}?page={written}", f"{SCHEME}/cancelled?before={written}",
                    f"/settings?back={written}"):  # fmt: skip
        assert visitor.get(address).status_code < 500


def test_sums_over_the_books_are_kept_for_a_moment(seen: Land) -> None:
    asked = 0
    real = office(seen)

    class Counting:
        def run(self, question: object, *, keep: bool = True) -> object:
            nonlocal asked
            asked += 1
            return real.store.run(question, keep=keep)  # type: ignore[arg-type]

    counting = type(real)(schemes=real.schemes, store=Counting(), now=real.now)  # type: ignore[arg-type]
    with TestClient(pages(counting, kept_for=timedelta(minutes=1))) as visitor:
        first = visitor.get("/").text
        assert visitor.get("/").text == first
    assert asked == 1


def test_while_one_visitor_has_a_sum_made_anew_no_other_waits() -> None:
    kept, now = Kept(timedelta(minutes=1)), datetime(2026, 11, 22, tzinfo=UTC)
    first = kept.get("cap", now, lambda: 1)
    later = now + timedelta(minutes=2)
    meanwhile: list[object] = []

    def made() -> int:
        # Another asks while this one is being worked out.
        with ThreadPoolExecutor(1) as another:
            asked = another.submit(kept.get, "cap", later, lambda: 3)
            meanwhile.append(asked.result(timeout=10))
        return 2

    assert kept.get("cap", later, made) == (later, 2)
    assert meanwhile == [first]
    assert kept.get("cap", later, lambda: 4) == (later, 2)


def test_a_mistake_of_ours_is_owned_up_to(seen: Land) -> None:
    class Broken:
        def run(self, *_: object, **__: object) -> object:
            raise RuntimeError("a secret of the house")

    real = office(seen)
    broken = type(real)(schemes=real.schemes, store=Broken(), now=real.now)  # type: ignore[arg-type]
    with TestClient(pages(broken), raise_server_exceptions=False) as visitor:
        told = visitor.get("/")
    assert told.status_code == 500
    assert "Something is wrong on our side." in told.text
    assert "secret" not in told.text


def test_json_is_read_by_any_program(visitor: TestClient) -> None:
    for address in (YEAR, SCHEME, SERIAL, f"{SCHEME}/cancelled", f"{SCHEME}/auctions"):
        told = visitor.get(f"{address}.json")
        assert json.loads(told.content)["rows"]
        assert told.headers["access-control-allow-origin"] == "*"
