"""Slips of all kinds on overlays and tail hedges: one sentence, exit code 2, nothing half-written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hedgerow.engine.overlay import OverlayOptions
from hedgerow.errors import DataError, InputError
from hedgerow.overlays import Shape, Signals, TermStructure, VixLinear
from hedgerow.programmes import OverlayMarket

LINEAR = ("--vix", "vix", "--price", "px", "--rule", "vix_linear", "--set", "low=10", "--set", "width=15")
STUDY = """kind: overlay
data: {files: [m.csv]}
market: {price: px, vix: vix, rate: 0.0, dividend_yield: 0.0}
judging: {draws: 0, late: []}
rules: [{name: a, rule: {vix_linear: {low: 10, width: 15}}}]
"""
TAIL = """kind: tail
data: {files: [m.csv]}
market: {price: px, vix: vix, rate: 0.0, dividend_yield: 0.0}
judging: {draws: 0}
hedges: [{name: puts, hedge: {index_puts: {delta: 0.25}}}]
"""
DAYS = pd.bdate_range("2020-01-01", periods=60, name="date")


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"vix": 18.0 + rng.normal(size=60), "px": 100.0 + rng.normal(size=60)}, DAYS).round(3)
    table.to_csv(tmp_path / "m.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(answer: Any, said: str) -> None:
    assert answer.code == 2, answer
    assert said in answer.err
    assert len(answer.err.strip().splitlines()) == 1, answer.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--out", ""), "--out '' is no folder name"),
        (("--out", "m.csv"), "--out 'm.csv' is a file"),
        (("--report", "m.csv"), "m.csv is what the result is made of and would be overwritten"),
        (("--out", "new", "--report", "none/r.html"), "there is no folder none"),
        (("--shape", "smooth=1e30"), "1,000,000 at most"),
        (("--lag", "1" + "0" * 30), "--lag must be 1000000 or less"),
        (("--delay", "vix=99999999999999999999"), "nothing is ever known"),
        (("--available-at", "vxi=16:15"), "did you mean 'vix'"),
        (("--available-at", "vix=25:00"), "available_at of 'vix' takes a column of moments, a time of the day"),
        (("--decided-at", "4pm"), "decided_at must be a time of the day"),
    ],
)
def test_slip_of_the_command_is_one_sentence(hedgerow: Any, folder: Path, words: tuple[str, ...], said: str) -> None:
    before = (folder / "m.csv").read_bytes()
    refused(hedgerow("overlay", "m.csv", *LINEAR, *words), said)
    assert [each.name for each in folder.iterdir()] == ["m.csv"]
    assert (folder / "m.csv").read_bytes() == before


def test_correlation_without_constituents_says_how_to_name_them(hedgerow: Any, folder: Path) -> None:
    refused(hedgerow("overlay", "m.csv", *LINEAR[:4], "--rule", "correlation"), "name each with --signal NAME=COL")


@pytest.mark.parametrize(
    ("verb", "old", "new", "said"),
    [
        ("overlay", "judging", "lag: 99999\njudging", "with a lag of 99,999 dates nothing is filled within the 60"),
        ("overlay", "late: []", "late: [-1]", "'judging.late[0]': must be greater than or equal to 0"),
        ("overlay", "{low: 10,", "{lo: 10,", "did you mean 'low'? it takes low, width, cap, percentile, smooth_signal"),
        ("overlay", "{vix_linear: {low: 10, width: 15}}", "12", "must be text or keys with their values or a list"),
        (
            "overlay",
            "{vix_linear: {low: 10, width: 15}}",
            "{vix_linear: 12}",
            "name the one you mean (low, width, cap)",
        ),
        ("tail", "{delta: 0.25}", "0.25", "several fields that it might be; name the one you mean (multiplier,"),
        ("tail", "{delta: 0.25}", "{costs: 0.1}", "costs is given by its keys (volatility_points, half_spread"),
        ("tail", "{delta: 0.25}", "{skew: steep}", "skew is given by its keys ("),
        ("tail", "judging", "shocks: [{name: x, spot: 0.25}]\njudging", "is no fall, which is written -0.25"),
        (
            "tail",
            "draws: 0",
            "draws: 0, crises: [{name: x, start: soon, end: 2020-02-03}]",
            "start 'soon' is not a date",
        ),
    ],
)
def test_slip_of_a_study_is_one_sentence_that_counts_right(
    hedgerow: Any, folder: Path, verb: str, old: str, new: str, said: str
) -> None:
    text = {"overlay": STUDY, "tail": TAIL}[verb]
    assert old in text
    (folder / "s.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    answer = hedgerow(verb, "s.yaml")
    refused(answer, said)
    assert "more problem" not in answer.err


def test_results_are_all_there_or_none(hedgerow: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = hedgerow("overlay", "m.csv", *LINEAR, "--out", "a/b", "--report", "r.html", "--json")
    assert answer.code == 0
    assert (folder / "r.html").read_text("utf-8") == (folder / "a/b/report.html").read_text("utf-8")
    assert {each.name for each in (folder / "a/b").iterdir()} == {"report.html", "result.json", "overlay.csv"}
    (folder / "overlay.csv").write_bytes((folder / "m.csv").read_bytes())
    refused(hedgerow("overlay", "overlay.csv", *LINEAR, "--out", "."), "overlay.csv is what the result is made of")
    assert not (folder / "result.json").exists()
    monkeypatch.setattr("hedgerow.cli.results.csv_text", lambda _table: (_ for _ in ()).throw(DataError("no")))
    refused(hedgerow("overlay", "m.csv", *LINEAR, "--out", "c/d"), "no")
    assert not (folder / "c").exists()


def test_shock_that_rises_is_named(hedgerow: Any, folder: Path) -> None:
    (folder / "s.yaml").write_text(TAIL + "shocks: [{name: up, spot: 0.1, vix: -3}]\n", encoding="utf-8")
    assert "The shock up moves the index by +10.0%: that is no fall" in hedgerow("tail", "s.yaml").out


def test_rule_takes_a_series_alone_and_refuses_what_is_no_signal() -> None:
    vix = pd.Series(np.linspace(12.0, 30.0, 60), DAYS)
    rule = VixLinear(10, 15)
    assert rule.multiplier(vix).tolist() == rule.multiplier(Signals.of({"vix": vix})).tolist()  # type: ignore[arg-type]
    with pytest.raises(InputError, match="reads Signals, such as"):
        TermStructure().multiplier(vix)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="not a ndarray"):
        rule.multiplier(vix.to_numpy())  # type: ignore[arg-type]


@pytest.mark.parametrize("lag", [float("nan"), float("inf"), "one", 1.5, -1, 10**30, True])
def test_lag_that_is_none_is_refused_in_python(lag: Any) -> None:
    with pytest.raises(InputError, match="the lag must be a whole number of dates"):
        OverlayOptions(lag=lag)


@pytest.mark.parametrize("delay", [float("nan"), "one", -1, True, None])
def test_delay_that_is_none_is_refused_in_python(delay: Any) -> None:
    with pytest.raises(InputError, match="the delay of 'vix' must be a whole number"):
        Signals.of({"vix": pd.Series(18.0, DAYS)}, delays={"vix": delay})


def test_index_that_no_index_can_be_is_refused() -> None:
    vix = pd.Series(18.0, DAYS)
    vix.iloc[4] = 1e300
    with pytest.raises(DataError, match="no volatility index is above 10,000 points"):
        OverlayMarket.of(pd.Series(100.0, DAYS), vix, rate=0.0, dividend_yield=0.0)
    with pytest.raises(InputError, match="1,000,000 at most"):
        Shape(smooth=10**30)
