"""An allocation table at the desk: refused with every fault, then signed and agreed to."""

import base64
import hashlib
import html
import io
import re
import zipfile

import pytest

from bureau import usr
from counter import OURS, Browser, Counter
from tonne.operations import proposals
from tonne.store import MemoryStore

PAGE = "/desk/example/allocate"
HEADINGS = "operator_id,year,count\n"
LEFT = ["2026", "82,300", "0", "70", "82,230", "0", "5,000"]
"""Example Act: of the cap of 97,000 in 2026 nine tenths, less the reserve of 5,000, is 82,300."""


def opened(counter: Counter) -> Counter:
    """With two officers of the authority, who has 90 units of 2026 to give."""
    bureau = counter.bureau
    for name in ("olga", "oto"):
        bureau.enrol(name)
        bureau.agreed(proposals.TakePosition(person=usr(name), position="authority"))
    bureau.land.issue(90, year=2026, on="2026-01-02")
    return counter


@pytest.fixture
def counter() -> Counter:
    return opened(Counter.of(MemoryStore()))


@pytest.fixture
def olga(counter: Counter) -> Browser:
    return counter.browser("olga")


def bring(
    browser: Browser, text: str | bytes, *, name: str = "t.csv", status: int = 200, **more: str
) -> Browser:
    """Bring a table, as a browser sends files."""
    if not browser.hidden("key"):
        browser.get(PAGE)
    raw = text.encode() if isinstance(text, str) else text
    sent = {"form_token": browser.hidden("form_token"), "key": browser.hidden("key")}
    answer = browser.client.post(
        PAGE,
        data=sent | {"step": "check", "unit": "EXA-1"} | more,
        files={"file": (name, raw)},
        headers={"accept-language": "en"} | OURS,
    )
    browser.page, browser.answer = answer.text, answer
    assert answer.status_code == status, answer.text
    return browser


def faults(browser: Browser) -> list[tuple[str, str, str]]:
    """Row, column and number of each fault that is told."""
    found = []
    for line in re.findall(r"<tr><th scope=\"row\".*?</tr>", browser.page, re.DOTALL):
        row, column, number = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL)[:3]
        bare = [html.unescape(re.sub(r"<[^>]+>|[\u2066-\u2069]", "", e)) for e in (row, column)]
        found.append((*bare, re.findall(r"/refusals/(\d+)", number)[0]))
    return found


def given(browser: Browser) -> list[str]:
    """The first line of what a table gives, year by year."""
    (line,) = re.findall(r"<tr><th scope=\"row\" class=\"year\">.*?</tr>", browser.page)
    return [each for each in re.split(r"(?:<[^>]+>|[\u2066-\u2069])+", line) if each]


def sign(counter: Counter, browser: Browser, name: str, *, status: int = 303, **more: str) -> None:
    """Sign the table that is shown."""
    fields = {"table": browser.hidden("table"), "unit": "EXA-1"} | more
    browser.post(PAGE, status=status, step="sign", code=counter.code(name), **fields)


def held(counter: Counter, account: str) -> int:
    number = counter.bureau.number(account)
    return counter.bureau.land.run(lambda books: books.holdings(number).get("EXA-1", 0))


def test_every_fault_of_every_row_is_told_and_nothing_is_written(
    counter: Counter, olga: Browser
) -> None:
    size = counter.bureau.land.size()
    bring(olga, HEADINGS + "STEEL,2026,12.5\n,26,7\nKILN,2026,many\n", status=400)
    assert faults(olga) == [
        ("2", "count", "4452"), ("3", "operator_id", "4452"), ("3", "year", "4452"),
        ("4", "count", "4452"),
    ]  # fmt: skip
    assert "Nothing was written" in olga.text
    assert "Faults: 4." in olga.text
    assert counter.bureau.land.size() == size


def test_what_the_law_has_against_a_row_is_told_by_its_row_in_the_file(olga: Browser) -> None:
    # The second line of the file is empty, so the rows stand in lines 3 to 6.
    rows = "\nSTEEL,2026,10\nCASTLE,2026,5\nSTEEL,2026,3\nKILN,2025,1\n"
    bring(olga, HEADINGS + rows, status=400)
    # CASTLE is no operator, STEEL is there twice, KILN was given its units of 2025.
    assert sorted(faults(olga)) == [
        ("4", "operator_id", "4013"), ("5", "operator_id", "4011"), ("6", "operator_id", "4018"),
    ]  # fmt: skip
    assert "Row 4: there is no operator CASTLE." in olga.text


def test_no_more_than_a_hundred_faults_are_shown_and_all_are_counted(olga: Browser) -> None:
    bring(olga, HEADINGS + "STEEL,2026,x\n" * 130, status=400)
    assert len(faults(olga)) == 100
    assert "Faults: 130. The first 100 are shown." in olga.text


def test_a_year_without_law_is_told_on_the_form(olga: Browser) -> None:
    bring(olga, HEADINGS + "STEEL,2001,10\n", status=400)
    assert [number for _, _, number in faults(olga)] == ["200"]


