"""``hedgerow compare``: the race on the command line, as text, JSON, report and study file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

WORDS = ("compare", "prices.csv", "--exposure", "spot", "--hedge", "fut", "--quiet")


@pytest.fixture
def file(tmp_path: Path, prices: pd.DataFrame) -> Path:
    prices.to_csv(tmp_path / "prices.csv")
    return tmp_path


def test_compare_text_ranks_tests_and_judges(hedgerow: Any, file: Path) -> None:
    answer = hedgerow(*WORDS, "--method", "naive,ols,ewma,cost_aware(ewma)", "--half-spread-bps", 2)
    assert answer.code == 0, answer.err
    for words in ("cost_aware(ewma)", "DM p", "break-even", "against ols", "refit monthly"):
        assert words in answer.out.replace("\n", " ") or words in answer.out


def test_compare_table_of_evidence_keeps_names_whole_at_80_columns(hedgerow: Any, file: Path) -> None:
    answer = hedgerow(*WORDS, "--method", "ols,minimum_value_at_risk,cost_aware(ewma)", "--half-spread-bps", 2)
    assert answer.code == 0, answer.err
    lines = answer.out.splitlines()
    for name in ("minimum_value_at_risk", "cost_aware(ewma)"):
        assert sum(line.strip().startswith(name + " ") for line in lines) >= 2, answer.out


def test_compare_json_report_and_path(hedgerow: Any, file: Path) -> None:
    found = hedgerow(
        *WORDS, "--method", "ols,rolling", "--refit", 10, "--json", "--report", "r.html", "--path", "ratios.csv"
    ).json
    assert [row["method"] for row in found["methods"]] == ["ols", "rolling"]
    assert found["walk_forward"]["refit"] == 10
    assert {row["method"] for row in found["tests"]} == {"ols", "rolling"}
    assert "more than chance" in (file / "r.html").read_text()
    assert list(pd.read_csv(file / "ratios.csv").columns) == ["date", "ols", "rolling"]


def test_compare_study_file_equals_the_command(hedgerow: Any, file: Path) -> None:
    (file / "study.yaml").write_text(
        "kind: compare\ndata:\n  files: [prices.csv]\nexposure: {column: spot}\nhedges: [{column: fut}]\n"
        "methods: [ols, cost_aware(ewma)]\nwindow: 60\n"
    )
    by_file = hedgerow("run", "study.yaml", "--json").json
    by_words = hedgerow(*WORDS, "--method", "ols,cost_aware(ewma)", "--json").json
    assert by_file == by_words
    answer = hedgerow("run", "study.yaml", "--out", "found", "--quiet")
    assert answer.code == 0, answer.err
    assert {"report.html", "result.json", "tests.csv", "periods.csv"} <= {
        path.name for path in (file / "found").iterdir()
    }


def test_compare_all_leaves_out_what_needs_more_rows(hedgerow: Any, file: Path) -> None:
    found = hedgerow(*WORDS, "--json").json
    assert {"naive", "ols", "rolling", "ewma"} <= {row["method"] for row in found["methods"]}
    assert any(sentence.startswith("dcc was left out") for sentence in found["warnings"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--method", "dccc"), "did you mean"),
        (("--method", "cost_aware(dccc)"), "did you mean"),
        (("--method", "dcc"), "at least 750 rows"),
        (("--refit", "yearly"), "weekly, monthly or quarterly"),
        (("--periods", "some"), "--periods must be a number of parts, or years"),
        (("--periods", 0), "--periods must be from 1 to 50 parts, or years"),
        (("--workers", 0), "workers"),
        (("--events", "nothing.csv"), "nothing.csv"),
        (("--set-level", 2), "--set-level must be below 1"),
    ],
)
def test_compare_bad_input_is_one_sentence(hedgerow: Any, file: Path, words: tuple[Any, ...], said: str) -> None:
    answer = hedgerow(*WORDS, *words)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert answer.err.count("\n") == 1
