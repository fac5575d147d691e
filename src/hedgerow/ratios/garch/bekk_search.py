"""The search for a BEKK model's parameters: simple forms first by Fisher's scoring, then the one wanted by BFGS."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.ratios.convergence import Convergence
from hedgerow.ratios.garch.bekk_likelihood import BEKKLikelihood
from hedgerow.ratios.garch.bekk_parameters import Form, Layout, persistence

GRADIENT_SMALL = 1e-6
"""Largest element of the mean log-likelihood's gradient at which a search ends."""

GRADIENT_ENOUGH = 1e-4
"""The same where a search that could not go on is still taken as ended: the likelihood is that flat there."""

GRADIENT_ROUGH = 1e-2
"""The same, as a norm, where the first stage ends: near the top the information is no longer the best guide."""

MOST_STEPS, MOST_ROUGH_STEPS, MOST_LAST_STEPS = 1000, 40, 100

RIDGE = 1e-7
"""Share of a parameter's own information added to it, so that one without influence leaves a step defined."""

BARRIER = 0.1
"""Weight of log det(constant) beside the log-likelihood under targeting: it keeps the search inside the region where
a constant is left, and moves an estimate within it by some hundredths of its standard error."""

HOPELESS = 1.05
"""Persistence at a rough end beyond which the search is given up: refining does not bring it below 1."""

WALL = 5.0
"""What a point without a likelihood is worse by than the worst with one: a line search turns round there."""

FEWEST_FREEDOM, MOST_FREEDOM = 2.05, 500.0
"""Range of Student's degrees of freedom; the upper end is the normal distribution for all that data can tell."""

START_FREEDOM = 8.0

SCALAR_STARTS = ((0.02, 0.97), (0.05, 0.93), (0.05, 0.85), (0.12, 0.80), (0.10, 0.50))
"""Shares a², b² from which the likeliest is where the search begins."""


@dataclass(frozen=True, eq=False)
class Found:
    """Where one search ended.

    Attributes
    ----------
    parameters : ndarray (p,)
    value : float
        Log-likelihood there.
    gradient : float
        Largest element of the mean log-likelihood's gradient, in the search's coordinates.
    steps : int
    """

    parameters: FloatArray
    value: float
    gradient: float
    steps: int


@dataclass(frozen=True, eq=False)
class SimpleFits:
    """Rough fits of the simple forms with targeting, from which any search starts.

    Attributes
    ----------
    first : ndarray
        The likeliest of the fixed scalar starts.
    scalar, diagonal : ndarray
        Where the likelihood of the scalar and the diagonal form rises to.
    """

    first: FloatArray
    scalar: FloatArray
    diagonal: FloatArray


def search(likelihood: BEKKLikelihood, simple: SimpleFits) -> tuple[Found, int]:
    """Return where the search ended, and how many starts it had; the best of their rough ends is refined."""
    starts = starting_points(likelihood, simple)
    rough = [ascend(likelihood, start, GRADIENT_ROUGH, MOST_ROUGH_STEPS) for start in starts]
    best = max(rough, key=lambda end: end.value)
    if persistence_at(likelihood, best.parameters) >= HOPELESS:
        return best, len(starts)
    return refine(likelihood, best), len(starts)


def persistence_at(likelihood: BEKKLikelihood, parameters: FloatArray) -> float:
    """Return the persistence of A and B at ``parameters`` (p,)."""
    made = likelihood.layout.matrices(parameters, likelihood.target)
    return persistence(made.a, made.b)


def simple_fits(likelihood: BEKKLikelihood) -> SimpleFits:
    """Return the rough fits of the simple forms; each starts from the one before."""
    scalar, diagonal = (_simpler(likelihood.layout, form) for form in ("scalar", "diagonal"))
    first = _likeliest_scalar(likelihood)
    of_scalar = climb(_with(likelihood, scalar), first).parameters
    start = converted(of_scalar, scalar, diagonal, likelihood.target)
    return SimpleFits(first, of_scalar, climb(_with(likelihood, diagonal), start).parameters)


