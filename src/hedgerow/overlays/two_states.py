"""A Markov chain of two states, calm and crash: shares of time, durations, forecasts, and its chances counted.

>>> chain = TwoStateChain(0.05, 0.15)
>>> chain.high_share, chain.expected_low_days, round(chain.expected_high_days, 2)
(0.25, 20.0, 6.67)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.errors import DataError
from hedgerow.overlays.checks import require_number, require_rows
from hedgerow.overlays.triggers import TIE


@dataclass(frozen=True)
class TwoStateChain:
    """Chances per day to change between the low and the high state.

    Parameters
    ----------
    p_low_high, p_high_low : float
        From low to high and back, above 0 and at most 1.
    """

    p_low_high: float
    p_high_low: float

    def __post_init__(self) -> None:
        """Refuse a chain that stays in a state for ever."""
        for name, hint in (("p_low_high", "0.05 for 5 % a day"), ("p_high_low", "0.15 for 15 % a day")):
            require_number("a two-state chain", name, getattr(self, name), above=0.0, most=1.0, hint=hint)

    @property
    def high_share(self) -> float:
        """Share of days in the high state in the long run."""
        return self.p_low_high / (self.p_low_high + self.p_high_low)

    @property
    def expected_low_days(self) -> float:
        """Days that a visit to the low state lasts on average."""
        return 1.0 / self.p_low_high

    @property
    def expected_high_days(self) -> float:
        """Days that a visit to the high state lasts on average."""
        return 1.0 / self.p_high_low

    @property
    def persistence(self) -> float:
        """Correlation of the state with itself a day later, ``1 - p_low_high - p_high_low``."""
        return 1.0 - self.p_low_high - self.p_high_low

    def forecast(self, p_high: ArrayLike, days: int = 1) -> FloatArray:
        """Return the chance of the high state so many days ahead: ``share + persistence^days (p_high - share)``.

        Parameters
        ----------
        p_high : array_like
            Chance of the high state today; 0 or 1 where it is known.
        days : int
            1 or more.
        """
        require_rows("forecast", "days", days)
        chance = np.asarray(p_high, dtype=float)
        ahead = self.high_share + self.persistence**days * (chance - self.high_share)
        return np.clip(ahead, 0.0, 1.0)  # rounding alone leaves the range

    def intensity(self, p_high: ArrayLike, days: int = 1) -> FloatArray:
        """Return :meth:`forecast` over its long-run mean: 1 on average, 0.2 and 3.4 for 0.05 and 0.15."""
        return np.asarray(self.forecast(p_high, days) / self.high_share)


@dataclass(frozen=True)
class CountedTransitions:
    """How often a state that is seen has changed, and the chances that follow from it.

    Attributes
    ----------
    low_rows, high_rows : int
        Rows in each state that have a next row.
    low_to_high, high_to_low : int
        Changes after them.
    """

    low_rows: int
    high_rows: int
    low_to_high: int
    high_to_low: int

    @property
    def chain(self) -> TwoStateChain:
        """The chain with the shares counted as its chances."""
        return TwoStateChain(self.low_to_high / self.low_rows, self.high_to_low / self.high_rows)

    @property
    def errors(self) -> tuple[float, float]:
        """Standard errors of both chances, ``sqrt(p (1 - p) / rows)``, as for a true Markov chain."""
        chain, rows = self.chain, (self.low_rows, self.high_rows)
        low, high = (sqrt(p * (1.0 - p) / n) for p, n in zip((chain.p_low_high, chain.p_high_low), rows, strict=True))
        return low, high


def counted_transitions(levels: ArrayLike, high_above: float = 25.0) -> CountedTransitions:
    """Count changes between rows at and below a level and rows strictly above it.

    Parameters
    ----------
    levels : array_like (n_dates,)
        A volatility index for instance, without gaps.
    high_above : float
        In its unit.

    Returns
    -------
    CountedTransitions

    Raises
    ------
    DataError
        A gap, or a state that is never left, so that its chance cannot be counted.

    Examples
    --------
    >>> counted_transitions([12, 13, 30, 28, 14, 13, 12]).chain
    TwoStateChain(p_low_high=0.25, p_high_low=0.5)
    """
    values = np.asarray(levels, dtype=float)
    if np.isnan(values).any():
        raise DataError(f"the levels have {int(np.isnan(values).sum())} gaps; leave out dates without a value")
    high = values > high_above + TIE
    before, after = high[:-1], high[1:]
    counted = CountedTransitions(
        int((~before).sum()), int(before.sum()), int((~before & after).sum()), int((before & ~after).sum())
    )
    if not (counted.low_to_high and counted.high_to_low):
        raise DataError(
            f"the {len(values)} levels cross {high_above:g} upwards {counted.low_to_high} times and downwards "
            f"{counted.high_to_low} times; both are needed: choose another level or give more rows"
        )
    return counted
