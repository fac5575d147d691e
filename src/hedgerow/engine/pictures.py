"""The pictures of a result by name: which figures of :mod:`hedgerow.report` show what of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

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
    """Cumulative parts of the P&L of one path, as its attribution has them."""
    from hedgerow.report import pnl_decomposition_figure

    return pnl_decomposition_figure(result.explained(1, path).by_part(cumulative=True))


def gamma_theta(result: SimulationResult, path: int) -> Any:
    """Gamma gain against theta of one path."""
    from hedgerow.report import gamma_theta_figure

    return gamma_theta_figure(result.explained(1, path).by_part(cumulative=True)[["gamma", "theta"]])


PICTURES: dict[str, Callable[[SimulationResult, int], Any]] = {
    "pnl_distribution": pnl_distribution,
    "attribution_waterfall": attribution_waterfall,
    "delta_through_time": delta_through_time,
    "pnl_decomposition": pnl_decomposition,
    "gamma_theta": gamma_theta,
}
"""Picture by name: a function of the result and the number of the path that it shows."""
