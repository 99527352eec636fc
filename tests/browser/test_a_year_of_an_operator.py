"""A story: an operator reports, a verifier is satisfied, and two colleagues surrender."""

from stage import Come, Stage


def test_an_operator_reports_sees_what_is_owed_and_surrenders_it_with_a_colleague(
    stage: Stage, come: Come
) -> None:
    counter = stage.settled()
    land = counter.bureau.land
    counter.bureau.verifier("vera")
    counter.bureau.verified_by("vera", "steel", ("ann", "bob"))
    ann, bob = come().sign_in(counter, "ann"), come().enter(counter, "bob")
    vera = come().enter(counter, "vera")
    ann.open(counter.my("steel", "2025")).follow("Report emissions")
    ann.fill(tonnes="45.4", source="AER-1").press("Check your answers")
    ann.fill(code=counter.code("ann")).press("Sign and propose")
    vera.open("/today").follow("Reports that wait for a verifier").follow("XE-120-7-0-95")
    vera.press("Check your answers").fill(code=counter.code("vera")).press("Sign and propose")
    assert "It is done." in vera.text
    ann.open("/today")
    assert "You must surrender 45 by 30 April 2026; you hold 60." in ann.text

    ann.follow("Surrender")
    assert ann.page.locator("#count").input_value() == "45"
    assert ann.page.locator("#year").input_value() == "2025"
    ann.press("Check your answers")
    assert "A second person must agree." in ann.text
    ann.fill(code=counter.code("ann")).press("Sign and propose")

    bob.open("/today").follow("Surrender 45 EXA-1")
    bob.fill(code=counter.code("bob")).press("Sign and approve")
    assert "It is done." in bob.text
    ann.open("/today")
    assert "Nothing waits for you today." in ann.text
    ann.follow("Steel")
    assert "For 2025 nothing is owed: 45 tonnes, 45 units surrendered." in ann.text
    assert land.held("steel") == 15
    land.stands()
