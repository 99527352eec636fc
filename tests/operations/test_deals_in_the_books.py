"""Sentences about deals that are proposed, confirmed and settled in the books."""

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bargains import ON, Bargain
from changed import replace
from land import Land, desk, numbers
from purse import at
from tonne import operations
from tonne.market import Brokerage, DealState
from tonne.operations import Scheme, deals
from tonne.operations.deal_words import DealStands
from tonne.refusal import Refused
from tonne.store import MemoryStore

LATER = "2026-08-03"
"""By then a deal is settled two days after it is agreed, and the buyer owes the tax."""


@pytest.fixture
def bargain(each_land: Land) -> Bargain:
    made = Bargain(each_land)
    made.bring("steel", "1000.00")
    made.bring("ana", "1.00")
    return made


def without_cures(scheme: Scheme) -> Scheme:
    laws = {name: law for name, law in scheme.laws.items() if name != "settlement.toml"}
    return replace(scheme, laws=laws)


def state(found: DealStands) -> DealState:
    return found.deal.state


# 10 at 20.00 are 200.00, the tax charged on them 40.00, and the law's fee 0.10 of each side.
def test_a_deal_that_both_confirm_is_settled_at_once(bargain: Bargain) -> None:
    proposed = bargain.propose("kiln")
    assert state(proposed) is DealState.PROPOSED
    assert (bargain.free("kiln"), bargain.land.held("kiln")) == (40, 50)
    agreed = bargain.say("confirm", proposed.deal.id, by="steel")
    assert state(agreed) is DealState.SETTLED
    assert agreed.transaction is not None
    assert (bargain.land.held("steel"), bargain.land.held("kiln"), bargain.free("kiln")) == (
        70, 40, 40,
    )  # fmt: skip
    assert (bargain.has("steel"), bargain.has("kiln"), bargain.has("treasury")) == (
        "759.90", "239.90", "0.20",
    )  # fmt: skip
    bargain.is_whole()


def test_a_buyer_who_proposes_has_promised_the_money_with_tax_and_fee(bargain: Bargain) -> None:
    proposed = bargain.propose("steel")
    assert bargain.free("steel", "EUR") == 100_000 - 24_010
    assert bargain.free("kiln") == 50
    assert state(bargain.say("confirm", proposed.deal.id, by="kiln")) is DealState.SETTLED
    assert bargain.free("steel", "EUR") == 75_990
    bargain.is_whole()


def test_a_deal_confirmed_by_the_wrong_side_or_twice_is_refused(bargain: Bargain) -> None:
    name = bargain.propose("kiln").deal.id
    before = written(bargain)
    for by, number in (("ana", 8400), ("kiln", 8402), (None, 8400)):
        assert numbers(lambda by=by: bargain.say("confirm", name, by=by)) == [number]  # type: ignore[misc]
    assert written(bargain) == before
    bargain.say("confirm", name, by="steel")
    settled = written(bargain)
    assert settled != before
    assert numbers(lambda: bargain.say("confirm", name, by="steel")) == [8401]
    assert numbers(lambda: bargain.say("confirm", "D-0", by="steel")) == [8830]
    assert written(bargain) == settled
    bargain.is_whole()


def written(bargain: Bargain) -> tuple[object, ...]:
    """How much stands in the books, and what was said about deals."""
    said = bargain.land.run(lambda books: books.words("deal"))
    return (bargain.land.size(), len(said))


def test_what_is_not_held_is_not_promised_and_nothing_is_written(bargain: Bargain) -> None:
    before = bargain.land.run(lambda books: books.words("deal"))
    assert numbers(lambda: bargain.propose("kiln", count=51)) == [3005]
    assert numbers(lambda: bargain.propose("steel", count=50)) == [3005]
    name = bargain.propose("kiln", count=45).deal.id
    assert numbers(lambda: bargain.say("confirm", name, by="steel")) == [3005]
    assert numbers(lambda: bargain.propose("kiln", count=6)) == [3005]
    told = bargain.land.run(lambda books: books.words("deal"))
    assert len(told) == len(before) + 2
    bargain.is_whole()


def test_every_ground_against_a_deal_is_told_at_once(bargain: Bargain) -> None:
    terms = {"buyer": "kiln", "unit": "EXA-9"}
    assert numbers(lambda: bargain.propose("kiln", **terms)) == [8405]
    broker = Brokerage(broker="XE-121-99-0-12", basis="per_unit", rate=Decimal(1), payer="both")
    found = numbers(lambda: bargain.propose("ana", unit="EXA-9", brokerage=broker))
    assert found == [8400, 1002, 2006, 3006, 2001]


def test_a_proposal_that_is_rejected_frees_what_was_promised(bargain: Bargain) -> None:
    name = bargain.propose("kiln").deal.id
    assert state(bargain.say("cancel", name, by="steel")) is DealState.CANCELLED
    assert bargain.free("kiln") == 50
    assert numbers(lambda: bargain.say("cancel", name, by="kiln")) == [8401]
    bargain.is_whole()


