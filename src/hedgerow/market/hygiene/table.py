"""A price table prepared once for all checks: columns without their holes, and pairs on joint rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import DataError
from hedgerow.market.hygiene.options import HygieneOptions

_NORMAL = 1.4826  # median absolute deviation of a normal variable x this = its standard deviation
_LEAST_LOCAL_ROWS = 20
_LARGE = 100_000


@dataclass(frozen=True)
class PriceColumn:
    """One instrument on its own dates.

    Parameters
    ----------
    name : str
    dates : DatetimeIndex, (n,)
        Dates with a price.
    prices : array, (n,)
        Finite prices.
    changes : array, (n,)
        Price differences from the row before; the first, and those across two contracts, are NaN.
    """

    name: str
    dates: pd.DatetimeIndex
    prices: FloatArray
    changes: FloatArray


@dataclass(frozen=True)
class PriceTable:
    """Prices (dates x instruments) with the contract labels and the options of one look over them."""

    prices: pd.DataFrame
    contracts: pd.DataFrame | None
    options: HygieneOptions

    @cached_property
    def columns(self) -> tuple[PriceColumn, ...]:
        """Each instrument on its own dates."""
        return tuple(self._column(name) for name in self.prices.columns)

    @cached_property
    def joint(self) -> tuple[PriceColumn, ...]:
        """Each instrument on the rows where all have a price."""
        return self.joint_of(*self.prices.columns)

    @cached_property
    def days_per_row(self) -> float:
        """Median distance of two rows in weekdays; 0 for several rows a day, 1 for daily, 5 for weekly."""
        days = self.prices.index.to_numpy().astype("datetime64[D]")
        return float(np.median(np.busday_count(days[:-1], days[1:]))) if len(days) > 1 else 1.0

    def joint_of(self, *names: str) -> tuple[PriceColumn, ...]:
        """Return the named instruments on the rows where all of them have a price."""
        complete = self.prices[list(names)].dropna().index
        return tuple(self._column(name, complete) for name in names)

    def _column(self, name: str, rows: pd.Index | None = None) -> PriceColumn:
        series = self.prices[name].dropna() if rows is None else self.prices.loc[rows, name]
        values = series.to_numpy(dtype=np.float64)
        changes = np.full(len(values), np.nan)
        changes[1:] = np.diff(values)
        if self.contracts is not None and name in self.contracts.columns:
            labels = self.contracts[name].reindex(series.index).to_numpy(dtype=object)
            changes[1:][labels[1:] != labels[:-1]] = np.nan
        return PriceColumn(str(name), pd.DatetimeIndex(series.index), values, changes)


def checked_prices(prices: pd.DataFrame) -> pd.DataFrame:
    """Return the prices as float64, or refuse a table that the checks cannot look at.

    Raises
    ------
    DataError
        The index is no sorted unique DatetimeIndex, a price is infinite, or a column has no price at all.
    """
    index = prices.index
    if not isinstance(index, pd.DatetimeIndex) or not index.is_monotonic_increasing or not index.is_unique:
        raise DataError("prices must have an index of dates, sorted and each once; sort them and drop the repeats.")
    values = prices.astype(np.float64)
    for name, column in values.items():
        infinite = np.isinf(column.to_numpy())
        if infinite.any():
            where = f"{index[int(infinite.argmax())]:%Y-%m-%d}"
            raise DataError(f"{name}: prices must be finite or missing, got an infinite one on {where}; blank it.")
        if not column.notna().any():
            raise DataError(f"{name}: the column has no price on any of {len(index):,} dates; leave it out.")
    return values


def robust_scale(changes: FloatArray) -> float:
    """Return 1.4826 x the median absolute deviation; of the changes other than zero where most are zero.

    Parameters
    ----------
    changes : array, (n,)
        NaN are left out.

    Returns
    -------
    float
        Robust standard deviation; 0.0 when no change moves.
    """
    finite = changes[np.isfinite(changes)]
    if not len(finite):
        return 0.0
    distance = np.abs(finite - np.median(finite))
    scale = float(np.median(distance))
    if scale == 0.0 and (distance > 0).any():
        scale = float(np.median(distance[distance > 0]))
    return _NORMAL * scale


def local_scale(changes: FloatArray, window: int, *, least: float = 1.0) -> FloatArray:
    """Return the larger of the whole and the local robust scale at each change.

    The local scale is 1.4826 x the median absolute change over a centred window; in tables of more than 100,000
    rows it is computed on consecutive blocks of that length, which costs a hundredth and says the same.

    Parameters
    ----------
    changes : array, (n,)
    window : int
        Rows of the window.
    least : float
        Share of the whole scale that bounds the local one from below.

    Returns
    -------
    array, (n,)
    """
    whole = least * robust_scale(changes)
    sizes = np.abs(changes)
    if len(sizes) > _LARGE:
        local = _blockwise_median(sizes, window)
    else:
        rolling = pd.Series(sizes).rolling(window, center=True, min_periods=_LEAST_LOCAL_ROWS)
        local = rolling.median().to_numpy()
    return np.fmax(whole, _NORMAL * local)


def _blockwise_median(sizes: FloatArray, window: int) -> FloatArray:
    blocks = len(sizes) // window
    filled = np.where(np.isnan(sizes), 0.0, sizes)
    medians = np.median(filled[: blocks * window].reshape(blocks, window), axis=1)
    repeated = np.repeat(medians, window)
    return np.concatenate([repeated, np.full(len(sizes) - len(repeated), medians[-1])])
