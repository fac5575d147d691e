"""Whether a Sharpe ratio is more than luck when it is the best of several that were tried.

The worked example of Bailey and Lopez de Prado (2014): the best of 100 trials shows 2.5 a year over five years.

>>> best, spread = 2.5 / 250**0.5, 0.5 / 250
>>> round(deflated_sharpe_ratio(best, 1250, n_trials=100, variance_of_trials=spread, skewness=-3, excess_kurtosis=7), 4)
0.9004
"""

from __future__ import annotations

from dataclasses import dataclass
from math import e, inf, sqrt

import numpy as np

from hedgerow._types import ArrayLike
from hedgerow.effectiveness.annual import checked_periods
from hedgerow.effectiveness.changes import checked_changes
from hedgerow.effectiveness.independent_trials import TrialsBy, independent_trials
from hedgerow.effectiveness.probabilistic_sharpe import minimum_track_record_length, probabilistic_sharpe_ratio
from hedgerow.effectiveness.shape import excess_kurtosis as kurtosis_of, skewness as skewness_of
from hedgerow.effectiveness.sharpe import sharpe_ratios
from hedgerow.errors import DataError, InputError
from hedgerow.units import TRADING_DAYS_PER_YEAR


@dataclass(frozen=True)
class DeflatedSharpe:
    """The best of several trials, judged as the best of several.

    Attributes
    ----------
    trial : int
        Column judged.
    sharpe : float
        Its Sharpe ratio of a year.
    expected_maximum : float
        Sharpe ratio of a year that the best of as many independent trials without skill shows on average.
    deflated : float
        Probability that the true ratio is above 0, the best of many having been chosen: the deflated Sharpe ratio.
    probabilistic : float
        The same as if this were the only trial.
    minimum_rows : float
        Rows from which on the ratio would be above the expected maximum at 95 %; infinite where it is not above it.
    independent_trials : float
        What the correlated trials count as.
    n_trials, n_rows : int
    """

    trial: int
    sharpe: float
    expected_maximum: float
    deflated: float
    probabilistic: float
    minimum_rows: float
    independent_trials: float
    n_trials: int
    n_rows: int


def expected_maximum_sharpe(n_trials: float, variance_of_trials: float) -> float:
    """Return the mean of the largest of N independent Sharpe ratios whose true value is 0.

    ``sqrt(V) ((1 - c) z(1 - 1 / N) + c z(1 - 1 / (N e)))`` with Euler's constant c; never below 0, and 0 for one trial.

    Parameters
    ----------
    n_trials : float
        Independent ones, at least 1; need not be whole.
    variance_of_trials : float
        Of the Sharpe ratios over the trials; per row for a result per row.

    Returns
    -------
    float
        In the unit of the root of the variance.

    Raises
    ------
    InputError
        Fewer than one trial, or a variance that is negative or not finite.

    Notes
    -----
    An approximation for many trials: 8 % low for two, 2 to 3 % high for five to twenty, 1 % high for a hundred.

    References
    ----------
    Bailey, D. H. and Lopez de Prado, M. (2014), The deflated Sharpe ratio, Journal of Portfolio Management 40(5),
    94-107.

    Examples
    --------
    >>> round(expected_maximum_sharpe(100, 0.5 / 250), 4)
    0.1132
    """
    from scipy.special import ndtri

    if not 1.0 <= n_trials < inf:
        raise InputError(f"n_trials must be 1 or more, got {n_trials}; count every setting that was tried.")
    if not 0.0 <= variance_of_trials < inf:
        raise InputError(f"variance_of_trials must be finite and 0 or more, got {variance_of_trials}.")
    if n_trials == 1.0:
        return 0.0
    high, higher = float(ndtri(1.0 - 1.0 / n_trials)), float(ndtri(1.0 - 1.0 / (n_trials * e)))
    euler = float(np.euler_gamma)
    return sqrt(variance_of_trials) * max((1.0 - euler) * high + euler * higher, 0.0)


