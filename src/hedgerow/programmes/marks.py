"""How the contracts of a hedge were marked: by a quote of the day, by an older one, or by a model.

>>> days = Marks.none(3)
>>> days.by_model.tolist(), days.stale.tolist()
([False, False, False], [False, False, False])
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import BoolArray
from hedgerow.programmes.priced import PricedProgramme


@dataclass(frozen=True, eq=False)
class Marks:
    """What stood behind the marks of multiplier 1 at each close after which it held anything.

    The two are no opposites: an option on a future whose quote is old is marked by a model *and* rests on a stale
    quote; a listed future of that day is neither.

    Attributes
    ----------
    by_model : ndarray of bool (n_dates,)
        At least one contract held was marked by a model because no quote of it, or of the surface around it, was given
        for that date. A swap marked from a volatility index and a future carried from an index count: the index is
        quoted, the contract is not. An option interpolated in a surface quoted on the date does not count.
    stale : ndarray of bool (n_dates,)
        At least one contract held was marked from a quote of an earlier date, its own or its underlying's.
    """

    by_model: BoolArray
    stale: BoolArray

    @classmethod
    def none(cls, n_dates: int) -> Marks:
        """Return the marks of a hedge that holds nothing, or whose every price is a quote of its day."""
        return cls(np.zeros(n_dates, dtype=bool), np.zeros(n_dates, dtype=bool))

    @classmethod
    def of(cls, priced: PricedProgramme) -> Marks:
        """Return the marks of a hedge that is modelled on every date, or on none, and has no stale quote."""
        return cls(held_after(priced) & priced.is_synthetic, np.zeros(len(priced.dates), dtype=bool))


def held_after(priced: PricedProgramme) -> BoolArray:
    """Return the closes after which multiplier 1 holds anything, (n_dates,)."""
    return np.asarray((priced.units != 0.0).any(axis=1))
