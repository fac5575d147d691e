"""Continuous series: held changes are the account's, and every adjustment reconciles with them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.errors import ColumnError, DataError, InputError
from hedgerow.market.continuous import ContinuousFutures, continuous_from_contracts, continuous_from_positions
from hedgerow.market.rolls import RollByDate, RollByOpenInterest, RollByVolume, contracts_from_positions

N_DATES = 300


def _contracts(seed: int = 0) -> tuple[pd.DataFrame, dict[str, dt.date], pd.DataFrame]:
    """Ten contracts, one every 30 rows, in contango with noise; volumes that move on about six rows before the end."""
    generator = np.random.default_rng(seed)
    dates = pd.bdate_range("2015-01-05", periods=N_DATES + 60, name="date")
    spot = 50.0 * np.exp(np.cumsum(generator.normal(0, 0.01, N_DATES)))
    prices, volume, last = {}, {}, {}
    rows = np.arange(N_DATES)
    for number in range(11):
        end = 25 + 30 * number
        name = f"F{number:02d}"
        last[name] = dates[end].date()
        price = spot * (1 + 0.0004 * (end - rows)) + generator.normal(0, 0.02, N_DATES)
        quoted = (rows <= end) & (rows > end - 120)
        prices[name] = np.where(quoted, price, np.nan)
        traded = np.exp(-(((rows - (end - 21)) / 15.0) ** 2)) * 1e5 + generator.uniform(0, 3e3, N_DATES)
        volume[name] = np.where(quoted, traded, np.nan)
    return pd.DataFrame(prices, index=dates[:N_DATES]), last, pd.DataFrame(volume, index=dates[:N_DATES])


def _account_profit(prices: pd.DataFrame, result: ContinuousFutures) -> float:
    """Trade by trade: one contract bought at the first close, each roll at that day's prices, sold at the end."""
    cash, held = 0.0, None
    for date in prices.index:
        label = result.contract[date]
        if label != held:
            if held is not None:
                cash += prices.loc[date, held]
            cash -= prices.loc[date, label]
            held = label
    return float(cash + prices.loc[prices.index[-1], held])


PRICES, LAST, VOLUME = _contracts()
RULES = [
    pytest.param(RollByDate(0), id="date-0"),
    pytest.param(RollByDate(5), id="date-5"),
    pytest.param(RollByVolume(VOLUME), id="volume"),
    pytest.param(RollByOpenInterest(VOLUME.shift(1)), id="open-interest"),
]


@pytest.mark.parametrize("adjustment", ["none", "difference", "ratio"])
@pytest.mark.parametrize("rule", RULES)
def test_continuous_any_rule_obeys_the_laws_of_the_account(rule, adjustment):
    result = continuous_from_contracts(PRICES, LAST, rule, adjustment)
    assert len(result.rolls) >= 8
    assert result.held_changes.sum() == pytest.approx(_account_profit(PRICES, result), abs=1e-9)
    gaps = result.roll_gaps.reindex(PRICES.index).fillna(0.0)
    np.testing.assert_allclose(result.series.diff()[1:], (result.held_changes + gaps)[1:], atol=1e-10)
    assert result.adjusted.iloc[-1] == result.series.iloc[-1]
    if adjustment == "difference":
        np.testing.assert_allclose(result.adjusted.diff()[1:], result.held_changes[1:], atol=1e-10)
    if adjustment == "ratio":
        np.testing.assert_allclose(result.adjusted.pct_change()[1:], result.held_percent_changes[1:], atol=1e-12)
    if adjustment == "none":
        pd.testing.assert_series_equal(result.adjusted, result.series, check_names=False)


@pytest.mark.parametrize("rule", RULES)
def test_continuous_contracts_never_go_back_and_never_outlive_their_last_trade(rule):
    result = continuous_from_contracts(PRICES, LAST, rule)
    ends = result.contract.map(LAST)
    assert ends.is_monotonic_increasing
    assert all(date.date() < end for date, end in ends.items())


@pytest.mark.parametrize("kind", ["date", "volume", "open interest"])
def test_continuous_altered_future_leaves_the_past_as_it_was(kind):
    rule = {"date": lambda v: RollByDate(5), "volume": RollByVolume, "open interest": RollByOpenInterest}[kind]
    before = continuous_from_contracts(PRICES, LAST, rule(VOLUME))
    for roll in before.roll_dates:
        for cut in PRICES.index.get_indexer([roll])[0] + np.array([-1, 0]):
            # From the next row on other prices, and only the farthest contract trades.
            wild, busy = PRICES.copy(), VOLUME.copy()
            wild.iloc[cut + 1 :] = 3.0 * PRICES.ffill().bfill().iloc[cut + 1 :]
            busy.iloc[cut + 1 :] = [0.0] * 10 + [1e9]
            after = continuous_from_contracts(wild, LAST, rule(busy))
            for part in ("series", "contract", "held_changes"):
                pd.testing.assert_series_equal(getattr(before, part)[: cut + 1], getattr(after, part)[: cut + 1])


