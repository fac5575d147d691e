"""The textbook shortcut, notional x (realised - implied) a day, under a name that says what it is.

>>> BareVolatilityDifference(notional=1_000, window=20).name
'bare RV - IV (not tradable)'
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.ledger import Carry
from hedgerow.market.daily import require_daily
from hedgerow.programmes.base import HedgeProgramme
from hedgerow.programmes.market import OverlayMarket
from hedgerow.programmes.portfolio import Portfolio
from hedgerow.programmes.priced import ContractRecord, PricedProgramme
from hedgerow.units import TRADING_DAYS_PER_YEAR

WARNING = (
    "bare notional x (realised - implied) per day: no contract pays this, it counts the same days of volatility over "
    "and over, and it has no price, carry, roll or cost"
)


@dataclass(frozen=True)
class BareVolatilityDifference(HedgeProgramme):
    """Pays ``notional x (realised volatility - volatility index)`` every day, which nothing traded does.

    For comparison with examples that use it and for nothing else: each day's realised volatility covers the ``window``
    days before, so one large move is paid out ``window`` times, and the index looks at other days than those realised.
    Use :class:`~hedgerow.programmes.variance_swaps.VarianceSwaps` for what can be bought.

    Parameters
    ----------
    notional : float
        Money per volatility point and day.
    window : int
        Dates of the realised volatility: root of 252 x mean squared log return, in points.

    Raises
    ------
    InputError
        For a notional of 0, or a window below 1.
    """

    notional: float = 1_000.0
    window: int = 20

    def __post_init__(self) -> None:
        """Refuse a size of nothing."""
        if not (np.isfinite(self.notional) and self.notional != 0.0):
            raise InputError(f"notional must be money per volatility point and day and not 0, not {self.notional!r}")
        if not (isinstance(self.window, int) and self.window >= 1):
            raise InputError(f"window must be a whole number of dates of 1 or more, not {self.window!r}")

    @property
    def name(self) -> str:
        """Its warning is in the name."""
        return "bare RV - IV (not tradable)"

    def priced(self, market: OverlayMarket, portfolio: Portfolio) -> PricedProgramme:
        """Return the daily differences as changes of one margined slot, held from the first full window on.

        The day that fills the first window is the first on which it could be held, so the first payment is a day later.
        ``worst_loss`` is that of one day on which nothing is realised.
        """
        require_daily("differences of realised and implied volatility", market.dates)
        shape = (len(market), 1)
        held = np.zeros(shape)
        held[self.window :] = self.notional * portfolio.exposure_weight
        difference = (self._realised(market) - market.vix)[:, None]
        last = len(market) - 1
        quotes = [float(market.vix[row]) for row in (min(self.window, last), last)]
        record = ContractRecord("bare RV - IV", 0, self.window, last + 1, quotes[0], quotes[1], "held")
        records = (record,) if held.any() else ()
        changes = np.where(np.arange(len(market))[:, None] > self.window, difference, 0.0)
        return PricedProgramme(
            self.name,
            market.dates,
            ("bare difference",),
            (Carry.MARGIN,),
            held,
            np.array(market.vix[:, None]),
            changes,
            {},
            np.array(market.vix[:, None]),
            "reserve",
            records,
            (WARNING,),
            self,
        )

    def shocked_gain(
        self, market: OverlayMarket, priced: PricedProgramme, spot_change: float, vix_points: float
    ) -> FloatArray:
        """Return the change of one day's payment: the jump counts as one more squared return of the window."""
        if not spot_change > -1.0:
            raise InputError(f"spot_change must be above -1, as -0.2 for a fall of 20 %, not {spot_change!r}")
        realised = self._realised(market)
        jump = 1e4 * TRADING_DAYS_PER_YEAR * np.log1p(spot_change) ** 2 / self.window
        after = np.sqrt(realised**2 + jump) - realised - vix_points
        return np.asarray(priced.units[:, 0] * after)

    def _realised(self, market: OverlayMarket) -> FloatArray:
        """Return realised volatility in points by date; 0 until the first window is full."""
        realised = np.zeros(len(market))
        if self.window < len(market):
            squares = np.diff(np.log(market.price)) ** 2
            windows = np.lib.stride_tricks.sliding_window_view(squares, self.window)
            realised[self.window :] = 100.0 * np.sqrt(TRADING_DAYS_PER_YEAR * windows.mean(axis=1))
        return realised
