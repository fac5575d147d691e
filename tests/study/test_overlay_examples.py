"""The example studies of overlays and tail hedges run as they stand, with fewer draws; cases print claims beside
figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data import shared_data
from hedgerow.market import load_sample
from hedgerow.study import load_study, run_study

STUDIES = Path(__file__).resolve().parents[2] / "examples" / "studies"


def run(name: str, **data: Any) -> Any:
    """Run an example with 100 draws and without what takes long."""
    study: Any = load_study(STUDIES / f"{name}.yaml")
    if study.kind in ("overlay", "tail"):
        quick = {"draws": 100} | ({"late": ()} if study.kind == "overlay" else {})
        study = study.model_copy(update={"judging": study.judging.model_copy(update=quick)} | data)
    return run_study(study, STUDIES)


def test_sample_joins_the_index_and_its_volatility_on_common_dates() -> None:
    both, index, vix = (load_sample(name).prices for name in ("sp500-vix", "sp500", "vix"))
    assert list(both.columns) == ["S&P 500", "VIX"]
    assert (str(both.index[0].date()), str(both.index[-1].date())) == ("2014-01-03", "2018-12-31")
    assert both.index.equals(index.index.intersection(vix.index))
    np.testing.assert_array_equal(both["VIX"], vix["VIX"].reindex(both.index))


@pytest.mark.compiled
@pytest.mark.parametrize("name", ["case_vix_scaled", "case_conditional_vix20"])
def test_case_prints_every_claim_beside_what_it_measured(name: str, tmp_path: Path) -> None:
    outcome = run(name)
    assert len(outcome.claims) >= 10
    text = outcome.write_html(tmp_path / "report.html").read_text("utf-8")
    assert "Claimed against measured" in text
    assert "no data" in text
    figures = outcome.figures
    vix = load_sample("sp500-vix").prices["VIX"]
    assert figures["share of days with VIX above 20"] == pytest.approx((vix > 20.0).mean())
    if name == "case_vix_scaled":
        assert outcome.claims["measured here"]["Largest multiplier"] == pytest.approx((vix.max() - 12.0) / 8.0)
        assert np.isnan(outcome.claims["measured here"]["Offset in 2020"])
    else:
        assert outcome.claims["measured here"]["Highest VIX of 2015"] == 40.74


@pytest.mark.compiled
def test_gamma_scalping_says_which_year_it_replays() -> None:
    outcome = run("case_gamma_scalping_2019")
    assert "2018" in outcome.study.title
    assert str(outcome.path.index[0])[:4] == str(outcome.path.index[-1])[:4] == "2018"
    assert outcome.figures["attribution theta"] < 0.0 < outcome.figures["attribution gamma"]
    assert len(outcome.claims) == 5


@pytest.mark.compiled
def test_overlays_and_tail_hedges_of_the_samples_run(tmp_path: Path) -> None:
    overlay, tail = run("overlay_sp500"), run("tail_sp500")
    assert overlay.choice is not None
    assert len(overlay.usual_claims) >= 10
    assert overlay.verdict.endswith("after costs.")
    assert tail.tail.budget == 0.005
    assert set(tail.tail.stress()["shock"]) == {"1987", "2008", "2020", "25 % at once"}


@pytest.mark.compiled
def test_term_structure_case_runs_on_the_futures_of_the_user() -> None:
    folder = shared_data("vix_futures_m1_m8_daily.csv").parent
    study: Any = load_study(STUDIES / "case_term_structure.yaml")
    quick = study.judging.model_copy(update={"draws": 0, "late": ()})
    outcome = run_study(study.model_copy(update={"judging": quick}), folder)
    assert np.isfinite(outcome.claims["measured here"]).all()
    assert outcome.source.market.dates[0].year == 2016
    held = outcome.comparison.results["near and far"].account.held
    np.testing.assert_allclose(held[0][2:] + held[1][2:], 1.0, atol=1e-12)
