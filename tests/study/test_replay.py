"""Replay studies: history through the same engine, lag 0 beside, accounts, claims."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data import shared_data
from hedgerow.costs import HalfSpread
from hedgerow.engine import BookExecution, ReplayMarket, ReplayUnderlying, replay_book
from hedgerow.errors import ColumnError, HedgerowError, InputError
from hedgerow.hedgers import DeltaHedger
from hedgerow.instruments import Book, EuropeanOption
from hedgerow.market import read_prices
from hedgerow.study import HedgeOutcome, ReplayStudy, run_replay_study
from hedgerow.study.hedging import pictures
from hedgerow.study.hedging.pictures import caption
from hedging_cases import POSITION, PRICES, REPLAY


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "prices.csv").write_text(PRICES)
    return tmp_path


def run(folder: Path, **change: Any) -> HedgeOutcome:
    return run_replay_study(ReplayStudy.model_validate(REPLAY | change), folder)


def test_study_gives_what_the_same_call_in_python_gives(folder: Path) -> None:
    outcome = run(folder)
    history = read_prices([str(folder / "prices.csv")], ["spot", "vol"]).history
    market = ReplayMarket(history, {"XYZ": ReplayUnderlying("spot", "vol", vol_unit=0.01)})
    book = Book([(EuropeanOption("XYZ", "call", 100.0, "2026-02-20", multiplier=100), -10)])
    for lag, result in ((1, outcome.result), (0, outcome.beside["lag 0"])):
        run_ = replay_book(book, market, hedger=DeltaHedger(), costs=HalfSpread(1), options=BookExecution(lag=lag))
        np.testing.assert_allclose(result.pnl, run_.pnl, rtol=1e-12)


def test_lag_zero_has_nothing_beside_it_and_trades_at_once(folder: Path) -> None:
    now, late = run(folder, lag=0), run(folder)
    assert (dict(now.beside), now.result.lag, late.result.lag) == ({}, 0, 1)
    assert now.path["holding"].iloc[0] == pytest.approx(now.path["target"].iloc[0])
    assert late.path["holding"].iloc[0] == 0.0
    assert late.path["holding"].iloc[1] == pytest.approx(late.path["target"].iloc[0])


def test_parts_add_up_and_json_is_plain(folder: Path) -> None:
    outcome = run(folder)
    np.testing.assert_allclose(outcome.parts.drop(columns="total").sum(axis=1), outcome.path["pnl"], atol=1e-8)
    found = json.loads(json.dumps(outcome.to_dict(), allow_nan=False))
    assert found["paths"] == 1
    assert found["beside"]["lag 0"]["costs"]["value"] > 0.0
    assert "Synthetic option prices" in found["warnings"][-1]
    assert "distribution" not in found["pictures"]
    assert outcome.verdict.startswith("From 2026-01-05 to 2026-01-14 the hedged book made ")


def test_report_has_pictures_claims_and_the_account(folder: Path) -> None:
    claims = [{"what": "Costs <claimed>", "claimed": 1.0, "measured": "costs", "note": "too low"}]
    outcome = run(folder, claims=claims, account={"capital": 5000})
    text = outcome.write_html(folder / "report.html").read_text()
    assert "Costs &lt;claimed&gt;" in text
    assert "Claimed against measured" in text
    assert "The account" in text
    assert outcome.claims.loc["Costs <claimed>", "measured here"] == outcome.figures["costs"]


def test_captions_of_a_history_speak_of_one_path(folder: Path) -> None:
    outcome = run(folder)
    said = {name: caption(name, outcome)[1] for name in outcome.figure_names}
    assert said["attribution"].startswith("Over the whole path")
    assert not any("First path" in text or "all paths" in text for text in said.values())
    assert "Mean over all paths" not in outcome.write_html(folder / "report.html").read_text()


def test_long_path_is_drawn_where_it_lost_most(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "LONGEST_DRAWN", 5)
    monkeypatch.setattr(pictures, "STRETCH", 3)
    outcome = run(folder)
    pnl = outcome.path["pnl"]
    worst = (pnl.shift(-2) - pnl).idxmin()
    drawn = next(trace for trace in outcome.figure("delta").data if trace.name == "holding").x
    assert len(drawn) == 3
    assert drawn[0].startswith(f"{worst:%Y-%m-%d}")
    assert f"{worst.date()} to " in caption("delta", outcome)[1]


def test_rebalancing_stops_where_the_first_option_expires(folder: Path) -> None:
    outcome = run(folder, book=[{**POSITION, "expiry": "2026-01-09"}, {**POSITION, "expiry": "2026-02-20"}])
    assert "To the first expiry, 2026-01-09" in caption("rebalancing", outcome)[1]
    arrows = [trace for trace in outcome.figure("rebalancing").data if trace.mode == "markers"]
    assert sum(len(trace.x) for trace in arrows) <= 4


def test_account_too_small_is_called_and_says_when(folder: Path) -> None:
    outcome = run(folder, lag=0, account={"capital": 1000, "initial": 0.5, "maintenance": 0.3})
    account = outcome.account
    assert account is not None
    first = outcome.path.iloc[0]
    short = 0.5 * abs(first["holding"]) * first["spot"] - (1000.0 + first["pnl"])
    assert account.opening_shortfall == pytest.approx(short)
    assert "cannot be opened" in outcome.warnings[-2]
    assert run(folder, account={"capital": 1e6}).account.calls == 0


def test_long_options_are_no_collateral(folder: Path) -> None:
    outcome = run(folder, lag=0, book=[{**POSITION, "expiry": "2026-02-20", "quantity": 10}], account={"capital": 1e6})
    table = outcome.account.table
    np.testing.assert_allclose(table["equity"] - table["available"], outcome.path["value"])


def test_programme_of_monthly_straddles_on_real_prices(tmp_path: Path) -> None:
    spy, vix = shared_data("spy_daily.csv"), shared_data("vix_index_daily.csv")
    words = {
        "kind": "replay",
        "data": {"files": [str(spy), str(vix)], "start": "2008-09-02", "end": "2009-01-30"},
        "market": {"spot": "spy_daily:close", "volatility": "vix_index_daily:close", "volatility_in": "percent"},
        "programme": {"combination": "straddle", "quantity": -1, "multiplier": 100},
        "costs": [{"half_spread": 1}],
    }
    outcome = run_replay_study(ReplayStudy.model_validate(words), tmp_path)
    assert outcome.by_year is not None
    assert list(outcome.by_year.index) == [2008, 2009]
    assert outcome.by_year["total"].sum() == pytest.approx(outcome.path["pnl"].iloc[-1])
    assert outcome.by_year.loc[2008, "gamma"] < 0.0 < outcome.by_year.loc[2008, "theta"]
    assert "by_year" in outcome.figure_names
    bought = ReplayStudy.model_validate(words | {"programme": {"quantity": 1, "multiplier": 100}, "costs": []})
    sold = ReplayStudy.model_validate(words | {"costs": []})
    gains = [run_replay_study(each, tmp_path).result.pnl[0] for each in (bought, sold)]
    assert sum(gains) == pytest.approx(0.0, abs=1e-6 * abs(gains[0]))


@pytest.mark.parametrize(
    ("change", "kind", "sentence"),
    [
        ({"market": REPLAY["market"] | {"spot": "spto"}}, ColumnError, "did you mean 'spot'"),
        ({"book": [{**POSITION, "expiry": "2025-02-20"}]}, InputError, "not after the start"),
        ({"book": [{**POSITION, "underlying": "ABC", "expiry": "2026-02-20"}]}, InputError, "no underlying 'ABC'"),
        ({"market": REPLAY["market"] | {"volatility": -5}}, HedgerowError, "not above 0"),
    ],
)
def test_what_does_not_fit_the_history_is_one_sentence(
    folder: Path, change: dict[str, Any], kind: type[Exception], sentence: str
) -> None:
    with pytest.raises(kind, match=sentence):
        run(folder, **change)


def test_book_and_programme_together_or_neither_are_refused() -> None:
    for change in ({"programme": {}}, {"book": None}):
        with pytest.raises(ValueError, match="either a book or a programme"):
            ReplayStudy.model_validate(REPLAY | change)


def test_sampling_period_keeps_the_last_row_of_each(folder: Path) -> None:
    daily, weekly = run(folder), run(folder, data=REPLAY["data"] | {"every": "W-FRI"}, lag=0)
    assert len(daily.path) == 8
    assert [str(day.date()) for day in weekly.path.index] == ["2026-01-09", "2026-01-14"]


def test_rows_without_a_price_are_left_out_and_counted(folder: Path) -> None:
    (folder / "prices.csv").write_text(PRICES.replace("2026-01-07,99", "2026-01-07,"))
    outcome = run(folder)
    assert len(outcome.path) == 7
    assert "1 row has no spot or vol and was left out" in outcome.warnings


def test_expiry_on_no_date_of_the_data_is_settled_later_and_said(folder: Path) -> None:
    outcome = run(folder, book=[POSITION | {"expiry": "2026-01-10"}])
    said = "what expires at 2026-01-10 16:00:00 is settled at the next price of the data, 2026-01-12 16:00:00"
    assert said in outcome.warnings


def test_lag_as_long_as_the_history_is_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="a lag of 7 steps lets nothing be traded in 7 steps"):
        run(folder, lag=7)


def test_book_of_no_quantity_is_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="every quantity of the book is 0"):
        run(folder, book=[POSITION | {"expiry": "2026-02-20", "quantity": 0}])


def test_exits_of_a_study_are_those_of_python_and_stand_in_every_form_of_the_result(folder: Path) -> None:
    words = {"exits": [{"before_expiry": 40}, {"tracking_error": 0.5}], "option_costs": {"half_spread": 100}}
    outcome = run(folder, **words)
    exits = outcome.exits
    assert exits is not None
    assert exits["reason"].tolist() == ["40 days to expiry"]
    assert (exits["traded"] > exits["decided"]).all()
    assert outcome.to_dict()["exits"][0]["decided"] == str(exits["decided"].iloc[0])
    assert outcome.tables()["exits"] is exits
    report = outcome.write_html(folder / "report.html").read_text()
    assert "before_expiry 40; tracking_error 0.5" in report
    assert run(folder).exits is None


def test_exit_that_is_not_known_is_refused_with_the_nearest(folder: Path) -> None:
    with pytest.raises(ValueError, match="before_expiry"):
        run(folder, exits="before_expire")
