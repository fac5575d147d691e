"""Co-moments of a growing history, and the least-squares coefficients they contain.

The recursion is Welford's, with a discount: row by row, means and centred products are moved by the newest observation
only, so the co-moments of the first r rows are the same numbers whatever comes after row r.
"""

from __future__ import annotations

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.kernels.compile import compiled, dense

WEAKEST_PIVOT = 1e-8
"""Below this share of a column's own moment left unexplained by the others, co-moments no longer hold enough digits."""


@compiled()
def grow_comoments(columns, ends, decay, centred, scratch, cross, means, out):  # type: ignore[no-untyped-def]
    """Write the co-moments of the rows before each of ``ends`` (r,), ascending, into ``out`` (r, p, p).

    ``out[i] = sum over t < end of decay^(end-1-t) (z_t - mean)(z_t - mean)'`` for ``columns`` z (n, p), where the mean
    carries the same weights, and is zero unless ``centred``; ``means`` (r, p) receives it. ``scratch`` (2, p) and
    ``cross`` (p, p) come as zeros and are overwritten.
    """
    p = columns.shape[1]
    mean, before = scratch[0], scratch[1]
    weight = 0.0
    row = 0
    for i in range(ends.shape[0]):
        while row < ends[i]:
            weight = decay * weight + 1.0
            for a in range(p):
                before[a] = columns[row, a] - mean[a]
                if centred:
                    mean[a] += before[a] / weight
            for a in range(p):
                for b in range(a + 1):
                    cross[a, b] = decay * cross[a, b] + before[a] * (columns[row, b] - mean[b])
            row += 1
        for a in range(p):
            means[i, a] = mean[a]
            for b in range(a + 1):
                out[i, a, b] = cross[a, b]
                out[i, b, a] = cross[a, b]


@compiled()
def solve_each(moments, factor, coefficients, pivots):  # type: ignore[no-untyped-def]
    """Regress the last variable of each of ``moments`` (r, p, p) on the others, by Cholesky's factors.

    ``coefficients`` (r, p - 1) receives the slopes; ``pivots`` (r,) the smallest share of a regressor's moment that the
    regressors before it leave unexplained: near zero where they are collinear, and zero where one does not move.
    ``factor`` (p - 1, p - 1) is overwritten.
    """
    k = moments.shape[1] - 1
    for i in range(moments.shape[0]):
        smallest = 1.0
        for a in range(k):
            for b in range(a + 1):
                value = moments[i, a, b]
                for c in range(b):
                    value -= factor[a, c] * factor[b, c]
                if a == b:
                    share = value / moments[i, a, a] if moments[i, a, a] > 0.0 else 0.0
                    if not share >= smallest:
                        smallest = share
                    factor[a, a] = np.sqrt(value) if value > 0.0 else np.nan
                else:
                    factor[a, b] = value / factor[b, b]
        for a in range(k):
            value = moments[i, a, k]
            for c in range(a):
                value -= factor[a, c] * coefficients[i, c]
            coefficients[i, a] = value / factor[a, a]
        for a in range(k - 1, -1, -1):
            value = coefficients[i, a]
            for c in range(a + 1, k):
                value -= factor[c, a] * coefficients[i, c]
            coefficients[i, a] = value / factor[a, a]
        pivots[i] = smallest


def growing_comoments(
    columns: FloatArray, ends: IntArray, *, decay: float = 1.0, centred: bool = True
) -> tuple[FloatArray, FloatArray]:
    """Return means (r, p) and co-moments (r, p, p) of the rows of ``columns`` (n, p) before each of ``ends`` (r,).

    Weights are ``decay ** age``, the newest row having age 0; ``ends`` is ascending.
    """
    p = columns.shape[1]
    means, out = np.empty((len(ends), p)), np.empty((len(ends), p, p))
    rows, scratch, cross = np.ascontiguousarray(ends, dtype=np.int64), np.zeros((2, p)), np.zeros((p, p))
    grow_comoments(dense(columns), rows, float(decay), bool(centred), scratch, cross, means, out)
    return means, out


def slopes_of_comoments(moments: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return slopes (r, p - 1) of the last variable on the others, and the smallest pivot share (r,) of each solution.

    Slopes whose pivot share is below :data:`WEAKEST_PIVOT` are to be found another way, from the rows themselves.
    """
    r, p = moments.shape[:2]
    coefficients, pivots = np.empty((r, p - 1)), np.empty(r)
    solve_each(dense(moments), np.zeros((p - 1, p - 1)), coefficients, pivots)
    return coefficients, pivots
