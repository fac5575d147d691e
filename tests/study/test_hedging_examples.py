"""The example studies of hedged books run as they stand, with fewer paths; cases print claims beside figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hedgerow.study import load_study, run_study

STUDIES = Path(__file__).resolve().parents[2] / "examples" / "studies"
CASES = ("case_market_maker", "case_long_call_overlay", "case_retail_account", "case_institutional_straddles")
FEW = {"paths": 200}


@pytest.mark.parametrize("name", CASES)
def test_case_study_prints_every_claim_beside_what_it_measured(name: str, tmp_path: Path) -> None:
    study = load_study(STUDIES / f"{name}.yaml")
    study = study.model_copy(update=FEW | {"every": "day"}) if study.kind == "simulate" else study
    outcome = run_study(study, STUDIES)
    assert len(outcome.claims) >= 6
    measured = [claim.what for claim in study.claims if claim.measured]
    assert np.isfinite(outcome.claims.loc[measured, "measured here"]).all()
    text = outcome.write_html(tmp_path / "report.html").read_text()
    assert "Claimed against measured" in text


def test_market_maker_earns_theta_on_a_path_that_hardly_moves() -> None:
    outcome = run_study(load_study(STUDIES / "case_market_maker.yaml"), STUDIES)
    figures = outcome.figures
    assert figures["attribution gamma"] < 0.0 < figures["attribution theta"]
    assert figures["realised volatility"] < 0.1
    assert figures["costs"] < 300.0


def test_retail_account_cannot_open_its_position() -> None:
    outcome = run_study(load_study(STUDIES / "case_retail_account.yaml"), STUDIES)
    assert outcome.figures["opening shortfall"] > 40_000.0
    assert outcome.figures["profit of the first path"] < 0.0
    assert any("cannot be opened" in sentence for sentence in outcome.warnings)


def test_institutional_book_is_scaled_down_and_left_a_week_before_expiry_within_its_cost_budget() -> None:
    study = load_study(STUDIES / "case_institutional_straddles.yaml").model_copy(update=FEW | {"every": "day"})
    outcome = run_study(study, STUDIES)
    assert outcome.exits["left"].tolist() == [0.75, 0.75, 0.5, 0.5, 0.0, 0.0]
    assert outcome.exits["reason"].iloc[-1] == "7 days to expiry"
    assert outcome.figures["costs"] < outcome.claims.loc["Cost budget of six weeks", "claimed"]
    assert outcome.path["holding"].iloc[-1] == 0.0


@pytest.mark.parametrize("name", ["simulate_short_calls", "frontier_short_calls"])
def test_other_example_runs(name: str) -> None:
    study = load_study(STUDIES / f"{name}.yaml").model_copy(update=FEW | {"steps": 10})
    assert run_study(study, STUDIES).verdict
