"""The search for parameters: scipy's bounded quasi-Newton method, finished by Newton steps to the last digits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.ratios.convergence import Convergence

Objective = Callable[[FloatArray], tuple[float, FloatArray]]
"""Minus the mean log-likelihood per row, and its gradient."""

STEEPEST_END = 1e-6
"""Largest element of the mean log-likelihood's gradient at a point that counts as an optimum."""
FLAT = 1e-9
"""Curvature of the mean log-likelihood below which a coordinate is not identified."""
NEWTON_STEPS = 25
STEP = 1e-4
"""Step of the finite differences of the analytic gradient."""
EDGE = 1e-9
"""Distance from a bound at which a coordinate counts as held by it."""


@dataclass(frozen=True, eq=False)
class Optimum:
    """Where a search ended.

    Attributes
    ----------
    point : ndarray (p,)
    value : float
        Minus the mean log-likelihood per row.
    hessian : ndarray (p, p)
        Of the value; only rows and columns of ``free`` mean something.
    free : ndarray (p,) of bool
        Coordinates that no bound holds and that the likelihood identifies.
    convergence : Convergence
    """

    point: FloatArray
    value: float
    hessian: FloatArray
    free: BoolArray
    convergence: Convergence


def find_optimum(
    objective: Objective, starts: Sequence[Sequence[float]], lower: FloatArray, upper: FloatArray, subject: str
) -> Optimum:
    """Return the least value of ``objective`` within bounds, searched from the best of fixed ``starts``.

    Where the search from the best start does not converge, it goes on to the next best, and the best point found is
    kept. ``subject`` names the model in the reason of a failure.
    """
    rated = sorted(((objective(np.array(start))[0], number) for number, start in enumerate(starts)), key=_finite_first)
    tried: list[Optimum] = []
    for _, number in rated:
        tried.append(_search(objective, np.array(starts[number]), lower, upper, subject, len(starts)))
        if tried[-1].convergence.converged:
            return tried[-1]
    return min(tried, key=lambda found: _finite_first((found.value, 0)))


def _finite_first(rating: tuple[float, int]) -> tuple[bool, float]:
    return (not np.isfinite(rating[0]), rating[0])


def _search(
    objective: Objective, start: FloatArray, lower: FloatArray, upper: FloatArray, subject: str, starts: int
) -> Optimum:
    from scipy.optimize import minimize

    options = {"maxfun": 400, "ftol": 1e-7, "gtol": 1e-4}
    bounds = list(zip(lower, upper, strict=True))
    found = minimize(
        objective,
        start,
        jac=True,  # type: ignore[call-overload]
        method="TNC",
        bounds=bounds,
        options=options,
    )
    point, value, gradient, hessian, free, steps = _newton(objective, np.asarray(found.x), lower, upper)
    left = float(np.max(np.abs(gradient[free]))) if free.any() else 0.0
    reason = ""
    if not (np.isfinite(value) and np.isfinite(left)):
        reason = f"the likelihood of {subject} is not finite at any point found"
    elif left > STEEPEST_END:
        reason = f"the search for the parameters of {subject} stopped where the likelihood still rises ({left:.1e})"
    convergence = Convergence(not reason, reason, int(found.nit) + steps, left, starts)
    return Optimum(point, value, hessian, free, convergence)


def _newton(
    objective: Objective, point: FloatArray, lower: FloatArray, upper: FloatArray
) -> tuple[FloatArray, float, FloatArray, FloatArray, BoolArray, int]:
    """Return point, value, gradient, Hessian, free coordinates and the number of steps of a damped Newton search."""
    value, gradient = objective(point)
    fresh = False
    hessian, free = np.eye(len(point)), np.ones(len(point), dtype=np.bool_)
    steps = 0
    while steps < NEWTON_STEPS:
        if not fresh:
            free = _off_bounds(point, gradient, lower, upper)
            hessian = hessian_at(objective, point, free, lower, upper)
            free &= np.abs(np.diag(hessian)) > FLAT
            fresh = True
        if not free.any() or np.max(np.abs(gradient[free])) < 1e-13:
            break
        direction = _newton_direction(hessian, gradient, point, free, (lower, upper))
        moved = _descend(objective, point, value, gradient, direction, lower, upper)
        if moved is None:
            break
        steps += 1
        shrunk = np.max(np.abs(moved[2][free])) < 1e-3 * np.max(np.abs(gradient[free]))
        settled = np.max(np.abs(moved[0] - point)) < 1e-11
        # a step that all but ended the gradient was made by a Hessian that is good enough for the next one
        point, value, gradient = moved
        if settled:
            break
        fresh = bool(shrunk and np.max(np.abs(gradient[free])) < 1e-8)
    if not fresh:
        free = _off_bounds(point, gradient, lower, upper)
        hessian = hessian_at(objective, point, free, lower, upper)
        free &= np.abs(np.diag(hessian)) > FLAT
    return point, value, gradient, hessian, free, steps


