"""Which greenhouse gas, and how much it warms beside carbon dioxide."""

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from importlib.resources import files

from tonne.quantity.count import unknown
from tonne.refusal import Refusal, Refused


class GwpSet(StrEnum):
    """The report of the IPCC whose potentials over 100 years a law counts with."""

    SAR, AR4, AR5, AR6 = "SAR", "AR4", "AR5", "AR6"


@dataclass(frozen=True, slots=True, order=True)
class Gas:
    """A greenhouse gas, by its name in the table of potentials."""

    code: str

    def __post_init__(self) -> None:
        assert self.code == "CO2" or self.code in _potentials(), f"the table names {self.code}"

    def potential(self, gwp_set: GwpSet) -> Decimal | None:
        """Tonnes of CO2 that warm as one tonne does; none where the report is silent."""
        return Decimal(1) if self.code == "CO2" else _potentials()[self.code].get(gwp_set)


def gas(text: str, *, reference: str = "globalwarmingpotentials, Species") -> Gas:
    """The gas written there: ``HFC-23``, ``hfc23`` and ``CO₂`` are all understood."""
    spelling, codes = _spelling(text) if len(text) <= 40 else "", _spellings()  # noqa: PLR2004  no name of a gas is longer
    if spelling in codes:
        return Gas(codes[spelling])
    kind, known = "a greenhouse gas", [codes[each] for each in get_close_matches(spelling, codes)]
    if spelling in ("NOX", "NO", "NO2"):
        kind, known = "a Kyoto gas, as nitrous oxide is", ["N2O"]
    raise Refused(unknown(text, kind=kind, known=known, reference=reference))


def outside_basket(gas: Gas, basket: frozenset[Gas], *, reference: str) -> Iterator[Refusal]:
    """Refuse a gas that the law of a scheme does not name."""
    known = sorted(each.code for each in basket)
    yield from unknown(gas.code, kind="a gas that counts here", known=known, reference=reference)


def _spelling(text: str) -> str:
    return re.sub(r"[\s\-_.]", "", unicodedata.normalize("NFKC", text)).upper()


@cache
def _spellings() -> dict[str, str]:
    return {_spelling(code): code for code in ("CO2", *_potentials())}


@cache
def _potentials() -> dict[str, dict[GwpSet, Decimal]]:
    table = files("tonne.quantity") / "gwp" / "globalwarmingpotentials.csv"
    lines = (line for line in table.read_text("utf-8").splitlines() if not line.startswith("#"))
    found = {}
    for row in csv.DictReader(lines):
        told = {each: row[f"{each}GWP100"] for each in GwpSet}
        found[row["Species"]] = {each: Decimal(text) for each, text in told.items() if text}
    return found
