"""How the settlement of an exchange's trades stands: what waits, what failed, what is over.

Nothing is kept for it: it is worked out from what was said of the trades, up to a day.
"""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from msgspec import Struct

from tonne.market import Traded
from tonne.operations.books import Books
from tonne.operations.engine_words import (
    ALLOCATED,
    FAILED,
    SETTLED,
    TRADE,
    AllocatedTrade,
    BookTrade,
    FailedTrade,
    Piece,
    SettledTrades,
    as_outcome,
)
from tonne.operations.heard import subject_of
from tonne.operations.scheme import Scheme
from tonne.operations.trading_day import zone_of

SettlementStatus = Literal["failed", "rolled", "waits", "bought_in", "settled"]
"""A trade waits for its day, and then is settled or fails.

What failed is rolled to a later day, or has failed once where others stand in the second time, and
then is bought in. A trade of which parts stand differently stands as the first of these words that
is said of one.
"""

OPEN: tuple[SettlementStatus, ...] = ("failed", "rolled", "waits")
"""What is still to be settled."""

_ALL: tuple[SettlementStatus, ...] = (*OPEN, "bought_in", "settled")


class PartStory(Struct, kw_only=True):
    """A trade, or a client's part of it, and how its settlement stands."""

    traded: Traded
    part: int
    due: date
    """When it is settled, or tried again; of what is over, the last such day."""

    status: SettlementStatus
    left: int
    """Lots that were not settled."""

    failed: FailedTrade | None = None
    """Its last failure: who lacked what, and what was paid."""


def part_stories(books: Books, scheme: Scheme, code: str, *, last: date) -> list[PartStory]:
    """How every trade of an instrument stands at the end of a day, or each part of it."""
    subject = subject_of(scheme, code)
    told = (
        spoken
        for topic in (TRADE, ALLOCATED, SETTLED, FAILED)
        for spoken in books.words(topic, subject)
        # A trade of a call may be told on a later day than that on which it was made.
        if topic == TRADE or spoken.day <= last
    )
    zone = zone_of(scheme.instruments.instrument(code, on=last))
    found: dict[Piece, PartStory] = {}
    for spoken in sorted(told, key=lambda each: each.number):
        match as_outcome(spoken.word):
            case BookTrade() as made:
                found[made.piece] = _made(made, spoken.day)
            case AllocatedTrade() as allocated:
                _allocated(found, allocated)
            case SettledTrades() as settled:
                for piece in settled.trades:
                    found[piece].status, found[piece].left = "settled", 0
            case FailedTrade() as failed:
                _failed(found[failed.piece], failed)
    return [
        each for _, each in sorted(found.items()) if each.traded.at.astimezone(zone).date() <= last
    ]


def stands(parts: Iterable[PartStory]) -> PartStory:
    """The part by which a trade stands: the first to be tried of those that are worst off."""
    return min(parts, key=lambda each: (_ALL.index(each.status), each.due))


def _made(made: BookTrade, day: date) -> PartStory:
    """A trade as it was made; what has no day of its own was settled at once."""
    at_once = made.due is None
    return PartStory(
        traded=made.traded,
        part=made.part,
        due=made.due or day,
        status="settled" if at_once else "waits",
        left=0 if at_once else made.left,
    )


def _allocated(found: dict[Piece, PartStory], allocated: AllocatedTrade) -> None:
    """The parts of clients stand where that of their agent stood."""
    mine = [
        piece
        for piece, each in found.items()
        if piece[0] == allocated.trade
        and each.status in OPEN
        and allocated.account in {each.traded.buyer, each.traded.seller}
    ]
    before = stands([found.pop(piece) for piece in mine])
    for made in allocated.parts:
        part = _made(made, before.due)
        part.status, part.failed = before.status, before.failed
        found[made.piece] = part


def _failed(story: PartStory, failed: FailedTrade) -> None:
    """What becomes of a part that could not be settled."""
    story.failed, story.left = failed, failed.lots
    if failed.due is None:
        story.status = "bought_in"
        return
    story.status, story.due = "failed" if failed.cure == "buy_in" else "rolled", failed.due
