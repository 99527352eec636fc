"""A story: the registry's staff let a person in, appoint them by two, and stop them at once."""

import re

import pyotp

from porch import PASSWORD
from stage import Come, Stage

DESK = "/desk/example/people/"


def test_a_person_is_let_in_enrols_is_appointed_by_two_and_stopped_at_once(
    stage: Stage, come: Come
) -> None:
    counter = stage.settled()
    counter.someone("sara", administrator=True)
    sara, eva, steel = come().enter(counter, "sara"), come(), counter.bureau.number("steel")

    def act(what: str, **fields: str) -> None:
        sara.open(DESK + what).fill(**fields).press("Check your answers")
        sara.fill(code=counter.code("sara")).press("Sign")

    act("person", name="Eva Kos", email="eva@example.org")
    code = re.findall(r"Eva Kos.*?(usr_[0-9a-z]{26})", sara.text)[0]
    act("validate", person=code)
    act("enrol", person=code)
    act("code", person=code)
    told = sara.page.locator(".lead bdi.code").inner_text()
    assert "It is not shown again." in sara.text
    assert told not in sara.open("/desk/example").text

    eva.open("/enrol").fill(code=told).press("Go on")
    eva.fill(password=PASSWORD).press("Keep the password").press("Set up an app for codes")
    app = pyotp.TOTP(eva.page.locator("#main p bdi.code").first.inner_text())
    eva.fill(code=app.at(counter.porch.at)).press("Go on")
    eva.press("Finish, and see the recovery codes")
    assert eva.page.locator(".codes bdi").count() == 10

    act("appoint", account=steel, person=code, right="initiate")
    assert "It waits for a second person." in sara.text
    come().enter(counter, "soren").approve(counter, "soren", sara.path)

    counter.porch.later(seconds=30)
    eva.open("/sign-in").fill(login="eva@example.org", password=PASSWORD)
    eva.fill(code=app.at(counter.porch.at)).press("Sign in")
    eva.follow("Steel")
    assert "The year 2025, step by step" in eva.text

    act("suspend", person=code, reason="the bank asked")
    # The page is still open before her; whatever she does next is refused.
    eva.follow("Transfer")
    assert "Steel" not in eva.text
