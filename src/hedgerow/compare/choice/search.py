"""The least of a figure over one number, on common random numbers: a grid of ratios that closes in, and how flat it is.

Every value tried is simulated on the same paths, so that differences are known far better than levels. Each round
tries evenly spaced ratios between the neighbours of the best so far. What matters beside the optimum is the interval
of values that cannot be told from it: those within one standard error of the paired difference.

>>> import numpy as np
>>> def bowl(values):
...     return [Figure((np.log(x) - 1.0) ** 2, np.zeros(4)) for x in values]
>>> found = least(bowl, 0.1, 100.0)
>>> round(found.value, 1), found.is_at_end
(2.7, False)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from hedgerow.compare.path_statistics import Figure
from hedgerow.errors import InputError

Evaluate = Callable[[Sequence[float]], Sequence[Figure]]
"""Returns the figure of each value, all on the same paths."""


@dataclass(frozen=True)
class SearchOptions:
    """How closely a search looks.

    Attributes
    ----------
    points : int
        Values per round, ends included; 5 or more.
    tolerance : float
        The search ends when the neighbours of the best are within this factor less 1 of each other.
    edge_rounds : int
        Halvings with which each end of the flat interval is found.
    """

    points: int = 7
    tolerance: float = 0.15
    edge_rounds: int = 3

    def __post_init__(self) -> None:
        """Refuse what would not close in."""
        if self.points < 5 or self.tolerance <= 0.0 or self.edge_rounds < 0:
            raise InputError(
                f"a search needs 5 points or more, a tolerance above 0 and 0 or more edge rounds: {self!r}"
            )


@dataclass(frozen=True, eq=False)
class Optimum:
    """Where a figure is least.

    Attributes
    ----------
    value : float
    loss : Figure
    flat : tuple of float
        Lowest and highest value tried around it whose figure is within one standard error of the paired difference.
    tried : mapping of float to Figure
        Ascending.
    """

    value: float
    loss: Figure
    flat: tuple[float, float]
    tried: Mapping[float, Figure]

    @property
    def is_at_end(self) -> bool:
        """Whether the best is an end of the range, so that a better value may lie beyond."""
        return self.value in (min(self.tried), max(self.tried)) and len(self.tried) > 1


def least(
    evaluate: Evaluate, low: float, high: float, *, whole: bool = False, options: SearchOptions | None = None
) -> Optimum:
    """Return where a figure is least between two values.

    Parameters
    ----------
    evaluate : callable
        Gives a figure for each of several values on the same paths.
    low, high : float
        Ends of the range, above 0.
    whole : bool
        Whether only whole numbers count.
    options : SearchOptions, optional

    Raises
    ------
    InputError
        For ends that are not above 0 and ascending, or without a whole number between them.
    """
    how = options or SearchOptions()
    if not (isfinite(high) and 0.0 < low < high):
        raise InputError(f"a search needs 0 < low < high, not {low!r} and {high!r}; give the range to look in")
    tried: dict[float, Figure] = {}
    span = (low, high)
    while True:
        candidates = [x for x in _spaced(*span, how.points, whole) if x not in tried]
        if not candidates:
            break
        tried |= dict(zip(candidates, evaluate(candidates), strict=True))
        tried = dict(sorted(tried.items()))
        span = _neighbours(tried)
        if span[1] / span[0] <= 1.0 + how.tolerance:
            break
    if not tried:
        raise InputError(f"there is no whole number between {low:g} and {high:g}; widen the range")
    for _ in range(how.edge_rounds):
        edges = [x for x in _edges(tried, whole) if x not in tried]
        tried |= dict(zip(edges, evaluate(edges), strict=True)) if edges else {}
        tried = dict(sorted(tried.items()))
    best = _best(tried)
    return Optimum(best, tried[best], _flat(tried), tried)


def _spaced(low: float, high: float, points: int, whole: bool) -> list[float]:
    """Return values with even ratios between two ends; every whole number where there are few."""
    if whole:
        first, last = int(np.ceil(low - 1e-9)), int(np.floor(high + 1e-9))
        if last - first < points:
            return [float(x) for x in range(first, last + 1)]
        return [float(x) for x in np.unique(np.geomspace(first, last, points).round())]
    inner = (_short(x) for x in np.geomspace(low, high, points)[1:-1])
    return list(dict.fromkeys([low, *(x for x in inner if low < x < high), high]))


def _short(value: float) -> float:
    """Return a number with three digits, as a person would type it."""
    return float(f"{value:.3g}")


def _best(tried: Mapping[float, Figure]) -> float:
    return min(tried, key=lambda x: tried[x].value)


def _neighbours(tried: Mapping[float, Figure]) -> tuple[float, float]:
    """Return the values tried next to the best."""
    values = list(tried)
    place = values.index(_best(tried))
    return values[max(place - 1, 0)], values[min(place + 1, len(values) - 1)]


def _is_level(tried: Mapping[float, Figure], value: float, best: float) -> bool:
    """Return whether a value cannot be told from the best."""
    gap = tried[value].less(tried[best])
    return value == best or gap.value <= gap.standard_error


def _flat(tried: Mapping[float, Figure]) -> tuple[float, float]:
    """Return the ends of the unbroken run of values around the best that cannot be told from it."""
    values, best = list(tried), _best(tried)
    low = high = values.index(best)
    while low > 0 and _is_level(tried, values[low - 1], best):
        low -= 1
    while high < len(values) - 1 and _is_level(tried, values[high + 1], best):
        high += 1
    return values[low], values[high]


def _edges(tried: Mapping[float, Figure], whole: bool) -> list[float]:
    """Return the values half-way, in ratio, between each end of the flat interval and the next value outside it."""
    values = list(tried)
    low, high = (values.index(end) for end in _flat(tried))
    pairs = []
    if low > 0:
        pairs.append((values[low - 1], values[low]))
    if high < len(values) - 1:
        pairs.append((values[high], values[high + 1]))
    middles = [float(np.sqrt(a * b)) for a, b in pairs]
    return [float(round(x)) if whole else _short(x) for x in middles]
