"""Sentences about deals that are made outside the order book."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from always import always, calendar
from changed import replace
from tonne.market import (
    DEAL_TURNS,
    BlockRule,
    Brokerage,
    Deal,
    DealRules,
    DealState,
    DealWord,
    Leg,
    Said,
    deal_commission,
    deal_legs,
    expired_deals,
    publication,
    say_of_deal,
)
from tonne.market import deal_grounds as no
from tonne.quantity import Currency, Money, Price
from tonne.refusal import Refused

EUR = Currency("EUR")
WEEK = calendar(date(2009, 6, 12))
"""A Friday is a holiday."""

NOON = datetime(2009, 6, 1, 12, tzinfo=UTC)
LAW = DealRules(
    block=always(BlockRule(count_min=50_000, delay_minutes=60)),
    price_withheld=always("allowed"),
    settlement_days=always(0),
)
OPEN_LAW = replace(LAW, price_withheld=always("refused"))


def euros(amount: str) -> Price:
    return Price(minor=Decimal(amount) * 100, tick=Decimal(1), currency=EUR)


DRAFT = Deal(
    id="D-1",
    buyer="steel",
    seller="power",
    unit="EUA",
    count=10_000,
    price=euros("13.50"),
    settle_on=date(2009, 6, 3),
    valid_until=NOON + timedelta(hours=1),
)
BROKER = Brokerage(broker="broker", basis="per_unit", rate=Decimal(1), payer="both")


def told(deal: Deal, *words: tuple[DealWord, str | None], law: DealRules = LAW) -> Deal:
    for word, by in words:
        deal = say_of_deal(deal, Said(word=word, by=by, at=NOON), law, WEEK)
    return deal


def refusals(deal: Deal, said: Said, law: DealRules = LAW) -> list[str]:
    with pytest.raises(Refused) as refused:
        say_of_deal(deal, said, law, WEEK)
    return [refusal.code for refusal in refused.value.refusals]


def test_no_word_leads_to_two_states_and_every_state_can_be_reached() -> None:
    rows = [row[:2] for row in DEAL_TURNS]
    assert len(set(rows)) == len(rows)
    # A deal expires without a word.
    reached = {DealState.NEW, DealState.EXPIRED, *(row.becomes for row in DEAL_TURNS)}
    assert reached == set(DealState)
    assert {row.word for row in DEAL_TURNS} == set(get_args(DealWord))


def test_who_proposes_has_confirmed_and_the_other_side_makes_it_a_deal() -> None:
    proposed = told(DRAFT, ("propose", "steel"))
    assert (proposed.state, proposed.confirmed) == (DealState.PROPOSED, ("buyer",))
    agreed = told(proposed, ("confirm", "power"))
    assert (agreed.state, agreed.agreed_at) == (DealState.CONFIRMED, NOON)


def test_a_deal_is_settled_so_many_days_after_it_is_agreed_or_later() -> None:
    words: tuple[tuple[DealWord, str], ...] = (("propose", "steel"), ("confirm", "power"))
    # Agreed on 1 June; both named 3 June.
    for days, due in ((0, 3), (2, 3), (3, 4)):
        law = replace(LAW, settlement_days=always(days))
        assert told(DRAFT, *words, law=law).settle_on == date(2009, 6, due)


@pytest.mark.parametrize(
    ("agreed", "days", "due"),
    [
        pytest.param("2009-06-04", 1, "2009-06-05", id="Thursday to Friday"),
        pytest.param("2009-06-04", 2, "2009-06-08", id="Thursday to Monday"),
        pytest.param("2009-06-10", 2, "2009-06-15", id="Wednesday to Monday over a holiday"),
        pytest.param("2009-06-06", 1, "2009-06-08", id="agreed on a Saturday"),
        pytest.param("2009-06-06", 0, "2009-06-06", id="at once on a Saturday"),
    ],
)
def test_the_days_to_settlement_are_working_days(agreed: str, days: int, due: str) -> None:
    at = datetime.fromisoformat(f"{agreed}T12:00+00:00")
    deal = replace(DRAFT, settle_on=at.date(), valid_until=at)
    law = replace(LAW, settlement_days=always(days))
    for word, by in (("propose", "steel"), ("confirm", "power")):
        deal = say_of_deal(deal, Said(word=word, by=by, at=at), law, WEEK)  # type: ignore[arg-type]
    assert deal.settle_on == date.fromisoformat(due)


def test_a_side_that_confirms_twice_is_refused() -> None:
    proposed = told(DRAFT, ("propose", "steel"))
    with pytest.raises(Refused, match="steel has confirmed the deal D-1 already") as refused:
        told(proposed, ("confirm", "steel"))
    assert isinstance(refused.value.refusals[0], no.ConfirmedTwice)


def test_who_is_no_side_cannot_confirm_neither_a_stranger_nor_the_broker() -> None:
    deal = told(replace(DRAFT, brokerage=BROKER), ("propose", "broker"))
    for by in ("stranger", "broker", None):
        with pytest.raises(Refused) as refused:
            told(deal, ("confirm", by))
        (refusal,) = refused.value.refusals
        assert isinstance(refusal, no.NotTheirDeal)
    assert "the market (market) may not confirm the deal D-1 now" in str(refusal)


def test_what_a_broker_proposes_both_sides_confirm() -> None:
    deal = told(replace(DRAFT, brokerage=BROKER), ("propose", "broker"), ("confirm", "power"))
    assert (deal.state, deal.agreed_at) == (DealState.PROPOSED, None)
    assert refusals(deal, Said(word="confirm", by="power", at=NOON)) == [no.ConfirmedTwice.__name__]
    assert told(deal, ("confirm", "steel")).state is DealState.CONFIRMED


def test_a_deal_is_not_confirmed_after_it_lapsed() -> None:
    deal = told(DRAFT, ("propose", "steel"))
    late = Said(word="confirm", by="power", at=DRAFT.valid_until + timedelta(seconds=1))
    with pytest.raises(Refused, match="stood until 2009-06-01T13:00") as refused:
        say_of_deal(deal, late, LAW, WEEK)
    assert isinstance(refused.value.refusals[0], no.DealLapsed)
    in_time = replace(late, at=DRAFT.valid_until)
    assert say_of_deal(deal, in_time, LAW, WEEK).state is DealState.CONFIRMED


def test_what_lapsed_expires_and_what_was_confirmed_does_not() -> None:
    open_one, agreed = (
        told(DRAFT, ("propose", "steel")),
        told(DRAFT, ("propose", "steel"), ("confirm", "power")),
    )
    assert expired_deals([open_one, agreed], at=DRAFT.valid_until) == ()
    (gone,) = expired_deals([open_one, agreed], at=DRAFT.valid_until + timedelta(seconds=1))
    assert gone.state is DealState.EXPIRED


def test_a_settled_deal_is_over() -> None:
    deal = told(DRAFT, ("propose", "steel"), ("confirm", "power"), ("settle", None))
    assert deal.state is DealState.SETTLED
    assert refusals(deal, Said(word="cancel", by="power", at=NOON)) == [no.DealOutOfTurn.__name__]


def test_only_the_market_says_that_a_deal_was_settled() -> None:
    deal = told(DRAFT, ("propose", "steel"), ("confirm", "power"))
    assert refusals(deal, Said(word="settle", by="power", at=NOON)) == [no.NotTheirDeal.__name__]


def test_either_side_takes_back_what_is_not_confirmed() -> None:
    for by in ("steel", "power"):
        assert told(DRAFT, ("propose", "steel"), ("cancel", by)).state is DealState.CANCELLED


def test_a_quote_is_given_by_the_other_side_and_taken_by_who_asked() -> None:
    asked = told(DRAFT, ("request", "steel"))
    assert (asked.state, asked.price) == (DealState.QUOTE_REQUESTED, None)
    quote = Said(word="quote", by="power", at=NOON, price=euros("13.40"))
    assert refusals(asked, replace(quote, by="steel")) == [no.NotTheirDeal.__name__]
    quoted = say_of_deal(asked, quote, LAW, WEEK)
    assert refusals(quoted, Said(word="confirm", by="power", at=NOON)) == [
        no.ConfirmedTwice.__name__
    ]
    better = say_of_deal(quoted, replace(quote, price=euros("13.30")), LAW, WEEK)
    agreed = told(better, ("confirm", "steel"))
    assert (agreed.state, agreed.price) == (DealState.CONFIRMED, euros("13.30"))


def test_a_price_is_required_in_the_record() -> None:
    asked = told(DRAFT, ("request", "steel"))
    quote = Said(word="quote", by="power", at=NOON)
    assert refusals(asked, quote) == [no.PriceMissing.__name__]
    without = replace(DRAFT, price=None)
    assert refusals(without, replace(quote, word="propose")) == [no.PriceMissing.__name__]


def test_buyer_seller_and_broker_are_three_people() -> None:
    said = Said(word="propose", by="steel", at=NOON)
    alone = replace(DRAFT, seller="steel")
    assert refusals(alone, said) == [no.PartiesNotApart.__name__]
    inside = replace(DRAFT, brokerage=replace(BROKER, broker="power"))
    assert refusals(inside, said) == [no.PartiesNotApart.__name__]


def test_all_that_is_wrong_with_a_word_is_said_at_once() -> None:
    deal = replace(DRAFT, seller="steel", price=None, price_public=False)
    late = Said(word="propose", by="stranger", at=NOON + timedelta(days=1))
    assert refusals(deal, late, OPEN_LAW) == [
        no.PartiesNotApart.__name__,
        no.PriceNotWithheld.__name__,
        no.NotTheirDeal.__name__,
        no.DealLapsed.__name__,
        no.PriceMissing.__name__,
    ]


def test_what_failed_is_rolled_to_a_later_day_cured_or_cancelled() -> None:
    failed = told(DRAFT, ("propose", "steel"), ("confirm", "power"), ("fail", None))
    assert failed.state is DealState.FAILED
    same_day = Said(word="roll", by=None, at=NOON, settle_on=DRAFT.settle_on)
    assert refusals(failed, same_day) == [no.RolledBack.__name__]
    rolled = say_of_deal(failed, replace(same_day, settle_on=date(2009, 6, 4)), LAW, WEEK)
    assert (rolled.state, rolled.settle_on) == (DealState.CONFIRMED, date(2009, 6, 4))
    assert told(failed, ("cure", None)).state is DealState.CURED
    assert told(failed, ("cancel", None)).state is DealState.CANCELLED


def test_units_and_money_move_together_and_the_broker_gets_a_commission() -> None:
    deal = told(replace(DRAFT, brokerage=BROKER), ("propose", "steel"), ("confirm", "power"))
    # 10,000 units at EUR 13.50; EUR 0.01 for a unit, half of it from each side
    assert deal_legs(deal) == (
        Leg("power", "steel", "EUA", 10_000),
        Leg("steel", "power", "EUR", 13_500_000),
        Leg("steel", "broker", "EUR", 5_000),
        Leg("power", "broker", "EUR", 5_000),
    )


def test_a_commission_may_be_a_share_of_the_value() -> None:
    share = Brokerage(broker="b", basis="of_value", rate=Decimal("0.0025"), payer="seller")
    # 0.25 % of EUR 135,000.00
    assert deal_commission(replace(DRAFT, brokerage=share)) == Money(33_750, EUR)
    assert deal_commission(DRAFT) == Money(0, EUR)


def test_free_of_payment_only_the_units_move() -> None:
    free = replace(DRAFT, delivery="free_of_payment", brokerage=BROKER)
    agreed = told(free, ("propose", "steel"), ("confirm", "power"))
    assert deal_legs(agreed) == (Leg("power", "steel", "EUA", 10_000),)


def test_a_block_trade_is_published_later_and_a_withheld_price_is_not() -> None:
    agreed = told(DRAFT, ("propose", "steel"), ("confirm", "power"))
    assert publication(DRAFT, LAW) is None
    small = publication(agreed, LAW)
    assert small is not None
    assert (small.published_at, small.price, small.block) == (NOON, euros("13.50"), False)
    block = publication(replace(agreed, count=50_000, price_public=False), LAW)
    assert block is not None
    assert (block.published_at, block.price) == (NOON + timedelta(hours=1), None)


EVERYBODY = ["steel", "power", "broker", "stranger", None]


@given(
    st.data(),
    st.sampled_from([None, BROKER, replace(BROKER, basis="of_value", rate=Decimal("0.003"))]),
)
def test_whatever_is_said_both_have_confirmed_what_is_settled_and_no_broker_holds_units(
    data: st.DataObject, brokerage: Brokerage | None
) -> None:
    deal = replace(DRAFT, brokerage=brokerage)
    for _ in range(data.draw(st.integers(1, 8))):
        # Mostly what may be said in this state, by anybody.
        words = [row.word for row in DEAL_TURNS if row.state == deal.state] or ["confirm"]
        said = Said(
            word=data.draw(st.sampled_from([*words, "confirm", "settle"])),
            by=data.draw(st.sampled_from(EVERYBODY)),
            at=NOON,
            price=euros("13.37"),
            settle_on=deal.settle_on + timedelta(days=1),
        )
        try:
            deal = say_of_deal(deal, said, LAW, WEEK)
        except Refused:
            continue
        bound = {DealState.CONFIRMED, DealState.SETTLED, DealState.FAILED, DealState.CURED}
        if deal.state in bound:
            assert sorted(deal.confirmed) == ["buyer", "seller"]
            assert deal.price is not None
        if deal.state is DealState.CONFIRMED:
            (units,) = (leg for leg in deal_legs(deal) if leg.asset == "EUA")
            assert (units.source, units.target) == ("power", "steel")
