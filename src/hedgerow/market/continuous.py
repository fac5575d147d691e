"""Continuous futures series: what was held, what it earned, and the gaps that were no profit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from hedgerow._types import FloatArray, IntArray
from hedgerow.errors import DataError, InputError
from hedgerow.market.rolls import ContractTable, RollRule, contract_table

Adjustment: TypeAlias = Literal["none", "difference", "ratio"]
ObjectArray: TypeAlias = npt.NDArray[np.object_]


@dataclass(frozen=True)
class ContinuousFutures:
    """A futures position kept alive over many contracts.

    On a roll date the old contract is sold and the new one bought at that day's prices. The change of that day is the
    old contract's; the gap between the two prices is no profit. So
    ``series.diff() = held_changes + gap on roll dates``.

    Parameters
    ----------
    series : Series, (n_times,)
        Price of the contract held from the close of each date on, unadjusted: on a roll date the new contract's.
    adjusted : Series, (n_times,)
        Back-adjusted series: the newest contract keeps its price, older prices are shifted by the later gaps
        ("difference") or multiplied by the later ratios ("ratio"). Its *level* holds later gaps: take changes of it,
        never a decision. Equal to ``series`` for "none".
    adjustment : str
        "none", "difference" or "ratio".
    contract : Series, (n_times,)
        Label of the contract held from the close of each date on.
    held_changes : Series, (n_times,)
        Change within the contract held at the start of the step, in price units; NaN on the first date and where a
        change was left out.
    rolls : DataFrame, (n_rolls, 6)
        date, from, to, price_from, price_to, gap (= price_to - price_from): what is traded at each roll, so that its
        cost can be charged apart.
    left_out : int
        Changes left out because they would have crossed two contracts.
    """

    series: pd.Series
    adjusted: pd.Series
    adjustment: Adjustment
    contract: pd.Series
    held_changes: pd.Series
    rolls: pd.DataFrame
    left_out: int = 0

    @property
    def roll_dates(self) -> pd.DatetimeIndex:
        """Dates at whose close the old contract is sold and the new one bought."""
        return pd.DatetimeIndex(self.rolls["date"], name="date")

    @property
    def roll_gaps(self) -> pd.Series:
        """New minus old price on each roll date, in price units."""
        return pd.Series(self.rolls["gap"].to_numpy(), index=self.roll_dates, name="gap")

    @property
    def held_percent_changes(self) -> pd.Series:
        """Held changes over the price of the contract held at the start of the step, as decimals."""
        return (self.held_changes / self.series.shift(1)).rename("held_percent_change")

    def roll_cost(self, half_spread: float, quantity: float = 1.0) -> pd.Series:
        """Return the cost of each roll: one sale and one purchase of ``quantity`` at half a spread each.

        Parameters
        ----------
        half_spread : float
            In price units per unit of the contract, not below zero.
        quantity : float
            Units held; the sign does not matter.

        Returns
        -------
        Series, (n_rolls,)
            Positive money to subtract, by roll date.
        """
        if not half_spread >= 0.0:
            raise InputError(f"half_spread must be 0 or more, got {half_spread}.")
        cost = 2.0 * half_spread * abs(quantity)
        return pd.Series(cost, index=self.roll_dates, name="roll_cost", dtype=np.float64)


def continuous_from_contracts(
    prices: pd.DataFrame, last_trade: Mapping[str, dt.date], rule: RollRule, adjustment: Adjustment = "none"
) -> ContinuousFutures:
    """Return the series of holding one contract after the other.

    What is known at the close of t decides at t, trades at the close of t and earns from there: no label up to t
    depends on a price, volume or open interest after t.

    Parameters
    ----------
    prices : DataFrame, (n_times, n_contracts)
        Sorted unique DatetimeIndex; one column per contract, in the order of last trade; NaN where not quoted.
    last_trade : mapping of str to date
        Last trade date of each contract.
    rule : RollRule
        ``RollByDate``, ``RollByVolume``, ``RollByOpenInterest``, or anything with their ``held``.
    adjustment : {"none", "difference", "ratio"}
        How ``adjusted`` is made.

    Returns
    -------
    ContinuousFutures

    Raises
    ------
    ColumnError
        A contract without last trade date, volume or open interest.
    DataError
        Last trade dates out of order, no next contract at a roll, no price of a held contract on a date it is held
        or rolled, or a price that is not positive under "ratio".
    """
    _known(adjustment)
    table = contract_table(prices, last_trade)
    held = rule.held(table)
    values = table.prices.to_numpy()
    rows = np.arange(len(held))
    before = np.concatenate([held[:1], held[:-1]])
    new, old = values[rows, held], values[rows, before]
    _require_priced(table, held, new, "held")
    _require_priced(table, before, old, "sold")
    changes = np.append(np.nan, old[1:] - new[:-1])
    labels = np.array([str(name) for name in table.prices.columns], dtype=object)
    where = np.flatnonzero(held != before)
    rolls = _rolls(table.dates[where], labels[before[where]], labels[held[where]], old[where], new[where])
    return _result(_Held(table.dates, new, labels[held], changes), rolls, adjustment)


def continuous_from_positions(
    prices: pd.DataFrame, roll_dates: Sequence[dt.date] | pd.DatetimeIndex, adjustment: Adjustment = "none"
) -> ContinuousFutures:
    """Return the series of holding position 1 (CL1) and rolling into position 2 (CL2) before it takes its place.

    On a roll date d the former position 2 has become position 1, so the change held over the step into d is
    ``CL1_d - CL2_{d-1}``: the old contract is sold and the new one bought at the close of the row before d, and that
    row is the ``date`` of the roll. With position 1 alone the change into d would cross two contracts; it is left out
    and counted.

    Parameters
    ----------
    prices : DataFrame, (n_times, 1 or more)
        Position series in order; the first is held, the second is rolled into, further ones are not used. Pass
        CL2 and CL3 to hold the second position throughout.
    roll_dates : sequence of date
        First dates on which position 1 is the next contract; each a date of the prices, not its first.
    adjustment : {"none", "difference", "ratio"}
        Other than "none" needs position 2.

    Returns
    -------
    ContinuousFutures
        Contracts are labelled ``CL1.0``, ``CL1.1``, ... in the order held.

    Raises
    ------
    DataError
        A roll date that is no date of the prices, or a price missing where it is needed.
    InputError
        An adjustment without position 2.
    """
    _known(adjustment)
    if prices.shape[1] < 2 and adjustment != "none":
        raise InputError(f"adjustment {adjustment!r} needs position 2 beside {prices.columns[0]!r}; add its column.")
    dates = pd.DatetimeIndex(prices.index)
    where = _roll_rows(dates, roll_dates)
    alone = prices.shape[1] < 2
    first = _priced(prices, 0, np.arange(len(dates)))
    new = np.full(len(where), np.nan) if alone else _priced(prices, 1, where - 1)
    held = first.copy()
    if not alone:
        held[where - 1] = new
    # Whatever was bought at the close before stands in position 1 today.
    changes = np.append(np.nan, first[1:] - held[:-1])
    if alone:
        changes[where] = np.nan
    labels = np.array([f"{prices.columns[0]}.{number}" for number in range(len(where) + 1)], dtype=object)
    order = np.searchsorted(where - 1, np.arange(len(dates)), side="right")
    rolls = _rolls(dates[where - 1], labels[:-1], labels[1:], first[where - 1], new)
    return _result(_Held(dates, held, labels[order], changes), rolls, adjustment, len(where) if alone else 0)


class _Held(NamedTuple):
    dates: pd.DatetimeIndex
    prices: FloatArray  # of the contract held from each close on
    labels: ObjectArray
    changes: FloatArray


def _result(held: _Held, rolls: pd.DataFrame, adjustment: Adjustment, left_out: int = 0) -> ContinuousFutures:
    index = held.dates.rename("date")
    return ContinuousFutures(
        series=pd.Series(held.prices, index=index, name="price"),
        adjusted=pd.Series(_adjusted(held, rolls, adjustment), index=index, name="adjusted_price"),
        adjustment=adjustment,
        contract=pd.Series(held.labels, index=index, name="contract"),
        held_changes=pd.Series(held.changes, index=index, name="held_change"),
        rolls=rolls,
        left_out=left_out,
    )


def _adjusted(held: _Held, rolls: pd.DataFrame, adjustment: Adjustment) -> FloatArray:
    """Return older prices moved by every later roll; the price of a roll date is the new contract's already."""
    if adjustment == "none":
        return held.prices.copy()
    at = held.dates.get_indexer(pd.DatetimeIndex(rolls["date"]))
    step = np.zeros(len(held.prices) + 1)
    if adjustment == "difference":
        step[at] = rolls["gap"].to_numpy()
        return held.prices + _later(step)
    sold, bought = rolls["price_from"].to_numpy(), rolls["price_to"].to_numpy()
    lowest = min(held.prices.min(), sold.min(initial=np.inf))
    if not lowest > 0.0:
        raise DataError(
            f"a ratio-adjusted series needs prices above zero, got {lowest:g}; use the difference adjustment instead."
        )
    step[at] = np.log(bought / sold)
    return held.prices * np.exp(_later(step))


