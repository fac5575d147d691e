"""What an overlay rule may look at: named signals on common dates, each with the day on which it is known.

>>> days = pd.date_range("2024-01-01", periods=3)
>>> signals = Signals.of({"vix": pd.Series([14.0, 22.0, 31.0], days), "price": pd.Series([100.0, 98.0, 93.0], days)})
>>> signals["vix"].tolist()
[14.0, 22.0, 31.0]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import ColumnError, DataError, InputError, did_you_mean
from hedgerow.market.dates import written
from hedgerow.market.frames import checked_prices
from hedgerow.overlays.publication import known_values, require_published

ABOVE_ZERO = ("vix", "price", "short", "long")
"""Signals that are quoted levels and cannot be zero or below."""


@dataclass(frozen=True)
class Signals:
    """Named signals on the dates on which every one of them, and the hedge, exists.

    Made by :meth:`of`. Row t of a signal is what is known at the close of ``dates[t]``: a signal that is published
    later is moved down by its delay first, so that a rule never has to think of it.

    Attributes
    ----------
    dates : DatetimeIndex (n_dates,)
        Sorted, unique.
    values : mapping of str to ndarray (n_dates,)
        Read-only. ``vix`` in points (18 is 18 %), ``price`` of the portfolio or its index, anything else by its name.
    dropped : int
        Rows of the joint table that were left out because a signal was missing.
    delays : mapping of str to int
        Signal dates after its own at which each signal is known; 0 where not named.
    stated : tuple of str
        What was left out or joined otherwise than by date, a clause each.
    """

    dates: pd.DatetimeIndex
    values: Mapping[str, FloatArray]
    dropped: int = 0
    delays: Mapping[str, int] = field(default_factory=dict)
    stated: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        series: Mapping[str, pd.Series],
        *,
        delays: Mapping[str, int] | None = None,
        hedge_dates: pd.DatetimeIndex | None = None,
        available_at: Mapping[str, pd.Series] | None = None,
        decided_at: str = "16:00",
    ) -> Signals:
        """Return the signals on the dates that all of them have; nothing is filled forward from date to date.

        Parameters
        ----------
        series : mapping of str to Series
            By name; each with sorted, unique dates. Missing values leave with their row, and are counted: a volatility
            index printed on a holiday on which the price is not, too.
        delays : mapping of str to int, optional
            Rows by which a signal is known after its date, 0 or more.
        hedge_dates : DatetimeIndex, optional
            Dates on which the hedge can be traded; others leave with their rows, and are counted.
        available_at : mapping of str to Series, optional
            Moments of publication of signals that are not known at the close of their own date (weekly or monthly
            figures, a volatility index computed after the index's close), by those signals' dates. They are joined by
            these moments instead of their dates, on the dates of all other signals; see :mod:`.publication`.
        decided_at : str
            Time of the day at which a row is decided, on the clock of ``available_at``.

        Raises
        ------
        ColumnError
            A delay, or moments, of a signal that is not there.
        InputError
            A weekly or slower figure beside daily ones without delay or moments of publication.
        DataError
            Dates that are unsorted or repeat, values that are infinite, a level at or below zero, no common date.
        """
        if not series:
            raise InputError("an overlay needs at least one signal; give a mapping such as {'vix': series}")
        moments = dict(available_at or {})
        for given, what in ((delays or {}, "a delay names"), (moments, "available_at names")):
            for name in given:
                if name not in series:
                    hint = did_you_mean(name, series)
                    raise ColumnError(
                        f"{what} the signal {name!r}, which is not there{hint} (signals: {', '.join(series)})"
                    )
        require_published(series, {*moments, *(name for name, delay in (delays or {}).items() if delay)})
        joined = _by_date({name: one for name, one in series.items() if name not in moments}, hedge_dates)
        stated: list[str] = []
        for name, published in moments.items():
            known = known_values(name, series[name], published, pd.DatetimeIndex(joined.index), decided_at)
            joined, stated = joined.assign(**{name: known.values}), [*stated, known.said]
        kept = joined[list(series)].dropna()
        if hedge_dates is not None:
            kept = kept.loc[kept.index.isin(hedge_dates)]
        if kept.empty:
            raise DataError(f"no date has all signals {', '.join(series)}; give series that share a calendar")
        dropped = len(joined) - len(kept)
        late = _lags(delays or {})
        first = max(late.values(), default=0)
        if first >= len(kept):
            slow = max(late, key=lambda name: late[name])
            raise InputError(
                f"the delay of {slow!r} is {first:,} rows, and there are {len(kept):,}: nothing is ever known; give "
                "more rows or a shorter delay"
            )
        for name, delay in late.items():
            kept = kept.assign(**{name: kept[name].shift(delay)})
        kept = kept.iloc[first:]
        stamps, names, array = checked_prices(kept)
        _require_levels(stamps, names, array)
        values = {name: array[:, number] for number, name in enumerate(names)}
        if dropped:
            stated = [f"{dropped} dates left out on which a signal or the hedge is missing", *stated]
        return cls(
            pd.DatetimeIndex(stamps, name="date"),
            MappingProxyType(values),
            dropped + first,
            MappingProxyType({name: delay for name, delay in late.items() if delay}),
            tuple(stated),
        )

    def __getitem__(self, name: str) -> FloatArray:
        """Return the values (n_dates,) of a signal by its name; ColumnError where there is none."""
        if name not in self.values:
            known = ", ".join(self.values)
            raise ColumnError(
                f"the rule needs the signal {name!r}, which is not there{did_you_mean(name, self.values)} "
                f"(signals: {known}); give it among the signals (--signal {name}=COL in a command)"
            )
        return self.values[name]

    def __contains__(self, name: object) -> bool:
        return name in self.values

    def __len__(self) -> int:
        return len(self.dates)

    def with_values(self, name: str, values: FloatArray) -> Signals:
        """Return the same signals with one replaced or added, shape (n_dates,)."""
        if np.shape(values) != (len(self.dates),):
            raise InputError(f"signal {name!r} must have shape {(len(self.dates),)}, not {np.shape(values)}")
        frozen = np.array(values, dtype=float)
        frozen.flags.writeable = False
        return replace(self, values=MappingProxyType({**self.values, name: frozen}))

    def first(self, n_dates: int) -> Signals:
        """Return what was known after the first ``n_dates`` rows: the past of every later decision."""
        return self.rows(slice(n_dates))

    def rows(self, cut: slice) -> Signals:
        """Return the signals on some rows."""
        values = {name: array[cut] for name, array in self.values.items()}
        return replace(self, dates=self.dates[cut], values=MappingProxyType(values))


def _by_date(series: Mapping[str, pd.Series], hedge_dates: pd.DatetimeIndex | None) -> pd.DataFrame:
    """Return signals side by side on the dates of any of them, or of the hedge where there is none."""
    if not series:
        if hedge_dates is None:
            raise InputError(
                "every signal is joined by its moment of publication, so that nothing says on which dates to decide; "
                "give hedge_dates"
            )
        return pd.DataFrame(index=hedge_dates)
    tables = [pd.DataFrame({name: one}) for name, one in series.items()]
    for table in tables:
        checked_prices(table)
    return pd.concat(tables, axis=1, join="outer", sort=True)


def _lags(delays: Mapping[str, int]) -> dict[str, int]:
    for name, delay in delays.items():
        number = isinstance(delay, int | float | np.number) and not isinstance(delay, bool)
        if not number or not np.isfinite(float(delay)) or delay < 0 or delay != int(delay):
            raise InputError(f"the delay of {name!r} must be a whole number of rows, 0 or more, not {delay!r}")
    return {name: int(delay) for name, delay in delays.items()}


def _require_levels(stamps: pd.DatetimeIndex, names: tuple[str, ...], array: FloatArray) -> None:
    for number, name in enumerate(names):
        low = array[:, number] <= 0.0
        if name in ABOVE_ZERO and low.any():
            row = int(np.argmax(low))
            raise DataError(
                f"signal {name!r} is {array[row, number]:g} on {written(stamps[row])}; it is a quoted level and must "
                "be above 0: correct it or leave the cell empty"
            )
