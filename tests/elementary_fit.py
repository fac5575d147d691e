"""Fit the polynomials of the kernels elementary, circular and cumulative_normal in 60 digits; as a script, print them.

Each is the interpolant of its function at the Chebyshev nodes of its interval, in powers of its variable, low to high.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
from mpmath import mpf

MILLS_CENTRE = 4


def exp_of(x: Any) -> Any:
    return mpmath.exp(x)


def twice_atanh_ratio(z: Any) -> Any:
    """Return 2 atanh(s) / s for s = sqrt(z): log((1 + s) / (1 - s)) / s."""
    return mpf(2) if z == 0 else 2 * mpmath.atanh(mpmath.sqrt(z)) / mpmath.sqrt(z)


def scaled_mills(q: Any) -> Any:
    """Return (t + c) N(-t) exp(t^2 / 2) at t = c (1 + q) / (1 - q): smooth for t from 0 to infinity."""
    if q == 1:
        return 1 / mpmath.sqrt(2 * mpmath.pi)
    t = MILLS_CENTRE * (1 + q) / (1 - q)
    return (t + MILLS_CENTRE) * mpmath.erfc(t / mpmath.sqrt(2)) * mpmath.exp(t * t / 2) / 2


def sine_ratio(z: Any) -> Any:
    """Return sin(pi x) / x for x = sqrt(z)."""
    return mpmath.pi if z == 0 else mpmath.sin(mpmath.pi * mpmath.sqrt(z)) / mpmath.sqrt(z)


JOBS: dict[str, tuple[Callable[[Any], Any], Callable[[], tuple[Any, Any]], int]] = {
    "_EXP": (exp_of, lambda: (-mpmath.log(2) / 2, mpmath.log(2) / 2), 11),
    "_ATANH": (twice_atanh_ratio, lambda: (mpf(0), (3 - 2 * mpmath.sqrt(2)) ** 2), 8),
    # for the mantissas of two numbers: s = (a - b) / (a + b) with a / b from 1/2 to 2
    "_ATANH_OF_RATIO": (twice_atanh_ratio, lambda: (mpf(0), mpf(1) / 9), 11),
    "_MILLS": (scaled_mills, lambda: (mpf(-1), mpf(1)), 22),
    "_SINE": (sine_ratio, lambda: (mpf(0), mpf(1) / 4), 8),
}


FARTHEST = mpf("8.2")
QUOTIENT_DEGREE = 12


def normal_beyond_half(x: Any) -> Any:
    """Return (N(x) - 1/2) / x."""
    return mpmath.erf(x / mpmath.sqrt(2)) / (2 * x)


def fitted_quotient() -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return numerator and denominator in powers of x squared that give (N(x) - 1/2) / x on [0, 8.2]."""
    powers = range(QUOTIENT_DEGREE + 1)
    count = 2 * QUOTIENT_DEGREE + 1
    with mpmath.workdps(60):
        rows, values = mpmath.matrix(count, count), mpmath.matrix(count, 1)
        for row in range(count):
            node = FARTHEST / 2 * (1 + mpmath.cos(mpmath.pi * (2 * row + 1) / (2 * count)))
            values[row] = normal_beyond_half(node)
            for k in powers:
                rows[row, k] = node ** (2 * k)
            for k in powers[1:]:
                rows[row, QUOTIENT_DEGREE + k] = -values[row] * node ** (2 * k)
        found = [float(value) for value in mpmath.lu_solve(rows, values)]
    return tuple(found[: len(powers)]), (1.0, *found[len(powers) :])


def fitted(name: str) -> tuple[float, ...]:
    """Return the coefficients of one polynomial, low to high."""
    function, interval, degree = JOBS[name]
    with mpmath.workdps(60):
        low, high = interval()
        angles = [mpmath.pi * (2 * place + 1) / (2 * degree + 2) for place in range(degree + 1)]
        nodes = [(low + high) / 2 + (high - low) / 2 * mpmath.cos(angle) for angle in angles]
        powers = mpmath.matrix(degree + 1, degree + 1)
        for row, node in enumerate(nodes):
            for column in range(degree + 1):
                powers[row, column] = node**column
        solution = mpmath.lu_solve(powers, mpmath.matrix([function(node) for node in nodes]))
        return tuple(float(value) for value in solution)


if __name__ == "__main__":
    for job in JOBS:
        print(f"{job} = (\n" + "".join(f"    {value!r},\n" for value in fitted(job)) + ")")  # noqa: T201
    for job, values in zip(("_ABOVE", "_BELOW"), fitted_quotient(), strict=True):
        print(f"{job} = (\n" + "".join(f"    {value!r},\n" for value in values) + ")")  # noqa: T201
