"""Realised volatility: slow formulas, causality, error bars that cover, and bars that are refused."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import ColumnError, DataError, InputError
from hedgerow.market.volatility import ESTIMATORS, flat_bars, realised_estimate, realised_volatility
from laws import find_look_ahead
from market.volatility.sessions import bars_from, daily_bars


@pytest.fixture
def bars() -> pd.DataFrame:
    return daily_bars(np.random.default_rng(1), 60, gap=0.3)


def slow_bar_variance(bars: pd.DataFrame, estimator: str) -> float:
    """Return the estimate over all bars after the first, written out as in the papers."""
    opens, high, low, close = (np.log(bars[name].to_numpy()) for name in ("open", "high", "low", "close"))
    n = len(bars) - 1
    r, o = close[1:] - close[:-1], opens[1:] - close[:-1]
    u, d, c = high[1:] - opens[1:], low[1:] - opens[1:], close[1:] - opens[1:]
    rs = sum(u[i] * (u[i] - c[i]) + d[i] * (d[i] - c[i]) for i in range(n)) / n
    gk = sum(0.5 * (u[i] - d[i]) ** 2 - (2 * log(2) - 1) * c[i] ** 2 for i in range(n)) / n
    k = 0.34 / (1.34 + (n + 1) / (n - 1))
    return {
        "close_to_close": sum(r**2) / n,
        "close_to_close_demeaned": sum((r - sum(r) / n) ** 2) / (n - 1),
        "parkinson": sum((u - d) ** 2) / n / (4 * log(2)),
        "garman_klass": gk,
        "garman_klass_gap": gk + sum(o**2) / n,
        "rogers_satchell": rs,
        "yang_zhang": sum((o - o.mean()) ** 2) / (n - 1) + k * sum((c - c.mean()) ** 2) / (n - 1) + (1 - k) * rs,
    }[estimator]


@pytest.mark.parametrize("estimator", list(ESTIMATORS))
def test_rolling_estimate_equals_the_formula_written_out(bars, estimator) -> None:
    rolling = realised_volatility(bars, estimator=estimator, window=21)
    first = 20 + ESTIMATORS[estimator].needs_previous_close
    assert rolling.isna().tolist() == [True] * first + [False] * (60 - first)
    assert rolling.index.equals(bars.index)
    for row in (21, 40, 59):
        slow = sqrt(252 * slow_bar_variance(bars.iloc[row - 21 : row + 1], estimator))
        assert rolling.iloc[row] == pytest.approx(slow, rel=1e-12)


@pytest.mark.parametrize("estimator", list(ESTIMATORS))
def test_rolling_estimate_never_looks_ahead(estimator) -> None:
    rng = np.random.default_rng(2)
    table = pd.DataFrame(rng.normal(size=(90, 4)), pd.bdate_range("2024-01-01", periods=90))
    found = find_look_ahead(
        lambda known: realised_volatility(bars_from(known), estimator=estimator, window=10), table, first=15, cuts=15
    )
    assert found == []


@pytest.mark.parametrize("estimator", list(ESTIMATORS))
def test_volatility_of_a_scaled_price_is_unchanged_and_of_scaled_logs_is_scaled(bars, estimator) -> None:
    plain = realised_estimate(bars, estimator=estimator).volatility
    assert realised_estimate(bars * 1000.0, estimator=estimator).volatility == pytest.approx(plain, rel=1e-9)
    assert realised_estimate(bars**2, estimator=estimator).volatility == pytest.approx(2 * plain, rel=1e-9)


@pytest.mark.parametrize("estimator", list(ESTIMATORS))
def test_estimate_of_all_rows_equals_the_last_row_of_one_long_window(bars, estimator) -> None:
    n_bars = len(bars) - ESTIMATORS[estimator].needs_previous_close
    rolling = realised_volatility(bars, estimator=estimator, window=n_bars)
    estimate = realised_estimate(bars, estimator=estimator)
    assert estimate.volatility == pytest.approx(rolling.iloc[-1], rel=1e-12)
    assert estimate.n_bars == n_bars
    assert estimate.low < estimate.volatility < estimate.high


def test_series_of_closes_equals_the_close_column(bars) -> None:
    by_series = realised_volatility(bars["close"])
    pd.testing.assert_series_equal(by_series, realised_volatility(bars))


def test_wild_row_that_has_left_the_window_leaves_no_trace(bars) -> None:
    closes = bars["close"].copy()
    closes.iloc[5] *= 1e6
    rolling, plain = realised_volatility(closes, window=10), realised_volatility(bars["close"], window=10)
    assert (rolling.iloc[17:] == plain.iloc[17:]).all()


@pytest.mark.parametrize("errors", ["robust", "constant_volatility"])
@pytest.mark.parametrize("estimator", ["close_to_close", "close_to_close_demeaned", "rogers_satchell", "yang_zhang"])
def test_interval_covers_the_true_volatility_about_as_often_as_it_says(estimator, errors) -> None:
    rng = np.random.default_rng(3)
    inside = []
    for _ in range(150):
        estimate = realised_estimate(
            daily_bars(rng, 120, steps=16), estimator=estimator, errors=errors, confidence=0.9, periods_per_year=1.0
        )
        inside.append(estimate.low < 0.01 < estimate.high)
    assert 0.80 < np.mean(inside) < 0.97


def test_standard_error_of_closes_at_constant_volatility_is_the_textbook_one() -> None:
    estimate = realised_estimate(daily_bars(np.random.default_rng(4), 201), errors="constant_volatility")
    assert estimate.standard_error == pytest.approx(estimate.volatility / sqrt(2 * 200), rel=1e-12)


def test_robust_error_grows_where_volatility_clusters() -> None:
    rng = np.random.default_rng(5)
    sizes = np.repeat([0.005, 0.02, 0.004, 0.03], 60)
    clustered = pd.Series(
        np.exp((sizes * rng.standard_normal(240)).cumsum()), pd.bdate_range("2023-01-02", periods=240)
    )
    robust = realised_estimate(clustered)
    plain = realised_estimate(clustered, errors="constant_volatility")
    assert robust.standard_error > 1.5 * plain.standard_error


def test_flat_bars_are_flagged_and_counted_as_zero_range(bars) -> None:
    flat = bars.copy()
    for name in ("open", "high", "low"):
        flat.loc[flat.index[20:30], name] = flat["close"]
    assert flat_bars(flat).sum() == 10
    assert realised_estimate(flat, estimator="rogers_satchell").flat_bars == 10
    assert realised_estimate(flat, estimator="parkinson").flat_bars == 10
    assert realised_estimate(flat, estimator="yang_zhang").flat_bars == 10
    assert realised_estimate(flat).flat_bars is None
    assert realised_volatility(flat, estimator="parkinson", window=5).iloc[29] == 0.0


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("high", 1.0, "high is below low on 1700-01-08"),
        ("open", 1e4, "open lies outside high and low on 1700-01-08"),
        ("close", 1.0, "close lies outside high and low on 1700-01-08"),
        ("low", 0.0, "low is not above 0 on 1700-01-08"),
        ("close", -3.0, "close is not above 0 on 1700-01-08"),
        ("open", np.nan, "open is missing on 1700-01-08"),
        ("high", np.inf, "'high' is infinite on 1700-01-08"),
    ],
)
def test_bar_that_cannot_be_true_is_refused_with_field_and_date(bars, field, value, sentence) -> None:
    bad = bars.copy()
    bad.loc[bad.index[7], field] = value
    for call in (realised_volatility, realised_estimate):
        with pytest.raises(DataError, match=sentence):
            call(bad, estimator="yang_zhang")


def test_several_bad_bars_are_counted(bars) -> None:
    bad = bars.copy()
    bad.loc[bad.index[[7, 9, 30]], "close"] = np.nan
    with pytest.raises(DataError, match=r"close is missing on 1700-01-08 \(and on 2 later dates\)"):
        realised_volatility(bad)


def test_open_outside_its_bar_by_rounding_is_taken(bars) -> None:
    bars = bars.copy()
    bars["close"] = bars["high"] * (1 + 1e-13)
    assert realised_estimate(bars, estimator="parkinson").volatility > 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"estimator": "parkinsn"}, "did you mean 'parkinson'"),
        ({"window": 1}, "window must be a whole number of rows, at least 2; received 1"),
        ({"window": 2.5}, "received 2.5"),
        ({"window": True}, "received True"),
        ({"periods_per_year": 0}, "periods_per_year must be above 0"),
        ({"periods_per_year": "252"}, "periods_per_year must be a number"),
        ({"periods_per_year": np.nan}, "periods_per_year must be above 0"),
        ({"window": 60}, "needs 61 rows and the table has 60"),
    ],
)
def test_argument_that_means_nothing_is_refused(bars, arguments, sentence) -> None:
    with pytest.raises(InputError, match=sentence):
        realised_volatility(bars, **arguments)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [({"confidence": 95}, "confidence must lie between 0 and 1"), ({"errors": "none"}, "errors must be robust or")],
)
def test_interval_that_means_nothing_is_refused(bars, arguments, sentence) -> None:
    with pytest.raises(InputError, match=sentence):
        realised_estimate(bars, **arguments)


def test_tables_without_the_columns_needed_are_refused(bars) -> None:
    with pytest.raises(ColumnError, match="no column 'open'"):
        realised_volatility(bars["close"], estimator="yang_zhang")
    with pytest.raises(ColumnError, match="no column 'high'; did you mean 'hgh'"):
        realised_volatility(bars.rename(columns={"high": "hgh"}), estimator="parkinson")
    with pytest.raises(InputError, match="received list"):
        realised_volatility([1.0, 2.0])  # type: ignore[arg-type]


def test_price_that_never_moves_has_zero_volatility_but_no_error() -> None:
    closes = pd.Series(5.0, pd.bdate_range("2024-01-01", periods=30))
    assert realised_volatility(closes).iloc[-1] == 0.0
    with pytest.raises(DataError, match="does not move on any of 29 bars"):
        realised_estimate(closes)
