"""A simulation as one program of stages: the book, the policy, the costs, the accounts, the market, in their order.

This is what runs compiled. It takes books of European options and units on one underlying, hedged in that underlying;
everything else runs through :mod:`hedgerow.engine.loop.book_loop`, with the same meaning.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.costs import CostModel, CostTerms
from hedgerow.engine.compiled import account_rules as accounts, book_rules as rules
from hedgerow.engine.compiled.book_numbers import (
    one_option_numbers,
    payoff_numbers,
    resolved_by,
    sum_numbers,
    table_range,
)
from hedgerow.engine.compiled.book_sums import payoffs, sum_figures, sum_target, sum_target_gamma
from hedgerow.engine.compiled.book_table import NODES, tabulated
from hedgerow.engine.compiled.legs import Legs
from hedgerow.kernels.merging import merged
from hedgerow.kernels.rules import Stage
from hedgerow.market.time_grid import TimeGrid
from hedgerow.policies import EveryPeriods, Policy, PolicyTerms, RulePolicy
from hedgerow.scenarios import Scenario

DIRECT_LEGS = 4
"""Options up to which a sum is never slower than a table."""
TABLE_STEPS = 4_000
"""Steps up to which a table, 32 kB a step, is small beside the paths."""


@dataclass(frozen=True)
class Following:
    """What is followed along every path beside the accounts.

    Attributes
    ----------
    attribution : bool
        Gains by Greek.
    drawdown : bool
        Deepest fall of wealth below its peak.
    variance : bool
        Realised variance, and cash gamma over time.
    control : bool
        The discounted excess move of the spot, as a control variate.
    """

    attribution: bool = True
    drawdown: bool = True
    variance: bool = True
    control: bool = False

    @property
    def needs_figures(self) -> bool:
        """Whether the book's Greeks at its own volatility are wanted at every step."""
        return self.attribution or self.drawdown or self.variance


@dataclass(frozen=True, eq=False)
class Simulation:
    """Everything that decides the numbers of a run.

    Attributes
    ----------
    legs : Legs
    scenario : Scenario
    volatility : float or None
        Hedging volatility; None for each option's own.
    policy : Policy
    costs : CostModel
    grid : TimeGrid
    seed : int
    lag : int
        0 or 1.
    unwind : bool
        Whether the hedge is closed at the end, at a cost.
    follow : Following
    n_paths : int
        Decides whether a table pays.
    implied : float
        Implied volatility at which the scenario starts.
    growth : float
        Growth of the expected spot per year under the scenario, for a control variate.
    """

    legs: Legs
    scenario: Scenario
    volatility: float | None
    policy: Policy
    costs: CostModel
    grid: TimeGrid
    seed: int
    lag: int = 0
    unwind: bool = False
    follow: Following = field(default_factory=Following)
    n_paths: int = 1
    implied: float = 0.0
    growth: float = 0.0

    @property
    def n_steps(self) -> int:
        """Number of steps."""
        return self.grid.n_steps

    @cached_property
    def moves_implied(self) -> bool:
        """Whether the scenario moves implied volatility."""
        stages = self.scenario.stages(self.grid, self.seed) or ()
        return any("implied" in stage.writes and stage.on is None for stage in stages)

    @property
    def mirrored(self) -> bool:
        """Whether paths 2k and 2k + 1 share their draws."""
        return bool(getattr(self.scenario, "antithetic", False))

    def policy_terms(self) -> PolicyTerms:
        """Return the clock, size and costs that the policy's numbers depend on."""
        return PolicyTerms(
            grid=self.grid,
            size=self.legs.size,
            years_left=self.legs.years_left(),
            rate=self.legs.rate,
            cost_rate=self.costs.one_way_rate(self.legs.spot, 1.0),
            dividend_yield=self.legs.carry,
            strike=self.legs.one_strike,
        )

    @cached_property
    def gamma_row(self) -> str:
        """Row with the gamma that policies see: at the hedging volatility, as the target is."""
        own = self.follow.needs_figures or self.moves_implied
        return "hedge_gamma" if own and self.volatility is not None else "gamma"


@dataclass(frozen=True, eq=False)
class Parts:
    """The stages of a step in four pieces; a policy that is no rule stands between the first two.

    Attributes
    ----------
    before, after : tuple of Stage
        Up to the policy, and from it on.
    policy : tuple of Stage or None
        None where the policy is NumPy.
    labels : tuple of str
        Labels of costs.
    """

    before: tuple[Stage, ...]
    policy: tuple[Stage, ...] | None
    after: tuple[Stage, ...]
    labels: tuple[str, ...]

    @property
    def stages(self) -> tuple[Stage, ...]:
        """All stages in order."""
        return (*self.before, *(self.policy or ()), *self.after)


