"""Bonds and bond futures on a yield curve: value, cheapest to deliver, and what each node of the curve moves.

Every instrument here answers ``value(curve)`` in money, so that one formula finds all sensitivities: the curve is moved
and the value taken again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Protocol

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.market.yield_curve import YieldCurve
from hedgerow.pricing import bond as formulas
from hedgerow.pricing.bond import BASIS_POINT, BondTerms

DAYS_PER_YEAR = 365.0


class RateInstrument(Protocol):
    """What a rate hedge can measure."""

    @property
    def name(self) -> str:
        """As it appears in tables."""
        ...

    def value(self, curve: YieldCurve) -> float:
        """Return its worth in money on a curve."""
        ...


@dataclass(frozen=True)
class BondPosition:
    """So much face value of a bond, at a stated price.

    Parameters
    ----------
    name : str
    terms : BondTerms
    settlement : datetime.date
    clean_price : float
        Per 100 of face value, without accrued interest.
    face : float
        Face value held; negative = short.
    spread : float
        Over the curve on which it is valued, continuously compounded, decimal; see ``on``.
    """

    name: str
    terms: BondTerms
    settlement: date
    clean_price: float
    face: float = 100.0
    spread: float = 0.0

    def on(self, curve: YieldCurve) -> BondPosition:
        """Return the position with the spread at which the curve gives its stated price; it keeps it as rates move."""
        return replace(self, spread=self.spread_over(curve))

    def value(self, curve: YieldCurve) -> float:
        """Return the worth with accrued interest on the curve plus the spread, money."""
        return self.face / 100.0 * self._dirty(curve, self.spread)

    def _dirty(self, curve: YieldCurve, spread: float) -> float:
        return float(np.sum(self.amounts * curve.discount(self.years, spread)))

    def spread_over(self, curve: YieldCurve) -> float:
        """Return the spread (z-spread), continuously compounded, at which the curve gives the stated price.

        Raises
        ------
        InputError
            Where no spread from -50 % to 100 % does.
        """
        from scipy.optimize import brentq

        target = self.clean_price + formulas.accrued(self.terms, self.settlement)

        def miss(spread: float) -> float:
            return self._dirty(curve, spread) - target

        if not miss(-0.5) > 0.0 > miss(1.0):
            raise InputError(
                f"{self.name}: a clean price of {self.clean_price} per 100 fits no spread over the curve; "
                "give the clean price per 100 of face value"
            )
        return float(brentq(miss, -0.5, 1.0, xtol=1e-15, rtol=1e-14))

    @property
    def yield_(self) -> float:
        """Yield to maturity at the stated price."""
        return formulas.yield_to_maturity(self.terms, self.settlement, self.clean_price)

    @property
    def dv01(self) -> float:
        """Money that the position loses for one basis point more of its own yield."""
        return self.face / 100.0 * formulas.dv01(self.terms, self.settlement, self.yield_)

    @cached_property
    def amounts(self) -> FloatArray:
        """What it pays per 100 of face value (n,), after settlement."""
        return formulas.cash_flows(self.terms, self.settlement)[1]

    @cached_property
    def years(self) -> FloatArray:
        """When it pays (n,), years from settlement, ACT/365."""
        dates = formulas.cash_flows(self.terms, self.settlement)[0]
        return np.array([(day - self.settlement).days / DAYS_PER_YEAR for day in dates])


@dataclass(frozen=True)
class Deliverable:
    """A bond that may be delivered into a future.

    Parameters
    ----------
    bond : BondPosition
        With its clean price; its face value plays no part.
    conversion_factor : float
        As published, or :func:`hedgerow.pricing.bond.conversion_factor`.
    """

    bond: BondPosition
    conversion_factor: float

    def __post_init__(self) -> None:
        if not self.conversion_factor > 0.0:
            raise InputError(f"{self.bond.name}: the conversion factor must be above 0, not {self.conversion_factor}")


@dataclass(frozen=True)
class BondFuture:
    """A future on a basket of bonds, each delivered at its conversion factor.

    Parameters
    ----------
    name : str
    delivery : datetime.date
    deliverables : tuple of Deliverable
    price : float
        Quoted, per 100 of face value.
    contract_size : float
        Face value per contract.
    spread : float
        Of the cheapest bond over the curve, continuously compounded, decimal; see ``on``.
    """

    name: str
    delivery: date
    deliverables: tuple[Deliverable, ...]
    price: float
    contract_size: float = 100_000.0
    spread: float = 0.0

    def __post_init__(self) -> None:
        if not self.deliverables:
            raise InputError(f"{self.name}: a bond future needs at least one deliverable bond")
        for deliverable in self.deliverables:
            if not deliverable.bond.settlement < self.delivery < deliverable.bond.terms.maturity:
                raise InputError(
                    f"{self.name}: delivery {self.delivery} must come after settlement {deliverable.bond.settlement} "
                    f"and before {deliverable.bond.name} matures"
                )

    def implied_repo(self, deliverable: Deliverable) -> float:
        """Return the simple yearly rate (ACT/360) of buying the bond, selling the future and delivering.

        Coupons paid before delivery earn that rate until then.
        """
        held = deliverable.bond
        terms, start = held.terms, held.settlement
        paid = held.clean_price + formulas.accrued(terms, start)
        invoice = self.price * deliverable.conversion_factor + formulas.accrued(terms, self.delivery)
        dates, amounts = formulas.cash_flows(terms, start)
        before = [
            (amount, (self.delivery - day).days)
            for day, amount in zip(dates, amounts, strict=True)
            if day <= self.delivery
        ]
        gain = invoice + sum(amount for amount, _ in before) - paid
        days = (self.delivery - start).days
        return float(gain * 360.0 / (paid * days - sum(amount * left for amount, left in before)))

    @property
    def cheapest(self) -> Deliverable:
        """The bond with the highest implied repo rate: the cheapest to deliver."""
        return max(self.deliverables, key=self.implied_repo)

    def on(self, curve: YieldCurve) -> BondFuture:
        """Return the future with the spread at which the curve gives its cheapest bond's price."""
        return replace(self, spread=self.cheapest.bond.spread_over(curve))

    def value(self, curve: YieldCurve) -> float:
        """Return what the quoted price of one contract is worth, money.

        The forward clean price of the cheapest bond on the curve plus the spread, financed at the curve, over its
        conversion factor. What the choice among bonds is worth is left out.
        """
        chosen = self.cheapest
        held = chosen.bond
        until = (self.delivery - held.settlement).days / DAYS_PER_YEAR
        later = held.years > until
        worth = float(np.sum(held.amounts[later] * curve.discount(held.years[later], self.spread)))
        financed = worth * float(np.exp(self.spread * until) / curve.discount(until))
        forward = financed - formulas.accrued(held.terms, self.delivery)
        return forward / chosen.conversion_factor * self.contract_size / 100.0

    @property
    def dv01(self) -> float:
        """The textbook figure: the cheapest bond's own DV01 per 100 over its conversion factor, times the contract."""
        chosen = self.cheapest
        per_100 = formulas.dv01(chosen.bond.terms, chosen.bond.settlement, chosen.bond.yield_)
        return per_100 / chosen.conversion_factor * self.contract_size / 100.0


def key_rate_dv01(instrument: RateInstrument, curve: YieldCurve) -> FloatArray:
    """Return what the instrument loses for one basis point more at each node (n_nodes,), money.

    The sum over nodes is what it loses when all zero rates rise by one basis point.
    """
    moves = np.zeros((len(curve.years), len(curve.years)))
    np.fill_diagonal(moves, BASIS_POINT)
    return np.array(
        [(instrument.value(curve.moved(-move)) - instrument.value(curve.moved(move))) / 2.0 for move in moves]
    )
