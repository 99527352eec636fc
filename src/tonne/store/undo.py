"""Changes to the books in memory, each of which can be undone until they are kept."""

from typing import Any

_ABSENT: Any = object()


class NotWhole(Exception):  # noqa: N818  what the database would say
    """What was to be added would not fit the books; nothing of it was."""


class Undoing:
    """Changes tables, and remembers how they were."""

    def __init__(self) -> None:
        """Nothing is changed yet."""
        self._before: list[tuple[Any, Any, Any]] = []

    def undo(self) -> None:
        """Put everything back as it was."""
        while self._before:
            table, key, value = self._before.pop()
            if isinstance(table, list):
                table.pop()
            elif value is _ABSENT:
                del table[key]
            else:
                table[key] = value

    # Every change is written down before it is made, so that it can be undone.

    def _put(self, table: dict[Any, Any], key: object, value: object) -> None:
        self._before.append((table, key, table.get(key, _ABSENT)))
        table[key] = value

    def _add(self, table: dict[Any, Any], key: object, value: object) -> None:
        expect(key not in table, f"{key} stands in the books already")
        self._put(table, key, value)

    def _drop(self, table: dict[Any, Any], key: object) -> None:
        self._before.append((table, key, table.pop(key)))

    def _append(self, rows: list[Any], row: object) -> None:
        self._before.append((rows, None, None))
        rows.append(row)

    def _inner(self, tables: dict[Any, dict[Any, Any]], key: object) -> dict[Any, Any]:
        if key not in tables:
            self._put(tables, key, {})
        return tables[key]

    def _rows(self, tables: dict[Any, list[Any]], key: object) -> list[Any]:
        if key not in tables:
            self._put(tables, key, [])
        return tables[key]


def expect(holds: bool, otherwise: str) -> None:  # noqa: FBT001  it is what it says
    """Nothing if it holds; else the books would not be whole."""
    if not holds:
        raise NotWhole(otherwise)
