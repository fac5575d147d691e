"""The multiplier that follows the odds of a crash regime, learned from the past alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import DataError, InputError, did_you_mean
from hedgerow.kernels.compile import share_out
from hedgerow.market.dates import written
from hedgerow.overlays.base import OverlayRule
from hedgerow.overlays.checks import require_name, require_rows
from hedgerow.overlays.regime_model import FEWEST_ROWS, RegimeModel, regime_values
from hedgerow.overlays.signals import Signals

PERIODS = {"yearly": ("Y", 366), "quarterly": ("Q", 92), "monthly": ("M", 31)}
"""Period of the calendar, and most days in it, by the word for it."""


@dataclass(frozen=True)
class FittedCrashIntensity(OverlayRule):
    """``P(high tomorrow) / P(high in the long run)`` of a :class:`RegimeModel` fitted to what had been seen.

    The first fit uses the first ``minimum_rows`` values. From then on the last ``window`` values are fitted anew at the
    first close of each year, or as ``refit_every`` says, all values so far where there are fewer. Between fits the
    chance of the high state is filtered day by day through those values and the later ones with the last fit's
    parameters.

    Parameters
    ----------
    signal : str
        A volatility index, or a price with ``reads="returns"``.
    reads : {"log_level", "returns"}
        Fit the logarithm of the signal (the state of the higher mean is high) or its log returns (the state of the
        larger deviation is high).
    minimum_rows : int
        Values of the first fit, at least 100.
    refit_every : {"yearly", "quarterly", "monthly"} or int
        Fits at the first date of each such period of the calendar, or every so many rows counted from the first fit.
    window : int, optional
        Values of a fit, at least ``minimum_rows``: 1,512 are six years. None fits all values so far.

    Notes
    -----
    A fit whose regimes cannot be told apart is not used: the one before stays, and :meth:`models` tells. Each fit reads
    its values and nothing else, no earlier fit either.

    What the rule says depends on where its record begins until the window is full and the next fit is made:
    ``memory``, 1,877 rows with the defaults, after which the drift is 0. Before, it is large: on the VIX of 1990 to
    2016 the multiplier moves by more than itself when the signals begin 999 rows before it. With ``window=None`` or
    fits counted in rows it never ends for sure. Other dates of fits, or a prior on the chances to change state, do not
    mend that: what differs between one decade and the next is where the two states lie. A shorter window forgets
    sooner and is less sure of its chances. The page on volatility overlays has the tables;
    :class:`FilteredCrashIntensity` takes parameters that are given.

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
    refit_every: int | Literal["yearly", "quarterly", "monthly"] = "yearly"
    window: int | None = 1512

    def __post_init__(self) -> None:
        """Refuse too few rows."""
        require_name("FittedCrashIntensity", "signal", self.signal)
        require_rows("FittedCrashIntensity", "minimum_rows", self.minimum_rows, FEWEST_ROWS)
        if isinstance(self.refit_every, str):
            if self.refit_every not in PERIODS:
                hint = did_you_mean(self.refit_every, PERIODS)
                raise InputError(
                    "refit_every of FittedCrashIntensity must be yearly, quarterly, monthly or a number of rows, not "
                    f"{self.refit_every!r}{hint}"
                )
        else:
            require_rows("FittedCrashIntensity", "refit_every", self.refit_every)
        if self.window is not None:
            require_rows("FittedCrashIntensity", "window", self.window, self.minimum_rows)
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

    @property
    def memory(self) -> int | None:
        """Rows from which on the window is full at the last fit, on daily dates; None where they are never enough.

        A fit that is not used makes it longer.
        """
        if self.window is None or not isinstance(self.refit_every, str):
            return None
        return self.window + PERIODS[self.refit_every][1] - 1 + (self.reads == "returns")

    def multiplier(self, signals: Signals) -> FloatArray:
        """Return the multiplier at the close of each date, shape (n_dates,).

        Raises
        ------
        DataError
            Where the values of the first fit do not tell two regimes apart.
        """
        values, late = regime_values(signals, self.signal, self.reads)
        column = np.full(len(signals), np.nan)
        usable: RegimeModel | None = None
        due = self._due(signals, len(values), late)
        ends = [*due[1:], len(values) + 1][: len(due)]
        for rows, end, model in zip(due, ends, self._fits(values, due), strict=True):
            if model.converged:
                usable = model
            elif usable is None:
                raise DataError(
                    f"the first {rows} values of {self.signal!r}, to {written(signals.dates[rows - 1 + late])}, do not "
                    f"tell two regimes apart ({model.reason}); raise minimum_rows or use CrashIntensity"
                )
            first = self._first(rows)
            column[rows - 1 + late : end - 1 + late] = usable.intensity(values[first : end - 1])[rows - 1 - first :]
        return column

    def models(self, signals: Signals) -> dict[str, RegimeModel]:
        """Return every fit by the date (ISO) from whose close it is used; ``converged`` says whether it is."""
        values, late = regime_values(signals, self.signal, self.reads)
        due = self._due(signals, len(values), late)
        fits = zip(due, self._fits(values, due), strict=True)
        return {written(signals.dates[rows - 1 + late]): model for rows, model in fits}

    def _due(self, signals: Signals, n_values: int, late: int) -> list[int]:
        """Return the number of values known at each fit, ascending."""
        if isinstance(self.refit_every, int | np.integer):
            return list(range(self.minimum_rows, n_values + 1, int(self.refit_every)))
        stamps = signals.dates if signals.dates.tz is None else signals.dates.tz_localize(None)
        period = stamps[late:].to_period(PERIODS[self.refit_every][0]).asi8
        begins = np.flatnonzero(np.diff(period)) + 2
        first = [int(self.minimum_rows)] if n_values >= self.minimum_rows else []
        return [*first, *(int(rows) for rows in begins if rows > self.minimum_rows)]

    def _fits(self, values: FloatArray, due: Sequence[int]) -> list[RegimeModel]:
        """Return the fit to the values known at each; no fit needs another, so that all cores work on them."""
        high: Literal["mean", "deviation"] = "mean" if self.reads == "log_level" else "deviation"
        return share_out(lambda number: RegimeModel.fit(values[self._first(due[number]) : due[number]], high), len(due))

    def _first(self, rows: int) -> int:
        """Return where the window of so many values begins."""
        return 0 if self.window is None else max(0, rows - self.window)
