"""Hedge ratios from data: scikit-learn estimators on plain arrays."""

from __future__ import annotations

from hedgerow.ratios.base import MOST_WORK, RatioEstimator
from hedgerow.ratios.compiling import compile_kernels
from hedgerow.ratios.error_correction import Cointegration, ErrorCorrection
from hedgerow.ratios.ewma import EWMA
from hedgerow.ratios.huber import Huber
from hedgerow.ratios.naive import Fixed, Naive
from hedgerow.ratios.ols import OLS, ExpandingOLS
from hedgerow.ratios.rolling import RollingOLS, rolling_hedge_ratios
from hedgerow.ratios.textbook import minimum_variance_ratio, minimum_variance_ratios
from hedgerow.ratios.theil_sen import TheilSen
from hedgerow.ratios.total_least_squares import TotalLeastSquares

METHODS: dict[str, type[RatioEstimator]] = {
    "naive": Naive,
    "fixed": Fixed,
    "ols": OLS,
    "rolling": RollingOLS,
    "expanding": ExpandingOLS,
    "ewma": EWMA,
    "total_least_squares": TotalLeastSquares,
    "huber": Huber,
    "theil_sen": TheilSen,
    "error_correction": ErrorCorrection,
}
"""Methods by the names that the command line and study files use."""

__all__ = [
    "MOST_WORK",
    "EWMA",
    "METHODS",
    "compile_kernels",
    "OLS",
    "Cointegration",
    "ErrorCorrection",
    "ExpandingOLS",
    "Fixed",
    "Huber",
    "Naive",
    "RatioEstimator",
    "RollingOLS",
    "TheilSen",
    "TotalLeastSquares",
    "minimum_variance_ratio",
    "minimum_variance_ratios",
    "rolling_hedge_ratios",
]
