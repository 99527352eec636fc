"""A quarter of a market: whatever its people do, every unit and every cent is accounted for."""

import pytest

from tonne import operations
from tonne.market import DealState
from tonne.simulation import QuarterReport, live_a_quarter
from tonne.store import MemoryStore
from world import Store


def live(store: Store, seed: int) -> QuarterReport:
    scheme = operations.load_scheme(operations.scheme_folder("example"))
    return live_a_quarter(store.run, scheme, seed=seed, told=lambda _what, _count: None)


def is_whole(report: QuarterReport) -> None:
    """All that was issued, or brought in, is held by those who have a statement."""
    assert report.differences == ()
    issued = {each.asset: each.issued for each in report.totals}
    # 4,000 units are issued; 60,000, 12,000 and 40,000 euros come in.
    assert issued == {"EXA-1": 4_000, "EUR": 11_200_000}
    assert sum(each.units for each in report.statements) == 4_000
    assert sum(each.money.minor for each in report.statements) == 11_200_000
    of_book = [each for each in report.settlements if each.instrument == report.instrument]
    assert (len(of_book), sum(each.units for each in of_book)) == (report.trades, report.volume)
    later = [each for each in report.settlements if each not in of_book]
    assert sum(each.status == "settled" for each in later) == report.settled
    assert all(bool(each.units) == (each.status == "settled") for each in report.settlements)
    # Every order that is printed as resting has expired, and nothing is held of who gave it.
    resting = sum(each.orders for each in (*report.book.bids, *report.book.offers))
    assert sum(each.orders for each in report.expired) == resting > 0
    (trader,) = (each for each in report.statements if each.name == "Trader")
    assert (trader.units_held, trader.money_held.minor) == (0, 0)
    for each in report.statements:
        assert 0 <= each.units_held <= each.units
        assert 0 <= each.money_held.minor <= each.money.minor


@pytest.mark.parametrize("seed", range(2, 4))
def test_every_unit_and_every_cent_of_a_quarter_is_accounted_for(seed: int) -> None:
    is_whole(live(MemoryStore(), seed))


def test_a_quarter_is_the_same_in_every_store(store: Store) -> None:
    report = live(store, 1)
    is_whole(report)
    other = live(MemoryStore(), 1)
    assert [(each.name, each.units, each.money) for each in report.statements] == [
        (each.name, each.units, each.money) for each in other.statements
    ]
    assert (report.trades, report.weeks) == (other.trades, other.weeks)


def test_everybody_has_a_part_in_it() -> None:
    report = live(MemoryStore(), 1)
    # Bids from above: 220, 120, 80, and at 21.40 200 for the 180 that are left; under 25 euros
    # 50 units are withheld, so that all of 550 go and 21.40 is what everybody pays.
    assert str(report.auction.results.price) == "21.40"
    assert report.auction.results.sold == 550
    assert [each.deal.state for each in report.deals] == [DealState.SETTLED] * 2
    assert report.forward.account.delivered == 90
    # 90 units by 2,000 : 1,500 : 500 are 45, 33.75 and 11.25.
    assert report.distributed == {"Steelworks": 45, "Trader": 34, "Kiln": 11}
    assert report.trades > 0
    assert report.settled > 0
    broker = next(each for each in report.statements if each.name == "Broker")
    # Ten cents a unit of 150 from both sides together, as the deal says; no unit ever.
    assert (broker.units, str(broker.money)) == (0, "EUR 15.00")
