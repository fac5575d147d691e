"""How many independent trials a set of correlated ones amounts to."""

from __future__ import annotations

from typing import Literal

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.effectiveness.changes import checked_changes
from hedgerow.errors import DataError, InputError

TrialsBy = Literal["average_correlation", "clusters"]
"""From the mean correlation of all pairs, or by counting groups of trials that move together."""
WAYS = ("average_correlation", "clusters")


def independent_trials(trials: ArrayLike, by: TrialsBy = "average_correlation", *, together_from: float = 0.5) -> float:
    """Return the number of independent trials that correlated ones amount to, from 1 to their number.

    Parameters
    ----------
    trials : array_like of shape (n, m)
        Returns or changes in money, one trial per column, over the same rows.
    by : {"average_correlation", "clusters"}
        ``r + (1 - r) m`` with the mean correlation r of all pairs; or the number of groups by average linkage.
    together_from : float
        Mean correlation, between 0 and 1, from which on two groups are one; read by ``"clusters"`` only.

    Returns
    -------
    float
        1 for one trial or copies of it, m for trials that are uncorrelated; whole for clusters.

    Raises
    ------
    InputError
        Another way of counting, or a correlation outside (0, 1).
    DataError
        Missing values, fewer than three rows, no column, or a trial that does not vary.

    Notes
    -----
    The mean correlation is simple and smooth, and too generous to trials in two opposed families, whose mean is near
    0; groups see these, and depend on where the line is drawn.

    References
    ----------
    Bailey, D. H. and Lopez de Prado, M. (2014), Journal of Portfolio Management 40(5), 94-107, appendix 3. Lopez de
    Prado, M. and Lewis, M. J. (2019), Quantitative Finance 19(9), 1555-1565, on groups of trials.

    Examples
    --------
    >>> rows = np.random.default_rng(0).normal(size=(500, 3))
    >>> independent_trials(np.hstack([rows, 2.0 * rows]), by="clusters")
    3.0
    """
    values = checked_changes(trials, "trials", 2)
    if by not in WAYS:
        raise InputError(f"by must be one of {', '.join(WAYS)}, got {by!r}.")
    if not 0.0 < together_from < 1.0:
        raise InputError(f"together_from must be a correlation between 0 and 1, got {together_from}.")
    if len(values) < 3 or not values.shape[1]:
        raise DataError(f"trials must have three rows or more and one column or more, got {values.shape}.")
    correlations = _correlations(values)
    count = len(correlations)
    if count == 1:
        return 1.0
    if by == "clusters":
        return float(_groups(correlations, together_from))
    mean = (float(correlations.sum()) - count) / (count * (count - 1))
    return float(np.clip(mean + (1.0 - mean) * count, 1.0, count))


def _correlations(values: FloatArray) -> FloatArray:
    still = np.ptp(values, axis=0) <= 1e-12 * np.abs(values).max(axis=0)
    if still.any():
        raise DataError(f"every trial must vary, column {int(np.argmax(still))} does not; leave it out.")
    z = values - values.mean(axis=0)
    z = z / np.sqrt((z**2).sum(axis=0))
    found = np.clip(np.einsum("ni,nj->ij", z, z), -1.0, 1.0)
    np.fill_diagonal(found, 1.0)
    return np.asarray(found)


def _groups(correlations: FloatArray, together_from: float) -> int:
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    tree = linkage(squareform(1.0 - correlations, checks=False), method="average")
    # 1e-9 wide, so that groups exactly on the line are one whatever the last digit
    return int(fcluster(tree, t=1.0 - together_from + 1e-9, criterion="distance").max())
