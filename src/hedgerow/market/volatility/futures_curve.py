"""The futures term structure of a volatility index: price at a constant maturity, slope, and what a roll gives away.

Prices stand in columns from the nearest contract on (M1, M2, ...), expiries in a table of the same shape.

>>> day = pd.DatetimeIndex(["2024-01-02"])
>>> prices = pd.DataFrame({"M1": [14.0], "M2": [16.0], "M3": [17.0]}, day)
>>> expiries = pd.DataFrame({"M1": ["2024-01-17"], "M2": ["2024-02-14"], "M3": ["2024-03-20"]}, day).astype("M8[ns]")
>>> constant_maturity(prices, expiries, days=30)["price"].round(4).tolist()
[15.0714]
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray, FloatArray
from hedgerow.errors import DataError, InputError
from hedgerow.market.dates import written
from hedgerow.market.frames import checked_prices
from hedgerow.market.volatility.term_structure import TIE
from hedgerow.pricing.arguments import numbers, refuse_below
from hedgerow.units import CALENDAR_DAYS_PER_YEAR

MONTHS_PER_YEAR = 12


def constant_maturity(prices: pd.DataFrame, expiries: pd.DataFrame, *, days: float = 30.0) -> pd.DataFrame:
    """Return each date's futures price at a fixed number of calendar days, linear between the two contracts around it.

    ``price = w * near + (1 - w) * far`` with ``w = (days_far - days) / (days_far - days_near)``.

    Parameters
    ----------
    prices : DataFrame (n_times, n_contracts)
        Futures prices by date, nearest first; blank where a contract is not quoted.
    expiries : DataFrame (n_times, n_contracts)
        Expiry dates of the same contracts.
    days : float
        Maturity in calendar days, above 0.

    Returns
    -------
    DataFrame (n_times, 5)
        price (NaN exactly where status is not ``between``), near and far (column names), weight_near, and status:
        ``between``, ``before_first`` (every contract expires later) or ``after_last``. Row t uses row t.

    Raises
    ------
    InputError
        ``days`` not above 0; tables that do not fit together.
    DataError
        A price that is not above 0, an expiry that is missing, passed or not after the one before it.

    Notes
    -----
    This is the price of a point on a curve; no one can hold it without trading daily, and its changes leave out the
    roll (see :func:`curve_measures`).
    """
    names, array, ahead = _checked(prices, expiries)
    target = float(numbers({"days": days})["days"])
    refuse_below("days", np.asarray(target), allow_equal=False)
    quoted = ~np.isnan(array)
    before = np.where(quoted & (ahead <= target), ahead, -np.inf)
    after = np.where(quoted & (ahead >= target), ahead, np.inf)
    near, far = before.argmax(axis=1), after.argmin(axis=1)
    rows = np.arange(len(array))
    has_near, has_far = np.isfinite(before[rows, near]), np.isfinite(after[rows, far])
    between = has_near & has_far
    gap = np.where(between & (near != far), ahead[rows, far] - ahead[rows, near], 1.0)
    weight = np.where(near == far, 1.0, (ahead[rows, far] - target) / gap)
    price = weight * array[rows, near] + np.where(near == far, 0.0, (1.0 - weight) * array[rows, far])
    labels = np.array([*names, None], dtype=object)
    absent = len(names)
    return pd.DataFrame(
        {
            "price": np.where(between, price, np.nan),
            "near": labels[np.where(has_near, near, absent)],
            "far": labels[np.where(has_far, far, absent)],
            "weight_near": np.where(between, weight, np.nan),
            "status": np.where(between, "between", np.where(has_far, "before_first", "after_last")),
        },
        index=prices.index,
    )


def curve_measures(prices: pd.DataFrame, expiries: pd.DataFrame) -> pd.DataFrame:
    """Return slope, roll yield and shape of the front of the curve, for each date; row t uses row t.

    Parameters
    ----------
    prices, expiries : DataFrame (n_times, n_contracts)
        As :func:`constant_maturity`; the first three contracts must be quoted on every date.

    Returns
    -------
    DataFrame (n_times, 8)
        days_1, days_2 (calendar days to the first two expiries); slope = second less first, in price units;
        slope_relative = second / first - 1; roll_yield_month and roll_yield_year, what a long holder earns where the
        curve stands still: ``ln(first / second) / (days_2 - days_1)`` times 365 / 12 or 365, negative in contango;
        ratio_1_3 = first / third, above 1 in backwardation; shape by the first two: ``contango`` (second above
        first), ``backwardation`` or ``flat``.

    Raises
    ------
    InputError
        Fewer than three contracts; tables that do not fit together.
    DataError
        One of the first three contracts without a price; a price or expiry that cannot be true.

    Examples
    --------
    >>> day = pd.DatetimeIndex(["2024-01-02"])
    >>> prices = pd.DataFrame({"M1": [14.0], "M2": [16.0], "M3": [17.0]}, day)
    >>> dates = pd.DataFrame({"M1": ["2024-01-17"], "M2": ["2024-02-14"], "M3": ["2024-03-20"]}, day)
    >>> measures = curve_measures(prices, dates.astype("M8[ns]"))
    >>> measures["roll_yield_month"].round(4).tolist(), measures["shape"].tolist()
    ([-0.1451], ['contango'])
    """
    names, array, ahead = _checked(prices, expiries)
    if len(names) < 3:
        raise InputError(f"the measures of a curve need at least three contracts; received {len(names)}")
    for position in range(3):
        blank = np.isnan(array[:, position])
        if blank.any():
            date = written(prices.index.to_numpy()[int(np.argmax(blank))])
            raise DataError(f"{names[position]!r} has no price on {date}; leave out dates without the first three")
    first, second, third = array[:, 0], array[:, 1], array[:, 2]
    daily = np.log(first / second) / (ahead[:, 1] - ahead[:, 0])
    level = np.abs(second - first) <= TIE * np.maximum(first, second)
    return pd.DataFrame(
        {
            "days_1": ahead[:, 0],
            "days_2": ahead[:, 1],
            "slope": second - first,
            "slope_relative": second / first - 1.0,
            "roll_yield_month": daily * CALENDAR_DAYS_PER_YEAR / MONTHS_PER_YEAR,
            "roll_yield_year": daily * CALENDAR_DAYS_PER_YEAR,
            "ratio_1_3": first / third,
            "shape": np.where(level, "flat", np.where(second > first, "contango", "backwardation")),
        },
        index=prices.index,
    )


def contango_share(measures: pd.DataFrame) -> float:
    """Return the share of dates on which the curve stood in contango.

    Parameters
    ----------
    measures : DataFrame
        What :func:`curve_measures` returned, or rows of it.

    Raises
    ------
    InputError
        A table without a column ``shape``, or without rows.

    Examples
    --------
    >>> contango_share(pd.DataFrame({"shape": ["contango", "flat", "contango", "backwardation"]}))
    0.5
    """
    if "shape" not in measures.columns or not len(measures):
        raise InputError("measures must be the table of curve_measures with at least one row")
    return float((measures["shape"] == "contango").mean())


def _checked(prices: pd.DataFrame, expiries: pd.DataFrame) -> tuple[tuple[str, ...], FloatArray, FloatArray]:
    """Return column names, prices and calendar days to expiry, each (n_times, n_contracts)."""
    stamps, names, array = checked_prices(prices)
    if not isinstance(expiries, pd.DataFrame) or expiries.shape != prices.shape:
        received = expiries.shape if isinstance(expiries, pd.DataFrame) else type(expiries).__name__
        raise InputError(f"expiries must be a table of the prices' shape {prices.shape}; received {received}")
    if not expiries.index.equals(prices.index):
        raise InputError("expiries must have the dates of prices; reindex them like the prices")
    _refuse_where(array <= 0.0, stamps, names, "has a price that is not above 0", "correct it or leave it blank")
    wrong = [name for name, kind in expiries.dtypes.items() if not pd.api.types.is_datetime64_any_dtype(kind)]
    if wrong:
        raise InputError(f"expiries column {wrong[0]!r} does not hold dates; convert it with pandas.to_datetime")
    dates = expiries.to_numpy(dtype="M8[s]")
    _refuse_where(np.isnat(dates), stamps, names, "has no expiry", "give the expiry of every contract")
    ahead = (dates - stamps.astype("M8[s]")[:, None]) / np.timedelta64(86_400, "s")
    _refuse_where(ahead < 0.0, stamps, names, "has expired", "begin with the nearest contract that still trades")
    _refuse_where(np.diff(ahead, axis=1) <= 0.0, stamps, names[1:], "does not expire after the one before", "sort them")
    return names, array, ahead


def _refuse_where(wrong: BoolArray, stamps: Any, names: tuple[str, ...], what: str, remedy: str) -> None:
    if np.any(wrong):
        row, column = np.argwhere(wrong)[0]
        raise DataError(f"{names[column]!r} {what} on {written(stamps[row])}; {remedy}")