def _newton_direction(
    hessian: FloatArray, gradient: FloatArray, point: FloatArray, free: BoolArray, bounds: tuple[FloatArray, FloatArray]
) -> FloatArray:
    """Return a Newton step (p,) of the ``free`` coordinates that does not push any through a bound it lies on.

    Off the floor of a valley that runs into a bound, the gradient may point inwards where the step goes outwards: the
    coordinate then stays where it is and the others are solved for alone.
    """
    lower, upper = bounds
    free = free.copy()
    for _ in range(len(point)):
        direction = np.zeros(len(point))
        if not free.any():
            break
        direction[free] = -_solve_positive(hessian[np.ix_(free, free)], gradient[free])
        stuck = ((point <= lower + EDGE) & (direction < 0.0)) | ((point >= upper - EDGE) & (direction > 0.0))
        if not stuck.any():
            break
        free &= ~stuck
    return direction


def _descend(
    objective: Objective,
    point: FloatArray,
    value: float,
    gradient: FloatArray,
    direction: FloatArray,
    lower: FloatArray,
    upper: FloatArray,
) -> tuple[FloatArray, float, FloatArray] | None:
    """Return the point, value and gradient after a step along ``direction`` that does not lose, or None.

    A step that would leave the bounds is tried first as far as the nearest one: cut at a bound in one coordinate only,
    it would leave a narrow valley that runs into that bound, as a variance without mean does.
    """
    slack = 1e-13 * max(1.0, abs(value))
    room = _room(point, direction, lower, upper)
    for share in (*([room] if 0.0 < room < 1.0 else []), 1.0, 0.5, 0.25, 0.1, 0.03, 0.01):
        tried = np.clip(point + share * direction, lower, upper)
        if np.array_equal(tried, point):
            return None
        new_value, new_gradient = objective(tried)
        if new_value < value - slack:
            return tried, new_value, new_gradient
        if new_value <= value + slack and np.max(np.abs(new_gradient)) < np.max(np.abs(gradient)):
            return tried, new_value, new_gradient
    return None


def _room(point: FloatArray, direction: FloatArray, lower: FloatArray, upper: FloatArray) -> float:
    """Return the share of ``direction`` after which the first bound is met; infinite where none is."""
    moving = direction != 0.0
    ahead = np.where(direction > 0.0, upper, lower)[moving] - point[moving]
    return float(np.min(ahead / direction[moving], initial=np.inf))


def _off_bounds(point: FloatArray, gradient: FloatArray, lower: FloatArray, upper: FloatArray) -> BoolArray:
    """Return which coordinates (p,) no bound holds: one on a bound is free where the value falls inwards."""
    held: BoolArray = ((point <= lower + EDGE) & (gradient >= 0.0)) | ((point >= upper - EDGE) & (gradient <= 0.0))
    return ~held


def hessian_at(
    objective: Objective, point: FloatArray, free: BoolArray, lower: FloatArray, upper: FloatArray
) -> FloatArray:
    """Return second derivatives (p, p) by differences of the gradient, zero for coordinates that are not ``free``."""
    p = len(point)
    hessian = np.zeros((p, p))
    for number in np.flatnonzero(free):
        above, below = point.copy(), point.copy()
        above[number] = min(point[number] + STEP, upper[number])
        below[number] = max(point[number] - STEP, lower[number])
        rise = objective(above)[1] - objective(below)[1]
        hessian[number] = rise / (above[number] - below[number])
    hessian = np.where(np.outer(free, free), hessian, 0.0)
    return 0.5 * (hessian + hessian.T)


def _solve_positive(hessian: FloatArray, gradient: FloatArray) -> FloatArray:
    """Return the Newton direction's negative, the Hessian's negative and flat directions turned upwards."""
    if not np.all(np.isfinite(hessian)):
        return gradient
    scale = 1.0 / np.sqrt(np.maximum(np.abs(np.diag(hessian)), FLAT))
    values, vectors = np.linalg.eigh(hessian * np.outer(scale, scale))
    values = np.maximum(np.abs(values), 1e-6)
    step: FloatArray = scale * (vectors @ ((vectors.T @ (scale * gradient)) / values))
    return step
