"""Recursions of a state-space model with one observation per row: filter, score of the variances, smoother.

The model is ``y_t = Z_t s_t + e_t`` with ``Var(e_t) = 1`` and independent states ``s_t+1 = phi s_t + noise``. All
variances are relative to the noise's, so that a scale can be concentrated out of the likelihood. States that have no
starting distribution start exactly diffuse (Durbin and Koopman): their covariance is ``kappa D + P`` with kappa without
bound, and each informative row takes one rank off D until nothing is left of it.

``model`` (4, m) holds, per state: persistence, variance of its noise, start value, start variance (inf for a diffuse
start). ``steps`` (n, m + 2) holds, per row: the gain of each state, the prediction error and its variance, which is
minus the variance in units of kappa where the row resolved a diffuse state, and 0 where the row taught nothing.

References
----------
Durbin, J. and Koopman, S. J. (2012), Time Series Analysis by State Space Methods, 2nd edition, chapters 4, 5 and 7.
Koopman, S. J. and Shephard, N. (1992), Exact score for time series models in state space form, Biometrika 79, 823-826.
"""

from __future__ import annotations

import math

import numpy as np

from hedgerow.kernels.compile import compiled

DIFFUSE_TOLERANCE = 1e-10
"""Share of a row's squared size below which it says nothing new about the states that are still diffuse."""


@compiled()
def start_states(model, state, covariance, diffuse):  # type: ignore[no-untyped-def]
    """Write the start of the recursion into ``state`` (m,), ``covariance`` and ``diffuse`` (m, m)."""
    unresolved = 0
    for i in range(model.shape[1]):
        state[i] = model[2, i]
        for j in range(model.shape[1]):
            covariance[i, j] = 0.0
            diffuse[i, j] = 0.0
        if np.isinf(model[3, i]):
            diffuse[i, i] = 1.0
            unresolved += 1
        else:
            covariance[i, i] = model[3, i]
    return unresolved


@compiled()
def absorb(z, y, unresolved, state, covariance, diffuse, products, step):  # type: ignore[no-untyped-def]
    """Update the states with one observed row, in Joseph's form; return how many stay diffuse.

    ``products`` (2, m) is room to work in. Joseph's form keeps the covariance positive semidefinite whatever the gain,
    which also makes it right for a row that resolves a diffuse state, whose gain is not the one of least variance.
    """
    m = state.shape[0]
    error, size, variance, reach = y, 0.0, 1.0, 0.0
    for i in range(m):
        error -= z[i] * state[i]
        size += z[i] * z[i]
        products[0, i] = products[1, i] = 0.0
        for j in range(m):
            products[0, i] += covariance[i, j] * z[j]
        variance += z[i] * products[0, i]
    if unresolved:
        for i in range(m):
            for j in range(m):
                products[1, i] += diffuse[i, j] * z[j]
            reach += z[i] * products[1, i]
    resolving = unresolved > 0 and reach > DIFFUSE_TOLERANCE * size
    for i in range(m):
        step[i] = products[1, i] / reach if resolving else products[0, i] / variance
        state[i] += step[i] * error
    step[m] = error
    step[m + 1] = -reach if resolving else variance
    for i in range(m):
        for j in range(m):
            covariance[i, j] -= step[i] * products[0, j]
    for i in range(m):
        left = step[i]
        for j in range(m):
            left -= covariance[i, j] * z[j]
        products[0, i] = left
    for i in range(m):
        for j in range(i, m):
            covariance[i, j] += products[0, i] * step[j]
            covariance[j, i] = covariance[i, j]
    if resolving:
        unresolved -= 1
        for i in range(m):
            for j in range(i, m):
                left = diffuse[i, j] - step[i] * products[1, j]
                diffuse[i, j] = left if unresolved else 0.0
                diffuse[j, i] = diffuse[i, j]
    return unresolved


