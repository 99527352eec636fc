"""What forests are worth: projects abroad up to a limit, removals at home up to a cap."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tonne.compliance.nation_refusals import ForestCapNotSet
from tonne.compliance.nation_rules import NationRules
from tonne.compliance.rules import rounding
from tonne.quantity import Tonnes, product, whole
from tonne.refusal import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestUnits:
    """Units that a nation issues for its forests, and those that it must cancel."""

    issued: int
    cancelled: int
    offset: int
    """Removals of managed forests that make good a debit of forests cut down."""

    cap: int
    """The most that managed forests may add or take beside that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removals:
    """What a land use of a nation removed over a period, as it was reviewed; or emitted: less."""

    party: str
    period: int
    activity: int
    """The land use by its number: 3 for managed forests."""

    tonnes: Tonnes
    reference: str
    """Where the review says it."""

    def __post_init__(self) -> None:
        if not self.reference.strip():
            raise ValueError("what was reviewed is written somewhere")


def project_forest_limit(base_tonnes: int, rules: NationRules, *, on: date) -> int:
    """Units of forestry projects abroad that a nation may use for the period."""
    law, years = rules.project_forest.on(on).value, rules.period.on(on).value.years
    return whole(product(law.base_share, Decimal(base_tonnes * years)), rounding(law.rounding))


def forest_cap(party: str, rules: NationRules, *, on: date) -> int:
    """The most that managed forests of a nation may add or take over the period, in tonnes."""
    law = rules.forest.on(on)
    caps = [each.megatonnes for each in law.value.caps if each.party == party]
    if not caps:
        raise Refused([ForestCapNotSet(reference=law.reference, party=party)])
    return _tonnes(caps[0], rules, on=on)


def forest_units(
    party: str, *, cut_and_planted: Tonnes, managed: Tonnes, rules: NationRules, on: date
) -> ForestUnits:
    """Units for net removals over the period (less than nothing: emissions) of two kinds.

    Land that was planted or cut since 1990 counts in full. Removals of managed forests first make
    good a debit of it, up to a limit; beyond that they count, either way, up to the nation's cap
    (decision 16/CMP.1, annex, paragraphs 10 and 11).
    """
    law = rules.forest.on(on).value
    land = whole(cut_and_planted.value, rounding(law.rounding))
    forest = whole(managed.value, rounding(law.rounding))
    offset = min(max(0, -land), max(0, forest), _tonnes(law.offset_megatonnes, rules, on=on))
    cap = forest_cap(party, rules, on=on)
    beyond = max(-cap, min(cap, forest - offset))
    return ForestUnits(
        issued=max(0, land) + offset + max(0, beyond),
        cancelled=max(0, -land) + max(0, -beyond),
        offset=offset,
        cap=cap,
    )


def removal_units(
    party: str, activity: int, reviewed: Mapping[int, Tonnes], rules: NationRules, *, on: date
) -> int:
    """Units that a nation may issue for a land use, of what each use removed over the period.

    None are issued for a use that emits. Land that was planted or cut counts together; of managed
    forests what makes good a debit of it counts, and the rest up to the cap.
    """
    law = rules.forest.on(on).value
    own = max(0, whole(reviewed.get(activity, Tonnes.zero).value, rounding(law.rounding)))
    if activity not in {*law.cut_and_planted, law.managed}:
        return own
    land = sum((reviewed.get(each, Tonnes.zero) for each in law.cut_and_planted), Tonnes.zero)
    managed = reviewed.get(law.managed, Tonnes.zero)
    both = forest_units(party, cut_and_planted=land, managed=managed, rules=rules, on=on)
    planted = max(0, whole(land.value, rounding(law.rounding)))
    return min(own, both.issued - planted if activity == law.managed else planted)


def _tonnes(megatonnes: Decimal, rules: NationRules, *, on: date) -> int:
    """Megatonnes of carbon a year as tonnes of CO2 over the period."""
    law, years = rules.forest.on(on).value, rules.period.on(on).value.years
    carbon = product(megatonnes, Decimal(1_000_000 * years))
    compound, element = law.carbon_ratio
    return int(product(carbon, Decimal(compound)) // element)
