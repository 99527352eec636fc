"""Where a measurement happens: a database of its own on the server that Tonne would use."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from tonne.cli.opening import given_url, own_server
from tonne.store import PostgresStore, database, server


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A server, by the address of one of its databases."""

    url: str

    def fresh(self, name: str) -> str:
        """The address of a new database with empty books."""
        url = database.named(self.url, name)
        database.prepare(url, fresh=True)
        return url

    def drop(self, name: str) -> None:
        """Remove a database that was measured in."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"drop database if exists {name} with (force)")

    def analyze(self, name: str) -> None:
        """Let the planner know the tables, as it does after a while by itself."""
        with psycopg.connect(database.named(self.url, name), autocommit=True) as connection:
            connection.execute("vacuum analyze")
            connection.execute("checkpoint")

    def open(self, name: str) -> PostgresStore:
        """The books in a database."""
        return PostgresStore(database.named(self.url, name))


@contextmanager
def places() -> Iterator[Place]:
    """The server that Tonne would use."""
    given = given_url()
    if given is not None:
        yield Place(url=given)
        return
    ours = own_server()
    with server.using(ours):
        yield Place(url=server.url(ours, server.OWNER, "postgres"))
