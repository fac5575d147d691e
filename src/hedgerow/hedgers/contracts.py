"""From a hedge ratio to a number of contracts, without confusing a ratio of prices with a ratio of returns.

Contracts are the trade to do: a positive ratio on a long exposure is a negative number, "sell 37".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import ceil, floor, isfinite

import numpy as np

from hedgerow.errors import InputError


class Rounding(Enum):
    """How a number of contracts becomes whole; named in every result.

    Attributes
    ----------
    NEAREST : "nearest"
        To the nearest whole contract, a half away from zero.
    DOWN : "down"
        Towards zero: never more hedge than the ratio asks for.
    UP : "up"
        Away from zero: never less hedge than the ratio asks for.
    NONE : "none"
        Fractions are kept.

    Examples
    --------
    >>> Rounding("nearest").apply(-37.5), Rounding.NONE.apply(-37.5)
    (-38.0, -37.5)
    """

    NEAREST = "nearest"
    DOWN = "down"
    UP = "up"
    NONE = "none"

    def apply(self, contracts: float) -> float:
        """Return ``contracts`` rounded by this rule; the sign stays.

        Examples
        --------
        >>> Rounding.NEAREST.apply(-37.5), Rounding.DOWN.apply(-37.9), Rounding.UP.apply(-37.1)
        (-38.0, -37.0, -38.0)
        """
        size = abs(contracts)
        whole = {
            Rounding.NEAREST: float(floor(size + 0.5)),
            Rounding.DOWN: float(floor(size)),
            Rounding.UP: float(ceil(size)),
            Rounding.NONE: size,
        }[self]
        return float(np.copysign(whole, contracts)) if whole else 0.0


@dataclass(frozen=True)
class ContractSize:
    """What one contract of a hedge stands for.

    Parameters
    ----------
    size : float
        Units of the hedge's own measure in one contract: 1,000 barrels, 42,000 gallons, 50 index points.
    price_unit_factor : float
        Multiplies the hedge's price into the exposure's unit: 1/42 for crude per barrel against fuel per gallon.
    """

    size: float
    price_unit_factor: float = 1.0

    def __post_init__(self) -> None:
        for what, value in (("contract size", self.size), ("price unit factor", self.price_unit_factor)):
            if not (isfinite(value) and value > 0.0):
                raise InputError(f"the {what} must be a positive number, not {value}")


@dataclass(frozen=True)
class Sizing:
    """A number of contracts and what rounding it left over.

    Attributes
    ----------
    exact : float
        Contracts before rounding, negative = sell.
    whole : float
        Contracts to hold after ``rounding``.
    rounding : Rounding
        The rule that made ``whole``.
    residual_exposure : float
        Hedge that rounding left out, ``wanted - held``, measured in the exposure's own units (in its money for a
        ratio of returns); positive leaves a long exposure longer than wanted, negative hedges it too much.
    """

    exact: float
    whole: float
    rounding: Rounding
    residual_exposure: float

    def trade_from(self, held: float) -> float:
        """Return the contracts to trade when ``held`` (negative = short) stand already; negative = sell."""
        return self.whole - held


def contracts_from_price_ratio(
    hedge_ratio: float,
    quantity: float,
    contract: ContractSize,
    *,
    discount_factor: float = 1.0,
    rounding: Rounding = Rounding.NEAREST,
) -> Sizing:
    """Return the contracts that hedge ``quantity`` units, from a ratio of *price changes*.

    ``contracts = -hedge_ratio x quantity x price_unit_factor / size x discount_factor``.

    Parameters
    ----------
    hedge_ratio : float
        Change of the exposure per unit change of the hedge, both in the exposure's unit.
    quantity : float
        Units of exposure, positive = long, in the exposure's own measure.
    contract : ContractSize
        Size in the hedge's own measure, with the factor into the exposure's unit.
    discount_factor : float
        Tailing: the value today of 1 paid at delivery; 1 leaves the hedge untailed.
    rounding : Rounding
        How ``whole`` is made from ``exact``.

    Returns
    -------
    Sizing
        Contracts, negative = sell; the residual in the exposure's measure.

    Raises
    ------
    InputError
        Where the number of contracts is not finite.

    Examples
    --------
    A hedge ratio of 0.7798 on 2,000,000 gallons with contracts of 42,000 gallons:

    >>> contracts_from_price_ratio(0.7798, 2_000_000, ContractSize(42_000)).whole
    -37.0
    """
    exact = -hedge_ratio * quantity * contract.price_unit_factor / contract.size * discount_factor
    return _round(exact, rounding, contract.size / contract.price_unit_factor)


def contracts_from_return_ratio(
    return_ratio: float,
    exposure_value: float,
    contract_value: float,
    *,
    rounding: Rounding = Rounding.NEAREST,
) -> Sizing:
    """Return the contracts that hedge a value, from a ratio of *returns* (a beta).

    ``contracts = -return_ratio x exposure_value / contract_value``.

    Parameters
    ----------
    return_ratio : float
        Return of the exposure per unit return of the hedge.
    exposure_value : float
        Quantity x price of the exposure, in its currency; the residual is in the same money.
    contract_value : float
        Size x price of one contract, in the same currency; positive.
    rounding : Rounding
        How ``whole`` is made from ``exact``.

    Returns
    -------
    Sizing
        Contracts, negative = sell; the residual in money.

    Raises
    ------
    InputError
        A contract value that is not positive, or a number of contracts that is not finite.

    Examples
    --------
    A portfolio of 1,000,000 with a beta of 1.2, index futures of 50 x 2,000:

    >>> contracts_from_return_ratio(1.2, 1_000_000, 50 * 2_000).whole
    -12.0
    """
    if not (isfinite(contract_value) and contract_value > 0.0):
        raise InputError(
            f"the value of one contract must be positive, not {contract_value}; "
            "a ratio of returns needs positive prices, a ratio of price changes does not"
        )
    exact = -return_ratio * exposure_value / contract_value
    return _round(exact, rounding, contract_value)


def units_from_return_ratio(return_ratio: float, exposure_value: float, hedge_price: float) -> float:
    """Return the units of hedge that offset a value with the given beta; negative = sell.

    ``units = -return_ratio x exposure_value / hedge_price``, values in one currency.

    Parameters
    ----------
    return_ratio : float
        Return of the exposure per unit return of the hedge (a beta).
    exposure_value : float
        Quantity x price of the exposure, positive = long.
    hedge_price : float
        Price of one unit of the hedge (one share), in the same currency; positive.

    Returns
    -------
    float
        Units of the hedge, not rounded.

    Raises
    ------
    InputError
        A hedge price that is not positive, or a result that is not finite.

    Examples
    --------
    >>> units_from_return_ratio(0.9, 10_000, 450)
    -20.0
    """
    return contracts_from_return_ratio(return_ratio, exposure_value, hedge_price, rounding=Rounding.NONE).exact


def textbook_tailed_contracts(
    hedge_ratio: float,
    quantity: float,
    contract: ContractSize,
    *,
    spot_price: float,
    futures_price: float,
    rounding: Rounding = Rounding.NEAREST,
) -> Sizing:
    """Return contracts tailed the textbook way: the ratio of *values* in place of the ratio of quantities.

    ``contracts = -hedge_ratio x (spot_price x quantity) / (futures_price x size)``, which is
    :func:`contracts_from_price_ratio` times ``spot_price / (futures_price x price_unit_factor)``.

    Parameters
    ----------
    hedge_ratio, quantity, contract, rounding
        As in :func:`contracts_from_price_ratio`.
    spot_price : float
        Price of one unit of exposure.
    futures_price : float
        Price of the hedge in its own unit; positive.

    Returns
    -------
    Sizing
        Contracts, negative = sell; the residual in the exposure's measure.

    Raises
    ------
    InputError
        A futures price that is not positive.

    References
    ----------
    Hull, J. C., *Options, Futures, and Other Derivatives*, chapter "Hedging strategies using futures".

    Examples
    --------
    >>> sizing = textbook_tailed_contracts(0.7798, 2e6, ContractSize(42_000), spot_price=1.94, futures_price=1.99)
    >>> round(sizing.exact, 1)
    -36.2
    """
    in_exposure_unit = futures_price * contract.price_unit_factor
    if not (isfinite(in_exposure_unit) and in_exposure_unit > 0.0):
        raise InputError(f"tailing by values needs a positive futures price, not {futures_price}")
    untailed = contracts_from_price_ratio(hedge_ratio, quantity, contract, rounding=Rounding.NONE).exact
    return _round(untailed * spot_price / in_exposure_unit, rounding, contract.size / contract.price_unit_factor)


def _round(exact: float, rounding: Rounding, exposure_per_contract: float) -> Sizing:
    """Return the sizing; ``exposure_per_contract`` turns the contracts that rounding left out into exposure."""
    if not isfinite(exact):
        raise InputError(
            f"the number of contracts is not a finite number ({exact}); "
            "check that the ratio, the quantity and the prices are"
        )
    whole = rounding.apply(exact)
    return Sizing(float(exact), whole, rounding, float((whole - exact) * exposure_per_contract))
