"""Markets and methods that the tests of races share."""

from __future__ import annotations

import os
import signal
from typing import Any

import numpy as np
import pandas as pd

from hedgerow.compare import Comparison, compare_methods
from hedgerow.compare.parallel import fits_apart
from hedgerow.effectiveness import BootstrapOptions
from hedgerow.engine import LinearMarket
from hedgerow.market import History
from hedgerow.ratios import METHODS, OLS, RatioEstimator
from hedgerow.ratios.base import Estimate
from hedgerow.ratios.convergence import Convergence

SLOW_AS_PYTHON = {"huber", "theil_sen", "minimum_cvar", "minimum_lpm", "minimum_value_at_risk"}
AS_PYTHON = os.environ.get("NUMBA_DISABLE_JIT", "0") != "0"
QUICK = BootstrapOptions(draws=200)


def all_methods() -> dict[str, RatioEstimator]:
    """Return every method that can be refitted at every row, with its defaults; the fixed ratio is 0.7.

    Where kernels run as Python (make coverage) those that loop over rows are left out: they would take minutes.
    """
    slow = SLOW_AS_PYTHON if AS_PYTHON else set()
    made = {name: kind(0.7) if name == "fixed" else kind() for name, kind in METHODS.items() if name not in slow}
    return {name: method for name, method in made.items() if not fits_apart(method, "hold")}


def fitted_methods() -> dict[str, RatioEstimator]:
    """Return the methods whose refits are fits of their own, with few rows asked for, and a filter in plain Python."""
    apart = {name: kind() for name, kind in METHODS.items() if name != "fixed" and fits_apart(kind(), "hold")}
    for method in apart.values():
        if "minimum_rows" in method.get_params():
            method.set_params(minimum_rows=60)
    return {"leaning": Leaning(), **({} if AS_PYTHON else apart)}


def price_history(n: int = 401, seed: int = 0, n_hedges: int = 1, ratio: float = 0.8, noise: float = 0.3) -> History:
    """Return prices of ``spot`` and its hedges ``f1``, ``f2``, ... that wander far above zero."""
    rng = np.random.default_rng(seed)
    x = rng.standard_t(5, size=(n, n_hedges))
    y = x @ (ratio / np.arange(1, n_hedges + 1)) + noise * rng.standard_t(5, size=n)
    names = ["spot", *(f"f{number + 1}" for number in range(n_hedges))]
    frame = pd.DataFrame(np.column_stack([y, x]), pd.date_range("2018-01-01", periods=n), columns=names)
    return History(500.0 + frame.cumsum())


def market_of(history: History, *, quantity: float = 1.0, size: float | None = None, **changes: Any) -> LinearMarket:
    """Return the market of ``spot`` hedged with all other columns."""
    hedges = tuple(name for name in history.instruments if name != "spot")
    sizes = None if size is None else np.full(len(hedges), size)
    return LinearMarket.from_changes(
        history.changes(**changes), "spot", hedges, quantity=quantity, contract_sizes=sizes
    )


def race(market: LinearMarket, methods: dict[str, RatioEstimator], **options: Any) -> Comparison:
    """Compare with few bootstrap draws."""
    return compare_methods(market, methods, bootstrap=QUICK, **options)


class Looped(OLS):
    """Least squares fitted again at every refit, as methods are that have no faster way."""

    _ratios_at = RatioEstimator._ratios_at


class Leaning(RatioEstimator):
    """A filter: the fitted ratio, then leaning towards what each row says; every seventh length of past fails."""

    _filters = True

    def __init__(self, weight: float = 0.05) -> None:
        self.weight = weight

    def _estimate(self, X: Any, y: Any) -> Estimate:
        slopes = np.linalg.solve(X.T @ X, X.T @ y)
        ended = Convergence(bool(len(y) % 7), "" if len(y) % 7 else "the search stopped early")
        return Estimate(slopes, convergence=ended)

    def _filtered(self, X: Any, y: Any) -> Any:
        path = np.empty((len(X) + 1, X.shape[1]))
        path[0] = self.hedge_ratio_
        for row in range(len(X)):
            miss = y[row] - float(np.sum(X[row] * path[row]))
            path[row + 1] = path[row] + self.weight * X[row] * miss / (1.0 + float(np.sum(X[row] ** 2)))
        return path


class Murderous(Looped):
    """Least squares that ends any process it is fitted in but one."""

    def __init__(self, home: int = 0) -> None:
        super().__init__()
        self.home = home

    def _estimate(self, X: Any, y: Any) -> Estimate:
        if os.getpid() != self.home:
            os.kill(os.getpid(), signal.SIGKILL)
        return super()._estimate(X, y)
