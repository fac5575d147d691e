"""The contract of an overlay rule, and rules made of rules.

>>> from hedgerow.overlays import VixLinear
>>> 0.5 * VixLinear(10, 15)
0.5 * VixLinear(low=10, width=15)
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.overlays.signals import Signals


class OverlayRule(ABC):
    """Turns signals into a multiplier of the base hedge: 1 holds the base, 0 nothing, 2 twice the base.

    Subclasses are frozen dataclasses. Row t of the result uses rows of the signals up to t and no other; a test changes
    every later row and sees the earlier multipliers unchanged, bit by bit.
    """

    @property
    @abstractmethod
    def needs(self) -> tuple[str, ...]:
        """Names of the signals that the rule reads."""

    @property
    def warm_up(self) -> int:
        """Rows before the first multiplier is defined."""
        return 0

    @property
    def memory(self) -> int | None:
        """Rows, today's included, that decide a multiplier: signals that begin earlier change no bit of it.

        None where however long a past may still be felt.
        """
        return self.warm_up + 1

    @property
    def is_share(self) -> bool:
        """Whether the result is a share between two hedges (term structure) rather than a size."""
        return False

    @abstractmethod
    def multiplier(self, signals: Signals) -> FloatArray:
        """Return the multiplier at the close of each date, shape (n_dates,); NaN in the warm-up and nowhere else."""

    def __mul__(self, other: OverlayRule | float) -> OverlayRule:
        """Return the product of two rules, or the rule scaled by a number."""
        return Product(self, as_rule(other))

    def __rmul__(self, other: float) -> OverlayRule:
        """Return the rule scaled by a number."""
        return Product(as_rule(other), self)

    def __add__(self, other: OverlayRule | float) -> OverlayRule:
        """Return the sum of two rules."""
        return Sum(self, as_rule(other))

    def __radd__(self, other: float) -> OverlayRule:
        """Return the sum of a number and the rule."""
        return Sum(as_rule(other), self)


@dataclass(frozen=True)
class Static(OverlayRule):
    """The hedge that never breathes: the same multiplier on every date.

    Parameters
    ----------
    level : float
        0 or more.
    """

    level: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a level that is no size."""
        number = isinstance(self.level, int | float | np.number) and not isinstance(self.level, bool)
        if not (number and np.isfinite(self.level) and self.level >= 0.0):
            raise InputError(f"a static multiplier must be a number of 0 or more, not {self.level!r}")

    @property
    def needs(self) -> tuple[str, ...]:
        """No signal."""
        return ()

    def multiplier(self, signals: Signals) -> FloatArray:
        """Return the level on every date."""
        return np.full(len(signals), float(self.level))


@dataclass(frozen=True, repr=False)
class Pair(OverlayRule):
    """Two rules joined into one."""

    left: OverlayRule
    right: OverlayRule

    @property
    def needs(self) -> tuple[str, ...]:
        """Signals of both, each once."""
        return tuple(dict.fromkeys((*self.left.needs, *self.right.needs)))

    @property
    def warm_up(self) -> int:
        """The longer of both."""
        return max(self.left.warm_up, self.right.warm_up)

    @property
    def memory(self) -> int | None:
        """The longer of both, None where one has no end."""
        left, right = self.left.memory, self.right.memory
        return None if left is None or right is None else max(left, right)


@dataclass(frozen=True, repr=False)
class Product(Pair):
    """The product of two multipliers: ``VixLinear(10, 15) * CorrelationAdjusted(0.40)``."""

    def __repr__(self) -> str:
        return _joined(self, "*", Sum, (Sum, Product))

    def multiplier(self, signals: Signals) -> FloatArray:
        """Return the product by date."""
        return self.left.multiplier(signals) * self.right.multiplier(signals)


@dataclass(frozen=True, repr=False)
class Sum(Pair):
    """The sum of two multipliers: ``0.5 * VixLinear(10, 15) + 0.5 * DrawdownTriggered(0.05, 10)``."""

    def __repr__(self) -> str:
        return _joined(self, "+", (), Sum)

    def multiplier(self, signals: Signals) -> FloatArray:
        """Return the sum by date."""
        return self.left.multiplier(signals) + self.right.multiplier(signals)


def as_rule(part: OverlayRule | float) -> OverlayRule:
    """Return a rule as it is and a number as :class:`Static`."""
    return part if isinstance(part, OverlayRule) else Static(part)


_Kinds: TypeAlias = type | tuple[type, ...]


def _joined(pair: Pair, sign: str, left_in_brackets: _Kinds, right_in_brackets: _Kinds) -> str:
    """Return a pair as the code that makes it; of two numbers only the first can be written as one."""
    left, right = _written(pair.left, left_in_brackets), _written(pair.right, right_in_brackets)
    if isinstance(pair.left, Static) and isinstance(pair.right, Static):
        right = repr(pair.right)
    return f"{left} {sign} {right}"


def _written(part: OverlayRule, in_brackets: _Kinds) -> str:
    if isinstance(part, Static):
        return repr(part.level)
    return f"({part!r})" if isinstance(part, in_brackets) else repr(part)
