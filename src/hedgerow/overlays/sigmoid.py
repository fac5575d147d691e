"""The multiplier that rises smoothly from 0 to 1 with the volatility index."""

from __future__ import annotations

from dataclasses import dataclass

from hedgerow._types import FloatArray
from hedgerow.overlays.base import OverlayRule
from hedgerow.overlays.checks import as_signals, require_name, require_number
from hedgerow.overlays.signals import Signals
from hedgerow.overlays.term_structure import logistic


@dataclass(frozen=True)
class Sigmoid(OverlayRule):
    """``1 / (1 + exp(-steepness * (vix - midpoint)))``.

    Parameters
    ----------
    midpoint : float
        Level of the signal, in points, at which half the hedge is held.
    steepness : float
        Per point, above 0; the multiplier rises by a quarter of it per point at the midpoint.
    signal : str
        Name of the signal.

    Examples
    --------
    >>> import pandas as pd
    >>> vix = pd.Series([10.0, 20.0, 30.0], pd.date_range("2024-01-01", periods=3))
    >>> Sigmoid().multiplier(Signals.of({"vix": vix})).round(4).tolist()
    [0.1192, 0.5, 0.8808]
    """

    midpoint: float = 20.0
    steepness: float = 0.2
    signal: str = "vix"

    def __post_init__(self) -> None:
        """Refuse a curve that does not rise."""
        require_number("Sigmoid", "midpoint", self.midpoint)
        require_number("Sigmoid", "steepness", self.steepness, above=0.0, hint="0.2 per point is the textbook's")
        require_name("Sigmoid", "signal", self.signal)

    @property
    def needs(self) -> tuple[str, ...]:
        """The signal."""
        return (self.signal,)

    def multiplier(self, signals: Signals) -> FloatArray:
        """Return the multiplier at the close of each date, shape (n_dates,), within [0, 1]."""
        signals = as_signals(self, signals)
        return logistic(self.steepness * (signals[self.signal] - self.midpoint))
