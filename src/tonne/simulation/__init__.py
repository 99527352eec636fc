"""What happened, and what would happen if? Participants who call operations under a clock."""

from tonne.simulation.cdm_history import CdmHistory, CdmRow, read_cdm
from tonne.simulation.cdm_replay import CdmReport, RowRefused, Tally, replay_cdm
from tonne.simulation.codes import Agreement, Comparison, compare
from tonne.simulation.exchange import Exchange
from tonne.simulation.history import History, read
from tonne.simulation.kyoto import (
    AmountIssued,
    AmountToIssue,
    KyotoIssued,
    KyotoReplay,
    amounts_to_issue,
    issue_amounts,
    replay_kyoto,
)
from tonne.simulation.lived import Replay, YearReplayed
from tonne.simulation.quarter import live_a_quarter
from tonne.simulation.quarter_report import QuarterReport
from tonne.simulation.rehearsal import Actor, Cast, Rehearsal
from tonne.simulation.replay import replay
from tonne.simulation.report import Report, replay_scheme
from tonne.simulation.scope import years_to_read
from tonne.simulation.traded import Market, MarketYear, Till

__all__ = [
    "Actor",
    "Agreement",
    "AmountIssued",
    "AmountToIssue",
    "Cast",
    "CdmHistory",
    "CdmReport",
    "CdmRow",
    "Comparison",
    "Exchange",
    "History",
    "KyotoIssued",
    "KyotoReplay",
    "Market",
    "MarketYear",
    "QuarterReport",
    "Rehearsal",
    "Replay",
    "Report",
    "RowRefused",
    "Tally",
    "Till",
    "YearReplayed",
    "amounts_to_issue",
    "compare",
    "issue_amounts",
    "live_a_quarter",
    "read",
    "read_cdm",
    "replay",
    "replay_cdm",
    "replay_kyoto",
    "replay_scheme",
    "years_to_read",
]
