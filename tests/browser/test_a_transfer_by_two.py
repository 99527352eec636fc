"""A story: two representatives trust an account, wait until the law lets them, and transfer."""

from stage import Come, Stage


def test_two_representatives_trust_an_account_wait_and_transfer(stage: Stage, come: Come) -> None:
    counter = stage.settled()
    land, kiln = counter.bureau.land, counter.bureau.number("kiln")
    ann, bob = come().enter(counter, "ann"), come().enter(counter, "bob")

    ann.open(counter.my("steel", "transfer"))
    ann.fill(target=kiln, unit="EXA-1", count="25").press("Check your answers")
    assert "2507" in ann.text
    assert ann.page.locator("#target").get_attribute("aria-invalid") == "true"

    ann.propose(counter, "ann", "steel", "trust", target=kiln, description="our kiln")
    assert "It waits for a second person." in ann.text
    assert ann.page.get_by_role("button", name="Sign and approve").count() == 0
    bob.open("/today").follow("Put Kiln")
    bob.fill(code=counter.code("bob")).press("Sign and approve")
    assert "It is done." in bob.text
    # Agreed on a Monday at 11; the Act lets an account be trusted 2,880 minutes later.
    ann.open(counter.my("steel"))
    assert "from 4 March 2026, 11:00" in ann.text
    counter.bureau.wait(days=1, hours=23)
    ann.open(counter.my("steel", "transfer"))
    ann.fill(target=kiln, unit="EXA-1", count="25").press("Check your answers")
    assert "2507" in ann.text

    counter.bureau.wait(hours=1)
    address = ann.propose(
        counter, "ann", "steel", "transfer", target=kiln, unit="EXA-1", count="25"
    )
    ann.open(counter.my("steel"))
    assert "free: 35" in ann.text
    assert land.held("kiln") == 50
    bob.open("/today")
    assert "Waiting for you: 1." in bob.text
    bob.approve(counter, "bob", address)
    assert "It is done." in bob.text
    assert (land.held("steel"), land.held("kiln")) == (35, 75)
    land.stands()
