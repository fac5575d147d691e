"""Compiled form of the boundary of American puts: blocks of options take every step together, lane by lane.

The definition is the NumPy form in ``american_boundary``; both evaluate the same scalar kernels of
``american_integrand``. Arrays have the lanes last, so that every inner loop is a vector loop without a branch; a lane
that has converged goes on with the others. Rows of ``puts``: years, rate, dividend yield, volatility, 1 for a put (0
for a forward), log of the boundary at expiry. A table of a grid holds its nodes, the points' roots of waiting time,
those inverted, their weights and the matrix ``inside``. What a loop over lanes needs of one node lies in ``st``, one
flat array with rows at fixed places: so the compiler knows which rows are apart.
"""

from __future__ import annotations

import numpy as np

from hedgerow.kernels.compile import compiled
from hedgerow.kernels.elementary import maximum, minimum, sqrt, where
from hedgerow.kernels.vectors import wide_vectors
from hedgerow.pricing.american_integrals import integrate_block
from hedgerow.pricing.american_integrand import european, first_guess, pair, pair_bend, pair_slopes

LANES = 64
"""Options in a block: enough for loops over lanes to pay, few enough for a Jacobian to stay in the cache."""

# rows of ``st``: parameters; those of a node; its sums
RATE, YIELD, VOL, EUROPEAN, START, ROOT, PER_ROOT = (LANES * row for row in range(7))
K, ROOT_TIME, PER_WIDTH, TIME, OWN = (LANES * row for row in range(7, 12))
FAILS, STOCK, TOTAL, BY_VOL, BY_RATE, BY_YIELD, BEND = (LANES * row for row in range(12, 19))
ROWS = 19


@compiled()
def prepare(puts, st):  # type: ignore[no-untyped-def]
    """Fill the rows of parameters."""
    wide_vectors()
    for lane in range(LANES):
        root = sqrt(puts[0, lane])
        st[RATE + lane] = puts[1, lane]
        st[YIELD + lane] = puts[2, lane]
        st[VOL + lane] = puts[3, lane]
        st[EUROPEAN + lane] = puts[4, lane]
        st[START + lane] = puts[5, lane]
        st[ROOT + lane] = root
        st[PER_ROOT + lane] = 1.0 / (puts[3, lane] * root)


@compiled()
def enter(node, i, gap, st):  # type: ignore[no-untyped-def]
    """Fill the rows of a node, its sums with the European part."""
    wide_vectors()
    square, per_square = node * node, 1.0 / (node * node)
    for lane in range(LANES):
        k = st[START + lane] - gap[i, lane]
        root_time, per_width = square * st[ROOT + lane], per_square * st[PER_ROOT + lane]
        time, put = root_time * root_time, st[EUROPEAN + lane]
        whole, bank, held, vega, _ = european(
            k, time, root_time, per_width, st[RATE + lane], st[YIELD + lane], st[VOL + lane], 0.0
        )
        st[K + lane] = k
        st[ROOT_TIME + lane] = root_time
        st[PER_WIDTH + lane] = per_width
        st[TIME + lane] = time
        st[FAILS + lane] = put * whole
        st[STOCK + lane] = put * held
        st[TOTAL + lane] = 0.0
        st[BY_VOL + lane] = put * vega
        st[BY_RATE + lane] = -put * time * bank
        st[BY_YIELD + lane] = put * time * held


@compiled()
def between(inside, i, values, out):  # type: ignore[no-untyped-def]
    """Write minus the interpolated values at the points of the integral of node i."""
    wide_vectors()
    for p in range(inside.shape[1]):
        for lane in range(LANES):
            out[p, lane] = 0.0
        for j in range(0, inside.shape[2], 4):
            one, two, three, four = inside[i, p, j], inside[i, p, j + 1], inside[i, p, j + 2], inside[i, p, j + 3]
            for lane in range(LANES):
                out[p, lane] -= (one * values[j, lane] + two * values[j + 1, lane]) + (
                    three * values[j + 2, lane] + four * values[j + 3, lane]
                )


