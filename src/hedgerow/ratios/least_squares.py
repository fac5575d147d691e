"""Least squares on plain arrays: coefficients and the covariance of their errors."""

from __future__ import annotations

from math import floor, sqrt

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError


def least_squares(X: FloatArray, y: FloatArray, intercept: bool = True) -> tuple[FloatArray, float, FloatArray]:
    """Return slopes (k,), intercept and residuals (n,) of ``y`` (n,) regressed on ``X`` (n, k)."""
    mean_x, mean_y = (X.mean(axis=0), y.mean()) if intercept else (np.zeros(X.shape[1]), 0.0)
    centred = X - mean_x
    size = column_sizes(centred)
    slopes = np.linalg.lstsq(centred / size, y - mean_y, rcond=None)[0] / size
    constant = float(mean_y - mean_x @ slopes)
    return slopes, constant, y - constant - X @ slopes


def column_sizes(X: FloatArray) -> FloatArray:
    """Return powers of two (k,) near each column's largest value: divided by them, none passes for rounding.

    A power of two leaves every digit as it is.
    """
    largest = np.maximum(np.abs(X).max(axis=0), np.finfo(float).tiny)
    sizes: FloatArray = 2.0 ** np.round(np.log2(largest))
    return sizes


def default_lags(n_obs: int) -> int:
    """Return the lag length of Newey and West's rule of thumb, ``floor(4 (n/100)^(2/9))``."""
    return floor(4.0 * (n_obs / 100.0) ** (2.0 / 9.0))


def slope_errors(
    X: FloatArray, residuals: FloatArray, *, errors: str, lags: int | None = None, intercept: bool = True
) -> FloatArray:
    """Return the standard errors (k,) of the slopes of a least-squares fit.

    ``"classical"`` takes residuals as independent and of equal variance, with n - (k + 1) degrees of freedom (n - k
    without intercept). ``"hac"`` is Newey and West's estimator with Bartlett weights ``1 - j/(lags + 1)`` and no
    small-sample factor; ``lags`` 0 allows for unequal variances alone.

    Parameters
    ----------
    X
        (n, k) regressors.
    residuals
        (n,).
    errors
        ``"hac"`` or ``"classical"``.
    lags
        None takes :func:`default_lags`.
    intercept
        Whether the fit had one.

    References
    ----------
    Newey, W. K. and West, K. D. (1987), Econometrica 55, 703-708.
    """
    n_obs = len(X)
    design = X - X.mean(axis=0) if intercept else X
    size = column_sizes(design)
    design = design / size
    bread = np.linalg.pinv(np.linalg.qr(design, mode="r"))
    bread = bread @ bread.T
    if errors == "classical":
        freedom = n_obs - X.shape[1] - int(intercept)
        return np.sqrt(np.diag(bread) * float(residuals @ residuals) / freedom) / size
    meat = long_run_products(design * residuals[:, None], default_lags(n_obs) if lags is None else lags)
    return np.sqrt(np.maximum(np.diag(bread @ meat @ bread), 0.0)) / size


def long_run_products(scores: FloatArray, lags: int) -> FloatArray:
    """Return the (k, k) sum of products of ``scores`` (n, k) with themselves and, by Bartlett's weights, their lags."""
    total: FloatArray = scores.T @ scores
    for lag in range(1, min(lags, len(scores) - 1) + 1):
        crossed = scores[lag:].T @ scores[:-lag]
        total = total + (1.0 - lag / (lags + 1.0)) * (crossed + crossed.T)
    return total


def check_error_options(errors: str, hac_lags: int | None) -> None:
    """Raise InputError unless ``errors`` and ``hac_lags`` are what :func:`slope_errors` takes."""
    if errors not in ("hac", "classical"):
        raise InputError(f"errors must be 'hac' or 'classical', not {errors!r}")
    if hac_lags is not None and hac_lags < 0:
        raise InputError(f"hac_lags must be None or a number of rows of at least 0, not {hac_lags}")


def check_window(window: int | None, fewest: int) -> None:
    """Raise InputError unless ``window`` is None or holds at least ``fewest`` rows."""
    if window is not None and window < fewest:
        raise InputError(f"window must hold at least {fewest} rows for these hedges, not {window}")


def half_life_decay(halflife: float) -> float:
    """Return the weight per row under which weights halve every ``halflife`` rows."""
    return float(0.5 ** (1.0 / halflife)) if halflife > sqrt(np.finfo(float).tiny) else 0.0
