"""Least points of convex functions over whole numbers: quadratic ones by enumeration, others by tangent planes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from math import ceil, floor

import numpy as np

from hedgerow._types import FloatArray, IntArray

MOST_NODES = 300_000
MOST_CUTS = 400
TOLERANCE = 1e-10
MAGNIFIED = 1e5
"""HiGHS stops within 1e-6 of the best: figures are made this much larger before it sees them."""

Tangent = Callable[[IntArray], tuple[float, FloatArray]]
"""A point's value and a subgradient (k,) there."""


@dataclass(frozen=True)
class WholeMinimum:
    """Where a search over whole numbers ended.

    Attributes
    ----------
    point
        (k,) best point found, None where there is none.
    value
        The function there; NaN where there is no point.
    bound
        What no whole point falls below.
    reason
        Why the point may not be the best; empty where it is.
    """

    point: IntArray | None
    value: float
    bound: float
    reason: str = ""


def nearest_whole_point(covariance: FloatArray, centre: FloatArray, low: IntArray, high: IntArray) -> WholeMinimum:
    """Return the whole point (k,) from ``low`` to ``high`` of least ``(n - centre)' covariance (n - centre)``, proven.

    Each number in turn is tried from the nearest outward, given those before it, and a branch is left as soon as it
    alone is worse than the best point found.

    References
    ----------
    Schnorr, C. P. and Euchner, M. (1994), Mathematical Programming 66, 181-199.
    """
    factor = np.linalg.cholesky(covariance[::-1, ::-1])[::-1, ::-1].T  # covariance = factor' factor, factor lower
    k = len(centre)
    best_value, best, nodes = np.inf, None, 0
    point = np.zeros(k, dtype=np.int64)

    def descend(j: int, so_far: float) -> None:
        nonlocal best_value, best, nodes
        if j == k:
            best_value, best = so_far, point.copy()
            return
        pull = float(factor[j, :j] @ (point[:j] - centre[:j]))
        middle = float(centre[j] - pull / factor[j, j])
        for number in _outward(middle, int(low[j]), int(high[j])):
            nodes += 1
            total = so_far + (factor[j, j] * (number - middle)) ** 2
            if total >= best_value or nodes > MOST_NODES:
                return
            point[j] = number
            descend(j + 1, total)

    descend(0, 0.0)
    if best is None:
        return WholeMinimum(None, float("nan"), 0.0, "no whole numbers lie within the bounds")
    if nodes > MOST_NODES:
        return WholeMinimum(best, best_value, 0.0, f"{MOST_NODES} branches did not suffice to prove the best point")
    return WholeMinimum(best, best_value, best_value)


def _outward(middle: float, low: int, high: int):  # type: ignore[no-untyped-def]
    """Yield whole numbers from ``low`` to ``high``, the nearest to ``middle`` first."""
    down = min(floor(middle), high)
    up = max(ceil(middle), low)
    up = down + 1 if up == down else up
    while down >= low or up <= high:
        if up > high or (down >= low and middle - down <= up - middle):
            yield down
            down -= 1
        else:
            yield up
            up += 1


def least_by_cuts(tangent: Tangent, start: FloatArray, low: IntArray, high: IntArray) -> WholeMinimum:
    """Return the whole point from ``low`` to ``high`` at which a convex function of size about one is least.

    Tangent planes at the points tried lie below the function; the least of their upper envelope over whole points is
    found by mixed-integer programming (HiGHS) and tried next, until it is no better than the best point tried.
    """
    k = len(start)
    planes: list[FloatArray] = []
    best, best_value, bound = None, np.inf, -np.inf
    tried: set[tuple[int, ...]] = set()

    def consider(point: IntArray) -> None:
        nonlocal best, best_value
        value, slope = tangent(point)
        planes.append(np.array([*slope, value - slope @ point]))
        tried.add(tuple(int(number) for number in point))
        if value < best_value:
            best, best_value = point, value

    near = np.clip(np.floor(start), low, high).astype(np.int64)
    for corner in product((0, 1), repeat=min(k, 4)):
        consider(np.minimum(near + np.pad(np.array(corner), (0, k - len(corner))), high))
    for _ in range(MOST_CUTS):
        found, least, trouble = _least_of_planes(np.array(planes), low, high)
        if found is None:
            return WholeMinimum(best, best_value, bound, trouble)
        bound = max(bound, least)
        if bound >= best_value - TOLERANCE or tuple(int(number) for number in found) in tried:
            return WholeMinimum(best, best_value, min(max(bound, best_value - 1e-9), best_value))
        consider(found)
    return WholeMinimum(best, best_value, bound, f"{MOST_CUTS} tangent planes did not suffice to prove the best point")


def _least_of_planes(planes: FloatArray, low: IntArray, high: IntArray) -> tuple[IntArray | None, float, str]:
    """Return the whole point at which the highest of ``planes`` (m, k + 1) is least, its height, and any trouble."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    k = len(low)
    rows = np.column_stack([MAGNIFIED * planes[:, :k], -np.ones(len(planes))])
    result = milp(
        np.append(np.zeros(k), 1.0),
        integrality=np.append(np.ones(k), 0),
        bounds=Bounds(np.append(low, -np.inf), np.append(high, np.inf)),
        constraints=LinearConstraint(rows, -np.inf, -MAGNIFIED * planes[:, k]),
        options={"mip_rel_gap": 0.0},
    )
    if result.status != 0 or result.x is None:
        return None, float("nan"), f"the mixed-integer program ended without an optimum: {result.message}"
    return np.round(result.x[:k]).astype(np.int64), float(result.mip_dual_bound) / MAGNIFIED, ""
