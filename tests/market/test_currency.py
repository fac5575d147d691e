from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import ColumnError, DataError, InputError
from hedgerow.market import History, convert, currency_of, require_one_currency


@pytest.mark.parametrize(
    ("column", "currency"),
    [
        ("usgc_jet_usd_gal", "USD"),
        ("Brent (EUR/t)", "EUR"),
        ("gbp", "GBP"),
        ("eurusd", None),
        ("EUR/USD", None),
        ("adj_close", None),
        ("eur_futures_daily:adj_close", None),
        ("usdx", None),
        ("", None),
    ],
)
def test_currency_is_read_from_whole_words_only(column, currency):
    assert currency_of(column) == currency


def test_one_currency_is_required_unless_a_rate_is_named():
    with pytest.raises(InputError, match=r"'jet_eur' is in EUR and hedge 'ho_usd' is in USD.*EUR per USD, with --fx"):
        require_one_currency("jet_eur", ["ho_usd"], {}, None)
    require_one_currency("jet_eur", ["ho_usd"], {}, "eurusd")
    require_one_currency("jet", ["ho_usd"], {}, None)
    with pytest.raises(InputError, match="is in GBP and hedge 'ho_usd' is in USD"):
        require_one_currency("jet", ["ho_usd"], {"jet": "gbp"}, None)
    require_one_currency("jet_eur", ["ho_usd"], {"ho_usd": "EUR"}, None)


def _history() -> History:
    rng = np.random.default_rng(0)
    index = pd.bdate_range("2024-01-01", periods=30)
    frame = pd.DataFrame(100 + rng.normal(size=(30, 2)), index=index, columns=["a", "b"]).assign(
        fx=np.linspace(0.8, 1, 30)
    )
    return History(frame, {"b": "USD/t"})


def test_convert_multiplies_by_the_rate_of_the_same_row():
    history = _history()
    converted = convert(history, ["b"], "fx")
    np.testing.assert_array_equal(converted.prices["b"], history.prices["b"] * history.prices["fx"])
    np.testing.assert_array_equal(converted.prices["a"], history.prices["a"])
    assert converted.units["b"] == "USD/t × fx"


def test_convert_before_or_after_sampling_gives_the_same_changes():
    marked = _history().with_roll_dates({"b": ["2024-01-10"]})
    before = convert(marked, ["b"], "fx").sample("W-FRI").changes(columns=["a", "b"])
    after = convert(marked.sample("W-FRI"), ["b"], "fx").changes(columns=["a", "b"])
    pd.testing.assert_frame_equal(before.values, after.values)
    assert before.crossed_rolls == after.crossed_rolls == 1


def test_convert_with_a_rate_of_zero_or_an_unknown_column_is_refused():
    frame = _history().prices.copy()
    frame.iloc[3, 2] = 0.0
    with pytest.raises(DataError, match="rate 'fx' must be above 0 and is 0 on 2024-01-04"):
        convert(History(frame), ["b"], "fx")
    with pytest.raises(ColumnError, match="no instrument 'fxx'"):
        convert(_history(), ["b"], "fxx")
    with pytest.raises(InputError, match="cannot be converted by itself"):
        convert(_history(), ["fx"], "fx")
