"""The land of the Example Act with much to see: many scripts, a closed year, a cancellation."""

from datetime import UTC, date, datetime
from decimal import Decimal

from land import VERIFIED, Land
from tonne import operations
from tonne.mrv import EmissionsReport
from tonne.operations import Office, Opening, Transfer
from tonne.quantity import Tonnes
from tonne.registry import Dedication
from world import Store

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)

OPERATORS = {
    "Cementarna Šoštanj, d.o.o.": (12_480, 11_900, 11_900),
    "हेटौँडा सिमेन्ट उद्योग": (15_000, 14_000, 14_000),
    "کارخانهٔ سیمان تهران": (7_000, 6_900, 6_900),
    "<script>alert(1)</script>": (9_000, 9_500, 9_000),
    '=HYPERLINK("http://elsewhere.example")': (400, 0, 0),
}
"""By name: what an operator is given, emits and surrenders for 2025."""


def public_land(store: Store) -> Land:
    """The settled land and five more operators, who live through 2025."""
    land = Land(store).settle()
    land.issue(80_000, on="2025-01-03")
    codes = {name: f"XE-{1000 + place}" for place, name in enumerate(OPERATORS)}
    for place, (name, code) in enumerate(codes.items()):
        opening = Opening(
            kind="operator", name=name, registry="XE", operator=code, identifier=20 + place
        )
        account = land.do(
            operations.open_account,
            opening,
            key=f"open {code}",
            on="2025-01-01",
            by="administrator",
        )
        land.accounts[name] = account.number
    land.allocate({codes[name]: given for name, (given, _, _) in OPERATORS.items()})
    land.transfer(land.order("steel", "kiln", 10), land.order("steel", "ana", 5))
    land.emit("steel", 45)
    land.emit("kiln", 70)
    land.surrender("steel", 45)
    land.surrender("kiln", 60)
    for name, (_, emitted, surrendered) in OPERATORS.items():
        if emitted:
            _emit(land, codes[name], emitted)
            land.surrender(name, surrendered)
    _cancel(land, 3)
    land.close(2025)
    return land


def office(land: Land, *, now: datetime = NOW) -> Office:
    """The office of the land, on a day after its first year was made public."""
    return Office(schemes={land.scheme.name: land.scheme}, store=land.store, now=lambda: now)


def _emit(land: Land, code: str, tonnes: int) -> None:
    told = EmissionsReport(
        operator=code, year=2025, tonnes=Tonnes(Decimal(tonnes)), submitted=date(2026, 3, 31)
    )
    land.do(
        operations.verify, [(told, VERIFIED)], key=f"verify {code}", on="2026-03-31", by="operator"
    )


def _cancel(land: Land, count: int) -> None:
    order = Transfer(
        key="for a flight",
        source=land.number("ana"),
        target=land.number("cancelled"),
        unit="EXA-1",
        count=count,
        dedication=Dedication(beneficiary="Ana Novak", purpose="a flight to Kathmandu"),
    )
    land.do(operations.cancel, [order], verb="cancel_voluntarily", on="2026-05-02", by="operator")
