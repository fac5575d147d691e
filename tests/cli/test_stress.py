"""``hedgerow stress``: its flags against plain numpy, what it prints, and bad input in one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

BASIC = ("stress", "p.csv", "--exposure", "spot", "--hedge", "fut", "--quantity", 5000, "--contract-size", 100)
pytestmark = pytest.mark.usefixtures("file")


def scenario(answer: Any, name: str) -> dict[str, Any]:
    return next(row for row in answer.json["scenarios"] if row["scenario"] == name)


def test_correlation_and_sigma_flags_equal_numpy(hedgerow: Any, prices: pd.DataFrame) -> None:
    answer = hedgerow(*BASIC, "--ratio", 0.6, "--rho", 0.25, "--sigma", 9, "--json")
    moves = prices.diff().dropna()
    sy, sx = moves["spot"].std(), moves["fut"].std()
    found = scenario(answer, "correlation 0.25")
    deviation = np.sqrt(sy**2 + 0.36 * sx**2 - 2 * 0.6 * 0.25 * sx * sy)
    assert found["hedged"]["loss"] == pytest.approx(9 * 5000 * deviation, rel=1e-9)
    assert found["emergency_ratio"] == pytest.approx([0.25 * sy / sx], rel=1e-9)
    assert found["emergency_contracts"] == pytest.approx([-50 * 0.25 * sy / sx], rel=1e-9)
    rho = moves["spot"].corr(moves["fut"])
    down = scenario(answer, "-9 sigma")
    assert down["hedged"]["loss"] == pytest.approx(9 * 5000 * (sy - 0.6 * rho * sx), rel=1e-9)
    assert answer.json["reverse"]["correlation_limit"] == pytest.approx(0.6 * sx / (2 * sy), rel=1e-9)


def test_method_window_and_level_flags_reach_the_study(hedgerow: Any, prices: pd.DataFrame) -> None:
    words = ("--method", "rolling", "--window", 50, "--moments-window", 100, "--var-level", 0.99, "--json")
    answer = hedgerow(*BASIC, *words).json
    tail = prices.diff().dropna().iloc[-50:]
    assert answer["ratio"] == pytest.approx([np.polyfit(tail["fut"], tail["spot"], 1)[0]], rel=1e-9)
    assert (answer["method"], answer["data"]["moments_rows"], answer["level"]) == ("rolling", 100, 0.99)
    recent = prices.diff().dropna().iloc[-100:]
    assert answer["volatilities"] == pytest.approx([recent["spot"].std(), recent["fut"].std()], rel=1e-9)


def test_scenario_flag_takes_moves_in_per_cent_and_in_prices_and_factors(hedgerow: Any, prices: pd.DataFrame) -> None:
    own = ("slump:spot=-10%,fut=-4%", "drop:spot=-2.5,fut=-1", "panic:rho=0.3,vol=3", "gap:roll-gap=2", "old:worst=3")
    words = [word for text in own for word in ("--scenario", text)]
    answer = hedgerow(*BASIC, "--ratio", 1, *words, "--no-presets", "--json")
    last = prices.iloc[-1]
    losses = {row["scenario"]: row["hedged"]["loss"] for row in answer.json["scenarios"]}
    assert list(losses) == ["slump", "drop", "panic", "gap", "old"]
    assert losses["slump"] == pytest.approx(5000 * (0.10 * last["spot"] - 0.04 * last["fut"]))
    assert losses["drop"] == pytest.approx(7500.0)
    assert losses["gap"] == pytest.approx(10_000.0)


def test_margin_flags_reach_the_account(hedgerow: Any) -> None:
    words = ("--initial-margin", 500, "--maintenance", 0.8, "--confidence", 0.9, "--buffer-rows", 4)
    held = hedgerow(*BASIC, "--ratio", 0.6, *words, "--margin-rate", 0.04, "--json").json["margin"]["held"]
    assert held["contracts"] == [-30.0]
    assert held["initial_now"] == 15_000.0
    assert (held["buffer_confidence"], held["buffer_rows"]) == (0.9, 4)
    assert held["cost_per_year"] == pytest.approx(0.04 * (15_000.0 + held["buffer"]))
    share = hedgerow(*BASIC, "--ratio", 0.6, "--margin-share", 0.1, "--json").json["margin"]
    assert share["one_for_one"]["initial_now"] > share["held"]["initial_now"]


def test_printed_text_has_losses_margin_stop_and_verdict(hedgerow: Any, tmp_path: Path) -> None:
    answer = hedgerow(*BASIC, "--stop-loss", 10_000, "--report", "out.html", "--index", "none", "--risk-aversion", 1e-5)
    assert answer.code == 0, answer.err
    for words in (
        "as estimated",
        "margin and cash",
        "A loss of 10,000 is reached",
        "the ratio is 0.",
        "stops removing variance",
    ):
        assert words in " ".join(answer.out.split())
    assert "volatility index" not in answer.out
    assert "Report:" in answer.out
    assert (tmp_path / "out.html").stat().st_size > 100_000


def test_study_file_prints_the_same_scenarios_and_writes_its_tables(hedgerow: Any, tmp_path: Path) -> None:
    knock = "{instrument: fut, barrier: 150, vol: 0.2, years: 0.5, strike: 120}"
    (tmp_path / "s.yaml").write_text(
        "kind: stress\ndata: {files: [p.csv]}\nexposure: {column: spot, quantity: 5000}\n"
        f"hedges: [{{column: fut, contract_size: 100}}]\nstress: {{knock_in: {knock}}}\n",
        encoding="utf-8",
    )
    answer = hedgerow("run", "s.yaml", "--out", "results")
    assert answer.code == 0, answer.err
    assert "up-and-in call on fut at 150 costs" in " ".join(answer.out.split())
    written = {path.name for path in (tmp_path / "results").iterdir()}
    assert {"report.html", "result.json", "stress.csv", "knock-in.csv", "margin.csv", "margin-held.csv"} <= written


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--rho", 1.5), "--rho must be 1 or less"),
        (("--sigma", 0), "--sigma must be more than 0"),
        (("--scenario", "panic"), "is not of the form NAME:WORD=VALUE"),
        (("--scenario", "panic:rho=high"), "'high' where a number belongs"),
        (("--scenario", "panic:rhoo=0.3"), "'rhoo' is neither a column that is held nor one of rho"),
        (("--scenario", "x:spot=-10%,fut=-1"), "mixes moves in per cent and in price units"),
        (("--scenario", "x:sigma=2,worst=3"), "one kind of move"),
        (("--scenario", "x:rho=7"), "--scenario: correlation: must be 1 or less"),
        (("--index", "12"), "--index takes two levels"),
        (("--index", "0,60"), "hedgerow: levels of a volatility index must be above 0"),
        (("--method", "ols,naive"), "names one method"),
        (("--ratio", 1, "--ratio", 2), "2 ratios are given for 1 hedge;"),
        (("--initial-margin", 5, "--margin-share", 0.1), "hedgerow: margin is given as initial and as share"),
        (("--maintenance", 2), "--maintenance must be 1 or less"),
        (("--buffer-rows", 0), "--buffer-rows must be 1 or more"),
        (("--var-level", 2), "--var-level must be below 1"),
        (("--stop-loss", -5), "--stop-loss must be more than 0"),
        (("--no-presets",), "needs scenarios of its own"),
    ],
)
def test_bad_input_is_one_sentence_and_code_two(hedgerow: Any, words: tuple[object, ...], said: str) -> None:
    answer = hedgerow(*BASIC, *words)
    assert answer.code == 2
    assert answer.out == ""
    assert said in " ".join(answer.err.split())
    assert "Traceback" not in answer.err
