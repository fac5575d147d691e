"""The split between a short-dated and a long-dated hedge by the slope of the volatility futures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.overlays.base import OverlayRule
from hedgerow.overlays.checks import as_signals, refuse_rows, require_name, require_number
from hedgerow.overlays.signals import Signals


@dataclass(frozen=True)
class TermStructure(OverlayRule):
    """Share ``r^power / (1 + r^power)`` of the short-dated hedge, with ``r = short / long``; 0.5 on a flat curve.

    Contango (r < 1) moves the hedge to the long date, backwardation (r > 1) to the short one.

    Parameters
    ----------
    short, long : str
        Signals: futures of one and of three months, in points.
    power : float
        Above 0. With 1 the share hardly moves: nine days in ten of 2006 to 2016 lie from 0.44 to 0.53; with 8, from
        0.14 to 0.70.

    Notes
    -----
    A share between two hedges, not a size: ``VixLinear(10, 15) * TermStructure()`` is the size of the short-dated one.
    The long-dated hedge has ``Complement(TermStructure())``; ``split_hedge`` drives both.

    Examples
    --------
    >>> import pandas as pd
    >>> days = pd.date_range("2024-01-01", periods=3)
    >>> curve = {"short": pd.Series([15.0, 20.0, 30.0], days), "long": pd.Series([20.0, 20.0, 20.0], days)}
    >>> TermStructure().multiplier(Signals.of(curve)).round(4).tolist()
    [0.4286, 0.5, 0.6]
    """

    short: str = "short"
    long: str = "long"
    power: float = 1.0

    def __post_init__(self) -> None:
        """Refuse one signal for both, and a power that turns the curve round."""
        require_name("TermStructure", "short", self.short)
        require_name("TermStructure", "long", self.long)
        require_number("TermStructure", "power", self.power, above=0.0)
        if self.short == self.long:
            raise InputError(f"TermStructure needs two signals; short and long are both {self.short!r}")

    @property
    def needs(self) -> tuple[str, ...]:
        """Both futures."""
        return (self.short, self.long)

    @property
    def is_share(self) -> bool:
        """A share between two hedges."""
        return True

    def multiplier(self, signals: Signals) -> FloatArray:
        """Return the share at the close of each date, shape (n_dates,), within [0, 1]."""
        signals = as_signals(self, signals)
        logs = []
        for name in (self.short, self.long):
            level = signals[name]
            refuse_rows(level <= 0.0, signals, name, level, "it is a quoted level and must be above 0: correct it")
            logs.append(np.log(level))
        return logistic(self.power * (logs[0] - logs[1]))


def logistic(values: FloatArray) -> FloatArray:
    """Return ``1 / (1 + exp(-x))`` for any x, without overflow."""
    below = np.exp(-np.abs(values))
    return np.where(values < 0.0, below, 1.0) / (1.0 + below)
