"""Single-barrier options: in plus out is European, printed values, QuantLib, many digits, paths without chance."""

from __future__ import annotations

from itertools import product
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from hedgerow.errors import InputError
from hedgerow.pricing import barrier, digital
from pricing.derivatives import ORDERS, in_many_digits

KINDS = ("down-and-out", "down-and-in", "up-and-out", "up-and-in")
HAUG = {"years": 0.5, "vol": 0.25, "rate": 0.08, "dividend_yield": 0.04, "rebate": 3.0}


def european(sign: Any, spot: Any, strike: Any, years: Any, vol: Any, rate: Any, carry: Any) -> Any:
    asset = digital.price(sign, spot, strike, years, vol, rate, carry, pays="asset")
    return sign * (asset - strike * digital.price(sign, spot, strike, years, vol, rate, carry))


# Haug (2007), table 4-13: S = 100, T = 0.5, r = 0.08, b = 0.04, rebate 3; strike, barrier, volatility 0.25 and 0.30.
PRINTED = [
    ("call", "down-and-out", 90, 95, 9.0246, 8.8334),
    ("call", "down-and-out", 100, 95, 6.7924, 7.0285),
    ("call", "down-and-out", 110, 95, 4.8759, 5.4137),
    ("call", "down-and-out", 90, 100, 3.0, 3.0),
    ("call", "up-and-out", 90, 105, 2.6789, 2.6341),
    ("call", "up-and-out", 100, 105, 2.3580, 2.4389),
    ("call", "up-and-out", 110, 105, 2.3453, 2.4315),
    ("call", "down-and-in", 90, 95, 7.7627, 9.0093),
    ("call", "down-and-in", 110, 95, 2.0576, 2.8517),
    ("call", "down-and-in", 90, 100, 13.8333, 14.8816),
    ("call", "up-and-in", 90, 105, 14.1112, 15.2098),
    ("call", "up-and-in", 110, 105, 4.5910, 5.8350),
    ("put", "down-and-out", 90, 95, 2.2798, 2.4170),
    ("put", "up-and-out", 90, 105, 3.7760, 4.2293),
    ("put", "up-and-out", 110, 105, 7.5187, 7.5649),
    ("put", "down-and-in", 90, 95, 2.9586, 3.8769),
    ("put", "up-and-in", 90, 105, 1.4653, 2.0658),
    ("put", "up-and-in", 100, 105, 3.3721, 4.4226),
]


@pytest.mark.parametrize(("kind", "barrier_kind", "strike", "level", "low", "high"), PRINTED)
def test_barrier_values_printed_by_haug(
    kind: str, barrier_kind: str, strike: float, level: float, low: float, high: float
) -> None:
    made = barrier.price(
        kind, 100.0, strike, 0.5, [0.25, 0.30], 0.08, 0.04, barrier=level, barrier_kind=barrier_kind, rebate=3.0
    )
    np.testing.assert_allclose(made, [low, high], atol=1e-4)


@pytest.mark.parametrize("vol", [0.02, 0.3, 1.5])
@pytest.mark.parametrize("rate", [-0.03, 0.0, 0.07])
def test_barrier_in_plus_out_is_european(vol: float, rate: float) -> None:
    levels = np.array([60.0, 95.0, 100.0, 104.0, 180.0])[:, None]
    strikes = np.array([1e-3, 80.0, 100.0, 125.0])
    for kind, side in product((1, -1), ("down", "up")):
        case = (kind, 100.0, strikes, 0.8, vol, rate, 0.02)
        parts = [barrier.price(*case, barrier=levels, barrier_kind=f"{side}-and-{end}") for end in ("in", "out")]
        np.testing.assert_allclose(parts[0] + parts[1], np.broadcast_to(european(*case), (5, 4)), atol=1e-11)
        assert min(part.min() for part in parts) > -1e-11


def test_barrier_prices_equal_quantlib_without_rebate_over_a_grid() -> None:
    ql = pytest.importorskip("QuantLib")
    today = ql.Date(2, 1, 2025)
    ql.Settings.instance().evaluationDate = today
    clock = ql.Actual365Fixed()
    types = dict(zip(KINDS, (ql.Barrier.DownOut, ql.Barrier.DownIn, ql.Barrier.UpOut, ql.Barrier.UpIn), strict=True))
    payoff = {"call": ql.Option.Call, "put": ql.Option.Put}
    for vol, rate, carry in product((0.1, 0.45), (0.0, 0.06), (0.0, 0.09)):
        process = ql.GeneralizedBlackScholesProcess(
            ql.QuoteHandle(ql.SimpleQuote(100.0)),
            ql.YieldTermStructureHandle(ql.FlatForward(today, carry, clock)),
            ql.YieldTermStructureHandle(ql.FlatForward(today, rate, clock)),
            ql.BlackVolTermStructureHandle(ql.BlackConstantVol(today, ql.NullCalendar(), vol, clock)),
        )
        engine = ql.AnalyticBarrierEngine(process)
        for kind, barrier_kind, strike, rebate in product(payoff, KINDS, (85.0, 100.0, 120.0), (0.0, 3.0)):
            level = 93.0 if barrier_kind.startswith("down") else 112.0
            option = ql.BarrierOption(
                types[barrier_kind],
                level,
                rebate,
                ql.PlainVanillaPayoff(payoff[kind], strike),
                ql.EuropeanExercise(today + 365),
            )
            option.setPricingEngine(engine)
            made = barrier.price(
                kind, 100.0, strike, 1.0, vol, rate, carry, barrier=level, barrier_kind=barrier_kind, rebate=rebate
            )
            assert made == pytest.approx(option.NPV(), abs=1e-10)


