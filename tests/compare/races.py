"""Markets and methods that the tests of races share."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pandas as pd

from hedgerow.compare import Comparison, compare_methods
from hedgerow.effectiveness import BootstrapOptions
from hedgerow.engine import LinearMarket
from hedgerow.market import History
from hedgerow.ratios import METHODS, RatioEstimator

SLOW_AS_PYTHON = {"huber", "theil_sen"}
QUICK = BootstrapOptions(draws=200)


def all_methods() -> dict[str, RatioEstimator]:
    """Return every method of the package with its defaults; the fixed ratio is 0.7.

    Where kernels run as Python (make coverage) the two that loop over rows are left out: they would take minutes.
    """
    slow = SLOW_AS_PYTHON if os.environ.get("NUMBA_DISABLE_JIT", "0") != "0" else set()
    return {name: kind(0.7) if name == "fixed" else kind() for name, kind in METHODS.items() if name not in slow}


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
