"""Truncated Taylor arithmetic: a price formula written once gives its price and every Greek, exact to rounding.

A :class:`Jet` carries a value and the Taylor coefficients in five variables (spot x, volatility v, years t, rate r,
dividend yield q) that the twelve Greeks need: x, x2, x3, v, v2, xv, x2v, t, xt, x2t, r, q. Sums, products and smooth
functions of jets are jets; nothing is approximated. Coefficients are arrays that broadcast, real or complex.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import factorial
from typing import Any, TypeAlias

import numpy as np

from hedgerow._types import FloatArray

Index: TypeAlias = tuple[int, int, int, int, int]
"""Powers of spot, volatility, years, rate and dividend yield."""

CONSTANT: Index = (0, 0, 0, 0, 0)
_GREEKS: dict[str, tuple[Index, float]] = {
    "price": (CONSTANT, 1.0),
    "delta": ((1, 0, 0, 0, 0), 1.0),
    "gamma": ((2, 0, 0, 0, 0), 1.0),
    "vega": ((0, 1, 0, 0, 0), 1.0),
    "theta": ((0, 0, 1, 0, 0), -1.0),
    "rho": ((0, 0, 0, 1, 0), 1.0),
    "dividend_rho": ((0, 0, 0, 0, 1), 1.0),
    "vanna": ((1, 1, 0, 0, 0), 1.0),
    "volga": ((0, 2, 0, 0, 0), 1.0),
    "charm": ((1, 0, 1, 0, 0), -1.0),
    "speed": ((3, 0, 0, 0, 0), 1.0),
    "color": ((2, 0, 1, 0, 0), -1.0),
    "zomma": ((2, 1, 0, 0, 0), 1.0),
}
"""Name of a figure to the derivative it is, and its sign: time runs against the years to expiry."""


@dataclass(frozen=True)
class Jet:
    """A value with its Taylor coefficients.

    Attributes
    ----------
    coefficients : dict
        Powers to coefficient (scalar or array); what is absent is zero. The constant one is always there.
    basis : frozenset
        The powers that are carried; others are dropped.
    """

    coefficients: dict[Index, Any]
    basis: frozenset[Index]

    __array_ufunc__ = None  # array * jet goes to the jet

    @property
    def value(self) -> Any:
        """The value itself, scalar or array."""
        return self.coefficients[CONSTANT]

    def _with(self, coefficients: dict[Index, Any]) -> Jet:
        return Jet(coefficients, self.basis)

    def _raised(self, other: Any) -> Jet:
        return other if isinstance(other, Jet) else self._with({CONSTANT: other})

    def map(self, function: Callable[[Any], Any]) -> Jet:
        """Return the jet with a *linear* function applied to every coefficient: a sum, an index, a real part."""
        return self._with({power: function(value) for power, value in self.coefficients.items()})

    def __neg__(self) -> Jet:
        return self.map(lambda value: -value)

    def __add__(self, other: Any) -> Jet:
        total = dict(self.coefficients)
        for power, value in self._raised(other).coefficients.items():
            total[power] = total[power] + value if power in total else value
        return self._with(total)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Jet:
        return self.__add__(-other)

    def __rsub__(self, other: Any) -> Jet:
        return (-self).__add__(other)

    def __mul__(self, other: Any) -> Jet:
        if not isinstance(other, Jet):
            return self.map(lambda value: value * other)
        product: dict[Index, Any] = {}
        for left, a in self.coefficients.items():
            for right, b in other.coefficients.items():
                power = tuple(map(int.__add__, left, right))
                if power in self.basis:
                    term = a * b
                    product[power] = product[power] + term if power in product else term
        return self._with(product)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Jet:
        if not isinstance(other, Jet):
            return self.map(lambda value: value / other)
        return self * reciprocal(other)

    def __rtruediv__(self, other: Any) -> Jet:
        return reciprocal(self).__mul__(other)

    def composed(self, *derivatives: Any) -> Jet:
        """Return f(self) from f and its first three derivatives at the value.

        Parameters
        ----------
        *derivatives : scalar or array
            f, f', f'' and f''' at ``self.value``.
        """
        rest = self._with({power: value for power, value in self.coefficients.items() if power != CONSTANT})
        result, power_of_rest = self._with({CONSTANT: derivatives[0]}), rest
        for order, derivative in enumerate(derivatives[1:], start=1):
            if not power_of_rest.coefficients:
                break
            result = result + power_of_rest * (derivative / factorial(order))
            power_of_rest = power_of_rest * rest
        return result


def variables(
    spot: Any, vol: Any, years: Any, rate: Any, dividend_yield: Any, names: Iterable[str]
) -> tuple[Jet, Jet, Jet, Jet, Jet]:
    """Return the five variables as jets that carry what the named figures need and no more.

    Parameters
    ----------
    spot, vol, years, rate, dividend_yield : scalar or array
        Their values.
    names : iterable of str
        Fields of :class:`~hedgerow.pricing.record.Greeks`.

    Examples
    --------
    >>> spot, vol, years, rate, carry = variables(2.0, 0.2, 1.0, 0.05, 0.0, ["price", "delta", "gamma"])
    >>> figures(spot * spot * spot, ["price", "delta", "gamma"])
    {'price': 8.0, 'delta': 12.0, 'gamma': 12.0}
    """
    basis = frozenset(below for name in names for below in _below(_GREEKS[name][0])) | {CONSTANT}
    jets = []
    for place, value in enumerate((spot, vol, years, rate, dividend_yield)):
        unit: Index = tuple(int(place == axis) for axis in range(5))  # type: ignore[assignment]
        jets.append(Jet({CONSTANT: value, unit: 1.0} if unit in basis else {CONSTANT: value}, basis))
    return tuple(jets)  # type: ignore[return-value]


def _below(power: Index) -> list[Index]:
    """Return all powers that divide the given one: a product needs them."""
    found: list[Any] = [()]
    for exponent in power:
        found = [(*start, lower) for start in found for lower in range(exponent + 1)]
    return found


def figures(jet: Jet, names: Iterable[str]) -> dict[str, Any]:
    """Return the named price and Greeks out of the jet of a price.

    Parameters
    ----------
    jet : Jet
        A price made from :func:`variables`.
    names : iterable of str
        Fields of :class:`~hedgerow.pricing.record.Greeks`.

    Returns
    -------
    dict of str to scalar or array
        Raw derivatives; theta, charm and color against calendar time.
    """
    zero = jet.value * 0.0
    found = {}
    for name in names:
        power, sign = _GREEKS[name]
        scale = sign * np.prod([factorial(exponent) for exponent in power])
        found[name] = zero + jet.coefficients.get(power, 0.0) * float(scale)
    return found


def reciprocal(jet: Jet) -> Jet:
    """Return 1 / jet."""
    one = 1.0 / jet.value
    return jet.composed(one, -one * one, 2.0 * one**3, -6.0 * one**4)


def exp(jet: Jet) -> Jet:
    """Return the exponential of a jet, real or complex."""
    value = np.exp(jet.value)
    return jet.composed(value, value, value, value)


def log(jet: Jet) -> Jet:
    """Return the natural logarithm of a jet, real or complex (principal branch)."""
    one = 1.0 / jet.value
    return jet.composed(np.log(jet.value), one, -one * one, 2.0 * one**3)


def sqrt(jet: Jet) -> Jet:
    """Return the square root of a jet, real or complex (principal branch)."""
    root = np.sqrt(jet.value)
    first = 0.5 / root
    second = -0.5 * first / jet.value
    return jet.composed(root, first, second, -1.5 * second / jet.value)


def normal_pdf(jet: Jet) -> Jet:
    """Return the standard normal density of a real jet."""
    x = jet.value
    density = _density(x)
    return jet.composed(density, -x * density, (x * x - 1.0) * density, x * (3.0 - x * x) * density)


def normal_cdf(jet: Jet) -> Jet:
    """Return the standard normal distribution function of a real jet."""
    from scipy.special import ndtr

    x = jet.value
    density = _density(x)
    return jet.composed(ndtr(x), density, -x * density, (x * x - 1.0) * density)


def _density(x: Any) -> FloatArray:
    return np.asarray(np.exp(-0.5 * np.square(x)) * 0.3989422804014327)


def where(condition: Any, yes: Jet, no: Jet) -> Jet:
    """Return ``yes`` where the condition holds and ``no`` elsewhere, coefficient by coefficient."""
    powers = yes.coefficients.keys() | no.coefficients.keys()
    chosen = {p: np.where(condition, yes.coefficients.get(p, 0.0), no.coefficients.get(p, 0.0)) for p in powers}
    return Jet(chosen, yes.basis)
