"""The multiplier that grows where the portfolio's constituents move together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.market.volatility.windows import ROWS_AT_ONCE
from hedgerow.overlays.base import OverlayRule
from hedgerow.overlays.checks import (
    as_signals,
    log_returns,
    refuse_rows,
    require_name,
    require_number,
    require_rows,
    with_warm_up,
)
from hedgerow.overlays.signals import ABOVE_ZERO, Signals

GIVEN = "correlation"
"""The signal that is read where no constituents are named."""

STILL = 1e-12
"""Change from one log return to the next at and below which both count as the same."""


@dataclass(frozen=True)
class CorrelationAdjusted(OverlayRule):
    """``max(correlation, 0) / normal``, the average over all pairs of constituents of their realised correlation.

    Parameters
    ----------
    normal : float
        Correlation at which the multiplier is 1, above 0 and at most 1.
    window : int
        Log returns of each constituent, 3 or more, about their mean. Not read where the correlation is given.
    constituents : tuple of str
        Names of two or more price signals. None named: the signal ``correlation`` is read as it is, from -1 to 1, an
        implied correlation for instance.

    Notes
    -----
    With a normal of 0.40 and a correlation of 0.60 the multiplier is 1.5. For m constituents whose returns in the
    window, less their mean, are scaled to length 1 and summed into z, the average over pairs is
    ``(z'z - m) / (m (m - 1))``; pairs weigh the same. A correlation below zero holds nothing.

    Examples
    --------
    >>> import pandas as pd
    >>> given = pd.Series([0.4, 0.6], pd.date_range("2024-01-01", periods=2))
    >>> CorrelationAdjusted(0.40).multiplier(Signals.of({"correlation": given})).round(9).tolist()
    [1.0, 1.5]
    """

    normal: float = 0.40
    window: int = 60
    constituents: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse one constituent, and a normal that is no correlation."""
        hint = "0.4 for 40 %"
        require_number("CorrelationAdjusted", "normal", self.normal, above=0.0, most=1.0, hint=hint)
        require_rows("CorrelationAdjusted", "window", self.window, 3)
        if isinstance(self.constituents, str):
            raise InputError(f"constituents must be a list of two or more signals, not {self.constituents!r}")
        object.__setattr__(self, "constituents", tuple(self.constituents))
        for name in self.constituents:
            require_name("CorrelationAdjusted", "a constituent", name)
        if len(self.constituents) == 1:
            raise InputError(
                f"a correlation needs two constituents or more and only {self.constituents[0]!r} is named; name more, "
                f"or give the signal {GIVEN!r}"
            )
        if len(set(self.constituents)) < len(self.constituents):
            raise InputError(f"constituents must differ; received {', '.join(self.constituents)}")

    @property
    def needs(self) -> tuple[str, ...]:
        """The constituents, or the correlation where none is named."""
        return self.constituents or (GIVEN,)

    @property
    def warm_up(self) -> int:
        """One row per return; none where the correlation is given."""
        return int(self.window) if self.constituents else 0

    def multiplier(self, signals: Signals) -> FloatArray:
        """Return the multiplier at the close of each date, shape (n_dates,), 0 or more."""
        signals = as_signals(self, signals)
        return np.maximum(self.correlation(signals), 0.0) / self.normal

    def correlation(self, signals: Signals) -> FloatArray:
        """Return the average pairwise correlation at the close of each date, shape (n_dates,); NaN in the warm-up."""
        if not self.constituents:
            given = signals[GIVEN]
            refuse_rows(np.abs(given) > 1.0, signals, GIVEN, given, "a correlation lies from -1 to 1: 0.4 for 40 %")
            return given
        if len(signals) <= self.window:
            return np.full(len(signals), np.nan)
        views = [self._windows(signals, name) for name in self.constituents]
        pairs = [
            _average_over_pairs([view[first : first + ROWS_AT_ONCE] for view in views])
            for first in range(0, len(views[0]), ROWS_AT_ONCE)
        ]
        return with_warm_up(np.concatenate(pairs), len(signals))

    def _windows(self, signals: Signals, name: str) -> FloatArray:
        """Return views of a constituent's returns (n_windows, window), refused where all of a window are the same."""
        returns = log_returns(signals, name)
        views = np.lib.stride_tricks.sliding_window_view(returns, self.window)
        same = np.concatenate(([0], np.cumsum(np.abs(np.diff(returns)) <= STILL)))
        still = same[self.window - 1 :] - same[: len(views)] == self.window - 1
        rule = f"it has moved alike on {self.window} returns and has no correlation with others: leave it out"
        refuse_rows(with_warm_up(still.astype(float), len(signals)) == 1.0, signals, name, signals[name], rule)
        return views


def _average_over_pairs(windows: Sequence[FloatArray]) -> FloatArray:
    """Return the average pairwise correlation (m,) of constituents' windows of returns, each (m, window)."""
    count = len(windows)
    total = np.zeros(windows[0].shape)
    for window in windows:
        about = window - window.mean(axis=1)[:, None]
        about /= np.sqrt(np.square(about).sum(axis=1))[:, None]
        total += about
    return np.asarray((np.square(total).sum(axis=1) - count) / (count * (count - 1.0)))


def constituents_of(names: Iterable[str]) -> tuple[str, ...]:
    """Return the signals that can be constituents: all but the volatility index, the price, futures and correlation.

    Parameters
    ----------
    names : iterable of str
        Names of all signals at hand.

    Returns
    -------
    tuple of str
        In their order.

    Examples
    --------
    >>> constituents_of(["vix", "price", "banks", "energy"])
    ('banks', 'energy')
    """
    return tuple(name for name in names if name not in (*ABOVE_ZERO, GIVEN))
