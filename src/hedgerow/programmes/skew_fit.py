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
from hedgerow.pricing import black76
from hedgerow.programmes.skew import INDEX_YEARS, SkewModel

WIDTH = np.linspace(-12.0, 8.0, 2001)
"""Log strikes over which a smile is integrated, in standard deviations at the money."""


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


def skew_index(model: SkewModel, index: float) -> tuple[float, float]:
    """Return what the Cboe SKEW index and the volatility index would be if all options were priced by a model.

    Moments of the log return to 30 days are integrals of option prices out of the money o over log strikes x, the
    forward being 1: of R ``-o``, of R**2 ``2 (1 - x) o``, of R**3 ``3 (2 x - x**2) o``, each over the strike. SKEW is
    ``100 - 10 E((R - mean)**3) / sigma**3``, the volatility ``sqrt(-2 E(R) / T)``.

    Parameters
    ----------
    model : SkewModel
    index : float
        The 30-day volatility index that the model is given, in points.

    Returns
    -------
    float, float
        Both in points.

    References
    ----------
    G. Bakshi, N. Kapadia and D. Madan, *Stock return characteristics, skew laws and the differential pricing of
    individual equity options*, Review of Financial Studies 16 (2003) 101. Cboe, *The CBOE Skew Index* (2010).
    """
    log_strike = WIDTH * float(model.at_the_money(INDEX_YEARS, index)) * np.sqrt(INDEX_YEARS)
    strike = np.exp(log_strike)
    volatility = model.volatility(strike, 1.0, INDEX_YEARS, index)
    outside = np.asarray(black76.price(np.where(strike > 1.0, 1, -1), 1.0, strike, INDEX_YEARS, volatility)) / strike
    weights = (-np.ones_like(strike), 2.0 * (1.0 - log_strike), 3.0 * (2.0 - log_strike) * log_strike)
    first, second, third = (float(np.trapezoid(weight * outside, log_strike)) for weight in weights)
    variance = second - first**2
    skewness = (third - 3.0 * first * second + 2.0 * first**3) / variance**1.5
    return 100.0 - 10.0 * skewness, 100.0 * float(np.sqrt(-2.0 * first / INDEX_YEARS))


def fit_skew_index(skew: float, index: float, start: SkewModel | None = None) -> SkewModel:
    """Return the model whose own SKEW and whose own volatility over all strikes are given ones: slope and level.

    Parameters
    ----------
    skew, index : float
        Levels of the Cboe SKEW and of the 30-day volatility index, in points.
    start : SkewModel, optional
        The rest of the model.

    Returns
    -------
    SkewModel

    Raises
    ------
    DataError
        Where no slope of a model with that curvature and reach has so much skew.

    Examples
    --------
    >>> found = fit_skew_index(118.4, 19.7)
    >>> round(found.slope, 3), round(found.level, 3)
    (-0.224, 0.853)
    """
    from scipy.optimize import least_squares

    first = start or SkewModel()

    def missed(values: FloatArray) -> FloatArray:
        own = skew_index(replace(first, slope=float(values[0]), level=float(values[1])), index)
        return np.array([(own[0] - skew) / 10.0, own[1] / index - 1.0])

    steepest = 2.0 * np.sqrt(0.9 * max(first.curvature, 1e-6))
    bounds = ([-steepest, 0.3], [steepest, 2.0])
    found = least_squares(
        missed, [float(np.clip(first.slope, *np.array(bounds)[:, 0] * 0.9)), first.level], bounds=bounds
    )
    if not np.abs(found.fun).max() < 1e-6:
        raise DataError(
            f"no slope gives a SKEW of {skew:g} at an index of {index:g} with a curvature of {first.curvature:g} and a "
            f"reach of {first.reach:g}; start from another model"
        )
    slope, level = (float(value) for value in found.x)
    return replace(first, slope=slope, level=level)
