"""Steps towards the likeliest two regimes: EM from given starts, then a quicker ending with exact slopes."""

from __future__ import annotations

import math

import numpy as np

from hedgerow.kernels.compile import compiled
from hedgerow.overlays.regime_kernels import SIZE, curvature, expect, leaving

SMALLEST_VARIANCE = 1e-6
"""Variance of a state, as a share of that of all rows, at which it has collapsed."""

MOST_UNLIKELY = 15.0
"""Bound of the log odds of leaving a state, either way."""

EM_STEPS = 6
MOST_STEPS = 60


@compiled(cache=False)
def maximise(n, total, squares, sums, point):  # type: ignore[no-untyped-def]
    """Write the point that EM's second half takes from the sums of :func:`~.regime_kernels.expect`."""
    for s in range(2):
        rows = max(sums[0] if s else n - sums[0], 1e-9)
        point[s] = (sums[1] if s else total - sums[1]) / rows
        point[2 + s] = (sums[2] if s else squares - sums[2]) / rows - point[s] * point[s]
        point[2 + s] = math.log(max(point[2 + s], SMALLEST_VARIANCE))
    point[4] = math.log((sums[4] + 1e-3) / (sums[3] + 1e-3))
    point[5] = math.log((sums[5] + 1e-3) / (sums[6] + 1e-3))
    keep_within_bounds(point)


@compiled(cache=False)
def keep_within_bounds(point):  # type: ignore[no-untyped-def]
    """Draw a point to the bounds of the search."""
    for s in range(2):
        point[2 + s] = max(point[2 + s], math.log(SMALLEST_VARIANCE))
        point[4 + s] = min(max(point[4 + s], -MOST_UNLIKELY), MOST_UNLIKELY)


@compiled()
def climb(y, starts, best, before, after, sums):  # type: ignore[no-untyped-def]
    """Write to ``best`` the likeliest point that a few steps of EM make of the starts; return sums of y and y^2."""
    n = y.shape[0]
    total, squares = 0.0, 0.0
    for t in range(n):
        total += y[t]
        squares += y[t] * y[t]
    highest, point = -np.inf, np.zeros(SIZE)
    for start in range(starts.shape[0]):
        sums[:] = 0.0
        for t in range(n):
            share = 0.95 if starts[start, t] else 0.05
            sums[0] += share
            sums[1] += share * y[t]
            sums[2] += share * y[t] * y[t]
        sums[3], sums[4], sums[5], sums[6] = 950.0, 50.0, 50.0, 950.0
        maximise(n, total, squares, sums, point)
        value = -np.inf
        for _ in range(EM_STEPS):
            value = expect(y, total, squares, point, before, after, sums)
            maximise(n, total, squares, sums, point)
        if value > highest:  # that of the step before: each is at least as good as the last
            highest = value
            best[:] = point
    return total, squares


@compiled(cache=False)
def slopes_at(n, total, squares, sums, point, slopes):  # type: ignore[no-untyped-def]
    """Write the slopes (6,) of the log-likelihood by Fisher's identity; 0 where one points out of the bounds."""
    for s in range(2):
        rows, first, second = (sums[0], sums[1], sums[2]) if s else (n - sums[0], total - sums[1], squares - sums[2])
        inverse = math.exp(-point[2 + s])
        errors = second - 2.0 * point[s] * first + rows * point[s] * point[s]
        slopes[s] = (first - rows * point[s]) * inverse
        slopes[2 + s] = 0.5 * (errors * inverse - rows)
        if point[2 + s] <= math.log(SMALLEST_VARIANCE):
            slopes[2 + s] = max(slopes[2 + s], 0.0)
    (u, not_u), (d, not_d) = leaving(point[4]), leaving(point[5])
    above = sums[7] - u / (u + d)  # the first row's odds are the long run's, which the chances move as well
    slopes[4] = not_u * (sums[4] + above) - u * sums[3]
    slopes[5] = not_d * (sums[5] - above) - d * sums[6]
    for s in range(2):
        if abs(point[4 + s]) >= MOST_UNLIKELY and slopes[4 + s] * point[4 + s] > 0.0:
            slopes[4 + s] = 0.0


