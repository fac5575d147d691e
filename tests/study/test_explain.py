"""Explain studies: totals are differences of book values, both explanations add up, the history tests the Greeks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explain_cases import BOOK, DAY, history_text, market
from hedgerow.attribution import attribution_test, explain
from hedgerow.errors import ColumnError, DataError, HedgerowError, InputError
from hedgerow.instruments import Book, MarketState, Underlying
from hedgerow.study import ExplainOutcome, ExplainStudy, load_study, run_explain_study, run_study
from hedgerow.study.explain.smiles import QuotedSmiles
from hedgerow.study.explain.tables import beside, by_position

STUDIES = Path(__file__).resolve().parents[2] / "examples" / "studies"
SPOT_TRADE = {"underlying": "SPX", "instrument": "spot", "quantity": -200, "price": 3935, "fee": 60}
CALL = "underlying,type,kind,strike,expiry,quantity,price,fee\nSPX,european,call,4000,2026-12-18,1,70"


def run(folder: Path = Path(), **change: Any) -> ExplainOutcome:
    return run_explain_study(ExplainStudy.model_validate(DAY | change), folder)


def test_profit_is_the_difference_of_book_values_however_it_is_explained() -> None:
    outcome = run()
    book = Book.from_frame(pd.DataFrame(BOOK))
    worth = [
        book.value(MarketState(day, {"SPX": Underlying(spot, vol, rate=0.035)}))
        for day, spot, vol in (("2026-11-18", 4000.0, 0.18), ("2026-11-19", 3900.0, 0.215))
    ]
    assert outcome.explained.pnl == pytest.approx(worth[1] - worth[0])
    for totals in (outcome.explained.predict_totals(), outcome.explained.explain_totals()):
        assert totals.drop("total").sum() == pytest.approx(worth[1] - worth[0])
    np.testing.assert_allclose(outcome.explained.explain["residual"], 0.0, atol=1e-9 * abs(worth[0]))


def test_trades_fees_and_flows_are_part_of_the_profit() -> None:
    plain, traded = run(), run(trades=[SPOT_TRADE], flows={"financing": 45.0})
    assert traded.explained.pnl - plain.explained.pnl == pytest.approx(-200 * (3900 - 3935) - 60 + 45)
    assert traded.explained.explain_totals()["fees"] == pytest.approx(-60.0)
    assert traded.explained.predict_totals()["financing"] == 45.0
    assert traded.explained.positions["trade"].tolist() == [False, False, True]


def test_order_moves_money_between_lines_and_never_the_total() -> None:
    usual, other = run(), run(order=["volatility_level", "Spot"])
    assert other.explained.order[:3] == ("volatility level", "spot", "carry")
    assert other.explained.pnl == pytest.approx(usual.explained.pnl)
    assert abs(other.explained.explain_totals()["spot"] - usual.explained.explain_totals()["spot"]) > 100.0


def test_both_explanations_stand_side_by_side_and_by_position() -> None:
    outcome = run(trades=[SPOT_TRADE])
    table = beside(outcome.explained)
    assert list(table.index[-2:]) == ["unexplained", "total"]
    assert table["move"].iloc[-1] == "total"
    np.testing.assert_allclose(table["predicted"].iloc[:-1].sum(), table["predicted"].iloc[-1])
    np.testing.assert_allclose(table["revalued"].iloc[:-1].sum(), table["revalued"].iloc[-1])
    positions = by_position(outcome, "explain")
    assert set(positions.index) == {
        "-10 SPX call 4,000 2026-12-18",
        "-10 SPX put 4,000 2026-12-18",
        "-200 SPX spot (traded)",
    }
    np.testing.assert_allclose(positions.drop(columns="total").sum(axis=1), positions["total"])


def test_verdict_takes_the_revaluation_where_the_greeks_leave_much() -> None:
    large, small = run(), run(after=market("2026-11-19", 4001.0, 0.18))
    assert large.residuals.loc["predict", "share"] > 0.05
    assert "The book lost " in large.verdict
    assert "take the revaluation (volatility level -" in large.verdict
    assert "so they tell the day" in small.verdict
    assert "The book made nothing" in run(book=[{"underlying": "SPX", "type": "spot", "quantity": 1}],
                                          after=market("2026-11-19")).verdict  # fmt: skip


def test_break_even_move_is_that_of_the_implied_volatility() -> None:
    row = run().moves.loc["SPX"]
    assert row["realised_move"] == pytest.approx(-100.0)
    assert row["break_even_move"] == pytest.approx(4000.0 * 0.18 * np.sqrt(1.0 / 365.0))
    assert row["daily_break_even"] == pytest.approx(4000.0 * 0.18 / np.sqrt(252.0))
    assert row["gamma"] == pytest.approx(run().explained.predict_totals()["gamma"])
    assert row["theta"] == pytest.approx(run().explained.predict_totals()["theta"])


def test_smile_splits_volatility_into_level_and_skew() -> None:
    def smiled(day: str, spot: float, low: float, high: float) -> dict[str, Any]:
        quotes = ((3600, low), (4400, high))
        points = [{"expiry": "2026-12-18", "strike": strike, "vol": vol} for strike, vol in quotes]
        return {"at": day, "underlyings": {"SPX": {"spot": spot, "smile": points}}}

    put = [{**BOOK[1], "strike": 3700}]
    markets = {"before": smiled("2026-11-18", 4000, 0.22, 0.16), "after": smiled("2026-11-19", 4000, 0.27, 0.15)}
    totals = run(book=put, **markets).explained.explain_totals()
    assert totals["volatility level"] < 0.0
    assert totals["skew and term"] < 0.0
    flat = run(book=put).explained.explain_totals()
    assert flat["skew and term"] == pytest.approx(0.0, abs=1e-9)


def test_smiles_are_linear_in_strike_and_in_variance_over_time() -> None:
    smiles = QuotedSmiles(
        np.array([0.25, 1.0]),
        (np.array([90.0, 110.0]), np.array([100.0])),
        (np.array([0.3, 0.2]), np.array([0.24])),
    )
    np.testing.assert_allclose(smiles.volatility([80.0, 100.0, 120.0], 0.25), [0.3, 0.25, 0.2])
    np.testing.assert_allclose(smiles.volatility(100.0, [0.1, 1.0, 3.0]), [0.25, 0.24, 0.24])
    middle = np.sqrt((0.5 * 0.25**2 * 0.25 + 0.5 * 0.24**2 * 1.0) / 0.625)
    np.testing.assert_allclose(smiles.volatility(100.0, 0.625), middle)


def test_history_is_the_book_explained_day_by_day_and_tested(tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text(history_text(11))
    seen: list[float] = []
    study = ExplainStudy.model_validate({"book": BOOK, "history": "h.csv", "date": "2026-10-07"})
    outcome = run_explain_study(study, tmp_path, progress=lambda _name, share: seen.append(share))
    assert (outcome.before.moment.day, outcome.after.moment.day, seen[-1]) == (6, 7, 1.0)
    days = outcome.history.days
    assert len(days) == 10
    assert days.loc[outcome.after.moment, "pnl"] == pytest.approx(outcome.explained.pnl)
    np.testing.assert_allclose(days["predicted"] + days["residual"], days["pnl"])
    assert outcome.history.test == attribution_test(days["pnl"], days["predicted"])
    (tmp_path / "h.csv").write_text(history_text(3))
    last = run_explain_study(ExplainStudy.model_validate({"book": BOOK, "history": "h.csv"}), tmp_path)
    assert last.after.moment.day == 3


def test_history_before_a_day_does_not_know_what_comes_after(tmp_path: Path) -> None:
    text = history_text(4)
    (tmp_path / "a.csv").write_text(text)
    lines = text.splitlines()
    (tmp_path / "b.csv").write_text("\n".join([*lines[:-1], "2026-10-04,SPX,2000,0.9,0.01"]) + "\n")
    days = [
        run_explain_study(ExplainStudy.model_validate({"book": BOOK, "history": name}), tmp_path).history.days
        for name in ("a.csv", "b.csv")
    ]
    pd.testing.assert_frame_equal(days[0].iloc[:-1], days[1].iloc[:-1])
    assert days[0]["pnl"].iloc[-1] != days[1]["pnl"].iloc[-1]


def test_short_history_is_shown_without_a_test(tmp_path: Path) -> None:
    outcome = run(tmp_path, history=[market("2026-11-16"), market("2026-11-18", 3990), market("2026-11-17", 4010)])
    assert outcome.history.test is None
    assert "needs 10" in outcome.warnings[-1]
    assert outcome.history.days.index.is_monotonic_increasing


def test_json_is_plain_and_the_report_is_whole(tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text(history_text(11))
    outcome = run(tmp_path, history="h.csv", event={"vol_move": -0.05}, trades=[SPOT_TRADE], title="<Yesterday>")
    found = json.loads(json.dumps(outcome.to_dict(), allow_nan=False))
    assert found["pnl"] == pytest.approx(sum(row["explain"]["total"] for row in found["positions"]))
    assert found["history"]["test"]["n_days"] == 10
    assert len(found["event"]["table"]) == 7
    text = outcome.write_html(tmp_path / "r.html").read_text()
    for words in ("&lt;Yesterday&gt;", "Revaluation, move by move", "Residual day by day", "Volatility by expiry",
                  "An event to come", "order above"):  # fmt: skip
        assert words in text
    assert set(outcome.tables()) >= {"predict", "explain", "explain_by_position", "moves", "history", "event"}


def test_own_marks_are_said_to_hide_volatility() -> None:
    outcome = run(book=[{**BOOK[0], "vol": 0.2}, BOOK[1]])
    assert outcome.warnings[0].startswith("1 of 2 positions have a volatility of their own")


def test_study_gives_what_the_call_in_python_gives() -> None:
    outcome = run(order=["spot"])
    again = explain(outcome.book, outcome.before, outcome.after, order=outcome.explained.order)
    pd.testing.assert_frame_equal(outcome.explained.explain, again.explain)
    pd.testing.assert_frame_equal(outcome.explained.predict, again.predict)


def test_example_study_runs() -> None:
    study = load_study(STUDIES / "explain_short_straddles.yaml")
    outcome = run_study(study, STUDIES)
    assert outcome.explained.pnl < 0.0
    assert outcome.event is not None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"after": market("2026-12-21")}, r"position 0 \(SPX european call 4000\) expires .* between the two markets"),
        ({"before": market("2026-12-19"), "after": market("2026-12-21")}, "leave out what has expired"),
        ({"after": {"at": "2026-11-19", "underlyings": {"SPY": {"spot": 390, "vol": 0.2}}}},
         "the market after .* has no underlying 'SPX'; did you mean 'SPY'"),
        ({"after": market("2026-11-18")}, "must be later"),
        ({"after": market("2026-11-19") | {"currency": "EUR"}}, "give both in one"),
        ({"history": [market("2026-11-18")]}, "one market; a profit needs two"),
        ({"history": [market("2026-11-18"), market("2026-11-18")]}, "two markets at 2026-11-18"),
        ({"trades": [{**SPOT_TRADE, "fee": -1}]}, "trade 0: fee must not be negative"),
        ({"trades": [{**BOOK[0], "price": 70, "strike": "x"}]}, "trade 0.*'x'"),
    ],
)  # fmt: skip
def test_what_cannot_be_explained_is_one_sentence(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(HedgerowError, match=sentence) as refused:
        run(**change)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"order": ["spto"]}, "unknown move 'spto'; did you mean 'spot'"),
        ({"order": ["spot", "spot"]}, "twice"),
        ({"after": market("2026-11-19", vol=-0.2)}, "greater than or equal to 0"),
        ({"after": market("2026-11-19", spot=-1)}, "spot of SPX must be above 0"),
        ({"after": None}, "give after too"),
        ({"before": None, "after": None}, "give before and after, or a history"),
        ({"date": "2026-11-19"}, "date names a day of the history"),
        ({"flows": {"delta": 1.0}}, "'delta' is a part of its own"),
        ({"before": {"at": "2026-11-18", "underlyings": {"SPX": {"spot": 1, "vol": 0.2, "smile": [
            {"expiry": "2026-12-18", "strike": 1, "vol": 0.2}]}}}}, "either vol or smile"),
        ({"before": {"at": "2026-11-18", "underlyings": {"SPX": {"spot": 1, "smile": [
            {"expiry": "2026-11-18", "strike": 1, "vol": 0.2}]}}}}, "not after"),
        ({"book": []}, "at least one position"),
    ],
)  # fmt: skip
def test_bad_words_are_refused_before_anything_is_read(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        ExplainStudy.model_validate(DAY | change)


@pytest.mark.parametrize(
    ("text", "kind", "sentence"),
    [
        ("date,underlying,spot,vool\n2026-10-01,SPX,1,1\n", ColumnError, "did you mean 'vol'"),
        ("underlying,spot\nSPX,1\n", ColumnError, "needs a column 'date'"),
        ("date,underlying,spot\n2026-10-01,SPX,1\n2026-10-01,SPX,2\n", DataError, "twice on 2026-10-01"),
        ("date,underlying,spot\n2026-10-01,SPX,\n", DataError, "must be above 0"),
        ("date,underlying,spot,vol\n2026-10-01,SPX,1,-1\n", DataError, "vol must not be negative"),
        ("date,underlying,spot\nsoon,SPX,1\n", InputError, "soon"),
    ],
)
def test_history_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, text: str, kind: type[Exception], sentence: str
) -> None:
    (tmp_path / "h.csv").write_text(text)
    with pytest.raises(kind, match=sentence):
        run(tmp_path, history="h.csv")


@pytest.mark.parametrize(
    ("text", "kind", "sentence"),
    [
        (CALL.replace("price", "prize") + ",1\n", ColumnError, "needs a column 'price'"),
        (CALL.replace("call", "kall") + ",1\n", DataError, "line 2 of t.csv"),
        (CALL.replace(",70", ",") + ",1\n", DataError, "line 2 of t.csv: price must be a number"),
        (CALL.replace("2026-12-18", "2026-11-18 17:00") + ",1\n", InputError, "between the two markets"),
    ],
)
def test_trades_that_cannot_be_read_are_one_sentence(
    tmp_path: Path, text: str, kind: type[Exception], sentence: str
) -> None:
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(kind, match=sentence):
        run(tmp_path, trades="t.csv")


def test_date_that_the_history_lacks_is_refused(tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text(history_text(3))
    for day, words in (("2026-10-01", "no market before"), ("2026-10-09", "no market on")):
        study = ExplainStudy.model_validate({"book": BOOK, "history": "h.csv", "date": day})
        with pytest.raises(InputError, match=words):
            run_explain_study(study, tmp_path)
