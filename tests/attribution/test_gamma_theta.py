from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr

from attribution_cases import random_case
from hedgerow.attribution import Marks, explain_steps, gamma_theta
from hedgerow.errors import DataError, InputError


def test_gains_are_the_gamma_and_theta_lines_of_the_accounts() -> None:
    case = random_case(1, 3, 40)
    explained = explain_steps(case.holdings(), case.price_changes(), case.marks())
    found = gamma_theta(case.holdings(), case.marks())
    np.testing.assert_allclose(found.gamma_gain, explained.parts["gamma"][:, 1:], rtol=1e-12)
    np.testing.assert_allclose(found.theta_gain, explained.parts["theta"][:, 1:], rtol=1e-12)


def test_without_interest_the_paid_volatility_is_the_implied_one_and_the_formula_the_net() -> None:
    case = random_case(2, 5, 40)
    found = gamma_theta(case.holdings(), case.marks())
    table = found.by_path()
    np.testing.assert_allclose(found.paid_volatility, found.implied_volatility, rtol=1e-10)
    np.testing.assert_allclose(table["formula"], table["net"], rtol=1e-9)
    size = found.weight * found.years
    np.testing.assert_allclose(
        found.implied_volatility**2, (size * case.vols[:, :-1] ** 2).sum(axis=1) / size.sum(axis=1), rtol=1e-12
    )


def test_interest_makes_the_paid_volatility_higher_for_a_call() -> None:
    case = replace(random_case(3, 2, 40), rate=0.05)
    found = gamma_theta(case.holdings(), case.marks())
    assert (found.paid_volatility > found.implied_volatility).all()


def test_short_and_long_have_the_same_volatilities_and_opposite_money() -> None:
    short = random_case(4, 3, 40)
    sold, bought = (gamma_theta(each.holdings(), each.marks()) for each in (short, replace(short, quantity=1.0)))
    np.testing.assert_array_equal(sold.formula, -bought.formula)
    np.testing.assert_array_equal(sold.realised_volatility, bought.realised_volatility)
    np.testing.assert_array_equal(sold.paid_volatility, bought.paid_volatility)
    assert (sold.gamma_gain <= 0.0).all()
    assert (sold.theta_gain > 0.0).all()
    assert (sold.cash_gamma < 0.0).all()


def test_break_even_move_is_implied_volatility_times_spot_by_the_root_of_252() -> None:
    case = random_case(5, 2, 63)
    found = gamma_theta(case.holdings(), case.marks())
    expected = case.vols[:, :-1] * case.spots[:, :-1] / np.sqrt(252.0)
    np.testing.assert_allclose(found.break_even_moves, expected, rtol=1e-12)
    step = found.by_step(1)
    np.testing.assert_allclose(step["net"].cumsum(), step["cumulative"])
    beyond = step["move"].abs() > step["break_even_move"]
    np.testing.assert_array_equal(beyond, step["formula"] < 0.0)  # short: what moves beyond it loses


@pytest.mark.parametrize("quantity", [-1.0, 1.0])
def test_profit_of_a_hedged_option_is_the_formula_with_slope_one(quantity: float) -> None:
    """N13: sold at 20 % while 25 % is realised; profit against half gamma S^2 (realised^2 - implied^2) dt summed."""
    case = random_case(6, 4000, 63, realised=0.25, moving_vol=False)
    spots, left = case.spots, np.sqrt(1.0 - case.years)
    above = np.log(spots / 100.0) / (0.2 * left) + 0.1 * left  # Black-Scholes without interest, written out
    density = np.exp(-0.5 * above**2) / np.sqrt(2.0 * np.pi)
    delta, gamma = ndtr(above), density / (spots * 0.2 * left)
    price, theta = spots * delta - 100.0 * ndtr(above - 0.2 * left), -0.5 * gamma * spots**2 * 0.2**2
    greeks = {"delta": delta, "gamma": gamma, "theta": theta}
    marks = Marks(
        {name: figures[..., None] for name, figures in greeks.items()},
        spots[..., None],
        case.vols[..., None],
        case.years,
        np.array([False]),
        ("SPX",),
    )
    found = gamma_theta(np.full((4000, 64, 1), quantity), marks)
    gains = quantity * (np.diff(price, axis=1) - delta[:, :-1] * np.diff(spots, axis=1)).sum(axis=1)
    formula = found.formula.sum(axis=1)
    slope = np.polyfit(formula, gains, 1)[0]
    assert slope == pytest.approx(1.0, abs=0.02)
    gap = gains - formula
    assert abs(gap.mean()) <= 2.0 * gains.std(ddof=1) / np.sqrt(len(gains))
    assert np.sign(gains.mean()) == quantity
    expected = 0.5 * (found.cash_gamma * (0.25**2 - 0.2**2) * found.years).sum(axis=1)
    assert abs(gains.mean() - expected.mean()) <= 2.0 * (gains - expected).std(ddof=1) / np.sqrt(len(gains))
    assert found.realised_volatility.mean() == pytest.approx(0.25, abs=0.005)


def test_without_gamma_there_is_no_volatility() -> None:
    case = random_case(7, 1, 5)
    found = gamma_theta(np.zeros((1, 6, 2)), case.marks())
    assert np.isnan(found.realised_volatility).all()
    assert np.isnan(found.break_even_moves).all()
    assert found.by_path()["net"].item() == 0.0


def test_underlying_is_named_where_there_are_several() -> None:
    case = random_case(8, 1, 5)
    marks = replace(case.marks(), underlyings=("SPX", "NDX"), underlying=np.array([0, 1]))
    alone = gamma_theta(case.holdings(), marks, "SPX")
    np.testing.assert_array_equal(alone.formula, gamma_theta(case.holdings(), case.marks()).formula)
    with pytest.raises(InputError, match="several: SPX, NDX"):
        gamma_theta(case.holdings(), marks)
    with pytest.raises(InputError, match="did you mean 'NDX'"):
        gamma_theta(case.holdings(), marks, "NDXX")


def test_marks_and_holdings_that_say_too_little_are_refused() -> None:
    case = random_case(9, 1, 5)
    with pytest.raises(InputError, match="have no theta"):
        gamma_theta(case.holdings(), case.marks(("delta", "gamma")))
    with pytest.raises(DataError, match="holdings must have shape"):
        gamma_theta(case.holdings()[:, :-1], case.marks())
    marks = case.marks()
    broken = replace(marks, greeks={**marks.greeks, "theta": np.full_like(marks.spots, np.inf)})
    with pytest.raises(DataError, match="theta of instrument 0 is not finite"):
        gamma_theta(case.holdings(), broken)
