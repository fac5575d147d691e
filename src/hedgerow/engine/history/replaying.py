"""Hedge a book along what really happened: the one call."""

from __future__ import annotations

from dataclasses import dataclass

from hedgerow.costs import CostModel
from hedgerow.engine.history.replay_book import replay_book
from hedgerow.engine.history.replay_market import ReplayMarket
from hedgerow.engine.loop.array_runs import ArrayRuns
from hedgerow.engine.loop.book_run import BookExecution, BookRun
from hedgerow.engine.loop.programme import Programme
from hedgerow.engine.parts import as_code, checked, checked_book, checked_market, checked_parts
from hedgerow.engine.result import RunFacts, SimulationResult
from hedgerow.hedgers import BookHedger
from hedgerow.instruments import Book
from hedgerow.policies import Policy


@dataclass(frozen=True, eq=False)
class _OnlyPath:
    """The one run of a history, whatever path is asked for."""

    run: BookRun

    def __call__(self, _first: int, _count: int) -> BookRun:
        """Return it."""
        return self.run


def replay(
    book: Book | Programme,
    market: ReplayMarket,
    *,
    hedger: BookHedger | None = None,
    policy: Policy | None = None,
    costs: CostModel | None = None,
    options: BookExecution | None = None,
) -> SimulationResult:
    """Replay a book, or a programme that trades one, on a history; the result is that of a simulation of one path.

    Parameters
    ----------
    book : Book or Programme
        A programme such as :class:`~hedgerow.engine.RollingBook` decides at each moment from the past alone.
    market : ReplayMarket
    hedger : BookHedger, optional
        What to hold; :class:`~hedgerow.hedgers.DeltaHedger` unless said.
    policy : Policy, optional
        When to trade; every step unless said.
    costs : CostModel, optional
        What trading the hedge costs; nothing unless said.
    options : BookExecution, optional
        With a lag of 1 unless given: what is decided at a close trades at the next.

    Returns
    -------
    SimulationResult
        One path: standard errors are NaN, since one history says nothing of them; :meth:`SimulationResult.by_year`
        and :meth:`SimulationResult.explained` show more of it.

    Raises
    ------
    InputError, DataError
        As :func:`~hedgerow.engine.run_book` and :meth:`~hedgerow.engine.ReplayMarket.paths`.
    """
    hedger, policy, costs = checked_parts(hedger, policy, costs)
    book, market = book if isinstance(book, Programme) else checked_book(book), checked_market(market)
    execution = (
        BookExecution(lag=1) if options is None else checked("options", options, BookExecution, "BookExecution(lag=1)")
    )
    run = replay_book(book, market, hedger=hedger, policy=policy, costs=costs, options=execution)
    words = {"scenario": "history", "hedger": as_code(hedger), "policy": as_code(policy), "costs": as_code(costs)}
    facts = RunFacts(
        how="arrays",
        reason="a history is one path",
        n_paths=1,
        seed=0,
        lag=execution.lag,
        grid=run.schedule.grid,
        words=words,
        synthetic=run.synthetic,
        gross_notional=run.ledger.gross_notional,
    )
    runs = ArrayRuns(_OnlyPath(run), 1)
    return SimulationResult(facts, runs.statistics(1, keeps_paths=True, progress=None), runs)
