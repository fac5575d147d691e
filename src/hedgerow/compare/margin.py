"""The margin account of one method of a comparison: what its contracts would have asked for in cash."""

from __future__ import annotations

from hedgerow.compare.comparison import Comparison
from hedgerow.errors import InputError
from hedgerow.limits import HeldContracts, MarginPath, MarginTerms, margin_path


def margin_of(comparison: Comparison, method: str, terms: MarginTerms | None = None) -> MarginPath:
    """Return the margin path of what a method held on the judged rows, out of sample.

    Parameters
    ----------
    comparison : Comparison
        Its market must know contract sizes.
    method : str
        Name of one of its methods.
    terms : MarginTerms, optional
        An estimated margin starts from the training rows.

    Returns
    -------
    MarginPath
        Its variation margin is the ledger's gains on the hedges, row by row.

    Raises
    ------
    InputError
        An unknown method, or no contract sizes.
    DataError
        Where the training rows are too few to estimate a margin from.
    """
    market, ledger = comparison.market, comparison.ledger
    if market.contracts_per_unit is None:
        raise InputError("a margin account needs a contract size for every hedge; give --contract-size")
    start = comparison.first_row - ledger.lag
    per_unit = market.contracts_per_unit
    past = market.hedge_changes[:start] / per_unit[:start]
    return margin_path(HeldContracts.from_ledger(ledger, method, per_unit[start:], past), terms)