@compiled()
def add_pairs(root_wait, per_wait, weights, st, at):  # type: ignore[no-untyped-def]
    """Add a node's pairs to its sums, and replace the boundary's part at its points by the density there."""
    wide_vectors()
    for p in range(root_wait.shape[0]):
        wait, weight, per = root_wait[p], weights[p], per_wait[p]
        for lane in range(LANES):
            root_s = st[ROOT_TIME + lane] * wait
            value, slope, held, _, _, _, _ = pair(
                st[K + lane], st[START + lane] + at[p, lane], root_s * root_s, root_s, st[PER_WIDTH + lane] * per,
                st[RATE + lane], st[YIELD + lane], st[VOL + lane],
            )  # fmt: skip
            share = weight * st[TIME + lane]
            at[p, lane] = share * slope
            st[TOTAL + lane] += share * slope
            st[FAILS + lane] += share * value
            st[STOCK + lane] += share * held * st[YIELD + lane]


@compiled()
def add_moving_pairs(root_wait, per_wait, weights, st, at):  # type: ignore[no-untyped-def]
    """Do as :func:`add_pairs`, and add the derivatives to volatility, rate and yield."""
    wide_vectors()
    for p in range(root_wait.shape[0]):
        wait, weight, per = root_wait[p], weights[p], per_wait[p]
        for lane in range(LANES):
            root_s = st[ROOT_TIME + lane] * wait
            s = root_s * root_s
            value, slope, held, minus, flow, level, bank = pair(
                st[K + lane], st[START + lane] + at[p, lane], s, root_s, st[PER_WIDTH + lane] * per, st[RATE + lane],
                st[YIELD + lane], st[VOL + lane],
            )  # fmt: skip
            by_vol, by_rate, by_yield = pair_slopes(
                s, root_s, st[RATE + lane], st[YIELD + lane], st[VOL + lane], minus, flow, level, held, bank
            )
            share = weight * st[TIME + lane]
            at[p, lane] = share * slope
            st[TOTAL + lane] += share * slope
            st[FAILS + lane] += share * value
            st[STOCK + lane] += share * held * st[YIELD + lane]
            st[BY_VOL + lane] += share * by_vol
            st[BY_RATE + lane] += share * by_rate
            st[BY_YIELD + lane] += share * by_yield


@compiled()
def add_row(inside, i, density, jacobian):  # type: ignore[no-untyped-def]
    """Write a row of the Jacobian but for its own gap's part."""
    wide_vectors()
    for j in range(inside.shape[2]):
        for lane in range(LANES):
            jacobian[i, j, lane] = 0.0
        for p in range(0, inside.shape[1] - 1, 2):
            one, two = inside[i, p, j], inside[i, p + 1, j]
            for lane in range(LANES):
                jacobian[i, j, lane] += one * density[p, lane] + two * density[p + 1, lane]


@compiled()
def match(nodes, root_wait, per_wait, weights, inside, moves, starts, gap, slopes, right, jacobian, st, at):  # type: ignore[no-untyped-def]
    """Write by how much value matching fails at each node, and its derivatives to the gaps.

    With ``moves``, those to volatility, rate and yield go to rows 0, 2 and 3 of ``slopes``.
    """
    wide_vectors()
    for i in range(nodes.shape[0]):
        enter(nodes[i], i, gap, st)
        between(inside, i, gap, at)
        if moves:
            add_moving_pairs(root_wait, per_wait, weights, st, at)
            for lane in range(LANES):
                slopes[0, i, lane] = st[BY_VOL + lane]
                slopes[2, i, lane] = st[BY_RATE + lane] - st[STOCK + lane] * starts[0, lane]
                slopes[3, i, lane] = st[BY_YIELD + lane] - st[STOCK + lane] * starts[1, lane]
        else:
            add_pairs(root_wait, per_wait, weights, st, at)
        add_row(inside, i, at, jacobian)
        for lane in range(LANES):
            right[i, lane] = st[FAILS + lane]
            jacobian[i, i, lane] += st[STOCK + lane] - st[TOTAL + lane]


