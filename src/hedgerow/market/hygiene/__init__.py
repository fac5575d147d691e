"""Data hygiene: what a look over a price table finds, told in sentences; nothing is ever dropped in silence."""

from __future__ import annotations

from hedgerow.market.history import History
from hedgerow.market.hygiene.checks import CHECKS, check_prices
from hedgerow.market.hygiene.findings import Finding, HygieneReport
from hedgerow.market.hygiene.options import HygieneOptions

__all__ = ["CHECKS", "Finding", "HygieneOptions", "HygieneReport", "check_history", "check_prices"]


def check_history(history: History, options: HygieneOptions | None = None) -> HygieneReport:
    """Return what a look over a history finds; nothing is changed or dropped.

    Parameters
    ----------
    history : History
        Prices (n_times, n_instruments); the first instrument is the exposure, the others are hedges. Changes across
        two contracts are not looked at where the history knows its contracts.
    options : HygieneOptions, optional
        Thresholds; the defaults are the product's.

    Returns
    -------
    HygieneReport
        One finding per check and instrument (or pair), each with a sentence.

    Raises
    ------
    DataError
        The history has no rows, or a column without any price.

    Notes
    -----
    The report sees all rows, later ones included: it describes the data and must not feed a decision.
    """
    return check_prices(history.prices, contracts=history.contracts, options=options or HygieneOptions())
