"""Instruments whose formula takes other terms for some positions than for others: one pass per set of terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.instruments.columns import Columns
from hedgerow.instruments.inputs import Inputs
from hedgerow.instruments.moments import years_between

Figures = dict[str, FloatArray]
Ask = Callable[[str, Columns, Inputs, tuple[str, ...], dict[str, Any]], tuple[Figures, Any]]


def american_figures(columns: Columns, inputs: Inputs, names: tuple[str, ...], ask: Ask) -> tuple[Figures, Any]:
    """Return figures of American options: one pass without dividends, one on a lattice per underlying with them.

    Parameters
    ----------
    columns : Columns
    inputs : Inputs
        Its spot is whole: the lattice takes the dividends itself.
    names : tuple of str
    ask : callable
        Asks a module of formulas.

    Returns
    -------
    tuple of dict of str to float array (n,), bool array (n,)
    """
    whole = replace(inputs, dividends=np.zeros(len(columns)))
    keys = np.where(inputs.dividends != 0.0, columns.underlying, -1)

    def terms(key: int, rows: IntArray) -> dict[str, Any]:
        if key < 0:
            return {}
        from hedgerow.pricing.american import Dividends

        times, amounts = inputs.schedules[key]
        return {"dividends": Dividends(tuple(times.tolist()), tuple(amounts.tolist()))}

    return _joined("american", _lots(columns, whole, keys, terms), names, ask)


def asian_figures(columns: Columns, inputs: Inputs, names: tuple[str, ...], ask: Ask) -> tuple[Figures, Any]:
    """Return figures of Asian options: averages of fixings and without a break, begun and not begun, pass by pass.

    Parameters
    ----------
    columns, inputs, names, ask
        As in :func:`american_figures`.

    Returns
    -------
    tuple of dict of str to float array (n,), bool array (n,)
    """
    extras = columns.extras
    of_fixings = extras["fixings"] > 0.0
    begun = ~np.isnat(extras["start"]) | (extras["fixings_done"] > 0.0)
    columns.refuse(begun & np.isnan(extras["average_so_far"]), "has begun to average", "give its average_so_far")

    def terms(key: int, rows: IntArray) -> dict[str, Any]:
        found: dict[str, Any] = {"average": extras["average"][rows]}
        if key & 1:
            found["fixings"] = extras["fixings"][rows].astype(np.int64)
        if key & 2:
            found["average_so_far"] = extras["average_so_far"][rows]
            found |= (
                {"fixings_done": extras["fixings_done"][rows].astype(np.int64)}
                if key & 1
                else {"years_done": done[rows]}
            )
        return found

    life = np.array([years_between(a, b)[()] for a, b in zip(extras["start"], columns.expiry, strict=True)])
    done = np.maximum(np.where(np.isnat(extras["start"]), 0.0, life - inputs.years), 0.0)
    return _joined("asian", _lots(columns, inputs, of_fixings + 2 * begun, terms), names, ask)


Lot = tuple[IntArray, Columns, Inputs, dict[str, Any]]


def _lots(
    columns: Columns, inputs: Inputs, keys: Any, terms: Callable[[int, IntArray], dict[str, Any]]
) -> Iterator[Lot]:
    """Yield the rows of each key with their columns, inputs and terms."""
    for key in np.unique(keys):
        rows = np.flatnonzero(keys == key)
        yield rows, columns.take(rows), inputs.take(rows), terms(int(key), rows)


def _joined(module_name: str, lots: Iterator[Lot], names: tuple[str, ...], ask: Ask) -> tuple[Figures, Any]:
    """Return the figures of all lots, in the order of the positions."""
    parts = [(rows, *ask(module_name, columns, inputs, names, terms)) for rows, columns, inputs, terms in lots]
    count = sum(len(rows) for rows, _, _ in parts)
    found: Figures = {name: np.empty(count) for name in names}
    limit = np.zeros(count, dtype=np.bool_)
    for rows, part, part_limit in parts:
        limit[rows] = part_limit
        for name in names:
            found[name][rows] = part[name]
    return found, limit
