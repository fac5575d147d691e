"""Quasi-random normals and uniforms: Sobol's points, spread over the steps of a path by a Brownian bridge.

A path of n steps takes n coordinates of a point. The first, which is spread most evenly, decides where the path ends,
the next where it is half way, and so on: what matters most is covered best.

References
----------
S. Joe, F. Y. Kuo, *Constructing Sobol sequences with better two-dimensional projections*, SIAM Journal on Scientific
Computing 30 (2008). R. E. Caflisch, W. Morokoff, A. Owen, *Valuation of mortgage-backed securities using Brownian
bridges to reduce effective dimension*, Journal of Computational Finance 1 (1997).
"""

from __future__ import annotations

import warnings

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.kernels.random_numbers import key_of

MOST_COORDINATES = 21_201
"""Of a Sobol point in SciPy."""
_SMALLEST = 2.0**-53


def sobol_points(n_points: int, n_coordinates: int, seed: int, first: int = 0) -> FloatArray:
    """Return scrambled Sobol points of numbers ``first`` on, inside (0, 1), shape (n_points, n_coordinates).

    Raises
    ------
    InputError
        For more coordinates than Sobol points have, or more than 2**30 points.
    """
    from scipy.stats import qmc

    key_of(seed)
    if n_coordinates > MOST_COORDINATES:
        raise InputError(
            f"quasi=True takes at most {MOST_COORDINATES} steps times random numbers, not {n_coordinates}; take fewer"
            " steps, or quasi=False"
        )
    if first + n_points > 2**30:
        raise InputError(f"quasi=True takes at most 2**30 paths, not {first + n_points}; take fewer, or quasi=False")
    with warnings.catch_warnings():  # counts that are no power of two are less even, not wrong
        warnings.simplefilter("ignore", UserWarning)
        source = qmc.Sobol(n_coordinates, scramble=True, rng=seed)
        if first:
            source.fast_forward(first)
        return np.asarray(np.clip(source.random(n_points), _SMALLEST, 1.0 - _SMALLEST))


def bridged_normals(points: FloatArray, lengths: FloatArray) -> FloatArray:
    """Return standard normals of the steps of Brownian paths, drawn coarse to fine.

    Parameters
    ----------
    points : ndarray, shape (n_points, n_steps)
        Inside (0, 1), the most even coordinate first.
    lengths : ndarray, shape (n_steps,)
        Lengths of the steps.

    Returns
    -------
    ndarray, shape (n_points, n_steps)

    Examples
    --------
    >>> bridged_normals(np.array([[0.975, 0.5]]), np.array([1.0, 1.0])).round(2).tolist()
    [[1.39, 1.39]]
    """
    from scipy.special import ndtri

    normals = ndtri(points)
    times = np.concatenate([[0.0], np.cumsum(lengths)])
    level = np.zeros((len(points), len(times)))
    level[:, -1] = np.sqrt(times[-1]) * normals[:, 0]
    spans, coordinate = [(0, len(lengths))], 1
    for left, right in spans:  # grows as it goes: halves of halves
        if right - left < 2:
            continue
        middle = (left + right) // 2
        weight = (times[middle] - times[left]) / (times[right] - times[left])
        deviation = np.sqrt(weight * (times[right] - times[middle]))
        between = level[:, left] + weight * (level[:, right] - level[:, left])
        level[:, middle] = between + deviation * normals[:, coordinate]
        coordinate += 1
        spans += [(left, middle), (middle, right)]
    return np.asarray(np.diff(level, axis=1) / np.sqrt(lengths))
