"""Laws of hedging: each is the least of what it says it minimises, or a limit that is known."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.policies.laws import (
    break_even_move,
    derman_kamal_standard_deviation,
    leland_number,
    leland_volatility,
    optimal_interval_fixed_cost,
    optimal_interval_proportional,
    step_standard_deviation,
    whalley_wilmott_half_width,
    zakamouline_half_width,
    zakamouline_volatility,
)

SPOT, GAMMA, VOLATILITY, AVERSION = 100.0, -0.03, 0.25, 0.4


def risk_per_year(interval: float) -> float:
    return 0.5 * AVERSION * step_standard_deviation(SPOT, GAMMA, VOLATILITY, interval) ** 2 / interval


def test_interval_fixed_cost_is_least_and_costs_equal_risk() -> None:
    best = optimal_interval_fixed_cost(SPOT, GAMMA, VOLATILITY, 0.05, AVERSION)
    total = [0.05 / (best * x) + risk_per_year(best * x) for x in (0.9, 1.0, 1.1)]
    assert total[1] == min(total)
    assert 0.05 / best == pytest.approx(risk_per_year(best), rel=1e-12)


def test_interval_proportional_is_least() -> None:
    best = optimal_interval_proportional(SPOT, GAMMA, VOLATILITY, 0.002, AVERSION)
    cost = 0.002 * np.sqrt(2 / np.pi) * abs(GAMMA) * SPOT**2 * VOLATILITY
    total = [cost / np.sqrt(best * x) + risk_per_year(best * x) for x in (0.9, 1.0, 1.1)]
    assert total[1] == min(total)
    assert cost / np.sqrt(best) == pytest.approx(2.0 * risk_per_year(best), rel=1e-12)


def test_step_error_is_the_deviation_of_half_gamma_times_the_squared_move() -> None:
    moves = SPOT * VOLATILITY * np.sqrt(0.01) * np.random.default_rng(1).standard_normal(200_000)
    gains = 0.5 * GAMMA * moves**2
    assert step_standard_deviation(SPOT, GAMMA, VOLATILITY, 0.01) == pytest.approx(gains.std(), rel=0.02)


def test_break_even_move_gamma_pays_for_theta_of_a_trading_day() -> None:
    theta_per_day = 0.5 * abs(GAMMA) * SPOT**2 * VOLATILITY**2 / 252
    assert 0.5 * abs(GAMMA) * break_even_move(SPOT, VOLATILITY) ** 2 == pytest.approx(theta_per_day, rel=1e-12)


def test_derman_kamal_is_the_figure_of_one_month_at_the_money() -> None:
    """Derman and Kamal's option: S = K = 100, a month, 20 %, 5 %; vega by its formula, 21 hedges."""
    d1 = (0.05 + 0.02) / 12 / (0.2 * np.sqrt(1 / 12))
    vega = 100 * np.sqrt(1 / 12) * np.exp(-(d1**2) / 2) / np.sqrt(2 * np.pi)
    assert derman_kamal_standard_deviation(vega, 0.2, 21) == pytest.approx(0.4432, abs=2e-4)


def test_whalley_wilmott_scales_with_two_thirds_of_the_position_and_the_cube_root_of_cost() -> None:
    width = whalley_wilmott_half_width(SPOT, GAMMA, 0.001, AVERSION)
    assert whalley_wilmott_half_width(SPOT, 8 * GAMMA, 0.001, AVERSION) == pytest.approx(4 * width, rel=1e-12)
    assert whalley_wilmott_half_width(SPOT, GAMMA, 0.008, AVERSION) == pytest.approx(2 * width, rel=1e-12)
    assert whalley_wilmott_half_width(SPOT, GAMMA, 0.001, AVERSION, 0.05, 2.0) == pytest.approx(
        width * np.exp(-0.1 / 3), rel=1e-12
    )


def test_zakamouline_without_gamma_is_the_width_without_an_option() -> None:
    assert zakamouline_half_width(SPOT, 0.0, 0.25, 0.5, 0.001, AVERSION) == pytest.approx(
        0.001 / (AVERSION * SPOT * 0.25**2 * 0.5), rel=1e-12
    )


def test_zakamouline_no_cost_is_no_width_and_no_change_of_volatility() -> None:
    assert zakamouline_half_width(SPOT, GAMMA, 0.25, 0.5, 0.0, AVERSION) == 0.0
    assert zakamouline_volatility(SPOT, GAMMA, 0.25, 0.5, 0.0, AVERSION) == 0.25


def test_zakamouline_volatility_higher_for_short_and_lower_for_long() -> None:
    short, long = (zakamouline_volatility(SPOT, gamma, 0.25, 0.5, 0.001, AVERSION) for gamma in (-0.03, 0.03))
    assert short > 0.25 > long
    assert short**2 + long**2 == pytest.approx(2 * 0.25**2, rel=1e-12)


def test_zakamouline_volatility_beyond_the_fit_refused() -> None:
    with pytest.raises(InputError, match="beyond the fit"):
        zakamouline_volatility(SPOT, 0.03, 0.25, 0.5, 0.2, 10.0)


def test_leland_number_is_of_the_round_trip() -> None:
    by_hand = np.sqrt(2 / np.pi) * 0.01 / (0.2 / np.sqrt(52))
    assert leland_number(0.2, 0.005, 1 / 52) == pytest.approx(by_hand, rel=1e-12)


def test_leland_volatility_up_for_short_down_for_long() -> None:
    number = leland_number(0.2, 0.002, 1 / 52)
    assert leland_volatility(0.2, 0.002, 1 / 52, "short") == pytest.approx(0.2 * np.sqrt(1 + number))
    assert leland_volatility(0.2, 0.002, 1 / 52, "long") == pytest.approx(0.2 * np.sqrt(1 - number))


def test_leland_long_with_costs_that_eat_the_option_refused() -> None:
    with pytest.raises(InputError, match=r"must stay below 1 .* rehedge less often"):
        leland_volatility(0.2, 0.02, 1 / 252, "long")
    assert leland_volatility(0.2, 0.02, 1 / 252, "short") > 0.2


def test_laws_bad_numbers_refused() -> None:
    with pytest.raises(InputError, match="cost must be 0 or more"):
        whalley_wilmott_half_width(SPOT, GAMMA, -0.001, AVERSION)
    with pytest.raises(InputError, match="risk_aversion must be more than 0"):
        optimal_interval_fixed_cost(SPOT, GAMMA, VOLATILITY, 0.1, 0.0)
    with pytest.raises(InputError, match="step_years must be more than 0"):
        leland_number(0.2, 0.001, 0.0)
    with pytest.raises(InputError, match="years must be more than 0"):
        zakamouline_half_width(SPOT, GAMMA, 0.25, 0.0, 0.001, AVERSION)
