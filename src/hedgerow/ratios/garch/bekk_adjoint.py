"""The gradient of the BEKK log-likelihood, row by row backwards: its cost does not grow with the parameters.

With G_t the derivative of the log-likelihood of rows t and later by H_t, ``G_t = own part + B G_{t+1} B'``, and what
the recursion ``H_{t+1} = W + A'e e'A + B'H B`` is made of pulls with W: G, A: 2 e e'A G, B: 2 H B G.
"""

from __future__ import annotations

from math import log, log1p

from hedgerow.kernels.compile import compiled
from hedgerow.ratios.garch.bekk_kernels import invert_covariance, log_density, squared_distance


@compiled()
def pair_gradient(residuals, start, whole, a, b, freedom, tail_constant, tail_slope, path, by_whole, by_a, by_b):  # type: ignore[no-untyped-def]
    """Return the log-likelihood of two series and its derivative by freedom; write those by W, A and B (2, 2).

    ``whole`` (2, 2) is W, ``path`` (n, 3) scratch. Minus infinity, and nothing to use, where a covariance is not
    positive definite.
    """
    n = residuals.shape[0]
    a11, a12, a21, a22 = a[0, 0], a[0, 1], a[1, 0], a[1, 1]
    b11, b12, b21, b22 = b[0, 0], b[0, 1], b[1, 0], b[1, 1]
    w11, w12, w22 = whole[0, 0], whole[1, 0], whole[1, 1]
    h11, h12, h22 = start[0, 0], start[1, 0], start[1, 1]
    total = by_freedom = 0.0
    for row in range(n):
        x, y = residuals[row, 0], residuals[row, 1]
        determinant = h11 * h22 - h12 * h12
        if not (determinant > 0.0 and h11 > 0.0 and determinant < 1e300):
            return -float("inf"), 0.0
        path[row, 0], path[row, 1], path[row, 2] = h11, h12, h22
        distance = (h22 * x * x - 2.0 * h12 * x * y + h11 * y * y) / determinant
        total += log_density(log(determinant), distance, 2, freedom, tail_constant)
        if freedom > 0.0:
            room = freedom - 2.0
            by_freedom += tail_slope - 0.5 * log1p(distance / room)
            by_freedom += 0.5 * (freedom + 2.0) * distance / (room * (room + distance))
        u, v = a11 * x + a21 * y, a12 * x + a22 * y
        c11, c12 = b11 * h11 + b21 * h12, b12 * h11 + b22 * h12
        c21, c22 = b11 * h12 + b21 * h22, b12 * h12 + b22 * h22
        h11 = w11 + u * u + b11 * c11 + b21 * c21
        h12 = w12 + u * v + b11 * c12 + b21 * c22
        h22 = w22 + v * v + b12 * c12 + b22 * c22
    g11 = g12 = g22 = 0.0  # of the row after
    s11 = s12 = s22 = p11 = p12 = p21 = p22 = q11 = q12 = q21 = q22 = 0.0
    for back in range(n):
        row = n - 1 - back
        x, y = residuals[row, 0], residuals[row, 1]
        h11, h12, h22 = path[row, 0], path[row, 1], path[row, 2]
        s11, s12, s22 = s11 + g11, s12 + g12, s22 + g22
        u, v = a11 * x + a21 * y, a12 * x + a22 * y
        k1, k2 = u * g11 + v * g12, u * g12 + v * g22
        p11, p12, p21, p22 = p11 + x * k1, p12 + x * k2, p21 + y * k1, p22 + y * k2
        m11, m12 = b11 * g11 + b12 * g12, b11 * g12 + b12 * g22  # B G
        m21, m22 = b21 * g11 + b22 * g12, b21 * g12 + b22 * g22
        q11, q12 = q11 + h11 * m11 + h12 * m21, q12 + h11 * m12 + h12 * m22
        q21, q22 = q21 + h12 * m11 + h22 * m21, q22 + h12 * m12 + h22 * m22
        inverse = 1.0 / (h11 * h22 - h12 * h12)
        i11, i12, i22 = h22 * inverse, -h12 * inverse, h11 * inverse
        z1, z2 = i11 * x + i12 * y, i12 * x + i22 * y
        pull = (freedom + 2.0) / (freedom - 2.0 + z1 * x + z2 * y) if freedom > 0.0 else 1.0
        g11 = 0.5 * (pull * z1 * z1 - i11) + m11 * b11 + m12 * b12
        g12 = 0.5 * (pull * z1 * z2 - i12) + m11 * b21 + m12 * b22
        g22 = 0.5 * (pull * z2 * z2 - i22) + m21 * b21 + m22 * b22
    by_whole[0, 0], by_whole[0, 1], by_whole[1, 0], by_whole[1, 1] = s11, s12, s12, s22
    by_a[0, 0], by_a[0, 1], by_a[1, 0], by_a[1, 1] = 2.0 * p11, 2.0 * p12, 2.0 * p21, 2.0 * p22
    by_b[0, 0], by_b[0, 1], by_b[1, 0], by_b[1, 1] = 2.0 * q11, 2.0 * q12, 2.0 * q21, 2.0 * q22
    return total, by_freedom


