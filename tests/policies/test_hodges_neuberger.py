"""The exact band: its limits, and that nothing beats it on the paths it is made for."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.stats import norm

from hedgerow.errors import InputError
from hedgerow.market.time_grid import TimeGrid
from hedgerow.policies import (
    Band,
    EveryPeriods,
    ExactBand,
    HodgesNeuberger,
    Moment,
    OptionToHedge,
    Policy,
    PolicyTerms,
    WhalleyWilmott,
    Zakamouline,
    exact_band,
)
from hedgerow.policies.laws import whalley_wilmott_half_width, zakamouline_half_width

SHORT_CALL = OptionToHedge(100.0, 100.0, 1.0, 0.2)


def d_one(spot: np.ndarray | float, years: float) -> np.ndarray:
    return np.log(np.asarray(spot) / 100.0) / (0.2 * np.sqrt(years)) + 0.1 * np.sqrt(years)


def call_gamma(spot: np.ndarray | float, years: float) -> np.ndarray:
    return norm.pdf(d_one(spot, years)) / (spot * 0.2 * np.sqrt(years))


@cache
def made(cost: float, risk_aversion: float, n_steps: int, n_holdings: int = 121) -> ExactBand:
    return exact_band(SHORT_CALL, risk_aversion, cost, n_steps=n_steps, n_holdings=n_holdings)


def half_width(cost: float, risk_aversion: float, n_steps: int) -> float:
    lower, upper = made(cost, risk_aversion, n_steps).at(0.75, 100.0)
    return float(upper - lower) / 2.0


def test_exact_band_tends_to_whalley_wilmott_as_costs_vanish() -> None:
    """Of continuous trading: what the length of steps takes off falls with its square root and is taken out."""
    ratios = []
    for cost in (0.02, 0.005, 0.00125):
        width = 2.0 * half_width(cost, 0.1, 576) - half_width(cost, 0.1, 144)
        ratios.append(width / float(whalley_wilmott_half_width(100.0, call_gamma(100.0, 0.75), cost, 0.1)))
    assert ratios == sorted(ratios)
    assert 0.85 < ratios[0] < 0.95
    assert ratios[-1] == pytest.approx(1.0, abs=0.03)


def test_exact_band_is_what_zakamouline_was_fitted_to() -> None:
    """At a risk aversion at which the asymptotic band is far too wide."""
    for spot in (90.0, 100.0, 110.0):
        lower, upper = made(0.004, 1.0, 144).at(0.5, spot)
        gamma, width = call_gamma(spot, 0.5), float(upper - lower) / 2.0
        fit = float(zakamouline_half_width(spot, gamma, 0.2, 0.5, 0.004, 1.0))
        assert width == pytest.approx(fit, rel=0.15)
        assert abs(width - fit) < 0.5 * abs(width - float(whalley_wilmott_half_width(spot, gamma, 0.004, 1.0)))


def test_exact_band_narrows_with_risk_aversion_and_lower_costs() -> None:
    assert half_width(0.005, 0.1, 144) > half_width(0.005, 1.0, 144) > half_width(0.00125, 1.0, 144)


def test_exact_band_lies_about_the_delta() -> None:
    spots = np.linspace(80.0, 120.0, 9)
    lower, upper = made(0.00125, 0.1, 576).at(0.75, spots)
    delta = norm.cdf(d_one(spots, 0.75))
    assert (lower < delta).all()
    assert (delta < upper).all()
    np.testing.assert_allclose((lower + upper) / 2.0, delta, atol=0.02)


def test_exact_band_middle_moves_as_the_modified_volatility_says() -> None:
    """Far from the strike on either side, short and long: Zakamouline's higher and lower volatility, both inward."""
    long = exact_band(OptionToHedge(100.0, 100.0, 1.0, 0.2, quantity=1.0), 1.0, 0.004, n_steps=144, n_holdings=121)
    for band, side in ((made(0.004, 1.0, 144), -1.0), (long, 1.0)):
        lower, upper = band.at(0.5, np.array([90.0, 115.0]))
        aside = (lower + upper) / 2.0 + side * norm.cdf(d_one(np.array([90.0, 115.0]), 0.5))
        assert aside[0] > 0.01
        assert aside[1] < -0.003


def test_exact_band_without_costs_is_the_price_and_no_band() -> None:
    band = made(0.0, 0.1, 144)
    lower, upper = band.band(20, np.array([95.0, 100.0, 105.0]))
    np.testing.assert_allclose(lower, upper, atol=1e-9)
    assert band.certainty_equivalent == pytest.approx(-7.9656, abs=0.03)  # Black and Scholes, and the lattice's error


def test_exact_band_put_and_call_are_one_position_with_the_underlying() -> None:
    """Without a drift; but what is held at the end is sold at cost, and a put is hedged the other way round."""
    put = exact_band(OptionToHedge(100.0, 100.0, 1.0, 0.2, kind="put"), 0.1, 0.001, n_steps=100, n_holdings=121)
    call = exact_band(SHORT_CALL, 0.1, 0.001, n_steps=100, n_holdings=121)
    low_put, high_put = put.at(0.9, 100.0)
    low_call, high_call = call.at(0.9, 100.0)
    assert float(high_put - low_put) == pytest.approx(float(high_call - low_call), rel=0.05)
    assert float(low_put + high_put) / 2.0 == pytest.approx(float(low_call + high_call) / 2.0 - 1.0, abs=0.02)


