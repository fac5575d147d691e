"""Implied volatility, element by element: one text that is NumPy on arrays and SIMD code in the compiled loops.

An option is reduced to an out-of-the-money one: with m and M the lower and the higher of forward and strike and
x = -ln(M / m) <= 0, its undiscounted price over m is, for the total volatility s = vol * sqrt(years),

    b = N(d1) - exp(-x) N(d2),   d1 = x/s + s/2,   d2 = x/s - s/2,

which rises from 0 to 1. Written with C(z) = N(-z) exp(z*z/2) and E = exp(-d1*d1/2) nothing cancels:
b = E (C(-d1) - C(-d2)) for d1 < 0, 1 - b = E (C(d1) + C(-d2)) for d1 >= 0, and for small s a Taylor series in s/2.

The root is found by Householder's method of fourth order on ln b, or on ln(1 - b) in the upper half of prices, from a
first guess within a third: one step reaches 1e-3, the second the last digit. Fixed counts, no branches. The scheme of
regions and logarithmic objectives follows P. Jaeckel, "Let's be rational" (Wilmott, 2015); guesses and formulas are
derived here. On a Mobius transform of an objective the method takes the same steps, so that 1/ln b would add nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgerow.kernels.compile import compiled
from hedgerow.kernels.elementary import exp, log, maximum, minimum, scaled_tail, sqrt, where

CONVERGED, BELOW_INTRINSIC, ABOVE_BOUND, EXPIRED, NOT_FINITE, REFUSED = 0.0, 1.0, 2.0, 3.0, 4.0, 5.0
"""Result codes as the kernels write them; REFUSED never reaches a user: a spot or strike that no market quotes."""

_FAST: dict[str, Any] = {"cache": False, "forceinline": True, "fastmath": {"contract", "nsz"}}
_ROOT_TWO_PI = 2.5066282746310002
_DENSITY = 0.3989422804014327  # 1 / sqrt(2 pi)
_ONE_BY_PI = 0.3183098861837907
_LN2 = 0.6931471805599453
_TINY = 1e-290  # below it a logarithm is taken of the number times 2**200
_RAISE, _RAISED = 2.0**200, 200.0 * _LN2
_LOWER, _LOWERED = 2.0**-600, 600.0 * _LN2
_ROUNDING = 4.0 * 2.0**-52  # of forward and strike: a price this little below intrinsic value is at it
_LARGEST_EXPONENT = 700.0
_SMALL = 2.0**-60  # moves this small make Black's model the normal one, to beyond double precision


@compiled(**_FAST)
def log_of_any(y):  # type: ignore[no-untyped-def]
    """Return ln(y) for every y > 0, subnormal ones too."""
    tiny = y < _TINY
    return log(y * where(tiny, _RAISE, 1.0)) - where(tiny, _RAISED, 0.0)


@compiled(**_FAST)
def log_ratio(higher, lower):  # type: ignore[no-untyped-def]
    """Return ln(higher / lower) >= 0 accurate relative to itself, and higher / lower - 1 (capped at 2**424)."""
    far = higher * _LOWER > lower
    excess = (higher * where(far, _LOWER, 1.0) - lower) / lower
    whole = 1.0 + excess
    logarithm = log(whole) + (excess - (whole - 1.0)) / whole
    return logarithm + where(far, _LOWERED, 0.0), where(far, 1.0 / _LOWER, excess)


@compiled(**_FAST)
def lower_quantile(log_p):  # type: ignore[no-untyped-def]
    """Return z >= 0 with N(-z) = p to 5e-4, for p <= 1/2 (Abramowitz and Stegun, 26.2.23)."""
    t = sqrt(maximum(-2.0 * log_p, 0.0))
    upper = 2.515517 + t * (0.802853 + t * 0.010328)
    return t - upper / (1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308)))


@compiled(**_FAST)
def first_guess(x, excess, low, target, is_high):  # type: ignore[no-untyped-def]
    """Return s to within a third, most often a few hundredths.

    Away from the money through d1 as a normal quantile: N(d1) lies between b and b / (1 - exp(x)), exact as x falls and
    of the right order in the normal model's limit; N(-d1) is between a half and the whole of 1 - b in the upper half.
    Near the money by the formula of C. Corrado and T. Miller, J. Banking and Finance 20 (1996) 595.
    """
    share = excess / (1.0 + excess)
    wide = x < -0.8
    far = is_high | wide | (low < 0.2 * share)
    most = where(wide, low * (2.2 - 1.6 * low), 0.5)
    p = where(is_high, target * (1.0 - 2.0 / (4.0 - x)), minimum(target / maximum(share, target), most))
    z = lower_quantile(log_of_any(minimum(p, 1.0 - p)))
    root = sqrt(z * z - 2.0 * x)
    outer = where(is_high | (p > 0.5), root + z, -2.0 * x / (root + z))
    middle = low + 0.5 * excess
    pull = excess / maximum(middle, 1e-305)
    near = _ROOT_TWO_PI * middle / (2.0 + excess) * (1.0 + sqrt(maximum(1.0 - _ONE_BY_PI * pull * pull, 0.0)))
    return where(far, outer, near)


@compiled(**_FAST)
def small_difference(h, tail, t):  # type: ignore[no-untyped-def]
    """Return C(-h - t) - C(t - h) for small t > 0 and h <= 0, from ``tail`` = C(-h), by Taylor's series in t.

    The derivatives y_n of C(-h) in h obey y_1 = 1/sqrt(2 pi) + h y_0 and y_n = (n - 1) y_(n-2) + h y_(n-1); all are
    positive. That the recurrence loses digits for large -h does no harm where abs(h) t < 1/2: they weigh t**n.
    """
    y1 = _DENSITY + h * tail
    y2 = tail + h * y1
    y3 = 2.0 * y1 + h * y2
    y4 = 3.0 * y2 + h * y3
    y5 = 4.0 * y3 + h * y4
    y6 = 5.0 * y4 + h * y5
    y7 = 6.0 * y5 + h * y6
    y8 = 7.0 * y6 + h * y7
    y9 = 8.0 * y7 + h * y8
    y10 = 9.0 * y8 + h * y9
    y11 = 10.0 * y9 + h * y10
    y12 = 11.0 * y10 + h * y11
    y13 = 12.0 * y11 + h * y12
    y14 = 13.0 * y12 + h * y13
    y15 = 14.0 * y13 + h * y14
    y16 = 15.0 * y14 + h * y15
    y17 = 16.0 * y15 + h * y16
    y18 = 17.0 * y16 + h * y17
    y19 = 18.0 * y17 + h * y18
    w = t * t
    total = y17 * (1.0 / 355687428096000.0) + w * y19 * (1.0 / 121645100408832000.0)
    total = y15 * (1.0 / 1307674368000.0) + w * total
    total = y13 * (1.0 / 6227020800.0) + w * total
    total = y11 * (1.0 / 39916800.0) + w * total
    total = y9 * (1.0 / 362880.0) + w * total
    total = y7 * (1.0 / 5040.0) + w * total
    total = y5 * (1.0 / 120.0) + w * total
    total = y3 * (1.0 / 6.0) + w * total
    return 2.0 * t * (y1 + w * total)


@compiled(**_FAST)
def scaled_price(h, t, is_high, whole):  # type: ignore[no-untyped-def]
    """Return b / E, or (1 - b) / E where ``is_high``, with h = x/s, t = s/2 and ``whole`` = 1 / E."""
    d1 = h + t
    series = (t < 0.5) & (h * t > -0.5)
    first = scaled_tail(where(series, -h, abs(d1)))
    second = scaled_tail(t - h)
    below = d1 < 0.0
    low = where(series, small_difference(h, first, t), where(below, first - second, whole - first - second))
    high = where(series | below, whole - low, first + second)
    return where(is_high, high, low)


@compiled(**_FAST)
def rough_tail(q):  # type: ignore[no-untyped-def]
    """Return (4 + z) C(z) to 2e-6 from q = 1 - 8 / (4 + z): the Chebyshev interpolant of degree 7."""
    total = 0.00124914575968 * q + -0.00321740833957
    total = total * q + -0.00731591165391
    total = total * q + 0.0602334773818
    total = total * q + -0.186565624175
    total = total * q + 0.387169954307
    total = total * q + -0.607895280543
    return total * q + 0.755284113499


@compiled(**_FAST)
def rough_price(h, t, is_high):  # type: ignore[no-untyped-def]
    """Return what :func:`scaled_price` does, to what the first of two steps needs: 1e-5 of s in the result."""
    d1 = h + t
    series = (t < 0.3) & (h * t > -0.5)
    one, two = 4.0 + where(series, -h, abs(d1)), 4.0 + t - h
    inverse = 1.0 / (one * two)
    first = rough_tail(1.0 - 8.0 * two * inverse) * two * inverse
    second = rough_tail(1.0 - 8.0 * one * inverse) * one * inverse
    y1 = maximum(_DENSITY + h * first, 0.0)
    y2 = first + h * y1
    y3 = 2.0 * y1 + h * y2
    y5 = 4.0 * y3 + h * (3.0 * y2 + h * y3)
    w = t * t
    small = 2.0 * t * (y1 + w * (y3 * (1.0 / 6.0) + w * y5 * (1.0 / 120.0)))
    whole = exp(minimum(0.5 * d1 * d1, 700.0))
    below = d1 < 0.0
    low = where(series, small, where(below, first - second, whole - first - second))
    high = where(series | below, whole - low, first + second)
    return where(is_high, high, low)


@compiled(**_FAST)
def householder(s, h, t, step, slope):  # type: ignore[no-untyped-def]
    """Return s after a step of fourth order, from Newton's ``step`` and ``slope`` = d ln(price) / d ln(s)."""
    second = (h - t) * (h + t)  # s b''/b', and below s s b'''/b'
    third = second * second - 3.0 * h * h - t * t
    bend = second - slope
    twist = third - slope * (3.0 * second - 2.0 * slope)
    change = step * (1.0 + 0.5 * bend * step) / (1.0 + step * (bend + twist * step * (1.0 / 6.0)))
    return s + s * maximum(minimum(change, 3.0), -0.75)