def test_continuous_shorter_table_gives_the_same_past():
    calendar = list(pd.bdate_range("2015-01-01", "2017-12-31").date)
    rule = RollByDate(5, calendar)
    whole = continuous_from_contracts(PRICES, LAST, rule)
    part = continuous_from_contracts(PRICES.iloc[:151], LAST, rule)
    pd.testing.assert_series_equal(whole.held_changes[:151], part.held_changes)
    pd.testing.assert_series_equal(whole.contract[:151], part.contract)


def test_continuous_roll_day_by_hand_gives_the_old_contracts_change():
    dates = pd.DatetimeIndex(["2020-01-06", "2020-01-07", "2020-01-08"], name="date")
    prices = pd.DataFrame({"A": [10.0, 11.0, 99.0], "B": [12.0, 12.5, 13.0]}, index=dates)
    last = {"A": dt.date(2020, 1, 8), "B": dt.date(2020, 2, 8)}
    result = continuous_from_contracts(prices, last, RollByDate(1), "difference")
    assert list(result.contract) == ["A", "B", "B"]
    assert list(result.held_changes[1:]) == [1.0, 0.5]
    assert list(result.adjusted) == [11.5, 12.5, 13.0]
    assert result.rolls.to_dict("records") == [
        {"date": dates[1], "from": "A", "to": "B", "price_from": 11.0, "price_to": 12.5, "gap": 1.5}
    ]
    assert result.roll_cost(0.02, -10).to_dict() == {dates[1]: pytest.approx(0.4)}


def test_continuous_negative_price_refuses_ratio_and_allows_difference():
    prices = PRICES - 60.0
    assert continuous_from_contracts(prices, LAST, RollByDate(5), "difference").adjusted.notna().all()
    with pytest.raises(DataError, match=r"above zero.*difference adjustment"):
        continuous_from_contracts(prices, LAST, RollByDate(5), "ratio")


def test_continuous_missing_price_of_the_new_contract_is_one_sentence():
    prices = PRICES.copy()
    date = continuous_from_contracts(PRICES, LAST, RollByDate(5)).roll_dates[0]
    prices.loc[date, "F01"] = np.nan
    with pytest.raises(DataError, match=rf"'F01' has no price on {date:%Y-%m-%d}, on which it is held"):
        continuous_from_contracts(prices, LAST, RollByDate(5))
    prices = PRICES.copy()
    prices.loc[date, "F00"] = np.nan
    with pytest.raises(DataError, match=rf"'F00' has no price on {date:%Y-%m-%d}, on which it is sold"):
        continuous_from_contracts(prices, LAST, RollByDate(5))


def test_continuous_no_next_contract_says_when_and_which():
    for rule in (RollByDate(5), RollByVolume(VOLUME), RollByOpenInterest(VOLUME)):
        with pytest.raises(DataError, match=r"roll out of contract 'F01' .*needed on 2015-.*no next contract"):
            continuous_from_contracts(PRICES[["F00", "F01"]], LAST, rule)


def test_continuous_unordered_or_unknown_contracts_are_refused():
    with pytest.raises(DataError, match="in the order of their last trade, got 'F01'"):
        continuous_from_contracts(PRICES[["F01", "F00"]], LAST, RollByDate(5))
    with pytest.raises(ColumnError, match=r"'F10' has prices but no last trade date"):
        continuous_from_contracts(PRICES, {k: v for k, v in LAST.items() if k != "F10"}, RollByDate(5))
    with pytest.raises(InputError, match="adjustment must be one of"):
        continuous_from_contracts(PRICES, LAST, RollByDate(5), "panama")  # type: ignore[arg-type]


