"""Recursions of a regression whose coefficients and variance depend on a hidden Markov chain.

In regime s, ``y_t = z_t b_s + e_t`` with ``Var(e_t) = v_s``; ``transition`` (K, K) holds the probability to go from the
row's regime to the column's. ``predicted`` (n + 1, K) are probabilities of each row's regime from the rows before it,
``filtered`` (n, K) from the rows up to it, and smoothed ones from all rows.

References
----------
Hamilton, J. D. (1989), Econometrica 57, 357-384.
Kim, C.-J. (1994), Dynamic linear models with Markov-switching, Journal of Econometrics 60, 1-22.
"""

from __future__ import annotations

import math

import numpy as np

from hedgerow.kernels.compile import compiled


@compiled()
def filter_regimes(design, y, coefficients, variances, transition, start, predicted, filtered):  # type: ignore[no-untyped-def]
    """Run Hamilton's filter, writing ``predicted`` and ``filtered``; return the log-likelihood.

    Parameters
    ----------
    design, y
        (n, p) and (n,).
    coefficients, variances
        (K, p) and (K,).
    transition, start
        (K, K), and the probabilities (K,) of the first row's regime.
    predicted, filtered
        (n + 1, K) and (n, K), written.
    """
    n, p = design.shape
    count = variances.shape[0]
    halves, constants, logs = np.zeros(count), np.zeros(count), np.zeros(count)
    for s in range(count):
        halves[s] = 0.5 / variances[s]
        constants[s] = -0.5 * math.log(2.0 * math.pi * variances[s])
        predicted[0, s] = start[s]
    total_log, product = 0.0, 1.0
    for t in range(n):
        highest = -np.inf
        for s in range(count):
            error = y[t]
            for i in range(p):
                error -= design[t, i] * coefficients[s, i]
            logs[s] = constants[s] - error * error * halves[s]
            highest = max(highest, logs[s])
        total = 0.0
        for s in range(count):
            # densities relative to the highest: however wild the row, not all of them vanish
            above = logs[s] - highest
            filtered[t, s] = predicted[t, s] * (1.0 if above == 0.0 else math.exp(above))
            total += filtered[t, s]
        total_log += highest
        product *= total
        if product < 1e-200:  # one logarithm for many rows
            total_log += math.log(product)
            product = 1.0
        share = 1.0 / total
        for s in range(count):
            filtered[t, s] *= share
        for s in range(count):
            following = 0.0
            for origin in range(count):
                following += filtered[t, origin] * transition[origin, s]
            predicted[t + 1, s] = following
    return total_log + math.log(product)


@compiled()
def smooth_regimes(predicted, filtered, transition, smoothed, joint):  # type: ignore[no-untyped-def]
    """Write ``smoothed`` (n, K), and add the expected number of each transition to ``joint`` (K, K): Kim's smoother."""
    n, count = filtered.shape
    quotients = np.zeros(count)
    for s in range(count):
        smoothed[n - 1, s] = filtered[n - 1, s]
    for back in range(1, n):
        t = n - 1 - back
        for s in range(count):
            following = predicted[t + 1, s]
            quotients[s] = smoothed[t + 1, s] / following if following > 0.0 else 0.0
        for origin in range(count):
            onward = 0.0
            for s in range(count):
                share = filtered[t, origin] * transition[origin, s] * quotients[s]
                joint[origin, s] += share
                onward += share
            smoothed[t, origin] = onward


@compiled()
def regime_moments(design, y, smoothed, moments, weights):  # type: ignore[no-untyped-def]
    """Add each row's products of (z, y), weighted by its smoothed probabilities, to ``moments`` (K, p + 1, p + 1).

    The lower triangles only. ``weights`` (K,) receives the sums of the probabilities.
    """
    n, p = design.shape
    for s in range(smoothed.shape[1]):
        total = 0.0
        squares = 0.0
        for t in range(n):
            total += smoothed[t, s]
            squares += smoothed[t, s] * y[t] * y[t]
        weights[s] += total
        moments[s, p, p] += squares
        for i in range(p):
            with_y = 0.0
            for t in range(n):
                with_y += smoothed[t, s] * design[t, i] * y[t]
            moments[s, p, i] += with_y
            for j in range(i + 1):
                together = 0.0
                for t in range(n):
                    together += smoothed[t, s] * design[t, i] * design[t, j]
                moments[s, i, j] += together
