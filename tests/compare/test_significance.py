"""Tests of a race: what the table holds, what must not change it, and how long it takes.

Nothing here is a decision: no ratio depends on a test, so that there is no future to alter.
"""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from compare.races import market_of, price_history, race
from hedgerow.compare import Comparison, WalkForward
from hedgerow.costs import HalfSpread
from hedgerow.effectiveness import (
    BootstrapOptions,
    clark_west,
    confidence_set,
    diebold_mariano,
    giacomini_white,
    squared_losses,
)
from hedgerow.engine import Execution
from hedgerow.market import History, convert
from hedgerow.ratios import EWMA, OLS, Fixed, Naive, RatioEstimator, RollingOLS

METHODS: dict[str, RatioEstimator] = {
    "naive": Naive(),
    "ols": OLS(),
    "rolling": RollingOLS(40),
    "ewma": EWMA(0.9),
    "fixed": Fixed(0.2),
}
COSTS = Execution(costs=HalfSpread(2.0))


@cache
def shared_race() -> Comparison:
    return race(market_of(price_history(301)), METHODS, execution=COSTS)


def test_table_holds_the_tests_of_the_functions() -> None:
    result, table = shared_race(), shared_race().tests
    losses, gross = squared_losses(result.hedged.to_numpy()), result.gross
    assert result.reference == "ols"
    assert list(table.index) == list(METHODS)
    for number, name in enumerate(METHODS):
        plain = diebold_mariano(losses[:, 1], losses[:, number])
        assert table["dm_p_value"][name] == plain.p_value
        assert table["mean_loss_difference"][name] == plain.mean_difference
        assert table["clark_west_p_value"][name] == clark_west(gross["ols"], gross[name]).p_value_better
        assert table["giacomini_white_p_value"][name] == giacomini_white(losses[:, 1], losses[:, number]).p_value
    options = replace(result.bootstrap, block_length=result.draws.block_length)
    np.testing.assert_array_equal(table["mcs_p_value"], confidence_set(losses, options=options).p_values)


def test_reference_is_a_tie_with_itself_and_a_bad_ratio_leaves_the_set() -> None:
    table = shared_race().tests
    assert table.loc["ols", ["mean_loss_difference", "dm_statistic"]].tolist() == [0.0, 0.0]
    assert table.loc["ols", ["dm_p_value", "clark_west_p_value", "giacomini_white_p_value"]].tolist() == [1.0] * 3
    assert not table.loc["fixed", "in_confidence_set"]
    assert shared_race().spa_p_value == shared_race().superior_ability.p_value
    assert table.loc["fixed", "dm_statistic"] < -3.0


@pytest.mark.parametrize(
    ("methods", "reference"),
    [(("ewma", "naive", "ols"), "ols"), (("ewma", "fixed", "naive"), "fixed"), (("ewma", "rolling"), "ewma")],
)
def test_reference_is_the_simplest_that_was_run(methods: tuple[str, ...], reference: str) -> None:
    result = race(
        market_of(price_history(80)), {name: METHODS[name] for name in methods}, walk_forward=WalkForward(0.6)
    )
    assert result.reference == reference


def test_gross_is_the_net_change_with_all_costs_given_back() -> None:
    result = shared_race()
    given_back = (result.gross - result.hedged).sum()
    np.testing.assert_allclose(given_back, result.table["cost"], rtol=1e-9)
    free = race(market_of(price_history(301)), METHODS)
    np.testing.assert_allclose(result.gross, free.hedged, atol=1e-9)


def test_longer_lag_tests_further_ahead() -> None:
    result = race(market_of(price_history(301)), METHODS, execution=Execution(lag=2))
    losses = squared_losses(result.hedged.to_numpy())
    further = diebold_mariano(losses[:, 1], losses[:, 3], horizon=3)
    assert result.tests["dm_statistic"]["ewma"] == further.statistic


def test_few_rows_have_no_tests_and_no_warning() -> None:
    result = race(market_of(price_history(30)), {"naive": Naive(), "fixed": Fixed(0.5)})
    table = result.tests
    assert table[["dm_p_value", "clark_west_p_value", "mcs_p_value"]].isna().all(axis=None)
    assert table["in_confidence_set"].all()
    assert "too few" in result.superior_ability.note


def test_prices_times_ten_give_the_same_tests() -> None:
    ten = race(market_of(History(price_history(301).prices * 10.0)), METHODS, execution=COSTS)
    one_table, ten_table = shared_race().tests, ten.tests
    np.testing.assert_allclose(100.0 * one_table["mean_loss_difference"], ten_table["mean_loss_difference"], rtol=1e-9)
    for name in one_table.columns[1:]:
        np.testing.assert_allclose(
            one_table[name].astype(float), ten_table[name].astype(float), rtol=1e-9, atol=1e-12, err_msg=name
        )


def test_currency_swapped_gives_the_same_tests() -> None:
    with_rate = History(price_history(301).prices.assign(eur_per_usd=0.5))
    euros = convert(with_rate, ("spot", "f1"), "eur_per_usd").select("spot", "f1")
    other = race(market_of(euros), METHODS, execution=COSTS)
    pd.testing.assert_frame_equal(other.tests.iloc[:, 1:], shared_race().tests.iloc[:, 1:], rtol=1e-12, atol=1e-12)
    assert other.verdict == shared_race().verdict
    np.testing.assert_allclose(
        other.economic_value()["share_of_value"], shared_race().economic_value()["share_of_value"], atol=1e-14
    )


def test_methods_reordered_give_the_same_tests() -> None:
    order = ["ewma", "fixed", "rolling", "ols", "naive"]
    other = race(market_of(price_history(301)), {name: METHODS[name] for name in order}, execution=COSTS)
    pd.testing.assert_frame_equal(other.tests.loc[list(METHODS)], shared_race().tests, rtol=1e-12, atol=1e-12)


def test_method_given_twice_shares_its_tests_and_moves_nobody_elses() -> None:
    options = BootstrapOptions(draws=200, block_length=3.0)  # a chosen length looks at every column given
    one, twice = (
        replace(race(market_of(price_history(301)), methods, execution=COSTS), bootstrap=options)
        for methods in (METHODS, {**METHODS, "ewma again": EWMA(0.9)})
    )
    pd.testing.assert_series_equal(twice.tests.loc["ewma again"], twice.tests.loc["ewma"], check_names=False)
    pd.testing.assert_frame_equal(twice.tests.drop("ewma again"), one.tests, rtol=1e-12, atol=1e-12)
    assert twice.superior_ability.p_value == pytest.approx(one.superior_ability.p_value, abs=1e-12)


@pytest.mark.compiled
def test_twenty_methods_over_five_years_are_tested_within_seconds() -> None:
    methods: dict[str, RatioEstimator] = {"ols": OLS()} | {f"w{days}": RollingOLS(days) for days in range(40, 230, 10)}
    market = market_of(price_history(2501))
    result = replace(race(market, methods), bootstrap=BootstrapOptions())
    assert len(result.methods) == 20
    assert result.draws.block_length >= 1.0  # the intervals draw it; the tests take it over
    begun = time.process_time()
    assert result.tests.notna().all(axis=None)
    assert np.isfinite(result.superior_ability.p_value)
    assert time.process_time() - begun < 3.0
