"""What rows of the database tell, as records."""

from collections.abc import Sequence
from typing import Any, get_args

from tonne.compliance import Outcome
from tonne.ledger import Account as LedgerAccount
from tonne.ledger import Asset, Block, Movement, Step
from tonne.mrv import Parameter, SourceStream, StreamData, Tier
from tonne.quantity import Gas, Money, currency
from tonne.registry import HoldingAccount
from tonne.store.loaded import Closing


def as_closing(row: tuple[Any, ...]) -> Closing:
    """An outcome as its row tells it."""
    (number, operator, year, status, verified, surrendered, missing, excess, penalty, money,
     extra, made_good, carried, published, unreported, because, entry, day,
    ) = row  # fmt: skip
    outcome = Outcome(
        operator=operator,
        year=year,
        status=status,
        missing=missing,
        excess=excess,
        penalty=Money(penalty, currency(money, reference="ISO 4217")),
        extra=extra,
        made_good=made_good,
        carried=carried,
        published=published,
        report_missing=unreported,
        because=tuple(because),
    )
    return Closing(number, outcome, verified, surrendered, entry, day)


def as_holder(row: tuple[Any, ...]) -> HoldingAccount:
    """An account as its row tells it."""
    number, kind, status, opened, name, registry, operator = row
    return HoldingAccount(
        number=number,
        kind=kind,
        status=status,
        opened=opened,
        name=name,
        registry=registry,
        operator=operator,
    )


def as_movement(step: Step, sources: dict[str, bool]) -> Movement:
    """A movement as its row tells it; of accounts it is known which issue units."""
    block = None if step.series is None else Block(step.series, step.first, step.last)
    return Movement(
        source=LedgerAccount(step.source, sources[step.source]),
        target=LedgerAccount(step.target, sources[step.target]),
        asset=Asset(step.asset, step.series),
        count=step.units,
        block=block,
    )


def as_stream(row: tuple[Any, ...]) -> tuple[SourceStream, StreamData]:
    """What the plan said of a stream, and what was found."""
    stream, name, approach, gas, size, leaves, plan_tiers, *found, tiers, reason, uncertainty = row
    activity, activity_unit, ncv, ef, ef_unit, *others = found
    of, cf, carbon_content, hours, flow, concentration, biomass_fraction = others
    plan = SourceStream(
        stream=stream,
        name=name,
        approach=approach,
        gas=Gas(gas),
        size=size,
        tiers=_tiers(plan_tiers),
        leaves=leaves,
    )
    return plan, StreamData(
        stream=stream,
        activity=activity,
        activity_unit=activity_unit,
        ncv=ncv,
        ef=ef,
        ef_unit=ef_unit,
        of=of,
        cf=cf,
        carbon_content=carbon_content,
        hours=hours,
        flow=flow,
        concentration=concentration,
        biomass_fraction=biomass_fraction,
        tiers=_tiers(tiers),
        tier_reason=reason,
        uncertainty=uncertainty,
    )


def _tiers(told: Sequence[str]) -> tuple[Tier, ...]:
    known: dict[str, Parameter] = {each: each for each in get_args(Parameter)}
    pairs = (each.partition(" ") for each in told)
    return tuple(Tier(parameter=known[parameter], tier=tier) for parameter, _, tier in pairs)