def _later(step: FloatArray) -> FloatArray:
    """Return at each row the sum of the steps after it; zero after the last, exactly."""
    sums: FloatArray = np.cumsum(step[::-1])[::-1][1:]
    return sums


def _rolls(
    dates: pd.DatetimeIndex, old: ObjectArray, new: ObjectArray, sold: FloatArray, bought: FloatArray
) -> pd.DataFrame:
    return pd.DataFrame(
        {"date": dates, "from": old, "to": new, "price_from": sold, "price_to": bought, "gap": bought - sold}
    )


def _known(adjustment: str) -> None:
    if adjustment not in get_args(Adjustment):
        known = ", ".join(map(repr, get_args(Adjustment)))
        raise InputError(f"adjustment must be one of {known}, got {adjustment!r}.")


def _require_priced(table: ContractTable, columns: IntArray, prices: FloatArray, what: str) -> None:
    missing = np.flatnonzero(~np.isfinite(prices))
    if len(missing):
        row = int(missing[0])
        raise DataError(
            f"contract {table.name(int(columns[row]))!r} has no price on {table.dates[row]:%Y-%m-%d}, on which it is "
            f"{what}; add the price, leave the date out, or roll by another rule."
        )


def _priced(prices: pd.DataFrame, position: int, rows: IntArray) -> FloatArray:
    values = prices.iloc[:, position].to_numpy(dtype=np.float64)[rows]
    missing = np.flatnonzero(~np.isfinite(values))
    if len(missing):
        date, name = prices.index[rows[missing[0]]], str(prices.columns[position])
        what = "which is held" if position == 0 else "into which the position is rolled"
        raise DataError(f"{name!r}, {what}, has no price on {date:%Y-%m-%d}; add the price or leave the date out.")
    return values


def _roll_rows(dates: pd.DatetimeIndex, roll_dates: Sequence[dt.date] | pd.DatetimeIndex) -> IntArray:
    if not dates.is_monotonic_increasing or not dates.is_unique:
        raise DataError("position prices must have an index of dates, sorted and each once; sort them first.")
    wanted = pd.DatetimeIndex([pd.Timestamp(date) for date in roll_dates]).unique().sort_values()
    rows = dates.get_indexer(wanted).astype(np.int64)
    wrong = np.flatnonzero(rows < 1)
    if len(wrong):
        why = "is no date of the prices" if rows[wrong[0]] < 0 else "is their first date, before which nothing was held"
        raise DataError(f"roll date {wanted[wrong[0]]:%Y-%m-%d} {why}; correct it or leave it out.")
    return rows
