"""The worst rows of a hedged change as one ratio moves: where their sum, or one of them in order, is least."""

from __future__ import annotations

import numpy as np

from hedgerow.kernels.compile import compiled
from hedgerow.kernels.robust import select_rank

FOUND = 0
UNBOUNDED = 1
OUT_OF_STEPS = 2

MOST_DOUBLINGS = 60
MOST_TANGENTS = 500
MOST_INTERVALS = 40_000
DEPTH = 400
FEW_ROWS = 16
VANISHED = 1e-13
"""Share of the largest sum seen below which one is nothing but rounding."""

ROUNDING = 4e-15
"""Share of the sums involved within which two sums are called equal."""


@compiled()
def tail_line(x, y, ratio, count, losses, scratch):  # type: ignore[no-untyped-def]
    """Return slope, constant and size of the line that the tail sum follows at ``ratio``.

    Losses are ``x * ratio - y``, the tail is the ``count`` largest (0: all that are positive); the size is the sum of
    the absolute terms, by which rounding is measured.
    """
    n = x.shape[0]
    for i in range(n):
        losses[i] = x[i] * ratio - y[i]
    threshold = 0.0
    tied = 0
    if count > 0:
        for i in range(n):
            scratch[i] = losses[i]
        threshold = select_rank(scratch, n, n - count)
        tied = count
        for i in range(n):
            tied -= losses[i] > threshold
    slope = constant = size = 0.0
    for i in range(n):
        taken = losses[i] > threshold
        if not taken and tied > 0 and losses[i] == threshold:
            taken = True
            tied -= 1
        if taken:
            slope += x[i]
            constant -= y[i]
            size += abs(x[i] * ratio) + abs(y[i])
    return slope, constant, size


@compiled()
def outward(x, y, count, start, end, losses, scratch):  # type: ignore[no-untyped-def]
    """Return a ratio from ``start`` towards ``end`` beyond which the tail sum does not fall, and whether there is one.

    ``end`` itself where the sum falls all the way to it.
    """
    sign = 1.0 if end > start else -1.0
    step = 0.5
    for _ in range(MOST_DOUBLINGS):
        ratio = start + sign * step
        if sign * (ratio - end) >= 0.0:
            return end, True
        slope, _, _ = tail_line(x, y, ratio, count, losses, scratch)
        if sign * slope >= 0.0:
            return ratio, True
        step *= 2.0
    return start, False


@compiled()
def least_tail_sum(x, y, count, low, high, start):  # type: ignore[no-untyped-def]
    """Return the ratio in [``low``, ``high``] at which the tail sum of ``x * ratio - y`` is least, steps and status.

    The sum is convex and made of straight pieces, so that the crossing of a falling and a rising piece is a lower bound
    for it, and the least point is the crossing that attains its bound: exact but for rounding.

    Parameters
    ----------
    x, y
        (n,) changes of the hedge and of the exposure.
    count
        Rows in the tail; 0 takes all rows with a loss.
    low, high
        Bounds of the ratio, which may be infinite.
    start
        Where the search starts, within the bounds.
    """
    losses, scratch = np.empty(x.shape[0]), np.empty(x.shape[0])
    slope, constant, _ = tail_line(x, y, start, count, losses, scratch)
    if slope == 0.0:
        return start, 0, FOUND
    left = right = start
    if slope < 0.0:
        if start >= high:
            return high, 0, FOUND
        right, found = outward(x, y, count, start, high, losses, scratch)
    else:
        if start <= low:
            return low, 0, FOUND
        left, found = outward(x, y, count, start, low, losses, scratch)
    if not found:
        return start, MOST_DOUBLINGS, UNBOUNDED
    left_slope, left_constant, _ = tail_line(x, y, left, count, losses, scratch)
    right_slope, right_constant, _ = tail_line(x, y, right, count, losses, scratch)
    if left_slope >= 0.0:
        return left, 0, FOUND
    if right_slope <= 0.0:
        return right, 0, FOUND
    for steps in range(MOST_TANGENTS):
        ratio = (left_constant - right_constant) / (right_slope - left_slope)
        ratio = min(max(ratio, left), right)
        bound = left_slope * ratio + left_constant
        slope, constant, size = tail_line(x, y, ratio, count, losses, scratch)
        if slope * ratio + constant <= bound + ROUNDING * size or slope == 0.0:
            return ratio, steps + 1, FOUND
        if slope < 0.0:
            left, left_slope, left_constant = ratio, slope, constant
        else:
            right, right_slope, right_constant = ratio, slope, constant
    return ratio, MOST_TANGENTS, OUT_OF_STEPS


