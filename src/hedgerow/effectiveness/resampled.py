"""Risk figures of many resamples at once, without storing the resamples.

A resample is a multiset of rows. Every figure but the drawdown depends only on how often each row was drawn, so it
comes from a matrix of counts; the drawdown depends on the order too and is taken draw by draw. Memory stays below
about 50 MB whatever the number of draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.effectiveness.measures import quantile_place

_COUNTS_BYTES = 16_000_000


def resampled_figures(
    series: FloatArray, rows: Iterator[IntArray], draws: int, metrics: Sequence[str], level: float
) -> dict[str, FloatArray]:
    """Return metric -> (draws, n_series) figures of every series under the same draws.

    Parameters
    ----------
    series : ndarray of shape (n_series, n)
        Changes; all series are read at the same drawn rows.
    rows : iterator of ndarray of shape (n,)
        Drawn row numbers, at least ``draws`` of them.
    metrics : sequence of str
        Names in :data:`hedgerow.effectiveness.METRICS`, and ``mean``.
    """
    series = np.ascontiguousarray(series)
    count, n = series.shape
    figures = {metric: np.empty((draws, count)) for metric in metrics}
    by_counts = _count_figures(series, metrics, level)
    size = max(1, min(draws, _COUNTS_BYTES // (8 * n)))
    counts = np.empty((size, n))
    work, peak = np.empty(n), np.empty(n)
    for start in range(0, draws, size):
        stop = min(start + size, draws)
        for draw in range(start, stop):
            drawn = next(rows)
            counts[draw - start] = np.bincount(drawn, minlength=n)
            if "max_drawdown" in figures:
                figures["max_drawdown"][draw] = _drawdowns(series, drawn, work, peak)
        for fill in by_counts:
            for metric, values in fill(counts[: stop - start]).items():
                if metric in figures:
                    figures[metric][start:stop] = values
    return figures


def _drawdowns(series: FloatArray, drawn: IntArray, work: FloatArray, peak: FloatArray) -> FloatArray:
    """Return the largest drawdown of each series read at the drawn rows; one at a time, in the work arrays given."""
    found = np.empty(len(series))
    for number, one in enumerate(series):
        # "clip" never clips here; it spares the copy that "raise" makes of the output
        np.take(one, drawn, out=work, mode="clip")
        np.cumsum(work, out=work)
        np.maximum.accumulate(work, out=peak)
        np.maximum(peak, 0.0, out=peak)
        np.subtract(peak, work, out=peak)
        found[number] = peak.max()
    return found


_Fill = Callable[[FloatArray], dict[str, FloatArray]]


def _count_figures(series: FloatArray, metrics: Sequence[str], level: float) -> list[_Fill]:
    fills: list[_Fill] = []
    if {"variance", "mean"} & set(metrics):
        fills.append(_moments(series))
    if "semivariance" in metrics:
        downside = np.minimum(series, 0.0) ** 2
        fills.append(lambda counts: {"semivariance": _weighted(counts, downside) / series.shape[1]})
    if {"value_at_risk", "cvar"} & set(metrics):
        tails = [_Tail(values, level) for values in series]
        fills.append(lambda counts: _tails(tails, counts))
    return fills


def _weighted(counts: FloatArray, values: FloatArray) -> FloatArray:
    # einsum, not a matrix product: BLAS gives other last digits for another number of threads
    return np.asarray(np.einsum("dn,kn->dk", counts, values))


def _moments(series: FloatArray) -> _Fill:
    n = series.shape[1]
    centre = series.mean(axis=1)
    deviations = series - centre[:, None]
    squares = deviations**2

    def fill(counts: FloatArray) -> dict[str, FloatArray]:
        shift = _weighted(counts, deviations)
        spread = (_weighted(counts, squares) - shift**2 / n) / (n - 1)
        return {"mean": centre + shift / n, "variance": np.maximum(spread, 0.0)}

    return fill


def _tails(tails: Sequence[_Tail], counts: FloatArray) -> dict[str, FloatArray]:
    pairs = [tail.figures(counts) for tail in tails]
    return {
        "value_at_risk": np.stack([value for value, _ in pairs], axis=1),
        "cvar": np.stack([mean for _, mean in pairs], axis=1),
    }


class _Tail:
    """VaR and CVaR of one series from counts: only the lowest rows are read, more of them when a draw asks."""

    def __init__(self, values: FloatArray, level: float) -> None:
        self.order = np.argsort(values, kind="stable")
        self.ordered = values[self.order]
        self.rank, self.weight = quantile_place(len(values), level)
        # ties with the quantile belong to the tail: where the run of equal values ends
        self.run_end = np.searchsorted(self.ordered, self.ordered, side="right") - 1

    def figures(self, counts: FloatArray) -> tuple[FloatArray, FloatArray]:
        width = min(len(self.order), 2 * (self.rank + 2) + 64)
        while True:
            drawn = np.take(counts, self.order[:width], axis=1)
            total = np.cumsum(drawn, axis=1)
            lowest = (total < self.rank + 1).sum(axis=1)
            following = (total < self.rank + 2).sum(axis=1)
            last = self.run_end[np.minimum(lowest, len(self.order) - 1)]
            if width == len(self.order) or max(int(following.max()), int(last.max())) < width:
                break
            width = min(2 * width, len(self.order))
        following = np.minimum(following, len(self.order) - 1)
        here = np.arange(len(counts))
        below, above = self.ordered[lowest], self.ordered[following]
        losses = np.cumsum(drawn * self.ordered[:width], axis=1)[here, last] / total[here, last]
        return -(below + self.weight * (above - below)), -losses
