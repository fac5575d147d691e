"""Asian options: Linetsky's ten digits, quadrature, QuantLib, bounds, parity, and the equation of Black and Scholes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import ndtr

from hedgerow.errors import InputError
from hedgerow.pricing import asian

# Linetsky (2004), table 3: spot, rate, volatility, years; strike 2.
LINETSKY = [
    (2.0, 0.02, 0.1, 1.0, 0.0559860415),
    (2.0, 0.18, 0.3, 1.0, 0.2183875466),
    (2.0, 0.0125, 0.25, 2.0, 0.1722687410),
    (1.9, 0.05, 0.5, 1.0, 0.1931737903),
    (2.0, 0.05, 0.5, 1.0, 0.2464156905),
    (2.1, 0.05, 0.5, 1.0, 0.3062203648),
    (2.0, 0.05, 0.5, 2.0, 0.3500952190),
]
TERMS: list[dict[str, Any]] = [
    {},
    {"fixings": 1},
    {"fixings": 12},
    {"fixings": 12, "first_fixing": 0.02},
    {"fixings": 3, "first_fixing": 0.97, "fixings_done": 2, "average_so_far": 104.0},
    {"years_done": 0.5, "average_so_far": 97.0},
]


@pytest.mark.parametrize(("spot", "rate", "vol", "years", "exact"), LINETSKY)
def test_asian_unbroken_arithmetic_average_has_linetskys_ten_digits(
    spot: float, rate: float, vol: float, years: float, exact: float
) -> None:
    assert asian.price("call", spot, 2.0, years, vol, rate) == pytest.approx(exact, abs=1e-10)


def black_call(forward: Any, strike: Any, deviation: Any) -> Any:
    d1 = np.log(forward / strike) / deviation + deviation / 2
    return forward * ndtr(d1) - strike * ndtr(d1 - deviation)


def three_fixings_by_quadrature(
    spot: float, strike: float, first: float, step: float, vol: float, carry: float
) -> float:
    """Return the undiscounted call on the average of three fixings: Black in the third, Gauss in the others."""
    nodes, weights = np.polynomial.legendre.leggauss(300)
    z, density = nodes * 9.0, weights * 9.0 * np.exp(-0.5 * (nodes * 9.0) ** 2) / np.sqrt(2 * np.pi)

    def growth(years: float) -> Any:
        return np.exp((carry - vol**2 / 2) * years + vol * np.sqrt(years) * z)

    one = spot * growth(first)[:, None]
    two = one * growth(step)[None, :]
    left, forward = 3 * strike - one - two, two * np.exp(carry * step)
    safe = np.where(left > 0, left, 1.0)
    gain = np.where(left > 0, black_call(forward, safe, vol * np.sqrt(step)), forward - left)
    return float(density @ gain @ density / 3)


@pytest.mark.parametrize("strike", [80.0, 100.0, 125.0])
@pytest.mark.parametrize("first", [0.02, 0.25, 0.7])
def test_asian_of_three_fixings_equals_a_double_integral(strike: float, first: float) -> None:
    made = asian.price("call", 100.0, strike, 0.75, 0.3, 0.05, 0.02, fixings=3, first_fixing=first)
    exact = three_fixings_by_quadrature(100.0, strike, first, (0.75 - first) / 2, 0.3, 0.03) * np.exp(-0.0375)
    assert made == pytest.approx(exact, abs=1e-11)


@pytest.mark.parametrize("average", ["arithmetic", "geometric"])
@pytest.mark.parametrize("terms", TERMS, ids=str)
def test_asian_greeks_solve_the_equation_of_black_and_scholes(average: str, terms: dict[str, Any]) -> None:
    figures = asian.greeks(
        "put", 100.0, 102.0, 1.0, 0.25, 0.05, 0.01, average=average, **terms, names=["price", "theta", "delta", "gamma"]
    )
    residual = figures.theta + 0.04 * 100 * figures.delta + 0.5 * 0.0625 * 1e4 * figures.gamma - 0.05 * figures.price
    assert abs(residual) < 1e-9


@pytest.mark.parametrize("average", ["arithmetic", "geometric"])
@pytest.mark.parametrize("terms", [TERMS[0], TERMS[3], TERMS[5]], ids=str)
def test_asian_greeks_equal_differences_of_prices(average: str, terms: dict[str, Any]) -> None:
    made = asian.greeks("call", 100.0, 102.0, 1.0, 0.25, 0.05, 0.01, average=average, **terms)

    def price(spot: float, vol: float = 0.25, rate: float = 0.05, carry: float = 0.01) -> Any:
        return asian.price("call", spot, 102.0, 1.0, vol, rate, carry, average=average, **terms)

    def slope(figure: Any, step: float) -> Any:
        return (8 * (figure(step) - figure(-step)) - figure(2 * step) + figure(-2 * step)) / (12 * step)

    def delta(vol: float) -> Any:
        return slope(lambda h: price(100.0 + h, vol), 0.5)

    assert made.delta == pytest.approx(delta(0.25), abs=1e-7)
    assert made.vega == pytest.approx(slope(lambda h: price(100.0, 0.25 + h), 2e-3), abs=1e-6)
    assert made.rho == pytest.approx(slope(lambda h: price(100.0, rate=0.05 + h), 2e-3), abs=1e-6)
    assert made.dividend_rho == pytest.approx(slope(lambda h: price(100.0, carry=0.01 + h), 2e-3), abs=1e-6)
    assert made.vanna == pytest.approx(slope(lambda h: delta(0.25 + h), 2e-3), abs=1e-6)
    gammas = [
        asian.greeks("call", 100.0 + h, 102.0, 1.0, 0.25, 0.05, 0.01, average=average, **terms, names="gamma")
        for h in (-0.5, 0.5)
    ]
    assert made.speed == pytest.approx(gammas[1].gamma - gammas[0].gamma, abs=2e-6)


def test_asian_geometric_prices_equal_quantlib() -> None:
    ql = pytest.importorskip("QuantLib")
    today = ql.Date(2, 1, 2025)
    ql.Settings.instance().evaluationDate = today
    clock = ql.Actual365Fixed()
    process = ql.BlackScholesMertonProcess(
        ql.QuoteHandle(ql.SimpleQuote(100.0)),
        ql.YieldTermStructureHandle(ql.FlatForward(today, 0.02, clock)),
        ql.YieldTermStructureHandle(ql.FlatForward(today, 0.05, clock)),
        ql.BlackVolTermStructureHandle(ql.BlackConstantVol(today, ql.NullCalendar(), 0.3, clock)),
    )
    payoff, exercise = ql.PlainVanillaPayoff(ql.Option.Put, 103.0), ql.EuropeanExercise(today + 365)
    whole = ql.ContinuousAveragingAsianOption(ql.Average().Geometric, payoff, exercise)
    whole.setPricingEngine(ql.AnalyticContinuousGeometricAveragePriceAsianEngine(process))
    case = ("put", 100.0, 103.0, 1.0, 0.3, 0.05, 0.02)
    assert asian.price(*case, average="geometric") == pytest.approx(whole.NPV(), abs=1e-11)
    dates = [today + 73 * number for number in range(1, 6)]
    fixed = ql.DiscreteAveragingAsianOption(ql.Average().Geometric, 99.0**2, 2, dates, payoff, exercise)
    fixed.setPricingEngine(ql.AnalyticDiscreteGeometricAveragePriceAsianEngine(process))
    made = asian.price(*case, average="geometric", fixings=5, fixings_done=2, average_so_far=99.0)
    assert made == pytest.approx(fixed.NPV(), abs=1e-11)


def test_asian_of_one_fixing_is_european() -> None:
    made = asian.price("call", 95.0, 100.0, 0.7, 0.3, 0.04, 0.015, fixings=1, average=["arithmetic", "geometric"])
    forward = 95.0 * np.exp(0.025 * 0.7)
    np.testing.assert_allclose(made, black_call(forward, 100.0, 0.3 * np.sqrt(0.7)) * np.exp(-0.028), atol=1e-12)


def test_asian_parity_and_geometric_below_arithmetic() -> None:
    strikes = np.array([0.0, 60.0, 95.0, 100.0, 110.0, 180.0])
    for fixings in (None, 4, 50):
        case = {"fixings": fixings}
        call = asian.price("call", 100.0, strikes, 0.8, 0.35, 0.06, 0.02, **case)
        put = asian.price("put", 100.0, strikes, 0.8, 0.35, 0.06, 0.02, **case)
        times = 0.8 * np.arange(1, 5) / 4 if fixings == 4 else 0.8 * np.arange(1, 51) / 50
        mean = np.mean(np.exp(0.04 * times)) if fixings else np.expm1(0.032) / 0.032
        np.testing.assert_allclose(call - put, np.exp(-0.048) * (100.0 * mean - strikes), atol=1e-9)
        lower = asian.price("call", 100.0, strikes, 0.8, 0.35, 0.06, 0.02, average="geometric", **case)
        assert (lower <= call + 1e-12).all()
        assert (np.diff(call) <= 0.0).all()


def test_asian_of_many_fixings_tends_to_the_unbroken_average() -> None:
    prices = asian.price("call", 100.0, 100.0, 1.0, 0.2, 0.05, fixings=[50, 100, 200])
    whole = asian.price("call", 100.0, 100.0, 1.0, 0.2, 0.05)
    assert abs(4 / 3 * (2 * prices[2] - prices[1]) - 1 / 3 * (2 * prices[1] - prices[0]) - whole) < 1e-4
    assert whole < prices[2] < prices[1] < prices[0]


def test_asian_certain_of_exercise_is_a_straight_line() -> None:
    # Half the fixings are done so high that the call cannot end out of the money.
    case = {"fixings": 5, "fixings_done": 5, "average_so_far": 250.0}
    figures = asian.greeks("call", 100.0, 100.0, 1.0, 0.3, **case, names=["price", "delta", "gamma", "vega"])
    assert tuple(figures.to_dict().values()) == pytest.approx((75.0, 0.5, 0.0, 0.0), abs=1e-12)
    assert asian.price("put", 100.0, 100.0, 1.0, 0.3, **case) == 0.0


@pytest.mark.parametrize("average", ["arithmetic", "geometric"])
def test_asian_without_volatility_takes_the_forward_path(average: str) -> None:
    times = np.arange(1, 5) / 4
    path = 100.0 * np.exp(0.08 * times)
    mean = path.mean() if average == "arithmetic" else np.exp(np.log(path).mean())
    made = asian.price("call", 100.0, 100.0, 1.0, [0.0, 1e-9, 1e-5], 0.08, average=average, fixings=4)
    np.testing.assert_allclose(made, np.exp(-0.08) * (mean - 100.0), rtol=1e-8)


def test_asian_edges_have_no_silent_nan() -> None:
    for terms in ({}, {"fixings": 3}, {"years_done": 0.3, "average_so_far": 100.0}):
        every = asian.greeks(
            "put",
            100.0,
            np.array([0.0, 100.0])[:, None, None],
            np.array([0.0, 1e-6, 1.0])[:, None],
            np.array([0.0, 1e-7, 3.0]),
            average=np.array(["arithmetic", "geometric"])[:, None, None, None],
            **terms,
        )
        for name, values in every.to_dict().items():
            assert not np.isnan(values).any(), (terms, name)


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        (
            {"average": "harmonic"},
            "average must be 'arithmetic' or 'geometric', not 'harmonic'; did you mean 'arithmetic'?",
        ),
        ({"fixings": 2.5}, "fixings must be a whole number: 2.5"),
        ({"fixings": -1}, "fixings must not be negative: -1.0"),
        ({"fixings": 2, "first_fixing": 1.5}, "first_fixing must not come after expiry: 1.5"),
        (
            {"fixings": 2, "first_fixing": 0.0},
            "first_fixing must be above 0: 0.0; count the fixing of this moment as done",
        ),
        ({"fixings_done": 2}, "fixings_done needs fixings: 2.0; give years_done"),
        (
            {"years_done": 0.5},
            "average_so_far is needed where part of the average is done; give the average of that part",
        ),
    ],
)
def test_asian_impossible_terms_are_refused(terms: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        asian.price("call", 100.0, 100.0, 1.0, 0.2, **terms)
    assert str(caught.value) == sentence