def test_positions_agree_with_the_contracts_they_were_cut_from():
    contract = continuous_from_contracts(PRICES, LAST, RollByDate(0), "difference")
    front = np.array([PRICES.columns.get_loc(c) for c in contract.contract.shift(1).fillna("F00")])
    rows = np.arange(len(PRICES))
    values = PRICES.to_numpy()
    second = values[rows, np.minimum(front + 1, 10)]
    positions = pd.DataFrame({"CL1": values[rows, front], "CL2": second}, index=PRICES.index)
    firsts = PRICES.index[PRICES.index.get_indexer(contract.roll_dates) + 1]
    result = continuous_from_positions(positions, firsts, "difference")
    for part in ("series", "adjusted", "held_changes", "roll_gaps"):
        pd.testing.assert_series_equal(getattr(result, part), getattr(contract, part))
    assert result.left_out == 0
    assert result.contract.nunique() == len(firsts) + 1


def test_positions_front_alone_leaves_roll_changes_out_and_counts_them():
    dates = pd.bdate_range("2020-01-06", periods=5, name="date")
    front = pd.DataFrame({"CL1": [10.0, 11.0, 15.0, 16.0, 15.5]}, index=dates)
    result = continuous_from_positions(front, [dates[2]])
    assert result.left_out == 1
    assert result.held_changes.isna().tolist() == [True, False, True, False, False]
    assert result.roll_dates[0] == dates[1]
    with pytest.raises(InputError, match="needs position 2"):
        continuous_from_positions(front, [dates[2]], "difference")


def test_positions_wrong_roll_dates_and_missing_second_are_refused():
    dates = pd.bdate_range("2020-01-06", periods=5, name="date")
    two = pd.DataFrame({"CL1": [10.0, 11, 15, 16, 15.5], "CL2": [13.0, np.nan, 16, 17, 17]}, index=dates)
    with pytest.raises(DataError, match="2020-01-11 is no date of the prices"):
        continuous_from_positions(two, [dt.date(2020, 1, 11)])
    with pytest.raises(DataError, match="2020-01-06 is their first date"):
        continuous_from_positions(two, [dates[0]])
    with pytest.raises(DataError, match=r"'CL2', into which the position is rolled, has no price on 2020-01-07"):
        continuous_from_positions(two, [dates[2]])


def test_positions_real_crude_held_changes_are_calmer_than_the_front_column_on_roll_days():
    frame = pd.read_csv(shared_data("energy_futures_contract1_4_daily.csv"), index_col="date", parse_dates=True)
    prices = frame[["CL1", "CL2"]].dropna()
    rolls = _first_dates_of_crude_contracts(prices.index)
    result = continuous_from_positions(prices, rolls, "difference")
    assert len(result.rolls) == len(rolls) > 350
    np.testing.assert_allclose(result.adjusted.diff()[1:], result.held_changes[1:], atol=1e-9)
    # Not the front column's own path: 31 years of gaps are no profit.
    gap_total = result.roll_gaps.sum()
    assert result.held_changes.sum() == pytest.approx(prices.CL1.iloc[-1] - prices.CL1.iloc[0] - gap_total, abs=1e-8)
    # The second position of the day before is the contract that stands first today.
    held = result.held_changes.reindex(rolls)
    second = prices.CL2.shift(1).reindex(rolls)
    assert held.std() < 0.9 * prices.CL1.diff().reindex(rolls).std()
    np.testing.assert_allclose(held, prices.CL1.reindex(rolls) - second, atol=1e-12)


def _first_dates_of_crude_contracts(dates: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """NYMEX crude: last trade three business days before the 25th, or before the business day preceding it."""
    holidays = pd.bdate_range(dates[0], dates[-1]).difference(dates).to_numpy().astype("datetime64[D]")
    months = pd.period_range("1986-01", "2016-11", freq="M")
    days = np.array([f"{month}-25" for month in months], dtype="datetime64[D]")
    ends = np.busday_offset(np.busday_offset(days, 0, roll="backward", holidays=holidays), -3, holidays=holidays)
    return dates[dates.searchsorted(pd.DatetimeIndex(ends), side="right")].unique()


def test_contracts_real_vix_positions_reconcile_with_the_account():
    frame = pd.read_csv(shared_data("vix_futures_m1_m8_daily.csv"), index_col="date", parse_dates=True)
    prices, expiries = frame[[f"M{k}" for k in range(1, 9)]], frame[[f"exp{k}" for k in range(1, 9)]]
    contracts, last = contracts_from_positions(prices, expiries)
    result = continuous_from_contracts(contracts, last, RollByDate(5), "difference")
    assert len(result.rolls) > 115
    assert result.held_changes.sum() == pytest.approx(_account_profit(contracts, result), abs=1e-9)
    # Ten years of contango: the long holder lost far more than the front price moved.
    assert result.held_changes.sum() < -50.0
    assert contracts.loc["2006-11-01", "2006-11-15"] == 11.51
