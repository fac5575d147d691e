"""Real prices that come with Hedgerow's dependencies, so that examples run without a file or a network."""

from __future__ import annotations

import importlib
import warnings
from typing import Any

import pandas as pd

from hedgerow.errors import InputError, MissingExtraError, did_you_mean
from hedgerow.market.history import History

SAMPLES = {
    "equity": "equal-weight portfolio of 20 large US stocks (start 100, rebalanced daily) and the S&P 500, 1990-2022",
    "equity-nasdaq": "the same with the Nasdaq Composite, on the dates all have, 1999-2018",
    "sp500": "S&P 500, daily adjusted close, 1999-2018",
    "nasdaq": "Nasdaq Composite, daily adjusted close, 1999-2018",
    "sp500-nasdaq": "S&P 500 and Nasdaq Composite, daily adjusted close, 1999-2018",
    "wti": "WTI crude oil, Cushing spot, USD per barrel, daily, 1986-2019",
    "indices": "S&P 500, Nasdaq Composite and WTI crude oil, daily, 1999-2018",
    "vix": "VIX index, daily close, 2014-2019",
    "sp500-vix": "S&P 500, daily adjusted close, and the VIX, on the dates both have, 2014-2018",
}
"""Name of each sample and what it holds."""

_BUNDLED = {
    "S&P 500": ("sp500", "Adj Close", "index points"),
    "Nasdaq": ("nasdaq", "Adj Close", "index points"),
    "WTI": ("wti", "DCOILWTICO", "USD/bbl"),
    "VIX": ("vix", "vix", "volatility points"),
}
_COLUMNS = {
    "sp500": ["S&P 500"],
    "nasdaq": ["Nasdaq"],
    "sp500-nasdaq": ["S&P 500", "Nasdaq"],
    "wti": ["WTI"],
    "indices": ["S&P 500", "Nasdaq", "WTI"],
    "vix": ["VIX"],
    "sp500-vix": ["S&P 500", "VIX"],
}


def load_sample(name: str) -> History:
    """Return a sample of real prices.

    Parameters
    ----------
    name : str
        ``"sp500"``, ``"nasdaq"``, ``"sp500-nasdaq"``, ``"wti"``, ``"indices"`` (S&P 500, Nasdaq and WTI), ``"vix"`` or
        ``"sp500-vix"``, which come with the core; ``"equity"`` (an equal-weight portfolio of 20 stocks and the
        S&P 500) or ``"equity-nasdaq"``, which need the extra ``samples``.

    Returns
    -------
    History
        Daily rows (n_times, n_instruments) with units; missing prices (WTI on holidays) stay NaN.

    Raises
    ------
    InputError
        If there is no such sample.
    MissingExtraError
        If "equity" or "equity-nasdaq" is asked for and skfolio is not installed.
    """
    if name not in SAMPLES:
        hint = did_you_mean(str(name), SAMPLES)
        raise InputError(f"there is no sample {name!r}{hint} (samples: {', '.join(SAMPLES)})")
    if name in ("equity", "equity-nasdaq"):
        return _equity(nasdaq=name == "equity-nasdaq")
    columns = _COLUMNS[name]
    frame = pd.concat([_bundled(column) for column in columns], axis=1, join="inner")
    return History(_dated(frame), {column: _BUNDLED[column][2] for column in columns})


def _bundled(column: str) -> pd.Series:
    module, field, _ = _BUNDLED[column]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the loaders use pandas in ways it is about to change
        table = importlib.import_module(f"arch.data.{module}").load()
    return pd.Series(table[field].astype(float), name=column)


def _equity(*, nasdaq: bool) -> History:
    stocks, index = _skfolio_tables()
    growth = (stocks / stocks.shift(1)).iloc[1:].mean(axis=1)
    value = pd.concat([pd.Series([100.0], index=stocks.index[:1]), 100.0 * growth.cumprod()])
    parts = [value.rename("portfolio"), pd.Series(index["SP500"].astype(float), name="S&P 500")]
    if nasdaq:
        parts.append(_bundled("Nasdaq"))
    frame = pd.concat(parts, axis=1, join="inner")
    units = {"portfolio": "index (start 100)", "S&P 500": "index points", "Nasdaq": "index points"}
    return History(_dated(frame), {column: units[column] for column in frame.columns})


def _skfolio_tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # skfolio warns about optional solvers, which are not used here
            datasets: Any = importlib.import_module("skfolio.datasets")
            return datasets.load_sp500_dataset(), datasets.load_sp500_index()
    except ImportError as error:
        raise MissingExtraError(
            "the sample 'equity' needs skfolio: pip install \"hedgerow[samples]\"; other samples come without it"
        ) from error


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.set_axis(pd.DatetimeIndex(frame.index).as_unit("us").rename("date"), axis=0).sort_index()
