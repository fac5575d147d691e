"""Half the bid-ask spread, paid on every unit that changes hands: as a share of the price, or in money per unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.costs.base import RuleCost, require_not_negative
from hedgerow.kernels.rules import Rule, rule
from hedgerow.units import from_basis_points


@rule("cost")
def share_of_value(cost: float, units: float, spot: float, *, share: float) -> float:
    """Add a share of the value traded."""
    return cost + abs(units * spot) * share


@rule("cost")
def money_per_unit(cost: float, units: float, *, money: float) -> float:
    """Add money for every unit traded."""
    return cost + abs(units) * money


@dataclass(frozen=True)
class HalfSpread(RuleCost):
    """Half the bid-ask spread, paid on every unit that changes hands.

    ``cost = basis_points / 10,000 x |units| x |price|``; the price's size counts, so a negative price still costs.

    Parameters
    ----------
    basis_points : float or tuple of float
        Half spread in basis points of the price, one for all hedges or one per hedge; 0 or more.

    Examples
    --------
    >>> from hedgerow.costs import TradeSlip
    >>> slip = TradeSlip(np.array([[100.0]]), np.array([50.0]), np.array([1.0]))
    >>> HalfSpread(2).charge(slip)
    {'half_spread': array([1.])}
    """

    basis_points: float | tuple[float, ...]

    label: ClassVar[str] = "half_spread"
    plural: ClassVar[str] = "half spreads"

    def __post_init__(self) -> None:
        require_not_negative("half spread in basis points", self.basis_points)

    @property
    def rule(self) -> Rule:
        """A share of the value traded."""
        return share_of_value

    def numbers(self, contracts_per_unit: float | FloatArray) -> Mapping[str, float | FloatArray]:
        """Return the share as a decimal."""
        return {"share": from_basis_points(1.0) * np.asarray(self.basis_points, dtype=float)}

    def one_way_rate(self, price: float | None = None, contracts_per_unit: float = float("nan")) -> float:
        """Return the half spread as a fraction of the price."""
        return from_basis_points(float(np.max(self.basis_points)))


@dataclass(frozen=True)
class HalfSpreadMoney(RuleCost):
    """Half the bid-ask spread in money per unit: half a tick, whatever the price.

    ``cost = money x |units|``.

    Parameters
    ----------
    money : float or tuple of float
        Half spread in the account's currency per unit, one for all hedges or one per hedge; 0 or more.
    """

    money: float | tuple[float, ...]

    label: ClassVar[str] = "half_spread"
    plural: ClassVar[str] = "half spreads"

    def __post_init__(self) -> None:
        require_not_negative("half spread in money per unit", self.money)

    @property
    def rule(self) -> Rule:
        """Money for every unit traded."""
        return money_per_unit

    def numbers(self, contracts_per_unit: float | FloatArray) -> Mapping[str, float | FloatArray]:
        """Return the money per unit."""
        return {"money": np.asarray(self.money, dtype=float)}

    def one_way_rate(self, price: float | None = None, contracts_per_unit: float = float("nan")) -> float:
        """Return the half spread as a fraction of a price; 0 without one."""
        return float(np.max(self.money)) / abs(price) if price else 0.0