@compiled(**_FAST)
def improved(s, x, target, is_high):  # type: ignore[no-untyped-def]
    """Return s after a step from afar: ln(price) is put together from ln(E) and the rest, so that nothing overflows."""
    inverse = 1.0 / s
    h, t = x * inverse, 0.5 * s
    scaled = where(is_high, -_ROOT_TWO_PI, _ROOT_TWO_PI) * rough_price(h, t, is_high)
    rest = 1.0 / scaled
    miss = log_of_any(_ROOT_TWO_PI * target * abs(rest)) + 0.5 * (h + t) * (h + t)
    return householder(s, h, t, miss * scaled * inverse, s * rest)


@compiled(**_FAST)
def polished(s, x, target, is_high):  # type: ignore[no-untyped-def]
    """Return s after a step from nearby: the logarithm of a ratio near 1 has no rounding of its own."""
    inverse = 1.0 / s
    h, t = x * inverse, 0.5 * s
    exponent = 0.5 * (h + t) * (h + t)
    far = exponent > 500.0  # then d1 < 0, where ``whole`` does not enter the scaled price and may be scaled itself
    whole = exp(exponent - where(far, _RAISED, 0.0))
    scaled = scaled_price(h, t, is_high, whole)
    rest = 1.0 / scaled
    sign = where(is_high, -1.0, 1.0)
    miss = sign * log(target * where(far, _RAISE, 1.0) * whole * rest)
    return householder(s, h, t, miss * scaled * (_ROOT_TWO_PI * inverse), sign * _DENSITY * s * rest)


