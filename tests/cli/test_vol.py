"""``hedgerow vol``: each verb against the library's own doors, a study file against the verbs, and refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.market.volatility import (
    ESTIMATORS,
    ex_ante_premium,
    ex_post_premium,
    implied_standing,
    realised_estimate,
    realised_volatility,
    volatility_cone,
)
from market.volatility.sessions import daily_bars

COLUMNS = ("--open", "open", "--high", "high", "--low", "low", "--close", "close")


@pytest.fixture
def bars(tmp_path: Path) -> pd.DataFrame:
    table = daily_bars(np.random.default_rng(1), 320, gap=0.3)
    table.index = pd.bdate_range("2015-01-01", periods=len(table), name="date")
    table.to_csv(tmp_path / "bars.csv")
    return table


@pytest.fixture
def implied(bars: pd.DataFrame, tmp_path: Path) -> pd.Series:
    levels = 20.0 + 5.0 * np.sin(np.arange(len(bars)) / 20.0)
    series = pd.Series(levels, bars.index, name="index")
    series.to_csv(tmp_path / "implied.csv")
    return series / 100.0


def test_realised_gives_every_estimator_the_columns_allow(hedgerow: Any, bars: pd.DataFrame) -> None:
    found = hedgerow("vol", "realised", "bars.csv", *COLUMNS, "--json").json["realised"]
    rows = {row["estimator"]: row for row in found["estimators"]}
    assert set(rows) == set(ESTIMATORS)
    assert found["estimators"][0]["estimator"] == "yang_zhang"
    for name, row in rows.items():
        estimate = realised_estimate(bars, estimator=name)
        assert (row["volatility"], row["low"], row["high"]) == pytest.approx(
            (estimate.volatility, estimate.low, estimate.high), rel=1e-9
        )
        assert row["latest"] == pytest.approx(realised_volatility(bars, estimator=name).iloc[-1], rel=1e-9)
        assert row["efficiency"] == ESTIMATORS[name].efficiency


def test_realised_writes_the_rolling_path_and_says_the_verdict(
    hedgerow: Any, bars: pd.DataFrame, tmp_path: Path
) -> None:
    words = ("vol", "realised", "bars.csv", "--close", "close", "--estimator", "close-to-close", "--window", 10)
    answer = hedgerow(*words, "--path", "path.csv")
    assert "volatility over the last 10 days" in answer.out
    assert "close_to_close_demeaned" not in answer.out
    path = pd.read_csv(tmp_path / "path.csv", index_col=0)
    wanted = realised_volatility(bars, window=10)
    np.testing.assert_allclose(path["close_to_close"].to_numpy(), wanted.to_numpy(), rtol=1e-9)


def test_cone_is_that_of_the_library_and_holds_implied_against_its_windows(
    hedgerow: Any, bars: pd.DataFrame, implied: pd.Series
) -> None:
    words = ("vol", "cone", "bars.csv", "implied.csv", "--close", "close", "--implied", "index", "--in", "percent")
    found = hedgerow(*words, "--horizons", "10,21", "--overlap", "hodges_tompkins", "--json").json["cone"]
    wanted = volatility_cone(bars["close"], horizons=(10, 21), overlap="hodges_tompkins")
    assert [row["horizon"] for row in found["horizons"]] == [10, 21]
    assert [row["median"] for row in found["horizons"]] == pytest.approx(list(wanted["median"]), rel=1e-9)
    past = realised_volatility(bars["close"], window=21).dropna()
    assert found["implied"]["percentile"] == pytest.approx((past < implied.iloc[-1]).mean())


def test_cone_leaves_out_usual_horizons_that_do_not_fit_and_says_so(hedgerow: Any, bars: pd.DataFrame) -> None:
    found = hedgerow("vol", "cone", "bars.csv", "--close", "close", "--end", "2015-06-01", "--json").json
    assert [row["horizon"] for row in found["cone"]["horizons"]] == [10, 21, 42, 63]
    assert "leaves out horizons of 126, 252 rows" in found["warnings"][0]
    assert hedgerow("vol", "cone", "bars.csv", "--close", "close", "--horizons", "5000").code == 2


def test_rank_and_premium_are_those_of_the_library(hedgerow: Any, bars: pd.DataFrame, implied: pd.Series) -> None:
    words = ("vol", "rank", "bars.csv", "implied.csv", "--implied", "index", "--in", "percent", "--close", "close")
    found = hedgerow(*words, "--json").json
    standing = implied_standing(implied)
    assert (found["rank"]["rank"], found["rank"]["percentile"]) == pytest.approx((standing.rank, standing.percentile))
    assert "strictly below" in found["rank"]["percentile_is"]
    before, after = ex_ante_premium(implied, bars["close"]), ex_post_premium(implied, bars["close"])
    assert found["premium"]["ex_ante"]["mean_points"] == pytest.approx(before.mean_points)
    assert found["premium"]["ex_post"]["mean_points"] == pytest.approx(after.mean_points)
    assert found["premium"]["ex_ante"]["known_at_date"] is True
    assert found["premium"]["ex_post"]["known_at_date"] is False
    assert found["premium"]["ex_post"]["latest"]["known_on"] == str(bars.index[-1].date())
    text = hedgerow(*words).out
    assert "NOT known at the date" in text


def test_rank_before_today_reaches_beyond_one_on_a_new_high(hedgerow: Any, bars: pd.DataFrame, tmp_path: Path) -> None:
    pd.Series(np.linspace(0.1, 0.3, 300), bars.index[:300], name="index").to_csv(tmp_path / "up.csv")
    words = ("vol", "rank", "up.csv", "--implied", "index", "--json")
    assert hedgerow(*words).json["rank"]["rank"] == 1.0
    found = hedgerow(*words, "--before-today").json["rank"]
    assert found["rank"] > 1.0
    assert found["percentile"] == 1.0


def test_premium_waits_for_the_rows_after_where_the_series_is_young(
    hedgerow: Any, bars: pd.DataFrame, implied: pd.Series, tmp_path: Path
) -> None:
    words = ("vol", "rank", "bars.csv", "young.csv", "--implied", "implied", "--in", "percent", "--close", "close")
    (100 * implied.iloc[-15:].rename("implied")).to_csv(tmp_path / "young.csv")
    found = hedgerow(*words, "--window", 10, "--json").json["premium"]
    assert found["ex_post"] is None
    assert found["ex_ante"]["dates"] == 15


STUDY = """
kind: volatility
parts: [{parts}]
data: {{files: [bars.csv, implied.csv]}}
columns: {{close: close, implied: index, implied_in: percent}}
rank: {{window: 100}}
"""


def test_study_file_says_the_same_as_the_verb(hedgerow: Any, implied: pd.Series, tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(STUDY.format(parts="rank, premium"))
    words = ("vol", "rank", "bars.csv", "implied.csv", "--implied", "index", "--in", "percent", "--close", "close")
    found = hedgerow("run", "study.yaml", "--json").json
    assert found == hedgerow(*words, "--window", 100, "--json").json
    assert set(found) == {"rank", "premium", "warnings", "verdict"}


def test_study_without_parts_finds_everything_in_one_report(hedgerow: Any, implied: pd.Series, tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(STUDY.format(parts=""))
    found = hedgerow("run", "study.yaml", "--out", "out", "--json").json
    assert set(found) == {"realised", "cone", "rank", "premium", "warnings", "verdict"}
    assert json.loads((tmp_path / "out" / "result.json").read_text()) == found
    report = (tmp_path / "out" / "report.html").read_text()
    for title in ("Volatility through time", "Volatility cone", "Rank through time", "Premium through time"):
        assert title in report
    assert "NOT known at the date" in report
    names = {path.name for path in (tmp_path / "out").glob("*.csv")}
    assert {"estimators.csv", "cone.csv", "rank.csv", "premium_ex_post.csv"} <= names
    assert "close_to_close" in found["verdict"]
    assert hedgerow("run", "study.yaml").code == 0


def test_study_on_few_rows_leaves_parts_out_with_a_sentence_each(
    hedgerow: Any, implied: pd.Series, tmp_path: Path
) -> None:
    study = STUDY.format(parts="").replace("window: 100", "window: 252").replace("csv]", "csv], start: 2015-12-01")
    (tmp_path / "study.yaml").write_text(study)
    found = hedgerow("run", "study.yaml", "--json").json
    assert set(found) == {"realised", "cone", "premium", "warnings", "verdict"}
    assert any("no rank" in sentence for sentence in found["warnings"])


CURVE = """date,M1,M2,M3,exp1,exp2,exp3
2024-01-02,14,16,17,2024-01-17,2024-02-14,2024-03-20
2024-01-03,14,,17,2024-01-17,2024-02-14,2024-03-20
2024-01-04,18,16,15,2024-01-17,2024-02-14,2024-03-20
"""


def test_curve_gives_constant_maturity_slope_and_share(hedgerow: Any, tmp_path: Path) -> None:
    (tmp_path / "curve.csv").write_text(CURVE)
    found = hedgerow("vol", "curve", "curve.csv", "--report", "r.html", "--json").json
    assert found["curve"]["contango_share"] == 0.5
    assert found["curve"]["latest"]["shape"] == "backwardation"
    near, far, target = 13, 41, 30
    assert found["curve"]["constant_maturity"]["price"] == pytest.approx(18 - 2 * (target - near) / (far - near))
    assert "1 dates" in found["warnings"][0]
    assert "Futures by time to expiry" in (tmp_path / "r.html").read_text()
    named = ("--prices", "M1,M2,M3", "--expiries", "exp1,exp2,exp3", "--end", "2024-01-02")
    assert hedgerow("vol", "curve", "curve.csv", *named, "--json").json["curve"]["contango_share"] == 1.0
    assert "stands in backwardation" in " ".join(hedgerow("vol", "curve", "curve.csv").out.split())


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("realised", "bars.csv", "--close", "close", "--estimator", "yang_zhng"),
            "estimator 'yang_zhng' is not known; d",
        ),
        (
            ("realised", "bars.csv", "--close", "close", "--estimator", "parkinson"),
            "estimator parkinson reads high, low",
        ),
        (("realised", "bars.csv", "--close", "close", "--window", 1), "--window must be 2 or more, not 1"),
        (("realised", "bars.csv", "--close", "clos"), "column 'clos' not found in bars.csv"),
        (("realised", "bars.csv", *COLUMNS, "--every", "W-FRI"), "every W-FRI keeps the last row of each period"),
        (("realised", "bars.csv", "--close", "close", "--path", "no/x.csv"), "cannot write no/x.csv"),
        (("cone", "bars.csv", "--close", "close", "--horizons", "a"), "--horizons takes whole numbers"),
        (
            ("cone", "bars.csv", "--close", "close", "--overlap", "some"),
            "--overlap must be 'none' or 'hodges_tompkins'",
        ),
        (("rank", "implied.csv", "--implied", "index"), "implied volatility has the median"),
        (
            ("rank", "implied.csv", "--implied", "index", "--in", "points"),
            "--in must be decimal or percent, not 'points'",
        ),
        (
            ("rank", "implied.csv", "--implied", "index", "--in", "percent", "--window", 999),
            "rank and percentile over 999",
        ),
        (("curve", "bars.csv"), "bars.csv has no columns M1, M2, ..."),
        (("index", "bars.csv", "--at", "2015-01-05"), "give either --rate or --rate-file"),
        (("index", "bars.csv", "--at", "2015-01-05", "--rate", 0), "bars.csv has no column 'expiry'"),
    ],
)
def test_bad_word_is_one_sentence(hedgerow: Any, implied: pd.Series, words: tuple[Any, ...], sentence: str) -> None:
    answer = hedgerow("vol", *words)
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert answer.err.startswith(f"hedgerow: {sentence}")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("kind: volatility", "give data with the columns close or implied, an index or a curve"),
        ("kind: volatility\nparts: [cone]\nindex: {file: a, at: b, rate: 0}", "the part cone needs the column close"),
        (
            "kind: volatility\nparts: [curve]\ncolumns: {close: c}\ndata: {files: [f]}",
            "the part curve needs",
        ),
        ("kind: volatility\ncolumns: {close: c}", "data and the columns close or implied belong together"),
        ("kind: volatility\nindex: {file: a, at: b}", "give either a rate or a rate_file"),
        ("kind: volatility\nindex: {file: a, at: b, rate: 0, expiries: [c]}", "give two expiries"),
    ],
)
def test_study_that_cannot_be_is_refused(hedgerow: Any, tmp_path: Path, line: str, sentence: str) -> None:
    (tmp_path / "study.yaml").write_text(line + "\n")
    answer = hedgerow("run", "study.yaml")
    assert answer.code == 2
    assert sentence in answer.err


def test_spy_and_vix_of_2016_in_one_study(hedgerow: Any, tmp_path: Path) -> None:
    spy, vix = shared_data("spy_daily.csv"), shared_data("vix_index_daily.csv")
    fields = "\n".join(f"  {name}: spy_daily:{name}" for name in ("open", "high", "low", "close"))
    (tmp_path / "study.yaml").write_text(
        f"kind: volatility\ndata: {{files: [{spy}, {vix}], start: 2014-01-01}}\n"
        f"columns:\n{fields}\n  implied: vix_index_daily:close\n  implied_in: percent\n"
        f"curve: {{file: {shared_data('vix_futures_m1_m8_daily.csv')}, start: 2014-01-01}}\n"
    )
    found = hedgerow("run", "study.yaml", "--json").json
    assert found["realised"]["estimators"][0]["estimator"] == "yang_zhang"
    assert found["rank"]["rank"] == pytest.approx((14.04 - 11.27) / (28.14 - 11.27), abs=1e-6)
    assert found["premium"]["ex_post"]["share_positive"] > 0.7
    assert found["curve"]["latest"]["shape"] == "contango"
    assert "stands at rank 0.16" in found["verdict"]
