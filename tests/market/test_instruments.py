"""What is traded, as a law file says it, and what its ticks and lots are worth."""

from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest

from changed import replace
from tonne.market import HIGHEST, InstrumentRules, PhaseStart
from tonne.quantity import Currency, Money
from tonne.rulebook import load
from trading import BANDED, DAY, SPOT

LAW = """
[[auction_lots]]
start = 2005-01-01
reference = "Rules of the exchange, 9"

[[auction_lots.value]]
code = "EUA-LOT"
scheme = "eu_ets"
unit = "EUA"
lot = 500
tick = 1
currency = "EUR"
settlement_days = 0

[[instruments]]
start = 2005-01-01
reference = "Rules of the exchange, 4.2"

[[instruments.value]]
code = "EUA-SPOT"
scheme = "eu_ets"
unit = "EUA"
vintage = "2005-2007"
lot = 1000
tick = 1
currency = "EUR"
lots_max = 1000
settlement_days = 1
time_zone = "Europe/Brussels"
self_trade = "cancel_newest"
short = false
credit = false
phases = [
    { start = "08:45", phase = "call" },
    { start = "09:00", phase = "continuous" },
    { start = "17:30", phase = "closed" },
]
"""


def test_an_instrument_is_read_from_a_law_file(tmp_path: Path) -> None:
    file = tmp_path / "market.toml"
    file.write_text(LAW, encoding="utf-8")
    rules = load(file, InstrumentRules)
    assert rules.instrument("EUA-SPOT", on=date(2006, 3, 1)) == SPOT
    lot = rules.auction_lot("EUA-LOT", on=date(2006, 3, 1))
    assert (lot.value.unit, lot.value.lot, lot.value.step) == ("EUA", 500, Decimal("0.01"))
    assert lot.reference == "Rules of the exchange, 9"


def test_a_lot_at_a_price_is_worth_units_times_ticks() -> None:
    # 5 lots of 1,000 tonnes at 8.12 euros: 40,600 euros.
    price, _ = SPOT.ticks_of(Decimal("8.12"), reference="here")
    assert SPOT.value(price=price, lots=5) == Money(4_060_000, Currency("EUR"))
    assert SPOT.price(price).times(5_000) == Money(4_060_000, Currency("EUR"))


def test_a_tick_may_be_less_than_a_cent_if_a_lot_costs_whole_cents() -> None:
    fine = replace(SPOT, tick=Decimal("0.5"))
    assert fine.tick_value == 500
    with pytest.raises(ValueError, match="whole minor units"):
        replace(SPOT, tick=Decimal("0.0005"))


def test_the_hours_say_in_which_phase_the_book_is() -> None:
    hours = {"08:44": "closed", "08:45": "call", "09:00": "continuous", "17:30": "closed"}
    assert {at: SPOT.phase_at(time.fromisoformat(at)) for at in hours} == hours


def test_a_band_is_never_wider_than_its_share_of_the_reference() -> None:
    # A tenth of 105 is 10.5, so 94.5 to 115.5: whole ticks inside are 95 to 115.
    assert BANDED.limits(105) == (95, 115)
    assert BANDED.limits(3) == (3, 3)
    assert BANDED.limits(None) == SPOT.limits(105) == (1, HIGHEST)


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ({"lot": 0}, "more than nothing"),
        ({"tick": Decimal(0)}, "more than nothing"),
        ({"settlement_days": -1}, "more than nothing"),
        ({"band_percent": Decimal(0)}, "wider than nothing"),
        ({"phases": (SPOT.phases[1], SPOT.phases[0])}, "follow each other"),
        ({"short": True, "settlement_days": 0}, "cannot be settled on the same day"),
        ({"credit": True, "settlement_days": 0}, "cannot be settled on the same day"),
        ({"delivery_day": DAY}, "until a day before it is delivered"),
        ({"delivery_day": DAY, "last_trading_day": DAY}, "until a day before it is delivered"),
    ],
)
def test_an_instrument_that_cannot_be_is_told_so(terms: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        replace(SPOT, **terms)


def test_a_phase_starts_at_hours_and_minutes() -> None:
    with pytest.raises(ValueError, match="not hours and minutes"):
        PhaseStart(start="09:00:30", phase="call")
