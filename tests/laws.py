"""Laws that every estimator and every rule must obey, for any family's contract test to call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone


def assert_causal(
    estimator: Any, X: Any, y: Any, *, first: int = 20, cuts: int = 50, every: int = 1, seed: int = 0
) -> None:
    """Fail unless every ratio is bit-equal when the rows from its own on are cut off, poisoned or shuffled.

    ``refit_path`` is asked from row ``first`` for several schedules, the densest with a refit ``every`` so many rows;
    ``ratio_path`` with a fit made before the cut.
    """
    X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    rng = np.random.default_rng(seed)
    cut_rows = np.sort(rng.choice(np.arange(first + 1, len(y)), size=min(cuts, len(y) - first - 1), replace=False))
    rarely = 7 * every
    schedules: list[dict[str, Any]] = [{"every": every}, {"every": rarely}, {"every": rarely, "between": "update"}]
    for schedule in schedules:
        whole = clone(estimator).refit_path(X, y, first, **schedule)
        assert np.isfinite(whole[-1]).all(), "the last row has no ratio, so there is nothing to hold to the law"
        for cut in cut_rows:
            for name, altered_x, altered_y in _other_futures(X, y, int(cut), rng):
                path = clone(estimator).refit_path(altered_x, altered_y, first, **schedule)
                _assert_same_past(whole, path, int(cut), f"refit_path {schedule}, future {name}")
    for cut in cut_rows[:: max(1, len(cut_rows) // 12)]:
        fitted = clone(estimator).fit(X[:cut], y[:cut])
        whole = fitted.ratio_path(X, y)
        for name, altered_x, altered_y in _other_futures(X, y, int(cut), rng):
            _assert_same_past(whole, fitted.ratio_path(altered_x, altered_y), int(cut), f"ratio_path, future {name}")


def _other_futures(X: Any, y: Any, cut: int, rng: Any) -> list[tuple[str, Any, Any]]:
    """Return histories that are equal before row ``cut`` and differ from it on."""
    futures = [("cut off", X[:cut], y[:cut])]
    for name, value in (("not a number", np.nan), ("a thousand million", 1e9)):
        altered_x, altered_y = X.copy(), y.copy()
        altered_x[cut:], altered_y[cut:] = value, value
        altered_x[cut:, 0] *= -1.0
        futures.append((name, altered_x, altered_y))
    order = np.concatenate([np.arange(cut), cut + rng.permutation(len(y) - cut)])
    futures.append(("shuffled", X[order], y[order] * np.where(np.arange(len(y)) < cut, 1.0, -1.0)))
    return futures


def _assert_same_past(whole: Any, altered: Any, cut: int, where: str) -> None:
    rows = min(cut + 1, len(altered))
    same = (whole[:rows] == altered[:rows]) | (np.isnan(whole[:rows]) & np.isnan(altered[:rows]))
    assert same.all(), f"{where} from row {cut} on changes the ratio of row {int(np.argmin(same.all(axis=1)))}"


def find_look_ahead(
    decide: Callable[[pd.DataFrame], pd.DataFrame | pd.Series],
    table: pd.DataFrame,
    *,
    known_at: Callable[[pd.DataFrame, int], pd.DataFrame] | None = None,
    first: int = 20,
    cuts: int = 50,
    seed: int = 0,
) -> list[str]:
    """Return a sentence per way in which a rule's past depends on its future; empty for a clean rule.

    ``decide`` turns a table by date into what is decided at each date's close. At random rows it is asked again with
    what was known there (``known_at(table, row)``, the rows up to it unless said, where figures are revised or
    published late) and with the later rows poisoned or shuffled; every decision up to the row must be the same bits.
    """
    known_at = known_at or (lambda known, row: known.iloc[: row + 1])
    rng = np.random.default_rng(seed)
    whole = pd.DataFrame(decide(table))
    found: dict[str, str] = {}
    rows = rng.choice(np.arange(first, len(table) - 1), size=min(cuts, len(table) - 1 - first), replace=False)
    for row in np.sort(rows):
        known = known_at(table, int(row))
        date = table.index[row]
        for future, other in ({"cut off": known} | _other_tables(known, table, int(row), rng)).items():
            if future in found:
                continue
            again = pd.DataFrame(decide(other)).reindex(whole.index[whole.index <= date])
            past = whole.loc[whole.index <= date]
            same = (again == past) | (again.isna() & past.isna())
            if not same.to_numpy().all():
                changed = same.index[~same.all(axis=1)][0]
                found[future] = (
                    f"with the future {future} after {date.date()}, the decision of {changed.date()} changes"
                )
    return list(found.values())


def _other_tables(known: pd.DataFrame, table: pd.DataFrame, row: int, rng: Any) -> dict[str, pd.DataFrame]:
    """Return what was known at ``row`` followed by futures that never happened."""
    later = table.iloc[row + 1 :]
    shuffled = pd.DataFrame(later.to_numpy()[rng.permutation(len(later))], later.index, columns=later.columns)
    high = pd.DataFrame(1e9, later.index, columns=later.columns) * rng.uniform(1.0, 2.0, size=later.shape)
    return {name: pd.concat([known, future]) for name, future in (("poisoned", high), ("shuffled", shuffled))}
