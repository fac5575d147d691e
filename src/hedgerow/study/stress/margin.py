"""The margin of a stressed hedge: its account through the past, and the buffer from here on, beside one for one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.compare import HedgedPosition
from hedgerow.engine import Execution, LinearMarket, replay_targets
from hedgerow.hedgers import Rounding
from hedgerow.limits import (
    HeldContracts,
    LiquidityNeed,
    MarginPath,
    MarginTerms,
    capital_aware_ratio,
    liquidity_need,
    margin_path,
    peak_calls,
)
from hedgerow.limits.margin import SECONDS_PER_YEAR
from hedgerow.ratios import Naive
from hedgerow.study.prepare import Prepared
from hedgerow.study.ratio.sizing import size_hedges
from hedgerow.study.stress.cases import liquidity_of, margin_terms_of
from hedgerow.study.stress.words import MarginWords, StressStudy

HELD, ONE_FOR_ONE = "held", "one for one"
ESTIMATION_ROWS = 60
"""Rows before a path that an estimated margin starts from; fewer where the data are short."""


@dataclass(frozen=True, eq=False)
class MarginSide:
    """One ratio's margin.

    Attributes
    ----------
    ratio : tuple of float
    contracts : ndarray, shape (n_hedges,)
        Held from here on, negative = sold; fractions where the study rounds to none.
    path : MarginPath
        The ratio held over the past rows.
    initial_now : float
        Initial margin of ``contracts`` today, money.
    need : LiquidityNeed
        Cash to keep ready for ``contracts``.
    cost_per_year : float
        ``(rate - earned)`` on the initial margin and ``rate`` on the buffer, money a year.
    """

    ratio: tuple[float, ...]
    contracts: FloatArray
    path: MarginPath
    initial_now: float
    need: LiquidityNeed
    cost_per_year: float


@dataclass(frozen=True, eq=False)
class MarginReview:
    """The margin of the ratio held and of one for one, side by side.

    Attributes
    ----------
    terms : MarginTerms
    sides : mapping of str to MarginSide
        "held" and "one for one".
    per_contract : bool
        Whether contract sizes are known; if not, one unit of hedge counts as a contract.
    capital_aware : tuple of float, or None
        The ratio that weighs variance against the cost of margin and buffer, where a risk aversion is given.
    """

    terms: MarginTerms
    sides: dict[str, MarginSide]
    per_contract: bool
    capital_aware: tuple[float, ...] | None = None

    @property
    def table(self) -> pd.DataFrame:
        """One row per figure, one column per ratio; money."""
        columns = {}
        for name, side in self.sides.items():
            rows = side.need.options.rows
            columns[name] = {
                "initial margin now": side.initial_now,
                "largest initial margin": float(side.path.initial.max()),
                "worst single call": side.path.worst_call,
                f"worst calls within {rows} rows": side.path.worst_cumulative_call(rows),
                "variation margin in all": float(side.path.variation.sum()),
                "cost of the cash over the path": side.path.carrying_cost,
                f"buffer, {side.need.options.confidence:.0%} of {rows}-row windows": side.need.buffer,
                "buffer, low end": side.need.low,
                "buffer, high end": side.need.high,
                "cost of margin and buffer a year": side.cost_per_year,
            }
        return pd.DataFrame(columns).rename_axis("money")


def review_margin(study: StressStudy, data: Prepared, position: HedgedPosition) -> MarginReview:
    """Return the margin of the ratio held and of one for one over all rows but those an estimate starts from.

    The path goes through the contracts as they were worth then; initial margin now and the buffer take every past
    change at today's worth of a contract (the same for price differences, scaled by the price for returns).

    Raises
    ------
    DataError
        Where too few rows are there to estimate a margin or a buffer.
    """
    words, market = study.margin or MarginWords(), position.market
    terms = margin_terms_of(words)
    naive = np.asarray(Naive().fit(market.hedge_changes, market.exposure_changes).hedge_ratio_)
    ratios = {HELD: np.array(position.ratio), ONE_FOR_ONE: naive}
    sides = {name: _side(study, words, data, position, one) for name, one in ratios.items()}
    aware = None if words.risk_aversion is None else _capital_aware(words, words.risk_aversion, data, position)
    return MarginReview(terms, sides, market.contracts_per_unit is not None, aware)


def _capital_aware(words: MarginWords, aversion: float, data: Prepared, position: HedgedPosition) -> tuple[float, ...]:
    """Return the ratio of least variance plus cost of cash; each unit of hedge brings its own margin and buffer."""
    terms, market = margin_terms_of(words), position.market
    now = _contracts_per_unit(position)
    initial = _initial_now(terms, data, position, now) * now
    alone = [peak_calls(market.hedge_changes[:, one], words.horizon) for one in range(len(now))]
    mirrored = [peak_calls(-market.hedge_changes[:, one], words.horizon) for one in range(len(now))]
    sold = np.array(position.ratio) * market.quantity >= 0.0
    buffers = [np.quantile(up if is_sold else down, words.confidence)
               for up, down, is_sold in zip(alone, mirrored, sold, strict=True)]  # fmt: skip
    years = float((market.times[-1] - market.times[0]).total_seconds()) / SECONDS_PER_YEAR / market.n_steps
    cost = ((terms.rate - terms.earned) * initial + terms.rate * np.array(buffers)) * years
    covariance = np.cov(np.column_stack([market.exposure_changes, market.hedge_changes]), rowvar=False)
    found = capital_aware_ratio(
        covariance[1:, 1:], covariance[1:, 0], np.maximum(cost, 0.0), aversion * abs(market.quantity)
    )
    return tuple(map(float, found))


def _contracts_per_unit(position: HedgedPosition) -> FloatArray:
    """Return the contracts that one unit of each hedge stands for today; 1 where no size is known."""
    return (
        np.ones(len(position.ratio)) if position.contracts_per_unit is None else np.array(position.contracts_per_unit)
    )


def _initial_now(terms: MarginTerms, data: Prepared, position: HedgedPosition, now: FloatArray) -> FloatArray:
    """Return today's initial margin of one contract of each hedge, shape (n_hedges,)."""
    market = position.market
    scales = np.array([data.last_scales[name] for name in market.hedges])
    prices = np.array([float(data.last_prices[name]) for name in market.hedges])
    worth = prices / scales / now
    each: FloatArray = terms.per_contract(worth[None], market.hedge_changes / now, market.n_steps - 1)[-1]
    return each


