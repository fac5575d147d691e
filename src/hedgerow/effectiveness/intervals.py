"""Confidence intervals of reductions by the stationary bootstrap, all methods under the same draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.effectiveness.changes import checked_pair, checked_share
from hedgerow.effectiveness.reductions import METRICS, checked_metric, checked_risk_aversion
from hedgerow.effectiveness.resampled import resampled_figures
from hedgerow.effectiveness.resampling import MINIMUM_ROWS, choose_block_length, stationary_rows
from hedgerow.errors import InputError


@dataclass(frozen=True)
class BootstrapOptions:
    """How intervals are drawn.

    Parameters
    ----------
    confidence : float
        Share of the draws inside the interval, between 0 and 1.
    draws : int
        Number of resamples, at least 100: fewer leave no tail to read the ends from.
    seed : int
        Seed of the numpy generator; the same seed gives the same interval.
    block_length : float, optional
        Mean block length in rows, at least 1; chosen from the data when left out
        (:func:`hedgerow.effectiveness.choose_block_length`).
    level : float
        Level of VaR and CVaR.
    """

    confidence: float = 0.95
    draws: int = 1000
    seed: int = 0
    block_length: float | None = None
    level: float = 0.95

    def __post_init__(self) -> None:
        checked_share(self.confidence, "confidence")
        checked_share(self.level, "level")
        if self.draws < 100:
            raise InputError(f"draws must be at least 100, got {self.draws}; 1000 is the default.")
        if self.seed < 0:
            raise InputError(f"seed must be 0 or more, got {self.seed}.")
        if self.block_length is not None and not 1.0 <= self.block_length < float("inf"):
            raise InputError(f"block_length must be at least 1 row, got {self.block_length}.")


@dataclass(frozen=True)
class Intervals:
    """Ends of the percentile intervals: metric -> (m,) arrays, one entry per method; NaN where undefined."""

    block_length: float
    low: Mapping[str, FloatArray]
    high: Mapping[str, FloatArray]


@dataclass(frozen=True)
class Differences:
    """Interval of ``reduction_j - reduction_reference`` per method j, shape (m,); 0 at the reference itself.

    ``low[j] > 0`` reads: method j beats the reference beyond the noise of this sample.
    """

    metric: str
    reference: int
    block_length: float
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True)
class ReductionDraws:
    """Reductions under every draw: metric -> (draws, m). Made once, read for intervals and for differences."""

    block_length: float
    confidence: float
    reductions: Mapping[str, FloatArray]

    def intervals(self) -> Intervals:
        """Return the percentile interval of each metric and method."""
        ends = {metric: percentile_interval(values, self.confidence) for metric, values in self.reductions.items()}
        low = {metric: pair[0] for metric, pair in ends.items()}
        high = {metric: pair[1] for metric, pair in ends.items()}
        return Intervals(self.block_length, MappingProxyType(low), MappingProxyType(high))

    def differences(self, reference: int, metric: str = "variance") -> Differences:
        """Return the interval of each method's reduction less the reference's, draw by draw."""
        values = self.reductions[checked_metric(metric)]
        if not 0 <= reference < values.shape[1]:
            raise InputError(f"reference must be a column from 0 to {values.shape[1] - 1}, got {reference}.")
        low, high = percentile_interval(values - values[:, [reference]], self.confidence)
        return Differences(metric, reference, self.block_length, low, high)


def draw_reductions(
    unhedged: ArrayLike,
    hedged: ArrayLike,
    *,
    metrics: Sequence[str] = METRICS,
    options: BootstrapOptions | None = None,
) -> ReductionDraws:
    """Resample rows once for all methods and metrics and return every reduction under every draw.

    Parameters
    ----------
    unhedged : array_like of shape (n,)
        Changes without a hedge.
    hedged : array_like of shape (n, m)
        Changes with each of m hedges over the same rows.
    metrics : sequence of str
        Names in :data:`hedgerow.effectiveness.METRICS`.
    options : BootstrapOptions, optional
        Confidence, draws, seed, block length, level of the tail.

    Returns
    -------
    ReductionDraws
        NaN throughout, with a NaN block length, below 20 rows.

    Notes
    -----
    Premise: changes are stationary. The hedge ratios are held as they were: the draws say how much the *judgement*
    varies, not how much the estimation of the ratios does.
    """
    chosen = options or BootstrapOptions()
    names = tuple(checked_metric(metric) for metric in metrics)
    series = _series(unhedged, hedged)
    if series.shape[1] < MINIMUM_ROWS:
        nothing = {metric: np.full((chosen.draws, len(series) - 1), np.nan) for metric in names}
        return ReductionDraws(float("nan"), chosen.confidence, MappingProxyType(nothing))
    block_length, figures = _figures(series, names, chosen)
    reductions = {metric: _reductions(figures[metric]) for metric in names}
    return ReductionDraws(block_length, chosen.confidence, MappingProxyType(reductions))


def reduction_intervals(
    unhedged: ArrayLike,
    hedged: ArrayLike,
    *,
    metrics: Sequence[str] = METRICS,
    options: BootstrapOptions | None = None,
) -> Intervals:
    """Return percentile intervals of the reductions of m hedges, from a stationary bootstrap of whole rows.

    Parameters
    ----------
    unhedged : array_like of shape (n,)
        Changes without a hedge, in order of time.
    hedged : array_like of shape (n, m)
        Changes with each of m hedges over the same rows, in the same unit; all m are resampled together.
    metrics : sequence of str
        From ``variance``, ``semivariance``, ``value_at_risk``, ``cvar``, ``max_drawdown``.
    options : BootstrapOptions, optional
        Confidence, draws, seed, block length, level of the tail.

    Returns
    -------
    Intervals
        ``low`` and ``high``, each a mapping from metric to an array (m,) of decimals, and ``block_length`` in rows.
        NaN below 20 rows and where more than ``1 - confidence`` of the draws have no reduction (an unhedged figure
        that is not positive); fewer such draws are left out.

    Raises
    ------
    InputError
        An unknown metric.
    DataError
        Missing values, or different numbers of rows.

    Notes
    -----
    Premise: changes are stationary. The hedge ratios are held as they were, so the interval says how much the
    *judgement* varies and not how much the estimation of the ratios does.

    References
    ----------
    Politis, D. N. and Romano, J. P. (1994), Journal of the American Statistical Association 89, 1303-1313.

    Examples
    --------
    >>> import numpy as np
    >>> unhedged, noise = np.random.default_rng(0).standard_normal((2, 500))
    >>> hedged = 0.3 * unhedged + 0.4 * noise  # 1 - (0.09 + 0.16) = 0.75 of the variance is removed
    >>> intervals = reduction_intervals(unhedged, hedged[:, None], metrics=["variance"])
    >>> bool(intervals.low["variance"][0] < 0.75 < intervals.high["variance"][0])
    True
    """
    return draw_reductions(unhedged, hedged, metrics=metrics, options=options).intervals()


def reduction_differences(
    unhedged: ArrayLike,
    hedged: ArrayLike,
    reference: int,
    *,
    metric: str = "variance",
    options: BootstrapOptions | None = None,
) -> Differences:
    """Return the interval of each method's reduction less that of column ``reference``, under the same draws.

    Parameters
    ----------
    unhedged : array_like of shape (n,)
        Changes without a hedge, in order of time.
    hedged : array_like of shape (n, m)
        Changes with each of m hedges over the same rows, in the same unit.
    reference : int
        Column of ``hedged``, 0 to m - 1, that the others are held against.
    metric : str
        ``variance``, ``semivariance``, ``value_at_risk``, ``cvar`` or ``max_drawdown``.
    options : BootstrapOptions, optional
        Confidence, draws, seed, block length, level of the tail.

    Returns
    -------
    Differences
        ``low`` and ``high``, each (m,), in decimals: ``low[j] > 0`` reads "method j removes more than the reference,
        beyond the noise of this sample"; 0 at the reference itself, NaN below 20 rows.

    Raises
    ------
    InputError
        An unknown metric, or a reference that is no column.
    DataError
        Missing values, or different numbers of rows.

    Examples
    --------
    >>> import numpy as np
    >>> unhedged, noise = np.random.default_rng(0).standard_normal((2, 500))
    >>> hedged = np.column_stack([0.5 * unhedged, 0.1 * noise])  # 75 % and 99 % of the variance removed
    >>> bool(reduction_differences(unhedged, hedged, reference=0).low[1] > 0.0)
    True
    """
    return draw_reductions(unhedged, hedged, metrics=[metric], options=options).differences(reference, metric)


def utility_gain_interval(
    unhedged: ArrayLike, hedged: ArrayLike, risk_aversion: float, *, options: BootstrapOptions | None = None
) -> tuple[FloatArray, FloatArray]:
    """Return low and high, each (m,), of the gain in mean-variance utility per period; NaN below 20 rows."""
    checked_risk_aversion(risk_aversion)
    chosen = options or BootstrapOptions()
    series = _series(unhedged, hedged)
    if series.shape[1] < MINIMUM_ROWS:
        nothing = np.full(len(series) - 1, np.nan)
        return nothing, nothing.copy()
    _, figures = _figures(series, ("mean", "variance"), chosen)
    utility = figures["mean"] - risk_aversion / 2.0 * figures["variance"]
    return percentile_interval(utility[:, 1:] - utility[:, :1], chosen.confidence)


def _series(unhedged: ArrayLike, hedged: ArrayLike) -> FloatArray:
    before, after = checked_pair(unhedged, hedged, n_dim=2)
    return np.vstack([before[None, :], after.T])


def _figures(
    series: FloatArray, metrics: Sequence[str], options: BootstrapOptions
) -> tuple[float, dict[str, FloatArray]]:
    block_length = choose_block_length(series) if options.block_length is None else float(options.block_length)
    rows = stationary_rows(series.shape[1], block_length, options.draws, options.seed)
    return block_length, resampled_figures(series, rows, options.draws, metrics, options.level)


def _reductions(figures: FloatArray) -> FloatArray:
    base = np.where(figures[:, :1] > 0.0, figures[:, :1], np.nan)
    return np.asarray(1.0 - figures[:, 1:] / base)


def percentile_interval(values: FloatArray, confidence: float) -> tuple[FloatArray, FloatArray]:
    """Return the ends (m,) of the percentile intervals of figures under draws (draws, m).

    NaN where more than ``1 - confidence`` of the draws have no figure.
    """
    tail = (1.0 - confidence) / 2.0
    ends = np.full((2, values.shape[1]), np.nan)
    for column in range(values.shape[1]):
        defined = values[np.isfinite(values[:, column]), column]
        if len(defined) >= confidence * len(values):
            ends[:, column] = np.quantile(defined, [tail, 1.0 - tail])
    return ends[0], ends[1]
