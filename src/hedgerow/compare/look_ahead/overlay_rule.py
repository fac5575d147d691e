"""An overlay rule as a rule from histories to decisions, so that a search for look-ahead can ask it like any other.

>>> import numpy as np
>>> import pandas as pd
>>> from hedgerow.compare import check_look_ahead
>>> from hedgerow.overlays import VixLinear
>>> days = pd.bdate_range("2024-01-01", periods=120, name="date")
>>> signals = Signals.of({"vix": pd.Series(18.0 + np.random.default_rng(0).normal(size=120), days)})
>>> check_look_ahead(VixLinear(10, 15), signals, cuts=5).label
'clean'
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from hedgerow.errors import InputError
from hedgerow.overlays import OverlayRule, Shape, Signals, shaped


def overlay_decisions_of(rule: OverlayRule, shape: Shape | None = None) -> Callable[[pd.DataFrame], pd.Series]:
    """Return an overlay as a rule that a search for look-ahead can ask: from signals to the multiplier at each close.

    Parameters
    ----------
    rule : OverlayRule
    shape : Shape, optional
        Its stages before the budget, which needs prices. The calendar of a weekly or monthly trigger is taken to be
        known: a cut in a week that a holiday shortens may count as a change.

    Returns
    -------
    callable
        From signals (n, m) by date and name to multipliers (n,); rows on which a signal is missing leave.
    """

    def decide(history: pd.DataFrame) -> pd.Series:
        signals = Signals.of({str(name): history[name] for name in history})
        return pd.Series(shaped(rule, signals, shape).multiplier, signals.dates, name="multiplier")

    return decide


def history_of(signals: Signals) -> pd.DataFrame:
    """Return signals as a history (n_dates, n_signals)."""
    return pd.DataFrame(dict(signals.values), index=signals.dates)


def as_asked(
    decide: Callable[[pd.DataFrame], pd.Series | pd.DataFrame] | OverlayRule, data: pd.DataFrame | Signals
) -> tuple[Callable[[pd.DataFrame], pd.Series | pd.DataFrame], pd.DataFrame]:
    """Return a rule and its data as a search for look-ahead takes them."""
    if isinstance(data, Signals):
        if not isinstance(decide, OverlayRule):
            raise InputError("signals are for an overlay rule; give a function a DataFrame")
        data = history_of(data)
    return (overlay_decisions_of(decide) if isinstance(decide, OverlayRule) else decide), data
