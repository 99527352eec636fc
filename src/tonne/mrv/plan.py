"""What an operator has promised to monitor, and how: the monitoring plan and its source streams."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from tonne.mrv.approach import Approach, Parameter
from tonne.mrv.placed import Placed
from tonne.mrv.rules import MrvRules, basket, year_start
from tonne.quantity import Gas, outside_basket
from tonne.refusal import Refusal

Size = Literal["major", "minor", "de_minimis"]
"""How much a stream matters; of the smallest no tiers are asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """How surely one parameter is known: ``1``, ``2a``, ``2b``, ``3``, ``4``."""

    parameter: Parameter
    tier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStream:
    """A fuel, a material or a stack whose emissions are worked out by themselves."""

    stream: str
    name: str
    approach: Approach
    gas: Gas
    size: Size
    tiers: tuple[Tier, ...] = ()
    """The tiers that the plan requires."""

    leaves: bool = False
    """In a mass balance: whether the material leaves the installation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringPlan:
    """All source streams of one operator."""

    operator: str
    streams: tuple[SourceStream, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamData:
    """What was found in a year for one stream; what its approach does not need stays empty."""

    stream: str
    activity: Decimal | None = None
    activity_unit: str = ""
    """``t``, ``1000 Nm3`` or ``TJ``."""

    ncv: Decimal | None = None
    """Net calorific value, GJ per unit of activity."""

    ef: Decimal | None = None
    ef_unit: str = ""
    """``t/TJ``, or tonnes of the gas per unit of activity: ``t/t``."""

    of: Decimal | None = None
    cf: Decimal | None = None
    carbon_content: Decimal | None = None
    """Tonnes of carbon per unit of activity."""

    hours: Decimal | None = None
    flow: Decimal | None = None
    """1000 Nm3 an hour."""

    concentration: Decimal | None = None
    """g per Nm3."""

    biomass_fraction: Decimal | None = None
    """The part of the carbon that is from biomass; none if nothing is said."""

    tiers: tuple[Tier, ...] = ()
    tier_reason: str = ""
    """Why a tier differs from the plan's."""

    uncertainty: Decimal | None = None
    """Of the activity data, or of a measured stream's emissions, in percent."""


TIERED: dict[Approach, tuple[Parameter, ...]] = {
    "combustion": ("activity", "ef", "of"),
    "process": ("activity", "ef", "cf"),
    "mass_balance": ("activity", "carbon_content"),
    "measurement": ("concentration",),
}
"""The parameters for which the plan of a major or minor stream names a tier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamTwice(Placed):
    """A stream has one entry in the plan, and one in a year's report."""

    number: ClassVar[int] = 5001
    remedy: ClassVar[str] = (
        "Give each source stream an identifier of its own; add entries together."
    )

    stream: str
    place: str

    def __str__(self) -> str:
        return f"{self.where}Stream {self.stream} is in the {self.place} more than once."


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWithoutTier(Placed):
    """The plan says how surely each parameter of a major or minor stream is known."""

    number: ClassVar[int] = 5002
    remedy: ClassVar[str] = "Name a tier for the parameter in the monitoring plan."

    stream: str
    parameter: str

    def __str__(self) -> str:
        return f"{self.where}The plan names no tier for {self.parameter} of stream {self.stream}."


def plan_refusals(plan: MonitoringPlan, *, rules: MrvRules, year: int) -> Iterator[Refusal]:
    """What is wrong with a plan for the emissions of a year."""
    gases = rules.gases.on(year_start(year))
    reference = rules.guidelines.on(year_start(year)).reference
    for name, times in Counter(each.stream for each in plan.streams).items():
        if times > 1:
            yield StreamTwice(reference=reference, stream=name, place="plan")
    for stream in plan.streams:
        yield from outside_basket(stream.gas, basket(gases.value), reference=gases.reference)
        named = {tier.parameter for tier in stream.tiers}
        for parameter in TIERED[stream.approach]:
            if stream.size != "de_minimis" and parameter not in named:
                yield PlanWithoutTier(
                    reference=reference, stream=stream.stream, parameter=parameter
                )
