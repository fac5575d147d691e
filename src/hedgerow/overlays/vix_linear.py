"""The multiplier that grows in a line with the volatility index."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.overlays.base import OverlayRule
from hedgerow.overlays.checks import as_signals, require_number
from hedgerow.overlays.signals import Signals


@dataclass(frozen=True)
class VixLinear(OverlayRule):
    """``clip((vix - low) / width, 0, cap)``.

    Parameters
    ----------
    low : float
        Level of the index, in points, at and below which nothing is held.
    width : float
        Points over which the multiplier rises by 1, above 0.
    cap : float, optional
        Largest multiplier, above 0; None for no cap. The documented cases are 10 and 15 with a cap of 2, 12 and 10, and
        12 and 8.

    Notes
    -----
    With 10 and 15 the multiplier is 0.5 at 17.5 and 1 at 25; a text that has 1 and 2 there means a width of 7.5.

    Examples
    --------
    >>> import pandas as pd
    >>> vix = pd.Series([9.0, 17.5, 25.0, 60.0], pd.date_range("2024-01-01", periods=4))
    >>> VixLinear(10, 15, cap=2).multiplier(Signals.of({"vix": vix})).tolist()
    [0.0, 0.5, 1.0, 2.0]
    """

    low: float = 10.0
    width: float = 15.0
    cap: float | None = None

    def __post_init__(self) -> None:
        """Refuse figures that make no line."""
        require_number("VixLinear", "low", self.low)
        require_number("VixLinear", "width", self.width, above=0.0)
        if self.cap is not None:
            require_number("VixLinear", "cap", self.cap, above=0.0, hint="None for no cap")

    def __repr__(self) -> str:
        cap = "" if self.cap is None else f", cap={self.cap!r}"
        return f"VixLinear(low={self.low!r}, width={self.width!r}{cap})"

    @property
    def needs(self) -> tuple[str, ...]:
        """The volatility index."""
        return ("vix",)

    def multiplier(self, signals: Signals) -> FloatArray:
        """Return the multiplier at the close of each date, shape (n_dates,)."""
        signals = as_signals(self, signals)
        with np.errstate(over="ignore"):  # an infinite multiplier is refused with its date
            excess = (signals["vix"] - self.low) / self.width
        return np.clip(excess, 0.0, np.inf if self.cap is None else self.cap)
