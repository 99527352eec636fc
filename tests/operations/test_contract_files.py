"""Sentences about files of contracts: what they say is read strictly, and every fault is named."""

import json
from datetime import date
from decimal import Decimal

import pytest

from tonne.market import Due, FixedPrice, FloorPrice, Forward, IndexedPrice, Remedy, Upfront
from tonne.operations.contract_files import read_contract
from tonne.quantity import Currency
from tonne.refusal import Refused

ON = date(2025, 6, 2)
WHOLE = """
name = "ERPA-1"
buyer = "XE-1"
seller = "XE-2"
unit = "EXA-1"
currency = "EUR"
conditions = ["registration"]

[price]
kind = "fixed"
amount = "8.00"

[upfront]
share = "0.2"
amount = 8.00
recovery = "pro_rata"

[[schedule]]
on = 2025-09-01
count = 20

[remedy]
kind = "make_up"
days = 30
"""


def read(text: str, file: str = "erpa.toml") -> Forward:
    return read_contract(file, text.encode(), signed_on=ON)


def faults(text: str, file: str = "erpa.toml") -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        read(text, file)
    assert {each.number for each in refused.value.refusals} == {8838}
    return {
        str(each.facts()["field"]): str(each.facts()["fault"]) for each in refused.value.refusals
    }


def test_a_whole_contract_is_read_into_money_of_the_smallest_unit() -> None:
    assert read(WHOLE) == Forward(
        id="ERPA-1",
        buyer="XE-1",
        seller="XE-2",
        unit="EXA-1",
        signed_on=ON,
        schedule=(Due(on=date(2025, 9, 1), count=20),),
        price=FixedPrice(minor=Decimal(800)),
        currency=Currency("EUR"),
        tick=Decimal(1),
        remedy=Remedy(kind="make_up", trigger=Decimal(1), days=30),
        upfront=Upfront(share=Decimal("0.2"), minor=Decimal(800), recovery="pro_rata"),
        conditions=("registration",),
    )


def test_the_same_contract_may_be_written_in_json() -> None:
    said = {
        "name": "ERPA-1", "buyer": "XE-1", "seller": "XE-2", "unit": "EXA-1", "currency": "EUR",
        "conditions": ["registration"], "price": {"kind": "fixed", "amount": "8.00"},
        "upfront": {"share": 0.2, "amount": 8, "recovery": "pro_rata"},
        "schedule": [{"on": "2025-09-01", "count": 20}],
        "remedy": {"kind": "make_up", "days": 30},
    }  # fmt: skip
    assert read(json.dumps(said), "erpa.json") == read(WHOLE)
    assert faults('{"name": "a", "name": "b"}', "x.json") == {"": "a field is said twice"}


def test_a_price_follows_an_index_or_has_a_floor() -> None:
    fixed = 'kind = "fixed"\namount = "8.00"'
    indexed = 'kind = "indexed"\nindex = "spot"\nshare = "0.8"\nplus = "0.50"'
    floor = 'kind = "floor"\nindex = "spot"\nshare = "0.5"\namount = "7.00"'
    assert read(WHOLE.replace(fixed, indexed)).price == IndexedPrice(
        index="spot", share=Decimal("0.8"), plus=Decimal(50)
    )
    assert read(WHOLE.replace(fixed, floor)).price == FloorPrice(
        index="spot", floor=Decimal(700), share=Decimal("0.5")
    )
    lacking = faults(WHOLE.replace(fixed, 'kind = "floor"\nplus = 1'))
    assert set(lacking) == {"price.amount", "price.index", "price.share", "price.plus"}


def test_every_fault_of_a_file_is_named_at_once() -> None:
    text = (
        WHOLE.replace('name = "ERPA-1"', 'nam = "ERPA-1"')
        .replace('unit = "EXA-1"', 'unit = ""')
        .replace("count = 20", 'count = "many"')
        .replace('recovery = "pro_rata"', 'recovery = "never"')
        .replace("days = 30", "days = 1.5")
        .replace('amount = "8.00"', 'amount = "NaN"')
    )
    assert set(faults(text)) == {
        "nam", "name", "unit", "schedule[1].count", "upfront.recovery", "remedy.days",
        "price.amount",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('"EUR"', '"XXX"', "currency"),
        ('amount = "8.00"', 'amount = "8.005"', "price.amount"),
        ('amount = "8.00"', 'amount = "-8.00"', "price.amount"),
        ("count = 20", "count = 0", "schedule[1].count"),
        ("[price]", 'tick = "0"\n[price]', "tick"),
        ("days = 30", "days = 99999999", "remedy.days"),
        ("count = 20", "count = 9999999999999999999999", "schedule[1].count"),
        ('share = "0.2"', 'share = "1e-400"', "upfront.share"),
        ('amount = "8.00"', "amount = 1e999999", "price.amount"),
        ("[[schedule]]", "[schedule]", "schedule"),
        ('unit = "EXA-1"', 'unit = ["EXA-1"]', "unit"),
        ("on = 2025-09-01", "on = 2025-09-01T10:00:00", "schedule[1].on"),
    ],
)
def test_what_is_written_and_yet_no_contract_is_named(old: str, new: str, field: str) -> None:
    assert set(faults(WHOLE.replace(old, new))) == {field}


@pytest.mark.parametrize("text", ["", "name =", "[[price]]\n[price]", "x" * 100_001, "\x00"])
def test_a_file_that_cannot_be_read_is_refused_whole(text: str) -> None:
    assert faults(text)