def down_out_in_many_digits(spot: Any, vol: Any, years: Any, rate: Any, carry: Any) -> Any:
    """Return a down-and-out call struck at 100 above its barrier of 90, with a rebate of 2 when touched."""
    root, level, strike = vol * mpmath.sqrt(years), mpmath.mpf(90), mpmath.mpf(100)
    mu = (rate - carry) / vol**2 - mpmath.mpf(1) / 2

    def leg(start: Any) -> Any:
        d1 = mpmath.log(start / strike) / root + (1 + mu) * root
        return start * mpmath.exp(-carry * years) * mpmath.ncdf(d1) - strike * mpmath.exp(-rate * years) * mpmath.ncdf(
            d1 - root
        )

    powers = mpmath.sqrt(mu**2 + 2 * rate / vol**2)
    z = mpmath.log(level / spot) / root + powers * root
    ratio = level / spot
    touched = ratio ** (mu + powers) * mpmath.ncdf(z) + ratio ** (mu - powers) * mpmath.ncdf(z - 2 * powers * root)
    return leg(spot) - ratio ** (2 * mu) * leg(level**2 / spot) + 2 * mpmath.re(touched)


@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize("rate", [0.04, -0.06, 1e-6])
def test_barrier_figures_equal_derivatives_in_many_digits(name: str, rate: float) -> None:
    # The three rates make lambda^2 positive, negative, and so near zero that its root is not smooth.
    carry = rate - 0.045 if rate == 1e-6 else 0.015
    point = (95.0, 0.3, 0.7, rate, carry)
    case = (95.0, 100.0, 0.7, 0.3, rate, carry)
    made = barrier.greeks("call", *case, barrier=90.0, barrier_kind="down-and-out", rebate=2.0, names=name)
    assert made.to_dict()[name] == pytest.approx(in_many_digits(down_out_in_many_digits, point, name), rel=1e-8)


@settings(max_examples=60, deadline=None)
@given(
    barrier_kind=st.sampled_from(KINDS),
    sign=st.sampled_from([1, -1]),
    strike=st.floats(20.0, 300.0),
    level=st.floats(20.0, 300.0),
    vol=st.floats(0.01, 2.0),
    years=st.floats(0.001, 5.0),
    rate=st.floats(-0.1, 0.2),
)
def test_barrier_is_homogeneous_and_between_nothing_and_european(
    barrier_kind: str, sign: int, strike: float, level: float, vol: float, years: float, rate: float
) -> None:
    case = {"barrier_kind": barrier_kind}
    one = barrier.price(sign, 100.0, strike, years, vol, rate, 0.02, barrier=level, **case)
    many = barrier.price(sign, 700.0, 7.0 * strike, years, vol, rate, 0.02, barrier=7.0 * level, **case)
    assert many == pytest.approx(7.0 * one, abs=1e-9)
    assert -1e-10 <= one <= european(sign, 100.0, strike, years, vol, rate, 0.02) + 1e-10


@settings(max_examples=40, deadline=None)
@given(
    barrier_kind=st.sampled_from(KINDS),
    strike=st.floats(60.0, 150.0),
    level=st.floats(60.0, 150.0),
    vol=st.floats(0.05, 1.0),
    years=st.floats(0.01, 5.0),
    rate=st.floats(-0.1, 0.2),
)
def test_barrier_greeks_solve_the_equation_of_black_and_scholes(
    barrier_kind: str, strike: float, level: float, vol: float, years: float, rate: float
) -> None:
    case = {"barrier": level, "barrier_kind": barrier_kind, "rebate": 2.0}
    v = barrier.greeks(
        "call", 100.0, strike, years, vol, rate, 0.02, **case, names=["price", "delta", "gamma", "theta"]
    )
    drift = (rate - 0.02) * 100.0 * v.delta + 0.5 * vol**2 * 1e4 * v.gamma
    # A rebate that has been earned is paid, and no longer discounted.
    if not (barrier_kind.endswith("out") and v.delta == v.gamma == 0.0):
        assert abs(v.theta + drift - rate * v.price) < 1e-8


def test_barrier_small_volatility_with_large_powers_stays_finite_and_bounded() -> None:
    # 2 mu is 2000: (H/S)^(2 mu) alone overflows.
    every = barrier.greeks(
        ["call", "put"],
        100.0,
        [[90.0], [100.0]],
        1.0,
        0.01,
        [[[0.1]], [[-0.1]]],
        barrier=np.array([70.0, 130.0])[:, None, None, None],
        barrier_kind=np.array(["down-and-out", "up-and-out"])[:, None, None, None],
        rebate=1.0,
    ).to_dict()
    assert all(np.isfinite(values).all() for values in every.values())


