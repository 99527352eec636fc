"""Posting: a batch of transactions, each decided on its own, against what the accounts hold.

Units come into being by moving out of a *source* account, so every asset sums to zero over all
accounts, for ever. The numbers not yet issued are held by the source too, under the key of their
series (:func:`unissued`), so the blocks of a series tile the number line.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from tonne.ledger.block import LAST_NUMBER, Block, Lot
from tonne.ledger.refusals import BlockNotHeld, ExceedsHolding, UnknownHold
from tonne.ledger.transaction import Account, Asset, Hold, Movement, Transaction
from tonne.refusal import Refusal

BOOKS = "Rule of the books: what is not held cannot be moved"

Key = tuple[str, str]
"""Whose and what: an account's number and an asset's code (or :func:`unissued`)."""


class Position(Struct, frozen=True, kw_only=True):
    """What one account holds of one asset: how many, how many promised, and which numbers.

    ``lots`` are in the order in which they came, so that the first in goes first out.
    """

    count: int = 0
    held: int = 0
    lots: tuple[Lot, ...] = ()


NOTHING = Position()


class Line(NamedTuple):
    """One block's step in a posted transaction (``series`` is None for a fungible asset).

    ``prior`` is the transaction by which the numbers had come to where they leave from.
    """

    source: str
    target: str
    asset: str
    units: int
    series: str | None
    first: int
    last: int
    prior: int
    wave: int


class Posted(NamedTuple):
    """A transaction that stands in the books, with its number and its steps."""

    number: int
    transaction: Transaction
    lines: tuple[Line, ...]


Decision = Posted | tuple[Refusal, ...]


class Posting:
    """A batch on its way into the books: a decision for each transaction, in order.

    ``positions`` are those of every account that something is taken from; a missing one is
    empty. What one transaction brings, the next may spend. Nothing given is changed.
    """

    def __init__(
        self, positions: Mapping[Key, Position], *, holds: Mapping[str, Hold] | None = None
    ) -> None:
        """Begin with what the accounts hold, and with the open holds that the batch uses."""
        self._piles = _Piles(positions)
        self._holds = dict(holds or {})
        self._decisions: list[Decision] = []

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What was decided so far, in the order of the batch."""
        return tuple(self._decisions)

    @property
    def posted(self) -> Iterator[Posted]:
        """The transactions that were accepted, in order."""
        return (each for each in self._decisions if isinstance(each, Posted))

    def decide(self, batch: Sequence[Transaction], numbers: Iterator[int]) -> list[Decision]:
        """Decide more of the batch, each transaction on its own and by the next number.

        A transaction that is refused moves nothing, and has all its reasons.
        """
        decisions = [
            _decide(self._piles, transaction, number, self._holds)
            for transaction, number in zip(batch, numbers, strict=False)
        ]
        assert len(decisions) == len(batch), "every transaction has a number"
        assert not any(self._piles.changes(batch).values()), "assets are neither made nor lost"
        self._decisions.extend(decisions)
        return decisions

    def after(self) -> dict[Key, Position]:
        """The positions that the batch changed, as they are after it."""
        return {key: pile.position() for key, pile in self._piles.items()}


def unissued(series: str) -> str:
    """What stands in the place of an asset's code for numbers that are not yet issued.

    >>> unissued("EU")
    'unissued EU'
    """
    return f"unissued {series}"


def whole_line(source: Account, series: str) -> tuple[Key, Position]:
    """A new series: every number of it, held by its source."""
    assert source.is_source, "only a source holds what is not yet issued"
    lot = Lot(series, 1, LAST_NUMBER, 0)
    return (source.number, unissued(series)), Position(count=lot.units, lots=(lot,))


def post(
    positions: Mapping[Key, Position],
    batch: Sequence[Transaction],
    *,
    numbers: Iterable[int],
    holds: Mapping[str, Hold] | None = None,
) -> Posting:
    """Decide a whole batch: see :class:`Posting`. ``numbers`` gives each transaction its number."""
    posting = Posting(positions, holds=holds)
    posting.decide(batch, iter(numbers))
    return posting


Mark = tuple[int, int, int, int, deque[Lot] | None]
"""A pile's count, what is held back, its wave, how many lots it has, and these if it gives."""


class _Pile:
    """A position being worked on."""

    __slots__ = ("count", "held", "lots", "summed", "wave")

    def __init__(self, position: Position) -> None:
        self.count = position.count
        self.summed = position.count
        """What it was when the sums were last looked at."""
        self.held = position.held
        self.lots = deque(position.lots)
        self.wave = 0
        """By this wave all that the batch has brought so far is here."""

    def position(self) -> Position:
        return Position(count=self.count, held=self.held, lots=tuple(self.lots))

    def mark(self, *, gives: bool) -> Mark:
        """What is needed to go back: lots only arrive at a pile that gives nothing."""
        lots = self.lots.copy() if gives else None
        return self.count, self.held, self.wave, len(self.lots), lots

    def go_back(self, mark: Mark) -> None:
        """Be again as when the mark was made."""
        self.count, self.held, self.wave, length, lots = mark
        if lots is not None:
            self.lots = lots
        while len(self.lots) > length:
            self.lots.pop()


class _Piles(dict[Key, _Pile]):
    """The positions that a batch touches, made when first asked for."""

    def __init__(self, positions: Mapping[Key, Position]) -> None:
        self._positions = positions

    def __missing__(self, key: Key) -> _Pile:
        pile = self[key] = _Pile(self._positions.get(key, NOTHING))
        return pile

    def changes(self, batch: Iterable[Transaction]) -> dict[str, int]:
        """By how much a part of a batch changed each asset's sum over all accounts: by nothing."""
        change: dict[str, int] = {}
        touched = {
            (end.number, movement.asset.code)
            for transaction in batch
            for movement in transaction.movements
            for end in (movement.source, movement.target)
        }
        for key in touched:
            pile = self[key]
            change[key[1]] = change.get(key[1], 0) + pile.count - pile.summed
            pile.summed = pile.count
        return change


