"""The early-exercise premium of American puts and its derivatives, integrated over a known exercise boundary.

Everything is for a put on one unit of strike, in the log k of the spot. With b(t) the boundary t years before expiry,
the premium is what exercise earns while the spot lies below it (I. Kim, Review of Financial Studies 3 (1990) 547)::

    integral over s of  r e^(-r s) N(-d-(s, S / b(T - s)))  -  q S e^(-q s) N(-d+(s, S / b(T - s)))

Its points crowd where the integrand turns: about the time in which the spot can reach the boundary.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.pricing import american_integrand as integrand
from hedgerow.pricing.american_boundary import Boundary, Puts, Slopes, grid_of

POINTS = 48
"""Points of the integral."""

NEAREST = 5e-3
"""Least distance from the boundary, in standard deviations, at which the integral is taken; nearer, a Taylor series
from the boundary is exact to rounding."""

FIGURES = ("value", "k", "kk", "kkk", "kkkk", "v", "kv", "kkv", "vv", "r", "q")
"""Derivatives that are computed, named by their variables: log spot k, volatility v, rate r, yield q."""

KNOWN = ("leading", "c", "cc", "ccc")
"""Integrals that are known, summed over the same points: a function of the distance c from the boundary."""

PLAIN = 5
"""So many of them need no derivative of the boundary."""


@lru_cache(maxsize=2)
def points(count: int) -> tuple[FloatArray, FloatArray]:
    """Return Gauss-Legendre abscissas and weights on [0, 1]."""
    abscissas, weights = np.polynomial.legendre.leggauss(count)
    return 0.5 * (abscissas + 1.0), 0.5 * weights


def integrate(puts: Puts, k: FloatArray, years: FloatArray, boundary: Boundary, slopes: Slopes | None) -> FloatArray:
    """Return the premium and its derivatives: the definition of the compiled integral.

    Parameters
    ----------
    puts : Puts
        ``puts.years`` is how far before expiry exercise can pay.
    k : array (n,)
        Log of the spot.
    years : array (n,)
        Time to expiry, at least ``puts.years``.
    boundary, slopes : Boundary, Slopes
        Of the puts; without slopes, only the first figures are found.

    Returns
    -------
    array (figures, n)
        In the order of ``FIGURES``.
    """
    share, weight = points(POINTS)
    late = years - puts.years
    start = puts.start
    distance = k - start + boundary.gap[-1]
    turn = np.maximum(np.hypot(distance, puts.vol * np.sqrt(late)) / (puts.vol * np.sqrt(puts.years)), NEAREST)
    stretch = np.arcsinh(0.5 * np.pi / turn)
    angle = turn * np.sinh(stretch * share[:, None])
    sine, cosine = np.sin(angle), np.cos(angle)
    share_of_time = weight[:, None] * turn * stretch * np.cosh(stretch * share[:, None]) * 4.0 * cosine**3 * sine
    s = late + puts.years * sine * sine * (1.0 + cosine * cosine)
    root_s = np.sqrt(s)
    at = grid_of(boundary.gap).at(cosine)
    parameters = (puts.rate, puts.dividend_yield, puts.vol)
    per_deviation = 1.0 / (puts.vol * root_s)
    known = integrand.leading.definition(distance, per_deviation)
    kappa = start - _interpolated(at, boundary.gap)
    terms = integrand.premium.definition(k, kappa, s, root_s, per_deviation, *parameters)
    columns = [*known, *terms[:PLAIN]]
    if slopes is not None:
        moves = (
            -_interpolated(at, slopes.vol),
            -_interpolated(at, slopes.vol_twice),
            slopes.start_by_rate - _interpolated(at, slopes.rate),
            slopes.start_by_yield - _interpolated(at, slopes.dividend_yield),
        )
        columns += integrand.premium_slopes.definition(s, root_s, per_deviation, *parameters, *terms[PLAIN:], *moves)
    sums = np.stack([(share_of_time * column).sum(axis=0) * puts.years for column in columns])
    return corrected(puts, distance, late, boundary, slopes, sums)


def corrected(
    puts: Puts, distance: FloatArray, late: FloatArray, boundary: Boundary, slopes: Slopes | None, sums: FloatArray
) -> FloatArray:
    """Return the figures out of the sums over points: the sums' error in a known integral is taken off.

    Near the boundary all integrands begin like ``exp(-tilt c) phi(c / (v root s)) / (v root s)`` or a derivative of it
    to the distance c, times what exercise earns at the boundary now and the boundary's own derivative. That integral is
    known, so the points' error in it is too.
    """
    from scipy.special import ndtr

    figures = np.array(sums[len(KNOWN) :])
    root = puts.vol * np.sqrt(puts.years)
    now = puts.start - boundary.gap[-1]
    drift = -(grid_of(boundary.gap).edge @ boundary.gap) / (4.0 * puts.years)
    tilt = (drift + puts.rate - puts.dividend_yield - 0.5 * puts.vol**2) / puts.vol**2
    reach = distance / root
    near = (late <= 0.0) & (reach < 1.0) & (np.abs(tilt * distance) < 3.0)
    tilt, reach = np.where(near, tilt, 0.0), np.where(near, reach, 1.0)
    bell = np.exp(-0.5 * reach * reach) * 0.3989422804014327
    tail = ndtr(-reach)
    exact = np.stack([root * bell - distance * tail, -tail, bell / root, -reach * bell / root**2]) * 2.0 / puts.vol**2
    off = np.where(near, exact - sums[: len(KNOWN)], 0.0)
    earned = np.where(near, (puts.rate - puts.dividend_yield * np.exp(now)) * np.exp(-tilt * distance), 0.0)
    first = off[1] - tilt * off[0]
    second = off[2] - 2.0 * tilt * off[1] + tilt**2 * off[0]
    third = off[3] - 3.0 * tilt * off[2] + 3.0 * tilt**2 * off[1] - tilt**3 * off[0]
    figures[1:PLAIN] -= earned * np.stack([off[0], first, second, third])
    if slopes is not None:
        by_vol = -slopes.vol[-1]
        figures[5:8] += earned * by_vol * np.stack([off[0], first, second])
        figures[8] -= earned * by_vol**2 * first
        figures[9] += earned * (slopes.start_by_rate - slopes.rate[-1]) * off[0]
        figures[10] += earned * (slopes.start_by_yield - slopes.dividend_yield[-1]) * off[0]
    return figures


def _interpolated(at: FloatArray, nodes: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("pnj,jn->pn", at, nodes))
