"""How series on calendars of their own become one market."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import DataError, InputError
from hedgerow.market.dates import written
from hedgerow.market.frames import checked_prices
from hedgerow.programmes.market import MarketQuotes, OverlayMarket, require_levels

NOT_GIVEN = {"rate": "interest rate not given: 0 %", "dividend_yield": "dividend yield not given: 0 %"}


def joined_market(
    kind: type[OverlayMarket],
    price: pd.Series,
    vix: pd.Series,
    rate: float | pd.Series | None,
    dividend_yield: float | pd.Series | None,
    quotes: MarketQuotes,
) -> OverlayMarket:
    """Return the market of series that may have calendars of their own; see :meth:`OverlayMarket.of`."""
    needed = {"price": price, "vix": vix} | ({} if quotes.portfolio is None else {"portfolio": quotes.portfolio})
    for name, one in needed.items():
        if isinstance(one, pd.DataFrame):
            raise InputError(f"{name} must be one column, a pandas Series, not a table; choose one: table['column']")
    tables = [pd.DataFrame({name: one}) for name, one in needed.items()]
    for table in tables:
        checked_prices(table)
    every = pd.concat(tables, axis=1, join="outer", sort=True)
    joint = every.dropna()
    for name, one in _further_indices(quotes).items():
        joint = _on_dates_of(name, one, joint)
    if joint.empty:
        names = ", ".join((*needed, *_further_indices(quotes)))
        raise DataError(f"no date has all of {names}; give series that share a calendar")
    dates = pd.DatetimeIndex(joint.index, name="date")
    levels = {name: _frozen(joint[name].to_numpy(dtype=float)) for name in needed}
    for name, values in levels.items():
        require_levels(name, dates, values)
    stated = tuple(
        NOT_GIVEN[name] for name, given in (("rate", rate), ("dividend_yield", dividend_yield)) if given is None
    )
    futures, expiries = _curve(quotes, dates)
    return kind(
        dates,
        levels["price"],
        levels["vix"],
        _yearly("rate", rate, dates),
        _yearly("dividend_yield", dividend_yield, dates),
        futures,
        expiries,
        {int(days): _frozen(one.loc[dates].to_numpy(dtype=float)) for days, one in quotes.volatilities.items()},
        None if quotes.vol_of_vol is None else _frozen(quotes.vol_of_vol.loc[dates].to_numpy(dtype=float)),
        levels.get("portfolio"),
        len(every) - len(joint),
        stated,
        None if quotes.surfaces is None else tuple(quotes.surfaces.get(date) for date in dates),
    )


def _further_indices(quotes: MarketQuotes) -> dict[str, pd.Series]:
    """Return the volatility indices beside the first, by their names in sentences."""
    found = {f"the volatility of {days} days": one for days, one in quotes.volatilities.items()}
    return found if quotes.vol_of_vol is None else {**found, "vol_of_vol": quotes.vol_of_vol}


def _on_dates_of(name: str, series: pd.Series, joint: pd.DataFrame) -> pd.DataFrame:
    """Return the rows on whose dates an index was printed; an index that begins later is refused and not a cut."""
    checked_prices(pd.DataFrame({name: series}))
    printed = series.dropna().index
    if len(joint) and not (printed <= joint.index[0]).any():
        raise _begins_late(name, joint.index[0])
    return joint.loc[joint.index.isin(printed)]


def _begins_late(name: str, first: pd.Timestamp) -> DataError:
    return DataError(
        f"{name} has no value on or before {first:%Y-%m-%d}, where the market begins; give earlier rows or begin later"
    )


def _yearly(name: str, given: float | pd.Series | None, dates: pd.DatetimeIndex) -> FloatArray:
    """Return a yearly decimal by date, from a number or from the last value known on or before each date."""
    if given is None:
        given = 0.0
    if not isinstance(given, pd.Series):
        number = isinstance(given, int | float | np.integer | np.floating)
        if not (number and np.isfinite(given)):
            raise InputError(f"{name} must be a finite decimal per year, such as 0.02, or a series, not {given!r}")
        return _decimal(name, np.full(len(dates), float(given)), dates)
    return _decimal(name, _as_of(name, given, dates), dates)


def _as_of(name: str, series: pd.Series, dates: pd.DatetimeIndex) -> FloatArray:
    """Return the last value of a series known on or before each date; never a later one."""
    checked_prices(pd.DataFrame({name: series}))
    known = series.dropna()
    position = known.index.searchsorted(dates, side="right") - 1
    if (position < 0).any():
        raise _begins_late(name, dates[0])
    return np.asarray(known.to_numpy(dtype=float)[position])


def _decimal(name: str, values: FloatArray, dates: pd.DatetimeIndex) -> FloatArray:
    """Return a yearly decimal as it is kept; one of 100 % or more was written in per cent."""
    far = ~(np.abs(values) < 1.0)
    if far.any():
        row = int(np.argmax(far))
        raise InputError(
            f"{name} is {values[row]:g} on {written(dates[row])}, which is {100.0 * values[row]:g}% a year; write it "
            "as a decimal: 0.02 for 2 %"
        )
    return _frozen(values)


def _curve(quotes: MarketQuotes, dates: pd.DatetimeIndex) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    """Return futures and their expiries on the market's dates; blank where nothing was quoted."""
    if quotes.futures is None and quotes.expiries is None:
        return None, None
    if quotes.futures is None or quotes.expiries is None or quotes.futures.shape != quotes.expiries.shape:
        raise DataError("futures and their expiries come as two tables of the same shape; one is missing or differs")
    expiries = quotes.expiries.set_axis(quotes.futures.columns, axis=1)
    return quotes.futures.reindex(dates), expiries.reindex(dates)


def _frozen(values: FloatArray) -> FloatArray:
    values = np.array(values, dtype=float)
    values.flags.writeable = False
    return values
