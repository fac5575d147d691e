"""Options on an arithmetic average of lognormal fixings, by a backward recursion exact to rounding.

Let X_j be the growth of the spot from fixing j-1 to j, and q what of the strike is left, in units of the spot: after
each fixing q becomes q / X - 1. In units of the spot, under the measure in which the spot is the unit, the put is

    p_k(q) = exp(-q_d dt) E[p_{k+1}(q / X - 1)],     p_{n-1}: Black's formula.

Write q / X - 1 = exp(u): then q / X = 1 + exp(u), and p_{k+1}, zero for negative arguments, is an entire function of u.
The expectation becomes an integral over u along the whole line, which the trapezoidal rule sums to rounding: the
integrand is analytic up to the zeros of 1 + exp(u), a distance pi away, so the error falls like
exp(-2 pi^2 / spacing) where steps are wide, and like exp(-c (deviation / spacing)^2) where they are narrow. In log
(q / X) itself the put starts at 0 with a flat but not analytic end, where a wide step loses all but three digits.

No interpolation is needed, as the sum can be taken at any point. Where q is so small or so large that the outcome is
certain the exact straight line stands. All steps are jets, so every Greek is the derivative of the sum itself.

References
----------
A. P. Carverhill and L. J. Clewlow, *Flexible convolution*, Risk 3 (1990) 25-29 (the recursion, run forward there);
L. N. Trefethen and J. A. C. Weideman, *The exponentially convergent trapezoidal rule*, SIAM Review 56 (2014) 385-458.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.pricing import jets
from hedgerow.pricing.by_jets import black
from hedgerow.pricing.jets import Jet

_POINTS_PER_DEVIATION = 3.0
"""Nodes in one standard deviation of a step: the sum is then good to 1e-15."""
_WIDEST_SPACING = 0.4
"""Largest spacing of nodes whatever the deviation, as the strip of analyticity is pi: exp(-2 pi^2 / 0.4) is 4e-22."""
_LOWEST_NODE = -40.0
"""Node below which the integrand, at most exp(2 u), is nothing."""
_REACH = 8.5
"""Standard deviations beyond which a normal variable does not go: 2e-17 of its weight."""
_FARTHEST = 300.0
"""Logarithm of a growth that stays finite."""


@dataclass(frozen=True)
class Walk:
    """One option's market: scalars as jets.

    Attributes
    ----------
    vol, rate, dividend_yield : Jet
        The variables.
    first, step : Jet
        Years to the next fixing, positive, and between fixings.
    count : int
        Fixings to come, at least one.
    last_weight : float
        Weight of the last fixing; the others weigh one.
    """

    vol: Jet
    rate: Jet
    dividend_yield: Jet
    first: Jet
    step: Jet
    count: int
    last_weight: float = 1.0

    @property
    def growth(self) -> Jet:
        """Growth of the forward over one step."""
        return jets.exp((self.rate - self.dividend_yield) * self.step)


@dataclass(frozen=True)
class _Step:
    """Law of -log X of one step under the measure of the spot, and what a unit loses to dividends."""

    mean: Jet
    deviation: Jet
    shrinkage: Jet


@dataclass(frozen=True)
class _Line:
    """The put where it is certain to be exercised: ``slope`` q - ``level``, and where it is neither certain nor nil."""

    slope: Jet
    level: Jet
    lowest: float
    highest: float


def put(walk: Walk, remaining: Jet) -> Jet:
    """Return the value, in units of spot, of max(q - sum of the fixings to come over today's spot, 0) at the last.

    Parameters
    ----------
    walk : Walk
        The option's market and its fixings.
    remaining : Jet
        q: strike times the number of fixings, less those known, over the spot.

    Returns
    -------
    Jet
        Scalar; zero where q is not positive.
    """
    whole = walk.first + walk.step * float(walk.count - 1)
    mean, reach = expected_sum(walk), _reach(walk, whole)
    if remaining.value <= mean.value / reach:
        return remaining * 0.0
    if remaining.value >= mean.value * reach:
        return jets.exp(-(walk.rate * whole)) * (remaining - mean)
    first = _step(walk, walk.first)
    if walk.count == 1:
        return _last(walk.last_weight, first, walk.rate * walk.first, walk.dividend_yield * walk.first, remaining)
    inner = _step(walk, walk.step)
    lines = _lines(walk)
    spacing = _spacing(min(first.deviation.value, inner.deviation.value))
    middle = jets.log(remaining).value
    final = _grid(middle, middle, first, lines[1].lowest, spacing)
    spacing = _spacing(inner.deviation.value)
    grids = [final]
    for line, after in pairwise(lines[1:]):
        grids.append(_grid(np.log(line.lowest), np.log(line.highest), inner, after.lowest, spacing))
    values = _closed(walk, inner, lines[-1], grids[-1])
    for k in range(walk.count - 2, 0, -1):
        values = _convolved(inner, lines[k], grids[k], values, grids[k - 1])
    return _sum(first, jets.log(remaining), final, values)


def expected_sum(walk: Walk) -> Jet:
    """Return the expected sum of the weighted fixings to come, over today's spot."""
    growth, total = walk.growth, walk.rate * 0.0 + walk.last_weight
    for _ in range(walk.count - 1):
        total = 1.0 + total * growth
    return total * jets.exp((walk.rate - walk.dividend_yield) * walk.first)


def _reach(walk: Walk, years: Jet) -> float:
    """Return the factor between the expected sum and what it cannot exceed or fall below within the years."""
    deviation = float(walk.vol.value * np.sqrt(years.value))
    return float(np.exp(min(_REACH * deviation + deviation**2, _FARTHEST)))


def _step(walk: Walk, years: Jet) -> _Step:
    drift = (walk.rate - walk.dividend_yield + walk.vol * walk.vol * 0.5) * years
    return _Step(-drift, walk.vol * jets.sqrt(years), jets.exp(-(walk.dividend_yield * years)))


def _last(weight: float, step: _Step, rate: Jet, carry: Jet, remaining: Jet) -> Jet:
    """Return the put on the last fixing alone, Black's formula on weight times the growth."""
    log_moneyness = rate - carry + float(np.log(weight)) - jets.log(remaining)
    asset, cash = jets.exp(-carry) * weight, jets.exp(-rate) * remaining
    return black(-1.0, asset, cash, log_moneyness, step.deviation)


def _lines(walk: Walk) -> list[_Line]:
    """Return for k = 0 to n - 1 the line of p_k and the range of q outside which p_k is that line or zero."""
    discount = jets.exp(-(walk.rate * walk.step))
    growth, slope, expected = walk.growth, walk.rate * 0.0 + 1.0, walk.rate * 0.0
    lines: list[_Line] = []
    for left in range(1, walk.count + 1):
        expected = (expected + (walk.last_weight if left == 1 else 1.0)) * growth
        slope = slope * discount
        mean, reach = float(expected.value), _reach(walk, walk.step * float(left))
        lines.append(_Line(slope, slope * expected, mean / reach, mean * reach))
    return lines[::-1]


def _spacing(deviation: Any) -> float:
    """Return the spacing of nodes that both the step's density and the unit scale of the payoff need."""
    return min(float(deviation) / _POINTS_PER_DEVIATION, _WIDEST_SPACING)


def _range(step: _Step, low: Any, high: Any) -> tuple[Any, Any]:
    """Return the logarithms of exp(y) - 1 over all y = log(q / X) that count for log q from low to high."""
    mean, deviation = float(step.mean.value), float(step.deviation.value)
    lowest = low + mean - _REACH * deviation
    # The put grows like exp(y), which shifts the density by its variance.
    highest = high + mean + _REACH * deviation + deviation**2
    return _log_expm1(lowest), _log_expm1(highest)


def _log_expm1(y: Any) -> Any:
    """Return log(exp(y) - 1), not below the lowest node; no overflow for large y."""
    positive = np.maximum(y, np.exp(_LOWEST_NODE))
    return positive + np.log(-np.expm1(-positive))


def _grid(low: Any, high: Any, step: _Step, zero_below: float, spacing: float) -> FloatArray:
    """Return the nodes u that the sums for log q from low to high need, the put being zero up to exp(u) given."""
    lowest, highest = _range(step, low, high)
    start = np.floor(max(lowest, np.log(zero_below), _LOWEST_NODE) / spacing)
    stop = np.ceil(highest / spacing)
    return np.asarray(np.arange(start, max(stop, start + 1.0) + 1.0) * spacing)


def _closed(walk: Walk, step: _Step, line: _Line, nodes: FloatArray) -> Jet:
    """Return p_{n-1} at the nodes."""
    inside, base = _certain(line, nodes)
    if not inside.size:
        return base
    basis = walk.rate * 0.0
    q = basis.map(lambda value: np.full(inside.size, value)) + np.exp(nodes[inside])
    found = _last(walk.last_weight, step, walk.rate * walk.step, walk.dividend_yield * walk.step, q)
    return _placed(base, inside, found)


def _certain(line: _Line, nodes: FloatArray) -> tuple[Any, Jet]:
    """Return which nodes need a sum, and the line (or zero) at all nodes."""
    q = np.exp(nodes)
    inside = np.flatnonzero((q > line.lowest) & (q < line.highest))
    exercised = np.where(q >= line.highest, 1.0, 0.0)
    return inside, line.slope * (q * exercised) - line.level * exercised


def _placed(base: Jet, inside: Any, found: Jet) -> Jet:
    """Return ``base`` with ``found`` written at the places given."""
    powers = base.coefficients.keys() | found.coefficients.keys()
    size, coefficients = base.value.size, {}
    for power in powers:
        column = np.array(np.broadcast_to(base.coefficients.get(power, 0.0), size), dtype=np.float64)
        column[inside] = found.coefficients.get(power, 0.0)
        coefficients[power] = column
    return Jet(coefficients, base.basis)


def _convolved(step: _Step, line: _Line, nodes: FloatArray, values: Jet, targets: FloatArray) -> Jet:
    """Return p_k at the target nodes from p_{k+1} at its own."""
    inside, base = _certain(line, targets)
    if not inside.size:
        return base
    x, spacing = targets[inside], nodes[1] - nodes[0]
    lowest, highest = _range(step, x, x)
    start = np.clip(np.floor((lowest - nodes[0]) / spacing), 0, nodes.size - 1).astype(np.int64)
    stop = np.clip(np.ceil((highest - nodes[0]) / spacing), 0, nodes.size - 1).astype(np.int64)
    width = stop - start + 1
    # Few rows, where q is near one, have long windows: they are summed apart.
    long = width > 1.5 * np.median(width)
    found = base
    for rows in (np.flatnonzero(~long), np.flatnonzero(long)):
        if rows.size:
            found = _placed(
                found, inside[rows], _windowed(step, x[rows], nodes, values, start[rows], width[rows].max())
            )
    return found


def _windowed(step: _Step, x: FloatArray, nodes: FloatArray, values: Jet, start: Any, width: int) -> Jet:
    """Return the sums for log q = x over ``width`` nodes each, about those that begin at ``start``."""
    first = np.minimum(start, nodes.size - width)
    window = first[:, None] + np.arange(width)
    near = values.map(lambda value: value[window] if np.ndim(value) else value)
    return _weighted(step, x[:, None] - np.logaddexp(0.0, nodes)[window], near, _measure(nodes)[window])


def _measure(nodes: FloatArray) -> FloatArray:
    """Return the length in log(q / X) that each node stands for: spacing times d log(1 + exp(u)) / du."""
    return np.asarray((nodes[1] - nodes[0]) / (1.0 + np.exp(-nodes)))


def _sum(step: _Step, log_remaining: Jet, nodes: FloatArray, values: Jet) -> Jet:
    """Return p_0 at the option's own q: a scalar jet."""
    distance = log_remaining.map(lambda value: np.asarray(value)) - np.logaddexp(0.0, nodes)
    return _weighted(step, distance, values, _measure(nodes))


def _weighted(step: _Step, distance: Jet | FloatArray, values: Jet, measure: FloatArray) -> Jet:
    """Return the sum over the last axis of values times the normal density of log X."""
    inverse = jets.reciprocal(step.deviation)
    u = (step.mean + distance) * inverse
    weights = jets.exp(u * u * -0.5) * measure
    scale = step.shrinkage * inverse * 0.3989422804014327
    total = (weights * values).map(lambda value: np.sum(value, axis=-1))
    return total * scale


def extrapolated(values: Sequence[Jet], order: int = 2) -> Jet:
    """Return the limit of values at 1, 2, 4, ... times as many steps, whose error has powers order, order + 2..."""
    row = list(values)
    while len(row) > 1:
        factor = 2.0**order
        row = [(fine * factor - coarse) / (factor - 1.0) for coarse, fine in pairwise(row)]
        order += 2
    return row[0]