def _side(
    study: StressStudy, words: MarginWords, data: Prepared, position: HedgedPosition, ratio: FloatArray
) -> MarginSide:
    terms, market = margin_terms_of(words), position.market
    per_unit = market.contracts_per_unit
    per_unit = np.ones((market.n_steps + 1, len(ratio))) if per_unit is None else per_unit
    now = _contracts_per_unit(position)
    changes = market.hedge_changes / now
    first = min(ESTIMATION_ROWS, market.n_steps // 2) if terms.initial is None and terms.share is None else 0
    path = _path(study, market, ratio, per_unit, first, terms)
    contracts = _contracts(study, data, market, ratio, now)
    initial = _initial_now(terms, data, position, now)
    need = liquidity_need(contracts, changes, market.times[1:], liquidity_of(study, words, market.n_steps))
    tied = float(np.abs(contracts) @ initial)
    cost = (terms.rate - terms.earned) * tied + terms.rate * need.buffer
    return MarginSide(tuple(map(float, ratio)), contracts, path, tied, need, cost)


def _path(
    study: StressStudy, market: LinearMarket, ratio: FloatArray, per_unit: FloatArray, first: int, terms: MarginTerms
) -> MarginPath:
    """Return the account of a constant ratio from row ``first`` on; the rows before it only serve the estimate."""
    trading = study.trading
    sized = market.contracts_per_unit is not None
    rounding = Rounding(trading.rounding) if sized and trading.whole_contracts else Rounding.NONE
    targets = np.tile(ratio, (1, market.n_steps - first, 1))
    ledger = replay_targets(market.after(first), targets, (HELD,), Execution(rounding=rounding))
    past = market.hedge_changes[:first] / per_unit[:first] if first else None
    return margin_path(HeldContracts.from_ledger(ledger, HELD, per_unit[first:], past), terms)


def _contracts(
    study: StressStudy, data: Prepared, market: LinearMarket, ratio: FloatArray, per_unit: FloatArray
) -> FloatArray:
    """Return the contracts held from here on, tailed as the study says, and whole where the path is."""
    sizings = size_hedges(ratio, data, study)
    if sizings is None:
        return np.asarray(-ratio * market.quantity * per_unit)
    return np.array([sizing.whole if study.trading.whole_contracts else sizing.exact for sizing in sizings])
