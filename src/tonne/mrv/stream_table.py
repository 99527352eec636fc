"""A table of source streams, one row a stream: each operator's report of a year, worked out.

A row brings what the monitoring plan says of the stream and what was found in the year.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tonne.mrv.cells import CellNotReadable, Reading, Sheet, meant
from tonne.mrv.emissions import Emissions, emissions
from tonne.mrv.figure import EmissionsBelowNothing, EmissionsBeyondMeasure, beyond_measure
from tonne.mrv.placed import Placed
from tonne.mrv.plan import MonitoringPlan, PlanWithoutTier, SourceStream, StreamData, Tier
from tonne.mrv.report import EmissionsReport
from tonne.mrv.rules import MrvRules, year_start
from tonne.mrv.streams import (
    PARAMETERS,
    TierDeviates,
    TierUnknown,
    UncertaintyAboveTier,
    UnitDoesNotFit,
)
from tonne.mrv.table import Form, Row, has_heading, read_rows
from tonne.quantity import Gas, NameUnknown
from tonne.refusal import Refusal, Refused, refuse_if_any

_DATA: dict[str, Reading] = {
    **dict.fromkeys(PARAMETERS, "number"),
    "activity_unit": "text",
    "ef_unit": "text",
    "uncertainty": "number",
    "tier_reason": "text",
}
STREAMS = Form(
    needed={
        "operator_id": "text",
        "year": "year",
        "stream": "text",
        "approach": "approach",
        "gas": "gas",
        "size": "size",
    },
    optional={
        "name": "text",
        "leaves": "yes_or_no",
        **_DATA,
        **{f"plan_tier_{parameter}": "tier" for parameter in PARAMETERS},
        **{f"tier_{parameter}": "tier" for parameter in PARAMETERS},
    },
    key=("operator_id", "year", "stream"),
)
"""The table of source streams; what a stream's approach does not need is left empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamReport:
    """A report with the plan and the data it was worked out from, so that anybody can do it again.

    The data come in the order of the plan's streams.
    """

    report: EmissionsReport
    plan: MonitoringPlan
    data: tuple[StreamData, ...]

    def emissions(self, rules: MrvRules) -> Emissions:
        """The year's emissions, worked out from the streams under the law as it is given."""
        return emissions(self.plan, self.data, rules=rules, year=self.report.year)


_COLUMNS: dict[type[Refusal], str] = {
    PlanWithoutTier: "plan_tier_{}",
    TierDeviates: "tier_{}",
    TierUnknown: "tier_{}",
    UnitDoesNotFit: "activity_unit",
    UncertaintyAboveTier: "uncertainty",
    EmissionsBelowNothing: "operator_id",
    EmissionsBeyondMeasure: "operator_id",
}
"""Where a refusal stands that is not about a parameter's own cell."""

_OF_A_SUM = (EmissionsBelowNothing, EmissionsBeyondMeasure)


def read_streams(
    sheets: Sequence[Sheet],
    *,
    years: range,
    operators: Collection[str] | None = None,
    rules: MrvRules,
    submitted: date,
    reference: str,
) -> list[StreamReport]:
    """The report of each operator and year, or :class:`~tonne.refusal.Refused` with every fault.

    The streams of an operator may stand in several sheets. ``years`` are those for which reports
    are taken, ``operators`` those that are known (None: any).
    """
    faults: list[Refusal] = []
    groups: dict[tuple[str, int], list[Row]] = {}
    for sheet in sheets:
        rows, wrong = read_rows(
            sheet, STREAMS, years=years, operators=operators, reference=reference
        )
        faults += wrong
        for row in rows:
            year = row.values["year"]
            assert isinstance(year, int), "read as a year"
            groups.setdefault((row.text("operator_id"), year), []).append(row)
    whole = not faults
    reports: list[StreamReport] = []
    for (operator, year), group in groups.items():
        try:
            reports.append(_report(operator, year, group, rules=rules, submitted=submitted))
        except Refused as no:
            # A sum from which unreadable rows are missing says nothing.
            told = [each for each in no.refusals if whole or not isinstance(each, _OF_A_SUM)]
            faults += _placed(told, group)
    refuse_if_any(faults)
    return reports


def stream_sheets(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The sheets of a file that hold source streams, by name or by heading; none if it has none.

    Beside a sheet called ``streams`` others are left alone: a cover, notes. Where there is no
    such sheet and one holds streams, all must.
    """
    named = [each for each in sheets if each.name.strip().casefold() == "streams"]
    if named:
        return named
    return list(sheets) if any(has_heading(each, "stream") for each in sheets) else []


def _report(
    operator: str, year: int, rows: Sequence[Row], *, rules: MrvRules, submitted: date
) -> StreamReport:
    plan = MonitoringPlan(operator=operator, streams=tuple(_stream(row) for row in rows))
    data = tuple(_data(row) for row in rows)
    total = emissions(plan, data, rules=rules, year=year).total
    reference = rules.guidelines.on(year_start(year)).reference
    refuse_if_any(beyond_measure(operator, year, total, reference=reference))
    streams = "one source stream" if len(rows) == 1 else f"{len(rows)} source streams"
    report = EmissionsReport(
        operator=operator,
        year=year,
        tonnes=total,
        submitted=submitted,
        source=f"{streams}, {rows[0].sheet} from row {rows[0].row}",
    )
    return StreamReport(report=report, plan=plan, data=data)


def _stream(row: Row) -> SourceStream:
    """What the row says of the plan; every value has been read by its column."""
    values: dict[str, Any] = {
        name: row.values[name] for name in ("approach", "gas", "size", "leaves")
        if name in row.values
    }  # fmt: skip
    name, stream = row.text("name"), row.text("stream")
    return SourceStream(
        stream=stream, name=name or stream, tiers=_tiers(row, "plan_tier_"), **values
    )


def _data(row: Row) -> StreamData:
    """What the row says was found in the year."""
    values: dict[str, Any] = {name: row.values[name] for name in _DATA if name in row.values}
    return StreamData(stream=row.text("stream"), tiers=_tiers(row, "tier_"), **values)


def _tiers(row: Row, begins: str) -> tuple[Tier, ...]:
    return tuple(
        Tier(parameter=parameter, tier=row.text(begins + parameter))
        for parameter in PARAMETERS
        if begins + parameter in row.values
    )


def _placed(refusals: Sequence[Refusal], rows: Sequence[Row]) -> Iterator[Refusal]:
    """Refusals of an operator's year, each with the place of what it speaks of."""
    strange = [row for row in rows if "gas" in row.values]
    for refusal in refusals:
        if isinstance(refusal, NameUnknown):
            row = next(row for row in strange if row.values["gas"] == Gas(refusal.text))
            strange.remove(row)
            yield CellNotReadable(
                reference=refusal.reference,
                **row.place("gas"),
                found=refusal.text,
                expected=meant(refusal),
            )
            continue
        assert isinstance(refusal, Placed), "what a table can break has a place in it"
        facts = refusal.facts()
        of_stream = (row for row in reversed(rows) if row.text("stream") == facts.get("stream"))
        column = _COLUMNS.get(type(refusal), "{}").format(facts.get("parameter", "stream"))
        yield replace(refusal, **next(of_stream, rows[0]).place(column))
