"""Every screen that there is, one after another, as somebody sees it in a language."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from playwright.sync_api import FilePayload

from auction_hall import SALT, Hall
from bargains import Bargain
from bourse import CODE
from counter import Counter
from papers import ISSUER
from stage import Stage, Visitor
from tonne.documents import certify
from tonne.operations import proposals, taken_out

LOCALES: Mapping[str, str] = {"en": "en-GB", "ne": "ne-NP", "fa": "fa-IR", "sl": "sl-SI"}
"""What a browser asks for, by the language in which it is answered."""

PUBLIC: Mapping[str, str] = {
    "front": "/",
    "search": "/search?q=Cementarna",
    "scheme": "/schemes/example",
    "year": "/schemes/example/years/2025",
    "cancelled": "/schemes/example/cancelled",
    "auctions": "/schemes/example/auctions",
    "auction": "/schemes/example/auctions/A1",
    "serial": "/serials/EX-1-1030",
    "refusal": "/refusals/3005",
    "refusals": "/refusals",
    "about": "/about",
    "kept": "/kept",
    "settings": "/settings",
    "sign-in": "/sign-in",
    "enrol": "/enrol",
    "nowhere": "/nowhere",
}
"""What anybody sees, by the name of its picture."""

PICTURED = ("front", "year", "today", "instrument", "own-auction", "deal", "desk")
"""Of these a picture is kept in every language."""

LATE = datetime(2027, 4, 20, 11, tzinfo=UTC)

DARK = ("year", "instrument", "today", "wrong", "desk")
"""Of these the contrast is looked at in the dark theme as well."""


def every_screen(stage: Stage, visitor: Visitor) -> Iterator[str]:
    """The name of each screen, once the visitor is before it."""
    counter = stage.public()
    for name, path in PUBLIC.items():
        visitor.open(path)
        yield name
    visitor.open(f"/accounts/{counter.bureau.number('kiln')}")
    yield "operator"

    counter = stage.trading()
    counter.bureau.land.emit("kiln", 57, on="2026-02-20")
    yield from _at_the_market(counter, visitor)
    visitor.enter(counter, "carl")
    yield from _of_a_member(counter, visitor)
    yield from _of_a_trader(counter, visitor)
    yield from _of_the_staff(counter, visitor.enter(counter, "sara"))


def _at_the_market(counter: Counter, visitor: Visitor) -> Iterator[str]:
    visitor.open("/market")
    yield "market"
    visitor.open(f"/market/{CODE}")
    yield "instrument"
    land = counter.bureau.land
    land.emit("steel", 10, on="2026-02-20")
    land.surrender("steel", 10, on="2026-02-20")
    (*_, last) = land.run(lambda books: books.steps(account=land.number("steel")))
    taken = land.run(lambda books: taken_out(books, land.scheme, last.transaction))
    made = certify(taken, issuer="Registry", key=ISSUER, at=counter.bureau.now)
    file = FilePayload(name="it.json", mimeType="application/json", buffer=made.raw)
    visitor.open("/verify").page.set_input_files("#file", files=file)
    yield "verify"
    visitor.go_on()
    yield "verified"


def _of_a_member(counter: Counter, visitor: Visitor) -> Iterator[str]:
    bureau = counter.bureau
    trust = proposals.Trust(account=bureau.number("kiln"), target=bureau.number("steel"))
    made = bureau.propose(trust, by="dora")
    sale = proposals.PutOrder(
        account=bureau.number("kiln"), instrument=CODE, side="sell", count=3, price="24.00",
        lasts="day",
    )  # fmt: skip
    bureau.propose(sale, by="carl")
    report = proposals.Report(account=bureau.number("kiln"), year=2026, tonnes="9.5", source="A-1")
    bureau.propose(report, by="carl")
    own = {
        "today": "/today",
        "you": "/you",
        "account": counter.my("kiln"),
        "orders": counter.my("kiln", "orders"),
        "walk": counter.my("kiln", "2025"),
        "proposal": f"/proposals/example/{made.code}",
        "verifier": counter.my("kiln", "verifier"),
        "buy": counter.my("kiln", "buy"),
    }
    for name, path in own.items():
        visitor.open(path)
        yield name
    visitor.go_on()
    yield "check-buy"
    visitor.open(counter.my("kiln", "surrender")).go_on()
    yield "check"
    visitor.open(counter.my("kiln", "transfer")).fill(target="XE-1", count="99").go_on()
    yield "wrong"
    visitor.open("/you/factors")
    yield "confirm"
    visitor.fill(code=counter.code("carl")).go_on()
    yield "factors"


def _of_a_trader(counter: Counter, visitor: Visitor) -> Iterator[str]:
    """Bids, deals and money of the kiln, whose carl is before the visitor's browser."""
    bureau, number = counter.bureau, counter.bureau.number
    day, today = timedelta(days=1), bureau.now.date()
    hall = Hall(bureau.land)
    hall.create(on=f"{today - day}", opens=bureau.now, closes=bureau.now + day)
    bid = proposals.Bid(account=number("kiln"), auction="A1", count=20, price="25.50", salt=SALT)
    bureau.propose(bid, by="carl")
    back = proposals.AskWithdrawal(account=number("kiln"), amount="1234.50", currency="EUR")
    bureau.propose(back, by="carl")
    Bargain(bureau.land).propose("steel", buyer="kiln", seller="steel", count=5, on=f"{today}")
    visitor.open(counter.my("kiln", "auctions/A1"))
    yield "own-auction"
    visitor.open(counter.my("kiln", "bid?auction=A1"))
    yield "bid"
    visitor.open("/today")
    yield "today-deal"
    visitor.open(counter.my("kiln", "deals"))
    yield "deals"
    visitor.open(counter.my("kiln", "deals")).page.locator("tbody a").first.click()
    yield "deal"
    visitor.page.locator("#main a.button").click()
    yield "check-deal"
    visitor.open(counter.my("kiln", "deal"))
    yield "propose-deal"
    visitor.open(counter.my("kiln", "orders")).page.locator("tbody").first.locator("td a").click()
    yield "amend"
    visitor.open(counter.my("kiln", "money"))
    yield "money"
    visitor.open(counter.my("kiln", "withdraw"))
    yield "withdraw"


def _of_the_staff(counter: Counter, visitor: Visitor) -> Iterator[str]:
    # Reports of 2026 were due on 31 March 2027, and nobody made one.
    before, counter.bureau.now = counter.bureau.now, LATE
    visitor.open("/desk/example/late")
    yield "late"
    counter.bureau.now = before
    staff = {
        "reports": "/desk/example/reports?year=2026",
        "judge": counter.my("kiln", "verify?year=2026"),
        "control": "/control/example?check=now",
        "person": "/desk/example/people/person",
    }
    for name, path in staff.items():
        visitor.open(path)
        yield name
    visitor.fill(name="Eva Kos", email="eva@example.org").go_on()
    yield "check-person"
    visitor.open("/desk/example")
    yield "desk"
    visitor.fill(reason="units were stolen").go_on("stop")
    yield "freeze"
