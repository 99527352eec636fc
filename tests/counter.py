"""The counter of a registry: its people before their browsers, at the pages where they sign in."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

import httpx2
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bureau import Bureau, usr
from land import Land
from papers import ISSUER
from porch import HOME, MACHINE, PASSWORD, Porch, Someone
from tonne import signin
from tonne.operations import Office
from tonne.store import MemorySigninStore
from tonne.web import Certifier, pages
from world import Store

ORIGIN = "https://registry.example"
CERTIFIER = Certifier(key=ISSUER, address=ORIGIN)
OURS = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}


@dataclass
class Browser:
    """Somebody's browser, and what stands on the page that it shows."""

    app: Starlette
    page: str = ""
    answer: Any = None
    client: TestClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = TestClient(self.app, base_url=ORIGIN, follow_redirects=False)

    def get(self, path: str, *, status: int = 200) -> str:
        """Open a page."""
        return self._shown(self.client.get(path, headers={"accept-language": "en"}), status)

    def post(self, path: str, *, status: int = 200, headers: Any = None, **fields: Any) -> str:  # noqa: ANN401  whatever headers are
        """Send a form, with the marks that stand on the page; what the page then is."""
        hidden = {name: self.hidden(name) for name in ("form_token", "shown", "key")}
        sent = {name: value for name, value in hidden.items() if value} | fields
        more = {"accept-language": "en"} | (OURS if headers is None else headers)
        return self._shown(self.client.post(path, data=sent, headers=more), status)

    def bring(self, path: str, raw: bytes, *, status: int = 200, lang: str = "en") -> str:
        """Send a file."""
        headers = {"accept-language": lang} | OURS
        file = {"file": ("it.pdf", raw)}
        return self._shown(self.client.post(path, files=file, headers=headers), status)

    def follow(self) -> str:
        """Go where the last answer says."""
        assert self.answer.status_code == 303, self.page
        return self.get(self.answer.headers["location"])

    def hidden(self, name: str) -> str:
        """The value of a hidden field of the page."""
        found = re.findall(rf'name="{name}" value="([^"]*)"', self.page)
        return html.unescape(found[-1]) if found else ""

    def value(self, name: str) -> str:
        """What stands in a field of the page."""
        found = re.search(rf'<input id="{name}"[^>]* value="([^"]*)"', self.page)
        assert found, f"the page has no field {name}"
        return html.unescape(found[1])

    @property
    def text(self) -> str:
        """What a reader reads: the page without its marks."""
        bare = re.sub(r"<[^>]+>|[\u2066-\u2069]", "", self.page)
        return " ".join(html.unescape(bare).split())

    @property
    def token(self) -> str:
        """By what the browser's session goes."""
        return self.client.cookies.get("__Host-tonne") or ""

    def _shown(self, answer: httpx2.Response, status: int) -> str:
        assert answer.status_code == status, f"{answer.status_code}: {answer.text}"
        self.answer, self.page = answer, answer.text
        return self.page


@dataclass
class Counter:
    """A settled land with people, all of whom can sign in."""

    bureau: Bureau
    porch: Porch
    app: Starlette
    known: dict[str, Someone] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store) -> "Counter":
        """The land of two accounts with two representatives each, and two seniors."""
        bureau = Bureau(Land(store).settle()).settle()
        porch = Porch(MemorySigninStore())
        scheme = bureau.land.scheme
        office = Office(schemes={scheme.name: scheme}, store=store, now=lambda: bureau.now)
        return cls(
            bureau=bureau, porch=porch, app=pages(office, lodge=porch.lodge, certifier=CERTIFIER)
        )

    def someone(self, name: str, *, administrator: bool = False) -> Someone:
        """Somebody by what they sign in with; enrolled when they are first asked for."""
        if name not in self.known:
            lodge, login = self.porch.lodge, f"{name}@example.org"
            made = signin.enrol(
                lodge, login=login, name=name.capitalize(), code=usr(name),
                administrator=administrator, by=MACHINE,
            )  # fmt: skip
            token = signin.open_enrolment(lodge, code=made.code, caller=HOME).token
            self.known[name] = self.porch.set_up(made.person.code, login, token)
        return self.known[name]

    def code(self, name: str) -> str:
        """What somebody's app shows, that was not used before."""
        self.porch.later(seconds=30)
        return self.porch.code(self.someone(name))

    def browser(self, name: str) -> Browser:
        """The browser of somebody who has just signed in."""
        browser = Browser(self.app)
        browser.get("/sign-in")
        browser.post(
            "/sign-in",
            status=303,
            login=self.someone(name).login,
            password=PASSWORD,
            code=self.code(name),
        )
        return browser

    def my(self, account: str, verb: str = "") -> str:
        """The address of an account for its own people."""
        return f"/my/{self.bureau.number(account)}" + (f"/{verb}" if verb else "")

    def propose(self, name: str, browser: Browser, account: str, verb: str, **fields: Any) -> str:  # noqa: ANN401  texts
        """Fill in a form, check the answers and sign them; the address of the proposal."""
        path = self.my(account, verb)
        browser.get(path)
        browser.post(path, step="check", **fields)
        browser.post(path, status=303, step="sign", code=self.code(name), **fields)
        return str(browser.answer.headers["location"])
