"""Deals that people propose and confirm: by whose second hand, with which terms, and their no."""

from datetime import date, timedelta
from typing import Any

import pytest

from bargains import Bargain
from bureau import MONDAY, Bureau, usr
from land import UNIT, Land
from tonne.market import DealState
from tonne.operations import dealing, people, proposals
from tonne.refusal import Refused
from tonne.store import MemoryStore
from traders import limited, opened, order, refused, seconded
from world import Store

TODAY = MONDAY.date()


@pytest.fixture
def bureau() -> Bureau:
    """In memory: 500 euros in the account of the kiln, 100 are traded alone in a day."""
    return trusting(MemoryStore())


def trusting(store: Store) -> Bureau:
    """The same, and each of the two accounts trusts the other."""
    bureau = opened(store)
    for one, other in (("kiln", "steel"), ("steel", "kiln")):
        names = ("carl", "dora") if one == "kiln" else ("ann", "bob")
        wish = proposals.Trust(account=bureau.number(one), target=bureau.number(other))
        bureau.decide(bureau.propose(wish, by=names[0]).code, "approve", by=names[1])
    # A new entry on the list is active after the delay of the law.
    bureau.now += timedelta(days=7)
    return bureau


def proposed(bureau: Bureau, count: int, price: str, **more: Any) -> proposals.ProposeDeal:  # noqa: ANN401  terms
    """The kiln buys of the steelworks, unless it is said otherwise."""
    terms: dict[str, Any] = {
        "account": bureau.number("kiln"), "target": bureau.number("steel"), "side": "buy",
        "unit": UNIT, "settle_on": bureau.now.date(), "until": bureau.now.date(),
    }  # fmt: skip
    return proposals.ProposeDeal(count=count, price=price, **(terms | more))


def confirming(bureau: Bureau, deal: str, count: int, price: str, **more: Any) -> Any:  # noqa: ANN401  terms
    """The steelworks confirms it, with these terms."""
    terms: dict[str, Any] = {
        "account": bureau.number("steel"), "target": bureau.number("kiln"), "side": "sell",
        "unit": UNIT, "settle_on": bureau.now.date(),
    }  # fmt: skip
    return proposals.ConfirmDeal(deal=deal, count=count, price=price, **(terms | more))


def newest(bureau: Bureau, who: str, by: str) -> dealing.OwnDeal:
    """The newest deal of an account."""
    found: dealing.OwnDeal = bureau.do(dealing.own_deals, bureau.number(who), of=by)[0]
    return found


def traded(bureau: Bureau, price: str) -> None:
    """One unit was traded on the book, at that price."""
    seconded(bureau, order(bureau, "steel", "sell", 1, price), by="ann", second="bob")
    bureau.propose(order(bureau, "kiln", "buy", 1, price), by="carl")


def test_a_deal_is_proposed_confirmed_and_settled_at_once(store: Store) -> None:
    bureau = trusting(store)
    assert bureau.propose(proposed(bureau, 3, "20.00"), by="carl").state == "completed"
    mine, theirs = newest(bureau, "kiln", "dora"), newest(bureau, "steel", "bob")
    assert (mine.side, mine.waits, theirs.side, theirs.waits) == ("buy", False, "sell", True)
    assert theirs.deal.state is DealState.PROPOSED
    # Nothing was traded, so nobody knows what is sold: a second person agrees to the sale.
    made = bureau.propose(confirming(bureau, theirs.deal.id, 3, "20.00"), by="ann")
    assert made.state == "awaiting_approval"
    assert bureau.decide(made.code, "approve", by="bob").state == "completed"
    assert newest(bureau, "kiln", "carl").deal.state is DealState.SETTLED
    assert (bureau.land.held("kiln"), bureau.land.held("steel")) == (53, 57)
    assert bureau.land.run(lambda books: books.check()) == []


def test_what_is_agreed_with_an_account_that_is_not_trusted_needs_a_second_person() -> None:
    bureau = opened(MemoryStore())
    assert bureau.rehearse(proposed(bureau, 1, "1.00"), by="carl").second
    ours = trusting(MemoryStore())
    assert not ours.rehearse(proposed(ours, 1, "1.00"), by="carl").second
    assert not ours.rehearse(proposed(ours, 5, "20.00"), by="carl").second
    assert ours.rehearse(proposed(ours, 5, "20.01"), by="carl").second


def test_a_sale_is_worth_the_last_price_of_the_book_if_that_is_higher(bureau: Bureau) -> None:
    traded(bureau, "40.00")
    selling = {"account": bureau.number("steel"), "target": bureau.number("kiln"), "side": "sell"}
    # At 40 a unit two are 80 and three are 120, however little is asked for them.
    assert not bureau.rehearse(proposed(bureau, 2, "0.01", **selling), by="ann").second
    assert bureau.rehearse(proposed(bureau, 3, "0.01", **selling), by="ann").second


