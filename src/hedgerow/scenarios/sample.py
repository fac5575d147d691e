"""Samples of past returns: checked, with their cumulant, and taken by a uniform."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import DataError, InputError
from hedgerow.instruments import MarketState
from hedgerow.market.history import History
from hedgerow.units import CALENDAR_DAYS_PER_YEAR

FEWEST_ROWS = 2


def checked_sample(sample: Any, argument: str, fewest: int = FEWEST_ROWS) -> FloatArray:
    """Return a sample as a read-only array of shape (n,).

    Raises
    ------
    DataError
        For fewer rows than needed, a missing or infinite number.
    """
    values = np.array(sample, dtype=float)
    if values.ndim != 1 or len(values) < fewest:
        raise DataError(f"{argument} needs {fewest} numbers or more in one column, not shape {values.shape}")
    if not np.isfinite(values).all():
        place = int(np.flatnonzero(~np.isfinite(values))[0])
        raise DataError(f"{argument} has no number in row {place} of {len(values)}; leave out rows without a price")
    values.flags.writeable = False
    return values


def returns_by_underlying(market: MarketState, returns: Any) -> dict[str, FloatArray]:
    """Return the sample of each underlying, rows of one date side by side.

    Parameters
    ----------
    market : MarketState
    returns : array (n,), or mapping of str to array (n,)
        Changes of the logarithm, one row for each step; one array for the only underlying.

    Raises
    ------
    InputError
        For one array beside several underlyings, unknown or lacking names, columns of different lengths.
    """
    names = tuple(market.underlyings)
    if not isinstance(returns, Mapping):
        if len(names) != 1:
            raise InputError(f"returns must be given by underlying, one column for each of {', '.join(names)}")
        returns = {names[0]: returns}
    for name in returns:
        market.underlying(name)
    for name in names:
        if name not in returns:
            raise InputError(f"returns has no column for underlying {name!r}; give one for each")
    found = {name: checked_sample(returns[name], f"returns of {name!r}") for name in names}
    lengths = {len(each) for each in found.values()}
    if len(lengths) > 1:
        raise InputError(f"returns must have one length, not {sorted(lengths)}; take the rows that all have")
    return found


def log_returns(history: History, columns: Mapping[str, str]) -> dict[str, FloatArray]:
    """Return changes of the logarithm of columns of a history, on the rows that all of them have.

    Parameters
    ----------
    history : History
    columns : mapping of str to str
        Column by underlying.

    Raises
    ------
    DataError
        For a price that is not above 0; as :meth:`History.select`.
    """
    joint = history.select(*dict.fromkeys(columns.values())).joint().history
    prices = joint.prices
    for column in prices:
        if bool((prices[column] <= 0.0).any()):
            raise DataError(f"{column!r} has a price that is not above 0; returns of its logarithm do not exist")
    return {name: np.diff(np.log(prices[column].to_numpy(dtype=float))) for name, column in columns.items()}


def row_years(history: History, columns: Mapping[str, str]) -> float:
    """Return the usual time between two rows that all columns have, years of 365 days: the median."""
    times = history.select(*dict.fromkeys(columns.values())).joint().history.times
    return float(np.median(np.diff(times.to_numpy())) / np.timedelta64(1, "D")) / CALENDAR_DAYS_PER_YEAR


def only_column(market: MarketState, history: History, column: str | None) -> dict[str, str]:
    """Return which column of a history stands for which underlying: the one named, or those of the same names."""
    names = tuple(market.underlyings)
    if column is None:
        return {name: name for name in names}
    if len(names) != 1:
        raise InputError(f"column names one series, but the market has {len(names)} underlyings; name columns alike")
    return {names[0]: column}


def places(uniform: FloatArray, n_rows: int) -> FloatArray:
    """Return the row, 0 to n_rows - 1, that a uniform on (0, 1] takes."""
    return np.minimum(np.ceil(uniform * n_rows) - 1.0, n_rows - 1.0).clip(0.0)


class Cumulant:
    """log mean exp(s z) of a sample z with mean 0, for s >= 0: what the price of e**(s z) grows by.

    Splined over the square of s up to 1, where it is exact to about 1e-10, and summed over the sample beyond.

    Parameters
    ----------
    sample : ndarray (n,)
    """

    def __init__(self, sample: FloatArray) -> None:
        from scipy.interpolate import CubicSpline

        self._sample = sample
        nodes = np.linspace(0.0, 1.0, 257)
        ratio = np.full(len(nodes), 0.5 * float(np.mean(sample**2)))
        ratio[1:] = self._summed(nodes[1:]) / nodes[1:] ** 2
        self._spline = CubicSpline(nodes, ratio)

    def __call__(self, s: FloatArray) -> FloatArray:
        """Return the cumulant, shape of ``s``."""
        found = self._spline(np.minimum(s, 1.0)) * s * s
        beyond = s > 1.0
        if beyond.any():
            found[beyond] = self._summed(s[beyond])
        return np.asarray(found)

    def _summed(self, s: FloatArray) -> FloatArray:
        exponent = s[:, None] * self._sample
        top = exponent.max(axis=1)
        return np.asarray(top + np.log(np.exp(exponent - top[:, None]).mean(axis=1)))
