"""The formulas of the Black family, written once: compiled they take numbers in a loop, as ``definition`` arrays.

Symbols as in :mod:`hedgerow.pricing.black_formula`. Three tiers, so that nobody pays for what was not asked: the price;
the first derivatives with it; everything. Options are worked on in blocks whose scratch stays in the core's first
cache, one short step after the other: a single long loop body would wait for its own results. Each block is full (the
last is padded), so that a figure depends neither on its place nor on the threads.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgerow.kernels.compile import compiled
from hedgerow.kernels.elementary import exp, log_ratio, maximum, minimum, sqrt, two_normal_cdfs_from_exp
from hedgerow.kernels.vectors import wide_vectors

NO_DEVIATION = 1e-100
"""A smaller ``vol * sqrt(years)`` counts as none: its powers leave the range of floating-point numbers."""

MOST_GROWTH = 300.0
"""Rate times years is refused beyond this: discount factors would leave that range too."""

LARGEST = 1e100
"""Spot, strike, years and volatility are refused above this, and a spot below one over it."""

FARTHEST = 1e3
"""Beyond so many deviations N is 0 or 1 and n is 0: distances end here, so that 0 never meets an infinity."""

INVERSE_ROOT_OF_TWO_PI = 0.3989422804014327

BLOCK = 128
SIGN, SPOT, STRIKE, YEARS, VOL, RATE, YIELD, DECAY = 0, 128, 256, 384, 512, 640, 768, 896
GROWTH, DISCOUNT, D1, D2, INVERSE, PER_SPOT = 1024, 1152, 1280, 1408, 1536, 1664
BELL1, BELL2, SHARE1, SHARE2, ROOT = 1792, 1920, 2048, 2176, 2304
FIGURES = 2432
"""Where rows of a block's scratch begin; from ``FIGURES`` on the 13 results in the order of the record."""

ROWS = 32
PRICE_ONLY, FIRST_ORDER, EVERYTHING = 0, 1, 2

_INLINE: dict[str, Any] = {"cache": False, "forceinline": True, "fastmath": {"contract", "nsz"}}
_LOOP: dict[str, Any] = {"fastmath": {"contract", "nsz"}}


@compiled(**_INLINE)
def is_regular(sign, spot, strike, years, vol, rate, dividend_yield):  # type: ignore[no-untyped-def]
    """Return whether the formulas hold as they stand: all allowed, and no limit; NaN says no."""
    return (
        (abs(sign) == 1.0)
        & (spot >= 1.0 / LARGEST)
        & (spot <= LARGEST)
        & (strike >= 1.0 / LARGEST)
        & (strike <= LARGEST)
        & (years >= 0.0)
        & (years <= LARGEST)
        & (vol <= LARGEST)
        & (vol * sqrt(maximum(years, 0.0)) >= NO_DEVIATION)
        & (abs(rate * years) <= MOST_GROWTH)
        & (abs(dividend_yield * years) <= MOST_GROWTH)
    )


@compiled(**_INLINE)
def within(distance):  # type: ignore[no-untyped-def]
    """Return a distance cut at ``FARTHEST``."""
    return minimum(maximum(distance, -FARTHEST), FARTHEST)


@compiled(**_INLINE)
def distances(spot, strike, years, vol, rate, dividend_yield):  # type: ignore[no-untyped-def]
    """Return d1, d2, sqrt(years), 1 / (vol sqrt(years)) and 1 / spot / (vol sqrt(years)): one division serves both."""
    root = sqrt(years)
    deviation = vol * root
    per_spot = 1.0 / (spot * deviation)
    inverse = spot * per_spot
    middle = (log_ratio(spot, strike) + (rate - dividend_yield) * years) * inverse
    return within(middle + 0.5 * deviation), within(middle - 0.5 * deviation), root, inverse, per_spot


@compiled(**_INLINE)
def bell(distance):  # type: ignore[no-untyped-def]
    """Return the normal density without its constant."""
    return exp(-0.5 * distance * distance)


@compiled(**_INLINE)
def shares(sign, d1, d2, bell1, bell2):  # type: ignore[no-untyped-def]
    """Return N(w d1) and N(w d2) where the bells are at hand."""
    return two_normal_cdfs_from_exp(sign * d1, bell1, sign * d2, bell2)


@compiled(**_INLINE)
def price_formula(sign, spot, strike, growth, discount, share1, share2):  # type: ignore[no-untyped-def]
    """Return the price; ``growth = exp(-q T)``, ``discount = exp(-r T)``, shares N(w d1) and N(w d2)."""
    return spot * (sign * growth * share1) - sign * discount * strike * share2


