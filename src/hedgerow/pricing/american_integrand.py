"""The arithmetic of one pair of times in the integral equation of an American put, shared by both forms of the solver.

Everything is for a put on one unit of strike, in logarithms: ``k`` is the log of the spot (or of the boundary now),
``kappa`` the log of the exercise boundary when ``s`` years have passed, r the rate, q the dividend yield, v the
volatility. Each function is a compiled scalar kernel whose ``definition`` takes arrays (see
:mod:`hedgerow.kernels.elementary`).

Letters as in Andersen, Lake and Offengenden (2016): ``minus`` and ``plus`` are d- and d+ of the pair,
``gain`` = r - q exp(kappa) is what exercise earns per year at the boundary, ``flow`` = exp(-r s) phi(d-) the density.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgerow.kernels.compile import compiled
from hedgerow.kernels.elementary import exp, log, scaled_tail, sqrt, where

INLINE: dict[str, Any] = {"cache": False, "forceinline": True, "fastmath": {"contract", "nsz"}}
_INVERSE_ROOT_TWO_PI = 0.3989422804014327
SOFT = 0.5


@compiled(**INLINE)
def first_guess(tau, rate, dividend_yield, vol, log_start, span):  # type: ignore[no-untyped-def]
    """Return a guess of ln(boundary at expiry / boundary) ``tau`` years before expiry.

    Short-time asymptotics (Evans, Kuske and Keller 2002), bent so that it never passes ``span``, the distance of the
    perpetual boundary. A boundary that starts below the strike first falls like the root of time, then like one that
    starts at the strike.
    """
    deviation = vol * sqrt(tau)
    drift = where(log_start != 0.0, 0.0, (rate - dividend_yield) / vol)
    carried = where(dividend_yield > 0.0, dividend_yield, 0.0) * tau
    small = 25.132741228718345 * tau * drift * drift + 50.26548245743669 * carried * carried + 1e-300
    far = deviation * sqrt(log(2.0 + 1.0 / small))
    early, late = 0.638 * deviation, far + where(log_start < 0.0, log_start, 0.0)
    both = 0.5 * (early + late + sqrt((early - late) * (early - late) + SOFT * early * far))
    step = where(log_start > 0.0, early, where(log_start < 0.0, both, late))
    return span * (1.0 - exp(-step / span))


@compiled(**INLINE)
def pair(k, kappa, s, root_s, weight, rate, dividend_yield, vol):  # type: ignore[no-untyped-def]
    """Return what the value matching condition takes from one pair of times, and what its derivatives need.

    Returns r e^(-r s) N(d-) - q e^(k - q s) N(d+); its derivative to k - kappa, which is gain flow / (v root s); the
    part q e^(k - q s) N(d+); then d-, flow, e^kappa, and e^(-r s) N(d-). ``weight`` is 1 / (v root s).
    """
    minus = (k - kappa + (rate - dividend_yield - 0.5 * vol * vol) * s) * weight
    plus = minus + vol * root_s
    discount = exp(-rate * s)
    carried = exp(k - dividend_yield * s)
    level = exp(kappa)
    dense = discount * exp(-0.5 * minus * minus)
    # of e^(k - q s) exp(-plus**2 / 2) the part in the spot is the same as of the other term in the boundary
    bank_tail, stock_tail = scaled_tail(abs(minus)) * dense, scaled_tail(abs(plus)) * dense * level
    bank = where(minus < 0.0, bank_tail, discount - bank_tail)
    stock = where(plus < 0.0, stock_tail, carried - stock_tail)
    flow = dense * _INVERSE_ROOT_TWO_PI
    value = rate * bank - dividend_yield * stock
    return value, (rate - dividend_yield * level) * flow * weight, stock, minus, flow, level, bank


@compiled(**INLINE)
def pair_slopes(s, root_s, rate, dividend_yield, vol, minus, flow, level, stock, bank):  # type: ignore[no-untyped-def]
    """Return the derivatives of a pair's value to volatility, rate and yield at a fixed boundary."""
    gain = rate - dividend_yield * level
    shift = gain * flow * root_s / vol
    return (
        -flow * (gain * minus / vol + rate * root_s),
        bank * (1.0 - rate * s) + shift,
        -stock * (1.0 - dividend_yield * s) - shift,
    )


