"""From the words of a study to changes ready for estimation: read, check, convert, sample, difference.

Whatever leaves on the way leaves with a count and a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from pandas.tseries.frequencies import to_offset

from hedgerow.engine import LinearMarket
from hedgerow.errors import DataError, InputError
from hedgerow.hedgers import ContractSize
from hedgerow.market import (
    Changes,
    History,
    HygieneOptions,
    ReadingOptions,
    check_history,
    convert,
    currency_of,
    load_sample,
    read_listing,
    read_prices,
    require_moving,
    require_one_currency,
)
from hedgerow.study.models import CandidateStudy, RatioStudy
from hedgerow.study.stress.words import StressStudy

RacedStudy = RatioStudy | CandidateStudy
LinearStudy = RacedStudy | StressStudy


@dataclass(frozen=True, eq=False)
class Prepared:
    """Data of a study, ready to be hedged.

    Attributes
    ----------
    exposure : str
    hedges : tuple of str
    history : History
        Sampled prices of the exposure and its hedges, all in the exposure's currency and unit, and the prices at
        which back-adjusted hedges trade.
    changes : Changes
    rows, dropped, unmatched : int
        Rows of prices used; rows that left for a missing value; dates that only some files have.
    warnings : tuple of str
        Sentences, in the order found.
    last_scales : mapping of str to float
        What one unit of change of each instrument is worth now: 1 for differences, its price for returns, its level.
    traded : DataFrame (n_obs, n_hedges), or None
        Price at which each hedge trades at the start of each change, where it is not the hedge's own column.
    """

    exposure: str
    hedges: tuple[str, ...]
    history: History
    changes: Changes
    rows: int
    dropped: int
    unmatched: int
    warnings: tuple[str, ...]
    last_scales: Mapping[str, float]
    traded: pd.DataFrame | None = None

    @property
    def last_prices(self) -> pd.Series:
        """Latest price of each column in the exposure's currency and unit."""
        return self.history.prices.iloc[-1]

    def market(self, study: LinearStudy, hedges: tuple[str, ...] | None = None) -> LinearMarket:
        """Return the market of the exposure and its hedges (all of them unless some are named)."""
        chosen = hedges or self.hedges
        quantity = study.exposure.quantity
        worth = 1.0 if quantity is None else quantity * self.last_scales[self.exposure]
        sizes = [contract_of(study, self.hedges.index(name)) for name in chosen]
        per_contract = None
        if all(size is not None for size in sizes):
            per_contract = np.array([size.size / size.price_unit_factor for size in sizes if size is not None])
        market = LinearMarket.from_changes(
            self.changes, self.exposure, chosen, quantity=worth, contract_sizes=per_contract
        )
        if self.traded is None:
            return market
        names = list(chosen)
        paid_on = (self.traded[names] / self.changes.scales[names]).to_numpy(dtype=float)
        return replace(market, hedge_prices=np.vstack([paid_on, paid_on[-1:]]))


def contract_of(study: LinearStudy, number: int) -> ContractSize | None:
    """Return the contract of the study's hedge ``number``, or None where no size is given."""
    hedge = study.hedges[number]
    return None if hedge.contract_size is None else ContractSize(hedge.contract_size, hedge.price_unit_factor)


def prepare(study: LinearStudy, folder: Path) -> Prepared:
    """Read and prepare the data of a study.

    Parameters
    ----------
    study : RatioStudy or CandidateStudy
    folder : Path
        Relative file names start here.

    Raises
    ------
    HedgerowError
        One sentence where the data cannot be used.
    """
    exposure, hedges = study.exposure.column, tuple(hedge.column for hedge in study.hedges)
    _require_different((exposure, *hedges))
    level = _levels(study, (exposure, *hedges))
    _check_currencies(study)
    history, dropped, unmatched, notes = _read(study, folder, exposure, hedges, level)
    history, left_out = _exclude(history, study, folder)
    history = _mark_rolls(history, study, folder)
    findings = check_history(history.select(exposure, *hedges), HygieneOptions(changes=study.changes)).sentences
    history, thinned = _sampled(_in_exposure_terms(history, study, hedges), study)
    changes, traded = _changes(history, study, exposure, level)
    require_moving(changes, exposure=exposure)
    warnings = (*notes, *left_out, *findings, *thinned, *_crossed(changes))
    latest = history.prices.iloc[-1]
    scales = {name: _scale_now(name, latest, study, level) for name in (exposure, *hedges)}
    prices = history.select(*dict.fromkeys((exposure, *hedges, *_own_prices(study).values())))
    return Prepared(exposure, hedges, prices, changes, len(history.times), dropped, unmatched, warnings, scales, traded)


