"""The second stage of a conditional-correlation model: how residuals over their own volatility move together."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.kernels.compile import dense
from hedgerow.ratios.convergence import Convergence
from hedgerow.ratios.garch.correlation_kernels import series_adjoint, series_likelihood, series_path
from hedgerow.ratios.garch.margins import FREEDOM_SCALE, SHARE_SCALE, student_constant
from hedgerow.ratios.garch.pair_kernels import pair_adjoint, pair_likelihood
from hedgerow.ratios.garch.search import EDGE, Optimum, find_optimum
from hedgerow.ratios.garch.sums import cross_sum, times

# Coordinates: -log(1 - a - b - δ g), news' share of a + b + δ g (times SHARE_SCALE), falls' share of the news, and
# FREEDOM_SCALE / ν. Bounds replace constraints, and every point within them gives positive definite correlations.
LOWER = np.array([0.0, 0.0, 0.0, FREEDOM_SCALE / 500.0])
UPPER = np.array([-math.log(1e-4), SHARE_SCALE, 1.0, FREEDOM_SCALE / 2.05])
SINGULAR = 1e-10
"""Smallest eigenvalue of the residuals' correlation below which a likelihood of it says nothing."""
STARTS = ((0.98, 0.03), (0.95, 0.08), (0.995, 0.015), (0.7, 0.15))
"""a + b + δ g, and the share of it that news has, at which the search may start."""


@dataclass(frozen=True, eq=False)
class Dynamics:
    """Parameters of Q_t = (1 - a - b) S - g N + a e e' + g n n' + b Q_{t-1}, n = min(e, 0), Q_0 = S.

    Attributes
    ----------
    target : ndarray (k, k)
        S, the correlation in the long run.
    falls : ndarray (k, k)
        N, the mean of n n'; zero without asymmetry.
    a, b, g : float
        Weights of news, of the row before, and of falls.
    freedom : float
        Degrees of freedom of the Student-t; 0 for the normal.
    """

    target: FloatArray
    falls: FloatArray
    a: float = 0.0
    b: float = 0.0
    g: float = 0.0
    freedom: float = 0.0


def q_path(e: FloatArray, dynamics: Dynamics, last_only: bool = False) -> FloatArray:
    """Return Q (n + 1, k, k), row t from rows of ``e`` (n, k) before t; with ``last_only`` (1, k, k) of the last."""
    n_obs, k = e.shape
    path = np.empty((1 if last_only else n_obs + 1, k, k))
    d = dynamics
    series_path(dense(e), dense(d.target), dense(d.falls), d.a, d.b, d.g, np.empty((6, k, k)), path)
    return path


def correlations_of(q: FloatArray) -> FloatArray:
    """Return Q (n, k, k) over the roots of its diagonal, which becomes exactly 1."""
    roots = np.sqrt(np.einsum("tii->ti", q))
    correlations: FloatArray = q / (roots[:, :, None] * roots[:, None, :])
    np.einsum("tii->ti", correlations)[...] = 1.0
    return correlations


