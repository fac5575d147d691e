"""The walk-forward race: refit on the past, apply to the next period, charge the costs, judge on the same rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.compare.comparison import Comparison
from hedgerow.effectiveness import BootstrapOptions
from hedgerow.engine import Execution, LinearMarket, replay
from hedgerow.errors import DataError, InputError
from hedgerow.ratios import RatioEstimator

MINIMUM_JUDGED_ROWS = 2
Progress = Callable[[str, float], None]
"""Called with a method's name and the share of its work that is done, 0 to 1."""


@dataclass(frozen=True)
class WalkForward:
    """How the past is cut from the future.

    Parameters
    ----------
    train : float or str or pandas.Timestamp
        Rows that only train: a fraction of them (0 to 1), or the date of the last one.
    refit : int
        Rows between two fits of a method; 1 refits before every row.
    between : {"hold", "update"}
        Between two fits the ratio is held, or follows the method's own recursion (rolling, expanding and
        exponentially weighted ratios then move every row).
    """

    train: float | str | pd.Timestamp = 0.5
    refit: int = 1
    between: Literal["hold", "update"] = "hold"

    def __post_init__(self) -> None:
        if self.refit < 1:
            raise InputError(f"refitting every {self.refit} rows is not possible; give 1 or more")

    def first_judged_row(self, times: pd.DatetimeIndex) -> int:
        """Return the number of training rows; ``times`` are the dates of the changes.

        Raises
        ------
        InputError
            Where ``train`` is not a fraction between 0 and 1 or a date inside the data.
        """
        if isinstance(self.train, float | int) and not isinstance(self.train, bool):
            if not 0.0 < self.train < 1.0:
                raise InputError(f"the training fraction must lie between 0 and 1, not {self.train}; or give a date")
            return int(len(times) * self.train)
        try:
            last = pd.Timestamp(self.train)
        except (ValueError, TypeError) as error:
            raise InputError(f"the training part {self.train!r} is neither a date nor a fraction") from error
        first = int(times.searchsorted(last, side="right"))
        if not 0 < first < len(times):
            raise InputError(
                f"the training part ends {last.date()}, outside the data ({times[0].date()} to {times[-1].date()}); "
                "give a date inside it"
            )
        return first


def compare_methods(
    market: LinearMarket,
    methods: Mapping[str, RatioEstimator],
    *,
    walk_forward: WalkForward | None = None,
    execution: Execution | None = None,
    bootstrap: BootstrapOptions | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Race hedge-ratio methods out of sample under the same costs, rounding and lag.

    The ratio for each row comes from rows before it (``walk_forward``). All methods are judged on the same rows:
    those after the training part from the first on which every method has a ratio. A method that later has none, since
    an instrument stood still, keeps its last one; ``rows_held_over`` counts such rows.

    Parameters
    ----------
    market : LinearMarket
        Changes of the exposure and its hedges; the law of the accounts is checked on the way.
    methods : mapping of str to RatioEstimator
        Names as they appear in the result; the estimators are cloned, never changed.
    walk_forward : WalkForward, optional
        How the past is cut from the future; half the rows train and every row refits unless said.
    execution : Execution, optional
        Policy, costs, rounding, lag and rate on cash; nothing is charged unless said.
    bootstrap : BootstrapOptions, optional
        How intervals are drawn, and the level of VaR and CVaR.
    progress : callable, optional
        Called with a method's name and the share of its work that is done, 0 to 1.

    Returns
    -------
    Comparison
        Tables by method, changes by date, the ledger behind them, and a verdict.

    Raises
    ------
    InputError
        Where no method is given, or whole contracts are asked for without contract sizes.
    DataError
        Where too few rows are left to judge, or a method cannot be fitted.
    AccountsError
        Where the accounts do not close.
    """
    if not methods:
        raise InputError("a comparison needs at least one method")
    split, execution = walk_forward or WalkForward(), execution or Execution()
    first = split.first_judged_row(market.times[1:])
    own = refit_paths(market, methods, first - execution.lag, split, progress)
    paths = {name: held_over(path) for name, path in own.items()}
    first = first_common_row(paths, first, execution.lag)
    require_judged_rows(market.n_steps, first)
    start = first - execution.lag
    targets = np.stack([path[start:] for path in paths.values()])
    ledger = replay(market.after(start), targets, tuple(methods), execution)
    missing = {name: int(np.isnan(path[start:]).any(axis=1).sum()) for name, path in own.items()}
    return Comparison(market, ledger, first, paths, split.refit, bootstrap or BootstrapOptions(), missing)


def require_judged_rows(n_steps: int, first: int) -> None:
    """Raise DataError where the rows from ``first`` on are too few to judge anything."""
    if n_steps - first < MINIMUM_JUDGED_ROWS:
        raise DataError(
            f"only {max(n_steps - first, 0)} of {n_steps} rows are left to judge after training; "
            "give more rows, a smaller training part or a shorter window"
        )


def refit_paths(
    market: LinearMarket,
    methods: Mapping[str, RatioEstimator],
    first: int,
    split: WalkForward,
    progress: Progress | None,
) -> dict[str, FloatArray]:
    """Return each method's ratios by row, NaN where it has none; row t knows rows before t only."""
    paths = {}
    for name, method in methods.items():
        report = None if progress is None else _named(progress, name)
        paths[name] = method.refit_path(
            market.hedge_changes,
            market.exposure_changes,
            max(first, 0),
            every=split.refit,
            between=split.between,
            progress=report,
        )
        if progress is not None:
            progress(name, 1.0)
    return paths


def held_over(path: FloatArray) -> FloatArray:
    """Return the path (n_steps, n_hedges) with the last ratio kept on rows that have none, as one keeps a position.

    Where an instrument stood still over a method's whole window the method has no answer; leaving the rows before out
    of the judgement would let later rows decide what is judged.
    """
    has_one = np.asarray(np.isfinite(path).all(axis=1))
    if has_one[int(np.argmax(has_one)) :].all():
        return path
    last = np.maximum.accumulate(np.where(has_one, np.arange(len(path)), -1))
    return np.where(last[:, None] >= 0, path[last], np.nan)


def _named(progress: Progress, name: str) -> Callable[[int, int], None]:
    return lambda done, of: progress(name, done / of)


def first_common_row(paths: Mapping[str, FloatArray], first: int, lag: int) -> int:
    """Return the first row, after the training part, that every method hedges."""
    known = np.logical_and.reduce([np.isfinite(path).all(axis=1) for path in paths.values()])
    missing = np.flatnonzero(~known[max(first - lag, 0) :])
    return max(first - lag, 0) + (int(missing[-1]) + 1 if len(missing) else 0) + lag