def _own_prices(study: LinearStudy) -> dict[str, str]:
    """Return the column of the price at which a hedge trades, by hedge, where that is another than the hedge's."""
    return {hedge.column: hedge.price for hedge in study.hedges if hedge.price is not None}


def _changes(
    history: History, study: LinearStudy, exposure: str, level: Mapping[str, str] | None
) -> tuple[Changes, pd.DataFrame | None]:
    """Return the changes, and the prices at which the hedges trade at their starts where these are columns apart."""
    hedges, own = [hedge.column for hedge in study.hedges], _own_prices(study)
    changes = history.changes(study.changes, horizon=study.horizon, level=level, columns=(exposure, *hedges))
    if not own:
        return changes, None
    priced = history.changes(
        "diff", horizon=study.horizon, columns=(exposure, *dict.fromkeys((*hedges, *own.values())))
    )
    starts = priced.start_prices
    return changes, pd.DataFrame({name: starts[own.get(name, name)] for name in hedges})


def _sampled(history: History, study: LinearStudy) -> tuple[History, tuple[str, ...]]:
    """Sample the rows; say so where nobody asked and the rows of a day become one."""
    every, before = study.data.every, len(history.times)
    apart = study.data.sampling == "apart"
    sampled = history.sample_apart(every).joint().history if apart else history.sample(every)
    if every != "1D":
        return sampled, _unfinished(history.times[-1], every)
    if len(sampled.times) == before:
        return sampled, ()
    return sampled, (
        f"{before:,} rows are several a day and the last of each day was used, {len(sampled.times):,} rows; "
        "name another period with --every, such as 1min, to use them all",
    )


def _scale_now(name: str, latest: pd.Series, study: LinearStudy, level: Mapping[str, str] | None) -> float:
    """Return what one unit of change of an instrument is worth at the last row."""
    if level and name in level:
        return float(latest[level[name]])
    return 1.0 if study.changes == "diff" else float(latest[name])


def _unfinished(last: pd.Timestamp, every: str) -> tuple[str, ...]:
    """Say so where the data end before the last period does, holidays aside."""
    ends = to_offset(every).rollforward(last.normalize())
    left = len(pd.bdate_range(last.normalize() + pd.Timedelta(days=1), ends))
    if not left:
        return ()
    return (
        f"the last period ({every}) ends on {ends.date()} and the data on {last.date()}, so it may be unfinished; "
        "end the data earlier with --end to leave it out",
    )


def _require_different(columns: tuple[str, ...]) -> None:
    for name in columns:
        if columns.count(name) > 1:
            raise InputError(f"column {name!r} is named {columns.count(name)} times; name each instrument once")


def _levels(study: LinearStudy, columns: tuple[str, ...]) -> Mapping[str, str] | None:
    """Return the level column of each differenced column, or None."""
    if study.level is None:
        return None
    if isinstance(study.level, str):
        return dict.fromkeys(columns, study.level)
    unknown = [name for name in study.level if name not in columns]
    if unknown:
        raise InputError(f"a level is given for {unknown[0]!r}, which is neither the exposure nor a hedge")
    return dict(study.level)


def _check_currencies(study: LinearStudy) -> None:
    stated = {hedge.column: hedge.currency for hedge in study.hedges if hedge.currency}
    if study.exposure.currency:
        stated[study.exposure.column] = study.exposure.currency
    require_one_currency(study.exposure.column, tuple(hedge.column for hedge in study.hedges), stated, study.fx)


