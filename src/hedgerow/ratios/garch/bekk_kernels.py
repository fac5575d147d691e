"""Recursions of the BEKK model: covariances row by row, their likelihood, and its derivatives carried forward.

The covariance of row t is ``constant + A'(e e' - target)A + B'(H - target)B``, e and H being of the row before. The
target is zero where the constant is estimated (it is then C C'), and the constant where the covariances' mean is held.
Its derivatives by each parameter obey the same recursion in B; with them come the score of every row and Fisher's
information. Symmetric matrices are stacked as their lower triangles row by row: element (i, j) at i(i + 1)/2 + j.
"""

from __future__ import annotations

from math import log, log1p, pi, sqrt

from hedgerow.kernels.compile import compiled


@compiled()
def step_covariance(residuals, row, before, constant, target_a, target_b, a, b, moved_a, moved_b, out):  # type: ignore[no-untyped-def]
    """Write the covariance (d, d) of the row after ``row`` from the one ``before`` it into ``out``.

    ``target_a`` and ``target_b`` are target times A and B. ``moved_a`` and ``moved_b`` (d, d) receive
    (e e' - target)A and (H - target)B, of which the derivatives are made.
    """
    d = a.shape[0]
    for j in range(d):
        loading = 0.0
        for k in range(d):
            loading += residuals[row, k] * a[k, j]
        for i in range(d):
            carried = -target_b[i, j]
            for k in range(d):
                carried += before[i, k] * b[k, j]
            moved_a[i, j] = residuals[row, i] * loading - target_a[i, j]
            moved_b[i, j] = carried
    for i in range(d):
        for j in range(i + 1):
            value = constant[i, j]
            for k in range(d):
                value += a[k, i] * moved_a[k, j] + b[k, i] * moved_b[k, j]
            out[i, j] = value
            out[j, i] = value


@compiled()
def invert_covariance(covariance, factor, inverse):  # type: ignore[no-untyped-def]
    """Write the inverse of ``covariance`` (d, d) and return the logarithm of its determinant.

    Where it is not positive definite nothing is written but ``factor`` (d, d), and infinity comes back.
    """
    d = covariance.shape[0]
    total = 0.0
    for i in range(d):
        for j in range(i + 1):
            value = covariance[i, j]
            for k in range(j):
                value -= factor[i, k] * factor[j, k]
            if j < i:
                factor[i, j] = value * factor[j, j]
            elif value > 0.0:
                total += log(value)
                factor[i, i] = 1.0 / sqrt(value)
            else:
                return float("inf")
    for i in range(d):  # the factor's inverse, written over its upper triangle
        for j in range(i):
            value = 0.0
            for k in range(j, i):
                value -= factor[i, k] * (factor[j, k] if k > j else factor[j, j])
            factor[j, i] = value * factor[i, i]
    for i in range(d):
        for j in range(i + 1):
            value = 0.0
            for k in range(i, d):
                value += factor[i, k] * factor[j, k]
            inverse[i, j] = value
            inverse[j, i] = value
    return total


@compiled()
def squared_distance(residuals, row, inverse, whitened):  # type: ignore[no-untyped-def]
    """Return e' inverse e of one row, and write inverse e into ``whitened`` (d,)."""
    total = 0.0
    for i in range(inverse.shape[0]):
        value = 0.0
        for j in range(inverse.shape[0]):
            value += inverse[i, j] * residuals[row, j]
        whitened[i] = value
        total += value * residuals[row, i]
    return total


@compiled()
def log_density(log_determinant, distance, d, freedom, tail_constant):  # type: ignore[no-untyped-def]
    """Return the log density of one row, normal where ``freedom`` is 0, else Student's t of unit variance.

    ``tail_constant`` is the part of t's density that freedom alone decides.
    """
    if freedom > 0.0:
        return tail_constant - 0.5 * log_determinant - 0.5 * (freedom + d) * log1p(distance / (freedom - 2.0))
    return -0.5 * (d * log(2.0 * pi) + log_determinant + distance)


@compiled()
def bekk_covariances(residuals, start, constant, target_a, target_b, a, b, square, out):  # type: ignore[no-untyped-def]
    """Write covariances (n + 1, d, d) into ``out``, the first of them ``start``; ``square`` (5, d, d) is scratch."""
    d = a.shape[0]
    for i in range(d):
        for j in range(d):
            out[0, i, j] = start[i, j]
    for row in range(residuals.shape[0]):
        step_covariance(
            residuals, row, out[row], constant, target_a, target_b, a, b, square[0], square[1], out[row + 1]
        )


