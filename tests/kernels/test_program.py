"""A program runs its batches as it runs its paths, whoever works, and hands each over once."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow._types import FloatArray
from hedgerow.kernels.program import PIECE, Program
from hedgerow.kernels.rules import Stage, rule


@rule("total")
def add(total, path, *, rate):  # type: ignore[no-untyped-def]
    return total + rate * path


N_PATHS = 5 * PIECE + 7


def program() -> Program:
    return Program([Stage(add, {"rate": np.array([1.0, 0.5, 0.25])})], ("path", "total"), 3, {"total": 2.0})


@pytest.mark.parametrize("threads", [1, 3])
def test_batches_hold_the_paths_of_one_run_and_come_once(threads: int) -> None:
    found: dict[int, FloatArray] = {}

    def finish(first: int, rows: FloatArray) -> None:
        assert first not in found
        found[first] = rows

    program().run_batches(("total", "path"), N_PATHS, 2 * PIECE, finish, threads)
    assert sorted(found) == [0, 2 * PIECE, 4 * PIECE]
    whole = np.hstack([found[first] for first in sorted(found)])
    np.testing.assert_array_equal(whole, program().run(("total", "path"), 0, N_PATHS, threads))
    np.testing.assert_array_equal(whole[0], 2.0 + 1.75 * np.arange(N_PATHS))


def test_failure_of_a_batch_reaches_the_caller() -> None:
    def finish(first: int, _rows: FloatArray) -> None:
        raise ZeroDivisionError(f"batch from {first}")

    with pytest.raises(ZeroDivisionError, match="batch from"):
        program().run_batches(("total",), N_PATHS, PIECE, finish, 2)