def test_a_quote_is_asked_for_given_improved_and_taken(bargain: Bargain) -> None:
    asked = bargain.say("request", bargain.draft(price=None), by="steel")
    name = asked.deal.id
    assert numbers(lambda: bargain.say("quote", name, at("21"), by="steel")) == [8400]
    bargain.say("quote", name, at("21.00"), by="kiln")
    assert bargain.free("kiln") == 40
    better = bargain.say("quote", name, at("20.00"), by="kiln")
    assert (bargain.free("kiln"), better.deal.price) == (40, at("20.00"))
    taken = bargain.say("confirm", name, by="steel")
    assert (state(taken), bargain.has("steel")) == (DealState.SETTLED, "759.90")
    bargain.is_whole()


# Half a euro a unit of 10, both pay half of it: 2.50. The broker gets 5.00 and never a unit.
def test_a_broker_is_paid_and_never_holds_the_units(bargain: Bargain) -> None:
    broker = Brokerage(
        broker=bargain.land.number("ana"), basis="per_unit", rate=Decimal(50), payer="both"
    )
    name = bargain.propose("ana", brokerage=broker).deal.id
    assert (bargain.free("kiln"), bargain.free("steel", "EUR")) == (50, 100_000)
    assert numbers(lambda: bargain.say("confirm", name, by="ana")) == [8400]
    bargain.say("confirm", name, by="kiln")
    found = bargain.say("confirm", name, by="steel")
    assert (bargain.has("ana"), bargain.has("steel"), bargain.has("kiln")) == (
        "6.00", "757.40", "237.40",
    )  # fmt: skip
    number = bargain.land.number("ana")
    steps = bargain.land.run(lambda books: books.steps(account=number))
    assert {each.asset for each in steps} == {"EUR"}
    told = bargain.land.run(lambda books: books.steps(transaction=found.transaction))
    assert len(told) == 3
    bargain.is_whole()


def test_free_of_payment_the_units_move_alone(bargain: Bargain) -> None:
    bargain.bring("kiln", "5.00")
    name = bargain.propose("kiln", delivery="free_of_payment").deal.id
    assert bargain.free("kiln", "EUR") == 490
    bargain.say("confirm", name, by="steel")
    assert (bargain.has("steel"), bargain.has("kiln"), bargain.land.held("steel")) == (
        "999.90", "4.90", 70,
    )  # fmt: skip
    bargain.is_whole()


# 10 at 20.00 and the fee of 0.10: the buyer owes the tax himself by then.
def test_a_deal_waits_for_its_day_and_both_keep_what_they_promised(bargain: Bargain) -> None:
    bargain.land.issue(100, year=2026, on="2026-01-02")
    name = bargain.propose("kiln", on=LATER).deal.id
    agreed = bargain.say("confirm", name, by="steel", on=LATER)
    assert (state(agreed), agreed.deal.settle_on) == (DealState.CONFIRMED, date(2026, 8, 5))
    assert (bargain.free("kiln"), bargain.free("steel", "EUR")) == (40, 100_000 - 20_010)
    assert numbers(lambda: bargain.say("cancel", name, by="steel", on=LATER)) == [8401]
    assert bargain.run_deals(on="2026-08-04") == ()
    (done,) = bargain.run_deals(on="2026-08-05", key="due")
    assert (state(done), bargain.has("steel"), bargain.has("kiln")) == (
        DealState.SETTLED, "799.90", "199.90",
    )  # fmt: skip
    assert bargain.run_deals(on="2026-08-05", key="due") == (done,)
    assert bargain.run_deals(on="2026-08-06") == ()
    bargain.is_whole()


def test_without_law_of_cures_a_deal_that_failed_is_rolled_by_the_market(bargain: Bargain) -> None:
    bargain.land.scheme = without_cures(bargain.land.scheme)
    name = bargain.propose("kiln", on=LATER).deal.id
    bargain.say("confirm", name, by="steel", on=LATER)
    change = operations.change_account
    kiln = bargain.land.number("kiln")
    bargain.land.do(change, kiln, "suspend", reason="asked", key="s", on=LATER, by="administrator")
    (failed,) = bargain.run_deals(on="2026-08-05")
    assert state(failed) is DealState.FAILED
    (*_, last) = failed.said
    assert (last.word, last.by) == ("fail", None)
    assert all("suspended" in each for each in last.why)
    assert (bargain.free("kiln"), bargain.free("steel", "EUR")) == (40, 79_990)
    bargain.land.do(change, kiln, "restore", reason="well", key="r", on=LATER, by="administrator")
    back = date(2026, 8, 5)
    assert numbers(lambda: bargain.say("roll", name, back, on="2026-08-05")) == [8407]
    bargain.say("roll", name, back + timedelta(1), on="2026-08-05")
    (done,) = bargain.run_deals(on="2026-08-06")
    assert (state(done), bargain.has("steel")) == (DealState.SETTLED, "799.90")
    bargain.is_whole()


