"""Try a policy on the shipments that are stored: which outcomes would change, and by which rules.

`verbs` starts, cancels and resumes; `chunks` is what the workers do; `judging` compares one chunk of shipments under
two policies; `results` reads what came out. Nothing but the rows of a backtest is written.
"""

from screening.backtests.chunks import sweep, work
from screening.backtests.filters import FilterError
from screening.backtests.results import Progress, Report, not_ready, progress, ready, report, seen
from screening.backtests.verbs import BacktestError, cancel, resume, start

__all__ = [
    "BacktestError",
    "FilterError",
    "Progress",
    "Report",
    "cancel",
    "not_ready",
    "progress",
    "ready",
    "report",
    "resume",
    "seen",
    "start",
    "sweep",
    "work",
]
