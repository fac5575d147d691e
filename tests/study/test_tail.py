"""Tail studies: the same figures as the library's own doors, labels on every number, refusals."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from hedgerow.compare.overlays.plan import OverlayJudging
from hedgerow.compare.overlays.tail import compare_tail_hedges
from hedgerow.compare.overlays.tail_shocks import STRESSES, TailShock
from hedgerow.errors import InputError
from hedgerow.programmes import OverlayMarket, Portfolio
from hedgerow.programmes.index_puts import IndexPuts
from hedgerow.programmes.variance_swaps import VarianceSwaps
from hedgerow.report import Table
from hedgerow.study.tail.report import build_report
from hedgerow.study.tail.run import TailOutcome, run_tail_study
from hedgerow.study.tail.words import TailStudy

N = 260
CRASH = {"name": "the fall", "start": "2015-06-01", "end": "2015-08-03"}


def drawn() -> pd.DataFrame:
    """Return 260 days of an index with a fall in summer, and of its volatility."""
    rng = np.random.default_rng(5)
    dates = pd.bdate_range("2015-01-01", periods=N, name="date")
    vix = np.clip(18.0 * np.exp(np.cumsum(rng.normal(0.0, 0.04, N))), 10.0, 60.0).round(2)
    drift = np.where((dates > "2015-06-01") & (dates <= "2015-08-03"), -0.005, 0.001)
    close = (2000.0 * np.exp(np.cumsum(drift + 0.01 * rng.normal(size=N)))).round(2)
    return pd.DataFrame({"vix": vix, "close": close}, dates)


def study(**words: Any) -> TailStudy:
    given: dict[str, Any] = {
        "data": {"files": ["m.csv"]},
        "market": {"price": "close", "vix": "vix", "rate": 0.01, "dividend_yield": 2, "dividend_yield_in": "percent"},
        "hedges": [
            {"name": "puts", "hedge": {"index_puts": {"delta": 0.2}}},
            {"name": "variance", "hedge": {"variance_swaps": {"vega_notional": 2000.0}}},
        ],
        "budget_per_year": 0.01,
        "shocks": [{"name": "mine", "spot": -0.2}, {"name": "up", "spot": 0.05, "vix": -3}],
        "judging": {"draws": 0, "crises": [CRASH, "2020"]},
    }
    return TailStudy.model_validate(given | words)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> TailOutcome:
    folder = tmp_path_factory.mktemp("tail")
    drawn().to_csv(folder / "m.csv")
    claims = [{"what": "mine", "claimed": 0.1, "measured": "puts: gain at mine"}]
    return run_tail_study(study(claims=claims), folder)


def test_study_has_the_figures_of_the_library(outcome: TailOutcome) -> None:
    table = drawn()
    market = OverlayMarket.of(table["close"], table["vix"], rate=0.01, dividend_yield=0.02)
    own = compare_tail_hedges(
        {"puts": IndexPuts(delta=0.2), "variance": VarianceSwaps(vega_notional=2000.0)},
        market,
        budget_per_year=0.01,
        portfolio=Portfolio(10_000_000.0),
        judging=OverlayJudging(None, outcome.tail.comparison.judging.crises),
        shocks=(*STRESSES, TailShock("mine", -0.2, 30.0), TailShock("up", 0.05, -3.0)),
    )
    pd.testing.assert_frame_equal(outcome.tail.table(), own.table())
    pd.testing.assert_frame_equal(outcome.tail.stress(), own.stress())


def test_list_of_hedges_is_held_together_at_its_shares(tmp_path: Path) -> None:
    drawn().to_csv(tmp_path / "m.csv")
    swaps = [{"variance_swaps": {"vega_notional": 2000.0, "months": months}} for months in (1, 3)]
    hedges = [
        {"name": "near", "hedge": swaps[0]},
        {"name": "far", "hedge": swaps[1]},
        {"name": "mixed", "hedge": swaps, "shares": [0.75, 0.25]},
        {"name": "even", "hedge": swaps},
    ]
    found = run_tail_study(study(hedges=hedges, budget_per_year=None), tmp_path)
    cost = found.tail.table()["cost_per_year"]
    assert cost["mixed"] == pytest.approx(0.75 * cost["near"] + 0.25 * cost["far"])
    assert cost["even"] == pytest.approx(0.5 * (cost["near"] + cost["far"]))
    assert len(found.to_dict()["hedges"]["mixed"]["hedges"]) == 2
    text = found.write_markdown(tmp_path / "r.md").read_text(encoding="utf-8")
    assert "0.75 x variance" in text


def test_every_heading_of_the_report_has_a_sample_and_every_table_its_stamp(
    outcome: TailOutcome, tmp_path: Path
) -> None:
    text = outcome.write_html(tmp_path / "r.html").read_text(encoding="utf-8")
    headings = re.findall(r"<h2>(.*?)</h2>", text)
    assert len(headings) > 12
    assert all("parameters stated beforehand" in each for each in headings)
    assert outcome.tail.stamp
    assert all("Synthetic" in each for each in text.split("<section>")[1:])


def test_json_knows_no_nan(outcome: TailOutcome) -> None:
    found = json.loads(json.dumps(outcome.to_dict(), allow_nan=False))
    assert found["sample"] == "parameters stated beforehand"
    assert found["budget"] == 0.01
    assert {row["shock"] for row in found["stress"]} == {"1987", "2008", "2020", "mine", "up"}
    assert [row["status"] for row in found["crises"] if row["crisis"] == "2020"] == ["no data"] * 2


def test_every_picture_that_is_named_can_be_drawn(outcome: TailOutcome) -> None:
    assert {"payoff_fan", "crises", "cumulative_bleed", "drawdowns"} <= set(outcome.figure_names)
    for name in outcome.figure_names:
        assert outcome.figure(name).data
    with pytest.raises(InputError, match="did you mean 'crises'"):
        outcome.figure("crisis")


def test_claim_beside_what_was_measured(outcome: TailOutcome) -> None:
    rows = outcome.tail.stress()
    gain = rows[(rows["hedge"] == "puts") & (rows["shock"] == "mine")]["gain"].iloc[0]
    assert outcome.claims["measured here"]["mine"] == pytest.approx(gain)
    assert "claims" in outcome.tables()


def test_markdown_has_the_verdict(outcome: TailOutcome, tmp_path: Path) -> None:
    assert outcome.verdict in outcome.write_markdown(tmp_path / "r.md").read_text(encoding="utf-8")
    assert outcome.verdict.endswith(".")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"hedges": [{"name": "a", "hedge": "trend"}] * 2}, "two hedges are called 'a'"),
        ({"hedges": [{"name": "a", "hedge": {"collars": {"put": 1}}}]}, "did you mean 'put_delta'"),
        ({"shocks": [{"name": "a", "spot": -1.5}]}, "greater than -1"),
        ({"hedges": [{"name": "a", "hedge": ["trend"], "shares": [1, 2]}]}, "must be 1, one for each hedge, not 2"),
        ({"hedges": [{"name": "a", "hedge": "trend", "shares": [1]}]}, "give hedge a list"),
        ({"hedges": [{"name": "a", "hedge": []}]}, "needs at least one"),
        ({"hedges": [{"name": "a", "hedge": ["trend"], "shares": [0]}]}, "above 0, not 0.0"),
        ({"budget_per_year": 2}, "less than 1"),
    ],
)
def test_words_that_mean_nothing_are_refused(words: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(said)):
        study(**words)


def test_report_has_every_picture_with_its_axes_named(outcome: TailOutcome, tmp_path: Path) -> None:
    text = outcome.write_html(tmp_path / "r.html").read_text(encoding="utf-8")
    for words in (
        "Convexity: puts", "Convexity: variance", "change of the VIX (points)", "sudden move of the index (%)",
        "What protection costs", "cost (% of the portfolio a year; left of 0 the hedge earned)",
        "Equity, with and without the hedge", "growth of 1", "gain outside crises since the start, net",
        "marked by model", "stale quotes", "crash offset for 1 % spent", "crash offset for 1 % of budget",
    ):  # fmt: skip
        assert words in text, words


def test_picture_that_cannot_be_drawn_is_left_out_with_a_sentence(tmp_path: Path) -> None:
    drawn().to_csv(tmp_path / "m.csv")
    judging = {"draws": 0, "crises": ["2020"], "beta_days": 300}
    found = run_tail_study(study(judging=judging), tmp_path)
    assert not {"crises", "rolling_beta"} & set(found.figure_names)
    text = found.write_html(tmp_path / "r.html").read_text(encoding="utf-8")
    assert "No rolling beta: it needs more than the 259 days judged." in text
    assert "No data for the crisis 2020" in text


def test_json_has_the_map_and_the_cost_of_protection(outcome: TailOutcome) -> None:
    found = outcome.to_dict()
    cell = next(
        row
        for row in found["convexity"]
        if (row["hedge"], row["spot_change"], row["vix_points"]) == ("puts", -0.2, 30.0)
    )
    gain = next(row for row in found["payoffs"] if (row["hedge"], row["shock"]) == ("puts", "-20 %"))["gain"]
    assert cell["gain"] == pytest.approx(gain)
    assert [row["plan"] for row in found["cost_of_protection"]] == ["puts", "variance"]
    assert {row["plan"]: row["marked_by_model"] for row in found["table"]}["puts"] == 1.0


def test_portfolio_that_is_partly_exposed_shows_both_offsets(tmp_path: Path) -> None:
    drawn().to_csv(tmp_path / "m.csv")
    found = run_tail_study(study(portfolio={"value": 1e7, "exposure_weight": 0.5}), tmp_path)
    table = found.tail.table()
    assert table.loc["puts", "offset_of_hedged_part"] == pytest.approx(2.0 * table.loc["puts", "offset"])
    text = found.write_html(tmp_path / "r.html").read_text(encoding="utf-8")
    assert "The hedge is there for 50% of the portfolio" in text
    assert "Every crisis, of the hedged part&#39;s loss" in text
    assert "of the hedged part&#39;s loss</th>" in text


def test_budget_that_is_used_up_early_in_the_year_is_said(tmp_path: Path) -> None:
    """Full cover under 0.3 % is bought for in January; the same puts sized to the budget are held all year."""
    drawn().to_csv(tmp_path / "m.csv")
    full, sized = {"index_puts": {"delta": 0.25}}, {"index_puts": {"delta": 0.25, "premium_budget": 0.0004}}
    hedges = [{"name": "full", "hedge": full}, {"name": "sized", "hedge": sized}]
    found = run_tail_study(study(hedges=hedges, shocks=[], budget_per_year=0.003), tmp_path)
    said = [each for each in found.warnings if "does not fit the budget" in each]
    assert len(said) == 1
    assert said[0].startswith("full: its full size does not fit the budget")
    table = build_report(found).blocks[0]
    assert isinstance(table, Table)
    assert table.title == "What to hold today"
    assert set(table.frame.index) == {"full", "sized"}
    assert table.frame.loc["sized", "contract"].startswith("put ")


def test_report_says_how_much_to_hold_by_what_it_bleeds_unless_asked_not_to(
    outcome: TailOutcome, tmp_path: Path
) -> None:
    drawn().to_csv(tmp_path / "m.csv")
    text = outcome.write_markdown(tmp_path / "r.md").read_text(encoding="utf-8")
    rows = outcome.by_bleed
    assert rows is not None
    sized = rows.loc[0.005, "scale"].dropna()
    assert len(sized)
    assert "How much to hold" in text
    assert all(f"{scale:.2f}" in text for scale in sized)
    assert {row["bleed"] for row in outcome.to_dict()["by_bleed"]} == {0.0025, 0.005, 0.01}
    none = run_tail_study(study(judging={**study().judging.model_dump(), "bleeds": []}), tmp_path)
    assert none.to_dict()["by_bleed"] is None
    assert "by_bleed" not in none.figure_names
    assert "by_bleed" not in none.tables()