def test_the_market_ends_a_deal_that_failed(bargain: Bargain) -> None:
    bargain.land.scheme = without_cures(bargain.land.scheme)
    name = bargain.propose("kiln", on=LATER).deal.id
    bargain.say("confirm", name, by="steel", on=LATER)
    bargain.land.do(
        operations.change_account, bargain.land.number("kiln"), "suspend", reason="asked", key="s",
        on=LATER, by="administrator",
    )  # fmt: skip
    bargain.run_deals(on="2026-08-05")
    assert numbers(lambda: bargain.say("cancel", name, by="steel", on="2026-08-05")) == [8400]
    bargain.say("cancel", name, by=None, on="2026-08-05")
    assert (bargain.free("kiln"), bargain.free("steel", "EUR")) == (50, 100_000)
    bargain.is_whole()


def test_what_nobody_confirms_in_time_lapses_and_is_free(bargain: Bargain) -> None:
    name = bargain.propose("kiln").deal.id
    assert bargain.run_deals("expire", on=ON) == ()
    assert numbers(lambda: bargain.say("confirm", name, by="steel", on="2025-06-03")) == [8401]
    assert bargain.free("kiln") == 40
    (lapsed,) = bargain.run_deals("expire", on="2025-06-03", key="night")
    assert (state(lapsed), bargain.free("kiln")) == (DealState.EXPIRED, 50)
    assert bargain.run_deals("expire", on="2025-06-03", key="night") == (lapsed,)
    assert bargain.run_deals("expire", on="2025-06-04") == ()
    assert numbers(lambda: bargain.say("confirm", name, by="steel")) == [8401]
    bargain.is_whole()


def test_a_request_that_is_sent_again_is_done_once(bargain: Bargain) -> None:
    first = bargain.propose("kiln", key="a")
    assert bargain.propose("kiln", key="a") == first
    assert numbers(lambda: bargain.propose("kiln", key="a", count=9)) == [9001]
    done = bargain.say("confirm", first.deal.id, by="steel", key="b")
    assert bargain.say("confirm", first.deal.id, by="steel", key="b") == done
    assert numbers(lambda: bargain.say("cancel", first.deal.id, by="steel", key="b")) == [9001]
    bargain.is_whole()


def test_a_block_trade_is_published_later_and_without_names(bargain: Bargain) -> None:
    def public(minutes: int) -> int:
        noon = desk(ON)
        then = replace(noon, at=noon.at + timedelta(minutes=minutes))
        scheme = bargain.land.scheme
        return len(bargain.land.run(lambda books: deals.published(books, scheme, desk=then)))

    for count in (24, 25):
        name = bargain.propose("kiln", count=count, price="1.00", price_public=count == 24).deal.id
        bargain.say("confirm", name, by="steel")
    assert (public(0), public(59), public(60)) == (1, 1, 2)
    records = [each for _, each in bargain.land.run(lambda books: books.trades())]
    assert [(each.delay, each.public) for each in records] == [(0, True), (60, False)]


def test_a_role_that_may_not_speak_of_deals_is_refused(bargain: Bargain) -> None:
    assert numbers(lambda: bargain.land.do(deals.settle_due, key="k", on=ON, by="operator")) == [
        3107
    ]


def test_a_scheme_without_such_law_has_no_deals(bargain: Bargain) -> None:
    laws = {name: law for name, law in bargain.land.scheme.laws.items() if name != "deals.toml"}
    bargain.land.scheme = replace(bargain.land.scheme, laws=laws)
    assert numbers(lambda: bargain.propose("kiln")) == [9003]


SIDES = st.sampled_from(["steel", "kiln", "ana"])
WORDS = st.lists(
    st.tuples(
        st.sampled_from(["propose", "request", "quote", "confirm", "cancel", "due", "expire"]),
        SIDES,
        st.integers(0, 3),
        st.integers(1, 30),
    ),
    max_size=14,
)


@settings(max_examples=15, deadline=None)
@given(words=WORDS, late=st.booleans())
def test_whatever_is_said_of_deals_units_and_money_are_conserved(
    words: list[tuple[str, str, int, int]], *, late: bool
) -> None:
    bargain = Bargain(Land(MemoryStore()).settle())
    for name in ("steel", "ana"):
        bargain.bring(name, "500.00")
    on = LATER if late else ON
    made: list[str] = []
    for verb, by, which, count in words:
        name = made[which % len(made)] if made else "D-0"
        with suppress(Refused):
            if verb in ("propose", "request"):
                seller = "kiln" if by != "kiln" else "steel"
                draft = bargain.draft(count=count, on=on, buyer=by, seller=seller)
                made.append(bargain.say(verb, draft, by=by, on=on).deal.id)
            elif verb == "quote":
                bargain.say("quote", name, at(str(count)), by=by, on=on)
            elif verb in ("confirm", "cancel"):
                bargain.say(verb, name, by=by, on=on)
            else:
                run = "expire" if verb == "expire" else "settle_due"
                bargain.run_deals(run, on="2026-08-05" if late else ON)
    bargain.is_whole()
    end = "2026-08-06" if late else "2025-06-03"
    bargain.run_deals(on=end)
    bargain.run_deals("expire", on=end)
    bargain.is_whole()
    for name in ("steel", "kiln", "ana"):
        assert bargain.free(name) == bargain.land.held(name)
        assert bargain.free(name, "EUR") == bargain.land.held(name, "EUR")
