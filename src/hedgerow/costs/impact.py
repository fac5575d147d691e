"""What an order costs because it moves the price against itself: the square-root law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt as square_root
from typing import Any, ClassVar

from hedgerow._types import FloatArray
from hedgerow.costs.base import RuleCost, require_not_negative, require_positive
from hedgerow.kernels.elementary import sqrt
from hedgerow.kernels.rules import Rule, rule
from hedgerow.units import TRADING_DAYS_PER_YEAR


@rule("cost")
def impact_at_fixed_volatility(cost: float, units: float, spot: float, *, scale: float, volume: float) -> Any:
    """Add scale x sqrt(units / volume) x value."""
    return cost + scale * sqrt(abs(units) / volume) * abs(units * spot)


@rule("cost")
def impact_at_implied_volatility(
    cost: float, units: float, spot: float, implied: float, *, scale: float, volume: float
) -> Any:
    """Add scale x implied x sqrt(units / volume) x value."""
    return cost + scale * implied * sqrt(abs(units) / volume) * abs(units * spot)


@dataclass(frozen=True)
class SquareRootImpact(RuleCost):
    """The square-root law of market impact.

    ``cost = coefficient x daily volatility x sqrt(|units| / daily volume) x |units| x |price|``: a day's volatility
    for a day's volume, times a coefficient of order 1.

    Parameters
    ----------
    daily_volume : float
        Units traded by the market in a day; above 0.
    daily_volatility : float, optional
        Standard deviation of one day's return, as a decimal; None takes the implied volatility of the moment over
        the root of 252.
    coefficient : float
        Of order 1; the average price paid by an order is two thirds of the way to the price at its end.

    Notes
    -----
    Every order counts alone: impact here neither lasts nor decays. Almgren and others found the power 0.6 in place of
    0.5; Sato and Kanazawa find 0.5 in every stock of Tokyo.

    References
    ----------
    J. Gatheral (2010), No-dynamic-arbitrage and market impact, Quantitative Finance 10, 749-759.
    R. Almgren, C. Thum, E. Hauptmann and H. Li (2005), Direct estimation of equity market impact, Risk 18, 57-62.
    Y. Sato and K. Kanazawa (2024), Strict universality of the square-root law in price impact, arXiv:2411.13965.

    Examples
    --------
    >>> import numpy as np
    >>> from hedgerow.costs import TradeSlip
    >>> slip = TradeSlip(np.array([[10_000.0]]), np.array([50.0]), np.array([1.0]))
    >>> SquareRootImpact(daily_volume=1_000_000, daily_volatility=0.02).charge(slip)
    {'impact': array([1000.])}
    """

    daily_volume: float
    daily_volatility: float | None = None
    coefficient: float = 1.0

    label: ClassVar[str] = "impact"
    plural: ClassVar[str] = "impacts"

    def __post_init__(self) -> None:
        require_positive("daily volume of an impact", self.daily_volume)
        require_not_negative("coefficient of an impact", self.coefficient)
        if self.daily_volatility is not None:
            require_not_negative("daily volatility of an impact", self.daily_volatility)

    @property
    def rule(self) -> Rule:
        """The law, at the given or at the implied volatility."""
        return impact_at_implied_volatility if self.daily_volatility is None else impact_at_fixed_volatility

    def numbers(self, contracts_per_unit: float | FloatArray) -> Mapping[str, float | FloatArray]:
        """Return the coefficient times a day's share of volatility, and the volume."""
        daily = 1.0 / square_root(TRADING_DAYS_PER_YEAR) if self.daily_volatility is None else self.daily_volatility
        return {"scale": self.coefficient * daily, "volume": self.daily_volume}
