"""What the trades amount to, and what of a recording is to be believed."""

from lanes.accounting.artifact_filter import artifact_filter
from lanes.accounting.day_totals import DayTotals, day_totals
from lanes.accounting.emission_dedup import Emission, emission_dedup
from lanes.accounting.engine_counters import EngineCounters, engine_counters
from lanes.accounting.equity import Account, Ledger, equity
from lanes.accounting.factor_tail_probe import FactorTail, FactorTailProbe, factor_tail_probe
from lanes.accounting.perf_summary import Performance, perf_summary
from lanes.accounting.sharpe import Sharpe, sharpe

__all__ = [
    "Account",
    "DayTotals",
    "Emission",
    "EngineCounters",
    "FactorTail",
    "FactorTailProbe",
    "Ledger",
    "Performance",
    "Sharpe",
    "artifact_filter",
    "day_totals",
    "emission_dedup",
    "engine_counters",
    "equity",
    "factor_tail_probe",
    "perf_summary",
    "sharpe",
]
