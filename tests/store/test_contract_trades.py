"""What every store keeps of trades and of what is promised, and what it finds wrong with them."""

from decimal import Decimal

import psycopg
import pytest

from changed import replace
from tonne.ledger import Hold, Posted, post
from tonne.operations import Books
from tonne.registry import TradeRecord
from tonne.store import MemoryStore
from world import EUA, EUR, SOURCE, STAMP, A, B, C, World, move

Unfit = tuple[type[Exception], ...]
SETTLED = "a trade is settled as its record says"
RECORDED = "a trade has its record"

# B buys 4 EUA of A for 2.505 each: 10.02, and 20 per cent of it, 2.004, are 2.00; both pay a fee.
TRADE = TradeRecord(
    buyer=B.number,
    seller=A.number,
    unit="EUA",
    count=4,
    currency="EUR",
    price=Decimal("250.5"),
    paid=1002,
    free=False,
    treatment="charged",
    rate=Decimal("0.20"),
    vat=200,
    buyer_country="AT",
    seller_country="DE",
    buyer_fee=3,
    seller_fee=1,
    public=False,
    delay=15,
)


@pytest.fixture
def market(world: World) -> World:
    """The small world, in which A has 10 units and B has EUR 50.00."""
    world.issue(10)
    world.do(move(SOURCE, B, 5000, asset=EUR))
    return world


def settle(world: World, *records: TradeRecord, paid: int = 1202, fees: int = 4) -> int:
    """Move what the trade above asks for, or other money, and write the records down."""
    movements = [move(A, B, 4), move(B, A, paid, asset=EUR), move(B, C, fees - 1, asset=EUR)]
    asked = world.transaction(*movements, move(A, C, 1, asset=EUR), kind="trade")

    def operation(books: Books) -> int:
        loaded = books.load([asked])
        (decision,) = post(loaded.positions, [asked], numbers=loaded.numbers).decisions
        assert isinstance(decision, Posted)
        books.save([decision], STAMP)
        books.add_trades([(decision.number, each) for each in records])
        return decision.number

    return world.run(operation)


def differences(world: World) -> set[str]:
    """The rules that the books break."""
    return {each.what for each in world.run(lambda books: books.check())}


def test_the_record_of_a_trade_comes_back_as_it_was_given(market: World) -> None:
    entry = settle(market, TRADE)
    assert market.run(lambda books: books.trades([entry])) == [(entry, TRADE)]
    assert market.run(lambda books: books.trades()) == [(entry, TRADE)]
    assert market.run(lambda books: books.trades([entry + 1])) == []
    assert differences(market) == set()


def test_trades_that_are_netted_share_an_entry_and_keep_their_order(market: World) -> None:
    half = replace(TRADE, count=2, paid=501, vat=100, buyer_fee=1)
    rest = replace(half, buyer_fee=2, seller_fee=0)
    entry = settle(market, half, rest)
    assert market.run(lambda books: books.trades([entry])) == [(entry, half), (entry, rest)]
    assert differences(market) == set()


@pytest.mark.parametrize(
    "wrong",
    [
        replace(TRADE, paid=1001),
        replace(TRADE, count=3),
        replace(TRADE, free=True),
        replace(TRADE, buyer_fee=2),
        replace(TRADE, seller_fee=0),
        replace(TRADE, vat=201),
        replace(TRADE, buyer=C.number),
        replace(TRADE, unit="ERU"),
    ],
)
def test_a_record_that_is_not_what_moved_is_found(market: World, wrong: TradeRecord) -> None:
    settle(market, wrong)
    assert differences(market) == {SETTLED}


def test_money_that_moved_beside_what_was_agreed_is_found(market: World) -> None:
    settle(market, TRADE, paid=1203)
    assert differences(market) == {SETTLED}


def test_a_trade_without_a_record_is_found(market: World) -> None:
    settle(market)
    assert differences(market) == {RECORDED}


@pytest.mark.parametrize(
    "wrong",
    [
        replace(TRADE, buyer="XX-404"),
        replace(TRADE, seller=B.number),
        replace(TRADE, unit="GAS"),
        replace(TRADE, currency="EUA"),
        replace(TRADE, currency="USD"),
        replace(TRADE, currency="ERU"),
        replace(TRADE, count=0),
        replace(TRADE, price=Decimal(-1)),
        replace(TRADE, paid=-1),
        replace(TRADE, seller_fee=-1),
        replace(TRADE, delay=-1),
        replace(TRADE, advance=-1),
        replace(TRADE, advance=1003),
        replace(TRADE, vat=-1),
        replace(TRADE, rate=Decimal(1)),
        replace(TRADE, treatment="forgiven"),
    ],
)
def test_a_record_of_what_cannot_be_is_not_kept(
    market: World, unfit: Unfit, wrong: TradeRecord
) -> None:
    before = market.holdings()
    with pytest.raises(unfit):
        settle(market, wrong)
    assert market.holdings() == before
    assert market.run(lambda books: books.trades()) == []


