"""Run a replay study."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from hedgerow.errors import DataError, InputError
from hedgerow.instruments import Book
from hedgerow.market.time_grid import TimeGrid
from hedgerow.study.hedging.book import book_of, check_book
from hedgerow.study.hedging.outcome import HedgeOutcome
from hedgerow.study.hedging.registries import costs_of, exits_of, hedger_of, policy_of
from hedgerow.study.hedging.sentences import account_warnings, band_warnings, market_warnings
from hedgerow.study.replay.market import market_of_history, start_of
from hedgerow.study.replay.words import ReplayStudy

if TYPE_CHECKING:
    from hedgerow.engine import Programme, ReplayMarket, SimulationResult

Progress = Callable[[str, float], None]


def run_replay_study(study: ReplayStudy, folder: str | Path = ".", *, progress: Progress | None = None) -> HedgeOutcome:
    """Hedge a book, or a programme, on prices as they were.

    Parameters
    ----------
    study : ReplayStudy
    folder : path
        Where relative file names start.
    progress : callable, optional
        Called with a name and the share done, 0 to 1.

    Returns
    -------
    HedgeOutcome
        Of one path; beside it the same at lag 0 where the study has another lag.

    Raises
    ------
    HedgerowError
        One sentence where the study cannot be run.
    """
    market, notes = market_of_history(study, Path(folder))
    paths = market.paths()
    start = start_of(market)
    if study.lag >= paths.grid.n_steps:
        raise InputError(
            f"a lag of {study.lag} steps lets nothing be traded in {paths.grid.n_steps} steps; take a shorter lag, or "
            "more dates"
        )
    held = held_of(study, Path(folder))
    if isinstance(held, Book):
        check_book(held, start, None)
    result = replayed(study, held, market, study.lag)
    if progress is not None:
        progress("replay", 0.5 if study.lag else 1.0)
    beside = {"lag 0": replayed(study, held, market, 0)} if study.lag else {}
    if progress is not None:
        progress("replay", 1.0)
    outcome = HedgeOutcome(
        study, result, held if isinstance(held, Book) else first_book(held, market), start, (), beside
    )
    _ = outcome.claims  # a claim about a figure that is not there is refused before a report is written
    return replace(
        outcome,
        warnings=(
            *notes,
            *_settled_later(held, paths.grid),
            *market_warnings(start),
            *result.warnings,
            *band_warnings(outcome),
            *account_warnings(outcome),
        ),
    )


def _settled_later(held: Book | Programme, grid: TimeGrid) -> list[str]:
    """Return which expiries of a book fall on no date of the data, so that a later price settles them."""
    if not isinstance(held, Book):
        return []
    expiries = sorted({pd.Timestamp(each) for each in held.columns.expiry if not pd.isna(each)})
    later = [(each, grid.times[grid.times >= each]) for each in expiries if each not in grid.times]
    return [
        f"what expires at {each} is settled at the next price of the data, {after[0]}"
        for each, after in later
        if len(after)
    ]


def held_of(study: ReplayStudy, folder: Path) -> Book | Programme:
    """Return the book of a study, or its programme."""
    if study.programme is None:
        assert study.book is not None  # noqa: S101 - the study has one of the two
        return book_of(study.book, folder)
    from hedgerow.engine import Leg, RollingBook

    words = study.programme
    legs: Mapping[str, tuple[Leg, ...]] = {
        "straddle": (Leg("call"), Leg("put")),
        "strangle": (Leg("call", 1.0 + words.width), Leg("put", 1.0 - words.width)),
        "call": (Leg("call", words.moneyness),),
        "put": (Leg("put", words.moneyness),),
    }
    return RollingBook(
        study.market.underlying,
        legs[words.combination],
        words.quantity,
        words.months,
        strike_step=words.strike_step,
        multiplier=words.multiplier,
        close_days_before_expiry=words.close_days_before_expiry,
        roll=words.roll,
    )


def first_book(programme: Any, market: ReplayMarket) -> Book:
    """Return what a programme trades at its first moment.

    Raises
    ------
    DataError
        Where it trades nothing then.
    """
    from hedgerow.engine import ProgrammeView

    paths = market.paths()
    view = ProgrammeView(0, paths.grid, paths.underlyings, paths.spots[0, :1], paths.vols[0, :1])
    orders = programme.orders(view)
    if not orders:
        raise DataError("the programme trades nothing on the first day of the data; start on another day")
    return Book(orders)


def replayed(study: ReplayStudy, held: Book | Programme, market: ReplayMarket, lag: int) -> SimulationResult:
    """Return the result of one replay at a lag."""
    from hedgerow.engine import BookExecution, replay

    return replay(
        held,
        market,
        hedger=hedger_of(study.hedger),
        policy=policy_of(study.policy),
        costs=costs_of(study.costs),
        options=BookExecution(
            lag=lag,
            option_costs=costs_of(study.option_costs),
            greeks=study.greeks,
            exits=exits_of(study.exits),
        ),
    )
