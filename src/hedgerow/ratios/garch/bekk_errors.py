"""Standard errors of a BEKK ratio under targeting, where the long-run covariance is an estimate like the others."""

from __future__ import annotations

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.ratios.garch.base import ratios_of
from hedgerow.ratios.garch.bekk_likelihood import BEKKLikelihood, bekk_path
from hedgerow.ratios.least_squares import default_lags, long_run_products

STEP = 1e-6


def targeted_ratio_errors(
    likelihood: BEKKLikelihood, parameters: FloatArray, hessian: FloatArray, ratio_slopes: FloatArray
) -> FloatArray:
    """Return standard errors (n_hedges,) of the next ratio of scaled residuals, in two steps.

    The target S is a mean of products e e', the parameters solve "mean score = 0" given S, and the ratio depends on
    both. Each row's influence on it is added up over both ways, and the sum's variance is Newey and West's.

    Parameters
    ----------
    likelihood
        With targeting.
    parameters
        (p,) of the fit.
    hessian
        (p, p), minus the log-likelihood's; rows of parameters that are not identified are NaN: they count as known.
    ratio_slopes
        (p, n_hedges) derivatives of the ratio by the parameters.

    References
    ----------
    Newey, W. K. and McFadden, D. (1994), Handbook of Econometrics 4, section 6. Pedersen, R. S. and Rahbek, A. (2014),
    Econometrics Journal 17, 24-55.
    """
    residuals, target, layout = likelihood.residuals, likelihood.target, likelihood.layout
    rows, columns = np.tril_indices(layout.n_series)
    products = residuals[:, rows] * residuals[:, columns] - target[rows, columns]
    scores, _ = likelihood.slopes(parameters, informed=False)
    ratio = ratios_of(bekk_path(layout, parameters, target, residuals)[-1:])[0]
    by_target = np.empty((len(rows), len(ratio)))
    score_by_target = np.empty((len(rows), layout.size))
    for number, (i, j) in enumerate(zip(rows, columns, strict=True)):
        moved = target.copy()
        moved[i, j] += STEP
        moved[j, i] = moved[i, j]
        by_target[number] = (ratios_of(bekk_path(layout, parameters, moved, residuals)[-1:])[0] - ratio) / STEP
        other, _ = BEKKLikelihood(layout, residuals, moved).slopes(parameters, informed=False)
        score_by_target[number] = (other.sum(axis=0) - scores.sum(axis=0)) / STEP
    influence = products @ by_target / len(residuals)
    known = np.isfinite(np.diag(hessian)) & np.isfinite(score_by_target).all(axis=0)
    if known.any():
        answer = np.linalg.solve(hessian[np.ix_(known, known)], ratio_slopes[known])
        influence = influence + (scores[:, known] + products @ score_by_target[:, known] / len(residuals)) @ answer
    influence = influence - influence.mean(axis=0)
    variance = np.diag(long_run_products(influence, default_lags(len(residuals))))
    errors: FloatArray = np.sqrt(np.maximum(variance, 0.0))
    return errors
