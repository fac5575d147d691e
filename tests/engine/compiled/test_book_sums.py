"""The loops over options that are compiled say what their NumPy forms say, and a table of a book what its sum says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hedgerow.engine.compiled.book_numbers import one_option_numbers, sum_numbers
from hedgerow.engine.compiled.book_rules import option_figures
from hedgerow.engine.compiled.book_sums import payoffs, sum_figures, sum_target, sum_target_gamma
from hedgerow.engine.compiled.book_table import read_target, read_target_gamma, tabulated
from hedgerow.engine.compiled.legs import legs_of
from hedgerow.instruments import Book, EuropeanOption, MarketState, Underlying
from hedgerow.kernels.rules import BlockRule
from hedgerow.market.time_grid import TimeGrid
from hedgerow.rows import NAMES

WIDTH = 128
SPOT = np.linspace(60.0, 160.0, WIDTH)
START = {"spot": SPOT, "log_spot": np.log(SPOT), "implied": np.linspace(-0.05, 0.1, WIDTH)}
LOW, HIGH = np.log(50.0), np.log(200.0)


def legs() -> np.ndarray:
    """Return the numbers of 7 units, a sold call of strike 100 and two bought puts of strike 90."""
    found = [2.0, 7.0, 1e-4]
    for strike, vol, years, weight, put in ((100.0, 0.2, 0.5, -1.0, 0.0), (90.0, 0.3, 1.5, 2.0, 1.0)):
        share, cash = weight * np.exp(-0.01 * years), weight * strike * np.exp(-0.03 * years)
        found += [np.log(strike), strike, vol, years, np.sqrt(years), share, cash, put, 0.03, 0.02]
    return np.array(found)


def table(*, with_gamma: bool) -> np.ndarray:
    return tabulated(legs()[None], LOW, HIGH, with_gamma=with_gamma).table[0]  # type: ignore[index]


NUMBERS: dict[str, tuple[BlockRule, Any]] = {
    "target": (sum_target, legs),
    "target and gamma": (sum_target_gamma, legs),
    "figures": (sum_figures, legs),
    "payoffs": (payoffs, lambda: np.array([2.0, 1.0, 100.0, -1.0, -1.0, 90.0, 2.0])),
    "table of the target": (read_target, lambda: table(with_gamma=False)),
    "table of target and gamma": (read_target_gamma, lambda: table(with_gamma=True)),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_loop_over_options_equals_its_numpy_form(name: str) -> None:
    rule, numbers_of = NUMBERS[name]
    numbers = numbers_of()
    block = np.zeros((len(NAMES), WIDTH))
    for row, values in START.items():
        block[NAMES.index(row)] = values
    flat = block.reshape(-1)
    rule.kernel.definition(numbers, flat)
    wanted = rule.definition(numbers, *(START[row] for row in rule.inputs))
    for row, values in zip(rule.outputs, wanted if len(rule.outputs) > 1 else [wanted], strict=True):
        np.testing.assert_allclose(block[NAMES.index(row)], values, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("kind", ["call", "put"])
def test_rule_for_one_option_equals_the_sum_over_it(kind: str) -> None:
    market = MarketState("2026-11-20", {"X": Underlying(100.0, 0.2, rate=0.03, dividend_yield=0.01, borrow=0.005)})
    grid = TimeGrid.even("2026-11-20 16:00", "2027-02-19 16:00", 4)
    legs = legs_of(Book([(EuropeanOption("X", kind, 95.0, "2027-01-15", multiplier=10), -3)]), market, grid)
    one = one_option_numbers(legs, None, option_figures.parameters)
    for step, several in enumerate(sum_numbers(legs, None, 0.0)):
        numbers = {name: float(values[step]) for name, values in one.items()}
        found = option_figures(START["log_spot"], SPOT, **numbers)
        wanted = sum_figures.definition(several, START["log_spot"], SPOT, np.zeros(WIDTH))
        for own, other in zip(found, wanted[:4], strict=True):  # the last, vega, is not asked for
            np.testing.assert_allclose(own, other, rtol=1e-11, atol=1e-11)


def test_table_gives_the_sum_back_between_its_nodes() -> None:
    spot = np.random.default_rng(3).uniform(55.0, 180.0, 500)
    target, gamma = sum_target_gamma.definition(legs(), np.log(spot), spot)
    read, read_gamma = read_target_gamma.definition(table(with_gamma=True), np.log(spot), spot)
    np.testing.assert_allclose(read, target, atol=1e-10)
    np.testing.assert_allclose(read_gamma, gamma, atol=1e-8)


def test_table_ends_in_the_value_of_its_end() -> None:
    beyond = np.log([10.0, 50.0, 200.0, 1000.0])
    found = read_target.definition(table(with_gamma=False), beyond)
    assert found[0] == pytest.approx(found[1], abs=1e-9)
    assert found[3] == pytest.approx(found[2], abs=1e-9)
