"""Gulf jet fuel hedged with heating oil and with crude, weekly, 1994 to 2016, against figures computed apart.

Frozen headline figures were computed here with plain pandas and statsmodels from EIA prices; tolerance as stated.
"""

from __future__ import annotations

import pandas as pd
import pytest

from compare.races import QUICK, all_methods
from data import shared_data
from hedgerow.compare import Candidate, compare_methods, rank_candidates
from hedgerow.costs import HalfSpread
from hedgerow.engine import Execution, LinearMarket
from hedgerow.market import HygieneOptions, check_history, read_prices
from hedgerow.ratios import OLS
from real.oracles import fridays, read_columns, slope_and_error, slow_reduction

JET = "usgc_jet_usd_gal"
GALLONS = 1.0 / 42.0
FACTORS = {"CL1": GALLONS, "CL2": GALLONS}
HEADLINE = {"HO2": (1.00396, 0.45293, 0.41975), "CL1": (0.87665, 0.27897, 0.24634), "CL2": (0.95236, 0.30395, 0.26893)}
"""Hedge ratio, R-squared on all 1,195 weeks, variance reduction out of sample on the last 598; to 5e-5."""


def weekly_market(hedge: str) -> LinearMarket:
    files = [shared_data("energy_spot_daily.csv"), shared_data("energy_futures_contract1_4_daily.csv")]
    reading = read_prices(files, [JET, "HO2", "CL1", "CL2"], start="1994-01-01")
    changes = reading.history.scaled(FACTORS).sample("W-FRI").changes()
    return LinearMarket.from_changes(changes, JET, (hedge,))


def plain_changes() -> pd.DataFrame:
    spot, futures = shared_data("energy_spot_daily.csv"), shared_data("energy_futures_contract1_4_daily.csv")
    columns = {JET: (spot, JET)} | {name: (futures, name) for name in ("HO2", "CL1", "CL2")}
    table = read_columns(columns, "1994-01-01")
    return fridays(table.assign(CL1=table["CL1"] / 42.0, CL2=table["CL2"] / 42.0)).diff().dropna()


@pytest.mark.parametrize("hedge", ["HO2", "CL1", "CL2"])
def test_weekly_ratio_error_and_reduction_equal_plain_computation(hedge: str) -> None:
    market, plain = weekly_market(hedge), plain_changes()
    fitted = OLS().fit(market.hedge_changes, market.exposure_changes)
    slope, error = slope_and_error(plain[JET], plain[hedge])
    assert fitted.hedge_ratio_[0] == pytest.approx(slope, rel=1e-10)
    assert fitted.standard_error_[0] == pytest.approx(error, rel=1e-10)
    assert fitted.n_obs_ == len(plain) == 1195
    result = compare_methods(market, {"ols": OLS()}, bootstrap=QUICK)
    reduction = result.table["variance_reduction"].iloc[0]
    assert reduction == pytest.approx(slow_reduction(plain[JET], plain[hedge]), abs=1e-10)
    assert [slope, fitted.r_squared_, reduction] == pytest.approx(HEADLINE[hedge], abs=5e-5)


def test_weekly_reduction_net_of_costs_equals_slow_loop() -> None:
    market, plain = weekly_market("HO2"), plain_changes()
    costs = pd.Series(20e-4 * market.hedge_prices[:-1, 0], plain.index)
    result = compare_methods(market, {"ols": OLS()}, execution=Execution(costs=HalfSpread(20.0)), bootstrap=QUICK)
    expected = slow_reduction(plain[JET], plain["HO2"], costs)
    assert result.table["variance_reduction"].iloc[0] == pytest.approx(expected, abs=1e-10)


def test_hurricane_weeks_are_flagged_and_kept() -> None:
    files = [shared_data("energy_spot_daily.csv"), shared_data("energy_futures_contract1_4_daily.csv")]
    reading = read_prices(files, [JET, "HO2"], start="1994-01-01")
    findings = check_history(reading.history, HygieneOptions()).findings
    dates = {date for finding in findings if finding.instrument == JET for date in finding.dates}
    assert {(date.year, date.month) for date in dates} >= {(2005, 9), (2008, 9)}
    assert all("kept" in finding.sentence for finding in findings if finding.instrument == JET)
    weeks = reading.history.sample("W-FRI").changes().values[JET]
    assert weeks.loc["2008-09-12"] == pytest.approx(1.621, abs=5e-4)
    assert weeks.loc["2008-09-19"] == pytest.approx(-1.665, abs=5e-4)
    assert weeks.loc["2005-09-30"] == pytest.approx(0.470, abs=5e-4)


def test_race_of_all_methods_nothing_beats_a_constant_ratio() -> None:
    result = compare_methods(weekly_market("HO2"), all_methods(), bootstrap=QUICK)
    assert result.methods == tuple(all_methods())
    assert (result.table["n_obs"] == 598).all()
    assert result.verdict.startswith("Nothing beats a constant OLS ratio here")
    # the two spikes of 2008 carry most of the variance, so the interval must be wide
    assert result.table.loc["ols", "high"] - result.table.loc["ols", "low"] > 0.3


def test_split_of_the_profit_adds_up_to_the_ledger() -> None:
    market = weekly_market("HO2")
    result = compare_methods(
        market, {"ols": OLS()}, execution=Execution(costs=HalfSpread(20.0), lag=1), bootstrap=QUICK
    )
    split = result.split("ols")
    assert split.adds_up(result.ledger.gross_notional)
    assert split.totals["total"] == pytest.approx(result.hedged["ols"].sum(), rel=1e-12)


def test_candidates_heating_oil_ranks_before_gasoline_and_crude() -> None:
    files = [shared_data("energy_spot_daily.csv"), shared_data("energy_futures_contract1_4_daily.csv")]
    names = ["HO1", "HO2", "RB2", "CL1", "CL2", "CL4"]
    reading = read_prices(files, [JET, *names], start="2006-01-01")
    history = reading.history.scaled({name: GALLONS for name in names if name.startswith("CL")})
    changes = history.sample("W-FRI").changes()
    candidates = [Candidate(name, LinearMarket.from_changes(changes, JET, (name,)), 5.0) for name in names]
    ranking = rank_candidates(candidates, bootstrap=QUICK)
    assert list(ranking.table.index[:2]) in (["HO1", "HO2"], ["HO2", "HO1"])
    assert ranking.verdict.startswith(f"{ranking.table.index[0]} is the best hedge")
    plain = changes.values
    for name in names:
        assert ranking.table.loc[name, "correlation"] == pytest.approx(plain[JET].corr(plain[name]), abs=1e-12)
        net = 5e-4 * changes.start_prices[name]
        expected = slow_reduction(plain[JET], plain[name], net)
        assert ranking.table.loc[name, "variance_reduction"] == pytest.approx(expected, abs=1e-10)
