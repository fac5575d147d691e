"""Tail hedges revalued after moves of index and volatility at once: one shock, a map of many, a fan of falls.

>>> MAP_MOVES
(-0.4, -0.3, -0.2, -0.1, 0.0, 0.1)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.compare.overlays.diversified import parts_of
from hedgerow.compare.overlays.tail_shocks import POINTS_PER_PERCENT
from hedgerow.errors import InputError
from hedgerow.programmes import HedgeProgramme

if TYPE_CHECKING:
    from hedgerow.compare.overlays.comparison import OverlayComparison
    from hedgerow.compare.overlays.runs import Hedge

MAP_MOVES = (-0.40, -0.30, -0.20, -0.10, 0.0, 0.10)
"""Moves of the index of a convexity map, as decimals."""
MAP_POINTS = (0.0, 15.0, 30.0, 45.0, 60.0)
"""Changes of the volatility index of a convexity map, in points: 1.5 a per cent of each fall are among them."""
MAP_COLUMNS = ("hedge", "spot_change", "vix_points", "gain", "sample")


def gain_shares(comparison: OverlayComparison, name: str, spot_change: float, vix_points: float) -> FloatArray:
    """Return what a hedge would gain if index and volatility moved at once at each judged close, (n_steps,).

    A share of the unhedged portfolio of that close, of what was held after trading at it, before costs.

    Raises
    ------
    InputError
        The hedge cannot be repriced, or the move leaves nothing of the index or its volatility.
    """
    result = comparison.results[name]
    gains = [_gain(comparison, part.hedge, spot_change, vix_points) for part in parts_of(comparison.plans[name])]
    gain = sum(each * held for each, held in zip(gains, result.account.held, strict=True))
    return np.asarray(gain / result.unhedged_wealth.to_numpy())[-len(comparison.period.dates) :]


def _gain(comparison: OverlayComparison, hedge: Hedge, spot_change: float, vix_points: float) -> FloatArray:
    """Return what multiplier 1 of a hedge gains at each close; InputError where it cannot be repriced."""
    setting = comparison.setting
    priced = setting.priced_hedge(hedge)
    programme = hedge if isinstance(hedge, HedgeProgramme) else priced.source
    if not isinstance(programme, HedgeProgramme):
        raise InputError(f"{hedge.name} does not say which programme it was priced from")
    return programme.shocked_gain(setting.market, priced, spot_change, vix_points)


def convexity_maps(comparison: OverlayComparison) -> pd.DataFrame:
    """Return the mean gain of every hedge over moves of the index and of its volatility together.

    Returns
    -------
    pandas.DataFrame
        A row per hedge, move and change: ``hedge``, ``spot_change``, ``vix_points``, ``gain`` (share of the portfolio,
        the mean over all judged dates of what was held on them, before costs; NaN where the hedge cannot be repriced),
        ``sample``.
    """
    sample = comparison.judging.sample
    rows = []
    for name in comparison.plans:
        for move in MAP_MOVES:
            for points in MAP_POINTS:
                try:
                    gain = float(gain_shares(comparison, name, move, points).mean())
                except InputError:
                    gain = float("nan")
                rows.append((name, move, points, gain, sample))
    return pd.DataFrame(rows, columns=list(MAP_COLUMNS))


def payoff_fan(maps: pd.DataFrame, bleed: dict[str, float]) -> pd.DataFrame:
    """Return the gain of every hedge by the move of the index, each scaled to bleed 1 % of the portfolio a year.

    The volatility index rises by 1.5 points for each per cent of a fall and stays where the index rises. Hedges that do
    not bleed, or cannot be repriced, are left out.

    Parameters
    ----------
    maps : pandas.DataFrame
        As :func:`convexity_maps` returns it.
    bleed : dict of str to float
        By hedge, share of the portfolio a year.

    Returns
    -------
    pandas.DataFrame (n_moves, n_hedges)
        Index: move as a decimal, rises first.
    """
    response = np.maximum(-100.0 * POINTS_PER_PERCENT * maps["spot_change"].to_numpy(), 0.0)
    diagonal = maps[np.isclose(maps["vix_points"].to_numpy(), response)]
    wide = diagonal.pivot(index="spot_change", columns="hedge", values="gain").sort_index(ascending=False)
    kept = [name for name in maps["hedge"].unique() if bleed[name] > 0.0 and wide[name].notna().all()]
    return pd.DataFrame({name: wide[name] * (0.01 / bleed[name]) for name in kept}, index=wide.index)
