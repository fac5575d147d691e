"""The walk-forward race: refit on the past, apply to the next period, charge the costs, judge on the same rows."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Protocol, runtime_checkable

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.compare.comparison import Comparison
from hedgerow.compare.parallel import Progress, Refits, refit_methods
from hedgerow.compare.schedule import WalkForward
from hedgerow.effectiveness import BootstrapOptions
from hedgerow.engine import Execution, LinearMarket, replay_targets
from hedgerow.errors import DataError, InputError
from hedgerow.ratios import RatioEstimator
from hedgerow.ratios.refits import RefitPath

MINIMUM_JUDGED_ROWS = 2
WITH_EVENTS = "{} with events"


def without_events(name: str) -> str:
    """Return the method behind a name: ``dcc`` for ``dcc with events``.

    Examples
    --------
    >>> without_events("dcc with events"), without_events("dcc")
    ('dcc', 'dcc')
    """
    return name.removesuffix(WITH_EVENTS.format(""))


"""Label of a method whose ratio is multiplied around dated events."""


def compare_methods(
    market: LinearMarket,
    methods: Mapping[str, RatioEstimator],
    *,
    walk_forward: WalkForward | None = None,
    execution: Execution | None = None,
    bootstrap: BootstrapOptions | None = None,
    progress: Progress | None = None,
    workers: int | None = None,
) -> Comparison:
    """Race hedge-ratio methods out of sample under the same costs, rounding and lag.

    The ratio for each row comes from rows before it (``walk_forward``). All methods are judged on the same rows:
    those after the training part from the first on which every method has a ratio. A method that later has none, since
    an instrument stood still or a fit failed, keeps its last one (nothing where no fit succeeds); ``rows_held_over``
    counts such rows. Where the walk-forward has events, each method stands there twice, as ``dcc`` and as ``dcc with
    events``.

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
    workers : int, optional
        Processes among which the slow methods' refits are shared out; None takes joblib's active configuration (a Dask
        or Ray backend set with ``joblib.parallel_config``), and one process where nothing is set. Small jobs start no
        process, and the result is the same to the last bit.

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
    found = refit_paths(market, methods, first - execution.lag, split, progress, workers)
    alive = any(np.isfinite(path.ratios).all(axis=1).any() for path in found.values())
    own = {name: _nothing_held_where_all_failed(path, methods[name]) if alive else path for name, path in found.items()}
    paths = wanted_paths(own, market, split)
    first = first_common_row(paths, first, execution.lag)
    require_judged_rows(market.n_steps, first)
    start = first - execution.lag
    targets = np.stack([path[start:] for path in paths.values()])
    ledger = replay_targets(market.after(start), targets, tuple(paths), execution)
    fitted = dict(zip(paths, [*own.values(), *own.values()], strict=False))  # labels with events come second
    return Comparison(
        market,
        ledger,
        first,
        paths,
        split.refit,
        bootstrap or BootstrapOptions(),
        rows_held_over={name: int(np.isnan(path.ratios[start:]).any(axis=1).sum()) for name, path in fitted.items()},
        failures={name: path.failures for name, path in fitted.items()},
        refits={name: path.refits for name, path in fitted.items()},
    )


def _nothing_held_where_all_failed(path: RefitPath, method: RatioEstimator) -> RefitPath:
    """Return a path that holds nothing where every fit failed on rows enough: one such method must not end the race.

    Its failures stay, so it is not ranked. A method that never had the rows it needs keeps its empty path.
    """
    n_steps, n_hedges = path.ratios.shape
    if np.isfinite(path.ratios).all(axis=1).any() or not path.failures or method._fewest_rows(n_hedges) > n_steps // 2:
        return path
    return replace(path, ratios=np.zeros_like(path.ratios))


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
    workers: int | None = None,
) -> dict[str, RefitPath]:
    """Return each method's ratios by row, NaN where it has none, and its failed refits; row t knows rows before t.

    Methods that follow another one's path (a no-trade region around it) are given it whole; what they follow is fitted
    once, however many follow it.
    """
    X, y = market.hedge_changes, market.exposure_changes
    refits = Refits(split.rows(market.times, y, max(first, 0)), split.between)
    leaders, leader_of = _leaders(methods)
    found = refit_methods(X, y, leaders, refits, workers=workers, progress=progress)
    paths = {}
    for name, method in methods.items():
        paths[name] = found[leader_of[name]]
        if isinstance(method, FollowsPath):
            paths[name] = replace(paths[name], ratios=method.from_inner(paths[name].ratios, X, y))
        if progress is not None:
            progress(name, 1.0)
    return paths


@runtime_checkable
class FollowsPath(Protocol):
    """A method that bends the ratios of another, each with a view to what was held before: a no-trade region."""

    estimator: RatioEstimator

    def from_inner(self, path: FloatArray, X: FloatArray, y: FloatArray) -> FloatArray:
        """Return the ratios (n_obs, n_hedges) made of the inner method's, row t from rows before t; NaN stays NaN."""


def _leaders(methods: Mapping[str, RatioEstimator]) -> tuple[dict[str, RatioEstimator], dict[str, str]]:
    """Return the methods to fit, equal ones once, and for each name the name under which its ratios are found."""
    leaders: dict[str, RatioEstimator] = {}
    leader_of = {}
    for name, method in methods.items():
        own = method.estimator if isinstance(method, FollowsPath) else method
        leader_of[name] = next((known for known, other in leaders.items() if _are_equal(own, other)), name)
        leaders.setdefault(leader_of[name], own)
    return leaders, leader_of


def _are_equal(one: object, other: object) -> bool:
    """Return whether two estimators, or two of their options, are known to be the same; in doubt they are not."""
    if isinstance(one, RatioEstimator) and type(one) is type(other):
        mine, theirs = one.get_params(deep=False), other.get_params(deep=False)
        return all(_are_equal(mine[name], theirs[name]) for name in mine)
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return np.array_equal(np.asarray(one), np.asarray(other))
    return one is other or (isinstance(one, Hashable) and type(one) is type(other) and one == other)


def wanted_paths(own: Mapping[str, RefitPath], market: LinearMarket, split: WalkForward) -> dict[str, FloatArray]:
    """Return the ratios wanted by row (n_steps, n_hedges), the last one kept where a method has none of its own.

    Where the walk-forward has events, all methods come a second time, multiplied by the factors known at each row.
    """
    paths = {name: held_over(path.ratios) for name, path in own.items()}
    if split.events is None:
        return paths
    factors = split.events.factors(market.times[:-1])
    multiplied = {WITH_EVENTS.format(name): path * factors[:, None] for name, path in paths.items()}
    for name in multiplied:
        if name in paths:
            raise InputError(f"there is a method named {name!r} already; rename it, or leave the events out")
    return {**paths, **multiplied}


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


def first_common_row(paths: Mapping[str, FloatArray], first: int, lag: int) -> int:
    """Return the first row, after the training part, that every method hedges."""
    known = np.logical_and.reduce([np.isfinite(path).all(axis=1) for path in paths.values()])
    missing = np.flatnonzero(~known[max(first - lag, 0) :])
    return max(first - lag, 0) + (int(missing[-1]) + 1 if len(missing) else 0) + lag
