"""The multiplier that follows the odds of a crash regime, learned from the past alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import DataError, InputError
from hedgerow.market.dates import written
from hedgerow.overlays.base import OverlayRule
from hedgerow.overlays.checks import log_returns, refuse_rows, require_name, require_rows
from hedgerow.overlays.regime_model import FEWEST_ROWS, RegimeModel
from hedgerow.overlays.signals import Signals


@dataclass(frozen=True)
class FittedCrashIntensity(OverlayRule):
    """``P(high tomorrow) / P(high in the long run)`` of a :class:`RegimeModel` fitted to what had been seen.

    The first fit uses the first ``minimum_rows`` values, and every ``refit_every`` rows all values up to there are
    fitted anew. Between fits the chance of the high state is filtered day by day with the last fit's parameters.

    Parameters
    ----------
    signal : str
        A volatility index, or a price with ``reads="returns"``.
    reads : {"log_level", "returns"}
        Fit the logarithm of the signal (the state of the higher mean is high) or its log returns (the state of the
        larger deviation is high).
    minimum_rows : int
        Values of the first fit, at least 100.
    refit_every : int
        Rows between fits; 252 is a year.

    Notes
    -----
    A fit whose regimes cannot be told apart is not used: the one before stays, and :meth:`models` tells. Each fit
    takes 10 to 40 ms, so that 36 years with a fit a year take about a second; the other rules take a few ms.

    Every fit remembers the first row, and refits are counted from it: begun later, the rule decides otherwise for good.
    :func:`hedgerow.compare.overlay_warm_up_drift` says by how much.

    Examples
    --------
    >>> import pandas as pd
    >>> rng = np.random.default_rng(0)
    >>> log_vix = np.repeat([2.6, 3.5, 2.6, 3.5], 50) + 0.1 * rng.standard_normal(200)
    >>> known = Signals.of({"vix": pd.Series(np.exp(log_vix), pd.bdate_range("2024-01-01", periods=200))})
    >>> rule = FittedCrashIntensity(minimum_rows=120)
    >>> rule.multiplier(known)[[118, 125, 195]].round(1).tolist()
    [nan, 0.0, 3.4]
    """

    signal: str = "vix"
    reads: Literal["log_level", "returns"] = "log_level"
    minimum_rows: int = 500
    refit_every: int = 252

    def __post_init__(self) -> None:
        """Refuse too few rows."""
        require_name("FittedCrashIntensity", "signal", self.signal)
        require_rows("FittedCrashIntensity", "minimum_rows", self.minimum_rows, FEWEST_ROWS)
        require_rows("FittedCrashIntensity", "refit_every", self.refit_every)
        if self.reads not in ("log_level", "returns"):
            raise InputError(f"reads of FittedCrashIntensity must be 'log_level' or 'returns', not {self.reads!r}")

    @property
    def needs(self) -> tuple[str, ...]:
        """The signal."""
        return (self.signal,)

    @property
    def warm_up(self) -> int:
        """Rows before the last of those that the first fit uses."""
        return int(self.minimum_rows) - (self.reads == "log_level")

    def multiplier(self, signals: Signals) -> FloatArray:
        """Return the multiplier at the close of each date, shape (n_dates,).

        Raises
        ------
        DataError
            Where the values of the first fit do not tell two regimes apart.
        """
        values, late = self._values(signals)
        column = np.full(len(signals), np.nan)
        usable: RegimeModel | None = None
        for rows, model in self._fits(values):
            if model.converged:
                usable = model
            elif usable is None:
                raise DataError(
                    f"the first {rows} values of {self.signal!r}, to {written(signals.dates[rows - 1 + late])}, do not "
                    f"tell two regimes apart ({model.reason}); raise minimum_rows or use CrashIntensity"
                )
            last = min(rows - 1 + self.refit_every, len(values))
            column[rows - 1 + late : last + late] = usable.intensity(values[:last])[rows - 1 :]
        return column

    def models(self, signals: Signals) -> dict[str, RegimeModel]:
        """Return every fit by the date (ISO) from whose close it is used; ``converged`` says whether it is."""
        values, late = self._values(signals)
        return {written(signals.dates[rows - 1 + late]): model for rows, model in self._fits(values)}

    def _fits(self, values: FloatArray) -> Iterator[tuple[int, RegimeModel]]:
        """Yield each fit with the number of values it uses."""
        high: Literal["mean", "deviation"] = "mean" if self.reads == "log_level" else "deviation"
        for rows in range(self.minimum_rows, len(values) + 1, self.refit_every):
            yield rows, RegimeModel.fit(values[:rows], high)

    def _values(self, signals: Signals) -> tuple[FloatArray, int]:
        """Return what is fitted, from its first known value on, and the row of the signals on which it begins."""
        if self.reads == "returns":
            values = log_returns(signals, self.signal)
        else:
            level = signals[self.signal]
            refuse_rows(level <= 0.0, signals, self.signal, level, "a logarithm needs values above 0: correct it")
            values = np.log(level)
        unknown = int(np.count_nonzero(np.isnan(values)))
        return values[unknown:], unknown + (self.reads == "returns")
