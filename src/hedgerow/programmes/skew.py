"""Implied volatility at any strike and expiry from a 30-day volatility index: a stated model, where nobody quotes.

>>> float(SkewModel().volatility(strike=90.0, forward=100.0, years=0.25, index=20.0).round(4))
0.252
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.units import CALENDAR_DAYS_PER_YEAR

INDEX_YEARS = 30.0 / CALENDAR_DAYS_PER_YEAR
"""Horizon of the volatility index."""

LEAST_SHAPE = 0.05
"""Least ratio of any volatility of the model to the one at the money."""

LEAST_YEARS = 1.0 / (24.0 * CALENDAR_DAYS_PER_YEAR)
"""Moneyness is measured over at least one hour: on the expiry itself the payoff alone counts."""


@dataclass(frozen=True)
class SkewModel:
    """At-the-money volatility as a share of the index, times a parabola in normalised log-moneyness.

    With V the index as a decimal, T the years and F the forward::

        v(T)   = long_run**2 + (V**2 - long_run**2) a(T) / a(30 days),  a(T) = (1 - exp(-reversion T)) / (reversion T)
        atm    = level sqrt(v(T)),  x = log(K / F) / (atm sqrt(T)),  y = reach tanh(x / reach)
        sigma  = atm (1 + slope y + curvature y**2)

    Below 30 days v is the index's own. With volatility indices of other horizons total variance is linear in time
    between them instead, never falling, and volatility flat outside.

    Parameters
    ----------
    level : float
        Ratio of the volatility at the money to the index, which averages over all strikes; above 0.
    slope, curvature : float
        Of the smile per unit of normalised log-moneyness.
    reach : float
        Where the smile becomes flat, in the same unit; above 0. Smooth, so that no density is negative there.
    reversion : float
        Speed per year at which expected variance returns to its long run, 0 or more.
    long_run : float
        Volatility to which it returns, as a decimal.

    Raises
    ------
    InputError
        Where a figure is out of its range or any volatility would fall below a twentieth of that at the money.

    Notes
    -----
    Defaults are least squares. ``reversion`` and ``long_run``: prices of VIX futures, positions 1 to 8, 2006-11 to
    2016-12 (18,941 quotes), root mean square error 3.2 points against 5.4 without reversion; the convexity between
    expected volatility and expected variance is left out. The rest: 1,952 out-of-the-money quotes of S&P 500 options of
    3-7 January 2011, 42 to 361 days, within 4 of the money in x, root mean square error 1.6 volatility points, 0.9
    between 80 and 130 days; 1.2 too high on average at 42 to 60 days and 0.8 too low beyond 200. One calm week gives
    the smile: in other times it is an assumption. At 30 days the smile averages to a tenth above the index, which by
    its definition it should not: for options of a month or two :meth:`average` is nearer. A price from it is synthetic.
    """

    level: float = 0.942
    slope: float = -0.205
    curvature: float = 0.084
    reach: float = 2.51
    reversion: float = 1.63
    long_run: float = 0.246

    def __post_init__(self) -> None:
        """Refuse what could give a volatility of nothing or less."""
        for name in ("level", "reach", "long_run"):
            value = getattr(self, name)
            if not (np.isfinite(value) and value > 0.0):
                raise InputError(f"{name} of a skew model must be a number above 0, not {value!r}")
        if not (np.isfinite(self.reversion) and self.reversion >= 0.0):
            raise InputError(f"reversion of a skew model must be 0 or more per year, not {self.reversion!r}")
        if not self.least_shape >= LEAST_SHAPE:
            raise InputError(
                f"slope {self.slope!r} and curvature {self.curvature!r} within a reach of {self.reach!r} take "
                f"volatility to {self.least_shape:.3g} of that at the money, below {LEAST_SHAPE:g}: flatten it"
            )

    @classmethod
    def average(cls) -> SkewModel:
        """Return the model whose 30-day smile is that of the long run of the Cboe SKEW index.

        SKEW is ``100 - 10 S`` with S the skewness of the 30-day log return that option prices imply; its daily values
        of 1990 to 2016 average 118.4, from 101.2 to 153.7. Slope and level are the two figures with which the model's
        own skewness is that, at the VIX's average of 19.7 of these years, and its own volatility over all strikes the
        index (see :func:`~hedgerow.programmes.skew_fit.fit_skew_index`). Curvature and reach stay those of the week of
        the defaults, by assumption. One number fixes the skew of all days: it was 113.7 on average in 2008 and 129.8 in
        2014.

        Two things speak for the level, at expiries of a month: quotes of that week at the money stood at 0.80 of the
        index at 18 days and 0.89 at 43; and the premiums of the Cboe PutWrite index, 24.1 % a year of 2006-2015, are a
        volatility at the money of 0.86 of the index's average on the third Fridays. Beyond 80 days that week's quotes
        are 1 to 2.5 points above this model.

        References
        ----------
        Futures Magazine, *More elegant measure of tail risk*, 2017-04-23 (SKEW of 1990-2016). M. Moran, *The 32nd
        annual RMC and key indexes*, CBOE, 2016-03-03 (by year). Cboe, *The CBOE Skew Index* (2010). O. Bondarenko's
        study of put writing of 2016, as reported by Born To Sell, 2016-06-01, for the premiums.
        """
        return cls(level=0.853, slope=-0.224)

    @property
    def in_words(self) -> str:
        """The model as a person says it: where its smile comes from, or its figures where they are your own."""
        if self == SkewModel():
            return "a skew fitted to one week of 2011"
        if self == SkewModel.average():
            return "the long-run average skew of 1990 to 2016"
        return f"a stated skew (level {self.level:g}, slope {self.slope:g}, curvature {self.curvature:g})"

    @property
    def least_shape(self) -> float:
        """Least ratio of a volatility of the model to the one at the money; NaN where the smile is not finite."""
        places = [-self.reach, self.reach]
        if self.curvature != 0.0:
            places.append(float(np.clip(-self.slope / (2.0 * self.curvature), -self.reach, self.reach)))
        return float(np.min([1.0 + self.slope * y + self.curvature * y * y for y in places]))

    def volatility(
        self, strike: Any, forward: Any, years: Any, index: Any, horizons: Mapping[int, Any] | None = None
    ) -> FloatArray:
        """Return annual implied volatility as a decimal; all arguments broadcast.

        Parameters
        ----------
        strike, forward : scalar or array
            Above 0, in one unit.
        years : scalar or array
            To expiry, 0 or more.
        index : scalar or array
            The 30-day volatility index in points.
        horizons : mapping of int to scalar or array, optional
            Volatility indices of other horizons by calendar days, in points.
        """
        time = np.maximum(np.asarray(years, dtype=float), LEAST_YEARS)
        at_the_money = self.at_the_money(time, index, horizons)
        x = np.log(np.asarray(strike, dtype=float) / forward) / (at_the_money * np.sqrt(time))
        y = self.reach * np.tanh(x / self.reach)
        return np.asarray(at_the_money * (1.0 + self.slope * y + self.curvature * y * y))

    def at_the_money(self, years: Any, index: Any, horizons: Mapping[int, Any] | None = None) -> FloatArray:
        """Return the volatility at the forward, as a decimal; arguments as in :meth:`volatility`."""
        variance = np.asarray(index, dtype=float) ** 2 * 1e-4
        if horizons:
            squares = {days: np.asarray(each, dtype=float) ** 2 * 1e-4 for days, each in horizons.items()}
            found = between_horizons(np.asarray(years, dtype=float), {30: variance} | squares)
        else:
            found = self.long_run**2 + (variance - self.long_run**2) * self.persistence(years)
        return np.asarray(self.level * np.sqrt(found))

    def persistence(self, years: Any) -> FloatArray:
        """Return how much of the index's distance from the long run is left in the mean variance to each expiry."""
        time = np.maximum(np.asarray(years, dtype=float), INDEX_YEARS)
        return mean_decay(self.reversion, time) / mean_decay(self.reversion, INDEX_YEARS)