def deflated_sharpe_ratio(
    sharpe: float,
    n_rows: int,
    *,
    n_trials: float,
    variance_of_trials: float,
    skewness: float = 0.0,
    excess_kurtosis: float = 0.0,
) -> float:
    """Return the probabilistic Sharpe ratio against the largest that trials without skill would show.

    Parameters
    ----------
    sharpe : float
        Of the trial chosen, per row, *not* per year.
    n_rows : int
        At least 2.
    n_trials : float
        Independent trials; :func:`hedgerow.effectiveness.independent_trials` counts correlated ones.
    variance_of_trials : float
        Of the Sharpe ratios per row over the trials.
    skewness, excess_kurtosis : float
        Of the rows of the trial chosen.

    Returns
    -------
    float
        Between 0 and 1; the probabilistic Sharpe ratio against 0 for a single trial.

    Raises
    ------
    InputError
        As :func:`probabilistic_sharpe_ratio` and :func:`expected_maximum_sharpe` do.

    References
    ----------
    Bailey, D. H. and Lopez de Prado, M. (2014), Journal of Portfolio Management 40(5), 94-107.

    Examples
    --------
    >>> alone, of_many = (deflated_sharpe_ratio(0.1, 500, n_trials=n, variance_of_trials=0.002) for n in (1, 50))
    >>> round(alone, 3), round(of_many, 3)
    (0.987, 0.484)
    """
    benchmark = expected_maximum_sharpe(n_trials, variance_of_trials)
    return probabilistic_sharpe_ratio(
        sharpe, n_rows, benchmark=benchmark, skewness=skewness, excess_kurtosis=excess_kurtosis
    )


def deflated_sharpe(
    trials: ArrayLike,
    chosen: int | None = None,
    *,
    independent: float | TrialsBy = "average_correlation",
    periods_per_year: float = TRADING_DAYS_PER_YEAR,
) -> DeflatedSharpe:
    """Return the deflated Sharpe ratio of the best of several trials, from the rows of all of them.

    Parameters
    ----------
    trials : array_like of shape (n, m)
        Excess returns, or changes in money, of every setting that was tried over the same rows; leaving out the bad
        ones is what this figure is there to undo.
    chosen : int, optional
        Column judged; the one with the largest Sharpe ratio when left out.
    independent : float or {"average_correlation", "clusters"}
        The number of independent trials, or how they are counted
        (:func:`hedgerow.effectiveness.independent_trials`).
    periods_per_year : float
        Rows a year.

    Returns
    -------
    DeflatedSharpe
        Ratios of a year, probabilities, and what was counted.

    Raises
    ------
    InputError
        A column that is not there, or a number of trials below 1.
    DataError
        Missing values, fewer than four rows, or a trial that does not vary.

    References
    ----------
    Bailey, D. H. and Lopez de Prado, M. (2014), Journal of Portfolio Management 40(5), 94-107.

    Examples
    --------
    >>> noise = np.random.default_rng(0).normal(0.0, 0.01, (1000, 40))
    >>> found = deflated_sharpe(noise)
    >>> found.probabilistic > 0.95 > found.deflated  # alone it looks like skill, as the best of 40 it does not
    True
    """
    values = checked_changes(trials, "trials", 2)
    root = sqrt(checked_periods(periods_per_year))
    if len(values) < 4 or not values.shape[1]:
        raise DataError(f"trials must have four rows or more and one column or more, got {values.shape}.")
    ratios = sharpe_ratios(values, periods_per_year=1.0)
    if np.isnan(ratios).any():
        raise DataError(f"every trial must vary, column {int(np.argmax(np.isnan(ratios)))} does not; leave it out.")
    trial = int(np.argmax(ratios)) if chosen is None else chosen
    if not 0 <= trial < len(ratios):
        raise InputError(f"chosen must be a column from 0 to {len(ratios) - 1}, got {trial}.")
    count = independent_trials(values, independent) if isinstance(independent, str) else float(independent)
    maximum = expected_maximum_sharpe(count, float(ratios.var(ddof=1)) if len(ratios) > 1 else 0.0)
    sharpe, rows = float(ratios[trial]), len(values)
    shape = {"skewness": skewness_of(values[:, trial]), "excess_kurtosis": kurtosis_of(values[:, trial])}
    return DeflatedSharpe(
        trial=trial,
        sharpe=sharpe * root,
        expected_maximum=maximum * root,
        deflated=probabilistic_sharpe_ratio(sharpe, rows, benchmark=maximum, **shape),
        probabilistic=probabilistic_sharpe_ratio(sharpe, rows, **shape),
        minimum_rows=minimum_track_record_length(sharpe, benchmark=maximum, **shape),
        independent_trials=count,
        n_trials=len(ratios),
        n_rows=rows,
    )
