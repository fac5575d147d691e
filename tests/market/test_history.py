from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from hedgerow.errors import ColumnError, DataError, InputError
from hedgerow.market import History


def _frame(rows: int = 60, seed: int = 0) -> pd.DataFrame:
    draws = np.random.default_rng(seed).normal(size=(rows, 2))
    index = pd.bdate_range("2024-01-01", periods=rows, name="date")
    return pd.DataFrame(100 + draws.cumsum(axis=0), index=index, columns=["spot", "futures"])


def _history(rows: int = 60, seed: int = 0) -> History:
    return History(_frame(rows, seed), {"spot": "USD/t"})


def test_history_from_a_frame_keeps_prices_names_and_units():
    history = _history()
    pd.testing.assert_frame_equal(history.prices, _frame(), check_freq=False)
    assert history.instruments == ("spot", "futures")
    assert history.units["spot"] == "USD/t"
    assert history.array.shape == (1, 60, 2)
    assert history.times.name == "date"


def test_history_when_the_source_frame_changes_stays_the_same():
    frame = _frame()
    history = History(frame)
    frame.iloc[0, 0] = -1.0
    assert history.prices.iloc[0, 0] == _frame().iloc[0, 0]


def test_history_prices_handed_out_cannot_change_it():
    history = _history()
    before = history.prices.copy()
    handed = history.prices
    with pytest.raises(ValueError, match="read-only"):
        handed.iloc[0, 0] = -1.0
    handed["new"] = 1.0
    handed.index.name = "changed"
    handed.columns = ["a", "b", "c"]
    with pytest.raises(ValueError, match="read-only"):
        history.array[0, 0, 0] = -1.0
    pd.testing.assert_frame_equal(history.prices, before)
    assert history.times.name == "date"


def test_history_attributes_and_units_cannot_be_set():
    history = _history()
    with pytest.raises(AttributeError, match="cannot be changed"):
        history.prices = _frame()  # type: ignore[misc]
    with pytest.raises(AttributeError, match="stays"):
        del history._array
    with pytest.raises(TypeError):
        history.units["spot"] = "EUR"  # type: ignore[index]


def test_history_pickled_and_back_is_equal_and_still_read_only():
    history = _history().with_roll_dates({"futures": ["2024-01-10"]}).sample("W-FRI")
    back = pickle.loads(pickle.dumps(history))  # noqa: S301 the test's own bytes
    pd.testing.assert_frame_equal(back.prices, history.prices)
    pd.testing.assert_frame_equal(back.changes().values, history.changes().values)
    assert not back.array.flags.writeable


def test_view_reaches_nothing_after_t():
    history = _history()
    seen = history.view("2024-01-31")
    assert seen.times[-1] == pd.Timestamp("2024-01-31")
    rows = len(seen.times)
    for holder in (seen.array, seen.prices.to_numpy(), seen.prices["spot"].to_numpy(), seen.times.to_numpy()):
        base = holder
        while base is not None:
            if isinstance(base, np.ndarray):
                assert base.size <= rows * 2
            base = getattr(base, "base", None)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(cut=st.integers(5, 55), factor=st.floats(0.1, 5.0))
def test_view_changes_and_samples_when_the_future_is_altered_stay_the_same(cut: int, factor: float):
    frame = _frame()
    altered = frame.copy()
    altered.iloc[cut + 1 :] *= factor
    t = frame.index[cut]
    rolls = {"futures": ["2024-01-10", "2024-02-15"]}
    one, two = (History(table).with_roll_dates(rolls) for table in (frame, altered))
    pd.testing.assert_frame_equal(one.view(t).prices, two.view(t).prices)
    for history in (one, two):
        pd.testing.assert_frame_equal(history.changes().values.loc[:t], one.view(t).changes().values)
    complete = t - pd.offsets.Week(weekday=4)
    for method in ("sample", "sample_apart"):
        first, second = (getattr(history, method)("W-FRI") for history in (one, two))
        pd.testing.assert_frame_equal(first.prices.loc[:complete], second.prices.loc[:complete])
        changes = first.changes().values.loc[:complete], second.changes().values.loc[:complete]
        pd.testing.assert_frame_equal(*changes)


