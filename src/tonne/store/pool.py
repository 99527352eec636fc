"""The books through several connections: for a server, whose callers come at one time.

Who asks is given a connection of his own for the while. There are only so many: who finds none
waits, and not for ever. A connection that broke is thrown away, and the next caller gets a new one.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Self, TypeVar

import psycopg

from tonne.store.edge import PostgresStore
from tonne.store.postgres import PostgresBooks

T = TypeVar("T")

SIZE, WAIT_SECONDS = 8, 5.0


class Pool:
    """The books, for many threads at one time."""

    def __init__(
        self,
        make: Callable[[], PostgresStore],
        *,
        size: int = SIZE,
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        """Open connections with ``make`` when they are needed, at most ``size`` of them."""
        self._make = make
        self._wait = wait_seconds
        self._free: list[PostgresStore] = []
        self._places = threading.BoundedSemaphore(size)
        self._lock = threading.Lock()
        self._closed = False

    def run(self, operation: Callable[[PostgresBooks], T], *, keep: bool = True) -> T:
        """Run an operation as :meth:`PostgresStore.run` does, on a connection that is free.

        ``TimeoutError`` if none gets free in time, ``ConnectionError`` if the books cannot be
        reached. After that nobody knows whether what was to be kept is: asking again under the same
        key tells. A question, which keeps nothing, is asked once more by itself.
        """
        until = monotonic() + self._wait
        if not self._places.acquire(timeout=self._wait):
            raise TimeoutError(f"the books were busy for {self._wait} seconds")
        try:
            try:
                return self._run(operation, keep=keep)
            except ConnectionError:
                if keep or monotonic() > until:
                    raise
                self._empty()  # The others were most likely cut off with it.
                return self._run(operation, keep=keep)
        finally:
            self._places.release()

    def _run(self, operation: Callable[[PostgresBooks], T], *, keep: bool) -> T:
        with self._connection() as store:
            try:
                return store.run(operation, keep=keep)
            except psycopg.Error as error:
                if store.broken:
                    raise ConnectionError(str(error)) from error
                raise

    @contextmanager
    def _connection(self) -> Iterator[PostgresStore]:
        with self._lock:
            if self._closed:
                raise ConnectionError("the books are closed")
            store = self._free.pop() if self._free else None
        if store is None:
            try:
                store = self._make()
            except psycopg.OperationalError as error:
                raise ConnectionError(str(error)) from error
        try:
            yield store
        finally:
            with self._lock:
                kept = not (store.broken or self._closed)
                if kept:
                    self._free.append(store)
            if not kept:
                _let_go(store)

    def _empty(self) -> None:
        with self._lock:
            stores, self._free = self._free, []
        for store in stores:
            _let_go(store)

    def close(self) -> None:
        """Let go of the connections; those that are used are let go when they come back."""
        with self._lock:
            self._closed = True
        self._empty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _let_go(store: PostgresStore) -> None:
    with suppress(psycopg.Error):
        store.close()
