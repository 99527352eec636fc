"""A connection of the application's role, for one thread: opened when something is asked of it."""

from typing import Any, Self

import psycopg


class Application:
    """What speaks to a database as the application does."""

    def __init__(self, url: str) -> None:
        """Connect when something is asked."""
        self._url = url
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None

    def _open(self) -> "psycopg.Connection[tuple[Any, ...]]":
        if self._connection is None or self._connection.broken or self._connection.closed:
            self._connection = psycopg.connect(self._url, autocommit=True)
            self._connection.execute("set role tonne_app")
        return self._connection

    def close(self) -> None:
        """Let go of the database."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
