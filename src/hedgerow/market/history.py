"""Prices by time and instrument, read-only, from which the past can be cut off and handed out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NoReturn

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import ColumnError, DataError, InputError, did_you_mean
from hedgerow.market.changes import ChangeOptions, Changes, take_changes
from hedgerow.market.dates import last_moment, moment, written
from hedgerow.market.frames import checked_labels, checked_prices, frame_with_dates
from hedgerow.market.sampling import is_daily, last_of_each, period_numbers


@dataclass(frozen=True)
class Joint:
    """The rows of a history on which every instrument has a price, and how many rows that cost.

    Attributes
    ----------
    history : History
        Complete rows only.
    dropped : int
        Rows left out because a price was missing.
    """

    history: History
    dropped: int


class History:
    """Prices of instruments through time, with their units and, where known, the contract behind each price.

    Nothing in it can be changed: tables are handed out over memory that cannot be written to.

    Parameters
    ----------
    prices : DataFrame (n_times, n_instruments)
        Rows are dates: sorted, unique, without time zone. Columns are instruments. Missing prices are NaN.
    units : mapping of str to str, optional
        Unit of each instrument's price, e.g. "USD/gal"; printed with results.
    contracts : DataFrame (n_times, n_instruments), optional
        Label of the contract each price belongs to. No change is ever taken across two labels.

    Raises
    ------
    DataError
        If dates are not sorted, repeat or carry a zone, or a price is infinite or not a number.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=3)
    >>> history = History(pd.DataFrame({"spot": [10.0, 10.5, 10.25]}, index=days), units={"spot": "USD/t"})
    >>> history.view("2024-01-02").changes().values["spot"].tolist()
    [0.5]
    """

    __slots__ = ("_array", "_finest", "_labels", "_names", "_stamps", "_units")
    _array: FloatArray
    _finest: History | None
    _labels: Any
    _names: tuple[str, ...]
    _stamps: Any
    _units: Mapping[str, str]

    def __init__(
        self,
        prices: pd.DataFrame,
        units: Mapping[str, str] | None = None,
        contracts: pd.DataFrame | None = None,
    ) -> None:
        stamps, names, array = checked_prices(prices)
        labels = None if contracts is None else checked_labels(contracts, stamps, names, array)
        for name in units or {}:
            if name not in names:
                raise ColumnError(f"units name {name!r}, which is no instrument{did_you_mean(name, names)}")
        self._fill(_stamps=stamps, _names=names, _array=array, _labels=labels)
        self._fill(_units=MappingProxyType(dict(units or {})), _finest=None)

    def _fill(self, **parts: Any) -> None:
        for name, part in parts.items():
            object.__setattr__(self, name, part)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a History cannot be changed; make a new one instead of setting {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a History cannot be changed; {name!r} stays")

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self.prices, dict(self.units), self.contracts, self._finest)

    def __repr__(self) -> str:
        first, last = written(self._stamps[0]), written(self._stamps[-1])
        return f"History({len(self._stamps)} rows from {first} to {last}: {', '.join(self._names)})"

    @classmethod
    def from_frame(cls, frame: Any, *, date: str | None = None, units: Mapping[str, str] | None = None) -> History:
        """Return a history from a pandas, polars or pyarrow table.

        Parameters
        ----------
        frame : pandas, polars or pyarrow table
            Numeric columns are instruments.
        date : str, optional
            The date column. Without it a pandas date index is used, else a column called date, datetime,
            timestamp or time.
        units : mapping of str to str, optional
            Unit of each instrument's price.
        """
        return cls(frame_with_dates(frame, date), units)

    @property
    def prices(self) -> pd.DataFrame:
        """The price table (n_times, n_instruments), read-only; writing to it never reaches the history."""
        return pd.DataFrame(self._array, index=self.times, columns=pd.Index(list(self._names)), copy=False)

    @property
    def units(self) -> Mapping[str, str]:
        """Unit of each instrument's price, where stated."""
        return self._units

    @property
    def contracts(self) -> pd.DataFrame | None:
        """Label of the contract behind each price (n_times, n_instruments), or None."""
        if self._labels is None:
            return None
        return pd.DataFrame(self._labels, index=self.times, columns=pd.Index(list(self._names)), copy=True)

    @property
    def instruments(self) -> tuple[str, ...]:
        """Names of the instruments, in column order."""
        return self._names

    @property
    def times(self) -> pd.DatetimeIndex:
        """Dates of the rows (n_times,)."""
        return pd.DatetimeIndex(self._stamps, name="date", copy=False)

    @property
    def array(self) -> FloatArray:
        """Prices (1, n_times, n_instruments): one history is one path. Read-only."""
        return self._array[np.newaxis]

    @property
    def finest(self) -> History:
        """The rows this history was sampled from where contracts are known, else the history itself.

        Changes over a week need the single days, because the day of a roll is left out of the week.
        """
        return self if self._finest is None else self._finest

    def view(self, t: object) -> History:
        """Return the history as known at ``t``: rows dated at or before it, in memory of their own.

        Raises
        ------
        DataError
            If no row is dated at or before ``t``.
        """
        stamp = moment(t, "t")
        rows = int(self.times.searchsorted(stamp, side="right"))
        if rows == 0:
            raise DataError(
                f"nothing is known at {written(stamp)}: the first prices are dated {written(self._stamps[0])}; ask for "
                "a later date"
            )
        finest = self._finest
        return self._cut(slice(rows), finest if finest is None else finest.view(stamp))

    def select(self, *names: str) -> History:
        """Return the history of the named instruments, in that order."""
        known = list(self._names)
        for name in names:
            if name not in known:
                hint = did_you_mean(name, known)
                raise ColumnError(f"there is no instrument {name!r}{hint} (instruments: {', '.join(known)})")
        picked, labels = list(names), self.contracts
        return _restored(
            self.prices[picked],
            {name: unit for name, unit in self.units.items() if name in names},
            None if labels is None else labels[picked],
            None if self._finest is None else self._finest.select(*names),
        )

    def between(self, start: object = None, end: object = None) -> History:
        """Return the rows from ``start`` to ``end``, both included; a day as ``end`` counts to its last moment."""
        first = self.times[0] if start is None else moment(start, "start")
        last = self.times[-1] if end is None else last_moment(end, "end")
        rows = np.flatnonzero(np.asarray((self.times >= first) & (self.times <= last)))
        if not len(rows):
            raise DataError(
                f"no rows between {written(first)} and {written(last)}: prices run from {written(self._stamps[0])} to "
                f"{written(self._stamps[-1])}"
            )
        return self._cut(rows, None if self._finest is None else self._finest.between(self.times[rows[0]], last))

    def with_roll_dates(self, dates: Mapping[str, Sequence[object]]) -> History:
        """Return the history with roll marks: the price *on* a roll date belongs to the new contract.

        The change that ends on a roll date, or on the next row where that date has none, is never taken.
        """
        if self._finest is not None:
            raise InputError("roll dates belong on the daily history; give them before sampling it")
        labels = self.contracts
        if labels is None:
            labels = pd.DataFrame({name: name for name in self._names}, index=self.times, dtype=object)
        for name, rolls in dates.items():
            if name not in self._names:
                raise ColumnError(f"roll dates name {name!r}, which is no instrument{did_you_mean(name, self._names)}")
            marks = pd.DatetimeIndex(sorted(moment(roll, "roll date") for roll in rolls))
            passed = marks.searchsorted(self.times, side="right")
            labels[name] = [f"{label}#{count}" for label, count in zip(labels[name], passed, strict=True)]
        return History(self.prices, self.units, labels)

    def without(self, dates: Sequence[object]) -> Joint:
        """Return the history less the rows of the given days, with the number of rows left out."""
        days = pd.DatetimeIndex([moment(date, "date to leave out") for date in dates]).normalize()
        rows = np.flatnonzero(~self.times.normalize().isin(days))
        if not len(rows):
            raise DataError(f"leaving out these dates leaves no row of {len(self.times)}; give fewer dates")
        if self._finest is not None:
            raise InputError("dates are left out of the daily history; do it before sampling it")
        return Joint(self._cut(rows, None), len(self.times) - len(rows))

    def scaled(self, factors: Mapping[str, float]) -> History:
        """Return the history with each named instrument's prices multiplied by its factor (1/42: barrel to gallon)."""
        prices = self.prices.copy()
        for name, factor in factors.items():
            if name not in self._names:
                raise ColumnError(f"there is no instrument {name!r}{did_you_mean(name, self._names)}")
            prices[name] = prices[name].to_numpy() * factor
        units = {name: f"{unit} × {factors[name]:g}" if name in factors else unit for name, unit in self.units.items()}
        return self.restated(prices, units, None if self._finest is None else self._finest.scaled(factors))

    def joint(self) -> Joint:
        """Return the rows where every instrument has a price, with the number of rows left out."""
        rows = np.flatnonzero(~np.isnan(self._array).any(axis=1))
        if not len(rows):
            raise DataError(
                f"no date has a price of every instrument ({', '.join(self._names)}); choose instruments that were "
                "quoted at the same time"
            )
        dropped = len(self._stamps) - len(rows)
        return Joint(self._cut(rows, self._finest) if dropped else self, dropped)

    def sample(self, every: str) -> History:
        """Return the last joint row of each period, dated by that row; "1D" leaves daily rows as they are.

        Where contracts are known the daily rows stay behind the sample (:attr:`finest`), so that its changes are
        sums of daily changes within one contract.
        """
        periods = period_numbers(self.times, every)
        if is_daily(self.times, every):
            return self
        joint = self.joint().history
        rows = last_of_each(periods, np.asarray(~np.isnan(self._array).any(axis=1)))
        places = np.asarray(joint.times.get_indexer(self.times[rows]))
        return joint._cut(places, None if self._labels is None else joint.finest)

    def sample_apart(self, every: str) -> History:
        """Return each column's own last price of each period, dated by the last of those dates.

        Prices of one row may then stem from different days, which changes hedge ratios: prefer :meth:`sample`.
        Where contracts are known a period in which any column passes into another one is left out of changes.
        """
        periods = period_numbers(self.times, every)
        present = ~np.isnan(self._array)
        ends = last_of_each(periods, np.asarray(present.any(axis=1)))
        array = np.full((len(ends), len(self._names)), np.nan)
        labels = None if self._labels is None else np.full(array.shape, None, dtype=object)
        for column in range(len(self._names)):
            rows = last_of_each(periods, present[:, column])
            places = np.searchsorted(periods[ends], periods[rows])
            array[places, column] = self._array[rows, column]
            if labels is not None:
                labels[places, column] = self._labels[rows, column]
        names = list(self._names)
        table = None if labels is None else pd.DataFrame(labels, index=self.times[ends], columns=names)
        return History(pd.DataFrame(array, index=self.times[ends], columns=names), self.units, table)

    def changes(
        self,
        kind: str = "diff",
        *,
        horizon: int = 1,
        level: Mapping[str, str] | None = None,
        columns: Sequence[str] | None = None,
    ) -> Changes:
        """Return the changes of prices over non-overlapping periods of ``horizon`` rows.

        Parameters
        ----------
        kind : {"diff", "percent", "log"}
            p_t - p_s, p_t / p_s - 1, or ln(p_t / p_s), with s the start and t the end of the period.
        horizon : int
            Rows per period, counted back from the last row so that the newest data is used.
        level : mapping of str to str, optional
            Column to level column: differences are divided by the level at the start of the period. A column
            that only serves as a level is not differenced unless ``columns`` names it.
        columns : sequence of str, optional
            Instruments to difference; all by default.

        Returns
        -------
        Changes
            Dated by the end of each period. A step on which a column passes into another contract is left out
            for all columns; see :func:`hedgerow.market.changes.take_changes`.
        """
        return take_changes(self, ChangeOptions(kind, horizon, level, columns))

    def restated(self, prices: pd.DataFrame, units: Mapping[str, str], finest: History | None = None) -> History:
        """Return the same rows and contracts with other prices, e.g. in another currency."""
        return _restored(prices, units, self.contracts, finest)

    def _cut(self, rows: Any, finest: History | None) -> History:
        """Return the rows at ``rows`` in memory of their own; they were checked when this history was made."""
        part = object.__new__(History)
        part._fill(_stamps=_owned(self._stamps[rows]), _array=_owned(self._array[rows]))
        part._fill(_labels=None if self._labels is None else _owned(self._labels[rows]))
        part._fill(_names=self._names, _units=self._units, _finest=finest)
        return part


def _restored(
    prices: pd.DataFrame, units: Mapping[str, str], contracts: pd.DataFrame | None, finest: History | None
) -> History:
    history = History(prices, units, contracts)
    history._fill(_finest=finest)
    return history


def _owned(part: Any) -> Any:
    copied = part.copy()
    copied.flags.writeable = False
    return copied
