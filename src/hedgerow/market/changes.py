"""Changes of prices: what one unit gained over each period, never across two contracts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray, FloatArray, IntArray
from hedgerow.errors import ColumnError, DataError, InputError, did_you_mean
from hedgerow.market.dates import written

if TYPE_CHECKING:
    from hedgerow.market.history import History

ChangeKind: TypeAlias = Literal["diff", "percent", "log"]
CHANGE_KINDS: tuple[ChangeKind, ...] = ("diff", "percent", "log")
_NEEDS_POSITIVE = {
    "percent": "a percentage of a price that is 0 or less means nothing",
    "log": "a price that is 0 or less has no logarithm",
}


@dataclass(frozen=True)
class Changes:
    """Changes of several instruments over the same periods.

    Attributes
    ----------
    values : DataFrame (n_obs, n_instruments)
        The change of each instrument, dated by the end of its period, the moment it is known.
    start_prices, end_prices : DataFrame (n_obs, n_instruments)
        Prices at the start and the end of each period, in the instruments' own units.
    kind : str
        "diff" (price units, or a fraction where a level divides), "percent" (decimals: 0.01 is 1 %) or "log".
    horizon : int
        Rows per period.
    crossed_rolls : int
        Single steps left out, for all columns, because a column passed into another contract on them.
    scales : DataFrame (n_obs, n_instruments)
        Price units that one unit of change was worth at the start of its period: 1 for differences, the level where
        one divides, the start price for returns. It turns a ratio of these changes into a ratio of units.
    first_start : Timestamp
        Start of the first period.
    """

    values: pd.DataFrame
    start_prices: pd.DataFrame
    end_prices: pd.DataFrame
    kind: str
    horizon: int
    crossed_rolls: int
    scales: pd.DataFrame
    first_start: pd.Timestamp

    @property
    def times(self) -> pd.DatetimeIndex:
        """Start of the first period and end of every period, (n_obs + 1,)."""
        dates = pd.DatetimeIndex(self.values.index)
        return pd.DatetimeIndex([self.first_start, *dates], name="date")


@dataclass(frozen=True)
class ChangeOptions:
    """How changes are taken; see :meth:`hedgerow.market.History.changes`."""

    kind: str = "diff"
    horizon: int = 1
    level: Mapping[str, str] | None = None
    columns: Sequence[str] | None = None

    def differenced(self, instruments: Sequence[str]) -> tuple[str, ...]:
        """Return the columns to difference: those asked for, or all that do not merely serve as a level."""
        level = dict(self.level or {})
        for name in (*(self.columns or ()), *level, *level.values()):
            if name not in instruments:
                hint = did_you_mean(name, instruments)
                raise ColumnError(f"there is no instrument {name!r}{hint} (instruments: {', '.join(instruments)})")
        if self.columns is not None:
            return tuple(self.columns)
        only_levels = set(level.values()) - set(level)
        return tuple(name for name in instruments if name not in only_levels)

    def check(self) -> None:
        """Refuse combinations that mean nothing."""
        if self.kind not in CHANGE_KINDS:
            raise InputError(f"changes must be one of {', '.join(CHANGE_KINDS)}; received {self.kind!r}")
        if isinstance(self.horizon, bool) or not isinstance(self.horizon, (int, np.integer)) or self.horizon < 1:
            raise InputError(f"horizon must be a whole number of rows, 1 or more; received {self.horizon!r}")
        if self.level and self.kind != "diff":
            raise InputError(
                f"a level divides price differences, and {self.kind} changes have none; use --changes diff with --level"
            )


def take_changes(history: History, options: ChangeOptions) -> Changes:
    """Return the changes of ``history`` over non-overlapping periods counted back from its last row.

    A step on which a differenced column passes into another contract is left out for *all* columns, so exposure
    and hedge are always compared over the same days. A period of several steps is the sum of the steps that stay
    (differences, logs) or their compounded growth (percent); a period with no step left has no row.

    Raises
    ------
    DataError
        If a price is missing, a percent or log change meets a price that is 0 or less, a level is 0 or less, or
        too few rows are there.
    """
    options.check()
    names = options.differenced(history.instruments)
    _require_complete(history, names, options)
    fine = history.finest
    prices = fine.prices[list(names)].to_numpy()
    picked = _period_ends(fine.times, history.times, int(options.horizon))
    crossed = _crossed(fine, names)
    start, end, left_out = _periods(picked, crossed, fine.times)
    if options.kind != "diff":
        _require_positive(fine, names, picked if not left_out else np.arange(picked[0], picked[-1] + 1), options.kind)
    values = _values(prices, crossed, (start, end), options.kind)
    starts, ends = _rows(prices, start), _rows(prices, end)
    scales = starts if options.kind != "diff" else np.broadcast_to(1.0, values.shape)
    if options.level:
        scales = _levels(fine, names, options.level, start)
        values = values / scales
    dates = fine.times[end]
    return Changes(
        values=_frame(values, dates, names),
        start_prices=_frame(starts, dates, names),
        end_prices=_frame(ends, dates, names),
        kind=options.kind,
        horizon=int(options.horizon),
        crossed_rolls=left_out,
        scales=_frame(scales, dates, names),
        first_start=fine.times[start[0]],
    )


def require_moving(changes: Changes, hedges: Sequence[str] | None = None, *, exposure: str | None = None) -> None:
    """Refuse a hedge, or the exposure where it is named, whose changes are all the same: no ratio can be estimated.

    Raises
    ------
    DataError
        Naming the first such instrument, its change and the dates.
    """
    names = list(changes.values.columns) if hedges is None else list(hedges)
    for name in names:
        column = changes.values[name]
        if (column == column.iloc[0]).all():
            span = f"{written(column.index[0])} to {written(column.index[-1])}"
            role = "exposure" if name == exposure else "hedge"
            raise DataError(
                f"{role} {name!r} does not move on its own: each of its {len(column)} changes from {span} is "
                f"{column.iloc[0]:g}, so no ratio can be estimated; leave it out or choose other dates"
            )


def _frame(values: FloatArray, dates: pd.DatetimeIndex, names: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(values, index=dates, columns=pd.Index(names), copy=False)


def _rows(prices: FloatArray, rows: IntArray) -> FloatArray:
    """Return the read-only rows of a table; in one piece they share its memory, which counts on millions of rows."""
    in_one_piece = len(rows) == rows[-1] - rows[0] + 1
    picked = prices[rows[0] : rows[-1] + 1] if in_one_piece else prices[rows]
    picked.flags.writeable = False
    return picked


def _require_complete(history: History, names: Sequence[str], options: ChangeOptions) -> None:
    used = list(dict.fromkeys([*names, *(options.level or {}).values()]))
    missing = history.prices[used].isna()
    for name in used:
        if missing[name].any():
            where = written(history.times[int(np.argmax(missing[name].to_numpy()))])
            raise DataError(
                f"{name!r} has no price on {int(missing[name].sum())} of {len(missing)} dates (first {where}); "
                "take the rows where all are present, history.joint().history, before taking changes"
            )


def _period_ends(fine: pd.DatetimeIndex, rows: pd.DatetimeIndex, horizon: int) -> IntArray:
    if len(rows) < horizon + 1:
        raise DataError(
            f"{horizon}-row changes need at least {horizon + 1} rows; there are {len(rows)}; "
            "use more data or a shorter horizon"
        )
    places = fine.get_indexer(rows)
    return np.asarray(places[(len(rows) - 1) % horizon :: horizon], dtype=np.int64)


def _crossed(fine: History, names: Sequence[str]) -> BoolArray:
    """Return (n_times,): whether any of ``names`` stands in another contract than on the row before."""
    crossed = np.zeros(len(fine.times), dtype=np.bool_)
    labels = fine.contracts
    if labels is not None:
        table = labels[list(names)].to_numpy(dtype=object)
        crossed[1:] = (table[1:] != table[:-1]).any(axis=1)
    return crossed


def _periods(picked: IntArray, crossed: BoolArray, times: pd.DatetimeIndex) -> tuple[IntArray, IntArray, int]:
    start, end = picked[:-1], picked[1:]
    passed = np.cumsum(crossed)
    rolls: IntArray = passed[end] - passed[start]
    kept = rolls < end - start
    if not kept.any():
        raise DataError(
            f"every change from {written(times[picked[0]])} to {written(times[picked[-1]])} crosses two contracts; "
            "give roll dates that leave rows within one contract"
        )
    return start[kept], end[kept], int(rolls.sum())


def _values(prices: FloatArray, crossed: BoolArray, periods: tuple[IntArray, IntArray], kind: str) -> FloatArray:
    start, end = periods
    if kind == "diff":
        jumps = np.where(crossed[1:, None], np.diff(prices, axis=0), 0.0)
        passed = np.vstack([np.zeros(prices.shape[1]), np.cumsum(jumps, axis=0)])
        return np.asarray((prices[end] - prices[start]) - (passed[end] - passed[start]))
    growth = prices[end] / prices[start]
    if crossed.any():
        with np.errstate(divide="ignore", invalid="ignore"):
            jumps = np.where(crossed[1:, None], prices[1:] / prices[:-1], 1.0)
        passed = np.vstack([np.ones(prices.shape[1]), np.cumprod(jumps, axis=0)])
        growth = growth / (passed[end] / passed[start])
    return np.asarray(growth - 1.0 if kind == "percent" else np.log(growth))


def _require_positive(fine: History, names: Sequence[str], rows: IntArray, kind: str) -> None:
    prices = fine.prices[list(names)].to_numpy()[rows]
    if (prices > 0).all():
        return
    row, column = np.argwhere(~(prices > 0))[0]
    raise DataError(
        f"{kind} changes need prices above 0 and {names[column]!r} is {prices[row, column]:g} on "
        f"{written(fine.times[rows[row]])} ({_NEEDS_POSITIVE[kind]}); use differences (--changes diff)"
    )


def _levels(fine: History, names: Sequence[str], level: Mapping[str, str], start: IntArray) -> FloatArray:
    divisors = np.ones((len(start), len(names)))
    for position, name in enumerate(names):
        if name not in level:
            continue
        column = fine.prices[level[name]].to_numpy()[start]
        if not (column > 0).all():
            at = int(np.argmax(~(column > 0)))
            raise DataError(
                f"level {level[name]!r} must be above 0 to divide changes and is {column[at]:g} on "
                f"{written(fine.times[start[at]])}; use another level or plain differences without --level"
            )
        divisors[:, position] = column
    return divisors
