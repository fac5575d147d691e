"""Statistics of paths that come in batches: moments that merge, and a sketch of quantiles of stated error.

Batches are merged in their own order, whatever worker made them, so that a figure does not depend on who worked.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from hedgerow._types import FloatArray, IntArray


@dataclass(frozen=True)
class Moments:
    """Count, mean and central sums of one figure over paths.

    Attributes
    ----------
    count : int
    mean : float
    second, third, fourth : float
        Sums of powers of the deviations from the mean.
    low, high : float
        Smallest and largest value.
    """

    count: int
    mean: float
    second: float
    third: float
    fourth: float
    low: float
    high: float

    @classmethod
    def of(cls, values: FloatArray) -> Moments:
        """Return the moments of an array (n,)."""
        low, high = float(values.min()), float(values.max())
        if low == high:
            return cls(len(values), low, 0.0, 0.0, 0.0, low, high)
        mean = float(values.mean())
        off = values - mean
        square = off * off
        second = float(square.sum())
        off *= square  # in place: fresh memory would take longer than the sums
        square *= square
        return cls(len(values), mean, second, float(off.sum()), float(square.sum()), low, high)

    def merged(self, other: Moments) -> Moments:
        """Return the moments of both together (Pebay 2008, pairwise update)."""
        a, b = float(self.count), float(other.count)
        n = a + b
        d = other.mean - self.mean
        second = self.second + other.second + d * d * a * b / n
        third = self.third + other.third + d**3 * a * b * (a - b) / n**2
        third += 3.0 * d * (a * other.second - b * self.second) / n
        fourth = self.fourth + other.fourth + d**4 * a * b * (a * a - a * b + b * b) / n**3
        fourth += 6.0 * d * d * (a * a * other.second + b * b * self.second) / n**2
        fourth += 4.0 * d * (a * other.third - b * self.third) / n
        low, high = min(self.low, other.low), max(self.high, other.high)
        return Moments(self.count + other.count, self.mean + d * b / n, second, third, fourth, low, high)

    @property
    def standard_deviation(self) -> float:
        """Sample standard deviation (n - 1); 0 for one path."""
        return float(np.sqrt(self.second / (self.count - 1))) if self.count > 1 else 0.0

    @property
    def error_of_mean(self) -> float:
        """Standard error of the mean; NaN for one path, where nothing is known of it."""
        return self.standard_deviation / float(np.sqrt(self.count)) if self.count > 1 else float("nan")

    @property
    def error_of_deviation(self) -> float:
        """Standard error of the standard deviation, from the fourth moment (delta method)."""
        deviation = self.standard_deviation
        if self.count < 2 or deviation == 0.0:
            return float("nan") if self.count < 2 else 0.0
        variance = self.second / self.count
        spread = max(self.fourth / self.count - variance * variance, 0.0)
        return float(np.sqrt(spread / self.count) / (2.0 * deviation))


ACCURACY = 1e-3
"""Relative error of a quantile from the sketch."""
_LOG_RATIO = float(np.log((1.0 + ACCURACY) / (1.0 - ACCURACY)))
_SMALLEST = 1e-12


@dataclass(frozen=True)
class Sketch:
    """How often a figure fell into bins whose width is a fixed share of its size, after DDSketch (Masson et al. 2019).

    Counts are whole numbers and so do not depend on the order of merging. A quantile is right to 0.1 % of its own size;
    values smaller than 1e-12 in size count as zero.

    Attributes
    ----------
    counts, sums : mapping of int to number
        By bin: how many, and their sum. Bin 0 is zero; bin k > 0 holds positive values, bin -k their mirror image.
    """

    bins: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    counts: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    sums: FloatArray = field(default_factory=lambda: np.zeros(0))

    @classmethod
    def of(cls, values: FloatArray) -> Sketch:
        """Return the sketch of an array (n,)."""
        size = np.maximum(np.abs(values), _SMALLEST)
        place = np.ceil(np.log(size / _SMALLEST) / _LOG_RATIO).astype(np.int64)
        signed = np.where(values < 0.0, -place, place)
        bins, where, counts = np.unique(signed, return_inverse=True, return_counts=True)
        return cls(
            bins, counts.astype(np.int64), np.bincount(where, weights=values, minlength=len(bins)).astype(np.float64)
        )

    def merged(self, other: Sketch) -> Sketch:
        """Return the sketch of both together."""
        bins = np.union1d(self.bins, other.bins)
        counts, sums = np.zeros(len(bins), dtype=np.int64), np.zeros(len(bins))
        for each in (self, other):
            places = np.searchsorted(bins, each.bins)
            counts[places] += each.counts
            sums[places] += each.sums
        return Sketch(bins, counts, sums)

    def quantile(self, share: float) -> float:
        """Return the value below which ``share`` of the paths lie, to 0.1 % of its size."""
        rank = share * (float(self.counts.sum()) - 1.0)
        bin_ = int(self.bins[np.searchsorted(np.cumsum(self.counts), rank, side="right")])
        if bin_ == 0:
            return 0.0
        edge = _SMALLEST * float(np.exp(abs(bin_) * _LOG_RATIO))
        return float(np.sign(bin_)) * edge * (1.0 - ACCURACY)

    def mean_below(self, share: float) -> float:
        """Return the mean of the lowest ``share`` of the paths: whole bins, and the last one in part."""
        wanted = share * float(self.counts.sum())
        before = np.concatenate([[0.0], np.cumsum(self.counts)[:-1]])
        taken = np.clip(wanted - before, 0.0, self.counts)
        return float((self.sums * taken / self.counts).sum() / wanted)


def error_of(influence: FloatArray, *, mirrored: bool = False) -> float:
    """Return the standard error of a figure from the influence of each path on it, (n,).

    Mirrored paths 2k and 2k + 1 share their draws and count as one; NaN where that leaves fewer than two.
    """
    if mirrored:
        whole = len(influence) // 2 * 2
        pairs = 0.5 * (influence[0:whole:2] + influence[1:whole:2])
        influence = np.append(pairs, influence[whole:])
    if len(influence) < 2:
        return float("nan")
    return float(influence.std(ddof=1) / np.sqrt(len(influence)))


def tail_figures(pnl: FloatArray, level: float = 0.95, *, mirrored: bool = False) -> dict[str, tuple[float, float]]:
    """Return value at risk and CVaR of a sample, losses positive, each with its standard error.

    Parameters
    ----------
    pnl : ndarray (n,)
    level : float
        Share of the paths that do better.
    mirrored : bool
        Whether paths 2k and 2k + 1 share their draws.

    Returns
    -------
    dict of str to (value, standard error)
        The error of the quantile from the order statistics one standard error of the rank away, that of CVaR from its
        influence function (Trindade et al. 2007).
    """
    losses = np.sort(-pnl)
    n = len(losses)
    rank = level * (n - 1)
    at_risk = float(np.interp(rank, np.arange(n), losses))
    beyond = np.maximum(-pnl - at_risk, 0.0) / (1.0 - level)
    cvar = at_risk + float(beyond.mean())
    step = n * error_of((-pnl > at_risk).astype(float), mirrored=mirrored)
    if not np.isfinite(step):
        return {"value at risk": (at_risk, float("nan")), "cvar": (cvar, float("nan"))}
    around = np.interp([rank - step, rank + step], np.arange(n), losses)
    error = error_of(beyond, mirrored=mirrored)
    return {"value at risk": (at_risk, float(around[1] - around[0]) / 2.0), "cvar": (cvar, error)}
