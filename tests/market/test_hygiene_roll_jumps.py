"""Roll jumps: unshared large changes on a regular calendar, and nobody else blamed for them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.market.hygiene import check_prices

DATES = pd.bdate_range("2008-01-01", periods=1800, name="date")


def _spot_and_future(gap: float, *, months: int = 1, seed: int = 0, noise: float = 0.002) -> pd.DataFrame:
    """Spot, a clean second spot, and a future whose series jumps by ``gap`` (log) each roll, then decays back."""
    generator = np.random.default_rng(seed)
    spot = 50 * np.exp(np.cumsum(generator.normal(0, 0.012, len(DATES))))
    other = spot * np.exp(np.cumsum(generator.normal(0, noise, len(DATES))))
    roll = np.zeros(len(DATES))
    periods = DATES.to_period("M")
    for month in periods.unique():
        inside = np.flatnonzero(periods == month)
        if month.month % months == 0 and len(inside) > 14:
            roll[inside[14]] = gap
    carry = np.cumsum(roll - roll.mean())
    future = spot * np.exp(carry + generator.normal(0, noise, len(DATES)))
    return pd.DataFrame({"spot": spot, "future": future, "other": other}, index=DATES)


@pytest.mark.parametrize("months", [1, 3])
@pytest.mark.parametrize("gap", [0.02, -0.03])
def test_roll_jumps_monthly_or_quarterly_are_found_in_the_future_only(gap, months):
    findings = check_prices(_spot_and_future(gap, months=months)).for_kind("roll_jumps")
    assert [f.instrument for f in findings] == ["future"]
    assert findings[0].count >= 0.8 * 80 / months
    assert all(15 <= date.day <= 24 for date in findings[0].dates)
    assert ("every third month" in findings[0].sentence) == (months == 3)


@pytest.mark.parametrize("seed", range(5))
def test_roll_jumps_clean_control_stays_unflagged(seed):
    assert check_prices(_spot_and_future(0.0, seed=seed)).for_kind("roll_jumps") == ()


def test_roll_jumps_against_spot_alone_blames_the_future():
    findings = check_prices(_spot_and_future(0.03)[["spot", "future"]]).for_kind("roll_jumps")
    assert [f.instrument for f in findings] == ["future"]
    assert "(of it or of spot)" in findings[0].sentence


def test_roll_jumps_irregular_shocks_are_not_called_rolls():
    prices = _spot_and_future(0.0)
    at = np.sort(np.random.default_rng(9).choice(len(DATES), 60, replace=False))
    step = np.zeros(len(DATES))
    step[at] = np.where(np.arange(60) % 2, 0.03, -0.03)
    prices["future"] *= np.exp(np.cumsum(step))
    assert check_prices(prices).for_kind("roll_jumps") == ()


def test_roll_jumps_known_contracts_are_not_suspected_again():
    prices = _spot_and_future(0.02)
    turn = pd.Series(1, index=DATES).groupby(DATES.to_period("M")).cumcount() == 14
    labels = pd.DataFrame({"future": turn.cumsum().astype(str)})
    assert check_prices(prices).for_kind("roll_jumps")
    assert check_prices(prices, contracts=labels).for_kind("roll_jumps") == ()


@pytest.mark.parametrize("columns", [["usgc_jet_usd_gal", "CL1"], ["usgc_jet_usd_gal", "CL1", "HO1"], ["CL1", "CL2"]])
def test_roll_jumps_real_crude_front_is_suspected_around_its_expiry(columns):
    spot = pd.read_csv(shared_data("energy_spot_daily.csv"), index_col="date", parse_dates=True)
    futures = pd.read_csv(shared_data("energy_futures_contract1_4_daily.csv"), index_col="date", parse_dates=True)
    findings = check_prices(spot.join(futures)[columns].dropna()).for_kind("roll_jumps")
    by_name = {f.instrument: f for f in findings}
    assert "usgc_jet_usd_gal" not in by_name
    assert by_name["CL1"].count > 25
    assert all(16 <= date.day <= 26 for date in by_name["CL1"].dates)
    if "HO1" in columns:  # heating oil rolls at the end of the month
        assert all(date.day >= 27 or date.day <= 4 for date in by_name["HO1"].dates)


def test_roll_jumps_real_vix_future_is_suspected_and_its_index_is_not():
    futures = pd.read_csv(shared_data("vix_futures_m1_m8_daily.csv"), index_col="date", parse_dates=True)
    index = pd.read_csv(shared_data("vix_index_daily.csv"), index_col="date", parse_dates=True)
    findings = check_prices(futures[["M1"]].join(index["close"]).dropna()).for_kind("roll_jumps")
    assert [f.instrument for f in findings] == ["M1"]


def test_roll_jumps_real_spot_metals_and_currencies_are_clean():
    gold = pd.read_csv(shared_data("gold_spot_daily.csv"), index_col="date", parse_dates=True)["mid_close"]
    euro = pd.read_csv(shared_data("eurusd_spot_daily.csv"), index_col="date", parse_dates=True)["mid_close"]
    both = pd.DataFrame({"gold": gold, "euro": euro}).dropna()
    assert check_prices(both).for_kind("roll_jumps") == ()
