"""What the report and the JSON of an overlay study show: every picture with its axes, tables, sentences for gaps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hedgerow.study.overlays.run import OverlayStudyOutcome, run_overlay_study
from hedgerow.study.overlays.words import OverlayStudy

CRASH = {"name": "the fall", "start": "2015-04-01", "end": "2015-05-04"}


def outcome_of(folder: Path, **words: Any) -> OverlayStudyOutcome:
    """Return a study of two rules on 160 days of an index, its volatility and an index of three months."""
    rng = np.random.default_rng(3)
    dates = pd.bdate_range("2015-01-01", periods=160, name="date")
    vix = np.clip(18.0 * np.exp(np.cumsum(rng.normal(0.0, 0.05, 160))), 9.0, 70.0)
    drift = np.where((dates > "2015-04-01") & (dates <= "2015-05-04"), -0.006, 0.001)
    close = 100.0 * np.exp(np.cumsum(drift + 0.01 * rng.normal(size=160)))
    pd.DataFrame({"vix": vix, "close": close, "three": 0.5 * vix + 9.0}, dates).to_csv(folder / "m.csv")
    given: dict[str, Any] = {
        "data": {"files": ["m.csv"]},
        "market": {"price": "close", "vix": "vix", "rate": 0.01, "dividend_yield": 0.02},
        "hedge": {"variance_swaps": {"vega_notional": 2_000.0}},
        "rules": [
            {"name": "linear", "rule": {"vix_linear": {"low": 10, "width": 15}}, "shape": {"threshold": "weekly"}},
            {"name": "steps", "rule": {"steps": {"thresholds": [15, 25], "levels": [0, 0.5, 1]}}},
        ],
        "judging": {"draws": 0, "crises": [CRASH, "2008"], "late": [], "beta_days": 60},
        "usual_claims": True,
    }
    return run_overlay_study(OverlayStudy.model_validate(given | words), folder)


@pytest.fixture(scope="module", name="found")
def _found(tmp_path_factory: pytest.TempPathFactory) -> OverlayStudyOutcome:
    market = {"price": "close", "vix": "vix", "rate": 0.01, "dividend_yield": 0.02, "volatilities": {93: "three"}}
    portfolio = {"value": 1e6, "exposure_weight": 0.6}
    return outcome_of(tmp_path_factory.mktemp("overlay"), market=market, portfolio=portfolio)


def test_report_has_every_picture_with_its_axes_named(found: OverlayStudyOutcome, tmp_path: Path) -> None:
    text = found.write_html(tmp_path / "r.html").read_text(encoding="utf-8")
    for words in (
        "Hedge held against the VIX", "VIX (points)", "multiplier held", "the rule itself: linear",
        "Hedge held against the slope of the volatility curve",
        "VIX / index of 93 days (above 1 the near end is dearer)",
        "What protection costs", "cost (% of the portfolio a year; left of 0 the hedge earned)", "holding less",
        "Equity, with and without the hedge", "growth of 1", "over the unhedged (%)", "below the peak (%)",
        "shallower than", "beta, last 60 days", "over the last 60 days up to each date", "no data: 2008",
        "The rules", "changed at the end of the week", "(VIX - 10) / 15, at least 0",
        "carry outside crises", "turnover a year", "up capture", "down capture",
    ):  # fmt: skip
        assert words in text, words


def test_portfolio_that_is_partly_exposed_shows_both_offsets(found: OverlayStudyOutcome, tmp_path: Path) -> None:
    text = found.write_markdown(tmp_path / "r.md").read_text(encoding="utf-8")
    assert "The hedge is there for 60% of the portfolio: the crash offset is over the whole portfolio's loss" in text
    table = found.comparison.table()
    assert table.loc["static", "offset_of_hedged_part"] == pytest.approx(table.loc["static", "offset"] / 0.6)
    assert "Every crisis, of the hedged part's loss" in text


def test_market_without_a_curve_says_why_a_picture_is_missing(tmp_path: Path) -> None:
    bare = outcome_of(tmp_path, judging={"draws": 0, "crises": ["2008"], "late": [], "beta_days": 500})
    assert not {"hedge_size_by_slope", "rolling_beta", "crises"} & set(bare.figure_names)
    text = bare.write_html(tmp_path / "r.html").read_text(encoding="utf-8")
    assert "the market has neither an index of 93 days nor three futures" in text
    assert "No rolling beta: it needs more than" in text
    assert "no figure: no crisis lies in the data" in text
    assert "Hedge held against the slope" not in text
    assert "hedged part" not in text


def test_json_has_the_exposure_series_and_what_the_pictures_show(found: OverlayStudyOutcome) -> None:
    plain = found.to_dict()
    held = found.comparison.results["linear"].held
    assert plain["held"]["linear"] == held.tolist()
    assert plain["held"]["dates"][0] == f"{held.index[0]:%Y-%m-%d}"
    assert {row["plan"] for row in plain["hedge_size"]} == {"linear", "steps"}
    assert plain["slope"] == "VIX / index of 93 days"
    assert plain["holding_less"][0]["sold"] == 0.0
    assert plain["exposed"] == 0.6
    row = next(each for each in plain["table"] if each["plan"] == "linear")
    assert {"carry_per_year", "turnover_per_year", "up_capture", "down_capture", "beta"} <= set(row)


def test_tables_beside_the_report_have_sizes_and_protection(found: OverlayStudyOutcome) -> None:
    tables = found.tables()
    for name in ("hedge_size", "hedge_size_by_slope", "cost_of_protection"):
        assert tables[name]["sample"].notna().all()
    days = tables["hedge_size"].groupby("plan")["days"].sum()
    assert days["linear"] == days["steps"] == len(found.comparison.period.dates)
