"""Sliding windows: the slope of many series on one, and the co-moments of a few columns, row by row.

Sums slide: each row adds the newest observation and takes off the oldest. They are taken about a row of the window's
own past, made anew every few windows, and kept from losing digits to an outlier that has left, so that neither a large
level, a long history nor a wild row harms the rows after it. No result depends on a row after its own.
"""

from __future__ import annotations

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.kernels.compile import compiled, dense, share_out

TILE_COLUMNS = 256
"""Series worked on together; fixed, so that the numbers do not depend on the number of threads."""

FEW_COLUMNS = 16
"""Fewer series than this are rolled one by one: rows so short would leave most of a vector register empty."""

GROUP = 8
"""Series laid end to end together before they are rolled one by one."""

WINDOWS_BETWEEN_REFRESHES = 8

SMALLEST_SHARE = 1e-3
"""Sums are made anew when a window moves this much less than what passed through them: its digits have been lost."""


@compiled()
def middle_of_three(a, b, c):  # type: ignore[no-untyped-def]
    """Return the median of three numbers."""
    return max(min(a, b), min(max(a, b), c))


@compiled()
def slide_regressor(x, window, zero, mean, scale, fresh):  # type: ignore[no-untyped-def]
    """Write, for each row's window of ``x`` (n,), what every series regressed on it needs.

    ``zero`` is the value about which sums are taken (the median of three rows, which no single wild row can carry
    away), ``mean`` the window's mean about it, ``scale`` one over the window's sum of squares about that mean (NaN
    where x does not move), and ``fresh`` says at which rows all sums are made anew.
    """
    share = 1.0 / window
    total = square = peak = about = last = 0.0
    unchanged = 0
    left_until_refresh = 0
    leaving_from = x[: max(0, x.shape[0] - window)]
    for i in range(x.shape[0]):
        unchanged = unchanged + 1 if i > 0 and x[i] == last else 1
        last = x[i]
        if i < window - 1:
            continue
        again = left_until_refresh == 0
        if not again:
            entering = last - about
            leaving = leaving_from[i - window] - about
            total += entering - leaving
            square += entering * entering - leaving * leaving
            peak = max(peak, square)
            left_until_refresh -= 1
            again = square - share * total * total < SMALLEST_SHARE * peak
        if again:
            left_until_refresh = WINDOWS_BETWEEN_REFRESHES * window
            about = middle_of_three(x[i - window + 1], x[i - window // 2], x[i])
            total = square = 0.0
            for j in range(i - window + 1, i + 1):
                total += x[j] - about
                square += (x[j] - about) * (x[j] - about)
            peak = square
        fresh[i] = again
        zero[i] = about
        mean[i] = total * share
        scale[i] = np.nan if unchanged >= window else 1.0 / (square - share * total * total)


@compiled()
def fresh_sums(y, x, first, window, about):  # type: ignore[no-untyped-def]
    """Return the first value of a window of ``y``, and the window's sums of y, x y and y y about it and ``about``."""
    y_zero = y[first]
    sum_y = sum_xy = sum_yy = 0.0
    for j in range(first + 1, first + window):
        above = y[j] - y_zero
        sum_y += above
        sum_xy += (x[j] - about) * above
        sum_yy += above * above
    return y_zero, sum_y, sum_xy, sum_yy


@compiled()
def slope_of_one(y, x, window, zero, mean, scale, fresh, out):  # type: ignore[no-untyped-def]
    """Write the sliding slope of one series ``y`` (n,) on ``x`` (n,) into ``out`` (n,); return False on NaN or inf.

    ``zero``, ``mean``, ``scale`` and ``fresh`` (n,) are what :func:`slide_regressor` found. The sums of ``y`` are made
    anew at ``fresh`` rows, and where a wild row that has left took their digits with it.
    """
    n = y.shape[0]
    share = 1.0 / window
    for i in range(min(window - 1, n)):
        out[i] = np.nan
    if n < window:
        return True
    y_zero, sum_y, sum_xy, sum_yy = fresh_sums(y, x, 0, window, zero[window - 1])
    out[window - 1] = (sum_xy - mean[window - 1] * sum_y) * scale[window - 1]
    peak = sum_yy
    finite = True
    # Views that begin at the entering and at the leaving row: an index that may look negative costs a third more.
    y_in, y_out, x_in, x_out = y[window:], y[: n - window], x[window:], x[: n - window]
    zero_in, mean_in, scale_in, fresh_in = zero[window:], mean[window:], scale[window:], fresh[window:]
    slopes = out[window:]
    for j in range(n - window):
        again = fresh_in[j]
        about = zero_in[j]
        if not again:
            entering = y_in[j] - y_zero
            leaving = y_out[j] - y_zero
            sum_y += entering - leaving
            sum_xy += (x_in[j] - about) * entering - (x_out[j] - about) * leaving
            sum_yy += entering * entering - leaving * leaving
            peak = max(peak, sum_yy)
            again = sum_yy - share * sum_y * sum_y < SMALLEST_SHARE * peak
        if again:
            finite = finite and np.isfinite(sum_y + sum_xy)
            y_zero, sum_y, sum_xy, sum_yy = fresh_sums(y, x, j + 1, window, about)
            peak = sum_yy
        slopes[j] = (sum_xy - mean_in[j] * sum_y) * scale_in[j]
    return finite and np.isfinite(sum_y + sum_xy)


@compiled()
def slopes_of_few(y, x, window, zero, mean, scale, fresh, scratch, out):  # type: ignore[no-untyped-def]
    """Write :func:`slope_of_one` for each column of ``y`` (n, m) into ``out`` (n, m); return False on NaN or inf.

    A few columns at a time are laid end to end in ``scratch`` (2, columns, n), beside their slopes.
    """
    series, slopes = scratch[0], scratch[1]
    group, n = series.shape
    finite = True
    for left in range(0, y.shape[1], group):
        width = min(group, y.shape[1] - left)
        for i in range(n):
            for c in range(width):
                series[c, i] = y[i, left + c]
        for c in range(width):
            finite = slope_of_one(series[c], x, window, zero, mean, scale, fresh, slopes[c]) and finite
        for i in range(n):
            for c in range(width):
                out[i, left + c] = slopes[c, i]
    return finite


@compiled()
def refresh_tile(y, x, i, window, left, x_zero, y_zero, sums):  # type: ignore[no-untyped-def]
    """Make the sums of the window that ends at row ``i`` anew, about the median of three of its rows."""
    width = y_zero.shape[0]
    first, middle = i - window + 1, i - window // 2
    for c in range(width):
        y_zero[c] = middle_of_three(y[first, left + c], y[middle, left + c], y[i, left + c])
    sums[:] = 0.0
    sum_y, sum_xy = sums[0], sums[2]
    for j in range(first, i + 1):
        dx = x[j] - x_zero
        now = y[j, left : left + width]
        for c in range(width):
            dy = now[c] - y_zero[c]
            sum_y[c] += dy
            sum_xy[c] += dx * dy


@compiled(fastmath=False)
def slide_tile(new_y, old_y, new_x, old_x, y_zero, sums):  # type: ignore[no-untyped-def]
    """Move a tile's sums by one row, carrying what each addition rounds off.

    What a wild row brings in leaves with it: a product is the same number on its way in and on its way out, which it
    would not be were it fused with the addition.
    """
    sum_y, lost_y, sum_xy, lost_xy = sums[0], sums[1], sums[2], sums[3]
    for c in range(y_zero.shape[0]):
        entering = new_y[c] - y_zero[c]
        leaving = old_y[c] - y_zero[c]
        total = sum_y[c]
        added = total + entering
        part = added - total
        lost = (total - (added - part)) + (entering - part)
        total = added - leaving
        part = total - added
        lost += (added - (total - part)) - (leaving + part)
        sum_y[c] = total
        lost_y[c] += lost
        entering *= new_x
        leaving *= old_x
        total = sum_xy[c]
        added = total + entering
        part = added - total
        lost = (total - (added - part)) + (entering - part)
        total = added - leaving
        part = total - added
        lost += (added - (total - part)) - (leaving + part)
        sum_xy[c] = total
        lost_xy[c] += lost


@compiled()
def all_finite(sums):  # type: ignore[no-untyped-def]
    """Return whether no sum of a tile has met NaN or inf."""
    finite = True
    for c in range(sums.shape[1]):
        finite = finite and np.isfinite(sums[0, c] + sums[2, c])
    return finite


@compiled()
def slope_of_tile(y, x, window, left, right, zero, mean, scale, fresh, out):  # type: ignore[no-untyped-def]
    """Write the sliding slopes of columns ``left`` to ``right`` of ``y`` (n, m) on ``x`` (n,) into ``out`` (n, m).

    The inner loops run along a row, where memory is contiguous; a tile's window of rows stays in the core's cache, so
    that each number of ``y`` is fetched from memory once. Returns False where a column holds NaN or inf.
    """
    y_zero, sums = np.zeros(right - left), np.zeros((4, right - left))
    sum_y, lost_y, sum_xy, lost_xy = sums[0], sums[1], sums[2], sums[3]
    finite = True
    for i in range(y.shape[0]):
        row = out[i, left:right]
        if i < window - 1:
            row[:] = np.nan
            continue
        if fresh[i]:
            finite = finite and all_finite(sums)
            refresh_tile(y, x, i, window, left, zero[i], y_zero, sums)
        else:
            new_x, old_x = x[i] - zero[i], x[i - window] - zero[i]
            slide_tile(y[i, left:right], y[i - window, left:right], new_x, old_x, y_zero, sums)
        factor = scale[i]
        shift = mean[i] * factor
        for c in range(right - left):
            row[c] = (sum_xy[c] + lost_xy[c]) * factor - (sum_y[c] + lost_y[c]) * shift
    return finite and all_finite(sums)


def rolling_slope(y: FloatArray, x: FloatArray, window: int, out: FloatArray) -> bool:
    """Write into ``out`` (n, m) the slope, with intercept, of each column of ``y`` (n, m) on ``x`` (n,).

    Row t holds ``cov(y, x) / var(x)`` over the ``window`` rows that end at t; NaN for the first ``window - 1`` rows and
    where ``x`` does not move within the window. Returns False where ``y`` or ``x`` holds NaN or inf, in which case rows
    after the first such row mean nothing.
    """
    y, x = dense(y), dense(x)
    n, columns = y.shape
    zero, mean, scale = np.empty(n), np.empty(n), np.empty(n)
    fresh = np.empty(n, dtype=np.bool_)
    slide_regressor(x, window, zero, mean, scale, fresh)
    if columns == 1:
        return bool(slope_of_one(y[:, 0], x, window, zero, mean, scale, fresh, out[:, 0]))
    if columns < FEW_COLUMNS:
        scratch = np.empty((2, min(columns, GROUP), n))
        return bool(slopes_of_few(y, x, window, zero, mean, scale, fresh, scratch, out))
    starts = range(0, columns, TILE_COLUMNS)

    def run(tile: int) -> bool:
        left = starts[tile]
        right = min(left + TILE_COLUMNS, columns)
        return bool(slope_of_tile(y, x, window, left, right, zero, mean, scale, fresh, out))

    return all(share_out(run, len(starts)))


@compiled()
def add_to_sums(columns, row, sign, zero, sums, cross):  # type: ignore[no-untyped-def]
    """Add (``sign`` 1) or take off (-1) one row of ``columns`` (n, p) to sums and products about ``zero`` (p,)."""
    for a in range(columns.shape[1]):
        about_a = columns[row, a] - zero[a]
        sums[a] += sign * about_a
        for b in range(a + 1):
            cross[a, b] += sign * about_a * (columns[row, b] - zero[b])


@compiled()
def sliding_comoments(columns, ends, window, scratch, cross, out):  # type: ignore[no-untyped-def]
    """Write centred co-moments of the ``window`` rows before each of ``ends`` (r,), ascending, into ``out`` (r, p, p).

    ``out[i] = sum over rows t in [end - window, end) of (z_t - mean)(z_t - mean)'`` for ``columns`` z (n, p);
    ``scratch`` (3, p) and ``cross`` (p, p) are overwritten.
    """
    p = columns.shape[1]
    zero, sums, peaks = scratch[0], scratch[1], scratch[2]
    for a in range(p):
        peaks[a] = 0.0
    end = 0
    left_until_refresh = 0
    for i in range(ends.shape[0]):
        if ends[i] - end > window:
            left_until_refresh = 0
        while end < ends[i]:
            fresh = left_until_refresh == 0
            if not fresh:
                add_to_sums(columns, end, 1.0, zero, sums, cross)
                add_to_sums(columns, end - window, -1.0, zero, sums, cross)
                end += 1
                left_until_refresh -= 1
                for a in range(p):
                    peaks[a] = max(peaks[a], cross[a, a])
                    fresh = fresh | (cross[a, a] - sums[a] * sums[a] / window < SMALLEST_SHARE * peaks[a])
            else:
                end = ends[i]
            if fresh:
                left_until_refresh = WINDOWS_BETWEEN_REFRESHES * window
                for a in range(p):
                    sums[a] = 0.0
                    zero[a] = columns[end - window, a]
                    for b in range(p):
                        cross[a, b] = 0.0
                for row in range(end - window + 1, end):
                    add_to_sums(columns, row, 1.0, zero, sums, cross)
                for a in range(p):
                    peaks[a] = cross[a, a]
        for a in range(p):
            for b in range(a + 1):
                value = cross[a, b] - sums[a] * sums[b] / window
                out[i, a, b] = value
                out[i, b, a] = value


def windowed_comoments(columns: FloatArray, ends: IntArray, window: int) -> FloatArray:
    """Return centred co-moments (r, p, p) of the ``window`` rows of ``columns`` (n, p) before each of ``ends`` (r,)."""
    p = columns.shape[1]
    out = np.empty((len(ends), p, p))
    rows = np.ascontiguousarray(ends, dtype=np.int64)
    sliding_comoments(dense(columns), rows, window, np.empty((3, p)), np.empty((p, p)), out)
    return out