def build(run: Simulation) -> Parts:
    """Return the program of a simulation."""
    policy = _policy_stages(run)
    trading, labels = _trading(run)
    later = tuple(stage for part in (policy or (), trading) for stage in part)
    wanted = {"gamma" if name == run.gamma_row else name for stage in later for name in stage.reads}
    if policy is None:
        wanted |= {"gamma", "log_gamma"}
    book = tuple(_book(run, wanted))
    remember, wait = _memory(run, wanted, policy is None)
    traded, earned = (*trading, *remember), (*wait, *_accruing(run))
    if run.lag == 0:
        if run.policy == EveryPeriods(1):  # one copy: no stage of its own
            policy, traded = (), (*(policy or ()), *traded)
        return Parts(book, policy, (*merged(traded), *earned, *_moving(run)), labels)
    ready = Stage(accounts.follow_target, rows={"target": "pending"})
    decided = Stage(accounts.follow_target, rows={"target": "holding", "holding": "pending"})
    return Parts((*merged((ready, *traded)), *book), policy, (decided, *earned, *_moving(run)), labels)


def _policy_stages(run: Simulation) -> tuple[Stage, ...] | None:
    if not isinstance(run.policy, RulePolicy):
        return None
    if run.policy == EveryPeriods(1):
        return (Stage(accounts.follow_target),)
    stages = run.policy.stages(run.policy_terms())
    if run.gamma_row != "gamma":
        stages = tuple(replace(stage, rows={"gamma": run.gamma_row, **stage.rows}) for stage in stages)
    return merged((*stages, Stage(accounts.chosen, {"idle": run.legs.idle()})))


def _trading(run: Simulation, on: Any = None) -> tuple[tuple[Stage, ...], tuple[str, ...]]:
    """Return the stages that trade from ``held`` to ``holding`` and pay for it, and the labels of costs."""
    charges = run.costs.stages(CostTerms(1.0))
    if charges is None:
        raise TypeError(f"{run.costs!r} has no stages")
    rows = dict.fromkeys(name for stage in charges for name in stage.writes)
    labels = tuple(name.removeprefix("cost_") for name in rows)
    stages = [Stage(accounts.units_traded, {"least": accounts.LEAST_TRADE * run.legs.size}, on=on)]
    stages += [Stage(accounts.nothing_paid, rows={"paid": name}, on=on) for name in rows]
    stages += [Stage(each.rule, each.values, each.rows, on, each.table) for each in charges]
    for number, label in enumerate(labels):
        bound = {"paid": f"cost_{label}", "total": f"total_{label}"}
        stages.append(Stage(accounts.further_fee if number else accounts.first_fee, rows=bound, on=on))
    stages.append(Stage(accounts.trade if labels else accounts.trade_free, on=on))
    return tuple(stages), labels


def _book(run: Simulation, wanted: set[str]) -> Iterator[Stage]:
    """Yield the stages that say what the book is worth and what would hedge it."""
    legs, follow = run.legs, run.follow
    own = follow.needs_figures or run.moves_implied
    gammas = wanted & {"gamma", "log_gamma"}
    if not own or run.volatility is not None:
        yield from _one_target(run, gammas) if _is_one_option(legs) else _sum_target(run, gammas)
    if not own:
        return
    if _is_one_option(legs) and not run.moves_implied:
        valued = follow.drawdown or legs.rate or legs.carry
        rule = rules.option_figures if valued else rules.option_greeks
        yield Stage(rule, one_option_numbers(legs, None, rule.parameters))
    else:
        yield Stage(sum_figures, table=sum_numbers(legs, None, run.implied))
    if run.volatility is None:
        logarithm = (Stage(rules.log_of_gamma),) if "log_gamma" in gammas else ()
        yield from merged((Stage(rules.target_of_delta), *logarithm))


def _one_target(run: Simulation, gammas: set[str]) -> Iterator[Stage]:
    rule = rules.option_target_gamma if gammas else rules.option_target
    yield Stage(rule, one_option_numbers(run.legs, run.volatility, rule.parameters))
    if "gamma" in gammas:
        yield Stage(rules.gamma_of_log, {"sign": float(np.sign(run.legs.weight[0]))}, {"gamma": run.gamma_row})