def _read(
    study: LinearStudy, folder: Path, exposure: str, hedges: tuple[str, ...], level: Mapping[str, str] | None
) -> tuple[History, int, int, tuple[str, ...]]:
    """Return the joint history, dropped rows, unmatched dates and notes."""
    words = study.data
    others = (*(level or {}).values(), *_own_prices(study).values(), *([study.fx] if study.fx else []))
    columns = list(dict.fromkeys((exposure, *hedges, *others)))
    if words.sample is not None:
        chosen = load_sample(words.sample).select(*columns).between(words.start, words.end)
        if words.sampling == "apart":
            return chosen, 0, 0, ()
        joint = chosen.joint()
        return joint.history, joint.dropped, 0, ()
    files = [str(folder / name) for name in words.files]
    options = ReadingOptions(words.date, words.date_format, words.decimal, words.separator)
    reading = read_prices(files, columns, options, start=words.start, end=words.end, joint=words.sampling == "joint")
    return reading.history, reading.dropped, reading.unmatched, reading.notes


def _exclude(history: History, study: LinearStudy, folder: Path) -> tuple[History, tuple[str, ...]]:
    """Leave out the dates the user lists, with a count."""
    if study.data.exclude is None:
        return history, ()
    listed = read_listing(folder / study.data.exclude, "date", _reading_of(study))
    kept = history.without(list(listed.index))
    verb = "row was" if kept.dropped == 1 else "rows were"
    return kept.history, (f"{kept.dropped} {verb} left out because {study.data.exclude} excludes the date",)


def _mark_rolls(history: History, study: LinearStudy, folder: Path) -> History:
    """Mark the roll dates the user lists: columns ``instrument`` (or all hedges where absent) and ``date``."""
    if study.data.roll_dates is None:
        return history
    listed = read_listing(folder / study.data.roll_dates, "instrument", _reading_of(study))
    marks: dict[str, list[pd.Timestamp]] = {}
    for moment, name in zip(pd.DatetimeIndex(listed.index), listed, strict=True):
        for rolled in [str(name)] if name else [hedge.column for hedge in study.hedges]:
            marks.setdefault(rolled, []).append(moment)
    unknown = [name for name in marks if name not in history.instruments]
    if unknown:
        raise DataError(
            f"{study.data.roll_dates}: roll dates are given for {unknown[0]!r}, which this study does not use; "
            f"its instruments are {', '.join(history.instruments)}"
        )
    return history.with_roll_dates(marks)


def _reading_of(study: LinearStudy) -> ReadingOptions:
    """Return how dates are written in the files that list dates: as in the prices, under any column name."""
    return ReadingOptions(None, study.data.date_format)


def _in_exposure_terms(history: History, study: LinearStudy, hedges: tuple[str, ...]) -> History:
    """Return prices of the hedges in the exposure's currency and unit."""
    if study.fx is not None:
        history = convert(history, _foreign(study), study.fx)
    factors = {
        name: hedge.price_unit_factor
        for hedge in study.hedges
        for name in (hedge.column, hedge.price)
        if name is not None and hedge.price_unit_factor != 1.0
    }
    return history.scaled(factors) if factors else history


def _foreign(study: LinearStudy) -> tuple[str, ...]:
    """Return the hedges that ``fx`` converts: those not known to be in the exposure's currency."""
    home = study.exposure.currency or currency_of(study.exposure.column)
    away = [hedge.column for hedge in study.hedges if (hedge.currency or currency_of(hedge.column)) != home]
    foreign = away if home is not None else [hedge.column for hedge in study.hedges]
    own = _own_prices(study)
    return (*foreign, *dict.fromkeys(own[name] for name in foreign if name in own))


def _crossed(changes: Changes) -> tuple[str, ...]:
    if not changes.crossed_rolls:
        return ()
    said = (
        "1 change was left out because it"
        if changes.crossed_rolls == 1
        else (f"{changes.crossed_rolls} changes were left out because they")
    )
    return (f"{said} would have crossed from one contract to the next",)
