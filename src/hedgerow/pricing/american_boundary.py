"""The exercise boundary of American puts: spectral collocation of the value matching condition, solved by Newton.

The boundary b(t), t years before expiry, of a put on one unit of strike is written
``ln b(t) = start - gap(y)`` with ``y = (t / horizon)**(1/4)``, and ``gap`` is the polynomial through Chebyshev nodes in
y. Integrals run over an angle, ``u = t sin(angle)**4``, in which every root is smooth, by Gauss-Legendre. Newton's
method takes the full Jacobian; the first steps are taken on a coarse grid. Arrays have the options on their last axis.

Method after L. Andersen, M. Lake and D. Offengenden, High-performance American option pricing, J. Computational
Finance 20 (2016) 39 (Jacobi-Newton on ln(b)**2 in the root of time); both boundaries where q < r < 0 after L. Andersen
and M. Lake, Fast American option pricing: the double-boundary case, Wilmott (2021): each of the two solves an equation
of its own, without the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.pricing import american_integrand as integrand

COARSE, FINE = (8, 10), (20, 20)
"""Nodes of the boundary and of each integral: first steps, and all options."""

FINER = {FINE: (32, 32), (32, 32): (64, 64)}
"""From a grid to the one for options whose boundary bends too much for it."""

ROUGH = {FINE: 2e-6, (32, 32): 2e-5}
"""Largest last coefficients of a boundary's series, times the rate over the life, before a finer grid is taken: the
price is then some hundred times as exact on a strike of 1."""

COARSE_STEPS, FINE_STEPS = 8, 3
CONVERGED = 1e-6
"""Largest last step of Newton's method, relative to the gap: its square is what is left where steps shrink so fast."""


@dataclass(frozen=True)
class Grid:
    """Constants of a collocation grid of n nodes and m points of an integral.

    Attributes
    ----------
    nodes : array (n,)
        y in (0, 1]; y = 0 is a node too, at which the gap is 0.
    root_wait : array (m,)
        Root of the waiting time at the points of an integral, as a share of the root of its length.
    weight : array (m,)
        Weights of the points, as a share of the integral's length.
    inside : array (n, m, n)
        From the gap at the nodes to the gap at the points of each node's integral.
    series : array (n + 1, n)
        From the gap at the nodes to its Chebyshev coefficients in 2 y - 1.
    """

    nodes: FloatArray
    root_wait: FloatArray
    weight: FloatArray
    inside: FloatArray
    series: FloatArray

    @property
    def edge(self) -> FloatArray:
        """From the gap at the nodes to its derivative to y at y = 1."""
        return np.asarray(2.0 * np.arange(self.series.shape[0]) ** 2 @ self.series)

    def at(self, y: FloatArray) -> FloatArray:
        """Return the matrix from the gap at the nodes to the gap at the given places."""
        basis = np.cos(np.arange(self.series.shape[0]) * np.arccos(np.clip(2.0 * y - 1.0, -1.0, 1.0))[..., None])
        return np.asarray(basis @ self.series)


@lru_cache(maxsize=8)
def grid(nodes: int, points: int) -> Grid:
    """Return the grid of so many nodes and points of each integral."""
    order = np.arange(nodes + 1)
    angles = np.pi * (1.0 - order / nodes)
    y = 0.5 * (1.0 + np.cos(angles))
    series = np.cos(np.outer(order, angles)) * (2.0 / nodes)
    series[[0, -1]] *= 0.5
    series[:, [0, -1]] *= 0.5
    abscissas, weights = np.polynomial.legendre.leggauss(points)
    angle = (abscissas + 1.0) * (np.pi / 4.0)
    sine, cosine = np.sin(angle), np.cos(angle)
    unfinished = Grid(
        nodes=y[1:],
        root_wait=cosine * np.sqrt(1.0 + sine * sine),
        weight=weights * (np.pi / 4.0) * 4.0 * sine**3 * cosine,
        inside=np.empty(0),
        series=series[:, 1:],
    )
    return replace(unfinished, inside=unfinished.at(y[1:, None] * sine))


