"""A skew model fitted to quotes of the user's own: the smile to an option chain, the reversion to volatility futures.

>>> import numpy as np
>>> strikes, model = np.linspace(70.0, 120.0, 21), SkewModel(slope=-0.15, curvature=0.05)
>>> quotes = SmileQuotes(strikes, 100.0, 0.25, model.volatility(strikes, 100.0, 0.25, 20.0), 20.0)
>>> found, error = fit_skew(quotes)
>>> round(found.slope, 3), round(found.curvature, 3), bool(error < 1e-6)
(-0.15, 0.05, True)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import DataError, InputError
from hedgerow.programmes.skew import SkewModel


@dataclass(frozen=True)
class SmileQuotes:
    """Quoted implied volatilities; all fields broadcast.

    Attributes
    ----------
    strikes, forwards : array
    years : array
        To expiry.
    volatilities : array
        As decimals.
    index : array
        The 30-day volatility index of the quote's day, in points.
    """

    strikes: Any
    forwards: Any
    years: Any
    volatilities: Any
    index: Any

    def rows(self) -> list[FloatArray]:
        """Return the fields as rows of one length; DataError where one is not a number above 0."""
        rows = [np.ravel(each).astype(float) for each in np.broadcast_arrays(*vars(self).values())]
        for name, row in zip(vars(self), rows, strict=True):
            if not (row > 0.0).all():
                raise DataError(
                    f"{name} of smile quotes must be above 0; {int((~(row > 0.0)).sum())} are not: drop them"
                )
        return rows


def fit_skew(quotes: SmileQuotes, start: SkewModel | None = None) -> tuple[SkewModel, float]:
    """Return the model whose level, slope, curvature and reach fit quotes best, and its error.

    Parameters
    ----------
    quotes : SmileQuotes
        At least four; out-of-the-money options within about 4 of the money in normalised log-moneyness.
    start : SkewModel, optional
        Where the search starts; its reversion and long run are kept.

    Returns
    -------
    SkewModel, float
        The error is the root mean square, in volatility as a decimal.
    """
    from scipy.optimize import least_squares

    first = start or SkewModel()
    strike, forward, years, volatility, index = quotes.rows()
    if len(strike) < 4:
        raise DataError(f"four figures of a smile need at least four quotes, not {len(strike)}")

    def missed(values: FloatArray) -> FloatArray:
        at_the_money = first.at_the_money(years, index) * (values[0] / first.level)
        y = values[3] * np.tanh(np.log(strike / forward) / (at_the_money * np.sqrt(years)) / values[3])
        return np.asarray(at_the_money * (1.0 + values[1] * y + values[2] * y * y) - volatility)

    bounds = ([0.2, -2.0, -2.0, 0.5], [3.0, 2.0, 2.0, 20.0])
    found = least_squares(missed, [first.level, first.slope, first.curvature, first.reach], bounds=bounds, xtol=1e-12)
    level, slope, curvature, reach = (float(value) for value in found.x)
    error = float(np.sqrt(np.mean(found.fun**2)))
    return replace(first, level=level, slope=slope, curvature=curvature, reach=reach), error


def fit_reversion(futures: Any, years: Any, index: Any, start: SkewModel | None = None) -> tuple[SkewModel, float]:
    """Return the model whose reversion and long run fit prices of volatility futures best, and its error.

    A future of T years is taken at ``sqrt(long_run**2 + (V**2 - long_run**2) exp(-reversion T))``.

    Parameters
    ----------
    futures, years, index : array
        Prices in points, years to expiry and the index of the day in points; they broadcast, blank prices are left out.
    start : SkewModel, optional
        The rest of the model.

    Returns
    -------
    SkewModel, float
        The error is the root mean square, in volatility as a decimal.
    """
    from scipy.optimize import least_squares

    price, time, level = (np.ravel(each).astype(float) for each in np.broadcast_arrays(futures, years, index))
    known = np.isfinite(price) & np.isfinite(time) & np.isfinite(level) & (time > 0.0)
    if known.sum() < 2:
        raise InputError("a reversion needs at least two prices of futures with their years and the index")
    price, time, squared = price[known] * 1e-2, time[known], (level[known] * 1e-2) ** 2

    def missed(values: FloatArray) -> FloatArray:
        long_run = values[1] ** 2
        return np.asarray(np.sqrt(long_run + (squared - long_run) * np.exp(-values[0] * time)) - price)

    found = least_squares(missed, [2.0, 0.2], bounds=([0.0, 0.01], [50.0, 2.0]))
    fitted = replace(start or SkewModel(), reversion=float(found.x[0]), long_run=float(found.x[1]))
    return fitted, float(np.sqrt(np.mean(found.fun**2)))