@compiled()
def bekk_log_likelihood(residuals, start, constant, target_a, target_b, a, b, freedom, tail_constant, square):  # type: ignore[no-untyped-def]
    """Return the log-likelihood of ``residuals`` (n, d), minus infinity where a covariance is not positive definite.

    ``square`` (7, d, d) is scratch.
    """
    d = a.shape[0]
    now, after = square[2], square[3]
    factor, inverse, whitened = square[4], square[5], square[6, 0]
    for i in range(d):
        for j in range(d):
            now[i, j] = start[i, j]
    total = 0.0
    for row in range(residuals.shape[0]):
        log_determinant = invert_covariance(now, factor, inverse)
        if not log_determinant < 1e300:
            return -float("inf")
        distance = squared_distance(residuals, row, inverse, whitened)
        total += log_density(log_determinant, distance, d, freedom, tail_constant)
        step_covariance(residuals, row, now, constant, target_a, target_b, a, b, square[0], square[1], after)
        for i in range(d):
            for j in range(d):
                now[i, j] = after[i, j]
    return total


@compiled()
def pair_log_likelihood(residuals, start, constant, target_a, target_b, a, b, freedom, tail_constant):  # type: ignore[no-untyped-def]
    """Return what :func:`bekk_log_likelihood` does for two series, in scalars: some ten times as fast."""
    # A'ee'A and B'HB less what the target takes off, which does not move
    w11 = constant[0, 0] - a[0, 0] * target_a[0, 0] - a[1, 0] * target_a[1, 0]
    w11 -= b[0, 0] * target_b[0, 0] + b[1, 0] * target_b[1, 0]
    w12 = constant[1, 0] - a[0, 1] * target_a[0, 0] - a[1, 1] * target_a[1, 0]
    w12 -= b[0, 1] * target_b[0, 0] + b[1, 1] * target_b[1, 0]
    w22 = constant[1, 1] - a[0, 1] * target_a[0, 1] - a[1, 1] * target_a[1, 1]
    w22 -= b[0, 1] * target_b[0, 1] + b[1, 1] * target_b[1, 1]
    a11, a12, a21, a22 = a[0, 0], a[0, 1], a[1, 0], a[1, 1]
    k11, k12, k22 = b[0, 0] * b[0, 0], 2.0 * b[0, 0] * b[1, 0], b[1, 0] * b[1, 0]
    m11, m12, m22 = b[0, 0] * b[0, 1], b[0, 0] * b[1, 1] + b[1, 0] * b[0, 1], b[1, 0] * b[1, 1]
    n11, n12, n22 = b[0, 1] * b[0, 1], 2.0 * b[0, 1] * b[1, 1], b[1, 1] * b[1, 1]
    h11, h12, h22 = start[0, 0], start[1, 0], start[1, 1]
    total = 0.0
    for row in range(residuals.shape[0]):
        x, y = residuals[row, 0], residuals[row, 1]
        determinant = h11 * h22 - h12 * h12
        if not (determinant > 0.0 and h11 > 0.0 and determinant < 1e300):
            return -float("inf")
        distance = (h22 * x * x - 2.0 * h12 * x * y + h11 * y * y) / determinant
        total += log_density(log(determinant), distance, 2, freedom, tail_constant)
        u, v = a11 * x + a21 * y, a12 * x + a22 * y
        g11 = w11 + u * u + k11 * h11 + k12 * h12 + k22 * h22
        g12 = w12 + u * v + m11 * h11 + m12 * h12 + m22 * h22
        g22 = w22 + v * v + n11 * h11 + n12 * h12 + n22 * h22
        h11, h12, h22 = g11, g12, g22
    return total


@compiled()
def carry_slopes(transition, slopes_constant, slopes, column_a, column_b, moved_a, moved_b, out):  # type: ignore[no-untyped-def]
    """Write the derivatives (m, p) of the next covariance by each parameter, given those of this one.

    ``transition`` (m, m) is X -> B'X B on stacked triangles, ``slopes_constant`` (m, p) what the constant moves by;
    ``column_a`` and ``column_b`` (d, d) say which parameter an element of A and B is, -1 where it is none.
    """
    m, p = slopes.shape
    d = column_a.shape[0]
    for r in range(m):
        for c in range(p):
            out[r, c] = slopes_constant[r, c]
        for s in range(m):
            weight = transition[r, s]
            if weight != 0.0:
                for c in range(p):
                    out[r, c] += weight * slopes[s, c]
    for i in range(d):
        for j in range(d):
            own_a, own_b = column_a[i, j], column_b[i, j]
            if own_a < 0:
                continue
            for k in range(d):
                where = j * (j + 1) // 2 + k if k <= j else k * (k + 1) // 2 + j
                twice = 2.0 if k == j else 1.0
                out[where, own_a] += twice * moved_a[i, k]
                out[where, own_b] += twice * moved_b[i, k]


