"""Races: every method refitted on the past only, under the same costs, judged on the same rows."""

from __future__ import annotations

from hedgerow.compare.candidates import Candidate, CandidateRanking, rank_candidates
from hedgerow.compare.comparison import Comparison
from hedgerow.compare.judging.break_check import BreakCheck, break_check
from hedgerow.compare.judging.options import Judging
from hedgerow.compare.judging.robust_check import RobustCheck, robust_check
from hedgerow.compare.judging.stability import SubPeriods, sub_periods
from hedgerow.compare.lags import lag_sensitivity
from hedgerow.compare.look_ahead.method_rule import decisions_of
from hedgerow.compare.look_ahead.search import LookAhead, check_look_ahead
from hedgerow.compare.look_ahead.signal_decay import lag_decay
from hedgerow.compare.look_ahead.warm_up import warm_up_drift
from hedgerow.compare.margin import margin_of
from hedgerow.compare.schedule import CrisisRefit, WalkForward
from hedgerow.compare.stress.contingency import KnockIn, KnockInPlan, StopLevels, knock_in_plan, stop_levels
from hedgerow.compare.stress.hedge import stress_hedge
from hedgerow.compare.stress.moves import BasisShock, Move, RollGap, SigmaMove, StatedMove, WorstWindow
from hedgerow.compare.stress.position import HedgedPosition
from hedgerow.compare.stress.results import LossFigures, StressOptions, StressResult, StressTest
from hedgerow.compare.stress.scenarios import (
    StressScenario,
    breakdown,
    preset_scenarios,
    sigma_move,
    volatility_index,
    volatility_jump,
)
from hedgerow.compare.stress.verdict import ReverseStress
from hedgerow.compare.walk_forward import compare_methods

__all__ = [
    "BasisShock",
    "BreakCheck",
    "Candidate",
    "CandidateRanking",
    "Comparison",
    "CrisisRefit",
    "HedgedPosition",
    "Judging",
    "KnockIn",
    "KnockInPlan",
    "LookAhead",
    "LossFigures",
    "Move",
    "ReverseStress",
    "RobustCheck",
    "RollGap",
    "SigmaMove",
    "StatedMove",
    "StopLevels",
    "StressOptions",
    "StressResult",
    "StressScenario",
    "StressTest",
    "SubPeriods",
    "WalkForward",
    "WorstWindow",
    "break_check",
    "breakdown",
    "check_look_ahead",
    "compare_methods",
    "decisions_of",
    "knock_in_plan",
    "lag_decay",
    "lag_sensitivity",
    "margin_of",
    "preset_scenarios",
    "rank_candidates",
    "robust_check",
    "sigma_move",
    "stop_levels",
    "stress_hedge",
    "sub_periods",
    "volatility_index",
    "volatility_jump",
    "warm_up_drift",
]
