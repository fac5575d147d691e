"""The table of figures: each is its own function's, dates are the index's, gaps are named."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from data import shared_data
from hedgerow.effectiveness import Performance, PerformanceOptions, cvar, performance, performance_table, value_at_risk
from hedgerow.errors import DataError, InputError

DAYS = pd.bdate_range("2019-01-01", periods=400)
RECORDS = pd.DataFrame(np.random.default_rng(6).normal(0.0003, 0.01, (400, 3)), DAYS, ["none", "static", "rule"])


def test_table_has_the_figures_of_each_record_and_its_dates() -> None:
    table = performance_table(RECORDS, RECORDS["none"])
    assert list(table.index) == list(RECORDS.columns)
    for name in RECORDS:
        alone = performance(RECORDS[name], RECORDS["none"])
        for field in fields(Performance):
            assert table.loc[name, field.name] == getattr(alone, field.name)
    wealth = (1.0 + RECORDS["rule"]).cumprod()
    trough = (wealth / wealth.cummax().clip(lower=1.0)).idxmin()
    assert table.loc["rule", "trough"] == trough
    assert table.loc["rule", "peak"] == wealth[:trough].idxmax()
    assert table.loc["none", ["beta", "up_capture", "down_capture"]].tolist() == pytest.approx([1.0, 1.0, 1.0])


def test_figures_agree_with_numpy_and_scipy() -> None:
    rows = RECORDS["rule"].to_numpy()
    found = performance(rows)
    assert found.value_at_risk == pytest.approx(-np.quantile(rows, 0.05), abs=1e-10)
    assert found.cvar == pytest.approx(-np.sort(rows)[:20].mean(), abs=1e-10)  # the rank of 5 % of 399 gaps is 19
    assert found.skewness == pytest.approx(stats.skew(rows), abs=1e-10)
    assert found.excess_kurtosis == pytest.approx(stats.kurtosis(rows), abs=1e-10)
    assert (found.value_at_risk, found.cvar) == (value_at_risk(rows), cvar(rows))


def test_options_reach_every_figure() -> None:
    plain = performance(RECORDS["rule"])
    other = performance(
        RECORDS["rule"], options=PerformanceOptions(rate=0.02, target=0.03, periods_per_year=365, level=0.99)
    )
    for name in ("annual_return", "volatility", "sharpe", "sortino", "omega", "calmar", "value_at_risk", "cvar"):
        assert getattr(plain, name) != getattr(other, name)
    assert other.max_drawdown == plain.max_drawdown


def test_money_has_no_compound_return_and_no_benchmark_no_columns() -> None:
    table = performance_table(RECORDS * 1e6, options=PerformanceOptions(kind="money"))
    assert not {"annual_compound_return", "beta", "up_capture", "down_capture"} & set(table.columns)
    relative = performance_table(RECORDS)
    assert table["annual_return"].tolist() == pytest.approx((relative["annual_return"] * 1e6).tolist())
    assert table["sharpe"].tolist() == pytest.approx(relative["sharpe"].tolist())


def test_records_that_cannot_be_read_are_named() -> None:
    holed = RECORDS.copy()
    holed.iloc[5, 1] = np.nan
    with pytest.raises(DataError, match="column 'static' at 2019-01-08"):
        performance_table(holed)
    with pytest.raises(DataError, match="'a' stands twice"):
        performance_table(pd.DataFrame([[0.1, 0.2]], columns=["a", "a"]))
    with pytest.raises(DataError, match="same index"):
        performance_table(RECORDS, RECORDS["none"].iloc[1:])
    with pytest.raises(InputError, match="kind"):
        PerformanceOptions(kind="percent")  # type: ignore[arg-type]


def test_options_print_as_the_code_that_makes_them() -> None:
    options = PerformanceOptions(rate=0.01)
    assert eval(repr(options)) == options  # noqa: S307


def test_figures_of_the_market_are_those_of_history() -> None:
    prices = pd.read_csv(shared_data("spy_daily.csv"), index_col=0, parse_dates=True)["close"]
    row = performance_table(prices.pct_change().dropna().to_frame("fund")).loc["fund"]
    assert row["max_drawdown"] == pytest.approx(1.0 - 68.11 / 156.40, abs=1e-12)  # closes of these two dates
    assert (row["peak"], row["trough"]) == (pd.Timestamp("2007-10-09"), pd.Timestamp("2009-03-09"))
    assert row["recovery"].year == 2013
    assert 0.15 < row["volatility"] < 0.25


def test_tiny_and_huge_units_of_money_change_no_ratio() -> None:
    options = PerformanceOptions(kind="money")
    rows = RECORDS["rule"].to_numpy()
    base = performance(rows, RECORDS["none"], options)
    for unit in (1e-120, 1e120):
        found = performance(unit * rows, unit * RECORDS["none"], options)
        for name in ("sharpe", "sortino", "calmar", "omega", "win_rate", "beta", "up_capture"):
            assert getattr(found, name) == pytest.approx(getattr(base, name), rel=1e-9)
