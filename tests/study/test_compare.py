"""The comparison as a study: evidence beside the ranking, failed fits named, nothing later than a decision in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hedgerow.compare import compare_methods
from hedgerow.compare.judging.failures import failure_sentences
from hedgerow.errors import InputError
from hedgerow.ratios import OLS, CostAware, RatioEstimator
from hedgerow.ratios.convergence import Convergence
from hedgerow.ratios.refits import Failure
from hedgerow.study import CompareOutcome, CompareStudy, run_compare_study
from hedgerow.study.compare.report import FIGURES
from hedgerow.study.compare.tables import failure_table


class NeverConverges(OLS):
    """A method whose search is said to fail."""

    def _ratios_at(self, X: Any, y: Any, rows: Any, log: Any) -> Any:
        return RatioEstimator._ratios_at(self, X, y, rows, log)

    def _estimate(self, X: Any, y: Any) -> Any:
        return replace(super()._estimate(X, y), convergence=Convergence(False, "the search went nowhere"))


def prices(rows: int = 320, seed: int = 0) -> pd.DataFrame:
    """Return prices whose true ratio moves from 0.5 to 1.1 half-way."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=rows)
    ratio = np.where(np.arange(rows) < rows // 2, 0.5, 1.1)
    y = ratio * x + 0.4 * rng.normal(size=rows)
    levels = 100.0 + np.column_stack([y, x]).cumsum(axis=0)
    return pd.DataFrame(levels, pd.bdate_range("2020-01-01", periods=rows, name="date"), columns=["spot", "future"])


def study(folder: Path, methods: list[Any], frame: pd.DataFrame | None = None, **words: Any) -> CompareOutcome:
    (prices() if frame is None else frame).to_csv(folder / "prices.csv")
    hedge = {"column": "future", "half_spread_bps": 5.0, **words.pop("hedge", {})}
    given = {
        "kind": "compare",
        "data": {"files": ["prices.csv"]},
        "exposure": {"column": "spot", "quantity": 5000.0},
        "hedges": [hedge],
        "methods": methods,
        **words,
    }
    return run_compare_study(CompareStudy.model_validate(given), folder)


def test_comparison_fits_monthly_and_follows_between_unless_said(tmp_path: Path) -> None:
    outcome = study(tmp_path, ["ols", "rolling"])
    race = outcome.comparison
    assert race is not None
    months = {(day.year, day.month) for day in race.times}
    assert race.refits["ols"] in (len(months), len(months) + 1)
    moves = race.ratio_paths()["rolling"].diff().abs().to_numpy()[1:]
    assert (moves > 0.0).all(), "between two fits the rolling ratio follows its window"


def test_comparison_a_ratio_that_follows_a_break_is_told_from_ols(tmp_path: Path) -> None:
    outcome = study(tmp_path, ["ols", "ewma"])
    assert "ewma" in outcome.verdict
    tests = outcome.evidence["tests"]
    assert tests.loc["ewma", "dm_p_value"] < 0.05
    assert tests.loc["ewma", "in_confidence_set"]
    assert not tests.loc["ols", "in_confidence_set"]
    assert outcome.evidence["worth"].loc["ewma", "fee"] > 0.0
    assert outcome.evidence["break-even"].loc["ewma", "case"] == "below"
    assert outcome.evidence["break-even"].loc["ewma", "cost_bps"] > 5.0


def test_comparison_cost_aware_method_turns_over_less_and_says_its_cost(tmp_path: Path) -> None:
    words = {"name": "ewma", "cost_aware": {"horizon": 5}}
    outcome = study(tmp_path, ["ewma", words, "cost_aware(rolling)"], hedge={"half_spread_bps": 50.0})
    race = outcome.comparison
    assert race is not None
    assert race.table.loc["cost_aware(ewma)", "turnover"] < 0.5 * race.table.loc["ewma", "turnover"]
    wrapped = outcome.race.methods[1].estimator
    assert isinstance(wrapped, CostAware)
    price = prices()["future"].iloc[race.first_row]
    assert np.ravel(wrapped.cost)[0] == pytest.approx(50e-4 * price)
    assert wrapped.horizon == 5


def test_comparison_commission_enters_the_cost_of_moving(tmp_path: Path) -> None:
    hedge = {"half_spread_bps": 0.0, "commission": 2.5, "contract_size": 100.0}
    outcome = study(tmp_path, ["cost_aware(rolling)"], hedge=hedge)
    wrapped = outcome.race.methods[0].estimator
    assert np.ravel(wrapped.cost)[0] == pytest.approx(2.5 / 100.0)


def test_comparison_failed_fits_are_counted_dated_and_said(tmp_path: Path) -> None:
    frame = prices()
    calm = frame.copy()
    calm.iloc[170:240, 1] = calm.iloc[170, 1]  # the hedge stands still: a rolling window of 20 has no ratio
    outcome = study(tmp_path, ["ols", {"name": "rolling", "window": 20}], calm)
    failures = outcome.evidence["failures"]
    assert failures.loc["rolling", "failed"] >= 2
    assert "rolling" in outcome.verdict or any("rolling" in sentence for sentence in outcome.warnings)
    assert outcome.to_dict()["race"]["failed"]["rolling"] == failures.loc["rolling", "failed"]


def test_comparison_few_rows_for_a_method_are_said(tmp_path: Path) -> None:
    outcome = study(tmp_path, ["ols", {"name": "ccc", "minimum_rows": 60}])
    assert any("ccc: 319 changes leave its parameters uncertain" in sentence for sentence in outcome.warnings)


def test_comparison_uncertainty_holds_ratio_and_contracts(tmp_path: Path) -> None:
    outcome = study(tmp_path, ["ols", "minimum_cvar"], hedge={"contract_size": 100.0})
    table = outcome.evidence["uncertainty"]
    own = table.loc["ols"]
    fitted = outcome.race.methods[0].estimator
    reach = 1.959964 * fitted.standard_error_[0]
    assert (own["low"], own["high"]) == pytest.approx(
        (fitted.hedge_ratio_[0] - reach, fitted.hedge_ratio_[0] + reach), rel=1e-5
    )
    assert own["contracts_low"] <= -fitted.hedge_ratio_[0] * 50.0 + 0.5 <= own["contracts_high"] + 1.0
    assert own["error_cost"] > 0.0


def test_comparison_look_ahead_is_asked_of_every_method(tmp_path: Path) -> None:
    outcome = study(tmp_path, ["ols", "ewma"], evidence={"look_ahead": True})
    assert outcome.look_ahead is not None
    assert set(outcome.look_ahead["found"]) == {"clean"}
    assert (outcome.look_ahead["asked"] > 0).all()


def test_comparison_altered_future_leaves_earlier_ratios(tmp_path: Path) -> None:
    methods = ["ols", "ewma", "cost_aware(ewma)", {"name": "dcc", "minimum_rows": 100}]
    whole = study(tmp_path, methods).race.ratio_paths()
    frame = prices()
    cut = 250
    rng = np.random.default_rng(9)
    frame.iloc[cut:] = 100.0 + 5.0 * rng.normal(size=(len(frame) - cut, 2)).cumsum(axis=0)
    altered = study(tmp_path, methods, frame).race.ratio_paths()
    before = whole.index <= frame.index[cut]  # the ratio held over a row was decided at the row before
    assert before.sum() > 80
    pd.testing.assert_frame_equal(whole[before], altered[before], check_exact=True)


def test_comparison_events_show_each_method_twice(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("date,name,factor,before,after\n2021-01-15,report,1.5,1,0\n")
    outcome = study(tmp_path, ["ols"], walk_forward={"events": "events.csv"})
    race = outcome.comparison
    assert race is not None
    assert race.methods == ("ols", "ols with events")
    held = race.ratio_paths()
    share = (held["ols with events"] / held["ols"]).to_numpy().ravel()
    assert share[race.times.get_loc("2021-01-15")] == pytest.approx(1.5)
    assert (np.delete(share, race.times.get_loc("2021-01-15")) == 1.0).all()


def test_comparison_events_that_lead_still_give_report_json_and_the_ratio_to_hold(tmp_path: Path) -> None:
    frame = prices()
    (tmp_path / "events.csv").write_text(f"date,name,factor,before,after\n{frame.index[-1].date()},report,1.25,120,1\n")
    outcome = study(tmp_path, ["ols"], frame, walk_forward={"events": "events.csv"})
    assert outcome.comparison is not None
    assert outcome.comparison.ranked.index[0] == "ols with events"  # the true ratio has risen since
    assert outcome.race.best.name == "ols"
    found = outcome.to_dict()
    doubled = outcome.comparison.table.loc["ols with events", "variance_reduction"]
    assert found["with_events"]["ols"]["variance_reduction"] == doubled
    assert any("hold 1.25 times the ratios shown" in sentence for sentence in outcome.warnings)
    for name in set(FIGURES) - {"rolling_effectiveness", "correlation_path", "volatility_path", "regime_probabilities"}:
        assert outcome.figure(name).data, name


def test_comparison_method_that_starts_late_says_what_it_costs_the_others(tmp_path: Path) -> None:
    outcome = study(tmp_path, ["ols", {"name": "rolling", "window": 200}])
    said = [sentence for sentence in outcome.warnings if "rather than" in sentence]
    assert len(said) == 1
    assert "since rolling had no ratio before" in said[0]
    assert not any("rather than" in sentence for sentence in study(tmp_path, ["ols"]).warnings)


def test_comparison_failures_that_differ_in_figures_alone_are_one_kind(tmp_path: Path) -> None:
    lost = tuple(Failure(row, f"the search ended after {row} steps") for row in (200, 220, 220))
    outcome = study(tmp_path, ["ols", "ewma"])
    assert outcome.comparison is not None
    table = failure_table(replace(outcome.comparison, failures={"ewma": lost}, refits={"ewma": 7}))
    assert table["failed"].tolist() == [3]
    said = failure_sentences({"ewma": lost}, {"ewma": 7})
    assert said == ["ewma failed at 3 of 7 refits (the search ended after 200 steps); the ratio before was kept."]


def test_comparison_method_whose_fits_all_failed_does_not_end_the_race(tmp_path: Path) -> None:
    outcome = study(tmp_path, ["ols"])
    assert outcome.comparison is not None
    market = outcome.comparison.market
    race = compare_methods(market, {"ols": OLS(), "lost": NeverConverges()})
    alone = compare_methods(market, {"ols": OLS()})
    assert race.first_row == alone.first_row
    assert "lost" in race.not_ranked
    assert race.table.loc["lost", "variance_reduction"] == pytest.approx(0.0, abs=1e-12)
    assert race.table.loc["ols", "cost"] == alone.table.loc["ols", "cost"]


def test_comparison_every_figure_is_drawn_by_its_name(tmp_path: Path) -> None:
    methods = ["ols", {"name": "dcc", "minimum_rows": 60}, {"name": "markov_switching", "minimum_rows": 60}]
    outcome = study(tmp_path, methods)
    for name in set(FIGURES) - {"rolling_effectiveness"}:
        assert outcome.figure(name).data, name
    with pytest.raises(InputError, match="did you mean 'ranking'"):
        outcome.figure("rankin")
    with pytest.raises(InputError, match="nothing to show"):
        study(tmp_path, ["ols"]).figure("regime_probabilities")


def test_comparison_report_holds_every_table_and_json_every_figure(tmp_path: Path) -> None:
    outcome = study(tmp_path, ["ols", "ewma", {"name": "ccc", "minimum_rows": 60}])
    page = outcome.write_html(tmp_path / "report.html").read_text()
    for heading in ("Methods compared", "more than chance", "better hedge is worth", "dear trading", "ranking hold"):
        assert heading in page
    found = outcome.to_dict()
    assert {row["method"] for row in found["tests"]} == {"ols", "ewma", "ccc"}
    assert found["race"]["reference"] == "ols"
    assert found["race"]["relative_risk_aversion"] == 4.0
    assert set(outcome.tables()) >= {"comparison", "tests", "worth", "break-even", "periods", "uncertainty"}


def test_comparison_negative_prices_leave_worth_out_and_say_nothing_false(tmp_path: Path) -> None:
    frame = prices() - 140.0
    outcome = study(tmp_path, ["ols", "ewma"], frame)
    assert "worth" not in outcome.evidence
    absolute = study(tmp_path, ["ols", "ewma"], frame, evidence={"risk_aversion": 1e-4})
    assert "worth" in absolute.evidence


def test_comparison_workers_do_not_change_a_bit(tmp_path: Path) -> None:
    methods = ["ols", {"name": "ccc", "minimum_rows": 60}]
    one = study(tmp_path, methods).race.ratio_paths()
    two = study(tmp_path, methods, evidence={"workers": 2}).race.ratio_paths()
    pd.testing.assert_frame_equal(one, two, check_exact=True)


@pytest.mark.parametrize(
    ("methods", "words", "said"),
    [
        (["ols", "ols"], {}, "named twice"),
        (["cost_aware(ols)", "cost_aware(ols)"], {}, "named twice"),
        ([{"name": "ols", "form": "full"}], {}, "method ols has no form"),
        (["ols"], {"walk_forward": {"crisis": {"short": 300}}}, "short must be fewer"),
    ],
)
def test_comparison_bad_words_are_refused(tmp_path: Path, methods: list[Any], words: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        study(tmp_path, methods, **words)
