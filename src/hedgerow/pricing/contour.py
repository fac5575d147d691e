"""Choose the line in the complex plane along which a moment function is integrated to a price.

The integrand ``exp(log_moment(z) - z k) / (z (z - 1))`` is largest on the real axis and smallest, on that axis, at its
saddle point c: there a vertical line crosses it without oscillation. The line is bent towards the direction in which
the integrand falls fastest far out, and stretched so that equal steps of a parameter y serve both ends::

    z(y) = c + b ((cosh y - 1) sin a + i sinh y cos a)

R. Lord and C. Kahl, J. Computational Finance 10 (2007), for the optimal c; L. Andersen and M. Lake, "Robust
high-precision option pricing by Fourier transforms" (2018), for bending it; S. Boyarchenko and S. Levendorskii, Int. J.
Theoretical and Applied Finance 22 (2019), for the hyperbolic sine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from hedgerow._types import BoolArray, FloatArray

ComplexArray: TypeAlias = npt.NDArray[np.complex128]

DISTANCES = (-4.5, 28.0)
"""Logarithms of the distances from a pole among which the crossing is sought."""

NEAREST_POLE = 0.05
"""A line closer than this to a pole from outside is moved between the poles, where one residue is added."""


class Exponent(NamedTuple):
    """Logarithm of a moment function at z: ``level + slope * vol**2``, and its derivatives in the years."""

    level: Any
    slope: Any
    level_rate: Any
    slope_rate: Any


class MomentModel(Protocol):
    """What a transform asks of a model: log E[(S_T / forward)**z], affine in the initial variance.

    Every parameter is a column of shape (options, 1), so that z of shape (options, nodes) broadcasts.
    """

    @property
    def deterministic(self) -> BoolArray:
        """Return where the spot at expiry is certain, shape (options, 1)."""
        ...

    @property
    def location(self) -> FloatArray:
        """Return log(S_T / forward) where it is certain, shape (options, 1)."""
        ...

    @property
    def spread(self) -> FloatArray:
        """Return the expected variance of the log spot until expiry, jumps included, shape (options, 1)."""
        ...

    @property
    def skew(self) -> FloatArray:
        """Return covariance of log spot and variance per year and unit of variance, shape (options, 1)."""
        ...

    @property
    def drift(self) -> FloatArray:
        """Return what the model adds to the drift of the spot between jumps, per year, shape (options, 1)."""
        ...

    def exponent(self, z: ComplexArray) -> Exponent:
        """Return the logarithm of the moment function."""
        ...

    def explodes(self, z: FloatArray) -> BoolArray:
        """Return where the moment of real order z is infinite."""
        ...

    def bend(self, log_strike: FloatArray) -> FloatArray:
        """Return the angle, to the right positive, by which the line may lean away from the vertical."""
        ...

    def rows(self, which: Any) -> MomentModel:
        """Return the model of a selection of options."""
        ...


@dataclass(frozen=True)
class Contour:
    """Lines in the complex plane, one per option; every field has shape (options, 1).

    Attributes
    ----------
    centre : array
        Where the line crosses the real axis.
    width : array
        Scale b of the line near the axis.
    angle : array
        Angle a of its far end against the vertical, to the right positive.
    reach : array
        Parameter y beyond which the integrand is below rounding.
    """

    centre: FloatArray
    width: FloatArray
    angle: FloatArray
    reach: FloatArray

    def at(self, y: FloatArray) -> tuple[ComplexArray, ComplexArray]:
        """Return z(y) and dz/dy, shape (options, nodes)."""
        high, wide = self.width * np.cos(self.angle), self.width * np.sin(self.angle)
        sinh, cosh = np.sinh(y), np.cosh(y)
        z = (self.centre + wide * (cosh - 1.0)) + 1j * (high * sinh)
        return z, wide * sinh + 1j * (high * cosh)

    def rows(self, which: Any) -> Contour:
        """Return the lines of a selection of options."""
        return Contour(self.centre[which], self.width[which], self.angle[which], self.reach[which])


@np.errstate(all="ignore")
def chosen(model: MomentModel, variance: FloatArray, log_strike: FloatArray) -> Contour:
    """Return a line for each option: right of both poles above the forward, left of them below it.

    Parameters
    ----------
    model : MomentModel
        Of n options.
    variance : array of shape (n, 1)
        Initial variance.
    log_strike : array of shape (n, 1)
        log(strike / forward).
    """

    def height(z: Any) -> FloatArray:
        parts = model.exponent(z)
        return np.asarray(np.real(parts.level + parts.slope * variance - z * log_strike - np.log(z * (z - 1.0))))

    centre, room = _saddle(model, height, log_strike)
    away = np.minimum(np.abs(centre), np.abs(centre - 1.0))
    step = 0.1 * away
    curvature = 2.0 * (height(centre + 0j) - height(np.asarray(centre + 1j * step, complex))) / (step * step)
    width = np.where(curvature * away * away > 1.0, 1.0 / np.sqrt(np.abs(curvature)), away)
    line = Contour(centre, np.minimum(width, room), model.bend(log_strike), np.ones_like(centre))
    return Contour(line.centre, line.width, line.angle, _reach(line, height))


def _saddle(model: MomentModel, height: Any, log_strike: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return where to cross the real axis, outside the poles or else between them, and the room to an explosion.

    It is the lowest point of the integrand, kept off the poles (by the integrand itself) and off the order from which
    moments are infinite (by a term of the same form).
    """

    def outside(s: FloatArray) -> FloatArray:
        return np.where(log_strike >= model.location, 1.0 + np.exp(s), -np.exp(s))

    def between(s: FloatArray) -> FloatArray:
        return np.asarray(1.0 / (1.0 + np.exp(-s)))

    edge = _edge(model, outside)

    def confined(s: FloatArray) -> FloatArray:
        heights = height(outside(s) + 0j) - np.log1p(-np.exp(np.minimum(s - edge, 0.0)))
        return np.where(s >= edge, np.inf, heights)

    beyond = _lowest(confined, DISTANCES, (12, 9, 9))
    centre, room = outside(beyond), np.exp(edge) - np.exp(beyond)
    inside = (beyond < np.log(NEAREST_POLE)) | (edge <= DISTANCES[0])
    if inside.any():
        inner = between(_lowest(lambda s: height(between(s) + 0j), (-4.0, 4.0), (9, 9)))
        centre, room = np.where(inside, inner, centre), np.where(inside, np.inf, room)
    return centre, room


