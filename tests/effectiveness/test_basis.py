"""Basis, basis risk, carry, maturities."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.effectiveness import basis, basis_summary, implied_carry, maturity_mismatch
from hedgerow.errors import DataError, InputError


def test_basis_only_joint_dates_remain() -> None:
    spot = pd.Series([10.0, 11.0, np.nan], index=pd.to_datetime(["2020-01-01", "2020-01-02", "2020-01-03"]))
    hedge = pd.Series([8.0, 9.0], index=pd.to_datetime(["2020-01-02", "2020-01-03"]))
    assert basis(spot, hedge).to_dict() == {pd.Timestamp("2020-01-02"): 3.0}


def test_basis_summary_one_for_one_hedge_has_basis_risk() -> None:
    noise = np.random.default_rng(0).standard_normal((2, 100)).cumsum(axis=1)
    summary = basis_summary(noise[0], 42 * noise[1], ratio=1.0, factor=1 / 42)
    assert summary.hedged_risk == pytest.approx(summary.basis_risk)
    assert summary.basis_risk == pytest.approx(np.std(np.diff(noise[0] - noise[1]), ddof=1))


def test_basis_summary_no_hedge_keeps_the_spot_risk() -> None:
    noise = np.random.default_rng(0).standard_normal((2, 100)).cumsum(axis=1)
    summary = basis_summary(noise[0], noise[1], ratio=0.0)
    assert summary.hedged_risk == summary.unhedged_risk


def test_basis_summary_standing_hedge_has_no_correlation() -> None:
    assert np.isnan(basis_summary([1.0, 2.0, 4.0], [1.0, 1.0, 1.0]).correlation)


def test_basis_summary_two_prices_are_refused() -> None:
    with pytest.raises(DataError, match="at least 3 prices, got 2"):
        basis_summary([1.0, 2.0], [1.0, 2.0])


def test_implied_carry_gives_back_the_rate() -> None:
    years = np.array([0.25, 0.5, 1.0])
    np.testing.assert_allclose(implied_carry(100.0, 100 * np.exp(0.03 * years), years), 0.03)


def test_implied_carry_negative_price_or_no_time_is_nan() -> None:
    assert np.isnan(implied_carry([-36.98, 10.0], [20.0, 11.0], [0.1, 0.0])).all()


def test_maturity_mismatch_speaks_only_where_there_is_one() -> None:
    assert maturity_mismatch(date(2026, 6, 15), date(2026, 6, 30)) == ""
    assert "61 days before" in maturity_mismatch(date(2026, 6, 30), date(2026, 4, 30))
    assert "closed early" in maturity_mismatch(date(2026, 6, 1), date(2026, 9, 1))


def test_maturity_mismatch_negative_tolerance_is_refused() -> None:
    with pytest.raises(InputError, match="tolerance_days"):
        maturity_mismatch(date(2026, 6, 1), date(2026, 9, 1), tolerance_days=-1)


def test_basis_summary_gold_front_future_follows_spot_with_little_basis() -> None:
    spot = pd.read_csv(shared_data("gold_spot_daily.csv"), index_col="date", parse_dates=True)["mid_close"]
    future = pd.read_csv(shared_data("gold_futures_daily.csv"), index_col="date", parse_dates=True)["front_close"]
    joint = pd.concat([spot, future], axis=1, join="inner").dropna()
    summary = basis_summary(joint["mid_close"], joint["front_close"])
    assert summary.correlation > 0.85
    assert summary.basis_risk < 0.6 * summary.unhedged_risk