@compiled(**_FAST)
def reduced(price, sign, spot, strike, years, rate, dividend_yield):  # type: ignore[no-untyped-def]
    """Return x, M/m - 1, b, 1 - b and the result code of an option in Black's model."""
    discount = exp(-rate * years)
    spot_value = spot * exp(-dividend_yield * years)
    strike_value = strike * discount
    forward = spot * exp((rate - dividend_yield) * years)
    higher, lower = maximum(forward, strike), minimum(forward, strike)
    logarithm, excess = log_ratio(higher, lower)
    own = where(sign > 0.0, spot_value, strike_value)
    other = where(sign > 0.0, strike_value, spot_value)
    in_the_money = sign * (forward - strike) > 0.0
    room = own - price
    above = where(excess > 1.0, other - room, price - discount * (higher - lower))
    time_value = where(in_the_money, above, price)
    unit = 1.0 / minimum(spot_value, strike_value)
    slack = where(in_the_money, -_ROUNDING * maximum(spot_value, strike_value), 0.0)
    exponents = abs(rate * years) + abs(dividend_yield * years)
    finite = (abs(price) + abs(spot_value) + abs(strike_value) + forward < np.inf) & (exponents < _LARGEST_EXPONENT)
    code = where(time_value < slack, BELOW_INTRINSIC, CONVERGED)
    code = where(room <= 0.0, ABOVE_BOUND, code)
    code = where(years <= 0.0, EXPIRED, code)
    code = where(finite & (abs(years) < np.inf), code, NOT_FINITE)
    code = where((spot <= 0.0) | (strike < 0.0), REFUSED, code)
    return -logarithm, excess, maximum(time_value, 0.0) * unit, room * unit, code


