"""Signals that are published after their date, in the words of studies and of the command: as Python joins them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import HedgerowError
from hedgerow.overlays import Signals
from hedgerow.study.one_overlay.run import overlay_outcome
from hedgerow.study.one_overlay.words import OverlayWords
from hedgerow.study.overlays.run import OverlayStudyOutcome, run_overlay_study
from hedgerow.study.overlays.words import OverlayStudy
from hedgerow.study.signal_times import Clock
from hedgerow.study.signal_words import publication_of

DAYS = pd.bdate_range("2024-01-01", periods=90, name="date")
FRIDAYS = pd.date_range("2023-12-29", periods=18, freq="7D", name="date")
STOCKS = pd.Series(np.arange(18.0) + 400.0, FRIDAYS, name="stocks")
MOMENTS = pd.Series(FRIDAYS + pd.Timedelta("5D 10:30:00"), FRIDAYS, name="released")
RULE = {"steps": {"thresholds": [403, 410], "levels": [0, 0.5, 1], "signal": "stocks"}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    vix = (18.0 + rng.normal(size=90)).round(2)
    close = (100.0 * np.exp(np.cumsum(0.01 * rng.normal(size=90)))).round(4)
    pd.DataFrame({"vix": vix, "close": close}, DAYS).to_csv(tmp_path / "m.csv")
    write_weekly(tmp_path)
    return tmp_path


def write_weekly(folder: Path, moments: Any = MOMENTS, values: pd.Series = STOCKS) -> None:
    pd.DataFrame({"stocks": values.to_numpy(), "released": list(moments)}, FRIDAYS).to_csv(folder / "w.csv")


def run(folder: Path, signal: Any, **words: Any) -> OverlayStudyOutcome:
    given = {
        "data": {"files": ["m.csv"]},
        "market": {"price": "close", "vix": "vix", "rate": 0.0, "dividend_yield": 0.0},
        "rules": [{"name": "by stocks", "rule": RULE}],
        "signals": {"stocks": signal},
        "judging": {"draws": 0, "late": [], "crises": []},
    }
    return run_overlay_study(OverlayStudy.model_validate(given | words), folder)


def said_by(outcome: OverlayStudyOutcome) -> pd.Series:
    return outcome.comparison.results["by stocks"].multiplier


FILE = {"column": "stocks", "file": "w.csv"}


def test_moments_of_a_column_join_as_the_library_joins_them(folder: Path) -> None:
    outcome = run(folder, {**FILE, "available_at": "released"})
    market = outcome.source.market
    known = Signals.of(
        {"vix": pd.Series(market.vix, market.dates), "stocks": STOCKS}, available_at={"stocks": MOMENTS}
    )["stocks"]
    expected = np.select([known > 410, known > 403], [1.0, 0.5], 0.0)
    assert said_by(outcome).dropna().tolist() == expected.tolist()
    said = " ".join((*outcome.warnings, *outcome.comparison.stated))
    assert "stocks is joined by its moment of publication" in said


@pytest.mark.parametrize("when", ["5 days 10:30", "3 business days 10:30", "5 days", "5 days 16:00"])
def test_lag_equals_the_column_that_it_describes(folder: Path, when: str) -> None:
    by_column = said_by(run(folder, {**FILE, "available_at": "released"}))
    pd.testing.assert_series_equal(said_by(run(folder, {**FILE, "available_at": when})), by_column)


def test_lag_a_minute_later_than_the_decision_is_known_a_day_later(folder: Path) -> None:
    at_once = said_by(run(folder, {**FILE, "available_at": "5 days 16:00"}))
    later = said_by(run(folder, {**FILE, "available_at": "5 days 16:01"}))
    assert later.tolist()[1:] == pytest.approx(at_once.tolist()[:-1], nan_ok=True)


def test_values_published_later_change_nothing_before(folder: Path) -> None:
    signal = {**FILE, "available_at": "released"}
    before = said_by(run(folder, signal))
    cut = pd.Timestamp("2024-03-06")  # of the figure of 1 March
    write_weekly(folder, values=STOCKS.where(cut > MOMENTS, 0.0))
    after = said_by(run(folder, signal))
    assert after[:"2024-03-05"].tolist() == pytest.approx(before[:"2024-03-05"].tolist(), nan_ok=True)
    assert after["2024-03-06"] != before["2024-03-06"]


def test_moments_with_offsets_are_put_on_the_clock_of_the_decision(folder: Path) -> None:
    naive = said_by(run(folder, {**FILE, "available_at": "released"}))
    there = MOMENTS.dt.tz_localize("America/New_York").dt.tz_convert("UTC").map(lambda each: each.isoformat())
    write_weekly(folder, moments=there)
    signal = {**FILE, "available_at": "released"}
    pd.testing.assert_series_equal(said_by(run(folder, signal, decided_at="16:00 America/New_York")), naive)
    with pytest.raises(HedgerowError, match="have an offset from UTC, and decided_at has no zone"):
        run(folder, signal)


def test_clock_of_another_zone_is_that_of_the_decision() -> None:
    dates = pd.DatetimeIndex(["2024-01-10", "2024-07-10"])
    moments = Clock("16:00", "America/New_York").moments("x", publication_of("22:00 Europe/Berlin"), dates)
    assert moments.tolist() == [pd.Timestamp("2024-01-10 16:00"), pd.Timestamp("2024-07-10 16:00")]
    summer = pd.DatetimeIndex(["2024-03-20"])  # three weeks in which New York is on summer time and Berlin is not
    shifted = Clock("16:00", "America/New_York").moments("x", publication_of("22:00 Europe/Berlin"), summer)
    assert shifted.tolist() == [pd.Timestamp("2024-03-20 17:00")]


def test_day_without_a_time_counts_at_its_end(folder: Path) -> None:
    by_moment = said_by(run(folder, {**FILE, "available_at": "released"}))
    write_weekly(folder, moments=MOMENTS.dt.strftime("%Y-%m-%d"))
    by_day = said_by(run(folder, {**FILE, "available_at": "released"}))
    assert by_day.tolist()[1:] == pytest.approx(by_moment.tolist()[:-1], nan_ok=True)


def test_index_at_a_quarter_past_four_is_yesterday_s_in_studies_and_in_the_command(folder: Path) -> None:
    rules = [{"name": "by stocks", "rule": {"vix_linear": {"low": 10, "width": 15}}}]
    late = said_by(run(folder, "close", signals={}, rules=rules, available_at={"vix": "16:15"}))
    row = said_by(run(folder, "close", signals={}, rules=rules, delays={"vix": 1}))
    assert late.dropna().tolist() == row.dropna().tolist()
    words = {"data": {"files": ["m.csv"]}, "vix": "vix", "price": "close", "rule": "vix_linear"}
    one = overlay_outcome(OverlayWords.model_validate({**words, "available_at": {"vix": "16:15"}}), folder)
    other = overlay_outcome(OverlayWords.model_validate({**words, "delays": {"vix": 1}}), folder)
    assert one.multiplier.tolist() == other.multiplier.tolist()
    assert one.series.levels["vix"].tolist() == other.series.levels["vix"].tolist()


def test_command_joins_a_weekly_column_by_its_moments(folder: Path) -> None:
    words = {
        "data": {"files": ["m.csv", "w.csv"]}, "vix": "vix", "price": "close", "signals": {"stocks": "stocks"},
        "rule": "steps", "parameters": RULE["steps"],
    }  # fmt: skip
    outcome = overlay_outcome(OverlayWords.model_validate({**words, "available_at": {"stocks": "released"}}), folder)
    study = said_by(run(folder, {**FILE, "available_at": "released"}))
    assert outcome.multiplier.dropna().tolist() == study.dropna().tolist()
    assert any("stocks is joined by its moment of publication" in each for each in outcome.warnings)
    assert json.dumps(outcome.to_dict(), allow_nan=False)
    with pytest.raises(HedgerowError, match=r"a value every 7 days, others every 1: .* available_at"):
        overlay_outcome(OverlayWords.model_validate(words), folder)


@pytest.mark.parametrize(
    ("signal", "words", "said"),
    [
        (FILE, {}, "a value every 7 days, others every 1: such a figure is published after"),
        ({**FILE, "available_at": "relased"}, {}, "column 'relased' not found in w.csv; did you mean 'released'"),
        ({**FILE, "available_at": "10:30 Mars/Base"}, {}, "names the time zone 'Mars/Base', which there is not"),
        ({**FILE, "available_at": "10:30 UTC"}, {}, "decided_at has no zone; give it one"),
        ({**FILE, "available_at": "5 days"}, {"decided_at": "noon"}, "decided_at must be a time of the day"),
        ({**FILE, "available_at": " "}, {}, "available_at of 'stocks' is empty; give a column of moments"),
        (
            {**FILE, "available_at": "5 days"},
            {"available_at": {"stocks": "16:15"}},
            "'stocks' is given with the signal and apart",
        ),
        ({**FILE, "available_at": "5 days"}, {"available_at": {"vxi": "16:15"}}, "'vxi', which is not there; did you"),
        ({**FILE, "available_at": "5 days"}, {"available_at": {"short": "16:15"}}, "the study has no third future"),
        ({"column": "vix", "date": "day"}, {}, "has a date column but no file"),
        ({"column": "stocks", "file": "none.csv"}, {}, "none.csv"),
        ({**FILE, "available_at": "stocks"}, {}, "write moments as YYYY-MM-DD HH:MM"),
    ],
)
def test_times_that_mean_nothing_are_refused(folder: Path, signal: Any, words: dict[str, Any], said: str) -> None:
    with pytest.raises((HedgerowError, ValueError), match=said):
        run(folder, signal, **words)