@compiled()
def ascend(y, total, squares, point, before, after, sums):  # type: ignore[no-untyped-def]
    """Move ``point`` to the maximum by quasi-Newton steps from exact curvature; return its second derivatives."""
    n = y.shape[0]
    slopes, second, moved, new = np.zeros(SIZE), np.zeros((SIZE, SIZE)), np.zeros(SIZE), np.zeros(SIZE)
    curvature(y, point, second)
    value = expect(y, total, squares, point, before, after, sums)
    slopes_at(n, total, squares, sums, point, slopes)
    inverse = np.zeros((SIZE, SIZE))
    if not invert(second, inverse):
        guess_inverse(n, sums, point, inverse)
    for _ in range(MOST_STEPS):
        if np.abs(slopes).max() < 1e-9 * n:
            break
        step = np.zeros(SIZE)
        for i in range(SIZE):
            for j in range(SIZE):
                step[i] += inverse[i, j] * slopes[j]
        step /= max(np.abs(step).max(), 1.0)
        found = -np.inf
        for _shorter in range(20):
            for i in range(SIZE):
                moved[i] = point[i] + step[i]
            keep_within_bounds(moved)
            found = expect(y, total, squares, moved, before, after, sums)
            if found > value - 1e-12 * abs(value):
                break
            step *= 0.3
        if not found > value - 1e-12 * abs(value):
            break
        slopes_at(n, total, squares, sums, moved, new)
        update_inverse(inverse, moved - point, slopes - new)
        point[:] = moved
        slopes[:] = new
        value = found
    curvature(y, point, second)
    return second


@compiled(cache=False)
def update_inverse(inverse, step, change):  # type: ignore[no-untyped-def]
    """Change an inverse of minus the curvature so that it turns the change of slopes into the step (BFGS)."""
    along = np.sum(step * change)
    if not along > 0.0:
        return
    turned = np.zeros(SIZE)
    for i in range(SIZE):
        for j in range(SIZE):
            turned[i] += inverse[i, j] * change[j]
    longer = 1.0 + np.sum(change * turned) / along
    for i in range(SIZE):
        for j in range(SIZE):
            inverse[i, j] += (longer * step[i] * step[j] - turned[i] * step[j] - step[i] * turned[j]) / along


@compiled(cache=False)
def guess_inverse(n, sums, point, inverse):  # type: ignore[no-untyped-def]
    """Write the variances that the parameters would have if the states were seen."""
    inverse[:] = 0.0
    for s in range(2):
        rows = max(sums[0] if s else n - sums[0], 1.0)
        inverse[s, s] = math.exp(point[2 + s]) / rows
        inverse[2 + s, 2 + s] = 2.0 / rows
        inverse[4 + s, 4 + s] = 1.0 / max(sums[4 + s], 0.1)


@compiled(cache=False)
def invert(second, inverse):  # type: ignore[no-untyped-def]
    """Write the inverse of minus a matrix (6, 6) and return True, False where that is not positive definite."""
    root = np.zeros((SIZE, SIZE))
    for i in range(SIZE):
        for j in range(i + 1):
            rest = -second[i, j]
            for k in range(j):
                rest -= root[i, k] * root[j, k]
            if i > j:
                root[i, j] = rest / root[j, j]
            elif rest > 1e-12 * abs(second[i, i]):
                root[i, i] = math.sqrt(rest)
            else:
                return False
    for column in range(SIZE):
        for i in range(SIZE):
            rest = 1.0 if i == column else 0.0
            for k in range(i):
                rest -= root[i, k] * inverse[k, column]
            inverse[i, column] = rest / root[i, i]
        for back in range(SIZE):
            i = SIZE - 1 - back
            rest = inverse[i, column]
            for k in range(i + 1, SIZE):
                rest -= root[k, i] * inverse[k, column]
            inverse[i, column] = rest / root[i, i]
    return True
