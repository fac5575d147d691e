"""Whether the ranking of a race holds in each part of the judged rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from hedgerow._types import IntArray
from hedgerow.effectiveness import reduction
from hedgerow.errors import InputError

if TYPE_CHECKING:
    from hedgerow.compare.comparison import Comparison

NAMED_PERIODS = 4
"""Periods that the sentence names one by one."""


@dataclass(frozen=True, eq=False)
class SubPeriods:
    """A race's ranking by part of the judged rows.

    Attributes
    ----------
    table : pandas.DataFrame, shape (n_periods, n_methods)
        Variance reduction net of costs by period and method, a decimal; NaN where the exposure stood still or there are
        fewer than two rows.
    n_obs : pandas.Series
        Rows by period.
    leaders : pandas.Series
        Method that removed the most by period, the first of equals, methods that failed at more than half of their
        refits left out; empty where the period has no figure.
    sentence : str
        Whether the lead changes.
    """

    table: pd.DataFrame
    n_obs: pd.Series
    leaders: pd.Series
    sentence: str

    @property
    def ranks(self) -> pd.DataFrame:
        """Rank by period and method, 1 is the best; equals share the mean of their ranks."""
        return self.table.rank(axis=1, ascending=False)


def sub_periods(comparison: Comparison, by: int | Literal["years"] = 3) -> SubPeriods:
    """Return every method's variance reduction in each part of the judged rows.

    Nothing is fitted again: the same hedged changes are looked at part by part.

    Parameters
    ----------
    comparison : Comparison
    by : int or "years", default=3
        Equal parts by number of rows, 1 or more, or calendar years.

    Returns
    -------
    SubPeriods

    Raises
    ------
    InputError
        Parts fewer than one or more than the rows, or another word than ``years``.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from hedgerow import compare_methods
    >>> from hedgerow.engine import LinearMarket
    >>> from hedgerow.ratios import Fixed, Naive
    >>> x, noise = np.random.default_rng(0).standard_normal((2, 120))
    >>> times = pd.date_range("2024-01-01", periods=121)
    >>> market = LinearMarket(times, 0.5 * x + 0.1 * noise, x[:, None], np.ones((121, 1)), "spot", ("future",))
    >>> race = compare_methods(market, {"naive": Naive(), "fixed": Fixed(0.5)})
    >>> sub_periods(race, 2).sentence
    'fixed leads in all 2 parts.'
    """
    parts = _parts(comparison.times, by)
    unhedged, hedged = comparison.unhedged.to_numpy(), comparison.hedged.to_numpy()
    labels, rows, counts = list[str](), list[list[float]](), list[int]()
    for label, chosen in parts:
        labels.append(label)
        counts.append(len(chosen))
        rows.append([reduction("variance", unhedged[chosen], hedged[chosen, m]) for m in range(hedged.shape[1])])
    index = pd.Index(labels, name="period")
    table = pd.DataFrame(rows, index, columns=list(comparison.methods), dtype=float)
    unranked = comparison.not_ranked
    figures = table.mask(np.array([[name in unranked for name in comparison.methods]] * len(table))).to_numpy()
    first = [int(np.nanargmax(row)) if np.isfinite(row).any() else None for row in figures]
    leaders = pd.Series(["" if place is None else comparison.methods[place] for place in first], index)
    return SubPeriods(table, pd.Series(counts, index), leaders, _sentence(leaders))


def _parts(times: pd.DatetimeIndex, by: int | str) -> list[tuple[str, IntArray]]:
    if by == "years":
        years = times.year.to_numpy()
        return [(str(year), np.flatnonzero(years == year)) for year in np.unique(years)]
    if isinstance(by, str) or not 1 <= by <= len(times):
        raise InputError(f"by must be 'years' or a number of parts from 1 to the {len(times)} judged rows, not {by!r}")
    chosen = [np.asarray(part, dtype=np.int64) for part in np.array_split(np.arange(len(times)), by)]
    return [(f"{times[part[0]].date()} to {times[part[-1]].date()}", part) for part in chosen]


def _sentence(leaders: pd.Series) -> str:
    """Return whether the lead changes from period to period."""
    named = leaders[leaders != ""]
    if not len(named):
        return "No part of the judged rows has a variance to reduce."
    counts = named.value_counts(sort=False).sort_values(ascending=False, kind="stable")
    first, times = str(counts.index[0]), int(counts.iloc[0])
    if len(counts) == 1:
        return f"{first} leads in {'all' if len(named) > 1 else 'the'} {len(named)} part{'s' * (len(named) > 1)}."
    said = f"The lead changes: {first} leads in {times} of {len(named)} parts"
    others = [f"{leader} in {period}" for period, leader in named.items() if leader != first]
    more = len(others) - NAMED_PERIODS
    return f"{said}, {', '.join(others[:NAMED_PERIODS])}" + (f" and {more} more." if more > 0 else ".")
