"""The multiplier that grows with the loss from the last peak."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.overlays.base import OverlayRule
from hedgerow.overlays.checks import as_signals, refuse_rows, require_name, require_number
from hedgerow.overlays.signals import Signals


@dataclass(frozen=True)
class DrawdownTriggered(OverlayRule):
    """``1 + alpha * max(0, drawdown - start)``, the drawdown a positive share of the highest price so far.

    Parameters
    ----------
    start : float
        Drawdown beyond which the hedge grows, as a decimal from 0 to 1: 0.05 is 5 %.
    alpha : float
        Multiplier added per 1.00 of drawdown beyond the start, 0 or more.
    price : str
        Name of the price signal; its peak is taken from the first date of the signals.

    Notes
    -----
    At 10 % down, a start of 5 % and an alpha of 0.5 the multiplier is 1.025. So small an alpha is nearly inert: at
    50 % down it holds 1.225; 20 doubles the hedge at 10 % down.

    There is no warm-up, but the peak is that since the signals began: until the first new high after it, signals that
    begin earlier may give a larger multiplier (:func:`hedgerow.compare.overlay_warm_up_drift`).

    Examples
    --------
    >>> import pandas as pd
    >>> closes = pd.Series([100.0, 96.0, 90.0, 101.0], pd.date_range("2024-01-01", periods=4))
    >>> DrawdownTriggered(0.05, 20).multiplier(Signals.of({"price": closes})).round(9).tolist()
    [1.0, 1.0, 2.0, 1.0]
    """

    start: float = 0.05
    alpha: float = 0.5
    price: str = "price"

    def __post_init__(self) -> None:
        """Refuse a start that is no drawdown, and less hedge after losses."""
        require_number("DrawdownTriggered", "start", self.start, least=0.0, most=1.0, hint="a decimal: 0.05 for 5 %")
        require_number("DrawdownTriggered", "alpha", self.alpha, least=0.0)
        require_name("DrawdownTriggered", "price", self.price)

    @property
    def needs(self) -> tuple[str, ...]:
        """The price."""
        return (self.price,)

    @property
    def memory(self) -> int | None:
        """None: the last peak may lie as far back as the signals go."""
        return None

    def multiplier(self, signals: Signals) -> FloatArray:
        """Return the multiplier at the close of each date, shape (n_dates,), 1 or more."""
        signals = as_signals(self, signals)
        price = signals[self.price]
        refuse_rows(price <= 0.0, signals, self.price, price, "a drawdown needs prices above 0: correct it")
        drawdown = 1.0 - price / np.fmax.accumulate(price)
        return 1.0 + self.alpha * np.maximum(drawdown - self.start, 0.0)
