"""An option chain: quotes of all strikes and expiries of one underlying, on one date or several.

>>> import pandas as pd
>>> from hedgerow.market.surface import OptionChain
>>> quotes = pd.DataFrame({
...     "date": "2011-01-03", "expiration": "2011-03-04", "strike": [95.0, 95.0, 105.0, 105.0],
...     "type": ["call", "put", "call", "put"], "bid": [7.1, 1.8, 1.6, 6.2], "ask": [7.3, 2.0, 1.7, 6.4]})
>>> chain = OptionChain.from_frame(quotes, style="european", spot=100.0)
>>> float(round(chain.years.iloc[0] * 365, 9)), chain.strikes("2011-03-04").tolist()
(60.0, [95.0, 105.0])
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import DataError, FileError, InputError
from hedgerow.market.surface.columns import tidy
from hedgerow.units import CALENDAR_DAYS_PER_YEAR

_SECONDS_PER_DAY = 86_400.0


@dataclass(frozen=True)
class ChainTimes:
    """Times of day between which years are counted, ACT/365 fixed.

    Attributes
    ----------
    quoted : str
        Time of a quote whose date carries none, such as ``"16:00"``.
    expires : str
        Time of day at which an option expires on its expiry date: ``"16:00"`` for options settled at the close,
        ``"09:30"`` for those settled at the open. With both equal (the default) years are calendar days / 365.
    """

    quoted: str = "16:00"
    expires: str = "16:00"

    def years(self, at: pd.Series, expiry: pd.Series) -> FloatArray:
        """Return years from each quote to its expiry; negative where the option has expired."""
        days: pd.Series = (expiry - at).dt.total_seconds() / _SECONDS_PER_DAY
        days += (expiry == expiry.dt.normalize()) * _share_of_day(self.expires)
        days -= (at == at.dt.normalize()) * _share_of_day(self.quoted)
        return np.asarray(days, dtype=np.float64) / CALENDAR_DAYS_PER_YEAR


@dataclass(frozen=True)
class OptionChain:
    """Quotes in tidy columns: at, expiry, strike, kind, and bid and ask or vol; others where the source has them.

    Attributes
    ----------
    quotes : DataFrame
        One row per quote; prices in money per unit of the underlying, ``vol`` annual as a decimal. Not to be changed.
    times : ChainTimes
        Times of day between which years are counted.
    """

    quotes: pd.DataFrame = field(repr=False)
    times: ChainTimes = ChainTimes()

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        columns: Mapping[str, str] | None = None,
        *,
        at: Any = None,
        style: str | None = None,
        spot: Any = None,
        times: ChainTimes = ChainTimes(),
    ) -> OptionChain:
        """Return a chain from a table with one row per quote.

        Parameters
        ----------
        frame : DataFrame
            The quotes, under any common column names.
        columns : mapping of str to str, optional
            The frame's name of a tidy column, where it is not found by itself: ``{"expiry": "exp", "kind": "right"}``.
        at : date, optional
            Date of all quotes, where the frame has none.
        style : {"european", "american"}, optional
            Exercise of all options, where the frame has none. Parity needs it.
        spot : float or mapping of dates to floats, optional
            Price of the underlying, where the frame has none.
        times : ChainTimes
            Times of day of quotes and expiries.

        Raises
        ------
        ColumnError
            Where a needed column is missing.
        DataError
            Where a value cannot be read, with its row.
        """
        return cls(tidy(frame, columns, {"at": at, "style": style, "spot": spot}), times)

    @classmethod
    def from_csv(cls, path: str | Path, columns: Mapping[str, str] | None = None, **options: Any) -> OptionChain:
        """Return a chain from a CSV file; ``options`` are those of :meth:`from_frame`.

        Raises
        ------
        FileError
            Where there is no such file, or it is no table.
        """
        try:
            frame = pd.read_csv(path)
        except FileNotFoundError:
            raise FileError(f"there is no chain file {path}; give the path of a CSV file") from None
        except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
            raise FileError(f"chain file {path} cannot be read as CSV: {error}") from None
        return cls.from_frame(frame, columns, **options)

    def __len__(self) -> int:
        return len(self.quotes)

    @property
    def dates(self) -> pd.DatetimeIndex:
        """Moments at which the chain was quoted, in order."""
        return pd.DatetimeIndex(self.quotes["at"].unique())

    @property
    def at(self) -> pd.Timestamp:
        """The one moment of the chain; refuses a chain of several dates."""
        dates = self.dates
        if len(dates) != 1:
            raise InputError(
                f"the chain holds {len(dates)} dates ({dates[0]:%Y-%m-%d} to {dates[-1]:%Y-%m-%d}); take one: "
                f"chain.on({f'{dates[0]:%Y-%m-%d}'!r})"
            )
        return dates[0]

    @property
    def expiries(self) -> pd.DatetimeIndex:
        """Expiry dates, in order."""
        return pd.DatetimeIndex(np.sort(self.quotes["expiry"].unique()))

    @property
    def years(self) -> pd.Series:
        """Years to expiry of each quote, ACT/365 between the stated times of day; negative after expiry."""
        return pd.Series(self.times.years(self.quotes["at"], self.quotes["expiry"]), self.quotes.index, name="years")

    @property
    def mid(self) -> pd.Series:
        """Half of bid plus ask, missing where either is; meaningful for cleaned quotes only."""
        return 0.5 * (self.quotes["bid"] + self.quotes["ask"])

    @property
    def style(self) -> str | None:
        """``"european"``, ``"american"``, ``"mixed"``, or None where the source does not say."""
        if "style" not in self.quotes:
            return None
        found = self.quotes["style"].unique()
        return str(found[0]) if len(found) == 1 else "mixed"

    @property
    def spot(self) -> float | None:
        """Price of the underlying on the one date of the chain, None where the source has none."""
        if "spot" not in self.quotes:
            return None
        found = self.quotes["spot"].dropna().unique()
        if len(found) > 1:
            raise DataError(f"the chain of {self.at:%Y-%m-%d} has {len(found)} spots, {found[0]:g} and {found[1]:g}")
        return float(found[0]) if len(found) else None

    @property
    def has_prices(self) -> bool:
        """Whether the chain quotes bid and ask."""
        return {"bid", "ask"} <= set(self.quotes)

    def on(self, date: Any) -> OptionChain:
        """Return the chain of one date.

        Raises
        ------
        InputError
            Where the chain has no quotes on that date.
        """
        day = pd.Timestamp(date)
        moments = self.quotes["at"]
        wanted = moments == day if (moments == day).any() else moments.dt.normalize() == day
        if not wanted.any():
            first, last = (f"{end:%Y-%m-%d}" for end in (self.dates[0], self.dates[-1]))
            raise InputError(f"the chain has no quotes on {day:%Y-%m-%d}; it runs from {first} to {last}")
        return self.where(wanted.to_numpy())

    def slice(self, expiry: Any) -> OptionChain:
        """Return the quotes of one expiry.

        Raises
        ------
        InputError
            Where the chain has no such expiry.
        """
        day = pd.Timestamp(expiry)
        wanted = (self.quotes["expiry"] == day).to_numpy()
        if not wanted.any():
            known = ", ".join(f"{known:%Y-%m-%d}" for known in self.expiries)
            raise InputError(f"the chain has no expiry {day:%Y-%m-%d}; it has {known}")
        return self.where(wanted)

    def strikes(self, expiry: Any) -> FloatArray:
        """Return the strikes of one expiry, in order."""
        return np.asarray(np.unique(self.slice(expiry).quotes["strike"].to_numpy()))

    def where(self, wanted: Any) -> OptionChain:
        """Return the rows chosen by a mask."""
        return replace(self, quotes=self.quotes.loc[np.asarray(wanted)].reset_index(drop=True))

    def with_columns(self, **columns: Any) -> OptionChain:
        """Return the chain with columns replaced or added."""
        return replace(self, quotes=self.quotes.assign(**columns))

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the quotes with ``years`` added."""
        return self.quotes.assign(years=self.years)


def _share_of_day(text: str) -> float:
    try:
        return float(pd.Timedelta(f"{text}:00") / pd.Timedelta(days=1))
    except ValueError:
        raise InputError(f"a time of day must look like 16:00, not {text!r}") from None
