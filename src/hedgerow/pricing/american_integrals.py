"""Compiled form of the premium's integral over a solved boundary, for a block of puts: sums over its points.

The definition is the NumPy form in ``american_premium``, the layout that of ``american_kernels``.
"""

from __future__ import annotations

import math

import numpy as np

from hedgerow.kernels.compile import compiled
from hedgerow.kernels.elementary import exp, log, maximum, minimum, sqrt
from hedgerow.kernels.vectors import wide_vectors
from hedgerow.pricing.american_integrand import leading, premium, premium_slopes, sine_and_cosine
from hedgerow.pricing.american_premium import NEAREST

LANES = 64

# rows of ``st``: what lasts; what a point needs; the boundary there and its slopes; sums
YEARS, RATE, YIELD, VOL, START, K, BY_RATE, BY_YIELD = (LANES * row for row in range(8))
DISTANCE, TURN, STRETCH, SHARE, X, S, ROOT_S, WEIGHT = (LANES * row for row in range(8, 16))
ABOVE, HERE = LANES * 16, LANES * 17
GAP, GAP_VOL, GAP_VOL_2, GAP_RATE, GAP_YIELD = (LANES * row for row in range(18, 23))
SUMS = LANES * 23
COUNT = 15
ROWS = 23 + COUNT


@compiled()
def prepare_points(puts, starts, k, gap, st):  # type: ignore[no-untyped-def]
    """Fill the rows that last."""
    wide_vectors()
    last = gap.shape[0] - 1
    for lane in range(LANES):
        root = puts[3, lane] * sqrt(puts[0, lane])
        now = puts[5, lane] - gap[last, lane]
        distance = maximum(k[lane] - now, NEAREST * root)
        turn = maximum(distance / root, NEAREST)
        ratio = 0.5 * math.pi / turn
        st[YEARS + lane] = puts[0, lane]
        st[RATE + lane] = puts[1, lane]
        st[YIELD + lane] = puts[2, lane]
        st[VOL + lane] = puts[3, lane]
        st[START + lane] = puts[5, lane]
        st[K + lane] = now + distance
        st[BY_RATE + lane] = starts[0, lane]
        st[BY_YIELD + lane] = starts[1, lane]
        st[DISTANCE + lane] = distance
        st[TURN + lane] = turn
        st[STRETCH + lane] = log(ratio + sqrt(1.0 + ratio * ratio))
    for lane in range(COUNT * LANES):
        st[SUMS + lane] = 0.0


@compiled()
def coefficients(series, values, out):  # type: ignore[no-untyped-def]
    """Write the Chebyshev coefficients of values at the nodes."""
    wide_vectors()
    for c in range(series.shape[0]):
        for lane in range(LANES):
            out[c, lane] = 0.0
        for j in range(0, series.shape[1], 4):
            one, two, three, four = series[c, j], series[c, j + 1], series[c, j + 2], series[c, j + 3]
            for lane in range(LANES):
                out[c, lane] += (one * values[j, lane] + two * values[j + 1, lane]) + (
                    three * values[j + 2, lane] + four * values[j + 3, lane]
                )


@compiled()
def place_point(point, weight, st):  # type: ignore[no-untyped-def]
    """Fill the rows of a point."""
    wide_vectors()
    for lane in range(LANES):
        turn, stretch = st[TURN + lane], st[STRETCH + lane]
        rise = exp(stretch * point)
        fall = 1.0 / rise
        angle = minimum(turn * 0.5 * (rise - fall), 0.5 * math.pi)
        sine, cosine = sine_and_cosine(angle)
        s = st[YEARS + lane] * sine * sine * (1.0 + cosine * cosine)
        root_s = sqrt(s)
        cube = cosine * cosine * cosine
        st[SHARE + lane] = 2.0 * weight * turn * stretch * (rise + fall) * cube * sine * st[YEARS + lane]
        st[X + lane] = 4.0 * cosine - 2.0
        st[S + lane] = s
        st[ROOT_S + lane] = root_s
        st[WEIGHT + lane] = 1.0 / (st[VOL + lane] * root_s)


@compiled()
def interpolate(series, st, out):  # type: ignore[no-untyped-def]
    """Write a Chebyshev series at the point to a row; the number of its coefficients is odd."""
    wide_vectors()
    n = series.shape[0] - 1
    for lane in range(LANES):
        st[ABOVE + lane] = series[n, lane]
        st[HERE + lane] = series[n - 1, lane] + st[X + lane] * series[n, lane]
    for c in range(n - 2, 1, -2):
        for lane in range(LANES):
            above = st[X + lane] * st[HERE + lane] - st[ABOVE + lane] + series[c, lane]
            st[HERE + lane] = st[X + lane] * above - st[HERE + lane] + series[c - 1, lane]
            st[ABOVE + lane] = above
    for lane in range(LANES):
        out[lane] = 0.5 * st[X + lane] * st[HERE + lane] - st[ABOVE + lane] + series[0, lane]


