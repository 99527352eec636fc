"""The edge: opens the books in PostgreSQL, commits an operation whole or not at all."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeVar

import psycopg
from psycopg.pq import TransactionStatus

from tonne.store.adding import Cache
from tonne.store.direct import Direct
from tonne.store.postgres import PostgresBooks, is_transient

T = TypeVar("T")
IDLE, UNKNOWN = TransactionStatus.IDLE, TransactionStatus.UNKNOWN
TRIES_MAX = 12
ASKED_BEFORE = 2
"""So often the same was asked before the server keeps how it is answered."""


class PostgresStore:
    """The books in a PostgreSQL database, through one connection."""

    def __init__(self, url: str, *, asks_again: bool = False) -> None:
        """Connect as the application, which may add to the books and change nothing.

        Who ``asks_again``, as a server does, the same of ever other accounts has it planned once:
        for a small question planning is most of the work. A command asks once, and in books that
        grow under its hands what was planned for few rows would be kept for many.
        """
        self._connection: psycopg.Connection[tuple[Any, ...]] = psycopg.connect(
            url, autocommit=True, prepare_threshold=ASKED_BEFORE if asks_again else None
        )
        self._connection.execute("set role tonne_app")
        self._cache = Cache()
        self._direct = Direct(self._connection)

    def run(self, operation: Callable[[PostgresBooks], T], *, keep: bool = True) -> T:
        """Run an operation in one database transaction, and commit it if it ends well.

        A deadlock, or another's commit in between, undoes everything; the operation is then
        run again. Its idempotency key makes that safe. With ``keep=False`` nothing is committed.
        """
        for attempt in range(TRIES_MAX):
            try:
                with self._transaction(keep=keep):
                    return operation(PostgresBooks(self._connection, self._cache, self._direct))
            except psycopg.Error as error:
                if not is_transient(error) or attempt == TRIES_MAX - 1:
                    raise
                time.sleep(random.uniform(0, 0.002 * 2**attempt))  # noqa: S311  no secret
        raise AssertionError("the last try returns or raises")

    @contextmanager
    def _transaction(self, *, keep: bool) -> Iterator[None]:
        self._direct.later("begin")
        try:
            yield
            self._direct.later("commit" if keep else "rollback")
            self._direct.send()
        except BaseException:
            self._cache = Cache()  # It may know what has been undone.
            self._direct.forget()
            if self._connection.info.transaction_status not in {IDLE, UNKNOWN}:
                # Not the driver's own, which would forget what is prepared.
                self._direct.later("rollback")
                self._direct.send()
            raise
        if not keep:
            self._cache = Cache()

    @property
    def broken(self) -> bool:
        """Whether the connection is of no more use."""
        return self._connection.closed or self._connection.info.transaction_status != IDLE

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
