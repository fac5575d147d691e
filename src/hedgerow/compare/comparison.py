"""What a race of methods found: tables by method, changes by date, the ledger behind them and a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.attribution import HedgeSplit, HedgeSteps, split_hedge
from hedgerow.compare.judging.evidence import evidence_of
from hedgerow.compare.judging.failures import judged_failures, unusable
from hedgerow.compare.judging.options import Judging
from hedgerow.compare.judging.stability import SubPeriods, sub_periods
from hedgerow.compare.judging.verdict import reference_of, verdict_on
from hedgerow.effectiveness import (
    METRICS,
    BootstrapOptions,
    ConfidenceSet,
    Intervals,
    ReductionDraws,
    SuperiorAbility,
    confidence_set,
    draw_reductions,
    excess_kurtosis,
    reduction,
    skewness,
    squared_losses,
    superior_ability,
)
from hedgerow.engine import LinearMarket
from hedgerow.ledger import Ledger
from hedgerow.ratios.refits import Failure

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
    refit : int or str
        Rows between two fits, or the calendar period at whose turn methods are fitted.
    bootstrap : BootstrapOptions
        How intervals are drawn, and the level of VaR and CVaR.
    rows_held_over : mapping of str to int
        Rows on which a method had no ratio of its own, since an instrument stood still or its last fit failed, and kept
        the one before.
    failures : mapping of str to tuple of Failure
        Refits that gave a method no ratio, with row and reason, oldest first; the ratio before was kept.
    refits : mapping of str to int
        How often each method was fitted.
    judging : Judging
        Risk aversion, the year, and when a difference counts; ``dataclasses.replace(race, judging=...)`` judges anew.
    """

    market: LinearMarket
    ledger: Ledger
    first_row: int
    refit_paths: Mapping[str, FloatArray]
    refit: int | str
    bootstrap: BootstrapOptions
    rows_held_over: Mapping[str, int] = field(default_factory=dict)
    failures: Mapping[str, tuple[Failure, ...]] = field(default_factory=dict)
    refits: Mapping[str, int] = field(default_factory=dict)
    judging: Judging = field(default_factory=Judging)

    @property
    def methods(self) -> tuple[str, ...]:
        """Names of the methods, in the order given."""
        return self.ledger.terms.paths

    @property
    def reference(self) -> str:
        """Method that the others are held against: OLS where it was run, else the simplest that was, else the first."""
        return reference_of(self.methods)

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
    def gross(self) -> pd.DataFrame:
        """Gain of one hedged unit of exposure by row and method before all costs, with financing."""
        from hedgerow.compare.judging.significance import gross_changes

        return gross_changes(self)

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
        trade included), ``cost`` (money per unit of exposure over the judged rows), ``n_obs`` (judged rows), and
        ``skewness`` and ``excess_kurtosis`` of the hedged changes (NaN where they do not vary).
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
        row |= {"skewness": skewness(hedged), "excess_kurtosis": excess_kurtosis(hedged)}
        return row

    @cached_property
    def confidence_set(self) -> ConfidenceSet:
        """Methods that chance cannot tell from the best, by squared hedged change net of costs."""
        losses = squared_losses(self.hedged.to_numpy())
        return confidence_set(losses, level=self.judging.set_level, options=self._same_blocks)

    @cached_property
    def superior_ability(self) -> SuperiorAbility:
        """Whether any method beats the reference once all that were tried are counted."""
        losses = squared_losses(self.hedged.to_numpy())
        return superior_ability(losses, self.methods.index(self.reference), options=self._same_blocks)

    @property
    def spa_p_value(self) -> float:
        """Hansen's consistent p-value that no method beats the reference; NaN where nothing could be tested."""
        return self.superior_ability.p_value

    @property
    def _same_blocks(self) -> BootstrapOptions:
        """The bootstrap with the block length of the intervals, so that all figures are drawn alike."""
        length = self.draws.block_length
        return replace(self.bootstrap, block_length=length) if isfinite(length) else self.bootstrap

    @cached_property
    def tests(self) -> pd.DataFrame:
        """Tests by method against the reference, whose own row is a tie; NaN where fewer than 20 rows were judged.

        Columns: ``mean_loss_difference`` (reference less method, in squared money per unit of exposure: positive where
        the method is better), ``dm_statistic`` and ``dm_p_value`` (Diebold and Mariano, small-sample corrected,
        two-sided), ``clark_west_p_value`` (one-sided, before costs: would the method win with known parameters),
        ``giacomini_white_p_value`` (is either better, given the last known difference), ``in_confidence_set`` and
        ``mcs_p_value`` (model confidence set at ``judging.set_level``). Losses are squared hedged changes, in which
        costs hardly count: :meth:`economic_value` weighs those. The horizon is 1 + the execution lag.
        """
        from hedgerow.compare.judging.significance import tests_of

        return tests_of(self)

    def economic_value(self, risk_aversion: float | None = None) -> pd.DataFrame:
        """Return the yearly fee by method that a mean-variance holder would pay to switch to it from the reference.

        Columns, in money per unit of exposure and year, net of costs: ``fee`` with ``low`` and ``high`` (bootstrap),
        its parts ``from_variance``, ``from_costs`` and ``from_mean`` (which is mostly luck of the sample); and
        ``share_of_value``, ``share_low``, ``share_high``, decimals of the exposure's value at the first judged row (NaN
        where that is not positive).

        Parameters
        ----------
        risk_aversion : float, optional
            Absolute, per unit of money of the whole position; ``judging`` says when left out (4 over the exposure's
            value unless changed).

        Raises
        ------
        InputError
            A negative risk aversion, or none where the exposure has no positive value.
        DataError
            Where the judged rows span no time.
        """
        from hedgerow.compare.judging.worth import fee_table

        return fee_table(self, self._judging_with(risk_aversion))

    def break_even_costs(self, risk_aversion: float | None = None, *, means: bool = False) -> pd.DataFrame:
        """Return by method the one-way cost per unit of hedge traded that uses up its advantage over the reference.

        Columns: ``case`` (below, above, always, never, same: at which costs the method is better), ``cost`` (money per
        unit of hedge), ``cost_bps`` (basis points of the mean price it traded at), ``paid`` (what it did pay per unit),
        ``advantage`` (utility before costs over the judged rows, money per unit of exposure), ``extra_turnover``.

        Parameters
        ----------
        risk_aversion : float, optional
            As in :meth:`economic_value`.
        means : bool
            Whether utility counts the means of the hedged changes, mostly luck, beside the variances.

        Raises
        ------
        InputError
            As in :meth:`economic_value`.
        """
        from hedgerow.compare.judging.worth import break_even_table

        return break_even_table(self, self._judging_with(risk_aversion), means=means)

    def _judging_with(self, risk_aversion: float | None) -> Judging:
        return self.judging if risk_aversion is None else replace(self.judging, risk_aversion=risk_aversion)

    def periods(self, by: int | Literal["years"] = 3) -> SubPeriods:
        """Return every method's variance reduction by part of the judged rows: equal parts, or calendar years."""
        return sub_periods(self, by)

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

        Names: ``hedge_ratio`` (also ``ratio_paths``), ``cumulative``, ``rolling_effectiveness``, ``cost_reduction``,
        ``ranking``, ``cost_benefit``; per unit of exposure.
        """
        from hedgerow.compare.figures import comparison_figure

        return comparison_figure(self, name)

    @property
    def ranked(self) -> pd.DataFrame:
        """The table from the highest variance reduction net of costs to the lowest.

        Methods that failed at more than half of their judged refits come last: what they show is an old ratio.
        """
        ordered = self.table.sort_values("variance_reduction", ascending=False, kind="stable")
        failed = ordered.index.isin(self.not_ranked)
        return pd.concat([ordered[~failed], ordered[failed]]) if failed.any() else ordered

    @property
    def not_ranked(self) -> frozenset[str]:
        """Methods that failed at more than half of their judged refits."""
        return unusable(*judged_failures(self.failures, self.refits, self.first_row - self.ledger.lag))

    @cached_property
    def verdict(self) -> str:
        """Plain sentences: which method is worth it, or that nothing beats a constant OLS ratio here.

        All methods tried are counted; then those that chance cannot tell from the best, and fits that failed.
        """
        return verdict_on(self.table, self.draws, evidence_of(self))