@compiled()
def move_on(model, state, covariance):  # type: ignore[no-untyped-def]
    """Predict ``state`` (m,) and ``covariance`` (m, m) for the next row; diffuse states persist fully, so stay."""
    m = state.shape[0]
    for i in range(m):
        state[i] *= model[0, i]
        for j in range(m):
            covariance[i, j] *= model[0, i] * model[0, j]
        covariance[i, i] += model[1, i]


@compiled()
def filter_rows(design, y, model, carried, steps, predicted, kept, only_diffuse):  # type: ignore[no-untyped-def]
    """Run the filter over ``design`` (n, m) and ``y`` (n,), NaN in ``y`` where a row is not observed.

    Parameters
    ----------
    design, y, model
        As the module says.
    carried
        (2 m + 1, m), written: state, covariance and diffuse part predicted for the row after the last one done.
    steps
        (n, m + 2), written.
    predicted
        (n + 1, m), written: each row's state from the rows before it, not meaningful before the row returned second.
    kept
        (n, 2, m, m), written: covariance and diffuse part after each row's update; with no rows it is not kept.
    only_diffuse
        Whether to stop at the first row that every state is known before, where a quicker recursion takes over.

    Returns
    -------
    tuple
        Sum of log variances, sum of squared standardised errors, the first row before which no state is diffuse
        (n + 1 if there is none) and the number of rows done.
    """
    n, m = design.shape
    state, covariance, diffuse = carried[0], carried[1 : m + 1], carried[m + 1 :]
    products = np.zeros((2, m))
    unresolved = start_states(model, state, covariance, diffuse)
    logs = squares = 0.0
    known_from = 0 if unresolved == 0 else n + 1
    for t in range(n):
        if only_diffuse and unresolved == 0:
            return logs, squares, known_from, t
        for i in range(m):
            predicted[t, i] = state[i]
            steps[t, i] = 0.0
        steps[t, m] = steps[t, m + 1] = 0.0
        if not np.isnan(y[t]):
            before = unresolved
            unresolved = absorb(design[t], y[t], unresolved, state, covariance, diffuse, products, steps[t])
            if before and not unresolved:
                known_from = t + 1
            logs += math.log(abs(steps[t, m + 1]))
            if steps[t, m + 1] > 0.0:
                squares += steps[t, m] * steps[t, m] / steps[t, m + 1]
        if kept.shape[0] > 0:
            for i in range(m):
                for j in range(m):
                    kept[t, 0, i, j] = covariance[i, j]
                    kept[t, 1, i, j] = diffuse[i, j]
        move_on(model, state, covariance)
    for i in range(m):
        predicted[n, i] = state[i]
    return logs, squares, known_from, n


@compiled()
def step_back(z, phi, step, adjoint, spread, products):  # type: ignore[no-untyped-def]
    """Carry ``adjoint`` (m,) and ``spread`` (m, m), of the state predicted for the next row, back to this row's.

    They are the slope of the log-likelihood of all later rows in the predicted state, and minus its curvature.
    """
    m = adjoint.shape[0]
    for i in range(m):
        adjoint[i] *= phi[i]
        for j in range(m):
            spread[i, j] *= phi[i] * phi[j]
    variance = step[m + 1]
    if variance == 0.0:
        return
    along = 0.0
    for i in range(m):
        products[0, i] = 0.0
        for j in range(m):
            products[0, i] += spread[i, j] * step[j]
        along += step[i] * adjoint[i]
    middle = 0.0
    for i in range(m):
        middle += products[0, i] * step[i]
    pull = -along
    if variance > 0.0:
        pull += step[m] / variance
        middle += 1.0 / variance
    for i in range(m):
        adjoint[i] += z[i] * pull
        for j in range(m):
            spread[i, j] += z[i] * z[j] * middle - products[0, i] * z[j] - z[i] * products[0, j]