def test_view_of_a_sample_with_roll_marks_cuts_the_daily_rows_too():
    history = _history().with_roll_dates({"futures": ["2024-01-10"]}).sample("W-FRI")
    seen = history.view("2024-02-01")
    assert seen.finest.times[-1] <= pd.Timestamp("2024-02-01")


def test_view_before_the_first_row_says_when_prices_begin():
    with pytest.raises(DataError, match=r"nothing is known at 2023-12-01: the first prices are dated 2024-01-01"):
        _history().view("2023-12-01")


@pytest.mark.parametrize("t", ["soon", "01/02/2024", None, 5, pd.NaT, pd.Timestamp("2024-01-05", tz="UTC")])
def test_view_at_no_date_is_refused(t: object):
    with pytest.raises(InputError, match=r"^t "):
        _history().view(t)


def test_select_and_between_keep_order_and_ends():
    history = _history()
    assert history.select("futures", "spot").instruments == ("futures", "spot")
    assert dict(history.select("futures").units) == {}
    part = history.between("2024-01-03", "2024-01-10")
    assert (part.times[0], part.times[-1]) == (pd.Timestamp("2024-01-03"), pd.Timestamp("2024-01-10"))
    with pytest.raises(ColumnError, match=r"no instrument 'Spot'; did you mean 'spot'?"):
        history.select("Spot")
    with pytest.raises(DataError, match="no rows between 2030-01-01"):
        history.between("2030-01-01")


def test_between_with_a_day_as_end_holds_that_day_to_its_last_moment():
    index = pd.DatetimeIndex(["2024-01-01 10:00", "2024-01-02 16:00", "2024-01-03 10:00"])
    history = History(pd.DataFrame({"a": [1.0, 2.0, 3.0]}, index=index))
    assert len(history.between(end="2024-01-02").times) == 2
    assert len(history.between(end=pd.Timestamp("2024-01-02")).times) == 1


def test_joint_with_missing_prices_counts_the_rows_that_leave():
    frame = _frame()
    frame.iloc[[3, 7], 1] = np.nan
    joint = History(frame).joint()
    assert joint.dropped == 2
    assert not joint.history.prices.isna().any(axis=None)
    frame["futures"] = np.nan
    with pytest.raises(DataError, match="no date has a price of every instrument"):
        History(frame).joint()


@pytest.mark.parametrize(
    ("index", "sentence"),
    [
        (["2024-01-02", "2024-01-01"], "not sorted: 2024-01-01 follows 2024-01-02"),
        (["2024-01-01", "2024-01-01"], "dates repeat: 2024-01-01"),
        (["2024-01-01", None], "row 2 has no date"),
    ],
)
def test_history_with_a_broken_index_is_refused(index: list[str], sentence: str):
    with pytest.raises(DataError, match=sentence):
        History(pd.DataFrame({"a": [1.0, 2.0]}, index=pd.DatetimeIndex(index)))


def test_history_with_a_time_zone_is_refused_with_the_remedy():
    frame = _frame()
    frame.index = frame.index.tz_localize("Europe/London")
    with pytest.raises(DataError, match=r"time zone Europe/London.*tz_localize"):
        History(frame)


@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_history_with_an_infinite_price_names_instrument_and_date(value: float):
    frame = _frame()
    frame.iloc[2, 1] = value
    with pytest.raises(DataError, match="'futures' is infinite on 2024-01-03"):
        History(frame)


def test_history_with_extreme_finite_prices_keeps_them():
    frame = pd.DataFrame({"a": [5e-324, 1e308]}, index=pd.date_range("2024-01-01", periods=2))
    assert History(frame).prices["a"].tolist() == [5e-324, 1e308]


@pytest.mark.parametrize(
    "name", ["", "../x", "<script>", "=cmd()", "\N{GRINNING FACE}", "x" * 300, "a:b", "\u202eabc", "CON"]
)
def test_history_takes_any_text_as_a_name(name: str):
    history = History(pd.DataFrame({name: [1.0, 2.0]}, index=pd.date_range("2024-01-01", periods=2)))
    assert history.view("2024-01-02").changes().values[name].tolist() == [1.0]


