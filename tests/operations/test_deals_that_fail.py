"""Sentences about deals whose day has come and which one side cannot settle."""

from datetime import date
from decimal import Decimal

import pytest

from bargains import Bargain
from bourse import Bourse
from changed import replace
from land import UNIT, Land, with_law
from purse import EUR, at
from tonne import operations
from tonne.market import Brokerage, CureMethod, DealState
from tonne.operations import deals
from tonne.quantity import Money
from tonne.registry import FeeRate
from tonne.rulebook import Clause, Dated
from tonne.store import MemoryStore

MADE, DUE, AGAIN = "2026-08-03", "2026-08-05", "2026-08-07"
"""A deal is settled two days after it is agreed, and tried again two days later."""


@pytest.fixture
def bargain() -> Bargain:
    """The steelworks has what 10 at 20.00 and the fee of 0.10 cost, and not a cent more."""
    made = Bargain(Land(MemoryStore()).settle())
    made.bring("steel", "200.10")
    return made


def cured_by(bargain: Bargain, cure: CureMethod) -> None:
    law = bargain.land.scheme.settlement
    by = Dated((Clause(start=date(2025, 1, 1), value=cure, reference="Act"),))
    bargain.land.scheme = with_law(bargain.land.scheme, "settlement.toml", replace(law, cure=by))


def dearer(bargain: Bargain, per_unit: str) -> None:
    """From now on each side pays so much for a unit."""
    law = bargain.land.scheme.payment
    fee = FeeRate(
        code="trade", name="Fee", currency="EUR", flat=Decimal(0), per_unit=Decimal(per_unit)
    )
    fees = Dated((Clause(start=date(2025, 1, 1), value=(fee,), reference="Act"),))
    bargain.land.scheme = with_law(bargain.land.scheme, "payment.toml", replace(law, fees=fees))


def suspend(bargain: Bargain, name: str, verb: str = "suspend") -> None:
    bargain.land.do(
        operations.change_account, bargain.land.number(name), verb, reason="asked",
        key=f"{verb} {name}", on=MADE, by="administrator",
    )  # fmt: skip


def agreed(bargain: Bargain, **terms: Brokerage) -> str:
    draft = replace(bargain.draft(on=MADE), **terms)
    name = bargain.say("propose", draft, by="kiln", on=MADE).deal.id
    assert bargain.say("confirm", name, by="steel", on=MADE).deal.state is DealState.CONFIRMED
    return name


def side_of(found: deals.DealStands) -> deals.FailedSide:
    (*_, failed) = [each for each in found.said if each.word == "fail"]
    assert failed.side is not None
    return failed.side


def test_a_deal_that_fails_is_tried_again_when_the_law_says(bargain: Bargain) -> None:
    cured_by(bargain, "roll")
    agreed(bargain)
    suspend(bargain, "kiln")
    for on, then in ((DUE, AGAIN), (AGAIN, "2026-08-11")):
        (failed,) = bargain.run_deals(on=on)
        assert (failed.deal.state, failed.deal.settle_on) == (
            DealState.CONFIRMED, date.fromisoformat(then),
        )  # fmt: skip
        side = side_of(failed)
        assert (side.account, side.asset) == (bargain.land.number("kiln"), UNIT)
        assert (side.cure, side.due, side.paid) == ("roll", failed.deal.settle_on, None)
    # What both promised is held all the while.
    assert (bargain.free("kiln"), bargain.free("steel", "EUR")) == (40, 0)
    suspend(bargain, "kiln", "restore")
    (done,) = bargain.run_deals(on="2026-08-11")
    assert (done.deal.state, bargain.has("steel")) == (DealState.SETTLED, "0.00")
    assert done.transaction is not None
    bargain.is_whole()


# At 1.00 for a unit 9 units cost 189.00, and 10 cost 210.00 of the 200.10 there are.
def test_in_part_as_much_of_a_deal_is_settled_as_can_be_paid_for(bargain: Bargain) -> None:
    cured_by(bargain, "partial")
    agreed(bargain)
    dearer(bargain, "1.00")
    (failed,) = bargain.run_deals(on=DUE)
    assert (failed.deal.state, failed.deal.left) == (DealState.CONFIRMED, 1)
    assert (side_of(failed).account, side_of(failed).asset) == (
        bargain.land.number("steel"), "EUR",
    )  # fmt: skip
    assert (bargain.land.held("steel"), bargain.has("steel")) == (69, "11.10")
    # 180.00 less the kiln's own fee of 9.00.
    assert (bargain.has("kiln"), bargain.free("kiln")) == ("171.00", 40)
    bargain.bring("steel", "10.00", on=DUE)
    (done,) = bargain.run_deals(on=AGAIN)
    assert (done.deal.state, len(done.transactions)) == (DealState.SETTLED, 2)
    assert (bargain.land.held("steel"), bargain.has("steel")) == (70, "0.10")
    records = [each for _, each in bargain.land.run(lambda books: books.trades())]
    assert [each.count for each in records] == [9, 1]
    bargain.is_whole()


