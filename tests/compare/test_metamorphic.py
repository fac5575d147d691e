"""What must not change a race: units, currency, the order of hedges, a constant on all prices, names, threads."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from compare.races import all_methods, market_of, price_history, race
from hedgerow.compare import Comparison
from hedgerow.costs import HalfSpread, PerContract
from hedgerow.engine import Execution
from hedgerow.hedgers import Rounding
from hedgerow.market import History, convert
from hedgerow.ratios import EWMA, OLS, ErrorCorrection, RatioEstimator, RollingOLS

SOURCE = Path(__file__).resolve().parents[2] / "src"
EXACT = {"rtol": 1e-9, "atol": 1e-11}
FREE_OF_UNITS = ["variance_reduction", "semivariance_reduction", "cvar_reduction", "turnover", "n_obs"]
SEVERAL: dict[str, RatioEstimator] = {"ols": OLS(), "rolling": RollingOLS(60), "ewma": EWMA(), "ec": ErrorCorrection()}


def race_on(history: History, methods: dict[str, RatioEstimator] | None = None, **options: object) -> Comparison:
    return race(market_of(history), methods or all_methods(), **options)


def assert_same_race(one: Comparison, other: Comparison, tolerance: float = 1e-12) -> None:
    np.testing.assert_allclose(one.held_ratios, other.held_ratios, rtol=0, atol=tolerance)
    np.testing.assert_allclose(one.table[FREE_OF_UNITS], other.table[FREE_OF_UNITS], **EXACT)
    np.testing.assert_allclose(one.table[["low", "high"]], other.table[["low", "high"]], **EXACT)
    assert one.verdict == other.verdict


def test_prices_times_ten_on_both_legs_same_ratios_and_ten_times_the_cost() -> None:
    history = price_history()
    costs = {"execution": Execution(costs=HalfSpread(3.0))}
    one, ten = race_on(history, **costs), race_on(History(history.prices * 10.0), **costs)
    # huber and the medians iterate or compare; their stopping rules are relative
    assert_same_race(one, ten, 1e-7)
    exact = [name for name in one.methods if name != "huber"]
    numbers = [one.methods.index(name) for name in exact]
    np.testing.assert_allclose(one.held_ratios[numbers], ten.held_ratios[numbers], rtol=0, atol=1e-11)
    np.testing.assert_allclose(10.0 * one.table["cost"], ten.table["cost"], rtol=1e-7)


def test_hedges_reordered_same_race_with_reordered_ratios() -> None:
    history = price_history(n_hedges=3)
    other = History(history.prices[["spot", "f3", "f1", "f2"]])
    one, swapped = race_on(history, SEVERAL), race_on(other, SEVERAL)
    np.testing.assert_allclose(one.held_ratios[:, :, [2, 0, 1]], swapped.held_ratios, rtol=0, atol=1e-10)
    np.testing.assert_allclose(one.table[FREE_OF_UNITS], swapped.table[FREE_OF_UNITS], **EXACT)


def test_constant_added_to_both_legs_same_race_of_differences() -> None:
    history = price_history()
    assert_same_race(race_on(history, SEVERAL), race_on(History(history.prices + 4096.0), SEVERAL), 1e-10)


def test_currency_swapped_at_a_constant_rate_same_race_and_converted_cost() -> None:
    history, rate = price_history(), 0.5
    with_rate = History(history.prices.assign(eur_per_usd=rate))
    euros = convert(with_rate, ("spot", "f1"), "eur_per_usd").select("spot", "f1")
    costs = {"execution": Execution(costs=HalfSpread(3.0))}
    one, other = race_on(history, SEVERAL, **costs), race_on(euros, SEVERAL, **costs)
    assert_same_race(one, other)
    np.testing.assert_allclose(rate * one.table["cost"], other.table["cost"], rtol=1e-12)


def test_same_method_under_two_names_same_column() -> None:
    result = race_on(price_history(), {"a": OLS(), "b": OLS(), "c": EWMA()})
    np.testing.assert_array_equal(result.hedged["a"], result.hedged["b"])
    np.testing.assert_array_equal(result.table.loc["a"], result.table.loc["b"])


def test_company_of_other_methods_changes_no_method() -> None:
    alone, together = race_on(price_history(), {"ols": OLS()}), race_on(price_history(), SEVERAL)
    np.testing.assert_array_equal(alone.hedged["ols"], together.hedged["ols"])


@pytest.mark.parametrize("lag", [0, 2])
def test_short_exposure_mirrors_the_long_one(lag: int) -> None:
    execution = Execution(lag=lag, rounding=Rounding.NEAREST, costs=HalfSpread(2.0) + PerContract(1.0))
    long, short = (
        race(market_of(price_history(), quantity=q, size=10.0), SEVERAL, execution=execution) for q in (900.0, -900.0)
    )
    np.testing.assert_allclose(long.ledger.holdings, -short.ledger.holdings, atol=1e-9)
    np.testing.assert_allclose(long.ledger.total_costs, short.ledger.total_costs, atol=1e-9)


PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from compare.test_metamorphic import digest
print(digest())
"""


def digest() -> str:
    result = race(market_of(price_history(1500)), all_methods())
    bits = result.held_ratios.tobytes() + result.table.to_numpy().tobytes() + result.verdict.encode()
    return hashlib.sha256(bits).hexdigest()


def digest_elsewhere(**environment: str) -> str:
    """Return the digest made by a process of its own."""
    tests = str(Path(__file__).resolve().parents[1])
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, tests],
        env=os.environ | {"PYTHONPATH": str(SOURCE)} | environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return run.stdout.strip()


@pytest.mark.compiled  # a process of its own, which says nothing to coverage
def test_race_same_bits_for_any_hash_seed_and_number_of_threads() -> None:
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    threads = dict.fromkeys(("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    elsewhere = digest_elsewhere(PYTHONHASHSEED=seed, **threads)
    with threadpool_limits(2):
        assert digest() == elsewhere
    assert len(elsewhere) == len(hashlib.sha256().hexdigest())
