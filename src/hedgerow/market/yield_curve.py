"""A yield curve: zero rates between which one interpolates, read from par yields, and its moves.

>>> curve = YieldCurve((1.0, 10.0), (0.03, 0.04))
>>> round(float(curve.zero_rates_at(5.5)), 6)
0.035
>>> round(float(curve.discount(1.0)), 6)
0.970446
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.errors import DataError, InputError


@dataclass(frozen=True)
class YieldCurve:
    """Continuously compounded zero rates at nodes, linear in time between them and flat outside.

    Parameters
    ----------
    years : tuple of float
        Nodes, ascending, in years (ACT/365) from today.
    zero_rates : tuple of float
        Decimals a year.
    """

    years: tuple[float, ...]
    zero_rates: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.years) != len(self.zero_rates) or not self.years:
            raise InputError(
                f"a curve needs one zero rate per node; got {len(self.years)} nodes and {len(self.zero_rates)} rates"
            )
        if not all(map(isfinite, (*self.years, *self.zero_rates))):
            raise InputError("a node or zero rate of the curve is not a finite number; leave such nodes out")
        if self.years[0] <= 0.0 or any(b <= a for a, b in zip(self.years, self.years[1:], strict=False)):
            raise InputError(f"the nodes of a curve must ascend from above 0 years, not {self.years}")

    def zero_rates_at(self, years: ArrayLike) -> FloatArray:
        """Return zero rates at any times (n,) in years."""
        return np.asarray(np.interp(np.asarray(years, dtype=np.float64), self.years, self.zero_rates))

    def discount(self, years: ArrayLike, spread: float = 0.0) -> FloatArray:
        """Return ``exp(-(zero + spread) years)``: what 1 paid at those times is worth today."""
        times = np.asarray(years, dtype=np.float64)
        return np.asarray(np.exp(-(self.zero_rates_at(times) + spread) * times))

    def moved(self, shifts: ArrayLike) -> YieldCurve:
        """Return the curve with its zero rates shifted, by one decimal for all nodes or one per node.

        A shift of one node fades linearly to zero at its neighbours, and the shifts of all nodes add up to a parallel
        shift: that is what makes key-rate figures add up.
        """
        rates = np.asarray(self.zero_rates) + np.broadcast_to(np.asarray(shifts, dtype=np.float64), len(self.years))
        return replace(self, zero_rates=tuple(rates.tolist()))

    @classmethod
    def flat(cls, rate: float, nodes: Sequence[float] = (2.0, 5.0, 10.0, 30.0)) -> YieldCurve:
        """Return a flat curve at a continuously compounded ``rate``, with nodes at which it can be moved."""
        return cls(tuple(nodes), (rate,) * len(nodes))

    @classmethod
    def from_par_yields(cls, par_yields: Mapping[float, float]) -> YieldCurve:
        """Return the curve on which bonds with coupons twice a year at these par yields cost 100.

        Up to half a year a par yield is taken as simple interest until maturity, as for bills. Each node's zero rate is
        solved for in turn; coupons between nodes are discounted at interpolated rates.

        Parameters
        ----------
        par_yields : mapping of float to float
            Years to maturity to yield, decimal a year; missing (NaN) yields are left out.

        Raises
        ------
        DataError
            Where no yield is given, or no zero rate fits one.
        """
        known = sorted((float(years), float(rate)) for years, rate in par_yields.items() if np.isfinite(rate))
        if not known:
            raise DataError("a curve needs at least one par yield; every yield given is missing")
        times: list[float] = []
        rates: list[float] = []
        for years, par in known:
            rates.append(_next_rate(times, rates, years, par))
            times.append(years)
        return cls(tuple(times), tuple(rates))


def _next_rate(times: list[float], rates: list[float], years: float, par: float) -> float:
    """Return the zero rate at ``years`` that prices the par bond at 100, given the nodes before."""
    if years <= 0.5:
        if not 1.0 + par * years > 0.0:
            raise DataError(f"a par yield of {par} at {years:g} years is no rate; give decimals: 0.045 for 4.5 %")
        return float(np.log1p(par * years) / years)
    from scipy.optimize import brentq

    coupons = np.arange(years, 0.0, -0.5)[::-1]
    # a coupon that falls between settlement and the first half year is paid for the part that has run
    amounts = np.full(len(coupons), par / 2.0)
    amounts[0] *= coupons[0] / 0.5
    amounts[-1] += 1.0

    def miss(rate: float) -> float:
        curve = YieldCurve((*times, years), (*rates, rate))
        return float(np.sum(amounts * curve.discount(coupons))) - 1.0

    low, high = -0.5, 3.0
    if not miss(low) > 0.0 > miss(high):
        raise DataError(f"no zero rate fits a par yield of {par} at {years:g} years; give decimals: 0.045 for 4.5 %")
    return float(brentq(miss, low, high, xtol=1e-15, rtol=1e-14))
