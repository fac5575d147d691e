"""How many puts offset the portfolio's delta."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.overlays.base import OverlayRule
from hedgerow.overlays.checks import as_signals, refuse_rows, require_name, require_number
from hedgerow.overlays.signals import Signals

_RANGE = "a put's delta lies from -1 to 0, without 0: correct it or leave the cell empty"


@dataclass(frozen=True)
class PutCount(OverlayRule):
    """``hedged_fraction * portfolio_delta / (abs(put_delta) * contract_multiplier)``: a number of puts.

    Parameters
    ----------
    portfolio_delta : float or str
        Units of the underlying whose moves the portfolio has (shares), or the signal that holds them by date. Where a
        signal is 0 or below, there is no exposure for a put to offset and the count is 0.
    put_delta : float or str
        Delta of one put per unit of the underlying, from -1 to 0 without 0, or the signal that holds it. Its sign may
        be left out.
    contract_multiplier : float
        Units of the underlying per contract.
    hedged_fraction : float
        Share of the portfolio's delta that is offset. 1, the formula as usually written, takes away *all* exposure to
        the index, gains as well as losses: it is a short position and no insurance.

    Notes
    -----
    A count where the hedge's base is one put; it is not rounded to whole contracts, the trade is.

    Examples
    --------
    >>> import pandas as pd
    >>> known = Signals.of({"delta": pd.Series([5000.0, 4000.0], pd.date_range("2024-01-01", periods=2))})
    >>> PutCount("delta", -0.25, hedged_fraction=0.5).multiplier(known).tolist()
    [100.0, 80.0]
    """

    portfolio_delta: float | str = "portfolio_delta"
    put_delta: float | str = "put_delta"
    contract_multiplier: float = 100.0
    hedged_fraction: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a put without delta, and a portfolio that needs none."""
        if isinstance(self.portfolio_delta, str):
            require_name("PutCount", "portfolio_delta", self.portfolio_delta)
        else:
            hint = "a portfolio that loses when the index rises needs calls"
            require_number("PutCount", "portfolio_delta", self.portfolio_delta, above=0.0, hint=hint)
        if isinstance(self.put_delta, str):
            require_name("PutCount", "put_delta", self.put_delta)
        else:
            require_number("PutCount", "put_delta", self.put_delta, least=-1.0, most=1.0)
            require_number("PutCount", "the size of put_delta", abs(self.put_delta), above=0.0, most=1.0)
        require_number("PutCount", "contract_multiplier", self.contract_multiplier, above=0.0)
        require_number("PutCount", "hedged_fraction", self.hedged_fraction, least=0.0, most=1.0)

    @property
    def needs(self) -> tuple[str, ...]:
        """The deltas that are signals."""
        return tuple(dict.fromkeys(each for each in (self.portfolio_delta, self.put_delta) if isinstance(each, str)))

    def multiplier(self, signals: Signals) -> FloatArray:
        """Return the number of puts at the close of each date, shape (n_dates,), 0 or more."""
        signals = as_signals(self, signals)
        exposure = _by_date(self.portfolio_delta, signals)
        put = np.abs(_by_date(self.put_delta, signals))
        if isinstance(self.put_delta, str):
            refuse_rows((put == 0.0) | (put > 1.0), signals, self.put_delta, signals[self.put_delta], _RANGE)
        return self.hedged_fraction * np.maximum(exposure, 0.0) / (put * self.contract_multiplier)


def _by_date(delta: float | str, signals: Signals) -> FloatArray:
    return signals[delta] if isinstance(delta, str) else np.full(len(signals), float(delta))
