"""A story: somebody enrols with a passkey, signs in by it and signs what they propose."""

from bureau import usr
from porch import MACHINE
from stage import Come, Stage
from tonne import signin


def test_a_passkey_is_enrolled_opens_the_door_and_signs(stage: Stage, come: Come) -> None:
    counter = stage.settled()
    ann = come()
    device = ann.context.new_cdp_session(ann.page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    made = signin.enrol(counter.porch.lodge, login="ann", name="Ann", code=usr("ann"), by=MACHINE)
    ann.open("/enrol").fill(code=made.code).press("Go on")
    ann.press("Make a passkey instead")
    ann.press("Finish, and see the recovery codes")
    assert ann.page.locator(".codes bdi").count() == 10

    ann.open("/sign-in").press("Use a passkey")
    assert ann.path == "/today"
    kiln = counter.bureau.number("kiln")
    ann.open(counter.my("steel", "trust")).fill(target=kiln).press("Check your answers")
    ann.press("Sign with a passkey")
    assert "It waits for a second person." in ann.text
    code = ann.path.rpartition("/")[2]
    assert counter.bureau.proposal(code).state == "awaiting_approval"
    assert any("act signed" in each for each in counter.porch.told())
