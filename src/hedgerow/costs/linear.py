"""Costs that grow with what is traded: half the spread, a commission per contract, a fee per ticket.

Each is an elementwise rule over paths and instruments; positive money that the ledger subtracts.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.units import from_basis_points


@dataclass(frozen=True)
class TradeSlip:
    """One moment's trades, as a cost model sees them.

    Parameters
    ----------
    units : ndarray, shape (n_paths, n_instruments)
        Units bought (+) or sold (-).
    prices : ndarray, shape (n_instruments,)
        Price of one unit in the account's currency.
    contracts_per_unit : ndarray, shape (n_instruments,)
        Contracts that one unit stands for; NaN where no contract size was given.
    """

    units: FloatArray
    prices: FloatArray
    contracts_per_unit: FloatArray


class CostModel(ABC):
    """Charges money for trades; models add up with ``+``.

    A new cost is one class with ``charge``, an elementwise rule over paths and instruments. What a trade costs may
    depend on the units traded, their prices and the contracts they stand for, all in the :class:`TradeSlip`.
    """

    @abstractmethod
    def charge(self, slip: TradeSlip) -> dict[str, FloatArray]:
        """Return positive money by label, each of shape (n_paths,).

        Parameters
        ----------
        slip : TradeSlip
            Units traded (n_paths, n_instruments), with the price of one unit and the contracts that it stands for,
            each (n_instruments,).

        Returns
        -------
        dict of str to ndarray (n_paths,)
            Money in the account's currency, 0 or more, which the ledger subtracts.
        """

    def __add__(self, other: CostModel) -> Costs:
        return Costs((*_parts(self), *_parts(other)))


@dataclass(frozen=True)
class Costs(CostModel):
    """Several cost models together; an empty tuple charges nothing.

    Parameters
    ----------
    parts : tuple of CostModel
        Each charges on its own; equal labels add up.

    Examples
    --------
    >>> HalfSpread(2) + PerContract(1.5)
    Costs(parts=(HalfSpread(basis_points=2), PerContract(commission=1.5)))
    """

    parts: tuple[CostModel, ...] = ()

    def charge(self, slip: TradeSlip) -> dict[str, FloatArray]:
        """Return positive money by label; equal labels add up."""
        total: dict[str, FloatArray] = {}
        for part in self.parts:
            for label, money in part.charge(slip).items():
                total[label] = total[label] + money if label in total else money
        return total


def _parts(model: CostModel) -> tuple[CostModel, ...]:
    return model.parts if isinstance(model, Costs) else (model,)


def no_costs() -> Costs:
    """Return the cost model that charges nothing, said aloud.

    Returns
    -------
    Costs
        Without parts.

    Examples
    --------
    >>> no_costs()
    Costs(parts=())
    """
    return Costs()


@dataclass(frozen=True)
class HalfSpread(CostModel):
    """Half the bid-ask spread, paid on every unit that changes hands.

    ``cost = basis_points / 10,000 x |units| x |price|``; the price's size counts, so a negative price still costs.

    Parameters
    ----------
    basis_points : float or tuple of float
        Half spread in basis points of the price, one for all hedges or one per hedge; 0 or more.
    """

    basis_points: float | tuple[float, ...]

    def __post_init__(self) -> None:
        _require_not_negative("half spread in basis points", self.basis_points)

    def charge(self, slip: TradeSlip) -> dict[str, FloatArray]:
        """Return ``{"half_spread": money}``, shape (n_paths,)."""
        share = from_basis_points(1.0) * np.asarray(self.basis_points, dtype=float)
        money = np.abs(slip.units * slip.prices) * _one_each(share, slip, "half spreads")
        return {"half_spread": money.sum(axis=-1)}


@dataclass(frozen=True)
class PerContract(CostModel):
    """A commission per contract, in the account's currency; fractions of a contract pay their fraction.

    Parameters
    ----------
    commission : float or tuple of float
        Money per contract, one for all hedges or one per hedge; 0 or more.
    """

    commission: float | tuple[float, ...]

    def __post_init__(self) -> None:
        _require_not_negative("commission per contract", self.commission)

    def charge(self, slip: TradeSlip) -> dict[str, FloatArray]:
        """Return ``{"commission": money}``, shape (n_paths,); InputError where a contract size is missing."""
        if np.isnan(slip.contracts_per_unit).any():
            raise InputError("a commission per contract needs a contract size for every hedge; give --contract-size")
        each = _one_each(np.asarray(self.commission, dtype=float), slip, "commissions")
        return {"commission": (np.abs(slip.units) * slip.contracts_per_unit * each).sum(axis=-1)}


@dataclass(frozen=True)
class PerTicket(CostModel):
    """A fee for each instrument in which anything is traded, whatever the size.

    Parameters
    ----------
    fee : float
        Money per ticket in the account's currency; 0 or more.
    """

    fee: float

    def __post_init__(self) -> None:
        _require_not_negative("fee per ticket", self.fee)

    def charge(self, slip: TradeSlip) -> dict[str, FloatArray]:
        """Return ``{"ticket": money}``, shape (n_paths,)."""
        return {"ticket": self.fee * (slip.units != 0.0).sum(axis=-1).astype(float)}


def _require_not_negative(what: str, value: float | tuple[float, ...]) -> None:
    numbers = np.atleast_1d(np.asarray(value, dtype=float))
    if not (np.isfinite(numbers).all() and (numbers >= 0.0).all()):
        raise InputError(f"the {what} must be 0 or more, not {value}; costs are positive numbers that are subtracted")


def _one_each(values: FloatArray, slip: TradeSlip, what: str) -> FloatArray:
    """Return one value per instrument, or refuse a list of another length."""
    n_instruments = slip.units.shape[-1]
    if values.ndim == 1 and len(values) not in (1, n_instruments):
        raise InputError(f"{len(values)} {what} were given for {n_instruments} hedges; give one, or one per hedge")
    return np.broadcast_to(values, (n_instruments,))