@compiled(**_FAST)
def reduced_normal(price, sign, spot, strike, years, rate, dividend_yield):  # type: ignore[no-untyped-def]
    """Return x, M/m - 1, b, the result code and the unit of an option in the normal model.

    In units in which both the moneyness and the price are at most 2**-60, Black's model is the normal one.
    """
    discount = exp(-rate * years)
    forward = spot * exp((rate - dividend_yield) * years)
    undiscounted = price / discount
    difference = forward - strike
    shift = difference - forward
    lost = (forward - (difference - shift)) - (strike + shift)  # what the subtraction rounded off, exactly
    distance = abs(difference)
    in_the_money = sign * difference > 0.0
    time_value = where(in_the_money, (undiscounted - distance) - sign * lost, undiscounted)
    unit = maximum(maximum(distance, abs(time_value)), 1e-300) / _SMALL
    slack = where(in_the_money, -_ROUNDING * (abs(forward) + abs(strike)), 0.0)
    exponents = abs(rate * years) + abs(dividend_yield * years)
    finite = (abs(price) + abs(undiscounted) + distance + unit < np.inf) & (exponents < _LARGEST_EXPONENT)
    code = where(time_value < slack, BELOW_INTRINSIC, CONVERGED)
    code = where(years <= 0.0, EXPIRED, code)
    code = where(finite & (abs(years) < np.inf), code, NOT_FINITE)
    moneyness = distance / unit
    return -moneyness, moneyness, maximum(time_value, 0.0) / unit, code, unit


@compiled(**_FAST)
def total_volatility(x, excess, low, room):  # type: ignore[no-untyped-def]
    """Return s = vol * sqrt(years) from x <= 0, exp(-x) - 1, b >= 0 and 1 - b > 0; 0 where b is 0."""
    is_high = room < 0.5
    target = where(is_high, room, low)
    s = first_guess(x, excess, low, target, is_high)
    s = improved(s, x, target, is_high)
    s = polished(s, x, target, is_high)
    return where(low > 0.0, s, 0.0)


@compiled(**_FAST)
def solved_lognormal(price, sign, spot, strike, years, rate, dividend_yield):  # type: ignore[no-untyped-def]
    """Return the implied volatility in Black's model, NaN unless converged, and the result code."""
    x, excess, low, room, code = reduced(price, sign, spot, strike, years, rate, dividend_yield)
    vol = total_volatility(x, excess, low, room) * (1.0 / sqrt(maximum(years, 0.0)))
    return where(code == CONVERGED, vol, np.nan), code


@compiled(**_FAST)
def solved_normal(price, sign, spot, strike, years, rate, dividend_yield):  # type: ignore[no-untyped-def]
    """Return the implied volatility in the normal model, NaN unless converged, and the result code."""
    x, excess, low, code, unit = reduced_normal(price, sign, spot, strike, years, rate, dividend_yield)
    vol = total_volatility(x, excess, low, 1.0) * (unit / sqrt(maximum(years, 0.0)))
    return where(code == CONVERGED, vol, np.nan), code
