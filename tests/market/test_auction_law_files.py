"""The law of auctions as a file, and the law of one auction read from it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from auction_law import a_lot, auction_rules
from tonne.market import (
    AuctionLaw,
    AuctionRules,
    BidderLimit,
    BiddingRule,
    DefaultRule,
    ReserveRule,
    SetPrice,
)
from tonne.refusal import Refused
from tonne.rulebook import load

LAW = """
[[form]]
start = 2008-01-01
reference = "Example Act, s. 1"
[form.value]
last_lot = "split"
price = "highest_rejected"

[[reserve_price]]
start = 2008-01-01
value = { amount = "1.86" }
reference = "Example Act, s. 2"

[[bidding]]
start = 2008-01-01
reference = "Example Act, s. 3"
[bidding.value]
limits = [{ kind = "any", share = "0.25" }]
collateral_share = 1
collateral_of = "sum"

[[ties]]
start = 2008-01-01
value = { method = "by_lot" }
reference = "Example Act, s. 4"

[[cost_containment]]
start = 2008-01-01
value = { count = 0 }
reference = "Example Act, s. 5"

[[emission_containment]]
start = 2008-01-01
value = { count = 0 }
reference = "Example Act, s. 6"

[[unsold]]
start = 2008-01-01
value = { fate = "next_auctions", auctions = 4, consigned = "returned", order = "together" }
reference = "Example Act, s. 7"

[[cancellation]]
start = 2008-01-01
value = { cover_min = 0, bidders_min = 0 }
reference = "Example Act, s. 8"
"""


def test_the_law_of_auctions_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "auctions.toml"
    file.write_text(LAW)
    rules = load(file, AuctionRules)
    assert rules.form.on(date(2008, 9, 25)).value.price == "highest_rejected"
    assert rules.bidding.on(date(2008, 9, 25)).value == BiddingRule(
        limits=(BidderLimit(kind="any", share=Decimal("0.25")),),
        collateral_share=Decimal(1),
        collateral_of="sum",
    )


@pytest.mark.parametrize(
    ("said", "instead", "reason"),
    [
        ('amount = "1.86"', 'amount = "1.86", growth = "0.05"', "a growth, a rounding and digits"),
        ('share = "0.25"', 'share = "1.25"', "one share, between 0 and 1"),
        ("collateral_share = 1", "collateral_share = -1", "not less than nothing"),
        ('"by_lot"', '"pro_rata"', "has a rule for the remainder"),
        ("value = { count = 0 }", "value = { count = 5 }", "units and a trigger, or neither"),
        ("auctions = 4, ", "", "go to one auction or more"),
    ],
)
def test_a_law_that_contradicts_itself_is_refused(
    tmp_path: Path, said: str, instead: str, reason: str
) -> None:
    assert said in LAW
    file = tmp_path / "auctions.toml"
    file.write_text(LAW.replace(said, instead, 1))
    with pytest.raises(Refused, match=reason):
        load(file, AuctionRules)


def test_the_law_of_an_auction_is_that_of_its_day() -> None:
    grows = SetPrice(amount=Decimal(2), growth=Decimal("0.1"), rounding="half_up", digits=2)
    rules = auction_rules(
        reserve_price=grows, cost=ReserveRule(count=5, trigger=grows), start=date(2014, 1, 1)
    )
    law = AuctionLaw.of(rules, a_lot(), date(2016, 3, 9))
    assert (law.reserve_price, law.reserve_amount, law.cost_trigger) == (242, Decimal("2.42"), 242)


def test_what_is_sold_has_a_lot_and_a_tick_of_whole_coins() -> None:
    for count, tick in ((0, 1), (1, 0)):
        with pytest.raises(ValueError, match="a lot is one unit or more, and a tick one coin"):
            a_lot(count, tick=tick)


def test_a_price_of_the_law_is_on_the_tick_of_what_is_sold() -> None:
    rules = auction_rules(
        reserve_price=SetPrice(amount=Decimal("1.86")),
        cost=ReserveRule(count=5, trigger=SetPrice(amount=Decimal("4.00"))),
    )
    on = date(2008, 9, 25)
    assert AuctionLaw.of(rules, a_lot(tick=2), on).reserve_price == 93
    with pytest.raises(Refused) as no:
        AuctionLaw.of(rules, a_lot(tick=5), on)
    (refusal,) = no.value.refusals
    assert (refusal.number, refusal.facts()["price"]) == (8271, Decimal("1.86"))
    assert rules.off_tick(a_lot(tick=5).value) == (Decimal("1.86"),)
    assert rules.off_tick(a_lot(tick=2).value) == ()


def test_a_law_of_part_cover_says_what_follows_a_default(tmp_path: Path) -> None:
    part = 'collateral_share = "0.30"\ndefault = { forfeited = "0.5", awards = "cleared_anew" }'
    file = tmp_path / "auctions.toml"
    file.write_text(LAW.replace("collateral_share = 1", part))
    rule = AuctionLaw.of(load(file, AuctionRules), a_lot(), date(2008, 9, 25)).bidding.value
    assert rule.default == DefaultRule(forfeited=Decimal("0.5"), awards="cleared_anew")
    file.write_text(LAW.replace("collateral_share = 1", part.replace("0.30", "1.00")))
    with pytest.raises(Refused, match="covered whole"):
        load(file, AuctionRules)
