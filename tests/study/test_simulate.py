"""Simulate studies: words become the call that Python makes; broken words are one sentence with their place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from hedgerow.costs import HalfSpread, PerShare
from hedgerow.engine import SimulateOptions, simulate
from hedgerow.errors import InputError, StudyError
from hedgerow.hedgers import DeltaHedger
from hedgerow.instruments import Book, EuropeanOption, MarketState, Underlying
from hedgerow.policies import Band, EveryDay
from hedgerow.scenarios import GBM
from hedgerow.study import HedgeOutcome, SimulateStudy, load_study, run_simulate_study, run_study, study_schema
from hedgerow.study.hedging.measures import LAW
from hedgerow.study.hedging.report import result_table
from hedging_cases import POSITION, SIMULATE


@pytest.fixture(scope="module")
def outcome() -> HedgeOutcome:
    return run_simulate_study(SimulateStudy.model_validate(SIMULATE))


def written(folder: Path, words: dict[str, Any]) -> Path:
    file = folder / "study.yaml"
    with file.open("w") as stream:
        YAML(typ="safe").dump(words, stream)
    return file


def test_study_gives_what_the_same_call_in_python_gives(outcome: HedgeOutcome) -> None:
    market = MarketState("2026-11-20", {"XYZ": Underlying(100.0, 0.2, rate=0.03)})
    result = simulate(
        Book([(EuropeanOption("XYZ", "call", 100.0, "2027-02-19", multiplier=100), -10)]),
        scenario=GBM(market, volatility=0.25, drift=0.0),
        hedger=DeltaHedger(volatility=0.2),
        policy=Band(0.1) | EveryDay(),
        costs=HalfSpread(1) + PerShare(0.005, minimum=1),
        n_paths=200,
        n_steps=13,
        seed=1,
        options=SimulateOptions(),
    )
    np.testing.assert_array_equal(outcome.result.pnl, result.pnl)


def test_file_says_what_the_model_says(outcome: HedgeOutcome, tmp_path: Path) -> None:
    study = load_study(written(tmp_path, SIMULATE))
    assert study == outcome.study
    assert run_study(study, tmp_path).to_dict() == outcome.to_dict()


def test_combination_and_file_of_positions_are_the_book_of_a_list(tmp_path: Path) -> None:
    columns = ",".join(POSITION)
    (tmp_path / "book.csv").write_text(f"{columns}\n{','.join(map(str, POSITION.values()))}\n")
    given = run_simulate_study(SimulateStudy.model_validate(SIMULATE | {"book": "book.csv"}), tmp_path)
    listed = run_simulate_study(SimulateStudy.model_validate(SIMULATE | {"book": POSITION}), tmp_path)
    np.testing.assert_array_equal(given.result.pnl, listed.result.pnl)
    terms = {key: POSITION[key] for key in ("underlying", "strike", "expiry", "quantity", "multiplier")}
    straddle = run_simulate_study(SimulateStudy.model_validate(SIMULATE | {"book": [{"straddle": terms}]}))
    assert len(straddle.book) == 2


def test_days_are_the_closes_of_weekdays_and_weeks_even_steps_of_trading() -> None:
    words = {key: value for key, value in SIMULATE.items() if key != "steps"} | {"paths": 2}
    weeks, days = (
        run_simulate_study(SimulateStudy.model_validate(words | {"every": every})).result.grid
        for every in ("week", "day")
    )
    assert weeks.n_steps == 13
    assert days.n_steps == 65
    assert (days.times.hour == 16).all()
    assert (days.times.day_of_week < 5).all()


def test_verdict_says_hold_cost_and_risk(outcome: HedgeOutcome) -> None:
    held = outcome.path["holding"].iloc[0]
    assert outcome.verdict.startswith(f"Hold long {held:,.6g} XYZ now; hedging to the end is expected to cost ")
    assert "in the worst 5 % of paths" in outcome.verdict


def test_json_is_plain_and_its_attribution_adds_up(outcome: HedgeOutcome) -> None:
    found = json.loads(json.dumps(outcome.to_dict(), allow_nan=False))
    parts = {name: row["mean"] for name, row in found["attribution"].items()}
    total = parts.pop("total")
    assert sum(parts.values()) == pytest.approx(total, abs=1e-6)
    assert (found["paths"], found["seed"], found["lag"], found["steps"]) == (200, 1, 0, 13)
    assert found["hold"]["XYZ"] == pytest.approx(outcome.path["holding"].iloc[0])
    assert "200 paths" in found["warnings"][0]


def test_parts_of_the_first_path_end_at_its_profit(outcome: HedgeOutcome) -> None:
    rows = outcome.parts.drop(columns="total").sum(axis=1)
    np.testing.assert_allclose(rows, outcome.parts["total"], atol=1e-9)
    assert outcome.parts["total"].iloc[-1] == pytest.approx(outcome.path["pnl"].iloc[-1])
    assert outcome.parts["gamma"].iloc[-1] < 0.0 < outcome.parts["theta"].iloc[-1]


def test_every_picture_is_drawn_and_stands_in_the_report(outcome: HedgeOutcome, tmp_path: Path) -> None:
    names = ("distribution", "attribution", "concept", "delta", "decomposition", "gamma_theta", "rebalancing")
    assert outcome.figure_names == names
    text = outcome.write_html(tmp_path / "report.html").read_text()
    for heading in ("Profit and loss at the end", "The idea: book, hedge and both", "Gamma against theta"):
        assert heading in text
    with pytest.raises(InputError, match="did you mean 'delta'"):
        outcome.figure("delat")


def test_concept_is_flat_where_the_hedge_stands_and_bends_for_a_short_book(outcome: HedgeOutcome) -> None:
    book, _, both = outcome.figure("concept").data
    middle = len(both.x) // 2
    assert abs(both.y[middle + 1]) < 0.05 * abs(book.y[middle + 1])
    assert max(both.y) == pytest.approx(0.0, abs=1e-3)


def test_schema_describes_every_key_of_a_simulate_study() -> None:
    defined = study_schema()["$defs"]["SimulateStudy"]["properties"]
    assert all("description" in each for each in defined.values())
    assert {"market", "book", "scenario", "hedger", "policy", "costs", "paths", "claims"} <= set(defined)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"paths": 0}, "'paths': must be greater than or equal to 1, but is 0"),
        ({"policy": "bnad"}, "policy: policy 'bnad' is not known; did you mean 'band'"),
        ({"polcy": "band"}, "unknown key 'polcy'; did you mean 'policy'"),
        ({"costs": [{"half_spread": -1}]}, "0 or more, not -1"),
        ({"scenario": {"gmb": {}}}, "scenario 'gmb' is not known; did you mean 'gbm'"),
        ({"scenario": {"gbm": {"volatilty": 0.2}}}, "did you mean 'volatility'"),
        (
            {"book": [POSITION | {"expiry": "2026-11-01"}]},
            "position 0 expires at 2026-11-01 16:00:00, which is not",
        ),
        ({"book": [POSITION | {"underlying": "XZY"}]}, "the market has no underlying 'XZY'; did you mean 'XYZ'"),
        ({"book": []}, "at least one position"),
        ({"book": [POSITION | {"kind": ["call"]}]}, "position 0: kind is one value, not ['call']"),
        ({"book": [{"stradle": {}}]}, "'stradle' is no combination; did you mean 'straddle'"),
        ({"until": "2026-11-01"}, "until 2026-11-01 16:00:00 is not after the start"),
        ({"market": {"at": "soon", "underlyings": {"XYZ": {"spot": 100}}}}, "soon"),
        ({"market": {"at": "2026-11-20", "underlyings": {"XYZ": {"spot": -1}}}}, "spot of XYZ must be above 0"),
        ({"lag": -1}, "'lag'"),
        ({"book": [{"underlying": "XYZ", "type": "spot", "quantity": 1}]}, "say with until where the simulation ends"),
    ],
)
def test_broken_words_are_one_sentence_with_their_line(change: dict[str, Any], sentence: str, tmp_path: Path) -> None:
    file = written(tmp_path, SIMULATE | change)
    with pytest.raises(StudyError) as error:
        load_study(file)
    assert sentence in str(error.value)
    assert "line " in str(error.value)
    assert "\n" not in str(error.value)


def test_claim_about_a_figure_that_is_not_there_is_refused() -> None:
    claims = [{"what": "Profit", "claimed": 1.0, "measured": "meen"}]
    with pytest.raises(InputError, match=r"no figure 'meen'; did you mean 'mean'"):
        run_simulate_study(SimulateStudy.model_validate(SIMULATE | {"claims": claims, "paths": 2}))


def test_one_path_is_no_history_and_a_percentage_for_a_volatility_is_noticed() -> None:
    market = {"at": "2026-11-20", "underlyings": {"XYZ": {"spot": 100, "vol": 20}}}
    outcome = run_simulate_study(SimulateStudy.model_validate(SIMULATE | {"market": market, "paths": 1}))
    assert not outcome.is_replay
    assert "on one path of many that could be" in outcome.verdict
    assert "the volatility of XYZ is 20, that is 2,000% a year; in decimals 20 % is 0.2" in outcome.warnings


def test_more_steps_than_a_run_takes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hedgerow.study.hedging.book.MOST_STEPS", 1_000)
    words = SIMULATE | {"book": [POSITION | {"expiry": "2200-01-01"}], "every": "hour", "paths": 1}
    study = SimulateStudy.model_validate({name: value for name, value in words.items() if name != "steps"})
    with pytest.raises(InputError, match=r"steps, one per hour, to .* are more than 1,000; take longer steps"):
        run_simulate_study(study)


def test_book_of_two_underlyings_says_what_to_hold_of_each() -> None:
    terms = {"strike": 100, "expiry": "2027-02-19", "multiplier": 100}
    words = SIMULATE | {
        "market": {"at": "2026-11-20", "underlyings": {"A": {"spot": 100, "vol": 0.2}, "B": {"spot": 100, "vol": 0.3}}},
        "book": [
            {"underlying": "A", "kind": "call", "quantity": -10, **terms},
            {"underlying": "B", "kind": "call", "quantity": 10, **terms},
        ],
        "scenario": {"gbm": {"correlation": [[1, 0.5], [0.5, 1]]}},
        "policy": "every_periods",
        "hedger": "delta",
        "paths": 20,
        "steps": 3,
    }
    outcome = run_simulate_study(SimulateStudy.model_validate(words))
    hold = outcome.to_dict()["hold"]
    assert set(hold) == {"A", "B"}
    assert hold["A"] > 0.0 > hold["B"]
    assert "concept" not in outcome.figure_names
    assert outcome.result.how == "arrays"
    assert outcome.figure("delta").layout.title.text.endswith(": A")
    banded = run_simulate_study(SimulateStudy.model_validate(words | {"policy": {"band": 0.1}, "paths": 2}))
    assert "the band of 0.1 is a share of the units behind the options of all 2 underlyings" in banded.warnings[-1]
    assert not any("band" in each for each in outcome.warnings)


def test_bootstrap_reads_its_returns_from_a_file_of_prices(tmp_path: Path) -> None:
    days = pd.bdate_range("2026-01-05", periods=60)
    closes = 100.0 * np.exp(np.cumsum(np.random.default_rng(1).normal(0.0, 0.01, 60)))
    pd.DataFrame({"date": days, "close": closes}).to_csv(tmp_path / "past.csv", index=False)
    words = {"bootstrap": {"returns": {"file": "past.csv", "column": "close"}, "mean_block": 5}}
    study = SimulateStudy.model_validate(SIMULATE | {"scenario": words, "paths": 20, "steps": 5})
    assert run_simulate_study(study, tmp_path).result.n_paths == 20


def test_measures_follow_from_summary_and_attribution(outcome: HedgeOutcome) -> None:
    summary, parts = outcome.result.summary()["value"], outcome.result.attribution()["mean"]
    figures = outcome.figures
    assert figures["trades per day"] == pytest.approx(summary["trades"] / (91 * 252 / 365))
    squared = summary["realised volatility"] ** 2 * (1.0 - summary["mean"] / parts["gamma"])
    assert figures["break-even volatility"] == pytest.approx(squared**0.5)
    assert figures["break-even volatility"] < summary["realised volatility"]  # short, and moved more than was sold
    found = outcome.to_dict()["quantiles"]
    assert found["50%"]["profit"] == pytest.approx(np.median(outcome.profits))


def test_law_of_the_error_stands_beside_the_standard_deviation_that_it_foretells() -> None:
    words = SIMULATE | {"policy": "every_periods", "costs": [], "steps": 40, "paths": 4000, "scenario": "gbm"}
    figures = run_simulate_study(SimulateStudy.model_validate(words)).figures
    assert figures[LAW] == pytest.approx(figures["standard deviation"], rel=0.06)


def test_result_table_says_units_and_volatility_in_percent(outcome: HedgeOutcome) -> None:
    shown = result_table(outcome).frame
    assert shown.loc["mean", "unit"] == "USD"
    assert shown.loc["turnover", "unit"] == "units traded"
    assert shown.loc["realised volatility", "value"] == pytest.approx(
        100.0 * outcome.result.summary().loc["realised volatility", "value"]
    )
