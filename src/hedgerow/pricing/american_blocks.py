"""Lay many American puts out in blocks, run the compiled kernels on them, and gather what they found."""

from __future__ import annotations

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.kernels.compile import dense, share_out
from hedgerow.pricing import american_boundary, american_premium
from hedgerow.pricing.american_boundary import (
    COARSE,
    CONVERGED,
    FINE,
    FINER,
    Boundary,
    Puts,
    Slopes,
    grid,
    start_slopes,
)
from hedgerow.pricing.american_figures import near_boundary
from hedgerow.pricing.american_kernels import LANES, solve_blocks
from hedgerow.pricing.american_premium import FIGURES, KNOWN, PLAIN, POINTS, corrected, points
from hedgerow.pricing.american_regions import Solved, solved_with_numpy

BLOCKS = 8
"""Blocks that a thread takes at a time; fixed, so that numbers do not depend on the number of threads."""

STEPS, STEPS_CAPPED = (4, 2), (3, 3)
"""Steps of Newton's method on either grid: from the strike, and for boundaries that start away from it."""

MORE, LONG = (0, 4), (8, 12)
"""Steps for what has not settled: on from where it is, and once more from the start."""

SETTLED = 1e-7
"""Largest last step of which the boundary's derivatives may be taken: they are as wrong as it is long."""


def solved(puts: Puts, k: FloatArray, moves: bool, bend: bool = True) -> Solved:
    """Return boundary and premium of puts by the compiled kernels; what they leave unsettled goes to the NumPy form.

    Parameters
    ----------
    puts : Puts
        With one boundary, ``european`` 1.
    k : array (n,)
        Log of the spot.
    moves, bend : bool
        Whether derivatives of the boundary are needed, and the second one to volatility.
    """
    capped = puts.capped
    if capped.all():
        return _solved(puts, k, moves, bend, STEPS_CAPPED)
    found = _solved(puts.take(~capped), k[~capped], moves, bend, STEPS)
    if not capped.any():
        return found
    place = np.cumsum(~capped) - 1
    spread = Solved(
        *(np.array(getattr(found, name)[..., np.maximum(place, 0)]) for name in Solved.__dataclass_fields__)
    )
    return spread.replaced(capped, _solved(puts.take(capped), k[capped], moves, bend, STEPS_CAPPED))


def _solved(
    puts: Puts,
    k: FloatArray,
    moves: bool,
    bend: bool,
    steps: tuple[int, int],
    size: tuple[int, int] = FINE,
    gap: FloatArray | None = None,
) -> Solved:
    """Return what :func:`solved` does with so many steps, from a given gap if they start on the fine grid."""
    boundary, slopes, sums = _run(puts, k, moves, bend, steps, size, gap)
    found = _finished(puts, k, boundary, slopes if moves else None, sums[: len(KNOWN) + _figures(moves)])
    late = ~(boundary.step < (SETTLED if moves and steps != LONG else CONVERGED))
    if late.any():
        part, spots = puts.take(late), k[late]
        if steps == LONG:
            other = solved_with_numpy(part, spots, moves, bend)
        elif steps == MORE:
            other = _solved(part, spots, moves, bend, LONG, size)
        else:
            other = _solved(part, spots, moves, bend, MORE, size, boundary.gap[:, late])
        found = found.replaced(late, other)
    rough = ~late & american_boundary.rough(puts, boundary.gap)
    finer = FINER.get(size)
    if finer and rough.any():
        part = puts.take(rough)
        start = american_boundary.on_finer(part, boundary.gap[:, rough], finer)
        found = found.replaced(rough, _solved(part, k[rough], moves, bend, (0, 3), finer, start))
    return found


def _figures(moves: bool) -> int:
    return len(FIGURES) if moves else PLAIN


def _run(
    puts: Puts,
    k: FloatArray,
    moves: bool,
    bend: bool,
    steps: tuple[int, int],
    size: tuple[int, int],
    start: FloatArray | None,
) -> tuple[Boundary, Slopes, FloatArray]:
    """Run the kernels over blocks: boundary, its slopes, sums over points."""
    coarse, fine = grid(*COARSE), grid(*size)
    tables = tuple(
        tuple(map(dense, (on.nodes, on.root_wait, 1.0 / on.root_wait, on.weight, on.inside))) for on in (coarse, fine)
    )
    finer, rule = dense(coarse.at(fine.nodes)), tuple(map(dense, (*points(POINTS), fine.series)))
    rows = (puts.years, puts.rate, puts.dividend_yield, puts.vol, puts.european, puts.start)
    laid = _laid(rows, (np.maximum(puts.span, 1e-8),), start_slopes(puts), (k,))
    blocks = laid[0].shape[0]
    gap = np.empty((blocks, size[0], LANES)) if start is None else _laid(tuple(start))[0]
    slopes = np.zeros((blocks, 4, size[0], LANES))
    step, sums = np.empty((blocks, LANES)), np.empty((blocks, len(KNOWN) + len(FIGURES), LANES))

    def run(piece: int) -> None:
        part = slice(piece * BLOCKS, (piece + 1) * BLOCKS)
        rows, span, starts, spots = (array[part] for array in laid)
        solve_blocks(
            *tables, finer, rule, rows, span[:, 0], starts, spots[:, 0], moves, moves and bend, steps, gap[part],
            slopes[part], step[part], sums[part],
        )  # fmt: skip

    share_out(run, -(-blocks // BLOCKS))
    boundary = Boundary(_flat(gap, k.size), step.reshape(-1)[: k.size])
    return boundary, _slopes(puts, slopes), _flat(sums, k.size)


def _slopes(puts: Puts, slopes: FloatArray) -> Slopes:
    vol, vol_twice, rate, dividend_yield = (_flat(slopes[:, row], puts.years.size) for row in range(4))
    return Slopes(vol, vol_twice, rate, dividend_yield, *start_slopes(puts))


def _finished(puts: Puts, k: FloatArray, boundary: Boundary, slopes: Slopes | None, sums: FloatArray) -> Solved:
    """Return figures out of sums, with the series where the boundary is near and the NumPy form where it must be."""
    now = puts.start - boundary.gap[-1]
    least = american_premium.NEAREST * puts.vol * np.sqrt(puts.years)
    distance = np.maximum(k - now, least)
    premium_found = corrected(puts, distance, np.zeros_like(k), boundary, slopes, sums)
    near = k < now + least
    if near.any():
        part = Boundary(boundary.gap[:, near], boundary.step[near])
        moved = None
        if slopes is not None:
            moved = Slopes(*(getattr(slopes, name)[..., near] for name in Slopes.__dataclass_fields__))
        spots = np.clip(k, now, now + least)[near]
        premium_found[:, near] = near_boundary(puts.take(near), spots, part, moved)
    return Solved(now, premium_found, near)


def _laid(*groups: tuple[FloatArray, ...]) -> list[FloatArray]:
    """Return groups of rows as arrays (blocks, rows, LANES); the last block is filled up with its last option."""
    count = groups[0][0].size
    blocks = -(-count // LANES)
    places = np.minimum(np.arange(blocks * LANES), count - 1)
    return [
        np.ascontiguousarray(np.stack([row[places].reshape(blocks, LANES) for row in rows], axis=1)) for rows in groups
    ]


def _flat(blocks: FloatArray, count: int) -> FloatArray:
    return np.ascontiguousarray(np.moveaxis(blocks, 1, 0)).reshape(blocks.shape[1], -1)[:, :count]
