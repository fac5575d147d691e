"""The compiled form and the array form say the same, path by path: every policy, cost, scenario and kind of book."""

from __future__ import annotations

from itertools import cycle
from typing import Any

import numpy as np
import pytest

from engine_cases import BOOKS, COST_CASES, PAYING, PLAIN, POLICY_CASES, after, both_forms, run, scenario_cases
from hedgerow.costs import COSTS, HalfSpread, HalfSpreadMoney
from hedgerow.engine import SimulateOptions, simulate
from hedgerow.hedgers import DeltaHedger
from hedgerow.instruments import Book, EuropeanOption, MarketState, Position, Spot, Underlying
from hedgerow.policies import POLICIES, Band, EveryPeriods, GammaScaledBand, WhalleyWilmott, Zakamouline
from hedgerow.scenarios import GBM, MeanRevertingVolatility

SAME = 1e-10
"""Largest difference of the two forms, of gross notional."""
COMPILED_ONLY = {"cash gamma x years"}

SCENARIOS = [name for name in scenario_cases(PLAIN) if name not in ("filtered", "bootstrap")]


def covering() -> list[tuple[str, str, str, str, bool, int, float | None]]:
    """Return cases that hold every policy with and without lag, every cost, scenario, book and hedging volatility."""
    books, costs, scenarios = cycle(BOOKS), cycle(COST_CASES), cycle(SCENARIOS)
    paying, vols = cycle([True, False, False]), cycle([None, None, 0.3, None, 0.15])
    policies = [(name, lag) for lag in (0, 1) for name in POLICY_CASES]
    return [(next(books), name, next(costs), next(scenarios), next(paying), lag, next(vols)) for name, lag in policies]


def assert_same_forms(result: Any) -> None:
    """Fail where a path, a mean or a part of the attribution differs between the two forms."""
    compiled, arrays = both_forms(result)
    assert compiled.how in ("compiled", "arrays", "split")
    assert not compiled.facts.reason, "the compiled form was not even tried"
    scale = compiled.facts.gross_notional
    apart = np.abs(compiled.pnl - arrays.pnl) / scale
    assert np.flatnonzero(apart > SAME).tolist() == []
    for table in ("summary", "attribution"):
        ours, theirs = getattr(compiled, table)(), getattr(arrays, table)()
        assert set(ours.index) - COMPILED_ONLY == set(theirs.index)
        np.testing.assert_allclose(
            ours.loc[theirs.index, ours.columns[0]], theirs[ours.columns[0]], rtol=1e-9, atol=10.0 * SAME * scale
        )


def run_case(book: str, policy: str, cost: str, scenario: str, paying: bool, lag: int, vol: float | None) -> Any:
    horizon = {"horizon": after(36)} if book == "outlives the run" else {}
    drawn = scenario_cases(PAYING if paying else PLAIN)[scenario]
    parts = {"policy": POLICY_CASES[policy], "costs": COST_CASES[cost], "hedger": DeltaHedger(volatility=vol)}
    return run(BOOKS[book], drawn, **parts, lag=lag, unwind=lag == 0, **horizon)


def test_cases_cover_every_policy_and_cost_that_has_a_name() -> None:
    assert set(POLICY_CASES) == set(POLICIES)
    assert set(COSTS) - {"per_contract"} <= set(COST_CASES)  # shares are no contracts
    cases = covering()
    assert {case[2] for case in cases} == set(COST_CASES)
    assert {case[3] for case in cases} == set(SCENARIOS)
    assert {case[0] for case in cases} == set(BOOKS)


@pytest.mark.compiled
@pytest.mark.parametrize("case", covering(), ids=lambda case: "-".join(str(each) for each in case).replace(" ", "_"))
def test_compiled_form_equals_array_form_on_every_path(case: tuple[Any, ...]) -> None:
    assert_same_forms(run_case(*case))


@pytest.mark.parametrize("case", covering()[::8], ids=lambda case: "-".join(map(str, case)).replace(" ", "_"))
def test_stages_equal_array_form_on_every_path(case: tuple[Any, ...]) -> None:
    assert_same_forms(run_case(*case))


@pytest.mark.parametrize("lag", [0, 1])
def test_units_of_the_book_itself_earn_their_yield_in_both_forms(lag: int) -> None:
    book = Book([(Spot("XYZ"), 70.0), (EuropeanOption("XYZ", "put", 97.0, after(36), multiplier=100), 1)])
    result = run(book, GBM(PAYING), policy=EveryPeriods(1), lag=lag)
    assert_same_forms(result)
    earned = 70.0 * 100.0 * 0.03 * 36 / 365
    alone = run(Book([(Spot("XYZ"), 70.0)]), GBM(PAYING), policy=EveryPeriods(100), horizon=after(36))
    first_trade = alone.attribution().loc["carry", "mean"]
    assert first_trade == pytest.approx(0.0, abs=0.02 * earned)  # hedged at the start: what one earns the other pays


@pytest.mark.parametrize("policy", [GammaScaledBand(0.02), WhalleyWilmott(1e-2)], ids=["gamma", "log gamma"])
@pytest.mark.parametrize("book", ["one call", "straddle"])
def test_policies_see_gamma_at_the_hedging_volatility_and_attribution_the_books_own(policy: Any, book: str) -> None:
    market = GBM(PAYING, implied=MeanRevertingVolatility(0.22, 4.0, 0.8))
    result = run(BOOKS[book], market, policy=policy, costs=HalfSpread(2.0), hedger=DeltaHedger(volatility=0.5))
    assert_same_forms(result)


