"""Return and volatility of a year: hand values, laws of scale, and what is refused."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest

from hedgerow.effectiveness import annual_compound_return, annual_return, annualised_volatility
from hedgerow.errors import DataError, InputError

FOUR = [0.01, -0.02, 0.03, -0.01]
RETURNS = np.random.default_rng(0).normal(0.0004, 0.01, 700)


def test_four_returns_have_their_hand_values() -> None:
    assert annual_return(FOUR) == pytest.approx(0.0025 * 252, abs=1e-10)
    assert annual_compound_return(FOUR) == pytest.approx((1.01 * 0.98 * 1.03 * 0.99) ** 63 - 1.0, abs=1e-10)
    assert annualised_volatility(FOUR) == pytest.approx(sqrt(0.001475 / 3.0) * sqrt(252.0), abs=1e-10)


def test_annual_figures_are_those_of_the_textbook() -> None:
    growth = np.prod(1.0 + RETURNS) ** (252.0 / len(RETURNS)) - 1.0
    assert annual_compound_return(RETURNS) == pytest.approx(growth, abs=1e-10)
    assert annualised_volatility(RETURNS) == pytest.approx(np.std(RETURNS, ddof=1) * sqrt(252.0), abs=1e-10)


def test_compound_return_lies_below_the_arithmetic_one_in_logs_and_agrees_for_constant_rows() -> None:
    assert log(1.0 + annual_compound_return(RETURNS)) < annual_return(RETURNS)
    assert annual_compound_return([0.01] * 12, 12) == pytest.approx(1.01**12 - 1.0, abs=1e-12)


def test_volatility_grows_with_the_root_of_the_rows_a_year() -> None:
    assert annualised_volatility(RETURNS, 1008) == pytest.approx(2.0 * annualised_volatility(RETURNS, 252), rel=1e-14)


def test_a_loss_of_everything_compounds_to_minus_one() -> None:
    assert annual_compound_return([0.1, -1.0, 0.5]) == -1.0


def test_no_rows_are_nan() -> None:
    assert np.isnan([annual_return([]), annual_compound_return([]), annualised_volatility([0.1])]).all()


def test_money_missing_values_and_an_empty_year_are_refused() -> None:
    with pytest.raises(DataError, match=r"row 1 holds -3;.*money"):
        annual_compound_return([0.1, -3.0])
    with pytest.raises(DataError, match="finite"):
        annual_return([0.1, np.nan])
    for periods in (0.0, -252.0, np.nan, np.inf):
        with pytest.raises(InputError, match="periods_per_year"):
            annual_return(FOUR, periods)
