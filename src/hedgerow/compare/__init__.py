"""Races: methods refitted on the past only and judged on the same rows; policies on the same simulated paths."""

from __future__ import annotations

from hedgerow.compare.candidates import Candidate, CandidateRanking, rank_candidates
from hedgerow.compare.choice.best import ChoiceOptions, PolicyFamily, best_policy
from hedgerow.compare.choice.frontiers import Frontier, FrontierOptions, frontier
from hedgerow.compare.choice.objective import Objective
from hedgerow.compare.choice.policy_choice import PolicyChoice
from hedgerow.compare.choice.search import SearchOptions
from hedgerow.compare.comparison import Comparison
from hedgerow.compare.grid.result import GridResult
from hedgerow.compare.grid.run import GridOptions, run_grid
from hedgerow.compare.judging.break_check import BreakCheck, break_check
from hedgerow.compare.judging.options import Judging
from hedgerow.compare.judging.robust_check import RobustCheck, robust_check
from hedgerow.compare.judging.stability import SubPeriods, sub_periods
from hedgerow.compare.lags import lag_sensitivity
from hedgerow.compare.look_ahead.method_rule import decisions_of
from hedgerow.compare.look_ahead.overlay_rule import overlay_decisions_of
from hedgerow.compare.look_ahead.overlay_warm_up import overlay_warm_up_drift
from hedgerow.compare.look_ahead.search import LookAhead, check_look_ahead
from hedgerow.compare.look_ahead.signal_decay import lag_decay
from hedgerow.compare.look_ahead.warm_up import warm_up_drift
from hedgerow.compare.margin import margin_of
from hedgerow.compare.overlays.choice import OverlayChoice
from hedgerow.compare.overlays.choose import OverlayChoosing, choose_overlay
from hedgerow.compare.overlays.claims import measure_claims
from hedgerow.compare.overlays.comparison import OverlayComparison, compare_overlays
from hedgerow.compare.overlays.crises import CRISES, Crisis
from hedgerow.compare.overlays.diversified import DiversifiedPlan
from hedgerow.compare.overlays.plan import OverlayJudging, OverlayPlan
from hedgerow.compare.overlays.tail import TailComparison, compare_tail_hedges
from hedgerow.compare.overlays.tail_shocks import TailShock
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
    "CRISES",
    "Candidate",
    "CandidateRanking",
    "ChoiceOptions",
    "Comparison",
    "Crisis",
    "CrisisRefit",
    "DiversifiedPlan",
    "Frontier",
    "FrontierOptions",
    "GridOptions",
    "GridResult",
    "HedgedPosition",
    "Judging",
    "KnockIn",
    "KnockInPlan",
    "LookAhead",
    "LossFigures",
    "Move",
    "Objective",
    "OverlayChoice",
    "OverlayChoosing",
    "OverlayComparison",
    "OverlayJudging",
    "OverlayPlan",
    "PolicyChoice",
    "PolicyFamily",
    "ReverseStress",
    "RobustCheck",
    "RollGap",
    "SearchOptions",
    "SigmaMove",
    "StatedMove",
    "StopLevels",
    "StressOptions",
    "StressResult",
    "StressScenario",
    "StressTest",
    "SubPeriods",
    "TailComparison",
    "TailShock",
    "WalkForward",
    "WorstWindow",
    "best_policy",
    "break_check",
    "breakdown",
    "check_look_ahead",
    "choose_overlay",
    "compare_methods",
    "compare_overlays",
    "compare_tail_hedges",
    "decisions_of",
    "frontier",
    "knock_in_plan",
    "lag_decay",
    "lag_sensitivity",
    "margin_of",
    "measure_claims",
    "overlay_decisions_of",
    "overlay_warm_up_drift",
    "preset_scenarios",
    "rank_candidates",
    "robust_check",
    "run_grid",
    "sigma_move",
    "stop_levels",
    "stress_hedge",
    "sub_periods",
    "volatility_index",
    "volatility_jump",
    "warm_up_drift",
]
