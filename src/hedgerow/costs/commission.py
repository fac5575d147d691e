"""Commissions: per contract and per share with the minimum of an order, and a fee per ticket whatever its size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.costs.base import RuleCost, require_not_negative, require_positive
from hedgerow.errors import InputError
from hedgerow.kernels.elementary import maximum, minimum, where
from hedgerow.kernels.rules import Rule, rule


@rule("cost")
def commission_per_contract(
    cost: float, units: float, *, contracts_per_unit: float, commission: float, least: float
) -> Any:
    """Add a commission per contract, and at least the minimum of a ticket."""
    return cost + where(units != 0.0, maximum(abs(units) * contracts_per_unit * commission, least), 0.0)


@rule("cost")
def commission_per_share(
    cost: float, units: float, spot: float, *, commission: float, least: float, share: float
) -> Any:
    """Add a commission per share: at least the minimum, at most a share of the value; a share of 0 is no cap."""
    fee = maximum(abs(units) * commission, least)
    capped = where(share > 0.0, minimum(fee, abs(units * spot) * share), fee)
    return cost + where(units != 0.0, capped, 0.0)


@rule("cost")
def fee_per_ticket(cost: float, units: float, *, fee: float) -> Any:
    """Add the fee where anything is traded."""
    return cost + where(units != 0.0, fee, 0.0)


@dataclass(frozen=True)
class PerContract(RuleCost):
    """A commission per contract, in the account's currency; fractions of a contract pay their fraction.

    ``cost = max(commission x |units| x contracts per unit, minimum)`` where anything is traded, 0 elsewhere.

    Parameters
    ----------
    commission : float or tuple of float
        Money per contract, one for all hedges or one per hedge; 0 or more.
    minimum : float
        Least money per ticket; 0 or more.

    Examples
    --------
    >>> from hedgerow.costs import TradeSlip
    >>> slip = TradeSlip(np.array([[1.0, 4.0]]), np.array([5.0, 5.0]), np.array([1.0, 1.0]))
    >>> PerContract(0.65, minimum=1.0).charge(slip)
    {'commission': array([3.6])}
    """

    commission: float | tuple[float, ...]
    minimum: float = 0.0

    label: ClassVar[str] = "commission"
    plural: ClassVar[str] = "commissions"

    def __post_init__(self) -> None:
        require_not_negative("commission per contract", self.commission)
        require_not_negative("minimum commission per ticket", self.minimum)

    @property
    def rule(self) -> Rule:
        """A commission per contract with a minimum."""
        return commission_per_contract

    def numbers(self, contracts_per_unit: float | FloatArray) -> Mapping[str, float | FloatArray]:
        """Return sizes, commission and minimum; InputError where a contract size is missing."""
        if np.isnan(contracts_per_unit).any():
            raise InputError("a commission per contract needs a contract size for every hedge; give --contract-size")
        each = np.asarray(self.commission, dtype=float)
        return {"contracts_per_unit": contracts_per_unit, "commission": each, "least": self.minimum}

    def one_way_rate(self, price: float | None = None, contracts_per_unit: float = float("nan")) -> float:
        """Return the commission as a fraction of the value of what it is paid for; 0 without price or size."""
        if not price or np.isnan(contracts_per_unit):
            return 0.0
        return float(np.max(self.commission)) * contracts_per_unit / abs(price)


@dataclass(frozen=True)
class PerShare(RuleCost):
    """A commission per share (one unit of the hedge), with the minimum and the cap of an order.

    ``cost = min(max(commission x |units|, minimum), maximum_share x |units| x |price|)`` where anything is traded: the
    cap holds against the minimum too, so that a small order pays a share of its value.

    Parameters
    ----------
    commission : float
        Money per share; 0 or more.
    minimum : float
        Least money per ticket; 0 or more.
    maximum_share : float, optional
        Largest share of the order's value, as a decimal above 0; None for no cap.
    """

    commission: float
    minimum: float = 0.0
    maximum_share: float | None = None

    label: ClassVar[str] = "commission"
    plural: ClassVar[str] = "commissions"

    def __post_init__(self) -> None:
        require_not_negative("commission per share", self.commission)
        require_not_negative("minimum commission per ticket", self.minimum)
        if self.maximum_share is not None:
            require_positive("largest share of an order's value that a commission takes", self.maximum_share)

    @property
    def rule(self) -> Rule:
        """A commission per share with a minimum and a cap."""
        return commission_per_share

    def numbers(self, contracts_per_unit: float | FloatArray) -> Mapping[str, float | FloatArray]:
        """Return commission, minimum and cap."""
        return {"commission": self.commission, "least": self.minimum, "share": self.maximum_share or 0.0}

    def one_way_rate(self, price: float | None = None, contracts_per_unit: float = float("nan")) -> float:
        """Return the commission as a fraction of a price, no more than the cap; 0 without a price."""
        rate = self.commission / abs(price) if price else 0.0
        return rate if self.maximum_share is None else min(rate, self.maximum_share)


@dataclass(frozen=True)
class PerTicket(RuleCost):
    """A fee for each instrument in which anything is traded, whatever the size.

    Parameters
    ----------
    fee : float
        Money per ticket in the account's currency; 0 or more.
    """

    fee: float

    label: ClassVar[str] = "ticket"
    plural: ClassVar[str] = "fees"

    def __post_init__(self) -> None:
        require_not_negative("fee per ticket", self.fee)

    @property
    def rule(self) -> Rule:
        """A fee where anything is traded."""
        return fee_per_ticket

    def numbers(self, contracts_per_unit: float | FloatArray) -> Mapping[str, float | FloatArray]:
        """Return the fee."""
        return {"fee": self.fee}
