"""Hygiene report: what is seen, that it is kept, and that clean data stays unflagged."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.errors import DataError, InputError
from hedgerow.market.hygiene import CHECKS, HygieneOptions, check_prices


def _walk(rows: int = 1000, columns: tuple[str, ...] = ("share",), seed: int = 1, start: float = 100.0) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    dates = pd.bdate_range("2012-01-02", periods=rows, name="date")
    steps = generator.normal(0, 0.01, (rows, len(columns)))
    return pd.DataFrame(start * np.exp(np.cumsum(steps, axis=0)), index=dates, columns=list(columns))


def _real(name: str, *columns: str) -> pd.DataFrame:
    return pd.read_csv(shared_data(name), index_col="date", parse_dates=True)[list(columns)]


def test_report_clean_walk_has_nothing_to_say_and_says_what_it_looked_at():
    report = check_prices(_walk(1000, ("a", "b")))
    assert report.findings == ()
    assert str(report) == (
        "Looked at all 1,000 rows of 2 instruments, 2012-01-02 to 2015-10-30, later rows included; "
        "nothing was dropped.\n* Nothing to report."
    )
    assert report.to_frame().empty


def test_report_leaves_the_prices_as_they_were():
    prices = _walk(300, ("a", "b"))
    prices.iloc[40, 0] = np.nan
    prices.iloc[60, 1] *= 10
    before = prices.copy()
    report = check_prices(prices)
    pd.testing.assert_frame_equal(prices, before)
    assert {f.action for f in report.findings} <= {"kept", "leaves when series are joined"}


def test_report_every_finding_is_one_sentence_and_one_row():
    prices = _walk(400, ("a", "b"))
    prices.iloc[40, 0] = np.nan
    prices.iloc[60, 1] *= 10
    prices.iloc[100:110, 1] = prices.iloc[100, 1]
    report = check_prices(prices)
    assert len(report.findings) >= 3
    assert len(report.to_frame()) == len(report.findings) == len(report.sentences)
    for finding in report.findings:
        assert finding.sentence.endswith(".")
        assert "\n" not in finding.sentence
        assert finding.instrument in ("a", "b", "all", "a, b")
        assert finding.count > 0


def test_outlier_tenfold_print_is_named_as_undone_and_kept():
    prices = _walk()
    prices.iloc[500, 0] *= 10
    (finding,) = check_prices(prices).for_kind("outlier")
    assert finding.count == 2
    assert prices.index[500] in finding.dates
    assert f"1 of them undone on the next row ({prices.index[500]:%Y-%m-%d}), as a bad print would be" in str(finding)
    assert "kept; name them in --exclude to leave them out" in str(finding)


def test_outlier_turbulent_quarter_in_a_quiet_decade_is_not_flagged():
    generator = np.random.default_rng(5)
    scale = np.full(2500, 0.004)
    scale[1000:1250] = 0.03
    prices = pd.DataFrame(
        {"index": 100 + 10 * np.cumsum(scale * generator.normal(size=2500))},
        index=pd.bdate_range("2004-01-01", periods=2500, name="date"),
    )
    assert check_prices(prices).for_kind("outlier") == ()


def test_outlier_hurricane_weeks_of_jet_fuel_are_flagged_and_kept():
    report = check_prices(_real("energy_spot_daily.csv", "usgc_jet_usd_gal"), options=HygieneOptions(listed_dates=20))
    (finding,) = report.for_kind("outlier")
    months = {f"{date:%Y-%m}" for date in finding.dates}
    assert {"2005-09", "2008-09"} <= months
    assert finding.count == len(finding.dates) < 15
    assert finding.action == "kept"
    assert finding.sentence.startswith(
        f"usgc_jet_usd_gal: {finding.count} changes beyond 8 robust standard deviations (largest +1.202 on 2008-09-11"
    )


@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("gold_spot_daily.csv", "mid_close"),
        ("eurusd_spot_daily.csv", "mid_close"),
        ("spy_daily.csv", "close"),
        ("es_futures_daily.csv", "front_close"),
        ("gold_futures_daily.csv", "front_close"),
        ("energy_spot_daily.csv", "henry_hub_usd_mmbtu"),
        ("vix_index_daily.csv", "close"),
    ],
)
def test_real_series_show_no_split_no_unit_change_and_no_roll(file, column):
    report = check_prices(_real(file, column).dropna())
    for kind in ("split", "unit_change", "roll_jumps", "weekend"):
        assert report.for_kind(kind) == ()


@pytest.mark.parametrize("ratio", [2, 3, 4, 5, 7, 10, 1 / 2, 1 / 5, 1 / 10])
def test_split_any_usual_ratio_is_found_on_its_date(ratio):
    prices = _walk(start=645.0)
    prices.iloc[600:] /= ratio
    report = check_prices(prices)
    (finding,) = report.for_kind("split")
    assert finding.dates == (prices.index[600],)
    assert finding.count == 1
    assert report.for_kind("unit_change") == ()


def test_split_seven_for_one_reads_as_a_person_would_say_it():
    dates = pd.bdate_range("2014-05-01", periods=60, name="date")  # 2014-06-09 is the first date after the split
    prices = pd.DataFrame({"AAPL": 645.57 + 3 * np.sin(np.arange(60))}, index=dates)
    prices.loc["2014-06-09":] /= 7
    (finding,) = check_prices(prices).for_kind("split")
    assert finding.sentence.startswith("AAPL: suspected split on 2014-06-09 (price / 7: 6")
    assert "adjust the prices before it by the ratio" in finding.sentence


@pytest.mark.parametrize("ratio", [42, 100, 1000, 1 / 42, 1 / 100])
def test_unit_change_is_found_and_is_no_split(ratio):
    prices = _walk()
    prices.iloc[300:] *= ratio
    report = check_prices(prices)
    (finding,) = report.for_kind("unit_change")
    assert finding.dates == (prices.index[300],)
    assert report.for_kind("split") == ()


def test_split_price_that_halves_and_returns_is_no_split():
    prices = _walk()
    prices.iloc[600:602] /= 2
    assert check_prices(prices).for_kind("split") == ()


def test_split_yields_near_zero_that_move_threefold_in_a_week_are_no_split():
    report = check_prices(_real("us_treasury_par_yields_daily.csv", "BC_1MONTH").dropna())
    assert report.for_kind("split") == ()


def test_contracts_given_leave_the_change_across_two_of_them_unflagged():
    prices = _walk(400)
    prices.iloc[200:] *= 2
    labels = pd.DataFrame({"share": np.where(np.arange(400) < 200, "H", "M")}, index=prices.index)
    assert check_prices(prices).for_kind("split")
    report = check_prices(prices, contracts=labels)
    assert report.findings == ()


def test_stale_quotes_count_rows_and_merged_runs():
    prices = _walk()
    prices.iloc[101:106, 0] = prices.iloc[100, 0]  # five rows unmoved
    prices.iloc[201:212, 0] = prices.iloc[200, 0]  # eleven
    prices.iloc[301:305, 0] = prices.iloc[300, 0]  # four: not stale
    (finding,) = check_prices(prices).for_kind("stale")
    assert finding.count == 16
    assert finding.dates == (prices.index[101], prices.index[201])
    assert "in 2 runs, 16 rows in all (longest 11 rows from" in finding.sentence


def test_negative_price_month_is_kept_and_asks_for_differences():
    report = check_prices(_real("wti_negative_price_2020q2.csv", "CL1", "wti_usd_bbl", "usgc_jet_usd_gal"))
    negatives = report.for_kind("negative")
    assert [f.instrument for f in negatives] == ["CL1", "wti_usd_bbl"]
    assert negatives[0].sentence == (
        "CL1: 1 negative price (lowest -37.63 on 2020-04-20), kept; per cent and log changes will refuse them: "
        "use price differences."
    )
    assert {f.instrument for f in report.for_kind("outlier")} == {"CL1", "wti_usd_bbl"}
    (few,) = report.for_kind("few_rows")
    assert few.count == 85


def test_zero_prices_are_counted_apart_from_negative_ones():
    prices = _walk(200)
    prices.iloc[[10, 20], 0] = 0.0
    (finding,) = check_prices(prices).for_kind("zero")
    assert (finding.count, finding.dates) == (2, (prices.index[10], prices.index[20]))
    assert "2 prices of zero (first on" in finding.sentence


def test_missing_prices_gaps_and_weekends_are_told_with_dates():
    prices = _walk(400, ("a", "b"))
    prices.iloc[50:57, 0] = np.nan
    shifted = prices.index.to_series()
    shifted.iloc[99] += pd.Timedelta(days=(5 - shifted.iloc[99].day_of_week) % 7)
    prices.index = pd.DatetimeIndex(shifted, name="date")
    prices = prices[~prices.index.duplicated()].sort_index()
    report = check_prices(prices)
    (missing,) = report.for_kind("missing")
    assert (missing.instrument, missing.count, missing.dates[0]) == ("a", 7, prices.index[50])
    (gap,) = report.for_kind("gap")
    assert (gap.instrument, gap.count, gap.dates) == ("a", 1, (prices.index[49],))
    assert "longest 7 weekdays after" in gap.sentence
    assert report.for_kind("weekend")[0].count == 1


@pytest.mark.parametrize("every", ["W-FRI", "ME"])
def test_gaps_of_weekly_or_monthly_rows_are_not_reported(every):
    report = check_prices(_walk(3000).resample(every).last())
    assert report.for_kind("gap") == ()


def test_few_rows_warns_below_one_hundred_joint_rows():
    prices = _walk(150, ("a", "b"))
    assert check_prices(prices).for_kind("few_rows") == ()
    prices.iloc[:60, 1] = np.nan
    assert check_prices(prices).for_kind("few_rows")[0].count == 90


def test_unusable_tables_are_refused_in_a_sentence():
    prices = _walk(50, ("a", "b"))
    with pytest.raises(DataError, match="sorted and each once"):
        check_prices(prices.iloc[::-1])
    with pytest.raises(DataError, match="b: the column has no price"):
        check_prices(prices.assign(b=np.nan))
    infinite = prices.copy()
    infinite.iloc[3, 0] = np.inf
    with pytest.raises(DataError, match="a: prices must be finite or missing, got an infinite one on 2012-01-05"):
        check_prices(infinite)
    with pytest.raises(DataError, match="at least one row"):
        check_prices(prices.iloc[:0])
    with pytest.raises(InputError, match="stale_rows must be at least 2, got 1"):
        HygieneOptions(stale_rows=1)
    with pytest.raises(InputError, match="outlier_scales must be above zero"):
        HygieneOptions(outlier_scales=0.0)


@pytest.mark.parametrize("rows", [1, 2, 3, 25])
def test_tiny_and_constant_tables_pass_every_check(rows):
    report = check_prices(_walk(rows, ("a", "b")).assign(c=1.0))
    assert report.for_kind("few_rows")
    assert len(CHECKS) == len(set(CHECKS)) == 12


def test_report_of_thirty_years_is_quick():
    prices = _walk(8000, ("a", "b", "c"))
    check_prices(prices.iloc[:500])  # imports
    start = time.perf_counter()
    check_prices(prices)
    assert time.perf_counter() - start < 1.0  # 0.1 s on one quiet core


def test_report_of_half_a_million_minutes_is_vectorised():
    generator = np.random.default_rng(3)
    index = pd.date_range("2020-01-01", periods=500_000, freq="min", name="date")
    steps = generator.normal(0, 0.01, (500_000, 2))
    prices = pd.DataFrame(1000 + np.cumsum(steps, axis=0), index=index, columns=["a", "b"])
    start = time.perf_counter()
    report = check_prices(prices)
    assert time.perf_counter() - start < 5.0
    assert {f.kind for f in report.findings} == {"weekend"}