@compiled()
def add_information(slopes, inverse, share, trace_share, traces, folded, information):  # type: ignore[no-untyped-def]
    """Add one row's expected information of the covariance parameters: half trace(P dH P dH'), P the inverse.

    ``share`` multiplies it (1 for the normal, less for Student's t), ``trace_share`` takes off products of the traces
    of P dH; ``traces`` (p,) and ``folded`` (m, p) are scratch. Only the lower triangle is added to.
    """
    m, p = slopes.shape
    d = inverse.shape[0]
    r = 0
    for i in range(d):
        for j in range(i + 1):
            for c in range(p):
                folded[r, c] = 0.0
            weight_r = 0.25 * share if i == j else 0.5 * share
            s = 0
            for k in range(d):
                for h in range(k + 1):
                    weight = inverse[i, k] * inverse[j, h] + inverse[i, h] * inverse[j, k]
                    weight *= weight_r if k == h else 2.0 * weight_r
                    for c in range(p):
                        folded[r, c] += weight * slopes[s, c]
                    s += 1
            r += 1
    for r in range(m):
        for c in range(p):
            left = slopes[r, c]
            for e in range(c + 1):
                information[c, e] += left * folded[r, e]
    if trace_share != 0.0:
        for c in range(p):
            for e in range(c + 1):
                information[c, e] -= trace_share * traces[c] * traces[e]


@compiled()
def bekk_slopes(  # type: ignore[no-untyped-def]
    residuals, start, constant, target_a, target_b, a, b, freedom, tail_slope,
    transition, slopes_constant, column_a, column_b, square, tall, scores, information,
):  # fmt: skip
    """Write scores (n, p) of every row and add up the information (p, p), lower triangle; return False on failure.

    An ``information`` of shape (0, 0) is left out, which more than halves the work.

    Freedom, where there is one, is the last parameter, ``tail_slope`` the derivative of its constant; its row of the
    information is the observed one without that constant's curvature. ``square`` (7, d, d) and ``tall`` (4, m, p)
    are scratch and come as zeros.
    """
    n, d = residuals.shape
    p = slopes_constant.shape[1]
    now, after, factor, inverse = square[2], square[3], square[4], square[5]
    whitened, traces, pulls = square[6, 0], tall[2, 0], tall[2, 1]
    share = trace_share = 0.0
    if freedom > 0.0:
        share, trace_share = (freedom + d) / (freedom + d + 2.0), 0.5 / (freedom + d + 2.0)
    else:
        share = 1.0
    for i in range(d):
        for j in range(d):
            now[i, j] = start[i, j]
    for row in range(n):
        slopes, next_slopes = tall[row % 2], tall[(row + 1) % 2]
        if not invert_covariance(now, factor, inverse) < 1e300:
            return False
        distance = squared_distance(residuals, row, inverse, whitened)
        spread = freedom - 2.0 + distance
        pull = (freedom + d) / spread if freedom > 0.0 else 1.0
        for c in range(p):
            traces[c] = pulls[c] = 0.0
        r = 0
        for i in range(d):
            for j in range(i + 1):
                twice = 1.0 if i == j else 2.0
                of_trace, of_pull = twice * inverse[i, j], twice * whitened[i] * whitened[j]
                for c in range(p):
                    traces[c] += of_trace * slopes[r, c]
                    pulls[c] += of_pull * slopes[r, c]
                r += 1
        for c in range(p):
            scores[row, c] = 0.5 * (pull * pulls[c] - traces[c])
        if information.shape[0] > 0:
            add_information(slopes, inverse, share, trace_share, traces, tall[3], information)
        if freedom > 0.0:
            room = freedom - 2.0
            ratio = distance / (room * spread)
            scores[row, p - 1] = tail_slope - 0.5 * log1p(distance / room) + 0.5 * (freedom + d) * ratio
            if information.shape[0] > 0:
                turned = 1.0 / spread - (freedom + d) / (spread * spread)
                for c in range(p - 1):
                    information[p - 1, c] -= 0.5 * turned * pulls[c]
                information[p - 1, p - 1] -= ratio - 0.5 * (freedom + d) * ratio * (spread + room) / (room * spread)
        step_covariance(residuals, row, now, constant, target_a, target_b, a, b, square[0], square[1], after)
        carry_slopes(transition, slopes_constant, slopes, column_a, column_b, square[0], square[1], next_slopes)
        for i in range(d):
            for j in range(d):
                now[i, j] = after[i, j]
    return True
