"""The figures of hedged accounts, and how much of them is luck: all accounts under the same draws of blocks.

Figures as a share are of the unhedged portfolio. Signs: costs, bleed and losses are positive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.compare.overlays.record import HedgeRecord, JudgedPeriod
from hedgerow.effectiveness import BootstrapOptions, PerformanceOptions, draw_performance, performance
from hedgerow.effectiveness.capture import beta, down_capture, up_capture
from hedgerow.effectiveness.intervals import percentile_interval
from hedgerow.effectiveness.resampled import resampled_figures
from hedgerow.effectiveness.resampling import stationary_rows
from hedgerow.units import CALENDAR_DAYS_PER_YEAR

PERFORMANCE = ("annual_return", "annual_compound_return", "volatility", "sharpe", "max_drawdown", "cvar")
DRAWN = ("cost_per_year", "bleed_per_year", "offset", *PERFORMANCE)
"""Figures that have an interval."""

BETTER_HIGH = {"offset", "annual_return", "annual_compound_return", "sharpe"}
"""Figures of which more is better; of the others less is."""


def figures_of(record: HedgeRecord, level: float = 0.95) -> dict[str, float]:
    """Return the figures of one account.

    Returns
    -------
    dict of str to float
        ``cost_per_year`` (share; minus what the hedge earned net of costs), ``cost_per_year_money``,
        ``bleed_per_year`` (the same over the steps outside crises), ``carry_per_year`` (what the hedge earns outside
        crises before the costs of dealing, so that bleed is these costs less carry), ``transaction_costs_per_year``,
        ``mean_multiplier`` (over the steps since the first fill), ``days_hedged`` (share of all steps),
        ``turnover_per_year`` (absolute changes of the multiplier, first trade included, rolls apart), ``offset`` (gain
        of the hedge over loss of the portfolio in all crises of the data together; NaN without one),
        ``offset_of_hedged_part`` (the same over the loss of the part that is exposed, see
        :attr:`.record.JudgedPeriod.hedged_part`), those of :func:`hedgerow.effectiveness.performance`, and
        ``up_capture``, ``down_capture`` and ``beta`` against the portfolio (:mod:`hedgerow.effectiveness.capture`: mean
        return over the portfolio's mean, on the steps on which that rose, and fell). NaN where a figure is not defined.
    """
    period, share = record.period, record.share
    found = performance(record.returns, options=PerformanceOptions(rate=period.rate, level=level))
    quiet, struck = ~period.struck, period.struck
    gross, gained = share + record.costs / period.portfolio, float(share[struck].sum())
    return {
        "cost_per_year": 0.0 - float(share.sum()) / period.years,
        "cost_per_year_money": 0.0 - float(record.hedge_pnl.sum()) / period.years,
        "bleed_per_year": 0.0 - float(share[quiet].sum()) / period.quiet_years if quiet.any() else float("nan"),
        "carry_per_year": float(gross[quiet].sum()) / period.quiet_years if quiet.any() else float("nan"),
        "transaction_costs_per_year": float((record.costs / period.portfolio).sum()) / period.years,
        "mean_multiplier": record.mean_multiplier,
        "days_hedged": float(np.mean(record.held > 0.0)),
        "turnover_per_year": float(record.traded.sum()) / period.years,
        "offset": _ratio(gained, -float(period.unhedged[struck].sum())),
        "offset_of_hedged_part": _ratio(gained, -float(period.hedged_part[struck].sum())),
        **{name: float(getattr(found, name)) for name in PERFORMANCE},
        "up_capture": up_capture(record.returns, period.unhedged),
        "down_capture": down_capture(record.returns, period.unhedged),
        "beta": beta(record.returns, period.unhedged),
    }


def _ratio(gain: float, loss: float) -> float:
    return gain / loss if loss > 0.0 else float("nan")


@dataclass(frozen=True, eq=False)
class FigureDraws:
    """Figures of every account under every draw.

    Attributes
    ----------
    names : tuple of str
    confidence : float
    block_length : float
        Mean length of the blocks, in steps.
    figures : mapping of str to ndarray (draws, n_accounts)
        By the names in ``DRAWN``.
    """

    names: tuple[str, ...]
    confidence: float
    block_length: float
    figures: Mapping[str, FloatArray]

    def interval(self, figure: str, name: str) -> tuple[float, float]:
        """Return low and high of a figure of one account."""
        low, high = percentile_interval(self._column(figure, name), self.confidence)
        return float(low[0]), float(high[0])

    def difference(self, figure: str, name: str, other: str, looks: int = 1) -> tuple[float, float]:
        """Return low and high of the figure of one account less that of another, draw by draw.

        With ``looks`` the interval is wide enough that so many of them hold together at the confidence (Bonferroni).
        """
        apart = self._column(figure, name) - self._column(figure, other)
        low, high = percentile_interval(apart, 1.0 - (1.0 - self.confidence) / looks)
        return float(low[0]), float(high[0])

    def _column(self, figure: str, name: str) -> FloatArray:
        return self.figures[figure][:, [self.names.index(name)]]


def draw_figures(records: Mapping[str, HedgeRecord], bootstrap: BootstrapOptions) -> FigureDraws:
    """Return every figure of every account under stationary-bootstrap draws of whole steps, the same for all.

    A crisis keeps its steps: a draw holds each as often as it was drawn. NaN throughout below 20 steps.

    References
    ----------
    Politis, D. N. and Romano, J. P. (1994), Journal of the American Statistical Association 89, 1303-1313.
    """
    names, period = tuple(records), next(iter(records.values())).period
    returns = pd.DataFrame({name: record.returns for name, record in records.items()})
    options = PerformanceOptions(rate=period.rate, level=bootstrap.level)
    drawn = draw_performance(returns, options, bootstrap)
    figures = {name: drawn.figures[name] for name in PERFORMANCE}
    shares = np.stack([record.share for record in records.values()])
    length = drawn.block_length
    if np.isfinite(length):
        figures |= _money(period, shares, bootstrap, length)
    else:
        nothing = np.full((bootstrap.draws, len(names)), np.nan)
        figures |= {name: nothing for name in DRAWN if name not in PERFORMANCE}
    return FigureDraws(names, drawn.confidence, length, MappingProxyType(figures))


def _money(
    period: JudgedPeriod, shares: FloatArray, bootstrap: BootstrapOptions, length: float
) -> dict[str, FloatArray]:
    """Return cost, bleed and offset under every draw, from means of what each step adds to them."""
    struck = period.struck.astype(float)
    count, n = shares.shape
    series = np.vstack(
        [shares, shares * struck, [-period.unhedged * struck, period.days * (1.0 - struck), period.days]]
    )
    rows = stationary_rows(n, length, bootstrap.draws, bootstrap.seed)
    means = resampled_figures(series, rows, bootstrap.draws, ("mean",), bootstrap.level)["mean"]
    every, inside = means[:, :count], means[:, count : 2 * count]
    loss, quiet_days, days = (means[:, [2 * count + place]] for place in range(3))
    return {
        "cost_per_year": (0.0 - every) / days * CALENDAR_DAYS_PER_YEAR,
        "bleed_per_year": (inside - every) / _above_zero(quiet_days) * CALENDAR_DAYS_PER_YEAR,
        "offset": inside / _above_zero(loss),
    }


def _above_zero(values: FloatArray) -> FloatArray:
    return np.where(values > 1e-12, values, np.nan)