@dataclass(frozen=True)
class Puts:
    """American puts on one unit of strike, one per element of arrays (n,).

    Attributes
    ----------
    years, rate, dividend_yield, vol
        Time over which the boundary is sought, and the parameters.
    european : array
        1 for a put; 0 where the payoff is that of a forward, 1 - spot: the mirrored lower boundary.
    """

    years: FloatArray
    rate: FloatArray
    dividend_yield: FloatArray
    vol: FloatArray
    european: FloatArray

    @property
    def capped(self) -> BoolArray:
        """Where the boundary starts at rate / dividend_yield, below (of a forward: above) the strike."""
        inside = (self.rate > 0.0) & (self.dividend_yield > self.rate)
        return np.asarray(inside | (self.european == 0.0))

    @property
    def start(self) -> FloatArray:
        """Log of the boundary just before expiry."""
        ratio = np.divide(self.rate, self.dividend_yield, out=np.ones_like(self.rate), where=self.capped)
        return np.asarray(np.log(ratio))

    @property
    def span(self) -> FloatArray:
        """``start`` less the log of the perpetual boundary; a long way where there is none."""
        with np.errstate(all="ignore"):
            tilt = 0.5 - (self.rate - self.dividend_yield) / self.vol**2
            root = tilt - np.sqrt(tilt * tilt + 2.0 * self.rate / self.vol**2)
            span = self.start - np.log(root / (root - 1.0))
            wide = np.maximum(10.0, 4.0 * self.vol * np.sqrt(self.years))
            return np.where((span > 0.0) & (span < wide) & (self.european != 0.0), span, wide)

    def take(self, which: Any) -> Puts:
        """Return the chosen ones."""
        return Puts(*(getattr(self, name)[which] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Boundary:
    """Solved boundaries.

    Attributes
    ----------
    gap : array (nodes, n)
        ``start`` less the log of the boundary at the nodes of the fine grid.
    step : array (n,)
        Largest last step at any node relative to the largest gap: what is left is of the order of its square.
    """

    gap: FloatArray
    step: FloatArray

    @property
    def converged(self) -> BoolArray:
        """Where the boundary solves its equation."""
        return np.asarray(self.step < CONVERGED)


def grid_of(gap: FloatArray) -> Grid:
    """Return the grid at whose nodes a gap is given."""
    return grid(gap.shape[0], gap.shape[0])


def rough(puts: Puts, gap: FloatArray) -> BoolArray:
    """Return where the series of the gap has not died out, for what the boundary there is worth."""
    on = grid_of(gap)
    tail = np.abs(on.series[-2:] @ gap).sum(axis=0)
    limit = ROUGH.get((gap.shape[0], gap.shape[0]), np.inf)
    return np.asarray(tail * np.minimum(1.0, puts.years * np.abs(puts.rate)) > limit)


def on_finer(puts: Puts, gap: FloatArray, size: tuple[int, int]) -> FloatArray:
    """Return a start for a finer grid: the guess there, scaled as the gap differs from it."""
    on, finer = grid_of(gap), grid(*size)
    ratio = gap / _guess(on, puts)
    return np.asarray(_guess(finer, puts) * np.maximum(1.0 + on.at(finer.nodes) @ (ratio - 1.0), 0.1))


def solve(
    puts: Puts, coarse_steps: int = COARSE_STEPS, fine_steps: int = FINE_STEPS, size: tuple[int, int] = FINE
) -> Boundary:
    """Return the exercise boundaries of puts: the definition of the compiled solver.

    Parameters
    ----------
    puts : Puts
        With positive years and volatility and an exercise region.
    coarse_steps, fine_steps : int
        Steps of Newton's method on either grid.
    size : tuple of int
        Nodes and points of the fine grid, the same number.
    """
    coarse, fine = grid(*COARSE), grid(*size)
    gap = _guess(coarse, puts)
    for _ in range(coarse_steps):
        gap, _step = _newton_step(coarse, puts, gap)
    gap = on_finer(puts, gap, size)
    step = np.zeros(puts.years.shape)
    for _ in range(fine_steps):
        gap, step = _newton_step(fine, puts, gap)
    return Boundary(gap, step)


def _guess(on: Grid, puts: Puts) -> FloatArray:
    time = on.nodes[:, None] ** 4 * puts.years
    span = np.maximum(puts.span, 1e-8)
    guess = integrand.first_guess.definition(time, puts.rate, puts.dividend_yield, puts.vol, puts.start, span)
    return np.asarray(guess)


def _newton_step(on: Grid, puts: Puts, gap: FloatArray) -> tuple[FloatArray, FloatArray]:
    matching = _matching(on, puts, gap)
    step = -_solved(matching.jacobian, matching.residual)
    with np.errstate(all="ignore"):
        size = np.abs(step).max(axis=0) / gap.max(axis=0)
    moved = np.clip(gap + step, 0.5 * gap, 2.0 * gap)
    return np.where(np.isfinite(moved), moved, gap), np.where(np.isfinite(size), size, np.inf)


def _solved(jacobian: FloatArray, right: FloatArray) -> FloatArray:
    matrices, rights = np.moveaxis(jacobian, -1, 0), np.moveaxis(right, -1, 0)[..., None]
    try:
        solved = np.linalg.solve(matrices, rights)
    except np.linalg.LinAlgError:
        solved = np.linalg.pinv(np.nan_to_num(matrices)) @ rights
    return np.asarray(np.moveaxis(solved[..., 0], 0, -1), dtype=np.float64)


@lru_cache(maxsize=1)
def _pair() -> Any:
    return integrand.pair.definition


@lru_cache(maxsize=1)
def _european() -> Any:
    return integrand.european.definition


@dataclass(frozen=True)
class _Matching:
    residual: FloatArray
    jacobian: FloatArray
    stock: FloatArray
    pairs: tuple[FloatArray, ...]
    wait: FloatArray
    root_wait: FloatArray
    share: FloatArray


def _matching(on: Grid, puts: Puts, gap: FloatArray) -> _Matching:
    """Return value matching at every node, by how much it fails, and its derivatives to the gaps."""
    parameters = (puts.rate, puts.dividend_yield, puts.vol)
    root_time = on.nodes[:, None] ** 2 * np.sqrt(puts.years)
    time = root_time * root_time
    k = puts.start - gap
    kappa = puts.start - np.einsum("ikj,jn->ikn", on.inside, gap)
    root_wait = root_time[:, None] * on.root_wait[:, None]
    wait = root_wait * root_wait
    pairs = _pair()(k[:, None], kappa, wait, root_wait, 1.0 / (puts.vol * root_wait), *parameters)
    share = on.weight[:, None] * time[:, None]
    whole, _, stock, _, _ = _european()(k, time, root_time, 1.0 / (puts.vol * root_time), *parameters, 0.0)
    stock = puts.european * stock + puts.dividend_yield * (share * pairs[2]).sum(axis=1)
    density = share * pairs[1]
    jacobian = np.einsum("ikn,ikj->ijn", density, on.inside)
    diagonal = np.arange(len(on.nodes))
    jacobian[diagonal, diagonal] -= density.sum(axis=1) - stock
    residual = puts.european * whole + (share * pairs[0]).sum(axis=1)
    return _Matching(residual, jacobian, stock, pairs, wait, root_wait, share)


@dataclass(frozen=True)
class Slopes:
    """Derivatives of the gap at the nodes of the fine grid, arrays (nodes, n), and of ``start``, arrays (n,).

    To volatility, to it twice, to the rate and to the yield.
    """

    vol: FloatArray
    vol_twice: FloatArray
    rate: FloatArray
    dividend_yield: FloatArray
    start_by_rate: FloatArray
    start_by_yield: FloatArray


def slopes(puts: Puts, boundary: Boundary, bend: bool = True) -> Slopes:
    """Return how boundaries move with the parameters: value matching holds whatever the parameters are.

    Without ``bend`` the second derivatives to volatility are left at 0.
    """
    on, parameters = grid_of(boundary.gap), (puts.rate, puts.dividend_yield, puts.vol)
    found = _matching(on, puts, boundary.gap)
    root_time = on.nodes[:, None] ** 2 * np.sqrt(puts.years)
    time, k = root_time * root_time, puts.start - boundary.gap
    _, _, stock, minus, flow, level, bank = found.pairs
    by = integrand.pair_slopes.definition(found.wait, found.root_wait, *parameters, minus, flow, level, stock, bank)
    _, bank_now, stock_now, vega, _ = _european()(k, time, root_time, 1.0 / (puts.vol * root_time), *parameters, 0.0)
    start_by_rate, start_by_yield = start_slopes(puts)
    by_vol = (found.share * by[0]).sum(axis=1) + puts.european * vega
    by_rate = (found.share * by[1]).sum(axis=1) - puts.european * time * bank_now - found.stock * start_by_rate
    by_yield = (found.share * by[2]).sum(axis=1) + puts.european * time * stock_now - found.stock * start_by_yield
    vol = -_solved(found.jacobian, by_vol)
    rate, dividend_yield = (-_solved(found.jacobian, right) for right in (by_rate, by_yield))
    if not bend:
        return Slopes(vol, np.zeros_like(vol), rate, dividend_yield, start_by_rate, start_by_yield)
    other = -np.einsum("ikj,jn->ikn", on.inside, vol)
    bends = integrand.pair_bend.definition(
        found.root_wait, *parameters, minus, flow, level, stock, -vol[:, None], other
    )
    bend_now = _european()(k, time, root_time, 1.0 / (puts.vol * root_time), *parameters, -vol)[4]
    by_vol_2 = (found.share * bends).sum(axis=1) + puts.european * bend_now
    return Slopes(vol, -_solved(found.jacobian, by_vol_2), rate, dividend_yield, start_by_rate, start_by_yield)


def start_slopes(puts: Puts) -> tuple[FloatArray, FloatArray]:
    """Return the derivatives of ``start`` to the rate and to the yield."""
    zero = np.zeros_like(puts.rate)
    by_rate = np.divide(1.0, puts.rate, out=zero.copy(), where=puts.capped)
    return by_rate, np.divide(-1.0, puts.dividend_yield, out=zero, where=puts.capped)
