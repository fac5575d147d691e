"""Run a simulate study."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from hedgerow.study.hedging.book import book_of, check_book, horizon_of, market_of, steps_of
from hedgerow.study.hedging.outcome import HedgeOutcome
from hedgerow.study.hedging.registries import costs_of, exits_of, hedger_of, policy_of, scenario_of
from hedgerow.study.hedging.sentences import account_warnings, band_warnings, market_warnings
from hedgerow.study.hedging.smiles import marked
from hedgerow.study.simulate.words import SimulateStudy

Progress = Callable[[str, float], None]


def run_simulate_study(
    study: SimulateStudy, folder: str | Path = ".", *, progress: Progress | None = None
) -> HedgeOutcome:
    """Hedge a book on drawn paths.

    Parameters
    ----------
    study : SimulateStudy
    folder : path
        Where relative file names start.
    progress : callable, optional
        Called with a name and the share done, 0 to 1.

    Returns
    -------
    HedgeOutcome

    Raises
    ------
    HedgerowError
        One sentence where the study cannot be run.
    """
    from hedgerow.engine import SimulateOptions, simulate

    market = market_of(study.market)
    book = book_of(study.book, Path(folder))
    check_book(book, market, study.until)
    scenario = scenario_of(study.scenario, market, Path(folder))
    result = simulate(
        book,
        scenario=scenario,
        hedger=hedger_of(study.hedger),
        policy=policy_of(study.policy),
        costs=costs_of(study.costs),
        n_paths=study.paths,
        n_steps=steps_of(study, book, market),
        seed=study.seed,
        options=SimulateOptions(
            horizon=horizon_of(book, study.until),
            lag=study.lag,
            option_costs=costs_of(study.option_costs),
            exits=exits_of(study.exits),
            threads=study.workers,
            progress=None if progress is None else lambda share: progress("simulate", share),
        ),
    )
    outcome = HedgeOutcome(study, result, book, marked(market, scenario))
    _ = outcome.claims  # a claim about a figure that is not there is refused before a report is written
    return replace(
        outcome,
        warnings=(*market_warnings(market), *result.warnings, *band_warnings(outcome), *account_warnings(outcome)),
    )
