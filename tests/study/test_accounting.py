"""The accounting study: nothing after the date of the document, exact amounts, locks, and every way to give a side."""

from __future__ import annotations

import copy
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import DataError, InputError, StudyError
from hedgerow.study import AccountingOutcome, AccountingStudy, run_accounting_study

DAYS = pd.bdate_range("2019-01-01", "2022-12-30", name="date")
WORDS: dict[str, Any] = {
    "framework": ["ifrs9", "asc815", "ias39"],
    "relationship": {"identification": "HR-2021-001", "type": "cash flow", "designated": "2021-01-04"},
    "data": {"files": ["p.csv"], "every": "ME"},
    "item": {"column": "jet", "quantity": -1000},
    "instrument": {"column": "oil", "contract_size": 42, "ratio": 1.0},
    "as_of": "2021-12-31",
}


@pytest.fixture(scope="module")
def prices() -> pd.DataFrame:
    generator = np.random.default_rng(5)
    oil = 2.0 + 0.02 * generator.normal(size=len(DAYS)).cumsum()
    jet = oil + 0.006 * generator.normal(size=len(DAYS)).cumsum()
    return pd.DataFrame({"jet": jet, "oil": oil}, index=DAYS).round(4)


@pytest.fixture(scope="module")
def folder(prices: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("accounting")
    prices.to_csv(place / "p.csv")
    return place


def study(**changes: Any) -> AccountingStudy:
    words = copy.deepcopy(WORDS)
    for key, value in changes.items():
        words[key] = words[key] | value if isinstance(value, dict) and key in words else value
    return AccountingStudy.model_validate(words)


@pytest.fixture(scope="module")
def outcome(folder: Path) -> AccountingOutcome:
    return run_accounting_study(study(), folder)


def test_amounts_are_quantity_times_price_move_exactly(outcome: AccountingOutcome, prices: pd.DataFrame) -> None:
    periods = outcome.data.periods
    assert [str(end) for end in periods.ends] == ["2021-03-31", "2021-06-30", "2021-09-30", "2021-12-31"]
    assert outcome.data.position.contracts == 24
    start, last = (prices.loc[day] for day in ("2021-01-04", "2021-12-31"))
    written = {name: Decimal(str(last[name])) - Decimal(str(start[name])) for name in ("jet", "oil")}
    assert sum(periods.item) == (-1000 * written["jet"]).quantize(Decimal("0.01"))
    assert sum(periods.instrument) == (24 * 42 * written["oil"]).quantize(Decimal("0.01"))


def test_nothing_after_the_date_of_the_document_is_used(
    outcome: AccountingOutcome, prices: pd.DataFrame, tmp_path: Path
) -> None:
    for future in (0.5, 40.0, None):
        altered = prices.loc[:"2021-12-31"] if future is None else prices.copy()
        if future is not None:
            altered.loc["2022-01-01":] = altered.loc["2022-01-01":] * np.array([future, 1.0 / future])
        altered.to_csv(tmp_path / "p.csv")
        assert run_accounting_study(study(), tmp_path).to_dict() == outcome.to_dict()


def test_tests_of_an_earlier_period_do_not_change_later(outcome: AccountingOutcome, folder: Path) -> None:
    earlier = run_accounting_study(study(as_of="2021-09-30"), folder)
    pd.testing.assert_frame_equal(earlier.tests, outcome.tests.iloc[: len(earlier.tests)])
    assert earlier.results[0].periods == outcome.results[0].periods[:3]
    assert earlier.relationship_hash == outcome.relationship_hash
    assert earlier.document_hash != outcome.document_hash


def test_as_of_defaults_to_the_last_row_and_open_periods_are_left_out(folder: Path) -> None:
    found = run_accounting_study(study(as_of=None, data={"end": "2021-11-15"}), folder)
    assert str(found.data.as_of) == "2021-11-15"
    assert len(found.data.periods.ends) == 3
    listed = run_accounting_study(study(periods=["2021-02-26", "2022-02-28"]), folder)
    assert [str(end) for end in listed.data.periods.ends] == ["2021-02-26"]
    assert any("2022-02-28 has not ended" in sentence for sentence in listed.warnings)
    later = run_accounting_study(study(as_of="2021-09-30", data={"end": "2021-11-15"}), folder)
    assert str(later.data.as_of) == "2021-09-30"


def test_lock_holds_the_file_and_leaves_its_date_open(outcome: AccountingOutcome, folder: Path) -> None:
    lock = {"relationship": {"lock": outcome.relationship_hash}}
    assert (
        run_accounting_study(study(**lock, as_of="2022-03-31"), folder).relationship_hash
        == lock["relationship"]["lock"]
    )
    with pytest.raises(StudyError, match="new version"):
        run_accounting_study(study(**lock, item={"quantity": -1200}), folder)
    two, three = ["2021-03-31", "2021-06-30"], ["2021-03-31", "2021-06-30", "2021-09-30"]
    hashes = {run_accounting_study(study(periods=dates), folder).relationship_hash for dates in (two, three)}
    assert len(hashes) == 1
    with pytest.raises(StudyError, match="HR-2021-001"):
        run_accounting_study(study(**lock, thresholds={"r_squared": 0.5}), folder)


def test_json_is_plain_and_amounts_are_text(outcome: AccountingOutcome) -> None:
    plain = outcome.to_dict()
    json.dumps(plain, allow_nan=False)
    row = plain["frameworks"][0]["periods"][0]
    assert Decimal(row["opening"]) + Decimal(row["effective"]) + Decimal(row["reclassified"]) == Decimal(row["closing"])
    assert plain["regression"]["inception"]["n_obs"] > 20


def test_document_says_it_is_no_advice_and_what_is_rule(outcome: AccountingOutcome, tmp_path: Path) -> None:
    text = outcome.write_markdown(tmp_path / "a.md").read_text("utf-8")
    for words in (
        "not legal or accounting advice", "US GAAP ASC 815: practice; IAS 39: rule", "15. Inception test",
        "NOT STATED", "lower of both cumulative amounts", "Figure in the HTML document",
        outcome.document_hash, "Small-numbers rule",
    ):  # fmt: skip
        assert words in text
    assert outcome.write_markdown(tmp_path / "b.md").read_text("utf-8") == text
    page = outcome.write_html(tmp_path / "a.html").read_bytes()
    assert outcome.write_html(tmp_path / "b.html").read_bytes() == page
    assert b"not legal or accounting advice" in page


def test_failed_offset_has_the_operating_characteristics_beside_it(
    outcome: AccountingOutcome, folder: Path, tmp_path: Path
) -> None:
    strict = study(thresholds={"corridor_low": 0.999, "corridor_high": 1.001}, framework="ias39")
    found = run_accounting_study(strict, folder)
    assert found.to_dict()["operating_characteristics"] is not None
    assert "operating-characteristics" in found.tables()
    assert "What a failed offset means" in found.write_markdown(tmp_path / "a.md").read_text("utf-8")
    assert found.verdict == found.results[0].conclusion
    assert not found.results[0].periods[0].hedged
    wide = study(thresholds={"corridor_low": 0.001, "corridor_high": 1000.0, "small_change": 1e6})
    calm = run_accounting_study(wide, folder)
    assert any("flagged and not judged" in sentence for sentence in calm.warnings)
    assert "operating-characteristics" not in calm.tables()
    assert calm.to_dict()["operating_characteristics"] is None


def test_every_figure_is_drawn_and_an_unknown_one_refused(outcome: AccountingOutcome) -> None:
    for name in ("regression", "offset", "rolling", "residuals"):
        assert len(outcome.figure(name).data) >= 1
    with pytest.raises(InputError, match="did you mean 'residuals'"):
        outcome.figure("residual")


def test_fair_values_of_both_sides_and_of_what_is_left_out(folder: Path, tmp_path: Path) -> None:
    ends = pd.DatetimeIndex(["2021-01-04", "2021-03-31", "2021-06-30"], name="date")
    values = pd.DataFrame({"item": [0.0, -9.0, -10.0], "swap": [0.0, 11.5, 10.0], "left": [0.0, 1.5, 2.0]}, index=ends)
    values.to_csv(tmp_path / "p.csv")
    words = study(
        item={"column": None, "quantity": None, "fair_value": "item"},
        instrument={"column": None, "ratio": None, "fair_value": "swap", "excluded": "left"},
        data={"every": "1D"}, as_of="2021-06-30", framework="ifrs9",
    )  # fmt: skip
    found = run_accounting_study(words, tmp_path)
    rows = found.results[0].periods
    assert [row.closing for row in rows] == [Decimal("9.00"), Decimal("8.00")]
    assert [row.profit_or_loss for row in rows] == [Decimal("1.00"), Decimal("-1.00")]
    assert [row.excluded for row in rows] == [Decimal("1.50"), Decimal("0.50")]
    assert found.latest is None
    assert found.to_dict()["regression"] == {"inception": None, "latest": None}
    assert "## Regression" not in found.write_markdown(tmp_path / "a.md").read_text("utf-8")
    assert "no regression" in found.relationship.inception_test
    assert "by fair values" in found.relationship.designated_ratio
    with pytest.raises(InputError, match="no residuals"):
        found.figure("residuals")
    assert "cost of hedging" in str([line.account for line in found.results[0].journal])
    assert len(found.figure("regression").data) == 4
    found.write_html(tmp_path / "a.html")


def test_item_is_a_present_value_where_it_falls_due_later(outcome: AccountingOutcome, folder: Path) -> None:
    later = run_accounting_study(study(item={"settles": "2022-12-31", "rate": 0.04}), folder)
    plain, present = (sum(found.data.periods.item) for found in (outcome, later))
    assert float(present) == pytest.approx(float(plain) * np.exp(-0.04), abs=0.01)


def test_fair_value_hedge_has_no_reserve(folder: Path, tmp_path: Path) -> None:
    found = run_accounting_study(study(relationship={"type": "fair value"}), folder)
    text = found.write_markdown(tmp_path / "a.md").read_text("utf-8")
    assert "roll-forward" not in text
    assert all(row.closing == 0 for row in found.results[0].periods)


def test_reclassified_amounts_scenarios_terms_and_log_stand_in_the_document(folder: Path, tmp_path: Path) -> None:
    side = {"quantity": 1000, "currency": "USD", "underlying": "jet", "place": "USGC", "settles": "2022-01-31"}
    words = study(
        reclassified=[{"end": "2021-06-30", "amount": 1.25}],
        scenarios=[{"name": "both up", "item": 0.1, "instrument": 0.1}],
        critical_terms={"item": side, "instrument": side | {"underlying": "heating oil"}},
        rebalancing=["2021-05-03: none"], rolling=12, window=24, retrospective="period offset",
        instrument={"ratio": None, "contracts": 24}, framework=["ifrs9", "ifrs9"],
    )  # fmt: skip
    found = run_accounting_study(words, folder)
    assert found.results[0].periods[1].reclassified == Decimal("-1.25")
    assert found.to_dict()["scenarios"][0]["net"] == "0.80"
    assert found.latest is not None
    assert found.latest.n_obs == 24
    assert found.data.position.fits is None
    text = found.write_markdown(tmp_path / "a.md").read_text("utf-8")
    for title in ("Critical terms", "Scenarios", "Rebalancing log"):
        assert f"## {title}" in text


def test_relationship_that_ended_books_nothing_after(folder: Path) -> None:
    found = run_accounting_study(study(relationship={"dedesignated": "2021-09-30"}), folder)
    assert len(found.data.periods.ends) == 3
    assert found.data.changes.index[-1] <= pd.Timestamp("2021-09-30")
    assert found.relationship_hash == run_accounting_study(study(), folder).relationship_hash
    with pytest.raises(InputError, match="after dedesignation"):
        run_accounting_study(study(relationship={"dedesignated": "2021-09-30"}, periods=["2021-12-31"]), folder)


def test_price_in_another_unit_gives_the_same_hedge(
    outcome: AccountingOutcome, prices: pd.DataFrame, tmp_path: Path
) -> None:
    barrels = prices.assign(oil=prices["oil"] * 42.0)
    barrels.to_csv(tmp_path / "p.csv")
    words = study(
        instrument={"contract_size": 1, "price_unit_factor": 1 / 42},
        scenarios=[{"name": "up", "item": 1, "instrument": 42}],
    )
    found = run_accounting_study(words, tmp_path)
    assert found.data.position.contracts == outcome.data.position.contracts
    assert found.to_dict()["scenarios"][0]["instrument"] == "1,008.00"
    for mine, other in zip(found.data.periods.instrument, outcome.data.periods.instrument, strict=True):
        assert abs(mine - other) <= Decimal("0.01")


def test_steps_across_two_contracts_are_left_out_of_the_instrument_alone(
    outcome: AccountingOutcome, prices: pd.DataFrame, tmp_path: Path
) -> None:
    jumped = prices.copy()
    jumped.loc["2021-05-03":, "oil"] += 10.0
    jumped.to_csv(tmp_path / "p.csv")
    (tmp_path / "rolls.csv").write_text("instrument,date\noil,2021-05-03\n")
    found = run_accounting_study(study(data={"roll_dates": "rolls.csv"}), tmp_path)
    assert found.data.periods.item == outcome.data.periods.item
    step = prices["oil"].diff().loc["2021-05-03"]
    left_out = sum(outcome.data.periods.instrument) - sum(found.data.periods.instrument)
    assert float(left_out) == pytest.approx(24 * 42 * step, abs=0.02)


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"as_of": "2020-12-31"}, InputError, "before the designation"),
        ({"periods": ["2020-12-31"]}, InputError, "before designation"),
        ({"relationship": {"designated": "2018-06-01"}}, DataError, "data begin"),
        (
            {"relationship": {"designated": "2031-06-01"}, "as_of": None},
            DataError,
            "data end on .* before the designation",
        ),
        ({"relationship": {"dedesignated": "2019-06-01"}}, InputError, "is before the designation .* exchange them"),
        ({"relationship": {"designated": "soon"}}, InputError, "designated 'soon'"),
        ({"periods": ["2021-01-09", "2021-01-10"]}, DataError, "no price lies between"),
        ({"item": {"quantity": -10}}, InputError, "less than half a contract"),
        ({"periods": "often"}, InputError, "'often'"),
    ],
)
def test_study_that_means_nothing_is_refused_in_one_sentence(
    changes: dict[str, Any], error: type[Exception], said: str, folder: Path
) -> None:
    with pytest.raises(error, match=said):
        run_accounting_study(study(**changes), folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"framework": []},
        {"item": {"fair_value": "x"}},
        {"item": {"column": None}},
        {"item": {"quantity": None}},
        {"item": {"quantity": 0}},
        {"item": {"column": None, "quantity": None, "fair_value": "x", "settles": "2022-01-01"}},
        {"instrument": {"fair_value": "x"}},
        {"instrument": {"ratio": None}},
        {"instrument": {"contracts": 0}},
        {"instrument": {"column": None, "fair_value": "x", "contracts": 1}},
    ],
)
def test_words_that_contradict_each_other_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Value error"):
        study(**changes)


