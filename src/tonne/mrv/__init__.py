"""How much was emitted, and how surely? Plans, streams, reports, opinions, figures."""

from tonne.mrv.approach import (
    Approach,
    Parameter,
    combustion,
    combustion_by_energy,
    mass_balance,
    measurement,
    process,
)
from tonne.mrv.cells import Cell, CellEmpty, CellNotReadable, Sheet, Value
from tonne.mrv.emissions import Emissions, StreamEmissions, emissions
from tonne.mrv.figure import (
    DeterminationReason,
    Figure,
    FigureStandsAlready,
    correct,
    determine,
    standing,
    verified_refusals,
)
from tonne.mrv.placed import Placed
from tonne.mrv.plan import MonitoringPlan, SourceStream, StreamData, Tier, plan_refusals
from tonne.mrv.report import (
    EmissionsReport,
    Opinion,
    Outcome,
    ReportNotVerified,
    report_refusals,
    verify,
    verify_all,
)
from tonne.mrv.rules import MrvRules, installation_category
from tonne.mrv.stream_table import STREAMS, StreamReport, read_streams, stream_sheets
from tonne.mrv.table import FIGURES, Form, ReportRow, Row, read_reports, read_rows

__all__ = [
    "FIGURES", "STREAMS", "Approach", "Cell", "CellEmpty", "CellNotReadable",
    "DeterminationReason", "Emissions", "EmissionsReport", "Figure", "FigureStandsAlready",
    "Form", "MonitoringPlan", "MrvRules", "Opinion", "Outcome", "Parameter", "Placed",
    "ReportNotVerified", "ReportRow", "Row", "Sheet", "SourceStream", "StreamData",
    "StreamEmissions", "StreamReport", "Tier", "Value", "combustion", "combustion_by_energy",
    "correct", "determine", "emissions", "installation_category", "mass_balance", "measurement",
    "plan_refusals", "process", "read_reports", "read_rows", "read_streams", "report_refusals",
    "standing", "stream_sheets", "verified_refusals", "verify", "verify_all",
]  # fmt: skip
