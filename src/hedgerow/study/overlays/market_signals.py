"""The signals of a study's rules: the market's own and further ones, each joined by its date or its publication."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.errors import InputError
from hedgerow.study.signal_times import Clock
from hedgerow.study.signal_words import Publication, all_times, decision_of, publication_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from hedgerow.market import ReadingOptions
    from hedgerow.overlays import Signals
    from hedgerow.study.models import DataSource
    from hedgerow.study.overlays.market import StudyMarket
    from hedgerow.study.overlays.words import OverlayStudy
    from hedgerow.study.signal_words import SignalWords


def columns_in_data(study: OverlayStudy) -> dict[str, str]:
    """Return the columns of further signals that stand in the study's own data, by the signal's name."""
    return {name: each.column for name, each in study.signals.items() if each.file is None}


def signals_of(study: OverlayStudy, source: StudyMarket, folder: Path, needs: Collection[str] = ()) -> Signals | None:
    """Return the signals of rules where a study says more of them than the market does; else None.

    Parameters
    ----------
    study : OverlayStudy
    source : StudyMarket
    folder : path
        Where relative file names start.
    needs : collection of str
        Signals that the rules read: the first and third future are among them only where one does.

    Raises
    ------
    HedgerowError
    """
    times = all_times(study.signals, study.available_at)
    if not study.signals and not times and not any(study.delays.values()):
        return None
    from hedgerow.overlays import Signals

    series = _own(source, {*needs, *times}) | {
        name: _further(name, words, study.data, source, folder, published=name in times)
        for name, words in study.signals.items()
    }
    clock = Clock(*decision_of(study.decided_at))
    moments = {}
    for name, text in times.items():
        if name not in series:
            raise InputError(f"available_at names the signal {name!r}, and the study has no third future; give futures")
        when = publication_of(text)
        dates = pd.DatetimeIndex(series[name].index)
        moments[name] = _moments(name, when, dates, study, folder, clock)
    return Signals.of(
        series,
        delays=study.delays,
        hedge_dates=source.market.dates,
        available_at=moments,
        decided_at=clock.decided_at,
    )


def _own(source: StudyMarket, needs: Collection[str]) -> dict[str, pd.Series]:
    market = source.market
    series = {"vix": pd.Series(market.vix, market.dates), "price": pd.Series(market.price, market.dates)}
    if market.futures is not None and market.futures.shape[1] >= 3 and {"short", "long"} & set(needs):
        series |= {"short": market.futures.iloc[:, 0], "long": market.futures.iloc[:, 2]}
    return series


def _further(
    name: str, words: SignalWords, data: DataSource, source: StudyMarket, folder: Path, *, published: bool
) -> pd.Series:
    """Return a further signal; one with moments keeps the values of days on which nothing trades."""
    if words.file is not None:
        from hedgerow.market import read_prices

        found = read_prices([folder / words.file], [words.column], options_of(words, data), joint=False)
        return found.history.prices[words.column].dropna().rename(name)
    return (source.rows[words.column].dropna() if published else source.table[words.column]).rename(name)


def options_of(words: SignalWords | None, data: DataSource) -> ReadingOptions:
    """Return how the file of a signal reads: its own, or one of the study's data."""
    from hedgerow.market import ReadingOptions

    if words is None or words.file is None:
        return ReadingOptions(data.date, data.date_format, data.decimal, data.separator)
    return ReadingOptions(words.date, words.date_format, data.decimal)


def _moments(
    name: str, when: Publication, dates: pd.DatetimeIndex, study: OverlayStudy, folder: Path, clock: Clock
) -> pd.Series:
    if when.column is None:
        return clock.moments(name, when, dates)
    words = study.signals.get(name)
    own = words is not None and words.file is not None
    files = [words.file] if words is not None and words.file is not None else list(study.data.files)
    options = options_of(words if own else None, study.data)
    return clock.read(name, when.column, [folder / file for file in files], options, dates)
