"""The model-free index of a file of option quotes: which two expiries, at which rates, and what the strips used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.errors import ColumnError, DataError, InputError
from hedgerow.market.cells import read_cells, with_numbers
from hedgerow.market.dates import DateColumn, moment, written
from hedgerow.market.volatility import VolatilityIndex, minutes_as_years, model_free_variance, volatility_index

if TYPE_CHECKING:
    from hedgerow.study.volatility.words import IndexWords

CLOSE = pd.Timedelta(hours=15, minutes=15)
"""Time of day of quotes whose date alone is known."""
FEWEST_DAYS = 7.0
"""An expiry no farther than this is not used: Cboe's rule, since the last week's quotes are noisy."""
ALIASES = {
    "expiry": ("expiry", "expiration", "option_expiration", "expiration_date"),
    "kind": ("kind", "call/put", "type", "option_type", "right"),
    "strike": ("strike", "strike_price"),
    "bid": ("bid",),
    "ask": ("ask",),
}
"""What a chain's columns may be called."""
_MATURITY = re.compile(r"(\d+)_?(MO|MONTHS?|M|Y|YR|YEARS?)?$", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class ChainIndex:
    """A model-free index and where it came from.

    Attributes
    ----------
    at : Timestamp
        When the quotes were made.
    near_expiry, next_expiry : Timestamp
        When the two expiries settle.
    found : VolatilityIndex
    quotes, left_out : DataFrame
        The quotes of both strips, with a column ``expiry``: those used and those left out with the reason.
    expiries : tuple of str
        Every expiry quoted at that time.
    warnings : tuple of str
    """

    at: pd.Timestamp
    near_expiry: pd.Timestamp
    next_expiry: pd.Timestamp
    found: VolatilityIndex
    quotes: pd.DataFrame
    left_out: pd.DataFrame
    expiries: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def left_out_counts(self) -> pd.DataFrame:
        """Quotes left out, counted by expiry, kind and reason: count, lowest strike, highest strike."""
        lost = self.left_out.assign(expiry=self.left_out["expiry"].dt.strftime("%Y-%m-%d"))
        found = lost.groupby(["expiry", "kind", "reason"], sort=True)["strike"].agg(["count", "min", "max"])
        found = found.rename(columns={"min": "lowest strike", "max": "highest strike"})
        found.index = pd.Index([", ".join(map(str, key)) for key in found.index], name="left out")
        return found


def chain_index(words: IndexWords, folder: Path) -> ChainIndex:
    """Read a chain and return the index of the two expiries around its horizon.

    Near is the last expiry within the horizon and next the first beyond it, neither within a week of settlement; where
    none is within it, the first two are taken and the index is extrapolated. With weekly options this is the rule of
    Cboe since 2014 (23 to 37 days); with monthly ones it is the rule before, but for the days on which that one had
    already left the near month.

    Raises
    ------
    HedgerowError
        One sentence where the file, its quotes or the rates do not serve.
    """
    stamp = moment(words.at, "at")
    at = stamp + CLOSE if stamp == stamp.normalize() else stamp
    chain = _chain(words, folder, at)
    terms = sorted(chain["expiry"].unique())
    near, later = _named(words, terms) if words.expiries else _around(terms, at, words.days)
    rates, said = _rates(words, folder, at, (near, later))
    strips = []
    for expiry, rate in zip((near, later), rates, strict=True):
        quotes = chain[chain["expiry"] == expiry]
        strips.append(model_free_variance(quotes, years=minutes_as_years(at, expiry), rate=rate))
    found = volatility_index(*strips, target_days=words.days)
    used, lost = (
        pd.concat([getattr(strip, name).assign(expiry=end) for strip, end in zip(strips, (near, later), strict=True)])
        for name in ("quotes", "left_out")
    )
    warnings = list(said)
    if found.extrapolated:
        warnings.append(
            f"{words.days:g} days lie outside the two expiries: the index is extrapolated, as Cboe did before 2014"
        )
    labels = tuple(written(pd.Timestamp(term).normalize()) for term in terms)
    return ChainIndex(at, near, later, found, used, lost, labels, tuple(warnings))


def _chain(words: IndexWords, folder: Path, at: pd.Timestamp) -> pd.DataFrame:
    """Return kind, strike, bid, ask and settlement of the quotes made on the day of ``at``."""
    path = folder / words.file
    cells, lines = read_cells(path, "quotes")
    known = {str(name).lower(): str(name) for name in cells.columns}
    if "date" in known:
        column = DateColumn(path.name)
        column.add(cells[known["date"]], lines)
        days = column.finish()
        today = np.asarray(days.normalize() == at.normalize())
        if not today.any():
            raise DataError(
                f"{path.name} has no quotes of {at.date()}; it runs from {days.min().date()} to {days.max().date()}"
            )
        cells, lines = cells[today].reset_index(drop=True), lines[today]
    found = {}
    for name, others in ALIASES.items():
        match = next((known[other] for other in others if other in known), None)
        if match is None:
            raise ColumnError(f"{path.name} has no column {name!r} (columns: {', '.join(known.values())})")
        found[name] = match
    expiry = DateColumn(path.name)
    expiry.add(cells[found["expiry"]], lines)
    table = with_numbers(cells, lines, [found[name] for name in ("strike", "bid", "ask")], path.name)
    chain = table[list(found.values())].set_axis(list(found), axis=1)
    return chain.assign(expiry=_settled(expiry.finish(), words.settles))


def _settled(expiries: pd.DatetimeIndex, clock: str) -> pd.DatetimeIndex:
    """Return expiries with the time at which they settle, where the file gives a day alone."""
    if not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", clock.strip()):
        raise InputError(f"--settles must be a time of day such as 08:30, not {clock!r}")
    hours, minutes = (int(part) for part in clock.split(":"))
    days_only = expiries == expiries.normalize()
    return expiries.where(~days_only, expiries + pd.Timedelta(hours=hours, minutes=minutes))


def _named(words: IndexWords, terms: list[pd.Timestamp]) -> tuple[pd.Timestamp, pd.Timestamp]:
    chosen = []
    for text in words.expiries:
        day = moment(text, "expiries").normalize()
        match = [pd.Timestamp(term) for term in terms if pd.Timestamp(term).normalize() == day]
        if not match:
            listed = ", ".join(str(pd.Timestamp(term).date()) for term in terms)
            raise InputError(f"--expiries names {text!r}, which has no quotes (expiries: {listed})")
        chosen.append(match[0])
    return chosen[0], chosen[1]


def _around(terms: list[pd.Timestamp], at: pd.Timestamp, days: float) -> tuple[pd.Timestamp, pd.Timestamp]:
    ahead = {pd.Timestamp(term): (pd.Timestamp(term) - at) / pd.Timedelta(days=1) for term in terms}
    usable = [term for term, distance in ahead.items() if distance > FEWEST_DAYS]
    within = [term for term in usable if ahead[term] <= days]
    beyond = [term for term in usable if ahead[term] > days]
    if within and beyond:
        return within[-1], beyond[0]
    if len(usable) < 2:
        raise DataError(
            f"an index needs two expiries more than {FEWEST_DAYS:g} days ahead of {at}; the chain has {len(usable)}"
        )
    return (usable[-2], usable[-1]) if within else (usable[0], usable[1])


def _rates(
    words: IndexWords, folder: Path, at: pd.Timestamp, expiries: tuple[pd.Timestamp, pd.Timestamp]
) -> tuple[list[float], list[str]]:
    """Return the rate to each expiry: the one given, or between the yields of the last day in the file up to ``at``."""
    if words.rate is not None:
        return [words.rate, words.rate], []
    assert words.rate_file is not None  # noqa: S101 - the words have one of the two
    from hedgerow.market import read_table

    table = read_table(folder / words.rate_file).loc[: at.normalize()]
    maturities = {str(name): _maturity(str(name)) for name in table.columns}
    columns = [name for name, years in maturities.items() if years is not None]
    if not columns:
        raise ColumnError(f"{words.rate_file} has no columns named by maturity, such as DGS1MO or 3M")
    held = table[columns].dropna(how="all")
    if not len(held):
        raise DataError(f"{words.rate_file} has no yields up to {at.date()}")
    row = held.iloc[-1].dropna()
    points = sorted((float(maturities[str(name)] or 0.0), float(value)) for name, value in row.items())
    times, yields = [years for years, _ in points], [value for _, value in points]
    wanted = [minutes_as_years(at, expiry) for expiry in expiries]
    day = held.index[-1]
    said = [] if day == at.normalize() else [f"the rates are those of {written(day)}, the last before the quotes"]
    return [float(np.interp(years, times, yields)) / 100.0 for years in wanted], said


def _maturity(name: str) -> float | None:
    """Return the maturity that a column's name ends in, in years: ``DGS3MO``, ``BC_1MONTH``, ``DGS2``, ``6M``."""
    match = _MATURITY.search(name)
    if match is None:
        return None
    return int(match[1]) / 12.0 if (match[2] or "Y")[0].upper() == "M" else float(match[1])
