"""Races: every method refitted on the past only, under the same costs, judged on the same rows."""

from __future__ import annotations

from hedgerow.compare.candidates import Candidate, CandidateRanking, rank_candidates
from hedgerow.compare.comparison import Comparison
from hedgerow.compare.lags import lag_sensitivity
from hedgerow.compare.walk_forward import WalkForward, compare_methods

__all__ = [
    "Candidate",
    "CandidateRanking",
    "Comparison",
    "WalkForward",
    "compare_methods",
    "lag_sensitivity",
    "rank_candidates",
]
