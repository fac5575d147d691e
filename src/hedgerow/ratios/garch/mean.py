"""The mean equation under a GARCH model: nothing, a constant, or a constant and the pull of a long-run relation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.ratios.error_correction import levels_of
from hedgerow.ratios.least_squares import least_squares

MeanKind = Literal["zero", "constant", "error_correction"]
MEAN_KINDS: tuple[MeanKind, ...] = ("zero", "constant", "error_correction")


@dataclass(frozen=True, eq=False)
class MeanEquation:
    """What each series is expected to change by, given the rows before.

    With z_{t-1} = level of the exposure - long_run · levels of the hedges - long_run_intercept after row t - 1, the
    residual of row t is ``change - intercept - adjustment * z_{t-1}``. Series are the hedges, then the exposure.

    Attributes
    ----------
    kind : {"zero", "constant", "error_correction"}
    intercept : ndarray (n_series,)
        Change per row.
    adjustment : ndarray (n_series,)
        Share of the gap that each series closes per row; 0 without error correction.
    long_run : ndarray (n_hedges,)
        Slopes of the levels' regression, levels being running sums from the first row; 0 without error correction.
    long_run_intercept : float
        Its constant.
    """

    kind: MeanKind
    intercept: FloatArray
    adjustment: FloatArray
    long_run: FloatArray
    long_run_intercept: float

    def residuals(self, changes: FloatArray) -> FloatArray:
        """Return changes (n, n_series) less what was expected; rows must start where those of the fit started."""
        if self.kind != "error_correction":
            return changes - self.intercept
        levels = levels_of(changes[:, :-1], changes[:, -1])[:-1]
        # term by term: a product of matrices may round differently when more rows follow
        gap = levels[:, -1] - self.long_run_intercept
        for slope, level in zip(self.long_run, levels.T, strict=False):
            gap = gap - slope * level
        return changes - self.intercept - gap[:, None] * self.adjustment


def check_mean(kind: str) -> None:
    """Raise InputError where ``kind`` is no mean equation."""
    if kind not in MEAN_KINDS:
        raise InputError(f"mean must be one of {', '.join(MEAN_KINDS)}, not {kind!r}")


def fit_mean(changes: FloatArray, kind: MeanKind) -> MeanEquation:
    """Return the mean equation fitted by least squares to changes (n, n_series), the exposure last."""
    n_series = changes.shape[1]
    none, no_hedges = np.zeros(n_series), np.zeros(n_series - 1)
    if kind == "zero":
        return MeanEquation(kind, none, none, no_hedges, 0.0)
    if kind == "constant":
        return MeanEquation(kind, changes.mean(axis=0), none, no_hedges, 0.0)
    levels = levels_of(changes[:, :-1], changes[:, -1])
    long_run, constant, gap = least_squares(levels[:, :-1], levels[:, -1])
    fits = [least_squares(gap[:-1, None], changes[:, series]) for series in range(n_series)]
    adjustment = np.array([slopes[0] for slopes, _, _ in fits])
    return MeanEquation(kind, np.array([own for _, own, _ in fits]), adjustment, long_run, float(constant))
