"""How much of a record's figures is luck: intervals by the stationary bootstrap, all records under the same draws.

>>> import numpy as np
>>> import pandas as pd
>>> market = np.random.default_rng(0).normal(0.0004, 0.01, 500)
>>> records = pd.DataFrame({"held": market, "halved": 0.5 * market})
>>> apart = draw_performance(records).differences("held")
>>> bool(apart.high.loc["halved", "volatility"] < 0.0)  # less volatile, beyond the noise of the sample
True
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.effectiveness.annual import checked_returns, log_growth
from hedgerow.effectiveness.intervals import BootstrapOptions, percentile_interval
from hedgerow.effectiveness.performance import PerformanceOptions, checked_frame
from hedgerow.effectiveness.resampled import resampled_figures
from hedgerow.effectiveness.resampling import MINIMUM_ROWS, choose_block_length, stationary_rows
from hedgerow.errors import ColumnError, did_you_mean

FIGURES = (
    "annual_return",
    "annual_compound_return",
    "volatility",
    "sharpe",
    "sortino",
    "calmar",
    "max_drawdown",
    "value_at_risk",
    "cvar",
)
"""Figures that are drawn, named as in :class:`hedgerow.effectiveness.Performance`."""


@dataclass(frozen=True, eq=False)
class PerformanceIntervals:
    """Ends of percentile intervals, each a frame with one row per record and one column per figure.

    NaN below 20 rows, and where more than ``1 - confidence`` of the draws have no such figure.

    Attributes
    ----------
    confidence : float
        Share of the draws inside.
    block_length : float
        Mean length of the blocks, in rows.
    low, high : DataFrame (n_records, n_figures)
    """

    confidence: float
    block_length: float
    low: pd.DataFrame
    high: pd.DataFrame


@dataclass(frozen=True, eq=False)
class PerformanceDraws:
    """Figures of every record under every draw.

    Attributes
    ----------
    names : tuple
        The records, in order.
    confidence : float
        Share of the draws inside an interval.
    block_length : float
        Mean block length in rows; NaN below 20 rows.
    figures : mapping of str to ndarray of shape (draws, m)
        By the names in ``FIGURES``; without the compound return for money.
    """

    names: tuple[object, ...]
    confidence: float
    block_length: float
    figures: Mapping[str, FloatArray]

    def intervals(self) -> PerformanceIntervals:
        """Return the percentile interval of every figure."""
        return self._ends(self.figures)

    def differences(self, reference: object) -> PerformanceIntervals:
        """Return the interval of each record's figure less that of ``reference``, draw by draw; 0 for itself."""
        if reference not in self.names:
            known = [str(name) for name in self.names]
            raise ColumnError(
                f"reference must be one of the records, got {reference!r}{did_you_mean(str(reference), known)}."
            )
        column = self.names.index(reference)
        return self._ends({name: values - values[:, [column]] for name, values in self.figures.items()})

    def _ends(self, figures: Mapping[str, FloatArray]) -> PerformanceIntervals:
        ends = {name: percentile_interval(values, self.confidence) for name, values in figures.items()}
        low, high = (
            pd.DataFrame({name: pair[end] for name, pair in ends.items()}, index=pd.Index(self.names)) for end in (0, 1)
        )
        return PerformanceIntervals(self.confidence, self.block_length, low, high)