@compiled()
def factor(jacobian):  # type: ignore[no-untyped-def]
    """Replace matrices by their triangular factors; their pivots stay on the diagonal, inverted."""
    wide_vectors()
    n = jacobian.shape[0]
    for i in range(n):
        for lane in range(LANES):
            jacobian[i, i, lane] = 1.0 / jacobian[i, i, lane]
        for row in range(i + 1, n):
            for lane in range(LANES):
                jacobian[row, i, lane] *= jacobian[i, i, lane]
            for j in range(i + 1, n):
                for lane in range(LANES):
                    jacobian[row, j, lane] -= jacobian[row, i, lane] * jacobian[i, j, lane]


@compiled()
def substitute(jacobian, right):  # type: ignore[no-untyped-def]
    """Replace right sides by minus the solutions of the factored systems."""
    wide_vectors()
    n = jacobian.shape[0]
    for i in range(n):
        for j in range(i):
            for lane in range(LANES):
                right[i, lane] -= jacobian[i, j, lane] * right[j, lane]
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            for lane in range(LANES):
                right[i, lane] -= jacobian[i, j, lane] * right[j, lane]
        for lane in range(LANES):
            right[i, lane] *= jacobian[i, i, lane]
    for i in range(n):
        for lane in range(LANES):
            right[i, lane] = -right[i, lane]


@compiled()
def step(gap, right, size, largest):  # type: ignore[no-untyped-def]
    """Move the gaps, and write the size of the step relative to the largest gap."""
    wide_vectors()
    for lane in range(LANES):
        size[lane] = 0.0
        largest[lane] = 0.0
    for i in range(gap.shape[0]):
        for lane in range(LANES):
            length = where(right[i, lane] == right[i, lane], abs(right[i, lane]), 1e300)
            size[lane] = maximum(length, size[lane])
            largest[lane] = maximum(gap[i, lane], largest[lane])
            moved = gap[i, lane] + right[i, lane]
            gap[i, lane] = minimum(maximum(moved, 0.5 * gap[i, lane]), 2.0 * gap[i, lane])
    for lane in range(LANES):
        size[lane] /= largest[lane]


@compiled()
def improve(table, steps, moves, starts, gap, slopes, size, right, jacobian, st, at):  # type: ignore[no-untyped-def]
    """Take steps of Newton's method; with ``moves``, the last one leaves the derivatives of the gaps in ``slopes``."""
    for number in range(steps):
        last = moves and number == steps - 1
        match(
            table[0], table[1], table[2], table[3], table[4], last, starts, gap, slopes, right, jacobian, st, at
        )  # fmt: skip
        factor(jacobian)
        substitute(jacobian, right)
        step(gap, right, size, at[0])
    if moves:
        substitute(jacobian, slopes[0])
        substitute(jacobian, slopes[2])
        substitute(jacobian, slopes[3])


@compiled()
def guess(nodes, puts, span, gap):  # type: ignore[no-untyped-def]
    """Write a first guess of the gaps at the nodes."""
    wide_vectors()
    for i in range(nodes.shape[0]):
        time = nodes[i] * nodes[i] * nodes[i] * nodes[i]
        for lane in range(LANES):
            gap[i, lane] = first_guess(
                time * puts[0, lane], puts[1, lane], puts[2, lane], puts[3, lane], puts[5, lane], span[lane]
            )


@compiled()
def refine(finer, coarse, coarse_guess, gap, ratio):  # type: ignore[no-untyped-def]
    """Scale the guess on the fine grid as the coarse solution differs from the coarse guess."""
    wide_vectors()
    for j in range(coarse.shape[0]):
        for lane in range(LANES):
            coarse_guess[j, lane] = coarse[j, lane] / coarse_guess[j, lane] - 1.0
    for i in range(finer.shape[0]):
        for lane in range(LANES):
            ratio[lane] = 1.0
        for j in range(finer.shape[1]):
            part = finer[i, j]
            for lane in range(LANES):
                ratio[lane] += part * coarse_guess[j, lane]
        for lane in range(LANES):
            gap[i, lane] *= maximum(ratio[lane], 0.1)


