"""The stages that shape a multiplier, row after row: compiled on their first call.

Rows before ``first`` are the rule's warm-up and stay NaN.
"""

from __future__ import annotations

import numpy as np

from hedgerow.kernels.compile import compiled

DATE, MOVE, SHARE, ELAPSED = 0, 1, 2, 3  # as in triggers.Comparison: an enumeration would not be compiled
SMOOTH, PERSIST, FLOOR, CAP, THRESHOLD = 0, 1, 2, 3, 4


@compiled()
def first_defined(multiplier):  # type: ignore[no-untyped-def]
    """Return the first row that is no NaN, and the first row after it that is not finite (n_dates where none)."""
    n = multiplier.shape[0]
    first = n
    for t in range(n):
        if first == n and not np.isnan(multiplier[t]):
            first = t
        if first < n and not np.isfinite(multiplier[t]):
            return first, t
    return first, n


@compiled()
def mean_of_last(values, first, window, out):  # type: ignore[no-untyped-def]
    """Write the mean of the last ``window`` rows of ``values`` (n,), NaN before there are so many.

    Every window is summed by itself, newest row first: equal windows have equal means wherever they stand, and a large
    value leaves no trace once it has left.
    """
    n = values.shape[0]
    start = min(first + window - 1, n)
    for t in range(start):
        out[t] = np.nan
    mean = out[start:]
    for back in range(window):  # all windows at once: a sum over one would wait for each addition
        shifted = values[start - back :]
        for row in range(mean.shape[0]):
            mean[row] = shifted[row] if back == 0 else mean[row] + shifted[row]
    if window > 1:
        for row in range(mean.shape[0]):
            mean[row] /= window


@compiled()
def hold_until_persistent(values, first, days, tie, out):  # type: ignore[no-untyped-def]
    """Write what is held when a value is followed once it has lain on one side of it for ``days`` rows running."""
    n = values.shape[0]
    held, side, run = np.nan, 0, 0
    for t in range(n):
        if t <= first or days == 1:
            held = values[t]
            out[t] = held
            continue
        beyond = values[t] - held
        now = 1 if beyond > tie else (-1 if beyond < -tie else 0)
        if now == 0:
            run = 0
        elif now == side:
            run += 1
        else:
            run = 1
        side = now
        if run >= days:
            held, side, run = values[t], 0, 0
        out[t] = held


@compiled()
def hold_until_triggered(values, first, watched, kinds, places, limits, tie, out, rebalanced):  # type: ignore[no-untyped-def]
    """Write what is held when a value is followed only on dates on which a trigger is due, and those dates.

    ``watched`` (n_levels, n) holds every level, ``places`` which of them each trigger reads. Without triggers every
    row is due.
    """
    n = values.shape[0]
    count = kinds.shape[0]
    last = np.empty(count)
    held = np.nan
    for t in range(n):
        due = t >= first and (t == first or count == 0)
        if t > first:
            for k in range(count):
                level = watched[places[k], t]
                moved = abs(level - last[k])
                if kinds[k] == DATE:
                    due = due or level != 0.0
                elif kinds[k] == MOVE:
                    due = due or moved > limits[k] + tie
                elif kinds[k] == SHARE:
                    due = due or moved > (limits[k] + tie) * abs(last[k])
                else:
                    due = due or level - last[k] >= limits[k] - tie
        if due:
            held = values[t]
            for k in range(count):
                last[k] = watched[places[k], t]
        rebalanced[t] = due
        out[t] = held


@compiled()
def shape_into(multiplier, first, sizes, bounds, watched, kinds, places, limits, tie, stages, rebalanced):  # type: ignore[no-untyped-def]
    """Write every stage after the rule into ``stages`` (5, n): smooth, persist, floor, cap, threshold.

    ``sizes`` are rows to smooth over and closes to persist, ``bounds`` floor and cap, -inf and inf where there is none.
    """
    n = multiplier.shape[0]
    mean_of_last(multiplier, first, sizes[0], stages[SMOOTH])
    start = min(first + sizes[0] - 1, n)
    hold_until_persistent(stages[SMOOTH], start, sizes[1], tie, stages[PERSIST])
    for t in range(n):
        value = stages[PERSIST, t]
        value = bounds[0] if value < bounds[0] else value
        stages[FLOOR, t] = value
        stages[CAP, t] = bounds[1] if value > bounds[1] else value
    hold_until_triggered(stages[CAP], start, watched, kinds, places, limits, tie, stages[THRESHOLD], rebalanced)


@compiled()
def shape_sets(multipliers, sizes, bounds, watched, starts, kinds, places, limits, tie, out, rebalanced):  # type: ignore[no-untyped-def]
    """Shape each row of ``multipliers`` (n_sets, n) by sizes and bounds (n_sets, 2) of its own.

    Triggers of set s are those from ``starts[s]`` to ``starts[s + 1]``. Returns the first set and row with a value that
    is not finite after its warm-up, or the numbers of sets and rows where there is none.
    """
    n_sets, n = multipliers.shape
    stages = np.empty((5, n))
    for s in range(n_sets):
        first, broken = first_defined(multipliers[s])
        if broken < n:
            return s, broken
        low, high = starts[s], starts[s + 1]
        shape_into(
            multipliers[s],
            first,
            sizes[s],
            bounds[s],
            watched,
            kinds[low:high],
            places[low:high],
            limits[low:high],
            tie,
            stages,
            rebalanced[s],
        )
        for t in range(n):
            out[s, t] = stages[THRESHOLD, t]
    return n_sets, n
