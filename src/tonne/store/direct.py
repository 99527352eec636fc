"""The statements of the hot path, straight through libpq and a few at a time.

A posting is one call that reads and one that writes. The driver's own cursors cost a good part of
a single transaction, so these are prepared and sent as they are, with parameters
and answers as text. What needs no answer at once (begin, a write) waits and travels with the next
statement, so that a single posting goes to the server twice: begin and load, save and commit.
"""

from collections.abc import Sequence
from contextlib import suppress
from select import select
from typing import Any

import psycopg
from psycopg import errors
from psycopg.pq import ExecStatus

MANY = 100
"""So many rows at once are on their way before anybody waits for them."""

Texts = tuple[str | None, ...]
_FINE = {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK}
_PLAIN = {word: word.encode() for word in ("begin", "commit", "rollback")}


class Direct:
    """Statements on a connection, sent together."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        """Use the driver's connection; its state stays the driver's to know."""
        self._server = connection.pgconn
        self._prepared: set[bytes] = set()
        self._waiting: list[tuple[bytes, Any]] = []
        self._under_way = 0
        """How many statements were sent whose answers have not been read."""

    def later(self, name: str, statement: str = "", arguments: Sequence[str | None] = ()) -> None:
        """Send a statement with the next one that is sent; prepared the first time."""
        if name in _PLAIN:
            self._waiting.append((_PLAIN[name], None))
            return
        known = name.encode()
        if known not in self._prepared:
            if self._under_way:
                self.send()
            self._checked(self._server.prepare(known, statement.encode()))
            self._prepared.add(known)
        sent = [None if each is None else each.encode() for each in arguments]
        self._waiting.append((known, sent))

    def hurry(self) -> None:
        """Send what waits now, so that the server begins; what comes of it, the next send reads."""
        assert self._waiting or self._under_way, "there is something to send"
        if not self._under_way:
            self._server.enter_pipeline_mode()
        for name, sent in self._waiting:
            if sent is None:
                self._server.send_query_params(name, None)
            else:
                self._server.send_query_prepared(name, sent)
        self._under_way += len(self._waiting)
        self._waiting.clear()
        self._flush()

    def send(self) -> Any:  # noqa: ANN401  the driver's own result
        """Send what waits, and return the answer of the last statement; all must go well."""
        if not self._waiting and not self._under_way:
            return None
        results = self._finish()
        for result in results:
            self._checked(result)
        return results[-1]

    def _finish(self) -> list[Any]:
        """Send what waits, and read all that was answered since the last time."""
        server = self._server
        try:
            self.hurry()
            server.pipeline_sync()
            self._flush()
            results = []
            for _ in range(self._under_way):
                results.append(self._next())
                self._next()  # No more of this statement.
            self._next()  # The end of the pipeline.
        finally:
            self._under_way = 0
            server.exit_pipeline_mode()
        return results

    def _flush(self) -> None:
        """Send all there is, though the server may have to be read meanwhile."""
        server = self._server
        while server.flush():
            readable, _, _ = select([server.socket], [server.socket], ())
            if readable:
                server.consume_input()

    def _next(self) -> Any:  # noqa: ANN401  the driver's own result
        """The next result, waited for in a way that lets other threads go on."""
        server = self._server
        while server.is_busy():
            select([server.socket], (), ())
            server.consume_input()
        return server.get_result()

    def ask(self, name: str, statement: str, arguments: Sequence[str | None]) -> list[Texts]:
        """Send what waits and a statement, and read all of its answer."""
        self.later(name, statement, arguments)
        found = self.send()
        value, columns = found.get_value, range(found.nfields)
        return [
            tuple([None if (cell := value(row, column)) is None else cell.decode()
                   for column in columns])
            for row in range(found.ntuples)
        ]  # fmt: skip

    def forget(self) -> None:
        """Send nothing of what waits, and let what is under way come to nothing."""
        self._waiting.clear()
        if self._under_way:
            with suppress(psycopg.Error):
                self._finish()

    def _checked(self, result: Any) -> None:  # noqa: ANN401  the driver's own result
        if result is None:
            raise psycopg.OperationalError("the server went away before it answered")
        if result.status not in _FINE:
            raise errors.error_from_result(result, encoding="utf-8")
