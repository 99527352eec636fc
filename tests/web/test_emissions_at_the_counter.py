"""Emissions at the pages: reported by the operator's people, then judged by a verifier."""

from typing import Any

import pytest

from bureau import usr
from counter import Counter
from tonne.operations import proposals
from tonne.store import MemoryStore

FORM: Any = {"year": "2025", "tonnes": "45.4", "source": "AER-1"}


@pytest.fixture
def counter() -> Counter:
    """On 2 March 2026; reports of 2025 are due on the 31st."""
    return Counter.of(MemoryStore())


@pytest.fixture(scope="module")
def quiet() -> Counter:
    """The same, where nothing more is kept: the kiln has a figure of 2025, and reported 2026."""
    made = Counter.of(MemoryStore())
    made.bureau.verifier("vera")
    made.bureau.verified_by("vera", "kiln", ("carl", "dora"))
    made.bureau.land.emit("kiln", 45, on="2026-03-02")
    kiln = made.bureau.number("kiln")
    made.bureau.propose(proposals.Report(account=kiln, year=2026, tonnes="9.5"), by="carl")
    return made


def test_the_year_offers_a_report_until_there_is_one(counter: Counter) -> None:
    ann, path = counter.browser("ann"), counter.my("steel", "2025")
    ann.get(path)
    link = f'<a class="button" href="{counter.my("steel", "report")}?year=2025">'
    assert link in ann.page
    assert ann.page.count('class="button"') == 1
    counter.propose("ann", ann, "steel", "report", **FORM)
    ann.follow()
    assert "Report 45.4 t for Steel (XE-120-7-0-95) in 2025; reference: AER-1." in ann.text
    assert "It is done." in ann.text
    ann.get(path)
    assert link not in ann.page
    assert "Reported: 45 t; they count once they are verified." in ann.text
    counter.bureau.land.emit("steel", 45, on="2026-03-02")
    ann.get(path)
    assert "You must surrender 45 by 30 April 2026" in ann.text
    assert "report?year" not in ann.page


def test_a_form_for_a_report_knows_the_year_and_says_before_that_nobody_else_is_asked(
    quiet: Counter,
) -> None:
    ann, path = quiet.browser("ann"), quiet.my("steel", "report")
    ann.get(path)
    assert ann.value("year") == "2025"
    before = quiet.bureau.land.size()
    ann.post(path, step="check", **FORM)
    assert "No second person is asked." in ann.text
    assert quiet.bureau.land.size() == before
    ann.post(path, status=400, step="sign", code="000000", **FORM)
    assert quiet.bureau.land.size() == before


def test_tonnes_are_read_in_the_digits_of_every_language_and_no_guess_is_made(
    quiet: Counter,
) -> None:
    ann, path = quiet.browser("ann"), quiet.my("steel", "report")
    ann.get(path)
    for tonnes, heard in (("۴۵٫۴", "45.4"), ("४५,४", "45.4"), ("12345.678", "12345.678")):
        ann.post(path, step="check", **FORM | {"tonnes": tonnes})
        assert f"Report {heard} t" in ann.text
    for tonnes in ("1,234", "1.234", "1,234.5", "1 234", "", "-1", "4e3"):
        ann.post(path, status=400, step="check", **FORM | {"tonnes": tonnes})
        assert 'id="tonnes-fault-1"' in ann.page, tonnes
        assert ann.text.count("9254") == 2


def test_what_is_against_a_report_stands_at_its_field(quiet: Counter) -> None:
    ann, path = quiet.browser("ann"), quiet.my("steel", "report")
    ann.get(path)
    ann.post(path, status=400, step="check", **FORM | {"year": "2027"})
    assert 'id="year-fault-1"' in ann.page
    carl, path = quiet.browser("carl"), quiet.my("kiln", "report")
    carl.get(path)
    carl.post(path, status=400, step="check", **FORM)
    assert "9175" in carl.text


