"""Branch-free elementary functions: against 40 digits, against their NumPy forms, and from one text in both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, strategies as st

from elementary_fit import JOBS, fitted
from hedgerow._types import FloatArray
from hedgerow.kernels import circular, elementary
from hedgerow.kernels.compile import Kernel, compiled
from hedgerow.kernels.elementary import (
    exp,
    log,
    log_ratio,
    normal_cdf,
    normal_cdf_from_exp,
    normal_pdf,
    scaled_tail,
    where,
)

POINTS = np.concatenate(
    [np.random.default_rng(7).normal(0.0, size, 60) for size in (1e-9, 0.1, 1.0, 5.0, 12.0)]
    + [np.array([0.0, 1.0, -1.0, 0.5, -37.0, 37.0])]
)
POSITIVE = np.concatenate(
    [np.abs(POINTS) + 1e-12, [1e-300, 1e300, 1.0 - 2**-53, 1.0 + 2**-52, 2.2250738585072014e-308]]
)


@compiled(cache=False)
def each_exp(x: FloatArray, out: FloatArray) -> None:
    for i in range(x.size):
        out[i] = exp(x[i])


@compiled(cache=False)
def each_log(x: FloatArray, out: FloatArray) -> None:
    for i in range(x.size):
        out[i] = log(x[i])


@compiled(cache=False)
def each_cdf(x: FloatArray, out: FloatArray) -> None:
    for i in range(x.size):
        out[i] = normal_cdf(x[i])


@compiled(cache=False)
def each_cdf_from_exp(x: FloatArray, out: FloatArray) -> None:
    for i in range(x.size):
        out[i] = normal_cdf_from_exp(x[i], exp(-0.5 * x[i] * x[i]))


@compiled(cache=False)
def each_pdf(x: FloatArray, out: FloatArray) -> None:
    for i in range(x.size):
        out[i] = normal_pdf(x[i])


@compiled(cache=False)
def each_tail(x: FloatArray, out: FloatArray) -> None:
    for i in range(x.size):
        out[i] = scaled_tail(x[i])


def exact_tail(t: Any) -> Any:
    return mpmath.erfc(t / mpmath.sqrt(2)) * mpmath.exp(t * t / 2) / 2


CASES = [
    (each_exp, mpmath.exp, POINTS, 4e-16),
    (each_log, mpmath.log, POSITIVE, 5e-16),
    (each_tail, exact_tail, np.abs(POINTS), 1e-15),
    # The tails carry the rounding of x * x / 2 (up to 700 in size) into the exponential.
    (each_cdf, mpmath.ncdf, POINTS, 1.5e-13),
    (each_cdf_from_exp, mpmath.ncdf, POINTS, 1.5e-13),
    (each_pdf, mpmath.npdf, POINTS, 1.5e-13),
]


@pytest.mark.parametrize(
    ("kernel", "exact", "points", "limit"), CASES, ids=lambda value: getattr(value, "__name__", "")
)
def test_function_equals_forty_digits(
    kernel: Kernel, exact: Callable[[Any], Any], points: FloatArray, limit: float
) -> None:
    out = np.empty_like(points)
    kernel(points, out)
    with mpmath.workdps(40):
        errors = [
            abs(mpmath.mpf(float(got)) / wanted - 1) if wanted else abs(float(got))
            for got, x in zip(out, points, strict=True)
            for wanted in [exact(mpmath.mpf(float(x)))]
        ]
    assert float(max(errors)) <= limit


@pytest.mark.parametrize("kernel", [each_exp, each_cdf, each_pdf], ids=lambda kernel: kernel.__name__)
def test_compiled_function_equals_its_numpy_form(kernel: Kernel) -> None:
    fast, plain = np.empty_like(POINTS), np.empty_like(POINTS)
    kernel(POINTS, fast)
    kernel.definition(POINTS, plain)
    np.testing.assert_allclose(fast, plain, rtol=2e-13, atol=0.0)


@pytest.mark.parametrize("kernel", [elementary._exp_polynomial, elementary.normal_pdf])
def test_text_without_a_numpy_form_takes_arrays(kernel: Kernel) -> None:
    points = np.linspace(-0.3, 0.3, 5)
    whole = kernel.definition(points)
    np.testing.assert_array_equal(whole, [kernel.definition(x) for x in points])


OWN_TEXT = [
    (elementary.exp, POINTS),
    (elementary.log, POSITIVE),
    (elementary.sqrt, POSITIVE),
    (elementary.scaled_tail, np.abs(POINTS)),
    (elementary.normal_cdf, POINTS),
    (elementary.normal_pdf, POINTS),
]


@pytest.mark.parametrize(("kernel", "points"), OWN_TEXT, ids=lambda value: getattr(value, "__name__", ""))
def test_own_text_of_a_function_equals_its_numpy_form(kernel: Kernel, points: FloatArray) -> None:
    with np.errstate(all="ignore"):
        own = [kernel.own_text(float(x)) for x in points]
        np.testing.assert_allclose(own, kernel.definition(points), rtol=2e-13, atol=1e-307)


def test_own_text_of_a_function_with_more_arguments_equals_its_numpy_form() -> None:
    half = float(np.exp(-0.5 * 1.3**2))
    for x in (-1.3, 1.3):
        own = elementary.normal_cdf_from_exp.own_text(x, half)
        assert own == pytest.approx(float(elementary.normal_cdf_from_exp.definition(x, half)), rel=1e-14)
    for kernel in (elementary.maximum, elementary.minimum):
        for pair in ((1.0, 2.0), (2.0, 1.0)):
            assert kernel.own_text(*pair) == kernel.definition(*pair)
    assert [where.own_text(flag, 1.0, 2.0) for flag in (True, False)] == [1.0, 2.0]


@pytest.mark.parametrize("x", [-1e4, -745.0, -708.1])
def test_exp_far_below_is_zero(x: float) -> None:
    out = np.empty(1)
    each_exp(np.array([x]), out)
    assert out[0] == pytest.approx(0.0, abs=1e-307)


@given(st.floats(1e-300, 1e300))
def test_plain_parts_of_a_logarithm_put_the_number_together(x: float) -> None:
    exponent, mantissa = elementary._exponent_of.definition(x), elementary._mantissa_of.definition(x)
    assert np.sqrt(0.5) * (1 - 1e-15) <= mantissa <= np.sqrt(2.0) * (1 + 1e-15)
    assert np.ldexp(mantissa, int(exponent)) == x


def test_plain_power_of_two_reads_the_shifted_integer() -> None:
    assert elementary._two_to_the.definition(elementary._ROUND + 5.0) == 32.0


@compiled()
def softened(x: float, sign: float) -> float:
    return where(sign * x < 0.0, 0.0, log(1.0 + exp(-x * x)) + normal_cdf(x))


@compiled(cache=False)
def each_softened(x: FloatArray, out: FloatArray) -> None:
    for i in range(x.size):
        out[i] = softened(x[i], 1.0)


def test_one_text_runs_compiled_and_on_arrays() -> None:
    out = np.empty_like(POINTS)
    each_softened(POINTS, out)
    np.testing.assert_allclose(out, softened.definition(POINTS, 1.0), rtol=1e-15, atol=1e-15)
    assert (out[POINTS < 0.0] == 0.0).all()


@pytest.mark.parametrize("name", JOBS)
def test_coefficients_are_those_of_the_fit(name: str) -> None:
    written = getattr(elementary, name, None) or getattr(circular, name)
    np.testing.assert_allclose(written, fitted(name), rtol=1e-15)


@pytest.mark.compiled
def test_loop_over_elementary_functions_is_vectorised() -> None:
    out = np.empty_like(POINTS)
    each_cdf(POINTS, out)
    code = "".join(each_cdf.build().inspect_asm().values())  # type: ignore[attr-defined]
    assert "ymm" in code or "zmm" in code or "v0.2d" in code


@compiled(cache=False)
def each_log_ratio(x: FloatArray, y: FloatArray, out: FloatArray) -> None:
    for i in range(x.size):
        out[i] = log_ratio(x[i], y[i])


def test_logarithm_of_a_ratio_equals_forty_digits() -> None:
    rng = np.random.default_rng(3)
    above = np.concatenate([np.exp(rng.normal(0.0, 5.0, 200)), [1.4, 1.42, 1.0, 1e-300, 1e300]])
    below = np.concatenate([above[:100] * np.exp(rng.normal(0.0, 0.01, 100)), np.exp(rng.normal(0.0, 5.0, 105))])
    out = np.empty_like(above)
    each_log_ratio(above, below, out)
    with mpmath.workdps(40):
        exact = np.array([mpmath.log(mpmath.mpf(a) / mpmath.mpf(b)) for a, b in zip(above, below, strict=True)])
        errors = np.abs(np.array([float(e) for e in exact - out]))
    # Beside the logarithm's own rounding there is that of the power of two between the numbers, a few 1e-16 in all.
    assert (errors <= 4e-16 + 4e-16 * np.abs(out)).all()
    with np.errstate(all="ignore"):
        own = [log_ratio.own_text(float(a), float(b)) for a, b in zip(above, below, strict=True)]
    np.testing.assert_allclose(own, log_ratio.definition(above, below), rtol=1e-12, atol=4e-16)


def test_two_normal_shares_equal_each_alone() -> None:
    for x, y in ((-1.3, 0.4), (2.0, -7.0), (0.0, 37.0)):
        bells = [float(np.exp(-0.5 * value * value)) for value in (x, y)]
        both = elementary.two_normal_cdfs_from_exp.own_text(x, bells[0], y, bells[1])
        np.testing.assert_allclose(both, elementary.two_normal_cdfs_from_exp.definition(x, None, y, None), rtol=2e-14)
