"""A story: a session and codes are stolen, and nothing is moved all the same."""

from stage import Come, Stage


def test_a_stolen_session_moves_nothing_without_a_factor_of_its_owner(
    stage: Stage, come: Come
) -> None:
    counter = stage.settled()
    ann, thief = come().sign_in(counter, "ann"), come()
    thief.context.add_cookies(ann.context.cookies())  # type: ignore[arg-type]  # as they were told
    kiln = counter.bureau.number("kiln")
    thief.open(counter.my("steel", "trust")).fill(target=kiln).press("Check your answers")
    for _ in range(5):
        thief.fill(code="000000").press("Sign and propose")
    # Five wrong codes end the session, for the thief and for Ann alike.
    assert thief.path == "/sign-in"
    assert ann.open("/today").path == "/sign-in"
    ann.sign_in(counter, "ann")
    assert "What you propose stands here" in ann.text


def test_with_stolen_codes_an_account_is_still_not_trusted_at_once_and_is_frozen_in_time(
    stage: Stage, come: Come
) -> None:
    counter = stage.settled()
    land, theirs = counter.bureau.land, counter.bureau.number("kiln")
    thief, other = come().enter(counter, "ann"), come().enter(counter, "bob")
    address = thief.propose(counter, "ann", "steel", "trust", target=theirs)
    other.approve(counter, "bob", address)
    # Agreed on a Monday at 11; the Act lets an account be trusted 2,880 minutes later.
    thief.open(counter.my("steel"))
    assert "from 4 March 2026, 11:00" in thief.text
    send = {"target": theirs, "unit": "EXA-1", "count": "60"}
    thief.open(counter.my("steel", "transfer")).fill(**send).press("Check your answers")
    assert "2507" in thief.text

    sara = (
        come()
        .enter(counter, "sara")
        .open("/today")
        .follow("Desk: Example Emissions Trading Scheme")
    )
    sara.fill(account=counter.bureau.number("steel"), reason="Ann did not propose this")
    sara.press("Freeze").fill(code=counter.code("sara")).press("Sign and freeze")

    counter.bureau.wait(days=3)
    thief.open(counter.my("steel", "transfer")).fill(**send).press("Check your answers")
    assert "2507" not in thief.text
    assert thief.page.get_by_role("alert").count() == 1
    assert thief.page.get_by_role("button", name="Sign and propose").count() == 0
    assert (land.held("steel"), land.held("kiln")) == (60, 50)
    land.stands()
