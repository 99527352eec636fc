"""The books of a log in memory: the twin of ``log``, for tests and for what is only tried."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from tonne.ledger import Block
from tonne.linking import (
    Line,
    Listed,
    Listing,
    Move,
    Moved,
    Outcome,
    Round,
    cover,
    moved,
    overlap,
    whole_series,
)
from tonne.store.memory_talk import MemoryOfTalk, MemoryTalking
from tonne.store.undo import expect

T = TypeVar("T")


@dataclass(slots=True)
class MemoryOfLog:
    """Everything a log knows."""

    talk: MemoryOfTalk = field(default_factory=MemoryOfTalk)
    names: list[str] = field(default_factory=list)
    listed: dict[str, Listed] = field(default_factory=dict)
    listings: list[Listing] = field(default_factory=list)
    lines: dict[str, Line] = field(default_factory=dict)
    moves: list[Moved] = field(default_factory=list)
    rounds: dict[str, Round] = field(default_factory=dict)


class MemoryLogBooks(MemoryTalking):
    """One operation's view of a log's books: everything in it stands or falls together."""

    def __init__(self, memory: MemoryOfLog) -> None:
        """A view that remembers what it changes."""
        super().__init__()
        self.memory = memory

    @property
    def talk(self) -> MemoryOfTalk:
        """What was said and heard."""
        return self.memory.talk

    def code(self) -> str | None:
        """The log's own name, once it has one."""
        return self.memory.names[0] if self.memory.names else None

    def name(self, code: str) -> None:
        """Give the log its name, for ever."""
        expect(not self.memory.names, "a log has one name")
        self._append(self.memory.names, code)

    def listed(self) -> dict[str, Listed]:
        """The registries on the list, by code, as they were listed last."""
        return dict(sorted(self.memory.listed.items()))

    def listings(self) -> list[Listing]:
        """All that was ever put on the list, in order."""
        return list(self.memory.listings)

    def put_on_list(self, listed: Listed, *, reason: str, at: datetime) -> None:
        """Put a registry on the list, or say anew what is known of it; what it issues begins."""
        self._append(self.memory.listings, Listing(at, reason, listed))
        self._put(self.memory.listed, listed.code, listed)
        for series in listed.issues():
            if series not in self.memory.lines:
                self._add(self.memory.lines, series, whole_series(series))

    def tiles(self, blocks: Iterable[Block]) -> dict[str, Line]:
        """Of each series that is named, the tiles over the numbers that are named."""
        return {
            series: tuple(tile for tile in line if any(cover((tile,), b) for b in found))
            for series, line in self.memory.lines.items()
            if (found := [block for block in blocks if block.series == series])
        }

    def lines(self) -> dict[str, Line]:
        """The whole line of every series."""
        return dict(self.memory.lines)

    def talked_over(self, blocks: Iterable[Block]) -> list[str]:
        """The proposals that are not final and name some of these numbers."""
        named = list(blocks)
        return [
            name
            for name in self.open_proposals()
            if (proposal := self.talk.standings[name].proposal) is not None
            and any(overlap(piece.block, block) for piece in proposal.pieces for block in named)
        ]

    def final_since(self, moment: datetime) -> list[str]:
        """The proposals that have become final since a moment."""
        return [
            name
            for name, final in self.talk.final.items()
            if final and self.talk.standings[name].since >= moment
        ]

    def rounds(self) -> dict[str, Round]:
        """By registry, the last comparison with it."""
        return dict(self.memory.rounds)

    def keep_at_log(self, outcome: Outcome, *, at: datetime) -> None:
        """Keep what only a log keeps of an outcome: moves, the numbers talked over, a round."""
        for move in outcome.moves:
            assert outcome.standing is not None, "what moves was proposed"
            proposal = outcome.standing.proposal
            assert proposal is not None, "what moves was proposed"
            giver = "" if proposal.kind == "issue" else proposal.giver
            tiles = cover(self.memory.lines.get(move.block.series, ()), move.block)
            expect(bool(tiles), "there is no such block")
            expect(
                all(
                    tile.holder == giver
                    and (
                        tile.place in {"held", "unissued"}
                        or (tile.place, tile.holder) == (move.place, move.holder)
                    )
                    for tile in tiles
                ),
                "a move takes numbers that its giver does not hold",
            )
            self._move(Moved(at, proposal.id, "", move))
        if outcome.round is not None:
            self._put(self.memory.rounds, outcome.round.registry, outcome.round)

    def correct(self, move: Move, *, reason: str, at: datetime) -> None:
        """Set the line right by a move that nobody proposed, with its reason."""
        expect(bool(reason), "a correction has a reason")
        self._move(Moved(at, None, reason, move))

    def moves(self) -> list[Moved]:
        """Every move of the line, in order."""
        return list(self.memory.moves)

    def _move(self, found: Moved) -> None:
        series = found.move.block.series
        expect(series in self.memory.lines, "there is no such series")
        self._put(self.memory.lines, series, moved(self.memory.lines[series], found.move))
        self._append(self.memory.moves, found)


class MemoryLogStore:
    """The books of a log in memory."""

    def __init__(self) -> None:
        """Empty books."""
        self.memory = MemoryOfLog()
        self._one_at_a_time = threading.Lock()

    def run(self, operation: Callable[[MemoryLogBooks], T], *, keep: bool = True) -> T:
        """Run an operation whole or not at all; with ``keep=False`` nothing of it remains."""
        with self._one_at_a_time:
            books = MemoryLogBooks(self.memory)
            try:
                answer = operation(books)
            except BaseException:
                books.undo()
                raise
            if not keep:
                books.undo()
            return answer
