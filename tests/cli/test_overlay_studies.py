"""``hedgerow overlay`` and ``hedgerow tail`` with a study file: output, files, width, exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

N = 160
OVERLAY = """kind: overlay
data: {files: [m.csv]}
market: {price: close, vix: vix, rate: 0.01, dividend_yield: 0}
hedge: {variance_swaps: {vega_notional: 5000}}
rules:
  - {name: VIX linear, rule: {vix_linear: {low: 10, width: 15}}}
judging: {draws: 100, late: [], crises: [{name: spring, start: 2015-03-02, end: 2015-05-01}]}
claims: [{what: cost, claimed: 0.001, measured: "VIX linear: cost per year"}]
"""
TAIL = """kind: tail
data: {files: [m.csv]}
market: {price: close, vix: vix, rate: 0.01, dividend_yield: 0}
hedges:
  - {name: swaps, hedge: {variance_swaps: {vega_notional: 5000}}}
  - {name: puts, hedge: {index_puts: {delta: 0.2}}}
budget_per_year: 0.01
judging: {draws: 0, crises: [{name: spring, start: 2015-03-02, end: 2015-05-01}]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rng = np.random.default_rng(2)
    dates = pd.bdate_range("2015-01-01", periods=N, name="date")
    vix = np.clip(18.0 * np.exp(np.cumsum(rng.normal(0.0, 0.05, N))), 9.0, 70.0).round(2)
    close = (100.0 * np.exp(np.cumsum(0.01 * rng.normal(size=N)))).round(4)
    pd.DataFrame({"vix": vix, "close": close}, dates).to_csv(tmp_path / "m.csv")
    (tmp_path / "overlay.yaml").write_text(OVERLAY)
    (tmp_path / "tail.yaml").write_text(TAIL)
    return tmp_path


@pytest.mark.parametrize("kind", ["overlay", "tail"])
def test_text_fits_eighty_columns_and_names_the_sample(
    hedgerow: Any, folder: Path, kind: str, monkeypatch: Any
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    answer = hedgerow(kind, f"{kind}.yaml")
    assert answer.code == 0, answer.err
    assert "parameters stated beforehand" in " ".join(answer.out.split())
    drawn = [line for line in answer.out.splitlines() if "─" in line]
    assert len(drawn) >= 4
    assert max(map(len, drawn)) <= 80
    assert "spring" in answer.out


@pytest.mark.parametrize("kind", ["overlay", "tail"])
def test_json_report_and_folder(hedgerow: Any, folder: Path, kind: str) -> None:
    found = hedgerow(kind, f"{kind}.yaml", "--json", "--out", "out", "--report", "r.html").json
    assert found["kind"] == kind
    assert json.loads((folder / "out" / "result.json").read_text("utf-8")) == found
    assert (folder / "r.html").read_text("utf-8") == (folder / "out" / "report.html").read_text("utf-8")
    figures = pd.read_csv(folder / "out" / "figures.csv", index_col=0)
    assert figures["cost_per_year"].tolist() == pytest.approx([row["cost_per_year"] for row in found["table"]])
    assert hedgerow("run", f"{kind}.yaml", "--json").json == found


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("overlay", "tail.yaml"), "tail.yaml is a tail study, not an overlay study; hedgerow run"),
        (("tail", "overlay.yaml"), "overlay.yaml is an overlay study, not a tail study"),
        (("tail", "m.csv"), "m.csv is no study"),
        (("overlay", "overlay.yaml", "--rule", "steps"), "--rule is for one overlay given by flags"),
        (("overlay", "overlay.yaml", "m.csv"), "a study names its own files; leave out m.csv"),
        (("overlay", "none.yaml"), "none.yaml"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_two(
    hedgerow: Any, folder: Path, words: tuple[str, ...], said: str
) -> None:
    answer = hedgerow(*words)
    assert answer.code == 2
    assert answer.out == ""
    assert said in answer.err
    assert len(answer.err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("low: 10", "low: ten", "line 6, column"),
        ("close, vix: vix", "clos, vix: vix", "did you mean 'close'"),
        ("draws: 100", "draw: 100", "did you mean 'draws'"),
        ("spring, start: 2015-03-02", "spring, start: 2015-07-02", "must end after it begins"),
    ],
)
def test_bad_study_is_one_sentence_with_its_place(hedgerow: Any, folder: Path, old: str, new: str, said: str) -> None:
    (folder / "overlay.yaml").write_text(OVERLAY.replace(old, new))
    answer = hedgerow("overlay", "overlay.yaml")
    assert answer.code == 2, answer.out
    assert said in answer.err
    assert len(answer.err.strip().splitlines()) == 1
