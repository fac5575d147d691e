"""What a race of methods found: tables by method, changes by date, the ledger behind them and a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.attribution import HedgeSplit, HedgeSteps, split_hedge
from hedgerow.compare.verdict import verdict_on
from hedgerow.effectiveness import METRICS, BootstrapOptions, Intervals, ReductionDraws, draw_reductions, reduction
from hedgerow.engine import LinearMarket
from hedgerow.ledger import Ledger

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

TABLE_METRICS = {metric: f"{metric}_reduction" for metric in METRICS}


@dataclass(frozen=True, eq=False)
class Comparison:
    """Methods side by side on rows none of them had seen.

    Attributes
    ----------
    market : LinearMarket
        All rows, the training part included.
    ledger : Ledger
        One path per method from the first trade on; it closed to 1e-9 of gross notional.
    first_row : int
        First judged row of changes.
    refit_paths : mapping of str to ndarray, shape (n_steps, n_hedges)
        Ratio each method wanted for each row, known before it; NaN in the training part.
    refit : int
        Rows between two fits.
    bootstrap : BootstrapOptions
        How intervals are drawn, and the level of VaR and CVaR.
    rows_held_over : mapping of str to int
        Rows on which a method had no ratio of its own, since an instrument stood still, and kept the one before.
    """

    market: LinearMarket
    ledger: Ledger
    first_row: int
    refit_paths: Mapping[str, FloatArray]
    refit: int
    bootstrap: BootstrapOptions
    rows_held_over: Mapping[str, int] = field(default_factory=dict)

    @property
    def methods(self) -> tuple[str, ...]:
        """Names of the methods, in the order given."""
        return self.ledger.terms.paths

    @property
    def times(self) -> pd.DatetimeIndex:
        """Dates of the judged rows: when each change became known."""
        return self.market.times[1:][self.first_row :]

    @property
    def unhedged(self) -> pd.Series:
        """Gain of one unit of exposure on the judged rows, out of sample: its change, reversed where it is short."""
        return pd.Series(self._side * self.market.exposure_changes[self.first_row :], self.times, name="unhedged")

    @property
    def _side(self) -> float:
        """1.0 for a long exposure, -1.0 for a short one."""
        return float(np.sign(self.market.quantity))

    @cached_property
    def hedged(self) -> pd.DataFrame:
        """Gain of one hedged unit of exposure by row and method, net of all costs and with financing.

        What the first trade cost is charged to the first judged row.
        """
        lag = self.ledger.lag
        net = self.ledger.wealth_changes[:, lag + 1 :].copy()
        net[:, 0] -= self.ledger.total_costs[:, lag]
        return pd.DataFrame(net.T / abs(self.market.quantity), self.times, columns=list(self.methods))

    @cached_property
    def held_ratios(self) -> FloatArray:
        """Ratio held over each judged row, shape (n_methods, n_rows, n_hedges)."""
        held: FloatArray = -self.ledger.holdings[:, self.ledger.lag : -1, 1:] / self.market.quantity
        return held

    def ratio_paths(self) -> pd.DataFrame:
        """Return the ratio held over each judged row; columns (method, hedge)."""
        columns = pd.MultiIndex.from_product([self.methods, self.market.hedges], names=["method", "hedge"])
        table = np.moveaxis(self.held_ratios, 0, 1).reshape(len(self.times), -1)
        return pd.DataFrame(table, self.times, columns=columns)

    @cached_property
    def draws(self) -> ReductionDraws:
        """Every reduction under every stationary-bootstrap draw, all methods resampled together."""
        return draw_reductions(self.unhedged.to_numpy(), self.hedged.to_numpy(), options=self.bootstrap)

    @cached_property
    def intervals(self) -> Intervals:
        """Intervals of every reduction by method."""
        return self.draws.intervals()

    @cached_property
    def table(self) -> pd.DataFrame:
        """Out-of-sample figures by method, in the order given, net of costs.

        Columns: ``variance_reduction`` with ``low`` and ``high``, the other reductions (NaN where the unhedged figure
        is 0 or less) with ``<name>_low`` and ``<name>_high``, ``turnover`` (sum of the ratio's absolute changes, first
        trade included), ``cost`` (money per unit of exposure over the judged rows), ``n_obs`` (judged rows).
        """
        rows = [self._row(number, name) for number, name in enumerate(self.methods)]
        return pd.DataFrame(rows, index=pd.Index(self.methods, name="method"))

    def _row(self, number: int, name: str) -> dict[str, float]:
        unhedged, hedged = self.unhedged.to_numpy(), self.hedged[name].to_numpy()
        row: dict[str, float] = {}
        for metric, column in TABLE_METRICS.items():
            row[column] = reduction(metric, unhedged, hedged, level=self.bootstrap.level)
            prefix = "" if metric == "variance" else f"{column}_"
            row[f"{prefix}low"] = float(self.intervals.low[metric][number])
            row[f"{prefix}high"] = float(self.intervals.high[metric][number])
        moves = np.diff(self.held_ratios[number], axis=0, prepend=0.0)
        row["turnover"] = float(np.abs(moves).sum())
        row["cost"] = float(self.ledger.total_costs[number].sum() / abs(self.market.quantity))
        row["n_obs"] = len(self.times)
        return row

    def split(self, method: str) -> HedgeSplit:
        """Return where a method's hedged profit came from on the judged rows: spot, basis, roll, rounding, cost.

        Money for the whole exposure; ``rounding`` is all that was held apart from the ratio wanted, whole contracts
        and policy alike. It adds up to the ledger's change of wealth.
        """
        number, lag, first = self.methods.index(method), self.ledger.lag, self.first_row
        market, quantity = self.market, self.market.quantity
        gaps = np.zeros_like(market.hedge_changes) if market.roll_gaps is None else market.roll_gaps
        cost = self.ledger.total_costs[number, lag + 1 :].copy()
        cost[0] += self.ledger.total_costs[number, lag]
        return split_hedge(
            HedgeSteps(
                quantity,
                pd.Series(market.exposure_changes[first:], self.times),
                pd.DataFrame((market.hedge_changes + gaps)[first:], self.times, columns=list(market.hedges)),
                target=self.refit_paths[method][first - lag : market.n_steps - lag] * quantity,
                actual=self.held_ratios[number] * quantity,
                gap=gaps[first:],
                cost=cost,
                financing=self.ledger.financing[number, lag + 1 :],
                total=self.hedged[method].to_numpy() * abs(quantity),
            )
        )

    def figure(self, name: str) -> Figure:
        """Return one figure of the race by name; an unknown name is refused with the list of names.

        Names: ``hedge_ratio``, ``cumulative``, ``rolling_effectiveness``, ``cost_reduction``; per unit of exposure.
        """
        from hedgerow.compare.figures import comparison_figure

        return comparison_figure(self, name)

    @property
    def ranked(self) -> pd.DataFrame:
        """The table from the highest variance reduction net of costs to the lowest."""
        return self.table.sort_values("variance_reduction", ascending=False, kind="stable")

    @cached_property
    def verdict(self) -> str:
        """One plain sentence: which method is worth it, or that nothing beats a constant OLS ratio here."""
        return verdict_on(self.table, self.draws)
