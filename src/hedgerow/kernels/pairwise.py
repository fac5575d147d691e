"""The exact median, or any rank, of the slopes between all pairs of rows, without holding them all.

Slopes are counted below and above a bracket of values and kept only inside it. A bracket comes from a sample of pairs
and is checked by counting, so the answer is exact whatever the sample; when the rank sought lies outside, another
bracket is tried. A growing history adds the slopes of its newest row to the counts.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.kernels.compile import compiled, dense

SAMPLE_PAIRS = 60_000
BUCKETS = 4096
HALF_WIDTH = 0.012
"""Share of all slopes that a bracket reaches to either side: six standard errors of the sample's quantile."""
ROOM = 0.1
"""Share of all slopes for which there is room inside a bracket."""


@compiled()
def sampled_slopes(x: Any, y: Any, n: Any, seed: Any, slopes: Any) -> Any:
    """Return sorted slopes of pseudo-random pairs among the first ``n`` rows, or of all pairs where they are few.

    ``slopes`` (:data:`SAMPLE_PAIRS`,) is overwritten and a part of it returned.
    """
    pairs = n * (n - 1) // 2
    found = 0
    if pairs <= SAMPLE_PAIRS:
        for i in range(1, n):
            for j in range(i):
                if x[i] != x[j]:
                    slopes[found] = (y[i] - y[j]) / (x[i] - x[j])
                    found += 1
    else:
        state = np.uint64(seed) * np.uint64(2654435769) + np.uint64(88172645463325252)
        for _ in range(SAMPLE_PAIRS):
            state ^= state << np.uint64(13)
            state ^= state >> np.uint64(7)
            state ^= state << np.uint64(17)
            first = np.int64((state >> np.uint64(33)) % np.uint64(n))
            second = np.int64(((state >> np.uint64(2)) & np.uint64(0x7FFFFFFF)) % np.uint64(n))
            if x[first] != x[second]:
                slopes[found] = (y[first] - y[second]) / (x[first] - x[second])
                found += 1
    kept = slopes[:found]
    kept.sort()
    return kept


@compiled()
def bucket_of(slope, low, high):  # type: ignore[no-untyped-def]
    """Return which of the equal parts of [low, high] holds ``slope``."""
    share = (slope - low) / (high - low) if high > low else 0.0
    return min(BUCKETS - 1, max(0, int(share * BUCKETS)))


@compiled()
def add_row(x, y, row, low, high, counts, values, links, heads, sizes):  # type: ignore[no-untyped-def]
    """Count the slopes from ``row`` to every earlier row; return False when there is no room to keep one.

    ``counts`` holds slopes in all, below ``low``, equal to it, kept, and equal to ``high``. Only slopes strictly inside
    the bracket are kept, linked into their bucket, so that a value that very many pairs share takes no room.
    """
    x_row, y_row = x[row], y[row]
    total, below, at_low, kept, at_high = counts
    room = values.shape[0]
    for j in range(row):
        dx = x_row - x[j]
        if dx == 0.0:
            continue
        slope = (y_row - y[j]) / dx
        total += 1
        below += slope < low
        if (slope >= low) & (slope <= high):
            if slope == low:
                at_low += 1
            elif slope == high:
                at_high += 1
            else:
                if kept == room:
                    return False
                bucket = bucket_of(slope, low, high)
                values[kept] = slope
                links[kept] = heads[bucket]
                heads[bucket] = kept
                sizes[bucket] += 1
                kept += 1
    counts[0], counts[1], counts[2], counts[3], counts[4] = total, below, at_low, kept, at_high
    return True


@compiled()
def slope_in_bracket(rank, low, high, counts, values, links, heads, sizes, scratch):  # type: ignore[no-untyped-def]
    """Return the slope of ``rank``, from 0 among all, which the bracket holds."""
    rank -= counts[1] + counts[2]
    if rank < 0:
        return low
    if rank >= counts[3]:
        return high
    bucket = 0
    while sizes[bucket] <= rank:
        rank -= sizes[bucket]
        bucket += 1
    members = scratch[: sizes[bucket]]
    link = heads[bucket]
    for i in range(members.shape[0]):
        members[i] = values[link]
        link = links[link]
    members.sort()  # a bucket is short; NumPy's partition takes seconds to compile
    return members[rank]