def starting_points(likelihood: BEKKLikelihood, simple: SimpleFits) -> list[FloatArray]:
    """Return starts (p,): the rough fit of the same or the next simpler form, for the full form the first one too."""
    layout = likelihood.layout
    scalar, diagonal = (_simpler(layout, form) for form in ("scalar", "diagonal"))
    chosen: dict[Form, list[tuple[FloatArray, Layout]]] = {
        "scalar": [(simple.scalar, scalar)],
        "diagonal": [(simple.diagonal, diagonal)],
        "full": [(simple.diagonal, diagonal), (simple.first, scalar)],
    }
    return [converted(parameters, form, layout, likelihood.target) for parameters, form in chosen[layout.form]]


def climb(
    likelihood: BEKKLikelihood, start: FloatArray, gradient: float = GRADIENT_ROUGH, most_steps: int = MOST_ROUGH_STEPS
) -> Found:
    """Return where the likelihood rises to from ``start`` (p,): a trust region with expected information."""
    from scipy.optimize import minimize

    point: Any = _Point(likelihood)
    options: Any = {
        "gtol": gradient,
        "maxiter": most_steps,
        "initial_trust_radius": 0.1,
        "max_trust_radius": 5.0,
    }
    with np.errstate(all="ignore"):
        ended = minimize(
            point.value, _inner(start, likelihood.layout), method="trust-exact", jac=point.gradient,
            hess=point.information, options=options,
        )  # fmt: skip
    found: Found = point.found(ended.x, int(ended.nit))
    return found


def ascend(likelihood: BEKKLikelihood, start: FloatArray, gradient: float, most_steps: int) -> Found:
    """Return where the likelihood rises to from ``start`` (p,): BFGS that starts with the information's inverse."""
    from scipy.optimize import minimize

    point: Any = _Point(likelihood)
    inner = _inner(start, likelihood.layout)
    eigenvalues, directions = np.linalg.eigh(point.information(inner))
    spread = directions / np.sqrt(np.maximum(eigenvalues, 1e-4 * eigenvalues[-1]))
    options: Any = {"gtol": gradient, "maxiter": most_steps, "hess_inv0": spread @ spread.T}
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the line search cannot improve is judged by the gradient
        ended = minimize(point.value_and_gradient, inner, method="BFGS", jac=True, options=options)
    found: Found = point.found(ended.x, int(ended.nit))
    return found


def refine(likelihood: BEKKLikelihood, rough: Found) -> Found:
    """Return where the likelihood is flat, from a rough end."""
    found = ascend(likelihood, rough.parameters, GRADIENT_SMALL, MOST_STEPS)
    if found.gradient <= GRADIENT_ENOUGH:
        return replace(found, steps=rough.steps + found.steps)
    # at the edge of what targeting allows the barrier curves too sharply for BFGS, and its information is exact
    further = climb(likelihood, found.parameters, GRADIENT_SMALL, MOST_LAST_STEPS)
    return replace(further, steps=rough.steps + found.steps + further.steps)


def convergence_of(likelihood: BEKKLikelihood, found: Found, starts: int) -> Convergence:
    """Return how the search ended, as a value."""
    kept = persistence_at(likelihood, found.parameters)
    reason = ""
    if not np.isfinite(found.value):
        reason = "no start gave a covariance that is positive definite"
    elif not kept < 1.0:
        reason = f"the fitted covariances have no mean: a shock grows by {kept:.4f} per row"
    elif not found.gradient <= GRADIENT_ENOUGH:
        reason = f"the search ended after {found.steps} steps where the likelihood still rises"
    return Convergence(not reason, reason, found.steps, found.gradient, starts)


def converted(parameters: FloatArray, simple: Layout, layout: Layout, target: FloatArray) -> FloatArray:
    """Return the parameters of ``layout`` whose covariances are those of a ``simple`` form with targeting."""
    made = simple.matrices(parameters, target)
    column_a, column_b = layout.columns()
    out = np.zeros(layout.size)
    for own, column in ((made.a, column_a), (made.b, column_b)):
        out[column[column >= 0]] = own[column >= 0]
    if not layout.targeting:
        constant = target - made.a.T @ made.target_a - made.b.T @ made.target_b
        out[: layout.n_constant] = np.linalg.cholesky(constant)[np.tril_indices(layout.n_series)]
    if layout.student:
        out[-1] = made.freedom
    return out


