"""The registry of checks, and the look over a price table that runs them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import pandas as pd

from hedgerow.errors import DataError
from hedgerow.market.hygiene.findings import Finding, HygieneReport, counted, date_text
from hedgerow.market.hygiene.jumps import outliers, splits, unit_changes
from hedgerow.market.hygiene.options import HygieneOptions
from hedgerow.market.hygiene.pairs import non_synchronous_closes, ratio_breaks
from hedgerow.market.hygiene.quotes import (
    date_gaps,
    few_rows,
    missing_prices,
    not_positive_prices,
    stale_quotes,
    weekend_dates,
)
from hedgerow.market.hygiene.roll_jumps import roll_jumps
from hedgerow.market.hygiene.table import PriceTable, checked_prices

Check: TypeAlias = Callable[[PriceTable], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    few_rows,
    missing_prices,
    date_gaps,
    weekend_dates,
    not_positive_prices,
    outliers,
    splits,
    unit_changes,
    roll_jumps,
    stale_quotes,
    non_synchronous_closes,
    ratio_breaks,
)
"""Every check: a pure function of the prepared table that yields findings."""

_DEFAULTS = HygieneOptions()


def check_prices(
    prices: pd.DataFrame, *, contracts: pd.DataFrame | None = None, options: HygieneOptions = _DEFAULTS
) -> HygieneReport:
    """Look over all rows of a price table and say what a careful reader would ask about.

    Nothing is changed or dropped. The report sees every row, later ones included, so it must not feed a decision.

    Parameters
    ----------
    prices : DataFrame, (n_times, n_instruments)
        Sorted unique DatetimeIndex; the first column is the exposure, the others are hedges; NaN where missing.
    contracts : DataFrame, optional
        Contract label of each price, by date and instrument; changes across two labels are not looked at.
    options : HygieneOptions
        Thresholds.

    Returns
    -------
    HygieneReport
        Findings in the order of ``CHECKS``.

    Raises
    ------
    DataError
        No rows or columns, a repeated column, an index that is not sorted unique dates, an infinite price, or a
        column without any price.
    """
    if prices.empty or not prices.columns.is_unique:
        raise DataError("prices must have at least one row and columns each named once; check the names and dates.")
    values = checked_prices(prices)
    table = PriceTable(values, contracts, options)
    findings = tuple(finding for check in CHECKS for finding in check(table))
    return HygieneReport(findings, _scope(values))


def _scope(prices: pd.DataFrame) -> str:
    first, last = pd.Timestamp(prices.index[0]), pd.Timestamp(prices.index[-1])
    return (
        f"Looked at all {counted(len(prices), 'row')} of {counted(prices.shape[1], 'instrument')}, {date_text(first)} "
        f"to {date_text(last)}, later rows included; nothing was dropped."
    )
