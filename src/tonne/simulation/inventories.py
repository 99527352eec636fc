"""What nations emitted, by gas: a table of inventories, weighed with the potentials of a law.

The table's form is described in ``docs/reference/replay-format.md``. A gas whose mass is told is
weighed with the potentials asked for. HFCs and PFCs are told in CO2 equivalent alone, so they stay
as they were published.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from tonne.compliance import Inventory
from tonne.quantity import Gas, GwpSet, Mass, Tonnes, co2e
from tonne.simulation.faults import FORMAT, Faults, NothingToReplay
from tonne.simulation.table import Table

INVENTORIES = "inventories"
MASSES = {"co2_kt": "CO2", "ch4_kt": "CH4", "n2o_kt": "N2O", "sf6_kt": "SF6", "nf3_kt": "NF3"}
"""Columns that tell a mass, and the gas."""
GROUPS = {"hfcs_kt_co2e": "HFCs", "pfcs_kt_co2e": "PFCs", "mix_kt_co2e": "HFCs"}
"""Columns that tell CO2 equivalent, and the name under which a law counts them."""
TOTAL = "total_kt_co2e"
PUBLISHED_WITH = GwpSet.AR4
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,20})?(e-[0-9]{1,2})?")
_KILOTONNE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryRow:
    """One nation and year as published: masses in kilotonnes, the rest in kt of CO2 equivalent."""

    party: str
    year: int
    told: dict[str, Decimal]
    """By column; nothing where a gas does not occur."""

    @property
    def published(self) -> Tonnes:
        """The total as it was published, with the potentials of its own time."""
        return Tonnes(self.told[TOTAL] * _KILOTONNE)

    def weighed(self, gases: Iterable[str], potentials: GwpSet) -> Inventory:
        """The same year with the basket and the potentials of a law."""
        basket, tonnes = frozenset(gases), Tonnes.zero
        for column, code in MASSES.items():
            if code in basket:
                mass = Mass(self.told[column] * _KILOTONNE)
                tonnes += co2e(Gas(code), mass, potentials)
        for column, group in GROUPS.items():
            if group in basket:
                tonnes += Tonnes(self.told[column] * _KILOTONNE)
        return Inventory(year=self.year, tonnes=tonnes)


def read_inventories(folder: Path, years: range) -> dict[str, list[InventoryRow]]:
    """The rows of those years by nation, or every fault of the table at once."""
    faults = Faults()
    found: dict[str, list[InventoryRow]] = {}
    for row in _rows(Table(folder, INVENTORIES, faults), years):
        found.setdefault(row.party, []).append(row)
    if not faults.total and not found:
        faults.add(NothingToReplay(first=years.start, last=years.stop - 1, reference=FORMAT))
    faults.refuse()
    return found


def _rows(table: Table, years: range) -> Iterator[InventoryRow]:
    columns = (*MASSES, *GROUPS, TOTAL)
    seen: set[tuple[str, int]] = set()
    for row, (party, text, *cells) in table.rows(("party", "year", *columns)):
        year = table.year(row, text)
        if year not in years:
            continue
        table.registry(row, party)
        if (party, year) in seen:
            table.cell(row, "year", text, "each year of a nation once")
        seen.add((party, year))
        told = {
            column: _number(table, row, column, cell)
            for column, cell in zip(columns, cells, strict=True)
        }
        yield InventoryRow(party=party, year=year, told=told)


def _number(table: Table, row: int, column: str, text: str) -> Decimal:
    """A plain number, also a very small one with an exponent; an empty cell is nothing."""
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    if text or column == TOTAL:
        table.cell(row, column, text, "a number, not negative")
    return Decimal(0)