@compiled()
def multiply(left, right, out):  # type: ignore[no-untyped-def]
    """Write ``left @ right`` of small squares (d, d) into ``out``."""
    d = left.shape[0]
    for i in range(d):
        for j in range(d):
            value = 0.0
            for k in range(d):
                value += left[i, k] * right[k, j]
            out[i, j] = value


@compiled()
def weigh_residual(residuals, row, a, loaded):  # type: ignore[no-untyped-def]
    """Write ``A'e`` (d,) of one row into ``loaded``."""
    d = a.shape[0]
    for j in range(d):
        loaded[j] = 0.0
        for k in range(d):
            loaded[j] += residuals[row, k] * a[k, j]


@compiled()
def advance(residuals, row, whole, a, b, path, moved, loaded):  # type: ignore[no-untyped-def]
    """Write the covariance of the row after ``row`` into ``path``: ``W + A'e e'A + B'H B``."""
    d = whole.shape[0]
    multiply(path[row], b, moved)
    weigh_residual(residuals, row, a, loaded)
    for i in range(d):
        for j in range(i + 1):
            value = whole[i, j] + loaded[i] * loaded[j]
            for k in range(d):
                value += b[k, i] * moved[k, j]
            path[row + 1, i, j] = path[row + 1, j, i] = value


@compiled()
def gather_pulls(residuals, row, a, b, path, after, square, by_whole, by_a, by_b):  # type: ignore[no-untyped-def]
    """Add what ``row`` contributes to the derivatives by W, A and B; ``square[3]`` becomes ``B after``."""
    d = after.shape[0]
    moved, loaded = square[3], square[5, 0]
    weigh_residual(residuals, row, a, loaded)
    multiply(b, after, moved)
    for j in range(d):
        pulled = 0.0
        for k in range(d):
            pulled += loaded[k] * after[k, j]
        for i in range(d):
            by_whole[i, j] += after[i, j]
            by_a[i, j] += 2.0 * residuals[row, i] * pulled
            value = 0.0
            for k in range(d):
                value += path[row, i, k] * moved[k, j]
            by_b[i, j] += 2.0 * value


@compiled()
def bekk_gradient(  # type: ignore[no-untyped-def]
    residuals, start, whole, a, b, freedom, tail_constant, tail_slope, path, square, by_whole, by_a, by_b
):  # fmt: skip
    """Do what :func:`pair_gradient` does for any number of series.

    ``path`` (n, d, d) and ``square`` (6, d, d) are scratch; ``by_whole``, ``by_a`` and ``by_b`` come as zeros.
    """
    n, d = residuals.shape
    factor, inverse, whitened, moved, after = square[0], square[1], square[2, 0], square[3], square[4]
    total = by_freedom = 0.0
    for i in range(d):
        for j in range(d):
            path[0, i, j], after[i, j] = start[i, j], 0.0
    for row in range(n):
        log_determinant = invert_covariance(path[row], factor, inverse)
        if not log_determinant < 1e300:
            return -float("inf"), 0.0
        distance = squared_distance(residuals, row, inverse, whitened)
        total += log_density(log_determinant, distance, d, freedom, tail_constant)
        if freedom > 0.0:
            room = freedom - 2.0
            by_freedom += tail_slope - 0.5 * log1p(distance / room)
            by_freedom += 0.5 * (freedom + d) * distance / (room * (room + distance))
        if row + 1 < n:
            advance(residuals, row, whole, a, b, path, moved, square[5, 0])
    for back in range(n):
        row = n - 1 - back
        gather_pulls(residuals, row, a, b, path, after, square, by_whole, by_a, by_b)
        invert_covariance(path[row], factor, inverse)
        distance = squared_distance(residuals, row, inverse, whitened)
        pull = (freedom + d) / (freedom - 2.0 + distance) if freedom > 0.0 else 1.0
        for i in range(d):
            for j in range(i + 1):
                value = 0.5 * (pull * whitened[i] * whitened[j] - inverse[i, j])
                for k in range(d):
                    value += moved[i, k] * b[j, k]
                after[i, j] = after[j, i] = value
    return total, by_freedom
