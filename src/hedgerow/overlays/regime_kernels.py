"""Two normal regimes under a hidden Markov chain: filter, expectation step, and exact first and second derivatives.

In state s (0 low, 1 high), ``y_t = m_s + e_t`` with ``Var(e_t) = v_s``. A point is
``(m_0, m_1, log v_0, log v_1, log odds of leaving 0, log odds of leaving 1)``. The recursions carry the odds o of the
high state before a row and w after it: with e the ratio of the two densities of the row,

    w_t = o_t e_t,    o_t+1 = (u + (1 - d) w_t) / (1 - u + d w_t),

the log-likelihood is ``sum log f_0t (1 + w_t) / (1 + o_t)``, with f_0 the density in the low state, u and d the chances
to leave the low and the high state. The first row starts in the long run's odds u / d.

References
----------
Hamilton, J. D. (1989), Econometrica 57, 357-384.
Kim, C.-J. (1994), Dynamic linear models with Markov-switching, Journal of Econometrics 60, 1-22.
"""

from __future__ import annotations

import math

import numpy as np

from hedgerow.kernels.compile import compiled
from hedgerow.kernels.elementary import exp, maximum, minimum

STEEPEST = 200.0
"""Log of the largest ratio of densities that the odds are multiplied by: beyond it they no longer change a digit."""

SIZE = 6
"""Parameters of a point."""


@compiled(cache=False, forceinline=True)
def log_ratio_terms(point):  # type: ignore[no-untyped-def]
    """Return a, b, c of ``log f_1 - log f_0 = a + b y + c y^2``."""
    of_low, of_high = math.exp(-point[2]), math.exp(-point[3])
    a = 0.5 * (point[2] - point[3] + point[0] * point[0] * of_low - point[1] * point[1] * of_high)
    return a, point[1] * of_high - point[0] * of_low, 0.5 * (of_low - of_high)


@compiled(cache=False, forceinline=True)
def leaving(odds):  # type: ignore[no-untyped-def]
    """Return the chance and its complement whose log odds are given."""
    return 1.0 / (1.0 + math.exp(-odds)), 1.0 / (1.0 + math.exp(odds))


@compiled(cache=False, forceinline=True)
def log_low_densities(point, n, total, squares):  # type: ignore[no-untyped-def]
    """Return the sum of log f_0 over n rows from the sums of y and of y^2."""
    errors = squares - 2.0 * point[0] * total + n * point[0] * point[0]
    return -0.5 * (n * (math.log(2.0 * math.pi) + point[2]) + errors * math.exp(-point[2]))


@compiled()
def high_chances(y, point, chances):  # type: ignore[no-untyped-def]
    """Write the chance of the high state at each row (n,) given the rows up to it.

    Here alone the last two figures of the point (6,) are the chances to leave themselves, of which 1 is one.
    """
    a, b, c = log_ratio_terms(point)
    u, d = point[4], point[5]
    not_u, not_d = 1.0 - u, 1.0 - d
    odds = u / d
    for t in range(y.shape[0]):
        z = a + y[t] * (b + c * y[t])
        w = odds * math.exp(max(min(z, STEEPEST), -STEEPEST))
        chances[t] = w / (1.0 + w)
        odds = (u + not_d * w) / (not_u + d * w)


@compiled()
def expect(y, total, squares, point, before, after, sums):  # type: ignore[no-untyped-def]
    """Write what the rows say of the states, and return the log-likelihood.

    Parameters
    ----------
    y
        (n,), with the sums ``total`` of y and ``squares`` of y^2.
    point
        (6,).
    before, after
        (n + 1,) and (n,), work: odds o and w.
    sums
        (8,), written: expected rows in the high state, their sums of y and of y^2, expected transitions low to low, low
        to high, high to low, high to high, and the chance of the high state at the first row.
    """
    n = y.shape[0]
    a, b, c = log_ratio_terms(point)
    (u, not_u), (d, not_d) = leaving(point[4]), leaving(point[5])
    for t in range(n):  # a loop of its own, of which the compiler makes vectors
        after[t] = exp(maximum(minimum(a + y[t] * (b + c * y[t]), STEEPEST), -STEEPEST))
    logs, product, odds = log_low_densities(point, n, total, squares), 1.0, u / d
    for t in range(n):
        before[t] = odds
        ratio = after[t]
        w = odds * ratio
        after[t] = w
        product *= (1.0 + w) / (1.0 + odds)
        if product > 1e150 or product < 1e-150:  # one logarithm for many rows
            logs += math.log(product)
            product = 1.0
        if ratio >= 1e86 or ratio <= 1e-86:
            z = a + y[t] * (b + c * y[t])
            logs += max(z - STEEPEST, 0.0)
        odds = (u + not_d * w) / (not_u + d * w)
    before[n] = odds
    smooth(y, u, not_u, d, not_d, before, after, sums)
    return logs + math.log(product)


