"""The search for look-ahead itself: what it says, what it leaves open, what it refuses, and what delay does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from hedgerow.compare import check_look_ahead, lag_decay
from hedgerow.compare.look_ahead.signal_decay import is_suspicious
from hedgerow.compare.look_ahead.vintages import known_at
from hedgerow.errors import ColumnError, DataError, InputError

DAYS = pd.bdate_range("2020-01-01", periods=150, name="date")
TABLE = pd.DataFrame({"price": 100.0 + np.random.default_rng(0).normal(size=150).cumsum()}, DAYS)


def trailing(history: pd.DataFrame) -> pd.Series:
    return history["price"].rolling(10).mean()


def peeking(history: pd.DataFrame) -> pd.Series:
    return history["price"].diff().shift(-1)


def test_finding_names_the_first_decision_that_changes() -> None:
    def jumps_back(history: pd.DataFrame) -> pd.DataFrame:
        late = float(history["price"].iloc[120]) if len(history) > 120 else 0.0
        table = pd.DataFrame({"steady": trailing(history), "tainted": 1.0}, history.index)
        table.loc[DAYS[70], "tainted"] = late
        return table

    result = check_look_ahead(jumps_back, TABLE, methods=["truncate"], cuts=140)
    finding = result.findings.iloc[0]
    assert (finding["date"], finding["decision"], finding["future"]) == (DAYS[70], "tainted", "cut off")
    assert finding["was"] == TABLE["price"].iloc[120]
    assert finding["became"] == 0.0
    assert result.verdict.startswith(f"The rule looks ahead: its decision of {DAYS[70].date()} changes when what came")


def test_every_kind_of_future_finds_a_look_at_the_next_row() -> None:
    result = check_look_ahead(peeking, TABLE, cuts=5)
    assert list(result.findings["future"]) == ["cut off", "missing", "a thousand million", "shuffled"]
    assert "and so it does in 3 other ways" in result.verdict


def test_decision_that_appears_or_vanishes_is_a_change() -> None:
    last_ten = check_look_ahead(lambda history: history["price"].iloc[-10:], TABLE, cuts=5)
    assert last_ten.label == "looks ahead"


def test_words_for_decisions_are_compared_too() -> None:
    def said(history: pd.DataFrame) -> pd.Series:
        return pd.Series(np.where(history["price"] > history["price"].mean(), "sell", "buy"), history.index)

    def said_in_time(history: pd.DataFrame) -> pd.Series:
        return pd.Series(np.where(history["price"] > 100.0, "sell", "buy"), history.index)

    assert check_look_ahead(said, TABLE).label == "looks ahead"
    assert check_look_ahead(said_in_time, TABLE).label == "clean"


def test_same_seed_same_result_and_the_data_stay_as_they_are() -> None:
    def spoils(history: pd.DataFrame) -> pd.Series:
        history["price"] = history["price"].shift(-1)
        return history["price"]

    before = TABLE.copy()
    one, two = (check_look_ahead(spoils, TABLE, cuts=7, seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(one.findings, two.findings)
    pd.testing.assert_frame_equal(TABLE, before)
    assert one.label == "looks ahead"


def test_decisions_that_never_change_are_named_as_unverified() -> None:
    def decide(history: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame({"moving": trailing(history), "stop": 0.0, "never": np.nan}, history.index)

    result = check_look_ahead(decide, TABLE)
    assert result.label == "clean"
    assert result.unverified == ("stop", "never")
    assert result.verdict.endswith("not verified, since never changing: stop, never.")


def test_rule_that_never_decides_is_not_called_clean() -> None:
    result = check_look_ahead(lambda history: pd.Series(np.nan, history.index), TABLE)
    assert result.label == "not checked"
    assert len(result.coverage) == 0


def test_rule_that_refuses_other_histories_is_not_called_clean() -> None:
    def choosy(history: pd.DataFrame) -> pd.Series:
        if len(history) < 150 or history["price"].isna().any() or history["price"].max() > 1e6:
            raise ValueError("not my history")
        return trailing(history)

    result = check_look_ahead(choosy, TABLE, methods=["truncate"], cuts=9)
    assert result.label == "not checked"
    assert result.coverage.loc["cut off"].tolist() == [9, 9]


def lucky(days: int = 400) -> tuple[pd.Series, pd.Series]:
    moves = pd.Series(np.random.default_rng(2).normal(size=days), pd.bdate_range("2020-01-01", periods=days))
    return np.sign(moves.shift(-1)).fillna(0.0), moves


def test_good_result_that_halves_on_one_row_is_suspicious() -> None:
    signal, moves = lucky()
    table = pd.DataFrame({"signal": signal, "move": moves})
    result = check_look_ahead(lambda history: history["signal"], table, earns=moves)
    assert result.label == "suspicious"
    assert result.verdict.startswith("Suspicious: a Sharpe ratio of")
    assert list(result.decay.index) == [0, 1, 2, 5]


def test_slow_signal_keeps_its_result() -> None:
    trend = np.repeat([1.0, -1.0], 200)
    moves = pd.Series(0.3 * trend + np.random.default_rng(0).normal(size=400), lucky()[1].index)
    held = pd.Series(trend, moves.index)
    decay = lag_decay(held, moves)
    assert decay[0] > 0.5
    assert not is_suspicious(decay)
    result = check_look_ahead(lambda history: history["held"], pd.DataFrame({"held": held}), earns=moves)
    assert result.label == "clean"


@pytest.mark.parametrize("lag", [0, 1, 2, 5])
def test_decay_equals_its_definition(lag: int) -> None:
    rng = np.random.default_rng(4)
    index = pd.date_range("2020-01-01", periods=100)
    held = pd.DataFrame(rng.normal(size=(100, 2)), index, columns=["a", "b"])
    earns = pd.DataFrame(rng.normal(size=(100, 2)), index, columns=["a", "b"])
    profits = np.sum(held.to_numpy()[: 99 - lag] * earns.to_numpy()[1 + lag :], axis=1)
    expected = profits.mean() / profits.std(ddof=1) * np.sqrt(365.25)
    assert lag_decay(held, earns)[lag] == pytest.approx(expected)


def test_decay_of_nothing_earned_is_not_a_number_and_not_suspicious() -> None:
    signal, moves = lucky()
    decay = lag_decay(signal * 0.0, moves)
    assert decay.isna().all()
    assert not is_suspicious(decay)
    assert not is_suspicious(decay.iloc[:1])


def test_decay_refuses_what_does_not_match() -> None:
    signal, moves = lucky()
    with pytest.raises(InputError, match="columns of the decisions"):
        lag_decay(signal.to_frame("a"), moves.to_frame("b"))
    with pytest.raises(InputError, match="lag must be 0 or more"):
        lag_decay(signal, moves, lags=(0, -1))
    with pytest.raises(InputError, match="no date in common"):
        lag_decay(signal, moves.shift(freq="5000D"))
    with pytest.raises(InputError, match="needs dates"):
        lag_decay(signal.reset_index(drop=True), moves.reset_index(drop=True))


def test_value_published_late_is_missing_until_then() -> None:
    late = {"price": DAYS + pd.offsets.BDay(2)}
    known = known_at(TABLE, 20, late)["price"]
    assert known.iloc[-2:].isna().all()
    assert known.iloc[:-2].notna().all()
    assert check_look_ahead(lambda history: history["price"].shift(2), TABLE, known=late).label == "clean"
    assert check_look_ahead(lambda history: history["price"].shift(1), TABLE, known=late).label == "looks ahead"


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"cuts": 0}, InputError, "at least 1 date"),
        ({"methods": ["truncte"]}, InputError, "did you mean 'truncate'"),
        ({"methods": []}, InputError, "must be a sequence"),
        ({"known": {"cost": DAYS}}, ColumnError, "'cost' with moments of publication"),
        ({"known": {"price": DAYS[:3]}}, DataError, "3 moments of publication for 150 rows"),
        ({"known": {"price": DAYS.tz_localize("UTC")}}, DataError, "both have a time zone"),
        ({"known": lambda date: TABLE}, DataError, "leave later rows out"),
        ({"known": lambda date: TABLE["price"]}, DataError, "must be a frame"),
    ],
)
def test_search_that_cannot_be_made_refused(options: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        check_look_ahead(trailing, TABLE, **options)


@pytest.mark.parametrize(
    ("decide", "words"),
    [
        (lambda history: 1.0, "not float"),
        (lambda history: pd.concat([trailing(history)] * 2), "repeat a date"),
        (lambda history: trailing(history).reset_index(drop=True), "kind of dates"),
        (lambda history: trailing(history).tz_localize("UTC"), "kind of dates"),
    ],
)
def test_rule_that_returns_no_dated_decisions_refused(decide: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        check_look_ahead(decide, TABLE)


def test_history_out_of_order_refused() -> None:
    with pytest.raises(DataError, match="ascend"):
        check_look_ahead(trailing, TABLE.iloc[::-1])
    with pytest.raises(DataError, match="at least 3 rows"):
        check_look_ahead(trailing, TABLE.iloc[:2])
