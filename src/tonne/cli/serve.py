"""The doors that are open over HTTP, for people and for programs, on the books of this machine."""

import asyncio
import json
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tonne.cli import show
from tonne.cli.alarms import AlarmOption, Alarms, Watched, limits_of
from tonne.cli.errand import the_scheme
from tonne.cli.failures import UserFault
from tonne.cli.keys import certificate_key_file, read_key, write_key
from tonne.cli.lodging import an_origin, the_counter
from tonne.cli.opening import books_login, open_store
from tonne.cli.options import BOOKS, Call, command
from tonne.cli.posting import Post, Smtp, SmtpFrom, a_post, posting
from tonne.cli.sandbox import HandMovedClock, sandbox_books
from tonne.cli.tracing import keeping
from tonne.cli.working import a_clock, a_moment, working
from tonne.linking import KEY_BYTES, PrivateKey
from tonne.operations import Office, Scheme, scheme_names
from tonne.signin import Lodge, Terms
from tonne.store import OutboxStore, Pool, PostgresStore, TrailStore

if TYPE_CHECKING:
    from starlette.types import ASGIApp
    from uvicorn import Config

    from tonne.api import Keeps
    from tonne.web import Certifier

app = typer.Typer()

HERE = "127.0.0.1"
NAMES = ("localhost", HERE)
"""Only this machine is heard; what others are to reach stands behind a server of its own."""

CALLERS_MAX = 1_000
"""So many are served at one time; others are told to come again."""

GRACE_SECONDS = 10
"""So long those who are being served have when all is to stop."""

DELIVERIES = Terms().deliveries.days
"""So many days it is kept how each telling of a webhook went."""

_TICK = 0.05

Port = Annotated[
    int, typer.Option("--port", metavar="NUMBER", min=0, max=65535, help="0 takes any free one.")
]
Begins = Annotated[
    datetime | None,
    typer.Option(
        "--clock",
        metavar="MOMENT",
        parser=a_moment,
        help="For books of a rehearsal: what time it is there now, as 2013-04-02T10:00+02:00.",
    ),
]
Deliveries = Annotated[
    int,
    typer.Option(
        "--deliveries",
        metavar="DAYS",
        min=1,
        max=3650,
        help="So long it is kept how each telling of a webhook went.",
    ),
]


@command(app, options=BOOKS)
def serve(
    call: Call,
    *,
    port: Port = 8080,
    scheme: Annotated[
        list[str] | None,
        typer.Option(
            "--scheme",
            metavar="NAME|FOLDER",
            help="Which schemes are served; all that come with Tonne if not said.",
        ),
    ] = None,
    connections: Annotated[
        int,
        typer.Option("--connections", metavar="NUMBER", min=1, max=100, help="To the books."),
    ] = 8,
    rate: Annotated[
        int,
        typer.Option("--rate", metavar="NUMBER", min=1, help="Requests a second of one caller."),
    ] = 100,
    clock: Begins = None,
    origin: Annotated[
        str | None,
        typer.Option(
            "--origin",
            metavar="URL",
            parser=an_origin,
            help="Where people see the pages, if a server of yours stands before: https://...",
        ),
    ] = None,
    hooks_here: Annotated[
        bool,
        typer.Option("--webhooks-here", help="For trials: webhooks may be at this machine itself."),
    ] = False,
    deliveries: Deliveries = DELIVERIES,
    sandbox: Annotated[
        bool,
        typer.Option(
            "--sandbox",
            help="Books for trials, with a clock that stands and is moved by those who try.",
        ),
    ] = False,
    smtp: Smtp = None,
    smtp_from: SmtpFrom = "registry@localhost",
    alarm: AlarmOption = None,
) -> None:
    """Serve pages for people and an interface for programs, over HTTP, until stopped.

    Once somebody is enrolled (tonne signin enrol) people sign in. What has fallen due is carried
    out meanwhile. Each request is a line of JSON on the standard error stream.

    Example: tonne serve --port 8080 --scheme example
    """
    laws = [the_scheme(name) for name in scheme or scheme_names()]
    serve_books(
        call, laws, database=sandbox_books(call.database) if sandbox else call.database,
        port=port, connections=connections, rate=rate, clock=clock, origin=origin,
        hooks_loopback=hooks_here, deliveries=deliveries, sandbox=sandbox,
        post=a_post(smtp, sender=smtp_from, site=origin or f"http://{HERE}:{port}")
        if smtp
        else None,
        alarms=Alarms(limits_of(alarm or ())),
    )  # fmt: skip


