"""Recursions of one series' variance, h_t = ω + (α + γ [e_{t-1} < 0]) e²_{t-1} + β h_{t-1}, and their derivatives.

Before the first row both e² and h are the starting variance, of which one half counts as a fall, so that
h_0 = ω + (α + γ/2 + β) start. Kernels are given the squares and the squares of the falls (zero where e >= 0).
"""

from __future__ import annotations

import math

from hedgerow.kernels.compile import compiled

LOGS_TOGETHER = 8
"""Variances multiplied before a logarithm is taken; those of scaled residuals lie far enough from 0 and infinity."""


@compiled()
def weight_after_fall(alpha, gamma):  # type: ignore[no-untyped-def]
    """Return α + γ, 0 where it is less by rounding alone: a huge fall would turn that into a negative variance."""
    weight = alpha + gamma
    if -1e-14 < weight < 0.0:
        weight = 0.0
    return weight


@compiled()
def margin_likelihood(squares, falls, omega, alpha, gamma, beta, start, freedom):  # type: ignore[no-untyped-def]
    """Return the log-likelihood less its constants, and its derivatives by ω, α, γ, β and ν.

    Normal where ``freedom`` is 0: the sum of -½ (log h + e²/h); else Student-t with unit variance and ν = ``freedom``:
    the sum of -½ log h - ½ (ν + 1) log(1 + e² / (h (ν - 2))).
    """
    n = squares.shape[0]
    h = omega + (alpha + 0.5 * gamma + beta) * start
    after_fall = weight_after_fall(alpha, gamma)
    by_omega = 1.0
    by_alpha = by_beta = start
    by_gamma = 0.5 * start
    value = g_omega = g_alpha = g_gamma = g_beta = g_freedom = 0.0
    product = 1.0
    for t in range(n):
        square = squares[t]
        inverse = 1.0 / h
        ratio = square * inverse
        product *= h
        if t % LOGS_TOGETHER == LOGS_TOGETHER - 1 or t == n - 1:
            value -= 0.5 * math.log(product)
            product = 1.0
        weight = 1.0
        if freedom > 0.0:
            tail = 1.0 / (freedom - 2.0 + ratio)
            weight = (freedom + 1.0) * tail
            logarithm = math.log(1.0 + ratio / (freedom - 2.0))
            value -= 0.5 * (freedom + 1.0) * logarithm
            g_freedom += 0.5 * (weight * ratio / (freedom - 2.0) - logarithm)
        else:
            value -= 0.5 * ratio
        slope = 0.5 * inverse * (weight * ratio - 1.0)
        g_omega += slope * by_omega
        g_alpha += slope * by_alpha
        g_gamma += slope * by_gamma
        g_beta += slope * by_beta
        by_omega = 1.0 + beta * by_omega
        by_alpha = square + beta * by_alpha
        by_gamma = falls[t] + beta * by_gamma
        by_beta = h + beta * by_beta
        h = omega + alpha * (square - falls[t]) + after_fall * falls[t] + beta * h
    return value, g_omega, g_alpha, g_gamma, g_beta, g_freedom


@compiled()
def margin_variances(squares, falls, omega, alpha, gamma, beta, start, variances):  # type: ignore[no-untyped-def]
    """Write the variances (n + 1,), the last one for the row after those given."""
    h = omega + (alpha + 0.5 * gamma + beta) * start
    after_fall = weight_after_fall(alpha, gamma)
    for t in range(squares.shape[0]):
        variances[t] = h
        h = omega + alpha * (squares[t] - falls[t]) + after_fall * falls[t] + beta * h
    variances[squares.shape[0]] = h


@compiled()
def margin_slopes(squares, falls, omega, alpha, gamma, beta, start, variances, slopes):  # type: ignore[no-untyped-def]
    """Write the variances (n + 1,) and their derivatives (n + 1, 4) by ω, α, γ and β."""
    n = squares.shape[0]
    h = omega + (alpha + 0.5 * gamma + beta) * start
    after_fall = weight_after_fall(alpha, gamma)
    by_omega = 1.0
    by_alpha = by_beta = start
    by_gamma = 0.5 * start
    for t in range(n + 1):
        variances[t] = h
        slopes[t, 0] = by_omega
        slopes[t, 1] = by_alpha
        slopes[t, 2] = by_gamma
        slopes[t, 3] = by_beta
        if t < n:
            by_omega = 1.0 + beta * by_omega
            by_alpha = squares[t] + beta * by_alpha
            by_gamma = falls[t] + beta * by_gamma
            by_beta = h + beta * by_beta
            h = omega + alpha * (squares[t] - falls[t]) + after_fall * falls[t] + beta * h
