"""Futures and forwards on an underlying that can be carried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hedgerow.instruments.base import Expiring, require_number
from hedgerow.instruments.moments import DateLike


@dataclass(frozen=True)
class Future(Expiring):
    """A future: its price is the forward F = S exp((r - q - b) T), its value is 0 once variation margin is paid.

    Delta F/S, theta -(r - q - b) F, rho T F, dividend rho -T F, charm -(r - q - b) F/S; the others are 0.

    Attributes
    ----------
    underlying : str
    expiry : date
        Day or moment of the last settlement.
    multiplier, currency, calendar, settlement_time
        See :class:`~hedgerow.instruments.base.Expiring`.

    Examples
    --------
    >>> Future("SPX", "2027-03-19", multiplier=50).multiplier
    50
    """

    type_name: ClassVar[str] = "future"

    expiry: DateLike


@dataclass(frozen=True)
class Forward(Expiring):
    """A forward agreed at ``strike``: worth S exp(-(q + b) T) - K exp(-r T), at mark.

    Attributes
    ----------
    underlying : str
    strike : float
        Delivery price K.
    expiry : date
        Day or moment of delivery.
    multiplier, currency, calendar, settlement_time
        See :class:`~hedgerow.instruments.base.Expiring`.

    Examples
    --------
    >>> Forward("EURUSD", 1.10, "2027-03-19").payoff(1.15) > 0.0499
    True
    """

    type_name: ClassVar[str] = "forward"

    strike: float
    expiry: DateLike

    def __post_init__(self) -> None:
        """Refuse a delivery price that is no number."""
        super().__post_init__()
        require_number("strike", self.strike)

    def payoff(self, spot: float) -> float:
        """Return what one unit is worth at delivery."""
        return spot - self.strike
