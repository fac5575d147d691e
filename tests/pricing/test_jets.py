"""Jets against derivatives of the same formula in 50 digits."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest

from hedgerow.pricing import jets
from hedgerow.pricing.record import FIELD_NAMES

ORDERS = {
    "price": (0, 0, 0, 0, 0),
    "delta": (1, 0, 0, 0, 0),
    "gamma": (2, 0, 0, 0, 0),
    "vega": (0, 1, 0, 0, 0),
    "theta": (0, 0, 1, 0, 0),
    "rho": (0, 0, 0, 1, 0),
    "dividend_rho": (0, 0, 0, 0, 1),
    "vanna": (1, 1, 0, 0, 0),
    "volga": (0, 2, 0, 0, 0),
    "charm": (1, 0, 1, 0, 0),
    "speed": (3, 0, 0, 0, 0),
    "color": (2, 0, 1, 0, 0),
    "zomma": (2, 1, 0, 0, 0),
}
POINT = (95.0, 0.3, 0.7, 0.04, 0.015)


def call(lib: Any, spot: Any, vol: Any, years: Any, rate: Any, carry: Any) -> Any:
    """Return a Black-Scholes call struck at 100, plus terms that use every function."""
    deviation = vol * lib.sqrt(years)
    d1 = (lib.log(spot / 100.0) + (rate - carry + vol * vol / 2.0) * years) / deviation
    first = spot * lib.exp(-(carry * years)) * lib.normal_cdf(d1)
    return first - 100.0 * lib.exp(-(rate * years)) * lib.normal_cdf(d1 - deviation) + lib.normal_pdf(d1) / (spot + 1.0)


class HighPrecision:
    exp, log, sqrt = mpmath.exp, mpmath.log, mpmath.sqrt
    normal_cdf, normal_pdf = mpmath.ncdf, mpmath.npdf


@pytest.mark.parametrize("name", FIELD_NAMES)
def test_figures_of_a_formula_equal_derivatives_in_high_precision(name: str) -> None:
    made = jets.figures(call(jets, *jets.variables(*POINT, names=FIELD_NAMES)), FIELD_NAMES)[name]
    with mpmath.workdps(50):
        order = ORDERS[name]
        exact = (
            mpmath.diff(lambda *point: call(HighPrecision, *point), POINT, order)
            if any(order)
            else call(HighPrecision, *map(mpmath.mpf, POINT))
        )
    sign = -1 if order[2] else 1
    assert float(made) == pytest.approx(sign * float(exact), rel=2e-13)


def test_figures_of_one_name_equal_those_of_all() -> None:
    every = jets.figures(call(jets, *jets.variables(*POINT, names=FIELD_NAMES)), FIELD_NAMES)
    for name in FIELD_NAMES:
        alone = jets.figures(call(jets, *jets.variables(*POINT, names=[name])), [name])
        assert alone[name] == pytest.approx(every[name], rel=1e-15)


def test_jets_broadcast_over_arrays_and_choose_elementwise() -> None:
    spots = np.array([80.0, 95.0, 120.0])
    many = jets.variables(spots, *POINT[1:], names=["price", "gamma"])
    chosen = jets.where(spots > 90.0, call(jets, *many), many[0] * many[0])
    found = jets.figures(chosen, ["price", "gamma"])
    alone = jets.figures(call(jets, *jets.variables(95.0, *POINT[1:], names=["gamma"])), ["gamma"])
    assert found["gamma"][0] == pytest.approx(2.0)
    assert found["price"][0] == pytest.approx(6400.0)
    assert found["gamma"][1] == pytest.approx(alone["gamma"], rel=1e-14)


def test_complex_jets_integrate_to_a_real_derivative() -> None:
    # Re of exp(i u log S) summed over nodes u: its derivative in S is known term by term.
    nodes, weights = np.array([0.5, 1.0, 2.0]), np.array([0.2, 0.3, 0.5])
    (spot, *_) = jets.variables(1.7, 0.2, 1.0, 0.0, 0.0, names=["delta", "gamma"])
    waves = jets.exp(jets.log(spot) * (1j * nodes))
    total = waves.map(lambda value: np.sum(np.real(value * np.ones(3)) * weights))
    exact = sum(w * np.real(1j * u * 1.7 ** (1j * u - 1)) for u, w in zip(nodes, weights, strict=True))
    assert jets.figures(total, ["delta"])["delta"] == pytest.approx(exact, rel=1e-14)
