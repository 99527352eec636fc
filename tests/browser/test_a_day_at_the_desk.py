"""A story: an administrator sees what waits, and stops the scheme with a reason and a code."""

from stage import Come, Stage


def test_an_administrator_sees_what_waits_and_stops_the_scheme(stage: Stage, come: Come) -> None:
    counter = stage.settled()
    ann, sara = come().enter(counter, "ann"), come().enter(counter, "sara")
    ann.propose(counter, "ann", "steel", "cancel", unit="EXA-1", count="5", beneficiary="Bled")
    ann.open("/desk/example")
    assert "1225" in ann.text

    sara.open("/today").follow("Desk: Example Emissions Trading Scheme")
    assert "Waiting for a decision: 1." in sara.text
    assert "Cancel 5 EXA-1" in sara.text
    sara.fill(reason="units were stolen").press("Freeze")
    assert "It takes two people to let it go on." in sara.text
    sara.fill(code=counter.code("sara")).press("Sign and freeze")
    assert "The scheme is frozen." in sara.text

    ann.open(counter.my("steel", "cancel"))
    ann.fill(unit="EXA-1", count="1").press("Check your answers")
    assert ann.page.get_by_role("button", name="Sign and propose").count() == 0
    assert counter.bureau.land.held("steel") == 60
