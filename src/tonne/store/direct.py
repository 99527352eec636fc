"""The two statements of the hot path, straight through libpq.

A posting is one call that reads and one that writes. The driver's own cursors cost as much as the
server's work for a single transaction, so these two are prepared and sent as they are: parameters
go as text, and answers come back as text.
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import errors
from psycopg.pq import ExecStatus

Texts = tuple[str | None, ...]
_FINE = {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK}


class Direct:
    """Prepared statements on a connection, by name."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        """Use the driver's connection; its state stays the driver's to know."""
        self._server = connection.pgconn
        self._prepared: set[bytes] = set()

    def run(self, statement: str) -> None:
        """Send a statement without parameters, such as begin and commit."""
        self._checked(self._server.exec_(statement.encode()))

    def ask(self, name: bytes, statement: str, arguments: Sequence[str | None]) -> list[Texts]:
        """Send a statement, prepared the first time, and read all of its answer."""
        if name not in self._prepared:
            self._checked(self._server.prepare(name, statement.encode()))
            self._prepared.add(name)
        # A missing value is allowed, though the driver's annotation does not say so.
        sent: Any = [None if each is None else each.encode() for each in arguments]
        found = self._checked(self._server.exec_prepared(name, sent))
        value, columns = found.get_value, range(found.nfields)
        return [
            tuple([None if (cell := value(row, column)) is None else cell.decode()
                   for column in columns])
            for row in range(found.ntuples)
        ]  # fmt: skip

    def _checked(self, result: Any) -> Any:  # noqa: ANN401  the driver's own result
        if result.status not in _FINE:
            raise errors.error_from_result(result, encoding="utf-8")
        return result
