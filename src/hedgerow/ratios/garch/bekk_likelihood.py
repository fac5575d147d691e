"""The likelihood of a BEKK model on given residuals, with its scores, information and sandwich covariance."""

from __future__ import annotations

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.kernels.compile import dense
from hedgerow.ratios.garch.bekk_adjoint import bekk_gradient, pair_gradient
from hedgerow.ratios.garch.bekk_kernels import bekk_covariances, bekk_log_likelihood, bekk_slopes, pair_log_likelihood
from hedgerow.ratios.garch.bekk_parameters import Layout, Matrices, transition

SMALLEST_CURVATURE = 1e-9
"""Curvature of the mean log-likelihood in one parameter below which it is called not identified."""

LARGEST_CONDITION = 1e12
"""Condition number of the scaled Hessian above which parameters are called not identified."""


class BEKKLikelihood:
    """Log-likelihood of scaled residuals (n, d) under a BEKK model that starts at their mean product.

    Parameters
    ----------
    layout
        Which parameters there are.
    residuals
        (n, d), of about unit variance.
    target
        (d, d): the first covariance, and with targeting the mean of all.
    """

    def __init__(self, layout: Layout, residuals: FloatArray, target: FloatArray) -> None:
        self.layout = layout
        self.residuals = dense(residuals)
        self.target = np.ascontiguousarray(target)
        self._columns = layout.columns()

    def value(self, parameters: FloatArray, barrier: float = 0.0) -> float:
        """Return the log-likelihood plus ``barrier`` times that of :meth:`barrier`; minus infinity without one."""
        usable = self._usable(parameters)
        if usable is None:
            return -np.inf
        made, log_determinant = usable
        d = self.layout.n_series
        tail, _, _ = tail_of_t(made.freedom, d)
        if d == 2:
            total = float(pair_log_likelihood(*self._inputs(made), made.freedom, tail))
        else:
            total = float(bekk_log_likelihood(*self._inputs(made), made.freedom, tail, np.zeros((7, d, d))))
        return total + barrier * log_determinant if np.isfinite(total) else -np.inf

    def slopes(self, parameters: FloatArray, informed: bool = True) -> tuple[FloatArray, FloatArray]:
        """Return every row's score (n, p) and the information (p, p), NaN where there is no likelihood.

        Not ``informed``, the information is left out, which is faster.
        """
        layout = self.layout
        d, p = layout.n_series, layout.size
        usable = self._usable(parameters)
        if usable is None:
            return np.full((len(self.residuals), p), np.nan), np.full((p, p), np.nan)
        made, _ = usable
        _, tail_slope, tail_curvature = tail_of_t(made.freedom, d)
        moved = layout.constant_slopes(parameters)
        scores = np.empty((len(self.residuals), p))
        information = np.zeros((p, p) if informed else (0, 0))
        square, tall = np.zeros((7, d, d)), np.zeros((4, *moved.shape))
        given = bekk_slopes(
            *self._inputs(made), made.freedom, tail_slope, transition(made.b), moved, *self._columns,
            square, tall, scores, information,
        )  # fmt: skip
        if not given:
            scores[:] = np.nan
        if layout.student and informed:
            information[-1, -1] -= tail_curvature * len(self.residuals)
        return scores, information + np.tril(information, -1).T

    def gradient(self, parameters: FloatArray, barrier: float = 0.0) -> tuple[float, FloatArray]:
        """Return what :meth:`value` does and its gradient (p,); minus infinity and zeros where there is none."""
        usable = self._usable(parameters)
        none = -np.inf, np.zeros(self.layout.size)
        if usable is None:
            return none
        made, log_determinant = usable
        n, d = self.residuals.shape
        tail, tail_slope, _ = tail_of_t(made.freedom, d)
        by_whole, by_a, by_b = pulls = np.zeros((3, d, d))
        whole = self._constant(made)
        given = self.residuals, self.target, whole, made.a, made.b, made.freedom, tail, tail_slope
        if d == 2:
            total, by_freedom = pair_gradient(*given, np.empty((n, 3)), *pulls)
        else:
            total, by_freedom = bekk_gradient(*given, np.empty((n, d, d)), np.zeros((6, d, d)), *pulls)
        if not np.isfinite(total):
            return none
        gradient = np.zeros(self.layout.size)
        if self.layout.targeting:  # the constant gives way
            by_whole += barrier * np.linalg.inv(whole)
            by_a -= 2.0 * made.target_a @ by_whole
            by_b -= 2.0 * made.target_b @ by_whole
        else:
            by_root = 2.0 * by_whole @ self.layout.root(parameters)
            gradient[: self.layout.n_constant] = by_root[np.tril_indices(d)]
        for column, by_elements in zip(self._columns, (by_a, by_b), strict=True):
            np.add.at(gradient, column[column >= 0], by_elements[column >= 0])
        if self.layout.student:
            gradient[-1] = by_freedom
        return float(total + barrier * log_determinant), gradient

    def barrier(self, parameters: FloatArray) -> tuple[float, FloatArray, FloatArray]:
        """Return ``log det(target - A'target A - B'target B)``, slopes (p,), and minus the sure curvature.

        It falls without bound where targeting leaves no constant; zero without targeting.
        """
        p = self.layout.size
        usable = self._usable(parameters) if self.layout.targeting else None
        if usable is None:
            return -np.inf if self.layout.targeting else 0.0, np.zeros(p), np.zeros((p, p))
        made, log_determinant = usable
        moved = np.zeros((p, *made.a.shape))
        for column, product in zip(self._columns, (made.target_a, made.target_b), strict=True):
            for i, j in np.argwhere(column >= 0):
                moved[column[i, j], j, :] -= product[i]
                moved[column[i, j], :, j] -= product[i]
        inverse_moved = np.linalg.solve(self._constant(made), moved)
        slopes = np.trace(inverse_moved, axis1=1, axis2=2)
        return log_determinant, slopes, np.einsum("pij,qji->pq", inverse_moved, inverse_moved)

    def curvature(self, parameters: FloatArray) -> FloatArray:
        """Return minus the Hessian (p, p), differenced from the analytic gradient; NaN where it is no such curve.

        The row and column of a parameter without curvature are NaN alone: nothing identifies it. All are where what
        is left is not positive definite.
        """
        p = self.layout.size
        hessian = np.empty((p, p))
        for number in range(p):
            step = 1e-5 * max(abs(parameters[number]), 0.1)
            sides = []
            for moved in (parameters[number] + step, parameters[number] - step):
                at = parameters.copy()
                at[number] = moved
                sides.append(self.slopes(at, informed=False)[0].sum(axis=0))
            hessian[number] = (sides[1] - sides[0]) / (2.0 * step)
        size = np.ones(p)
        if self.layout.student:
            size[-1] = parameters[-1]  # freedom counts in shares of itself
        return identified_curvature(0.5 * (hessian + hessian.T), size, len(self.residuals))

    def _usable(self, parameters: FloatArray) -> tuple[Matrices, float] | None:
        """Return the matrices and, under targeting, the constant's log determinant.

        None where the constant is not positive definite or t has no variance.
        """
        if not np.all(np.isfinite(parameters)):
            return None
        made = self.layout.matrices(parameters, self.target)
        if self.layout.student and not made.freedom > 2.0:
            return None
        if not self.layout.targeting:
            return made, 0.0
        try:
            factor = np.linalg.cholesky(self._constant(made))
        except np.linalg.LinAlgError:
            return None
        return made, 2.0 * float(np.sum(np.log(np.diag(factor))))

    def _constant(self, made: Matrices) -> FloatArray:
        """Return what targeting leaves for the constant (d, d)."""
        left: FloatArray = made.constant - made.a.T @ made.target_a - made.b.T @ made.target_b
        return left

    def _inputs(self, made: Matrices) -> tuple[FloatArray, ...]:
        return self.residuals, self.target, made.constant, made.target_a, made.target_b, made.a, made.b