def test_costs_in_money_reach_the_band_as_a_rate_in_both_forms() -> None:
    wide, rate = WhalleyWilmott(1e-2), WhalleyWilmott(1e-2, cost=2e-4)
    money = run(BOOKS["one call"], GBM(PLAIN), policy=wide, costs=HalfSpreadMoney(0.02))
    assert_same_forms(money)
    same = run(BOOKS["one call"], GBM(PLAIN), policy=rate, costs=HalfSpreadMoney(0.02))
    np.testing.assert_array_equal(money.pnl, same.pnl)


def test_zakamouline_knows_the_one_strike_of_the_book_in_both_forms() -> None:
    result = run(BOOKS["straddle"], GBM(PAYING), policy=Zakamouline(1e-2), costs=HalfSpread(2.0))
    assert_same_forms(result)


def test_drawdown_counts_the_costs_of_the_moment_in_both_forms() -> None:
    result = run(BOOKS["one call"], GBM(PLAIN), policy=Band(0.02), costs=HalfSpread(500.0), n_paths=50)
    assert_same_forms(result)
    assert result.summary().loc["drawdown", "value"] > 0.9 * result.summary().loc["costs", "value"]


def test_mark_of_a_position_keeps_its_distance_from_the_underlyings_in_both_forms() -> None:
    call = EuropeanOption("XYZ", "call", 100.0, after(36), multiplier=100)
    book = Book([Position(call, -1, vol=0.26), Position(call, 1)])
    result = run(book, GBM(PLAIN, implied=MeanRevertingVolatility(0.22, 4.0, 0.8)), policy=Band(0.01))
    assert_same_forms(result)


def test_market_without_a_mark_takes_the_volatility_of_the_scenario_in_both_forms() -> None:
    market = MarketState(PLAIN.moment, {"XYZ": Underlying(100.0)})
    assert_same_forms(run(BOOKS["one call"], GBM(market, volatility=0.3)))


@pytest.mark.compiled
@pytest.mark.parametrize("policy", [EveryPeriods(1), GammaScaledBand(0.02)], ids=["target", "gamma"])
def test_table_of_a_book_equals_its_sum(policy: Any) -> None:
    plain = {"attribution": False, "drawdown": False, "variance": False}
    read, summed = (
        run(BOOKS["six options"], GBM(PAYING), policy=policy, costs=HalfSpread(1.0), n_paths=n, n_steps=36, **plain)
        for n in (4200, 400)
    )
    apart = np.abs(read.pnl[:400] - summed.pnl) / read.facts.gross_notional
    assert 0.0 < apart.max() < (1e-9 if isinstance(policy, EveryPeriods) else 1e-7)


@pytest.mark.compiled
@pytest.mark.parametrize("n_steps", [4, 800], ids=["moves far beyond the strikes", "last steps finer than the table"])
def test_table_of_a_book_holds_wherever_and_however_often_the_spot_is_seen(n_steps: int) -> None:
    market = MarketState("2026-11-20", {"XYZ": Underlying(100.0, 0.05)})
    strikes = (60.0, 98.0, 100.0, 102.0, 150.0)
    book = Book([(EuropeanOption("XYZ", "call", strike, "2027-11-20"), -1.0) for strike in strikes])
    plain = {"attribution": False, "drawdown": False, "variance": False}
    wild = GBM(market, volatility=1.0 if n_steps == 4 else 0.05)
    read, summed = (run(book, wild, n_paths=n, n_steps=n_steps, **plain) for n in (4200, 100))
    np.testing.assert_allclose(read.pnl[:100], summed.pnl, atol=1e-4)


@pytest.mark.parametrize("kind", ["filtered", "bootstrap"])
def test_scenario_from_a_sample_runs_as_arrays_and_says_so(kind: str) -> None:
    result = run(BOOKS["one call"], scenario_cases(PLAIN)[kind], n_paths=20)
    assert result.how == "arrays"
    assert "written for arrays" in result.facts.reason


def test_path_that_trades_nothing_differs_by_nothing_but_the_option() -> None:
    class_of = SimulateOptions(horizon=after(36))
    never = simulate(BOOKS["one call"], scenario=GBM(PLAIN), policy=Band(1e9), n_paths=50, n_steps=12, options=class_of)
    spots = GBM(PLAIN).draw(never.grid, 50, 0).spots[:, -1, 0]
    premium = BOOKS["one call"].value(PLAIN)
    np.testing.assert_allclose(never.pnl, -100.0 * np.maximum(spots - 100.0, 0.0) - premium, atol=1e-8)


def test_option_without_volatility_is_left_to_the_arrays_which_know_its_limit() -> None:
    market = MarketState(PLAIN.moment, {"XYZ": Underlying(100.0, 0.0)})
    book = Book([(EuropeanOption("XYZ", "call", 101.0, after(36)), -1)])
    result = run(book, GBM(market), n_paths=3)
    assert result.how == "arrays"
    assert "below 0.0001" in result.facts.reason
    np.testing.assert_array_equal(result.pnl, 0.0)