@compiled()
def loss_of_rank(losses, n, rank, weight):  # type: ignore[no-untyped-def]
    """Return the loss of ``rank`` from the worst (0), mixed with the next milder one by ``weight``; reorders."""
    upper = select_rank(losses, n, n - 1 - rank)
    if weight == 0.0 or rank + 1 >= n:
        return upper
    lower = losses[0]
    for i in range(1, n - 1 - rank):
        lower = max(lower, losses[i])
    return upper + weight * (lower - upper)


@compiled()
def value_at_risk_at(x, y, ratio, rank, weight, scratch):  # type: ignore[no-untyped-def]
    """Return the loss of ``rank`` (mixed as in ``loss_of_rank``) among ``x * ratio - y``."""
    for i in range(x.shape[0]):
        scratch[i] = x[i] * ratio - y[i]
    return loss_of_rank(scratch, x.shape[0], rank, weight)


@compiled()
def value_at_risk_above(x, y, first, last, low, high, rank, weight, scratch):  # type: ignore[no-untyped-def]
    """Return a bound that ``value_at_risk_at`` does not fall below for any ratio from ``low`` to ``high``.

    A row's loss is straight in the ratio, so that its least is at an end, and a rank never falls when losses rise.
    Only the rows from ``first`` to ``last`` are looked at.
    """
    for i in range(first, last):
        scratch[i - first] = min(x[i] * low, x[i] * high) - y[i]
    return loss_of_rank(scratch, last - first, rank, weight)


@compiled()
def keep_contenders(x, y, first, last, low, high, rank, scratch):  # type: ignore[no-untyped-def]
    """Copy behind ``last`` the rows that may hold ``rank`` or the next one for a ratio from ``low`` to ``high``.

    Returns how many they are and how many rows are worse than all of them; where they are more than half, the copy is
    of no use and the first number is -1.
    """
    n = last - first
    for i in range(first, last):
        scratch[i - first] = max(x[i] * low, x[i] * high) - y[i]
    ceiling = select_rank(scratch, n, n - 1 - rank)
    for i in range(first, last):
        scratch[i - first] = min(x[i] * low, x[i] * high) - y[i]
    floor = select_rank(scratch, n, max(n - 2 - rank, 0))
    kept = worse = 0
    for i in range(first, last):
        least = min(x[i] * low, x[i] * high) - y[i]
        most = max(x[i] * low, x[i] * high) - y[i]
        if least > ceiling:
            worse += 1
        elif most >= floor:
            if 2 * (kept + 1) > n:
                return -1, 0
            x[last + kept], y[last + kept] = x[i], y[i]
            kept += 1
    return kept, worse


