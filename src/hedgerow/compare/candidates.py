"""Which instrument to hedge with: candidates ranked by what they remove out of sample, cost, liquidity and fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite, nan

import numpy as np
import pandas as pd

from hedgerow.compare.comparison import Comparison
from hedgerow.compare.judging.verdict import figure_at
from hedgerow.compare.schedule import WalkForward
from hedgerow.compare.walk_forward import compare_methods
from hedgerow.costs import Costs, HalfSpread, PerContract
from hedgerow.effectiveness import BootstrapOptions
from hedgerow.engine import Execution, LinearMarket
from hedgerow.errors import InputError
from hedgerow.ratios import OLS, RatioEstimator
from hedgerow.units import to_percent

VOLUME_SHARE_LIMIT = 0.10
"""A hedge that takes more than this share of a day's volume is called hard to trade."""


@dataclass(frozen=True)
class Candidate:
    """One instrument that could serve as the hedge, with what is known of trading it.

    Parameters
    ----------
    name : str
        As it appears in the ranking.
    market : LinearMarket
        The exposure with this one hedge.
    half_spread_bps, commission : float
        Cost of trading it, basis points of the price and money per contract.
    daily_volume : float, optional
        Contracts traded on a usual day; NaN where unknown.
    """

    name: str
    market: LinearMarket
    half_spread_bps: float = 0.0
    commission: float = 0.0
    daily_volume: float = nan


@dataclass(frozen=True, eq=False)
class CandidateRanking:
    """Candidates from the best to the worst.

    Attributes
    ----------
    table : pandas.DataFrame
        By candidate: ``correlation`` of changes (all rows), ``hedge_ratio`` (all rows), out-of-sample
        ``variance_reduction`` with ``low`` and ``high`` net of costs, ``cost`` per unit of exposure, ``contracts``
        (fractions, negative = sell), ``granularity`` (half a contract as a share of the hedge), ``volume_share``
        (contracts / daily volume); NaN where unknown.
    comparisons : mapping of str to Comparison
        By candidate: its race of one method.
    verdict : str
        One plain sentence: the best candidate, and the next.
    """

    table: pd.DataFrame
    comparisons: dict[str, Comparison]
    verdict: str


def rank_candidates(
    candidates: Sequence[Candidate],
    *,
    estimator: RatioEstimator | None = None,
    walk_forward: WalkForward | None = None,
    execution: Execution | None = None,
    bootstrap: BootstrapOptions | None = None,
) -> CandidateRanking:
    """Rank candidate hedges of one exposure, each alone, walk-forward and net of its own costs.

    Parameters
    ----------
    candidates : sequence of Candidate
        All over the same rows, so that the figures compare.
    estimator : RatioEstimator, optional
        How each candidate's ratio is estimated; OLS unless said.
    walk_forward : WalkForward, optional
        How the past is cut from the future; half the rows train unless said.
    execution : Execution, optional
        Policy, rounding, lag, rate on cash and costs that all candidates share; each candidate's own are added.
    bootstrap : BootstrapOptions, optional
        How intervals are drawn.

    Returns
    -------
    CandidateRanking
        Best first, by variance reduction net of costs.

    Raises
    ------
    InputError
        Where there is no candidate, two have different rows, or a commission comes without a contract size.
    DataError
        Where too few rows are left to judge, or a ratio cannot be estimated.
    """
    if not candidates:
        raise InputError("a ranking needs at least one candidate hedge")
    _require_same_rows(candidates)
    method = estimator if estimator is not None else OLS()
    shared = execution or Execution()
    comparisons, rows = {}, {}
    for candidate in candidates:
        own = replace(shared, costs=shared.costs + _costs_of(candidate))
        comparisons[candidate.name] = compare_methods(
            candidate.market, {"ols": method}, walk_forward=walk_forward, execution=own, bootstrap=bootstrap
        )
        rows[candidate.name] = _row(candidate, comparisons[candidate.name], method)
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("candidate")
    table = table.sort_values("variance_reduction", ascending=False, kind="stable")
    return CandidateRanking(table, comparisons, _verdict(table))


def _require_same_rows(candidates: Sequence[Candidate]) -> None:
    first = candidates[0]
    for other in candidates[1:]:
        if not other.market.times.equals(first.market.times):
            raise InputError(
                f"candidates {first.name!r} and {other.name!r} cover different dates; rank them on common rows"
            )


def _costs_of(candidate: Candidate) -> Costs:
    """Return what trading the candidate costs; a commission only where it is stated."""
    spread = HalfSpread(candidate.half_spread_bps)
    return Costs((spread, PerContract(candidate.commission)) if candidate.commission else (spread,))


def _row(candidate: Candidate, comparison: Comparison, method: RatioEstimator) -> dict[str, float]:
    from sklearn.base import clone

    market, table = candidate.market, comparison.table
    fitted = clone(method).fit(market.hedge_changes, market.exposure_changes)
    ratio = float(fitted.hedge_ratio_[0])
    contracts = nan
    if market.contracts_per_unit is not None:
        contracts = -ratio * market.quantity * float(market.contracts_per_unit[-1, 0])
    return {
        "correlation": float(np.corrcoef(market.exposure_changes, market.hedge_changes[:, 0])[0, 1]),
        "hedge_ratio": ratio,
        **{name: float(table[name].iloc[0]) for name in ("variance_reduction", "low", "high", "cost")},
        "contracts": contracts,
        "granularity": abs(0.5 / contracts) if isfinite(contracts) and contracts else nan,
        "volume_share": abs(contracts) / candidate.daily_volume,
    }


def _verdict(table: pd.DataFrame) -> str:
    """Return one sentence: the best candidate, how far ahead it is, and whether the market can carry it."""
    best = str(table.index[0])
    figures = [to_percent(figure_at(table, best, name)) for name in ("variance_reduction", "low", "high")]
    said = (
        f"{best} is the best hedge: it removes {figures[0]:.1f} % ({figures[1]:.1f} to {figures[2]:.1f}) "
        "of the variance out of sample after costs"
    )
    if len(table) > 1:
        second = str(table.index[1])
        value = to_percent(figure_at(table, second, "variance_reduction"))
        clear = figure_at(table, best, "low") > figure_at(table, second, "high")
        said += f", {second} {value:.1f} %" + ("" if clear else " (their intervals overlap)")
    share = figure_at(table, best, "volume_share")
    if share > VOLUME_SHARE_LIMIT:
        said += f"; the hedge is {to_percent(share):.0f} % of a day's volume, which is hard to trade at once"
    return said + "."
