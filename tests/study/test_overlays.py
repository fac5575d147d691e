"""Overlay studies: the same figures as the library's own doors, labels on every number, claims, refusals."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from hedgerow.compare.overlays.comparison import compare_overlays
from hedgerow.compare.overlays.plan import OverlayJudging, OverlayPlan
from hedgerow.engine.overlay import OverlayOptions
from hedgerow.errors import DataError, HedgerowError, InputError
from hedgerow.overlays import Shape, Steps, VixLinear, Weekly
from hedgerow.programmes import OverlayMarket, Portfolio
from hedgerow.programmes.variance_swaps import VarianceSwaps
from hedgerow.study.overlays.run import OverlayStudyOutcome, run_overlay_study
from hedgerow.study.overlays.tables import figure_text, unsigned_zeros
from hedgerow.study.overlays.words import OverlayStudy

N = 300
SIDES = {
    "short": {"variance_swaps": {"vega_notional": 2_000.0}},
    "long": {"variance_swaps": {"vega_notional": 2_000.0, "months": 3}},
}
CURVE = {"short": "vix3", "long": "vix6"}
CRASH = {"name": "the fall", "start": "2015-06-01", "end": "2015-08-03"}


def drawn() -> pd.DataFrame:
    """Return 300 days of an index with a fall in summer, and of its volatility."""
    rng = np.random.default_rng(3)
    dates = pd.bdate_range("2015-01-01", periods=N, name="date")
    vix = np.clip(18.0 * np.exp(np.cumsum(rng.normal(0.0, 0.05, N))), 9.0, 70.0).round(2)
    drift = np.where((dates > "2015-06-01") & (dates <= "2015-08-03"), -0.005, 0.001)
    close = (100.0 * np.exp(np.cumsum(drift + 0.01 * rng.normal(size=N)))).round(4)
    return pd.DataFrame({"vix": vix, "close": close, "rate": 1.5, "mood": rng.normal(size=N).round(4)}, dates)


@pytest.fixture
def table(tmp_path: Path) -> pd.DataFrame:
    found = drawn()
    found.to_csv(tmp_path / "m.csv")
    return found


def study(**words: Any) -> OverlayStudy:
    given: dict[str, Any] = {
        "data": {"files": ["m.csv"]},
        "market": {"price": "close", "vix": "vix", "rate": "rate", "rate_in": "percent", "dividend_yield": 0.02},
        "portfolio": {"value": 1_000_000.0},
        "hedge": {"variance_swaps": {"vega_notional": 2_000.0}},
        "rules": [
            {"name": "linear", "rule": {"vix_linear": {"low": 10, "width": 15}}, "shape": {"threshold": "weekly"}},
            {"name": "steps", "rule": {"steps": {"thresholds": [15, 25], "levels": [0, 0.5, 1]}}},
        ],
        "judging": {"draws": 0, "crises": [CRASH, "2008"], "late": [], "beta_days": 100},
    }
    return OverlayStudy.model_validate(given | words)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> OverlayStudyOutcome:
    folder = tmp_path_factory.mktemp("overlay")
    drawn().to_csv(folder / "m.csv")
    return run_overlay_study(study(), folder)


def test_study_has_the_figures_of_the_library(outcome: OverlayStudyOutcome, table: pd.DataFrame) -> None:
    market = OverlayMarket.of(table["close"], table["vix"], rate=table["rate"] / 100.0, dividend_yield=0.02)
    hedge = VarianceSwaps(vega_notional=2_000.0)
    plans = {
        "linear": OverlayPlan(VixLinear(10, 15), hedge, Shape(threshold=(Weekly(),))),
        "steps": OverlayPlan(Steps((15, 25), (0, 0.5, 1)), hedge),
    }
    judging = OverlayJudging(None, outcome.comparison.judging.crises)
    for lag, found in ((1, outcome.comparison), (0, outcome.at_once)):
        assert found is not None
        own = compare_overlays(
            plans, market, portfolio=Portfolio(1_000_000.0), options=OverlayOptions(lag), judging=judging
        )
        pd.testing.assert_frame_equal(found.table(), own.table())


def test_cost_of_the_table_is_the_gain_of_the_written_series(outcome: OverlayStudyOutcome) -> None:
    written = outcome.tables()
    record = outcome.comparison.records["linear"]
    gain = written["hedge_gain"]["linear"]
    np.testing.assert_allclose(record.hedge_pnl.sum(), gain.sum(), rtol=1e-12)
    years = record.period.days.sum() / 365.0
    np.testing.assert_allclose(written["figures"]["cost_per_year_money"]["linear"], -gain.sum() / years, rtol=1e-12)
    assert outcome.figures["linear: gain"] == pytest.approx(gain.sum(), rel=1e-12)


def test_later_rows_change_no_earlier_multiplier(
    outcome: OverlayStudyOutcome, table: pd.DataFrame, tmp_path: Path
) -> None:
    other = table.copy()
    other.iloc[200:, :2] *= 1.7
    other.to_csv(tmp_path / "m.csv")
    before, after = (run.tables()["multipliers"].iloc[:200] for run in (outcome, run_overlay_study(study(), tmp_path)))
    pd.testing.assert_frame_equal(before, after)


def test_every_heading_of_the_report_has_a_sample_and_every_table_its_stamp(
    outcome: OverlayStudyOutcome, tmp_path: Path
) -> None:
    text = outcome.write_html(tmp_path / "r.html").read_text(encoding="utf-8")
    headings = re.findall(r"<h2>(.*?)</h2>", text)
    assert len(headings) > 12
    labels = {re.sub(r" <span.*", "", each): re.findall(r'class="sample[^>]*>([^<]+)<', each) for each in headings}
    assert all(len(found) == 1 for found in labels.values())
    assert {title for title, (label,) in labels.items() if label == "descriptive"} == {"What to do today"}
    assert labels["Both halves"] == ["train and test"]
    assert outcome.comparison.stamp
    sections = text.split("<section>")[1:]
    unstamped = [each for each in sections if "Synthetic" not in each]
    assert [re.findall(r"<h2>([^<]*?) *<", each)[0] for each in unstamped] == ["What to do today", "The rules"]


def test_raw_tables_carry_their_sample(outcome: OverlayStudyOutcome) -> None:
    for name in ("figures", "crises", "years", "rivals", "equal_cost", "halves", "red_flags", "figures_at_lag_0"):
        assert outcome.tables()[name]["sample"].notna().all(), name


def test_every_picture_that_is_named_can_be_drawn(outcome: OverlayStudyOutcome) -> None:
    wanted = {"multiplier", "hedge_size", "cost_and_gain", "crises", "cost_of_protection", "equal_cost", "equity"}
    assert set(outcome.figure_names) == wanted | {"drawdowns", "rolling_beta"}
    for name in outcome.figure_names:
        assert outcome.figure(name).data
    assert "steps" in outcome.figure("multiplier", "steps").layout.title.text
    with pytest.raises(InputError, match="did you mean 'multiplier'"):
        outcome.figure("multiplyer")


def test_json_knows_no_nan_and_says_what_was_judged(outcome: OverlayStudyOutcome) -> None:
    import json

    found = json.loads(json.dumps(outcome.to_dict(), allow_nan=False))
    assert found["sample"] == "parameters stated beforehand"
    assert {row["plan"] for row in found["table"]} == {"no hedge", "static", "linear", "steps"}
    assert [row["status"] for row in found["crises"] if row["crisis"] == "2008"] == ["no data"] * 3
    assert found["today"]["linear"]["date"] == found["last"]
    assert found["both_lags"]
    assert found["late"] is None


def test_markdown_has_the_verdict_and_no_picture(outcome: OverlayStudyOutcome, tmp_path: Path) -> None:
    text = outcome.write_markdown(tmp_path / "r.md").read_text(encoding="utf-8")
    assert outcome.verdict in text
    assert "no data" in text


def test_claim_of_a_crisis_that_the_data_lack_reads_no_data(table: pd.DataFrame, tmp_path: Path) -> None:
    claims = [
        {"what": "then", "claimed": 0.3, "measured": "linear: offset in crisis 2008"},
        {"what": "now", "claimed": 0.3, "right": 0.25, "measured": "linear: offset in crisis the fall"},
        {"what": "said", "claimed": 5000},
    ]
    found = run_overlay_study(study(claims=claims), tmp_path)
    from hedgerow.study.overlays.claim_tables import claims as shown

    text = shown(found)
    assert text["measured here"].tolist()[::2] == ["no data", "–"]
    assert float(text["measured here"]["now"]) == pytest.approx(
        found.figures["linear: offset in crisis the fall"], rel=1e-3
    )
    assert text["claimed"].tolist() == ["0.3", "0.3", "5,000"]
    with pytest.raises(InputError, match="did you mean 'linear: offset'"):
        run_overlay_study(study(claims=[{"what": "x", "claimed": 1, "measured": "linear: ofset"}]), tmp_path)


def test_budget_of_several_at_once_is_never_exceeded(table: pd.DataFrame, tmp_path: Path) -> None:
    parts = [
        {"name": "puts", "rule": {"vix_linear": {"low": 10, "width": 15}}, "hedge": {"index_puts": {"delta": 0.2}}},
        {"name": "calls", "rule": "static", "hedge": {"put_spreads": {"delta": 0.3}}},
    ]
    found = run_overlay_study(study(together={"name": "both", "parts": parts, "budget": 0.004}), tmp_path)
    both = found.together["both"]
    tables = found.tables()
    assert (tables["use_of_the_budget_both"]["share"] <= 1.0 + 1e-9).all()
    assert tables["use_of_the_budget_both"]["share"].max() > 0.9
    assert "both" in set(tables["crises"]["plan"])
    assert "both" in set(tables["rivals"]["plan"])
    assert found.figures["both: gain"] == pytest.approx(both.hedge_pnl.sum(), rel=0.02)  # interest aside
    text = found.write_html(tmp_path / "r.html").read_text("utf-8")
    assert "Use of the budget: both" in text
    drawn = [trace.name for trace in found.figure("multiplier", "both").data]
    assert drawn == [*(part.name for part in both.parts), "VIX"]


def with_curve(table: pd.DataFrame, tmp_path: Path) -> None:
    table.assign(vix3=table["vix"] * 0.9, vix6=18.0).to_csv(tmp_path / "m.csv")


def test_share_splits_two_hedges_of_the_rule_or_of_the_study(table: pd.DataFrame, tmp_path: Path) -> None:
    with_curve(table, tmp_path)
    rule = {"name": "split", "rule": {"term_structure": {"power": 4}}, "shape": {"threshold": "weekly"}}
    given = study(rules=[{**rule, "hedge": SIDES}], signals=CURVE)
    found = run_overlay_study(given, tmp_path)
    held = found.comparison.results["split"].account.held
    np.testing.assert_allclose(held.sum(axis=0)[1:], 1.0, rtol=1e-12)
    assert held[0].std() > 0.05
    assert found.comparison.static == {"split": "static"}
    same = run_overlay_study(study(rules=[rule], hedge=SIDES, signals=CURVE), tmp_path)
    pd.testing.assert_frame_equal(found.comparison.table(), same.comparison.table())
    assert len(found.to_dict()["rules"]["split"]["parts"]) == 2
    text = found.write_html(tmp_path / "r.html").read_text("utf-8")
    assert "half of each side of a split" in text
    assert "Hedge of split" in text
    assert "short(variance_swaps(" in text


def test_several_at_once_are_judged_as_a_rule_is(table: pd.DataFrame, tmp_path: Path) -> None:
    whole = {"name": "whole", "rule": {"vix_linear": {"low": 10, "width": 15}}}
    half = whole | {"name": "half", "hedge": {"variance_swaps": {"vega_notional": 1_000.0}}}
    found = run_overlay_study(study(rules=[whole], together={"name": "halves", "parts": [half] * 2}), tmp_path)
    one, other = (found.comparison.table().loc[name].drop("sample").astype(float) for name in ("whole", "halves"))
    np.testing.assert_allclose(one, other, rtol=1e-9)
    assert found.together["halves"] is found.comparison.results["halves"]
    offsets = [found.figures[f"{name}: offset in crisis the fall"] for name in ("whole", "halves")]
    assert offsets[0] == pytest.approx(offsets[1])
    assert not [name for name in found.tables() if name.startswith("use_of")]


def test_product_further_signals_and_delays(table: pd.DataFrame, tmp_path: Path) -> None:
    table.loc[table.index[50], "mood"] = np.nan
    table.to_csv(tmp_path / "m.csv")
    steps = {"steps": {"thresholds": [0.0], "levels": [0, 1], "signal": "mood"}}
    rules = [{"name": "both", "rule": [{"vix_linear": {"low": 10, "width": 15}}, steps]}]
    found = run_overlay_study(study(rules=rules, signals={"mood": "mood"}, delays={"mood": 2}), tmp_path)
    decided = found.comparison.results["both"].multiplier
    known = table["mood"].dropna().shift(2)
    wanted = np.maximum((table["vix"] - 10.0) / 15.0, 0.0) * (known > 0.0)
    days = known.dropna().index
    np.testing.assert_allclose(decided[days], wanted[days].astype(float), atol=1e-12)
    assert any("3 rows lack a further signal" in said for said in found.warnings)


def test_keys_chosen_on_the_past_only(table: pd.DataFrame, tmp_path: Path) -> None:
    words = {
        "rule": "vix_linear",
        "keys": {"cap": 2},
        "grid": {"low": [8, 12], "width": [10, 15]},
        "refit": "quarterly",
    }
    found = run_overlay_study(study(walk_forward=words, usual_claims=True), tmp_path)
    assert found.choice is not None
    assert found.usual_claims is not None
    assert "sensitivity" in found.figure_names
    assert found.figure("sensitivity").data
    table.iloc[-40:, :2] *= 1.5
    table.to_csv(tmp_path / "m.csv")
    again = run_overlay_study(study(walk_forward=words), tmp_path)
    assert again.choice is not None
    earlier = found.choice.chosen.index < table.index[-40]
    assert earlier.sum() >= 2
    pd.testing.assert_frame_equal(found.choice.chosen[earlier], again.choice.chosen[earlier])
    text = found.write_html(tmp_path / "r.html").read_text("utf-8")
    assert "Walk-forward: chosen walk-forward, doubts" in text
    assert "Usual claims, measured" in text


def test_missing_volatility_and_futures_by_file(table: pd.DataFrame, tmp_path: Path) -> None:
    ends = {f"exp{n}": (table.index + pd.Timedelta(days=30 * n)).strftime("%Y-%m-%d") for n in (1, 2, 3)}
    curve = pd.DataFrame({f"M{n}": table["vix"] + n for n in (1, 2, 3)} | ends, table.index)
    curve.loc[table.index[10], "M3"] = np.nan
    curve.to_csv(tmp_path / "f.csv")
    table.loc[table.index[[100, 101]], "vix"] = np.nan
    table.to_csv(tmp_path / "m.csv")
    words = {"price": "close", "vix": "vix", "futures": {"file": "f.csv", "positions": 3}}
    rules = [{"name": "slope", "rule": {"term_structure": {"power": 4}}}]
    found = run_overlay_study(study(market=words, rules=rules), tmp_path)
    assert len(found.source.market) == N - 3
    assert any(said.startswith("2 rows have no vix (vix)") for said in found.warnings)
    assert "Interest rate not given: 0 %" in found.warnings
    assert "1 dates lack one of the futures and were left out" in found.warnings


def test_days_on_which_no_hedge_trades_leave_and_a_rule_that_never_moves_is_named(
    table: pd.DataFrame, tmp_path: Path
) -> None:
    market = {"price": "close", "vix": "vix", "calendar": "NYSE"}
    rules = [
        {"name": "flat", "rule": {"steps": {"thresholds": [90], "levels": [1, 2]}}},
        {"name": "none", "rule": {"steps": {"thresholds": [90], "levels": [0, 1]}}},
        {"name": "some", "rule": "vix_linear"},
    ]
    quick = {"draws": 0, "crises": [CRASH], "late": [], "red_flags": False, "equal_cost": False}
    found = run_overlay_study(study(market=market, rules=rules, judging=quick), tmp_path)
    dates = found.source.market.dates
    assert "2015-01-01" not in dates.astype(str)  # New Year, of which the file has a row
    assert (
        f"{N - len(dates)} rows on days on which NYSE does not trade, so that no hedge can: left out" in found.warnings
    )
    assert "flat held 1.00 on every date, so that nothing here tests its timing" in found.warnings
    assert "none never held anything: these data say nothing about it" in found.warnings
    assert not any(said.startswith("some ") for said in found.warnings)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"rules": [{"name": "a", "rule": "vix_linear"}, {"name": "a", "rule": "static"}]}, "two rules are called 'a'"),
        ({"rules": [{"name": "a", "rule": {"vix_linear": {"lo": 1}}}]}, "did you mean 'low'"),
        ({"rules": [{"name": "a", "rule": {"steps": {"thresholds": [25, 15], "levels": [0, 1, 2]}}}]}, "must ascend"),
        ({"rules": [{"name": "a", "rule": "static", "shape": {"floor": 1, "cap": 0.5}}]}, "lies below the floor"),
        ({"rules": [{"name": "a", "rule": "static", "shape": {"threshold": "dayly"}}]}, "is no trigger"),
        ({"rules": [{"name": "a", "rule": []}]}, "at least one rule"),
        ({"hedge": "index_put"}, "did you mean 'index_puts'"),
        ({"hedge": {"index_puts": {"monetise": {"take": 1}}}}, "did you mean 'take_profit'"),
        ({"judging": {"crises": ["2007"]}}, "there is no crisis '2007'"),
        (
            {"judging": {"crises": [{"name": "x", "start": "2015-02-01", "end": "2015-01-01"}]}},
            "must end after it begins",
        ),
        ({"judging": {"draws": 50}}, "draws must be 0, or at least 100"),
        ({"data": {"files": ["m.csv"], "every": "W-FRI"}}, "priced on every row"),
        ({"hedge": SIDES}, "linear: VixLinear(low=10, width=15) gives a size and no share"),
        ({"hedge": {"short": "variance_swaps"}}, "has two sides, short and long"),
        ({"signals": {"vix": "vix"}}, "the signal vix is the market's"),
        ({"walk_forward": {"rule": "vix_linear", "grid": {"lo": [1]}}}, "did you mean 'low'"),
        ({"walk_forward": {"rule": "vix_linear", "grid": {"low": [1]}, "objective": "luck"}}, "no objective 'luck'"),
        (
            {"together": {"parts": [{"name": "a", "rule": "static", "shape": {"budget": "1%"}}] * 2}},
            "budget of its own",
        ),
    ],
)
def test_words_that_mean_nothing_are_refused(words: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(said)):
        study(**words)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"market": {"price": "clos", "vix": "vix"}}, "did you mean 'close'"),
        ({"market": {"price": "close", "vix": "vix", "rate": "rate"}}, "say that it is in percent"),
        ({"signals": {"m": "mod"}}, "did you mean 'mood'"),
        ({"rules": [{"name": "a", "rule": "term_structure"}]}, "short"),
        ({"rules": [{"name": "no hedge", "rule": "static"}]}, "'no hedge' is the name"),
    ],
)
def test_studies_that_cannot_be_run_say_why(
    table: pd.DataFrame, tmp_path: Path, words: dict[str, Any], said: str
) -> None:
    with pytest.raises(HedgerowError, match=re.escape(said)):
        run_overlay_study(study(**words), tmp_path)


def test_several_rows_a_day_are_refused(table: pd.DataFrame, tmp_path: Path) -> None:
    twice = pd.concat([table, table.shift(6, freq="h")]).sort_index()
    twice.to_csv(tmp_path / "m.csv")
    with pytest.raises(DataError, match="2015-01-01 has several rows"):
        run_overlay_study(study(), tmp_path)


def test_zero_prints_without_a_sign() -> None:
    assert [figure_text(value, ".2%") for value in (-0.0, -1e-6, -0.01)] == ["0.00%", "0.00%", "-1.00%"]
    assert unsigned_zeros("offset -0 % of 2018-0, Sharpe ratio -0.00.") == "offset 0 % of 2018-0, Sharpe ratio 0.00."
