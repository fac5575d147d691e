"""The multiplier that follows what the portfolio's price has just realised."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.market.daily import require_daily
from hedgerow.market.volatility.windows import means, over_windows
from hedgerow.overlays.base import OverlayRule
from hedgerow.overlays.checks import as_signals, log_returns, require_name, require_number, require_rows, with_warm_up
from hedgerow.overlays.signals import Signals
from hedgerow.units import TRADING_DAYS_PER_YEAR


@dataclass(frozen=True)
class RealisedVolatility(OverlayRule):
    """``realised / target`` with ``realised = sqrt(252 / window * sum of the last window squared log returns)``.

    Parameters
    ----------
    target : float
        Annual volatility at which the multiplier is 1, as a decimal: 0.15 is 15 %.
    window : int
        Log returns of closes, 2 or more; the first multiplier stands on the row after so many.
    price : str
        Name of the price signal.

    Notes
    -----
    The mean is taken for zero, as in a variance swap and in ``realised_volatility(estimator="close_to_close")``: no
    return is lost to a mean that 20 rows cannot measure. There is no upper bound; the cap of a shape sets one. With a
    target of 15 % and a realised volatility of 25 % the multiplier is 1.67.

    Examples
    --------
    >>> import pandas as pd
    >>> closes = pd.Series(100 * np.exp(0.01 * np.resize([0, 1], 22)), pd.bdate_range("2024-01-01", periods=22))
    >>> float(RealisedVolatility(0.15).multiplier(Signals.of({"price": closes}))[-1].round(4))
    1.0583
    """

    target: float = 0.15
    window: int = 20
    price: str = "price"

    def __post_init__(self) -> None:
        """Refuse a target that nothing can be held against."""
        hint = "a decimal per year: 0.15 for 15 %"
        require_number("RealisedVolatility", "target", self.target, above=0.0, most=3.0, hint=hint)
        require_rows("RealisedVolatility", "window", self.window, 2)
        require_name("RealisedVolatility", "price", self.price)

    @property
    def needs(self) -> tuple[str, ...]:
        """The price."""
        return (self.price,)

    @property
    def warm_up(self) -> int:
        """One row per return."""
        return int(self.window)

    def multiplier(self, signals: Signals) -> FloatArray:
        """Return the multiplier at the close of each date, shape (n_dates,); DataError on weekly or slower rows."""
        signals = as_signals(self, signals)
        require_daily("realised volatilities", signals.dates)
        squares = np.square(log_returns(signals, self.price))
        if len(squares) < self.window:
            return np.full(len(signals), np.nan)
        variance = TRADING_DAYS_PER_YEAR * over_windows(squares, self.window, means)
        return with_warm_up(np.sqrt(variance) / self.target, len(signals))