def _sum_target(run: Simulation, gammas: set[str]) -> Iterator[Stage]:
    """Yield the target of many legs; their gamma takes the row of the book's own, which comes after it."""
    legs, numbers = run.legs, sum_numbers(run.legs, run.volatility, 0.0)
    by_table = np.zeros(run.n_steps, dtype=np.bool_)
    many = int((legs.sign != 0.0).sum()) > DIRECT_LEGS and run.n_paths > 2 * NODES
    if many and run.n_steps <= TABLE_STEPS:
        low, high = table_range(legs, run.volatility)
        by_table = resolved_by(legs, run.volatility, (high - low) / (NODES - 1))
    if by_table.any():
        yield replace(tabulated(numbers, low, high, with_gamma=bool(gammas)), on=by_table)
    if not by_table.all():
        yield Stage(sum_target_gamma if gammas else sum_target, table=numbers, on=~by_table)
    if "log_gamma" in gammas:
        yield Stage(rules.log_of_gamma)
    if gammas and run.gamma_row != "gamma":
        yield Stage(accounts.gamma_of_hedge)


def _is_one_option(legs: Legs) -> bool:
    return len(legs.sign) == 1 and bool(legs.sign[0] != 0.0)


def _memory(run: Simulation, wanted: set[str], everything: bool) -> tuple[tuple[Stage, ...], tuple[Stage, ...]]:
    """Return the stages that remember the last trade, and let the time since pass, where the policy asks for it."""
    known = {"waited", "last_spot", "last_implied"}
    if not everything and not wanted & known:
        return (), ()
    return (Stage(accounts.remember),), (Stage(accounts.wait, {"years": run.grid.steps}),)


def _accruing(run: Simulation) -> Iterator[Stage]:
    """Yield the stages of what is held over the step: its fall from the peak, interest, carry."""
    legs, years = run.legs, run.grid.steps
    if run.follow.drawdown:
        yield Stage(accounts.fall_from_peak)
    if legs.rate:
        yield Stage(accounts.interest, {"growth": np.expm1(legs.rate * years)})
    if legs.carry:
        yield Stage(accounts.dividends, {"growth": np.expm1(legs.carry * years), "units": legs.units})


def _moving(run: Simulation) -> Iterator[Stage]:
    """Yield the stages of the step itself: the market's move, gains, attribution, payoffs."""
    yield from run.scenario.stages(run.grid, run.seed) or ()
    yield from merged((Stage(accounts.gain), *_explaining(run)))
    yield from _expiring(run)
    yield from _closing(run)


def _explaining(run: Simulation) -> Iterator[Stage]:
    years = run.grid.steps
    if run.follow.attribution:
        yield Stage(accounts.explain_step, {"years": years})
        if run.moves_implied:
            yield Stage(accounts.explain_volatility)
    if run.follow.variance:
        yield Stage(accounts.weigh_variance, {"years": years})
    if run.follow.control:
        drift = run.growth
        since = run.grid.years[1:]
        numbers = {"growth": np.exp(drift * years), "discount": np.exp(-drift * since)}
        yield Stage(accounts.control_of_spot, numbers)


def _expiring(run: Simulation) -> Iterator[Stage]:
    """Yield the settlement of options that expire."""
    ends = np.asarray(run.legs.expiring.any(axis=1))
    if ends.any():
        table = payoff_numbers(run.legs)
        if _is_one_option(run.legs):
            names = ("weight", "sign", "strike")
            values = {name: float(getattr(run.legs, name)[0]) for name in names}
            yield Stage(rules.payoff_value, values, on=ends)
        else:
            yield Stage(payoffs, table=table, on=ends)
        yield Stage(accounts.settle_payoff, on=ends)


def _closing(run: Simulation) -> Iterator[Stage]:
    """Yield what happens at the last moment only: the hedge is closed if asked, what is left of the book is valued."""
    last = np.arange(run.n_steps) == run.n_steps - 1
    if run.unwind:
        yield Stage(rules.nothing_held, on=last)
        yield from merged(_trading(run, last)[0])
    table = sum_numbers(run.legs, None, run.implied, times=(run.n_steps,))
    if table[-1, 0] or table[-1, 1]:
        yield Stage(sum_figures, table=table, on=last)
    else:
        yield Stage(rules.nothing_left, on=last)
    if run.follow.drawdown:
        yield Stage(accounts.fall_from_peak, on=last)


def start_rows(run: Simulation) -> dict[str, float]:
    """Return the rows that do not start at 0."""
    spot = run.legs.spot
    value = book_value(run.legs)
    return {
        "spot": spot,
        "log_spot": float(np.log(spot)),
        "spot_before": spot,
        "implied": run.implied,
        "implied_before": run.implied,
        "last_spot": spot,
        "last_implied": run.implied,
        "cash": -value,
        "value": value,
        **run.scenario.start_rows(run.grid),
    }


def book_value(legs: Legs) -> float:
    """Return what the legs are worth at the start, each at its own volatility."""
    row = sum_numbers(legs, None, 0.0, times=(0,))[0]
    spot: FloatArray = np.array([legs.spot])
    return float(sum_figures.definition(row, np.log(spot), spot, np.zeros(1))[0][0])
