"""How the next covariance of a conditional-correlation model moves with its parameters: exact derivatives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.ratios.garch.correlation import Dynamics, correlations_of, q_path
from hedgerow.ratios.garch.sums import cross_sum

Margin = tuple[FloatArray, FloatArray]
"""Variances (n + 1,) of one series and their derivatives (n + 1, p) by its parameters."""


def next_covariance_slopes(
    residuals: FloatArray, margins: Sequence[Margin], dynamics: Dynamics, asymmetric: bool
) -> tuple[FloatArray, FloatArray]:
    """Return the next covariance (k, k) and its derivatives (m, k, k).

    By the parameters of each margin in turn, the elements of S below its diagonal, with asymmetry those of N up to its
    diagonal, then a, b and g. Q's next value is a sum over rows with weights b^age, so that every derivative is one.
    """
    volatilities = np.sqrt(np.column_stack([variances for variances, _ in margins]))
    e = residuals / volatilities[:-1]
    q = q_path(e, dynamics, last_only=True)[0]
    correlation, forecast = correlations_of(q[None])[0], volatilities[-1]
    covariance = correlation * np.outer(forecast, forecast)
    slopes = [
        slope
        for series, (variances, by) in enumerate(margins)
        for slope in _by_margin(series, variances, by, e, dynamics, q, covariance, forecast)
    ]
    moves = [*_by_moments(dynamics, len(e), asymmetric), *_by_weights(e, dynamics)]
    slopes += [_of_correlation(move, q) * np.outer(forecast, forecast) for move in moves]
    return covariance, np.array(slopes)


def _of_correlation(move: FloatArray, q: FloatArray) -> FloatArray:
    """Return what a small ``move`` (k, k) of Q makes of the correlation."""
    roots = np.sqrt(np.diag(q))
    shares = 0.5 * np.diag(move) / np.diag(q)
    moved: FloatArray = (move - q * (shares[:, None] + shares[None, :])) / np.outer(roots, roots)
    return moved


def _by_margin(
    series: int,
    variances: FloatArray,
    by: FloatArray,
    e: FloatArray,
    dynamics: Dynamics,
    q: FloatArray,
    covariance: FloatArray,
    forecast: FloatArray,
) -> list[FloatArray]:
    """Return derivatives (k, k) of the next covariance by the parameters of one series' variance."""
    logs = by / variances[:, None]
    moved = -0.5 * _ages(dynamics.b, len(e))[:, None] * logs[:-1]
    rows = dynamics.a * cross_sum(moved * e[:, series, None], e)
    if dynamics.g:
        falls = np.minimum(e, 0.0)
        rows = rows + dynamics.g * cross_sum(moved * falls[:, series, None], falls)
    slopes = []
    for row, log in zip(rows, logs[-1], strict=True):
        move = np.zeros_like(q)
        move[series] += row
        move[:, series] += row
        slope = _of_correlation(move, q) * np.outer(forecast, forecast)
        slope[series] += 0.5 * log * covariance[series]
        slope[:, series] += 0.5 * log * covariance[:, series]
        slopes.append(slope)
    return slopes


def _by_moments(dynamics: Dynamics, n_obs: int, asymmetric: bool) -> list[FloatArray]:
    """Return derivatives (k, k) of the next Q by the elements of S and of N."""
    k = len(dynamics.target)
    total = float(np.sum(_ages(dynamics.b, n_obs)))
    of_target = (1.0 - dynamics.a - dynamics.b) * total + dynamics.b**n_obs
    moves = [of_target * _element(k, int(i), int(j)) for i, j in zip(*np.tril_indices(k, -1), strict=True)]
    if asymmetric:
        moves += [-dynamics.g * total * _element(k, int(i), int(j)) for i, j in zip(*np.tril_indices(k), strict=True)]
    return moves


def _by_weights(e: FloatArray, dynamics: Dynamics) -> list[FloatArray]:
    """Return derivatives (k, k) of the next Q by a, b and g."""
    n_obs, b = len(e), dynamics.b
    weights = _ages(b, n_obs)
    age = np.arange(n_obs - 1, -1.0, -1.0)
    older = np.where(age > 0.0, age * b ** np.maximum(age - 1.0, 0.0), 0.0)
    falls = np.minimum(e, 0.0)

    def summed(by_age: FloatArray) -> tuple[FloatArray, FloatArray]:
        of_news = cross_sum(by_age[:, None] * e, e) - np.sum(by_age) * dynamics.target
        return of_news, cross_sum(by_age[:, None] * falls, falls) - np.sum(by_age) * dynamics.falls

    # Q_{T+1} = S + a * sum b^age (e e' - S) + g * sum b^age (n n' - N)
    (by_a, by_g), (news, fallen) = summed(weights), summed(older)
    return [by_a, dynamics.a * news + dynamics.g * fallen, by_g]


def _ages(b: float, n_obs: int) -> FloatArray:
    """Return b^age (n,), the newest row of age 0."""
    weights: FloatArray = b ** np.arange(n_obs - 1, -1.0, -1.0)
    return weights


def _element(k: int, i: int, j: int) -> FloatArray:
    table = np.zeros((k, k))
    table[i, j] = table[j, i] = 1.0
    return table
