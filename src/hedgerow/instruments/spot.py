"""Spot: a share, an index, a currency or a barrel, held outright."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hedgerow.instruments.base import Instrument


@dataclass(frozen=True)
class Spot(Instrument):
    """The underlying itself: worth its price, delta 1, no other Greek.

    Attributes
    ----------
    underlying : str
    multiplier, currency
        See :class:`~hedgerow.instruments.base.Instrument`.

    Examples
    --------
    >>> Spot("SPX").payoff(4000.0)
    4000.0
    """

    type_name: ClassVar[str] = "spot"

    def payoff(self, spot: float) -> float:
        """Return the price, per unit."""
        return spot
