"""What the registry of the clean development mechanism published: blocks issued and cancelled.

The form of the two tables is described in ``docs/reference/replay-format.md``. A folder with a
fault is refused whole, with every fault that could be found.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tonne.ledger import LAST_NUMBER
from tonne.registry import Serial
from tonne.simulation.cdm_faults import (
    CDM_FORMAT,
    BlockNotItsTotal,
    BlocksOverlap,
    CancellationTwice,
    NoBlocks,
)
from tonne.simulation.faults import Faults
from tonne.simulation.table import Table

ISSUED = "issuance_transactions"
CANCELLED = "cancellation_transactions"
TYPES = {
    "AAU": 1, "RMU": 2, "ERU (from AAU)": 3, "ERU (from RMU)": 4, "CER": 5, "tCER": 6, "lCER": 7,
}  # fmt: skip
_FORESTS = (6, 7)
"""Types of which every unit comes from afforestation or reforestation, activity 1."""

_NAMES = {name: name for name in TYPES}
_PERIODS = {"1": "1", "2": "2"}
_DONE = {"4 - Completed": "4 - Completed"}
_ISSUANCE = {"Issuance (1)": "Issuance (1)"}
_CANCELLATION = {"Cancellation (4)": "Cancellation (4)"}
_PLATFORM = {"Yes": "Yes", "No": "No"}
_COLUMNS = (
    "completion_date", "transaction_type", "status", "unit_type", "commitment_period", "total",
    "serial_start", "serial_end",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CdmRow:
    """A block that was issued or cancelled, and when that was completed."""

    row: int
    at: datetime
    serial: Serial
    platform: bool = False
    """Whether it was cancelled through the platform for voluntary cancellation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CdmHistory:
    """All blocks that were issued and all that were cancelled, each in order of time."""

    issued: tuple[CdmRow, ...]
    cancelled: tuple[CdmRow, ...]


def read_cdm(folder: Path) -> CdmHistory:
    """The history of a folder, or :class:`Refused` with every fault of it."""
    faults = Faults()
    issued = list(_issued(Table(folder, ISSUED, faults)))
    cancelled = list(_cancelled(Table(folder, CANCELLED, faults)))
    if not faults.total and not issued:
        faults.add(NoBlocks(file=ISSUED, reference=CDM_FORMAT))
    _once(issued, faults)
    _told_once(cancelled, faults)
    faults.refuse()
    return CdmHistory(
        issued=tuple(sorted(issued, key=_when)), cancelled=tuple(sorted(cancelled, key=_when))
    )


def _when(row: CdmRow) -> datetime:
    return row.at


def _issued(table: Table) -> Iterator[CdmRow]:
    for row, cells in table.rows((*_COLUMNS, "party_code", "project_number")):
        *block, party, project = cells
        table.choice(row, "transaction_type", cells[1], _ISSUANCE)
        party = table.registry(row, party, "party_code")
        found = _row(table, row, block, party, _project(table, row, "project_number", project))
        if found is not None:
            yield found


def _cancelled(table: Table) -> Iterator[CdmRow]:
    names = (*_COLUMNS, "project_identifier", "via_voluntary_cancellation_platform")
    for row, cells in table.rows(names):
        *block, identifier, platform = cells
        table.choice(row, "transaction_type", cells[1], _CANCELLATION)
        party, dash, project = identifier.partition("-")
        if not dash:
            table.cell(row, "project_identifier", identifier, "party, dash, number: BR-2569")
            continue
        table.choice(row, "via_voluntary_cancellation_platform", platform, _PLATFORM)
        party = table.registry(row, party, "project_identifier")
        number = _project(table, row, "project_identifier", project)
        found = _row(table, row, block, party, number, platform=platform == "Yes")
        if found is not None:
            yield found


def _row(
    table: Table,
    row: int,
    cells: list[str],
    party: str,
    project: int,
    *,
    platform: bool = False,
) -> CdmRow | None:
    """A row read into its shape, or nothing where a fault was noted."""
    when, _, status, name, period, total, start, end = cells
    table.choice(row, "status", status, _DONE)
    type_number = TYPES.get(table.choice(row, "unit_type", name, _NAMES), 0)
    table.choice(row, "commitment_period", period, _PERIODS)
    at = _moment(table, row, when)
    count = table.count(row, "total", total)
    first, last = (
        table.count(row, column, text)
        for column, text in (("serial_start", start), ("serial_end", end))
    )
    if last - first + 1 != count or not 0 < first <= last <= LAST_NUMBER:
        table.fault(
            BlockNotItsTotal(
                file=table.file, row=row, first=first, last=last, total=count, reference=CDM_FORMAT
            )
        )
        return None
    if at is None or period not in _PERIODS or not type_number or not project:
        return None
    serial = Serial(
        party=party,
        type_number=type_number,
        first=first,
        last=last,
        original=int(period),
        applicable=int(period),
        activity=1 if type_number in _FORESTS else 0,
        project=project,
    )
    return CdmRow(row=row, at=at, serial=serial, platform=platform)


def _project(table: Table, row: int, column: str, text: str) -> int:
    number = table.count(row, column, text)
    if not number:
        table.cell(row, column, text, "the number of a project")
    return number


def _moment(table: Table, row: int, text: str) -> datetime | None:
    """When a transaction was completed, to the millisecond, in universal time."""
    try:
        return datetime.fromisoformat(f"{text}+00:00")
    except ValueError:
        table.cell(row, "completion_date", text, "a moment such as 2012-10-27T08:22:17.443")
        return None


def _told_once(cancelled: list[CdmRow], faults: Faults) -> None:
    """Note a cancellation that stands in two rows."""
    seen: dict[tuple[Serial, datetime], int] = {}
    for each in cancelled:
        other = seen.setdefault((each.serial, each.at), each.row)
        if other != each.row:
            faults.add(
                CancellationTwice(
                    file=CANCELLED,
                    row=each.row,
                    other=other,
                    serial=str(each.serial),
                    reference=CDM_FORMAT,
                )
            )


def _once(issued: list[CdmRow], faults: Faults) -> None:
    """Note numbers that are issued twice."""
    line = sorted(issued, key=lambda each: (each.serial.party, each.serial.first))
    furthest: dict[str, CdmRow] = {}
    for after in line:
        party = after.serial.party
        # A long block may reach over several that begin after it.
        before = furthest.get(party, after)
        if before is not after and after.serial.first <= before.serial.last:
            faults.add(
                BlocksOverlap(
                    file=ISSUED,
                    row=after.row,
                    other=before.row,
                    party=party,
                    issued=after.serial.first,
                    reference=CDM_FORMAT,
                )
            )
        if after.serial.last >= before.serial.last:
            furthest[party] = after
