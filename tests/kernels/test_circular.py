"""Sine and cosine of half turns: against 40 digits, against their NumPy forms, and at the quarter turn."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest

from hedgerow._types import FloatArray
from hedgerow.kernels.circular import cosine_of_half_turns, sine_of_half_turns
from hedgerow.kernels.compile import Kernel, compiled

ANGLES = np.concatenate([np.linspace(-0.5, 0.5, 201), [1e-300, -1e-9, 0.5 - 2**-52, 2**-52 - 0.5]])


@compiled(cache=False)
def each_sine(x: FloatArray, out: FloatArray) -> None:
    for i in range(x.size):
        out[i] = sine_of_half_turns(x[i])


@compiled(cache=False)
def each_cosine(x: FloatArray, out: FloatArray) -> None:
    for i in range(x.size):
        out[i] = cosine_of_half_turns(x[i])


def values(kernel: Kernel) -> FloatArray:
    out = np.empty_like(ANGLES)
    kernel(ANGLES, out)
    return out


@pytest.mark.parametrize(("kernel", "exact"), [(each_sine, mpmath.sinpi), (each_cosine, mpmath.cospi)])
def test_function_equals_forty_digits(kernel: Kernel, exact: Any) -> None:
    with mpmath.workdps(40):
        wanted = [exact(mpmath.mpf(float(x))) for x in ANGLES]
        errors = [abs(mpmath.mpf(float(got)) - right) for got, right in zip(values(kernel), wanted, strict=True)]
        assert all(error <= 5e-16 * abs(right) for error, right in zip(errors, wanted, strict=True))


@pytest.mark.parametrize("kernel", [each_sine, each_cosine], ids=["sine", "cosine"])
def test_compiled_function_equals_its_numpy_form(kernel: Kernel) -> None:
    plain = np.empty_like(ANGLES)
    kernel.definition(ANGLES, plain)
    np.testing.assert_allclose(values(kernel), plain, rtol=1e-15, atol=1e-16)


def test_own_text_equals_its_numpy_form() -> None:
    for function in (sine_of_half_turns, cosine_of_half_turns):
        np.testing.assert_allclose(function.own_text(ANGLES), function.definition(ANGLES), rtol=1e-15, atol=1e-16)


def test_squares_of_sine_and_cosine_add_up_to_one() -> None:
    np.testing.assert_allclose(values(each_sine) ** 2 + values(each_cosine) ** 2, 1.0, rtol=1e-15)


def test_cosine_at_a_right_angle_is_nothing() -> None:
    assert cosine_of_half_turns.own_text(0.5) == cosine_of_half_turns.definition(0.5) == 0.0
