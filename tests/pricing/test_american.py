"""American options: laws, edges and refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.pricing import american, black_scholes
from hedgerow.pricing.record import FIELD_NAMES

RATES = (-0.02, 0.0, 0.03, 0.1)
YIELDS = (-0.04, -0.01, 0.0, 0.02, 0.08)


def cases() -> dict[str, np.ndarray]:
    """Both kinds at all signs of the rates, in and out of the money, short and long."""
    names = ("kind", "rate", "dividend_yield", "vol", "years", "distance")
    axes = ((1.0, -1.0), RATES, YIELDS, (0.1, 0.35), (0.1, 2.0), (-0.8, 0.0, 0.6))
    grid = dict(zip(names, (part.ravel() for part in np.meshgrid(*axes, indexing="ij")), strict=True))
    width = grid["vol"] * np.sqrt(grid["years"])
    return {
        "kind": grid["kind"],
        "spot": 100.0 * np.exp(grid["distance"] * width),
        "strike": np.full(width.shape, 100.0),
        "years": grid["years"],
        "vol": grid["vol"],
        "rate": grid["rate"],
        "dividend_yield": grid["dividend_yield"],
    }


@pytest.fixture(scope="module")
def grid() -> dict[str, np.ndarray]:
    return cases()


@pytest.fixture(scope="module")
def figures(grid: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return american.greeks(**grid, names=FIELD_NAMES).to_dict()


def moved(grid: dict[str, np.ndarray], **changes: float) -> dict[str, np.ndarray]:
    return grid | {name: grid[name] + change for name, change in changes.items()}


def test_american_is_worth_at_least_the_european_and_the_payoff(grid, figures) -> None:
    european = black_scholes.price(**grid)
    assert (figures["price"] >= european - 1e-9).all()
    assert (figures["price"] >= grid["kind"] * (grid["spot"] - grid["strike"]) - 1e-9).all()
    assert (figures["price"] > european + 1e-6).mean() > 0.3


def test_american_where_waiting_never_costs_is_the_european_exactly(grid, figures) -> None:
    call = grid["kind"] > 0.0
    rate = np.where(call, grid["dividend_yield"], grid["rate"])
    carry = np.where(call, grid["rate"], grid["dividend_yield"])
    never = (rate <= 0.0) & (carry >= rate)
    european = black_scholes.greeks(**grid, names=FIELD_NAMES).to_dict()
    assert never.sum() > 30
    for name in FIELD_NAMES:
        assert np.array_equal(figures[name][never], european[name][never])


def test_price_is_monotone_in_years(grid, figures) -> None:
    assert (american.price(**moved(grid, years=0.05)) >= figures["price"] - 1e-9).all()


def test_price_is_monotone_in_volatility(grid, figures) -> None:
    assert (american.price(**moved(grid, vol=0.01)) >= figures["price"] - 1e-9).all()


def test_price_is_convex_and_monotone_in_strike(grid, figures) -> None:
    up, down = (american.price(**moved(grid, strike=step)) for step in (2.0, -2.0))
    assert (up - 2.0 * figures["price"] + down >= -1e-8).all()
    assert (grid["kind"] * (up - down) <= 1e-9).all()


def test_call_is_a_put_with_spot_and_strike_rate_and_yield_exchanged(grid, figures) -> None:
    exchanged = american.price(
        -grid["kind"], grid["strike"], grid["spot"], grid["years"], grid["vol"], grid["dividend_yield"], grid["rate"]
    )
    np.testing.assert_allclose(exchanged, figures["price"], rtol=0.0, atol=1e-11)


def test_value_and_greeks_are_homogeneous_in_spot_and_strike(grid, figures) -> None:
    larger = grid | {"spot": 7.0 * grid["spot"], "strike": 7.0 * grid["strike"]}
    found = american.greeks(**larger, names=("price", "delta", "gamma", "vega"))
    np.testing.assert_allclose(found.price, 7.0 * figures["price"], rtol=1e-12)
    np.testing.assert_allclose(found.delta, figures["delta"], atol=1e-10)
    np.testing.assert_allclose(found.gamma, figures["gamma"] / 7.0, atol=1e-10)
    np.testing.assert_allclose(found.vega, 7.0 * figures["vega"], rtol=1e-9, atol=1e-9)


def waiting(grid: dict[str, np.ndarray], figures: dict[str, np.ndarray]) -> np.ndarray:
    """Where holding on is best."""
    return figures["price"] > grid["kind"] * (grid["spot"] - grid["strike"]) + 1e-9


def smooth(grid: dict[str, np.ndarray]) -> np.ndarray:
    """Where no rate stands at 0, at which exercise starts to pay."""
    return (grid["rate"] != 0.0) & (grid["dividend_yield"] != 0.0)


def test_greeks_obey_the_scaling_of_time_where_holding_on_is_best(grid, figures) -> None:
    """2 T dV/dT = s vega + 2 r rho + 2 q dividend_rho: the price depends on s s T, r T and q T only."""
    held = waiting(grid, figures) & smooth(grid)
    left = -2.0 * grid["years"] * figures["theta"]
    right = grid["vol"] * figures["vega"] + 2.0 * grid["rate"] * figures["rho"]
    right = right + 2.0 * grid["dividend_yield"] * figures["dividend_rho"]
    assert held.sum() > 100
    np.testing.assert_allclose(left[held], right[held], atol=3e-4, rtol=1e-5)
    assert np.median(np.abs(left[held] - right[held])) < 1e-7


def test_greeks_obey_the_black_scholes_equation_where_holding_on_is_best(grid, figures) -> None:
    held = waiting(grid, figures)
    spot, vol = grid["spot"], grid["vol"]
    residual = (
        figures["theta"]
        + 0.5 * vol**2 * spot**2 * figures["gamma"]
        + (grid["rate"] - grid["dividend_yield"]) * spot * figures["delta"]
        - grid["rate"] * figures["price"]
    )
    assert np.abs(residual[held]).max() < 1e-8


@pytest.mark.parametrize(
    ("name", "base", "variable", "sign", "step", "tolerance"),
    [
        ("delta", "price", "spot", 1.0, 0.02, 1e-5),
        ("gamma", "delta", "spot", 1.0, 0.02, 1e-5),
        ("speed", "gamma", "spot", 1.0, 0.02, 1e-5),
        ("vega", "price", "vol", 1.0, 1e-5, 2e-4),
        ("rho", "price", "rate", 1.0, 1e-5, 2e-4),
        ("dividend_rho", "price", "dividend_yield", 1.0, 1e-5, 2e-4),
        ("theta", "price", "years", -1.0, 1e-5, 2e-4),
        ("vanna", "delta", "vol", 1.0, 1e-5, 2e-4),
        ("volga", "vega", "vol", 1.0, 1e-5, 2e-2),
        ("charm", "delta", "years", -1.0, 1e-5, 2e-4),
        ("color", "gamma", "years", -1.0, 1e-5, 2e-4),
        ("zomma", "gamma", "vol", 1.0, 1e-5, 2e-4),
    ],
)
def test_greek_equals_the_difference_of_what_it_derives(
    grid, figures, name, base, variable, sign, step, tolerance
) -> None:
    chosen = np.flatnonzero(waiting(grid, figures) & smooth(grid))[::2]
    part = {field: values[chosen] for field, values in grid.items()}
    up, down = (
        getattr(american.greeks(**moved(part, **{variable: change}), names=(base,)), base) for change in (step, -step)
    )
    found = sign * (up - down) / (2.0 * step)
    away = np.isfinite(found) & (figures["gamma"][chosen] * part["spot"] < 20.0)
    assert away.sum() > 50
    np.testing.assert_allclose(figures[name][chosen][away], found[away], atol=tolerance, rtol=2e-5)


@pytest.mark.parametrize(("kind", "rate", "carry"), [("put", 0.05, 0.0), ("put", 0.03, 0.07), ("call", 0.02, 0.05)])
def test_value_and_slope_fit_the_payoff_at_the_boundary(kind: str, rate: float, carry: float) -> None:
    sign = 1.0 if kind == "call" else -1.0
    boundary = american.exercise_boundary(kind, 100.0, 1.0, 0.25, rate, carry)
    for share in (1e-9, 1e-4, 2e-3):
        near = american.greeks(kind, boundary * (1.0 - sign * share), 100.0, 1.0, 0.25, rate, carry, names=FIELD_NAMES)
        excess = near.price - sign * (boundary * (1.0 - sign * share) - 100.0)
        assert -1e-9 < excess < 300.0 * share**2 + 1e-9
        assert near.delta == pytest.approx(sign, abs=10.0 * share)
    beyond = american.greeks(kind, boundary * (1.0 + sign * 1e-9), 100.0, 1.0, 0.25, rate, carry, names=FIELD_NAMES)
    assert beyond.delta == sign
    assert all(getattr(beyond, name) == 0.0 for name in FIELD_NAMES[2:])


def test_greeks_do_not_jump_where_the_series_from_the_boundary_takes_over() -> None:
    boundary = american.exercise_boundary("put", 100.0, 1.0, 0.25, 0.05)
    seam = boundary * np.exp(0.25 * 0.005)
    inner, outer = (
        american.greeks("put", seam * (1.0 + side), 100.0, 1.0, 0.25, 0.05, names=FIELD_NAMES).to_dict()
        for side in (-1e-7, 1e-7)
    )
    for name in FIELD_NAMES:
        scale = 1.0 if name in ("price", "delta", "gamma", "speed", "vanna", "theta", "rho") else 100.0
        assert inner[name] == pytest.approx(outer[name], abs=2e-4 * scale, rel=2e-4), name


def test_exercise_boundary_falls_with_years_and_ends_at_the_smaller_of_strike_and_ratio() -> None:
    years = np.array([1e-6, 0.1, 1.0, 5.0])
    boundary = american.exercise_boundary("put", 100.0, years, 0.2, 0.03, 0.06)
    assert (np.diff(boundary) < 0.0).all()
    assert boundary[0] == pytest.approx(50.0, rel=1e-3)
    assert american.exercise_boundary("put", 100.0, 1.0, 0.2, -0.01, 0.0) == 0.0


def test_exercise_boundary_of_a_long_put_is_the_perpetual_one() -> None:
    ratio = 2.0 * 0.05 / 0.2**2
    assert american.exercise_boundary("put", 100.0, 300.0, 0.2, 0.05) == pytest.approx(
        100.0 * ratio / (1.0 + ratio), rel=1e-5
    )


def test_option_at_expiry_and_without_volatility_is_exact() -> None:
    record = american.greeks("call", [90.0, 110.0], 100.0, 0.0, 0.2, names=("price", "delta", "gamma"))
    assert record.price.tolist() == [0.0, 10.0]
    assert record.delta.tolist() == [0.0, 1.0]
    assert record.limit.all()
    now = american.greeks("put", 90.0, 100.0, 1.0, 0.0, 0.05, names=("price", "delta", "theta"))
    assert (now.price, now.delta, now.theta) == (10.0, -1.0, 0.0)


def test_option_without_volatility_is_the_limit_of_small_volatility() -> None:
    arguments = ("put", [100.0, 95.0, 120.0], 100.0, 4.0)
    certain = american.price(*arguments, 0.0, 0.05, 0.09)
    assert certain == pytest.approx(american.price(*arguments, 0.004, 0.05, 0.09), abs=0.02)
    held = american.greeks(*arguments, 0.0, 0.05, 0.09, names=("delta", "gamma"))
    spot = np.array(arguments[1])
    up, down = (american.price("put", spot + h, 100.0, 4.0, 0.0, 0.05, 0.09) for h in (1e-4, -1e-4))
    assert held.delta == pytest.approx((up - down) / 2e-4, abs=1e-6)


def test_option_without_strike_is_the_spot_or_nothing() -> None:
    assert american.price("call", 50.0, 0.0, 1.0, 0.2, 0.05, 0.03) == 50.0
    assert american.price("put", 50.0, 0.0, 1.0, 0.2, 0.05, 0.03) == 0.0


@pytest.mark.parametrize("vol", [0.01, 0.03, 1.5, 3.0])
@pytest.mark.parametrize("rate", [1e-6, 0.01, 0.3])
def test_price_at_extreme_parameters_stays_between_its_bounds(vol: float, rate: float) -> None:
    years = np.array([1e-4, 0.1, 1.0, 30.0])[:, None]
    spot = np.array([40.0, 99.0, 100.0, 101.0, 300.0])
    for carry in (0.0, 0.02, 0.25):
        found = american.price("put", spot, 100.0, years, vol, rate, carry)
        assert (found >= np.maximum(100.0 - spot, 0.0) - 1e-6).all()
        assert (found >= black_scholes.price("put", spot, 100.0, years, vol, rate, carry) - 1e-6).all()
        assert (found <= 100.0).all()


@pytest.mark.parametrize(
    ("years", "vol", "rate", "carry"),
    [(40.0, 0.005, 0.5, 0.0), (10.0, 3.0, 0.0, -1e-4), (40.0, 0.4, 0.1, -0.5), (40.0, 0.4, -1e-5, -0.5)],
)
def test_price_where_no_boundary_is_found_comes_back_and_is_within_its_tolerance(years, vol, rate, carry) -> None:
    spot = np.array([90.0, 99.0, 101.0, 120.0])
    found, shorter = (american.price("put", spot, 100.0, part * years, vol, rate, carry) for part in (1.0, 0.25))
    assert (found >= np.maximum(100.0 - spot, 0.0) - 1e-9).all()
    assert (found >= black_scholes.price("put", spot, 100.0, years, vol, rate, carry) - 1e-9).all()
    assert (found >= shorter - 1e-3).all()
    assert (found <= 100.0).all()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("spot", [100.0, np.nan, 100.0], "spot must be a finite number: nan at position 1"),
        ("spot", 0.0, "spot must be above 0: 0.0"),
        ("strike", [-1.0, 100.0], "strike must not be negative: -1.0 at position 0 (1 of 2 are)"),
        ("years", [1.0, 1.0, 1.0, -0.1], "years must not be negative: -0.1 at position 3"),
        ("vol", -0.2, "vol must not be negative: -0.2"),
        ("kind", "straddle", "kind must be call or put, not 'straddle'"),
        ("names", ("dela",), "did you mean 'delta'"),
    ],
)
def test_refusal_names_field_value_and_position(field: str, value: object, sentence: str) -> None:
    arguments = {"kind": "put", "spot": 100.0, "strike": 100.0, "years": 1.0, "vol": 0.2} | {field: value}
    with pytest.raises(InputError) as caught:
        american.greeks(**arguments)
    assert sentence in str(caught.value)


def test_implied_volatility_gives_the_volatility_back(grid, figures) -> None:
    chosen = np.flatnonzero(waiting(grid, figures) & (figures["vega"] > 0.5))[::2]
    part = {name: values[chosen] for name, values in grid.items() if name != "vol"}
    found = american.implied_volatility(figures["price"][chosen], **part)
    assert (found.code == 0).all()
    np.testing.assert_allclose(found.volatility, grid["vol"][chosen], atol=1e-8)


def test_implied_volatility_says_why_there_is_none() -> None:
    found = american.implied_volatility(
        [9.0, 5.0, 101.0, 3.0, np.nan], "put", 90.0, 100.0, [1.0, 1.0, 1.0, 0.0, 1.0], 0.05
    )
    assert found.code.tolist() == [1, 1, 2, 3, 4]
    assert np.isnan(found.volatility).all()


def test_implied_volatility_of_the_payoff_is_nothing() -> None:
    assert american.implied_volatility(10.0, "put", 90.0, 100.0, 1.0, 0.05).volatility == 0.0


def test_implied_volatility_of_short_and_long_options_reprices_them() -> None:
    rng = np.random.default_rng(0)
    count = 200
    years, vol = 10.0 ** rng.uniform(-4.0, 1.0, count), 10.0 ** rng.uniform(-2.0, 0.3, count)
    strike = 100.0 * np.exp(rng.normal(0.0, 1.0, count) * vol * np.sqrt(years))
    kind, rates = rng.choice([-1, 1], count), rng.uniform(-0.02, 0.1, (2, count))
    price = american.price(kind, 100.0, strike, years, vol, *rates)
    found = american.implied_volatility(price, kind, 100.0, strike, years, *rates)
    assert (found.code == 0).all()
    again = american.price(kind, 100.0, strike, years, found.volatility, *rates)
    np.testing.assert_allclose(again, price, rtol=0.0, atol=1e-8)


@pytest.mark.parametrize(
    "given",
    [("put", 100.0, 99.9918, 2.35e-4, 0.0563, 0.1176, -0.0098), ("put", 100.0, 100.968, 17.252, 1.958, 0.067, -0.0526)],
)
def test_implied_volatility_of_little_and_of_much_deviation_is_found(given: tuple[Any, ...]) -> None:
    kind, spot, strike, years, vol, *rates = given
    price = american.price(*given)
    assert american.implied_volatility(price, kind, spot, strike, years, *rates).volatility == pytest.approx(
        vol, rel=1e-8
    )


def test_dividends_that_are_none_are_refused_and_nothing_is_priced_without_options() -> None:
    with pytest.raises(InputError, match="dividends must be numbers"):
        american.Dividends(["x"], [1.0])  # type: ignore[list-item]
    with pytest.raises(InputError, match="dividends must be Dividends"):
        american.price("put", 100.0, 100.0, 1.0, 0.2, dividends=[(0.5, 2.0)])  # type: ignore[arg-type]
    empty = american.price("put", 100.0, np.empty(0), 1.0, 0.2, dividends=american.Dividends((0.5,), (2.0,)))
    assert empty.shape == (0,)


@pytest.mark.parametrize("tiny", [1e-300, 1e-11, 1e-9, 1e-8, 1e-6])
def test_prices_with_next_to_no_deviation_tend_to_those_without(tiny: float) -> None:
    for kind in ("call", "put"):
        for strike in (90.0, 100.0, 110.0):
            without = american.price(kind, 100.0, strike, 1.0, 0.0, 0.05, 0.02)
            assert american.price(kind, 100.0, strike, 1.0, tiny, 0.05, 0.02) == pytest.approx(
                without, abs=100.0 * tiny + 1e-9
            )
