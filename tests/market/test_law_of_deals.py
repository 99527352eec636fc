"""Sentences about the law of deals, forwards and surveillance as a law file says it. It is made."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tonne.market import (
    DealRules,
    ForwardRules,
    LayeringRule,
    RingRule,
    SettlementPriceRule,
    SettlementRules,
    VatCountry,
    VatRules,
    WatchRules,
    vat,
)
from tonne.refusal import Refused
from tonne.rulebook import load

ON = date(2009, 6, 1)


def law(**values: str) -> str:
    """A law file: each rule with one value, as TOML writes it."""
    return "\n".join(
        f'[[{name}]]\nstart = 2005-01-01\nvalue = {value}\nreference = "s. {n}"\n'
        for n, (name, value) in enumerate(values.items(), 1)
    )


def test_the_law_of_surveillance_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "watch.toml"
    prices = '["closing_average", "last_trade"]'
    text = law(
        settlement_price=f"{{ methods = {prices}, closing_minutes = 10, qty_min = 5 }}",
        round_trip_minutes="10",
        layering="{ orders_min = 3, times = 5, seconds = 30 }",
        holding_limit="1000",
        price_band='"0.1"',
        ring='{ minutes = 60, owners_min = 3, borders_min = 2, share = "0.9" }',
    )
    file.write_text(text)
    read = load(file, WatchRules)
    assert read.layering.on(ON).value == LayeringRule(orders_min=3, times=Decimal(5), seconds=30)
    assert read.ring.on(ON).value == RingRule(
        minutes=60, owners_min=3, borders_min=2, share=Decimal("0.9")
    )
    assert read.settlement_price.on(ON).value == SettlementPriceRule(
        methods=("closing_average", "last_trade"), closing_minutes=10, qty_min=5
    )


def test_the_law_of_deals_forwards_and_settlement_is_read_from_files(tmp_path: Path) -> None:
    file = tmp_path / "law.toml"
    block = "{ count_min = 50000, delay_minutes = 60 }"
    file.write_text(law(block=block, price_withheld='"allowed"', settlement_days="2"))
    assert load(file, DealRules).block.on(ON).value.count_min == 50_000
    file.write_text(law(block=block, price_withheld='"allowed"', settlement_days="-1"))
    with pytest.raises(Refused, match="before it is agreed"):
        load(file, DealRules)
    file.write_text(law(netting='"bilateral"', cure='"buy_in"', roll_days="2"))
    assert load(file, SettlementRules).cure.on(ON).value == "buy_in"
    text = law(
        last_delivery="2012-12-31",
        upfront_share_max='"0.25"',
        conditions='["registration"]',
        interest='"0.05"',
    )
    file.write_text(text)
    assert load(file, ForwardRules).last_delivery.on(ON).value == date(2012, 12, 31)


def test_the_tax_of_each_country_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "vat.toml"
    file.write_text(
        law(
            within='[{ country = "X", treatment = "reverse_charge", rate = "0.2" }]',
            elsewhere='"refused"',
        ),
    )
    found = vat(seller="X", buyer="X", rules=load(file, VatRules), on=ON)
    assert (found.treatment, found.rate) == ("reverse_charge", Decimal("0.2"))


def test_a_rate_of_tax_is_a_share_of_the_price() -> None:
    with pytest.raises(ValueError, match="share of the price"):
        VatCountry(country="X", treatment="charged", rate=Decimal(20))


def test_a_law_by_which_what_failed_never_waits_is_no_law(tmp_path: Path) -> None:
    file = tmp_path / "law.toml"
    file.write_text(law(netting='"bilateral"', cure='"roll"', roll_days="0"))
    with pytest.raises(Refused, match="at least a day"):
        load(file, SettlementRules)
