"""A stage: the pages served for real on this machine, and people before real browsers."""

import asyncio
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bourse import CODE
from bureau import Bureau
from changed import replace
from counter import Counter
from land import Land
from papers import ISSUER
from porch import MACHINE, PASSWORD, Porch
from public_land import public_land
from purse import Purse
from tonne import signin
from tonne.operations import Office, proposals
from tonne.signin import Site, Trip, Unheard
from tonne.store import MemorySigninStore, MemoryStore
from tonne.web import Certifier, pages

HOSTS = ("localhost", "127.0.0.1")
LATER = datetime(2026, 11, 23, 11, tzinfo=UTC)
"""A working day on which the first year of the land is public."""

LATE_MS = 20_000
"""So long a page is waited for on a machine that is busy."""

_ANSWERED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
_UNSEEN = re.compile("[\u2066-\u2069\u200e\u200f]")


class Silent:
    """Another house that lets its own people in, and is only named here: nobody reaches it."""

    def address(self, trip: Trip) -> str:
        """Where a browser would be sent."""
        raise Unheard(trip.issuer)

    def told(self, trip: Trip, *, code: str, secret: str) -> tuple[str, dict[str, Any]]:
        """What it would say of somebody."""
        del code, secret
        raise Unheard(trip.issuer)


@dataclass
class Stage:
    """One address of this machine, at which one world after another is served."""

    port: int
    app: ASGIApp | None = None

    @property
    def origin(self) -> str:
        """Where people see the pages; passkeys need a name."""
        return f"http://{HOSTS[0]}:{self.port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Whatever is played now answers."""
        assert self.app is not None, "a world is played before somebody looks"
        await self.app(scope, receive, send)

    def play(self, counter: Counter) -> Counter:
        """From now on this world is served."""
        self.app = counter.app
        return counter

    def settled(self) -> Counter:
        """The settled bureau on a Monday in March, served."""
        return self.play(self._counter(Bureau(Land(MemoryStore()).settle())))

    def public(self) -> Counter:
        """The land in which much was made public, with a bureau, served."""
        return self.play(self._counter(Bureau(public_land(MemoryStore()), now=LATER)))

    def trading(self) -> Counter:
        """The settled bureau with a market, served.

        The kiln bought 1 unit of the steelworks, which still offers 5 at 20.00 and 8 at 21.00.
        """
        counter = self.settled()
        bureau = counter.bureau
        terms: Any = {"instrument": CODE, "lasts": "good_till_cancel"}
        Purse(bureau.land).bring("kiln", "200000.00")
        steel, kiln = bureau.number("steel"), bureau.number("kiln")
        for count, price in ((6, "20.00"), (8, "21.00")):
            wish = proposals.PutOrder(account=steel, side="sell", count=count, price=price, **terms)
            # Nothing was traded yet, so nobody knows what a sale is worth: a second must agree.
            bureau.decide(bureau.propose(wish, by="ann").code, "approve", by="bob")
        one = proposals.PutOrder(account=kiln, side="buy", count=1, price="20.00", **terms)
        bureau.propose(one, by="carl")
        return counter

    def _counter(self, bureau: Bureau) -> Counter:
        bureau.settle()
        site = Site(rp_id=HOSTS[0], name="Tonne", origins=(self.origin,))
        porch = Porch(MemorySigninStore(), site=site)
        porch.lodge = replace(porch.lodge, abroad=Silent())
        signin.add_provider(
            porch.lodge, name="State Door", issuer="https://door.example", client="tonne",
            secret="a secret between houses", by=MACHINE,  # noqa: S106  nobody's
        )  # fmt: skip
        certifier = Certifier(key=ISSUER, address=self.origin)
        scheme = bureau.land.scheme
        office = Office(
            schemes={scheme.name: scheme}, store=bureau.land.store, now=lambda: bureau.now
        )
        return Counter(
            bureau=bureau, porch=porch, app=pages(office, lodge=porch.lodge, certifier=certifier)
        )


@contextmanager
def a_stage() -> Iterator[Stage]:
    """A stage at a free port, with the server that ``tonne serve`` uses."""
    with socket.create_server((HOSTS[1], 0)) as ear:
        stage = Stage(ear.getsockname()[1])
        settings = uvicorn.Config(
            stage, log_config=None, access_log=False, lifespan="off", ws="none",
            timeout_graceful_shutdown=1,
        )  # fmt: skip
        server = uvicorn.Server(settings)
        # In a thread of its own it leaves the signals alone.
        serving = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[ear])))
        serving.start()
        try:
            yield stage
        finally:
            server.should_exit = True
            serving.join()


