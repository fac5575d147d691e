"""What a comparison says of methods that wait for rows, of fits that fail, and of leads too small to print."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hedgerow.compare.judging.failures import alike, failure_sentences
from hedgerow.compare.judging.verdict import _reaches
from hedgerow.ratios.refits import Failure
from hedgerow.study import CompareOutcome, CompareStudy, run_compare_study
from hedgerow.study.compare.tables import failure_table


def prices(rows: int = 320) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    future = 100.0 + rng.normal(size=rows).cumsum()
    spot = future + 0.4 * rng.normal(size=rows).cumsum()
    dates = pd.bdate_range("2020-01-01", periods=rows, name="date")
    return pd.DataFrame({"spot": spot, "future": future}, dates)


def outcome(folder: Path, methods: list[Any], frame: pd.DataFrame) -> CompareOutcome:
    frame.to_csv(folder / "prices.csv")
    words = {
        "kind": "compare",
        "data": {"files": ["prices.csv"]},
        "exposure": {"column": "spot"},
        "hedges": [{"column": "future"}],
        "methods": methods,
    }
    return run_compare_study(CompareStudy.model_validate(words), folder)


def test_comparison_says_who_took_rows_from_the_judgement_of_all(tmp_path: Path) -> None:
    found = outcome(tmp_path, ["ols", {"name": "rolling", "window": 200}], prices())
    assert found.comparison is not None
    late = found.comparison.first_row - 319 // 2
    assert late > 0
    said = next(sentence for sentence in found.warnings if "are judged from" in sentence)
    assert "since rolling had no ratio before" in said


def test_comparison_that_starts_on_time_says_nothing_of_it(tmp_path: Path) -> None:
    found = outcome(tmp_path, ["ols", {"name": "rolling", "window": 20}], prices())
    assert not any("are judged from" in sentence for sentence in found.warnings)


def test_ratio_held_over_after_a_failed_fit_is_not_laid_on_the_instrument(tmp_path: Path) -> None:
    frame = prices()
    frame.iloc[170:240, 1] = frame.iloc[170, 1]  # the hedge stands still: fits of a window fail
    found = outcome(tmp_path, ["ols", {"name": "rolling", "window": 20}], frame)
    assert found.comparison is not None
    held = [sentence for sentence in found.warnings if sentence.startswith("rolling had no ratio of its own")]
    assert len(held) == 1
    assert found.comparison.failures["rolling"]
    assert "since fits failed (the rows before it do not identify a ratio)" in held[0]


REASONS = ("regime 1 holds 4.8% of the rows", "regime 1 holds 5.0% of the rows", "the likelihood is flat")


def test_failures_that_differ_in_figures_only_are_one_sort(tmp_path: Path) -> None:
    assert alike(REASONS[0]) == alike(REASONS[1]) != alike(REASONS[2])
    lost = tuple(Failure(row, reason) for row, reason in zip((170, 180, 190), REASONS, strict=True))
    said = failure_sentences({"one": lost, "two": lost[:2]}, {"one": 10, "two": 10})
    assert said == [
        f"one failed at 3 of 10 refits (most often: {REASONS[0]}); the ratio before was kept.",
        f"two failed at 2 of 10 refits ({REASONS[0]}); the ratio before was kept.",
    ]
    race = outcome(tmp_path, ["ols"], prices()).comparison
    assert race is not None
    race.failures["ols"] = lost  # type: ignore[index]
    table = failure_table(race)
    assert table["failed"].tolist() == [2, 1]
    assert table["reason"].tolist() == [REASONS[0], REASONS[2]]


def test_lead_below_what_is_printed_is_called_small() -> None:
    assert _reaches("dcc", 96.74, 96.66) == "dcc is ahead by less than 0.1 points"
    assert _reaches("dcc", 97.0, 96.7) == "dcc reaches 97.0 %"