def hedged_wealth(policies: dict[str, Policy], cost: float, n_paths: int = 4_000) -> dict[str, np.ndarray]:
    """Return the final wealth of the short call by policy, on the same random walk of the lattice's steps."""
    n_steps = 64
    grid = TimeGrid.even("2026-01-01", "2027-01-01", n_steps)
    left = grid.years[-1] - grid.years[:-1]
    terms = PolicyTerms(grid, 1.0, left, cost_rate=cost, strike=100.0)
    jump = 0.2 * np.sqrt(1.0 / n_steps)
    rise = (1.0 - np.exp(-jump)) / (np.exp(jump) - np.exp(-jump))
    walk = np.where(np.random.default_rng(5).random((n_paths, n_steps)) < rise, jump, -jump)
    spots = 100.0 * np.exp(np.concatenate([np.zeros((n_paths, 1)), np.cumsum(walk, axis=1)], axis=1))
    wealth = {}
    for name, policy in policies.items():
        bound, held, cash = policy.bound(terms), np.zeros((n_paths, 1)), np.zeros((n_paths, 1))
        for step in range(n_steps):
            spot = spots[:, step : step + 1]
            gamma = -call_gamma(spot, left[step])
            rows = {
                "spot": spot,
                "log_spot": np.log(spot),
                "gamma": gamma,
                "log_gamma": np.log(np.maximum(-gamma, 1e-300)),
            }
            rows |= {"target": norm.cdf(d_one(spot, left[step])), "held": held, "implied": np.full_like(spot, 0.2)}
            new = bound.holding(Moment(step, rows))
            cash = cash - (new - held) * spot - cost * np.abs(new - held) * spot
            held = new
        last = spots[:, -1:]
        wealth[name] = (cash + held * last - cost * np.abs(held) * last - np.maximum(last - 100.0, 0.0))[:, 0]
    return wealth


def test_exact_band_beats_every_other_policy_and_keeps_what_it_promised() -> None:
    cost, aversion = 0.01, 0.5
    exact = made(cost, aversion, 64, 241)
    others = {"followed": EveryPeriods(1), "ww": WhalleyWilmott(aversion), "zakamouline": Zakamouline(aversion)}
    bands = {f"band {width}": Band(width) for width in (0.05, 0.1, 0.2)}
    wealth = hedged_wealth({"exact": HodgesNeuberger(exact)} | others | bands, cost)
    utility = {name: -np.exp(-aversion * (each + 10.0)) for name, each in wealth.items()}
    for name in (*others, *bands):
        apart = utility["exact"] - utility[name]
        assert apart.mean() > 0.0, name
    disutility = np.exp(-aversion * (wealth["exact"] - exact.certainty_equivalent))
    assert disutility.mean() == pytest.approx(1.0, abs=4.0 * disutility.std() / np.sqrt(len(disutility)))


def test_exact_policy_goes_to_edge_middle_or_target_and_keeps_inside() -> None:
    exact = made(0.005, 0.1, 144)
    terms = PolicyTerms(TimeGrid.even("2026-01-01", "2027-01-01", 4), 1.0, np.array([1.0, 0.75, 0.5, 0.25]))
    lower, upper = (float(each) for each in exact.at(0.75, 100.0))
    now = {"spot": np.full((3, 1), 100.0), "target": np.full((3, 1), 0.5), "held": np.array([[0.0], [0.55], [1.0]])}
    goes = {
        to: HodgesNeuberger(exact, to).bound(terms).holding(Moment(1, now))[:, 0] for to in ("edge", "middle", "target")
    }  # type: ignore[arg-type]
    np.testing.assert_allclose(goes["edge"], [lower, 0.55, upper], rtol=1e-12)
    np.testing.assert_allclose(goes["middle"], [(lower + upper) / 2, 0.55, (lower + upper) / 2], rtol=1e-12)
    np.testing.assert_allclose(goes["target"], [0.5, 0.55, 0.5])


def test_exact_policy_unbound_or_of_a_shorter_option_refused() -> None:
    policy = HodgesNeuberger(made(0.005, 0.1, 144))
    with pytest.raises(InputError, match="not bound to a clock"):
        policy.holding(Moment(0, {}))
    with pytest.raises(InputError, match="compute the band for an option of that life"):
        policy.bound(PolicyTerms(TimeGrid.even("2026-01-01", "2028-01-01", 2), 1.0, np.array([2.0, 1.0])))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"cost": -0.01}, "cost must be 0 or more"),
        ({"cost": 1.0}, "less than 1"),
        ({"risk_aversion": 0.0}, "risk aversion must be more than 0"),
        ({"n_steps": 1}, "2 steps or more"),
        ({"n_holdings": 5}, "11 holdings or more"),
    ],
)
def test_exact_band_bad_numbers_refused(change: dict[str, float], why: str) -> None:
    with pytest.raises(InputError, match=why):
        exact_band(SHORT_CALL, **({"risk_aversion": 0.1, "cost": 0.001, "n_steps": 10} | change))  # type: ignore[arg-type]


def test_option_bad_numbers_refused() -> None:
    with pytest.raises(InputError, match="volatility of the option must be more than 0"):
        OptionToHedge(100.0, 100.0, 1.0, 0.0)
    with pytest.raises(InputError, match="'call' or a 'put'"):
        OptionToHedge(100.0, 100.0, 1.0, 0.2, kind="straddle")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="other than 0"):
        OptionToHedge(100.0, 100.0, 1.0, 0.2, quantity=0.0)
    with pytest.raises(InputError, match="take more steps"):
        exact_band(OptionToHedge(100.0, 100.0, 1.0, 0.2, drift=2.0), 0.1, 0.001, n_steps=10)