def draw_performance(
    returns: pd.DataFrame,
    options: PerformanceOptions | None = None,
    bootstrap: BootstrapOptions | None = None,
) -> PerformanceDraws:
    """Resample rows once for all records and return every figure under every draw.

    Parameters
    ----------
    returns : pandas.DataFrame of shape (n, m)
        One record per column, in order of time; all finite.
    options : PerformanceOptions, optional
        Kind of rows, rate, target, rows a year, level of the tail.
    bootstrap : BootstrapOptions, optional
        Confidence, draws, seed and block length; its level is not read, that of ``options`` is.

    Returns
    -------
    PerformanceDraws
        NaN throughout below 20 rows.

    Raises
    ------
    DataError
        A missing value, or a return below -1.

    Notes
    -----
    Premise: rows are stationary. Records are held as they were: the draws say how much the judgement varies, not how
    much a choice of parameters made on these rows flatters it.

    References
    ----------
    Politis, D. N. and Romano, J. P. (1994), Journal of the American Statistical Association 89, 1303-1313.

    Examples
    --------
    >>> record = pd.DataFrame({"held": np.random.default_rng(0).normal(0.0004, 0.01, 500)})
    >>> ends = draw_performance(record, bootstrap=BootstrapOptions(draws=200, seed=1)).intervals()
    >>> bool(ends.low.loc["held", "sharpe"] < 0.0 < ends.high.loc["held", "sharpe"])  # two years show little
    True
    """
    chosen, drawn = options or PerformanceOptions(), bootstrap or BootstrapOptions()
    series = np.ascontiguousarray(checked_frame(returns).T)
    names = tuple(returns.columns)
    wanted = [name for name in FIGURES if chosen.kind == "returns" or name != "annual_compound_return"]
    if series.shape[1] < MINIMUM_ROWS:
        nothing = {name: np.full((drawn.draws, len(series)), np.nan) for name in wanted}
        return PerformanceDraws(names, drawn.confidence, float("nan"), MappingProxyType(nothing))
    length = choose_block_length(series) if drawn.block_length is None else float(drawn.block_length)
    figures = _figures(series, chosen, drawn, length)
    ordered = {name: figures[name] for name in wanted}
    return PerformanceDraws(names, drawn.confidence, length, MappingProxyType(ordered))


def _figures(
    series: FloatArray, options: PerformanceOptions, bootstrap: BootstrapOptions, length: float
) -> dict[str, FloatArray]:
    year, target = options.periods_per_year, options.target / options.periods_per_year
    risks = ("mean", "variance", "semivariance", "value_at_risk", "cvar")
    # less the target, so that the semivariance is that of the shortfall; the others are moved back
    found = _drawn(series - target, risks, bootstrap, length, options.level)
    mean, deviation = found["mean"] + target, np.sqrt(found["variance"])
    figures = {
        "annual_return": mean * year,
        "volatility": deviation * np.sqrt(year),
        "sharpe": _ratio(mean - options.rate / year, deviation) * np.sqrt(year),
        "sortino": _ratio(found["mean"], np.sqrt(found["semivariance"])) * np.sqrt(year),
        "value_at_risk": found["value_at_risk"] - target,
        "cvar": found["cvar"] - target,
    }
    return figures | _along_the_path(series, options, bootstrap, length, figures["annual_return"])


def _along_the_path(
    series: FloatArray,
    options: PerformanceOptions,
    bootstrap: BootstrapOptions,
    length: float,
    gain: FloatArray,
) -> dict[str, FloatArray]:
    """Return what depends on compounding or on the order of rows: a relative drawdown is one of log wealth."""
    if options.kind == "money":
        depth = _drawn(series, ("max_drawdown",), bootstrap, length, options.level)["max_drawdown"]
        return {"max_drawdown": depth, "calmar": _ratio(gain, depth)}
    # a row that loses everything counts as e^-700 left, which arithmetic bears and nobody can tell from nothing
    growth = np.maximum(np.stack([log_growth(checked_returns(one)) for one in series]), -700.0)
    found = _drawn(growth, ("mean", "max_drawdown"), bootstrap, length, options.level)
    with np.errstate(over="ignore"):
        compound = np.expm1(found["mean"] * options.periods_per_year)
    depth = -np.expm1(-found["max_drawdown"])
    return {"annual_compound_return": compound, "max_drawdown": depth, "calmar": _ratio(compound, depth)}


def _drawn(
    series: FloatArray, metrics: tuple[str, ...], bootstrap: BootstrapOptions, length: float, level: float
) -> dict[str, FloatArray]:
    rows = stationary_rows(series.shape[1], length, bootstrap.draws, bootstrap.seed)
    return resampled_figures(series, rows, bootstrap.draws, metrics, level)


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    return np.asarray(above / np.where(below > 0.0, below, np.nan))
