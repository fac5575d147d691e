"""Stress and margin on real prices: jet fuel, crude through April 2020, and a share fund with index futures.

Every figure is computed again here from the files with plain pandas; frozen ones say so.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.compare import (
    HedgedPosition,
    StressOptions,
    StressScenario,
    WorstWindow,
    breakdown,
    preset_scenarios,
    stress_hedge,
    volatility_index,
)
from hedgerow.engine import Execution, LinearMarket, replay_targets
from hedgerow.limits import HeldContracts, LiquidityOptions, MarginTerms, liquidity_need, margin_path
from hedgerow.market import read_prices
from hedgerow.ratios import OLS
from hedgerow.study import StressStudy, run_stress_study
from real.oracles import fridays, read_columns

NEGATIVE = "wti_negative_price_2020q2.csv"
BARRELS = 1_000.0


def crude() -> pd.DataFrame:
    return pd.read_csv(shared_data(NEGATIVE), index_col="date", parse_dates=True)


@pytest.mark.parametrize("contracts", [10.0, -10.0])
def test_margin_calls_of_april_2020_are_prices_times_a_thousand(contracts: float) -> None:
    prices = crude()["CL1"]
    changes = prices.diff().fillna(0.0).to_numpy()[:, None] * BARRELS
    held = HeldContracts.constant(
        pd.DatetimeIndex(prices.index), ("CL1",), np.array([contracts]), changes, prices.to_numpy()[:, None] * BARRELS
    )
    path = margin_path(held, MarginTerms(initial=8_000.0)).table
    # settlements of the front contract: 18.27 on the 17th, -37.63 on the 20th, 10.01 on the 21st
    assert path.loc["2020-04-20", "variation"] == pytest.approx(contracts * (-37.63 - 18.27) * BARRELS)
    assert path.loc["2020-04-21", "variation"] == pytest.approx(contracts * (10.01 + 37.63) * BARRELS)
    hurt = "2020-04-20" if contracts > 0 else "2020-04-21"
    assert path.loc[hurt, "call"] == pytest.approx(-path.loc[hurt, "variation"])
    assert path["call"].idxmax() == pd.Timestamp(hurt)
    assert path["variation"].sum() == pytest.approx(contracts * (prices.iloc[-1] - prices.iloc[0]) * BARRELS)
    assert (path["initial"] == 80_000.0).all()


def test_margin_of_april_2020_through_the_ledger_is_the_same() -> None:
    history = read_prices([shared_data(NEGATIVE)], ["wti_usd_bbl", "CL1"]).history
    market = LinearMarket.from_changes(
        history.changes(), "wti_usd_bbl", ("CL1",), quantity=10_000.0, contract_sizes=np.array([BARRELS])
    )
    ledger = replay_targets(market, np.ones((1, market.n_steps, 1)), ("naive",), Execution())
    path = margin_path(
        HeldContracts.from_ledger(ledger, "naive", market.contracts_per_unit),  # type: ignore[arg-type]
        MarginTerms(share=0.10),
    ).table
    assert path.loc["2020-04-21", "variation"] == pytest.approx(-476_400.0)
    assert path.loc["2020-04-20", "initial"] == pytest.approx(10 * 0.10 * 37.63 * BARRELS)


def test_margin_estimated_before_that_day_was_a_quarter_of_its_call() -> None:
    """Past rows do not hold such a day: 12,774 a contract by the rows before it, a call of 55,900 on it."""
    prices = crude()["CL1"].to_numpy()
    changes = np.diff(prices)[:, None] * BARRELS
    day = int(np.abs(changes[:, 0]).argmax())
    estimated = MarginTerms().per_contract(prices[22 : day + 1, None] * BARRELS, changes[:day], 21)
    moves = np.abs(changes[1:day, 0] + changes[: day - 1, 0])
    assert float(estimated[-1, 0]) == pytest.approx(np.quantile(moves, 0.99))
    assert float(estimated[-1, 0]) < 0.25 * abs(changes[day, 0])


def test_worst_day_of_crude_replayed_in_differences() -> None:
    moves = crude()[["wti_usd_bbl", "CL1", "CL2"]].diff().dropna()
    times = pd.DatetimeIndex(crude().index)
    table = moves.to_numpy()
    results = {}
    for number, name in ((1, "CL1"), (2, "CL2")):
        market = LinearMarket(times, table[:, 0], table[:, [number]], np.ones((len(times), 1)), "wti", (name,), BARRELS)
        test = stress_hedge(HedgedPosition(market, (1.0,)), [StressScenario("day", move=WorstWindow(1))])
        results[name] = test.results[0]
        assert results[name].words == "2020-04-20"
        assert results[name].unhedged.loss == pytest.approx(55_290.0)
    # the same contract held the line; one month out the hedge was all but absent
    assert results["CL1"].hedged.loss == pytest.approx(BARRELS * (55.29 - 55.90), abs=1e-6)
    assert results["CL2"].hedged.loss == pytest.approx(BARRELS * (55.29 - 4.60), abs=1e-6)


def jet_changes() -> pd.DataFrame:
    spot, futures = shared_data("energy_spot_daily.csv"), shared_data("energy_futures_contract1_4_daily.csv")
    columns = {"jet": (spot, "usgc_jet_usd_gal"), "HO2": (futures, "HO2"), "CL1": (futures, "CL1")}
    table = read_columns(columns, "1994-01-01")
    return fridays(table.assign(CL1=table["CL1"] / 42.0)).diff().dropna()


@pytest.mark.parametrize("hedge", ["HO2", "CL1"])
def test_jet_fuel_under_a_breakdown_equals_the_formula_on_plain_moments(hedge: str) -> None:
    moves = jet_changes()
    x, y = moves[hedge], moves["jet"]
    times = pd.DatetimeIndex([moves.index[0] - pd.Timedelta(days=7), *moves.index])
    market = LinearMarket(
        times, y.to_numpy(), x.to_numpy()[:, None], np.ones((len(times), 1)), "jet", (hedge,), 2_000_000.0
    )
    ratio = float(OLS().fit(market.hedge_changes, market.exposure_changes).hedge_ratio_[0])
    test = stress_hedge(HedgedPosition(market, (ratio,)), preset_scenarios())
    table = test.table
    deviation = np.sqrt(y.var() + ratio**2 * x.var() - 2 * ratio * 0.40 * x.std() * y.std())
    assert table.loc["correlation 0.40", "loss_hedged"] == pytest.approx(7 * 2_000_000 * deviation, rel=1e-9)
    assert table.loc["as estimated", "variance_reduction"] == pytest.approx(y.corr(x) ** 2, rel=1e-9)
    assert test.reverse.correlation_limit == pytest.approx(y.corr(x) / 2, rel=1e-9)
    # the exposure's worst week was after hurricane Ike, and the hedge gave back two per cent of it or less
    worst = test.results[list(table.index).index("worst 1 row")]
    assert worst.words == "2008-09-19"
    assert worst.hedged.loss / worst.unhedged.loss > 0.9


def test_share_fund_with_index_futures_survives_the_index_from_12_to_60() -> None:
    files = [shared_data("spy_daily.csv"), shared_data("es_futures_daily.csv")]
    study = StressStudy.model_validate(
        {
            "data": {"files": [path.name for path in files]},
            "exposure": {"column": "spy_daily:close", "quantity": 50_000},
            "hedges": [{"column": "es_futures_daily:adj_close", "contract_size": 50, "price_unit_factor": 0.1}],
            "margin": {"initial": [5_000], "rate": 0.02},
            "judging": {"draws": 200},
        }
    )
    outcome = run_stress_study(study, files[0].parent)
    spy = pd.read_csv(files[0], index_col="date", parse_dates=True)["close"]
    es = pd.read_csv(files[1], index_col="date", parse_dates=True)["adj_close"]
    moves = pd.concat([spy, es], axis=1, join="inner").dropna().diff().dropna()
    slope = np.polyfit(moves["adj_close"], moves["close"], 1)[0]
    assert outcome.test.position.ratio == pytest.approx((slope * 10,), rel=1e-9)  # in tenths of the index
    table = outcome.test.table
    calm, crisis = table.loc["as estimated"], table.loc["volatility index 12 to 60, correlation 1.00"]
    assert crisis["loss_unhedged"] == pytest.approx(5 * calm["loss_unhedged"])
    assert crisis["loss_hedged"] < 0.5 * calm["loss_unhedged"]
    assert table.loc["correlation 0.40", "variance_reduction"] < 0.0 < calm["variance_reduction"]
    assert outcome.margin is not None
    held = outcome.margin.sides["held"]
    contracts = -slope * 50_000 / 50
    np.testing.assert_allclose(held.path.variation[1:], contracts * 50 * moves["adj_close"], rtol=1e-9, atol=1e-6)
    assert held.contracts[0] == pytest.approx(contracts, rel=1e-12)


def test_buffer_of_short_crude_before_2020_did_not_hold_in_april() -> None:
    """A 99 % ten-day buffer from 2010 to 2016 against the call of 21 April 2020, per contract."""
    futures = (
        pd.read_csv(shared_data("energy_futures_contract1_4_daily.csv"), index_col="date", parse_dates=True)["CL1"]
        .loc["2010":]
        .dropna()
    )
    changes = futures.diff().dropna()
    need = liquidity_need(
        np.array([-1.0]), changes.to_numpy()[:, None] * BARRELS, pd.DatetimeIndex(changes.index),
        LiquidityOptions(0.99, 10, draws=200),
    )  # fmt: skip
    cumulative = changes.rolling(10).sum().dropna() * BARRELS
    assert need.buffer >= np.quantile(np.maximum(cumulative, 0.0), 0.99)
    assert need.low <= need.buffer <= need.high < 47_640.0


def test_test_as_of_2007_knows_nothing_of_2008() -> None:
    moves = jet_changes()
    times = pd.DatetimeIndex([moves.index[0] - pd.Timedelta(days=7), *moves.index])
    market = LinearMarket(
        times, moves["jet"].to_numpy(), moves[["HO2"]].to_numpy(), np.ones((len(times), 1)), "jet", ("HO2",)
    )
    scenarios = [breakdown(0.4), volatility_index(correlation=0.4), StressScenario("w", move=WorstWindow(5))]
    early = stress_hedge(HedgedPosition(market, (1.0,)), scenarios, StressOptions(as_of="2007-12-31"))
    known = moves.loc[:"2007-12-31"]
    assert early.rows == len(known)
    assert early.moments.volatilities == pytest.approx(known[["jet", "HO2"]].std().to_numpy(), rel=1e-12)
    later = stress_hedge(HedgedPosition(market, (1.0,)), scenarios)
    assert later.table["loss_unhedged"].min() > early.table["loss_unhedged"].min()
