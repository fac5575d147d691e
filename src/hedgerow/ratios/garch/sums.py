"""Sums over rows without a linear-algebra library: the same bits for any number of threads, and no wait for them."""

from __future__ import annotations

import numpy as np

from hedgerow._types import FloatArray


def cross_sum(left: FloatArray, right: FloatArray) -> FloatArray:
    """Return ``left.T @ right`` (p, q) of tables (n, p) and (n, q)."""
    across_left, across_right = np.ascontiguousarray(left.T), np.ascontiguousarray(right.T)
    total: FloatArray = np.einsum("pn,qn->pq", across_left, across_right, optimize=False)  # runs along memory
    return total


def times(rows: FloatArray, table: FloatArray) -> FloatArray:
    """Return ``rows @ table`` (n, q) of (n, p) and (p, q)."""
    product: FloatArray = np.einsum("np,pq->nq", rows, table, optimize=False)
    return product
