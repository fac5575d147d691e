"""What a simulation takes beside its parts: moments, accounts, combinations and counts as people give them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine_cases import BOOKS, PAYING, PLAIN, START, after, run
from hedgerow._types import FloatArray
from hedgerow.costs import AccountRates, HalfSpread, PerContract
from hedgerow.engine import SimulateOptions, replay, simulate
from hedgerow.errors import InputError
from hedgerow.hedgers import DeltaGammaHedger
from hedgerow.instruments import Book, EuropeanOption, MarketState, Spot, Underlying, straddle
from hedgerow.limits import ExitBeforeExpiry, ExitOnProfit
from hedgerow.market import History
from hedgerow.market.time_grid import TimeGrid
from hedgerow.policies import Moment, OnWeekdays, Policy
from hedgerow.scenarios import GBM, StationaryBootstrap

CALL = BOOKS["one call"]
CALL_BOUGHT = Book([(CALL.positions[0].instrument, 1)])
BETWEEN = Book(
    [(EuropeanOption("XYZ", "call", 100.0, after(10)), -1), (EuropeanOption("XYZ", "put", 90.0, after(36)), 1)]
)


def test_moments_unless_said_are_the_closes_of_weekdays_and_the_expiries() -> None:
    result = simulate(CALL, scenario=GBM(PLAIN), policy=OnWeekdays("Mon"), n_paths=2)
    days = pd.bdate_range(START.normalize(), after(36).normalize()) + pd.Timedelta(hours=16)
    assert result.grid.times.tolist() == [*days, after(36)]  # which is a Saturday
    mondays = [each for each in days if each.weekday() == 0]
    traded = result.paths(0)["trade"] != 0.0
    assert traded.index[traded].tolist() == [START, *mondays] or traded.index[traded].tolist() == mondays


def test_even_steps_take_in_an_expiry_between_them() -> None:
    result = simulate(BETWEEN, scenario=GBM(PLAIN), n_paths=2, n_steps=12)
    even = TimeGrid.even(START, after(36), 12).times.tolist()
    even[3] = after(10)
    assert result.grid.times.tolist() == even
    unsaid = simulate(BETWEEN, scenario=GBM(PLAIN), n_paths=2)
    assert after(10) in unsaid.grid.times


@pytest.mark.parametrize(
    "options",
    [
        {"account": AccountRates(borrow=0.03, short_rebate=0.0)},
        {"account": AccountRates(rate=0.01, financing_spread=0.02)},
        {"option_costs": PerContract(0.65)},
        {"model": "bachelier"},
    ],
    ids=str,
)
def test_account_costs_of_options_and_model_run_as_arrays_and_change_the_profit(options: dict[str, Any]) -> None:
    plain, other = run(CALL_BOUGHT, GBM(PAYING), n_paths=9), run(CALL_BOUGHT, GBM(PAYING), n_paths=9, **options)
    assert plain.facts.reason == ""
    assert other.how == "arrays"
    assert "for arrays" in other.facts.reason
    assert np.abs(other.pnl - plain.pnl).min() > 1e-3


def test_fee_on_short_shares_is_in_the_carry_of_every_path() -> None:
    book, rates = BOOKS["one put"], AccountRates(borrow=0.05)  # long puts: the hedge is long shares, and pays nothing
    long, short = (run(each, GBM(PLAIN), account=rates).summary() for each in (book, CALL_BOUGHT))
    assert long.loc["carry", "value"] == 0.0
    assert short.loc["carry", "value"] < -1.0


def test_two_rates_are_refused_with_the_option_that_settles_it() -> None:
    market = MarketState(START, {"A": Underlying(100.0, 0.2, rate=0.01), "B": Underlying(50.0, 0.2, rate=0.03)})
    book = Book([(EuropeanOption(name, "call", strike, after(36)), -1) for name, strike in (("A", 100.0), ("B", 50.0))])
    scenario = GBM(market, correlation=np.eye(2))
    with pytest.raises(InputError, match="SimulateOptions"):
        run(book, scenario, n_paths=4)
    assert run(book, scenario, n_paths=4, account=AccountRates(rate=0.02)).n_paths == 4


def test_counts_of_numpy_and_a_combination_are_taken_as_they_are() -> None:
    given = straddle("XYZ", 100.0, after(36), quantity=-1)
    result = simulate(given, scenario=GBM(PLAIN), n_paths=np.int64(3), n_steps=np.int32(5), seed=np.int64(2))
    assert (result.n_paths, result.grid.n_steps, type(result.seed)) == (3, 5, int)
    assert result.pnl.tolist() == simulate(Book(given), scenario=GBM(PLAIN), n_paths=3, n_steps=5, seed=2).pnl.tolist()


def test_steps_longer_than_the_rows_of_a_history_are_warned_of() -> None:
    days = pd.bdate_range("2024-01-02", periods=120)
    history = History(pd.DataFrame({"XYZ": 100.0 + np.arange(120.0) % 7}, index=days))
    scenario = StationaryBootstrap.of(PLAIN, history)
    even = run(CALL, scenario, n_paths=1000).warnings
    assert len(even) == 1
    assert "rows are 1 days apart and steps 3 days long, so that realised volatility is 1.73 times lower" in even[0]
    assert simulate(CALL, scenario=scenario, n_paths=1000).warnings == ()
    assert run(CALL, StationaryBootstrap(PLAIN, np.diff(np.log(history.prices["XYZ"]))), n_paths=1000).warnings == ()


def test_gamma_theta_of_a_path_is_that_of_its_attribution() -> None:
    result = run(CALL, GBM(PLAIN))
    found, parts = result.gamma_theta(3).by_path().iloc[0], result.explained(1, first=3).total().iloc[0]
    assert found["gamma"] == pytest.approx(parts["gamma"], rel=1e-9)
    assert found["theta"] == pytest.approx(parts["theta"], rel=1e-9)
    assert found["implied"] == pytest.approx(0.2)


def test_ledger_prints_in_a_line() -> None:
    ledger = run(CALL, GBM(PLAIN), costs=HalfSpread(1.0)).ledger(2)
    assert repr(ledger) == "<Ledger of 2 paths x 13 times x 2 instruments, costs: half_spread, lag 0>"


def test_replay_of_a_scenario_is_refused_in_a_sentence() -> None:
    with pytest.raises(InputError, match=r"a replay takes a ReplayMarket, .* simulate"):
        replay(CALL, GBM(PLAIN))  # type: ignore[arg-type]


def test_policy_of_ones_own_without_repr_is_named_by_its_class() -> None:
    class Plain(Policy):
        def holding(self, now: Moment) -> FloatArray:
            return now.target

    result = run(CALL, GBM(PLAIN), policy=Plain(), n_paths=2)
    assert result.facts.words["policy"] == "Plain()"


def test_exits_run_as_arrays_and_their_share_of_paths_is_in_the_summary() -> None:
    book = Book([(EuropeanOption("XYZ", "call", 100.0, "2027-02-19", multiplier=100), -1)])
    market = MarketState("2026-11-20", {"XYZ": Underlying(100.0, 0.2)})
    how: dict[str, Any] = {"scenario": GBM(market), "costs": HalfSpread(2), "n_paths": 40, "n_steps": 13, "seed": 2}
    found = simulate(book, **how, options=SimulateOptions(exits=ExitOnProfit(2) | ExitBeforeExpiry(7)))
    assert (found.how, "are written for arrays" in found.facts.reason) == ("arrays", True)
    summary = found.summary()["value"]
    tables = [found.exits(path) for path in range(40)]
    share = np.mean([(table["reason"] == "profit over 2 x costs").any() for table in tables])
    assert summary["exit: profit over 2 x costs"] == pytest.approx(share)
    assert summary["exits"] == pytest.approx(np.mean([len(table) for table in tables]))


def test_gamma_of_option_hedges_has_a_row_of_its_own_against_that_of_the_book() -> None:
    book = Book([(EuropeanOption("XYZ", "call", 100.0, "2027-02-19", multiplier=100), -1)])
    market = MarketState("2026-11-20", {"XYZ": Underlying(100.0, 0.2)})
    other = EuropeanOption("XYZ", "put", 100.0, "2027-03-19", multiplier=100)
    hedger = DeltaGammaHedger((other, Spot("XYZ")))
    found = simulate(book, scenario=GBM(market), hedger=hedger, n_paths=30, n_steps=13, seed=2)
    table = found.attribution()["mean"]
    assert table.drop("total").sum() == pytest.approx(table["total"], abs=1e-8)
    assert table["hedge gamma"] == pytest.approx(-table["gamma"], rel=1e-6)
    split = table[[name for name in table.index if str(name).startswith("hedge ")]]
    assert split.sum() == pytest.approx(found.summary().loc["hedge", "value"])
    assert not any(str(name).startswith("hedge ") for name in found.summary().index)
