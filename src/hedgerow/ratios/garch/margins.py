"""GARCH(1,1) and GJR(1,1) of one series of residuals: quasi-likelihood fit with robust errors, and the variance path.

>>> import numpy as np
>>> from hedgerow.ratios.garch.margins import fit_margin, margin_path
>>> residuals = np.random.default_rng(0).standard_t(5, 1000)
>>> fit = fit_margin(residuals, "gjr")
>>> fit.names
('omega', 'alpha', 'gamma', 'beta')
>>> margin_path(residuals, fit).shape
(1001,)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import DataError, InputError
from hedgerow.kernels.compile import dense
from hedgerow.ratios.convergence import Convergence
from hedgerow.ratios.garch.margin_kernels import margin_likelihood, margin_slopes, margin_variances
from hedgerow.ratios.garch.search import Optimum, find_optimum, hessian_at
from hedgerow.ratios.garch.sums import cross_sum, times

MarginKind = Literal["garch", "gjr"]
StartKind = Literal["backcast", "mean_square"]
MARGIN_NAMES: dict[str, tuple[str, ...]] = {
    "garch": ("omega", "alpha", "beta"),
    "gjr": ("omega", "alpha", "gamma", "beta"),
}
BACKCAST_ROWS, BACKCAST_DECAY = 75, 0.94
LOG_2_PI = math.log(2.0 * math.pi)

# Coordinates of the search: log of the long-run variance, -log(1 - persistence), share of the persistence that news
# has (times SHARE_SCALE), share of the news that falls have, and FREEDOM_SCALE / ν. Bounds replace constraints.
SHARE_SCALE, FREEDOM_SCALE = 16.0, 8.0
LOWER = np.array([-23.0, 0.0, 0.0, 0.0, FREEDOM_SCALE / 500.0])
UPPER = np.array([14.0, -math.log(1e-6), SHARE_SCALE, 1.0, FREEDOM_SCALE / 2.05])
STARTS = ((0.98, 0.06), (0.95, 0.12), (0.995, 0.04), (0.7, 0.2), (0.3, 0.1))
"""Persistence, and the share of it that news has, at which the search may start."""


@dataclass(frozen=True, eq=False)
class MarginFit:
    """A fitted variance recursion h_t = ω + (α + γ [e_{t-1} < 0]) e²_{t-1} + β h_{t-1}.

    Attributes
    ----------
    kind : {"garch", "gjr"}
    names : tuple of str, length p
        omega, alpha, (gamma,) beta and, of a Student-t, degrees_of_freedom.
    parameters : ndarray (p,)
        ω in squared units of the residuals.
    covariance : ndarray (p, p)
        Of the parameters, robust to a wrong distribution; NaN for those that a bound holds or nothing identifies.
    start_variance : float
        What e² and h were before the first row, half of it as a fall: h_0 = ω + (α + γ/2 + β) start_variance.
    log_likelihood : float
        Summed over rows, constants included.
    convergence : Convergence
    moments : ndarray (n_obs, f)
        Estimating functions of the f free coordinates of the search, each with mean zero.
    jacobian : ndarray (f, f)
        Derivatives of the moments' means by the coordinates.
    directions : ndarray (p, f)
        Derivatives of the parameters by the coordinates.
    log_slopes : ndarray (n_obs, f)
        Derivatives of log h_t by the coordinates.
    """

    kind: MarginKind
    names: tuple[str, ...]
    parameters: FloatArray
    covariance: FloatArray
    start_variance: float
    log_likelihood: float
    convergence: Convergence
    moments: FloatArray
    jacobian: FloatArray
    directions: FloatArray
    log_slopes: FloatArray

    @property
    def persistence(self) -> float:
        """α + γ/2 + β: share of a variance shock that is left one row later."""
        return persistence_of(self.parameters, self.kind)


def persistence_of(parameters: FloatArray, kind: MarginKind) -> float:
    """Return α + γ/2 + β of ω, α, (γ,) β."""
    _, alpha, gamma, beta = recursion_parameters(parameters, kind)
    return alpha + 0.5 * gamma + beta


def recursion_parameters(parameters: FloatArray, kind: MarginKind) -> tuple[float, float, float, float]:
    """Return ω, α, γ and β as the kernels take them, γ being 0 for a GARCH."""
    omega, alpha = float(parameters[0]), float(parameters[1])
    if kind == "gjr":
        return omega, alpha, float(parameters[2]), float(parameters[3])
    return omega, alpha, 0.0, float(parameters[2])


def squares_and_falls(residuals: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return e² and, where e < 0, e² again, as the kernels take them."""
    squares = dense(residuals * residuals)
    return squares, dense(np.where(residuals < 0.0, squares, 0.0))