def test_history_of_the_wrong_kind_is_refused():
    index = pd.date_range("2024-01-01", periods=2)
    with pytest.raises(InputError, match="must be a pandas DataFrame"):
        History([1.0, 2.0])  # type: ignore[arg-type]
    with pytest.raises(DataError, match="rows must be dates"):
        History(pd.DataFrame({"a": [1.0]}))
    with pytest.raises(DataError, match="no rows"):
        History(pd.DataFrame({"a": []}, index=pd.DatetimeIndex([])))
    with pytest.raises(DataError, match="no columns"):
        History(pd.DataFrame(index=index))
    with pytest.raises(ColumnError, match="must be text; received 5"):
        History(pd.DataFrame({5: [1.0, 2.0]}, index=index))
    with pytest.raises(ColumnError, match="'a' is there 2 times"):
        History(pd.DataFrame([[1.0, 2.0]] * 2, columns=["a", "a"], index=index))
    for values in (["x", "y"], [True, False], [1j, 2j]):
        with pytest.raises(DataError, match="'a' does not hold numbers"):
            History(pd.DataFrame({"a": values}, index=index))
    with pytest.raises(ColumnError, match="units name 'b'"):
        History(pd.DataFrame({"a": [1.0, 2.0]}, index=index), {"b": "USD"})


def test_contracts_not_shaped_like_prices_are_refused():
    frame = _frame(3)
    labels = pd.DataFrame("H24", index=frame.index, columns=frame.columns, dtype=object)
    with pytest.raises(DataError, match="same dates and instruments"):
        History(frame, contracts=labels.iloc[1:])
    labels.iloc[1, 1] = None
    with pytest.raises(DataError, match="'futures' has a price but no contract label on 2024-01-02"):
        History(frame, contracts=labels)


def test_roll_dates_of_an_unknown_instrument_or_on_a_sample_are_refused():
    with pytest.raises(ColumnError, match="roll dates name 'Futures'"):
        _history().with_roll_dates({"Futures": ["2024-01-10"]})
    marked = _history().with_roll_dates({"futures": ["2024-01-10"]})
    with pytest.raises(InputError, match="before sampling"):
        marked.sample("W-FRI").with_roll_dates({"futures": ["2024-01-10"]})


def test_from_frame_of_pandas_polars_and_pyarrow_agree():
    polars = pytest.importorskip("polars")
    pyarrow = pytest.importorskip("pyarrow")
    frame = _frame(5)
    frame.iloc[2, 0] = np.nan
    columns = {"date": frame.index.to_numpy(), **{name: frame[name].to_numpy() for name in frame}}
    wanted = History(frame).prices
    tables = [frame, frame.reset_index(), polars.DataFrame(columns), pyarrow.table(columns)]
    for table in tables:
        got = History.from_frame(table).prices
        pd.testing.assert_frame_equal(got, wanted, check_index_type=False, check_freq=False)


def test_from_frame_without_usable_dates_is_refused():
    with pytest.raises(ColumnError, match="no column is called date"):
        History.from_frame(pd.DataFrame({"day": [1], "a": [1.0]}))
    with pytest.raises(ColumnError, match=r"no date column 'dat'; did you mean 'date'?"):
        History.from_frame(pd.DataFrame({"date": [1], "a": [1.0]}), date="dat")
    with pytest.raises(DataError, match="'date' does not hold dates"):
        History.from_frame(pd.DataFrame({"date": ["2024-01-01"], "a": [1.0]}))
    with pytest.raises(DataError, match="time zone UTC"):
        History.from_frame(pd.DataFrame({"date": pd.to_datetime(["2024-01-01"], utc=True), "a": [1.0]}))
    with pytest.raises(DataError, match="'a' does not hold numbers"):
        History.from_frame(pd.DataFrame({"date": pd.to_datetime(["2024-01-01"]), "a": ["x"]}))
    with pytest.raises(InputError, match="received list"):
        History.from_frame([1, 2])
