"""Volatility of volatility futures where no option on them is quoted: a stated model, with a smile that rises.

>>> model = VolOfVol()
>>> [round(float(model.volatility(days / 365, vix=20.0)), 3) for days in (7, 30, 90)]
[0.954, 0.86, 0.681]
>>> model.by_strike([0.8, 1.0, 1.5, 2.5], 30 / 365, level=0.86).round(3).tolist()
[0.757, 0.866, 1.015, 1.148]
>>> VolOfVol.flat()
VolOfVol(level=0.85, elasticity=0.47, reversion=3.5, floor=0.0)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.programmes.skew import INDEX_YEARS, LEAST_YEARS, mean_decay
from hedgerow.programmes.vix_smile import shifted_variance, smile_deviation

USUAL_INDEX = 20.0
"""Level of the volatility index, in points, at which :attr:`VolOfVol.level` is stated."""


@dataclass(frozen=True)
class VolOfVol:
    """Black-76 volatility of an option on a volatility future, by strike.

    Over all strikes, as an index of it (VVIX) measures: ``sigma(T) = level (vix / 20)**elasticity
    sqrt(a(2 reversion T) / a(2 reversion 30 days))`` with a the mean of an exponential decay: a future moves less the
    further its expiry is. Where the market has an index of volatility of volatility, that stands for ``level
    (vix / 20)**elasticity``. By strike, the smile of a future whose distance from ``floor`` times today's price is
    lognormal: rising with the strike, less steeply the longer the expiry, the same at every level of the future.

    Parameters
    ----------
    level : float
        Volatility over 30 days at an index of 20, as a decimal; above 0.
    elasticity : float
        Power of the index with which it rises.
    reversion : float
        Speed per year at which a future's volatility falls with its time to expiry, 0 or more.
    floor : float
        Share of today's future below which it cannot end, at least 0 and below 1; 0 gives one volatility for all
        strikes.

    Notes
    -----
    Defaults are assumptions, each set by one thing and none by what a hedge earned. *Floor*: the month's moves of
    futures of 2006-2016, 121 from one expiry to the next, are by maximum likelihood a lognormal above 0.51 of their
    mean; that prices have the shape of what happened is assumed. That two figures of a shifted lognormal fit VIX
    options is Kamal (2019); that their skew hardly depends on the level, Marabel Romo (2015). *Level*: the long-run
    average of the VVIX, 86 both in 2006-2012 and in 2007-2015. *Elasticity*: the VVIX averaged 82, 80 and 95 in 2008,
    2009 and 2015 with the VIX at 33, 31 and 17 on average, so that it does not rise with it; daily, it does.
    *Reversion*: realised, 0.79 on average over the last 30 days before expiry and 0.62 over the last 90. Puts struck
    below the floor are worth nothing. A price from it is synthetic.

    References
    ----------
    M. Kamal, *The TSLL model*, SSRN 3403126 (2019). J. Marabel Romo, *Pricing volatility options under stochastic skew
    with application to the VIX index* (2015). M. Moran, *New VVIX index measures the volatility of volatility*, CBOE
    Options Hub, 2012-03-14 (average of 86), and *The 32nd annual RMC and key indexes*, CBOE, 2016-03-03 (by year).
    """

    level: float = 0.86
    elasticity: float = 0.0
    reversion: float = 3.5
    floor: float = 0.5

    def __post_init__(self) -> None:
        """Refuse what is no volatility."""
        if not (np.isfinite(self.level) and self.level > 0.0):
            raise InputError(f"the level of a volatility of volatility must be a decimal above 0, not {self.level!r}")
        if not np.isfinite(self.elasticity):
            raise InputError(f"the elasticity of a volatility of volatility must be finite, not {self.elasticity!r}")
        if not (np.isfinite(self.reversion) and self.reversion >= 0.0):
            raise InputError(
                f"the reversion of a volatility of volatility must be 0 or more per year, not {self.reversion!r}"
            )
        if not 0.0 <= self.floor < 1.0:
            raise InputError(
                f"the floor of a volatility of volatility is a share of the future, 0 or more and below 1, not "
                f"{self.floor!r}"
            )

    @classmethod
    def flat(cls) -> VolOfVol:
        """Return one volatility for all strikes, from futures as realised in 2006-2016.

        Elasticity: quasi-likelihood over 2,814 daily changes in the last 35 days before expiry, 0.78 at an index of 20;
        realised 0.61 with the index at 12 to 15, 0.79 at 15 to 20, 0.88 at 25 to 30, 1.05 above 40. A premium of 0.06
        is added to the level, by assumption. Calls far out of the money are dearer than here, so that a hedge of them
        looks better than it was.
        """
        return cls(level=0.85, elasticity=0.47, reversion=3.5, floor=0.0)

    @property
    def smile(self) -> str:
        """What is assumed of single strikes, in words."""
        if self.floor == 0.0:
            return "the same at every strike"
        return f"rising with the strike as of a lognormal above {self.floor:.0%} of the future"

    @property
    def in_words(self) -> str:
        """The model as a person says it."""
        power = f" x (index / {USUAL_INDEX:g}) to the power of {self.elasticity:g}" if self.elasticity else ""
        return f"{self.level:.0%} a year over 30 days{power}, less for longer expiries, {self.smile}"

    def volatility(self, years: Any, vix: Any, index: Any = None) -> FloatArray:
        """Return the volatility to expiries over all strikes, as a decimal; arguments broadcast.

        Parameters
        ----------
        years : scalar or array
            To expiry, 0 or more.
        vix : scalar or array
            The volatility index in points.
        index : scalar or array, optional
            Index of 30-day volatility of volatility (VVIX), in points.
        """
        usual = self.level * (np.asarray(vix, dtype=float) / USUAL_INDEX) ** self.elasticity
        base = usual if index is None else np.asarray(index, dtype=float) * 1e-2
        time = np.maximum(np.asarray(years, dtype=float), LEAST_YEARS)
        speed = 2.0 * self.reversion
        return np.asarray(base * np.sqrt(mean_decay(speed, time) / mean_decay(speed, INDEX_YEARS)))

    def by_strike(self, ratio: Any, years: Any, level: Any) -> FloatArray:
        """Return Black-76 volatilities as decimals; arguments broadcast.

        Parameters
        ----------
        ratio : scalar or array
            Strike over future, above 0.
        years : scalar or array
            To expiry, 0 or more.
        level : scalar or array
            Volatility over all strikes, as :meth:`volatility` returns it.

        Raises
        ------
        InputError
            Where a volatility is more than a future can have that keeps above its floor.
        """
        time = np.maximum(np.asarray(years, dtype=float), LEAST_YEARS)
        variance = shifted_variance(np.asarray(level, dtype=float) ** 2 * time, self.floor)
        return np.asarray(smile_deviation(ratio, variance, self.floor) / np.sqrt(time))
