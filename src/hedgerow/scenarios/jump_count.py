"""How many jumps fall into a step: Poisson counts by inversion of one uniform."""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.kernels.elementary import where
from hedgerow.kernels.rules import Stage, rule
from hedgerow.scenarios.course import Course

MOST_JUMPS = 64
"""In one step, beyond which the step is refused as too long."""


@rule("jumps")
def jumps_restart(uniform: Any) -> Any:
    """Start the count of a step at 0."""
    return uniform * 0.0


@rule("jumps")
def jumps_counted(jumps: Any, uniform: Any, *, first: float, second: float, third: float, fourth: float) -> Any:
    """Add one for each of four levels of the distribution that the uniform lies above."""
    more = where(uniform > first, 1.0, 0.0) + where(uniform > second, 1.0, 0.0)
    return jumps + more + where(uniform > third, 1.0, 0.0) + where(uniform > fourth, 1.0, 0.0)


def jump_probabilities(mean: FloatArray, tail: float) -> FloatArray:
    """Return the probabilities of 0, 1, ... jumps at every step; the last one holds all that is beyond.

    Parameters
    ----------
    mean : ndarray (n_steps,)
        Expected jumps.
    tail : float
        At most this probability is counted as fewer jumps than it is.

    Returns
    -------
    ndarray, shape (n_steps, most + 1)

    Raises
    ------
    InputError
        Where a step would hold more than 64 jumps.
    """
    from scipy.stats import poisson

    most = int(max(1.0, float(np.max(poisson.isf(tail, mean)))))
    if most > MOST_JUMPS:
        raise InputError(
            f"a step expects {float(np.max(mean)):.4g} jumps and may hold {most}, but at most {MOST_JUMPS} are counted;"
            " take shorter steps, or a lower intensity"
        )
    found = np.asarray(poisson.pmf(np.arange(most + 1), mean[:, None]))
    found[:, -1] = 1.0 - found[:, :-1].sum(axis=1)
    return np.asarray(np.maximum(found, 0.0))


def count_stages(course: Course, probabilities: FloatArray) -> tuple[Stage, ...]:
    """Return the stages that turn ``uniform`` into ``jumps``, four levels at a time."""
    levels = np.cumsum(probabilities[:, :-1], axis=1)
    spare = np.full((course.grid.n_steps, -levels.shape[1] % 4), 2.0)  # no uniform lies above 2
    levels = np.concatenate([levels, spare], axis=1)
    names = ("first", "second", "third", "fourth")
    counted = (
        Stage(jumps_counted, {name: levels[:, start + k] for k, name in enumerate(names)})
        for start in range(0, levels.shape[1], 4)
    )
    return (Stage(jumps_restart), *counted)
