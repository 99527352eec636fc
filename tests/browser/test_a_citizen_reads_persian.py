"""A story: a citizen looks for an operator in Persian, and traces a unit to its end."""

from stage import Come, Stage


def test_a_citizen_finds_an_operator_in_persian_and_traces_a_unit(stage: Stage, come: Come) -> None:
    counter = stage.public()
    reader = come(locale="fa-IR")
    page = reader.open("/").page
    assert page.locator("html").get_attribute("dir") == "rtl"
    # The answer comes while one writes, and the page stays.
    page.locator("#q").press_sequentially("سیمان")
    found = page.locator("#answer").get_by_role("link", name="کارخانهٔ سیمان تهران")
    found.wait_for()
    with page.expect_navigation():
        found.click()
    assert "کارخانهٔ سیمان تهران" in page.locator("h1").inner_text()
    # 6,900 tonnes in Persian digits; the group is marked as Persian marks it.
    assert "۶٬۹۰۰" in reader.text

    ((first, _), *_) = counter.bureau.land.blocks("steel")
    reader.open("/").page.locator("#q").fill(f"EX-1-{first}")
    reader.page.locator("#q").press("Enter")
    reader.page.wait_for_url("**/serials/**")
    # It was issued, and given to the steelworks; both are public at once.
    assert reader.page.locator("ol.life li").count() >= 2
    codes = reader.page.locator("#main bdi.code").all()
    assert codes
    assert {each.get_attribute("dir") for each in codes} == {"ltr"}
