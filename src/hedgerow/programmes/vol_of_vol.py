"""Volatility of volatility futures where no index of it is given: a stated model, higher when the index is high.

>>> [round(float(VolOfVol().volatility(days / 365, vix=20.0)), 3) for days in (7, 30, 90)]
[0.943, 0.85, 0.673]
>>> [round(float(VolOfVol().volatility(30 / 365, vix)), 3) for vix in (12.0, 60.0)]
[0.669, 1.425]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.programmes.skew import INDEX_YEARS, LEAST_YEARS, mean_decay

USUAL_INDEX = 20.0
"""Level of the volatility index, in points, at which :attr:`VolOfVol.level` is stated."""


@dataclass(frozen=True)
class VolOfVol:
    """Black-76 volatility of an option on a volatility future, the same at every strike.

    ``sigma(T) = level (vix / 20)**elasticity sqrt(a(2 reversion T) / a(2 reversion 30 days))`` with a the mean of an
    exponential decay: a future moves less the further its expiry is, and more when the index is high. Where the market
    has an index of volatility of volatility, that stands for ``level (vix / 20)**elasticity``.

    Parameters
    ----------
    level : float
        Volatility over 30 days at an index of 20, as a decimal; above 0.
    elasticity : float
        Power of the index with which it rises.
    reversion : float
        Speed per year at which a future's volatility falls with its time to expiry, 0 or more.

    Notes
    -----
    Defaults are from VIX futures of 2006-2016 as realised, plus a premium of 0.06 in the level, by assumption.
    Elasticity: quasi-likelihood over 2,814 daily changes in the last 35 days before expiry, 0.78 at an index of 20;
    realised 0.61 with the index at 12 to 15, 0.79 at 15 to 20, 0.88 at 25 to 30, 1.05 above 40. Reversion: 0.79 on
    average over the last 30 days and 0.62 over the last 90. Quoted options have a smile that rises with the strike,
    left out for want of quotes: calls far out of the money are dearer than here, so that a hedge of them looks better
    than it was. A price from it is synthetic.
    """

    level: float = 0.85
    elasticity: float = 0.47
    reversion: float = 3.5

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

    def volatility(self, years: Any, vix: Any, index: Any = None) -> FloatArray:
        """Return the volatility to expiries, as a decimal; arguments broadcast.

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
