"""The tables of a comparison beyond the ranking: tests, worth, break-even costs, failed fits."""

from __future__ import annotations

import pandas as pd

from hedgerow.compare import Comparison
from hedgerow.compare.judging.failures import alike
from hedgerow.errors import DataError, InputError


def tests_table(race: Comparison) -> pd.DataFrame:
    """Return the tests by method, the best first."""
    return race.tests.loc[race.ranked.index]


def worth_table(race: Comparison) -> pd.DataFrame | None:
    """Return what switching from the reference is worth a year, or None where the exposure has no positive value."""
    try:
        return race.economic_value().loc[race.ranked.index]
    except (InputError, DataError):
        return None


def break_even_table(race: Comparison) -> pd.DataFrame | None:
    """Return the trading cost at which each method's lead is used up, or None as for the worth."""
    try:
        return race.break_even_costs().loc[race.ranked.index]
    except (InputError, DataError):
        return None


def failure_table(race: Comparison) -> pd.DataFrame:
    """Return a row per method and sort of reason: the first one in full, refits, how many failed so, the first date."""
    rows: dict[tuple[str, str], dict[str, object]] = {}
    for name, failures in race.failures.items():
        for failure in failures:
            row = rows.setdefault(
                (name, alike(failure.reason)),
                {
                    "reason": failure.reason,
                    "refits": race.refits.get(name, 0),
                    "failed": 0,
                    "first": race.market.times[failure.row].date(),
                },
            )
            row["failed"] = int(str(row["failed"])) + 1
    table = pd.DataFrame(
        [(method, *row.values()) for (method, _), row in rows.items()],
        columns=["method", "reason", "refits", "failed", "first"],
    )
    return table.set_index("method")