def mean_decay(speed: float, years: Any) -> FloatArray:
    """Return the mean of ``exp(-speed t)`` over 0 to the years given; 1 without speed."""
    time = np.asarray(years, dtype=float)
    return -np.expm1(-speed * time) / (speed * time) if speed > 0.0 else np.ones_like(time)


def between_horizons(years: FloatArray, variances: Mapping[int, FloatArray]) -> FloatArray:
    """Return variance per year: total variance linear in time between horizons, never falling, flat outside.

    Parameters
    ----------
    years : ndarray
        To expiry; broadcasts with the variances.
    variances : mapping of int to ndarray
        Variance per year by horizon in calendar days.
    """
    days = sorted(variances)
    places = [each / CALENDAR_DAYS_PER_YEAR for each in days]
    totals: list[FloatArray] = []
    for day, place in zip(days, places, strict=True):
        total = variances[day] * place
        totals.append(np.maximum(total, totals[-1]) if totals else total)
    found = np.broadcast_to(totals[0] / places[0], np.broadcast_shapes(years.shape, totals[0].shape))
    for left in range(len(days) - 1):
        share = np.clip((years - places[left]) / (places[left + 1] - places[left]), 0.0, 1.0)
        inside = (1.0 - share) * totals[left] + share * totals[left + 1]
        time = np.clip(years, places[left], places[left + 1])
        found = np.where(years > places[left], inside / time, found)
    return np.asarray(found)