@dataclass
class Visitor:
    """Somebody before a browser of their own, in which everything is heard that goes wrong."""

    stage: Stage
    context: BrowserContext
    page: Page = field(init=False)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(LATE_MS)
        self.context.on("request", lambda each: self._left(each.url))
        self.context.on("console", self._said)
        self.context.on("weberror", lambda each: self.faults.append(str(each.error)))
        self.context.on("response", self._answered)
        self.page = self.context.new_page()

    def open(self, path: str) -> "Visitor":
        """Go to an address of ours."""
        self.page.goto(self.stage.origin + path)
        return self

    def fill(self, **fields: str) -> "Visitor":
        """Write into the fields of the page, by their names."""
        for name, value in fields.items():
            place = self.page.locator(f"#main [name={name}]:not([type=hidden])")
            if place.evaluate("each => each.tagName") == "SELECT":
                place.select_option(value)
            else:
                place.fill(value)
        return self

    def press(self, text: str) -> "Visitor":
        """Press a button of the page, and see what comes."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=text, exact=True).click()
        return self

    def go_on(self, button: str = "act") -> "Visitor":
        """Press the one button that the page is for, whatever it says."""
        with self.page.expect_navigation():
            self.page.locator(f"#main button.{button}").click()
        return self

    def follow(self, text: str) -> "Visitor":
        """Follow a link of the text, by what it says or begins with."""
        links = self.page.locator("#main a")
        said = [_plain(each) for each in links.all_inner_texts()]
        places = [place for place, each in enumerate(said) if each.startswith(text)]
        assert places, f"no link says {text!r}: {said}"
        with self.page.expect_navigation():
            links.nth(places[0]).click()
        return self

    @property
    def text(self) -> str:
        """What a reader reads on the page, without what isolates and cannot be seen."""
        return _plain(self.page.locator("#main").inner_text())

    @property
    def path(self) -> str:
        """Where one is."""
        return urlsplit(self.page.url).path

    def sign_in(self, counter: Counter, name: str) -> "Visitor":
        """Sign in by name, password and the code of an app."""
        login = counter.someone(name).login
        self.open("/sign-in").fill(login=login, password=PASSWORD, code=counter.code(name))
        return self.press("Sign in")

    def enter(self, counter: Counter, name: str) -> "Visitor":
        """Be somebody who has signed in; how that looks is told in stories of its own."""
        token = counter.porch.sign_in(counter.someone(name)).token
        self.context.add_cookies([{"name": "tonne", "value": token, "url": self.stage.origin}])
        return self

    def propose(self, counter: Counter, name: str, account: str, verb: str, **fields: str) -> str:
        """Fill in a form, check the answers, sign them; where the proposal stands."""
        self.open(counter.my(account, verb)).fill(**fields).press("Check your answers")
        self.fill(code=counter.code(name)).press("Sign and propose")
        return self.path

    def approve(self, counter: Counter, name: str, address: str) -> "Visitor":
        """Sign a proposal of another."""
        return self.open(address).fill(code=counter.code(name)).press("Sign and approve")

    def _left(self, address: str) -> None:
        if not is_ours(address):
            self.faults.append(f"asked elsewhere: {address}")

    def _said(self, message: ConsoleMessage) -> None:
        # A page that was refused says so; what else is missing is heard with the answers.
        if message.type == "error" and not _ANSWERED.match(message.text):
            self.faults.append(f"console: {message.text}")

    def _answered(self, response: Response) -> None:
        asked = response.request.resource_type
        if response.status >= 500 or (asked != "document" and response.status >= 400):
            self.faults.append(f"{response.status} {asked}: {response.url}")


def _plain(text: str) -> str:
    return " ".join(_UNSEEN.sub("", text).split())


def is_ours(address: str) -> bool:
    """Whether an address is of this machine, or is no address of a machine at all."""
    found = urlsplit(address)
    return found.scheme in {"data", "blob", "about"} or found.hostname in HOSTS


@contextmanager
def a_visitor(stage: Stage, browser: Browser, **how: Any) -> Iterator[Visitor]:  # noqa: ANN401  what a context takes
    """Somebody who reads English unless it is said; whatever went wrong is told at the end."""
    context = browser.new_context(**{"locale": "en-GB"} | how)
    try:
        visitor = Visitor(stage, context)
        yield visitor
        assert not visitor.faults, "\n".join(visitor.faults)
    finally:
        context.close()


Come = Callable[..., Visitor]
"""Somebody comes with a browser of their own; what is said is said to its context."""