def test_no_year_is_nought(olga: Browser) -> None:
    bring(olga, HEADINGS + "STEEL,0000,10\n", status=400)
    assert faults(olga) == [("2", "year", "4452")]


def bomb() -> bytes:
    """A small archive that unpacks to more than is read."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(201):
            part.write(b" " * 1_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "raw", "number"),
    [
        ("t.csv", b"", "9271"),
        ("t.exe", b"MZ", "5902"),
        ("t.csv", b"operator_id,year,count\n\xff\xfe,2026,1\n", "5903"),
        ("t.csv", HEADINGS.encode() + b"STEEL,2026,1", "5905"),
        ("t.xlsx", b"PK\x03\x04 no archive", "5904"),
        ("t.xlsx", bomb(), "5901"),
        ("t.csv", HEADINGS.encode() + b"STEEL,2026,1\n" * 20_001, "5901"),
        ("t.csv", b"x" * (4 * 1024 * 1024 + 1), "9270"),
        ("<script>.csv", b"a,b\n1,2\n", "4451"),
    ],
    ids=["none", "kind", "bytes", "cut", "broken", "bomb", "rows", "long", "columns"],
)
def test_a_hostile_file_is_refused_whole(
    counter: Counter, olga: Browser, name: str, raw: bytes, number: str
) -> None:
    size = counter.bureau.land.size()
    olga.get(PAGE)
    bring(olga, raw, name=name, status=400)
    assert f"/refusals/{number}" in olga.page
    assert "<script>" not in olga.page
    assert counter.bureau.land.size() == size
    olga.get(PAGE)


def test_a_unit_that_is_given_to_nobody_is_refused(olga: Browser) -> None:
    bring(olga, HEADINGS + "STEEL,2026,1\n", status=400, unit="EUR")
    assert [number for _, _, number in faults(olga)] == ["3006"]


def test_nobody_but_who_may_propose_it_sees_the_form(counter: Counter) -> None:
    ann, sara = counter.browser("ann"), counter.browser("sara")
    ann.get(PAGE, status=403)
    sara.get(PAGE, status=403)
    sara.get("/desk/example")
    assert PAGE not in sara.page


def test_the_right_table_is_checked_signed_and_agreed_to_by_another(
    counter: Counter, olga: Browser
) -> None:
    before = {name: held(counter, name) for name in ("steel", "kiln")}
    bring(olga, HEADINGS + "STEEL,2026,40\nKILN,2026,30\n")
    said = "Give 70 EXA-1 of 2026 free, by an allocation table, to 2 operators."
    assert said in olga.text
    assert given(olga) == LEFT
    sign(counter, olga, "olga")
    address = str(olga.answer.headers["location"])
    olga.follow()
    assert "It waits for a second person." in olga.text
    assert "Approve" not in olga.text
    assert held(counter, "steel") == before["steel"]
    oto = counter.browser("oto")
    oto.get("/desk/example")
    assert said in oto.text
    oto.get(address)
    assert said in oto.text
    assert given(oto) == LEFT
    page = oto.page
    raw = oto.get(f"{address}/table").encode()
    assert raw.decode() == (
        "operator_id,year,count,received,closed_on\nSTEEL,2026,40,,\nKILN,2026,30,,\n"
    )
    assert hashlib.sha256(raw).hexdigest() in page
    assert oto.answer.headers["content-disposition"].startswith("attachment")
    oto.page = page
    oto.post(address, status=303, step="sign", code=counter.code("oto"))
    assert held(counter, "steel") - before["steel"] == 40
    assert held(counter, "kiln") - before["kiln"] == 30
    ann = counter.browser("ann")
    ann.get(f"{address}/table", status=404)
    # Brought once more, it gives nobody anything twice.
    olga.get(PAGE)
    bring(olga, HEADINGS + "STEEL,2026,40\n", status=400)
    assert faults(olga) == [("2", "operator_id", "4018")]


def test_what_is_signed_is_the_table_that_was_shown(counter: Counter, olga: Browser) -> None:
    size = counter.bureau.land.size()
    olga.get(PAGE)
    bring(olga, HEADINGS + "CASTLE,2027,4\n", status=400)
    olga.get(PAGE)
    bring(olga, HEADINGS + "STEEL,2027,4\n")
    other = base64.urlsafe_b64encode(f"{HEADINGS}STEEL,2027,5\n".encode()).decode()
    sign(counter, olga, "olga", status=400, table=other)
    assert "9256" in olga.text
    olga.get(PAGE)
    bring(olga, HEADINGS + "STEEL,2027,4\n")
    sign(counter, olga, "olga", status=400, table="%%%")
    assert counter.bureau.land.size() == size


def test_the_desk_leads_who_may_to_the_form(olga: Browser) -> None:
    olga.get("/desk/example")
    assert f'href="{PAGE}"' in olga.page
