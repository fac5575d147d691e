"""Decide, trade, earn for a book of options on all paths at once: the array form of the loop.

What is decided at time t is traded at t + lag and earns from there. Positions that expire are settled at their payoff;
the accounts are kept a second time, and checked, by :func:`hedgerow.ledger.record`.

>>> import numpy as np
>>> from hedgerow.costs import HalfSpread
>>> from hedgerow.hedgers import DeltaHedger
>>> from hedgerow.instruments import Book, EuropeanOption, MarketState, Underlying
>>> from hedgerow.market.time_grid import TimeGrid
>>> from hedgerow.policies import EveryPeriods
>>> from hedgerow.scenarios.paths import MarketPaths
>>> start = MarketState("2026-11-20", {"X": Underlying(100.0, 0.2)})
>>> grid = TimeGrid.even("2026-11-20 16:00", "2026-12-20 16:00", 3)
>>> spots = np.array([100.0, 103.0, 101.0, 106.0]).reshape(1, 4, 1)
>>> paths = MarketPaths(start, grid, ("X",), spots, np.full_like(spots, 0.2))
>>> book = Book([(EuropeanOption("X", "call", 100.0, "2026-12-20"), -10.0)])
>>> run = run_book(paths, book, DeltaHedger(), EveryPeriods(1), HalfSpread(1.0))
>>> {name: round(float(money.sum()), 2) for name, money in run.lines().items()}
{'book': -37.13, 'hedge': 31.69, 'financing': 0.0, 'cost half_spread': -0.09}
"""

from __future__ import annotations

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.costs import CostModel, no_costs
from hedgerow.engine.loop.book_account import BookAccount
from hedgerow.engine.loop.book_decisions import Decisions
from hedgerow.engine.loop.book_exits import BookExits
from hedgerow.engine.loop.book_marks import priced
from hedgerow.engine.loop.book_pricing import BookMarket
from hedgerow.engine.loop.book_refusals import require_contracts
from hedgerow.engine.loop.book_run import BookExecution, BookRun
from hedgerow.engine.loop.book_schedule import Schedule, schedule
from hedgerow.engine.loop.programme import Programme, collected
from hedgerow.engine.loop.rolls import rolled_months, successors
from hedgerow.errors import InputError
from hedgerow.hedgers.book_hedger import BookHedger
from hedgerow.instruments import Book, Instrument
from hedgerow.instruments.model import Model
from hedgerow.ledger import record
from hedgerow.limits.exits import ExitRule
from hedgerow.policies import EveryPeriods, Policy
from hedgerow.scenarios.paths import MarketPaths


def run_book(
    paths: MarketPaths,
    book: Book | Programme,
    hedger: BookHedger,
    policy: Policy | None = None,
    costs: CostModel | None = None,
    options: BookExecution | None = None,
) -> BookRun:
    """Run a book, or a programme that trades one, over market paths.

    Parameters
    ----------
    paths : MarketPaths
        Of one or more underlyings.
    book : Book or Programme
        Spot, futures, forwards, European, American and digital options. Barrier and Asian options and variance swaps
        are refused: their value depends on the path behind them. An American option is exercised at the first moment
        at which it is worth no more than its payoff. A position settles at the first moment of the grid at or after
        its expiry. A programme needs a market of one path.
    hedger : BookHedger
    policy : Policy, optional
        When to trade; every step unless said.
    costs : CostModel, optional
        Of hedge trades; nothing unless said.
    options : BookExecution, optional

    Returns
    -------
    BookRun

    Raises
    ------
    InputError
        For zero paths, an underlying that the market lacks, what expires before the start, instruments that are
        refused, targets or holdings of a wrong shape or that are no numbers.
    AccountsError
        Where the accounts do not close.
    """
    options = options or BookExecution()
    _check(paths)
    plan, hedges = _plan(paths, book, hedger, options.exits)
    require_contracts(costs or no_costs(), hedges)
    market = BookMarket(paths, plan, Model.of(options.model))
    account = BookAccount(priced(market, options.names), costs or no_costs(), options)
    exits = None if options.exits is None else BookExits(account, options.exits)
    decisions = Decisions(account, hedger, policy or EveryPeriods(1), hedges, exits)
    orders: list[FloatArray] = []
    for step in range(plan.grid.n_steps):
        account.arrive(step)
        if exits is not None:
            exits.trade(step)
        if options.lag and step >= options.lag:
            account.trade_hedges(step, orders[step - options.lag])
        if exits is not None:
            exits.decide(step)
        orders.append(decisions.order(step))
        if not options.lag:
            account.trade_hedges(step, orders[step])
        account.close(step)
    account.finish()
    return _finished(account, decisions)


def _check(paths: MarketPaths) -> None:
    """Refuse paths that are none, of a wrong shape or not finite."""
    if paths.n_paths == 0:
        raise InputError("there are 0 paths; draw one or more")
    shape = (paths.n_paths, paths.grid.n_steps + 1, len(paths.underlyings))
    for name, values in (("spots", paths.spots), ("vols", paths.vols)):
        if values.shape != shape:
            raise InputError(f"{name} of market paths must have shape {shape}, not {values.shape}")
        wrong = np.argwhere(~np.isfinite(values))
        if len(wrong):
            path, time, code = wrong[0]
            raise InputError(
                f"{name} of {paths.underlyings[code]!r} on path {path} at {paths.grid.times[time]} is "
                f"{values[path, time, code]}; every price and volatility must be a finite number"
            )


def _plan(
    paths: MarketPaths, book: Book | Programme, hedger: BookHedger, exits: ExitRule | None
) -> tuple[Schedule, tuple[Instrument, ...]]:
    if isinstance(book, Programme):
        if paths.n_paths != 1:
            raise InputError(
                f"a programme decides from one path, not {paths.n_paths}; run it path by path, or give a Book"
            )
        positions, starts = collected(book, paths.grid, paths.underlyings, paths.spots[0], paths.vols[0])
        known = Book([each for each, start in zip(positions, starts, strict=True) if start == starts[0]])
    else:
        positions, known = list(book.positions), book
        starts = [0] * len(positions)
    hedges = tuple(hedger.hedges(known))
    closes = [book.closes(each.instrument) for each in positions] if isinstance(book, Programme) else None
    months = rolled_months(exits, is_programme=isinstance(book, Programme))
    rolled, follows = successors(positions, months, paths.grid) if months else ([], [])
    starts = [*starts, *(1 for _ in rolled)]
    return schedule([*positions, *rolled], starts, hedges, paths.grid, closes, follows), hedges


def _finished(account: BookAccount, decisions: Decisions) -> BookRun:
    places = account.places
    ledger = record(
        account.terms(),
        account.holdings,
        account.endowment,
        account.costs,
        rate=account.growth,
        flows=account.flows,
        lag=account.options.lag,
    )
    market = places.market
    return BookRun(
        ledger,
        places.marks(),
        places.figures,
        market.schedule,
        decisions.targets,
        tuple(decisions.reasons),
        market.paths.synthetic,
        None if decisions.exits is None else decisions.exits.log(),
    )
