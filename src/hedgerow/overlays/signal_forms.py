"""Rules that see a signal in another form: as a percentile of its own past, or smoothed.

>>> from hedgerow.overlays.steps import Steps
>>> Percentile(Steps((50, 90), (0, 0.5, 1)), window=252)
Percentile(rule=Steps(thresholds=(50, 90), levels=(0, 0.5, 1), signal='vix'), window=252, signal='vix')
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.market.volatility.windows import means, over_windows
from hedgerow.overlays.base import OverlayRule, Pair
from hedgerow.overlays.checks import as_signals, require_name, require_rows, require_rule, with_warm_up
from hedgerow.overlays.signals import Signals
from hedgerow.overlays.triggers import TIE


class SignalForm(OverlayRule):
    """A rule that sees one signal as a figure over its last rows, and all others as they are."""

    rule: OverlayRule
    signal: str

    @property
    @abstractmethod
    def rows(self) -> int:
        """Rows of the signal that one figure uses."""

    @abstractmethod
    def figures(self, values: FloatArray) -> FloatArray:
        """Return the figure of each window of the signal's values (n,), oldest first: (n - rows + 1,).

        NaN where a value of the window is; there is at least one window.
        """

    @property
    def needs(self) -> tuple[str, ...]:
        """Those of the rule."""
        return self.rule.needs

    @property
    def warm_up(self) -> int:
        """Rows until the figure is there and the rule has what it needs of it."""
        return warm_up_after(self, {})

    @property
    def memory(self) -> int | None:
        """The rows of the first figures before those that the rule needs."""
        return None if self.rule.memory is None else self.warm_up + self.rule.memory - self.rule.warm_up

    @property
    def is_share(self) -> bool:
        """As the rule."""
        return self.rule.is_share

    def multiplier(self, signals: Signals) -> FloatArray:
        """Return the rule's multiplier with the signal replaced, shape (n_dates,)."""
        signals = as_signals(self, signals)
        values = signals[self.signal]
        if len(values) < self.rows:
            return np.full(len(values), np.nan)
        figures = with_warm_up(self.figures(values), len(values))
        return self.rule.multiplier(signals.with_values(self.signal, figures))


@dataclass(frozen=True)
class Percentile(SignalForm):
    """The rule on the trailing percentile, 0 to 100, of a signal: every threshold of it reads as a percentile.

    The percentile is the share, in per cent, of the last ``window`` values that lie strictly below today's; today is
    the last of them, so that it is at most ``100 (window - 1) / window``.

    Parameters
    ----------
    rule : OverlayRule
        ``Steps((50, 90), (0, 0.5, 1))``: nothing below the median of the last year, all above its 90th percentile;
        ``VixLinear(50, 50)``, ``Sigmoid(80, 0.1)`` and ``CrashIntensity(high_above=80)`` read likewise.
    window : int
        Signal dates, 2 or more; 252 is a year.
    signal : str
        The one that is replaced; the rule must read it.

    Examples
    --------
    >>> import pandas as pd
    >>> from hedgerow.overlays.vix_linear import VixLinear
    >>> vix = pd.Series([10.0, 12.0, 11.0, 30.0, 28.0], pd.date_range("2024-01-01", periods=5))
    >>> Percentile(VixLinear(0, 100), window=4).multiplier(Signals.of({"vix": vix})).tolist()
    [nan, nan, nan, 0.75, 0.5]
    """

    rule: OverlayRule
    window: int = 252
    signal: str = "vix"

    def __post_init__(self) -> None:
        """Refuse a rule that does not read the signal."""
        require_name("Percentile", "signal", self.signal)
        require_rule("Percentile", self.rule, self.signal)
        require_rows("Percentile", "window", self.window, 2)
        for part in _parts(self.rule):
            _require_percentiles(part, self.signal)

    @property
    def rows(self) -> int:
        """The window."""
        return int(self.window)

    def figures(self, values: FloatArray) -> FloatArray:
        """Return per cent of each window that lies strictly below its last value."""
        first = self.window - 1
        today = values[first:] - TIE
        below = np.zeros(len(today), dtype=np.int32)
        for back in range(1, self.window):  # days back, all dates at once: a fifth of the time of windows side by side
            below += values[first - back : len(values) - back] < today
        missing = np.concatenate(([0], np.cumsum(np.isnan(values))))
        complete = missing[self.window :] == missing[: len(today)]
        return np.where(complete, 100.0 * below / self.window, np.nan)


def _parts(rule: OverlayRule) -> tuple[OverlayRule, ...]:
    """Return the rules that a sum or a product is made of."""
    return (*_parts(rule.left), *_parts(rule.right)) if isinstance(rule, Pair) else (rule,)


def _require_percentiles(rule: OverlayRule, signal: str) -> None:
    """Refuse a rule that takes the signal for a price, and thresholds that no percentile reaches."""
    if getattr(rule, "price", None) == signal:
        raise InputError(
            f"{rule!r} reads {signal!r} as a price, of which a percentile is none; a percentile is for rules that "
            "compare a level with thresholds, such as VixLinear or Steps"
        )
    thresholds = (*getattr(rule, "thresholds", ()), *(getattr(rule, name, 0.0) for name in ("high_above", "midpoint")))
    strange = next((each for each in thresholds if signal in rule.needs and not 0.0 <= each <= 100.0), None)
    if strange is not None:
        raise InputError(f"thresholds of {rule!r} are percentiles here, from 0 to 100; {strange:g} is none")


@dataclass(frozen=True)
class SmoothedSignal(SignalForm):
    """The rule on the mean of a signal's last ``days`` values.

    Smoothing the signal and smoothing the multiplier (the stage ``smooth`` of a shape) differ wherever the rule is no
    straight line over the window: a floor at zero or a cap clips each day on its own.

    Parameters
    ----------
    rule : OverlayRule
        What reads the mean in the place of the signal.
    days : int
        Signal dates, 1 or more.
    signal : str
        The one that is smoothed; the rule must read it.

    Examples
    --------
    >>> import pandas as pd
    >>> from hedgerow.overlays.vix_linear import VixLinear
    >>> vix = pd.Series([10.0, 20.0, 30.0], pd.date_range("2024-01-01", periods=3))
    >>> SmoothedSignal(VixLinear(10, 15), days=2).multiplier(Signals.of({"vix": vix})).round(4).tolist()
    [nan, 0.3333, 1.0]
    """

    rule: OverlayRule
    days: int = 5
    signal: str = "vix"

    def __post_init__(self) -> None:
        """Refuse a rule that does not read the signal."""
        require_name("SmoothedSignal", "signal", self.signal)
        require_rule("SmoothedSignal", self.rule, self.signal)
        require_rows("SmoothedSignal", "days", self.days)

    @property
    def rows(self) -> int:
        """The days."""
        return int(self.days)

    def figures(self, values: FloatArray) -> FloatArray:
        """Return the mean of each window."""
        return over_windows(values, self.days, means)


def warm_up_after(rule: OverlayRule, late: Mapping[str, int]) -> int:
    """Return the rows before a rule's first multiplier where some signals begin ``late`` by so many rows."""
    if isinstance(rule, Pair):
        return max(warm_up_after(rule.left, late), warm_up_after(rule.right, late))
    if isinstance(rule, SignalForm):
        later = late.get(rule.signal, 0) + rule.rows - 1
        return warm_up_after(rule.rule, {**late, rule.signal: later})
    return rule.warm_up + max((late.get(name, 0) for name in rule.needs), default=0)
