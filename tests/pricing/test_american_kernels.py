"""The compiled form of American options gives the numbers of the NumPy form."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.pricing import american_blocks
from hedgerow.pricing.american_boundary import Puts
from hedgerow.pricing.american_figures import BOUNDARY_MOVES
from hedgerow.pricing.american_regions import Options, evaluate, solved_with_numpy
from hedgerow.pricing.record import FIELD_NAMES


def book(count: int) -> Options:
    """Options with one exercise boundary, both kinds, some at it and some beyond."""
    rng = np.random.default_rng(5)
    sign = rng.choice([1.0, -1.0], count)
    vol, years = rng.uniform(0.1, 0.5, count), rng.uniform(0.02, 2.0, count)
    rate, carry = rng.uniform(0.005, 0.1, (2, count))
    spot = 100.0 * np.exp(rng.uniform(-1.5, 1.5, count) * vol * np.sqrt(years))
    return Options(sign, spot, np.full(count, 100.0), years, vol, rate, carry)


def puts_at_their_boundary() -> tuple[Puts, np.ndarray]:
    one = np.ones(7)
    puts = Puts(one, 0.05 * one, 0.02 * one, 0.2 * one, one)
    now = solved_with_numpy(puts, np.zeros(7), False).boundary_now
    return puts, now + 0.2 * np.array([-0.1, 0.0, 1e-5, 1e-3, 4.9e-3, 5.1e-3, 0.3])


@pytest.mark.compiled
def test_compiled_figures_equal_those_of_the_numpy_form() -> None:
    options = book(700)
    plain = evaluate(options, FIELD_NAMES, compiled=False)
    fast = evaluate(options, FIELD_NAMES, compiled=True)
    for name in FIELD_NAMES:
        scale = np.abs(plain[name]).max()
        # the compiled form takes the boundary's derivatives at its last step but one
        share = 2e-8 if name in BOUNDARY_MOVES else 1e-9
        np.testing.assert_allclose(fast[name], plain[name], rtol=0.0, atol=share * scale, err_msg=name)


@pytest.mark.compiled
def test_compiled_series_at_the_boundary_equals_that_of_the_numpy_form() -> None:
    puts, k = puts_at_their_boundary()
    plain, fast = solved_with_numpy(puts, k, True), american_blocks.solved(puts, k, True)
    assert np.array_equal(fast.near, plain.near)
    np.testing.assert_allclose(fast.boundary_now, plain.boundary_now, atol=1e-12)
    scale = np.abs(plain.premium).max(axis=1, keepdims=True)
    np.testing.assert_allclose(fast.premium / scale, plain.premium / scale, atol=1e-8)


@pytest.mark.compiled
def test_figures_do_not_depend_on_the_company_or_the_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    options = book(1300)
    together = evaluate(options, ("price", "vega"), compiled=True)
    alone = evaluate(options.take(slice(1100, 1111)), ("price", "vega"), compiled=True)
    monkeypatch.setattr("hedgerow.kernels.compile._available_cores", lambda: 1)
    serial = evaluate(options, ("price", "vega"), compiled=True)
    for name in ("price", "vega"):
        np.testing.assert_allclose(alone[name], together[name][1100:1111], rtol=1e-12)
        assert np.array_equal(serial[name], together[name])


def test_one_block_equals_the_numpy_form() -> None:
    options = book(3)
    plain = evaluate(options, ("price", "vega"), compiled=False)
    fast = evaluate(options, ("price", "vega"), compiled=True)
    np.testing.assert_allclose(fast["price"], plain["price"], rtol=1e-10)
    np.testing.assert_allclose(fast["vega"], plain["vega"], rtol=1e-6, atol=1e-6)
