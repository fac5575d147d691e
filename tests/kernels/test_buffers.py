"""Memory of large results: used again when let go, never while anyone can see it."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from hedgerow.kernels import buffers
from hedgerow.kernels.buffers import large_array
from hedgerow.pricing import black_scholes

SHAPE = (1_500, 128)


@pytest.fixture(autouse=True)
def nothing_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buffers, "_HELD", [])


def place_of(array: np.ndarray) -> int:
    return int(array.__array_interface__["data"][0])


def test_memory_that_was_let_go_is_used_again() -> None:
    first = large_array(SHAPE)
    place = place_of(first)
    del first
    assert place_of(large_array(SHAPE)) == place


def test_memory_seen_through_a_view_is_not_used_again() -> None:
    view = large_array(SHAPE).reshape(-1)[5:50].reshape(3, 15)[1:]
    memory = memoryview(large_array(SHAPE))
    other = large_array(SHAPE)
    assert not np.shares_memory(view, np.asarray(memory))
    assert not np.shares_memory(view, other)
    assert not np.shares_memory(np.asarray(memory), other)


def test_memory_of_another_shape_and_small_arrays_are_left_alone() -> None:
    large_array(SHAPE)
    assert large_array((SHAPE[0] * 128,)).shape == (SHAPE[0] * 128,)
    assert len(buffers._HELD) == 2
    large_array((10,))
    assert len(buffers._HELD) == 2


def test_no_more_than_the_limit_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buffers, "MOST_BYTES", 4_000_000)
    kept = [large_array(SHAPE) for _ in range(6)]
    assert sum(array.nbytes for array in buffers._HELD) <= 4_000_000
    assert len({place_of(array) for array in kept}) == 6


def test_results_of_several_threads_never_share_memory() -> None:
    def run(seed: int) -> np.ndarray:
        array = large_array(SHAPE)
        array[:] = seed
        return array.reshape(-1)[::1000].copy() if seed % 2 else array

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(run, range(40)))
    gc.collect()
    assert all((array == seed).all() for seed, array in enumerate(results))


@pytest.mark.compiled
def test_prices_kept_are_not_overwritten_by_later_ones() -> None:
    strikes = np.linspace(80.0, 120.0, 200_000)
    first = black_scholes.greeks("call", 100.0, strikes, 1.0, 0.2, names=("price", "delta"))
    price, part = first.price.copy(), first.delta[::7]
    expected = part.copy()
    del first
    black_scholes.greeks("put", 50.0, strikes, 2.0, 0.4, names=("price", "delta"))
    np.testing.assert_array_equal(part, expected)
    np.testing.assert_array_equal(price, black_scholes.price("call", 100.0, strikes, 1.0, 0.2))
