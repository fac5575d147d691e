"""Every number of a report on overlays carries what it was judged on; what never fired or was left out is said."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hedgerow.report.document import SAMPLES
from hedgerow.study.one_overlay.report import write_overlay_report
from hedgerow.study.one_overlay.run import overlay_outcome
from hedgerow.study.one_overlay.words import OverlayWords
from hedgerow.study.overlays.run import OverlayStudyOutcome, run_overlay_study
from hedgerow.study.overlays.words import OverlayStudy
from hedgerow.study.tail.run import run_tail_study
from hedgerow.study.tail.words import TailStudy

N = 280
FALL = {"name": "the fall", "start": "2015-06-01", "end": "2015-08-03"}
HOLIDAY = pd.Timestamp("2015-05-25")
MARKET = {"price": "close", "vix": "vix", "rate": 0.01, "dividend_yield": 0.02}
NO_NUMBERS_OF_MERIT = {"What to do today"}
"""Headings under which nothing is judged."""


@pytest.fixture(scope="module", name="folder")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A market with a fall in summer and a volatility index that is printed on a holiday too."""
    rng = np.random.default_rng(3)
    dates = pd.bdate_range("2015-01-01", periods=N, name="date")
    vix = np.clip(18.0 * np.exp(np.cumsum(rng.normal(0.0, 0.05, N))), 9.0, 70.0).round(2)
    drift = np.where((dates > "2015-06-01") & (dates <= "2015-08-03"), -0.005, 0.001)
    close = pd.Series((100.0 * np.exp(np.cumsum(drift + 0.01 * rng.normal(size=N)))).round(4), dates)
    folder = tmp_path_factory.mktemp("labels")
    close[HOLIDAY] = np.nan
    pd.DataFrame({"vix": vix, "close": close}).to_csv(folder / "m.csv")
    return folder


@pytest.fixture(scope="module", name="outcome")
def _outcome(folder: Path) -> OverlayStudyOutcome:
    words: dict[str, Any] = {
        "data": {"files": ["m.csv"]},
        "market": MARKET,
        "hedge": {"variance_swaps": {"vega_notional": 2_000.0}},
        "rules": [
            {"name": "linear", "rule": {"vix_linear": {}}, "shape": {"cap": 40, "threshold": "weekly"}},
            {"name": "steps", "rule": {"steps": {"thresholds": [15, 25, 90], "levels": [0, 0.5, 1, 2]}}},
        ],
        "judging": {"draws": 0, "crises": [FALL], "late": [0, 1, 2, 5], "beta_days": 100},
        "walk_forward": {"rule": "vix_linear", "grid": {"low": [8, 12], "width": [10, 15]}, "refit": "monthly"},
        "together": {"parts": [{"name": name, "rule": {"vix_linear": {}}} for name in ("a", "b")], "budget": 0.01},
        "usual_claims": True,
        "claims": [{"what": "mine", "claimed": 0.1}],
    }
    return run_overlay_study(OverlayStudy.model_validate(words), folder)


def labels_of(html: str) -> dict[str, str]:
    """Return the label of every table and picture by its heading; every one stands under a heading."""
    sections = html.split("<section>")[1:]
    assert not re.search('<table|class="picture', html.split("<section>")[0].split("<body>")[1])
    found = {}
    for each in sections:
        (heading,) = re.findall(r"<h2>(.*?)</h2>", each)
        (label,) = re.findall(r'<span class="sample[^>]*>([^<]+)</span>', heading)
        found[unescape(heading.split(" <span")[0])] = label
    return found


@pytest.fixture(scope="module", name="html")
def _html(outcome: OverlayStudyOutcome, folder: Path) -> str:
    return outcome.write_html(folder / "r.html").read_text("utf-8")


def test_every_table_and_picture_of_an_overlay_report_is_labelled_by_its_sample(html: str) -> None:
    labels = labels_of(html)
    assert set(labels.values()) <= set(SAMPLES)
    assert {heading for heading, label in labels.items() if label == "descriptive"} == NO_NUMBERS_OF_MERIT
    chosen = {heading: label for heading, label in labels.items() if heading.startswith("Walk-forward")}
    assert set(chosen.values()) == {"train and test", "in sample"}
    assert labels["Both halves"] == "train and test"
    rest = set(labels) - set(chosen) - {"Both halves", "How much the choice of keys matters", *NO_NUMBERS_OF_MERIT}
    assert {labels[heading] for heading in rest} == {"parameters stated beforehand"}


def test_every_table_and_picture_of_a_tail_report_is_labelled_by_its_sample(folder: Path, tmp_path: Path) -> None:
    words = {
        "data": {"files": ["m.csv"]},
        "market": MARKET,
        "hedges": [{"name": "puts", "hedge": "index_puts"}, {"name": "trend", "hedge": "trend"}],
        "judging": {"draws": 0, "crises": [FALL], "beta_days": 100},
    }
    found = run_tail_study(TailStudy.model_validate(words), folder)
    labels = labels_of(found.write_html(tmp_path / "r.html").read_text("utf-8"))
    assert len(labels) > 10
    assert set(labels.values()) == {"parameters stated beforehand"}


@pytest.mark.parametrize("shape", [{}, {"budget": "0.5%"}])
def test_every_table_and_picture_of_one_overlay_is_labelled_by_its_sample(
    folder: Path, tmp_path: Path, shape: dict[str, Any]
) -> None:
    words = OverlayWords(data={"files": ["m.csv"]}, vix="vix", price="close", rule="vix_linear", shape=shape)  # type: ignore[arg-type]
    path = write_overlay_report(overlay_outcome(words, folder), tmp_path / "r.html")
    labels = labels_of(path.read_text("utf-8"))
    assert {"Multiplier", "Figures", "Days by multiplier decided"} <= set(labels)
    assert set(labels.values()) == {"parameters stated beforehand"}


UNJUDGED = {"multipliers", "hedge_gain", "use_of_the_budget_together", "walk_forward_sets"}
"""Series and money by date or year, and sets whose columns are named after their sample."""


def test_every_raw_table_of_figures_carries_its_sample(outcome: OverlayStudyOutcome) -> None:
    tables = {name: table for name, table in outcome.tables().items() if not name.startswith("breaches_")}
    assert set(tables) >= UNJUDGED
    lacking = {name for name, table in tables.items() if "sample" not in table or table["sample"].isna().any()}
    assert lacking == UNJUDGED
    assert {"train", "test"} <= set(tables["walk_forward_sets"])


def test_late_decisions_are_reported_at_one_two_and_five_dates(outcome: OverlayStudyOutcome, html: str) -> None:
    section = next(each for each in html.split("<section>") if "Decided later still" in each)
    late = outcome.comparison.lag_decay((0, 1, 2, 5))
    assert late.index.get_level_values("late").unique().tolist() == [0, 1, 2, 5]
    table = section.split("<table")[1].split("</table>")[0]
    assert ("suspicious" in table) == (late["label"] == "suspicious").any()
    assert all(f">{late}<" in table for late in (0, 1, 2, 5))


def test_what_never_fired_and_what_was_left_out_stands_in_the_report(outcome: OverlayStudyOutcome, html: str) -> None:
    html = unescape(html)
    assert "Never fired under 'linear': cap 40" in html
    assert "Never fired under 'steps': level 2 of the rule by the VIX" in html
    assert HOLIDAY not in outcome.source.market.dates
    assert f"{N - 1:,}, 2015-01-01 to" in html
    assert "1 left out" in html or "1 dates left out" in html
