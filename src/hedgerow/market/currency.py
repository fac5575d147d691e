"""Currencies as column names state them, and prices converted from one to another."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from hedgerow.errors import ColumnError, DataError, InputError, did_you_mean
from hedgerow.market.dates import written
from hedgerow.market.history import History

MAJOR_CURRENCIES = frozenset(
    {
        "USD",
        "EUR",
        "GBP",
        "JPY",
        "CHF",
        "CAD",
        "AUD",
        "NZD",
        "CNY",
        "CNH",
        "SEK",
        "NOK",
        "DKK",
        "HKD",
        "SGD",
        "INR",
        "BRL",
        "MXN",
        "ZAR",
        "KRW",
    }
)


def currency_of(column: str) -> str | None:
    """Return the currency a column name states as a word of its own, or None where it states none or several.

    What stands before a colon is the file's name and does not count: euro futures are quoted in dollars.

    Examples
    --------
    >>> currency_of("usgc_jet_usd_gal")
    'USD'
    >>> currency_of("adj_close") is None
    True
    """
    words = re.split(r"[^0-9A-Za-z]+", column.rpartition(":")[2])
    found = {word.upper() for word in words} & MAJOR_CURRENCIES
    return found.pop() if len(found) == 1 else None


def require_one_currency(exposure: str, hedges: Sequence[str], stated: Mapping[str, str], fx: str | None) -> None:
    """Refuse an exposure and a hedge in different currencies unless a rate converts between them.

    Parameters
    ----------
    exposure, hedges : column names
        A currency not in ``stated`` is read from the name; an unknown one is taken to be the same.
    stated : mapping of str to str
        Column to currency code.
    fx : str, optional
        The column of the rate; with one nothing is refused.
    """
    if fx is not None:
        return
    base = _known(exposure, stated)
    for hedge in hedges:
        other = _known(hedge, stated)
        if base and other and base != other:
            raise InputError(
                f"exposure {exposure!r} is in {base} and hedge {hedge!r} is in {other}; give the column of the rate, "
                f"{base} per {other}, with --fx"
            )


def convert(history: History, columns: Sequence[str], fx_column: str) -> History:
    """Return the history with ``columns`` multiplied by the exchange rate of the same row.

    Parameters
    ----------
    history : History
        Holds ``columns`` and ``fx_column``; the rate stays in it.
    columns : sequence of str
        Instruments to convert.
    fx_column : str
        Units of the exposure's currency per unit of the hedge's currency. A missing rate makes the price missing.

    Raises
    ------
    DataError
        If a rate is 0 or less.
    """
    for name in (*columns, fx_column):
        if name not in history.instruments:
            raise ColumnError(f"there is no instrument {name!r}{did_you_mean(name, history.instruments)}")
    if fx_column in columns:
        raise InputError(f"the rate {fx_column!r} cannot be converted by itself; leave it out of the columns")
    rate = history.prices[fx_column].to_numpy()
    wrong = rate <= 0
    if wrong.any():
        at = int(np.argmax(wrong))
        raise DataError(
            f"the rate {fx_column!r} must be above 0 and is {rate[at]:g} on {written(history.times[at])}; correct it"
        )
    prices = history.prices.copy()
    for name in columns:
        prices[name] = prices[name].to_numpy() * rate
    units = {name: f"{unit} × {fx_column}" if name in columns else unit for name, unit in history.units.items()}
    finest = None if history.finest is history else convert(history.finest, columns, fx_column)
    return history.restated(prices, units, finest)


def _known(column: str, stated: Mapping[str, str]) -> str | None:
    named = stated.get(column)
    return named.upper() if named else currency_of(column)
