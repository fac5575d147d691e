"""A bid-ask spread that widens when volatility does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from hedgerow._types import FloatArray
from hedgerow.costs.base import RuleCost, require_not_negative, require_positive
from hedgerow.errors import InputError
from hedgerow.kernels.elementary import exp, log, maximum, minimum, where
from hedgerow.kernels.rules import Rule, rule
from hedgerow.units import from_basis_points


@rule("cost")
def spread_in_stress(
    cost: float, units: float, spot: float, implied: float, *, share: float, normal: float, power: float, cap: float
) -> Any:
    """Add a share of the value, widened by the ratio of volatilities to a power, between 1 and the cap."""
    ratio = maximum(implied / normal, 1.0)
    widening = minimum(exp(power * log(ratio)), cap)
    return cost + where(units != 0.0, abs(units * spot) * share * widening, 0.0)


@dataclass(frozen=True)
class SpreadInStress(RuleCost):
    """Half the bid-ask spread, wider while implied volatility stands above its normal level.

    ``cost = basis_points / 10,000 x w x |units| x |price|`` with ``w = min(max(implied / normal, 1) ** power, cap)``;
    it stands in place of a :class:`HalfSpread`, and below the normal level equals it.

    Parameters
    ----------
    basis_points : float
        Half spread in basis points of the price at normal volatility; 0 or more.
    normal : float
        Implied volatility at which the spread is normal, annual, as a decimal; above 0.
    power : float
        0 or more. Spreads move in proportion to volatility across stocks and through time, which is power 1.
    cap : float
        Largest widening; 1 or more.

    References
    ----------
    M. Wyart, J.-P. Bouchaud, J. Kockelkoren, M. Potters and M. Vettorazzo (2008), Relation between bid-ask spread,
    impact and volatility in order-driven markets, Quantitative Finance 8, 41-57.

    Examples
    --------
    >>> import numpy as np
    >>> from hedgerow.costs import TradeSlip
    >>> calm_and_wild = np.array([[0.15], [0.45]])
    >>> slip = TradeSlip(np.array([[100.0], [100.0]]), np.array([50.0]), np.array([1.0]), calm_and_wild)
    >>> SpreadInStress(2, normal=0.15).charge(slip)["half_spread"].round(12)
    array([1., 3.])
    """

    basis_points: float
    normal: float
    power: float = 1.0
    cap: float = 10.0

    label: ClassVar[str] = "half_spread"
    plural: ClassVar[str] = "half spreads"

    def __post_init__(self) -> None:
        require_not_negative("half spread in basis points", self.basis_points)
        require_positive("normal volatility of a spread", self.normal)
        require_not_negative("power by which a spread widens", self.power)
        if not 1.0 <= self.cap < float("inf"):
            raise InputError(f"the largest widening of a spread must be 1 or more and finite, not {self.cap}")

    @property
    def rule(self) -> Rule:
        """A share of the value, widened."""
        return spread_in_stress

    def numbers(self, contracts_per_unit: float | FloatArray) -> Mapping[str, float | FloatArray]:
        """Return the normal share as a decimal, the normal volatility, the power and the cap."""
        share = from_basis_points(self.basis_points)
        return {"share": share, "normal": self.normal, "power": self.power, "cap": self.cap}

    def one_way_rate(self, price: float | None = None, contracts_per_unit: float = float("nan")) -> float:
        """Return the half spread at normal volatility as a fraction of the price."""
        return from_basis_points(self.basis_points)