def _edge(model: MomentModel, outside: Any) -> FloatArray:
    """Return the logarithm of the distance from the pole at which moments become infinite."""
    nearest, farthest = DISTANCES
    high = np.full_like(outside(np.zeros((1, 1))), farthest)
    low = np.full_like(high, nearest)
    explodes = model.explodes(outside(high))
    if not explodes.any():
        return np.full_like(high, np.inf)
    for _ in range(24):
        middle = 0.5 * (low + high)
        beyond = model.explodes(outside(middle))
        low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
    return np.where(explodes, low, np.inf)


def _lowest(height: Any, ends: tuple[float, float], counts: tuple[int, ...]) -> FloatArray:
    """Return the parameter of the lowest point on a grid that is refined around it, shape (options, 1)."""
    middle, half = np.array([[0.5 * sum(ends)]]), 0.5 * (ends[1] - ends[0])
    for count in counts:
        grid = np.clip(middle + np.linspace(-half, half, count), *ends)
        heights = height(grid)
        heights = np.where(np.isnan(heights), np.inf, heights)
        best = np.argmin(heights, axis=1)[:, None]
        middle = np.take_along_axis(np.broadcast_to(grid, heights.shape), best, axis=1)
        half = 2.0 * half / (count - 1)
    return middle


def _reach(line: Contour, height: Any) -> FloatArray:
    """Return where the integrand, weighted as the highest Greek weights it, has fallen below rounding."""

    def size(y: FloatArray) -> FloatArray:
        z, slope = line.at(y)
        return np.asarray(height(z) + np.log(np.abs(slope)) + 3.0 * np.log1p(np.abs(z)))

    top = size(np.zeros_like(line.centre))
    reach = np.zeros_like(top)
    for y in np.arange(2.0, 80.0, 0.5):
        fallen = size(np.full_like(top, y)) < top - 42.0
        if y > 2.0 and fallen.all() and (reach > 0).all():
            break
        reach = np.where(fallen, np.where(reach > 0.0, reach, y), 0.0)
    return np.where(reach > 0.0, reach, 80.0)
