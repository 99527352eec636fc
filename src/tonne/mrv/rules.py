"""The shape of the law on monitoring: what a scheme's mrv.toml must say."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tonne.quantity import Gas, Rounding
from tonne.rulebook import Dated, MonthDay

RoundingName = Literal["half_up", "half_even", "floor", "ceiling"]
Category = Literal["a", "b", "c"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UncertaintyTable:
    """The greatest uncertainty of activity data, in percent, for tier 1, tier 2 and so on."""

    combustion: tuple[Decimal, ...]
    process: tuple[Decimal, ...]
    mass_balance: tuple[Decimal, ...]
    measurement: tuple[Decimal, ...]
    """For measurement: of the year's emissions of one source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationCategories:
    """The largest yearly emissions, in tonnes, of an installation of category A and of B."""

    a_max: Decimal
    b_max: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Materiality:
    """The part of a report, in percent, that may be wrong before it is wrong as a whole.

    None where the law leaves it to the verifier.
    """

    category_a: Decimal | None = None
    category_b: Decimal | None = None
    category_c: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeterminationMethod:
    """How the authority comes to a figure when no verified report does."""

    method: Literal["stated", "highest_of_past_years"]
    years: int | None = None
    """How many years back; for the highest of past years."""

    factor: Decimal | None = None
    """What the highest is multiplied by; for the highest of past years."""

    def __post_init__(self) -> None:
        given = self.years is not None and self.factor is not None
        if self.method == "highest_of_past_years" and not given:
            raise ValueError("the highest of past years needs years and factor")


@dataclass(frozen=True, slots=True, kw_only=True)
class MrvRules:
    """The law on monitoring, reporting and verification of one scheme."""

    guidelines: Dated[str]
    """The name of the guidelines for monitoring and reporting."""

    gases: Dated[tuple[str, ...]]
    """The basket: the gases whose emissions are counted."""

    gwp_set: Dated[Literal["SAR", "AR4", "AR5", "AR6"]]
    """The report of the IPCC whose potentials turn a gas into CO2 equivalent."""

    biomass_zero_rated: Dated[bool]
    """Whether CO2 from biomass is reported but not counted."""

    carbon_to_co2: Dated[Decimal]
    """Tonnes of CO2 from a tonne of carbon."""

    stream_digits: Dated[int]
    """Digits after the point to which each stream's emissions are rounded, half up."""

    tonnes_rounding: Dated[RoundingName]
    """How a year's emissions become whole tonnes."""

    activity_uncertainty: Dated[UncertaintyTable]
    installation_categories: Dated[InstallationCategories]
    materiality: Dated[Materiality]

    report_deadline: Dated[MonthDay]
    """The last day, in the year after the emissions, for the verified report."""

    determination: Dated[DeterminationMethod]


def year_start(year: int) -> date:
    """The day whose law governs a year's emissions: a plan is made under it before it begins."""
    return date(year, 1, 1)


def basket(gases: tuple[str, ...]) -> frozenset[Gas]:
    """The gases of a clause as gases."""
    return frozenset(Gas(code) for code in gases)


def rounding(name: RoundingName) -> Rounding:
    """The rounding that the law names."""
    return Rounding[name.upper()]


def installation_category(tonnes: Decimal, limits: InstallationCategories) -> Category:
    """Category A up to its limit, B up to its own, C above."""
    if tonnes <= limits.a_max:
        return "a"
    return "b" if tonnes <= limits.b_max else "c"
