"""The loops of implied volatility: blocks of options through the formulas of :mod:`hedgerow.pricing.implied_kernels`.

Each stage is a loop of its own over a block in scratch memory, which LLVM makes SIMD code of. A block is worked on by
one thread and depends on nothing outside it, so that the numbers do not depend on the number of threads.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgerow.kernels.compile import compiled
from hedgerow.kernels.elementary import maximum, sqrt, where
from hedgerow.kernels.vectors import wide_vectors
from hedgerow.pricing.implied_kernels import CONVERGED, first_guess, improved, polished, reduced, reduced_normal

BLOCK = 128
"""Options worked on together: their intermediate figures stay in the core's nearest cache."""

_LOOPS: dict[str, Any] = {"cache": False, "fastmath": {"contract", "nsz"}}


@compiled(**_LOOPS)
def fill(scratch, row, values, start, count):  # type: ignore[no-untyped-def]
    """Copy a block of an argument, or its only number, into a row of scratch; past the end the first is repeated."""
    wide_vectors()
    single = values.shape[0] == 1
    first = values[0 if single else start]
    for i in range(BLOCK):
        scratch[row * BLOCK + i] = first
    if not single:
        for i in range(count):
            scratch[row * BLOCK + i] = values[start + i]


@compiled(**_LOOPS)
def fill_all(a, arguments, start, count):  # type: ignore[no-untyped-def]
    """Copy a block of each of the seven arguments into rows 0 to 6 of ``a``."""
    wide_vectors()
    price, sign, spot, strike, years, rate, dividend_yield = arguments
    fill(a, 0, price, start, count)
    fill(a, 1, sign, start, count)
    fill(a, 2, spot, start, count)
    fill(a, 3, strike, start, count)
    fill(a, 4, years, start, count)
    fill(a, 5, rate, start, count)
    fill(a, 6, dividend_yield, start, count)


@compiled(**_LOOPS)
def reduce_lognormal(a, z):  # type: ignore[no-untyped-def]
    """Write x, exp(-x) - 1, b, 1 - b, the code and the unit of a volatility into rows 0 to 3, 6 and 7 of ``z``."""
    wide_vectors()
    for i in range(BLOCK):
        x, excess, low, room, reason = reduced(
            a[i], a[BLOCK + i], a[2 * BLOCK + i], a[3 * BLOCK + i], a[4 * BLOCK + i], a[5 * BLOCK + i], a[6 * BLOCK + i]
        )
        z[i] = x
        z[BLOCK + i] = excess
        z[2 * BLOCK + i] = low
        z[3 * BLOCK + i] = room
        z[6 * BLOCK + i] = reason
        z[7 * BLOCK + i] = 1.0 / sqrt(maximum(a[4 * BLOCK + i], 0.0))


@compiled(**_LOOPS)
def reduce_normal(a, z):  # type: ignore[no-untyped-def]
    """Do what :func:`reduce_lognormal` does, for the normal model."""
    wide_vectors()
    for i in range(BLOCK):
        x, excess, low, reason, unit = reduced_normal(
            a[i], a[BLOCK + i], a[2 * BLOCK + i], a[3 * BLOCK + i], a[4 * BLOCK + i], a[5 * BLOCK + i], a[6 * BLOCK + i]
        )
        z[i] = x
        z[BLOCK + i] = excess
        z[2 * BLOCK + i] = low
        z[3 * BLOCK + i] = 1.0
        z[6 * BLOCK + i] = reason
        z[7 * BLOCK + i] = unit / sqrt(maximum(a[4 * BLOCK + i], 0.0))


@compiled(**_LOOPS)
def solve_block(z):  # type: ignore[no-untyped-def]
    """Write s into row 4 of ``z``, whose rows 0 to 3 hold x, exp(-x) - 1, b and 1 - b; row 5 is scratch.

    The steps of :func:`total_volatility`, each in a loop of its own: one loop over all has too much at hand.
    """
    wide_vectors()
    for i in range(BLOCK):
        low, room = z[2 * BLOCK + i], z[3 * BLOCK + i]
        target = where(room < 0.5, room, low)
        z[5 * BLOCK + i] = target
        z[4 * BLOCK + i] = first_guess(z[i], z[BLOCK + i], low, target, room < 0.5)
    for i in range(BLOCK):
        z[4 * BLOCK + i] = improved(z[4 * BLOCK + i], z[i], z[5 * BLOCK + i], z[3 * BLOCK + i] < 0.5)
    for i in range(BLOCK):
        s = polished(z[4 * BLOCK + i], z[i], z[5 * BLOCK + i], z[3 * BLOCK + i] < 0.5)
        z[4 * BLOCK + i] = where(z[2 * BLOCK + i] > 0.0, s, 0.0)


@compiled(**_LOOPS)
def write_block(z, start, count, vol, code):  # type: ignore[no-untyped-def]
    """Write a block's volatilities and codes to their place."""
    wide_vectors()
    for i in range(BLOCK):
        z[4 * BLOCK + i] = where(z[6 * BLOCK + i] == CONVERGED, z[4 * BLOCK + i] * z[7 * BLOCK + i], np.nan)
    for i in range(count):
        vol[start + i] = z[4 * BLOCK + i]
        code[start + i] = z[6 * BLOCK + i]


@compiled(**_LOOPS | {"cache": True})
def solve_lognormal(price, sign, spot, strike, years, rate, dividend_yield, vol, code, begin, end):  # type: ignore[no-untyped-def]
    """Write volatilities and codes (n,) in Black's model from ``begin`` to ``end``; arguments hold n or 1."""
    wide_vectors()
    a, z = np.empty(7 * BLOCK), np.empty(8 * BLOCK)
    for start in range(begin, end, BLOCK):
        count = min(BLOCK, end - start)
        fill_all(a, (price, sign, spot, strike, years, rate, dividend_yield), start, count)
        reduce_lognormal(a, z)
        solve_block(z)
        write_block(z, start, count, vol, code)


@compiled(**_LOOPS | {"cache": True})
def solve_normal(price, sign, spot, strike, years, rate, dividend_yield, vol, code, begin, end):  # type: ignore[no-untyped-def]
    """Write volatilities and codes (n,) in the normal model from ``begin`` to ``end``; arguments hold n or 1."""
    wide_vectors()
    a, z = np.empty(7 * BLOCK), np.empty(8 * BLOCK)
    for start in range(begin, end, BLOCK):
        count = min(BLOCK, end - start)
        fill_all(a, (price, sign, spot, strike, years, rate, dividend_yield), start, count)
        reduce_normal(a, z)
        solve_block(z)
        write_block(z, start, count, vol, code)