@compiled(**_INLINE)
def first_order(  # type: ignore[no-untyped-def]
    sign, spot, strike, years, vol, rate, decay, growth, discount, root, inverse, per_spot, bell1, share1, share2
):
    """Return delta, gamma, vega, theta, rho, dividend_rho."""
    delta = sign * growth * share1
    cash = sign * discount * strike * share2
    asset = spot * delta
    density = INVERSE_ROOT_OF_TWO_PI * growth * bell1
    drag = 0.5 * spot * density * vol * vol * inverse
    theta = decay * asset - rate * cash - drag
    return delta, density * per_spot, spot * density * root, theta, years * cash, -years * asset


@compiled(**_INLINE)
def higher_order(  # type: ignore[no-untyped-def]
    vol, rate, dividend_yield, decay, growth, d1, d2, root, inverse, per_spot, bell1, delta, gamma, vega
):
    """Return vanna, volga, charm, speed, color, zomma."""
    per_root = vol * inverse
    per_vol = root * inverse
    density = INVERSE_ROOT_OF_TWO_PI * growth * bell1
    d1_by_years = (rate - decay) * inverse - 0.5 * d2 * per_root * per_root
    product = d1 * d2
    vanna = -density * d2 * per_vol
    volga = vega * product * per_vol
    charm = dividend_yield * delta - density * d1_by_years
    speed = -gamma * ((d1 * inverse + 1.0) * (per_spot * (vol * root)))
    color = gamma * (2.0 * dividend_yield - decay + d1 * d1_by_years + 0.5 * per_root * per_root)
    zomma = gamma * ((product - 1.0) * per_vol)
    return vanna, volga, charm, speed, color, zomma


@compiled(**_LOOP)
def load(values, start, count, padding, st, row, again):  # type: ignore[no-untyped-def]
    """Fill a row of scratch from ``values``: a part of them, or the one there is, unless it stands there already."""
    wide_vectors()
    target = st[row : row + BLOCK]  # views: an index that is a sum may look negative, which would cost a test each
    if values.shape[0] == 1:
        if again:
            one = values[0]
            for i in range(BLOCK):
                target[i] = one
    else:
        part = values[start : start + count]
        for i in range(count):
            target[i] = part[i]
        for i in range(count, BLOCK):
            target[i] = padding


@compiled(**_INLINE)
def store(st, row, out, block):  # type: ignore[no-untyped-def]
    """Copy a row of scratch to its block of a result, if that is wanted."""
    if out.shape[0] > 0:
        for i in range(BLOCK):
            out[block, i] = st[row + i]


@compiled(**_LOOP)
def count_irregular(st):  # type: ignore[no-untyped-def]
    """Return how many of a block's options are not regular; padding is."""
    wide_vectors()
    wrong = 0
    for i in range(BLOCK):
        fine = is_regular(
            st[SIGN + i], st[SPOT + i], st[STRIKE + i], st[YEARS + i], st[VOL + i], st[RATE + i], st[YIELD + i]
        )
        wrong += 0 if fine else 1
    return wrong


@compiled(**_LOOP)
def discount_block(st):  # type: ignore[no-untyped-def]
    """Write ``exp(-rate * years)``."""
    wide_vectors()
    for i in range(BLOCK):
        st[DISCOUNT + i] = exp(-st[RATE + i] * st[YEARS + i])


@compiled(**_LOOP)
def growth_block(st):  # type: ignore[no-untyped-def]
    """Write ``exp(-dividend_yield * years)``."""
    wide_vectors()
    for i in range(BLOCK):
        st[GROWTH + i] = exp(-st[YIELD + i] * st[YEARS + i])


@compiled(**_LOOP)
def distance_block(st):  # type: ignore[no-untyped-def]
    """Write the distances of a block's options."""
    wide_vectors()
    for i in range(BLOCK):
        d1, d2, root, inverse, per_spot = distances(
            st[SPOT + i], st[STRIKE + i], st[YEARS + i], st[VOL + i], st[RATE + i], st[YIELD + i]
        )
        st[D1 + i] = d1
        st[D2 + i] = d2
        st[ROOT + i] = root
        st[INVERSE + i] = inverse
        st[PER_SPOT + i] = per_spot


@compiled(**_LOOP)
def share_block(st):  # type: ignore[no-untyped-def]
    """Write N(w d1), N(w d2) and their bells. Rows are constants: only then are they known to lie apart."""
    wide_vectors()
    for i in range(BLOCK):
        st[BELL1 + i] = bell(st[D1 + i])
    for i in range(BLOCK):
        st[BELL2 + i] = bell(st[D2 + i])
    for i in range(BLOCK):
        share1, share2 = shares(st[SIGN + i], st[D1 + i], st[D2 + i], st[BELL1 + i], st[BELL2 + i])
        st[SHARE1 + i] = share1
        st[SHARE2 + i] = share2


@compiled(**_LOOP)
def price_block(st):  # type: ignore[no-untyped-def]
    """Write the price of a block's options."""
    wide_vectors()
    for i in range(BLOCK):
        st[FIGURES + i] = price_formula(
            st[SIGN + i],
            st[SPOT + i],
            st[STRIKE + i],
            st[GROWTH + i],
            st[DISCOUNT + i],
            st[SHARE1 + i],
            st[SHARE2 + i],
        )


