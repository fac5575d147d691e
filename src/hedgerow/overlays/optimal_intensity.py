"""How large a hedge the odds of a crash justify: the rule "hedge in proportion to the intensity", derived.

Over the next period a crash comes with probability L (the intensity). A hedge of size N costs ``a N + b N^2 / 2``
whether it comes or not (carry, and spreads that widen with size). In a crash the portfolio loses D and the hedge gains
g per unit, so that the shortfall is ``S = max(D - g N, 0)``, which hurts by ``m S + k S^2 / 2``. Minimise

    J(N) = a N + b N^2 / 2 + L (m S + k S^2 / 2),   N >= 0.

J is convex, with a kink at full cover ``N = D / g``, beyond which only the cost grows. Where it is flat before that,

    a + b N = L g (m + k (D - g N)),   so   N* = (L g (m + k D) - a) / (b + L k g^2),   kept within [0, D / g].

What follows:

* A loss that does not depend on the hedge (g = 0) leaves only the cost to minimise: N* = 0, whatever the intensity.
* N* is *proportional* to L, and N*(L) / N*(mean L) = L / mean L, exactly where a = 0 and k = 0: the cost of the next
  unit grows with size and the shortfall hurts linearly, ``N* = L g m / b``, up to full cover.
* With a = 0 and k > 0 it is proportional only while ``L k g^2`` is small against b; beyond, it levels off.
* A cost per unit (a > 0) sets a least intensity ``a / (g (m + k D))`` below which nothing is held; with b = 0, m = 0
  and a quadratic shortfall, ``N* = D / g - a / (L k g^2)``: full cover less what its cost saves.
* With b = 0 and k = 0 the problem is a line: nothing at and below ``L = a / (g m)``, full cover above it.

>>> trade_off = HedgeTradeOff(loss=20.0, gain=5.0, size_cost=0.1)
>>> float(optimal_intensity(0.05, trade_off)), float(optimal_intensity(0.025, trade_off))
(2.5, 1.25)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.errors import InputError
from hedgerow.overlays.checks import require_number


@dataclass(frozen=True)
class HedgeTradeOff:
    """What a hedge costs, what it gains in a crash, and how much the loss that is left hurts.

    Parameters
    ----------
    loss : float
        D: what the portfolio loses in a crash, money, 0 or more.
    gain : float
        g: what one unit of the hedge gains in a crash, money, 0 or more.
    unit_cost : float
        a: cost of one unit over the period, money, 0 or more.
    size_cost : float
        b: rise of the cost of the next unit per unit held, money, 0 or more.
    shortfall : float
        m: weight of the shortfall, per unit of money; 1 counts it as it is.
    squared_shortfall : float
        k: weight of half its square, per squared unit of money.
    """

    loss: float
    gain: float
    unit_cost: float = 0.0
    size_cost: float = 0.0
    shortfall: float = 1.0
    squared_shortfall: float = 0.0

    def __post_init__(self) -> None:
        """Refuse figures below zero."""
        for name in self.__dataclass_fields__:
            require_number("HedgeTradeOff", name, getattr(self, name), least=0.0)
        if self.unit_cost == 0.0 and self.size_cost == 0.0:
            raise InputError("a hedge that costs nothing has no optimum; give unit_cost or size_cost")

    @property
    def is_proportional(self) -> bool:
        """Whether the best hedge is proportional to the intensity, up to full cover."""
        return self.unit_cost == 0.0 and self.squared_shortfall == 0.0

    def expected_cost(self, size: ArrayLike, intensity: ArrayLike) -> FloatArray:
        """Return J: cost plus intensity times what is left of the loss, money.

        Parameters
        ----------
        size, intensity : array_like
            N, 0 or more, and L; they broadcast.
        """
        held, odds = np.asarray(size, dtype=float), np.asarray(intensity, dtype=float)
        short = np.maximum(self.loss - self.gain * held, 0.0)
        hurt = self.shortfall * short + 0.5 * self.squared_shortfall * np.square(short)
        return np.asarray(self.unit_cost * held + 0.5 * self.size_cost * np.square(held) + odds * hurt)


def optimal_intensity(intensity: ArrayLike, trade_off: HedgeTradeOff, largest: float | None = None) -> FloatArray:
    """Return the hedge that minimises expected cost plus crash loss, by the closed form of this module.

    Parameters
    ----------
    intensity : array_like
        Probability of a crash over the period, from 0 to 1.
    trade_off : HedgeTradeOff
    largest : float, optional
        Largest size allowed, 0 or more; None for full cover.

    Returns
    -------
    ndarray
        Sizes N*, of the shape of ``intensity``; the smallest one where several do as well.

    Raises
    ------
    InputError
        An intensity that is no probability.

    Examples
    --------
    A loss that the hedge does not change is no reason to pay for it:

    >>> float(optimal_intensity(0.9, HedgeTradeOff(loss=20.0, gain=0.0, unit_cost=0.1)))
    0.0
    """
    odds = np.asarray(intensity, dtype=float)
    if not ((odds >= 0.0) & (odds <= 1.0)).all():
        raise InputError("intensity must be a probability from 0 to 1 without gaps; 0.05 for 5 %")
    if largest is not None:
        require_number("optimal_intensity", "largest", largest, least=0.0)
    if trade_off.gain == 0.0 or trade_off.loss == 0.0:
        return np.zeros(odds.shape)
    cover = trade_off.loss / trade_off.gain
    most = cover if largest is None else min(cover, largest)
    worth = odds * trade_off.gain * (trade_off.shortfall + trade_off.squared_shortfall * trade_off.loss)
    above = worth - trade_off.unit_cost
    slope = trade_off.size_cost + odds * trade_off.squared_shortfall * trade_off.gain**2
    inside = (above > 0.0) & (above < most * slope)
    # only there does the slope vanish between nothing and the most; elsewhere a quotient could overflow
    return np.divide(above, slope, out=np.where(above > 0.0, most, 0.0), where=inside)
