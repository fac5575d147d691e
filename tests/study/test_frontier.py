"""Frontier studies: the policies of the words, on the same paths, with the answer of the comparison."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.study import FrontierOutcome, FrontierStudy, SimulateStudy, run_frontier_study, run_simulate_study
from hedgerow.study.frontier.families import families_of
from hedging_cases import FRONTIER


@pytest.fixture(scope="module")
def outcome() -> FrontierOutcome:
    return run_frontier_study(FrontierStudy.model_validate(FRONTIER))


def test_each_value_of_each_family_is_compared_once(outcome: FrontierOutcome) -> None:
    assert set(outcome.frontier.table.index) == {"band 0.05", "band 0.2", "every_periods 1", "every_periods 4"}
    assert outcome.shown.index.name in (None, "policy")
    assert "every periods 4" in outcome.shown.index
    assert outcome.shown["risk"].is_monotonic_increasing


def test_rarer_trading_costs_less_and_risks_more(outcome: FrontierOutcome) -> None:
    table = outcome.frontier.table
    assert table.loc["every_periods 4", "cost"] < table.loc["every_periods 1", "cost"]
    assert table.loc["band 0.2", "risk"] > table.loc["band 0.05", "risk"]


def test_report_shows_the_best_policy_at_work_on_the_first_path(outcome: FrontierOutcome) -> None:
    family, value = outcome.frontier.best.split()
    words = {key: value for key, value in FRONTIER.items() if key not in ("families", "kind")}
    alone = run_simulate_study(SimulateStudy.model_validate(words | {"policy": {family: float(value)}}))
    np.testing.assert_allclose(outcome.example.path["pnl"], alone.path["pnl"], rtol=1e-12)
    assert outcome.figure_names == ("frontier", "violin", "delta", "gamma_theta")
    marks = [trace.name for trace in outcome.figure("delta").data]
    assert {"buy", "sell"} <= set(marks)


def test_break_even_of_each_policy_is_that_of_a_run_of_its_own(outcome: FrontierOutcome) -> None:
    words = {key: value for key, value in FRONTIER.items() if key not in ("families", "kind")}
    alone = run_simulate_study(SimulateStudy.model_validate(words | {"policy": {"band": 0.2}}))
    shown = outcome.shown.loc["band 0.2"]
    assert shown["break even"] == pytest.approx(alone.figures["break-even volatility"])
    assert shown["trades per day"] == pytest.approx(alone.figures["trades per day"])


def test_break_even_is_left_open_where_options_hedge() -> None:
    option = {"european": {"underlying": "XYZ", "kind": "call", "strike": 105, "expiry": "2027-06-18"}}
    words = FRONTIER | {"hedger": {"delta_gamma": {"instruments": [option]}}, "paths": 20}
    found = run_frontier_study(FrontierStudy.model_validate(words | {"families": {"band": {"width": [0.2]}}}))
    assert found.shown["break even"].isna().all()
    assert found.to_dict()["policies"]["band 0.2"]["break_even"] is None


def test_json_and_report_say_which_policy_to_use(outcome: FrontierOutcome, tmp_path: Path) -> None:
    found = json.loads(json.dumps(outcome.to_dict(), allow_nan=False))
    assert found["best"] in found["policies"]
    assert found["verdict"].startswith(f"Use {found['best'].replace('_', ' ')}")
    text = outcome.write_html(tmp_path / "report.html").read_text()
    assert "Cost against risk" in text
    with pytest.raises(InputError, match="did you mean 'frontier'"):
        outcome.figure("fronteir")


def test_label_names_the_key_only_where_it_is_not_the_first_of_its_policy() -> None:
    assert list(families_of({"band": {"width": [0.1]}})["band"]) == ["0.1"]
    assert list(families_of({"band": {"to": ["edge", "target"]}})["band"]) == ["to edge", "to target"]


@pytest.mark.parametrize(
    ("families", "sentence"),
    [
        ({"bnad": {"width": [0.1]}}, "did you mean 'band'"),
        ({"band": {"width": [0.1], "to": ["edge"]}}, "varies one key, not 2"),
        ({"band": {"width": []}}, "no values of width"),
        ({"band": {"width": [-0.1]}}, "0 or more"),
        ({"band": {"width": [0.1, 0.1]}}, "family band tries 0.1 twice"),
    ],
)
def test_families_that_are_none_are_one_sentence(families: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        FrontierStudy.model_validate(FRONTIER | {"families": families})