@compiled()
def add_point(st):  # type: ignore[no-untyped-def]
    """Add a point to the sums of the known integrals and of the figures without slopes."""
    wide_vectors()
    for lane in range(LANES):
        share, weight = st[SHARE + lane], st[WEIGHT + lane]
        one, two, three, four = leading(st[DISTANCE + lane], weight)
        value, first, second, third, fourth, _, _, _, _, _ = premium(
            st[K + lane], st[START + lane] - st[GAP + lane], st[S + lane], st[ROOT_S + lane], weight, st[RATE + lane],
            st[YIELD + lane], st[VOL + lane],
        )  # fmt: skip
        st[SUMS + lane] += share * one
        st[SUMS + LANES + lane] += share * two
        st[SUMS + 2 * LANES + lane] += share * three
        st[SUMS + 3 * LANES + lane] += share * four
        st[SUMS + 4 * LANES + lane] += share * value
        st[SUMS + 5 * LANES + lane] += share * first
        st[SUMS + 6 * LANES + lane] += share * second
        st[SUMS + 7 * LANES + lane] += share * third
        st[SUMS + 8 * LANES + lane] += share * fourth


@compiled()
def add_moving_point(st):  # type: ignore[no-untyped-def]
    """Add a point to all sums."""
    wide_vectors()
    for lane in range(LANES):
        share, weight = st[SHARE + lane], st[WEIGHT + lane]
        one, two, three, four = leading(st[DISTANCE + lane], weight)
        value, first, second, third, fourth, minus, flow, level, bank, stock = premium(
            st[K + lane], st[START + lane] - st[GAP + lane], st[S + lane], st[ROOT_S + lane], weight, st[RATE + lane],
            st[YIELD + lane], st[VOL + lane],
        )  # fmt: skip
        by_vol, cross, twice, bend, by_rate, by_yield = premium_slopes(
            st[S + lane], st[ROOT_S + lane], weight, st[RATE + lane], st[YIELD + lane], st[VOL + lane], minus, flow,
            level, bank, stock, -st[GAP_VOL + lane], -st[GAP_VOL_2 + lane], st[BY_RATE + lane] - st[GAP_RATE + lane],
            st[BY_YIELD + lane] - st[GAP_YIELD + lane],
        )  # fmt: skip
        st[SUMS + lane] += share * one
        st[SUMS + LANES + lane] += share * two
        st[SUMS + 2 * LANES + lane] += share * three
        st[SUMS + 3 * LANES + lane] += share * four
        st[SUMS + 4 * LANES + lane] += share * value
        st[SUMS + 5 * LANES + lane] += share * first
        st[SUMS + 6 * LANES + lane] += share * second
        st[SUMS + 7 * LANES + lane] += share * third
        st[SUMS + 8 * LANES + lane] += share * fourth
        st[SUMS + 9 * LANES + lane] += share * by_vol
        st[SUMS + 10 * LANES + lane] += share * cross
        st[SUMS + 11 * LANES + lane] += share * twice
        st[SUMS + 12 * LANES + lane] += share * bend
        st[SUMS + 13 * LANES + lane] += share * by_rate
        st[SUMS + 14 * LANES + lane] += share * by_yield


@compiled()
def integrate_block(rule, puts, starts, k, moves, gap, slopes, sums):  # type: ignore[no-untyped-def]
    """Write the sums over points of the known integrals and of the premium's figures, array (15, LANES)."""
    points, weights, series = rule
    st, work = np.zeros(ROWS * LANES), np.zeros((5, series.shape[0], LANES))
    prepare_points(puts, starts, k, gap, st)
    coefficients(series, gap, work[0])
    if moves:
        for which in range(4):
            coefficients(series, slopes[which], work[which + 1])
    for p in range(points.shape[0]):
        place_point(points[p], weights[p], st)
        interpolate(work[0], st, st[GAP : GAP + LANES])
        if moves:
            interpolate(work[1], st, st[GAP_VOL : GAP_VOL + LANES])
            interpolate(work[2], st, st[GAP_VOL_2 : GAP_VOL_2 + LANES])
            interpolate(work[3], st, st[GAP_RATE : GAP_RATE + LANES])
            interpolate(work[4], st, st[GAP_YIELD : GAP_YIELD + LANES])
            add_moving_point(st)
        else:
            add_point(st)
    for row in range(COUNT):
        for lane in range(LANES):
            sums[row, lane] = st[SUMS + row * LANES + lane]
