from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from data import shared_data
from hedgerow.errors import ColumnError, DataError, InputError
from hedgerow.market import History, read_prices, require_moving

ROLLS = {"futures": ["2024-01-10", "2024-02-15", "2024-02-16"]}


def _frame(rows: int = 60, seed: int = 0) -> pd.DataFrame:
    draws = np.random.default_rng(seed).normal(size=(rows, 2))
    index = pd.bdate_range("2024-01-01", periods=rows, name="date")
    return pd.DataFrame(100 + draws.cumsum(axis=0), index=index, columns=["spot", "futures"])


def test_changes_of_each_kind_equal_pandas():
    frame = _frame()
    history = History(frame)
    oracles = {"diff": frame.diff(), "percent": frame.pct_change(), "log": np.log(frame).diff()}
    for kind, oracle in oracles.items():
        changes = history.changes(kind)
        pd.testing.assert_frame_equal(changes.values, oracle.iloc[1:], check_freq=False, rtol=1e-12, atol=1e-14)
        assert (changes.kind, changes.horizon, changes.crossed_rolls) == (kind, 1, 0)
        np.testing.assert_array_equal(changes.start_prices.to_numpy(), frame.to_numpy()[:-1])
        np.testing.assert_array_equal(changes.end_prices.to_numpy(), frame.to_numpy()[1:])
        assert changes.start_prices.index.equals(changes.values.index)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(rows=st.integers(3, 40), horizon=st.integers(1, 10))
def test_changes_over_a_horizon_do_not_overlap_and_end_on_the_last_row(rows: int, horizon: int):
    frame = _frame(rows)
    if rows <= horizon:
        with pytest.raises(DataError, match=f"need at least {horizon + 1} rows; there are {rows}"):
            History(frame).changes(horizon=horizon)
        return
    changes = History(frame).changes(horizon=horizon)
    assert len(changes.values) == (rows - 1) // horizon
    assert changes.values.index[-1] == frame.index[-1]
    np.testing.assert_array_equal(changes.end_prices.to_numpy()[:-1], changes.start_prices.to_numpy()[1:])
    np.testing.assert_allclose(changes.values.sum(), changes.end_prices.iloc[-1] - changes.start_prices.iloc[0])


def test_changes_with_a_level_divide_by_its_value_at_the_start():
    frame = _frame().assign(index=np.linspace(50, 80, 60))
    changes = History(frame).changes(level={"spot": "index"})
    assert list(changes.values.columns) == ["spot", "futures"]
    np.testing.assert_allclose(changes.values["spot"], (frame["spot"].diff() / frame["index"].shift()).iloc[1:])
    np.testing.assert_allclose(changes.values["futures"], frame["futures"].diff().iloc[1:])
    asked = History(frame).changes(level={"spot": "index"}, columns=["index", "spot"])
    assert list(asked.values.columns) == ["index", "spot"]
    own = History(frame).changes(level={"spot": "spot"}, columns=["spot"])
    np.testing.assert_allclose(own.values["spot"], frame["spot"].pct_change().iloc[1:], rtol=1e-12)


def test_changes_with_a_level_of_zero_or_another_kind_are_refused():
    frame = _frame(5).assign(index=[1.0, 1.0, 0.0, 1.0, 1.0])
    with pytest.raises(DataError, match=r"level 'index' must be above 0.*is 0 on 2024-01-03"):
        History(frame).changes(level={"spot": "index"})
    for kind in ("log", "percent"):
        with pytest.raises(InputError, match="use --changes diff with --level"):
            History(frame).changes(kind, level={"spot": "index"})
    with pytest.raises(ColumnError, match=r"no instrument 'indx'; did you mean 'index'?"):
        History(frame).changes(level={"spot": "indx"})


@pytest.mark.parametrize("kind", ["percent", "log"])
def test_changes_across_a_negative_price_name_instrument_date_and_remedy(kind: str):
    frame = _frame(5)
    frame.iloc[3, 1] = -37.63
    with pytest.raises(DataError, match=r"'futures' is -37.63 on 2024-01-04.*use differences \(--changes diff\)"):
        History(frame).changes(kind)
    assert History(frame).changes("diff").values.iloc[2, 1] == pytest.approx(-37.63 - frame.iloc[2, 1])
    frame.iloc[3, 1] = 0.0
    with pytest.raises(DataError, match="'futures' is 0 on 2024-01-04"):
        History(frame).changes(kind)


def test_changes_of_april_2020_crude_work_as_differences_only():
    reading = read_prices([shared_data("wti_negative_price_2020q2.csv")], ["wti_usd_bbl", "CL2"])
    values = reading.history.changes().values
    assert values.loc["2020-04-20", "wti_usd_bbl"] == pytest.approx(-36.98 - 18.31)
    with pytest.raises(DataError, match=r"'wti_usd_bbl' is -36.98 on 2020-04-20"):
        reading.history.changes("percent")


def test_changes_with_a_missing_price_are_refused_not_guessed():
    frame = _frame(5)
    frame.iloc[2, 0] = np.nan
    with pytest.raises(DataError, match=r"'spot' has no price on 1 of 5 dates \(first 2024-01-03\); take the rows"):
        History(frame).changes()
    assert len(History(frame).changes(columns=["futures"]).values) == 4


