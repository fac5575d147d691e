"""How much past an overlay rule needs: what it decides when its signals begin only so many rows before.

A rule decides with nothing but its last ``memory`` rows: windows, and today's row. From there on the drift is 0. Three
rules have no memory that ends, or end it late:

* :class:`~hedgerow.overlays.DrawdownTriggered` measures from the peak since its signals began: the drift is 0 once the
  window holds the last peak;
* :class:`~hedgerow.overlays.FilteredCrashIntensity` forgets where it began as fast as its signal tells
  the states apart;
* :class:`~hedgerow.overlays.FittedCrashIntensity` forgets what lies before its window at the first fit at which that is
  full, 1,877 rows with the defaults; before, and for ever where it fits all rows, the drift is large.

Stages of a shape remember too: what is held by ``persist`` and ``threshold`` depends on when it was last replaced.

>>> from hedgerow.overlays import RealisedVolatility
>>> days = pd.bdate_range("2020-01-01", periods=600)
>>> moves = 0.01 * np.random.default_rng(0).normal(size=600)
>>> signals = Signals.of({"price": pd.Series(100.0 * np.exp(np.cumsum(moves)), days)})
>>> overlay_warm_up_drift(RealisedVolatility(0.15, 20), signals, windows=(10, 199, 399))["drift"].tolist()
[nan, 0.0, 0.0]
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from hedgerow.compare.look_ahead.warm_up import WINDOWS
from hedgerow.errors import DataError, InputError
from hedgerow.overlays import OverlayRule, Shape, Signals, shaped

ENDS = 5
"""Dates at which the rule is asked again with less past."""


def overlay_warm_up_drift(
    rule: OverlayRule,
    signals: Signals,
    shape: Shape | None = None,
    windows: Sequence[int] = WINDOWS,
    ends: int = ENDS,
) -> pd.DataFrame:
    """Return how far a multiplier moves when the signals begin only so many rows before it instead of at the start.

    Parameters
    ----------
    rule : OverlayRule
    signals : Signals
    shape : Shape, optional
        Its stages before the budget.
    windows : sequence of int
        Rows of past to try, today's included; those that are not there are left out.
    ends : int
        Dates at which the rule is asked again: the last one, and others at equal distances back to the longest window.

    Returns
    -------
    pandas.DataFrame
        Index ``rows``: ``drift`` (largest absolute change of the multiplier over the dates asked; NaN where it is
        undefined with so few rows), ``relative`` (that change as a share of the multiplier with all rows, or of 1 where
        that is below 1), ``asked`` (dates) and ``reason`` (why there is no drift, else "").

    Raises
    ------
    InputError
        A window below 1, none that fits into the rows, or no date to ask at.
    """
    n = len(signals)
    tried = sorted({int(window) for window in windows if window <= n})
    if not tried or tried[0] < 1:
        raise InputError(f"windows must be 1 row or more and at least one no longer than {n} rows")
    if ends < 1:
        raise InputError(f"ends must be 1 date or more, not {ends}")
    whole = shaped(rule, signals, shape).multiplier
    rows = np.unique(np.linspace(n - 1, tried[-1] - 1, ends).round().astype(int))
    rows = rows[~np.isnan(whole[rows])]
    found = {window: _drift(rule, signals, shape, whole, rows, window) for window in tried}
    columns = ["drift", "relative", "asked", "reason"]
    return pd.DataFrame.from_dict(found, orient="index", columns=columns).rename_axis("rows")


def _drift(
    rule: OverlayRule, signals: Signals, shape: Shape | None, whole: np.ndarray, rows: np.ndarray, window: int
) -> tuple[float, float, int, str]:
    moved = np.full(len(rows), np.nan)
    reason = "" if len(rows) else f"the rule is undefined on the dates asked: it warms up for {rule.warm_up} rows"
    for place, row in enumerate(rows):
        try:
            again = shaped(rule, signals.rows(slice(row + 1 - window, row + 1)), shape).multiplier[-1]
        except DataError as error:
            reason = str(error)
            continue
        moved[place] = abs(again - whole[row])
    if np.isnan(moved).any() or not len(rows):
        return np.nan, np.nan, len(rows), reason or f"{window} rows are within the warm-up of {rule.warm_up}"
    relative = moved / np.maximum(np.abs(whole[rows]), 1.0)
    return float(moved.max()), float(relative.max()), len(rows), reason
