"""What happened, and what would happen if? Participants who call operations under a clock."""

from tonne.simulation.cdm_history import CdmHistory, CdmRow, read_cdm
from tonne.simulation.cdm_replay import CdmReport, RowRefused, Tally, replay_cdm
from tonne.simulation.codes import Agreement, Comparison, compare
from tonne.simulation.history import History, read
from tonne.simulation.kyoto import AmountToIssue, KyotoReplay, amounts_to_issue, replay_kyoto
from tonne.simulation.replay import Replay, YearReplayed, replay
from tonne.simulation.report import Report, replay_scheme
from tonne.simulation.scope import years_to_read

__all__ = [
    "Agreement",
    "AmountToIssue",
    "CdmHistory",
    "CdmReport",
    "CdmRow",
    "Comparison",
    "History",
    "KyotoReplay",
    "Replay",
    "Report",
    "RowRefused",
    "Tally",
    "YearReplayed",
    "amounts_to_issue",
    "compare",
    "read",
    "read_cdm",
    "replay",
    "replay_cdm",
    "replay_kyoto",
    "replay_scheme",
    "years_to_read",
]
