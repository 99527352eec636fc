"""A table of bids as an authority imports it: every fault by row and column, or the bids."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import ClassVar

from tonne.mrv import Cell, Sheet
from tonne.operations.auction_bids import BidOrder
from tonne.quantity import number
from tonne.refusal import Refusal, Refused, refuse_if_any

COLUMNS = ("bidder", "bid", "price", "count")
MOMENT = "received"
"""A column that may be left out: when a bid was received, if not now."""

REFERENCE = "Form of a table of bids"
FAULTS_MAX = 1000
_SHOWN = 40
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")
_DIGITS = 12
_WANTED = {
    "bidder": "the number of an account",
    "bid": "the bidder's own id of the bid",
    "price": "a price for one unit, such as 21.50",
    "count": "a whole number of units",
    MOMENT: "a moment such as 2025-06-02T11:30Z",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BidColumns(Refusal):
    """A table of bids has its columns, each once, and no other."""

    number: ClassVar[int] = 8820
    remedy: ClassVar[str] = "Put bidder, bid, price and count into the first row, each once."

    sheet: str
    found: tuple[str, ...]

    def __str__(self) -> str:
        shown = ", ".join(self.found) or "nothing"
        return (
            f"{self.sheet!r} should have the columns {', '.join(COLUMNS)} and perhaps {MOMENT}, "
            f"not {shown}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BidCell(Refusal):
    """A cell of a table of bids says what its column asks for."""

    number: ClassVar[int] = 8821
    remedy: ClassVar[str] = "Correct the cell, or take out the row."

    sheet: str
    row: int
    column: str
    found: str
    wanted: str

    def __str__(self) -> str:
        return (
            f"{self.sheet!r}, row {self.row}, column {self.column} is {self.found!r}, "
            f"not {self.wanted}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BidsUnreadable(Refusal):
    """Bids in JSON are a list of objects."""

    number: ClassVar[int] = 8822
    remedy: ClassVar[str] = 'Write [{"bidder": ..., "bid": ..., "price": "21.50", "count": 1000}].'

    file: str
    why: str

    def __str__(self) -> str:
        return f"File {self.file!r} is no list of bids: {self.why}."


@dataclass(frozen=True, slots=True, kw_only=True)
class BidFaultsMany(Refusal):
    """A table of bids is read on as long as its faults can be mended one by one."""

    number: ClassVar[int] = 8823
    remedy: ClassVar[str] = "Mend these first, or check whether it is the right file."

    faults: int

    def __str__(self) -> str:
        return f"The table has more than {self.faults:,} faults; it was not read on."


def read_bids(sheets: Iterable[Sheet], *, salt: Callable[[], str]) -> list[BidOrder]:
    """The bids of all sheets, or :class:`~tonne.refusal.Refused` with every fault of them."""
    return _whole((found for sheet in sheets for found in _read(sheet)), salt)


def read_bids_in_json(file: str, text: str, *, salt: Callable[[], str]) -> list[BidOrder]:
    """The same from a list of objects in JSON; prices are texts or plain numbers."""
    try:
        rows = json.loads(text, parse_float=Decimal, parse_constant=str)
    except (ValueError, RecursionError) as fault:
        raise Refused([BidsUnreadable(reference=REFERENCE, file=file, why=str(fault))]) from fault
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        why = "it is something else"
        raise Refused([BidsUnreadable(reference=REFERENCE, file=file, why=why)])
    return _whole((found for n, row in enumerate(rows, 1) for found in _object(file, n, row)), salt)


Fields = Mapping[str, str]


def _whole(found: Iterator[Fields | Refusal], salt: Callable[[], str]) -> list[BidOrder]:
    rows: list[BidOrder] = []
    faults: list[Refusal] = []
    for each in found:
        if isinstance(each, Refusal):
            faults.append(each)
        else:
            rows.append(_order(each, salt()))
        if len(faults) > FAULTS_MAX:
            many = BidFaultsMany(reference=REFERENCE, faults=FAULTS_MAX)
            raise Refused([*faults[:FAULTS_MAX], many])
    refuse_if_any(faults)
    return rows


def _read(sheet: Sheet) -> Iterator[Fields | Refusal]:
    filled = [(row, cells) for row, cells in enumerate(sheet.rows, 1) if any(map(_text, cells))]
    headings = [_text(cell).casefold() for cell in filled[0][1]] if filled else []
    while headings and not headings[-1]:
        headings.pop()
    if not _fits(headings):
        yield BidColumns(
            reference=REFERENCE,
            sheet=sheet.name,
            found=tuple(heading[:_SHOWN] for heading in headings[:_SHOWN]),
        )
        return
    for row, cells in filled[1:]:
        texts = [_text(cell) for cell in cells]
        texts += [""] * (len(headings) - len(texts))
        for text in texts[len(headings) :]:
            if text:
                yield _cell(sheet.name, row, "without a heading", text)
        yield from _row(sheet.name, row, dict(zip(headings, texts, strict=False)))


def _object(file: str, row: int, said: Mapping[str, object]) -> Iterator[Fields | Refusal]:
    if not _fits(list(said)):
        yield BidColumns(reference=REFERENCE, sheet=f"{file}, bid {row}", found=tuple(said))
        return
    plain = {
        name: "" if value is None else format(value, "f") if isinstance(value, Decimal)
        else str(value).strip()
        for name, value in said.items()
    }  # fmt: skip
    yield from _row(file, row, plain)


def _fits(headings: Sequence[str]) -> bool:
    return sorted(headings) in (sorted(COLUMNS), sorted([*COLUMNS, MOMENT]))


def _row(sheet: str, row: int, said: Fields) -> Iterator[Fields | Refusal]:
    """One bid as it is written, or what is wrong with its cells."""
    price, count, at = said["price"], said["count"], said.get(MOMENT, "")
    faults = [
        column
        for column, fits in (
            ("bidder", bool(said["bidder"])),
            ("bid", bool(said["bid"])),
            ("price", _is_number(price)),
            ("count", count.isdecimal() and count.isascii() and len(count) <= _DIGITS),
            (MOMENT, not at or a_moment(at) is not None),
        )
        if not fits
    ]
    for column in faults:
        yield _cell(sheet, row, column, said[column])
    if not faults:
        yield said


def _is_number(text: str) -> bool:
    try:
        number(text, what="Price", reference=REFERENCE)
    except Refused:
        return False
    return True


def _order(said: Fields, salt: str) -> BidOrder:
    return BidOrder(
        bidder=said["bidder"].upper(),
        id=said["bid"],
        price=Decimal(said["price"]),
        count=int(said["count"]),
        salt=salt,
        received=a_moment(said.get(MOMENT, "")),
    )


def a_moment(text: str) -> datetime | None:
    """The moment that is written there, if one is; it is of UTC where no zone is said."""
    try:
        found = datetime.fromisoformat(text) if _DAY.match(text) else None
    except ValueError:
        found = None
    if found is None:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _cell(sheet: str, row: int, column: str, found: str) -> BidCell:
    return BidCell(
        reference=REFERENCE,
        sheet=sheet,
        row=row,
        column=column,
        found=found[:_SHOWN],
        wanted=_WANTED.get(column, "empty"),
    )


def _text(cell: Cell) -> str:
    """What a person sees in a cell."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat()
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell).strip()