@compiled()
def count_all(x, y, n, low, high, counts, values, links, heads, sizes):  # type: ignore[no-untyped-def]
    """Count all pairs of the first ``n`` rows afresh; return False when there is no room to keep a slope."""
    for i in range(counts.shape[0]):
        counts[i] = 0
    for i in range(heads.shape[0]):
        heads[i] = -1
        sizes[i] = 0
    fits = True
    row = 1
    while fits and row < n:
        fits = add_row(x, y, row, low, high, counts, values, links, heads, sizes)
        row += 1
    return fits


@compiled()
def slope_ranks(x, y, ends, rank, half_width, wander, counts, values, links, heads, sizes, scratch, out):  # type: ignore[no-untyped-def]
    """Write into ``out`` (r,) the slope of ``rank``, or the mean of the two middle ones where ``rank`` is negative.

    Each is taken over the rows of ``x``, ``y`` (n,) before one of ``ends`` (r,), ascending; NaN where ``x`` does not
    move. Brackets reach ``half_width`` to either side of the rank, as a share of all slopes, and ``wander`` over the
    root of the rows more, for the ranks still to come. The arrays from ``counts`` to ``scratch`` are overwritten.
    """
    low = high = 0.0
    row = 0
    attempt = 0
    for i in range(ends.shape[0]):
        n = ends[i]
        counted = row > 0
        while counted and row < n:
            counted = add_row(x, y, row, low, high, counts, values, links, heads, sizes)
            row += 1
        row = n
        width = min(1.0, half_width + wander / np.sqrt(n))
        fitted = counted
        while True:
            total = counts[0] if fitted else n * (n - 1) // 2
            first = rank if rank >= 0 else (total - 1) // 2
            second = rank if rank >= 0 else total // 2
            if counted and counts[1] <= first and second < counts[1] + counts[2] + counts[3] + counts[4]:
                lower = slope_in_bracket(first, low, high, counts, values, links, heads, sizes, scratch)
                upper = slope_in_bracket(second, low, high, counts, values, links, heads, sizes, scratch)
                out[i] = lower if lower == upper else 0.5 * (lower + upper)
                break
            attempt += 1
            sample = sampled_slopes(x, y, n, attempt, scratch)
            last = sample.shape[0] - 1
            if last < 0:
                out[i] = np.nan
                row = 0
                break
            share = first / max(1, total)
            low = sample[max(0, int((share - width) * last))]
            high = sample[min(last, int((share + width) * last) + 1)]
            counted = count_all(x, y, n, low, high, counts, values, links, heads, sizes)
            fitted = fitted or counted
            width = min(1.0, 1.7 * width) if counted else 0.4 * width


def middle_slopes(x: FloatArray, y: FloatArray, ends: IntArray) -> FloatArray:
    """Return the exact median slope (r,) between all pairs of the rows before each of ``ends`` (r,), ascending."""
    return _slopes(x, y, ends, -1, 0.0 if len(ends) == 1 else 2.0)


def slope_of_rank(x: FloatArray, y: FloatArray, rank: int) -> float:
    """Return the slope of ``rank``, from 0, among those between all pairs of rows that differ in ``x``."""
    return float(_slopes(x, y, np.array([len(x)]), rank, 0.0)[0])


def _slopes(x: FloatArray, y: FloatArray, ends: IntArray, rank: int, wander: float) -> FloatArray:
    out = np.empty(len(ends))
    n = int(ends[-1])
    pairs = n * (n - 1) // 2
    room = max(1, min(pairs, max(1 << 20, int(ROOM * pairs))))
    rows = np.ascontiguousarray(ends, dtype=np.int64)
    counts, links = np.zeros(5, dtype=np.int64), np.empty(room, dtype=np.int64)
    heads, sizes = np.full(BUCKETS, -1, dtype=np.int64), np.zeros(BUCKETS, dtype=np.int64)
    kept = (counts, np.empty(room), links, heads, sizes, np.empty(max(room, SAMPLE_PAIRS)))
    slope_ranks(dense(x), dense(y), rows, int(rank), HALF_WIDTH, float(wander), *kept, out)
    return out
