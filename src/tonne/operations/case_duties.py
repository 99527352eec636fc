"""What a worked case may ask of duties: what is owed, which units count, what a closing says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from msgspec import structs

from tonne import compliance
from tonne.compliance import Arrival, Lot, Position, Standing
from tonne.operations.scheme import Scheme
from tonne.supply import OperatorKind

Found = Mapping[str, object]
OPERATOR = "operator"
"""The one operator of a case that speaks of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearFigures:
    """What an operator emitted and surrendered for a year; no figure where none was entered."""

    year: int
    verified: int | None = None
    surrendered: int = 0
    """By the last day for surrender."""

    late: int = 0
    """Units that came after it, by the day of closing."""

    entered: Arrival = "in_time"
    stood: int | None = None
    """Tonnes that stood on the last day for surrender, where others stand now."""

    corrected: int = 0
    """Tonnes that the authority added to earlier years since the last closing."""

    corrected_before: int = 0
    """Those of them that belong to years from before counting began anew."""

    standing: Standing = "obliged"


def close(scheme: Scheme, *, years: tuple[YearFigures, ...], registry: str = "") -> Found:
    """Each year closed after the one before it; found is the outcome of the last."""
    if not years or [each.year - years[0].year for each in years] != [*range(len(years))]:
        raise ValueError("the years of a case follow one another")
    rules, last = scheme.compliance, None
    for each in years:
        since = compliance.counted_since(each.year, rules)
        counted = [other for other in years if since <= other.year <= each.year]
        before = None if registry in compliance.begin_anew(each.year, rules) else last
        position = Position(
            operator=OPERATOR,
            standing=each.standing,
            verified=each.verified,
            verified_total=sum(other.verified or 0 for other in counted)
            + sum(o.corrected - o.corrected_before for o in counted if o.year > since),
            surrendered_total=sum(other.surrendered for other in counted)
            + sum(other.late for other in counted if other.year < each.year),
            extra=before.extra if before else 0,
            carried=before.carried if before else 0,
            corrected=each.corrected,
            corrected_before=each.corrected_before,
            entered=each.entered,
            revised=0 if each.stood is None else (each.verified or 0) - each.stood,
            late=each.late,
        )
        (last,) = compliance.close(each.year, [position], rules)
    assert last is not None, "there is a year"
    earlier = structs.replace(
        position, surrendered_total=position.surrendered_total - each.surrendered
    )
    (due,) = compliance.still_owed(each.year, [earlier], rules)
    return {
        "status": last.status,
        "due": due,
        "surrender_by": compliance.surrender_by(each.year, rules),
        "missing": last.missing,
        "fined": last.excess,
        "penalty": last.penalty.amount,
        "currency": last.penalty.currency.code,
        "made_good": last.made_good,
        "carried": last.carried,
        "published": last.published,
        "public_on": compliance.publish_on(each.year, rules),
        "report_missing": last.report_missing,
    }


def correct(scheme: Scheme, *, year: int, owed: int, surrendered: int) -> Found:
    """The code after the authority corrected the emissions; both counted since the same year."""
    return {
        "status": compliance.corrected_status(owed=owed, surrendered=surrendered),
        "counted_since": compliance.counted_since(year, scheme.compliance),
    }


def surrender(
    scheme: Scheme,
    *,
    year: int,
    unit: str,
    day: date,
    count: int = 1,
    kind: OperatorKind = "installation",
    obliged: bool = True,
    owed: int | None = None,
) -> Found:
    """As much as is surrendered is owed, unless the case says otherwise."""
    request = compliance.Surrender(
        operator=OPERATOR, kind=kind, year=year, unit=unit, count=count, day=day
    )
    law = compliance.SurrenderLaw.of(year, scheme.compliance)
    compliance.surrender(request, obliged=obliged, owed=count if owed is None else owed, law=law)
    return {}


def choose(scheme: Scheme, *, year: int, lots: tuple[Lot, ...], count: int) -> Found:
    """Which lots go, and how many units of each."""
    taken = compliance.choose(lots, count, year=year, rules=scheme.compliance)
    return {"taken": [[lot.name, part] for lot, part in taken]}


def period_end(scheme: Scheme, *, day: date) -> Found:
    """The units that have ended by a day."""
    ends = compliance.cancel_period_units(day, scheme.compliance)
    return {"cancelled": sorted(unit for end in ends for unit in end.units)}
