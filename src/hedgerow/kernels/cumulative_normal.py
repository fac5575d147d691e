"""The normal distribution function to the last digit of 1, by one quotient of polynomials and without an exponential.

A delta, or the share of cash in a price, is wanted to an absolute 5e-16, and there it costs half of what
:func:`hedgerow.kernels.elementary.normal_cdf` costs, which is accurate relative to itself far down the lower tail too.
N(x) is a half plus an odd function, x times a quotient of polynomials in x squared. All their coefficients are
positive, so that nothing cancels. They interpolate at the Chebyshev nodes of [0, 8.2], beyond which N is 0 or 1 to the
last digit; tests/elementary_fit.py makes them again and a test compares. On arrays it is this same text, so that a
first result need not wait for SciPy.

>>> float(normal_cdf_absolute.definition(0.0))
0.5
"""

from __future__ import annotations

from hedgerow.kernels.compile import compiled
from hedgerow.kernels.elementary import _ELEMENTARY, maximum, minimum

_FARTHEST = 8.2
"""Size of x beyond which N(x) is 0 or 1 to the last digit."""
_ABOVE = (
    0.3989422804014327,
    0.038471465087586455,
    0.005803578249344771,
    0.00029824215950133434,
    1.8615404880582708e-05,
    6.109990973384643e-07,
    2.1032053010423964e-08,
    4.513532705849769e-10,
    9.070804191706614e-12,
    1.1444531951330767e-13,
    1.1461601874006038e-15,
    3.979406570996173e-18,
    1.442463126351237e-21,
)
_BELOW = (
    1.0,
    0.26310032882169027,
    0.03339746813745613,
    0.0027125091749172947,
    0.00015749490033702948,
    6.910869952832475e-06,
    2.358467689391394e-07,
    6.3291212428270195e-09,
    1.328758805229984e-10,
    2.1256205808537527e-12,
    2.4242903802323805e-14,
    1.647758846116556e-16,
    2.2698739808305797e-19,
)
"""Numerator and denominator of (N(x) - 1/2) / x in powers of x squared, low to high."""


@compiled(**_ELEMENTARY)
def _numerator(square: float) -> float:
    total = _ABOVE[12]
    total = total * square + _ABOVE[11]
    total = total * square + _ABOVE[10]
    total = total * square + _ABOVE[9]
    total = total * square + _ABOVE[8]
    total = total * square + _ABOVE[7]
    total = total * square + _ABOVE[6]
    total = total * square + _ABOVE[5]
    total = total * square + _ABOVE[4]
    total = total * square + _ABOVE[3]
    total = total * square + _ABOVE[2]
    total = total * square + _ABOVE[1]
    return total * square + _ABOVE[0]


@compiled(**_ELEMENTARY)
def _denominator(square: float) -> float:
    total = _BELOW[12]
    total = total * square + _BELOW[11]
    total = total * square + _BELOW[10]
    total = total * square + _BELOW[9]
    total = total * square + _BELOW[8]
    total = total * square + _BELOW[7]
    total = total * square + _BELOW[6]
    total = total * square + _BELOW[5]
    total = total * square + _BELOW[4]
    total = total * square + _BELOW[3]
    total = total * square + _BELOW[2]
    total = total * square + _BELOW[1]
    return total * square + _BELOW[0]


@compiled(**_ELEMENTARY)
def normal_cdf_absolute(x: float) -> float:
    """Return N(x) to an absolute 5e-16."""
    inside = minimum(maximum(x, -_FARTHEST), _FARTHEST)
    square = inside * inside
    return 0.5 + inside * (_numerator(square) / _denominator(square))
