"""Markets, books and steps out of the words of a study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from hedgerow.errors import HedgerowError, InputError, did_you_mean
from hedgerow.instruments import Book, MarketState, Underlying
from hedgerow.study.hedging.registries import COMBINATIONS, legs_of, sample_file, scenario_of

if TYPE_CHECKING:
    from hedgerow.study.hedging.words import DrawnWords, StartWords

STEPS_PER_YEAR = {"week": 52.0, "hour": 252.0 * 6.5}
"""Even steps in a year of calendar time; days are the closes of weekdays."""
TRADING_DAYS_PER_YEAR = 252.0
MOST_STEPS = 1_000_000
_COLUMNS = (
    "underlying",
    "type",
    "instrument",
    "kind",
    "strike",
    "expiry",
    "quantity",
    "multiplier",
    "currency",
    "vol",
)


def market_of(words: StartWords) -> MarketState:
    """Return the market that words say.

    Raises
    ------
    InputError
        For what is no date or no price.
    """
    known = {
        name: Underlying(**each.model_dump(exclude={"dividends"}), dividends=tuple(each.dividends.items()))
        for name, each in words.underlyings.items()
    }
    for name, each in words.underlyings.items():
        if not each.spot > 0.0:
            raise InputError(f"the spot of {name} must be above 0, not {each.spot!r}")
    return MarketState(words.at, known, words.currency, words.fx)


def book_of(words: str | Sequence[Mapping[str, Any]], folder: Path) -> Book:
    """Return the book of a file, or of a list of positions and combinations.

    Parameters
    ----------
    words : str or sequence of mapping
    folder : path
        Where a file's name starts.

    Returns
    -------
    Book

    Raises
    ------
    HedgerowError
        One sentence with position or line, and value.
    """
    if isinstance(words, str):
        return Book.from_csv(folder / words)
    if not words:
        raise InputError("a book needs at least one position; the list is empty")
    held = [position for number, entry in enumerate(words) for position in _positions(entry, number)]
    return Book(held)


def _positions(entry: Mapping[str, Any], number: int) -> list[Any]:
    if len(entry) == 1 and "underlying" not in entry:
        name = next(iter(entry))
        if name not in COMBINATIONS:
            known = (*COMBINATIONS, *_COLUMNS)
            raise InputError(
                f"position {number}: {name!r} is no combination{did_you_mean(str(name), known)} "
                f"(combinations: {', '.join(COMBINATIONS)}; or give underlying, type, kind, strike, expiry, quantity)"
            )
        return list(legs_of(entry))
    for key, value in entry.items():
        if isinstance(value, Mapping | list | tuple):
            raise InputError(f"position {number}: {key} is one value, not {value!r}")
    row = {"type": "european", **entry} if "instrument" not in entry else dict(entry)
    try:
        return list(Book.from_frame(pd.DataFrame([row])).positions)
    except HedgerowError as error:
        raise InputError(str(error).replace("position 0", f"position {number}")) from error


def check_drawn(words: DrawnWords) -> None:
    """Refuse a scenario, a book and a market that do not belong together, before anything is computed.

    Raises
    ------
    InputError
    """
    market = market_of(words.market)
    if sample_file(words.scenario) is None:  # a file is read when the study runs
        scenario_of(words.scenario, market)
    if not isinstance(words.book, str):
        check_book(book_of(words.book, Path()), market, words.until)


def check_book(book: Book, market: MarketState, until: str | None) -> None:
    """Refuse a book without its underlying in the market, or with an expiry at or before the start.

    Raises
    ------
    InputError
    """
    from hedgerow.engine.loop.book_refusals import require_exposure

    require_exposure(book, market)
    expiries = pd.to_datetime(book.columns.expiry)
    for number, expiry in enumerate(expiries):
        if not pd.isna(expiry) and expiry <= market.moment:
            raise InputError(
                f"{book.columns.places(number)} expires at {expiry}, which is not after the start {market.moment}; "
                "choose a later expiry or an earlier start"
            )
    if until is not None:
        end = MarketState(until, {}).moment
        if end <= market.moment:
            raise InputError(f"until {end} is not after the start {market.moment}; choose a later date")
    elif bool(pd.isna(expiries).all()):
        raise InputError("nothing in the book expires; say with until where the simulation ends")


def horizon_of(book: Book, until: str | None) -> pd.Timestamp:
    """Return where a simulation ends: the date given, or the last expiry of the book."""
    if until is not None:
        return MarketState(until, {}).moment
    return pd.Timestamp(pd.to_datetime(book.columns.expiry).max())


def trading_days(start: pd.Timestamp, end: pd.Timestamp) -> float:
    """Return the days of trading in a stretch of calendar time, 252 to 365; not rounded."""
    return float((end - start) / pd.Timedelta(days=1)) * TRADING_DAYS_PER_YEAR / 365.0


def steps_of(words: DrawnWords, book: Book, market: MarketState) -> int | None:
    """Return how many even steps there are from the start to the horizon; None for the closes of weekdays."""
    if words.steps is not None or words.every == "day":
        return words.steps
    years = (horizon_of(book, words.until) - market.moment) / pd.Timedelta(days=365)
    steps = max(1, round(years * STEPS_PER_YEAR[words.every]))
    if steps > MOST_STEPS:
        raise InputError(
            f"{steps:,} steps, one per {words.every}, to {horizon_of(book, words.until)} are more than {MOST_STEPS:,}; "
            "take longer steps, or an earlier end"
        )
    return steps
