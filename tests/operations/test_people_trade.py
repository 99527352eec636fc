"""Orders that people put: how much alone, by whose second hand, and how they are taken back."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bureau import Bureau, usr
from changed import replace
from land import UNIT, example
from tonne.operations import Desk, people, trading
from tonne.refusal import Refused
from tonne.store import MemoryStore
from traders import CODE, opened, order, own, refused, seconded
from world import Store


@pytest.fixture
def bureau() -> Bureau:
    """In memory."""
    return opened(MemoryStore())


def held(bureau: Bureau, who: str) -> tuple[int, int]:
    """Units and cents of an account."""
    number = bureau.number(who)
    found = bureau.land.run(lambda books: books.holdings(number))
    return found.get(UNIT, 0), found.get("EUR", 0)


def test_two_representatives_trade_and_the_record_names_them(store: Store) -> None:
    bureau = opened(store)
    code = seconded(bureau, order(bureau, "steel", "sell", 4, "20.00"), by="ann", second="bob")
    (standing,) = own(bureau, "steel", "ann")
    assert (standing.name, standing.left, standing.lasts) == (code, 4, "day")
    made = bureau.propose(order(bureau, "kiln", "buy", 3, "20.00"), by="carl", signed="a passkey")
    assert (made.state, made.by) == ("completed", usr("carl"))
    assert (held(bureau, "steel")[0], held(bureau, "kiln")[0]) == (57, 53)
    (traded,) = bureau.do(trading.trades, bureau.number("kiln"), of="dora")
    assert (traded.side, traded.count, traded.price.minor) == ("buy", 3, Decimal(2000))
    (other,) = bureau.do(trading.trades, bureau.number("steel"), of="bob")
    assert (other.side, other.count) == ("sell", 3)
    assert bureau.land.run(lambda books: books.check()) == []


def test_what_is_never_traded_has_no_worth_that_one_person_could_sell_alone(
    bureau: Bureau,
) -> None:
    wish = order(bureau, "steel", "sell", 1, "1.00")
    assert bureau.rehearse(wish, by="ann").second


def test_a_sale_below_the_last_price_is_worth_that_price(bureau: Bureau) -> None:
    seconded(bureau, order(bureau, "steel", "sell", 1, "40.00"), by="ann", second="bob")
    bureau.propose(order(bureau, "kiln", "buy", 1, "40.00"), by="carl")
    # At 40 a unit, two are 80 and three are 120, whatever limit is said within the band.
    assert not bureau.rehearse(order(bureau, "steel", "sell", 2, "30.00"), by="ann").second
    assert bureau.rehearse(order(bureau, "steel", "sell", 3, "30.00"), by="ann").second


def test_small_orders_of_a_day_are_counted_together(bureau: Bureau) -> None:
    assert bureau.propose(order(bureau, "kiln", "buy", 4, "20.00"), by="carl").state == "completed"
    left = bureau.do(trading.alone, bureau.number("kiln"), of="carl")
    assert left.minor == 2000
    exactly = order(bureau, "kiln", "buy", 1, "20.00")
    assert not bureau.rehearse(exactly, by="dora").second
    assert bureau.propose(order(bureau, "kiln", "buy", 1, "20.01"), by="dora").state == (
        "awaiting_approval"
    )
    assert bureau.propose(exactly, by="dora").state == "completed"
    bureau.now += timedelta(days=1)
    assert not bureau.rehearse(order(bureau, "kiln", "buy", 5, "20.00"), by="dora").second


def test_what_waits_for_a_second_person_is_not_in_the_book_and_not_counted(bureau: Bureau) -> None:
    made = bureau.propose(order(bureau, "kiln", "buy", 6, "20.00"), by="carl")
    assert made.state == "awaiting_approval"
    assert own(bureau, "kiln", "carl") == []
    with pytest.raises(Refused) as no:
        bureau.decide(made.code, "approve", by="carl")
    assert 1206 in refused(no)
    bureau.decide(made.code, "approve", by="dora")
    assert [each.left for each in own(bureau, "kiln", "carl")] == [6]
    assert bureau.do(trading.alone, bureau.number("kiln"), of="carl").minor == 10_000


def test_what_the_book_refuses_is_not_proposed_and_not_counted(bureau: Bureau) -> None:
    for wish, number in (
        (order(bureau, "ana", "buy", 1, "1.00"), 1203),
        (order(bureau, "kiln", "buy", 1, "1.001"), 8001),
        (order(bureau, "kiln", "buy", 0, "1.00"), 8021),
        (order(bureau, "kiln", "buy", 1, "many"), 100),
    ):
        with pytest.raises(Refused) as no:
            bureau.propose(wish, by="carl")
        assert number in refused(no), wish
    assert bureau.do(trading.alone, bureau.number("kiln"), of="carl").minor == 10_000


def test_the_same_request_puts_one_order(bureau: Bureau) -> None:
    wish = order(bureau, "kiln", "buy", 1, "20.00")
    first = bureau.propose(wish, by="carl", key="k")
    bureau.now += timedelta(minutes=5)
    assert bureau.propose(wish, by="carl", key="k").code == first.code
    assert len(own(bureau, "kiln", "carl")) == 1


def test_what_an_order_costs_at_most_is_said_before_it_is_signed(bureau: Bureau) -> None:
    seconded(bureau, order(bureau, "steel", "sell", 2, "20.00"), by="ann", second="bob")
    seconded(bureau, order(bureau, "steel", "sell", 2, "21.00"), by="ann", second="bob")
    wish = order(bureau, "kiln", "buy", 3, "22.00")
    cost = bureau.do(trading.rehearse, wish, of="carl", keep=False, views=trading.Views())
    # Two at 20 and one at 21; what is held is three at 22, with tax and fee.
    assert (cost.at_once, cost.for_these.minor, cost.units) == (3, 6100, 0)
    assert cost.money.minor >= 6600
    assert cost.free.minor == 50_000
    assert own(bureau, "kiln", "carl") == []


def test_an_order_is_taken_back_by_any_who_may_trade_for_the_account(bureau: Bureau) -> None:
    code = bureau.propose(order(bureau, "kiln", "buy", 2, "20.00"), by="carl").code
    kiln = bureau.number("kiln")
    with pytest.raises(Refused) as no:
        bureau.do(trading.cancel, kiln, CODE, code, of="ann", key="c")
    assert refused(no) == {1203}
    with pytest.raises(Refused) as no:
        bureau.do(trading.cancel, bureau.number("steel"), CODE, code, of="ann", key="c")
    assert refused(no) == {8009}
    (event,) = bureau.do(trading.cancel, kiln, CODE, code, of="dora", key="c")
    assert event.exec_type == "canceled"
    assert bureau.do(trading.cancel, kiln, CODE, code, of="dora", key="c") == ()
    assert own(bureau, "kiln", "carl") == []
    assert bureau.land.run(lambda books: books.free([(kiln, "EUR")])) == {(kiln, "EUR"): 50_000}


def test_who_took_an_order_back_is_on_record(bureau: Bureau) -> None:
    code = bureau.propose(order(bureau, "kiln", "buy", 2, "20.00"), by="carl").code
    kiln = bureau.number("kiln")
    bureau.do(trading.cancel, kiln, CODE, code, of="dora", key="c")
    (word,) = bureau.land.run(lambda books: books.words(trading.INSTRUCTED, kiln))
    assert word.word.about == usr("dora")


def test_all_orders_of_an_account_are_taken_back_at_once(bureau: Bureau) -> None:
    for price in ("10.00", "11.00"):
        bureau.propose(order(bureau, "kiln", "buy", 1, price), by="carl")
    bureau.do(trading.cancel_all, bureau.number("kiln"), CODE, of="carl", key="c")
    assert own(bureau, "kiln", "carl") == []


def test_in_a_frozen_scheme_nothing_is_put_and_orders_are_still_taken_back(bureau: Bureau) -> None:
    code = bureau.propose(order(bureau, "kiln", "buy", 2, "20.00"), by="carl").code
    bureau.staff(people.freeze, reason="a theft")
    with pytest.raises(Refused) as no:
        bureau.propose(order(bureau, "kiln", "buy", 1, "20.00"), by="carl")
    assert 1209 in refused(no)
    bureau.do(trading.cancel, bureau.number("kiln"), CODE, code, of="carl", key="c")
    assert own(bureau, "kiln", "carl") == []


def test_a_frozen_account_trades_no_more_and_its_orders_leave_the_book(bureau: Bureau) -> None:
    code = bureau.propose(order(bureau, "kiln", "buy", 2, "20.00"), by="carl").code
    kiln = bureau.number("kiln")
    bureau.staff(people.freeze_account, kiln, reason="a theft", role="administrator")
    with pytest.raises(Refused):
        bureau.propose(order(bureau, "kiln", "buy", 1, "20.00"), by="carl")
    bureau.do(trading.cancel, kiln, CODE, code, of="carl", key="c")
    assert bureau.land.run(lambda books: books.free([(kiln, "EUR")])) == {(kiln, "EUR"): 50_000}


def test_the_clock_takes_the_orders_of_a_frozen_account_out_of_a_book_it_has_looked_at(
    store: Store,
) -> None:
    bureau = opened(store)
    hours, run = trading.Hours(bureau.land.scheme), bureau.land.run

    def keep() -> list[str]:
        desk = bureau.desk("administrator")
        return hours.keep(lambda question: run(question, keep=False), run, desk=desk)

    bureau.propose(order(bureau, "kiln", "buy", 2, "20.00"), by="carl")
    assert keep() == []
    kiln = bureau.number("kiln")
    bureau.staff(people.freeze_account, kiln, reason="a theft", role="administrator")
    assert (keep(), keep()) == ([f"{CODE} by the clock"], [])
    assert run(lambda books: books.free([(kiln, "EUR")])) == {(kiln, "EUR"): 50_000}


def test_who_is_suspended_neither_puts_nor_takes_back(bureau: Bureau) -> None:
    code = bureau.propose(order(bureau, "kiln", "buy", 2, "20.00"), by="carl").code
    bureau.staff(people.turn_person, usr("carl"), "suspend", reason="a theft")
    with pytest.raises(Refused) as no:
        bureau.propose(order(bureau, "kiln", "buy", 1, "20.00"), by="carl")
    assert 1202 in refused(no)
    with pytest.raises(Refused) as no:
        bureau.do(trading.cancel, bureau.number("kiln"), CODE, code, of="carl", key="c")
    assert 1202 in refused(no)


def test_what_is_missing_and_what_it_costs_is_known_from_the_offers(bureau: Bureau) -> None:
    bureau.now = datetime(2026, 4, 1, 11, tzinfo=UTC)
    bureau.land.emit("kiln", 60)  # It has 50.
    for count, price in ((6, "20.00"), (8, "21.00"), (9, "30.00")):
        wish = order(bureau, "steel", "sell", count, price)
        seconded(bureau, wish, by="ann", second="bob")
    found = bureau.do(trading.missing, bureau.number("kiln"), of="carl", views=trading.Views())
    assert found is not None
    assert (found.count, found.offered, found.instrument.code) == (10, 10, CODE)
    assert found.price is not None
    assert found.price.minor == 2100
    # Ten at 21, and the fee and the tax of the Act beside it.
    assert found.most.minor >= 21_000
    assert (
        bureau.do(trading.missing, bureau.number("steel"), of="ann", views=trading.Views()) is None
    )


def test_the_clock_opens_closes_and_settles_by_itself(bureau: Bureau) -> None:
    hours, run = trading.Hours(bureau.land.scheme), bureau.land.run

    def keep() -> list[str]:
        return hours.keep(
            lambda question: run(question, keep=False), run, desk=bureau.desk("administrator")
        )

    def phase() -> str:
        views = trading.Views()
        return bureau.do(
            lambda books, scheme, desk: views.of(books, scheme, CODE, desk=desk)
        ).book.conditions.phase

    assert keep() == []
    bureau.propose(order(bureau, "kiln", "buy", 1, "20.00"), by="carl")
    assert (phase(), keep()) == ("continuous", [])
    bureau.now = datetime(2026, 3, 2, 16, 5, tzinfo=UTC)  # Five past five in Ljubljana.
    keep()
    assert phase() == "call"
    bureau.now += timedelta(minutes=5)
    assert keep() == [f"{CODE} by the clock"]
    assert phase() == "closed"
    bureau.now = datetime(2026, 3, 3, 8, 1, tzinfo=UTC)
    keep()
    assert phase() == "continuous"


def test_before_a_scheme_has_begun_its_books_are_empty_and_the_clock_has_nothing_to_do() -> None:
    store, scheme = MemoryStore(), example()
    at = datetime(2026, 3, 3, 11, 0, tzinfo=UTC)
    desk = Desk(by="administrator", day=at.date(), at=at)
    found = store.run(
        lambda books: trading.Views().of(books, scheme, CODE, desk=desk).book.depth("buy")
    )
    assert list(found) == []
    hours = trading.Hours(scheme)
    assert hours.keep(lambda ask: store.run(ask, keep=False), store.run, desk=desk) == []


def test_what_is_due_is_settled_once_on_its_day(bureau: Bureau) -> None:
    run, hours = bureau.land.run, trading.Hours(bureau.land.scheme)
    forward = {"instrument": "EXA-T2"}  # Settled two trading days later, in lots of ten.
    sold = replace(order(bureau, "steel", "sell", 10, "5.00"), **forward)
    seconded(bureau, sold, by="ann", second="bob")
    bureau.propose(replace(order(bureau, "kiln", "buy", 10, "5.00"), **forward), by="carl")

    def keep(day: int) -> list[str]:
        bureau.now = datetime(2026, 3, day, 11, tzinfo=UTC)
        desk = bureau.desk("administrator")
        return hours.keep(lambda question: run(question, keep=False), run, desk=desk)

    assert "EXA-T2 settled" not in keep(3)
    assert held(bureau, "kiln")[0] == 50
    assert "EXA-T2 settled" in keep(4)
    assert (held(bureau, "kiln")[0], held(bureau, "steel")[0]) == (60, 50)
    assert keep(4) == []
