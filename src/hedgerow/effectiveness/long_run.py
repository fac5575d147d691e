"""Variance of a mean over rows that depend on their neighbours."""

from __future__ import annotations

from typing import Literal

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError

Kernel = Literal["rectangular", "bartlett"]
"""Weights of the autocovariances up to the last lag: all one, or falling in a line towards zero."""
KERNELS = ("rectangular", "bartlett")


def long_run_covariance(rows: FloatArray, lags: int, kernel: Kernel = "rectangular") -> FloatArray:
    """Return ``G_0 + sum over k of w_k (G_k + G_k')`` of demeaned rows, divisor n.

    Parameters
    ----------
    rows : ndarray, shape (n, q)
        In order of time.
    lags : int
        Last lag, 0 to n - 1.
    kernel : {"rectangular", "bartlett"}
        ``w_k`` is 1, or ``1 - k / (lags + 1)`` (Newey and West), which is never negative definite.

    Returns
    -------
    ndarray, shape (q, q)
        In the square of the rows' unit; the rectangular one need not be positive.

    References
    ----------
    Newey, W. K. and West, K. D. (1987), Econometrica 55, 703-708.

    Examples
    --------
    >>> import numpy as np
    >>> long_run_covariance(np.array([[1.0], [-1.0], [1.0], [-1.0]]), lags=1, kernel="bartlett")
    array([[0.25]])
    """
    if kernel not in KERNELS:
        raise InputError(f"kernel must be one of {', '.join(KERNELS)}, got {kernel!r}.")
    if not 0 <= lags < len(rows):
        raise InputError(f"lags must be from 0 to {len(rows) - 1} on {len(rows)} rows, got {lags}.")
    centred = rows - rows.mean(axis=0)
    total = np.einsum("ti,tj->ij", centred, centred)
    for lag in range(1, lags + 1):
        weight = 1.0 if kernel == "rectangular" else 1.0 - lag / (lags + 1.0)
        moved = np.einsum("ti,tj->ij", centred[lag:], centred[:-lag])
        total = total + weight * (moved + moved.T)
    return np.asarray(total / len(rows))


def settled_variance(values: FloatArray, lags: int, kernel: Kernel) -> tuple[float, str]:
    """Return the long-run variance of one series, and a note where the kernel asked for gave none above zero.

    The rectangular estimate may come out at zero or below; the Bartlett one of the same lags takes its place then.
    """
    found = float(long_run_covariance(values[:, None], lags, kernel)[0, 0])
    if found > 0.0 or not lags:
        return found, ""
    other = float(long_run_covariance(values[:, None], lags, "bartlett")[0, 0])
    return other, f"the {kernel} variance was not positive, so that Bartlett's of the same {lags} lags was taken"


def stationary_bootstrap_variance(rows: FloatArray, block_length: float) -> FloatArray:
    """Return ``n`` times the variance of the mean under the stationary bootstrap, without drawing.

    Parameters
    ----------
    rows : ndarray, shape (n, m)
        One series per column.
    block_length : float
        Mean length of a block in rows, at least 1.

    Returns
    -------
    ndarray, shape (m,)
        ``g_0 + 2 sum over k of b_k g_k`` with ``b_k = (1 - k/n) q^k + (k/n) q^(n - k)`` and ``q = 1 - 1/block_length``.

    References
    ----------
    Politis, D. N. and Romano, J. P. (1994), Journal of the American Statistical Association 89, 1303-1313, lemma 1.
    """
    n = len(rows)
    centred = rows - rows.mean(axis=0)
    spectrum = np.fft.rfft(centred, 1 << (2 * n - 1).bit_length(), axis=0)
    covariances = np.fft.irfft(np.abs(spectrum) ** 2, axis=0)[:n] / n
    lag, stay = np.arange(1, n), 1.0 - 1.0 / block_length
    weight = (1.0 - lag / n) * stay**lag + (lag / n) * stay ** (n - lag)
    return np.asarray(covariances[0] + 2.0 * np.einsum("k,km->m", weight, covariances[1:]))
