"""A table of bids as an authority imports it: every fault by row and column, or the bids."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import ClassVar

from tonne.mrv import Sheet
from tonne.operations.auction_bids import BidOrder
from tonne.operations.plain_table import (
    CellUnfit,
    ColumnsUnfit,
    FaultsMany,
    Fields,
    Form,
    rows_of,
    whole,
)
from tonne.quantity import number
from tonne.refusal import Refusal, Refused

COLUMNS = ("bidder", "bid", "price", "count")
MOMENT = "received"
"""A column that may be left out: when a bid was received, if not now."""

REFERENCE = "Form of a table of bids"
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")
_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class BidColumns(ColumnsUnfit):
    """A table of bids has its columns, each once, and no other."""

    number: ClassVar[int] = 8820
    remedy: ClassVar[str] = "Put bidder, bid, price and count into the first row, each once."
    columns: ClassVar[str] = f"{', '.join(COLUMNS)} and perhaps {MOMENT}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BidCell(CellUnfit):
    """A cell of a table of bids says what its column asks for."""

    number: ClassVar[int] = 8821
    remedy: ClassVar[str] = "Correct the cell, or take out the row."


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
class BidFaultsMany(FaultsMany):
    """A table of bids is read on as long as its faults can be mended one by one."""

    number: ClassVar[int] = 8823
    remedy: ClassVar[str] = "Mend these first, or check whether it is the right file."


FORM = Form(
    reference=REFERENCE,
    columns=COLUMNS,
    optional=(MOMENT,),
    wanted={
        "bidder": "the number of an account",
        "bid": "the bidder's own id of the bid",
        "price": "a price for one unit, such as 21.50",
        "count": "a whole number of units",
        MOMENT: "a moment such as 2025-06-02T11:30Z",
    },
    columns_unfit=BidColumns,
    cell_unfit=BidCell,
    faults_many=BidFaultsMany,
)


def read_bids(sheets: Iterable[Sheet], *, salt: Callable[[], str]) -> list[BidOrder]:
    """The bids of all sheets, or :class:`~tonne.refusal.Refused` with every fault of them."""
    return [_order(each, salt()) for each in whole(rows_of(sheets, FORM, _row), FORM)]


def read_bids_in_json(file: str, text: str, *, salt: Callable[[], str]) -> list[BidOrder]:
    """The same from a list of objects in JSON; prices are texts or plain numbers."""
    try:
        rows = json.loads(text, parse_float=Decimal, parse_constant=str)
    except (ValueError, RecursionError) as fault:
        raise Refused([BidsUnreadable(reference=REFERENCE, file=file, why=str(fault))]) from fault
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        why = "it is something else"
        raise Refused([BidsUnreadable(reference=REFERENCE, file=file, why=why)])
    found = (each for n, row in enumerate(rows, 1) for each in _object(file, n, row))
    return [_order(each, salt()) for each in whole(found, FORM)]


def _object(file: str, row: int, said: Mapping[str, object]) -> Iterator[Fields | Refusal]:
    if not FORM.fits(list(said)):
        yield FORM.wrong_columns(f"{file}, bid {row}", list(said))
        return
    plain = {
        name: "" if value is None else format(value, "f") if isinstance(value, Decimal)
        else str(value).strip()
        for name, value in said.items()
    }  # fmt: skip
    yield from _row(file, row, plain)


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
        yield FORM.wrong_cell(sheet, row, column, said[column])
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
