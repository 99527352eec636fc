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
from tonne.mrv.emissions import Emissions, StreamEmissions, emissions
from tonne.mrv.figure import (
    DeterminationReason,
    Figure,
    changed_after,
    correct,
    determine,
    standing,
)
from tonne.mrv.plan import MonitoringPlan, SourceStream, StreamData, Tier, plan_refusals
from tonne.mrv.report import EmissionsReport, Opinion, Outcome, verify, verify_all
from tonne.mrv.rules import MrvRules, installation_category
from tonne.mrv.table import Cell, ReportRow, Sheet, read_reports

__all__ = [
    "Approach", "Cell", "DeterminationReason", "Emissions", "EmissionsReport", "Figure",
    "MonitoringPlan", "MrvRules",
    "Opinion", "Outcome", "Parameter", "ReportRow", "Sheet", "SourceStream", "StreamData",
    "StreamEmissions", "Tier", "changed_after", "combustion", "combustion_by_energy", "correct",
    "determine", "emissions", "installation_category", "mass_balance", "measurement",
    "plan_refusals", "process", "read_reports", "standing", "verify", "verify_all",
]  # fmt: skip
