"""Huber's regression with the scale found along the way, at one row or at many rows of a growing history."""

from __future__ import annotations

import numpy as np

from hedgerow._types import BoolArray, FloatArray, IntArray
from hedgerow.kernels.compile import compiled, dense

NORMAL_UPPER_QUARTILE = 0.6744897501960817
"""The median absolute value of a standard normal variable, by which a median deviation becomes a scale."""

NEWTON_STEPS = 30
MOST_STEPS = 500
TOLERANCE = 1e-12


@compiled()
def select_rank(values, n, rank):  # type: ignore[no-untyped-def]
    """Return the value of ``rank``, from 0, among ``values[:n]``; reorders them so that smaller ones stand before it.

    Hoare's selection with the median of three as pivot. NumPy's own takes seconds to compile.
    """
    left, right = 0, n - 1
    while left < right:
        middle = (left + right) // 2
        a, b, c = values[left], values[middle], values[right]
        pivot = max(min(a, b), min(max(a, b), c))
        i, j = left, right
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if rank <= j:
            right = j
        elif rank >= i:
            left = i
        else:
            break
    return values[rank]


@compiled()
def middle_of(values, n, guess, scratch):  # type: ignore[no-untyped-def]
    """Return the median of ``values[:n]``, all >= 0, quickly when it lies near ``guess`` and rightly in any case."""
    low_rank = (n - 1) // 2
    high_rank = n // 2
    low, high = 0.97 * guess, 1.03 * guess
    below = 0
    inside = 0
    for i in range(n):
        value = values[i]
        below += value < low
        scratch[inside] = value
        inside += (value >= low) & (value <= high)
    if below <= low_rank and high_rank < below + inside and inside > 0:
        first, second, count = low_rank - below, high_rank - below, inside
    else:
        for i in range(n):
            scratch[i] = values[i]
        first, second, count = low_rank, high_rank, n
    upper = select_rank(scratch, count, second)
    if first == second:
        return upper
    lower = scratch[0]
    for i in range(1, second):
        lower = max(lower, scratch[i])
    return 0.5 * (lower + upper)


@compiled()
def solve_in_place(matrix, vector):  # type: ignore[no-untyped-def]
    """Solve ``matrix`` (p, p), positive definite, for ``vector`` (p,) by Cholesky, overwriting both."""
    p = vector.shape[0]
    for a in range(p):
        for b in range(a + 1):
            value = matrix[a, b]
            for c in range(b):
                value -= matrix[a, c] * matrix[b, c]
            matrix[a, b] = np.sqrt(value) if a == b else value / matrix[b, b]
    for a in range(p):
        value = vector[a]
        for c in range(a):
            value -= matrix[a, c] * vector[c]
        vector[a] = value / matrix[a, a]
    for a in range(p - 1, -1, -1):
        value = vector[a]
        for c in range(a + 1, p):
            value -= matrix[c, a] * vector[c]
        vector[a] = value / matrix[a, a]


@compiled(fastmath={"contract", "reassoc", "nsz"})
def weighted_product(weights, left, right, n):  # type: ignore[no-untyped-def]
    """Return the sum of ``weights * left * right`` over the first ``n`` rows, in an order that ``n`` alone decides."""
    total = 0.0
    for t in range(n):
        total += weights[t] * left[t] * right[t]
    return total


@compiled()
def take_residuals(design, y, n, coefficients, residuals, sizes):  # type: ignore[no-untyped-def]
    """Fill ``residuals`` and their absolute ``sizes`` for the first ``n`` rows of ``design`` (p, n_obs)."""
    for t in range(n):
        residuals[t] = y[t]
    for a in range(design.shape[0]):
        coefficient = coefficients[a]
        column = design[a]
        for t in range(n):
            residuals[t] -= coefficient * column[t]
    for t in range(n):
        sizes[t] = abs(residuals[t])


@compiled()
def weighted_step(design, y, n, residuals, limit, newton, weights, targets, matrix, vector):  # type: ignore[no-untyped-def]
    """Fill ``vector`` (p,) with new coefficients, given the residuals under the present ones.

    A residual beyond ``limit`` counts as ``limit / |residual|`` of a row (``newton`` false: iterated reweighting) or as
    a push of size ``limit`` without curvature (``newton`` true: the exact step while the same rows stay beyond).
    """
    p = design.shape[0]
    if newton:
        for t in range(n):
            residual = residuals[t]
            push = limit if residual > 0.0 else -limit
            beyond = abs(residual) > limit
            weights[t] = 0.0 if beyond else 1.0
            targets[t] = push if beyond else y[t]
    else:
        for t in range(n):
            size = abs(residuals[t])
            weight = limit / size if size > limit else 1.0
            weights[t] = weight
            targets[t] = weight * y[t]
    ones = design[0]
    for a in range(p):
        vector[a] = weighted_product(targets, ones, design[a], n)
        for b in range(a + 1):
            matrix[a, b] = weighted_product(weights, design[a], design[b], n)
    solve_in_place(matrix, vector)


