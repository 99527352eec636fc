"""What a new plant pays for what it emits above a standard, in place of offsets."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tonne.compliance import OffsetPaymentRule, offset_payment

# Oregon, 1997: the standard, the rate and the shares for the fund are from memory.
OREGON = OffsetPaymentRule(
    standard=Decimal("0.675"),
    tons_of_pound=Decimal("0.0005"),
    rate=Decimal("0.57"),
    currency="USD",
    first_amount=Decimal(500_000),
    first_share=Decimal("0.1"),
    further_share=Decimal("0.04286"),
    rounding="half_up",
)


def test_a_plant_of_500_megawatts_pays_for_thirty_years_at_once() -> None:
    # 500,000 kW x 8,760 h x 30 years; 0.075 lb above the standard; 2,000 lb to a short ton.
    hours = Decimal(500_000 * 8_760 * 30)
    assert hours == 131_400_000_000
    found = offset_payment(hours, Decimal("0.750"), OREGON)
    assert found.excess == 4_927_500
    assert str(found.offsets) == "USD 2,808,675.00"
    # 50,000 of the first 500,000, and 4.286 % of 2,308,675: 98,949.8105.
    assert str(found.fund) == "USD 148,949.81"
    assert str(found.total) == "USD 2,957,624.81"


def test_a_plant_within_the_standard_pays_nothing() -> None:
    found = offset_payment(Decimal(10**9), Decimal("0.675"), OREGON)
    assert found.excess == found.total.minor == 0
    assert offset_payment(Decimal(10**9), Decimal("0.5"), OREGON).total.minor == 0


def test_a_small_payment_bears_the_first_share_alone() -> None:
    # 10^9 kWh x 0.1 lb = 50,000 short tons: 28,500, and a tenth of it for the fund.
    found = offset_payment(Decimal(10**9), Decimal("0.775"), OREGON)
    assert str(found.offsets) == "USD 28,500.00"
    assert str(found.fund) == "USD 2,850.00"


@given(st.integers(0, 10**12), st.decimals("0", "2", places=3), st.decimals("0", "2", places=3))
def test_who_emits_more_never_pays_less(hours: int, one: Decimal, two: Decimal) -> None:
    less, more = sorted((one, two))
    paid = [offset_payment(Decimal(hours), each, OREGON).total.minor for each in (less, more)]
    assert paid == sorted(paid)