def test_a_year_that_no_calendar_has_is_told_at_its_field_and_never_proposed(
    quiet: Counter,
) -> None:
    ann, before = quiet.browser("ann"), quiet.bureau.land.size()
    for verb, fields in (("report", FORM), ("surrender", {"unit": "EXA-1", "count": "1"})):
        path = quiet.my("steel", verb)
        ann.get(path)
        for step in ("check", "sign"):
            for year in ("10000", "999999999999999", "1989", "0", "x"):
                more = fields | {"year": year, "code": "000000"}
                ann.post(path, status=400, step=step, **more)
                assert 'id="year-fault-1"' in ann.page
                assert ann.text.count("9254") == 2
    assert quiet.bureau.land.size() == before


def test_nobody_reports_for_others_by_a_guessed_number(quiet: Counter) -> None:
    carl = quiet.browser("carl")
    carl.get(quiet.my("steel", "report"), status=403)
    assert "Steel" not in carl.text


def test_a_verifier_judges_what_waits_and_the_operator_owes_what_was_verified(
    counter: Counter,
) -> None:
    counter.bureau.verifier("vera")
    counter.bureau.verified_by("vera", "steel", ("ann", "bob"))
    ann, vera = counter.browser("ann"), counter.browser("vera")
    counter.propose("ann", ann, "steel", "report", **FORM)
    vera.get("/desk/example", status=403)
    vera.get(counter.my("steel", "2025"), status=403)
    vera.get("/today")
    assert 'href="/desk/example/reports"' in vera.page
    vera.get("/desk/example/reports")
    assert "Reports of 2025 that wait for a verifier: 1." in vera.text
    path = counter.my("steel", "verify")
    assert f'href="{path}?year=2025"' in vera.page
    vera.get(f"{path}?year=2025")
    assert "Reported: 45.4 t; reference: AER-1." in vera.text
    word = FORM | {"judgement": "not_verified", "statement": "VR-7"}
    vera.post(path, status=400, step="check", **word)
    assert 'id="comment-fault-1"' in vera.page
    assert vera.text.count("5021") == 2
    why = "a meter was not sealed; " * 40
    vera.post(path, step="check", **word, comment=why)
    assert why.strip() in vera.text
    word |= {"judgement": "verified"}
    vera.post(path, step="check", **word)
    assert "45.4 t for Steel (XE-120-7-0-95) in 2025, reference AER-1" in vera.text
    assert "the verifier says: satisfied; own report: VR-7" in vera.text
    assert "No second person is asked." in vera.text
    vera.post(path, status=303, step="sign", code=counter.code("vera"), **word)
    vera.get("/desk/example/reports")
    assert "No report of this year waits for a verifier." in vera.text
    ann.get(counter.my("steel", "2025"))
    assert "You must surrender 45 by 30 April 2026; you hold 60." in ann.text
    assert "Vera: satisfied" in ann.text
    assert ann.page.count('class="button"') == 1


def test_who_reported_once_does_not_verify_through_a_page(counter: Counter) -> None:
    ann = counter.browser("ann")
    counter.propose("ann", ann, "steel", "report", **FORM)
    bureau, steel = counter.bureau, counter.bureau.number("steel")
    path = counter.my("steel", "verify")
    word = FORM | {"judgement": "verified"}
    ann.get(f"{path}?year=2025")
    ann.post(path, status=400, step="check", **word)
    assert "1204" in ann.text
    bureau.agreed(proposals.Remove(account=steel, person=usr("bob"), reason="left"))
    bureau.agreed(proposals.TakePosition(person=usr("bob"), position="verifier"))
    bob = counter.browser("bob")
    bob.get(f"{path}?year=2025", status=403)
    assert "9127" in bob.text
    bob.post(path, status=403, step="check", **word)
    form = {"person": usr("bob"), "first_year": "2025", "last_year": "2026"}
    ann.post(counter.my("steel", "verifier"), status=400, step="check", **form)
    assert "9176" in ann.text
    assert bureau.land.run(lambda b: list(b.figures("example", [2025], account=steel))) == []