def test_barrier_already_touched_is_rebate_or_european() -> None:
    spots = np.array([80.0, 90.0])
    case = ("call", spots, 100.0, 0.7, 0.3, 0.04, 0.015)
    out = barrier.greeks(*case, barrier=90.0, barrier_kind="down-and-out", rebate=2.0, names=["price", "delta"])
    np.testing.assert_array_equal(out.price, [2.0, 2.0])
    np.testing.assert_array_equal(out.delta, [0.0, 0.0])
    born = barrier.price(*case, barrier=90.0, barrier_kind="down-and-in", rebate=2.0)
    np.testing.assert_allclose(born, european(1.0, spots, 100.0, 0.7, 0.3, 0.04, 0.015), atol=1e-13)


def test_barrier_without_volatility_follows_the_forward() -> None:
    # The spot of 100 drifts to 105.1 and touches 103 after ln(1.03)/0.05 years.
    rates = {"rate": 0.05, "barrier": [103.0, 110.0], "rebate": 2.0}
    wait = np.log(1.03) / 0.05
    gain = 100.0 - 100.0 * np.exp(-0.05)
    out = barrier.price("call", 100.0, 100.0, 1.0, 0.0, barrier_kind="up-and-out", **rates)
    np.testing.assert_allclose(out, [2.0 * np.exp(-0.05 * wait), gain], rtol=1e-14)
    born = barrier.price("call", 100.0, 100.0, 1.0, 0.0, barrier_kind="up-and-in", **rates)
    np.testing.assert_allclose(born, [gain, 2.0 * np.exp(-0.05)], rtol=1e-14)
    near = barrier.price("call", 100.0, 100.0, 1.0, 1e-5, barrier_kind="up-and-out", **rates)
    np.testing.assert_allclose(out, near, atol=1e-6)
    assert barrier.price("call", 105.0, 100.0, 0.0, 0.2, barrier_kind="down-and-out", barrier=90.0) == 5.0


def test_barrier_edges_have_no_silent_nan() -> None:
    every = barrier.greeks(
        np.array(["call", "put"])[:, None, None, None, None],
        np.array([50.0, 99.9999, 100.0, 500.0])[:, None, None, None],
        np.array([0.0, 50.0, 100.0, 1e5])[:, None, None],
        np.array([0.0, 1e-9, 3.0])[:, None],
        np.array([0.0, 1e-4, 0.3]),
        -0.01,
        barrier=100.0,
        barrier_kind=np.array(KINDS)[:, None, None, None, None, None],
        rebate=1.0,
    )
    for name, values in every.to_dict().items():
        assert not np.isnan(values).any(), name


def watched_at_dates(barrier_level: float, vol: float, rate: float, years: float, dates: int) -> float:
    """Return a down-and-out call on 100 struck at 100, looked at on equal dates: densities on Gauss nodes."""
    nodes, weights = np.polynomial.legendre.leggauss(300)
    low, high = np.log(barrier_level), np.log(100.0) + 9.0 * vol * np.sqrt(years)
    x, w = low + (nodes + 1) * (high - low) / 2, weights * (high - low) / 2
    step = years / dates
    drift, deviation = (rate - vol**2 / 2) * step, vol * np.sqrt(step)

    def bell(distance: Any) -> Any:
        return np.exp(-0.5 * (distance / deviation) ** 2) / (deviation * np.sqrt(2 * np.pi))

    density, matrix = bell(x - np.log(100.0) - drift), bell(x[:, None] - x[None, :] - drift) * w
    for _ in range(dates - 1):
        density = matrix @ density
    fine = np.linspace(np.log(100.0), high, 20_001)
    at_fine = np.interp(fine, x, density)
    return float(np.exp(-rate * years) * np.trapezoid(at_fine * (np.exp(fine) - 100.0), fine))


@pytest.mark.parametrize(("level", "tolerance"), [(85.0, 2e-3), (95.0, 1e-2), (99.0, 2e-1)])
def test_barrier_watched_at_dates_is_close_to_a_walk_on_them(level: float, tolerance: float) -> None:
    # Fifty dates in 0.2 years; 99 lies within one step of the spot, where the correction is known to be rough.
    case = {"barrier": level, "barrier_kind": "down-and-out"}
    made = barrier.price("call", 100.0, 100.0, 0.2, 0.3, 0.1, monitored_every=0.2 / 50, **case)
    always = barrier.price("call", 100.0, 100.0, 0.2, 0.3, 0.1, **case)
    exact = watched_at_dates(level, 0.3, 0.1, 0.2, 50)
    assert made == pytest.approx(exact, abs=tolerance)
    assert abs(made - exact) < 0.2 * abs(always - exact)


def test_barrier_refuses_an_unknown_kind() -> None:
    with pytest.raises(InputError, match="did you mean 'down-and-out'"):
        barrier.price("call", 100.0, 100.0, 1.0, 0.2, barrier=90.0, barrier_kind="down-out")
