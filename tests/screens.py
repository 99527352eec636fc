"""Every screen that there is, one after another, as somebody sees it in a language."""

from collections.abc import Iterator, Mapping

from stage import Stage, Visitor
from tonne.operations import proposals

LOCALES: Mapping[str, str] = {"en": "en-GB", "ne": "ne-NP", "fa": "fa-IR", "sl": "sl-SI"}
"""What a browser asks for, by the language in which it is answered."""

PUBLIC: Mapping[str, str] = {
    "front": "/",
    "search": "/search?q=Cementarna",
    "scheme": "/schemes/example",
    "year": "/schemes/example/years/2025",
    "cancelled": "/schemes/example/cancelled",
    "auctions": "/schemes/example/auctions",
    "serial": "/serials/EX-1-1030",
    "refusal": "/refusals/3005",
    "refusals": "/refusals",
    "about": "/about",
    "settings": "/settings",
    "sign-in": "/sign-in",
    "enrol": "/enrol",
    "nowhere": "/nowhere",
}
"""What anybody sees, by the name of its picture."""

PICTURED = ("front", "year", "serial", "sign-in", "today", "account", "wrong", "desk")
"""Of these a picture is kept in every language."""


def every_screen(stage: Stage, visitor: Visitor) -> Iterator[str]:
    """The name of each screen, once the visitor is before it."""
    counter = stage.public()
    for name, path in PUBLIC.items():
        visitor.open(path)
        yield name
    visitor.open(f"/accounts/{counter.bureau.number('kiln')}")
    yield "operator"

    counter = stage.settled()
    bureau = counter.bureau
    bureau.land.emit("steel", 62, on="2026-02-20")
    trust = proposals.Trust(account=bureau.number("steel"), target=bureau.number("kiln"))
    made = bureau.propose(trust, by="bob")
    visitor.enter(counter, "ann")
    own = {
        "today": "/today",
        "you": "/you",
        "account": counter.my("steel"),
        "proposal": f"/proposals/example/{made.code}",
        "surrender": counter.my("steel", "surrender"),
    }
    for name, path in own.items():
        visitor.open(path)
        yield name
    _go_on(visitor)
    yield "check"
    _go_on(visitor.open(counter.my("steel", "transfer")).fill(target="XE-1", count="99"))
    yield "wrong"
    visitor.enter(counter, "sara").open("/desk/example")
    yield "desk"
    _go_on(visitor.fill(reason="units were stolen"), "stop")
    yield "freeze"


def _go_on(visitor: Visitor, button: str = "act") -> None:
    """Press the one button that the page is for, whatever it says."""
    with visitor.page.expect_navigation():
        visitor.page.locator(f"#main button.{button}").click()
