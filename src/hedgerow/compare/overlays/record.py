"""A hedged account step by step, in the form in which it is judged.

A *step* ends at a date and begins at the date before. What a hedge earns is settled into the portfolio at once: its
return over a step is its gain as a share of the portfolio at the start, and it adds to the portfolio's own. So years in
which the portfolio was large count no more than others, twice the hedge earns twice the share, and a hedge that has
cost much before is not judged by the debt it was paid from; see :mod:`hedgerow.engine.overlay.settlement`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray, FloatArray
from hedgerow.compare.overlays.crises import Crisis, in_any_crisis
from hedgerow.engine.overlay.result import OverlayResult
from hedgerow.engine.overlay.settlement import by_step, settled
from hedgerow.errors import DataError
from hedgerow.market.daily import require_daily
from hedgerow.programmes import OverlayMarket
from hedgerow.units import CALENDAR_DAYS_PER_YEAR


@dataclass(frozen=True, eq=False)
class JudgedPeriod:
    """What every account of a comparison has in common.

    Attributes
    ----------
    dates : DatetimeIndex (n_steps,)
        On which each step ends.
    portfolio : ndarray (n_steps,)
        Money in the unhedged portfolio at the start of each step.
    unhedged : ndarray (n_steps,)
        Its return over the step.
    hedged_part : ndarray (n_steps,)
        Return of the part that the hedge is there for, as a share of the whole portfolio: the exposure weight, kept at
        every step, times the return of the index with its dividends (the portfolio's own, unless it is a series of its
        own); at a weight of 1 the portfolio's return.
    cash : ndarray (n_steps,)
        Interest over the step, as a share.
    days : ndarray (n_steps,)
        Calendar days of the step.
    crises : tuple of Crisis
    """

    dates: pd.DatetimeIndex
    portfolio: FloatArray
    unhedged: FloatArray
    hedged_part: FloatArray
    cash: FloatArray
    days: FloatArray
    crises: tuple[Crisis, ...]

    @classmethod
    def of(cls, result: OverlayResult, crises: tuple[Crisis, ...]) -> JudgedPeriod:
        """Return the period of a run; DataError where it has fewer than two dates, or weekly ones."""
        market = result.run.market
        if len(market) < 2:
            raise DataError(f"a hedge is judged over steps between dates, and there are {len(market)}; give more rows")
        require_daily("figures of judged hedges", market.dates)
        wealth = result.unhedged_wealth.to_numpy()
        days = np.diff(market.dates.to_numpy()).astype("timedelta64[s]").astype(float) / 86_400.0
        cash = market.rate[:-1] * market.years[1:]
        unhedged = wealth[1:] / wealth[:-1] - 1.0
        weight = result.run.portfolio.exposure_weight
        part = unhedged if weight == 1.0 else weight * _index_returns(market)
        return cls(market.dates[1:], wealth[:-1], unhedged, part, cash, days, crises)

    @property
    def years(self) -> float:
        """Length in years of 365 days."""
        return float(self.days.sum()) / CALENDAR_DAYS_PER_YEAR

    @cached_property
    def struck(self) -> BoolArray:
        """Steps inside any crisis, (n_steps,)."""
        return in_any_crisis(self.dates, self.crises)

    @property
    def quiet_years(self) -> float:
        """Years outside crises."""
        return float(self.days[~self.struck].sum()) / CALENDAR_DAYS_PER_YEAR

    @property
    def rate(self) -> float:
        """Mean interest of a year."""
        return float(self.cash.sum()) / self.years

    @property
    def all_dates(self) -> pd.DatetimeIndex:
        """The date on which the first step begins, and those on which steps end."""
        return self.dates.insert(0, self.dates[0] - pd.Timedelta(days=float(self.days[0])))

    def rows(self, cut: slice) -> JudgedPeriod:
        """Return some of the steps."""
        series = (self.portfolio, self.unhedged, self.hedged_part, self.cash, self.days)
        portfolio, unhedged, hedged_part, cash, days = (each[cut] for each in series)
        return JudgedPeriod(self.dates[cut], portfolio, unhedged, hedged_part, cash, days, self.crises)


def _index_returns(market: OverlayMarket) -> FloatArray:
    """Return the index's returns with its dividends, whatever the portfolio is, (n_steps,)."""
    wealth = replace(market, portfolio=None).wealth
    return np.asarray(wealth[1:] / wealth[:-1] - 1.0)


@dataclass(frozen=True, eq=False)
class HedgeRecord:
    """One hedged account over a period.

    Attributes
    ----------
    period : JudgedPeriod
    hedge_pnl, costs : ndarray (n_steps,)
        Money over each step: gain of the hedge less its costs and the interest on money tied up in it; costs, positive.
    held : ndarray (n_steps,)
        Multiplier held over each step, the mean of several parts.
    traded : ndarray (n_steps,)
        Absolute change of the multiplier held, at the end of each step, the mean over parts; the first also has that of
        the first date.
    start : int
        First step over which an order can have been filled.
    sample : str
    """

    period: JudgedPeriod
    hedge_pnl: FloatArray
    costs: FloatArray
    held: FloatArray
    traded: FloatArray
    start: int
    sample: str

    @classmethod
    def of(cls, result: OverlayResult, period: JudgedPeriod, sample: str) -> HedgeRecord:
        """Return the record of a run."""
        decided = np.isfinite(result.multiplier.to_numpy())
        filled = int(np.argmax(decided)) + result.lag if decided.any() else len(decided)
        held = result.held.to_numpy()
        moves = np.abs(np.diff(result.account.held, axis=1, prepend=0.0)).mean(axis=0)
        return cls(
            period,
            settled(result.hedge_pnl.to_numpy(), period.cash),
            by_step(result.costs.to_numpy()),
            held[:-1],
            by_step(moves),
            min(filled, len(period.dates)),
            sample,
        ).checked()

    @property
    def share(self) -> FloatArray:
        """Gain of the hedge net of costs, as a share of the portfolio at the start of each step."""
        return np.asarray(self.hedge_pnl / self.period.portfolio)

    @property
    def returns(self) -> FloatArray:
        """Returns of portfolio and hedge together, (n_steps,)."""
        return np.asarray(self.period.unhedged + self.share)

    @property
    def mean_multiplier(self) -> float:
        """Mean of what is held over the steps from the first fill on; NaN where nothing was ordered."""
        held = self.held[self.start :]
        return float(held.mean()) if len(held) else float("nan")

    def rows(self, cut: slice, sample: str) -> HedgeRecord:
        """Return some of the steps, as they were, under a sample of their own."""
        first = cut.indices(len(self.held))[0]
        pnl, costs, held, traded = (each[cut] for each in (self.hedge_pnl, self.costs, self.held, self.traded))
        return HedgeRecord(self.period.rows(cut), pnl, costs, held, traded, max(self.start - first, 0), sample)

    def scaled(self, factor: float) -> HedgeRecord:
        """Return the record of so many times the hedge, which earns and costs so many times as much."""
        parts = {name: factor * getattr(self, name) for name in ("hedge_pnl", "costs", "held", "traded")}
        return replace(self, **parts).checked()

    def checked(self) -> HedgeRecord:
        """Return the record; DataError where a step loses all that there is."""
        gone = ~(self.returns > -1.0)
        if gone.any():
            row = int(np.argmax(gone))
            raise DataError(
                f"portfolio and hedge lose all there is on {self.period.dates[row]:%Y-%m-%d} (return "
                f"{self.returns[row]:.0%}); hold less of the hedge, or give it a cap or a budget"
            )
        return self
