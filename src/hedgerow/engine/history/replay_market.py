"""A history made into a market for options: spot, implied volatility, rates, and dividends as they were paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.engine.history.replay_paths import ReplayPaths
from hedgerow.errors import ColumnError, DataError, InputError, did_you_mean
from hedgerow.instruments import MarketState, Underlying
from hedgerow.instruments.base import require_number
from hedgerow.instruments.moments import CLOSE, EX_DIVIDEND, DateLike, moment_of, since_midnight
from hedgerow.market import History
from hedgerow.market.surface import DeltaPillars
from hedgerow.market.time_grid import TimeGrid

_YEAR = pd.Timedelta(days=365)


@dataclass(frozen=True, eq=False)
class ReplayUnderlying:
    """Where the market of one underlying comes from.

    Parameters
    ----------
    spot : str
        Column of its price.
    vol : str, float, DeltaPillars or mapping of date to surface
        Implied volatility: a column, a number for all days, quoted delta pillars by date, or by date an object with
        ``volatility(strike, years)`` or a callable of (strike, years, forward).
    vol_unit : float
        What 1 in the column stands for: 0.01 where it is in per cent, as volatility indices are.
    dividends : mapping of ex-date to float, or pairs
        Paid to who is long at the close before.
    dividend_yield : float, optional
        Continuous yield for pricing; paid only where there are no ``dividends``. None: with ``dividends``, those of
        the last 365 days over the spot, known at the time; else 0.
    known_dividends : bool
        True prices options with the dividends to come, amounts and all, as announced ones are; no yield then.
    borrow : float
        Fee per year.
    is_future : bool
        True where the column is the price of a future: it does not grow with the rate, options are those of Black.
    pillars : {"put", "call", "both"}
        Which side of :class:`~hedgerow.market.surface.DeltaPillars` makes the smile.
    """

    spot: str
    vol: Any
    vol_unit: float = 1.0
    dividends: Mapping[DateLike, float] | tuple[tuple[DateLike, float], ...] = ()
    dividend_yield: float | None = None
    known_dividends: bool = False
    borrow: float = 0.0
    is_future: bool = False
    pillars: str = "put"

    def __post_init__(self) -> None:
        """Refuse units and yields that are no numbers, and dividends of a future."""
        require_number("vol_unit", self.vol_unit)
        require_number("borrow", self.borrow)
        if self.dividend_yield is not None:
            require_number("dividend_yield", self.dividend_yield)
        if self.is_future and (self.dividends or self.dividend_yield):
            raise InputError("a future pays no dividends; leave dividends and dividend_yield out")

    def paid(self) -> tuple[tuple[pd.Timestamp, float], ...]:
        """Return ex-moments and amounts in order of time."""
        pairs = self.dividends.items() if isinstance(self.dividends, Mapping) else self.dividends
        return tuple(sorted((moment_of(day, "ex-date", EX_DIVIDEND), float(amount)) for day, amount in pairs))


@dataclass(frozen=True, eq=False)
class ReplayMarket:
    """A market of one path: what a history says of one or more underlyings.

    Parameters
    ----------
    history : History
        Rows without a price or volatility are left out; a rate is carried forward from the last day that has one.
        Dates without a time of day are closes, 16:00.
    underlyings : mapping of str to ReplayUnderlying
    rate : float or str
        Rate on cash and for pricing, taken as continuous per year: a number, or a column.
    rate_unit : float
        What 1 in that column stands for: 0.01 where it is in per cent.
    start, end : date, optional
        First and last day replayed; all of them unless given.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=3)
    >>> table = pd.DataFrame({"close": [100.0, 101.0, 100.5], "vix": [15.0, 14.0, 16.0]}, index=days)
    >>> market = ReplayMarket(History(table), {"X": ReplayUnderlying("close", "vix", vol_unit=0.01)}, rate=0.03)
    >>> market.paths().vols[0, :, 0].tolist()
    [0.15, 0.14, 0.16]
    """

    history: History
    underlyings: Mapping[str, ReplayUnderlying]
    rate: float | str = 0.0
    rate_unit: float = 1.0
    start: Any = None
    end: Any = None
    _columns: tuple[str, ...] = field(init=False, repr=False, default=())

    def __post_init__(self) -> None:
        """Refuse a market without underlyings and columns that the history lacks."""
        if not self.underlyings:
            raise InputError("a replay needs at least one underlying; received none")
        needed = [each.spot for each in self.underlyings.values()]
        needed += [each.vol for each in self.underlyings.values() if isinstance(each.vol, str)]
        for name in (*needed, *([self.rate] if isinstance(self.rate, str) else [])):
            if name not in self.history.instruments:
                hint = did_you_mean(name, self.history.instruments) or ";"
                raise ColumnError(
                    f"the history has no column {name!r}{hint} (it has {', '.join(self.history.instruments)})"
                )
        object.__setattr__(self, "_columns", tuple(dict.fromkeys(needed)))

    def paths(self) -> ReplayPaths:
        """Return the market as paths, one of them.

        Raises
        ------
        DataError
            For fewer than two days, a spot or volatility that is not above 0, a day without its surface.
        """
        table = self._table()
        grid = TimeGrid(_closes(pd.DatetimeIndex(table.index)))
        names = tuple(self.underlyings)
        spots = np.column_stack([table[each.spot].to_numpy(dtype=float) for each in self.underlyings.values()])
        rates = self._rates(table)
        yields = np.column_stack([_yields(each, grid, table, rates) for each in self.underlyings.values()])
        surfaces = {name: _surfaces(name, each, table) for name, each in self.underlyings.items()}
        vols = np.column_stack([_levels(each, table, surfaces[name], grid) for name, each in self.underlyings.items()])
        _refuse_not_positive(names, vols, grid)
        moved = {name: each for name, each in self.underlyings.items() if not each.known_dividends}
        return ReplayPaths(
            start=self._state(grid, spots[0], vols[0], yields[0], float(rates[0])),
            grid=grid,
            underlyings=names,
            spots=spots[None],
            vols=vols[None],
            rates=rates,
            synthetic=self._stamp(),
            yields=yields,
            surfaces={name: each for name, each in surfaces.items() if each is not None},
            pays_yield=tuple(name for name, each in self.underlyings.items() if not each.dividends),
            paid={name: each.paid() for name, each in moved.items()},
            futures=tuple(name for name, each in self.underlyings.items() if each.is_future),
        )

    def _table(self) -> pd.DataFrame:
        table = self.history.prices
        if isinstance(self.rate, str):
            table = table.assign(**{self.rate: table[self.rate].ffill()}).dropna(subset=[self.rate])
        table = table.dropna(subset=list(self._columns)).loc[self.start : self.end]
        if len(table) < 2:
            raise DataError(
                f"a replay needs two days or more with {', '.join(self._columns)}, not {len(table)}; "
                "widen start and end"
            )
        return table

    def _rates(self, table: pd.DataFrame) -> FloatArray:
        if isinstance(self.rate, str):
            return np.asarray(table[self.rate].to_numpy(dtype=float) * self.rate_unit)
        return np.full(len(table), float(self.rate))

    def _state(
        self, grid: TimeGrid, spots: FloatArray, vols: FloatArray, yields: FloatArray, rate: float
    ) -> MarketState:
        found = {
            name: Underlying(
                float(spots[code]),
                float(vols[code]),
                rate=rate,
                dividend_yield=float(yields[code]),
                borrow=each.borrow,
                dividends=each.paid() if each.known_dividends else (),
            )
            for code, (name, each) in enumerate(self.underlyings.items())
        }
        return MarketState(grid.times[0], found)

    def _stamp(self) -> str:
        """Return in a sentence what of the option prices is made and not observed."""
        parts = [f"{name} from {_source(each)}" for name, each in self.underlyings.items()]
        return (
            "Synthetic option prices: no option was quoted; each was priced by a formula at the volatility of "
            f"{'; '.join(parts)}."
        )


def _source(each: ReplayUnderlying) -> str:
    if isinstance(each.vol, str):
        return f"the column {each.vol!r} of the day, the same for every strike and expiry"
    if isinstance(each.vol, DeltaPillars):
        return f"the quoted {each.pillars} delta pillars of the day, one smile for every expiry"
    if isinstance(each.vol, Mapping):
        return "the surface given for the day"
    return f"{float(each.vol):g} on every day"


def _closes(days: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """Return dates without a time of day as their closes."""
    clock = since_midnight(CLOSE)
    days = days.as_unit("us")
    return pd.DatetimeIndex(days.where(days != days.normalize(), days.normalize() + clock))


def _yields(each: ReplayUnderlying, grid: TimeGrid, table: pd.DataFrame, rates: FloatArray) -> FloatArray:
    """Return the yield at which options are priced on each day, from what was known on it, (n_times,)."""
    if each.is_future:
        return rates
    if each.dividend_yield is not None or each.known_dividends or not each.dividends:
        return np.full(len(table), 0.0 if each.known_dividends else float(each.dividend_yield or 0.0))
    moments = np.array([day.to_datetime64() for day, _ in each.paid()], dtype="M8[us]")
    total = np.concatenate([[0.0], np.cumsum([amount for _, amount in each.paid()])])
    now = grid.times.to_numpy().astype("M8[us]")
    before = now - np.timedelta64(_YEAR.to_timedelta64())
    last_year = (
        total[np.searchsorted(moments, now, side="right")] - total[np.searchsorted(moments, before, side="right")]
    )
    return np.asarray(last_year / table[each.spot].to_numpy(dtype=float))


def _surfaces(name: str, each: ReplayUnderlying, table: pd.DataFrame) -> list[Any] | None:
    """Return one surface per day, or None where a number or a column says the volatility."""
    if isinstance(each.vol, DeltaPillars):
        known = set(each.vol.vols.index)
        make: Any = lambda day: PillarSurface(each.vol, day, each.pillars)  # noqa: E731
    elif isinstance(each.vol, Mapping):
        by_day = {pd.Timestamp(day): surface for day, surface in each.vol.items()}
        known, make = set(by_day), by_day.__getitem__
    else:
        return None
    days = [pd.Timestamp(day).normalize() for day in table.index]
    missing = [day for day in days if day not in known]
    if missing:
        raise DataError(
            f"{name!r} has no surface on {missing[0]:%Y-%m-%d} ({len(missing)} of {len(days)} days are so); leave such "
            "days out of the history, or give their surfaces"
        )
    return [make(day) for day in days]


@dataclass(frozen=True, eq=False)
class PillarSurface:
    """The smile of one date of delta pillars, read at any strike: linear in ln(K/F) between pillars, flat outside."""

    table: DeltaPillars
    day: pd.Timestamp
    pillars: Any

    def volatility(self, strike: Any, years: Any) -> FloatArray:
        """Return volatilities of strikes; the table has one expiry, so ``years`` does not matter."""
        smile = self.table.smile(self.day, self.pillars)
        place = np.log(np.asarray(strike, dtype=float) / float(self.table.forward.loc[self.day]))
        return np.asarray(np.sqrt(smile.total_variance(place) / float(self.table.years.loc[self.day])))


def _levels(each: ReplayUnderlying, table: pd.DataFrame, surfaces: list[Any] | None, grid: TimeGrid) -> FloatArray:
    """Return the volatility at the money of each day, (n_times,): 30 days ahead where a surface has several."""
    if surfaces is None:
        if isinstance(each.vol, str):
            return np.asarray(table[each.vol].to_numpy(dtype=float) * each.vol_unit)
        return np.full(len(table), float(each.vol))
    from hedgerow.instruments.inputs import ask_surface

    years = np.array([30.0 / 365.0])
    spots = table[each.spot].to_numpy(dtype=float)
    asked = [
        ask_surface(one, np.array([spot]), years, np.array([spot])) for one, spot in zip(surfaces, spots, strict=True)
    ]
    return np.concatenate(asked)


def _refuse_not_positive(names: tuple[str, ...], vols: FloatArray, grid: TimeGrid) -> None:
    wrong = np.argwhere(~(vols > 0.0))
    if len(wrong):
        time, code = wrong[0]
        raise DataError(
            f"the implied volatility of {names[code]!r} on {grid.times[time]:%Y-%m-%d} is {vols[time, code]}, not "
            "above 0; correct the column or leave the day out"
        )
