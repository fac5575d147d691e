"""Recursion of the correlations, Q_t = (1 - a - b) S - g N + a e e' + g n n' + b Q_{t-1}, for any number of series.

e are residuals over their own volatility on the row before, n their falls, min(e, 0), and Q_0 = S. The correlation is
Q over the roots of its diagonal. ``work`` (6, k, k) is scratch space. Where Q is not positive definite the likelihood
is NaN.
"""

from __future__ import annotations

import math

from hedgerow.kernels.compile import compiled

Q, BY_A, BY_B, BY_G, ROOT, INVERSE = 0, 1, 2, 3, 4, 5
"""Tables of the scratch space; ``BY_A`` serves as the adjoint where there are no forward derivatives."""


@compiled()
def step(e, t, target, falls, a, b, g, work):  # type: ignore[no-untyped-def]
    """Move Q from row ``t`` to the next."""
    k = target.shape[0]
    kept = 1.0 - a - b
    for i in range(k):
        for j in range(i + 1):
            move = kept * target[i, j] - g * falls[i, j] + a * e[t, i] * e[t, j] + b * work[Q, i, j]
            if g != 0.0:
                move += g * min(e[t, i], 0.0) * min(e[t, j], 0.0)
            work[Q, i, j] = work[Q, j, i] = move


@compiled()
def step_slopes(e, t, target, falls, b, moving, asymmetric, work):  # type: ignore[no-untyped-def]
    """Move the derivatives of Q by a, b and g from row ``t`` to the next; call it before :func:`step`."""
    k = target.shape[0]
    for i in range(k):
        for j in range(i + 1):
            if moving:
                work[BY_A, i, j] = e[t, i] * e[t, j] - target[i, j] + b * work[BY_A, i, j]
                work[BY_B, i, j] = work[Q, i, j] - target[i, j] + b * work[BY_B, i, j]
            if asymmetric:
                fall = min(e[t, i], 0.0) * min(e[t, j], 0.0)
                work[BY_G, i, j] = fall - falls[i, j] + b * work[BY_G, i, j]


@compiled()
def invert(work, k):  # type: ignore[no-untyped-def]
    """Write the inverse of Q by its Cholesky root; return the determinant of the correlation, NaN if not positive."""
    determinant = 1.0
    for i in range(k):
        for j in range(i + 1):
            rest = work[Q, i, j]
            for m in range(j):
                rest -= work[ROOT, i, m] * work[ROOT, j, m]
            if i > j:
                work[ROOT, i, j] = rest / work[ROOT, j, j]
            else:
                if not rest > 0.0:
                    return math.nan
                determinant *= rest / work[Q, i, i]
                work[ROOT, i, i] = math.sqrt(rest)
    for j in range(k):  # the root's own inverse takes its place above the diagonal's transpose
        work[INVERSE, j, j] = 1.0 / work[ROOT, j, j]
        for i in range(j + 1, k):
            rest = 0.0
            for m in range(j, i):
                rest -= work[ROOT, i, m] * work[INVERSE, m, j]
            work[INVERSE, i, j] = rest / work[ROOT, i, i]
    for i in range(k):
        for j in range(i + 1):
            total = 0.0
            for m in range(i, k):
                total += work[INVERSE, m, i] * work[INVERSE, m, j]
            work[ROOT, i, j] = total
    for i in range(k):
        for j in range(i + 1):
            work[INVERSE, i, j] = work[INVERSE, j, i] = work[ROOT, i, j]
    return determinant


@compiled()
def whiten(e, t, freedom, scales, work):  # type: ignore[no-untyped-def]
    """Write √q_ii and (Q⁻¹ u)_i, u_i = e_i √q_ii, into ``scales`` (2, k); return e'R⁻¹e and its weight."""
    k = e.shape[1]
    distance = 0.0
    for i in range(k):
        scales[0, i] = math.sqrt(work[Q, i, i])
    for i in range(k):
        total = 0.0
        for j in range(k):
            total += work[INVERSE, i, j] * e[t, j] * scales[0, j]
        scales[1, i] = total
        distance += total * e[t, i] * scales[0, i]
    weight = 1.0
    if freedom > 0.0:
        weight = (freedom + k) / (freedom - 2.0 + distance)
    return distance, weight


@compiled()
def slope_by_q(e, t, i, j, weight, scales, work):  # type: ignore[no-untyped-def]
    """Return the derivative of row ``t``'s log-density by the element i, j of Q, taken as free of the element j, i."""
    slope = 0.5 * (weight * scales[1, i] * scales[1, j] - work[INVERSE, i, j])
    if i == j:
        slope += 0.5 / work[Q, i, i] - 0.5 * weight * scales[1, i] * e[t, i] / scales[0, i]
    return slope


