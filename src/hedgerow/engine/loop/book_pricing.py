"""The market of a schedule: spots, volatilities, rates, carry and dividends of every row at every time on all paths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray, IntArray
from hedgerow.engine.history.replay_paths import ReplayPaths
from hedgerow.engine.loop.book_schedule import Schedule
from hedgerow.engine.loop.pricing_slice import PricingSlice, repeated
from hedgerow.errors import InputError, did_you_mean
from hedgerow.instruments.columns import VOLATILITY_TYPES, Columns
from hedgerow.instruments.inputs import Inputs, resolve
from hedgerow.instruments.model import Model
from hedgerow.instruments.moments import years_between
from hedgerow.scenarios.paths import MarketPaths


class BookMarket:
    """The market of a schedule: what every row's formula takes at every time.

    Parameters
    ----------
    paths : MarketPaths
    schedule : Schedule
    model : Model

    Raises
    ------
    InputError
        For an underlying that the paths or the start lack.
    """

    def __init__(self, paths: MarketPaths, schedule: Schedule, model: Model) -> None:
        for name in schedule.names:
            if name not in paths.underlyings:
                hint = did_you_mean(name, paths.underlyings) or ";"
                known = ", ".join(paths.underlyings)
                raise InputError(
                    f"the market paths have no underlying {name!r}{hint} (they have {known}); add it to the market"
                )
        self.paths, self.schedule, self.model = paths, schedule, model
        self.code = np.array([paths.underlyings.index(name) for name in schedule.names])[schedule.underlying]
        self._known = [paths.start.underlying(name) for name in schedule.columns.names]
        moments = schedule.grid.times.to_numpy().astype("M8[us]")
        self._known_columns: dict[bytes, Columns] = {}
        self.years = np.maximum([years_between(each, schedule.columns.expiry) for each in moments], 0.0)

    @cached_property
    def needs_vol(self) -> Any:
        """True for rows that a volatility values."""
        return self.schedule.columns.is_type(*VOLATILITY_TYPES)

    @property
    def has_smiles(self) -> bool:
        """Whether strikes may have volatilities of their own."""
        own_marks = type(self.paths).marks is not MarketPaths.marks
        return own_marks and not (isinstance(self.paths, ReplayPaths) and not self.paths.surfaces)

    @cached_property
    def _at_start(self) -> Inputs:
        """The formulas' arguments at the start, for carries that quoted forwards imply."""
        vols = {
            name: replace(self.paths.start.underlying(name), vol=0.2) for name in self.schedule.columns.names
        }  # volatilities come from the paths
        market = replace(self.paths.start, at=self.schedule.grid.times[0], underlyings=vols)
        return resolve(self.schedule.columns, market)

    def rates(self, times: IntArray, rows: IntArray) -> FloatArray:
        """Return the rate of each pair of time and row, (m,)."""
        if self.paths.rates is not None:
            return np.asarray(self.paths.rates[times])
        return np.asarray(self._at_start.rate[rows])

    def carries(self, times: IntArray, rows: IntArray) -> FloatArray:
        """Return the yield with borrow of each pair of time and row, (m,)."""
        yields = self.paths.yields if isinstance(self.paths, ReplayPaths) else None
        if yields is None:
            return np.asarray(self._at_start.carry[rows], dtype=float)
        return np.asarray(yields[times, self.code[rows]] + self._borrow[rows])

    def yields_of_names(self) -> FloatArray:
        """Return the yield with borrow of every underlying of the schedule, (n_times, n_underlyings)."""
        paths, names = self.paths, self.schedule.names
        known = [paths.start.underlying(name) for name in names]
        yields = np.tile([each.dividend_yield for each in known], (len(self.schedule.grid.times), 1))
        if isinstance(paths, ReplayPaths) and paths.yields is not None:
            yields = paths.yields[:, [paths.underlyings.index(name) for name in names]]
        return np.asarray(yields + np.array([each.borrow for each in known]), dtype=float)

    @cached_property
    def _borrow(self) -> FloatArray:
        return np.array([each.borrow for each in self._known])[self.schedule.columns.underlying]

    def vols(self, times: IntArray, rows: IntArray) -> FloatArray:
        """Return the implied volatility of each pair's own strike, (n_paths, m); the underlying's for what has none.

        A position with a mark of its own keeps its distance from the underlying's volatility at the start. With a
        smile, nothing is asked once a position has no time left: the underlying's stands there.
        """
        paths, code = self.paths, self.code[rows]
        found = paths.vols[:, times, code]
        if self.has_smiles:
            self._ask_smiles(found, times, rows)
        mark = self.schedule.columns.mark[rows]
        own = ~np.isnan(mark)
        if own.any():
            moved = paths.vols[:, times[own], code[own]] - paths.vols[:, 0, code[own]]
            found[:, own] = np.maximum(mark[own] + moved, 0.0)
        return found

    def _ask_smiles(self, found: FloatArray, times: IntArray, rows: IntArray) -> None:
        years = self.years[times, rows]
        asked = np.flatnonzero(self.needs_vol[rows] & (years > 0.0))
        keys = times[asked] * len(self.schedule.names) + self.schedule.underlying[rows[asked]]
        order = np.argsort(keys, kind="stable")
        for lot in np.split(asked[order], np.flatnonzero(np.diff(keys[order])) + 1):
            if not len(lot):
                continue
            time, strikes = int(times[lot[0]]), self.schedule.columns.strike[rows[lot]]
            name = self.schedule.names[self.schedule.underlying[rows[lot[0]]]]
            vols = self.paths.marks(time, name, strikes, years[lot])
            if not bool((np.isfinite(vols) & (vols >= 0.0)).all()):
                raise InputError(
                    f"the smile of {name!r} on {self.schedule.grid.times[time]} gives no volatility for strikes "
                    f"{strikes.tolist()}; widen it or give the position its own mark"
                )
            found[:, lot] = vols

    def slice(self, times: IntArray, rows: IntArray, vols: FloatArray) -> PricingSlice:
        """Return what formulas take for pairs of time and row; ``vols`` (n_paths, m) as of :meth:`vols`."""
        rate = self.rates(times, rows)
        dividends, duration, schedules = self._dividends(times, rows, rate)
        return PricingSlice(
            columns=self._columns(rows),
            spots=self.paths.spots[:, times, self.code[rows]],
            vols=vols,
            years=self.years[times, rows],
            rate=np.array(rate, dtype=float),
            carry=self.carries(times, rows),
            dividends=dividends,
            dividend_duration=duration,
            schedules=schedules,
            model=self.model,
        )

    def _columns(self, rows: IntArray) -> Columns:
        """Return rows of the columns; the same rows are asked for many moments running."""
        key = rows.tobytes()
        if key not in self._known_columns:
            if len(self._known_columns) > 3:
                self._known_columns.clear()
            self._known_columns[key] = repeated(self.schedule.columns, rows)
        return self._known_columns[key]

    @cached_property
    def known_dividends(self) -> Mapping[int, tuple[FloatArray, FloatArray]]:
        """Years from the start to known ex-moments, and amounts, by code of the columns' names."""
        found = {}
        start = self.schedule.grid.times.to_numpy()[0].astype("M8[us]")
        for code, each in enumerate(self._known):
            paid = sorted(each.ex_dates())
            if paid:
                moments = np.array([day.to_datetime64() for day, _ in paid], dtype="M8[us]")
                found[code] = (years_between(start, moments), np.array([amount for _, amount in paid]))
        return found

    @cached_property
    def one_time_at_once(self) -> bool:
        """Whether formulas must be asked time by time: a lattice takes its dividends counted from each valuation."""
        return bool(self.known_dividends) and bool(self.schedule.columns.is_type("american").any())

    def _dividends(self, times: IntArray, rows: IntArray, rate: FloatArray) -> tuple[FloatArray, FloatArray, Any]:
        """Return present value and duration of known dividends up to each expiry, and schedules as of one time."""
        value, duration = np.zeros(len(rows)), np.zeros(len(rows))
        if not self.known_dividends:
            return value, duration, ()
        now, columns = self.schedule.grid.years[times], self.schedule.columns
        carried = self._at_start.dividends > 0.0
        quoted = np.isin(np.arange(len(columns)), np.flatnonzero(~carried & self._has_quoted_forward))
        for code, (moments, amounts) in self.known_dividends.items():
            left = moments[None, :] - now[:, None]
            counts = (left > 0.0) & (left <= self.years[times, rows][:, None] + 1e-12)
            counts &= (columns.underlying[rows] == code)[:, None] & ~quoted[rows][:, None]
            present = np.where(counts, amounts * np.exp(-rate[:, None] * left), 0.0)
            value += present.sum(axis=1)
            duration += (present * left).sum(axis=1)
        return value, duration, self._schedules(now)

    @cached_property
    def _has_quoted_forward(self) -> Any:
        plain = np.array([each.dividend_yield + each.borrow for each in self._known])[self.schedule.columns.underlying]
        return self._at_start.carry != plain

    def _schedules(self, now: FloatArray) -> tuple[tuple[FloatArray, FloatArray], ...]:
        none = (np.zeros(0), np.zeros(0))
        found = []
        for code in range(len(self._known)):
            moments, amounts = self.known_dividends.get(code, none)
            left = moments - now[0] if len(now) else moments
            found.append((left[left > 0.0], amounts[left > 0.0]))
        return tuple(found)

    def slope(self, time: int, rows: IntArray) -> FloatArray:
        """Return minus strike over spot times the slope of the smile by strike, (n_paths, n_rows); 0 without smile."""
        spots = self.paths.spots[:, time, self.code[rows]]
        times = np.full(len(rows), time)
        asked = self.needs_vol[rows] & (self.years[time, rows] > 0.0)
        if not self.has_smiles or not asked.any():
            return np.zeros_like(spots)
        found = np.zeros_like(spots)
        step = 1e-4
        for number in np.flatnonzero(asked):
            name = self.schedule.names[self.schedule.underlying[rows[number]]]
            strike = self.schedule.columns.strike[rows[number]]
            two = np.array([strike * (1.0 - step), strike * (1.0 + step)])
            vols = self.paths.marks(int(times[number]), name, two, np.full(2, self.years[time, rows[number]]))
            found[:, number] = -(vols[:, 1] - vols[:, 0]) / (2.0 * step * spots[:, number])
        return found


def paid_dividends(paths: MarketPaths, name: str) -> list[tuple[pd.Timestamp, float]]:
    """Return ex-moments and amounts that holders of an underlying are paid."""
    known = paths.start.underlying(name).ex_dates()
    return sorted([*known, *(paths.paid.get(name, ()) if isinstance(paths, ReplayPaths) else ())])
