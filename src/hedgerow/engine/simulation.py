"""Hedge a book along simulated paths: the one call."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hedgerow.costs import CostModel
from hedgerow.engine.compiled.book_numbers import LEAST_VOLATILITY
from hedgerow.engine.compiled.fused import Following, Simulation
from hedgerow.engine.compiled.legs import fused_reason, legs_of
from hedgerow.engine.compiled.montecarlo import MonteCarlo
from hedgerow.engine.loop.book_refusals import require_contracts, require_runnable, require_settlements
from hedgerow.engine.loop.book_run import BookExecution
from hedgerow.engine.parts import as_code, checked, checked_book, checked_parts, checked_scenario, checked_whole
from hedgerow.engine.result import RunFacts, SimulationResult
from hedgerow.engine.simulate_arrays import array_runs, simulate_arrays
from hedgerow.engine.simulate_options import SimulateOptions
from hedgerow.engine.simulation_times import spacing_note, time_grid
from hedgerow.errors import InputError
from hedgerow.hedgers import BookHedger, DeltaHedger
from hedgerow.instruments import Book, Instrument, Position
from hedgerow.market.time_grid import TimeGrid
from hedgerow.policies import Policy
from hedgerow.scenarios import Scenario

_OPTIONS = "SimulateOptions(lag=1)"


def simulate(
    book: Book | Sequence[Position | tuple[Instrument, float]],
    *,
    scenario: Scenario,
    hedger: BookHedger | None = None,
    policy: Policy | None = None,
    costs: CostModel | None = None,
    n_paths: int = 10_000,
    n_steps: int | None = None,
    seed: int = 0,
    options: SimulateOptions | None = None,
) -> SimulationResult:
    """Hedge a book along simulated paths and return its P&L with the accounts behind it.

    The book is bought (sold where short) at its model value at the start, its premium in cash; what expires is settled
    in cash; the hedge stands at the spot at the end. P&L is the final wealth of an account that began with nothing.

    Parameters
    ----------
    book : Book, or sequence of (Instrument, quantity)
        What is hedged; a named combination such as :func:`~hedgerow.instruments.straddle` can be given as it is.
    scenario : Scenario
        Where paths come from; it holds the market at the start.
    hedger : BookHedger, optional
        What to hold; :class:`~hedgerow.hedgers.DeltaHedger` at the options' own volatilities unless said.
    policy : Policy, optional
        When to trade; at every step unless said.
    costs : CostModel, optional
        What trading the hedge costs; nothing unless said.
    n_paths, n_steps : int
        Paths, and even steps of calendar time up to the horizon, which take in the expiries between; the closes of
        weekdays unless said.
    seed : int
        With the number of a path it decides every random number of it.
    options : SimulateOptions, optional

    Returns
    -------
    SimulationResult

    Raises
    ------
    InputError
        For zero paths or steps, an expiry before the start, an underlying that the market lacks, a policy or hedger
        that answers with something that is no holding.
    AccountsError
        Where the law of the accounts is broken on any path.

    Examples
    --------
    >>> from hedgerow.instruments import Book, EuropeanOption, MarketState, Underlying
    >>> from hedgerow.scenarios import GBM
    >>> from hedgerow.policies import Band
    >>> market = MarketState("2026-11-20", {"XYZ": Underlying(100.0, 0.2)})
    >>> book = Book([(EuropeanOption("XYZ", "call", 100.0, "2027-02-19", multiplier=100), -1)])
    >>> result = simulate(book, scenario=GBM(market), policy=Band(0.05), n_paths=2000, n_steps=63, seed=1)
    >>> result.n_paths
    2000
    """
    settings = SimulateOptions() if options is None else checked("options", options, SimulateOptions, _OPTIONS)
    hedger, policy, costs = checked_parts(hedger, policy, costs)
    book, scenario, n_paths = checked_book(book), checked_scenario(scenario), checked_whole("n_paths", n_paths)
    market = scenario.market
    require_runnable(book, market)
    require_contracts(costs, hedger.hedges(book))
    _require_moving_smile(scenario, book)
    grid = settings.times or time_grid(book, market, n_steps, settings.horizon)
    require_settlements(book.columns, grid)
    facts = _facts((scenario, hedger, policy, costs), grid, settings, n_paths=n_paths, seed=seed)
    facts = replace(facts, reason=_array_reason(book, scenario, hedger, costs, grid) or settings.array_reason)
    if settings.control_variate:
        _require_known_mean(scenario, facts.reason)
    execution = BookExecution(
        lag=settings.lag,
        unwind=settings.unwind,
        account=settings.account,
        option_costs=settings.option_costs,
        model=settings.model,
        exits=settings.exits,
    )
    runs = array_runs(book, scenario, (hedger, policy, costs), facts, execution)
    keeps_paths = settings.keep == "pnl"
    if facts.reason:
        return simulate_arrays(runs, facts, keeps_paths=keeps_paths, progress=settings.progress)
    assert isinstance(hedger, DeltaHedger)  # noqa: S101 - the reason above says otherwise
    run = _compiled_run(book, scenario, (hedger, policy, costs), facts, settings)
    monte = MonteCarlo(run)
    gathered = monte.statistics(n_paths, keeps_paths=keeps_paths, progress=settings.progress, threads=settings.threads)
    facts = replace(facts, how=monte.how, gross_notional=run.legs.size * run.legs.spot)
    return SimulationResult(facts, gathered, runs)


def _facts(
    parts: tuple[Scenario, BookHedger, Policy, CostModel],
    grid: TimeGrid,
    settings: SimulateOptions,
    *,
    n_paths: int,
    seed: int,
) -> RunFacts:
    """Return how a run comes about, as far as it is known before it runs."""
    names = ("scenario", "hedger", "policy", "costs")
    return RunFacts(
        how="compiled",
        reason="",
        n_paths=n_paths,
        seed=operator.index(seed) if isinstance(seed, np.integer) else seed,
        lag=settings.lag,
        grid=grid,
        words={name: as_code(part) for name, part in zip(names, parts, strict=True)},
        notes=tuple(filter(None, (spacing_note(parts[0], grid),))),
    )


def _compiled_run(
    book: Book,
    scenario: Scenario,
    parts: tuple[DeltaHedger, Policy, CostModel],
    facts: RunFacts,
    settings: SimulateOptions,
) -> Simulation:
    """Return everything that decides the numbers of a compiled run."""
    hedger, policy, costs = parts
    name, implied = book.columns.names[0], scenario.start_rows(facts.grid).get("implied")
    return Simulation(
        legs_of(book, scenario.market, facts.grid, implied),
        scenario,
        hedger.volatility,
        policy,
        costs,
        facts.grid,
        facts.seed,
        settings.lag,
        settings.unwind,
        Following(settings.attribution, settings.drawdown, settings.variance, settings.control_variate),
        facts.n_paths,
        float(implied or 0.0),
        growth_of(scenario, name),
    )


def _require_moving_smile(scenario: Scenario, book: Book) -> None:
    """Refuse a surface of which nothing says how it moves: marking all strikes at one volatility would be silent."""
    implied = getattr(scenario, "implied", None)
    if implied is None or not implied.elementwise:
        return
    for name in book.columns.names:
        vol = scenario.market.underlying(name).vol
        if callable(vol) or hasattr(vol, "volatility"):
            raise InputError(
                f"the volatility of {name!r} is a surface, and {type(scenario).__name__} marks every strike at one "
                "number; say how the surface moves: implied=StickyStrike(surface) or StickyDelta(surface)"
            )


def _require_known_mean(scenario: Scenario, reason: str) -> None:
    """Refuse a control variate where its mean is not known, or where nothing would follow it."""
    if getattr(scenario, "antithetic", False):
        raise InputError("control_variate and antithetic both cancel the moves of the spot; choose one of them")
    if not getattr(scenario, "grows_as_said", False):
        raise InputError(
            f"control_variate needs a spot whose growth is known, and {type(scenario).__name__} as given says none; "
            "leave it out, or take a scenario with one drift"
        )
    if reason:
        raise InputError(f"control_variate is followed in compiled runs alone, and {reason}; leave it out")


def growth_of(scenario: Scenario, name: str) -> float:
    """Return the growth of the expected spot per year that a control variate takes for granted."""
    grows = getattr(scenario, "growth_of", None)
    return float(grows(name)) if grows is not None else 0.0


def _array_reason(book: Book, scenario: Scenario, hedger: BookHedger, costs: CostModel, grid: TimeGrid) -> str:
    """Return why a run cannot be compiled, as a clause; empty where it can."""
    from hedgerow.costs import CostTerms

    reason = fused_reason(book, scenario.market)
    if reason:
        return reason
    if type(hedger) is not DeltaHedger or hedger != DeltaHedger(volatility=hedger.volatility):
        return f"the hedger {as_code(hedger)} is written for arrays"
    if costs.stages(CostTerms(1.0)) is None:
        return f"the costs {as_code(costs)} are written for arrays"
    if not scenario.has_stages:
        return f"the scenario {type(scenario).__name__} is written for arrays"
    marks = (scenario.start_rows(grid).get("implied"), *book.columns.mark)
    if any(mark is not None and mark < LEAST_VOLATILITY for mark in marks):
        return f"an implied volatility below {LEAST_VOLATILITY:g} is written for arrays"
    return ""
