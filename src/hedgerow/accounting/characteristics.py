"""How often a hedge that is as good as it can be passes each test: operating characteristics.

A dollar offset divides two random numbers, so a hedge with an R² of 0.95 leaves the 80-125 % corridor in every other
quarter. The table stands beside every failed offset.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray, FloatArray
from hedgerow.accounting.thresholds import AccountingThresholds
from hedgerow.errors import InputError

QUARTERS = 8
SAMPLES = (30, 60)
BLOCK = 4_000

OPERATING_CHARACTERISTICS: tuple[tuple[float, float, float, float, float], ...] = (
    (0.81, 0.279375, 0.01095, 0.587075, 0.606425),
    (0.9, 0.3777, 0.0353, 0.9786, 0.99785),
    (0.95, 0.4929, 0.08135, 0.9999, 1.0),
    (0.98, 0.6389, 0.172925, 1.0, 1.0),
    (0.99, 0.730175, 0.259375, 1.0, 1.0),
)
"""R², then the share that passes: one offset, all of eight cumulative offsets, regression on 30 rows, on 60 rows.

Made by ``operating_characteristics(r_squared, draws=40_000, seed=0)``, thresholds as by default; a test makes it anew.
"""


@dataclass(frozen=True)
class PassRates:
    """How often a true minimum-variance hedge passes, as shares of draws.

    Attributes
    ----------
    r_squared : float
        True R² of the hedge.
    one_offset : float
        The offset of one period lies inside the corridor.
    all_cumulative : float
        So do all of eight cumulative offsets.
    regression_30, regression_60 : float
        R² and slope of a regression on 30 or 60 rows pass, and the slope is significant.
    """

    r_squared: float
    one_offset: float
    all_cumulative: float
    regression_30: float
    regression_60: float


def operating_characteristics(
    r_squared: float, *, draws: int = 40_000, seed: int = 0, thresholds: AccountingThresholds | None = None
) -> PassRates:
    """Simulate how often a true minimum-variance hedge passes the tests.

    Changes of the item are standard normal and independent; the hedge held makes good the part it explains,
    ``item = -hedge + error`` with ``Var(hedge) = r_squared`` and ``Var(error) = 1 - r_squared``.

    Parameters
    ----------
    r_squared : float
        Above 0 and below 1.
    draws : int
        Simulated histories.
    seed : int
        Of numpy's default generator.
    thresholds : AccountingThresholds, optional

    Returns
    -------
    PassRates

    Raises
    ------
    InputError
        An R² outside (0, 1) or no draws.

    Examples
    --------
    >>> rates = operating_characteristics(0.95, draws=2_000)
    >>> 0.45 < rates.one_offset < 0.53, rates.regression_30 > 0.99
    (True, True)
    """
    if not 0.0 < r_squared < 1.0:
        raise InputError(f"r_squared must lie between 0 and 1, got {r_squared}")
    if draws < 1:
        raise InputError(f"draws must be 1 or more, got {draws}")
    limits = thresholds or AccountingThresholds()
    generator = np.random.default_rng(seed)
    passed = np.zeros(4)
    for start in range(0, draws, BLOCK):
        size = min(BLOCK, draws - start)
        gain = generator.standard_normal((size, max(SAMPLES))) * np.sqrt(r_squared)
        item = -gain + generator.standard_normal((size, max(SAMPLES))) * np.sqrt(1.0 - r_squared)
        single, several = _offsets_pass(gain, item, limits)
        tested = [int(_regressions_pass(gain[:, :rows], item[:, :rows], limits).sum()) for rows in SAMPLES]
        passed += [int(single.sum()), int(several.sum()), *tested]
    return PassRates(r_squared, *(float(share) for share in passed / draws))


def characteristics_table() -> pd.DataFrame:
    """Return the table that stands beside every failed dollar offset.

    Returns
    -------
    pandas.DataFrame, (5, 4)
        By true R²: shares of draws that pass, decimals.
    """
    names = [
        "one period inside",
        "all of 8 cumulative inside",
        "regression n = 30 passes",
        "regression n = 60 passes",
    ]
    rows = {f"{row[0]:.2f}": row[1:] for row in OPERATING_CHARACTERISTICS}
    return pd.DataFrame.from_dict(rows, orient="index", columns=names).rename_axis("true R²")


def _offsets_pass(gain: FloatArray, item: FloatArray, limits: AccountingThresholds) -> tuple[BoolArray, BoolArray]:
    """Return per history whether the first offset, and whether all cumulative ones of eight periods, lie inside."""
    with np.errstate(divide="ignore", invalid="ignore"):
        single = -gain[:, 0] / item[:, 0]
        running = -np.cumsum(gain[:, :QUARTERS], axis=1) / np.cumsum(item[:, :QUARTERS], axis=1)
    low, high = limits.corridor_low, limits.corridor_high
    inside = ((running >= low) & (running <= high)).all(axis=1)
    return (single >= low) & (single <= high), np.asarray(inside)


def _regressions_pass(gain: FloatArray, item: FloatArray, limits: AccountingThresholds) -> BoolArray:
    """Return per history whether slope, R² and significance of the item on the hedge pass."""
    from scipy.stats import t as student

    rows = gain.shape[1]
    x, y = gain - gain.mean(axis=1, keepdims=True), item - item.mean(axis=1, keepdims=True)
    square, shared, total = (x * x).sum(axis=1), (x * y).sum(axis=1), (y * y).sum(axis=1)
    slope, fit = shared / square, shared**2 / (square * total)
    least = float(student.isf(limits.significance / 2.0, rows - 2))
    significant = fit * (rows - 2) >= least**2 * (1.0 - fit)
    inside = (-slope >= limits.slope_low) & (-slope <= limits.slope_high)
    return np.asarray(inside & (fit >= limits.r_squared) & significant)
