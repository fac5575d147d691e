"""Ratio and candidate studies from Python: on prices that come with a dependency, and on a few rows written here."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import DataError, InputError
from hedgerow.ratios.refits import Failure
from hedgerow.study import CandidateStudy, RatioOutcome, RatioStudy, run_candidate_study, run_ratio_study
from hedgerow.study.ratio.report import FIGURES
from hedgerow.study.ratio.run import _held_over


def _file(folder: Path, rows: int = 300, seed: int = 0, end: str = "2021-12-31") -> str:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 2))
    y = x @ [0.8, 0.3] + 0.3 * rng.normal(size=rows)
    frame = pd.DataFrame(np.column_stack([y, x]), pd.bdate_range(end=end, periods=rows), columns=["spot", "a", "b"])
    (100 + frame.cumsum()).rename_axis("date").to_csv(folder / "prices.csv")
    return "prices.csv"


def _study(folder: Path, hedges: tuple[str, ...] = ("a",), **words: object) -> RatioOutcome:
    data = {"files": [_file(folder)], **words.pop("data", {})}
    exposure = {"column": "spot", **words.pop("exposure", {})}
    each = words.pop("each", {})
    listed = [{"column": name, **each} for name in hedges]
    study = RatioStudy.model_validate({"data": data, "exposure": exposure, "hedges": listed, **words})
    return run_ratio_study(study, folder)


def test_study_every_figure_is_drawn_by_its_name(tmp_path: Path) -> None:
    outcome = _study(tmp_path)
    drawn = {name for name in FIGURES if name != "rolling_effectiveness" and outcome.figure(name).data}
    assert drawn == set(FIGURES) - {"rolling_effectiveness"}
    with pytest.raises(InputError, match="nothing to show"):
        outcome.figure("rolling_effectiveness")  # 150 judged rows do not fill twice the window
    with pytest.raises(InputError, match="did you mean 'scatter'"):
        outcome.figure("scater")


def test_study_says_how_well_the_ratio_and_its_contracts_are_known(tmp_path: Path) -> None:
    outcome = _study(
        tmp_path, exposure={"quantity": 1000.0}, each={"contract_size": 10.0}, methods=["naive", "ols", "huber"]
    )
    rows = outcome.to_dict()["uncertainty"]
    assert [row["method"] for row in rows] == ["ols", "huber"]  # naive estimates nothing
    fitted = outcome.methods[1].estimator
    reach = 1.959964 * fitted.standard_error_[0]
    assert rows[0]["low"] == pytest.approx(fitted.hedge_ratio_[0] - reach, rel=1e-6)
    assert rows[0]["contracts_low"] <= -100.0 * fitted.hedge_ratio_[0] <= rows[0]["contracts_high"]
    values = outcome.data.changes.values
    lost = (fitted.standard_error_[0] * values["a"].std()) ** 2 / values["spot"].var()
    assert rows[0]["error_cost"] == pytest.approx(100.0 * lost, rel=0.02)
    assert "How well the next ratio is known" in outcome.write_html(tmp_path / "r.html").read_text()


def test_study_of_two_hedges_has_a_line_of_uncertainty_for_each(tmp_path: Path) -> None:
    outcome = _study(tmp_path, hedges=("a", "b"), methods=["ols"])
    assert [row["hedge"] for row in outcome.to_dict()["uncertainty"]] == ["a", "b"]
    assert "ols: b" in outcome.write_html(tmp_path / "r.html").read_text()


def test_study_band_of_the_rolling_ratio_is_its_classical_error(tmp_path: Path) -> None:
    outcome = _study(tmp_path, methods=["rolling"])
    changes = outcome.data.changes.values
    x, y = changes["a"].to_numpy(), changes["spot"].to_numpy()
    row = 200
    xs, ys = x[row - 60 : row], y[row - 60 : row]
    slope, intercept = np.polyfit(xs, ys, 1)
    residual = ys - intercept - slope * xs
    error = np.sqrt((residual @ residual) / 58 / ((xs - xs.mean()) ** 2).sum())
    low = next(trace for trace in outcome.figure("hedge_ratio").data if trace.showlegend is False or trace.fill is None)
    place = row - outcome.comparison.first_row
    assert np.asarray(low.y, dtype=float)[place] == pytest.approx(slope - 1.96 * error, abs=1e-6)


def test_study_short_exposure_mirrors_the_long_one(tmp_path: Path) -> None:
    size = {"contract_size": 10.0, "half_spread_bps": 5.0}
    long = _study(tmp_path, exposure={"quantity": 1000.0}, each=size)
    short = _study(tmp_path, exposure={"quantity": -1000.0}, each=size)
    for one, other in zip(long.methods, short.methods, strict=True):
        assert one.sizings[0].exact == pytest.approx(-other.sizings[0].exact)
        assert one.out_of_sample["cost"] == pytest.approx(other.out_of_sample["cost"])
        assert other.out_of_sample["cost"] > 0.0
    gains = -long.comparison.unhedged
    np.testing.assert_allclose(short.comparison.unhedged, gains)
    costs = long.comparison.ledger.total_costs / 1000.0
    free = long.comparison.hedged["ols"].to_numpy().sum() + costs[1].sum()
    paid = short.comparison.hedged["ols"].to_numpy().sum() + costs[1].sum()
    assert paid == pytest.approx(-free)


def test_study_too_few_rows_to_judge_says_so_and_still_sizes(tmp_path: Path) -> None:
    outcome = _study(tmp_path, data={"start": "2021-09-30"}, methods=[{"name": "rolling", "window": 65}])
    assert outcome.comparison is None
    assert "Too few rows remain" in outcome.verdict
    assert any(sentence.startswith("no out-of-sample figures") for sentence in outcome.warnings)
    assert outcome.to_dict()["methods"][0]["out_of_sample"] is None
    assert outcome.tables() == {}
    assert outcome.advice == ()
    assert outcome.best.name == "rolling"
    with pytest.raises(DataError, match="no ratio path"):
        outcome.ratio_paths()
    assert outcome.write_html(tmp_path / "few.html").stat().st_size > 100_000


def test_study_asked_for_lags_shows_them_everywhere(tmp_path: Path) -> None:
    outcome = _study(tmp_path, judging={"lags": [0, 1, 5]})
    shown = outcome.to_dict()["lags"]
    assert shown["lag"] == [0, 1, 5]
    table = outcome.comparison.table["variance_reduction"]
    assert shown["variance_reduction"]["naive"][0] == pytest.approx(table["naive"], rel=0.05)
    assert list(outcome.tables()["lags"].columns) == [0, 1, 5]
    assert "What a late trade costs" in outcome.write_html(tmp_path / "r.html").read_text(encoding="utf8")


def test_study_standing_hedge_names_the_ratio_held_over(tmp_path: Path) -> None:
    _file(tmp_path)
    frame = pd.read_csv(tmp_path / "prices.csv")
    frame.loc[200:290, "a"] = frame.loc[200, "a"]
    frame.to_csv(tmp_path / "still.csv", index=False)
    words = {"data": {"files": ["still.csv"]}, "exposure": {"column": "spot"}, "hedges": [{"column": "a"}]}
    outcome = run_ratio_study(RatioStudy.model_validate({**words, "methods": ["ols", "rolling"]}), tmp_path)
    assert any("rolling had no ratio of its own on" in sentence for sentence in outcome.warnings)


def test_study_ratio_held_over_says_whether_a_fit_failed_or_an_instrument_stood_still() -> None:
    failed = {"dcc": (Failure(7, "the likelihood is flat"),)}
    found = _held_over(SimpleNamespace(rows_held_over={"dcc": 4, "rolling": 2, "ols": 0}, failures=failed))  # type: ignore[arg-type]
    assert found == [
        "dcc had no ratio of its own on 4 judged rows, since fits failed (the likelihood is flat); "
        "it kept the one before",
        "rolling had no ratio of its own on 2 judged rows, since an instrument stood still; it kept the one before",
    ]


def test_study_unfinished_week_is_named_and_a_finished_one_is_not(tmp_path: Path) -> None:
    weekly = _study(tmp_path, data={"every": "W-FRI"}, methods=["ols"])  # ends on Friday 2021-12-31
    cut = _study(tmp_path, data={"every": "W-FRI", "end": "2021-12-29"}, methods=["ols"])
    assert not any("unfinished" in sentence for sentence in weekly.warnings)
    assert any("ends on 2021-12-31 and the data on 2021-12-29" in sentence for sentence in cut.warnings)


def test_study_returns_residual_is_in_units_of_exposure(tmp_path: Path) -> None:
    outcome = _study(
        tmp_path, changes="percent", exposure={"quantity": 1000.0}, each={"contract_size": 10.0}, methods=["ols"]
    )
    method, prices = outcome.methods[0], outcome.data.last_prices
    per_contract = 10.0 * prices["a"] / prices["spot"]  # units of exposure that one contract is worth
    sizing = method.sizings[0]
    assert sizing.exact == pytest.approx(-method.estimator.hedge_ratio_[0] * 1000.0 / per_contract)
    assert method.residual_exposure == pytest.approx((sizing.whole - sizing.exact) * per_contract)


def test_study_basis_is_that_of_the_best_method(tmp_path: Path) -> None:
    outcome = _study(tmp_path, methods=["naive", "ols"])
    basis = outcome.to_dict()["basis"]
    assert isinstance(basis["n_obs"], int)
    ratio = outcome.best.estimator.hedge_ratio_[0]
    changes = outcome.data.changes.values
    assert basis["hedged_risk"] == pytest.approx((changes["spot"] - ratio * changes["a"]).std())


def test_study_split_adds_up_for_each_method(tmp_path: Path) -> None:
    outcome = _study(tmp_path, ("a", "b"), exposure={"quantity": 50.0}, each={"half_spread_bps": 3.0})
    for row in outcome.to_dict()["split"]:
        parts = sum(row[name] for name in ("exposure", "spot", "basis", "roll", "rounding", "cost", "financing"))
        assert parts == pytest.approx(row["total"], abs=1e-6)
        assert row["total"] == pytest.approx(50.0 * outcome.comparison.hedged[row["method"]].sum())


def test_study_progress_reaches_its_end_for_each_method(tmp_path: Path) -> None:
    seen: dict[str, float] = {}
    words = {"data": {"files": [_file(tmp_path)]}, "exposure": {"column": "spot"}, "hedges": [{"column": "a"}]}
    study = RatioStudy.model_validate({**words, "methods": ["naive", "huber"]})
    run_ratio_study(study, tmp_path, progress=lambda name, share: seen.__setitem__(name, share))
    assert seen == {"naive": 1.0, "huber": 1.0}


def test_study_textbook_tailing_of_returns_refused() -> None:
    with pytest.raises(ValueError, match="ratios of price differences"):
        RatioStudy.model_validate(
            {
                "data": {"sample": "sp500-nasdaq"},
                "exposure": {"column": "Nasdaq"},
                "hedges": [{"column": "S&P 500"}],
                "changes": "percent",
                "trading": {"tailing": "textbook"},
            }
        )


def test_candidates_share_lag_and_ticket_of_the_study(tmp_path: Path) -> None:
    words = {"data": {"files": [_file(tmp_path)]}, "exposure": {"column": "spot"}}
    hedges = [{"column": "a", "half_spread_bps": 2.0}, {"column": "b"}]
    plain = run_candidate_study(CandidateStudy.model_validate({**words, "hedges": hedges}), tmp_path)
    dear = run_candidate_study(
        CandidateStudy.model_validate(
            {**words, "hedges": hedges, "walk_forward": {"lag": 1}, "trading": {"ticket": 0.01}}
        ),
        tmp_path,
    )
    races = dear.ranking.comparisons
    assert {race.ledger.lag for race in races.values()} == {1}
    assert set(races["a"].ledger.costs) == {"ticket", "half_spread"}
    assert dear.ranking.table.loc["b", "cost"] > plain.ranking.table.loc["b", "cost"]
    assert plain.ranking.table.index[0] == "a"


def test_study_on_a_sample_needs_no_file() -> None:
    study = RatioStudy.model_validate(
        {
            "data": {"sample": "sp500-nasdaq", "start": "2010-01-01"},
            "exposure": {"column": "Nasdaq"},
            "hedges": [{"column": "S&P 500"}],
            "changes": "percent",
        }
    )
    outcome = run_ratio_study(study)
    assert outcome.comparison.table["variance_reduction"].min() > 0.8
    assert outcome.to_dict()["basis"] is None