def serve_books(
    call: Call,
    laws: list[Scheme],
    *,
    database: str | None,
    port: int,
    connections: int = 8,
    rate: int = 100,
    clock: datetime | None = None,
    origin: str | None = None,
    hooks_loopback: bool = False,
    deliveries: int = DELIVERIES,
    sandbox: bool = False,
    post: Post | None = None,
    alarms: Alarms | None = None,
) -> None:
    """Serve books under some laws until somebody asks to stop."""
    alarms = Alarms() if alarms is None else alarms
    with _listening(port) as ear, open_store(database, make=sandbox):
        url = books_login(database)
        with Pool(lambda: PostgresStore(url, asks_again=True), size=connections) as pool:
            last = pool.run(lambda books: books.latest_moment(), keep=False) if sandbox else None
            begins = max(filter(None, (clock, last)), default=datetime.now(UTC))
            hand = HandMovedClock(begins) if sandbox else None
            office = Office(
                schemes={each.name: each for each in laws},
                store=pool,
                now=a_clock(clock) if hand is None else hand.now,
            )
            listens = ear.getsockname()[1]
            origins = (origin,) if origin else tuple(f"http://{host}:{listens}" for host in NAMES)
            data = {"address": f"http://{HERE}:{listens}", "schemes": sorted(office.schemes)}

            def began() -> None:
                if call.as_json:
                    show.as_json(data)
                else:
                    served = ", ".join(office.schemes)
                    show.tell(
                        f"Serving {served} at {data['address']}; Ctrl-C stops it.",
                        hint=f"a browser, or curl {data['address']}/v1/schemes",
                    )
                sys.stdout.flush()

            with (
                the_counter(database, origins, deliveries=deliveries) as lodge,
                working(
                    office, log, lodge=lodge, hooks_loopback=hooks_loopback, clock=hand
                ) as works,
                keeping(Watched(TrailStore(url), alarms)) as keeps,
                posting(office, lodge, OutboxStore(url), post, log, alarms=alarms),
            ):
                app = doors(
                    office, rate=rate, lodge=lodge, certifier=the_certifier(origins[0]),
                    live=clock is None and not sandbox, hooks_loopback=hooks_loopback,
                    sandbox_clock=hand, keeps=keeps, works=works,
                )  # fmt: skip
                _serve(settings(app, forwarded=origin is not None), ear, began)


def doors(
    office: Office,
    *,
    rate: int,
    lodge: Lodge | None = None,
    certifier: "Certifier | None" = None,
    live: bool = True,
    hooks_loopback: bool = False,
    sandbox_clock: HandMovedClock | None = None,
    keeps: "Keeps | None" = None,
    works: Callable[[], bool] = lambda: True,
) -> "ASGIApp":
    """All doors of an office as one app: the one place where another door is mounted."""
    from tonne.api import Limit, api  # noqa: PLC0415  heavy
    from tonne.cli.doors import Pages  # noqa: PLC0415  heavy

    limit = Limit(per_second=rate, burst=4 * rate)
    app = api(
        office, log=log, limit=limit, lodge=lodge, live=live, hooks_loopback=hooks_loopback,
        sandbox_clock=sandbox_clock, keeps=keeps, works=works,
    )  # fmt: skip
    app.router.routes.append(Pages(office, lodge, certifier))
    return app


def the_certifier(origin: str) -> "Certifier":
    """Who signs the certificates that people take with them from pages at this address."""
    from tonne.web import Certifier  # noqa: PLC0415  heavy

    file = certificate_key_file()
    if not file.exists():
        with suppress(OSError):  # Then the file cannot be made either, and that is told.
            file.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        write_key(file, PrivateKey(secrets.token_bytes(KEY_BYTES)))
    return Certifier(key=read_key(file), address=origin)


def log(line: Mapping[str, object]) -> None:
    """Write a line of the log."""
    with _ONE_AT_A_TIME:
        sys.stderr.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
        sys.stderr.flush()


_ONE_AT_A_TIME = threading.Lock()


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """An ear at the port, before anything else is begun."""
    ear = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            ear.bind((HERE, port))
        except OSError as fault:
            what = f"At port {port} nobody can listen: {fault.strerror}."
            raise UserFault(what, remedy="Choose another: --port.") from None
        yield ear
    finally:
        ear.close()


def settings(app: "ASGIApp", *, forwarded: bool) -> "Config":
    """How a server serves; only one on this machine is believed who it calls for."""
    import uvicorn  # noqa: PLC0415  heavy

    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=forwarded,
        forwarded_allow_ips=HERE,
        lifespan="off",
        ws="none",
        limit_concurrency=CALLERS_MAX,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _serve(how: "Config", ear: socket.socket, began: Callable[[], None]) -> None:
    """Serve until somebody asks to stop; those who are being served are let finish."""
    import uvicorn  # noqa: PLC0415  heavy

    server = uvicorn.Server(how)

    def stop(*_: object) -> None:
        server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    # In a thread of its own it leaves the signals alone.
    serving = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[ear])), daemon=True)
    serving.start()
    while serving.is_alive() and not server.started:
        serving.join(_TICK)
    if server.started:
        began()
    while serving.is_alive():
        serving.join(_TICK)