@compiled(**INLINE)
def pair_bend(root_s, rate, dividend_yield, vol, minus, flow, level, stock, own, other):  # type: ignore[no-untyped-def]
    """Return the second derivative of a pair's value to volatility, without the boundary's own second derivative.

    ``own`` and ``other`` are the derivatives of k and of kappa to volatility.
    """
    weight = 1.0 / (vol * root_s)
    plus = minus + vol * root_s
    gain = rate - dividend_yield * level
    move = -plus / vol + weight * (own - other)
    rest = -(move + root_s) / vol + plus / (vol * vol) - weight * (own - other) / vol
    first = gain * move - dividend_yield * level * root_s
    gain_move = -dividend_yield * level * other
    second = -minus * move * first + gain_move * move + gain * rest + gain_move * root_s
    return flow * (second - dividend_yield * level * (move + root_s) * own) - dividend_yield * stock * own * own


@compiled(**INLINE)
def european(k, tau, root_tau, weight, rate, dividend_yield, vol, own):  # type: ignore[no-untyped-def]
    """Return the European part of the value matching condition at log spot k, and its derivatives.

    Returns e^(-r t) N(d-) - e^(k - q t) N(d+); the two terms apart; its derivative to volatility at fixed k; and the
    second one where k moves by ``own`` per unit of volatility. ``weight`` is 1 / (v root t).
    """
    minus = (k + (rate - dividend_yield - 0.5 * vol * vol) * tau) * weight
    plus = minus + vol * root_tau
    discount, carried = exp(-rate * tau), exp(k - dividend_yield * tau)
    dense = discount * exp(-0.5 * minus * minus)
    bank_tail, stock_tail = scaled_tail(abs(minus)) * dense, scaled_tail(abs(plus)) * dense
    bank = where(minus < 0.0, bank_tail, discount - bank_tail)
    stock = where(plus < 0.0, stock_tail, carried - stock_tail)
    flow = dense * _INVERSE_ROOT_TWO_PI
    move = -plus / vol + own * weight
    bend = root_tau * minus * move * flow - stock * own * own - flow * (move + root_tau) * own
    return bank - stock, bank, stock, -flow * root_tau, bend


@compiled(**INLINE)
def premium(k, kappa, s, root_s, weight, rate, dividend_yield, vol):  # type: ignore[no-untyped-def]
    """Return the exercise premium per year of waiting and its first four derivatives to the log spot.

    Then d-, flow, e^kappa, and the two terms e^(-r s) N(-d-) and e^(k - q s) N(-d+). ``weight`` is 1 / (v root s).
    """
    minus = (k - kappa + (rate - dividend_yield - 0.5 * vol * vol) * s) * weight
    plus = minus + vol * root_s
    discount = exp(-rate * s)
    carried = exp(k - dividend_yield * s)
    level = exp(kappa)
    dense = discount * exp(-0.5 * minus * minus)
    bank_tail, stock_tail = scaled_tail(abs(minus)) * dense, scaled_tail(abs(plus)) * dense * level
    bank = where(minus < 0.0, discount - bank_tail, bank_tail)
    stock = where(plus < 0.0, carried - stock_tail, stock_tail)
    flow = dense * _INVERSE_ROOT_TWO_PI
    density = flow * weight * (rate - dividend_yield * level)
    paid = flow * weight * dividend_yield * level
    carry = -dividend_yield * stock
    steep = minus * weight
    second = carry + paid + steep * density
    third = carry + paid - steep * paid + weight * weight * (1.0 - minus * minus) * density
    fourth = (
        carry
        + paid
        - steep * paid
        + weight * weight * ((minus * minus - 1.0) * paid + (minus * minus - 3.0) * steep * density)
    )
    return rate * bank + carry, carry - density, second, third, fourth, minus, flow, level, bank, stock


