"""How much was emitted in a year: every stream by its approach, rounded, added up."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal

from tonne.mrv.approach import (
    PER_ENERGY,
    combustion,
    combustion_by_energy,
    mass_balance,
    measurement,
    process,
)
from tonne.mrv.figure import EmissionsBelowNothing
from tonne.mrv.plan import MonitoringPlan, SourceStream, StreamData, plan_refusals
from tonne.mrv.rules import MrvRules, year_start
from tonne.mrv.streams import stream_refusals
from tonne.quantity import Gas, GwpSet, Mass, Tonnes, co2e, places, product
from tonne.refusal import refuse_if_any

_ROOTS = Context(prec=28)  # an uncertainty is told to two digits; a root need not be exact


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamEmissions:
    """The emissions of one stream in tonnes of CO2 equivalent, each part rounded."""

    stream: str
    gas: Gas
    fossil: Decimal
    biomass: Decimal
    """Reported for itself; counted only where the law does not rate it zero."""

    counted: Decimal
    uncertainty: Decimal | None = None
    """As stated, in percent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emissions:
    """A year's emissions of one operator, stream by stream."""

    operator: str
    year: int
    guidelines: str
    streams: tuple[StreamEmissions, ...]
    total: Tonnes
    """What counts."""

    biomass: Tonnes
    """Reported for itself."""

    def uncertainty(self) -> Decimal | None:
        """The uncertainty of the total in percent, or None if a stream states none.

        The root of the summed squares of the streams' own, for errors that do not depend on
        one another (IPCC good practice guidance, chapter 6, rule A).
        """
        total = self.total.value
        stated = [(each.counted, each.uncertainty) for each in self.streams if each.counted]
        if total == 0 or any(percent is None for _, percent in stated):
            return None
        squares = (
            _ROOTS.power(_ROOTS.multiply(tonnes, percent or Decimal(0)), 2)
            for tonnes, percent in stated
        )
        root = _ROOTS.sqrt(sum(squares, Decimal(0)))
        return places(_ROOTS.divide(root, total), 2)


def emissions(
    plan: MonitoringPlan, data: Sequence[StreamData], *, rules: MrvRules, year: int
) -> Emissions:
    """The emissions of a year by the plan, or every reason why they cannot be told.

    The law is that of the first day of the year.
    """
    refuse_if_any(
        [
            *plan_refusals(plan, rules=rules, year=year),
            *stream_refusals(plan, data, rules=rules, year=year),
        ]
    )
    found = {each.stream: each for each in data}
    streams = tuple(_stream(each, found[each.stream], rules, year) for each in plan.streams)
    total = sum((Tonnes(each.counted) for each in streams), Tonnes.zero)
    guidelines = rules.guidelines.on(year_start(year))
    if total < Tonnes.zero:
        refuse_if_any(
            [
                EmissionsBelowNothing(
                    reference=guidelines.reference,
                    operator=plan.operator,
                    year=year,
                    tonnes=total.value,
                )
            ]
        )
    return Emissions(
        operator=plan.operator,
        year=year,
        guidelines=guidelines.value,
        streams=streams,
        total=total,
        biomass=sum((Tonnes(each.biomass) for each in streams), Tonnes.zero),
    )


def tonnes_of_gas(stream: SourceStream, data: StreamData, *, carbon_to_co2: Decimal) -> Decimal:
    """What the stream's own formula makes of its data: tonnes of its gas, not rounded."""
    if stream.approach == "measurement":
        return measurement(
            _given(data.hours), flow=_given(data.flow), concentration=_given(data.concentration)
        )
    activity = _given(data.activity)
    if stream.approach == "mass_balance":
        return mass_balance(
            activity,
            carbon_content=_given(data.carbon_content),
            carbon_to_co2=carbon_to_co2,
            leaves=stream.leaves,
        )
    ef = _given(data.ef)
    if stream.approach == "process":
        return process(activity, ef=ef, cf=_given(data.cf))
    of = _given(data.of)
    if data.ef_unit == PER_ENERGY and data.activity_unit != "TJ":
        return combustion_by_energy(activity, ncv=_given(data.ncv), ef=ef, of=of)
    return combustion(activity, ef=ef, of=of)


def _stream(stream: SourceStream, data: StreamData, rules: MrvRules, year: int) -> StreamEmissions:
    day = year_start(year)
    mass = tonnes_of_gas(stream, data, carbon_to_co2=rules.carbon_to_co2.on(day).value)
    whole = co2e(stream.gas, Mass(mass), GwpSet(rules.gwp_set.on(day).value))
    bio = Tonnes(product(whole.value, data.biomass_fraction or Decimal(0)))
    digits = rules.stream_digits.on(day).value
    # Zero rating is for the CO2 that a plant took up before: never for another gas.
    zero_rated = rules.biomass_zero_rated.on(day).value and stream.gas == Gas("CO2")
    return StreamEmissions(
        stream=stream.stream,
        gas=stream.gas,
        fossil=places((whole - bio).value, digits),
        biomass=places(bio.value, digits),
        counted=places((whole - bio if zero_rated else whole).value, digits),
        uncertainty=data.uncertainty,
    )


def _given(value: Decimal | None) -> Decimal:
    assert value is not None, "what an approach needs was asked for before"
    return value