def test_changes_on_a_roll_date_leave_for_all_columns_and_are_counted():
    frame = _frame()
    changes = History(frame).with_roll_dates(ROLLS).changes()
    plain = frame.diff().iloc[1:].drop(pd.DatetimeIndex(ROLLS["futures"]))
    pd.testing.assert_frame_equal(changes.values, plain, check_freq=False)
    assert changes.crossed_rolls == 3
    alone = History(frame).with_roll_dates(ROLLS).changes(columns=["spot"])
    assert (len(alone.values), alone.crossed_rolls) == (59, 0)


def test_changes_with_contract_labels_equal_those_with_roll_dates():
    frame = _frame()
    labels = pd.DataFrame({"spot": "spot", "futures": "H24"}, index=frame.index, dtype=object)
    labels.loc["2024-01-10":, "futures"] = "K24"
    got = History(frame, contracts=labels).changes()
    wanted = History(frame).with_roll_dates({"futures": ["2024-01-10"]}).changes()
    pd.testing.assert_frame_equal(got.values, wanted.values)


def test_changes_with_a_roll_date_without_a_row_leave_the_next_row():
    changes = History(_frame()).with_roll_dates({"futures": ["2024-01-13"]}).changes()  # a Saturday
    assert pd.Timestamp("2024-01-15") not in changes.values.index
    assert changes.crossed_rolls == 1
    outside = History(_frame()).with_roll_dates({"futures": ["2023-01-13", "2024-01-01", "2030-01-01"]}).changes()
    assert outside.crossed_rolls == 0


@pytest.mark.parametrize("kind", ["diff", "percent", "log"])
@pytest.mark.parametrize("every", ["W-FRI", "ME"])
def test_changes_of_a_sample_with_roll_marks_are_sums_of_the_daily_ones_left(kind: str, every: str):
    history = History(_frame()).with_roll_dates(ROLLS)
    daily, sampled = history.changes(kind), history.sample(every).changes(kind)
    growth = np.log1p(daily.values) if kind == "percent" else daily.values
    ends = history.sample(every).times
    for number, end in enumerate(ends[1:]):
        inside = growth[(growth.index > ends[number]) & (growth.index <= end)].sum()
        total = np.expm1(inside) if kind == "percent" else inside
        np.testing.assert_allclose(sampled.values.loc[end], total, rtol=1e-10, atol=1e-12)
    assert sampled.crossed_rolls == sum(pd.Timestamp(roll) > ends[0] for roll in ROLLS["futures"])


def test_changes_over_a_horizon_with_roll_marks_are_sums_of_the_daily_ones_left():
    history = History(_frame()).with_roll_dates(ROLLS)
    daily, longer = history.changes().values, history.changes(horizon=5)
    places = history.times
    for end in longer.values.index:
        start = places[places.get_loc(end) - 5]
        inside = daily[(daily.index > start) & (daily.index <= end)].sum()
        np.testing.assert_allclose(longer.values.loc[end], inside, atol=1e-12)


def test_changes_of_a_sample_without_marks_are_plain_differences():
    history = History(_frame())
    sampled = history.sample("W-FRI")
    pd.testing.assert_frame_equal(sampled.changes().values, sampled.prices.diff().iloc[1:])
    assert sampled.changes().crossed_rolls == 0


def test_changes_of_a_selected_or_cut_sample_keep_the_marks():
    history = History(_frame()).with_roll_dates(ROLLS).sample("W-FRI")
    whole = history.changes().values
    pd.testing.assert_frame_equal(history.select("futures").changes().values, whole[["futures"]])
    cut = history.between("2024-01-15", "2024-03-01").changes().values
    pd.testing.assert_frame_equal(cut, whole.loc[cut.index])
    again = history.sample("ME").changes().values
    direct = History(_frame()).with_roll_dates(ROLLS).sample("W-FRI").changes().values
    np.testing.assert_allclose(again.iloc[-1], direct.loc[again.index[-2] :].iloc[1:].sum(), atol=1e-12)


def test_changes_of_columns_sampled_apart_leave_weeks_with_a_roll():
    history = History(_frame()).with_roll_dates({"futures": ["2024-01-10"]}).sample_apart("W-FRI")
    changes = history.changes()
    assert pd.Timestamp("2024-01-12") not in changes.values.index
    assert changes.crossed_rolls == 1


def test_changes_when_every_row_rolls_are_refused():
    frame = _frame(4)
    with pytest.raises(DataError, match="every change from 2024-01-01 to 2024-01-04 crosses two contracts"):
        History(frame).with_roll_dates({"futures": list(frame.index)}).changes()


@pytest.mark.parametrize("horizon", [0, -1, 1.5, True, "2"])
def test_changes_over_no_whole_horizon_are_refused(horizon: object):
    with pytest.raises(InputError, match="horizon must be a whole number"):
        History(_frame()).changes(horizon=horizon)  # type: ignore[arg-type]


def test_changes_of_an_unknown_kind_name_the_known_ones():
    with pytest.raises(InputError, match="diff, percent, log; received 'returns'"):
        History(_frame()).changes("returns")


@pytest.mark.parametrize("slope", [0.0, 0.25])
def test_require_moving_refuses_a_hedge_whose_changes_are_all_equal(slope: float):
    frame = _frame(10)
    frame["futures"] = 5.0 + slope * np.arange(10)
    changes = History(frame).changes()
    require_moving(changes, ["spot"])
    with pytest.raises(DataError, match=r"hedge 'futures' does not move.*its 9 changes from 2024-01-02 to 2024-01-12"):
        require_moving(changes)
