"""The waterfall: a book revalued after one move at a time, in a stated order, so that the parts are the whole.

Each part is the change of value when one more move is made and the earlier ones stay made. The sum is the profit
whatever the order; the parts are not, since a later move acts on a market that the earlier ones have changed. So every
waterfall says its order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.errors import AccountsError, DataError, InputError, did_you_mean

TOLERANCE = 1e-9
"""Largest gap between the parts and the profit, as a share of the largest value, that rounding may explain."""


@dataclass(frozen=True, eq=False)
class Waterfall:
    """What each move gave, in the order in which the moves were made; made by :func:`waterfall`.

    Attributes
    ----------
    order : tuple of str
        Moves, the first made first.
    parts : mapping of str to ndarray, shape (n_items,)
        Money by move; the items are what ``reprice`` answers for, such as positions, or one.
    total : ndarray, shape (n_items,)
        Value after all moves less the value before, by direct revaluation.
    """

    order: tuple[str, ...]
    parts: Mapping[str, FloatArray] = field(repr=False)
    total: FloatArray = field(repr=False)

    @property
    def residual(self) -> FloatArray:
        """What the parts leave of the total, (n_items,): floating-point dust."""
        rest = self.total
        for money in self.parts.values():
            rest = rest - money
        return rest

    def totals(self) -> pd.Series:
        """Return the sums over the items by move, in the order of the moves, and their ``total``."""
        sums = {name: float(self.parts[name].sum()) for name in self.order}
        return pd.Series({**sums, "total": float(self.total.sum())}, name="money")

    def to_frame(self) -> pd.DataFrame:
        """Return the parts, a row per item and a column per move, with ``residual`` and ``total``."""
        return pd.DataFrame({**{name: self.parts[name] for name in self.order}, "residual": self.residual}).assign(
            total=self.total
        )


def waterfall(
    reprice: Callable[[Mapping[str, Any]], ArrayLike],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    order: Sequence[str] | None = None,
) -> Waterfall:
    """Return the profit between two states, move by move.

    Parameters
    ----------
    reprice : callable
        From a state, a mapping of the names in ``before``, to its value in money: a number, or an array (n_items,).
    before, after : mapping of str to anything
        The two states: ``{"time": 0.5, "spot": 100.0, "volatility": 0.2}``.
    order : sequence of str, optional
        Every name of the state once; that of ``before`` unless given.

    Returns
    -------
    Waterfall
        Parts that add up to ``reprice(after) - reprice(before)``.

    Raises
    ------
    InputError
        For states of different names, or an order that leaves one out or says one twice.
    DataError
        Where a value is not finite.
    AccountsError
        Where the parts do not add up, because ``reprice`` answers differently when asked twice.

    Examples
    --------
    A forward on 100 units, first the day, then the spot:

    >>> def value(state):
    ...     return 100.0 * (state["spot"] - 95.0 * np.exp(-0.05 * (1.0 - state["time"])))
    >>> day = waterfall(value, {"time": 0.0, "spot": 100.0}, {"time": 1 / 365, "spot": 101.0})
    >>> day.totals().round(2).to_dict()
    {'time': -1.24, 'spot': 100.0, 'total': 98.76}
    """
    order = checked_order(tuple(before) if order is None else order, tuple(before))
    if set(after) != set(before):
        odd = sorted(map(str, set(after) ^ set(before)))
        raise InputError(f"before and after must name the same moves; only one of them has {', '.join(odd)}")
    state = dict(before)
    start = last = _value(reprice, state, "before all moves")
    parts, largest = {}, float(np.abs(start).sum())
    for name in order:
        state[name] = after[name]
        now = _value(reprice, state, f"after the move {name!r}")
        parts[name], last = now - last, now
        largest = max(largest, float(np.abs(now).sum()))
    found = Waterfall(order, parts, _value(reprice, dict(after), "after all moves") - start)
    breach = float(np.abs(found.residual).max(initial=0.0)) / (largest or 1.0)
    if not breach <= TOLERANCE:
        raise AccountsError(
            f"the waterfall does not close: its parts miss the profit by {breach:.3g} of the largest value, since "
            "reprice answered differently when asked again for the same state; make it a pure function"
        )
    return found


def checked_order(order: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Return an order of moves, or refuse one that is not every known move once.

    Raises
    ------
    InputError
        With the move that is unknown, missing or said twice.
    """
    for name in order:
        if name not in known:
            raise InputError(f"order has the unknown move {name!r}{did_you_mean(str(name), known)}; {_rule(known)}")
    twice = next((name for name in order if list(order).count(name) > 1), None)
    if twice is not None:
        raise InputError(f"order has the move {twice!r} twice; {_rule(known)}")
    missing = [name for name in known if name not in order]
    if missing:
        raise InputError(f"order leaves out {', '.join(missing)}, so the parts would not be the whole; {_rule(known)}")
    return tuple(order)


def _rule(known: Sequence[str]) -> str:
    return f"it must have each of {', '.join(known)} once"


def _value(reprice: Callable[[Mapping[str, Any]], ArrayLike], state: dict[str, Any], when: str) -> FloatArray:
    value = np.atleast_1d(np.asarray(reprice(dict(state)), dtype=np.float64))
    wrong = np.argwhere(~np.isfinite(value))
    if len(wrong):
        raise DataError(
            f"reprice gave {value[tuple(wrong[0])]} for item {wrong[0][0]} {when}; every value must be finite"
        )
    return value