def _decide(
    piles: _Piles, transaction: Transaction, number: int, holds: dict[str, Hold]
) -> Decision:
    """Post one transaction, or leave everything as it was and say why."""
    marks: dict[Key, Mark] = {}
    if len(transaction.movements) > 1 or transaction.hold is not None:
        giving = {each.source.number for each in transaction.movements}
        for key in _keys(transaction):
            if key not in marks:
                marks[key] = piles[key].mark(gives=key[0] in giving)
    refusals: list[Refusal] = []
    lines: list[Line] = []
    if transaction.hold is not None:
        refusals.extend(_use_hold(piles, transaction, holds))
    for movement in transaction.movements:
        refusal = _move(piles, movement, number, lines)
        if refusal is not None:
            refusals.append(refusal)
    if not refusals:
        if transaction.hold is not None:
            del holds[transaction.hold]
        return Posted(number, transaction, tuple(lines))
    for key, mark in marks.items():
        piles[key].go_back(mark)
    return tuple(refusals)


def _keys(transaction: Transaction) -> Iterator[Key]:
    for movement in transaction.movements:
        yield movement.source.number, movement.asset.code
        yield movement.target.number, movement.asset.code
        if movement.asset.series is not None:
            for end in (movement.source, movement.target):
                if end.is_source:
                    yield end.number, unissued(movement.asset.series)


def _use_hold(
    piles: _Piles, transaction: Transaction, holds: Mapping[str, Hold]
) -> Iterator[Refusal]:
    """Free what was promised to this transaction, so that it can be moved."""
    assert transaction.hold is not None
    hold = holds.get(transaction.hold)
    payers = {(each.source, each.asset) for each in transaction.movements}
    if hold is None or (hold.account, hold.asset) not in payers:
        yield UnknownHold(reference=BOOKS, hold=transaction.hold)
        return
    piles[hold.account.number, hold.asset.code].held -= hold.count


def _move(piles: _Piles, movement: Movement, number: int, lines: list[Line]) -> Refusal | None:
    """Move what one movement says, block by block; or change nothing and say why."""
    source, target, asset, count = movement.source, movement.target, movement.asset, movement.count
    giver = piles[source.number, asset.code]
    taker = piles[target.number, asset.code]
    free = giver.count - giver.held
    if free < count and not source.is_source:
        return ExceedsHolding(
            reference=BOOKS,
            account=source.number,
            asset=asset.code,
            asked=count,
            free=free,
            held=giver.held,
        )
    if asset.series is None:
        lines.append(Line(source.number, target.number, asset.code, count, None, 0, 0, 0, 0))
    else:
        rest = unissued(asset.series)
        gives = piles[source.number, rest] if source.is_source else giver
        takes = piles[target.number, rest] if target.is_source else taker
        taken = _take(gives.lots, movement)
        if taken is None:
            assert movement.block is not None or source.is_source, "a count is its lots"
            return _not_held(movement, asset)
        for lot in taken:
            # What covers a promise must be there before other units go.
            wave = max(lot.wave, giver.wave) if giver.held else lot.wave
            lines.append(_line(movement, lot, wave))
            takes.lots.append(Lot(lot.series, lot.first, lot.last, number, wave + 1))
            taker.wave = max(taker.wave, wave + 1)
        if gives is not giver:
            gives.count -= count
        if takes is not taker:
            takes.count += count
    giver.count -= count
    taker.count += count
    return None


def _line(movement: Movement, lot: Lot, wave: int) -> Line:
    return Line(
        movement.source.number,
        movement.target.number,
        movement.asset.code,
        lot.last - lot.first + 1,
        lot.series,
        lot.first,
        lot.last,
        lot.since,
        wave,
    )


def _not_held(movement: Movement, asset: Asset) -> BlockNotHeld:
    assert asset.series is not None
    block = movement.block or Block(asset.series, 1, LAST_NUMBER)
    return BlockNotHeld(
        reference=BOOKS, account=movement.source.number, asset=asset.code, block=block
    )


def _take(lots: deque[Lot], movement: Movement) -> list[Lot] | None:
    """Take a count from the front, or the named block from where it lies; None if it is not there.

    The first in goes first out, and of a lot the lowest numbers go first.
    """
    if movement.block is not None:
        return _take_named(lots, movement.block)
    left = movement.count
    taken: list[Lot] = []
    while left:
        if not lots:
            lots.extend(taken)
            return None
        series, first, last, since, wave = lots[0]
        here = last - first + 1
        if here <= left:
            taken.append(lots.popleft())
            left -= here
        else:
            taken.append(Lot(series, first, first + left - 1, since, wave))
            lots[0] = Lot(series, first + left, last, since, wave)
            left = 0
    return taken


def _take_named(lots: deque[Lot], block: Block) -> list[Lot] | None:
    """The block cut out of the one lot that contains it; what is left stays in its place."""
    for place, (series, first, last, since, wave) in enumerate(lots):
        if series == block.series and first <= block.first and block.last <= last:
            del lots[place]
            if block.last < last:
                lots.insert(place, Lot(series, block.last + 1, last, since, wave))
            if first < block.first:
                lots.insert(place, Lot(series, first, block.first - 1, since, wave))
            return [Lot(series, block.first, block.last, since, wave)]
    return None