class CorrelationStage:
    """The likelihood of residuals over their volatility, ``e`` (n, k), with S and N taken from their moments.

    Parameters
    ----------
    e
        (n_obs, k), about unit variance each.
    moving
        Whether correlations move at all.
    asymmetric
        Whether falls move them by more.
    is_t
        Whether e is Student-t of ν degrees of freedom instead of normal.
    """

    no_dynamics = np.array([0.0, 0.0, 0.0, FREEDOM_SCALE / 8.0])
    """Coordinates at which correlations stay, and ν is 8."""

    def __init__(self, e: FloatArray, moving: bool, asymmetric: bool, is_t: bool) -> None:
        self.e = dense(e)
        self.moving, self.asymmetric, self.is_t = moving, asymmetric, is_t
        n_obs, k = e.shape
        moments = cross_sum(e, e) / n_obs
        roots = np.sqrt(np.diag(moments))
        self.target = moments / np.outer(roots, roots)
        np.fill_diagonal(self.target, 1.0)
        negative = np.minimum(e, 0.0)
        self.falls = cross_sum(negative, negative) / n_obs if asymmetric else np.zeros((k, k))
        self.falls_size = _relative_size(self.falls, self.target) if asymmetric else 1.0
        self.used = [0, 1] * moving + [2] * asymmetric + [3] * is_t
        self._work, self._scales = np.empty((6, k, k)), np.empty((2, k))
        self.scores = np.empty((n_obs, 4))

    def run(self) -> Optimum:
        """Return the maximum of the likelihood; without a search where nothing is to be found."""
        if np.linalg.eigvalsh(self.target)[0] < SINGULAR:
            point = self.no_dynamics[self.used]
            nothing = np.zeros((len(point), len(point)))
            reason = "the correlation of the residuals is singular: one series all but follows from the others"
            return Optimum(
                point, self.mean_loss(self.whole(point))[0], nothing, point < -1.0, Convergence(False, reason)
            )
        if not self.used:
            value = self.mean_loss(self.whole(np.empty(0)))[0]
            return Optimum(np.empty(0), value, np.empty((0, 0)), np.empty(0, dtype=np.bool_), Convergence())
        starts = [
            np.array([-math.log(1.0 - left), SHARE_SCALE * share, 0.3, 1.0])[self.used].tolist()
            for left, share in (STARTS if self.moving else STARTS[:1])
        ]
        found = find_optimum(self.loss, starts, LOWER[self.used], UPPER[self.used], "the correlation")
        return self._without_news(found) if self.moving and found.point[1] <= EDGE else found

    def _without_news(self, found: Optimum) -> Optimum:
        """Return the optimum with b = 0 where a = g = 0: Q never leaves S, and b could be anything."""
        point = np.where(np.array(self.used) == 3, found.point, 0.0)
        free = found.free & (np.array(self.used) == 3)
        return Optimum(point, found.value, found.hessian, free, found.convergence)

    def loss(self, point: FloatArray) -> tuple[float, FloatArray]:
        """Return minus the mean log-likelihood and its gradient in the coordinates that are searched."""
        value, gradient = self.mean_loss(self.whole(point))
        return value, gradient[self.used]

    def whole(self, point: FloatArray) -> FloatArray:
        """Return all four coordinates, those that are not searched at no dynamics and the normal."""
        whole = self.no_dynamics.copy()
        whole[self.used] = point
        return whole

    def dynamics(self, whole: FloatArray) -> Dynamics:
        """Return the parameters at all four coordinates."""
        closeness, share, split, tail = whole.tolist()
        total, share = 1.0 - math.exp(-closeness), share / SHARE_SCALE
        news = total * share
        g = news * split / self.falls_size
        freedom = FREEDOM_SCALE / tail if self.is_t else 0.0
        return Dynamics(self.target, self.falls, news * (1.0 - split), total * (1.0 - share), g, freedom)

    def directions(self, whole: FloatArray) -> FloatArray:
        """Return derivatives (4, 4) of a, b, g and ν (rows) by the coordinates (columns)."""
        closeness, share, split, tail = whole.tolist()
        left, share = math.exp(-closeness), share / SHARE_SCALE
        total, size = 1.0 - left, self.falls_size
        by_share = total / SHARE_SCALE
        return np.array(
            [
                [share * left * (1.0 - split), by_share * (1.0 - split), -total * share, 0.0],
                [left * (1.0 - share), -by_share, 0.0, 0.0],
                [share * left * split / size, by_share * split / size, total * share / size, 0.0],
                [0.0, 0.0, 0.0, -FREEDOM_SCALE / tail**2 if self.is_t else 0.0],
            ]
        )

    def mean_loss(self, whole: FloatArray) -> tuple[float, FloatArray]:
        """Return minus the mean log-likelihood, normal constants left out, and its gradient (4,); rows' scores stay."""
        d = self.dynamics(whole)
        n_obs, k = self.e.shape
        if k == 2:
            falls = self.falls
            value, *sums = pair_likelihood(
                self.e, self.target[0, 1], falls[0, 0], falls[0, 1], falls[1, 1], d.a, d.b, d.g, d.freedom, self.scores
            )
        else:
            value, *sums = series_likelihood(
                self.e, dense(self.target), dense(self.falls), d.a, d.b, d.g, d.freedom, self.moving, self.asymmetric,
                self._scales, self._work, self.scores,
            )  # fmt: skip
        if self.is_t:
            constant, slope = student_constant(d.freedom, k)
            value, sums[3] = value + n_obs * constant, sums[3] + n_obs * slope
        if not math.isfinite(value):
            return math.inf, np.zeros(4)
        return -value / n_obs, -(np.array(sums) @ self.directions(whole)) / n_obs

    def row_scores(self, whole: FloatArray) -> FloatArray:
        """Return each row's derivatives (n, 4) of the log-likelihood by the coordinates."""
        self.mean_loss(whole)
        scores = self.scores.copy()
        if self.is_t:
            scores[:, 3] += student_constant(self.dynamics(whole).freedom, self.e.shape[1])[1]
        return times(scores, self.directions(whole))

    def adjoint(self, whole: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the log-likelihood's derivatives by S (k, k), by N (k, k) and by e (n, k)."""
        d = self.dynamics(whole)
        by_target, by_falls, by_e = np.empty_like(self.target), np.empty_like(self.falls), np.empty(self.e.shape)
        path = q_path(self.e, d)
        if len(self.target) == 2:
            pair_adjoint(self.e, d.a, d.b, d.g, d.freedom, path, by_target, by_falls, by_e)
        else:
            series_adjoint(
                self.e, dense(d.target), dense(d.falls), d.a, d.b, d.g, d.freedom, path, self._scales, self._work,
                by_target, by_falls, by_e,
            )  # fmt: skip
        return by_target, by_falls, by_e

    def identified(self, found: Optimum) -> BoolArray:
        """Return which of the four coordinates are free."""
        free = np.zeros(4, dtype=np.bool_)
        free[self.used] = found.free
        return free


def _relative_size(falls: FloatArray, target: FloatArray) -> float:
    """Return the largest eigenvalue of S^-½ N S^-½: a + b + δ g < 1 keeps (1 - a - b) S - g N positive definite."""
    from scipy.linalg import eigh

    try:
        return max(float(eigh(falls, target, eigvals_only=True)[-1]), 1e-3)
    except np.linalg.LinAlgError:  # a singular S, which the likelihood then refuses
        return 1.0