def test_no_record_is_added_to_a_trade_that_has_one(market: World, unfit: Unfit) -> None:
    entry = settle(market, TRADE)
    with pytest.raises(unfit):
        market.run(lambda books: books.add_trades([(entry, TRADE)]))
    with pytest.raises(unfit):
        market.run(lambda books: books.add_trades([(entry + 100, TRADE)]))


def test_a_hold_is_told_with_what_made_and_what_ended_it(market: World) -> None:
    market.hold(A, 3, key="units")
    market.hold(B, 700, asset=EUR, key="money")
    (units,) = market.run(lambda books: books.holds(key="units"))
    assert units.hold == Hold(key="units", account=A, asset=EUA, count=3)
    (used,) = market.post(market.transaction(move(A, C, 2), hold="units"))
    assert isinstance(used, Posted)
    (again,) = market.run(lambda books: books.holds(account=A.number))
    assert (again.entry, again.ended) == (units.entry, used.number)
    (money,) = market.run(lambda books: books.holds(account=B.number))
    assert (money.hold.asset, money.hold.count, money.ended) == (EUR, 700, None)
    assert market.run(lambda books: books.holds(key="nothing")) == []
    # A hold of units and a hold of money do not touch each other.
    assert not isinstance(market.post(market.transaction(move(B, C, 4301, asset=EUR)))[0], Posted)
    assert isinstance(market.post(market.transaction(move(B, C, 4300, asset=EUR)))[0], Posted)


def test_of_money_that_two_schemes_share_all_is_told(market: World) -> None:
    def found(books: Books) -> None:
        entry = market.entry(books, "open")
        (account,) = books.accounts(number=A.number)
        others = [replace(account, number=n, operator=n) for n in ("YY-0", "YY-1")]
        books.open_accounts(entry, others, scheme="other", sources=["YY-0"])

    market.run(found)
    bank, holder = (type(A)(number, number == "YY-0") for number in ("YY-0", "YY-1"))
    market.do(move(bank, holder, 70, asset=EUR))
    for scheme, known in (("example", {"EUA", "EUR"}), ("other", {"EUR"})):
        totals = market.run(lambda books, scheme=scheme: books.totals(scheme))  # type: ignore[misc]
        assert {each.asset for each in totals} == known
        assert next(each for each in totals if each.asset == "EUR").issued == 5070
        assert all(each.issued == sum(each.held.values()) for each in totals)


def test_a_forged_record_is_found_in_memory() -> None:
    store = MemoryStore()
    world = World.found(store)
    world.issue(10)
    world.do(move(SOURCE, B, 5000, asset=EUR))
    entry = settle(world, TRADE)
    store.memory.trades[entry, 1] = replace(TRADE, paid=1)
    assert differences(world) == {SETTLED}


def test_a_trade_is_recorded_when_it_is_settled_or_never(posted: World, database: str) -> None:
    posted.do(move(SOURCE, B, 5000, asset=EUR))
    entry = settle(posted, TRADE)
    with psycopg.connect(database) as app:
        app.execute("set role tonne_app")
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            app.execute(
                """insert into trade_record select journal, 2, buyer, seller, asset, count,
                   currency, price, paid, free, treatment, rate, vat, buyer_country,
                   seller_country, buyer_fee, seller_fee, public, delay, advance
                   from trade_record where journal = %s""",
                (entry,),
            )


def test_what_is_free_is_counted_as_far_as_it_is_enough(world: World) -> None:
    for _ in range(9):
        world.issue(1)
    world.do(move(SOURCE, A, 700, asset=EUR))
    world.promise(Hold(key="units", account=A, asset=EUA, count=2))
    pairs = [(A.number, "EUR"), (A.number, "EUA"), (B.number, "EUA"), ("XX-404", "EUA")]
    for enough, least in ((None, 7), (10, 7), (7, 7), (6, 6), (1, 1)):
        found = world.run(lambda books: books.free(pairs, [None, enough, enough, enough]))  # noqa: B023  called at once
        assert list(found) == pairs, "in the order in which it was asked"
        money, units, *nothing = found.values()
        assert (money, nothing) == (700, [0, 0])
        assert least <= units <= 7
    assert world.run(lambda books: books.free(pairs[1:2])) == {pairs[1]: 7}
