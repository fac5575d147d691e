"""The variance risk premium: what options implied less what the underlying did, or had done.

Ex ante, known at the close of t: implied at t less realised over the ``horizon`` bars that end at t.
Ex post, NOT known at t: implied at t less realised over the ``horizon`` bars that begin after t; the table dates each
figure by t and says from which date on it is known.

>>> days = pd.bdate_range("2024-01-01", periods=60)
>>> closes = pd.Series(100 * np.exp(0.01 * np.resize([0, 1], 60)), days)
>>> table = ex_ante_premium(pd.Series(0.20, days), closes).table
>>> table["points"].round(2).tolist()[-1]
4.13
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow.errors import DataError
from hedgerow.market.volatility.inputs import checked_volatilities
from hedgerow.market.volatility.realised import realised_volatility
from hedgerow.market.volatility.windows import checked_window
from hedgerow.units import TRADING_DAYS_PER_YEAR, to_percent

HORIZON = 21
"""Trading days in the 30 calendar days that volatility indices look ahead."""


@dataclass(frozen=True)
class VariancePremium:
    """Implied less realised, by the date of the implied volatility.

    Attributes
    ----------
    table : DataFrame (n_dates, ...)
        implied, realised (decimals per year), points (implied less realised, volatility points), variance (implied^2
        less realised^2, per year); ex post also known_on, the date on which the row's last bar closed.
    known_at_date : bool
        True for ex ante: every figure was known at the close of its date. False for ex post.
    horizon : int
        Bars of the realised volatility.
    estimator : str
        How it was measured.
    left_out : int
        Dates of implied volatility without a figure: no price that day, or too few bars before (ex ante) or after it.
    """

    table: pd.DataFrame
    known_at_date: bool
    horizon: int
    estimator: str
    left_out: int

    @property
    def mean_points(self) -> float:
        """Mean of implied less realised, in volatility points."""
        return float(self.table["points"].mean())

    @property
    def mean_variance(self) -> float:
        """Mean of implied less realised variance, per year."""
        return float(self.table["variance"].mean())

    @property
    def share_positive(self) -> float:
        """Share of dates on which implied was above realised."""
        return float((self.table["points"] > 0.0).mean())


def ex_ante_premium(
    implied: pd.Series,
    prices: pd.DataFrame | pd.Series,
    *,
    horizon: int = HORIZON,
    estimator: str = "close_to_close",
    periods_per_year: float = TRADING_DAYS_PER_YEAR,
) -> VariancePremium:
    """Return implied at t less realised over the ``horizon`` bars that end at t: a figure known at the close of t.

    Parameters
    ----------
    implied : Series (n_dates,)
        Annual implied volatility as a decimal, by date.
    prices : DataFrame or Series (n_times,)
        The underlying, as :func:`realised_volatility` takes it. Realised volatility is measured on all its rows, then
        met with ``implied`` on the dates both have.
    horizon : int
        Bars realised volatility looks back.
    estimator, periods_per_year
        As :func:`realised_volatility`.

    Returns
    -------
    VariancePremium
        ``known_at_date`` is True.

    Raises
    ------
    InputError
        Implied volatility in points instead of decimals; unknown estimator or horizon.
    DataError
        Missing or impossible values, too few rows, or no date in common.
    """
    window = checked_window(horizon, "horizon")
    realised = realised_volatility(prices, estimator=estimator, window=window, periods_per_year=periods_per_year)
    table, left_out = _met(implied, realised.dropna().to_frame("realised"))
    return VariancePremium(table, True, window, estimator, left_out)


def ex_post_premium(
    implied: pd.Series,
    prices: pd.DataFrame | pd.Series,
    *,
    horizon: int = HORIZON,
    estimator: str = "close_to_close",
    periods_per_year: float = TRADING_DAYS_PER_YEAR,
) -> VariancePremium:
    """Return implied at t less realised over the ``horizon`` bars after t: for study, since nobody knew it at t.

    Row t uses the closes of t (where the estimator looks at the previous close) to the ``horizon``-th bar after t, on
    the rows of ``prices``. The figure may feed a decision only from ``known_on`` on.

    Parameters
    ----------
    implied, prices, estimator, periods_per_year
        As :func:`ex_ante_premium`.
    horizon : int
        Bars realised volatility looks ahead.

    Returns
    -------
    VariancePremium
        ``known_at_date`` is False; the last ``horizon`` dates have no figure yet and are left out.

    Raises
    ------
    InputError
        Implied volatility in points instead of decimals; unknown estimator or horizon.
    DataError
        Missing or impossible values, too few rows, or no date in common.

    Examples
    --------
    >>> days = pd.bdate_range("2024-01-01", periods=60)
    >>> closes = pd.Series(100 * np.exp(0.01 * np.resize([0, 1], 60)), days)
    >>> table = ex_post_premium(pd.Series(0.20, days), closes).table
    >>> len(table), str(table["known_on"].iloc[0].date())
    (39, '2024-01-30')
    """
    window = checked_window(horizon, "horizon")
    trailing = realised_volatility(prices, estimator=estimator, window=window, periods_per_year=periods_per_year)
    ahead = pd.DataFrame(
        {"realised": trailing.shift(-window), "known_on": pd.Series(trailing.index, trailing.index).shift(-window)}
    )
    table, left_out = _met(implied, ahead.dropna())
    return VariancePremium(table, False, window, estimator, left_out)


def _met(implied: pd.Series, realised: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return both on the dates they share with their differences, and how many dates of ``implied`` have no partner."""
    index, levels = checked_volatilities(implied)
    table = pd.DataFrame({"implied": levels}, index).join(realised, how="inner")
    if not len(table):
        raise DataError(
            "implied and realised volatility have no date in common; check that both cover the same days and that "
            "enough prices stand before or after"
        )
    points = to_percent(1.0) * (table["implied"] - table["realised"])
    variance = np.square(table["implied"]) - np.square(table["realised"])
    table.insert(2, "points", points)
    table.insert(3, "variance", variance)
    return table, len(levels) - len(table)
