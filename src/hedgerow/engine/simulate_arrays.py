"""A simulation in the array form: whatever the compiled engine does not take, with the same meaning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from hedgerow.costs import CostModel
from hedgerow.engine.loop.array_runs import ArrayRuns, paths_per_chunk
from hedgerow.engine.loop.book_loop import run_book
from hedgerow.engine.loop.book_run import BookExecution, BookRun
from hedgerow.engine.loop.rolls import rolled_months, successors
from hedgerow.engine.result import RunFacts, SimulationResult
from hedgerow.hedgers import BookHedger
from hedgerow.instruments import Book
from hedgerow.policies import Policy
from hedgerow.scenarios import Scenario


@dataclass(frozen=True, eq=False)
class PathRuns:
    """Draws paths ``first`` to ``first + count - 1`` and runs them; an object, so that results travel by pickle."""

    book: Book
    scenario: Scenario
    parts: tuple[BookHedger, Policy, CostModel]
    facts: RunFacts
    execution: BookExecution

    def __call__(self, first: int, count: int) -> BookRun:
        """Return the run of ``count`` paths from number ``first`` on."""
        hedger, policy, costs = self.parts
        paths = self.scenario.draw(self.facts.grid, count, self.facts.seed, first)
        return run_book(paths, self.book, hedger, policy, costs, self.execution)


def array_runs(
    book: Book,
    scenario: Scenario,
    parts: tuple[BookHedger, Policy, CostModel],
    facts: RunFacts,
    execution: BookExecution,
) -> ArrayRuns:
    """Return what runs any paths of a simulation in the array form, with every position in the ledger.

    Parameters
    ----------
    book : Book
    scenario : Scenario
    parts : tuple
        Hedger, policy and costs.
    facts : RunFacts
        Seed and grid.
    execution : BookExecution
    """
    run = PathRuns(book, scenario, parts, facts, execution)
    mirrored = bool(getattr(scenario, "antithetic", False))
    months = rolled_months(execution.exits, is_programme=False)
    rolled = len(successors(book.positions, months, facts.grid)[0]) if months else 0
    n_instruments = len(book) + rolled + len(parts[0].hedges(book))
    return ArrayRuns(run, paths_per_chunk(n_instruments, facts.grid.n_steps), mirrored)


def simulate_arrays(
    runs: ArrayRuns, facts: RunFacts, *, keeps_paths: bool = True, progress: Callable[[float], None] | None = None
) -> SimulationResult:
    """Return the result of running every path through :func:`~hedgerow.engine.loop.book_loop.run_book`."""
    gathered = runs.statistics(facts.n_paths, keeps_paths=keeps_paths, progress=progress)
    return SimulationResult(replace(facts, how="arrays"), gathered, runs)
