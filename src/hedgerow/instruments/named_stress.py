"""Crashes and crushes by name, for books of options.

>>> [each.name for each in NAMED_SCENARIOS][:2]
['crash of 1987', 'October 2008']
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError


@dataclass(frozen=True)
class BookScenario:
    """One thing that could happen to a book.

    Parameters
    ----------
    name : str
    spot_move : float
        Relative move of the driver, above -1.
    vol_factor : float
        What every volatility is multiplied by, 0 or more.
    vol_move : float
        Absolute move on top; no volatility falls below 0.
    days : float
        Calendar days it takes, 0 or more.
    correlation : float
        Of the other underlyings with the driver, -1 to 1: see :mod:`hedgerow.instruments.stress_grid`.

    Examples
    --------
    >>> BookScenario("gap down", -0.15, vol_factor=2.0).correlation
    1.0
    """

    name: str
    spot_move: float = 0.0
    vol_factor: float = 1.0
    vol_move: float = 0.0
    days: float = 0.0
    correlation: float = 1.0

    def __post_init__(self) -> None:
        """Refuse moves that nothing can make."""
        figures = (self.spot_move, self.vol_factor, self.vol_move, self.days, self.correlation)
        if not all(np.isfinite(each) for each in figures):
            raise InputError(f"the moves of scenario {self.name!r} must be finite numbers, not {figures!r}")
        if not self.spot_move > -1.0:
            raise InputError(f"spot_move of scenario {self.name!r} must be above -1 (-100 %), not {self.spot_move:g}")
        if self.vol_factor < 0.0 or self.days < 0.0:
            raise InputError(f"vol_factor and days of scenario {self.name!r} must be 0 or more")
        if not -1.0 <= self.correlation <= 1.0:
            raise InputError(f"correlation of scenario {self.name!r} must be from -1 to 1, not {self.correlation:g}")

    def vol_moves(self, vols: FloatArray) -> FloatArray:
        """Return the absolute move of each volatility."""
        return np.maximum(vols * self.vol_factor + self.vol_move, 0.0) - vols


NAMED_SCENARIOS = (
    BookScenario("crash of 1987", -0.205, vol_factor=4.1, days=3.0),
    BookScenario("October 2008", -0.182, vol_factor=1.55, days=7.0),
    BookScenario("February to March 2020", -0.339, vol_factor=4.28, days=33.0),
    BookScenario("volatility crush", vol_factor=0.6),
    BookScenario("volatility doubles", vol_factor=2.0),
    BookScenario("fall with correlation to 1", -0.10, vol_factor=1.5),
    BookScenario("fall with correlation to 0", -0.10, vol_factor=1.5, correlation=0.0),
    BookScenario("melt-up", 0.10, vol_factor=0.8, days=7.0),
)
"""What is run unless others are given. The three crashes are moves of closes of the S&P 500 and of Cboe's volatility
index: 16 to 19 October 1987, 282.70 to 224.84 (index VXO 36 to 150); 3 to 10 October 2008, 1,099.23 to 899.22 (VIX 45.1
to 69.9); 19 February to 23 March 2020, 3,386.15 to 2,237.40 (VIX 14.4 to 61.6). The others are round figures."""
