"""The multiplier of a table of levels: so much above each threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.overlays.base import OverlayRule
from hedgerow.overlays.checks import as_signals, require_name, require_number
from hedgerow.overlays.signals import Signals
from hedgerow.overlays.triggers import TIE

BANDS = ((0.2, 0.3), (0.5, 0.7), (1.0, 1.5))
"""Range of the multiplier in the low, the middle and the high regime: 20-30 %, 50-70 %, 100-150 %."""


@dataclass(frozen=True)
class Steps(OverlayRule):
    """``levels[k]`` where the signal stands strictly above k of the ascending thresholds.

    Parameters
    ----------
    thresholds : tuple of float
        Strictly ascending, in the signal's unit.
    levels : tuple of float
        One more than the thresholds, each 0 or more: the first holds at and below the first threshold, each later one
        strictly above its threshold.
    signal : str
        Name of the signal.

    Notes
    -----
    A signal on its threshold, within 1e-9 of its unit, is not above it: at 25 the level of 15 to 25 holds.

    Examples
    --------
    >>> import pandas as pd
    >>> vix = pd.Series([15.0, 15.01, 25.0, 25.01], pd.date_range("2024-01-01", periods=4))
    >>> Steps((15, 25), (0, 0.5, 1)).multiplier(Signals.of({"vix": vix})).tolist()
    [0.0, 0.5, 0.5, 1.0]
    """

    thresholds: tuple[float, ...] = (15.0, 25.0)
    levels: tuple[float, ...] = (0.0, 0.5, 1.0)
    signal: str = "vix"

    def __post_init__(self) -> None:
        """Refuse a table that cannot be read."""
        for name in ("thresholds", "levels"):
            object.__setattr__(self, name, _row(name, getattr(self, name)))
        require_name("Steps", "signal", self.signal)
        for threshold in self.thresholds:
            require_number("Steps", "a threshold", threshold)
        for level in self.levels:
            require_number("Steps", "a level", level, least=0.0)
        if not self.thresholds:
            raise InputError("Steps needs at least one threshold; a multiplier that never changes is Static(1)")
        for lower, upper in zip(self.thresholds, self.thresholds[1:], strict=False):
            if not upper > lower + TIE:
                raise InputError(f"thresholds of Steps must ascend; {upper:g} follows {lower:g}: sort them")
        if len(self.levels) != len(self.thresholds) + 1:
            raise InputError(
                f"Steps needs one level more than thresholds, {len(self.thresholds) + 1} for "
                f"{len(self.thresholds)}, and has {len(self.levels)}; the first level holds below the first threshold"
            )

    @classmethod
    def full_partial_none(cls) -> Steps:
        """Return 1 above 25, 0.5 above 15, 0 at and below 15."""
        return cls((15.0, 25.0), (0.0, 0.5, 1.0))

    @classmethod
    def two_one_none(cls) -> Steps:
        """Return 2 above 25, 1 above 15, 0 at and below 15."""
        return cls((15.0, 25.0), (0.0, 1.0, 2.0))

    @classmethod
    def on_off(cls, threshold: float = 20.0) -> Steps:
        """Return 1 above the threshold and 0 at and below it."""
        return cls((threshold,), (0.0, 1.0))

    @classmethod
    def regime_bands(cls, within: float = 0.5) -> Steps:
        """Return 20-30 % of the hedge at and below 15, 50-70 % above it, 100-150 % above 25.

        Parameters
        ----------
        within : float
            Place within each band: 0 its lower end, 1 its upper, 0.5 its middle.
        """
        require_number("Steps.regime_bands", "within", within, least=0.0, most=1.0)
        return cls((15.0, 25.0), tuple(round((1.0 - within) * low + within * high, 12) for low, high in BANDS))

    @property
    def needs(self) -> tuple[str, ...]:
        """The signal."""
        return (self.signal,)

    def multiplier(self, signals: Signals) -> FloatArray:
        """Return the multiplier at the close of each date, shape (n_dates,)."""
        signals = as_signals(self, signals)
        values = signals[self.signal]
        # the first threshold, raised by the tie, that is at or above the value: so many lie strictly below it
        place = np.searchsorted(np.array(self.thresholds) + TIE, values, side="left")
        known = ~np.isnan(values)
        return np.where(known, np.array(self.levels, dtype=float)[np.where(known, place, 0)], np.nan)


def _row(name: str, values: object) -> tuple[float, ...]:
    if isinstance(values, str) or not isinstance(values, Sequence | np.ndarray):
        raise InputError(f"{name} of Steps must be a list of numbers, not {values!r}")
    return tuple(value.item() if isinstance(value, np.generic) else value for value in values)
