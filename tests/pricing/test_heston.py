"""Heston: laws of the model, prices against 28 digits and QuantLib, Greeks against differences, edges, refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.pricing import heston
from hedgerow.pricing.record import FIELD_NAMES, GREEK_NAMES
from heston_oracle import Case, call, call_greeks

MODEL: dict[str, Any] = Case().model()
REGIMES = {
    "as calibrated": Case(strike=105.0),
    "one hour": Case(years=1.0 / 8760.0, strike=100.2),
    "one day": Case(years=1.0 / 365.0, strike=98.0),
    "thirty years": Case(years=30.0, strike=160.0, vol_of_variance=0.9),
    "thirty years, moments about to explode": Case(
        years=30.0, strike=150.0, mean_reversion=0.9, vol_of_variance=1.0, correlation=0.8
    ),
    "correlation -0.99": Case(correlation=-0.99, strike=130.0),
    "correlation 0.99": Case(correlation=0.99, strike=90.0, vol_of_variance=1.2),
    "correlation -1": Case(correlation=-1.0, strike=80.0, years=2.0, vol=0.5),
    "Feller violated": Case(years=2.0, mean_reversion=0.5, long_vol=0.1, vol_of_variance=1.5, vol=0.15),
    "no mean reversion": Case(mean_reversion=0.0, strike=120.0),
    "no variance now": Case(vol=0.0, strike=103.0, years=1.0),
    "variance that dies out": Case(vol=0.05, long_vol=0.0, strike=101.5, years=1.0),
    "deep in the money": Case(strike=20.0, years=1.0),
    "deep out of the money": Case(strike=400.0, years=1.0),
    "negative rates": Case(rate=-0.03, dividend_yield=-0.01, strike=95.0),
}


def constant_variance(kind: float, spot: Any, strike: Any, years: Any, deviation: Any, rate: Any, yields: Any) -> Any:
    """Return Black-Scholes prices from the deviation of the log, as the limit of certain variance."""
    from scipy.special import ndtr

    asset, cash = spot * np.exp(-yields * years), strike * np.exp(-rate * years)
    d1 = np.log(asset / cash) / deviation + 0.5 * deviation
    return kind * (asset * ndtr(kind * d1) - cash * ndtr(kind * (d1 - deviation)))


@pytest.mark.parametrize("case", REGIMES.values(), ids=REGIMES)
def test_price_in_every_regime_equals_two_probabilities_in_28_digits(case: Case) -> None:
    exact = call(case)
    parity = case.spot * np.exp(-case.dividend_yield * case.years) - case.strike * np.exp(-case.rate * case.years)
    made = heston.price(["call", "put"], *case.market(), **case.model())
    np.testing.assert_allclose(made, [exact, exact - parity], rtol=0.0, atol=2e-13 * case.spot)


@pytest.mark.parametrize("name", ["as calibrated", "one day", "Feller violated"])
def test_greeks_equal_differences_in_28_digits(name: str) -> None:
    case = REGIMES[name]
    made, exact = heston.greeks("call", *case.market(), **case.model()).to_dict(), call_greeks(case)
    assert tuple(made) == GREEK_NAMES
    for greek, value in exact.items():
        assert made[greek] == pytest.approx(value, rel=2e-8), greek


def test_prices_and_greeks_equal_quantlib() -> None:
    ql = pytest.importorskip("QuantLib")
    today, days = ql.Date(15, 6, 2020), ql.Actual365Fixed()
    ql.Settings.instance().evaluationDate = today
    curves = [ql.YieldTermStructureHandle(ql.FlatForward(today, rate, days)) for rate in (0.02, 0.01)]
    for correlation in (-0.99, -0.3, 0.6):
        process = ql.HestonProcess(*curves, ql.QuoteHandle(ql.SimpleQuote(100.0)), 0.04, 1.5, 0.0625, 0.6, correlation)
        engine = ql.AnalyticHestonEngine(ql.HestonModel(process), 1e-14, 1_000_000)
        for elapsed in (7, 365, 3650):
            strikes = 100.0 * np.exp(np.array([-1.0, 0.0, 1.5]) * 0.2 * np.sqrt(elapsed / 365.0))
            made = heston.price(
                "put", 100.0, strikes, elapsed / 365.0, 0.2, 0.02, 0.01, **MODEL | {"correlation": correlation}
            )
            for strike, price in zip(strikes, made, strict=True):
                payoff = ql.PlainVanillaPayoff(ql.Option.Put, float(strike))
                option = ql.VanillaOption(payoff, ql.EuropeanExercise(today + elapsed))
                option.setPricingEngine(engine)
                assert price == pytest.approx(option.NPV(), abs=1e-9)


def test_greeks_satisfy_the_equation_of_the_model() -> None:
    # V_t + (r - q) S V_S + w S^2 V_SS / 2 + rho sigma w S V_Sw + sigma^2 w V_ww / 2 + kappa (theta - w) V_w = r V
    spot, vol, rate, yields = np.array([60.0, 95.0, 100.0, 140.0]), 0.3, 0.03, 0.01
    g = heston.greeks("put", spot, 100.0, 0.75, vol, rate, yields, **MODEL, names=FIELD_NAMES)
    w = vol * vol
    by_variance = g.vega / (2.0 * vol)
    cross = g.vanna / (2.0 * vol)
    twice = (g.volga - g.vega / vol) / (4.0 * w)
    residual = (
        g.theta
        + (rate - yields) * spot * g.delta
        + 0.5 * w * spot * spot * g.gamma
        + MODEL["correlation"] * MODEL["vol_of_variance"] * w * spot * cross
        + 0.5 * MODEL["vol_of_variance"] ** 2 * w * twice
        + MODEL["mean_reversion"] * (MODEL["long_vol"] ** 2 - w) * by_variance
        - rate * g.price
    )
    assert np.abs(residual).max() < 1e-12 * 100.0


def test_call_and_put_differ_by_the_forward_in_every_figure() -> None:
    strikes = np.array([40.0, 99.0, 100.0, 101.0, 300.0])
    call_, put = (
        heston.greeks(kind, 100.0, strikes, 0.4, 0.3, 0.05, 0.02, **MODEL, names=FIELD_NAMES) for kind in "cp"
    )
    asset, cash = 100.0 * np.exp(-0.02 * 0.4), strikes * np.exp(-0.05 * 0.4)
    forward = {
        "price": asset - cash,
        "delta": asset / 100.0,
        "theta": 0.02 * asset - 0.05 * cash,
        "rho": 0.4 * cash,
        "dividend_rho": -0.4 * asset,
        "charm": 0.02 * asset / 100.0,
    }
    for name in FIELD_NAMES:
        difference = getattr(call_, name) - getattr(put, name)
        np.testing.assert_allclose(difference, forward.get(name, 0.0) + 0.0 * cash, rtol=1e-12, atol=1e-12)


def test_price_is_homogeneous_monotone_and_convex_in_strike_and_within_bounds() -> None:
    strikes = np.linspace(20.0, 400.0, 500)
    for correlation in (-1.0, -0.7, 0.99):
        model = MODEL | {"correlation": correlation, "vol_of_variance": 1.5}
        prices = heston.price("call", 100.0, strikes, 0.25, 0.2, 0.02, 0.01, **model)
        assert (np.diff(prices) < 1e-13).all()
        assert (np.diff(prices, 2) > -1e-12).all()
        assert (prices >= np.maximum(100.0 * np.exp(-0.0025) - strikes * np.exp(-0.005), 0.0) - 1e-12).all()
        larger = heston.price("call", 700.0, 7.0 * strikes, 0.25, 0.2, 0.02, 0.01, **model)
        np.testing.assert_allclose(larger, 7.0 * prices, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("vol_of_variance", [0.0, 1e-9, 1e-6])
def test_vol_of_variance_to_zero_is_black_scholes_with_the_mean_variance(vol_of_variance: float) -> None:
    model = MODEL | {"vol_of_variance": vol_of_variance}
    years, strikes = np.array([[0.01], [1.0], [20.0]]), np.array([70.0, 100.0, 130.0])
    share = -np.expm1(-1.5 * years) / 1.5
    deviation = np.sqrt(0.25**2 * (years - share) + 0.2**2 * share)
    exact = constant_variance(-1.0, 100.0, strikes, years, deviation, 0.02, 0.01)
    made = heston.price("put", 100.0, strikes, years, 0.2, 0.02, 0.01, **model)
    assert made.shape == (3, 3)
    np.testing.assert_allclose(made, exact, rtol=0.0, atol=1e-13 * 100.0 + 50.0 * vol_of_variance)


def test_no_reversion_and_no_vol_of_variance_is_black_scholes_in_every_greek() -> None:
    from scipy.stats import norm

    model = {"mean_reversion": 0.0, "long_vol": 0.9, "vol_of_variance": 0.0, "correlation": 0.3}
    g = heston.greeks("call", 100.0, 110.0, 0.5, 0.3, 0.04, 0.01, **model)
    root = 0.3 * np.sqrt(0.5)
    d1 = (np.log(100.0 / 110.0) + 0.03 * 0.5) / root + 0.5 * root
    d2, density = d1 - root, norm.pdf(d1) * np.exp(-0.005)
    assert g.delta == pytest.approx(norm.cdf(d1) * np.exp(-0.005), rel=1e-13)
    assert g.vega == pytest.approx(100.0 * density * np.sqrt(0.5), rel=1e-13)
    assert g.volga == pytest.approx(100.0 * density * np.sqrt(0.5) * d1 * d2 / 0.3, rel=1e-12)
    assert g.speed == pytest.approx(-density / (100.0**2 * root) * (d1 / root + 1.0), rel=1e-12)
    assert g.zomma == pytest.approx(density / (100.0 * root) * (d1 * d2 - 1.0) / 0.3, rel=1e-12)


def test_at_expiry_figures_are_those_of_the_payoff_with_the_flag() -> None:
    g = heston.greeks(["call", "put", "put"], [120.0, 90.0, 120.0], 100.0, 0.0, 0.2, 0.05, **MODEL, names=FIELD_NAMES)
    assert g.price.tolist() == [20.0, 10.0, 0.0]
    assert g.delta.tolist() == [1.0, -1.0, 0.0]
    assert g.theta.tolist() == [-5.0, 5.0, 0.0]
    assert g.limit.all()
    assert not np.any(g.gamma)


def test_at_expiry_on_the_strike_greeks_are_infinite_never_missing() -> None:
    g = heston.greeks("call", 100.0, 100.0, 0.0, 0.2, **MODEL, names=FIELD_NAMES)
    assert g.limit is True
    assert (g.price, g.delta, g.gamma, g.theta, g.vega) == (0.0, 0.5, np.inf, -np.inf, 0.0)
    soon = heston.greeks("call", 100.0, 100.0, 1e-9, 0.2, **MODEL)
    for name in ("gamma", "theta", "charm", "speed", "color", "zomma"):
        assert np.sign(getattr(g, name)) == np.sign(getattr(soon, name)), name


def test_no_variance_ever_is_the_discounted_forward_or_nothing() -> None:
    still = MODEL | {"long_vol": 0.0}
    made = heston.greeks(["call", "put"], 100.0, 90.0, 2.0, 0.0, 0.03, 0.01, **still, names=["price", "delta"])
    np.testing.assert_allclose(made.price, [100.0 * np.exp(-0.02) - 90.0 * np.exp(-0.06), 0.0], rtol=1e-15)
    assert made.limit.all()
    assert not heston.greeks("call", 100.0, 90.0, 2.0, 0.0, **MODEL, names="delta").limit


def test_zero_strike_is_the_spot_without_its_dividends() -> None:
    made = heston.price(["call", "put"], 100.0, 0.0, 2.0, 0.3, 0.05, 0.01, **MODEL)
    np.testing.assert_allclose(made, [100.0 * np.exp(-0.02), 0.0], rtol=1e-15)


def test_far_options_are_never_negative_and_short_ones_go_to_intrinsic() -> None:
    strikes = np.array([1.0, 50.0, 99.0, 101.0, 200.0, 1e4])
    calls = heston.price("call", 100.0, strikes, 1e-10, 0.2, **MODEL)
    np.testing.assert_allclose(calls, np.maximum(100.0 - strikes, 0.0), rtol=0.0, atol=1e-13)
    assert (calls >= 0.0).all()


@pytest.mark.parametrize("exponent", [-300, -100, -60, -40, -30, -25, -20, -18, -16, -14, -12, -8])
def test_time_too_short_for_the_format_still_gives_the_square_root_law_or_the_payoff(exponent: int) -> None:
    years = 10.0**exponent
    strikes = [99.0, 100.0, 101.0]
    g = heston.greeks("call", 100.0, strikes, years, 0.2, 0.02, **MODEL, names=["price", "delta"])
    at_the_money = 100.0 * 0.2 * np.sqrt(years / (2.0 * np.pi))
    np.testing.assert_allclose(g.price, [1.0, at_the_money, 0.0], rtol=2e-5, atol=1e-14)
    np.testing.assert_allclose(g.delta, [1.0, 0.5, 0.0], rtol=0.0, atol=1e-4)
    assert not np.signbit(g.price).any()


def test_variance_that_dies_out_keeps_every_greek() -> None:
    dying = MODEL | {"long_vol": 0.0}
    for vol in (1e-2, 1e-4, 1e-6):
        g = heston.greeks("put", 100.0, 100.0, 1.0, vol, **dying, names=FIELD_NAMES)
        assert np.isfinite(list(g.to_dict().values())).all()
        assert 0.0 < g.price < 0.4 * 100.0 * vol


def test_hard_parameters_by_the_thousand_converge_and_agree_with_parity() -> None:
    rng, count = np.random.default_rng(20), 400

    def between(low: float, high: float) -> Any:
        return np.exp(rng.uniform(np.log(low), np.log(high), count))

    model = {
        "mean_reversion": between(1e-3, 20.0),
        "long_vol": between(1e-3, 1.5),
        "vol_of_variance": between(1e-4, 10.0),
        "correlation": rng.choice([-1.0, -0.99, 0.0, 0.5, 0.99, 1.0], count),
    }
    strikes, years = 100.0 * between(0.3, 3.0), between(1e-4, 40.0)
    market = (100.0, strikes, years, between(1e-3, 1.0), 0.02, 0.01)
    asset, cash = 100.0 * np.exp(-0.01 * years), strikes * np.exp(-0.02 * years)
    calls, puts = (heston.greeks(kind, *market, **model, names=["price", "gamma"]) for kind in "cp")
    np.testing.assert_allclose(calls.price - puts.price, asset - cash, rtol=0.0, atol=1e-12)
    assert (calls.price <= asset * (1.0 + 1e-14)).all()
    assert (calls.gamma > -1e-9).all()


def test_one_name_equals_the_same_figure_of_all_and_scalars_give_floats() -> None:
    every = heston.greeks("put", 100.0, 104.0, 0.3, 0.2, **MODEL, names=FIELD_NAMES)
    for name in FIELD_NAMES:
        alone = heston.greeks("put", 100.0, 104.0, 0.3, 0.2, **MODEL, names=name).to_dict()
        assert list(alone) == [name]
        assert isinstance(alone[name], float)
        assert alone[name] == pytest.approx(getattr(every, name), rel=1e-12)


def test_no_options_give_no_prices() -> None:
    assert heston.price("call", 100.0, np.empty(0), 1.0, 0.2, **MODEL).shape == (0,)


def test_characteristic_function_is_one_at_the_ends_and_matches_the_mean_log() -> None:
    def wave(u: Any) -> Any:
        return heston.characteristic_function(u, 0.75, 0.2, **MODEL)

    assert wave(0.0) == 1.0
    assert wave(-1j) == 1.0
    assert wave(np.array([0.5, 1.0])).shape == (2,)
    share = -np.expm1(-1.5 * 0.75) / 1.5
    mean_log = -0.5 * (0.25**2 * (0.75 - share) + 0.2**2 * share)
    assert wave(1e-5).imag / 1e-5 == pytest.approx(mean_log, rel=1e-8)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"correlation": [0.5, -1.01]}, "correlation must lie from -1 to 1: -1.01 at position 1"),
        ({"vol_of_variance": -0.1}, "vol_of_variance must not be negative: -0.1"),
        ({"mean_reversion": -1.0}, "mean_reversion must not be negative: -1.0"),
        ({"long_vol": -0.2}, "long_vol must not be negative: -0.2"),
        ({"long_vol": float("nan")}, "long_vol must be a finite number: nan"),
    ],
)
def test_parameters_that_break_a_rule_are_refused(changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        heston.price("call", 100.0, 100.0, 1.0, 0.2, **MODEL | changed)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    ("market", "sentence"),
    [
        ((100.0, 100.0, [1.0, -0.1], 0.2), "expiry in the past: years must not be negative: -0.1 at position 1"),
        ((0.0, 100.0, 1.0, 0.2), "spot must be above 0: 0.0"),
        ((100.0, -1.0, 1.0, 0.2), "strike must not be negative: -1.0"),
        ((100.0, 100.0, 1.0, -0.2), "vol must not be negative: -0.2"),
    ],
)
def test_market_arguments_that_break_a_rule_are_refused(market: tuple[Any, ...], sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        heston.greeks("call", *market, **MODEL)
    assert str(caught.value).startswith(sentence)
