"""The same book through a history of markets: whether the prediction by Greeks follows the profit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd

from hedgerow.attribution import AttributionTest, attribution_test, explain
from hedgerow.attribution.pla import FEWEST
from hedgerow.errors import DataError
from hedgerow.instruments import Book, MarketState, Model
from hedgerow.study.explain.markets import check_markets

BAND = 2.0
"""Standard deviations of the residual within which a day is nothing unusual."""


@dataclass(frozen=True, eq=False)
class HistoryExplained:
    """A book held fixed through a history of markets.

    Attributes
    ----------
    days : DataFrame, by moment of the later market
        ``pnl`` (of the positions alone), ``predicted`` by Greeks, ``residual``, and the moves of the revaluation.
    test : AttributionTest or None
        None where there are too few days, or nothing changes; ``reason`` says why.
    reason : str
    """

    days: pd.DataFrame = field(repr=False)
    test: AttributionTest | None
    reason: str = ""

    @property
    def band(self) -> tuple[float, float]:
        """Mean residual less and plus two standard deviations, money; NaN for one day."""
        residual = self.days["residual"]
        return tuple(residual.mean() + side * BAND * residual.std() for side in (-1.0, 1.0))  # type: ignore[return-value]

    @property
    def outside(self) -> int:
        """Days whose residual is outside the band."""
        low, high = self.band
        return int(((self.days["residual"] < low) | (self.days["residual"] > high)).sum())


def explain_history(
    book: Book,
    history: Sequence[MarketState],
    model: Model,
    order: Sequence[str],
    progress: Callable[[str, float], None] | None = None,
) -> HistoryExplained:
    """Return what the book would have made from each market to the next, predicted and revalued.

    Parameters
    ----------
    book : Book
        Alive in every market.
    history : sequence of MarketState
        Two or more, in the order of time.
    model : Model
    order : sequence of str
        Of the revaluation's moves.
    progress : callable, optional

    Returns
    -------
    HistoryExplained

    Raises
    ------
    InputError, DataError
        Where a market cannot value the book.
    """
    rows = {}
    for number, (first, last) in enumerate(pairwise(history), start=1):
        check_markets(book, first, last)
        day = explain(book, first, last, order=order, model=model)
        totals = day.explain_totals().drop(["trades", "fees", "residual", "total"])
        residual = float(day.predict["unexplained"].sum())
        rows[last.moment] = {"pnl": day.pnl, "predicted": day.pnl - residual, "residual": residual, **totals}
        if progress is not None:
            progress("history", number / (len(history) - 1))
    days = pd.DataFrame.from_dict(rows, orient="index").rename_axis("date")
    return HistoryExplained(days, *_test(days))


def _test(days: pd.DataFrame) -> tuple[AttributionTest | None, str]:
    if len(days) < FEWEST:
        return None, f"the history has {len(days)} days; the attribution test needs {FEWEST}, and its rule takes 250"
    try:
        return attribution_test(days["pnl"].to_numpy(np.float64), days["predicted"].to_numpy(np.float64)), ""
    except DataError as error:
        return None, f"the attribution test says nothing: {error}"