@compiled()
def score_rows(design, model, steps, predicted, kept, adjoint, spread, sums):  # type: ignore[no-untyped-def]
    """Add up, backwards over all rows, what the slopes of the log-likelihood are made of.

    Parameters
    ----------
    design, model, steps, predicted, kept
        As ``filter_rows`` took and wrote them, the first rows only where a quicker recursion did the later ones;
        ``kept`` without rows leaves out what persistences need.
    adjoint, spread
        (m,) and (m, m): zero after the last row; left as they are before the first row.
    sums
        (4, m), added to: squared adjoints, spreads, and the two parts of the slopes in the persistences. With a noise
        variance s, a slope in a state's relative variance is half of ``sums[0] / s - sums[1]``, in its persistence
        ``sums[2] / s - sums[3]``.
    """
    n, m = design.shape
    products = np.zeros((2, m))
    for back in range(n):
        t = n - 1 - back
        for i in range(m):
            sums[0, i] += adjoint[i] * adjoint[i]
            sums[1, i] += spread[i, i]
            if kept.shape[0] > 0:
                sums[2, i] += adjoint[i] * (predicted[t, i] + steps[t, i] * steps[t, m])
                for j in range(m):
                    after = model[0, j] * kept[t, 0, i, j]
                    sums[2, i] += adjoint[i] * adjoint[j] * after
                    sums[3, i] += spread[i, j] * after
        step_back(design[t], model[0], steps[t], adjoint, spread, products)


@compiled()
def smooth_rows(design, model, steps, predicted, kept, smoothed):  # type: ignore[no-untyped-def]
    """Write each state given all rows, later ones included, into ``smoothed`` (n, m)."""
    n, m = design.shape
    adjoint, beyond, product = np.zeros(m), np.zeros(m), np.zeros(m)
    spread, covariance, products = np.zeros((m, m)), np.zeros((m, m)), np.zeros((2, m))
    for back in range(n):
        t = n - 1 - back
        for i in range(m):
            smoothed[t, i] = predicted[t, i] + steps[t, i] * steps[t, m]
            for j in range(m):
                smoothed[t, i] += model[0, j] * (kept[t, 0, i, j] * adjoint[j] + kept[t, 1, i, j] * beyond[j])
        if steps[t, m + 1] < 0.0:
            covariance_before(model, kept, t, covariance)
            for i in range(m):
                product[i] = 0.0
                for j in range(m):
                    product[i] += covariance[i, j] * design[t, j]
            diffuse_step_back(design[t], model[0], steps[t], product, adjoint, beyond)
        step_back(design[t], model[0], steps[t], adjoint, spread, products)


@compiled()
def covariance_before(model, kept, t, covariance):  # type: ignore[no-untyped-def]
    """Write the bounded part of the covariance predicted for row ``t`` into ``covariance`` (m, m)."""
    m = covariance.shape[0]
    for i in range(m):
        for j in range(m):
            covariance[i, j] = model[0, i] * model[0, j] * kept[t - 1, 0, i, j] if t > 0 else 0.0
        if t > 0:
            covariance[i, i] += model[1, i]
        elif np.isfinite(model[3, i]):
            covariance[i, i] = model[3, i]


@compiled()
def diffuse_step_back(z, phi, step, product, adjoint, beyond):  # type: ignore[no-untyped-def]
    """Carry ``beyond`` (m,), the part of the adjoint of order one over kappa, back over a row that resolved a state.

    ``product`` (m,) is the covariance before the row times ``z``.
    """
    m = adjoint.shape[0]
    variance, along, beyond_along = 1.0, 0.0, 0.0
    for i in range(m):
        variance += z[i] * product[i]
    for i in range(m):
        along += phi[i] * adjoint[i] * (product[i] - step[i] * variance)
        beyond_along += phi[i] * beyond[i] * step[i]
    reach = -step[m + 1]
    for i in range(m):
        beyond[i] = phi[i] * beyond[i] + z[i] * (step[m] / reach - beyond_along - along / reach)