@compiled(**INLINE)
def premium_slopes(  # type: ignore[no-untyped-def]
    s, root_s, weight, rate, dividend_yield, vol, minus, flow, level, bank, stock, by_vol, by_vol_2, by_rate, by_yield
):
    """Return the premium's derivatives: vol; k and vol; k twice and vol; vol twice; rate; yield.

    ``by_vol``, ``by_vol_2``, ``by_rate`` and ``by_yield`` are the derivatives of kappa, the second one to vol twice.
    """
    per_vol = 1.0 / vol
    plus = minus + vol * root_s
    gain = rate - dividend_yield * level
    slope = gain * minus * per_vol + rate * root_s + gain * weight * by_vol
    cross = -minus * weight * slope + gain * weight * per_vol
    twice = (minus * minus - 1.0) * weight * weight * slope - 2.0 * minus * weight * gain * weight * per_vol
    move = -plus * per_vol - weight * by_vol
    gain_move = -dividend_yield * level * by_vol
    bend = (
        -minus * move * slope
        + (gain_move * minus + gain * move - gain * minus * per_vol) * per_vol
        + weight * (gain_move * by_vol - gain * by_vol * per_vol + gain * by_vol_2)
    )
    shift = gain * root_s * per_vol
    return (
        flow * slope,
        flow * cross,
        flow * twice,
        flow * bend,
        bank * (1.0 - rate * s) - flow * (shift - gain * weight * by_rate),
        -stock * (1.0 - dividend_yield * s) + flow * (shift + gain * weight * by_yield),
    )


@compiled(**INLINE)
def leading(distance, weight):  # type: ignore[no-untyped-def]
    """Return phi(c w) w with the weight w = 1 / (v root s) and its first three derivatives to the distance c.

    It is what the premium's integrands look like as s goes to 0, and its integral over s is known.
    """
    turn = distance * weight
    bell = exp(-0.5 * turn * turn) * _INVERSE_ROOT_TWO_PI * weight
    square = weight * weight
    return (
        bell,
        -turn * weight * bell,
        (turn * turn - 1.0) * square * bell,
        turn * weight * square * (3.0 - turn * turn) * bell,
    )


def _plain_sine_and_cosine(angle: Any) -> Any:
    return np.sin(angle), np.cos(angle)


@compiled(plain=_plain_sine_and_cosine, **INLINE)
def sine_and_cosine(angle):  # type: ignore[no-untyped-def]
    """Return both of an angle from 0 to a right one, by Taylor's series: exact to rounding."""
    square = angle * angle
    sine = 1.0 - square * (1.0 / 420.0)
    sine = 1.0 - square * (1.0 / 342.0) * sine
    sine = 1.0 - square * (1.0 / 272.0) * sine
    sine = 1.0 - square * (1.0 / 210.0) * sine
    sine = 1.0 - square * (1.0 / 156.0) * sine
    sine = 1.0 - square * (1.0 / 110.0) * sine
    sine = 1.0 - square * (1.0 / 72.0) * sine
    sine = 1.0 - square * (1.0 / 42.0) * sine
    sine = 1.0 - square * (1.0 / 20.0) * sine
    sine = 1.0 - square * (1.0 / 6.0) * sine
    cosine = 1.0 - square * (1.0 / 380.0)
    cosine = 1.0 - square * (1.0 / 306.0) * cosine
    cosine = 1.0 - square * (1.0 / 240.0) * cosine
    cosine = 1.0 - square * (1.0 / 182.0) * cosine
    cosine = 1.0 - square * (1.0 / 132.0) * cosine
    cosine = 1.0 - square * (1.0 / 90.0) * cosine
    cosine = 1.0 - square * (1.0 / 56.0) * cosine
    cosine = 1.0 - square * (1.0 / 30.0) * cosine
    cosine = 1.0 - square * (1.0 / 12.0) * cosine
    cosine = 1.0 - square * (1.0 / 2.0) * cosine
    return angle * sine, cosine