@compiled()
def least_value_at_risk(x, y, rank, weight, low, high, start, tolerance):  # type: ignore[no-untyped-def]
    """Return the ratio in [``low``, ``high``] of least value at risk, the gap proven, and the intervals looked at.

    The value at risk of a sample has many local minima. Intervals of ratios are halved and left when their bound shows
    that nothing in them is better by more than ``tolerance``; what remains is within the gap of the best there is.
    The smaller an interval, the fewer rows change places in it: the others are not looked at again.
    """
    n = x.shape[0]
    rows_x, rows_y, scratch = np.empty(2 * n + 2), np.empty(2 * n + 2), np.empty(n)
    for i in range(n):
        rows_x[i], rows_y[i] = x[i], y[i]
    lows, highs, bounds = np.empty(DEPTH), np.empty(DEPTH), np.empty(DEPTH)
    places = np.empty((DEPTH, 3), np.int64)
    best_at = start
    best = value_at_risk_at(x, y, start, rank, weight, scratch)
    lows[0], highs[0] = low, high
    bounds[0] = value_at_risk_above(x, y, 0, n, low, high, rank, weight, scratch)
    places[0, 0], places[0, 1], places[0, 2] = 0, n, rank
    waiting = 1
    looked = 0
    while waiting > 0 and looked < MOST_INTERVALS and waiting + 2 < DEPTH:
        waiting -= 1
        a, b, bound = lows[waiting], highs[waiting], bounds[waiting]
        first, last, place = places[waiting, 0], places[waiting, 1], places[waiting, 2]
        middle = 0.5 * (a + b)
        if bound >= best - tolerance or middle <= a or middle >= b:
            continue
        looked += 1
        if last - first > FEW_ROWS:
            kept, worse = keep_contenders(rows_x, rows_y, first, last, a, b, place, scratch)
            if kept > 0:
                first, last, place = last, last + kept, place - worse
        for i in range(first, last):
            scratch[i - first] = rows_x[i] * middle - rows_y[i]
        value = loss_of_rank(scratch, last - first, place, weight)
        if value < best:
            best, best_at = value, middle
        left = value_at_risk_above(rows_x, rows_y, first, last, a, middle, place, weight, scratch)
        right = value_at_risk_above(rows_x, rows_y, first, last, middle, b, place, weight, scratch)
        for side in range(2):
            lower_half = (side == 0) == (left > right)  # the more promising half is looked at first
            half_bound = left if lower_half else right
            if half_bound < best - tolerance:
                lows[waiting], highs[waiting] = (a, middle) if lower_half else (middle, b)
                bounds[waiting] = half_bound
                places[waiting, 0], places[waiting, 1], places[waiting, 2] = first, last, place
                waiting += 1
    least = best - tolerance
    for i in range(waiting):
        least = min(least, bounds[i])
    return best_at, best - least, looked


@compiled()
def shortfall_pull(x, y, ratio, order):  # type: ignore[no-untyped-def]
    """Return the slope of the sum of shortfalls ``max(x * ratio - y, 0) ** order`` over its order, size and curvature.

    The size is the sum of the slope's absolute terms, by which rounding is measured.
    """
    slope = size = curvature = 0.0
    for i in range(x.shape[0]):
        short = x[i] * ratio - y[i]
        if short > 0.0:
            push = x[i] * (short if order == 2.0 else short ** (order - 1.0))
            slope += push
            size += abs(push)
            curvature += x[i] * push / short
    return slope, size, (order - 1.0) * curvature


@compiled()
def least_shortfall(x, y, order, low, high, start):  # type: ignore[no-untyped-def]
    """Return the ratio in [``low``, ``high``] of least summed shortfall to a power above 1, steps, and slope's share.

    Newton's steps, kept within what is known to enclose the least point.
    """
    ratio = start
    left, right = low, high
    left_seen = right_seen = False
    nothing = 0.0
    for steps in range(MOST_TANGENTS):
        slope, size, curvature = shortfall_pull(x, y, ratio, order)
        nothing = max(nothing, VANISHED * size)
        share = abs(slope) / size if size > nothing else 0.0
        at_bound = (slope > 0.0 and ratio <= low) or (slope < 0.0 and ratio >= high)
        if share <= ROUNDING or at_bound:
            return ratio, steps, 0.0 if at_bound else share
        if slope > 0.0:
            right, right_seen = ratio, True
        else:
            left, left_seen = ratio, True
        following = ratio - slope / curvature
        if following == ratio:  # the step is below rounding, and one end of the interval is this very ratio
            return ratio, steps, share
        if following >= right:
            following = 0.5 * (left + right) if right_seen else right
        elif following <= left:
            following = 0.5 * (left + right) if left_seen else left
        if following == ratio:
            return ratio, steps, share
        ratio = following
    return ratio, MOST_TANGENTS, share
