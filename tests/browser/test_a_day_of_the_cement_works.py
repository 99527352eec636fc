"""A story: the cement works buy what they lack and surrender it; a citizen checks that they did."""

from pathlib import Path

from stage import Come, Stage


def test_the_cement_works_buy_what_is_missing_surrender_and_a_citizen_checks_it(
    stage: Stage, come: Come, tmp_path: Path
) -> None:
    counter = stage.trading()
    land = counter.bureau.land
    land.emit("kiln", 57, on="2026-02-20")
    carl, dora = come().sign_in(counter, "carl"), come().enter(counter, "dora")
    assert "You must surrender 57 by 30 April 2026; you hold 51: 6 short." in carl.text
    # Five are offered at 20 and eight at 21, so six are to be had at 21.
    assert "On offer at EUR 21.00 or less: 6" in carl.text

    carl.follow("Buy what is missing")
    assert carl.page.locator("#count").input_value() == "6"
    carl.press("Check your answers")
    # 5 at 20 and 1 at 21.
    assert "6 trade at once, for EUR 121.00" in carl.text
    carl.fill(code="000000").press("Sign and propose")
    assert land.held("kiln") == 51
    carl.fill(code=counter.code("carl")).press("Sign and propose")
    assert land.held("kiln") == 57

    carl.open("/today").follow("Surrender")
    carl.press("Check your answers")
    assert "A second person must agree." in carl.text
    carl.fill(code=counter.code("carl")).press("Sign and propose")
    dora.open("/today").follow("Surrender 57 EXA-1")
    dora.fill(code=counter.code("dora")).press("Sign and approve")
    assert land.held("kiln") == 0

    carl.page.reload()
    carl.fill(form="pdf", **{"in": "sl"})
    with carl.page.expect_download() as coming:
        carl.page.get_by_role("button", name="Download the certificate").click()
    name = coming.value.suggested_filename
    assert name.startswith("certificate-")
    assert name.endswith("-sl.pdf")
    paper = tmp_path / name
    coming.value.save_as(paper)
    assert b"/Lang(sl)" in paper.read_bytes()

    citizen = come(locale="fa-IR").open("/verify")
    citizen.page.set_input_files("#file", paper)
    citizen.go_on()
    page = citizen.page
    assert page.locator("html").get_attribute("dir") == "rtl"
    # True; and who surrendered, 57 units, in Persian digits.
    assert page.locator("h1").inner_text().startswith("درست")
    said = page.locator(".said").inner_text()
    assert "Kiln" in said
    assert "۵۷" in said  # noqa: RUF001  57, as Persian writes it
    # What the kiln bought came from the first numbers of the steelworks.
    assert page.locator('#main a[href="/serials/EX-1-1"]').count() == 1
    land.stands()