# 0.05 for a unit: of 9 units 0.45, of the last 0.05.
def test_a_broker_is_paid_for_each_part(bargain: Bargain) -> None:
    cured_by(bargain, "partial")
    broker = bargain.land.number("ana")
    paid = Brokerage(broker=broker, basis="per_unit", rate=Decimal(5), payer="seller")
    agreed(bargain, brokerage=paid)
    dearer(bargain, "1.00")
    bargain.run_deals(on=DUE)
    assert bargain.has("ana") == "0.45"
    bargain.bring("steel", "10.00", on=DUE)
    bargain.run_deals(on=AGAIN)
    assert bargain.has("ana") == "0.50"
    bargain.is_whole()


# Of 10 units that were sold at 20.00 others pay 15.00 each: the seller has lost 50.00 by the buyer.
def test_who_fails_a_deal_twice_pays_what_others_pay_less(bargain: Bargain) -> None:
    agreed(bargain)
    dearer(bargain, "1.00")
    (first,) = bargain.run_deals(on=DUE)
    assert (side_of(first).cure, side_of(first).due) == ("buy_in", date(2026, 8, 7))
    found = bargain.land.do(deals.settle_due, key="again", on=AGAIN, spot=at("15.00"))
    assert [each.deal.state for each in found] == [DealState.CURED]
    assert (side_of(found[0]).due, side_of(found[0]).paid) == (None, Money(5_000, EUR))
    assert (bargain.has("steel"), bargain.has("kiln")) == ("150.10", "50.00")
    # It is over: nothing is held for it any more, and nothing is tried again.
    assert (bargain.free("kiln"), bargain.free("steel", "EUR")) == (50, 15_010)
    assert bargain.land.do(deals.settle_due, key="again", on=AGAIN, spot=at("15.00")) == found
    assert bargain.run_deals(on="2026-08-20") == ()
    assert bargain.has("kiln") == "50.00"
    bargain.is_whole()


def test_who_fails_a_deal_gains_nothing_by_it(bargain: Bargain) -> None:
    agreed(bargain)
    dearer(bargain, "1.00")
    bargain.run_deals(on=DUE)
    (over,) = bargain.land.do(deals.settle_due, key="again", on=AGAIN, spot=at("25.00"))
    assert (over.deal.state, side_of(over).paid) == (DealState.CURED, Money(0, EUR))
    assert bargain.has("kiln") == "0.00"


# The unit was last traded at 12.00: eight less than agreed, for each of ten.
def test_what_others_pay_is_what_the_unit_was_last_traded_at(bargain: Bargain) -> None:
    bourse = Bourse(bargain.land)
    bargain.bring("ana", "100.00")
    bourse.send(bourse.order("kiln", "sell", 1, 1200), bourse.order("ana", "buy", 1, 1200))
    agreed(bargain)
    dearer(bargain, "1.00")
    bargain.run_deals(on=DUE)
    (over,) = bargain.land.do(deals.settle_due, key="again", on=AGAIN, spot=at("15.00"))
    assert side_of(over).paid == Money(8_000, EUR)
    bargain.is_whole()


def test_whose_account_is_suspended_is_asked_for_nothing(bargain: Bargain) -> None:
    bargain.bring("kiln", "100.00")
    agreed(bargain)
    suspend(bargain, "kiln")
    bargain.run_deals(on=DUE)
    (over,) = bargain.land.do(deals.settle_due, key="again", on=AGAIN, spot=at("25.00"))
    assert side_of(over).account == bargain.land.number("kiln")
    assert (over.deal.state, side_of(over).paid) == (DealState.CURED, Money(0, EUR))
    assert (bargain.has("kiln"), bargain.has("steel")) == ("100.00", "200.10")
    bargain.is_whole()


def test_where_the_broker_is_barred_neither_side_has_failed(bargain: Bargain) -> None:
    paid = Brokerage(
        broker=bargain.land.number("ana"), basis="per_unit", rate=Decimal(5), payer="seller"
    )
    name = agreed(bargain, brokerage=paid)
    bargain.land.do(
        operations.change_account, bargain.land.number("ana"), "close", reason="gone", key="c",
        on=MADE, by="administrator",
    )  # fmt: skip
    (failed,) = bargain.run_deals(on=DUE)
    assert failed.deal.state is DealState.FAILED
    assert [each.side for each in failed.said if each.word == "fail"] == [None]
    bargain.say("cancel", name, by=None, on=DUE)
    assert (bargain.free("kiln"), bargain.free("steel", "EUR")) == (50, 20_010)
    bargain.is_whole()
