"""``hedgerow overlay``: its JSON against the library's own doors, rows that leave, what a person reads, refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.overlays import (
    STAGES,
    RelativeMove,
    Shape,
    SignalMove,
    Signals,
    TermStructure,
    VixLinear,
    Weekly,
    shaped,
)

BASIC = ("overlay", "m.csv", "--vix", "vix", "--price", "close", "--rule")
LINEAR = (*BASIC, "vix_linear")


@pytest.fixture
def market(tmp_path: Path) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    n = 300
    dates = pd.bdate_range("2015-01-01", periods=n, name="date")
    vix = np.clip(18 * np.exp(np.cumsum(rng.normal(0, 0.06, n))), 9, 80).round(2)
    returns = rng.normal(0, 0.01, (n, 3))
    names = ("close", "one", "two")
    prices = {name: (100 * np.exp(np.cumsum(returns[:, i]))).round(4) for i, name in enumerate(names)}
    table = pd.DataFrame({"vix": vix, **prices, "M1": vix + 0.5, "M3": vix + 1.5}, dates)
    table.to_csv(tmp_path / "m.csv")
    return table


def refused(answer: Any, *words: str) -> None:
    assert answer.code == 2, (answer.out, answer.err)
    assert answer.out == ""
    lines = answer.err.strip().split("\n")
    assert len(lines) == 1, answer.err
    for word in words:
        assert word in lines[0], lines[0]


def test_json_is_every_stage_of_the_library_on_every_row(hedgerow: Any, market: pd.DataFrame) -> None:
    found = hedgerow(
        *LINEAR, "--set", "low=12", "--set", "width=8", "--shape", "smooth=5", "--shape", "persist=2",
        "--shape", "floor=0.2", "--shape", "cap=2", "--shape", "threshold=3,15%,weekly", "--json",
    ).json  # fmt: skip
    assert list(found) == ["dates", "multiplier", "stages", "summary"]
    assert list(found["stages"]) == list(STAGES)
    signals = Signals.of({"vix": market["vix"], "price": market["close"]})
    shape = Shape(5, 2, 0.2, 2.0, (SignalMove(3.0), RelativeMove(0.15), Weekly()))
    path = shaped(VixLinear(12, 8), signals, shape)
    assert found["dates"] == [str(day.date()) for day in market.index]
    for stage in STAGES:
        np.testing.assert_array_equal(np.array(found["stages"][stage], float), path.stages[stage])
    assert found["multiplier"] == found["stages"]["budget"]
    assert found["multiplier"][:4] == [None] * 4
    summary = found["summary"]
    assert summary["rows"] == 300
    assert (summary["rows_dropped"], summary["warm_up"], summary["lag"]) == (0, 4, 1)
    assert summary["last_multiplier"] == path.multiplier[-1]
    assert summary["rebalances"] == path.rebalanced.sum()
    assert summary["shape"] == repr(shape)


def test_figures_of_a_worked_path(hedgerow: Any, tmp_path: Path) -> None:
    dates = pd.bdate_range("2024-01-01", periods=5, name="date")
    pd.DataFrame({"vix": [20.0, 30.0, 10.0, 10.0, 25.0], "close": 100.0}, dates).to_csv(tmp_path / "m.csv")
    found = hedgerow(*LINEAR, "--set", "low=10", "--set", "width=10", "--json").json
    assert found["multiplier"] == [1.0, 2.0, 0.0, 0.0, 1.5]
    summary = found["summary"]
    # held a close later: 0, 1, 2, 0, 0
    assert summary["turnover"] == 4.0
    assert (summary["trades"], summary["days_hedged"], summary["share_hedged"]) == (3, 2, 0.4)
    assert (summary["last_multiplier"], summary["last_held"]) == (1.5, 0.0)
    assert (summary["mean_multiplier"], summary["mean_held"]) == (0.9, 0.6)
    days = {row["multiplier"]: row["days"] for row in summary["ranges"]}
    assert days == {
        "0": 2, "above 0 to 0.5": 0, "above 0.5 to 1": 1, "above 1 to 1.5": 1, "above 1.5 to 2": 1, "above 2": 0,
    }  # fmt: skip
    at_once = hedgerow(*LINEAR, "--set", "low=10", "--set", "width=10", "--lag", 0, "--json").json["summary"]
    assert (at_once["last_held"], at_once["turnover"]) == (1.5, 5.5)


def test_rows_without_every_column_leave_with_a_count_and_a_sentence(
    hedgerow: Any, market: pd.DataFrame, tmp_path: Path
) -> None:
    market.loc["2015-03-02", "vix"] = np.nan  # missing on a traded day
    market.loc["2015-04-03", "close"] = np.nan  # printed on a holiday of the hedge
    market.loc["2015-05-01", ["one"]] = np.nan  # not a column that is asked for
    market.to_csv(tmp_path / "m.csv")
    found = hedgerow(*LINEAR, "--json").json
    assert found["summary"]["rows_dropped"] == 2
    assert len(found["dates"]) == 298
    assert "2015-03-02" not in found["dates"]
    assert "2015-05-01" in found["dates"]
    notes = " ".join(found["summary"]["notes"])
    assert "vix (vix) has no value on 1 row" in notes
    assert "2015-03-02" in notes
    assert "price (close) has no value on 1 row" in notes
    more = hedgerow(*LINEAR, "--signal", "other=one", "--json").json
    assert more["summary"]["rows_dropped"] == 3


def test_several_files_are_joined_on_the_date(hedgerow: Any, market: pd.DataFrame, tmp_path: Path) -> None:
    market[["vix"]].rename(columns={"vix": "close"}).iloc[10:].to_csv(tmp_path / "v.csv")
    market[["close"]].drop(market.index[50]).to_csv(tmp_path / "p.csv")
    words = ("overlay", "v.csv", "p.csv", "--vix", "v:close", "--price", "p:close", "--rule", "vix_linear", "--json")
    found = hedgerow(*words).json
    assert len(found["dates"]) == 289
    assert found["summary"]["rows_dropped"] == 11
    assert "10 rows before 2015-01-15 or after" in " ".join(found["summary"]["notes"])


def test_calendar_keeps_its_days_alone_and_is_not_consulted_unless_named(
    hedgerow: Any, market: pd.DataFrame, tmp_path: Path
) -> None:
    days = pd.date_range("2015-03-30", "2015-04-12", name="date")  # with weekends and Good Friday, 3 April
    pd.DataFrame({"vix": 20.0, "close": 100.0}, days).to_csv(tmp_path / "m.csv")
    assert len(hedgerow(*LINEAR, "--json").json["dates"]) == 14
    found = hedgerow(*LINEAR, "--calendar", "NYSE", "--json").json
    assert len(found["dates"]) == 9
    assert found["summary"]["rows_dropped"] == 5
    assert "2015-04-03" not in found["dates"]
    assert "5 rows on days on which NYSE does not trade" in " ".join(found["summary"]["notes"])
    refused(hedgerow(*LINEAR, "--calendar", "NYSEE"), "no calendar 'NYSEE'")
    pd.DataFrame({"vix": 20.0, "close": 100.0}, days[5:7]).to_csv(tmp_path / "m.csv")
    refused(hedgerow(*LINEAR, "--calendar", "NYSE"), "no row lies on a day on which NYSE trades")


def test_term_structure_reads_named_signals_or_named_columns(hedgerow: Any, market: pd.DataFrame) -> None:
    named = hedgerow(*BASIC, "term_structure", "--signal", "short=M1", "--signal", "long=M3", "--json").json
    columns = hedgerow(*BASIC, "term_structure", "--set", "short=M1", "--set", "long=M3", "--json").json
    signals = Signals.of({"short": market["M1"], "long": market["M3"]})
    np.testing.assert_array_equal(named["multiplier"], TermStructure().multiplier(signals))
    assert columns["multiplier"] == named["multiplier"]
    refused(hedgerow(*BASIC, "term_structure"), "reads the signal 'short'", "--signal short=COL")
    refused(hedgerow(*BASIC, "term_structure", "--set", "short=M9", "--signal", "long=M3"), "'M9'", "--signal M9=COL")


def test_share_of_two_hedges_is_not_bought_as_one(hedgerow: Any, market: pd.DataFrame) -> None:
    words = (*BASIC, "term_structure", "--set", "short=M1", "--set", "long=M3")
    for further in (("--shape", "budget=1%"), ("--instrument", "variance_swaps")):
        refused(
            hedgerow(*words, *further),
            "the rule term_structure gives a share that splits two hedges",
            "hedge: {short: {vix_futures: {position: 1}}, long: {vix_futures: {position: 4}}}",
            "run hedgerow overlay STUDY.yaml",
        )


def test_correlation_takes_every_further_signal_as_a_constituent(hedgerow: Any, market: pd.DataFrame) -> None:
    words = (*BASIC, "correlation", "--signal", "a=one", "--signal", "b=two", "--set", "window=20", "--json")
    found = hedgerow(*words).json
    returns = np.log(market[["one", "two"]]).diff()
    wanted = (returns["one"].rolling(20).corr(returns["two"])).clip(lower=0.0) / 0.4
    np.testing.assert_allclose(np.array(found["multiplier"], float), wanted.to_numpy(), atol=1e-9)
    assert found["summary"]["warm_up"] == 20


@pytest.mark.parametrize(
    "words",
    [
        ("vix_linear", "--set", "low=12", "--set", "width=8", "--set", "cap=2"),
        ("realised_volatility", "--set", "target=0.15", "--set", "window=20"),
        ("steps", "--set", "thresholds=15,25", "--set", "levels=0,0.5,1"),
        ("drawdown", "--set", "start=0.05", "--set", "alpha=10"),
        ("sigmoid", "--set", "midpoint=20", "--set", "steepness=0.2"),
        ("crash_intensity", "--set", "p_low_high=0.05", "--set", "p_high_low=0.15"),
        ("crash-intensity",),
        ("static", "--set", "level=1"),
        ("steps", "--set", "percentile=60", "--set", "thresholds=50,90"),
        ("vix_linear", "--set", "smooth_signal=5"),
    ],
)
def test_every_rule_of_the_issue_runs_by_its_keys(hedgerow: Any, market: pd.DataFrame, words: tuple[str, ...]) -> None:
    found = hedgerow(*BASIC, *words, "--json").json
    values = np.array(found["multiplier"], float)
    assert len(values) == len(market)
    assert np.isfinite(values[found["summary"]["warm_up"] :]).all()


def test_rows_of_a_longer_period_are_its_last_joint_ones(hedgerow: Any, market: pd.DataFrame, tmp_path: Path) -> None:
    market.loc["2015-01-09", "vix"] = np.nan  # a Friday
    market.to_csv(tmp_path / "m.csv")
    found = hedgerow(*LINEAR, "--every", "W-FRI", "--json").json
    assert found["dates"][:3] == ["2015-01-02", "2015-01-08", "2015-01-16"]
    hourly = pd.DataFrame(
        {"vix": [20.0, 21.0, 30.0], "close": 100.0},
        pd.DatetimeIndex(["2024-01-02 10:00", "2024-01-02 16:00", "2024-01-03 16:00"], name="date"),
    )
    hourly.to_csv(tmp_path / "m.csv")
    found = hedgerow(*LINEAR, "--set", "low=10", "--set", "width=10", "--json").json
    assert found["multiplier"] == [1.1, 2.0]
    assert "3 rows are several a day" in " ".join(found["summary"]["notes"])


def test_budget_binds_and_what_it_modelled_is_said(hedgerow: Any, market: pd.DataFrame) -> None:
    words = (*LINEAR, "--shape", "floor=0.5", "--shape", "budget=0.02%", "--portfolio", 5_000_000)
    found = hedgerow(*words, "--json").json
    before, after = (np.array(found["stages"][stage], float) for stage in ("threshold", "budget"))
    assert (after <= before + 1e-12).all()
    assert (after < before - 1e-6).any()
    assert found["multiplier"] == found["stages"]["budget"]
    assert found["summary"]["portfolio"] == 5_000_000.0
    answer = hedgerow(*words)
    for word in ("no swap was quoted", "below its floor of 0.5", "variance swaps 1 month", "budget binds"):
        assert word in " ".join(answer.out.split())
    refused(hedgerow(*words, "--instrument", "gold"), "no hedge 'gold'")
    refused(hedgerow(*words, "--instrument", "vix_futures"), "futures")
    refused(hedgerow(*words, "--portfolio", 0), "--portfolio must be more than 0")


def test_delay_moves_a_signal_down_and_drops_the_rows_before_it_is_known(hedgerow: Any, market: pd.DataFrame) -> None:
    now, late = hedgerow(*LINEAR, "--json").json, hedgerow(*LINEAR, "--delay", "vix=2", "--json").json
    assert late["multiplier"] == now["multiplier"][:-2]
    assert late["dates"] == now["dates"][2:]
    assert late["summary"]["rows_dropped"] == 2
    refused(hedgerow(*LINEAR, "--delay", "vicks=2"), "'vicks'")
    refused(hedgerow(*LINEAR, "--delay", "vix=-2"), "0 or more")


def test_later_rows_change_no_earlier_entry(hedgerow: Any, market: pd.DataFrame, tmp_path: Path) -> None:
    words = (*LINEAR, "--shape", "smooth=3", "--shape", "threshold=3,monthly", "--json")
    whole = hedgerow(*words).json
    market.iloc[200:, :] *= 1.7
    market.to_csv(tmp_path / "m.csv")
    other = hedgerow(*words).json
    for stage in STAGES:
        assert other["stages"][stage][:200] == whole["stages"][stage][:200]
    assert other["multiplier"][200:] != whole["multiplier"][200:]


def test_person_reads_what_to_do_today(hedgerow: Any, market: pd.DataFrame) -> None:
    words = (*LINEAR, "--shape", "floor=0.2", "--shape", "cap=2", "--shape", "threshold=weekly")
    answer = hedgerow(*words)
    assert answer.code == 0
    last = hedgerow(*words, "--json").json["multiplier"][-1]
    assert f"hold {last:.3g} times the base hedge, at the next close" in answer.out
    low = hedgerow(*LINEAR, "--set", "low=80")
    assert "hold nothing, at the next close" in low.out
    for word in ("(VIX - 10) / 15, at least 0", "turnover a year", "days hedged", "above 0.5 to 1", "rebalances"):
        assert word in answer.out
    share = hedgerow(*BASIC, "term_structure", "--set", "short=M1", "--set", "long=M3", "--lag", 0)
    assert "of the short-dated hedge, at the same close" in share.out


def test_report_and_tables_are_written(hedgerow: Any, market: pd.DataFrame, tmp_path: Path) -> None:
    answer = hedgerow(*LINEAR, "--report", "r.html", "--out", "found")
    assert "Written:" in answer.out
    html = (tmp_path / "r.html").read_text("utf-8")
    low = hedgerow(*LINEAR, "--set", "low=80")
    assert "hold nothing, at the next close" in low.out
    for word in ("(VIX - 10) / 15, at least 0", "times the base hedge", "Days by multiplier"):
        assert word in html
    table = pd.read_csv(tmp_path / "found" / "overlay.csv", index_col=0)
    assert list(table.columns) == ["signal_vix", "signal_price", *STAGES, "held"]
    np.testing.assert_array_equal(table["held"].to_numpy()[1:], table["budget"].to_numpy()[:-1])
    refused(hedgerow(*LINEAR, "--report", "nowhere/r.html"), "nowhere")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("m.csv",), ["--vix is missing"]),
        (("m.csv", "--vix", "vix", "--rule", "steps"), ["--price is missing"]),
        (("m.csv", "--vix", "vix", "--price", "close"), ["--rule is missing"]),
        (("m.csv", "--vix", "vixx", "--price", "close", "--rule", "steps"), ["'vixx'", "did you mean 'vix'"]),
        (("none.csv", "--vix", "vix", "--price", "close", "--rule", "steps"), ["none.csv"]),
        ((*BASIC[1:], "vix_linaer"), ["'vix_linaer'", "'vix_linear'"]),
        ((*BASIC[1:], "steps", "--set", "thresholds=25,15"), ["thresholds"]),
        ((*BASIC[1:], "steps", "--set", "levels=0,1,2,3"), ["one level more than thresholds"]),
        ((*LINEAR[1:], "--set", "lo=10"), ["'lo'", "'low'"]),
        ((*LINEAR[1:], "--set", "low"), ["--set 'low' is not of the form KEY=VALUE"]),
        ((*LINEAR[1:], "--set", "low=ten"), ["low", "'ten'"]),
        ((*LINEAR[1:], "--set", "low=1", "--set", "low=2"), ["'low' twice"]),
        ((*LINEAR[1:], "--shape", "cap=0.1", "--shape", "floor=0.2"), ["cap 0.1 lies below the floor 0.2"]),
        ((*LINEAR[1:], "--shape", "flor=1"), ["'flor'", "'floor'"]),
        ((*LINEAR[1:], "--shape", "threshold=often"), ["'often' is no trigger"]),
        ((*LINEAR[1:], "--shape", "budget=0"), ["budget of 0"]),
        ((*LINEAR[1:], "--shape", "budget=-0.01"), ["budget must be a number of 0 or more"]),
        ((*LINEAR[1:], "--shape", "smooth=301"), ["300 rows are too few"]),
        ((*LINEAR[1:], "--signal", "vix=close"), ["vix has its column already"]),
        ((*LINEAR[1:], "--signal", "short"), ["--signal 'short' is not of the form NAME=COL"]),
        ((*LINEAR[1:], "--lag", "-1"), ["--lag must be 0 or more"]),
        ((*LINEAR[1:], "--start", "2020-01-01"), ["2020-01-01"]),
        ((*LINEAR[1:], "--delay", "vix=two"), ["--delay vix must be a whole number"]),
    ],
)
def test_bad_input_is_one_sentence(
    hedgerow: Any, market: pd.DataFrame, words: tuple[str, ...], said: list[str]
) -> None:
    refused(hedgerow("overlay", *words), *said)
    refused(hedgerow("overlay", *words, "--json"), *said)


@pytest.mark.parametrize("level", [0.0, -12.5])
def test_volatility_index_at_zero_or_below_is_refused_with_its_date(
    hedgerow: Any, market: pd.DataFrame, tmp_path: Path, level: float
) -> None:
    market.loc["2015-06-01", "vix"] = level
    market.to_csv(tmp_path / "m.csv")
    refused(hedgerow(*LINEAR, "--json"), "'vix'", f"{level:g}", "2015-06-01", "above 0")


def test_signals_without_a_common_date_are_refused(hedgerow: Any, market: pd.DataFrame, tmp_path: Path) -> None:
    weekend = market[["M1"]].set_axis(market.index + pd.DateOffset(years=20))
    weekend.rename(columns={"M1": "late"}).to_csv(tmp_path / "w.csv")
    words = ("overlay", "m.csv", "w.csv", *LINEAR[2:], "--signal", "late=late")
    refused(hedgerow(*words), "no date has all signals vix, price, late")


def test_real_volatility_index_and_fund_since_1998(hedgerow: Any) -> None:
    vix, fund = shared_data("vix_index_daily.csv"), shared_data("spy_daily.csv")
    words = ("overlay", vix, fund, "--vix", "vix_index_daily:close", "--price", "adj_close", "--rule", "vix_linear")
    found = hedgerow(*words, "--shape", "cap=2", "--json").json
    assert (found["dates"][0], found["dates"][-1]) == ("1998-01-02", "2016-12-30")
    day = found["dates"].index("2008-11-20")  # the index closed at 80.86
    assert found["stages"]["rule"][day] == pytest.approx(70.86 / 15)
    assert found["multiplier"][day] == 2.0
    assert (
        found["summary"]["rows_dropped"] == len(pd.read_csv(vix)) + len(pd.read_csv(fund)) - 2 * len(found["dates"]) - 0
    )
