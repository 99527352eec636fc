"""Sentences about forwards and purchase agreements, from signing to remedy."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from always import always
from changed import replace
from tonne.market import (
    Delivered,
    Due,
    FixedPrice,
    FloorPrice,
    Forward,
    ForwardAccount,
    ForwardRules,
    IndexedPrice,
    Remedied,
    Remedy,
    Upfront,
    deal_grounds,
    deliver_forward,
    forward_owed,
    from_issuance,
    meet_condition,
    remedied,
    sign_forward,
    unit_price,
)
from tonne.market import forward_grounds as no
from tonne.quantity import Currency, Money
from tonne.refusal import Refused

EUR = Currency("EUR")
LAW = ForwardRules(
    last_delivery=always(date(2012, 12, 31)),
    upfront_share_max=always(Decimal("0.25")),
    conditions=always(("registration", "issuance", "host letter")),
    interest=always(Decimal("0.05")),
)
MAKE_UP = Remedy(kind="make_up", trigger=Decimal(1), days=90)
# Worked example T27: 500,000 ERs at EUR 8, 20 % of it upfront.
T27 = Forward(
    id="ERPA-1",
    buyer="fund",
    seller="developer",
    unit="CER",
    signed_on=date(2008, 1, 1),
    schedule=(
        Due(on=date(2009, 12, 31), count=200_000),
        Due(on=date(2010, 12, 31), count=200_000),
        Due(on=date(2011, 12, 31), count=100_000),
    ),
    price=FixedPrice(minor=Decimal(800)),
    currency=EUR,
    tick=Decimal(1),
    remedy=MAKE_UP,
    upfront=Upfront(share=Decimal("0.2"), minor=Decimal(800), recovery="pro_rata"),
)
START = ForwardAccount(advance=80_000_000)


def delivered(count: int, index: int | None = None, **other: object) -> Delivered:
    some = Delivered(on=date(2010, 1, 1), unit="CER", count=count)
    return replace(some, index=None if index is None else Decimal(index), **other)


def why(forward: Forward) -> list[type]:
    with pytest.raises(Refused) as refused:
        sign_forward(forward, LAW)
    return [type(refusal) for refusal in refused.value.refusals]


def why_not(forward: Forward, some: Delivered, account: ForwardAccount = START) -> list[type]:
    with pytest.raises(Refused) as refused:
        deliver_forward(forward, account, some)
    return [type(refusal) for refusal in refused.value.refusals]


def test_an_advance_is_recovered_pro_rata_as_in_the_worked_example() -> None:
    account = sign_forward(T27, LAW)
    assert account == START  # EUR 800,000
    _, payment = deliver_forward(T27, account, delivered(1))
    assert payment.paid == Money(640, EUR)
    account, payment = deliver_forward(T27, account, delivered(380_000))
    # Worked example T27: cash 3,232,000, earned 3,040,000, unearned advance 192,000.
    assert Money(account.cash, EUR).amount == 3_232_000
    assert Money(account.earned, EUR).amount == 3_040_000
    assert Money(account.unearned, EUR).amount == 192_000
    # 380,000 x 6.40
    assert payment.paid.amount == 2_432_000


def test_without_an_advance_every_unit_is_paid_in_full_on_delivery() -> None:
    plain = replace(T27, upfront=None)
    account, payment = deliver_forward(plain, sign_forward(plain, LAW), delivered(10))
    assert (payment.paid.minor, account.cash) == (8_000, 8_000)


def test_an_advance_may_be_recovered_before_anything_else_is_paid() -> None:
    assert T27.upfront is not None
    first = replace(T27, upfront=replace(T27.upfront, recovery="first"))
    account, payment = deliver_forward(first, START, delivered(90_000))
    # 90,000 x 8 = 720,000 of the 800,000
    assert (payment.paid.minor, account.unearned) == (0, 8_000_000)
    _, payment = deliver_forward(first, account, delivered(90_000))
    assert payment.paid.amount == 640_000


def test_what_a_low_price_cannot_recover_is_recovered_later() -> None:
    # 20 % of 500,000 at EUR 8 is EUR 1.60 a unit; the first half is worth EUR 1 a unit.
    indexed = replace(T27, price=IndexedPrice(index="spot", share=Decimal(1)))
    account, payment = deliver_forward(indexed, START, delivered(250_000, 100))
    assert (payment.paid.minor, account.unearned) == (0, 55_000_000)
    account, payment = deliver_forward(indexed, account, delivered(250_000, 800))
    assert (payment.paid.minor, account.unearned) == (200_000_000 - 55_000_000, 0)


def test_a_price_follows_its_index_on_its_tick() -> None:
    indexed = replace(T27, price=IndexedPrice(index="spot", share=Decimal("0.8"), plus=Decimal(50)))
    # 0.8 x 13.01 + 0.50 = 10.908; half up to the cent, and to five cents
    assert unit_price(indexed, Decimal(1301)) == 1091
    assert unit_price(replace(indexed, tick=Decimal(5)), Decimal(1301)) == 1090
    assert unit_price(replace(indexed, tick=Decimal(20)), Decimal(1300)) == 1100
    assert unit_price(replace(T27, tick=Decimal(7)), None) == 800


def test_a_floor_holds_and_above_it_there_is_a_share() -> None:
    floor = FloorPrice(index="spot", floor=Decimal(700), share=Decimal("0.5"))
    forward = replace(T27, price=floor)
    assert unit_price(forward, Decimal(600)) == 700
    assert unit_price(forward, Decimal(1100)) == 900


def test_a_forward_past_the_last_period_of_the_scheme_is_refused() -> None:
    late = replace(T27, schedule=(*T27.schedule, Due(on=date(2013, 1, 1), count=1)))
    with pytest.raises(Refused, match="due on 2013-01-01; the last period ends on 2012-12-31"):
        sign_forward(late, LAW)
    assert why(late) == [no.ForwardPastLastPeriod]


def test_a_schedule_is_in_order_and_has_units_on_every_day() -> None:
    first, second, third = T27.schedule
    for schedule in ((), (second, first, third), (first, first), (replace(first, count=0),)):
        assert why(replace(T27, schedule=schedule)) == [no.ScheduleDisordered]
    assert why(replace(T27, signed_on=first.on)) == [no.ScheduleDisordered]


def test_no_more_is_paid_upfront_than_the_law_allows() -> None:
    assert T27.upfront is not None
    for share in ("0.26", "0"):
        upfront = replace(T27.upfront, share=Decimal(share))
        assert why(replace(T27, upfront=upfront)) == [no.UpfrontExceedsShare]
    inflated = replace(T27.upfront, minor=Decimal(801))
    assert why(replace(T27, upfront=inflated)) == [no.UpfrontExceedsShare]


def test_the_risk_is_that_of_a_project_with_a_name() -> None:
    assert why(replace(T27, risk="project")) == [no.ProjectUnnamed]


def test_nobody_sells_forward_to_himself() -> None:
    assert why(replace(T27, seller="fund")) == [deal_grounds.PartiesNotApart]


def test_a_remedy_says_all_that_it_needs() -> None:
    for kind in ("replacement", "damages"):
        assert why(replace(T27, remedy=replace(MAKE_UP, kind=kind))) == [no.RemedyIncomplete]
    repaid = replace(T27, upfront=None, remedy=replace(MAKE_UP, kind="advance_repaid"))
    assert why(repaid) == [no.RemedyIncomplete]
    for change in ({"days": 0}, {"trigger": Decimal(0)}, {"trigger": Decimal("1.1")}):
        assert why(replace(T27, remedy=replace(MAKE_UP, **change))) == [no.RemedyIncomplete]


def test_a_condition_is_one_that_the_law_and_the_contract_know() -> None:
    assert why(replace(T27, conditions=("good weather",))) == [no.ConditionUnknown]
    with pytest.raises(Refused, match="'issuance' is no condition of ERPA-1"):
        meet_condition(replace(T27, conditions=("registration",)), START, "issuance")


def test_nothing_is_delivered_before_the_conditions_are_met() -> None:
    waiting = replace(T27, conditions=("registration", "issuance"))
    account = meet_condition(waiting, START, "issuance")
    with pytest.raises(Refused, match="ERPA-1 still waits for: registration") as refused:
        deliver_forward(waiting, account, delivered(1))
    assert isinstance(refused.value.refusals[0], no.ConditionsNotMet)
    account = meet_condition(waiting, account, "registration")
    assert deliver_forward(waiting, account, delivered(1))[0].delivered == 1


def test_no_more_comes_than_was_agreed() -> None:
    assert why_not(T27, delivered(500_001)) == [no.DeliveryExceedsContract]
    assert why_not(T27, delivered(0)) == [no.DeliveryExceedsContract]
    early, _ = deliver_forward(T27, START, delivered(500_000))
    assert early.unearned == 0


def test_other_units_and_those_of_another_project_are_refused() -> None:
    wind = replace(T27, project="wind")
    assert why_not(wind, delivered(1, project="gas")) == [no.WrongDelivery]
    with pytest.raises(Refused, match="CER of no project came for ERPA-1, which is of CER of wind"):
        deliver_forward(wind, START, delivered(1))
    assert why_not(wind, delivered(1, project="wind", unit="ERU")) == [no.WrongDelivery]
    replaced = Remedy(kind="replacement", trigger=Decimal(1), days=30, units=("ERU",))
    other = replace(wind, remedy=replaced)
    assert deliver_forward(other, START, delivered(1, unit="ERU"))[0].delivered == 1


def test_a_project_delivers_what_it_was_issued() -> None:
    wind = replace(T27, project="wind")
    assert why_not(wind, delivered(101, project="wind", issued=100)) == [no.DeliveryExceedsIssuance]
    all_of_it = delivered(100, project="wind", issued=100)
    assert deliver_forward(wind, START, all_of_it)[0].delivered == 100


def test_a_price_that_follows_an_index_needs_it() -> None:
    indexed = replace(T27, price=IndexedPrice(index="spot", share=Decimal(1)))
    assert why_not(indexed, delivered(1)) == [no.IndexMissing]


def test_a_guaranteed_delivery_is_owed_whatever_was_issued() -> None:
    account = replace(START, delivered=150_000)
    day = date(2010, 6, 1)
    assert forward_owed(T27, account, on=day, issued=160_000) == 50_000
    at_risk = replace(T27, risk="project", project="wind")
    assert forward_owed(at_risk, account, on=day, issued=160_000) == 10_000
    assert forward_owed(at_risk, account, on=day) == 0


def test_an_issuance_goes_to_the_contracts_in_order_or_pro_rata() -> None:
    wanted = {"second": 60, "first": 40}
    assert from_issuance(70, wanted, by="in_order") == {"second": 60, "first": 10}
    # 70 x 0.6 and 70 x 0.4
    assert from_issuance(70, wanted, by="pro_rata") == {"second": 42, "first": 28}
    assert from_issuance(500, wanted, by="pro_rata") == wanted
    assert from_issuance(0, wanted, by="pro_rata") == {"second": 0, "first": 0}


def remedy_of(remedy: Remedy, came: int = 150_000, day: date = date(2010, 1, 1)) -> Remedied:
    account, _ = deliver_forward(T27, START, delivered(came))
    return remedied(replace(T27, remedy=remedy), account, LAW, on=day, spot=Decimal(1_000))


def test_what_is_made_up_is_due_with_the_next() -> None:
    found = remedy_of(MAKE_UP)
    assert (found.missing, found.money.minor) == (50_000, 0)
    assert [due.count for due in found.forward.schedule] == [150_000, 250_000, 100_000]
    assert forward_owed(found.forward, found.account, on=date(2010, 1, 1)) == 0
    assert remedy_of(MAKE_UP, day=date(2009, 12, 31)).forward == found.forward


def test_what_is_made_up_after_the_last_day_has_a_day_of_its_own_within_the_last_period() -> None:
    found = remedy_of(MAKE_UP, came=450_000, day=date(2012, 1, 1))
    assert found.forward.schedule[-1] == Due(on=date(2012, 3, 31), count=50_000)
    assert found.forward.count == T27.count
    with pytest.raises(Refused) as refused:
        remedy_of(MAKE_UP, came=450_000, day=date(2012, 12, 1))
    assert isinstance(refused.value.refusals[0], no.ForwardPastLastPeriod)


def test_what_is_replaced_is_still_owed_and_may_come_in_other_units() -> None:
    found = remedy_of(Remedy(kind="replacement", trigger=Decimal(1), days=30, units=("ERU",)))
    assert (found.units, found.by) == (("ERU",), date(2010, 1, 31))
    assert forward_owed(found.forward, found.account, on=found.by) == 50_000


def test_damages_are_what_others_cost_more_and_what_was_paid_in_advance() -> None:
    penalty = Remedy(kind="damages", trigger=Decimal(1), days=30, per_unit=Decimal(100))
    found = remedy_of(penalty)
    # 50,000 x ((10 - 8) + 1) = 150,000, and 50,000 x 1.60 of the advance = 80,000
    assert found.money.amount == 230_000
    assert forward_owed(found.forward, found.account, on=date(2010, 1, 1)) == 0
    # 150,000 came at 6.40 and 300,000 are left at 6.40: nothing is lost of the advance.
    account, payment = deliver_forward(found.forward, found.account, delivered(300_000))
    assert (account.unearned, payment.paid.minor) == (0, 192_000_000)


def test_the_last_delivery_recovers_the_odd_cent_of_an_advance() -> None:
    # Of three units at an advance of 100 cents one is not to come: 33 are paid back for it.
    upfront = Upfront(share=Decimal("0.25"), minor=Decimal(400) / 3, recovery="pro_rata")
    three = replace(T27, schedule=(Due(on=date(2009, 12, 31), count=3),), upfront=upfront)
    account = ForwardAccount(advance=100, forgone=1, repaid=33)
    account, first = deliver_forward(three, account, delivered(1))
    account, last = deliver_forward(three, account, delivered(1))
    assert (first.recovered.minor, last.recovered.minor, account.unearned) == (33, 34, 0)


def test_an_advance_is_repaid_with_simple_interest_and_the_contract_is_over() -> None:
    repaid = Remedy(kind="advance_repaid", trigger=Decimal(1), days=30)
    found = remedy_of(repaid, day=date(2010, 1, 1))
    # 800,000 - 150,000 x 1.60 = 560,000; 731 days at 5 %: 560,000 x 0.05 x 731 / 365 = 56,076.71
    assert found.interest.amount == Decimal("56076.71")
    assert found.money.amount == Decimal("616076.71")
    assert found.account.unearned == 0
    assert why_not(found.forward, delivered(1), found.account) == [no.DeliveryExceedsContract]


def test_a_small_shortfall_calls_for_nothing_until_it_passes_the_trigger() -> None:
    patient = replace(MAKE_UP, trigger=Decimal("0.75"))
    with pytest.raises(Refused) as refused:
        remedy_of(patient, came=150_000)
    assert isinstance(refused.value.refusals[0], no.NothingShort)
    assert remedy_of(patient, came=149_999).missing == 50_001


def test_where_nothing_is_missing_no_remedy_is_owed() -> None:
    with pytest.raises(Refused, match="0 units are missing"):
        remedy_of(MAKE_UP, came=200_000)


@given(
    st.lists(st.tuples(st.integers(1, 500), st.integers(0, 3_000)), max_size=8),
    st.sampled_from(["pro_rata", "first"]),
)
def test_whatever_comes_and_at_what_price_every_cent_of_the_advance_is_accounted_for(
    came: list[tuple[int, int]], recovery: str
) -> None:
    upfront = Upfront(share=Decimal("0.2"), minor=Decimal(801), recovery="pro_rata")
    forward = replace(
        T27,
        schedule=(Due(on=date(2009, 12, 31), count=1_000),),
        price=IndexedPrice(index="spot", share=Decimal("0.7")),
        upfront=replace(upfront, recovery=recovery),
    )
    account = sign_forward(forward, LAW)
    paid = account.advance
    for count, index in came:
        if count > forward.count - account.delivered:
            break
        account, payment = deliver_forward(forward, account, delivered(count, index))
        assert 0 <= payment.paid.minor <= payment.value.minor
        paid += payment.paid.minor
        assert paid == account.cash
        assert 0 <= account.unearned <= account.advance
