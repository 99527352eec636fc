"""The books of a log between registries in PostgreSQL: its list, its line, its talk."""

import random
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Self, TypeVar

import psycopg
from psycopg.types.json import Jsonb

from tonne.ledger import Block
from tonne.linking import (
    Line,
    Listed,
    Listing,
    Move,
    Moved,
    Outcome,
    Proposal,
    PublicKey,
    Round,
    Tile,
    differences_as_data,
    differences_from_data,
)
from tonne.store.postgres import is_transient
from tonne.store.talk import Talking

T = TypeVar("T")
TRIES_MAX = 12

NAME = "insert into log_named (code) values (%s)"

NAMED = "select code from log_named"

LIST = """
    insert into registry_listed (code, address, key, status, series, may, reason, at)
    values (%s, %s, %s, %s, %s, %s, %s, %s)
"""

LISTED = """
    select distinct on (code) code, address, key, status, series, may
      from registry_listed order by code, number desc
"""

LISTINGS = """
    select at, reason, code, address, key, status, series, may
      from registry_listed order by number
"""

KNOW_SERIES = """
    insert into series_known (series) select unnest(%s::text[]) on conflict do nothing
"""

TILES = """
    select distinct e.series, e.first, e.last, e.holder, e.unit, e.place
      from unnest(%s::text[], %s::bigint[], %s::bigint[]) as b (series, first, last)
     cross join lateral (
           select t.series, t.last, t.holder, t.unit, t.place,
                  coalesce((select d.last from line_end d
                             where d.series = t.series and d.last < t.last
                             order by d.last desc limit 1), 0) + 1 as first
             from line_end t
            where t.series = b.series and t.last >= b.first
              and t.last <= (select u.last from line_end u
                              where u.series = b.series and u.last >= b.last
                              order by u.last limit 1)) e
     order by e.series, e.last
"""

LINES = """
    select series, lag(last, 1, 0::bigint) over (partition by series order by last) + 1, last,
           holder, unit, place
      from line_end order by series, last
"""

ABOUT = """
    select distinct o.proposal
      from open_proposal o
      join proposal_block p on p.proposal = o.proposal
      join unnest(%s::text[], %s::bigint[], %s::bigint[]) as b (series, first, last)
           on b.series = p.series and p.first <= b.last and b.first <= p.last
"""

SINCE = "select distinct proposal from proposal_state where is_final and since >= %s"

ADD_BLOCKS = """
    insert into proposal_block (proposal, series, first, last)
    select distinct on (t.series, t.first) %s, t.series, t.first, t.last
      from unnest(%s::text[], %s::bigint[], %s::bigint[]) as t (series, first, last)
     order by t.series, t.first, t.last desc
    on conflict do nothing
"""

MOVE = "select move_line(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"

MOVES = """
    select at, proposal, reason, series, first, last, holder, unit, place
      from line_move order by number
"""

ADD_ROUND = """
    insert into round (id, registry, began, differences, answered) values (%s, %s, %s, %s, %s)
"""

ROUNDS = """
    select distinct on (registry) id, registry, began, differences, answered
      from round order by registry, number desc
"""


