"""The one place that chooses where the books are: a server that is named, or one of our own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from tonne.cli.failures import Unanswered
from tonne.store import LOG, LogStore, PostgresStore, SigninStore, database, rights, server

USUAL = "tonne"
"""The database of the books, unless another is named."""

USUAL_LOG = "tonne_log"
"""The database of a log between registries, unless another is named."""


@contextmanager
def open_store(
    name: str | None = None, *, fresh: bool = False, make: bool = True
) -> Iterator[PostgresStore]:
    """The books in the database of that name; ``fresh`` drops a replay's and begins anew.

    ``TONNE_DATABASE_URL`` leads to a server; without it, our own is started for the while. Books
    that are named and missing are made, unless ``make`` says not to.
    """
    given = given_url()
    own = USUAL if given is None else database.name_of(given)
    usual = name in {None, own, os.environ.get("TONNE_DATABASE")}
    make = make or name is None
    if given is not None:
        with _opened(url_of(given, name), fresh=fresh, usual=usual, make=make) as store:
            yield store
        return
    ours = own_server()
    with server.using(ours):
        url = url_of(server.url(ours, server.OWNER, USUAL), name)
        login = url_of(server.url(ours, rights.APPLICATION, USUAL), name)
        with _opened(url, fresh=fresh, usual=usual, make=make, login=login) as store:
            yield store


@contextmanager
def open_log(name: str | None = None, *, make: bool = False) -> Iterator[LogStore]:
    """The books of a log between registries, in the database of that name."""
    given = given_url()
    make = make or name is None
    with nullcontext() if given else server.using(own_server()):
        url = given or server.url(own_server(), server.OWNER, USUAL_LOG)
        login = books_login(name, USUAL_LOG)
        try:
            database.prepare(url_of(url, name), make=make, folder=LOG)
        except database.NotLetInError as fault:
            raise Unanswered(str(fault)) from fault
        if given is None:
            database.let_in(url_of(url, name), login)
        with LogStore(login) as store:
            yield store


@contextmanager
def open_signin(name: str | None = None, *, make: bool = False) -> Iterator[SigninStore]:
    """The records of sign-in, which are kept beside the books of that name."""
    with open_store(name, make=make), SigninStore(books_login(name)) as store:
        yield store


def empty_books(name: str) -> None:
    """Make the books of that name anew, whatever is in them: for those that are ours to forget."""
    with own_place(name) as url:
        database.prepare(url, fresh=True)


@contextmanager
def own_place(name: str | None) -> Iterator[str]:
    """The address of the database of that name for whoever owns it, while its server runs."""
    given = given_url()
    with nullcontext() if given else server.using(own_server()):
        yield url_of(given or server.url(own_server(), server.OWNER, USUAL), name)


def books_login(name: str | None, usual: str = USUAL) -> str:
    """The address under which the application opens books that are ready; ours, while it runs."""
    given = given_url()
    return url_of(given or server.url(own_server(), rights.APPLICATION, usual), name)


def url_of(url: str, name: str | None) -> str:
    """The address of the books of that name on the server of an address."""
    return url if name is None else database.named(url, name)


def given_url() -> str | None:
    """The address of the server that was named, if one was."""
    return os.environ.get("TONNE_DATABASE_URL") or None


def own_server() -> server.Server:
    """Our own server; ``TONNE_HOME`` says where its data are, else the platform does."""
    home = os.environ.get("TONNE_HOME")
    return server.Server(home=Path(home) / "postgres" if home else server.default_home())


@contextmanager
def _opened(
    url: str, *, fresh: bool, usual: bool, make: bool, login: str | None = None
) -> Iterator[PostgresStore]:
    """The books, made ready by who owns them, and opened by who may only add to them."""
    try:
        if fresh:
            database.prepare_for_replay(url, usual=usual)
        else:
            database.prepare(url, make=make)
    except database.NotLetInError as fault:
        raise Unanswered(str(fault)) from fault
    if login is not None:
        database.let_in(url, login)
    with PostgresStore(login or url) as store:
        yield store