def bekk_path(layout: Layout, parameters: FloatArray, target: FloatArray, residuals: FloatArray) -> FloatArray:
    """Return covariances (n + 1, d, d) of ``residuals`` (n, d), the first of them ``target`` (d, d)."""
    made = layout.matrices(parameters, target)
    d = layout.n_series
    out = np.empty((len(residuals) + 1, d, d))
    bekk_covariances(
        dense(residuals), target, made.constant, made.target_a, made.target_b, made.a, made.b, np.zeros((5, d, d)), out
    )
    return out


def identified_curvature(hessian: FloatArray, size: FloatArray, rows: int) -> FloatArray:
    """Return ``hessian`` (p, p) with NaN for what does not curve, parameters being measured in their ``size`` (p,)."""
    curve = np.diag(hessian) * size**2
    flat = ~(curve > SMALLEST_CURVATURE * rows)
    shown = hessian.copy()
    shown[flat, :] = shown[:, flat] = np.nan
    unit = np.sqrt(np.diag(hessian)[~flat])
    kept = hessian[np.ix_(~flat, ~flat)] / np.outer(unit, unit)
    if not np.all(np.isfinite(kept)):
        return np.full_like(hessian, np.nan)
    eigenvalues = np.linalg.eigvalsh(kept) if len(kept) else np.ones(1)
    if not eigenvalues[0] * LARGEST_CONDITION > eigenvalues[-1]:
        return np.full_like(hessian, np.nan)
    return shown


def sandwich(hessian: FloatArray, scores: FloatArray) -> FloatArray:
    """Return ``inverse(H) S'S inverse(H)`` (p, p) for minus the Hessian H and scores S (n, p), NaN where H is NaN."""
    known = np.isfinite(np.diag(hessian))
    covariance = np.full(hessian.shape, np.nan)
    if known.any():
        spread = np.linalg.solve(hessian[np.ix_(known, known)], scores[:, known].T)
        covariance[np.ix_(known, known)] = spread @ spread.T
    return covariance


def tail_of_t(freedom: float, n_series: int) -> tuple[float, float, float]:
    """Return the part of t's log density that freedom alone decides, its slope and its curvature; 0 without freedom."""
    if freedom <= 0.0:
        return 0.0, 0.0, 0.0
    from scipy.special import gammaln, polygamma, psi

    upper, lower, room = 0.5 * (freedom + n_series), 0.5 * freedom, freedom - 2.0
    value = gammaln(upper) - gammaln(lower) - 0.5 * n_series * np.log(np.pi * room)
    slope = 0.5 * (psi(upper) - psi(lower)) - 0.5 * n_series / room
    curvature = 0.25 * (polygamma(1, upper) - polygamma(1, lower)) + 0.5 * n_series / room**2
    return float(value), float(slope), float(curvature)
