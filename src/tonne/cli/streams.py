"""Reports from source streams: imported from a table, and shown with every step of the sum."""

from collections.abc import Sequence
from decimal import Decimal

from tonne import operations
from tonne.cli.errand import Errand
from tonne.cli.show import Table
from tonne.mrv import Emissions, Sheet, SourceStream, StreamData, StreamEmissions, StreamReport
from tonne.operations import Again, YearReported
from tonne.refusal import Refusal


def import_streams(at: Errand, name: str, streams: Sequence[Sheet], all_: Sequence[Sheet]) -> None:
    """Put the reports on record that a table of streams gives, and tell them."""
    reports = at.do(
        lambda books: operations.report_streams(
            books, at.scheme, streams, key=at.call.key, desk=at.desk
        ),
        doing=f"Reading {name}",
    )
    total = sum((each.report.tonnes.value for each in reports), Decimal(0))
    left = [each.name for each in all_ if each not in streams]
    passed = f" Not read: {', '.join(left)}." if left else ""
    rows = sum(len(each.data) for each in reports)
    at.tell(
        f"{len(reports):,} reports are on record, worked out from {rows:,} source streams: "
        f"{total:,f} t in all. They count once they are verified.{passed}",
        Table(
            columns=("Operator", "Year", "Tonnes", "Streams"),
            rows=[
                [each.report.operator, str(each.report.year), each.report.tonnes.value,
                 len(each.data)]
                for each in reports
            ],
        ),
        data={
            "key": at.call.key,
            "reports": [_as_data(each, each.emissions(at.scheme.mrv)) for each in reports],
            "not_read": left,
        },
        hint="tonne report verify --help",
    )  # fmt: skip


def tell_year(at: Errand, year: YearReported) -> None:
    """Tell what was reported for a year, and what comes out when it is worked out again."""
    at.tell(
        _finding(year),
        Table(
            title="Reports",
            columns=("Tonnes", "On", "From"),
            rows=[[each.tonnes.value, each.submitted, each.source] for each in year.reports],
        ),
        *(_table(each) for each in year.streams),
        Table(
            title="Figures",
            columns=("Tonnes", "Kind", "On", "Rule"),
            rows=[[each.tonnes, each.kind, each.day, each.reference] for each in year.figures],
        ),
        data={
            "operator": year.operator,
            "year": year.year,
            "reports": year.reports,
            "worked_out": [
                {"agrees": each.agrees} | _as_data(each.told, each.found) for each in year.streams
            ],
            "figures": year.figures,
            "stands": year.stands,
        },
        hint=f"tonne statement {year.operator}",
    )


def _finding(year: YearReported) -> str:
    if not year.reports and not year.figures:
        return f"{year.operator} has reported nothing for {year.year}."
    said = [f"{year.operator} in {year.year}:"]
    if year.reports:
        said.append(f"{year.reports[-1].tonnes.value:,f} t reported;")
    if year.streams:
        last = year.streams[-1]
        again = "gives the same" if last.agrees else "differs under the law as it is read now"
        said.append(
            f"the report of {last.told.report.submitted}, worked out again from its source "
            f"streams, {again};"
        )
    stands = year.stands
    said.append("nothing verified yet." if stands is None else _stands(stands.tonnes, stands.kind))
    return " ".join(said)


def _stands(tonnes: int, kind: str) -> str:
    return f"{tonnes:,} t stand ({kind})."


def _table(again: Again) -> Table:
    """Every stream of a report: what went in, and what came out."""
    found = again.found
    out: list[StreamEmissions | None] = (
        [*found.streams] if isinstance(found, Emissions) else [None for _ in again.told.data]
    )
    return Table(
        title=f"Streams of the report of {again.told.report.submitted}",
        columns=("Stream", "Name", "Approach", "Gas", "From", "Fossil t", "Biomass t", "Counted t"),
        rows=[
            [plan.stream, plan.name, plan.approach, plan.gas.code, _sum(plan, data),
             *((None, None, None) if each is None else (each.fossil, each.biomass, each.counted))]
            for plan, data, each in zip(again.told.plan.streams, again.told.data, out, strict=True)
        ],
    )  # fmt: skip


def _sum(plan: SourceStream, data: StreamData) -> str:
    """The factors of a stream's sum, as a person would write them down."""
    factors = {
        "combustion": (
            (data.activity, data.activity_unit),
            (data.ncv, f"GJ/{data.activity_unit}"),
            (data.ef, data.ef_unit),
            (data.of, ""),
        ),
        "process": ((data.activity, data.activity_unit), (data.ef, data.ef_unit), (data.cf, "")),
        "mass_balance": (
            (data.activity, data.activity_unit),
            (data.carbon_content, f"t C/{data.activity_unit}"),
        ),
        "measurement": (
            (data.hours, "h"),
            (data.flow, "1000 Nm3/h"),
            (data.concentration, "g/Nm3"),
        ),
    }[plan.approach]
    told = " x ".join(f"{value:,f} {unit}".strip() for value, unit in factors if value is not None)
    leaves = "less " if plan.leaves else ""
    biomass = data.biomass_fraction
    return f"{leaves}{told}" + ("" if biomass is None else f", {biomass:f} of it biomass")


def _as_data(told: StreamReport, found: Emissions | Sequence[Refusal]) -> dict[str, object]:
    """A report with its streams for a program: what went in, and what came out."""
    streams = [
        {"plan": _plan(plan), "data": data}
        for plan, data in zip(told.plan.streams, told.data, strict=True)
    ]
    if not isinstance(found, Emissions):
        refusals = [each.as_dict() for each in found]
        return {"report": told.report, "refusals": refusals, "streams": streams}
    return {
        "report": told.report,
        "total": found.total,
        "biomass": found.biomass,
        "uncertainty": found.uncertainty(),
        "guidelines": found.guidelines,
        "streams": [
            each | {"fossil": out.fossil, "biomass": out.biomass, "counted": out.counted}
            for each, out in zip(streams, found.streams, strict=True)
        ],
    }


def _plan(plan: SourceStream) -> dict[str, object]:
    return {
        "stream": plan.stream,
        "name": plan.name,
        "approach": plan.approach,
        "gas": plan.gas.code,
        "size": plan.size,
        "leaves": plan.leaves,
        "tiers": plan.tiers,
    }
