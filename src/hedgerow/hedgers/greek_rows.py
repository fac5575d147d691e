"""The Greeks of a book and of its hedges as equations, in money, and sentences for those that cannot be met."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray, FloatArray, IntArray
from hedgerow.errors import InputError, did_you_mean
from hedgerow.hedgers.book_hedger import BookView
from hedgerow.instruments import Instrument
from hedgerow.instruments.moments import settled

MOVES: dict[str, Callable[[FloatArray, float], FloatArray | float]] = {
    "delta": lambda move, vol_move: move,
    "gamma": lambda move, vol_move: 0.5 * move**2,
    "vega": lambda move, vol_move: vol_move,
    "vanna": lambda move, vol_move: move * vol_move,
    "volga": lambda move, vol_move: 0.5 * vol_move**2,
}
"""What one unit of a Greek makes, money, in a move of the spot by ``move`` and of volatility by ``vol_move``."""
MISSED = 1e-9
"""A Greek is met where it leaves less than this share of the greatest sum of money that book and hedges make."""


@dataclass(frozen=True, eq=False)
class GreekRows:
    """Equations: one per Greek and underlying, Greek by Greek.

    Attributes
    ----------
    names : tuple of (str, str)
        Greek and underlying of each row.
    matrix : ndarray, shape (n_paths, n_rows, n_hedges)
        Money that one contract makes in the move.
    goal : ndarray, shape (n_paths, n_rows)
        Minus the money that the book makes.
    money : ndarray, shape (n_paths, n_rows)
        Money per unit of the Greek.
    book_gamma : ndarray, shape (n_paths, n_hedges)
        Gamma of the book in each hedge's underlying.
    """

    names: tuple[tuple[str, str], ...]
    matrix: FloatArray
    goal: FloatArray
    money: FloatArray
    book_gamma: FloatArray


def greek_rows(
    view: BookView, greeks: tuple[str, ...], spot_move: float, vol_move: float, weights: Mapping[str, float]
) -> GreekRows:
    """Return the equations of one moment.

    Raises
    ------
    InputError
        For figures that are not finite, or a hedge that has expired while something is to be hedged.
    """
    book = view.book_greeks(tuple(dict.fromkeys((*greeks, "gamma"))))
    one = view.hedge_greeks(greeks)
    codes = np.array([view.underlyings.index(each.underlying) for each in view.hedges], dtype=np.int64)
    member = (np.arange(len(view.underlyings))[:, None] == codes).astype(np.float64)
    sizes = [
        np.broadcast_to(weights.get(greek, 1.0) * MOVES[greek](view.spots * spot_move, vol_move), view.spots.shape)
        for greek in greeks
    ]
    money = np.concatenate(sizes, axis=1)
    exposure = np.concatenate([book[greek] for greek in greeks], axis=1)
    matrix = np.concatenate([one[greek][:, None, :] * member for greek in greeks], axis=1) * money[:, :, None]
    goal = -exposure * money
    _require_alive(view, goal)
    names = tuple((greek, name) for greek in greeks for name in view.underlyings)
    _require_finite(view, names, goal, matrix)
    return GreekRows(names, matrix, goal, money, book["gamma"][:, codes])


def require_coverage(
    underlyings: Sequence[str], instruments: Sequence[Instrument], greeks: tuple[str, ...], options: tuple[str, ...]
) -> None:
    """Refuse instruments on what the book does not hold, and Greeks that no instrument has.

    Raises
    ------
    InputError
    """
    for each in instruments:
        if each.underlying not in underlyings:
            hint = did_you_mean(each.underlying, underlyings) or ";"
            raise InputError(
                f"the hedge {described(each)} is on {each.underlying!r}, which the book does not hold{hint} "
                f"it holds {', '.join(underlyings)}"
            )
    curved = [greek for greek in greeks if greek != "delta"]
    for name in underlyings:
        if curved and not any(each.underlying == name and each.type_name in options for each in instruments):
            raise InputError(
                f"{' and '.join(curved)} of {name!r} cannot be hedged: no option on it is among the instruments; "
                "add one, or match delta alone"
            )


def why_not_met(
    rows: GreekRows,
    view: BookView,
    holdings: FloatArray,
    binding: tuple[BoolArray, BoolArray],
    otherwise: tuple[str, ...],
) -> tuple[str, ...]:
    """Return a sentence per Greek and underlying that is not brought to 0: how much is left, and what binds."""
    made = rows.matrix * holdings[:, None, :]
    left = made.sum(axis=2) - rows.goal
    whole = (np.abs(rows.goal) + np.abs(made).sum(axis=2)).max(axis=1)
    found = []
    for row, (greek, name) in enumerate(rows.names):
        paths = np.flatnonzero(np.abs(left[:, row]) > MISSED * np.maximum(whole, 1e-300))
        if not len(paths):
            continue
        worst = paths[np.abs(left[paths, row] / rows.money[paths, row]).argmax()]
        size, was = (each[worst, row] / rows.money[worst, row] for each in (left, -rows.goal))
        moved = np.asarray(rows.matrix[paths, row, :].any(axis=0))
        words = _bounds_met(view, holdings, binding, paths, moved)
        unbound = ~(binding[0][paths][:, moved] | binding[1][paths][:, moved]).any(axis=1)
        found.append(
            f"{greek} of {name!r} is not met on {len(paths)} of {len(left)} paths, at worst {size:.6g} is left "
            f"of {was:.6g}: {' and '.join((*words, *(otherwise if unbound.any() else ())))}"
        )
    return tuple(found)


def _bounds_met(
    view: BookView, holdings: FloatArray, binding: tuple[BoolArray, BoolArray], paths: IntArray, moved: BoolArray
) -> list[str]:
    """Return the bounds that bind on some paths, as words."""
    words = []
    for side, met in zip(("at least", "at most"), binding, strict=True):
        for j in np.flatnonzero(met[paths].any(axis=0) & moved):
            edge = holdings[paths[met[paths, j].argmax()], j]
            words.append(f"{described(view.hedges[j])} is held to {side} {edge:g} contracts")
    return words


def described(instrument: Instrument) -> str:
    """Return ``"XYZ european call 110 2027-02-20"``."""
    words = [instrument.underlying, instrument.type_name.replace("_", " ")]
    words += [str(getattr(instrument, name)) for name in ("kind", "strike", "expiry") if hasattr(instrument, name)]
    return " ".join(words)


@lru_cache(maxsize=1024)
def _settles(instrument: Instrument) -> pd.Timestamp | None:
    if not hasattr(instrument, "expiry"):
        return None
    return settled(instrument.expiry, instrument.settlement_time, instrument.calendar)  # type: ignore[attr-defined]


def _require_alive(view: BookView, goal: FloatArray) -> None:
    """Refuse a hedge that has expired while the book has something to hedge."""
    if not goal.any():
        return
    for each in view.hedges:
        ends = _settles(each)
        if ends is not None and ends <= view.moment:
            raise InputError(
                f"the hedge {described(each)} expired at {ends} and {view.moment} still has something to hedge; "
                "name an instrument that outlives the book, or end earlier"
            )


def _require_finite(view: BookView, names: tuple[tuple[str, str], ...], goal: FloatArray, matrix: FloatArray) -> None:
    wrong = ~np.isfinite(goal) | ~np.isfinite(matrix).all(axis=2)
    if wrong.any():
        path, row = np.argwhere(wrong)[0]
        greek, name = names[row]
        raise InputError(
            f"{greek} of {name!r} is not finite in book or hedges at {view.moment} on path {path}: an option without "
            "time left stands at its strike; decide a moment earlier"
        )
