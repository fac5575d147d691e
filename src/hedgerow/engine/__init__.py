"""The only place where the parts meet: the loop from decision to ledger."""

from __future__ import annotations

from hedgerow.engine.history.historical import Execution, LinearMarket, replay_targets, run_history
from hedgerow.engine.history.replay_book import replay_book
from hedgerow.engine.history.replay_market import ReplayMarket, ReplayUnderlying
from hedgerow.engine.history.replay_paths import ReplayPaths
from hedgerow.engine.history.replaying import replay
from hedgerow.engine.history.rolling_book import Leg, RollingBook
from hedgerow.engine.loop.book_loop import run_book
from hedgerow.engine.loop.book_run import BookExecution, BookRun
from hedgerow.engine.loop.programme import Programme, ProgrammeView
from hedgerow.engine.result import RunFacts, SimulationResult
from hedgerow.engine.simulate_options import SimulateOptions
from hedgerow.engine.simulation import simulate

__all__ = [
    "BookExecution",
    "BookRun",
    "Execution",
    "Leg",
    "LinearMarket",
    "Programme",
    "ProgrammeView",
    "ReplayMarket",
    "ReplayPaths",
    "ReplayUnderlying",
    "RollingBook",
    "RunFacts",
    "SimulateOptions",
    "SimulationResult",
    "replay",
    "replay_book",
    "replay_targets",
    "run_book",
    "run_history",
    "simulate",
]
