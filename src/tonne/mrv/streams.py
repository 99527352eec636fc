"""Whether the data of a report fit the plan: every stream, every parameter, every tier."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from tonne.mrv.approach import ACTIVITY_UNITS, PER_ENERGY, Parameter
from tonne.mrv.placed import Placed
from tonne.mrv.plan import MonitoringPlan, SourceStream, StreamData, StreamTwice
from tonne.mrv.rules import MrvRules, UncertaintyTable, year_start
from tonne.refusal import Refusal
from tonne.rulebook import Clause

PARAMETERS: tuple[Parameter, ...] = (
    "activity", "ncv", "ef", "of", "cf", "carbon_content", "hours", "flow", "concentration",
    "biomass_fraction",
)  # fmt: skip
_FRACTIONS: tuple[Parameter, ...] = ("of", "cf", "biomass_fraction")


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamNotInPlan(Refusal):
    """Only what the plan names is reported."""

    number: ClassVar[int] = 5003
    remedy: ClassVar[str] = "Correct the stream's identifier, or have the plan changed first."

    stream: str

    def __str__(self) -> str:
        return f"Stream {self.stream} is reported but is not in the monitoring plan."


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamNotReported(Refusal):
    """All that the plan names is reported, be it nothing."""

    number: ClassVar[int] = 5004
    remedy: ClassVar[str] = "Report the stream; if nothing flowed, report an activity of 0."

    stream: str

    def __str__(self) -> str:
        return f"Stream {self.stream} is in the monitoring plan but is not reported."


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterMissing(Placed):
    """An approach needs all its parameters."""

    number: ClassVar[int] = 5005
    remedy: ClassVar[str] = "Give the parameter that the stream's approach needs."

    stream: str
    parameter: str
    approach: str

    def __str__(self) -> str:
        return (
            f"{self.where}Stream {self.stream} has no {self.parameter}; {self.approach} needs it."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterOutOfRange(Placed):
    """No parameter is less than nothing, and no fraction more than the whole."""

    number: ClassVar[int] = 5006
    remedy: ClassVar[str] = "Give no minus sign, and a fraction as 0.995, not as 99.5 percent."

    stream: str
    parameter: str
    value: Decimal

    def __str__(self) -> str:
        bounds = "from 0 to 1" if self.parameter in _FRACTIONS else "0 or more"
        return (
            f"{self.where}Stream {self.stream}: {self.parameter} is {self.value}; "
            f"it must be {bounds}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDoesNotFit(Placed):
    """The units of activity and emission factor must cancel to tonnes."""

    number: ClassVar[int] = 5007
    remedy: ClassVar[str] = "Give an emission factor in t/TJ or per the unit of the activity."

    stream: str
    activity_unit: str
    ef_unit: str

    def __str__(self) -> str:
        factor = f" with an emission factor in {self.ef_unit!r}" if self.ef_unit else ""
        return (
            f"{self.where}Stream {self.stream}: activity in {self.activity_unit!r}{factor} "
            "gives no tonnes."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TierDeviates(Placed):
    """The report names the tier it applied; one other than the plan's needs a reason."""

    number: ClassVar[int] = 5008
    remedy: ClassVar[str] = "Give the reason for the other tier, or apply the plan's."

    stream: str
    parameter: str
    planned: str
    applied: str

    def __str__(self) -> str:
        return (
            f"{self.where}Stream {self.stream}: {self.parameter} was found by tier {self.applied}, "
            f"the plan requires {self.planned}, and no reason is given."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TierUnknown(Placed):
    """A tier is one that the law knows for the approach."""

    number: ClassVar[int] = 5009
    remedy: ClassVar[str] = "Name one of the law's tiers."

    stream: str
    parameter: str
    applied: str
    highest: int

    def __str__(self) -> str:
        return (
            f"{self.where}Stream {self.stream}: {self.applied!r} is no tier for {self.parameter}; "
            f"the law has tiers 1 to {self.highest}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UncertaintyAboveTier(Placed):
    """A tier is met only by data as sure as it asks for."""

    number: ClassVar[int] = 5010
    remedy: ClassVar[str] = "State the tier that the uncertainty allows, with the reason for it."

    stream: str
    tier: str
    uncertainty: Decimal
    limit: Decimal

    def __str__(self) -> str:
        return (
            f"{self.where}Stream {self.stream}: an uncertainty of {self.uncertainty} % is above "
            f"the {self.limit} % of tier {self.tier}."
        )


def stream_refusals(
    plan: MonitoringPlan, data: Sequence[StreamData], *, rules: MrvRules, year: int
) -> Iterator[Refusal]:
    """Where the data of a year do not fit the plan."""
    guidelines = rules.guidelines.on(year_start(year)).reference
    uncertainty = rules.activity_uncertainty.on(year_start(year))
    planned = {each.stream: each for each in plan.streams}
    reported = Counter(each.stream for each in data)
    for stream in planned:
        if stream not in reported:
            yield StreamNotReported(reference=guidelines, stream=stream)
    for stream, times in reported.items():
        if times > 1:
            yield StreamTwice(reference=guidelines, stream=stream, place="report")
        if stream not in planned:
            yield StreamNotInPlan(reference=guidelines, stream=stream)
    for each in data:
        if each.stream in planned:
            yield from _figures(planned[each.stream], each, reference=guidelines)
            yield from _tiers(planned[each.stream], each, law=uncertainty)


def _figures(stream: SourceStream, data: StreamData, *, reference: str) -> Iterator[Refusal]:
    """Parameters missing, below nothing or above the whole, and units that do not fit."""
    name = stream.stream
    for parameter in _needed(stream, data):
        if getattr(data, parameter) is None:
            yield ParameterMissing(
                reference=reference, stream=name, parameter=parameter, approach=stream.approach
            )
    for parameter in PARAMETERS:
        value: Decimal | None = getattr(data, parameter)
        if value is not None and (value < 0 or (value > 1 and parameter in _FRACTIONS)):
            yield ParameterOutOfRange(
                reference=reference, stream=name, parameter=parameter, value=value
            )
    if not _units_fit(stream, data):
        factor = "" if stream.approach == "mass_balance" else data.ef_unit
        yield UnitDoesNotFit(
            reference=reference, stream=name, activity_unit=data.activity_unit, ef_unit=factor
        )


def _needed(stream: SourceStream, data: StreamData) -> tuple[Parameter, ...]:
    """The parameters that the stream's formula uses; a calorific value only for t/TJ."""
    if stream.approach == "combustion":
        by_energy = data.ef_unit == PER_ENERGY and data.activity_unit != "TJ"
        return ("activity", "ncv", "ef", "of") if by_energy else ("activity", "ef", "of")
    if stream.approach == "process":
        return ("activity", "ef", "cf")
    if stream.approach == "mass_balance":
        return ("activity", "carbon_content")
    return ("hours", "flow", "concentration")


def _units_fit(stream: SourceStream, data: StreamData) -> bool:
    if stream.approach == "measurement":
        return True
    if stream.approach == "mass_balance":
        return data.activity_unit in {"t", "1000 Nm3"}
    if stream.approach == "combustion" and data.ef_unit == PER_ENERGY:
        return data.activity_unit in ACTIVITY_UNITS
    return data.activity_unit in ACTIVITY_UNITS and data.ef_unit == f"t/{data.activity_unit}"


def _tiers(
    stream: SourceStream, data: StreamData, *, law: Clause[UncertaintyTable]
) -> Iterator[Refusal]:
    """Tiers left out or changed without a reason, and data less sure than their tier."""
    name = stream.stream
    applied = {each.parameter: each.tier for each in data.tiers}
    for each in stream.tiers:
        tier = applied.get(each.parameter, "none")
        if tier != each.tier and not data.tier_reason.strip():
            yield TierDeviates(
                reference=law.reference,
                stream=name,
                parameter=each.parameter,
                planned=each.tier,
                applied=tier,
            )
    limits: tuple[Decimal, ...] = getattr(law.value, stream.approach)
    parameter: Parameter = "concentration" if stream.approach == "measurement" else "activity"
    tier = applied.get(parameter, "")
    if tier and tier[:1] not in {str(level) for level in range(1, len(limits) + 1)}:
        yield TierUnknown(
            reference=law.reference,
            stream=name,
            parameter=parameter,
            applied=tier,
            highest=len(limits),
        )
    elif tier and data.uncertainty is not None and data.uncertainty > limits[int(tier[0]) - 1]:
        yield UncertaintyAboveTier(
            reference=law.reference,
            stream=name,
            tier=tier,
            uncertainty=data.uncertainty,
            limit=limits[int(tier[0]) - 1],
        )
