"""Realised volatility from closes or from open, high, low and close: rolling, or of a whole sample with its error.

>>> import numpy as np, pandas as pd
>>> days = pd.bdate_range("2024-01-01", periods=64)
>>> closes = pd.Series(100 * np.exp(0.01 * np.resize([0, 1], 64)), days)
>>> round(float(realised_volatility(closes).iloc[-1]), 6)
0.158745
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, isfinite, sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import DataError, InputError
from hedgerow.market.volatility.estimators import EstimatorFacts, Parts, facts_of, parts_of
from hedgerow.market.volatility.inputs import FIELDS, Bars, checked_bars
from hedgerow.market.volatility.windows import checked_window, means, over_windows, sample_variances
from hedgerow.units import TRADING_DAYS_PER_YEAR


def realised_volatility(
    prices: pd.DataFrame | pd.Series,
    *,
    estimator: str = "close_to_close",
    window: int = 21,
    periods_per_year: float = TRADING_DAYS_PER_YEAR,
) -> pd.Series:
    """Return the annual volatility realised over the last ``window`` bars, for each row; row t uses rows up to t.

    ``volatility = sqrt(periods_per_year * bar variance)``, the bar variance by the estimator's formula (see
    :mod:`hedgerow.market.volatility.estimators`).

    Parameters
    ----------
    prices : DataFrame or Series (n_times,)
        One instrument by date: columns open, high, low, close as the estimator needs; a Series holds closes.
    estimator : str
        A name in :data:`ESTIMATORS`, whose facts say efficiency and bias for drift, gaps, jumps and discrete trading.
        Close-to-close counts gaps and jumps in full and is the least sharp; parkinson, garman_klass and
        rogers_satchell miss opening gaps and most of a jump and read low where trades are few; rogers_satchell and
        yang_zhang are free of drift; yang_zhang and garman_klass_gap count the gap.
    window : int
        Bars per estimate, at least 2. Estimators that look at the previous close need one row more.
    periods_per_year : float
        Bars per year, 252 for daily bars.

    Returns
    -------
    Series (n_times,)
        Named ``realised_volatility``, decimals per year; NaN exactly on the rows before the first full window.

    Raises
    ------
    InputError
        Unknown estimator, window or periods.
    DataError
        A bar that cannot be true (with date and field), or fewer rows than one window.

    Notes
    -----
    Rows with open = high = low = close are zero range to a range estimator: see :func:`flat_bars`.
    """
    facts = facts_of(estimator)
    bars, window = checked_bars(prices, facts.fields), checked_window(window)
    year = _checked_periods(periods_per_year)
    _refuse_few_rows(bars, facts, window)
    variance = window_variances(parts_of(estimator, bars, window), window)
    volatility = np.full(len(bars.index), np.nan)
    volatility[len(volatility) - len(variance) :] = np.sqrt(year * variance)
    return pd.Series(volatility, bars.index, name="realised_volatility")


def window_variances(parts: Parts, window: int) -> FloatArray:
    """Return the bar variance of each full window of an estimator's parts, oldest first."""
    found: FloatArray | float = 0.0
    if parts.terms is not None:
        found = over_windows(parts.terms, window, means)
    for weight, values in parts.spread:
        found = found + weight * over_windows(values, window, sample_variances)
    return np.asarray(found)


@dataclass(frozen=True)
class RealisedEstimate:
    """Realised volatility of a whole sample, decimals per year.

    Attributes
    ----------
    volatility, standard_error : float
        The estimate and its standard error.
    low, high : float
        Confidence interval of the volatility.
    confidence : float
        Its level, 0.95 for 95 %.
    estimator, errors : str
        How the estimate and its error were made.
    n_bars : int
        Bars used.
    flat_bars : int or None
        Bars without a range (open = high = low = close); None for estimators that read no range.
    """

    volatility: float
    standard_error: float
    low: float
    high: float
    confidence: float
    estimator: str
    errors: str
    n_bars: int
    flat_bars: int | None


