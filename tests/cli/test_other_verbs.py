"""``hedgerow run``, ``schema``, ``data check``, ``candidates``, ``doctor`` and ``demo``."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

pytestmark = pytest.mark.usefixtures("file")
STUDY = """\
kind: ratio
title: Jet fuel with futures
data:
  files: [p.csv]
  every: W-FRI
  sampling: joint
exposure: {column: spot, quantity: 2000}
hedges:
  - column: fut
    contract_size: 10
    half_spread_bps: 2
    commission: 1.5
    held: -3
window: 20
walk_forward: {train: 0.4, refit: 2, lag: 1}
methods: [naive, ols, rolling]
"""
FLAGS = (
    "ratio", "p.csv", "--exposure", "spot", "--quantity", 2000, "--hedge", "fut", "--contract-size", 10,
    "--every", "W-FRI", "--half-spread-bps", 2, "--commission", 1.5, "--held", -3,
    "--window", 20, "--train", 0.4, "--refit", 2, "--lag", 1,
    "--method", "naive,ols,rolling", "--json",
)  # fmt: skip


def test_run_gives_what_the_flags_give(hedgerow: Any) -> None:
    Path("study.yaml").write_text(STUDY)
    answer = hedgerow("run", "study.yaml", "--out", "results", "--json")
    assert answer.json == hedgerow(*FLAGS).json
    assert json.loads(Path("results/result.json").read_text()) == answer.json
    names = {path.name for path in Path("results").iterdir()}
    assert names == {
        "report.html", "result.json", "comparison.csv", "ratios.csv", "ledger-naive.csv", "ledger-ols.csv",
        "ledger-rolling.csv",
    }  # fmt: skip
    first = {path.name: path.read_bytes() for path in Path("results").iterdir()}
    hedgerow("run", "study.yaml", "--out", "results", "--json")
    assert first == {path.name: path.read_bytes() for path in Path("results").iterdir()}
    shown = hedgerow("run", "study.yaml")
    assert shown.code == 0
    assert "rolling" in shown.out


def test_run_tables_are_safe_in_a_spreadsheet(hedgerow: Any, prices: pd.DataFrame) -> None:
    prices.rename(columns={"fut": "=cmd()"}).to_csv("p.csv")
    Path("study.yaml").write_text(STUDY.replace("column: fut", 'column: "=cmd()"'))
    assert hedgerow("run", "study.yaml", "--out", "results").code == 0
    for path in Path("results").glob("*.csv"):
        with path.open(newline="") as stream:
            for row in csv.reader(stream):
                for cell in row:
                    assert not cell.startswith(("=", "+", "@", "\t")), (path, cell)
                    assert not cell.startswith("-") or float(cell) < 0 or cell == "-0.0", (path, cell)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  every: W-FRI", "  evry: W-FRI", ["study.yaml, line 5", "'data.evry'", "did you mean 'every'"]),
        ("window: 20", "window: 20\nwindow: 30", ["line 15", "'window'", "twice"]),
        ("window: 20", "window: often", ["line 14", "'window'", "'often'"]),
        ("window: 20", "window: [20", ["line", "not valid YAML"]),
        ("kind: ratio", "kind: ratios", ["line 1", "did you mean 'ratio'"]),
        ("sampling: joint", "sampling: each", ["line 6", "'data.sampling'", "'joint' or 'apart'"]),
        ("refit: 2", "refit: 0", ["walk_forward.refit", "0"]),
        ("[naive, ols, rolling]", "[naive, olz]", ["methods[1]", "'olz'"]),
        ("commission: 1.5", "commission: NO", ["commission", "'NO'"]),
        ("files: [p.csv]", "files: [gone.csv]", ["gone.csv"]),
    ],
)
def test_study_that_breaks_a_rule_is_one_sentence(hedgerow: Any, old: str, new: str, said: list[str]) -> None:
    assert old in STUDY
    Path("study.yaml").write_text(STUDY.replace(old, new, 1))
    answer = hedgerow("run", "study.yaml", "--out", "results", "--json")
    assert (answer.code, answer.out) == (2, "")
    assert len(answer.err.strip().split("\n")) == 1
    for word in said:
        assert word in answer.err
    assert not Path("results").exists()


def test_schema_is_draft_2020_12_and_closed(hedgerow: Any) -> None:
    schema = hedgerow("schema").json
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    models = [part for part in schema["$defs"].values() if part.get("type") == "object"]
    assert models
    assert all(part["additionalProperties"] is False for part in models)
    jsonschema = pytest.importorskip("jsonschema")
    from hedgerow.study.yaml_file import parse_yaml

    check = jsonschema.Draft202012Validator(schema)
    jsonschema.Draft202012Validator.check_schema(schema)
    check.validate(parse_yaml(STUDY.encode(), "study.yaml").content)
    assert not check.is_valid(parse_yaml(STUDY.replace("every", "evry").encode(), "study.yaml").content)


def test_data_check_reports_what_is_odd(hedgerow: Any, prices: pd.DataFrame) -> None:
    odd = prices.copy()
    odd.iloc[100:110, 1] = odd.iloc[100, 1]
    odd.iloc[5, 0] = None
    odd.to_csv("p.csv")
    found = hedgerow("data", "check", "p.csv", "--json").json["files"][0]
    assert found["missing"] == {"spot": 1}
    assert any(finding["instrument"] == "fut" for finding in found["findings"])
    assert "fut" in hedgerow("data", "check", "p.csv").out
    wrong = hedgerow("data", "check", "p.csv", "--column", "fuut")
    assert (wrong.code, wrong.out) == (2, "")
    assert "did you mean 'fut'" in wrong.err


def test_candidates_rank_the_better_hedge_first(hedgerow: Any) -> None:
    words = ("candidates", "p.csv", "--exposure", "spot", "--hedge", "gas", "--hedge", "fut", "--report", "c.html")
    result = hedgerow(*words, "--json").json
    assert result["candidates"][0]["candidate"] == "fut"
    assert Path("c.html").stat().st_size > 1000
    assert "fut" in hedgerow(*words).out


def test_doctor_and_version_answer(hedgerow: Any) -> None:
    assert hedgerow("doctor", "--json").json["libraries"]["numpy"]
    assert "numpy" in hedgerow("doctor").out
    assert hedgerow("--version").out.startswith("hedgerow ")
    assert hedgerow("--help").code == 0
    assert "--train" in hedgerow("ratio", "--help").out


def test_bare_group_shows_its_help(hedgerow: Any) -> None:
    answer = hedgerow("data")
    assert answer.code == 2
    assert "check" in answer.out + answer.err


@pytest.mark.compiled
def test_demo_writes_its_reports_in_time_and_lets_no_warning_of_a_library_through(tmp_path: Path) -> None:
    program = "from hedgerow.cli.main import main; main()"
    begun = os.times()
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, "demo", "--out", str(tmp_path / "out"), "--quiet"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert len(list((tmp_path / "out").glob("*.html"))) == 3
    assert "left out" not in done.stdout
    for method in ("ols", "dcc", "kalman"):
        assert f" {method} " in done.stdout
    ended = os.times()  # not the clock on the wall: the machine may be shared
    assert ended.children_user + ended.children_system - begun.children_user - begun.children_system < 45


@pytest.mark.compiled
@pytest.mark.skipif("CI" not in os.environ, reason="may have to compile every kernel first, which takes a minute")
def test_doctor_compile_leaves_kernels_that_a_new_process_loads() -> None:
    program = "from hedgerow.cli.main import main; main()"
    said = ""
    for _ in range(2):  # once where they have been compiled already, as `make` does with every environment
        done = subprocess.run(
            [sys.executable, "-c", program, "doctor", "--compile"],
            env=os.environ | {"NUMBA_DEBUG_CACHE": "1"}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        said = done.stdout
        if "data saved to" not in said:
            break
    assert "data saved to" not in said
    loaded = [line for line in said.splitlines() if "data loaded from" in line]
    kernels = ("robust.huber_path", "black_kernels.evaluate_options", "implied_blocks.solve_lognormal")
    for kernel in (*kernels, "program._run_blocks", "stage_code.lognormal_move", "stage_code.heston_move"):
        assert any(kernel in line for line in loaded), kernel
