"""When a hedge that has paid is sold before its roll: on its price, on the volatility index, on its age.

What triggers at the close of t trades at the close of t + 1. The rung then stays empty until its next roll, or with
``restrike`` the same expiry is bought again at once, or on the first date with a price of its future, at the strike
that the programme asks for on that day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.errors import InputError
from hedgerow.overlays.triggers import TIE


@dataclass(frozen=True)
class HeldPath:
    """What a monetisation rule sees of held positions, one entry per position and close; all of shape (n_cells,).

    Attributes
    ----------
    value, premium : ndarray
        Price of the position now and when it was bought, all legs together, in points.
    index, index_before : ndarray
        Volatility index at this close and at the one before, in points.
    age, life : ndarray
        Calendar days since purchase, and from purchase to expiry.
    """

    value: FloatArray
    premium: FloatArray
    index: FloatArray
    index_before: FloatArray
    age: FloatArray
    life: FloatArray


class MonetiseRule(Protocol):
    """Says at which closes a position is to be sold."""

    @property
    def restrike(self) -> bool:
        """Whether the expiry is bought again at once."""

    @property
    def reason(self) -> str:
        """Why, for the table of contracts."""

    def fires(self, held: HeldPath) -> BoolArray:
        """Return where the rule fires, shape (n_cells,)."""


@dataclass(frozen=True)
class TakeProfit:
    """Sell once the price reaches a multiple of the premium paid.

    Parameters
    ----------
    multiple : float
        Above 1; a price within 1e-9 of the multiple has reached it.
    restrike : bool
    """

    multiple: float = 3.0
    restrike: bool = False

    def __post_init__(self) -> None:
        """Refuse a profit that is none."""
        if not (np.isfinite(self.multiple) and self.multiple > 1.0):
            raise InputError(f"a profit is taken at a multiple of the premium above 1, not {self.multiple!r}")

    @property
    def reason(self) -> str:
        """Take profit."""
        return "take profit"

    def fires(self, held: HeldPath) -> BoolArray:
        """Return where the price has reached the multiple."""
        if not (held.premium > 0.0).all():
            raise InputError(
                f"a profit is a multiple of a premium paid; a position that costs {held.premium.min():g} points has "
                "none: monetise on the volatility index or on time"
            )
        return np.asarray(held.value >= self.multiple * held.premium * (1.0 - TIE))


@dataclass(frozen=True)
class VolatilityAbove:
    """Sell when the volatility index crosses a level from below while the position is held.

    Parameters
    ----------
    level : float
        In points; strictly above it, at or below it on the close before.
    restrike : bool
    """

    level: float = 40.0
    restrike: bool = False

    def __post_init__(self) -> None:
        """Refuse a level that is none."""
        if not (np.isfinite(self.level) and self.level > 0.0):
            raise InputError(f"the level of a volatility index is in points, above 0, not {self.level!r}")

    @property
    def reason(self) -> str:
        """The level."""
        return f"volatility above {self.level:g}"

    def fires(self, held: HeldPath) -> BoolArray:
        """Return where the index has crossed the level."""
        edge = self.level * (1.0 + TIE)
        return np.asarray((held.index > edge) & (held.index_before <= edge))


@dataclass(frozen=True)
class AfterDays:
    """Sell when a position has been held so many calendar days.

    Parameters
    ----------
    days : int
        1 or more.
    restrike : bool
    """

    days: int = 30
    restrike: bool = False

    def __post_init__(self) -> None:
        """Refuse an age that is none."""
        if isinstance(self.days, bool) or self.days != int(self.days) or self.days < 1:
            raise InputError(f"the age of a position is a whole number of days, 1 or more, not {self.days!r}")

    @property
    def reason(self) -> str:
        """The age."""
        return f"after {self.days} days"

    def fires(self, held: HeldPath) -> BoolArray:
        """Return where the age is reached."""
        return np.asarray(held.age >= self.days)


@dataclass(frozen=True)
class AfterLife:
    """Sell when a share of the days from purchase to expiry has passed.

    Parameters
    ----------
    share : float
        Between 0 and 1: 0.5 for half of its life.
    restrike : bool
    """

    share: float = 0.5
    restrike: bool = False

    def __post_init__(self) -> None:
        """Refuse a share that is none."""
        if not 0.0 < self.share < 1.0:
            raise InputError(f"the share of a life lies between 0 and 1, not {self.share!r}")

    @property
    def reason(self) -> str:
        """The share."""
        return f"after {self.share:.0%} of its life"

    def fires(self, held: HeldPath) -> BoolArray:
        """Return where the share has passed."""
        return np.asarray(held.age >= self.share * held.life * (1.0 - TIE))


def first_rule(rules: Sequence[MonetiseRule], held: HeldPath) -> FloatArray:
    """Return the number of the first rule that fires at each cell, NaN where none does; shape (n_cells,)."""
    found = np.full(held.value.shape, np.nan)
    for number in range(len(rules) - 1, -1, -1):
        found[rules[number].fires(held)] = number
    return found
