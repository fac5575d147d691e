"""Compile all kernels ahead of use, so that the first study of an installation need not wait for them."""

from __future__ import annotations

import numpy as np

from hedgerow.ratios.cost_aware import CostAware
from hedgerow.ratios.garch.dcc import ADCC
from hedgerow.ratios.kalman import Kalman
from hedgerow.ratios.ols import OLS
from hedgerow.ratios.rolling import rolling_hedge_ratios
from hedgerow.ratios.theil_sen import TheilSen


def compile_kernels() -> None:
    """Run every method once on a few rows, which compiles its kernels into Numba's cache; takes some seconds.

    Done again it loads what is there. Where no cache can be written it has no lasting effect.
    """
    from hedgerow.ratios import METHODS

    rng = np.random.default_rng(0)
    X = rng.standard_normal((90, 1))
    y = 0.8 * X[:, 0] + rng.standard_normal(90)
    for method in METHODS.values():
        estimator = method()
        if "minimum_rows" in estimator.get_params():
            estimator.set_params(minimum_rows=20)
        estimator.fit(X, y).refit_path(X, y, 70, every=10, between="update")
    ADCC(minimum_rows=20).fit(rng.standard_normal((90, 2)), y)
    Kalman(minimum_rows=20).fit(X, y).smoothed_path(X, y)
    CostAware(OLS(), cost=0.01).fit(X, y).refit_path(X, y, 70)
    TheilSen().fit(X[:40], y[:40])
    rolling_hedge_ratios(rng.standard_normal((90, 2)), X[:, 0], 20)
    rolling_hedge_ratios(rng.standard_normal((90, 20)), X[:, 0], 20)