@compiled(**_LOOP)
def first_block(st):  # type: ignore[no-untyped-def]
    """Write the first derivatives, and gamma, of a block's options."""
    wide_vectors()
    for i in range(BLOCK):
        delta, gamma, vega, theta, rho, dividend_rho = first_order(
            st[SIGN + i], st[SPOT + i], st[STRIKE + i], st[YEARS + i], st[VOL + i], st[RATE + i], st[DECAY + i],
            st[GROWTH + i], st[DISCOUNT + i], st[ROOT + i], st[INVERSE + i], st[PER_SPOT + i], st[BELL1 + i],
            st[SHARE1 + i], st[SHARE2 + i],
        )  # fmt: skip
        st[FIGURES + 128 + i] = delta
        st[FIGURES + 256 + i] = gamma
        st[FIGURES + 384 + i] = vega
        st[FIGURES + 512 + i] = theta
        st[FIGURES + 640 + i] = rho
        st[FIGURES + 768 + i] = dividend_rho


@compiled(**_LOOP)
def higher_block(st):  # type: ignore[no-untyped-def]
    """Write the higher derivatives of a block's options, from the first ones."""
    wide_vectors()
    for i in range(BLOCK):
        vanna, volga, charm, speed, color, zomma = higher_order(
            st[VOL + i], st[RATE + i], st[YIELD + i], st[DECAY + i], st[GROWTH + i], st[D1 + i], st[D2 + i],
            st[ROOT + i], st[INVERSE + i], st[PER_SPOT + i], st[BELL1 + i],
            st[FIGURES + 128 + i], st[FIGURES + 256 + i], st[FIGURES + 384 + i],
        )  # fmt: skip
        st[FIGURES + 896 + i] = vanna
        st[FIGURES + 1024 + i] = volga
        st[FIGURES + 1152 + i] = charm
        st[FIGURES + 1280 + i] = speed
        st[FIGURES + 1408 + i] = color
        st[FIGURES + 1536 + i] = zomma


@compiled()
def evaluate_options(  # type: ignore[no-untyped-def]
    tier, sign, spot, strike, years, vol, rate, dividend_yield, decay, outs, first, last
):
    """Write figures of the options from ``first`` to before ``last``; all inputs are of length n or 1.

    ``outs`` are 13 arrays in the order of the record, (n_blocks, BLOCK), or no blocks where the figure is not wanted;
    ``first`` starts a block. Returns how many options need another look: their figures mean nothing.
    """
    wide_vectors()
    st = np.empty(ROWS * BLOCK)
    out0, out1, out2, out3, out4, out5, out6, out7, out8, out9, out10, out11, out12 = outs
    wrong = 0
    for start in range(first, last, BLOCK):
        count = min(BLOCK, last - start)
        again = start == first
        load(sign, start, count, 1.0, st, SIGN, again)
        load(spot, start, count, 1.0, st, SPOT, again)
        load(strike, start, count, 1.0, st, STRIKE, again)
        load(years, start, count, 1.0, st, YEARS, again)
        load(vol, start, count, 1.0, st, VOL, again)
        load(rate, start, count, 0.0, st, RATE, again)
        load(dividend_yield, start, count, 0.0, st, YIELD, again)
        load(decay, start, count, 0.0, st, DECAY, again)
        wrong += count_irregular(st)
        if again or years.shape[0] > 1 or rate.shape[0] > 1:
            discount_block(st)
        if again or (dividend_yield.shape[0] > 1) or (years.shape[0] > 1 and dividend_yield[0] != 0.0):
            growth_block(st)
        distance_block(st)
        share_block(st)
        price_block(st)
        if tier != PRICE_ONLY:
            first_block(st)
        if tier == EVERYTHING:
            higher_block(st)
        block = start // BLOCK
        store(st, FIGURES + 0 * BLOCK, out0, block)
        store(st, FIGURES + 1 * BLOCK, out1, block)
        store(st, FIGURES + 2 * BLOCK, out2, block)
        store(st, FIGURES + 3 * BLOCK, out3, block)
        store(st, FIGURES + 4 * BLOCK, out4, block)
        store(st, FIGURES + 5 * BLOCK, out5, block)
        store(st, FIGURES + 6 * BLOCK, out6, block)
        store(st, FIGURES + 7 * BLOCK, out7, block)
        store(st, FIGURES + 8 * BLOCK, out8, block)
        store(st, FIGURES + 9 * BLOCK, out9, block)
        store(st, FIGURES + 10 * BLOCK, out10, block)
        store(st, FIGURES + 11 * BLOCK, out11, block)
        store(st, FIGURES + 12 * BLOCK, out12, block)
    return wrong