class LogBooks(Talking):
    """One operation's view of a log's books: everything in it stands or falls together."""

    def __init__(self, connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
        """A view over one connection; the edge commits."""
        self._connection = connection

    def _execute(
        self,
        statement: str,
        arguments: Any = None,  # noqa: ANN401  psycopg's own parameters
    ) -> "psycopg.Cursor[tuple[Any, ...]]":
        return self._connection.execute(statement, arguments)

    def code(self) -> str | None:
        """The log's own name, once it has one."""
        row = self._execute(NAMED).fetchone()
        return None if row is None else str(row[0])

    def name(self, code: str) -> None:
        """Give the log its name, for ever."""
        self._execute(NAME, (code,))

    def listed(self) -> dict[str, Listed]:
        """The registries on the list, by code, as they were listed last."""
        return {
            code: Listed(code, address, PublicKey(key), status, tuple(series), may)
            for code, address, key, status, series, may in self._execute(LISTED).fetchall()
        }

    def listings(self) -> list[Listing]:
        """All that was ever put on the list, in order."""
        return [
            Listing(at, reason, Listed(code, address, PublicKey(key), status, tuple(series), may))
            for at, reason, code, address, key, status, series, may in self._execute(LISTINGS)
        ]

    def put_on_list(self, listed: Listed, *, reason: str, at: datetime) -> None:
        """Put a registry on the list, or say anew what is known of it; what it issues begins."""
        row = (listed.code, listed.address, listed.key.value, listed.status)
        self._execute(LIST, (*row, list(listed.series), listed.may, reason, at))
        self._execute(KNOW_SERIES, (list(listed.issues()),))

    def tiles(self, blocks: Iterable[Block]) -> dict[str, Line]:
        """Of each series that is named, the tiles over the numbers that are named."""
        return _by_series(self._execute(TILES, _columns(blocks)).fetchall())

    def lines(self) -> dict[str, Line]:
        """The whole line of every series."""
        return _by_series(self._execute(LINES).fetchall())

    def talked_over(self, blocks: Iterable[Block]) -> list[str]:
        """The proposals that are not final and name some of these numbers."""
        return [row[0] for row in self._execute(ABOUT, _columns(blocks)).fetchall()]

    def final_since(self, moment: datetime) -> list[str]:
        """The proposals that have become final since a moment."""
        return [row[0] for row in self._execute(SINCE, (moment,)).fetchall()]

    def rounds(self) -> dict[str, Round]:
        """By registry, the last comparison with it."""
        return {
            registry: Round(
                id=name,
                registry=registry,
                began=began,
                differences=None if found is None else differences_from_data(found),
                answered=answered,
            )
            for name, registry, began, found, answered in self._execute(ROUNDS).fetchall()
        }

    def keep_at_log(self, outcome: Outcome, *, at: datetime) -> None:
        """Keep what only a log keeps of an outcome: moves, the numbers talked over, a round."""
        standing = outcome.standing
        proposal = None if standing is None else standing.proposal
        if proposal is not None:
            blocks = _columns(piece.block for piece in proposal.pieces)
            self._execute(ADD_BLOCKS, (proposal.id, *blocks))
        for move in outcome.moves:
            assert proposal is not None, "what moves was proposed"
            self._move(move, at=at, proposal=proposal, reason="")
        if outcome.round is not None:
            each = outcome.round
            found = each.differences
            data = None if found is None else Jsonb(differences_as_data(found))
            self._execute(
                ADD_ROUND,
                (each.id, each.registry, each.began, data, each.answered),
            )

    def correct(self, move: Move, *, reason: str, at: datetime) -> None:
        """Set the line right by a move that nobody proposed, with its reason."""
        self._move(move, at=at, proposal=None, reason=reason)

    def moves(self) -> list[Moved]:
        """Every move of the line, in order."""
        return [
            Moved(at, proposal, reason, Move(Block(series, first, last), *rest))
            for at, proposal, reason, series, first, last, *rest in self._execute(MOVES).fetchall()
        ]

    def _move(self, move: Move, *, at: datetime, proposal: Proposal | None, reason: str) -> None:
        giver = None
        if proposal is not None:
            giver = "" if proposal.kind == "issue" else proposal.giver
        block = (move.block.series, move.block.first, move.block.last)
        self._execute(
            MOVE,
            (
                at,
                None if proposal is None else proposal.id,
                reason,
                *block,
                giver,
                move.holder,
                move.unit,
                move.place,
            ),
        )


class LogStore:
    """The books of a log in a PostgreSQL database, through one connection."""

    def __init__(self, url: str) -> None:
        """Connect as the application, which may add to the books and change nothing."""
        self._connection: psycopg.Connection[tuple[Any, ...]] = psycopg.connect(
            url, autocommit=True
        )
        self._connection.execute("set role tonne_app")

    def run(self, operation: Callable[[LogBooks], T], *, keep: bool = True) -> T:
        """Run an operation in one database transaction, and commit it if it ends well."""
        for attempt in range(TRIES_MAX):
            try:
                with self._connection.transaction(force_rollback=not keep):
                    return operation(LogBooks(self._connection))
            except psycopg.Error as error:
                if not is_transient(error) or attempt == TRIES_MAX - 1:
                    raise
                time.sleep(random.uniform(0, 0.002 * 2**attempt))  # noqa: S311  no secret
        raise AssertionError("the last try returns or raises")

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _columns(blocks: Iterable[Block]) -> tuple[list[str], list[int], list[int]]:
    found = list(blocks)
    return (
        [each.series for each in found],
        [each.first for each in found],
        [each.last for each in found],
    )


def _by_series(rows: Iterable[tuple[Any, ...]]) -> dict[str, Line]:
    found: dict[str, list[Tile]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(Tile(*row))
    return {series: tuple(tiles) for series, tiles in found.items()}
