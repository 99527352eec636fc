"""Sentences about Annex B, its amounts, and the law of nations as data."""

from datetime import date
from decimal import Decimal

import pytest

from changed import replace
from tonne.compliance import (
    AmountGap,
    AmountNotEstablished,
    Bubble,
    CarryOverRule,
    Commitment,
    CommitmentPeriod,
    ForestRule,
    NationRules,
    PartyUnknown,
    additional_period_end,
    amount_gaps,
    amount_to_issue,
    assigned_amount,
    bubble_remainder,
    commitment,
    withdrawn,
)
from tonne.quantity import Gas
from tonne.refusal import Refused
from tonne.rulebook import NotInForce

ON = date(2012, 12, 31)


def test_annex_b_has_thirty_nine_lines(kyoto: NationRules) -> None:
    entries = kyoto.annex_b.on(ON).value
    assert len({each.party for each in entries}) == len(entries) == 39


def test_no_amount_is_told_where_none_was_established(kyoto: NationRules) -> None:
    entries = kyoto.annex_b.on(ON).value
    assert [each.party for each in entries if each.assigned_amount is None] == ["US"]
    with pytest.raises(Refused) as refused:
        assigned_amount("US", kyoto, on=ON)
    (refusal,) = refused.value.refusals
    assert isinstance(refusal, AmountNotEstablished)
    assert str(refusal) == "No assigned amount of US was ever established."


def test_a_nation_outside_annex_b_has_no_commitment(kyoto: NationRules) -> None:
    with pytest.raises(Refused, match="CY has no line in the table of commitments") as refused:
        commitment("CY", kyoto, on=ON)
    assert isinstance(refused.value.refusals[0], PartyUnknown)


def test_amounts_from_memory_are_marked(kyoto: NationRules) -> None:
    marked = {each.party for each in kyoto.annex_b.on(ON).value if not each.amount_verified}
    assert marked == {"CA", "JP", "LI", "MC", "NO", "RU", "CH", "DK", "GB"}
    assert not kyoto.withdrawal.on(ON).verified


def test_states_with_territories_are_issued_their_amount_under_the_protocol(
    kyoto: NationRules,
) -> None:
    day = date(2008, 1, 1)
    issued = {each: amount_to_issue(each, 1, kyoto, day=day) for each in ("DK", "GB", "FI", "EU")}
    assert issued == {
        "DK": 276_838_955, "GB": 3_412_080_630, "FI": 355_017_545, "EU": 19_357_532,
    }  # fmt: skip
    # Within the bubble they keep their level.
    assert assigned_amount("DK", kyoto, on=ON) == 273_827_177


def test_the_formula_gives_every_amount_to_two_tonnes_but_that_of_monaco(
    kyoto: NationRules,
) -> None:
    # 107,658 x 0.92 x 5 = 495,226.80; the amount itself is from memory.
    assert amount_gaps(kyoto, on=ON) == (AmountGap(party="MC", stated=495_221, reckoned=495_227),)


def test_base_years_before_1990_are_those_of_five_economies_in_transition(
    kyoto: NationRules,
) -> None:
    entries = kyoto.annex_b.on(ON).value
    early = {each.party: each.base_years for each in entries if each.base_years != (1990,)}
    assert early == {
        "BG": (1988,),
        "HU": (1985, 1986, 1987),
        "PL": (1988,),
        "RO": (1989,),
        "SI": (1986,),
    }
    assert all(each.transition for each in entries if each.party in early)


def test_the_bubble_is_of_fifteen_and_the_community_has_a_remainder(kyoto: NationRules) -> None:
    bubble = kyoto.bubble.on(ON).value
    assert len(bubble.members) == 15
    assert bubble_remainder(kyoto, on=ON) == bubble.remainder == 19_357_532
    levels = {each.party for each in kyoto.annex_b.on(ON).value if each.level is not None}
    assert levels == set(bubble.members)


def test_the_potentials_are_those_of_the_second_assessment_report(kyoto: NationRules) -> None:
    potentials = kyoto.potentials(date(2010, 6, 1))
    expected = {
        "CO2": 1, "CH4": 21, "N2O": 310, "SF6": 23_900, "HFC23": 11_700, "HFC32": 650,
        "HFC41": 150, "HFC125": 2_800, "HFC134": 1_000, "HFC134a": 1_300, "HFC143": 300,
        "HFC143a": 3_800, "HFC152a": 140, "HFC227ea": 2_900, "HFC236fa": 6_300, "HFC245ca": 560,
        "HFC4310mee": 1_300, "CF4": 6_500, "C2F6": 9_200, "C3F8": 7_000, "cC4F8": 8_700,
        "C4F10": 7_000, "C5F12": 7_500, "C6F14": 7_400,
    }  # fmt: skip
    assert {code: Gas(code).potential(potentials) for code in expected} == expected
    assert "NF3" not in kyoto.gases.on(ON).value


def test_the_additional_period_ended_on_18_november_2015(kyoto: NationRules) -> None:
    assert additional_period_end(kyoto, on=ON) == date(2015, 11, 18)


def test_who_left_is_bound_no_more_from_that_day(kyoto: NationRules) -> None:
    assert not withdrawn("CA", kyoto, on=ON, by=date(2012, 12, 14))
    (refusal,) = withdrawn("CA", kyoto, on=ON, by=date(2012, 12, 15))
    assert str(refusal) == "CA left with effect from 2012-12-15 and is bound no more."
    assert not withdrawn("JP", kyoto, on=ON, by=date(2015, 11, 18))


def test_before_the_period_there_is_no_law_of_it(kyoto: NationRules) -> None:
    with pytest.raises(NotInForce):
        kyoto.reserve.on(date(2007, 12, 31))


def test_tables_that_contradict_themselves_are_no_law(kyoto: NationRules) -> None:
    period = kyoto.period.on(ON).value
    with pytest.raises(ValueError, match="over before its last year is reviewed"):
        replace(period, review_end=date(2012, 1, 1))
    carry = kyoto.carry_over.on(ON).value
    with pytest.raises(ValueError, match="in one way"):
        replace(carry, never=(*carry.never, "AAU-1"))
    forest = kyoto.forest.on(ON).value
    with pytest.raises(ValueError, match="of two masses"):
        replace(forest, carbon_ratio=(44,))
    with pytest.raises(ValueError, match="one cap"):
        replace(forest, caps=(*forest.caps, forest.caps[0]))
    denmark, states = commitment("DK", kyoto, on=ON), commitment("US", kyoto, on=ON)
    with pytest.raises(ValueError, match="of a base year"):
        replace(denmark, target=Decimal(0))
    with pytest.raises(ValueError, match="or neither"):
        replace(denmark, protocol_amount=None)
    with pytest.raises(ValueError, match="only a party"):
        replace(states, assigned_amount=1)
    kinds = (CommitmentPeriod, CarryOverRule, ForestRule, Commitment, Bubble)
    found = (period, carry, forest, denmark, kyoto.bubble.on(ON).value)
    assert all(map(isinstance, found, kinds))