def realised_estimate(
    prices: pd.DataFrame | pd.Series,
    *,
    estimator: str = "close_to_close",
    periods_per_year: float = TRADING_DAYS_PER_YEAR,
    confidence: float = 0.95,
    errors: Literal["robust", "constant_volatility"] = "robust",
) -> RealisedEstimate:
    """Return the annual volatility realised over all rows, with its standard error and confidence interval.

    Parameters
    ----------
    prices, estimator, periods_per_year
        As :func:`realised_volatility`.
    confidence : float
        Level of the interval, between 0 and 1.
    errors : {"robust", "constant_volatility"}
        ``robust``: Newey-West variance of the mean of the bars' own terms (Bartlett weights, 4 (n / 100)^(2/9) lags),
        which allows for fat tails and clustering; interval symmetric in the logarithm. ``constant_volatility``:
        bars are a driftless diffusion of one volatility; chi-squared with ``efficiency * n`` degrees of freedom,
        exact for close-to-close (n), and for close_to_close_demeaned (n - 1).

    Returns
    -------
    RealisedEstimate
        Decimals per year.

    Raises
    ------
    InputError
        Unknown estimator, confidence or errors.
    DataError
        A bar that cannot be true, fewer than 10 bars, or a price that never moves (its error is not defined).

    References
    ----------
    Newey and West (1987), Econometrica 55; lags as in Newey and West (1994), Review of Economic Studies 61.

    Examples
    --------
    >>> days = pd.bdate_range("2024-01-01", periods=253)
    >>> closes = pd.Series(100 * np.exp(0.01 * np.resize([0, 1], 253)), days)
    >>> estimate = realised_estimate(closes, errors="constant_volatility")
    >>> round(estimate.low, 4), round(estimate.volatility, 4), round(estimate.high, 4)
    (0.146, 0.1587, 0.1739)
    """
    facts = facts_of(estimator)
    bars = checked_bars(prices, facts.fields)
    year, level = _checked_periods(periods_per_year), _checked_confidence(confidence)
    n_bars = len(bars.index) - facts.needs_previous_close
    _refuse_few_rows(bars, facts, 10)
    parts = parts_of(estimator, bars, n_bars)
    variance = float(window_variances(parts, n_bars)[0])
    if not variance > 0.0:
        raise DataError(f"the price does not move on any of {n_bars} bars; there is no volatility to give an error for")
    if errors == "robust":
        error, low, high = _robust(_bar_terms(parts, n_bars), variance, level)
    elif errors == "constant_volatility":
        freedom = n_bars - 1.0 if estimator == "close_to_close_demeaned" else facts.efficiency * n_bars
        error, low, high = _chi_squared(freedom, variance, level)
    else:
        raise InputError(f"errors must be robust or constant_volatility; received {errors!r}")
    return RealisedEstimate(
        volatility=sqrt(year * variance),
        standard_error=sqrt(year) * error,
        low=sqrt(year) * low,
        high=sqrt(year) * high,
        confidence=level,
        estimator=estimator,
        errors=errors,
        n_bars=n_bars,
        flat_bars=_flat(bars, facts, n_bars),
    )


def _bar_terms(parts: Parts, n_bars: int) -> FloatArray:
    """Return one term per bar (n,) whose mean is the estimate."""
    terms = np.zeros(n_bars) if parts.terms is None else parts.terms
    for weight, values in parts.spread:
        terms = terms + weight * np.square(values - values.mean()) * (n_bars / (n_bars - 1.0))
    return terms


def _robust(terms: FloatArray, variance: float, level: float) -> tuple[float, float, float]:
    n_bars = len(terms)
    about = terms - terms.mean()
    lags = int(4.0 * (n_bars / 100.0) ** (2.0 / 9.0))
    long_run = float(about @ about)
    for lag in range(1, min(lags, n_bars - 1) + 1):
        long_run += 2.0 * (1.0 - lag / (lags + 1.0)) * float(about[lag:] @ about[:-lag])
    relative = sqrt(max(long_run, 0.0)) / n_bars / (2.0 * variance)
    reach = NormalDist().inv_cdf(0.5 + 0.5 * level) * relative
    volatility = sqrt(variance)
    return volatility * relative, volatility * exp(-reach), volatility * exp(reach)


def _chi_squared(freedom: float, variance: float, level: float) -> tuple[float, float, float]:
    from scipy.special import chdtri

    tail = 0.5 * (1.0 - level)
    volatility = sqrt(variance)
    low, high = (volatility * sqrt(freedom / float(chdtri(freedom, at))) for at in (tail, 1.0 - tail))
    return volatility / sqrt(2.0 * freedom), low, high


def _flat(bars: Bars, facts: EstimatorFacts, n_bars: int) -> int | None:
    if facts.fields != FIELDS:
        return int((bars.prices["high"] == bars.prices["low"])[-n_bars:].sum()) if "high" in facts.fields else None
    close = bars.prices["close"]
    flat = np.logical_and.reduce([bars.prices[field] == close for field in FIELDS])
    return int(flat[-n_bars:].sum())


def _refuse_few_rows(bars: Bars, facts: EstimatorFacts, window: int) -> None:
    needed = window + facts.needs_previous_close
    if len(bars.index) < needed:
        raise DataError(
            f"{facts.title} over {window} bars needs {needed} rows and the table has {len(bars.index)}; "
            "give more rows or a shorter window"
        )


def _checked_periods(periods_per_year: float) -> float:
    if isinstance(periods_per_year, bool) or not isinstance(periods_per_year, int | float | np.number):
        raise InputError(f"periods_per_year must be a number; received {periods_per_year!r}")
    if not 0.0 < periods_per_year < inf:
        raise InputError(f"periods_per_year must be above 0 and finite; received {periods_per_year!r}; 252 for days")
    return float(periods_per_year)


def _checked_confidence(confidence: float) -> float:
    if not isinstance(confidence, float) or not isfinite(confidence) or not 0.0 < confidence < 1.0:
        raise InputError(f"confidence must lie between 0 and 1; received {confidence!r}; 0.95 for 95 %")
    return confidence
