"""Checks of the quotes themselves: missing, stale, negative, too few, and the dates they stand on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray, IntArray
from hedgerow.market.hygiene.findings import (
    EVERY_INSTRUMENT,
    KEPT,
    LEFT_AT_JOIN,
    Finding,
    counted,
    date_text,
)
from hedgerow.market.hygiene.table import PriceColumn, PriceTable

_SATURDAY = 5


def missing_prices(table: PriceTable) -> Iterator[Finding]:
    """Dates of the table on which an instrument has no price."""
    for name, column in table.prices.items():
        absent = column.index[column.isna().to_numpy()]
        if len(absent):
            sentence = (
                f"{name}: no price on {len(absent):,} of {counted(len(column), 'date')} "
                f"(first {date_text(absent[0])}); such a row leaves, with a count, when series are joined."
            )
            yield Finding("missing", str(name), len(absent), _listed(table, absent), LEFT_AT_JOIN, sentence)


def not_positive_prices(table: PriceTable) -> Iterator[Finding]:
    """Negative prices and zeros, each counted apart."""
    for column in table.columns:
        cases = (
            ("negative", "negative price", column.prices < 0),
            ("zero", "price of zero", column.prices == 0),
        )
        for kind, noun, where in cases:
            if where.any():
                yield _not_positive(table, column, kind, noun, where)


def _not_positive(table: PriceTable, column: PriceColumn, kind: str, noun: str, where: BoolArray) -> Finding:
    dates = column.dates[where]
    lowest = int(column.prices.argmin())
    seen = f"lowest {column.prices[lowest]:g} on {date_text(column.dates[lowest])}"
    if kind == "zero":
        seen = f"first on {date_text(dates[0])}"
    plural = noun + "s" if kind == "negative" else noun.replace("price", "prices", 1)
    sentence = (
        f"{column.name}: {counted(len(dates), noun, plural)} ({seen}), kept; "
        "per cent and log changes will refuse them: use price differences."
    )
    return Finding(kind, column.name, len(dates), _listed(table, dates), KEPT, sentence)


def few_rows(table: PriceTable) -> Iterator[Finding]:
    """Fewer joint rows than a hedge ratio can be trusted with."""
    rows = len(table.joint[0].dates)
    if rows < table.options.few_rows:
        sentence = (
            f"All instruments have a price on {counted(rows, 'row')} only: below {table.options.few_rows} a hedge "
            "ratio and its effectiveness are rough; use a longer history or a finer sampling."
        )
        yield Finding("few_rows", EVERY_INSTRUMENT, rows, (), KEPT, sentence)


def stale_quotes(table: PriceTable) -> Iterator[Finding]:
    """Quotes that have not moved on ``stale_rows`` rows running; the rows of a run count from its first repeat."""
    least = table.options.stale_rows
    for column in table.columns:
        starts, lengths = _runs(column.changes == 0.0)
        starts, lengths = starts[lengths >= least], lengths[lengths >= least]
        if not len(starts):
            continue
        longest = int(lengths.argmax())
        rows = int(lengths.sum())
        sentence = (
            f"{column.name}: the quote stands still on {least} or more rows running in "
            f"{counted(len(starts), 'run')}, {counted(rows, 'row')} in all (longest {lengths[longest]} rows from "
            f"{date_text(column.dates[starts[longest]])}), kept; a stale quote makes a hedge look better or worse "
            "than it is: sample more coarsely, or name the dates in --exclude to leave them out."
        )
        yield Finding("stale", column.name, rows, _listed(table, column.dates[starts]), KEPT, sentence)


def _runs(holds: BoolArray) -> tuple[IntArray, IntArray]:
    """Return first position and length of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], holds, [False])).astype(np.int8)))
    return edges[::2], edges[1::2] - edges[::2]


def date_gaps(table: PriceTable) -> Iterator[Finding]:
    """Holes of more than ``gap_sessions`` weekdays between an instrument's dates."""
    period = max(table.days_per_row, 1.0)
    for column in table.columns:
        days = column.dates.to_numpy().astype("datetime64[D]")
        missing = np.busday_count(days[:-1], days[1:]) / period - 1.0
        where = np.flatnonzero(missing > table.options.gap_sessions)
        if not len(where):
            continue
        longest = int(where[missing[where].argmax()])
        noun = "weekday" if period == 1.0 else "period"
        sentence = (
            f"{column.name}: {counted(len(where), 'gap')} of more than {table.options.gap_sessions} {noun}s without "
            f"a price (longest {missing[longest]:.0f} {noun}s after {date_text(column.dates[longest])}), kept; the "
            "change over a gap counts as one period: start after it, or name its end in --exclude to leave it out."
        )
        yield Finding("gap", column.name, len(where), _listed(table, column.dates[where]), KEPT, sentence)


def weekend_dates(table: PriceTable) -> Iterator[Finding]:
    """Rows dated on a Saturday or Sunday."""
    index = pd.DatetimeIndex(table.prices.index)
    dates = index[index.day_of_week.to_numpy() >= _SATURDAY]
    if len(dates):
        sentence = (
            f"{counted(len(dates), 'row')} of the table on a Saturday or Sunday (first {date_text(dates[0])}), kept; "
            "if they are no sessions, they hold stale or foreign quotes: name them in --exclude to leave them out."
        )
        yield Finding("weekend", EVERY_INSTRUMENT, len(dates), _listed(table, dates), KEPT, sentence)


def _listed(table: PriceTable, dates: pd.Index) -> tuple[pd.Timestamp, ...]:
    return tuple(pd.DatetimeIndex(dates[: table.options.listed_dates]))
