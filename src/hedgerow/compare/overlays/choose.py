"""Parameters of an overlay chosen on the past only, again and again, and what the hedge so chosen did afterwards.

>>> from hedgerow.programmes.variance_swaps import VarianceSwaps
>>> days = pd.bdate_range("2015-01-01", periods=700)
>>> vix = pd.Series(18.0 + 8.0 * np.sin(np.arange(700) / 40.0), days)
>>> moves = np.random.default_rng(0).normal(size=700) * vix.to_numpy() / 1600.0
>>> market = OverlayMarket.of(pd.Series(100.0 * np.exp(np.cumsum(moves)), days), vix, rate=0.0, dividend_yield=0.0)
>>> found = choose_overlay("vix_linear", {"low": [8, 12], "width": [10, 15]}, market, hedge=VarianceSwaps(10_000))
>>> len(found.sets), found.chosen["sample"].unique().tolist()
(4, ['train'])
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray, FloatArray, IntArray
from hedgerow.compare.overlays.choice import OverlayChoice
from hedgerow.compare.overlays.crises import CRISES, Crisis
from hedgerow.compare.overlays.diversified import Plan, budget_of, parts_of
from hedgerow.compare.overlays.grid_of_plans import Family, parameter_sets, plans_of
from hedgerow.compare.overlays.objectives import Objective, Steps, objective_of
from hedgerow.compare.overlays.plan import OverlayPlan
from hedgerow.compare.overlays.record import JudgedPeriod
from hedgerow.compare.overlays.runs import Hedge, Setting
from hedgerow.compare.overlays.walked import Nothing, needs_of, walked_plan
from hedgerow.effectiveness import BootstrapOptions
from hedgerow.engine.overlay import AccountLimits, OverlayOptions, OverlayResult, overlay_accounts
from hedgerow.engine.overlay.accounts import due_dates
from hedgerow.engine.overlay.settlement import settled
from hedgerow.errors import DataError, InputError, did_you_mean
from hedgerow.overlays import OverlayRule, Shape, Signals, shape_many
from hedgerow.programmes import OverlayMarket, Portfolio

REFITS = ("yearly", "quarterly", "monthly", "never")
PERIODS = {"yearly": "Y", "quarterly": "Q", "monthly": "M"}
FEWEST_ROWS = 60
"""Steps without which nothing is chosen."""


@dataclass(frozen=True)
class OverlayChoosing:
    """How parameters are chosen.

    Parameters
    ----------
    objective : str or callable
        A name in :data:`~hedgerow.compare.overlays.objectives.OBJECTIVES`, or a function from hedged returns
        (n_sets, k) and their steps to figures (n_sets,), more being better.
    refit : {"yearly", "quarterly", "monthly", "never"}
        Chosen anew at the close of the first date of each such period, from all steps before it.
    train_share : float
        Share of the steps before the first choice, above 0 and below 1.
    shape : Shape
        Of every set, before what the grid says of its stages.
    options : OverlayOptions
        Lag 1 by default.
    bootstrap : BootstrapOptions, optional
        Of the intervals of the walked-forward hedge; None for none.
    crises : tuple of Crisis
    """

    objective: str | Objective = "cvar per cost"
    refit: Literal["yearly", "quarterly", "monthly", "never"] = "yearly"
    train_share: float = 0.5
    shape: Shape = field(default_factory=Shape)
    options: OverlayOptions = field(default_factory=OverlayOptions)
    bootstrap: BootstrapOptions | None = field(default_factory=BootstrapOptions)
    crises: tuple[Crisis, ...] = CRISES

    def __post_init__(self) -> None:
        """Refuse a way of choosing that is none."""
        objective_of(self.objective)
        if self.refit not in REFITS:
            raise InputError(f"there is no refit {self.refit!r}{did_you_mean(str(self.refit), REFITS)} ({REFITS})")
        if not 0.0 < self.train_share < 1.0:
            raise InputError(f"train_share must lie between 0 and 1, not {self.train_share!r}; 0.5 is the default")


def choose_overlay(
    family: Family,
    grid: Mapping[str, Sequence[Any]],
    market: OverlayMarket,
    *,
    hedge: Hedge | None = None,
    signals: Signals | None = None,
    portfolio: Portfolio | None = None,
    choosing: OverlayChoosing | None = None,
) -> OverlayChoice:
    """Choose the parameters of an overlay walking forward: on the past at each refit, applied until the next.

    Every set of the grid is run as a hedge of its own. At a refit at the close of a date, the set with the largest
    objective over all steps that have ended by then takes over; its first order fills ``lag`` dates later. What changes
    hands trades and costs like any other change.

    Parameters
    ----------
    family : str, type of OverlayRule, or callable
        A rule by its name or class, or a function from the grid's keys to an :class:`OverlayPlan`, or to a
        :class:`DiversifiedPlan` of several hedges under one budget; all sets have the same hedges and budget.
    grid : mapping of str to sequence
        Values by key; ``"shape.smooth"`` and the like are stages of the shape where the family is a rule.
    market : OverlayMarket
    hedge : HedgeProgramme or PricedProgramme, optional
        What the rule sizes; needed where the family is a rule.
    signals : Signals, optional
    portfolio : Portfolio, optional
    choosing : OverlayChoosing, optional

    Returns
    -------
    OverlayChoice

    Raises
    ------
    InputError
        A grid that is empty, or whose sets differ in hedges or budget.
    DataError
        Fewer than 60 steps before the first choice, or none after it.
    """
    choosing, portfolio = choosing or OverlayChoosing(), portfolio or Portfolio()
    sets = parameter_sets(grid)
    known = () if signals is None else tuple(signals.values)
    plans = plans_of(family, sets, hedge, choosing.shape, known)
    setting = Setting.of({"": plans[0]}, market, signals, portfolio, choosing.options)
    first = setting.run(OverlayPlan(Nothing(needs_of(plans)), parts_of(plans[0])[0].hedge))
    setting = replace(setting, signals=first.run.signals)
    period = JudgedPeriod.of(first, choosing.crises)
    orders, rebalanced = _orders(plans, first)
    pnl = _hedge_pnl(orders, rebalanced, setting, plans[0])
    returns = period.unhedged + settled(pnl, period.cash) / period.portfolio
    start = _first_row(orders, choosing, period)
    refits = refit_rows(market.dates, start, choosing.refit)
    scores = _scores(returns, period, _from(orders, choosing.options.lag), refits, objective_of(choosing.objective))
    winners = scores.argmax(axis=1)
    result = setting.run(walked_plan(tuple(market.dates[refits]), tuple(plans[number] for number in winners)))
    return OverlayChoice(
        tuple(sets), plans, setting, choosing, result, returns, refits, winners, scores,
        _from(orders, choosing.options.lag),
    )  # fmt: skip


def refit_rows(dates: pd.DatetimeIndex, start: int, refit: str) -> IntArray:
    """Return the rows at whose close a choice is made: ``start``, then the first row of each later period."""
    if refit == "never":
        return np.array([start])
    periods = dates.to_period(PERIODS[refit]).asi8
    first = np.flatnonzero(np.diff(periods) != 0) + 1
    return np.concatenate(([start], first[first > start])).astype(np.int64)


def _orders(plans: tuple[Plan, ...], run: OverlayResult) -> tuple[FloatArray, BoolArray | None]:
    """Return what each part of every set decides by date, and whether a trigger was due, (n_sets, n_parts, n_dates).

    A rule is asked once. Dates of triggers matter under a budget only: None without one.
    """
    signals, rows = run.run.signals, run.run.signal_rows
    asked: dict[object, int] = {}
    said: list[FloatArray] = []
    parts = [part for plan in plans for part in parts_of(plan)]
    places = np.empty(len(parts), dtype=np.int64)
    for number, plan in enumerate(parts):
        key = _key(plan.rule)
        if key not in asked:
            asked[key] = len(said)
            said.append(plan.rule.multiplier(signals))
        places[number] = asked[key]
    shaped = shape_many(np.array(said)[places], signals, [part.shape for part in parts])
    by_set = (len(plans), len(parts_of(plans[0])), len(rows))
    rebalanced = None
    if budget_of(plans[0]) is not None:
        each = zip(shaped.rebalanced, parts, strict=True)
        rebalanced = np.array([due_dates(dates, part.shape, rows) for dates, part in each]).reshape(by_set)
    if len(rows) == len(signals) and (rows == np.arange(len(rows))).all():
        return shaped.multipliers.reshape(by_set), rebalanced
    return np.where(rows < 0, np.nan, shaped.multipliers[:, rows]).reshape(by_set), rebalanced


def _key(rule: OverlayRule) -> object:
    """Return what tells one rule from another: the rule itself, or which object it is where it holds a list."""
    try:
        hash(rule)
    except TypeError:
        return id(rule)
    return rule


def _hedge_pnl(orders: FloatArray, rebalanced: BoolArray | None, setting: Setting, plan: Plan) -> FloatArray:
    market, options = setting.market, setting.options
    limits = AccountLimits(
        budget_of(plan),
        market.rate[:-1] * market.years[1:],
        options.lag,
        options.no_new_risk,
        options.whole_contracts,
    )
    wealth = setting.portfolio.value * market.wealth
    priced = [setting.priced_hedge(part.hedge) for part in parts_of(plan)]
    return overlay_accounts(orders, priced, wealth, limits, rebalanced=rebalanced).hedge_pnl


def _from(orders: FloatArray, lag: int) -> int:
    """Return the first step at whose end every set may have filled an order."""
    return max(int(np.isnan(orders).sum(axis=-1).max()) + lag - 1, 0)


def _first_row(orders: FloatArray, choosing: OverlayChoosing, period: JudgedPeriod) -> int:
    """Return the row of the first choice."""
    n_steps, begin = len(period.dates), _from(orders, choosing.options.lag)
    start = max(int(choosing.train_share * n_steps), 1)
    if start - begin < FEWEST_ROWS or start + choosing.options.lag >= n_steps:
        raise DataError(
            f"the first choice, on {period.dates[start - 1]:%Y-%m-%d}, has {max(start - begin, 0)} steps of every set "
            f"before it and {n_steps - start} after it; {FEWEST_ROWS} are needed before and more than the lag after: "
            "give more rows, shorter warm-ups or another train_share"
        )
    return start


def _scores(
    returns: FloatArray, period: JudgedPeriod, begin: int, refits: IntArray, objective: Objective
) -> FloatArray:
    """Return the objective of every set over the steps ended by each refit, (n_refits, n_sets)."""
    found = np.empty((len(refits), len(returns)))
    for place, row in enumerate(refits):
        cut = slice(begin, row)  # step k ends at row k + 1: the last one of the cut ends at the close of the choice
        found[place] = objective(returns[:, cut], Steps(period.unhedged[cut], period.cash[cut], period.days[cut]))
    if not np.isfinite(found).all():
        place, number = np.argwhere(~np.isfinite(found))[0]
        raise DataError(
            f"the objective of set {number} is {found[place, number]} at the choice of "
            f"{period.dates[refits[place] - 1]:%Y-%m-%d}; it must be a finite number for every set"
        )
    return found