def test_reports_of_others_are_seen_by_no_member_and_taken_along_by_a_verifier(
    quiet: Counter,
) -> None:
    ann, vera = quiet.browser("ann"), quiet.browser("vera")
    for ending in ("", ".csv"):
        ann.get(f"/desk/example/reports{ending}", status=403)
    ann.get(quiet.my("kiln", "verify"), status=403)
    vera.get("/desk/example/reports.csv?year=2026")
    assert quiet.bureau.number("kiln") in vera.page
    vera.get("/desk/example/reports?year=1999", status=400)
    assert "9251" in vera.text


def test_a_report_made_anew_meanwhile_is_not_verified_unseen(counter: Counter) -> None:
    counter.bureau.verifier("vera")
    counter.bureau.verified_by("vera", "steel", ("ann", "bob"))
    ann, vera = counter.browser("ann"), counter.browser("vera")
    counter.propose("ann", ann, "steel", "report", **FORM)
    path, word = counter.my("steel", "verify"), FORM | {"judgement": "verified"}
    vera.get(f"{path}?year=2025")
    vera.post(path, step="check", **word)
    counter.propose("ann", ann, "steel", "report", **FORM | {"tonnes": "40"})
    vera.post(path, status=400, step="sign", code=counter.code("vera"), **word)
    assert "9178" in vera.text
    steel = counter.bureau.number("steel")
    run = counter.bureau.land.run
    assert run(lambda books: list(books.figures("example", [2025], account=steel))) == []


def test_a_report_of_programs_is_judged_on_a_page_whatever_its_digits_and_its_reference(
    counter: Counter,
) -> None:
    """Forms end lines otherwise, and trim what is sent; so little is 1E-18 to programs."""
    counter.bureau.verifier("vera")
    counter.bureau.verified_by("vera", "steel", ("ann", "bob"))
    steel, source = counter.bureau.number("steel"), f" AER\n1  {'x' * 300}"
    tiny = "0.000000000000000001"
    wish = proposals.Report(account=steel, year=2025, tonnes=tiny, source=source)
    counter.bureau.propose(wish, by="ann")
    vera, path = counter.browser("vera"), counter.my("steel", "verify")
    vera.get("/desk/example/reports")
    assert tiny in vera.page
    vera.get(f"{path}?year=2025")
    assert vera.hidden("tonnes") == tiny
    sent = vera.hidden("source").replace("\n", "\r\n")
    word: Any = {"year": "2025", "tonnes": tiny, "source": sent, "judgement": "verified"}
    vera.post(path, step="check", **word)
    vera.post(path, status=303, step="sign", code=counter.code("vera"), **word)
    run = counter.bureau.land.run
    (found,) = run(lambda books: list(books.figures("example", [2025], account=steel)))
    assert found[1].tonnes == 0


def test_two_representatives_appoint_and_dismiss_a_verifier_through_pages(
    counter: Counter,
) -> None:
    bureau = counter.bureau
    bureau.verifier("vera")
    ann, vera, path = counter.browser("ann"), counter.browser("vera"), counter.my("steel")
    ann.get(path)
    assert "Nobody sees or judges your reports but the registry" in ann.text
    form = {"person": usr("vera"), "first_year": "2025", "last_year": "2026"}
    made = counter.propose("ann", ann, "steel", "verifier", **form)
    ann.get(made)
    assert f"Let {usr('vera')} see and judge the reports of Steel" in ann.text
    vera.get(counter.my("steel", "verify?year=2025"), status=403)
    bureau.decide(made.rpartition("/")[2], "approve", by="bob")
    vera.get(counter.my("steel", "verify?year=2025"))
    assert "Steel" in vera.text
    ann.get(path)
    assert "Vera 2025–2026" in ann.text
    bureau.wait(seconds=30)
    counter.porch.later(seconds=60)
    gone = counter.propose("ann", ann, "steel", "dismiss", person=usr("vera"), reason="a new one")
    bureau.decide(gone.rpartition("/")[2], "approve", by="bob")
    vera.get(counter.my("steel", "verify?year=2025"), status=403)
