"""Figures over simulated paths with their standard errors, and the errors of differences on common random numbers.

Every figure comes with its influence: one number per path, the first-order effect of that path on the figure. The
standard error is that of the mean of the influences (the delta method); of a difference between two figures on the
same paths, that of the difference of their influences, which common random numbers make small. Mirrored (antithetic)
paths count as pairs.

References
----------
Efron, B. and Tibshirani, R. (1993), An Introduction to the Bootstrap, section 22.6 (influence functions).
Glasserman, P. (2004), Monte Carlo Methods in Financial Engineering, sections 4.2 and 4.7.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.effectiveness.measures import value_at_risk, variance

CVAR_LEVEL = 0.95
"""Level of VaR and CVaR; losses are positive."""


@dataclass(frozen=True, eq=False)
class Figure:
    """A figure over paths.

    Attributes
    ----------
    value : float
    influence : ndarray, shape (n_paths,)
        Effect of each path times n_paths, mean about 0; in the unit of ``value``.
    mirrored : bool
        Whether paths 2k and 2k + 1 are mirror images and so one draw.
    apart : float
        Standard error of what is only known as an average; of two figures it is added as if they were independent,
        which overstates that of a difference on the same paths.
    """

    value: float
    influence: FloatArray
    mirrored: bool = False
    apart: float = 0.0

    @property
    def standard_error(self) -> float:
        """Standard error of the value; NaN below two independent draws."""
        return float(np.hypot(standard_error(self.influence, self.mirrored), self.apart))

    def less(self, other: Figure) -> Figure:
        """Return this figure minus another on the same paths, as a figure; of itself exactly 0."""
        if other is self:
            return Figure(0.0, np.zeros_like(self.influence), self.mirrored)
        return self.plus(other, -1.0)

    def plus(self, other: Figure, times: float = 1.0) -> Figure:
        """Return this figure plus so many times another on the same paths."""
        apart = float(np.hypot(self.apart, times * other.apart))
        influence = self.influence + times * other.influence
        return Figure(self.value + times * other.value, influence, self.mirrored, apart)


def standard_error(influence: FloatArray, mirrored: bool = False) -> float:
    """Return the standard error of a mean over paths, shape (n_paths,); mirrored paths are averaged in pairs first.

    Examples
    --------
    >>> round(standard_error(np.array([1.0, -1.0, 1.0, -1.0])), 6)
    0.57735
    >>> standard_error(np.array([1.0, -1.0, 1.0, -1.0]), mirrored=True)
    0.0
    """
    draws = influence
    if mirrored:
        even = len(influence) // 2 * 2
        draws = influence[:even].reshape(-1, 2).mean(axis=1)
    return float(np.sqrt(variance(draws) / max(len(draws), 1)))


def mean_of(values: FloatArray, mirrored: bool = False) -> Figure:
    """Return the mean over paths."""
    mean = float(values.mean())
    return Figure(mean, values - mean, mirrored)


def variance_of(values: FloatArray, mirrored: bool = False) -> Figure:
    """Return the sample variance over paths, divisor n - 1; its influence is (x - mean)^2 - variance."""
    found = variance(values)
    return Figure(found, (values - values.mean()) ** 2 - found, mirrored)


def standard_deviation_of(values: FloatArray, mirrored: bool = False) -> Figure:
    """Return the standard deviation over paths, by the delta method d sqrt(v) = dv / (2 sqrt(v)); 0 where none vary."""
    square = variance_of(values, mirrored)
    root = float(np.sqrt(square.value))
    return Figure(root, square.influence / (2.0 * root) if root > 0.0 else np.zeros_like(values), mirrored)


def cvar_of(values: FloatArray, mirrored: bool = False) -> Figure:
    """Return the mean loss of the worst 5 % of paths, positive where money is lost: ``VaR + mean(loss - VaR)+ / 5 %``.

    References
    ----------
    Rockafellar and Uryasev (2000), Journal of Risk 2, 21-41; the influence: Trindade et al. (2007).
    """
    edge = value_at_risk(values, CVAR_LEVEL)
    by_path = edge + np.maximum(-values - edge, 0.0) / (1.0 - CVAR_LEVEL)
    tail = float(by_path.mean())
    return Figure(tail, by_path - tail, mirrored)
