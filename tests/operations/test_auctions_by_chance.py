"""Whatever is offered and bid, no unit and no cent is made or lost, and nobody pays too much."""

from decimal import Decimal
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from auction_hall import LAST, OPEN, Hall
from changed import replace
from land import Land, numbers, with_law
from tonne.market import DefaultRule, TieRule
from tonne.operations import auctions
from tonne.rulebook import Dated
from tonne.store import MemoryStore

NAMES = ("steel", "kiln", "ana")


class Deed(NamedTuple):
    """Something that a bidder tries; not everything is taken."""

    who: str
    bid: str
    price: int
    lots: int
    verb: str


DEFAULTS = (
    None,
    DefaultRule(forfeited=Decimal("0.45"), awards="unsold"),
    DefaultRule(forfeited=Decimal(1), awards="cleared_anew"),
)
"""Bids are covered whole; or in part, and the law says what follows if the rest is not paid."""

DEEDS = st.lists(
    st.builds(
        Deed,
        who=st.sampled_from(NAMES),
        bid=st.sampled_from(("b1", "b2", "b3")),
        price=st.sampled_from((2000, 2400, 2500, 2501, 3000, 4000, 4100)),
        lots=st.integers(1, 12),
        verb=st.sampled_from(("bid", "bid", "bid", "replace", "withdraw")),
    ),
    max_size=14,
)


def do(hall: Hall, deed: Deed) -> None:
    """Try it; what is refused does nothing."""
    if deed.verb == "withdraw":
        numbers(lambda: hall.withdraw(deed.who, deed.bid, on=LAST))
        return
    order = hall.order(deed.who, str(Decimal(deed.price) / 100), deed.lots * 10, name=deed.bid)
    numbers(lambda: hall.bid(order, on=OPEN, replacing=deed.verb == "replace"))


@settings(max_examples=25, deadline=None)
@given(
    deeds=DEEDS,
    count=st.integers(0, 400),
    consigned=st.integers(0, 50),
    remainder=st.sampled_from(("largest", "by_time", "by_lot", "unsold")),
    default=st.sampled_from(DEFAULTS),
)
def test_what_is_sold_is_delivered_and_paid_and_all_else_is_free(
    deeds: list[Deed], count: int, consigned: int, remainder: str, default: DefaultRule | None
) -> None:
    hall = Hall(Land(MemoryStore()).settle()).rich(steel="6000", kiln="3000", ana="1500")
    law = hall.land.scheme.auctions
    ties = TieRule(method="pro_rata", remainder=remainder)  # type: ignore[arg-type]
    bidding = law.bidding.clauses[0].value
    if default is not None:
        bidding = replace(bidding, collateral_share=Decimal("0.3"), default=default)
    changed = replace(
        law,
        ties=Dated([replace(law.ties.clauses[0], value=ties)]),
        bidding=Dated([replace(law.bidding.clauses[0], value=bidding)]),
    )
    hall.land.scheme = with_law(hall.land.scheme, "auctions.toml", changed)
    hall.create(count or 1, consigned={"kiln": consigned} if consigned else None)
    for deed in deeds:
        do(hall, deed)
    before = {name: hall.land.held(name) for name in (*NAMES, "authority")}
    word = hall.clear()
    found = word.results
    held = hall.land.run(lambda books: auctions.find(books, hall.land.scheme, "A1"))
    got = hall.land.run(lambda books: auctions.awards(books, hall.land.scheme, held))
    assert sum(each.count for each in got) == found.sold
    assert sum(each.minor for each in got) == found.minor
    assert word.not_counted == ()
    lost = {each.bidder: each.forfeited for each in word.defaulted}
    assert not lost.keys() & {each.bidder for each in got}
    sold = {each.seller: each.sold for each in found.sellers}
    for name, units in before.items():
        number = hall.land.number(name)
        won = sum(each.count for each in got if each.bidder == number)
        assert hall.land.held(name) == units + won - sold.get(number, 0)
        assert hall.free(name, "EXA-1") == hall.land.held(name)
        assert hall.free(name) == hall.land.held(name, "EUR") >= 0
    # A fifth of the price is tax on what the authority sold; each bidder's is rounded.
    own = sold[hall.land.number("authority")] * int((found.price or 0) * 100)
    paid = hall.land.held("treasury", "EUR") - sum(lost.values())
    assert abs(paid * 5 - own * 6) <= 5 * len(NAMES)
    hall.is_whole()
