"""How fast pages answer fifty requests a second, with years of the EU scheme in the books.

The rehearsal of `tonne demo` is made in a home of its own: its people are signed in as a browser
would, and public pages and theirs are asked for in one mix.
"""

import gzip
import json
import random
import re
import urllib.request
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from urllib.parse import urlencode, urljoin

import pyotp
from offered import RATE, Request, at_95, offer, served, summed
from place import Place
from yardstick import Yardstick

SECONDS = 30
SEARCH_AIM, BYTES_AIM = 0.100, 150_000
WORDS = ("cement", "salonit", "papier", "stadtwerke", "glas", "energ", "a", "ce", "zuc", "refin")
FACES = re.compile(r"url\((fonts/noto-sans-latin-\d+\.woff2)\)")
"""The letters in which English is set."""


def measure(_place: Place, yardstick: Yardstick) -> None:
    """The 95th percentile of the mix, of searches alone, of each page; the first page's bytes."""
    with TemporaryDirectory() as home:
        Path(home).chmod(0o711)  # Root's server runs as an ordinary account.
        print(in_home(Path(home), yardstick), flush=True)


def in_home(home: Path, yardstick: Yardstick | None = None) -> str:
    """What is found with the rehearsal that lies in a home, or is made there first."""
    settings = {"TONNE_HOME": str(home), "TONNE_DATABASE_URL": ""}
    with served(("demo", "run"), settings) as address:
        people = json.loads((home / "demo.json").read_text("utf-8"))
        cookies = _signed_in(address, people)
        requests = _requests(people, cookies, _numbers(address))
        offer(address, requests[: 4 * RATE])  # The first ones warm it up.
        if yardstick is None:
            took, beside = offer(address, requests), ""
        else:
            took, tpcb = yardstick.beside(lambda: offer(address, requests))
            beside = f"; beside it TPC-B {tpcb.plain:,.0f}/s"
        size = _first_page(address)
    page = f"first page: {size:,} bytes (aim {BYTES_AIM:,})"
    return "\n".join((*_told(requests, took, beside), page))


def _told(requests: Sequence[Request], took: Sequence[float], beside: str) -> list[str]:
    """Of the whole mix, of searches, and of each kind of page, the slowest first."""
    kinds: dict[str, list[float]] = {}
    for each, seconds in zip(requests, took, strict=True):
        kinds.setdefault(each.kind, []).append(seconds)
    lines = [f"{RATE}/s of {len(kinds)} pages: {summed(took)}{beside}"]
    lines.append(f"search: {summed(kinds['search'], SEARCH_AIM)}")
    slowest = sorted(kinds, key=lambda kind: -at_95(kinds[kind]))
    lines += [f"  {kind:<28} {summed(kinds[kind])}" for kind in slowest]
    return lines


def _requests(
    people: Mapping[str, object], cookies: Mapping[str, str], numbers: Sequence[str]
) -> list[Request]:
    """A mix in which every page has the same part, in an order that is the same each time."""
    chance = random.Random(7)
    short, instrument = people["short"], people["instrument"]
    assert isinstance(short, dict)
    mine, own, staff = f"/my/{short['account']}", cookies["representative"], cookies["senior"]

    def drawn(place: int) -> Request:
        public = {
            "front": "/",
            "search": f"/search?q={chance.choice(WORDS)}",
            "scheme": "/schemes/eu_ets",
            "year": f"/schemes/eu_ets/years/{chance.randint(2005, 2011)}"
            f"?page={chance.randint(1, 3)}",
            "operator": f"/accounts/{chance.choice(numbers)}",
            "serial": f"/serials/EU-1-{chance.randint(1, 2_000_000_000)}",
            "market": "/market",
            "instrument": f"/market/{instrument}",
            "verify": "/verify",
            "list of accounts": "/v1/schemes/eu_ets/accounts?limit=50"
            f"&starting_after={chance.choice(numbers)}",
        }
        theirs = {
            "today": "/today",
            "my account": mine,
            "buy": f"{mine}/buy",
            "orders": f"{mine}/orders",
            "my year": f"{mine}/2011",
        }
        desks = {"desk": "/desk/eu_ets", "control": "/control/eu_ets"}
        every = [
            *[Request(kind=kind, path=path) for kind, path in public.items()],
            *[Request(kind=kind, path=path, cookie=own) for kind, path in theirs.items()],
            *[Request(kind=kind, path=path, cookie=staff) for kind, path in desks.items()],
        ]
        return every[place % len(every)]

    found = [drawn(place) for place in range(SECONDS * RATE)]
    chance.shuffle(found)
    return found


def _signed_in(address: str, people: Mapping[str, object]) -> dict[str, str]:
    """The cookies of a representative and of a senior administrator."""
    every, short = people["people"], people["short"]
    assert isinstance(every, list)
    assert isinstance(short, dict)
    who = {
        "representative": next(each for each in every if each["account"] == short["account"]),
        "senior": next(each for each in every if each["who"].startswith("senior")),
    }
    return {part: _sign_in(address, each, str(people["password"])) for part, each in who.items()}


def _sign_in(address: str, who: Mapping[str, str], password: str) -> str:
    """Name, password and a code, as the form sends them; what the browser holds then."""
    # A code is good once: the one of the last minute may be spent.
    sleep(30 - datetime.now(UTC).timestamp() % 30)
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    code = pyotp.TOTP(who["seed"]).now()
    sent = urlencode({"login": who["login"], "password": password, "code": code, "back": "/you"})
    form = urllib.request.Request(  # noqa: S310  ours
        f"{address}/sign-in", sent.encode(), headers={"Origin": address}
    )
    with browser.open(form, timeout=60) as answer:
        assert answer.url.endswith("/you"), f"{who['login']} is not let in"
    return "; ".join(f"{each.name}={each.value}" for each in jar)


def _numbers(address: str) -> list[str]:
    """Accounts from everywhere in the scheme."""
    found, after = [], ""
    while True:
        page = f"{address}/v1/schemes/eu_ets/accounts?limit=100{after}"
        with urllib.request.urlopen(page, timeout=60) as answer:  # noqa: S310  ours
            told = json.load(answer)
        found += [each["number"] for each in told["data"] if each["operator"]]
        if not told["has_more"]:
            return found
        after = f"&starting_after={told['next_cursor']}"
        sleep(0.02)


def _first_page(address: str) -> int:
    """The bytes that come with the front page: itself, its style, its scripts, its letters."""
    page = _bytes(address, "/")
    linked = re.findall(r'(?:href|src)="(/static/[^"]+)"', page[1])
    files = [_bytes(address, each) for each in dict.fromkeys(linked)]
    letters = [urljoin("/static/", each) for file in files for each in FACES.findall(file[1])]
    return sum(size for size, _ in (page, *files, *[_bytes(address, each) for each in letters]))


def _bytes(address: str, path: str) -> tuple[int, str]:
    """How many bytes come over the wire, and what they say if it is text."""
    headers = {"Accept-Encoding": "gzip"}
    sent = urllib.request.Request(address + path, headers=headers)  # noqa: S310  ours
    with urllib.request.urlopen(sent, timeout=60) as answer:  # noqa: S310  ours
        raw = answer.read()
        packed = answer.headers.get("Content-Encoding") == "gzip"
    told = gzip.decompress(raw) if packed else raw
    return len(raw), told.decode(errors="replace")