def starting_variance(residuals: FloatArray, start: StartKind) -> float:
    """Return the variance before the first row: arch's backcast of the first 75 rows, or the mean square of all."""
    if start == "mean_square":
        return float(np.mean(residuals * residuals))
    first = residuals[:BACKCAST_ROWS]
    weights = BACKCAST_DECAY ** np.arange(len(first))
    return float(np.sum(first * first * weights) / np.sum(weights))


def fit_margin(
    residuals: FloatArray,
    kind: MarginKind = "garch",
    *,
    distribution: Literal["normal", "t"] = "normal",
    start: StartKind = "backcast",
    variance_targeting: bool = False,
) -> MarginFit:
    """Fit a variance recursion by (quasi-)maximum likelihood.

    Parameters
    ----------
    residuals : ndarray (n_obs,)
        Without mean; on any scale.
    kind : {"garch", "gjr"}
        ``gjr`` lets falls raise the variance by more (γ) than rises do.
    distribution : {"normal", "t"}
        Student-t of unit variance, whose degrees of freedom (2.05 to 500) are estimated.
    start : {"backcast", "mean_square"}
        Variance before the first row, see :func:`starting_variance`; it stays as it is in the path.
    variance_targeting : bool
        Whether the long-run variance is the mean square instead of being searched for.

    Returns
    -------
    MarginFit
        With ``convergence`` saying whether the search ended; α at 0 leaves β without an error, since it then only
        says how the starting variance fades.

    Raises
    ------
    DataError
        All residuals are zero.

    References
    ----------
    Bollerslev, T. (1986), Journal of Econometrics 31, 307-327. Glosten, L., Jagannathan, R. and Runkle, D. (1993),
    Journal of Finance 48, 1779-1801. Bollerslev, T. and Wooldridge, J. (1992), Econometric Reviews 11, 143-172.
    """
    if kind not in MARGIN_NAMES:
        raise InputError(f"margins must be 'garch' or 'gjr', not {kind!r}")
    scale = float(np.sqrt(np.mean(residuals * residuals)))
    if not scale > 0.0:
        raise DataError("the residuals of a series are all zero, so that there is no variance to model")
    scaled = dense(residuals / scale)
    start_variance = starting_variance(scaled, start)
    is_t = distribution == "t"
    search = _Search(kind, is_t, variance_targeting, squares_and_falls(scaled), start_variance)
    found = search.run()
    return _margin_fit(search, found, scaled, scale)


def margin_path(residuals: FloatArray, fit: MarginFit) -> FloatArray:
    """Return variances (n_obs + 1,), row t from residuals before t; the last is for the row after those given."""
    return margin_variance_path(residuals, fit.parameters, fit.kind, fit.start_variance)


def margin_variance_path(
    residuals: FloatArray, parameters: FloatArray, kind: MarginKind, start_variance: float
) -> FloatArray:
    """Return variances (n_obs + 1,) of given parameters ω, α, (γ,) β and variance before the first row."""
    variances = np.empty(len(residuals) + 1)
    squares, falls = squares_and_falls(residuals)
    margin_variances(squares, falls, *recursion_parameters(parameters, kind), start_variance, variances)
    return variances


def margin_variance_slopes(
    residuals: FloatArray, parameters: FloatArray, kind: MarginKind, start_variance: float
) -> tuple[FloatArray, FloatArray]:
    """Return variances (n_obs + 1,) and their derivatives (n_obs + 1, p) by ω, α, (γ,) β."""
    variances, slopes = np.empty(len(residuals) + 1), np.empty((len(residuals) + 1, 4))
    squares, falls = squares_and_falls(residuals)
    margin_slopes(squares, falls, *recursion_parameters(parameters, kind), start_variance, variances, slopes)
    return variances, slopes if kind == "gjr" else slopes[:, [0, 1, 3]]


