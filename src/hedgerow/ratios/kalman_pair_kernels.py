"""The recursions of a state-space model written out for two states that walk at random: one hedge and an intercept.

They say what ``filter_rows`` and ``score_rows`` say, in a few registers instead of small arrays, from the row on before
which no state is diffuse; a tenth of the time. Only the likelihood and its slopes are made here: ratios that decisions
use come from ``filter_rows``.
"""

from __future__ import annotations

import math

import numpy as np

from hedgerow.kernels.compile import compiled


@compiled()
def filter_pair(design, y, model, carried, steps, first):  # type: ignore[no-untyped-def]
    """Run the filter from row ``first`` on; return the sums of log variances and of squared standardised errors.

    ``carried`` (5, 2) holds the state, covariance and diffuse part predicted for row ``first``. ``steps`` (n, 4) is
    written with the two gains, the standardised error and one over its variance (0 where the row is not observed).
    """
    a, b = carried[0, 0], carried[0, 1]
    p, c, r = carried[1, 0], carried[1, 1], carried[2, 1]
    drift_p, drift_r = model[1, 0], model[1, 1]
    logs, squares, product = 0.0, 0.0, 1.0
    for t in range(first, design.shape[0]):
        if np.isnan(y[t]):
            steps[t, 0] = steps[t, 1] = steps[t, 2] = steps[t, 3] = 0.0
        else:
            z, w = design[t, 0], design[t, 1]
            along, across = p * z + c * w, c * z + r * w
            variance = 1.0 + z * along + w * across
            precision = 1.0 / variance
            error = y[t] - z * a - w * b
            gain_a, gain_b = along * precision, across * precision
            a += gain_a * error
            b += gain_b * error
            p -= gain_a * along
            c -= gain_a * across
            r -= gain_b * across
            squares += error * error * precision
            product *= variance
            if product > 1e200:  # one logarithm for many rows
                logs += math.log(product)
                product = 1.0
            steps[t, 0], steps[t, 1], steps[t, 2], steps[t, 3] = gain_a, gain_b, error * precision, precision
        p += drift_p
        r += drift_r
    return logs + math.log(product), squares


@compiled()
def score_pair(design, steps, first, adjoint, spread, sums):  # type: ignore[no-untyped-def]
    """Add squared adjoints and spreads of rows from the last to ``first`` to ``sums`` (4, 2), as ``score_rows`` does.

    ``adjoint`` (2,) and ``spread`` (2, 2) are written with what row ``first`` hands back to the rows before it.
    """
    u = v = p = c = r = 0.0
    square_u = square_v = sum_p = sum_r = 0.0
    n = design.shape[0]
    for back in range(n - first):
        t = n - 1 - back
        square_u += u * u
        square_v += v * v
        sum_p += p
        sum_r += r
        z, w = design[t, 0], design[t, 1]
        gain_a, gain_b = steps[t, 0], steps[t, 1]
        along, across = p * gain_a + c * gain_b, c * gain_a + r * gain_b
        middle = steps[t, 3] + along * gain_a + across * gain_b
        pull = steps[t, 2] - gain_a * u - gain_b * v
        u += z * pull
        v += w * pull
        p += z * (z * middle - 2.0 * along)
        c += z * w * middle - along * w - z * across
        r += w * (w * middle - 2.0 * across)
    adjoint[0], adjoint[1] = u, v
    spread[0, 0], spread[0, 1], spread[1, 0], spread[1, 1] = p, c, c, r
    sums[0, 0] += square_u
    sums[0, 1] += square_v
    sums[1, 0] += sum_p
    sums[1, 1] += sum_r
