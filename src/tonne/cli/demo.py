"""A rehearsal to walk through: real years lived again, the next one open, people of every role."""

import json
import os
import secrets
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from tonne import signin
from tonne.cli import show
from tonne.cli.errand import folder_of, the_scheme
from tonne.cli.failures import UserFault
from tonne.cli.lodging import here
from tonne.cli.opening import empty_books, open_signin, open_store
from tonne.cli.options import PLAIN, Call, command
from tonne.cli.replay import a_span, live_years, peak_memory_mb, tell_replay
from tonne.cli.sealing import key_file, the_seal
from tonne.cli.serve import Port, serve_books
from tonne.cli.show import Table
from tonne.signin import Caller, Lodge, Site

if TYPE_CHECKING:
    from tonne.simulation import Cast

app = typer.Typer(
    no_args_is_help=True,
    help="Walk through a rehearsal: the EU scheme in April 2013, with people of every role.",
)
SCHEME, YEARS, BOOKS_NAME = "eu_ets", "2005-2011", "tonne_demo"
BEGINS = datetime.fromisoformat("2013-04-02T10:30+02:00")
"""The morning after Easter 2013: figures of 2012 are verified, and units are due in four weeks."""

_MACHINE = Caller(place="the machine", agent="tonne demo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How somebody of the rehearsal signs in."""

    name: str
    who: str
    login: str
    account: str
    seed: str


@command(app, options=PLAIN)
def run(
    call: Call,
    *,
    port: Port = 8080,
) -> None:
    """Make the rehearsal if there is none yet, say how to sign in as whom, and serve it.

    The first time takes a minute or two: seven years of the EU scheme are lived. Its clock shows
    2 April 2013 when it is made, and goes on from there. To begin anew: tonne demo forget.

    Example: tonne demo run
    """
    if not _file().exists():
        _make(call)
    told = _read()
    if not call.as_json:
        _tell(told)
    ahead = BEGINS - datetime.fromisoformat(told["made"])
    serve_books(
        call, [the_scheme(SCHEME)], database=BOOKS_NAME, port=port,
        clock=datetime.now(UTC) + ahead,
    )  # fmt: skip


@command(app, options=PLAIN)
def codes(call: Call) -> None:
    """Tell the one-time code that each person's app would show now; each is good once.

    Example: tonne demo codes
    """
    import pyotp  # noqa: PLC0415  only here

    told = _read()
    found = [(each, pyotp.TOTP(each["seed"]).now()) for each in told["people"]]
    left = 30 - int(time.time()) % 30
    if call.as_json:
        rows = [{"login": each["login"], "code": code} for each, code in found]
        show.as_json({"codes": rows, "seconds_left": left})
        return
    table = Table(
        columns=("Signs in as", "Code", "Who"),
        rows=[[each["login"], code, f"{each['name']}, {each['who']}"] for each, code in found],
    )
    show.tell(f"These codes last {left} more seconds; the password is {told['password']}.", table)


@command(app, options=PLAIN)
def forget(call: Call) -> None:
    """Forget the rehearsal; the next one is made anew, in books of its own.

    Example: tonne demo forget
    """
    was = _file().exists()
    with suppress(FileNotFoundError):
        _file().unlink()
    empty_books(BOOKS_NAME)
    finding = "The rehearsal is forgotten." if was else "There was no rehearsal."
    if call.as_json:
        show.as_json({"forgotten": was})
    else:
        show.tell(finding, hint="tonne demo run")


def _make(call: Call) -> None:
    """Live the years, let the people in, and keep how they sign in."""
    law = the_scheme(SCHEME)
    from tonne.simulation import Rehearsal  # noqa: PLC0415  heavy

    place = folder_of(SCHEME)
    report, _ = live_years(
        law, a_span(YEARS), place / "history", BOOKS_NAME, published=place, open_year=True
    )
    if not call.as_json:
        tell_replay(report, peak_memory_mb())

    with (
        open_store(BOOKS_NAME, make=False) as store,
        show.progress("Letting people in") as progress,
    ):
        rehearsal = Rehearsal(run=store.run, scheme=law, at=BEGINS, year=2012, progress=progress)
        cast = rehearsal.settle_in()
    password = secrets.token_urlsafe(16)
    people = _enrol(cast, password)
    told = {
        "made": datetime.now(UTC).isoformat(),
        "password": password,
        "people": [asdict(each) for each in people],
        "short": {"account": cast.short.number, "name": cast.short.name, "lacks": cast.lacks},
        "instrument": cast.instrument,
        "year": cast.year,
    }
    file = _file()
    handle = os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        json.dump(told, opened, ensure_ascii=False, indent=2)


def _enrol(cast: "Cast", password: str) -> list[Login]:
    """Let everybody set a password and an app, as they would themselves."""
    import pyotp  # noqa: PLC0415  only here

    found = []
    with open_signin(BOOKS_NAME) as records:
        lodge = Lodge(
            records=records,
            now=lambda: datetime.now(UTC),
            chance=secrets.token_bytes,
            site=Site(rp_id="localhost", name="Tonne", origins=("http://localhost",)),
            seal=the_seal(make=True),
        )
        for each in cast.actors:
            made = signin.enrol(
                lodge, login=each.login, name=each.name, code=each.code, by=here(),
                administrator="administrator" in each.who,
            )  # fmt: skip
            opened = signin.open_enrolment(lodge, code=made.code, caller=_MACHINE)
            signin.set_password(lodge, opened.token, new=password)
            seed = signin.begin_codes(lodge, opened.token)
            # The code of the step before, so that the present one is still good to sign in with.
            code = pyotp.TOTP(seed.secret).at(datetime.now(UTC), counter_offset=-1)
            signin.confirm_codes(lodge, opened.token, factor=seed.factor, code=code)
            signin.finish_enrolment(lodge, opened.token)
            found.append(
                Login(
                    name=each.name, who=each.who, login=each.login, account=each.account,
                    seed=seed.secret,
                )
            )  # fmt: skip
    return found


def _tell(told: dict[str, Any]) -> None:
    short = told["short"]
    show.tell(
        f"{short['name']} ({short['account']}) lacks {short['lacks']:,} units for {told['year']}.",
        Table(
            title="People, all made up",
            columns=("Signs in as", "Name", "Who"),
            rows=[[each["login"], each["name"], each["who"]] for each in told["people"]],
        ),
        hint=f"sign in with the password {told['password']} and a code: tonne demo codes",
    )


def _file() -> Path:
    """Where it is kept how the people of the rehearsal sign in: beside the key of sign-in."""
    return key_file().with_name("demo.json")


def _read() -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(_file().read_text("utf-8"))
    except FileNotFoundError:
        raise UserFault("There is no rehearsal yet.", remedy="tonne demo run") from None
    return found