@compiled()
def add_bends(root_wait, per_wait, weights, by_vol, i, st, at, other):  # type: ignore[no-untyped-def]
    """Add a node's pairs to the second derivative of value matching to volatility."""
    wide_vectors()
    for lane in range(LANES):
        st[OWN + lane] = -by_vol[i, lane]
    for lane in range(LANES):
        _, _, _, _, bent = european(
            st[K + lane], st[TIME + lane], st[ROOT_TIME + lane], st[PER_WIDTH + lane], st[RATE + lane],
            st[YIELD + lane], st[VOL + lane], st[OWN + lane],
        )  # fmt: skip
        st[BEND + lane] = st[EUROPEAN + lane] * bent
    for p in range(root_wait.shape[0]):
        wait, weight, per = root_wait[p], weights[p], per_wait[p]
        for lane in range(LANES):
            root_s = st[ROOT_TIME + lane] * wait
            _, _, held, minus, flow, level, _ = pair(
                st[K + lane], st[START + lane] + at[p, lane], root_s * root_s, root_s, st[PER_WIDTH + lane] * per,
                st[RATE + lane], st[YIELD + lane], st[VOL + lane],
            )  # fmt: skip
            st[BEND + lane] += weight * st[TIME + lane] * pair_bend(
                root_s, st[RATE + lane], st[YIELD + lane], st[VOL + lane], minus, flow, level, held, st[OWN + lane],
                other[p, lane],
            )  # fmt: skip


@compiled()
def move_twice(table, gap, slopes, jacobian, st, at, other):  # type: ignore[no-untyped-def]
    """Write the second derivatives of the gaps to volatility, with the Jacobian that was left factored."""
    for i in range(gap.shape[0]):
        enter(table[0][i], i, gap, st)
        between(table[4], i, gap, at)
        between(table[4], i, slopes[0], other)
        add_bends(table[1], table[2], table[3], slopes[0], i, st, at, other)
        for lane in range(LANES):
            slopes[1, i, lane] = st[BEND + lane]
    substitute(jacobian, slopes[1])


@compiled()
def solve_blocks(coarse, fine, finer, rule, puts, span, starts, k, moves, bend, steps, gap, slopes, size, sums):  # type: ignore[no-untyped-def]
    """Solve the boundaries of blocks of puts, arrays (blocks, rows, LANES), and integrate the premium over them.

    Their slopes are found if ``moves``, the second one to volatility if ``bend``. Without steps on the coarse grid the
    gaps given are where the others start.
    """
    n, few = fine[0].shape[0], coarse[0].shape[0]
    most = maximum(fine[1].shape[0], coarse[1].shape[0])
    st, at, other = np.zeros(ROWS * LANES), np.empty((most, LANES)), np.empty((most, LANES))
    jacobian, rough_jacobian = np.empty((n, n, LANES)), np.empty((few, few, LANES))
    right, rough_right = np.empty((n, LANES)), np.empty((few, LANES))
    rough, rough_guess = np.empty((few, LANES)), np.empty((few, LANES))
    for b in range(puts.shape[0]):
        prepare(puts[b], st)
        if steps[0] > 0:
            guess(coarse[0], puts[b], span[b], rough)
            guess(coarse[0], puts[b], span[b], rough_guess)
            improve(
                coarse, steps[0], False, starts[b], rough, slopes[b], size[b], rough_right, rough_jacobian, st, at
            )  # fmt: skip
            guess(fine[0], puts[b], span[b], gap[b])
            refine(finer, rough, rough_guess, gap[b], at[0])
        improve(fine, steps[1], moves, starts[b], gap[b], slopes[b], size[b], right, jacobian, st, at)
        if bend:
            move_twice(fine, gap[b], slopes[b], jacobian, st, at, other)
        integrate_block(rule, puts[b], starts[b], k[b], moves, gap[b], slopes[b], sums[b])
