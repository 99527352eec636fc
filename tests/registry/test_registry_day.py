"""The tables of a scheme, made ready for a day."""

from datetime import date
from typing import Any

import pytest

from changed import replace
from tonne.registry import DayRules, RegistryRules
from tonne.rulebook import Clause, Dated


def test_the_eu_has_aviation_units_from_2012(eu_rules: RegistryRules) -> None:
    before = DayRules.on(eu_rules, date(2011, 12, 31))
    since = DayRules.on(eu_rules, date(2012, 1, 1))
    credits_ = ["CER-1", "ERU-AAU-1", "ERU-RMU-1"]
    assert sorted(before.units) == [*credits_, "EUA-1", "EUA-2", "EUR"]
    assert sorted(since.units) == [*credits_, "EUA-1", "EUA-2", "EUAA", "EUR"]


@pytest.mark.parametrize(
    ("verb", "unit", "on", "code"),
    [
        ("issue", "EUA-1", date(2005, 1, 1), "01-51"),
        ("issue", "EUA-2", date(2008, 1, 1), "10-52"),
        ("issue", "EUAA", date(2012, 1, 1), "01-30"),
        ("allocate", "EUA-1", date(2005, 2, 28), "10-53"),
        ("allocate", "EUAA", date(2012, 2, 28), "10-35"),
        ("surrender", "EUA-1", date(2006, 4, 30), "10-02"),
        ("cancel", "EUA-1", date(2008, 5, 1), "10-01"),
        ("cancel_voluntarily", "EUA-2", date(2010, 5, 1), "04-00"),
        ("reverse_surrender", "EUA-2", date(2010, 5, 1), "10-82"),
    ],
)
def test_a_verb_and_a_unit_have_the_code_that_registries_exchange(
    eu_rules: RegistryRules, verb: str, unit: str, on: date, code: str
) -> None:
    assert DayRules.on(eu_rules, on).type_of(verb, unit).code == code


def test_aviation_units_are_surrendered_by_aircraft_operators_only(
    eu_rules: RegistryRules,
) -> None:
    day = DayRules.on(eu_rules, date(2013, 4, 30))
    assert day.type_of("surrender", "EUAA").from_kinds == ("aircraft_operator",)
    assert day.type_of("surrender", "EUA-2").from_kinds == ("operator", "aircraft_operator")


def test_surrender_allocation_and_deposit_can_be_undone_and_nothing_else(
    eu_rules: RegistryRules,
) -> None:
    for on in (date(2006, 4, 30), date(2012, 4, 30)):
        assert DayRules.on(eu_rules, on).reversals == {
            "allocate": "reverse_allocate",
            "deposit": "reverse_deposit",
            "surrender": "reverse_surrender",
        }


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"from_kinds": ("pirate",)}, "allocate names the unknown account kind pirate"),
        ({"units": ("DOUBLOON",)}, "allocate names the unknown unit DOUBLOON"),
        ({"reverses": "plunder"}, "allocate reverses the unknown verb plunder"),
        ({"fixed_target": "person"}, "allocate fixes the target person but allows others"),
        ({"verb": "issue"}, "issue has two rows for EXA-1"),
    ],
)
def test_a_table_that_contradicts_another_is_not_used(
    example_rules: RegistryRules, change: dict[str, Any], fault: str
) -> None:
    clause = example_rules.transactions.on(date(2025, 1, 1))
    rows = tuple(replace(row, **change) if row.verb == "allocate" else row for row in clause.value)
    rules = replace(example_rules, transactions=Dated([replace(clause, value=rows)]))
    with pytest.raises(ValueError, match=fault):
        DayRules.on(rules, date(2026, 1, 1))


def test_units_name_a_period_and_accounts_hold_units_that_there_are(
    example_rules: RegistryRules,
) -> None:
    clause = example_rules.units.on(date(2025, 1, 1))
    lost = tuple(replace(unit, period="9") for unit in clause.value[:1])
    rules = replace(example_rules, units=Dated([replace(clause, value=lost)]))
    with pytest.raises(ValueError, match="EXA-1 names the unknown period 9") as no:
        DayRules.on(rules, date(2026, 1, 1))
    assert "account kind operator holds the unknown unit EXA-2" in str(no.value)


def test_a_unit_of_a_series_is_a_numbered_asset(example_rules: RegistryRules) -> None:
    (first, *_) = example_rules.units.on(date(2026, 1, 1)).value
    assert first.asset.serialised
    assert not replace(first, series=None).asset.serialised
    assert isinstance(example_rules.units.clauses[0], Clause)
