"""What an order loses beyond the spread between its decision and its fill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.costs.base import RuleCost, require_not_negative
from hedgerow.costs.spread import share_of_value
from hedgerow.kernels.rules import Rule
from hedgerow.units import from_basis_points


@dataclass(frozen=True)
class Slippage(RuleCost):
    """Money lost between decision and fill, in proportion to the value traded.

    ``cost = basis_points / 10,000 x |units| x |price|``, under a label of its own beside the half-spread.

    Parameters
    ----------
    basis_points : float or tuple of float
        Loss in basis points of the price, one for all hedges or one per hedge; 0 or more.

    Examples
    --------
    >>> from hedgerow.costs import HalfSpread
    >>> round((HalfSpread(1) + Slippage(2)).proportional_rate, 12)
    0.0003
    """

    basis_points: float | tuple[float, ...]

    label: ClassVar[str] = "slippage"
    plural: ClassVar[str] = "slippages"

    def __post_init__(self) -> None:
        require_not_negative("slippage in basis points", self.basis_points)

    @property
    def rule(self) -> Rule:
        """A share of the value traded."""
        return share_of_value

    def numbers(self, contracts_per_unit: float | FloatArray) -> Mapping[str, float | FloatArray]:
        """Return the share as a decimal."""
        return {"share": from_basis_points(1.0) * np.asarray(self.basis_points, dtype=float)}

    def one_way_rate(self, price: float | None = None, contracts_per_unit: float = float("nan")) -> float:
        """Return the slippage as a fraction of the price."""
        return from_basis_points(float(np.max(self.basis_points)))
