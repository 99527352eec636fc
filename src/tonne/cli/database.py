"""The server that keeps the books: started, stopped, found."""

import typer

from tonne.cli import show
from tonne.cli.failures import UserFault
from tonne.cli.opening import USUAL, given_url, own_server, url_of
from tonne.cli.options import BOOKS, PLAIN, Call, command
from tonne.store import server

app = typer.Typer(no_args_is_help=True, help="Start, stop and find the server of the books.")


@command(app, options=PLAIN)
def start(call: Call) -> None:
    """Start the server, to stay until it is stopped; without this it runs while it is used.

    Example: tonne db start
    """
    ours = _ours()
    with show.patience("Starting the server"):
        server.start(ours)
    _tell_status(call)


@command(app, options=PLAIN)
def stop(call: Call) -> None:
    """Stop the server, whoever uses it.

    Example: tonne db stop
    """
    ours = _ours()
    with show.patience("Stopping the server"):
        server.stop(ours)
    _tell_status(call)


@command(app, options=PLAIN)
def status(call: Call) -> None:
    """Say whether the server runs, and who uses it.

    Example: tonne db status
    """
    _tell_status(call)


@command(app, options=PLAIN)
def path(call: Call) -> None:
    """Say in which folder the books lie.

    Example: tonne db path
    """
    data = _ours().data
    if call.as_json:
        show.as_json({"data": data})
    else:
        typer.echo(data)


@command(app, options=BOOKS)
def url(call: Call) -> None:
    """Say the address of the books for other programs, with its password.

    Example: psql "$(tonne db url)"
    """
    given = given_url()
    found = (
        server.url(_ours(), server.OWNER, call.database or USUAL)
        if given is None
        else url_of(given, call.database)
    )
    if call.as_json:
        show.as_json({"url": found})
    else:
        typer.echo(found)


def _ours() -> server.Server:
    """Our own server, if no other is named."""
    if given_url() is not None:
        raise UserFault(
            "TONNE_DATABASE_URL names a server that is not ours to start, stop or look into.",
            remedy="Take TONNE_DATABASE_URL out of the environment to use the embedded server.",
        )
    return own_server()


def _tell_status(call: Call) -> None:
    found = server.status(_ours())
    if call.as_json:
        show.as_json(found)
        return
    finding = (
        f"The server runs as process {found.pid}, for {show.some(found.users, 'user')}."
        if found.running
        else "The server does not run; it is started when a command needs it."
    )
    rows: list[list[object]] = [
        ["data", found.data],
        ["address", found.url],
        ["PostgreSQL", found.version],
    ]
    show.tell(finding, show.Table(columns=("What", "Where"), rows=rows), hint="tonne check")
