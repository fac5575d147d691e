"""Hedge ratios from data: scikit-learn estimators on plain arrays."""

from __future__ import annotations

from hedgerow.ratios.base import MOST_WORK, RatioEstimator
from hedgerow.ratios.compiling import compile_kernels
from hedgerow.ratios.cost_aware import CostAware
from hedgerow.ratios.error_correction import Cointegration, ErrorCorrection, cointegration_test
from hedgerow.ratios.ewma import EWMA
from hedgerow.ratios.garch.bekk import BEKK
from hedgerow.ratios.garch.ccc import CCC
from hedgerow.ratios.garch.dcc import ADCC, DCC
from hedgerow.ratios.huber import Huber
from hedgerow.ratios.johansen import JohansenTest, johansen_test
from hedgerow.ratios.kalman import Kalman
from hedgerow.ratios.markov_switching import MarkovSwitching
from hedgerow.ratios.minimum_cvar import MinimumCVaR
from hedgerow.ratios.minimum_lpm import MinimumLPM
from hedgerow.ratios.minimum_var import MinimumVaR
from hedgerow.ratios.naive import Fixed, Naive
from hedgerow.ratios.nearest import NearestCovariance, nearest_covariance
from hedgerow.ratios.ols import OLS, ExpandingOLS
from hedgerow.ratios.quadratic_utility import QuadraticUtility
from hedgerow.ratios.rolling import RollingOLS, rolling_hedge_ratios
from hedgerow.ratios.textbook import minimum_variance_ratio, minimum_variance_ratios
from hedgerow.ratios.theil_sen import TheilSen
from hedgerow.ratios.total_least_squares import TotalLeastSquares
from hedgerow.ratios.vecm import VECM

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
    "minimum_cvar": MinimumCVaR,
    "minimum_lpm": MinimumLPM,
    "minimum_value_at_risk": MinimumVaR,
    "quadratic_utility": QuadraticUtility,
    "ccc": CCC,
    "dcc": DCC,
    "adcc": ADCC,
    "kalman": Kalman,
    "markov_switching": MarkovSwitching,
    "bekk": BEKK,
    "vecm": VECM,
}
"""Methods by the names that the command line and study files use."""

__all__ = [
    "BEKK",
    "ADCC",
    "CCC",
    "DCC",
    "MOST_WORK",
    "EWMA",
    "METHODS",
    "compile_kernels",
    "NearestCovariance",
    "OLS",
    "Cointegration",
    "CostAware",
    "ErrorCorrection",
    "ExpandingOLS",
    "Fixed",
    "Huber",
    "MinimumCVaR",
    "MinimumLPM",
    "MinimumVaR",
    "Kalman",
    "MarkovSwitching",
    "JohansenTest",
    "Naive",
    "QuadraticUtility",
    "RatioEstimator",
    "RollingOLS",
    "TheilSen",
    "TotalLeastSquares",
    "VECM",
    "cointegration_test",
    "johansen_test",
    "minimum_variance_ratio",
    "minimum_variance_ratios",
    "nearest_covariance",
    "rolling_hedge_ratios",
]