@compiled(cache=False)
def smooth(y, u, not_u, d, not_d, before, after, sums):  # type: ignore[no-untyped-def]
    """Write the expected rows, their sums and the transitions of :func:`expect`: Kim's smoother."""
    n = y.shape[0]
    high = after[n - 1] / (1.0 + after[n - 1])
    rows, firsts, seconds = high, high * y[n - 1], high * y[n - 1] * y[n - 1]
    rise, stay, all_before = 0.0, 0.0, 0.0
    for back in range(1, n):
        t = n - 1 - back
        o, share = before[t + 1], 1.0 / (1.0 + after[t])
        held = after[t] * share
        into_high, into_low = (1.0 + o) / o, 1.0 + o
        to_high, to_low = held * not_d * into_high, held * d * into_low
        stay += to_high * high
        rise += share * u * into_high * high
        high = to_low + (to_high - to_low) * high
        all_before += high
        weighted = high * y[t]
        rows += high
        firsts += weighted
        seconds += weighted * y[t]
    sums[0], sums[1], sums[2] = rows, firsts, seconds
    sums[3] = max(n - 1 - all_before - rise, 0.0)
    sums[4], sums[5], sums[6] = rise, max(all_before - stay, 0.0), stay
    sums[7] = high


@compiled()
def curvature(y, point, second):  # type: ignore[no-untyped-def]
    """Write the second derivatives (6, 6) of the log-likelihood, exact, in one run forward.

    x = log o and z = log w = x + g, with g the log ratio of the two densities, are differentiated along the recursion;
    q and f are the chances of the high state before and after the row. A row's log-likelihood
    ``log f_0 + log(1 + w) - log(1 + o)`` has the slopes ``d log f_0 + f dz - q dx``, and the next row's chance is
    ``u + (1 - u - d) f``. Second derivatives of log f_0 are those of g in the low state with the other sign.
    """
    (u, not_u), (d, not_d) = leaving(point[4]), leaving(point[5])
    ratio, kept, odds = log_ratio_terms(point), 1.0 - u - d, u / d
    of_low, of_high = math.exp(-point[2]), math.exp(-point[3])
    x1, x2, z1, q1, e1 = np.zeros(SIZE), np.zeros((SIZE, SIZE)), np.zeros(SIZE), np.zeros(SIZE), np.zeros(SIZE)
    e1[4], e1[5] = u * not_u, d * not_d
    x1[4], x1[5], x2[4, 4], x2[5, 5] = not_u, -not_d, -e1[4], e1[5]
    second[:] = 0.0
    for t in range(y.shape[0]):
        low, high = y[t] - point[0], y[t] - point[1]
        z = ratio[0] + y[t] * (ratio[1] + ratio[2] * y[t])
        w = odds * math.exp(max(min(z, STEEPEST), -STEEPEST))
        f_low, q_low = 1.0 / (1.0 + w), 1.0 / (1.0 + odds)
        f, q = w * f_low, odds * q_low
        add_bends(low, high, of_low, of_high, 1.0, 1.0, x2)
        add_bends(low, high, of_low, of_high, q - 1.0, q, second)
        z1[0], z1[1] = x1[0] - low * of_low, x1[1] + high * of_high
        z1[2], z1[3] = x1[2] + 0.5 - 0.5 * low * low * of_low, x1[3] - 0.5 + 0.5 * high * high * of_high
        z1[4], z1[5] = x1[4], x1[5]
        f_slope, q_slope = f * f_low, q * q_low
        for i in range(SIZE):
            q1[i] = kept * f_slope * z1[i]
        q1[4] += f_low * e1[4]
        q1[5] -= f * e1[5]
        next_q = u + kept * f if f < 0.5 else not_d - kept * f_low
        next_low = not_u - kept * f if f < 0.5 else d + kept * f_low
        scale = 1.0 / (next_q * next_low)
        turn, bent, curved = scale * scale * (next_low - next_q), scale * kept * f_slope, f - q
        for i in range(SIZE):
            zi, xi = z1[i], q_slope * x1[i]
            fi, qi = f_slope * zi, turn * q1[i]
            onward = bent * (f_low - f) * zi - scale * f_slope * e1[i]
            for j in range(i + 1):
                second[i, j] += curved * x2[i, j] + fi * z1[j] - xi * x1[j]
                x2[i, j] = bent * x2[i, j] + onward * z1[j] - scale * fi * e1[j] - qi * q1[j]
        x2[4, 4] += scale * f_low * e1[4] * (not_u - u)
        x2[5, 5] -= scale * f * e1[5] * (not_d - d)
        for i in range(SIZE):
            x1[i] = scale * q1[i]
        odds = next_q / next_low
    for i in range(SIZE):
        for j in range(i):
            second[j, i] = second[i, j]


@compiled(cache=False, forceinline=True)
def add_bends(low, high, of_low, of_high, times_low, times_high, into):  # type: ignore[no-untyped-def]
    """Add the second derivatives of the log ratio of densities, those of each state times a number, below the diagonal.

    ``low`` and ``high`` are the row's errors in both states, ``of_low`` and ``of_high`` one over their variances.
    """
    into[0, 0] += times_low * of_low
    into[2, 0] += times_low * low * of_low
    into[2, 2] += times_low * 0.5 * low * low * of_low
    into[1, 1] -= times_high * of_high
    into[3, 1] -= times_high * high * of_high
    into[3, 3] -= times_high * 0.5 * high * high * of_high
