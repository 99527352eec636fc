"""Gases by name, and what they weigh in CO2 under each report of the IPCC."""

from decimal import Decimal

import globalwarmingpotentials
import pytest

from tonne.quantity import Gas, GwpSet, Mass, MassUnit, Tonnes, co2e, gas, outside_basket
from tonne.refusal import Refused

SPECIES = sorted({name for table in globalwarmingpotentials.data.values() for name in table})


@pytest.mark.parametrize("gwp_set", GwpSet)
def test_every_potential_equals_the_published_table(gwp_set: GwpSet) -> None:
    published = globalwarmingpotentials.data[f"{gwp_set}GWP100"]
    ours = {name: gas(name).potential(gwp_set) for name in SPECIES}
    assert {name: value for name, value in ours.items() if value is not None} == {
        name: Decimal(str(value)) for name, value in published.items()
    }


def test_every_species_is_known_by_its_own_name() -> None:
    assert len(SPECIES) == 105
    assert [gas(name).code for name in SPECIES] == SPECIES


@pytest.mark.parametrize("gwp_set", GwpSet)
def test_a_tonne_of_co2_is_a_tonne_of_co2_by_definition(gwp_set: GwpSet) -> None:
    assert co2e(Gas("CO2"), Mass(Decimal("1.5")), gwp_set) == Tonnes(Decimal("1.5"))


@pytest.mark.parametrize(
    ("name", "first_period", "second_period"),
    # Kyoto: decision 2/CP.3 counts with SAR, decision 4/CMP.7 with AR4.
    [("CH4", 21, 25), ("N2O", 310, 298), ("SF6", 23_900, 22_800), ("HFC-23", 11_700, 14_800)],
)
def test_kyoto_gases_weigh_what_each_period_says(
    name: str, first_period: int, second_period: int
) -> None:
    ton = Mass(Decimal(1))
    assert co2e(gas(name), ton, GwpSet.SAR) == Tonnes(Decimal(first_period))
    assert co2e(gas(name), ton, GwpSet.AR4) == Tonnes(Decimal(second_period))


def test_a_kilogram_of_methane_is_a_thousandth_of_a_tonne_of_it() -> None:
    # 3 kg x 27.9 = 83.7 kg of CO2 equivalent.
    assert co2e(gas("CH4"), Mass(Decimal(3), MassUnit.KILOGRAM), GwpSet.AR6) == Tonnes(
        Decimal("0.0837")
    )


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("HFC-23", "HFC23"),
        ("hfc 134A", "HFC134a"),
        ("HFC-43-10mee", "HFC4310mee"),
        ("c-C4F8", "cC4F8"),
        ("CO₂", "CO2"),
        (" n2o ", "N2O"),
    ],
)
def test_a_gas_is_understood_however_it_is_spelt(written: str, code: str) -> None:
    assert gas(written) == Gas(code)


def test_nitrogen_oxides_are_refused_and_laughing_gas_is_hinted_at() -> None:
    with pytest.raises(Refused, match=r"'NOx' is not a Kyoto gas.*N2O"):
        gas("NOx", reference="Kyoto Protocol, Annex A")


def test_an_unknown_gas_is_refused_with_the_names_near_to_it() -> None:
    with pytest.raises(Refused, match=r"'HFC-133a' is not a greenhouse gas; known: .*HFC143a"):
        gas("HFC-133a")


def test_nonsense_of_any_length_is_refused_shortly() -> None:
    with pytest.raises(Refused) as refused:
        gas("CO2" + " " * 10_000_000 + "x")
    assert len(str(refused.value)) < 200


def test_a_gas_outside_the_basket_is_refused_by_the_law() -> None:
    basket = frozenset({Gas("CO2"), Gas("N2O")})
    assert not list(outside_basket(Gas("N2O"), basket, reference="Annex I"))
    (refusal,) = outside_basket(Gas("CH4"), basket, reference="Directive 2003/87/EC, Annex I")
    assert refusal.reference == "Directive 2003/87/EC, Annex I"
    assert str(refusal) == "'CH4' is not a gas that counts here; known: CO2, N2O."


def test_a_gas_without_a_potential_is_refused_rather_than_counted_as_nothing() -> None:
    with pytest.raises(Refused, match=r"'NF3' is not a gas with a potential .* in SAR") as refused:
        co2e(gas("NF3"), Mass(Decimal(1)), GwpSet.SAR)
    assert refused.value.refusals[0].reference == "IPCC, SAR"


def test_a_gas_of_our_own_making_is_a_mistake() -> None:
    with pytest.raises(AssertionError):
        Gas("NOx")
