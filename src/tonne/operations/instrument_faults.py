"""Does what is traded exist? The instruments of a scheme beside its units and their periods."""

import re
from collections.abc import Iterator
from datetime import date

from tonne.market import AuctionLot, Instrument
from tonne.operations.scheme import AUCTIONS, Scheme
from tonne.operations.scheme import INSTRUMENTS as FILE
from tonne.registry import DayRules

__all__ = ["FILE", "found_in"]

_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")


def found_in(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """The code of each instrument that could not be delivered, and why not."""
    if FILE not in scheme.laws:
        return
    law = scheme.instruments
    listed: list[tuple[date, tuple[Instrument | AuctionLot, ...]]] = [
        *((each.start, each.value) for each in law.instruments.clauses),
        *((each.start, each.value) for each in law.auction_lots.clauses),
    ]
    for start, value in listed:
        rules = scheme.on(start)
        for each in value:
            for why in _faults(each, rules):
                yield each.code, f"{each.code}: {why}"
    if AUCTIONS in scheme.laws:
        for lot in (each for clause in law.auction_lots.clauses for each in clause.value):
            for price in scheme.auctions.off_tick(lot):
                yield lot.code, f"{lot.code}: {price} of {AUCTIONS} is not on its tick, {lot.step}"


def _faults(instrument: Instrument | AuctionLot, rules: DayRules) -> Iterator[str]:
    unit = rules.units.get(instrument.unit)
    if unit is None:
        yield f"there is no unit {instrument.unit} on {rules.day}"
        return
    if unit.period is None:
        return
    period = rules.periods[unit.period]
    years = _YEARS.fullmatch(instrument.vintage or "")
    if instrument.vintage is not None and (
        years is None or not all(int(year) in period for year in years.groups() if year)
    ):
        yield (
            f"its vintage {instrument.vintage!r} is not of {period.name}, in which {unit.code} live"
        )
    if isinstance(instrument, AuctionLot):
        return
    last = _last_delivery(instrument)
    if last is not None and last > period.last_day:
        yield f"it is delivered up to {last}, and {unit.code} may move up to {period.last_day}"


def _last_delivery(instrument: Instrument) -> date | None:
    """The last day of which it is already known that units move."""
    return instrument.delivery_day or instrument.last_trading_day
