"""The normal distribution function by one quotient: against 40 digits, in both forms, and its laws."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from scipy.special import ndtr

from elementary_fit import fitted_quotient
from hedgerow._types import FloatArray
from hedgerow.kernels import cumulative_normal
from hedgerow.kernels.compile import compiled
from hedgerow.kernels.cumulative_normal import normal_cdf_absolute

POINTS = np.concatenate(
    [np.random.default_rng(7).normal(0.0, size, 100) for size in (1e-9, 0.1, 1.0, 3.0, 9.0)]
    + [np.array([0.0, 8.2, -8.2, 8.21, -8.21, 40.0, -40.0, 1e5, -1e5])]
)


@compiled(cache=False)
def each_cdf(x: FloatArray, out: FloatArray) -> None:
    for i in range(x.size):
        out[i] = normal_cdf_absolute(x[i])


def found(points: FloatArray) -> FloatArray:
    out = np.empty_like(points)
    each_cdf(points, out)
    return out


def test_normal_cdf_absolute_equals_forty_digits() -> None:
    with mpmath.workdps(40):
        errors = [
            abs(mpmath.mpf(float(got)) - mpmath.ncdf(float(x))) for got, x in zip(found(POINTS), POINTS, strict=True)
        ]
    assert float(max(errors)) <= 5e-16


def test_normal_cdf_absolute_of_both_sides_adds_up_to_one() -> None:
    np.testing.assert_allclose(found(POINTS) + found(-POINTS), 1.0, rtol=0.0, atol=3e-16)


def test_normal_cdf_absolute_never_falls_beyond_rounding() -> None:
    values = found(np.linspace(-10.0, 10.0, 4001))
    assert (np.diff(values) >= -5e-16).all()


def test_normal_cdf_absolute_on_arrays_equals_scipys_whatever_their_size() -> None:
    whole = normal_cdf_absolute.definition(POINTS)
    np.testing.assert_allclose(whole, ndtr(POINTS), rtol=0.0, atol=6e-16)
    np.testing.assert_array_equal(whole, [normal_cdf_absolute.definition(float(x)) for x in POINTS])


def test_coefficients_are_those_of_the_fit_and_cancel_nothing() -> None:
    above, below = fitted_quotient()
    np.testing.assert_allclose(cumulative_normal._ABOVE, above, rtol=1e-15)
    np.testing.assert_allclose(cumulative_normal._BELOW, below, rtol=1e-15)
    assert min(above) > 0.0
    assert min(below) > 0.0


@pytest.mark.compiled
def test_loop_over_normal_cdf_absolute_is_vectorised() -> None:
    found(POINTS)
    code = "".join(each_cdf.build().inspect_asm().values())  # type: ignore[attr-defined]
    assert "ymm" in code or "zmm" in code or "v0.2d" in code
