"""A story without scripts: one searches, chooses, signs in, proposes and approves all the same."""

from stage import Come, Stage


def test_everything_is_done_without_scripts(stage: Stage, come: Come) -> None:
    counter = stage.settled()
    ann = come(java_script_enabled=False)
    ann.open("/").fill(q="Kiln").press("Search")
    assert ann.path == "/search"
    assert counter.bureau.number("kiln") in ann.text
    with ann.page.expect_navigation():
        ann.page.get_by_role("button", name="Dark").click()
    assert ann.page.locator("html").get_attribute("data-theme") == "dark"

    ann.sign_in(counter, "ann")
    assert ann.page.get_by_role("button", name="Use a passkey").count() == 0
    address = ann.propose(counter, "ann", "steel", "cancel", unit="EXA-1", count="5")
    with ann.page.expect_navigation():
        ann.page.get_by_role("button", name="Sign out").click()
    bob = ann.sign_in(counter, "bob")
    bob.approve(counter, "bob", address)
    assert "It is done." in bob.text
    assert counter.bureau.land.held("steel") == 55
