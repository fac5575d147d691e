"""Late trades: one refit per method, the same judged rows for every lag, and the figures of the slow way."""

from __future__ import annotations

import numpy as np
import pytest

from compare.races import all_methods, market_of, price_history, race
from hedgerow.compare import WalkForward, lag_sensitivity
from hedgerow.costs import HalfSpread, PerTicket
from hedgerow.engine import Execution, LinearMarket
from hedgerow.errors import DataError, InputError
from hedgerow.hedgers import Rounding
from hedgerow.policies import ToleranceBand
from hedgerow.ratios import EWMA, OLS, Naive, RollingOLS
from hedgerow.ratios.refits import RefitPath

METHODS = {"naive": Naive(), "ols": OLS(), "rolling": RollingOLS(window=40), "ewma": EWMA()}
EXECUTIONS = [
    Execution(),
    Execution(costs=HalfSpread(5.0) + PerTicket(0.1)),
    Execution(ToleranceBand(0.03), HalfSpread(5.0), Rounding.NEAREST, 0, 0.02),
]


@pytest.mark.parametrize("execution", EXECUTIONS, ids=["free", "costs", "band, whole contracts, rate"])
def test_each_lag_equals_a_race_of_its_own(execution: Execution) -> None:
    market = market_of(price_history(), quantity=400.0, size=10.0)
    table = lag_sensitivity(market, METHODS, execution=execution)
    assert list(table.columns) == [0, 1, 2, 5]
    assert list(table.index) == list(METHODS)
    assert (table.index.name, table.columns.name) == ("method", "lag")
    for lag in table.columns:
        own = Execution(execution.policy, execution.costs, execution.rounding, int(lag), execution.rate)
        expected = race(market, METHODS, execution=own).table["variance_reduction"]
        np.testing.assert_allclose(table[lag], expected, rtol=0, atol=1e-12)


def test_judged_rows_are_common_where_a_long_window_delays_the_first_ratio() -> None:
    market = market_of(price_history())
    methods = {"rolling": RollingOLS(window=250), "naive": Naive()}
    table = lag_sensitivity(market, methods, lags=(0, 5))
    late = race(market, methods, execution=Execution(lag=5))
    assert late.first_row == 255
    y, x = market.exposure_changes[255:], market.hedge_changes[255:, 0]
    expected = 1.0 - np.var(y - x, ddof=1) / np.var(y, ddof=1)
    np.testing.assert_allclose(table.loc["naive"], expected, atol=1e-12)


def test_constant_ratio_does_not_mind_and_a_hasty_one_decays() -> None:
    rng = np.random.default_rng(3)
    n = 1_200
    x = rng.normal(size=(n, 1))
    swing = np.repeat(rng.choice([0.0, 2.0], size=n // 12), 12)
    y = swing * x[:, 0] + 0.05 * rng.normal(size=n)
    times = market_of(price_history(n + 1)).times
    market = LinearMarket(times, y, x, np.full((n + 1, 1), 100.0), "spot", ("f1",))
    table = lag_sensitivity(market, {"naive": Naive(), "rolling": RollingOLS(window=4)})
    assert np.ptp(table.loc["naive"]) < 1e-12
    assert table.loc["rolling", 0] > table.loc["rolling", 1] > table.loc["rolling", 5]


def test_methods_are_refitted_once_and_progress_is_told() -> None:
    calls: list[str] = []

    class Counting(OLS):
        def refit(self, *args: object, **options: object) -> RefitPath:
            calls.append("refit")
            return super().refit(*args, **options)  # type: ignore[arg-type]

    done: list[tuple[str, float]] = []
    market = market_of(price_history())
    lag_sensitivity(market, {"ols": Counting()}, progress=lambda name, share: done.append((name, share)))
    assert calls == ["refit"]
    assert done[-1] == ("ols", 1.0)


def test_all_methods_with_rare_refits_give_figures() -> None:
    table = lag_sensitivity(market_of(price_history(n_hedges=1)), all_methods(), walk_forward=WalkForward(refit=20))
    assert table.notna().all(axis=None)


@pytest.mark.parametrize(
    ("lags", "said"), [((), "at least one lag"), ((0, -1), "0 or more rows, not -1"), ((1, 1), "given once")]
)
def test_lags_that_make_no_sense_are_refused(lags: tuple[int, ...], said: str) -> None:
    with pytest.raises(InputError, match=said):
        lag_sensitivity(market_of(price_history()), METHODS, lags)


def test_no_method_and_too_few_rows_are_refused() -> None:
    market = market_of(price_history(100))
    with pytest.raises(InputError, match="at least one method"):
        lag_sensitivity(market, {})
    with pytest.raises(DataError, match="left to judge"):
        lag_sensitivity(market, {"rolling": RollingOLS(window=97)}, lags=(0, 2))
