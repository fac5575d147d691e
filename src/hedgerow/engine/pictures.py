"""The pictures of a result by name: which figures of :mod:`hedgerow.report` show what of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedgerow.errors import InputError

if TYPE_CHECKING:
    from hedgerow.engine.result import SimulationResult


def pnl_distribution(result: SimulationResult, _path: int) -> Any:
    """Histogram of final P&L."""
    from hedgerow.report import pnl_distribution_figure

    if result.pnl is None:
        raise InputError("the P&L of single paths was not kept; run with keep='pnl' for its distribution")
    return pnl_distribution_figure(result.pnl)


def attribution_waterfall(result: SimulationResult, _path: int) -> Any:
    """Where the mean P&L came from."""
    from hedgerow.report import attribution_waterfall_figure

    return attribution_waterfall_figure(result.attribution())


def delta_through_time(result: SimulationResult, path: int) -> Any:
    """Delta, target and holdings of one path with its trades."""
    from hedgerow.report import delta_through_time_figure

    return delta_through_time_figure(result.paths(path))


def pnl_decomposition(result: SimulationResult, path: int) -> Any:
    """Cumulative parts of the P&L of one path."""
    from hedgerow.report import pnl_decomposition_figure

    return pnl_decomposition_figure(cumulative_parts(result.paths(path)))


def gamma_theta(result: SimulationResult, path: int) -> Any:
    """Gamma gain against theta of one path."""
    from hedgerow.report import gamma_theta_figure

    return gamma_theta_figure(cumulative_parts(result.paths(path))[["gamma", "theta"]])


def cumulative_parts(path: pd.DataFrame) -> pd.DataFrame:
    """Return the cumulative parts of one path's P&L by time, with the Greeks at the start of each step.

    Parameters
    ----------
    path : DataFrame
        As :meth:`SimulationResult.paths` gives it.

    Returns
    -------
    DataFrame
        ``delta``, ``gamma``, ``theta``, ``vega``, ``hedge``, ``costs`` (negative), ``financing and rest``, ``total``.
    """
    move = path["spot"].diff().to_numpy()[1:]
    years = np.diff(path.index.to_numpy()) / np.timedelta64(1, "D") / 365.0
    before = path.iloc[:-1]
    parts = {
        "delta": before["delta"].to_numpy() * move,
        "gamma": 0.5 * before["gamma"].to_numpy() * move**2,
        "theta": before["theta"].to_numpy() * years,
        "hedge": before["holding"].to_numpy() * move,
    }
    volatility = np.append(np.diff(before["implied"].to_numpy()), 0.0)
    if volatility.any():
        parts["vega"] = before["vega"].to_numpy() * volatility
    table = pd.DataFrame({name: np.concatenate([[0.0], np.cumsum(each)]) for name, each in parts.items()})
    table.index = path.index
    table["costs"] = -path["cost"].cumsum()
    total = path["pnl"]
    table["financing and rest"] = total - table.sum(axis=1)
    table["total"] = total
    return table


PICTURES: dict[str, Callable[[SimulationResult, int], Any]] = {
    "pnl_distribution": pnl_distribution,
    "attribution_waterfall": attribution_waterfall,
    "delta_through_time": delta_through_time,
    "pnl_decomposition": pnl_decomposition,
    "gamma_theta": gamma_theta,
}
"""Picture by name: a function of the result and the number of the path that it shows."""