def test_deals_and_orders_of_a_day_are_counted_together(bureau: Bureau) -> None:
    bureau.propose(proposed(bureau, 4, "20.00"), by="carl")
    assert not bureau.rehearse(order(bureau, "kiln", "buy", 1, "20.00"), by="dora").second
    assert bureau.rehearse(order(bureau, "kiln", "buy", 1, "20.01"), by="dora").second


@pytest.mark.parametrize(
    "other",
    [
        {"count": 2}, {"price": "20.01"}, {"side": "buy"}, {"unit": "EXA-2"},
        {"settle_on": date(2026, 3, 20)},
    ],
)  # fmt: skip
def test_a_deal_is_confirmed_with_the_terms_that_it_has(
    bureau: Bureau, other: dict[str, Any]
) -> None:
    bureau.propose(proposed(bureau, 3, "20.00"), by="carl")
    name = newest(bureau, "steel", "ann").deal.id
    terms: Any = {"count": 3, "price": "20.00"} | other
    with pytest.raises(Refused) as no:
        bureau.rehearse(confirming(bureau, name, **terms), by="ann")
    assert 9166 in refused(no)


def test_a_deal_of_others_is_as_if_there_were_none(bureau: Bureau) -> None:
    land = bureau.land
    bargain = Bargain(land)
    bargain.bring("ana", "100.00")
    made = bargain.propose("ana", buyer="ana", seller="steel", count=1, on=f"{TODAY}")
    with pytest.raises(Refused) as no:
        bureau.do(dealing.own_deal, bureau.number("kiln"), made.deal.id, of="carl")
    assert refused(no) == {8830}
    with pytest.raises(Refused) as no:
        bureau.do(dealing.reject, bureau.number("kiln"), made.deal.id, of="carl", key="x")
    assert refused(no) == {8830}
    wish = confirming(bureau, made.deal.id, 1, "20.00", account=bureau.number("kiln"))
    with pytest.raises(Refused) as no:
        bureau.rehearse(wish, by="carl")
    assert refused(no) == {8830}


def test_who_may_confirm_rejects_and_it_is_kept_who_did(bureau: Bureau) -> None:
    bureau.propose(proposed(bureau, 3, "20.00"), by="carl")
    steel, name = bureau.number("steel"), newest(bureau, "steel", "ann").deal.id
    with pytest.raises(Refused) as no:
        bureau.do(dealing.reject, steel, name, of="carl", key="x")
    assert refused(no) == {1203}
    assert Bargain(bureau.land).free("kiln", "EUR") < 50_000
    for _ in range(2):
        bureau.do(dealing.reject, steel, name, of="bob", key="x")
    assert newest(bureau, "kiln", "carl").deal.state is DealState.CANCELLED
    assert Bargain(bureau.land).free("kiln", "EUR") == 50_000
    (word,) = bureau.land.run(lambda books: books.words(dealing.REJECTED, steel))
    assert word.word.about == usr("bob")


def test_who_proposed_takes_a_deal_back_in_a_frozen_scheme_too(bureau: Bureau) -> None:
    bureau.propose(proposed(bureau, 3, "20.00"), by="carl")
    name = newest(bureau, "kiln", "carl").deal.id
    bureau.staff(people.freeze, reason="units were stolen")
    with pytest.raises(Refused) as no:
        bureau.propose(confirming(bureau, name, 3, "20.00"), by="ann")
    assert 1209 in refused(no)
    bureau.do(dealing.reject, bureau.number("kiln"), name, of="dora", key="x")
    assert newest(bureau, "kiln", "carl").deal.state is DealState.CANCELLED


@pytest.mark.parametrize(
    ("terms", "number"),
    [
        ({"count": 0}, 3007),
        ({"count": -5}, 3007),
        ({"price": "20.001"}, 100),
        ({"target": "XE-120-8-0-90"}, 8405),
        ({"target": "XE-120-9-0-1"}, 2001),
        ({"unit": "GOLD"}, 3006),
    ],
)
def test_a_deal_that_cannot_be_proposed_says_why(
    bureau: Bureau, terms: dict[str, Any], number: int
) -> None:
    asked: Any = {"count": 1, "price": "20.00"} | terms
    with pytest.raises(Refused) as no:
        bureau.rehearse(proposed(bureau, **asked), by="carl")
    assert number in refused(no)


def test_what_a_deal_costs_is_told_with_fees_and_tax_before_it_is_signed() -> None:
    bureau = Bureau(Land(MemoryStore(), scheme=limited()).settle()).settle()
    Bargain(bureau.land).bring("kiln", "500.00")
    found = bureau.do(
        dealing.rehearse, proposed(bureau, 10, "20.00"), of="carl", keep=False
    )  # fmt: skip
    assert (found.units, found.free.minor, found.free_units) == (0, 50_000, 50)
    # 10 at 20.00 are 200.00; a fifth of it is tax, 40.00; the fee is a cent a unit, 0.10.
    assert found.money.minor == 24_010