class _Search:
    """The likelihood of one series scaled to unit mean square, in the coordinates of the search."""

    def __init__(
        self,
        kind: MarginKind,
        is_t: bool,
        targeting: bool,
        data: tuple[FloatArray, FloatArray],
        start_variance: float,
    ) -> None:
        self.kind = kind
        self.is_t = is_t
        self.targeting = targeting
        self.start_variance = start_variance
        self._squares, self._falls = data
        self.n_obs = len(self._squares)
        self.used = [0, 1, 2] + [3] * (kind == "gjr") + [4] * is_t

    def run(self) -> Optimum:
        searched = self.used[1:] if self.targeting else self.used
        starts = []
        for persistence, share in STARTS:
            start = np.array([0.0, -math.log(1.0 - persistence), SHARE_SCALE * share, 0.5, 1.0])
            starts.append(start[searched].tolist())
        found = find_optimum(self._objective(searched), starts, LOWER[searched], UPPER[searched], "a series' variance")
        if not self.targeting:
            return found
        point = np.concatenate([[0.0], found.point])
        free = np.concatenate([[True], found.free])
        hessian = hessian_at(self._objective(self.used), point, free, LOWER[self.used], UPPER[self.used])
        return Optimum(point, found.value, hessian, free, found.convergence)

    def _objective(self, searched: list[int]) -> Callable[[FloatArray], tuple[float, FloatArray]]:
        def objective(point: FloatArray) -> tuple[float, FloatArray]:
            whole = np.array([0.0, 0.0, 0.0, 0.5, 0.0])
            whole[searched] = point
            value, gradient = self.mean_loss(whole)
            return value, gradient[searched]

        return objective

    def mean_loss(self, whole: FloatArray) -> tuple[float, FloatArray]:
        """Return minus the mean log-likelihood, constants of the normal left out, and its gradient (5,)."""
        *recursion, freedom = natural(whole, self.is_t)
        value, *slopes, by_freedom = margin_likelihood(
            self._squares, self._falls, *recursion, self.start_variance, freedom
        )
        if self.is_t:
            constant, slope = student_constant(freedom, 1)
            value, by_freedom = value + self.n_obs * constant, by_freedom + self.n_obs * slope
        gradient = np.array([*slopes, by_freedom]) @ natural_slopes(whole, self.is_t)
        return -value / self.n_obs, -gradient / self.n_obs


def natural(point: FloatArray, is_t: bool) -> tuple[float, float, float, float, float]:
    """Return ω, α, γ, β and ν (0 for the normal) of the five coordinates."""
    level, closeness, share, falls, tail = point.tolist()
    left = math.exp(-closeness)
    persistence, share = 1.0 - left, share / SHARE_SCALE
    news = persistence * share
    freedom = FREEDOM_SCALE / tail if is_t else 0.0
    return (
        math.exp(level - closeness),
        2.0 * news * (1.0 - falls),
        2.0 * news * (2.0 * falls - 1.0),
        persistence * (1.0 - share),
        freedom,
    )


def natural_slopes(point: FloatArray, is_t: bool) -> FloatArray:
    """Return derivatives (5, 5) of ω, α, γ, β, ν (rows) by the coordinates (columns)."""
    level, closeness, share, falls, tail = point.tolist()
    left = math.exp(-closeness)
    persistence, share = 1.0 - left, share / SHARE_SCALE
    news, omega = persistence * share, math.exp(level - closeness)
    of_rises, of_falls = 2.0 * (1.0 - falls), 2.0 * (2.0 * falls - 1.0)
    by_share = persistence / SHARE_SCALE
    return np.array(
        [
            [omega, -omega, 0.0, 0.0, 0.0],
            [0.0, of_rises * share * left, of_rises * by_share, -2.0 * news, 0.0],
            [0.0, of_falls * share * left, of_falls * by_share, 4.0 * news, 0.0],
            [0.0, (1.0 - share) * left, -by_share, 0.0, 0.0],
            [0.0, 0.0, 0.0, 0.0, -FREEDOM_SCALE / tail**2 if is_t else 0.0],
        ]
    )