@compiled()
def density(determinant, distance, freedom, k):  # type: ignore[no-untyped-def]
    """Return the log-density less constants and less the variances' part, and its derivative by ν."""
    value = -0.5 * math.log(determinant)
    if freedom > 0.0:
        logarithm = math.log(1.0 + distance / (freedom - 2.0))
        tail = (freedom + k) * distance / ((freedom - 2.0) * (freedom - 2.0 + distance))
        return value - 0.5 * (freedom + k) * logarithm, 0.5 * (tail - logarithm)
    return value - 0.5 * distance, 0.0


@compiled()
def series_likelihood(e, target, falls, a, b, g, freedom, moving, asymmetric, scales, work, scores):  # type: ignore[no-untyped-def]
    """Return the log-likelihood of the correlations and its derivatives by a, b, g and ν; write each row's (n, 4).

    Normal where ``freedom`` is 0: the sum of -½ (log |R| + e'R⁻¹e); else of a Student-t with unit variances,
    -½ log |R| - ½ (ν + k) log(1 + e'R⁻¹e / (ν - 2)). ``moving`` False says that R is the target, always.
    """
    n, k = e.shape
    value = determinant = sum_a = sum_b = sum_g = sum_freedom = 0.0
    for i in range(k):
        for j in range(k):
            work[Q, i, j] = target[i, j]
            work[BY_A, i, j] = work[BY_B, i, j] = work[BY_G, i, j] = 0.0
    for t in range(n):
        if moving or t == 0:
            determinant = invert(work, k)
        distance, weight = whiten(e, t, freedom, scales, work)
        row, scores[t, 3] = density(determinant, distance, freedom, k)
        value += row
        by_a = by_b = by_g = 0.0
        if moving:
            for i in range(k):
                for j in range(i + 1):
                    slope = slope_by_q(e, t, i, j, weight, scales, work)
                    if i != j:
                        slope *= 2.0
                    by_a += slope * work[BY_A, i, j]
                    by_b += slope * work[BY_B, i, j]
                    by_g += slope * work[BY_G, i, j]
            step_slopes(e, t, target, falls, b, moving, asymmetric, work)
            step(e, t, target, falls, a, b, g, work)
        scores[t, 0] = by_a
        scores[t, 1] = by_b
        scores[t, 2] = by_g
        sum_a += by_a
        sum_b += by_b
        sum_g += by_g
        sum_freedom += scores[t, 3]
    return value, sum_a, sum_b, sum_g, sum_freedom


@compiled()
def series_path(e, target, falls, a, b, g, work, path):  # type: ignore[no-untyped-def]
    """Write Q (n + 1, k, k), row t from rows before t; where ``path`` has one row, the last of them only."""
    n, k = e.shape
    all_rows = path.shape[0] > 1
    for i in range(k):
        for j in range(k):
            work[Q, i, j] = target[i, j]
    for t in range(n + 1):
        if all_rows or t == n:
            row = t if all_rows else 0
            for i in range(k):
                for j in range(k):
                    path[row, i, j] = work[Q, i, j]
        if t < n:
            step(e, t, target, falls, a, b, g, work)


@compiled()
def series_adjoint(e, target, falls, a, b, g, freedom, path, scales, work, by_target, by_falls, by_e):  # type: ignore[no-untyped-def]
    """Write the log-likelihood's derivatives by S (k, k), by N (k, k) and by e (n, k), going backwards.

    ``path`` (n + 1, k, k) is what :func:`series_path` wrote. Elements i, j and j, i count as free of each other.
    """
    n, k = e.shape
    for i in range(k):
        for j in range(k):
            work[BY_A, i, j] = by_target[i, j] = by_falls[i, j] = 0.0
    for later in range(n):
        t = n - 1 - later
        for i in range(k):  # the adjoint of Q_{t+1} is complete: hand it on to what made Q_{t+1}
            total = 0.0
            for j in range(k):
                adjoint = work[BY_A, i, j]
                by_target[i, j] += (1.0 - a - b) * adjoint
                by_falls[i, j] -= g * adjoint
                total += 2.0 * a * adjoint * e[t, j]
                if e[t, i] < 0.0:
                    total += 2.0 * g * adjoint * min(e[t, j], 0.0)
            by_e[t, i] = total
        for i in range(k):
            for j in range(k):
                work[Q, i, j] = path[t, i, j]
        invert(work, k)
        _, weight = whiten(e, t, freedom, scales, work)
        for i in range(k):
            by_e[t, i] -= weight * scales[1, i] * scales[0, i]
            for j in range(k):
                work[BY_A, i, j] = b * work[BY_A, i, j] + slope_by_q(e, t, i, j, weight, scales, work)
    for i in range(k):
        for j in range(k):
            by_target[i, j] += work[BY_A, i, j]