def test_inception_document_has_no_period_yet(folder: Path, tmp_path: Path) -> None:
    found = run_accounting_study(study(as_of="2021-01-04"), folder)
    assert found.data.periods.ends == ()
    assert found.inception is not None
    text = found.write_markdown(tmp_path / "a.md").read_text("utf-8")
    assert "## Dollar offset" not in text
    json.dumps(found.to_dict(), allow_nan=False)


def test_designation_on_the_first_day_has_no_inception_regression_and_says_so(folder: Path) -> None:
    found = run_accounting_study(study(relationship={"designated": "2019-01-01"}, as_of="2019-12-31"), folder)
    assert found.inception is None
    assert found.latest is not None
    assert "least squares" not in found.relationship.designated_ratio
    assert found.to_dict()["tests"][0]["slope"] is None


def test_document_dated_after_its_data_says_so(folder: Path) -> None:
    found = run_accounting_study(study(as_of="2023-02-28"), folder)
    assert any("data end on 2022-12-30" in sentence for sentence in found.warnings)
    assert str(found.data.periods.ends[-1]) == "2022-12-31"


def test_perfect_hedge_prints_no_infinite_figure(prices: pd.DataFrame, tmp_path: Path) -> None:
    prices.assign(jet=prices["oil"]).to_csv(tmp_path / "p.csv")
    words = study(item={"quantity": -42}, instrument={"ratio": None, "contracts": 1}, as_of="2021-12-31")
    found = run_accounting_study(words, tmp_path)
    text = found.write_markdown(tmp_path / "a.md").read_text("utf-8")
    assert re.search(r"\b-?(inf|nan)\b", text) is None
    assert all(row.profit_or_loss == 0 for row in found.results[0].periods)
    json.dumps(found.to_dict(), allow_nan=False)