def _likeliest_scalar(likelihood: BEKKLikelihood) -> FloatArray:
    """Return the likeliest of the scalar starts, with targeting."""
    scalar = _with(likelihood, _simpler(likelihood.layout, "scalar"))
    tail = [START_FREEDOM] if likelihood.layout.student else []
    starts = [np.array([a**0.5, b**0.5, *tail]) for a, b in SCALAR_STARTS]
    return max(starts, key=scalar.value)


def _simpler(layout: Layout, form: Form) -> Layout:
    return Layout(form, layout.n_series, True, layout.student)


def _with(likelihood: BEKKLikelihood, layout: Layout) -> BEKKLikelihood:
    return BEKKLikelihood(layout, likelihood.residuals, likelihood.target)


def _inner(parameters: FloatArray, layout: Layout) -> FloatArray:
    """Return the search's coordinates: freedom by a logistic curve, all else as it is."""
    inner = parameters.copy()
    if layout.student:
        share = (parameters[-1] - FEWEST_FREEDOM) / (MOST_FREEDOM - FEWEST_FREEDOM)
        inner[-1] = np.log(share / (1.0 - share))
    return inner


def _outer(inner: FloatArray, layout: Layout) -> FloatArray:
    parameters = inner.copy()
    if layout.student:
        parameters[-1] = FEWEST_FREEDOM + (MOST_FREEDOM - FEWEST_FREEDOM) / (1.0 + np.exp(-inner[-1]))
    return parameters


class _Point:
    """Mean log-likelihood and barrier, turned downward; gradient and information are made together."""

    def __init__(self, likelihood: BEKKLikelihood) -> None:
        self._likelihood = likelihood
        self._at: FloatArray | None = None
        self._worst = -np.inf
        self._slope, self._curve = np.empty(0), np.empty((0, 0))
        self.rows = len(likelihood.residuals)

    def value(self, inner: FloatArray) -> float:
        parameters = _outer(inner, self._likelihood.layout)
        return self._turned(self._likelihood.value(parameters, BARRIER))

    def gradient(self, inner: FloatArray) -> FloatArray:
        self._make(inner)
        return self._slope

    def information(self, inner: FloatArray) -> FloatArray:
        self._make(inner)
        return self._curve

    def value_and_gradient(self, inner: FloatArray) -> tuple[float, FloatArray]:
        """Return both at once, without the information; beyond the wall no gradient: the value says it all."""
        parameters = _outer(inner, self._likelihood.layout)
        value, slopes = self._likelihood.gradient(parameters, BARRIER)
        return self._turned(value), -self._chain(parameters) * slopes / self.rows

    def found(self, inner: FloatArray, steps: int) -> Found:
        slope = float(np.max(np.abs(self.value_and_gradient(inner)[1])))
        parameters = _outer(inner, self._likelihood.layout)
        value = self._likelihood.value(parameters)
        return Found(parameters, value, slope if np.isfinite(value) else np.inf, steps)

    def _turned(self, value: float) -> float:
        mean = value / self.rows
        if np.isfinite(mean):
            self._worst = max(self._worst, -mean)
            return float(-mean)
        return self._worst + WALL

    def _chain(self, parameters: FloatArray) -> FloatArray:
        """Return derivatives (p,) of the parameters by the search's coordinates."""
        chain = np.ones(len(parameters))
        if self._likelihood.layout.student:
            chain[-1] = (parameters[-1] - FEWEST_FREEDOM) * (MOST_FREEDOM - parameters[-1])
            chain[-1] /= MOST_FREEDOM - FEWEST_FREEDOM
        return chain

    def _make(self, inner: FloatArray) -> None:
        if self._at is not None and np.array_equal(self._at, inner):
            return
        parameters = _outer(inner, self._likelihood.layout)
        scores, information = self._likelihood.slopes(parameters)
        self._at = inner.copy()
        if not np.all(np.isfinite(scores)):  # beyond the wall: a trust region asks for no more than the value there
            self._slope = np.zeros(len(inner))
            return
        _, barrier_slope, barrier_curve = self._likelihood.barrier(parameters)
        chain = self._chain(parameters)
        self._slope = -chain * (scores.sum(axis=0) + BARRIER * barrier_slope) / self.rows
        curve = np.outer(chain, chain) * (information + BARRIER * barrier_curve) / self.rows
        own = np.diag(curve)
        self._curve = curve + np.diag(RIDGE * np.maximum(own, 1e-3 * own.max()))
