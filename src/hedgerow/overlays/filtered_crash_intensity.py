"""The multiplier that follows the odds of a crash regime whose parameters are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.overlays.base import OverlayRule
from hedgerow.overlays.checks import require_name, require_number
from hedgerow.overlays.regime_model import RegimeModel, regime_values
from hedgerow.overlays.signals import Signals
from hedgerow.overlays.two_states import TwoStateChain


@dataclass(frozen=True)
class FilteredCrashIntensity(OverlayRule):
    """``P(high tomorrow) / P(high in the long run)`` of a :class:`RegimeModel` with parameters that are given.

    The chance of the high state is filtered day by day from the first date on; nothing is fitted.

    Parameters
    ----------
    p_low_high, p_high_low : float
        Chance per day to leave the low state and to leave the high state, above 0 and at most 1.
    means, deviations : tuple of float
        Of the low and of the high state: of the logarithm of the signal, or of its log returns.
    signal : str
        A volatility index, or a price with ``reads="returns"``.
    reads : {"log_level", "returns"}
        What the means and deviations are of.

    Notes
    -----
    The defaults are a fit to the VIX of 1990 to 2016: on those years they have seen what they decide. Fit others by
    :meth:`RegimeModel.fit` to years before the ones that are judged; :meth:`of` takes them.

    The filter forgets its start as fast as the signal tells the states apart: on the VIX of 1990 to 2016 its start
    changed no digit from 199 rows on, though no number of rows makes sure of that.

    Examples
    --------
    >>> import pandas as pd
    >>> vix = pd.Series([12.0, 14.0, 40.0, 45.0], pd.date_range("2024-01-01", periods=4))
    >>> FilteredCrashIntensity().multiplier(Signals.of({"vix": vix})).round(2).tolist()
    [0.05, 0.02, 2.06, 2.06]
    """

    p_low_high: float = 0.007
    p_high_low: float = 0.0075
    means: tuple[float, float] = (2.65, 3.20)
    deviations: tuple[float, float] = (0.155, 0.25)
    signal: str = "vix"
    reads: Literal["log_level", "returns"] = "log_level"

    def __post_init__(self) -> None:
        """Refuse a chain that stays in a state for ever, and states that are none."""
        owner = "FilteredCrashIntensity"
        require_number(owner, "p_low_high", self.p_low_high, above=0.0, most=1.0, hint="0.05 for 5 % a day")
        require_number(owner, "p_high_low", self.p_high_low, above=0.0, most=1.0, hint="0.15 for 15 % a day")
        for name, above in (("means", -np.inf), ("deviations", 0.0)):
            pair = getattr(self, name)
            if isinstance(pair, str) or not hasattr(pair, "__len__") or len(pair) != 2:
                raise InputError(f"{name} of {owner} must be two numbers, low state first, not {pair!r}")
            object.__setattr__(self, name, tuple(pair))
            for number in pair:
                require_number(owner, f"each of {name}", number, above=above)
        require_name(owner, "signal", self.signal)
        if self.reads not in ("log_level", "returns"):
            raise InputError(f"reads of {owner} must be 'log_level' or 'returns', not {self.reads!r}")

    @classmethod
    def of(
        cls, model: RegimeModel, signal: str = "vix", reads: Literal["log_level", "returns"] = "log_level"
    ) -> FilteredCrashIntensity:
        """Return the rule with the parameters of a fitted model."""
        chain, means = model.chain, (model.low_mean, model.high_mean)
        deviations = (model.low_deviation, model.high_deviation)
        return cls(chain.p_low_high, chain.p_high_low, means, deviations, signal, reads)

    @property
    def needs(self) -> tuple[str, ...]:
        """The signal."""
        return (self.signal,)

    @property
    def warm_up(self) -> int:
        """None for a level, one row for a return."""
        return int(self.reads == "returns")

    @property
    def memory(self) -> int | None:
        """None: the filter forgets fast, and after no stated number of rows for sure."""
        return None

    @property
    def model(self) -> RegimeModel:
        """The regimes."""
        return RegimeModel(TwoStateChain(self.p_low_high, self.p_high_low), *self.means, *self.deviations)

    def multiplier(self, signals: Signals) -> FloatArray:
        """Return the multiplier at the close of each date, shape (n_dates,)."""
        values, late = regime_values(signals, self.signal, self.reads)
        column = np.full(len(signals), np.nan)
        column[late:] = self.model.intensity(values)
        return column
