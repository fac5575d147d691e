"""When to leave one futures contract for the next: by date, by volume or by open interest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray, IntArray
from hedgerow.errors import ColumnError, DataError, InputError, did_you_mean


@dataclass(frozen=True)
class ContractTable:
    """Prices of single contracts, in the order of their last trade.

    Parameters
    ----------
    prices : DataFrame, (n_times, n_contracts)
        Sorted unique DatetimeIndex; NaN where a contract did not trade.
    last_trade : DatetimeIndex, (n_contracts,)
        Last trade date of each column, strictly increasing.
    """

    prices: pd.DataFrame
    last_trade: pd.DatetimeIndex

    @property
    def dates(self) -> pd.DatetimeIndex:
        """The dates of the table."""
        return pd.DatetimeIndex(self.prices.index)

    def name(self, position: int) -> str:
        """Return the label of the contract in a column."""
        return str(self.prices.columns[position])


class RollRule(Protocol):
    """Says which contract to hold from the close of each date on, from what is known at that close."""

    def held(self, table: ContractTable) -> IntArray:
        """Return the column held from the close of each date on, (n_times,); it never goes back.

        Raises
        ------
        DataError
            A roll is needed and there is no next contract.
        """


def contract_table(prices: pd.DataFrame, last_trade: Mapping[str, dt.date]) -> ContractTable:
    """Return prices with their last trade dates, checked.

    Parameters
    ----------
    prices : DataFrame, (n_times, n_contracts)
        Columns in the order of their last trade.
    last_trade : mapping of str to date
        Last trade date of every column; further contracts may be in it.

    Raises
    ------
    ColumnError
        A contract has no last trade date.
    DataError
        The index is no sorted unique DatetimeIndex, there is no row or contract, or the last trade dates of the
        columns do not increase.
    """
    index = prices.index
    if not isinstance(index, pd.DatetimeIndex) or not index.is_monotonic_increasing or not index.is_unique:
        raise DataError("contract prices must have an index of dates, sorted and each once; sort them first.")
    if prices.empty:
        raise DataError("contract prices must have at least one row and one contract.")
    for name in prices.columns:
        if name not in last_trade:
            close = did_you_mean(str(name), map(str, last_trade))
            raise ColumnError(
                f"contract {name!r} has prices but no last trade date{close or '; add it to last_trade.'}"
            )
    dates = pd.DatetimeIndex([pd.Timestamp(last_trade[name]) for name in prices.columns])
    for before, after, first, second in zip(prices.columns, prices.columns[1:], dates, dates[1:], strict=False):
        if not first < second:
            raise DataError(
                f"contracts must stand in the order of their last trade, got {before!r} ({first:%Y-%m-%d}) before "
                f"{after!r} ({second:%Y-%m-%d}); reorder the columns."
            )
    return ContractTable(prices.astype(np.float64), dates)


def contracts_from_positions(prices: pd.DataFrame, expiries: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, dt.date]]:
    """Return prices by contract, and their expiries, from prices by position (M1, M2, ...).

    Parameters
    ----------
    prices : DataFrame, (n_times, n_positions)
        Price of the contract in each position.
    expiries : DataFrame, (n_times, n_positions)
        Expiry date of the contract in each position, in the same order of columns; missing where there is none.

    Returns
    -------
    tuple of DataFrame (n_times, n_contracts) and dict
        Columns labelled by expiry (``2006-11-15``), in its order; NaN where a contract stands in no position.

    Raises
    ------
    DataError
        The shapes differ, or one contract stands in two positions on one date.
    """
    if prices.shape != expiries.shape or not prices.index.equals(expiries.index):
        raise DataError(f"prices {prices.shape} and expiries {expiries.shape} must have the same dates and positions.")
    values = prices.to_numpy(dtype=np.float64)
    days = np.column_stack([pd.to_datetime(expiries[name]).to_numpy("datetime64[D]") for name in expiries.columns])
    row, position = np.nonzero(np.isfinite(values) & ~np.isnat(days))
    contracts, column = np.unique(days[row, position], return_inverse=True)
    cells = row * len(contracts) + column
    if len(np.unique(cells)) < len(cells):
        repeated = row[np.flatnonzero(np.diff(np.sort(cells)) == 0)[0]]
        raise DataError(
            f"one contract stands in two positions around {prices.index[repeated]:%Y-%m-%d}; check expiries."
        )
    wide = np.full((len(prices), len(contracts)), np.nan)
    wide[row, column] = values[row, position]
    names = [str(day) for day in contracts]
    return pd.DataFrame(wide, index=prices.index, columns=pd.Index(names)), {
        name: day.item() for name, day in zip(names, contracts, strict=True)
    }


@dataclass(frozen=True)
class RollByDate:
    """Hold the contract with the nearest last trade that has more than N trading days left.

    At the close of t a contract with last trade L has as many trading days left as there are in (t, L].

    Parameters
    ----------
    days_before_last_trade : int
        N >= 0; with 0 the contract is left at the close of its last trade date.
    calendar : sequence of date, optional
        Trading days of the instrument, past and to come; by default the dates of the price table. Either goes on with
        weekdays where it ends before the last trade dates: the last rolls of a table may then move by a holiday once
        more rows arrive, while under a calendar that reaches the last trade dates they cannot.
    """

    days_before_last_trade: int
    calendar: Sequence[dt.date] | None = None

    def __post_init__(self) -> None:
        """Refuse a count of days below zero."""
        if self.days_before_last_trade < 0:
            raise InputError(f"days_before_last_trade must be 0 or more, got {self.days_before_last_trade}.")

    def held(self, table: ContractTable) -> IntArray:
        """Return the column held from the close of each date on, (n_times,)."""
        days = self._trading_days(table)
        reached = days.searchsorted(table.dates.normalize(), side="right")
        last = days.searchsorted(table.last_trade, side="right")
        held = np.searchsorted(last, reached + self.days_before_last_trade, side="right").astype(np.int64)
        missing = np.flatnonzero(held >= len(last))
        if len(missing):
            raise _no_next(table, int(missing[0]), len(last) - 1)
        return held

    def _trading_days(self, table: ContractTable) -> pd.DatetimeIndex:
        own = table.dates if self.calendar is None else pd.DatetimeIndex([pd.Timestamp(day) for day in self.calendar])
        if not len(own):
            raise InputError("the calendar of a roll rule must have at least one trading day; give none to use prices.")
        known = own.normalize().unique().sort_values()
        to_come = pd.bdate_range(known[-1] + pd.Timedelta(days=1), max(table.last_trade[-1], known[-1]))
        return pd.DatetimeIndex(known.append(to_come)) if len(to_come) else known


@dataclass(frozen=True)
class RollByVolume:
    """Leave a contract at the first close on which a later one traded more that day.

    Parameters
    ----------
    volume : DataFrame, (n_times, n_contracts)
        Volume of day t, known at its close; holds every date and contract of the prices. A missing value counts as
        nothing traded. A contract is left at the close of its last trade date at the latest.
    """

    volume: pd.DataFrame

    def held(self, table: ContractTable) -> IntArray:
        """Return the column held from the close of each date on, (n_times,)."""
        return _held_by_activity(table, self.volume, "volume")


@dataclass(frozen=True)
class RollByOpenInterest:
    """Leave a contract at the first close on which a later one has more open interest.

    Parameters
    ----------
    open_interest : DataFrame, (n_times, n_contracts)
        Open interest known at the close of t: where an exchange publishes it a day late, shift it by one row first.
        Otherwise as in ``RollByVolume``.
    """

    open_interest: pd.DataFrame

    def held(self, table: ContractTable) -> IntArray:
        """Return the column held from the close of each date on, (n_times,)."""
        return _held_by_activity(table, self.open_interest, "open interest")


def _held_by_activity(table: ContractTable, activity: pd.DataFrame, what: str) -> IntArray:
    values = _activity_array(table, activity, what)
    held = np.empty(len(values), dtype=np.int64)
    alive = table.last_trade.searchsorted(table.dates.normalize(), side="right")  # first contract not at its end
    current = 0
    for row, today in enumerate(values):
        first = max(current, int(alive[row]))
        if first >= len(today):
            raise _no_next(table, row, current)
        current = first + int(today[first:].argmax())  # argmax takes the nearest of equals
        held[row] = current
    return held


def _activity_array(table: ContractTable, activity: pd.DataFrame, what: str) -> FloatArray:
    unknown = [str(name) for name in table.prices.columns if name not in activity.columns]
    if unknown:
        raise ColumnError(f"the {what} has no column for contract {unknown[0]!r}; add it, or leave its prices out.")
    absent = table.dates.difference(pd.DatetimeIndex(activity.index))
    if len(absent):
        raise DataError(f"the {what} has no row for {absent[0]:%Y-%m-%d}, a date of the prices; add it.")
    values = activity.loc[table.dates, list(table.prices.columns)].to_numpy(dtype=np.float64)
    filled: FloatArray = np.nan_to_num(values, nan=0.0)
    return filled


def _no_next(table: ContractTable, row: int, position: int) -> DataError:
    return DataError(
        f"a roll out of contract {table.name(position)!r} (last trade {table.last_trade[position]:%Y-%m-%d}) is needed "
        f"on {table.dates[row]:%Y-%m-%d} and there is no next contract; add its prices, or end the table before."
    )
