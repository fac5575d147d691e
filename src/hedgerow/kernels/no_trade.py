"""The no-trade region: a held ratio moves only as far as the fall in risk pays for the move."""

from __future__ import annotations

import numpy as np

from hedgerow.kernels.compile import compiled

MOST_SWEEPS = 5_000
SETTLED = 1e-14


@compiled()
def kinked_least(curvature, free, held, trading, holding):  # type: ignore[no-untyped-def]
    """Return z that minimises ``curvature/2 (z - free)^2 + trading |z - held| + holding |z|``."""
    low, high = min(0.0, held), max(0.0, held)
    down = free - (trading + holding) / curvature
    if down > high:
        return down
    up = free + (trading + holding) / curvature
    if up < low:
        return up
    sign = 1.0 if held > 0.0 else -1.0
    between = free - sign * (holding - trading) / curvature
    if low < between < high:
        return between
    at_zero = 0.5 * curvature * free * free + trading * abs(held)
    at_held = 0.5 * curvature * (held - free) * (held - free) + holding * abs(held)
    return held if at_held <= at_zero else 0.0


@compiled()
def move_to_edge(target, covariance, weight, held, trading, holding, point):  # type: ignore[no-untyped-def]
    """Write into ``point`` (p,) where risk, trading and holding costs together are least, one hedge after the other.

    The risk is ``weight / 2 (point - target)' covariance (point - target)``. A hedge that does not move in the
    covariance stays as it is held.
    """
    p = target.shape[0]
    for j in range(p):
        point[j] = held[j]
    for _ in range(MOST_SWEEPS):
        moved = size = 0.0
        for j in range(p):
            if not covariance[j, j] > 0.0:
                continue
            pull = 0.0
            for i in range(p):
                if i != j:
                    pull += covariance[j, i] * (point[i] - target[i])
            free = target[j] - pull / covariance[j, j]
            following = kinked_least(weight * covariance[j, j], free, held[j], trading[j], holding[j])
            moved = max(moved, abs(following - point[j]))
            size = max(size, abs(following), abs(target[j]))
            point[j] = following
        if p == 1 or moved <= SETTLED * size:
            break


@compiled()
def loss_at(point, target, covariance, weight, holding):  # type: ignore[no-untyped-def]
    """Return risk beyond the least and holding costs of ``point`` (p,)."""
    p = point.shape[0]
    total = 0.0
    for i in range(p):
        total += holding[i] * abs(point[i])
        for j in range(p):
            total += 0.5 * weight * (point[i] - target[i]) * covariance[i, j] * (point[j] - target[j])
    return total


@compiled()
def hold_until_paid(targets, covariances, weight, trading, holding, to_target, held, started, out):  # type: ignore[no-untyped-def]
    """Write into ``out`` (n, p) the ratios held when each row's target is approached only as far as it pays.

    ``held`` (p,) is what is held before the first row and is overwritten; unless ``started`` the first target is taken
    up whatever it costs. A row without a target has no ratio and changes nothing.
    """
    n, p = targets.shape
    point, nothing, best = np.empty(p), np.zeros(p), np.empty(p)
    for t in range(n):
        known = True
        for j in range(p):
            known = known and np.isfinite(targets[t, j])
        if not known:
            for j in range(p):
                out[t, j] = np.nan
            continue
        if not started or to_target:
            for j in range(p):
                best[j] = targets[t, j]
            move_to_edge(targets[t], covariances[t], weight, best, nothing, holding, point)
            for j in range(p):
                best[j] = point[j]
        if not started:
            for j in range(p):
                held[j] = best[j]
            started = True
        elif to_target:
            price = 0.0
            for j in range(p):
                price += trading[j] * abs(best[j] - held[j])
            now = loss_at(held, targets[t], covariances[t], weight, holding)
            if now - loss_at(best, targets[t], covariances[t], weight, holding) > price:
                for j in range(p):
                    held[j] = best[j]
        else:
            move_to_edge(targets[t], covariances[t], weight, held, trading, holding, point)
            for j in range(p):
                held[j] = point[j]
        for j in range(p):
            out[t, j] = held[j]
