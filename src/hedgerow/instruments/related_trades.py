"""Trades next to a plain option book: dispersion (an index against its components) and convertible bonds.

>>> from hedgerow.instruments import MarketState, Underlying
>>> market = MarketState("2026-11-20", {name: Underlying(100.0, vol) for name, vol in
...     (("INDEX", 0.15), ("ONE", 0.25), ("TWO", 0.30))})
>>> legs = dispersion_book("INDEX", {"ONE": 0.5, "TWO": 0.5}, market, "2027-02-19", 10.0)
>>> [(leg.underlying, leg.kind, round(quantity, 2)) for leg, quantity in legs[:4]]
[('INDEX', 'call', -10.0), ('INDEX', 'put', -10.0), ('ONE', 'call', 5.01), ('ONE', 'put', 5.01)]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow.errors import InputError
from hedgerow.instruments.base import Instrument, require_number
from hedgerow.instruments.book import Book
from hedgerow.instruments.combinations import STANDARD, ContractTerms, Legs, straddle
from hedgerow.instruments.market_state import MarketState
from hedgerow.instruments.moments import DateLike, moment_of
from hedgerow.instruments.option import DigitalOption, EuropeanOption


def implied_correlation(index_vol: float, component_vols: Sequence[float], weights: Sequence[float]) -> float:
    """Return the one correlation between all components at which they have the index's volatility.

    ``(s_I^2 - sum w_i^2 s_i^2) / ((sum w_i s_i)^2 - sum w_i^2 s_i^2)``. Above 1 the index is dearer than its components
    could ever make it: the figure is returned as it is.

    Parameters
    ----------
    index_vol : float
        Annual volatility implied by options on the index.
    component_vols, weights : sequence of float
        Annual implied volatilities, and shares of the index's value, one per component; the shares are divided by
        their sum.

    Returns
    -------
    float

    Raises
    ------
    InputError
        For fewer than two components, or figures that are not above 0.

    References
    ----------
    Driessen, J., Maenhout, P. and Vilkov, G. (2009), The price of correlation risk, Journal of Finance 64, 1377-1406.

    Examples
    --------
    >>> round(implied_correlation(0.19, [0.25, 0.30, 0.20], [0.5, 0.3, 0.2]), 3)
    0.271
    """
    vols, shares = np.asarray(component_vols, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if vols.ndim != 1 or vols.shape != shares.shape or len(vols) < 2:
        raise InputError(
            "component_vols and weights must be two lists of one length, 2 or more, "
            f"not {vols.shape} and {shares.shape}"
        )
    if not (np.isfinite([index_vol, *vols, *shares]).all() and min(index_vol, vols.min(), shares.min()) > 0.0):
        raise InputError("index_vol, component_vols and weights must all be above 0; leave a component of weight 0 out")
    parts = shares / shares.sum() * vols
    own = float(parts @ parts)
    return float((index_vol**2 - own) / (parts.sum() ** 2 - own))


def dispersion_book(
    index: str,
    weights: Mapping[str, float],
    market: MarketState,
    expiry: DateLike,
    contracts: float = 1.0,
    terms: ContractTerms = STANDARD,
) -> Legs:
    """Return straddles on an index sold and straddles on its components bought, so that their vegas add up to 0.

    All are struck at the spot. A component's vega is its weight's share of the index's: the book gains where the
    components move and the index does not. Only vega is neutral, and only at the start: correlation, gamma and delta
    are what is left to trade and to hedge.

    Parameters
    ----------
    index : str
        Underlying whose straddles are sold.
    weights : mapping of str to float
        Components and their shares of the index's value, above 0; divided by their sum.
    market : MarketState
        Spots and volatilities of all of them, in one currency.
    expiry : date
        Of all options.
    contracts : float
        Index straddles sold; negative buys them and sells the components (a bet on correlation).
    terms : ContractTerms

    Returns
    -------
    tuple of (Instrument, float)

    Raises
    ------
    InputError
        For weights not above 0, the index among its components, or an underlying without a market.
    """
    if not weights or index in weights:
        raise InputError(f"weights must name the components and not the index itself ({index!r}): {dict(weights)!r}")
    for name, weight in weights.items():
        require_number(f"weight of {name}", weight)
        if weight <= 0.0:
            raise InputError(f"the weight of {name} must be above 0, not {weight!r}; leave it out")
    require_number("contracts", contracts)
    sold = _at_the_money(index, market, expiry, -contracts, terms)
    owed = -_vega(sold, market)
    legs = list(sold)
    total = sum(weights.values())
    for name, weight in weights.items():
        one = _vega(_at_the_money(name, market, expiry, 1.0, terms), market)
        if not one > 0.0:
            raise InputError(f"a straddle on {name!r} has no vega at {market.moment}; give a later expiry")
        legs += _at_the_money(name, market, expiry, owed * weight / total / one, terms)
    return tuple(legs)


@dataclass(frozen=True)
class ConvertibleTerms:
    """A convertible bond, as far as its delta hedge needs it.

    Attributes
    ----------
    underlying : str
        The share.
    maturity : date
    conversion_ratio : float
        Shares per bond.
    face : float
        Money repaid per bond.
    coupon : float
        Rate per year on the face, paid ``coupons_per_year`` times.
    coupons_per_year : int
        1, 2, 4 or 12.
    currency : str

    Examples
    --------
    >>> ConvertibleTerms("XYZ", "2031-11-20", conversion_ratio=20.0, coupon=0.01).conversion_price
    50.0
    """

    underlying: str
    maturity: DateLike
    conversion_ratio: float
    face: float = 1000.0
    coupon: float = 0.0
    coupons_per_year: int = 2
    currency: str = "USD"

    def __post_init__(self) -> None:
        """Refuse a ratio or face not above 0, a negative coupon, or payments that do not divide the year."""
        for name in ("conversion_ratio", "face", "coupon"):
            require_number(name, getattr(self, name))
        for name in ("conversion_ratio", "face"):
            if getattr(self, name) <= 0.0:
                raise InputError(f"{name} must be above 0, not {getattr(self, name)!r}")
        if self.coupon < 0.0:
            raise InputError(f"coupon must be 0 or more, not {self.coupon!r}; 1 % of the face a year is 0.01")
        if self.coupons_per_year not in (1, 2, 4, 12):
            raise InputError(f"coupons_per_year must be 1, 2, 4 or 12, not {self.coupons_per_year!r}")
        moment_of(self.maturity, "maturity")

    @property
    def conversion_price(self) -> float:
        """Price of the share at which conversion is worth the face."""
        return self.face / self.conversion_ratio

    def payments(self, start: DateLike) -> list[tuple[pd.Timestamp, float]]:
        """Return the moments and money per bond of what is still paid after ``start``, the face among it."""
        first, last = moment_of(start, "start"), moment_of(self.maturity, "maturity")
        if last <= first:
            raise InputError(f"the convertible matures at {last}, not after the start {first}")
        paid = [(last, self.face)]
        months, number = 12 // self.coupons_per_year, 0
        while self.coupon and (day := last - pd.DateOffset(months=months * number)) > first:
            paid.append((day, self.face * self.coupon / self.coupons_per_year))
            number += 1
        return sorted(paid)


def convertible_book(terms: ConvertibleTerms, start: DateLike, bonds: float = 1.0, *, floor: bool = True) -> Legs:
    """Return a convertible bond as legs of a book: its bond floor, and calls on the shares it converts into.

    What is simplified: conversion at maturity only, against a fixed amount of shares; no call or put by issuer or
    holder; no default, so the floor is discounted at the underlying's own rate without a credit spread; no dilution.
    The delta is therefore right to first order for a bond of good credit well before maturity, and too low for one
    whose credit falls with the share.

    Parameters
    ----------
    terms : ConvertibleTerms
    start : date
        Payments up to here have been made.
    bonds : float
        Negative = sold short.
    floor : bool
        False leaves the payments out: they have no delta, gamma or vega.

    Returns
    -------
    tuple of (Instrument, float)
        A payment is a digital call that any price above a billionth of the conversion price pays.
    """
    require_number("bonds", bonds)
    paid = terms.payments(start)
    maturity = moment_of(terms.maturity, "maturity")
    call = EuropeanOption(terms.underlying, "call", terms.conversion_price, maturity, currency=terms.currency)
    legs: list[tuple[Instrument, float]] = [(call, bonds * terms.conversion_ratio)]
    for day, money in paid if floor else ():
        sure = DigitalOption(terms.underlying, "call", 1e-9 * terms.conversion_price, day, currency=terms.currency)
        legs.append((sure, bonds * money))
    return tuple(legs)


def _at_the_money(
    underlying: str, market: MarketState, expiry: DateLike, quantity: float, terms: ContractTerms
) -> Legs:
    return straddle(underlying, market.underlying(underlying).spot, expiry, quantity, terms)


def _vega(legs: Legs, market: MarketState) -> float:
    return float(Book(legs).greeks(market, ["vega"]).totals()["vega"])
