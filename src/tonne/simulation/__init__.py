"""What happened, and what would happen if? Participants who call operations under a clock."""

from tonne.simulation.codes import Agreement, Comparison, compare
from tonne.simulation.history import History, read
from tonne.simulation.replay import Replay, YearReplayed, replay
from tonne.simulation.report import Report, replay_scheme
from tonne.simulation.scope import years_to_read

__all__ = [
    "Agreement",
    "Comparison",
    "History",
    "Replay",
    "Report",
    "YearReplayed",
    "compare",
    "read",
    "replay",
    "replay_scheme",
    "years_to_read",
]
