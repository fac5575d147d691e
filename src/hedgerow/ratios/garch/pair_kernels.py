"""The likelihood of two series' correlation with its derivatives, written out: several times faster than for any k."""

from __future__ import annotations

import math

from hedgerow.kernels.compile import compiled


@compiled()
def pair_likelihood(e, rho, falls_x, falls_xy, falls_y, a, b, g, freedom, scores):  # type: ignore[no-untyped-def]
    """Return and write what ``series_likelihood`` does, for two series of target correlation ``rho``."""
    n = e.shape[0]
    kept = 1.0 - a - b
    base_x, base_xy, base_y = kept - g * falls_x, kept * rho - g * falls_xy, kept - g * falls_y
    qx, qxy, qy = 1.0, rho, 1.0
    ax = axy = ay = bx = bxy = by = gx = gxy = gy = 0.0
    value, product = 0.0, 1.0
    sum_a = sum_b = sum_g = sum_freedom = 0.0
    for t in range(n):
        x, y = e[t, 0], e[t, 1]
        inverse_x, inverse_y = 1.0 / qx, 1.0 / qy
        root = math.sqrt(inverse_x * inverse_y)
        r = qxy * root
        left = 1.0 - r * r
        if not left > 0.0:
            return math.nan, 0.0, 0.0, 0.0, 0.0
        inverse = 1.0 / left
        distance = (x * x - 2.0 * r * x * y + y * y) * inverse
        weight = 1.0
        scores[t, 3] = 0.0
        if freedom > 0.0:
            tail = 1.0 / (freedom - 2.0 + distance)
            weight = (freedom + 2.0) * tail
            logarithm = math.log(1.0 + distance / (freedom - 2.0))
            value -= 0.5 * (freedom + 2.0) * logarithm
            scores[t, 3] = 0.5 * (weight * distance / (freedom - 2.0) - logarithm)
            sum_freedom += scores[t, 3]
        else:
            value -= 0.5 * distance
        product *= left
        if t % 4 == 3 or t == n - 1:
            value -= 0.5 * math.log(product)
            product = 1.0
        slope = (r + weight * (x * y - r * distance)) * inverse
        half_x, half_y = 0.5 * r * inverse_x, 0.5 * r * inverse_y
        scores[t, 0] = slope * (axy * root - half_x * ax - half_y * ay)
        scores[t, 1] = slope * (bxy * root - half_x * bx - half_y * by)
        scores[t, 2] = slope * (gxy * root - half_x * gx - half_y * gy)
        sum_a += scores[t, 0]
        sum_b += scores[t, 1]
        sum_g += scores[t, 2]
        ax, axy, ay = x * x - 1.0 + b * ax, x * y - rho + b * axy, y * y - 1.0 + b * ay
        bx, bxy, by = qx - 1.0 + b * bx, qxy - rho + b * bxy, qy - 1.0 + b * by
        qx = base_x + a * x * x + b * qx
        qxy = base_xy + a * x * y + b * qxy
        qy = base_y + a * y * y + b * qy
        if g != 0.0 or falls_x > 0.0:
            fall_x, fall_y = min(x, 0.0), min(y, 0.0)
            gx = fall_x * fall_x - falls_x + b * gx
            gxy = fall_x * fall_y - falls_xy + b * gxy
            gy = fall_y * fall_y - falls_y + b * gy
            qx += g * fall_x * fall_x
            qxy += g * fall_x * fall_y
            qy += g * fall_y * fall_y
    return value, sum_a, sum_b, sum_g, sum_freedom


@compiled()
def pair_adjoint(e, a, b, g, freedom, path, by_target, by_falls, by_e):  # type: ignore[no-untyped-def]
    """Write what ``series_adjoint`` does, for two series; ``path`` (n + 1, 2, 2) is what ``series_path`` wrote."""
    n = e.shape[0]
    lx = lxy = ly = sum_x = sum_xy = sum_y = 0.0
    for later in range(n):
        t = n - 1 - later
        x, y = e[t, 0], e[t, 1]
        fall_x, fall_y = min(x, 0.0), min(y, 0.0)
        sum_x += lx
        sum_xy += lxy
        sum_y += ly
        by_x = 2.0 * a * (lx * x + lxy * y)
        by_y = 2.0 * a * (lxy * x + ly * y)
        if fall_x < 0.0:
            by_x += 2.0 * g * (lx * fall_x + lxy * fall_y)
        if fall_y < 0.0:
            by_y += 2.0 * g * (lxy * fall_x + ly * fall_y)
        inverse_x, inverse_y = 1.0 / path[t, 0, 0], 1.0 / path[t, 1, 1]
        root = math.sqrt(inverse_x * inverse_y)
        r = path[t, 0, 1] * root
        inverse = 1.0 / (1.0 - r * r)
        distance = (x * x - 2.0 * r * x * y + y * y) * inverse
        weight = 1.0
        if freedom > 0.0:
            weight = (freedom + 2.0) / (freedom - 2.0 + distance)
        slope = (r + weight * (x * y - r * distance)) * inverse
        by_e[t, 0] = by_x - weight * (x - r * y) * inverse
        by_e[t, 1] = by_y - weight * (y - r * x) * inverse
        lx = b * lx - 0.5 * slope * r * inverse_x
        lxy = b * lxy + 0.5 * slope * root
        ly = b * ly - 0.5 * slope * r * inverse_y
    kept = 1.0 - a - b
    by_target[0, 0], by_target[1, 1] = kept * sum_x + lx, kept * sum_y + ly
    by_target[0, 1] = by_target[1, 0] = kept * sum_xy + lxy
    by_falls[0, 0], by_falls[1, 1] = -g * sum_x, -g * sum_y
    by_falls[0, 1] = by_falls[1, 0] = -g * sum_xy
