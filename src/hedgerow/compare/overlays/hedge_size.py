"""How much was held at which level of the volatility index, or of the slope of its curve, and what the rule says there.

>>> grid = np.array([5.0, 10.0, 25.0])
>>> from hedgerow.overlays import VixLinear
>>> own_function(VixLinear(10, 15), grid, ("vix",)).tolist()
[0.0, 0.0, 1.0]
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.compare.overlays.diversified import parts_of
from hedgerow.overlays import OverlayRule, Signals
from hedgerow.programmes import OverlayMarket

if TYPE_CHECKING:
    from hedgerow.compare.overlays.comparison import OverlayComparison
    from hedgerow.engine.overlay.result import OverlayResult

THREE_MONTHS = 93
EDGES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.99)
"""Shares of the days below the edges of bins: finer at the top, where a hedge matters."""
LEAST_DAYS = 5
GRID = 121
SIZE_COLUMNS = ("plan", "level", "held", "held_low", "held_high", "days")


@dataclass(frozen=True, eq=False)
class Slope:
    """Slope of the volatility curve on every date of a market: above 1 the near end is dearer.

    Attributes
    ----------
    name : str
        What is over what, for axes.
    level : ndarray (n_dates,)
        NaN where a future is blank.
    """

    name: str
    level: FloatArray


def slope_of(market: OverlayMarket) -> Slope | None:
    """Return VIX over the index of 93 days where there is one, else the first future over the third, else None."""
    longer = market.volatilities.get(THREE_MONTHS)
    if longer is not None:
        return Slope("VIX / index of 93 days", np.asarray(market.vix / longer))
    if market.futures is None or market.futures.shape[1] < 3:
        return None
    prices = market.futures.to_numpy(dtype=float)
    found = np.where((prices[:, 0] > 0.0) & (prices[:, 2] > 0.0), prices[:, 0] / prices[:, 2], np.nan)
    return Slope("first future / third future", found) if np.isfinite(found).any() else None


def hedge_sizes(comparison: OverlayComparison, level: FloatArray) -> pd.DataFrame:
    """Return what every plan held by the level of a figure, in bins of days.

    Parameters
    ----------
    comparison : OverlayComparison
    level : ndarray (n_dates,)
        On every date of the market; dates where it is NaN are passed over.

    Returns
    -------
    pandas.DataFrame
        A row per plan and bin: ``plan``, ``level`` (mean of the bin), ``held`` (mean multiplier held after trading at
        the close of that very date, which a lag before decided), ``held_low`` and ``held_high`` (5 and 95 % of the
        days), ``days``. Over the judged dates but the last, after which nothing is earned. Bins part the days, ordered
        by level, at :data:`EDGES`; an edge that would leave a bin fewer than five days is passed over.
    """
    n_steps = len(comparison.period.dates)
    seen = np.asarray(level)[-n_steps - 1 : -1]
    known = np.flatnonzero(np.isfinite(seen))
    order = known[np.argsort(seen[known], kind="stable")]
    bins = np.split(order, _cuts(len(order))) if len(order) else []
    rows = [
        (name, float(seen[rows].mean()), *_spread(comparison.records[name].held[rows]), len(rows))
        for name in comparison.plans
        for rows in bins
    ]
    return pd.DataFrame(rows, columns=list(SIZE_COLUMNS))


def _cuts(n_days: int) -> list[int]:
    """Return the positions of the edges that leave every bin enough days."""
    cuts: list[int] = []
    for share in EDGES:
        at = round(share * n_days)
        if at - (cuts[-1] if cuts else 0) >= LEAST_DAYS and n_days - at >= LEAST_DAYS:
            cuts.append(at)
    return cuts


def _spread(held: FloatArray) -> tuple[float, float, float]:
    low, high = np.quantile(held, [0.05, 0.95])
    return float(held.mean()), float(low), float(high)


def functions_of_vix(comparison: OverlayComparison) -> pd.DataFrame:
    """Return the multiplier that each rule says by the VIX alone: index level in points, a column per such rule.

    Before its shape. Rules that look at anything else, or at the past, and several hedges together have no column.
    """
    seen = comparison.setting.market.vix
    grid = np.linspace(float(seen.min()), float(seen.max()), GRID)
    return _functions(comparison, grid, lambda _result, rule: own_function(rule, grid, ("vix",)))


def functions_of_slope(comparison: OverlayComparison, slope: Slope) -> pd.DataFrame:
    """Return the same by the slope of the curve, for rules that read just this ratio and nothing else."""
    seen = slope.level[np.isfinite(slope.level)]
    grid = np.linspace(float(seen.min()), float(seen.max()), GRID)

    def own(result: OverlayResult, rule: OverlayRule) -> FloatArray | None:
        orders = permutations(rule.needs) if len(rule.needs) == 2 else ()
        names = next((pair for pair in orders if _is_ratio(result, pair, slope)), None)
        return None if names is None else own_function(rule, grid, names)

    return _functions(comparison, grid, own)


def _functions(comparison, grid, own) -> pd.DataFrame:  # type: ignore[no-untyped-def]
    found = {}
    for name, plan in comparison.plans.items():
        parts = parts_of(plan)
        values = own(comparison.results[name], parts[0].rule) if len(parts) == 1 else None
        if values is not None:
            found[name] = values
    return pd.DataFrame(found, index=pd.Index(grid, name="level"))


def own_function(rule: OverlayRule, grid: FloatArray, names: tuple[str, ...]) -> FloatArray | None:
    """Return what a rule says at levels of one signal, or of the ratio of two; None where it is no function of them.

    It is one where it reads no other signal, says the same whichever way the levels follow one another, and of two
    signals depends on their ratio alone.

    Parameters
    ----------
    rule : OverlayRule
    grid : ndarray (n_levels,)
        Above 0.
    names : tuple of str
        The signal, or the near and the far one of a ratio, the far at 1.
    """
    if rule.warm_up or not set(rule.needs) <= set(names):
        return None
    up, down = rule.multiplier(_levels(grid, names)), rule.multiplier(_levels(grid[::-1], names))[::-1]
    again = rule.multiplier(_levels(2.0 * grid, names, 2.0)) if len(names) > 1 else up
    same = np.isfinite(up).all() and all(np.allclose(up, each, rtol=1e-9, atol=1e-12) for each in (down, again))
    return np.asarray(up) if same else None


def _levels(grid: FloatArray, names: tuple[str, ...], far: float = 1.0) -> Signals:
    dates = pd.date_range("2000-01-03", periods=len(grid))
    series = {names[0]: pd.Series(grid, dates)} | {name: pd.Series(far, dates) for name in names[1:]}
    return Signals.of(series)


def _is_ratio(result: OverlayResult, names: tuple[str, ...], slope: Slope) -> bool:
    """Return whether a rule's two signals are those of the slope, on the dates on which both are known."""
    signals, rows = result.run.signals, result.run.signal_rows
    known = (rows >= 0) & np.isfinite(slope.level)
    read = (signals[names[0]] / signals[names[1]])[rows[known]]
    return bool(known.any()) and np.allclose(read, slope.level[known], rtol=1e-9)