@compiled()
def largest_size(values, n):  # type: ignore[no-untyped-def]
    """Return the largest absolute value of ``values[:n]``."""
    largest = 0.0
    for t in range(n):
        largest = max(largest, abs(values[t]))
    return largest


@compiled()
def all_finite(values):  # type: ignore[no-untyped-def]
    """Return whether no value of a short vector is missing or infinite."""
    total = 0.0
    for a in range(values.shape[0]):
        total += values[a]
    return np.isfinite(total)


@compiled()
def settle(design, y, n, tuning, coefficients, scale, work, matrix, vector, reach):  # type: ignore[no-untyped-def]
    """Iterate ``coefficients`` (p,), intercept first, to rest; return the scale and whether they came to rest.

    ``work`` (5, n_obs + 1), ``matrix`` (p, p), ``vector`` and ``reach`` (p,) are overwritten.
    """
    p = design.shape[0]
    residuals, sizes, weights, targets, scratch = work[0], work[1], work[2], work[3], work[4]
    largest_y = largest_size(y, n)
    for a in range(p):
        reach[a] = largest_size(design[a], n)
    for step in range(MOST_STEPS):
        take_residuals(design, y, n, coefficients, residuals, sizes)
        scale = middle_of(sizes, n, scale * NORMAL_UPPER_QUARTILE, scratch) / NORMAL_UPPER_QUARTILE
        if not scale > 1e-14 * largest_y:
            return scale, True  # at least half the rows are fitted exactly: there is nothing left to weigh down
        limit = tuning * scale
        newton = step < NEWTON_STEPS
        weighted_step(design, y, n, residuals, limit, newton, weights, targets, matrix, vector)
        if newton and not all_finite(vector):  # too few rows within the limit for an exact step
            weighted_step(design, y, n, residuals, limit, False, weights, targets, matrix, vector)
        finite = all_finite(vector)
        at_rest = finite
        for a in range(p):
            change = abs(vector[a] - coefficients[a]) * reach[a]
            at_rest = at_rest and change <= TOLERANCE * (abs(vector[a]) * reach[a] + scale)
            coefficients[a] = vector[a]
        if at_rest or not finite:
            return scale, at_rest
    return scale, False


@compiled()
def huber_path(design, y, ends, tuning, work, matrix, vectors, coefficients_out, scales, converged):  # type: ignore[no-untyped-def]
    """Write Huber's regression on the rows before each of ``ends`` (r,), each started from the one before.

    ``design`` (p, n_obs) has ones in its first row; ``work`` (5, n_obs + 1), ``matrix`` (p, p) and ``vectors`` (3, p)
    are overwritten.
    """
    p = design.shape[0]
    coefficients, vector, reach = vectors[0], vectors[1], vectors[2]
    scale = 0.0
    for i in range(ends.shape[0]):
        rows = ends[i]
        if i == 0 or not converged[i - 1]:
            for t in range(rows):
                work[0, t] = 0.0
            weighted_step(design, y, rows, work[0], 1.0, False, work[2], work[3], matrix, vector)
            for a in range(p):
                coefficients[a] = vector[a]
            scale = 0.0
        scale, rested = settle(design, y, rows, tuning, coefficients, scale, work, matrix, vector, reach)
        converged[i] = rested
        scales[i] = scale
        for a in range(p):
            coefficients_out[i, a] = coefficients[a]


def huber_regressions(
    X: FloatArray, y: FloatArray, ends: IntArray, tuning: float
) -> tuple[FloatArray, FloatArray, FloatArray, BoolArray]:
    """Return slopes (r, k), intercepts, scales and convergence (r,) of Huber's regression before each of ``ends``.

    The scale is the median absolute residual about zero over 0.6745. ``ends`` (r,) is ascending. Rows are taken about
    the first one, so that a large level costs no digits.
    """
    coefficients, scales = np.empty((len(ends), X.shape[1] + 1)), np.empty(len(ends))
    converged = np.zeros(len(ends), dtype=np.bool_)
    design = dense(np.vstack([np.ones(len(X)), (X - X[0]).T]))
    rows = np.ascontiguousarray(ends, dtype=np.int64)
    p, n = design.shape
    work, matrix, vectors = np.zeros((5, n + 1)), np.zeros((p, p)), np.zeros((3, p))
    huber_path(design, dense(y - y[0]), rows, float(tuning), work, matrix, vectors, coefficients, scales, converged)
    slopes = coefficients[:, 1:]
    return slopes, y[0] + coefficients[:, 0] - (slopes * X[0]).sum(axis=1), scales, converged
