"""Red flags: each raised and not raised at its tie, nothing passes when figures are missing, sources are named."""

from __future__ import annotations

from dataclasses import fields
from math import nan
from typing import Any

import pytest

from hedgerow.effectiveness import BacktestEvidence, RedFlag, RedFlagThresholds, red_flags

GOOD: dict[str, Any] = {
    "sharpe": 0.8,
    "win_rate": 0.55,
    "gain_by_crisis": {"2008": 3.0, "2011": 2.0, "2015": -1.0, "2020": 4.0},
    "gain_by_year": {"2008": 3.0, "2009": -2.0, "2011": 2.0, "2020": 3.5},
    "free_parameters": 2,
    "n_rows": 2000,
    "sharpe_one_row_late": 0.7,
    "deflated_sharpe": 0.97,
    "overfitting": 0.2,
}
NAMES = (
    "sharpe", "win_rate", "one_crisis", "one_year", "free_parameters", "rows_per_parameter", "one_row_late",
    "deflated_sharpe", "overfitting",
)  # fmt: skip


def judged(**changes: Any) -> dict[str, RedFlag]:
    return {flag.name: flag for flag in red_flags(BacktestEvidence(**(GOOD | changes)))}


def test_a_modest_record_raises_no_flag() -> None:
    flags = judged()
    assert tuple(flags) == NAMES
    assert all(flag.raised is False for flag in flags.values())


@pytest.mark.parametrize(
    ("name", "at_the_line", "beyond"),
    [
        ("sharpe", {"sharpe": 1.5, "sharpe_one_row_late": 1.5}, {"sharpe": 1.51, "sharpe_one_row_late": 1.5}),
        ("win_rate", {"win_rate": 0.8}, {"win_rate": 0.801}),
        ("one_crisis", {"gain_by_crisis": {"a": 1.0, "b": 1.0}}, {"gain_by_crisis": {"a": 1.01, "b": 1.0, "c": -9.0}}),
        ("one_year", {"gain_by_year": {"a": 0.3, "b": 0.1 + 0.2}}, {"gain_by_year": {"a": 2.0, "b": 1.0}}),
        ("free_parameters", {"free_parameters": 3}, {"free_parameters": 4, "n_rows": 9000}),
        ("rows_per_parameter", {"n_rows": 504}, {"n_rows": 503}),
        ("one_row_late", {"sharpe_one_row_late": 0.41}, {"sharpe_one_row_late": 0.4}),
        ("deflated_sharpe", {"deflated_sharpe": 0.95}, {"deflated_sharpe": 0.949}),
        ("overfitting", {"overfitting": 0.5}, {"overfitting": 0.51}),
    ],
)
def test_each_flag_is_raised_beyond_its_line_and_alone(name: str, at_the_line: dict, beyond: dict) -> None:  # type: ignore[type-arg]
    assert judged(**at_the_line)[name].raised is False
    raised = [flag.name for flag in judged(**beyond).values() if flag.raised]
    assert raised == [name]
    assert judged(**beyond)[name].sentence.count(":") == 1  # the fact, then what to make of it


@pytest.mark.parametrize("missing", [None, nan])
def test_nothing_passes_when_figures_are_missing(missing: float | None) -> None:
    nothing = {field.name: missing for field in fields(BacktestEvidence) if "gain" not in field.name}
    for flag in red_flags(BacktestEvidence(**nothing)):  # type: ignore[arg-type]
        assert flag.raised is None
        assert flag.value is None
        assert "not judged" in flag.sentence


@pytest.mark.parametrize(
    ("name", "changes", "reason"),
    [
        ("one_crisis", {"gain_by_crisis": {"2008": 1.0, "2020": nan}}, "the data cover 1 of the crises"),
        ("one_crisis", {"gain_by_crisis": {"2008": -1.0, "2020": 0.0}}, "none of 2 crises brought a gain"),
        ("one_year", {"gain_by_year": {}}, "the data cover 0 of the years"),
        ("rows_per_parameter", {"free_parameters": 0}, "there is no free parameter"),
        ("rows_per_parameter", {"n_rows": None}, "the number of rows was not given"),
        ("one_row_late", {"sharpe": -0.2}, "without the lag it is -0.20"),
        ("one_row_late", {"sharpe": None}, "the Sharpe ratio without the lag was not given"),
    ],
)
def test_what_cannot_be_judged_says_why(name: str, changes: dict[str, Any], reason: str) -> None:
    flag = judged(**changes)[name]
    assert flag.raised is None
    assert reason in flag.sentence


def test_shares_are_of_the_gains_alone() -> None:
    flag = judged(gain_by_crisis={"2008": 6.0, "2011": 2.0, "2015": -7.0})["one_crisis"]
    assert flag.value == 0.75
    assert flag.sentence.startswith("2008 brought 75.0 % of the gains over 3 crises")


def test_thresholds_can_be_changed() -> None:
    evidence = BacktestEvidence(**GOOD)
    strict = red_flags(evidence, RedFlagThresholds(sharpe=0.5, win_rate=0.5, lag_left=0.9, overfitting=0.1))
    assert [flag.name for flag in strict if flag.raised] == ["sharpe", "win_rate", "one_row_late", "overfitting"]


def test_every_flag_names_its_source_and_threshold() -> None:
    for flag in judged().values():
        assert len(flag.source) > 20
        assert flag.threshold > 0.0
    assert "2017" in judged()["overfitting"].source
    assert "Rule of thumb" in judged()["sharpe"].source