def student_constant(freedom: float, n_series: int) -> tuple[float, float]:
    """Return the constant of a unit-variance Student-t's log-density beyond the normal's -½ k log 2π, and its slope.

    log Γ((ν + k)/2) - log Γ(ν/2) - ½ k log(½ (ν - 2)), which is 0 as ν grows without bound.
    """
    from scipy.special import digamma, gammaln

    half, more = 0.5 * freedom, 0.5 * (freedom + n_series)
    value = gammaln(more) - gammaln(half) - 0.5 * n_series * math.log(half - 1.0)
    slope = 0.5 * (digamma(more) - digamma(half)) - 0.5 * n_series / (freedom - 2.0)
    return float(value), float(slope)


def _margin_fit(search: _Search, found: Optimum, scaled: FloatArray, scale: float) -> MarginFit:
    """Return the fit on the residuals' own scale, with what robust errors of later stages need."""
    whole = np.array([0.0, 0.0, 0.0, 0.5, FREEDOM_SCALE])
    whole[search.used] = found.point
    values = np.array(natural(whole, search.is_t))
    wanted = [0, 1] + [2] * (search.kind == "gjr") + [3] + [4] * search.is_t
    in_use = np.array(search.used)[found.free]
    unit = np.where(np.array(wanted) == 0, scale * scale, 1.0)
    slopes_of_natural = natural_slopes(whole, search.is_t)[:, in_use]
    variances, slopes = np.empty(len(scaled) + 1), np.empty((len(scaled) + 1, 4))
    squares, falls = squares_and_falls(scaled)
    margin_slopes(squares, falls, *values[:4], search.start_variance, variances, slopes)
    log_slopes = times(slopes[:-1] / variances[:-1, None], slopes_of_natural[:4])
    moments = _scores(squares / variances[:-1], log_slopes, values[4], slopes_of_natural[4])
    jacobian = -found.hessian[np.ix_(found.free, found.free)]
    if search.targeting:
        moments[:, 0] = squares - 1.0
        jacobian[0] = 0.0
        jacobian[0, 0] = -1.0
    directions = unit[:, None] * slopes_of_natural[wanted]
    covariance = directions @ robust_covariance(moments, jacobian) @ directions.T
    unknown = ~np.any(directions != 0.0, axis=1)
    covariance[unknown, :] = covariance[:, unknown] = np.nan
    names = MARGIN_NAMES[search.kind] + (("degrees_of_freedom",) if search.is_t else ())
    log_likelihood = -len(scaled) * (found.value + 0.5 * LOG_2_PI + math.log(scale))
    return MarginFit(
        search.kind, names, unit * values[wanted], covariance, search.start_variance * scale * scale, log_likelihood,
        found.convergence, moments, jacobian, directions, log_slopes,
    )  # fmt: skip


def _scores(ratio: FloatArray, log_slopes: FloatArray, freedom: float, freedom_slopes: FloatArray) -> FloatArray:
    """Return each row's derivatives (n, f) of the log-likelihood, ``ratio`` being e²/h."""
    if freedom == 0.0:
        scores: FloatArray = 0.5 * (ratio - 1.0)[:, None] * log_slopes
        return scores
    weight = (freedom + 1.0) / (freedom - 2.0 + ratio)
    by_freedom = 0.5 * (weight * ratio / (freedom - 2.0) - np.log1p(ratio / (freedom - 2.0)))
    by_freedom = by_freedom + student_constant(freedom, 1)[1]
    scores = 0.5 * (weight * ratio - 1.0)[:, None] * log_slopes
    scores += by_freedom[:, None] * freedom_slopes
    return scores


def robust_covariance(moments: FloatArray, jacobian: FloatArray) -> FloatArray:
    """Return J⁻¹ Σ J⁻ᵀ / n, Σ the moments' (n, f) mean outer product and J their ``jacobian`` (f, f); NaN if singular.

    The covariance of what solves "mean moments = 0" where rows are not correlated, whatever their distribution.
    """
    n_obs, size = moments.shape
    try:
        half = np.linalg.solve(jacobian, cross_sum(moments, moments))
        covariance: FloatArray = np.linalg.solve(jacobian, half.T) / n_obs**2
    except np.linalg.LinAlgError:
        return np.full((size, size), np.nan)
    return 0.5 * (covariance + covariance.T)
