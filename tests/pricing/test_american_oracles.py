"""American options against QuantLib, a binomial tree with extrapolation, and a finer collocation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hedgerow.pricing import american, american_boundary, american_premium
from hedgerow.pricing.american_boundary import Puts
from hedgerow.pricing.american_regions import solved_with_numpy


def tree(sign: float, spot: float, years: float, vol: float, rate: float, carry: float, steps: int) -> float:
    """Return the value on a strike of 100 on a binomial tree, Black-Scholes in the last step (Broadie, Detemple)."""
    from hedgerow.pricing import black_scholes

    step = years / steps
    up = np.exp(vol * np.sqrt(step))
    chance = (np.exp((rate - carry) * step) - 1.0 / up) / (up - 1.0 / up)
    spots = spot * up ** np.arange(-(steps - 1), steps, 2.0)
    payoff = sign * (spots - 100.0)
    values = np.maximum(black_scholes.price(int(sign), spots, 100.0, step, vol, rate, carry), payoff)
    for left in range(steps - 1, 0, -1):
        spots = spot * up ** np.arange(-(left - 1), left, 2.0)
        held = np.exp(-rate * step) * (chance * values[1:] + (1.0 - chance) * values[:-1])
        values = np.maximum(held, sign * (spots - 100.0))
    return float(values[0])


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize(
    ("rate", "carry"),
    [
        (0.05, 0.0),
        (0.05, 0.05),
        (0.02, 0.08),
        (0.0, -0.03),
        (0.0, 0.04),
        (-0.01, -0.03),
        (-0.02, -0.03),
        (-0.03, -0.02),
    ],
)
def test_price_equals_an_extrapolated_tree(sign: float, rate: float, carry: float) -> None:
    for spot, years, vol in ((85.0, 1.0, 0.2), (105.0, 3.0, 0.12)):
        coarse, fine = (tree(sign, spot, years, vol, rate, carry, steps) for steps in (400, 800))
        assert american.price(sign, spot, 100.0, years, vol, rate, carry) == pytest.approx(
            2.0 * fine - coarse, abs=2.5e-3
        )


def quantlib(sign: float, spot: float, days: int, vol: float, rate: float, carry: float) -> float:
    """Return QuantLib's fixed point price in its scheme of highest precision."""
    ql: Any = pytest.importorskip("QuantLib")
    today = ql.Date(1, 1, 2024)
    ql.Settings.instance().evaluationDate = today
    counter = ql.Actual365Fixed()
    curves = (ql.YieldTermStructureHandle(ql.FlatForward(today, value, counter)) for value in (carry, rate))
    surface = ql.BlackVolTermStructureHandle(ql.BlackConstantVol(today, ql.NullCalendar(), vol, counter))
    process = ql.BlackScholesMertonProcess(ql.QuoteHandle(ql.SimpleQuote(spot)), *curves, surface)
    kind = ql.Option.Call if sign > 0.0 else ql.Option.Put
    option = ql.VanillaOption(ql.PlainVanillaPayoff(kind, 100.0), ql.AmericanExercise(today, today + days))
    option.setPricingEngine(ql.QdFpAmericanEngine(process, ql.QdFpAmericanEngine.highPrecisionScheme()))
    return float(option.NPV())


@pytest.mark.parametrize(("rate", "carry"), [(0.05, 0.0), (0.05, 0.02), (0.02, 0.07), (0.04, 0.04), (0.03, -0.02)])
def test_price_equals_quantlib_at_high_precision(rate: float, carry: float) -> None:
    for sign, spot, days, vol in ((-1.0, 100.0, 365, 0.2), (-1.0, 92.0, 90, 0.3), (-1.0, 120.0, 1095, 0.35)):
        for kind, r, q in ((sign, rate, carry), (-sign, carry, rate)):
            expected = quantlib(kind, spot, days, vol, r, q)
            assert american.price(kind, spot, 100.0, days / 365.0, vol, r, q) == pytest.approx(expected, abs=1e-6)


def test_premium_equals_that_of_a_much_finer_collocation(monkeypatch: pytest.MonkeyPatch) -> None:
    axes = np.meshgrid([0.02, 0.5, 3.0], [0.002, 0.05, 0.1], [-0.03, 0.0, 0.05, 0.12], [0.1, 0.3, 0.6], [0.05, 0.7])
    years, rate, carry, vol, distance = (axis.ravel() for axis in axes)
    puts = Puts(years, rate, carry, vol, np.ones_like(years))
    finer = american_boundary.solve(puts, 8, 6, size=(64, 64))
    k = puts.start - finer.gap[-1] + distance * vol * np.sqrt(years)
    figures = solved_with_numpy(puts, k, False).premium
    monkeypatch.setattr(american_premium, "POINTS", 120)
    expected = american_premium.integrate(puts, k, years, finer, None)
    error = 100.0 * np.abs(figures - expected)
    assert error[0].max() < 1e-6
    assert np.median(error[0]) < 1e-9
    assert error[1].max() < 1e-4


@pytest.mark.parametrize("spot", [110.0, 90.0, 74.0, 60.0, 50.0])
def test_price_with_two_boundaries_equals_a_tree_before_and_after_they_meet(spot: float) -> None:
    for years in (2.0, 5.0):
        coarse, fine = (tree(-1.0, spot, years, 0.1, -0.02, -0.03, steps) for steps in (500, 1000))
        assert american.price("put", spot, 100.0, years, 0.1, -0.02, -0.03) == pytest.approx(
            2.0 * fine - coarse, abs=4e-3
        )


def test_price_between_two_boundaries_is_the_payoff_and_below_them_more() -> None:
    found = american.greeks("put", [76.0, 60.0], 100.0, 2.0, 0.1, -0.02, -0.03, names=("price", "delta"))
    assert found.price[0] == 24.0
    assert found.price[1] > 40.3
    assert found.delta[0] == -1.0
    assert found.delta[1] < -1.0
