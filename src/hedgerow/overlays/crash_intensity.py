"""The multiplier that follows the odds of a crash regime: two states read off the volatility index."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.overlays.base import OverlayRule
from hedgerow.overlays.checks import as_signals, require_name, require_number
from hedgerow.overlays.signals import Signals
from hedgerow.overlays.triggers import TIE
from hedgerow.overlays.two_states import TwoStateChain


@dataclass(frozen=True)
class CrashIntensity(OverlayRule):
    """``P(high tomorrow | today's state) / P(high in the long run)`` of a two-state Markov chain.

    The state is high where the signal stands strictly above ``high_above``. The intensity is ``p_low_high`` in the low
    state and ``1 - p_high_low`` in the high one; its long-run mean is ``p_low_high / (p_low_high + p_high_low)``.

    Parameters
    ----------
    p_low_high, p_high_low : float
        Chance per day to leave the low state and to leave the high state, above 0 and at most 1.
    high_above : float
        Level of the signal, in points.
    signal : str
        Name of the signal.

    Notes
    -----
    0.05 and 0.15 give 0.05 / 0.25 = 0.2 in the low state and 0.85 / 0.25 = 3.4 in the high one. That the hedge should
    be proportional to the intensity holds under the premises of :func:`~hedgerow.overlays.optimal_intensity` only.

    Examples
    --------
    >>> import pandas as pd
    >>> vix = pd.Series([12.0, 25.0, 40.0], pd.date_range("2024-01-01", periods=3))
    >>> CrashIntensity(0.05, 0.15).multiplier(Signals.of({"vix": vix})).round(9).tolist()
    [0.2, 0.2, 3.4]
    """

    p_low_high: float = 0.05
    p_high_low: float = 0.15
    high_above: float = 25.0
    signal: str = "vix"

    def __post_init__(self) -> None:
        """Refuse a chain that stays in a state for ever."""
        require_number("CrashIntensity", "p_low_high", self.p_low_high, above=0.0, most=1.0, hint="0.05 for 5 % a day")
        require_number("CrashIntensity", "p_high_low", self.p_high_low, above=0.0, most=1.0, hint="0.15 for 15 % a day")
        require_number("CrashIntensity", "high_above", self.high_above)
        require_name("CrashIntensity", "signal", self.signal)

    @property
    def needs(self) -> tuple[str, ...]:
        """The signal."""
        return (self.signal,)

    def multiplier(self, signals: Signals) -> FloatArray:
        """Return the multiplier at the close of each date, shape (n_dates,), above 0 unless a state never stays."""
        signals = as_signals(self, signals)
        values = signals[self.signal]
        high = np.where(values > self.high_above + TIE, 1.0, 0.0)
        intensity = TwoStateChain(self.p_low_high, self.p_high_low).intensity(high)
        return np.where(np.isnan(values), np.nan, intensity)
