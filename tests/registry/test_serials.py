"""Sentences about serial numbers: read, written, and known to the books by a code."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonne.ledger import Account, Asset, Block, Movement, Transaction
from tonne.operations import load_scheme, scheme_folder
from tonne.refusal import Refused
from tonne.registry import (
    Case,
    DayRules,
    HoldingAccount,
    Serial,
    origin_asset,
    refusals,
    serial_of,
    told_asset,
    unit_of,
)
from tonne.simulation import read_cdm

DAY = date(2010, 6, 1)
FOLDER = scheme_folder("kyoto_cp1")


@cache
def kyoto() -> DayRules:
    return load_scheme(FOLDER).on(DAY)


def numbers(text: str) -> list[int]:
    with pytest.raises(Refused) as refused:
        unit_of(Serial.read(text, reference="Annex VI"), kyoto())
    return [each.number for each in refused.value.refusals]


CODES = {
    "AAU-1 AT": "AT-1-1-9-1-1-0-0",
    "AAU-2 AT:1": "AT-1-1-9-1-2-0-0",
    "RMU-1 AT/3": "AT-2-1-9-1-1-3-0",
    "ERU-AAU-1 PL-24/2": "PL-3-1-9-1-1-0-24-2",
    "ERU-RMU-1 PL-24/2/3": "PL-4-1-9-1-1-3-24-2",
    "CER-1 BR-2569": "BR-5-1-9-1-1-0-2569",
    "tCER-1 MD-514/2012-12-31": "MD-6-1-9-1-1-1-514-0-20121231",
    "lCER-2 MD-514": "MD-7-1-9-2-2-1-514",
}


@pytest.mark.parametrize("code", CODES)
def test_a_code_and_a_serial_say_the_same_of_a_unit(code: str) -> None:
    asset = told_asset(code, kyoto())
    assert asset.series is not None
    serial = serial_of(code, Block(asset.series, 1, 9), kyoto())
    assert str(serial) == CODES[code]
    assert Serial.read(CODES[code], reference="Annex VI") == serial
    assert serial is not None
    assert unit_of(serial, kyoto()) == asset


def test_every_serial_that_was_published_is_read_as_it_is_written() -> None:
    history = read_cdm(FOLDER / "cdm")
    rows = [*history.issued, *history.cancelled]
    assert len(rows) == 12_569 + 27_746
    for row in rows:
        assert Serial.read(str(row.serial), reference="Annex VI") == row.serial
    known = [row.serial for row in rows if row.serial.type_number != 4]
    # Of the one ERU neither track nor land use is published, and its code need not say them.
    assert len(known) == len(rows) - 1
    for serial in known:
        code = unit_of(serial, kyoto()).code
        assert serial_of(code, serial.block, kyoto()) == serial


@given(
    serial=st.builds(
        Serial,
        party=st.sampled_from(["AT", "CDM", "EU"]),
        type_number=st.integers(1, 7),
        first=st.integers(1, 1000),
        last=st.integers(1000, 2**62),
        original=st.integers(0, 3),
        applicable=st.integers(0, 3),
        activity=st.integers(0, 7),
        project=st.integers(0, 10**9),
        track=st.integers(0, 2),
        expiry=st.none() | st.dates(date(2008, 1, 1), date(2099, 12, 31)),
    )
)
def test_whatever_a_serial_says_it_is_read_as_it_was_written(serial: Serial) -> None:
    assert Serial.read(str(serial), reference="Annex VI") == serial


@given(
    kind=st.sampled_from([each.partition(" ")[0] for each in CODES] + ["CER-2", "RMU-2"]),
    party=st.sampled_from(["AT", "CDM", "at", "A"]),
    project=st.sampled_from(["", "-7", "-07", "-0"]),
    more=st.lists(
        st.sampled_from(["1", "3", "03", "2020-12-31", "2020-2-1", "20201231", ""]), max_size=3
    ),
    period=st.sampled_from(["", ":0", ":1", ":01", ":2", ":02", ":3", ":99", ":"]),
)
def test_what_a_code_says_is_written_in_one_way(
    kind: str, party: str, project: str, more: list[str], period: str
) -> None:
    code = f"{kind} {party}{project}{''.join(f'/{each}' for each in more)}{period}"
    serial = serial_of(code, Block(party, 1, 9), kyoto())
    if serial is not None:
        assert unit_of(serial, kyoto()) == Asset(code, party)


@pytest.mark.parametrize(
    "text",
    ["", "BR", "BR-5-1-10", "BR-5-10-1-1-1-0-1", "BR-5-01-10-1-1-0-1", "B-5-1-10-1-1-0-1",
     "BR-5-1-10-1-1-0-1-0-20121399", "br 5 1 10", "BR-5-1-10-1-1-0-1-2-3-4",
     "BR-5-1-99999999999999999999-1-1-0-1"],
)  # fmt: skip
def test_what_is_no_serial_is_refused(text: str) -> None:
    assert numbers(text) == [3202]


@pytest.mark.parametrize("text", ["BR-8-1-10-1-1-0-1", "BR-5-1-10-1-3-0-1", "BR-5-1-10-7-1-0-1"])
def test_a_serial_of_an_unknown_type_or_period_is_refused(text: str) -> None:
    assert numbers(text) == [3203]


@pytest.mark.parametrize(
    "text", ["AT-1-1-9-1-1-0-7", "BR-5-1-9-1-1-0-0", "BR-5-1-9-1-1-3-1", "BR-5-1-9-1-1-0-1-2"]
)
def test_a_serial_that_says_what_its_type_has_not_is_refused(text: str) -> None:
    assert numbers(text) == [3201]


@pytest.mark.parametrize(
    "code",
    ["AAU-1", "AAU-1 AT-3", "CER-1 BR", "AAU-1 AT:1", "ERU-AAU-1 PL-24/3", "CER-1 BR-7/1",
     "tCER-1 MD-514/2012-13-31", "RMU-1 AT/8", "AAU-1  AT", "AAU-1 at", "AAU-1 AT:7:1",
     "AAU-1 AT:2", "AAU-1 AT:02", "AAU-1 AT:0", "AAU-1 AT:99", "AAU-2 AT:01", "AAU-2 AT:2",
     "AAU-2 AT:0", "AAU-2 AT:3", f"AAU-1 AT:{'9' * 5000}", "CER-1 BR-7:2", "CER-1 BR-07"],
)  # fmt: skip
def test_a_code_that_does_not_say_where_its_units_come_from_is_refused(code: str) -> None:
    assert origin_asset(code, kyoto()) is None
    with pytest.raises(Refused) as refused:
        told_asset(code, kyoto())
    assert [each.number for each in refused.value.refusals] == [3201]


def test_a_kind_that_the_scheme_lacks_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        told_asset("EUA-1 AT", kyoto())
    assert [each.number for each in refused.value.refusals] == [3100]


# Conversions: the same numbers go back and come out.

SOURCE, PARTY, OTHER = "CDM-100-1-0-16", "PL-100-1-0-79", "AT-100-1-0-29"


def found(*movements: Movement) -> list[int]:
    day = kyoto()
    kinds = {SOURCE: "issuance", PARTY: "party", OTHER: "party"}
    accounts = {
        number: HoldingAccount(
            number=number, kind=kind, opened=DAY, name=number, registry=number.partition("-")[0]
        )
        for number, kind in kinds.items()
    }
    transaction = Transaction(key="k", kind="convert", movements=movements, because=("law",))
    case = Case(transaction=transaction, by="authority", day=day, accounts=accounts)
    return [each.number for each in refusals(case)]


def step(  # noqa: PLR0917  a row of a table
    source: str, target: str, code: str, first: int = 1, last: int = 9, series: str = "PL"
) -> Movement:
    return Movement(
        source=Account(source, is_source=source == SOURCE),
        target=Account(target, is_source=target == SOURCE),
        asset=Asset(code, series),
        count=last - first + 1,
        block=Block(series, first, last),
    )


BACK, OUT = step(PARTY, SOURCE, "AAU-1 PL"), step(SOURCE, PARTY, "ERU-AAU-1 PL-24/2")


def test_what_is_converted_keeps_its_numbers() -> None:
    assert found(BACK, OUT) == []


@pytest.mark.parametrize(
    "movements",
    [
        (BACK,),
        (OUT,),
        (OUT, BACK),
        (BACK, step(SOURCE, PARTY, "ERU-AAU-1 PL-24/2", last=10)),
        (BACK, step(SOURCE, PARTY, "ERU-RMU-1 PL-24/2/3")),
        (BACK, step(SOURCE, OTHER, "ERU-AAU-1 PL-24/2")),
        (BACK, OUT, OUT, BACK),
        (BACK, OUT, BACK),
    ],
)
def test_a_conversion_that_makes_other_units_than_it_takes_is_refused(
    movements: tuple[Movement, ...],
) -> None:
    assert found(*movements) == [3200]


def test_the_check_of_origins_speaks_where_a_code_says_too_little() -> None:
    assert found(step(PARTY, SOURCE, "AAU-1"), OUT) == [3201]


def test_the_tables_are_where_the_scheme_keeps_them() -> None:
    assert (Path(FOLDER) / "cdm" / "README.md").exists()
