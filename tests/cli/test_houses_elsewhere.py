"""Signing in with a house elsewhere: a real provider of OpenID Connect on this machine."""

import json
import threading
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from counter import OURS, Browser
from porch import ELSEWHERE, HOME, MACHINE, PASSWORD, Porch, Someone, numbers
from tonne import signin
from tonne.cli.abroad import Houses
from tonne.operations import Office
from tonne.signin import Halfway, Linked, Lodge, Opened, Provider, Trip, Unheard
from tonne.store import MemorySigninStore, MemoryStore, SigninStore
from tonne.web import pages

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # What the provider is made of is out of date.
    from oidc_provider_mock import User, app
    from werkzeug.serving import make_server

ORIGIN = "https://registry.example"
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""Of what the provider is made of."""


@pytest.fixture(scope="module")
def house() -> Iterator[str]:
    """The address of a provider: of its people, mia shows two factors there."""
    users = [User(sub="ann"), User(sub="mia", claims={"amr": ["pwd", "mfa"], "acr": "gold"})]
    server = make_server("127.0.0.1", 0, app(user_claims=users), threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Abroad:
    """Somebody at home, and a provider elsewhere."""

    porch: Porch
    ann: Someone
    provider: Provider

    @property
    def lodge(self) -> Lodge:
        """Where they are let in."""
        return self.porch.lodge

    def linked(self, subject: str = "ann") -> None:
        """They link who they are there."""
        token = self.porch.sign_in(self.ann).token
        going = self.go(token=token)
        found = self.back(going, subject)
        assert isinstance(found, Linked)
        self.porch.later(seconds=30)

    def go(self, *, token: str = "") -> signin.Going:
        """Begin."""
        return signin.begin_provider(
            self.lodge, provider=self.provider.id, origin=ORIGIN, token=token
        )

    def back(self, going: signin.Going, subject: str = "ann", **other: str) -> Any:  # noqa: ANN401
        """Sign in there, and come back with what it gave."""
        words = {"held": going.held, **agreed(going.address, subject)} | other
        return signin.end_provider(self.lodge, **words, caller=HOME)


def agreed(address: str, subject: str) -> dict[str, str]:
    """What a provider gives a browser to take back, in which somebody signs in there."""
    answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=10)
    back = urlsplit(answer.headers["location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == ORIGIN + signin.BACK
    return {name: values[0] for name, values in parse_qs(back.query).items()}


@pytest.fixture(params=["memory", "postgres"])
def abroad(request: pytest.FixtureRequest, house: str) -> Iterator[Abroad]:
    """The same over records of each kind."""
    if request.param == "memory":
        yield _abroad(Porch(MemorySigninStore()), house)
        return
    with SigninStore(request.getfixturevalue("database")) as store:
        yield _abroad(Porch(store), house)


@pytest.fixture
def here(house: str) -> Abroad:
    """The same, over records in memory alone."""
    return _abroad(Porch(MemorySigninStore()), house)


def _abroad(porch: Porch, house: str) -> Abroad:
    porch.at = datetime.now(UTC)  # A real provider has a real clock.
    porch.lodge = replace(porch.lodge, abroad=Houses())
    ann = porch.enrolled("ann")
    made = signin.add_provider(
        porch.lodge, name="The house", issuer=house, client="tonne", secret="a secret",  # noqa: S106
        enough=["amr=mfa"], by=MACHINE,
    )  # fmt: skip
    return Abroad(porch=porch, ann=ann, provider=made)


def test_who_linked_a_house_comes_in_by_its_word_and_a_code(abroad: Abroad) -> None:
    abroad.linked()
    halfway = abroad.back(abroad.go())
    assert isinstance(halfway, Halfway)
    words: dict[str, Any] = {"ticket": halfway.ticket, "caller": HOME}
    assert numbers(signin.sign_in_second, abroad.lodge, **words, code="000000") == [9113]
    # What was begun is over with the first try.
    code = abroad.porch.code(abroad.ann)
    assert numbers(signin.sign_in_second, abroad.lodge, **words, code=code) == [9133]
    words["ticket"] = abroad.back(abroad.go()).ticket
    opened = signin.sign_in_second(abroad.lodge, **words, code=code)
    assert opened.session.person == abroad.ann.code
    assert opened.session.factors == (f"provider {abroad.provider.id}", "code")
    assert signin.fresh(abroad.lodge, opened.token)


def test_nobody_is_found_who_did_not_link_themself(abroad: Abroad) -> None:
    """Also where the house says an e-mail address by which somebody signs in here."""
    going = abroad.go()
    said = agreed(going.address, "ann")
    words: dict[str, Any] = {"held": going.held, **said, "caller": HOME}
    assert numbers(signin.end_provider, abroad.lodge, **words) == [9182]


def test_two_factors_there_are_enough_where_that_was_agreed_but_nothing_is_set_by_them(
    abroad: Abroad,
) -> None:
    abroad.linked("mia")
    opened = abroad.back(abroad.go(), "mia")
    assert isinstance(opened, Opened)
    assert opened.session.person == abroad.ann.code
    assert numbers(signin.fresh, abroad.lodge, opened.token) == [9141]
    assert numbers(signin.begin_codes, abroad.lodge, opened.token) == [9141]
    assert numbers(
        signin.make_key, abroad.lodge, opened.token, label="", scopes=["registry:read"], live=True
    ) == [9141]
    raised = signin.step_up_by_code(abroad.lodge, opened.token, code=abroad.porch.code(abroad.ann))
    assert signin.fresh(abroad.lodge, raised.token)


def test_a_subject_is_one_persons_and_linked_from_a_fresh_session_alone(abroad: Abroad) -> None:
    abroad.linked()
    eva = abroad.porch.enrolled("eva")
    token = abroad.porch.sign_in(eva).token
    going = abroad.go(token=token)
    words: dict[str, Any] = {"held": going.held, **agreed(going.address, "ann"), "caller": HOME}
    assert numbers(signin.end_provider, abroad.lodge, **words) == [9183]
    going = abroad.go(token=token)
    words = {"held": going.held, **agreed(going.address, "eva"), "caller": HOME}
    signin.sign_out(abroad.lodge, token)
    assert numbers(signin.end_provider, abroad.lodge, **words) == [9181]
    token = abroad.porch.sign_in(eva).token
    abroad.porch.later(minutes=11)
    assert numbers(abroad.go, token=token) == [9141]


def test_a_removed_house_and_a_barred_person_open_nothing(abroad: Abroad) -> None:
    abroad.linked()
    signin.bar(abroad.lodge, person=abroad.ann.code, by=MACHINE)
    going = abroad.go()
    words: dict[str, Any] = {"held": going.held, **agreed(going.address, "ann"), "caller": HOME}
    assert numbers(signin.end_provider, abroad.lodge, **words) == [9182]
    signin.admit(abroad.lodge, person=abroad.ann.code, by=MACHINE)
    halfway, going = abroad.back(abroad.go()), abroad.go()
    words = {"held": going.held, **agreed(going.address, "ann"), "caller": HOME}
    signin.remove_provider(abroad.lodge, provider=abroad.provider.id, by=MACHINE)
    assert numbers(signin.end_provider, abroad.lodge, **words) == [9180]
    code = abroad.porch.code(abroad.ann)
    assert numbers(
        signin.sign_in_second, abroad.lodge, ticket=halfway.ticket, code=code, caller=HOME
    ) == [9113]
    assert signin.providers(abroad.lodge) == []
    assert numbers(
        signin.remove_provider, abroad.lodge, provider=abroad.provider.id, by=MACHINE
    ) == [9180]


def test_no_browser_ends_what_another_began_and_nothing_is_ended_twice(here: Abroad) -> None:
    here.linked()
    mine, theirs = here.go(), here.go()
    said = agreed(theirs.address, "ann")
    for words in (
        {"held": mine.held, **said},
        {"held": theirs.held, **said | {"state": agreed(mine.address, "ann")["state"]}},
        {"held": "", **said},
    ):
        assert numbers(signin.end_provider, here.lodge, **words, caller=ELSEWHERE) == [9181]
    going = here.go()
    said = agreed(going.address, "ann")
    assert signin.end_provider(here.lodge, held=going.held, **said, caller=HOME)
    assert numbers(signin.end_provider, here.lodge, held=going.held, **said, caller=HOME) == [9181]
    going = here.go()
    said = agreed(going.address, "ann")
    here.porch.later(minutes=6)
    assert numbers(signin.end_provider, here.lodge, held=going.held, **said, caller=HOME) == [9181]


def test_a_code_of_another_browser_is_not_taken_though_the_state_fits(here: Abroad) -> None:
    """The token names the browser for which it was made: its nonce."""
    here.linked()
    mine, theirs = here.go(), here.go()
    stolen = agreed(theirs.address, "ann")["code"]
    state = agreed(mine.address, "ann")["state"]
    assert numbers(
        signin.end_provider, here.lodge, held=mine.held, state=state, code=stolen, caller=HOME
    ) == [9181]
    assert any("for another browser" in each for each in here.porch.told())


def test_what_is_sent_away_with_a_browser_tells_neither_secret_nor_verifier(here: Abroad) -> None:
    going = here.go()
    asked = {name: each[0] for name, each in parse_qs(urlsplit(going.address).query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert (asked["response_type"], asked["scope"], asked["client_id"]) == (
        "code",
        "openid",
        "tonne",
    )
    assert len({asked["state"], asked["nonce"], going.held}) == 3
    assert going.held not in going.address
    assert "a secret" not in repr(here.provider)


def test_providers_are_named_at_the_machine_with_addresses_that_are_safe(here: Abroad) -> None:
    known: dict[str, Any] = {
        "name": "x", "issuer": "https://id.example", "client": "c", "secret": "s", "by": MACHINE,
    }  # fmt: skip
    for wrong in (
        {"issuer": "http://id.example"}, {"issuer": "https://"}, {"issuer": "https://a@id.example"},
        {"issuer": "https://id.example?x"}, {"name": ""}, {"client": "a\nb"},
        {"enough": ["mfa"]}, {"enough": ["amr="]},
    ):  # fmt: skip
        assert numbers(signin.add_provider, here.lodge, **known | wrong) == [9184]
    by = signin.Actor(person=here.ann.code, place="a desk")
    assert numbers(signin.add_provider, here.lodge, **known | {"by": by}) == [9173]
    assert numbers(signin.remove_provider, here.lodge, provider=here.provider.id, by=by) == [9173]
    assert numbers(signin.begin_provider, here.lodge, provider="idp_none", origin=ORIGIN) == [9180]


TRIP = Trip(
    issuer="https://id.example", client="tonne", redirect="", state="", nonce="n", verifier=""
)


@dataclass
class Forger:
    """A house whose answers are made up."""

    token: str
    keys: Mapping[str, Any]
    trip: Trip = TRIP

    def address(self, trip: Trip) -> str:
        """Anywhere."""
        self.trip = trip
        return "https://id.example/"

    def told(self, trip: Trip, **_: str) -> tuple[str, Mapping[str, Any]]:
        """What was made up, for the browser that asks."""
        if not self.token:
            raise Unheard("away")
        now = datetime.now(UTC)
        times = {"iat": int(now.timestamp()), "exp": int((now + timedelta(hours=1)).timestamp())}
        said = {"iss": trip.issuer, "aud": trip.client, "sub": "ann", "nonce": trip.nonce, **times}
        return made(self.token, said), self.keys


OWN, OTHERS = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
PUBLIC: Mapping[str, Any] = {"keys": [OWN.as_dict(private=False)]}


def made(how: str, said: dict[str, Any]) -> str:
    """A token that is signed in some way."""
    if how == "none":
        empty = jwt.encode({"alg": "RS256"}, said, OTHERS).split(".")
        head = json.dumps({"alg": "none"}).encode()
        from base64 import urlsafe_b64encode  # noqa: PLC0415  here alone

        return f"{urlsafe_b64encode(head).decode().rstrip('=')}.{empty[1]}."
    if how == "by our secret":
        return jwt.encode({"alg": "HS256"}, said, OctKey.import_key("a secret" * 4))
    return jwt.encode({"alg": "RS256"}, said, OWN if how == "own" else OTHERS)


@pytest.mark.parametrize(
    ("how", "let"),
    [("own", True), ("others", False), ("none", False), ("by our secret", False), ("", False)],
)
def test_what_is_not_signed_by_the_house_is_not_believed(
    here: Abroad, how: str, *, let: bool
) -> None:
    here.linked()
    keys = PUBLIC
    if how == "by our secret":
        keys = {"keys": [OctKey.import_key("a secret" * 4).as_dict()]}
    forger = Forger(how, keys)
    here.porch.lodge = replace(here.lodge, abroad=forger)
    held, state = here.go().held, forger.trip.state
    words: dict[str, Any] = {"held": held, "state": state, "code": "c", "caller": HOME}
    if let:
        assert isinstance(signin.end_provider(here.lodge, **words), Halfway)
    else:
        assert numbers(signin.end_provider, here.lodge, **words) == [9181]
    assert not any("a secret" in each for each in here.porch.told())


def test_a_house_that_is_away_or_calls_itself_otherwise_is_not_asked(house: str) -> None:
    for issuer in (
        "http://127.0.0.1:1",
        f"{house}/other",
        house.replace("127.0.0.1", "localhost") + "/",
    ):
        with pytest.raises(Unheard):
            Houses().address(replace(TRIP, issuer=issuer))


def test_at_the_pages_one_links_a_house_and_comes_in_with_it(here: Abroad) -> None:
    office = Office(schemes={}, store=MemoryStore(), now=lambda: here.porch.at)
    ann = Browser(pages(office, lodge=here.lodge))
    here.porch.later(seconds=30)
    ann.get("/sign-in")
    code = here.porch.code(here.ann)
    ann.post("/sign-in", status=303, login="ann", password=PASSWORD, code=code)
    ann.get("/you")
    here.porch.later(seconds=30)
    path = f"/you/link/{here.provider.id}"
    ann.post(path, link_code=here.porch.code(here.ann))
    come_back(ann)
    assert 'content="0;url=/you"' in ann.page
    ann.get("/you")
    assert "sign-in provider: The house" in ann.text
    ann.client.cookies.clear()
    ann.get("/sign-in")
    assert "Sign in with The house" in ann.text
    ann.post(
        f"/sign-in/with/{here.provider.id}", status=403, headers={"origin": "https://x.example"}
    )
    ann.get("/sign-in")
    ann.post(f"/sign-in/with/{here.provider.id}")
    cookie = ann.answer.headers["set-cookie"]
    assert "__Host-tonne-away=" in cookie
    assert {"HttpOnly", "SameSite=lax", "Secure"} <= {each.strip() for each in cookie.split(";")}
    come_back(ann)
    here.porch.later(seconds=30)
    ticket = ann.hidden("ticket")
    ann.post("/sign-in/second", status=303, ticket=ticket, code=here.porch.code(here.ann))
    ann.get("/you")
    assert "Where you are signed in" in ann.text
    assert OURS["origin"] == ORIGIN
    here.porch.later(seconds=30)
    ann.get("/you/factors")
    ann.post("/you/factors", act="confirm", code=here.porch.code(here.ann), status=303)
    ann.get("/you/factors")
    row = ann.page.partition("sign-in provider: ")[2]
    factor = row.partition('name="factor" value="')[2].partition('"')[0]
    ann.post("/you/factors", act="remove", factor=factor, status=303)
    ann.get("/you")
    assert "sign-in provider: The house" not in ann.text
    ann.client.cookies.clear()
    ann.get("/sign-in")
    ann.post(f"/sign-in/with/{here.provider.id}")
    come_back(ann, status=400)
    assert "9182" in ann.text


def come_back(browser: Browser, *, status: int = 200) -> None:
    """Go where the page says, sign in there, and be sent back."""
    address = browser.page.partition('content="0;url=')[2].partition('"')[0].replace("&amp;", "&")
    said = agreed(address, "ann")
    browser.get(f"{signin.BACK}?code={said['code']}&state={said['state']}", status=status)
