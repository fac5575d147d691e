"""How much past an overlay rule needs, rule by rule."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.compare import overlay_warm_up_drift
from hedgerow.errors import InputError
from hedgerow.overlays import (
    DrawdownTriggered,
    FilteredCrashIntensity,
    FittedCrashIntensity,
    Percentile,
    Shape,
    SignalMove,
    Signals,
    SmoothedSignal,
    Steps,
    VixLinear,
)
from overlay_rule_cases import EXAMPLES, MADE_OF_RULES, known, signal_table

SIGNALS = known(signal_table(2600))
WINDOWS = (199, 399, 499, 999, 1999)
LOOKS_BACK = [name for name, rule in (EXAMPLES | MADE_OF_RULES).items() if rule.memory is not None]
FITTED = FittedCrashIntensity(minimum_rows=150, window=300)


@pytest.mark.parametrize("name", LOOKS_BACK)
def test_rule_over_windows_has_no_drift_from_its_memory_on(name: str) -> None:
    rule = (EXAMPLES | MADE_OF_RULES)[name]
    table = overlay_warm_up_drift(rule, SIGNALS, windows=(rule.memory, *WINDOWS))
    assert list(table.index) == sorted({rule.memory, *WINDOWS})
    assert (table["drift"] == 0.0).all()
    assert (table["reason"] == "").all()


@pytest.mark.parametrize("window", [60, 252, 500])
def test_percentile_needs_its_window_and_no_more(window: int) -> None:
    rule = Percentile(Steps((50, 90), (0, 0.5, 1)), window)
    table = overlay_warm_up_drift(rule, SIGNALS, windows=(window - 1, window, 1999))
    assert np.isnan(table.loc[window - 1, "drift"])
    assert table.loc[window - 1, "reason"] == f"{window - 1} rows are within the warm-up of {window - 1}"
    assert table.loc[[window, 1999], "drift"].tolist() == [0.0, 0.0]


def test_drawdown_drifts_until_its_window_holds_the_last_peak() -> None:
    price = SIGNALS["price"]
    peak = int(np.argmax(price))
    rule = DrawdownTriggered(0.0, 1.0)
    since = len(price) - peak
    table = overlay_warm_up_drift(rule, SIGNALS, windows=(1, since - 1, since), ends=1)
    later = price[-since + 1 :].max()
    assert table.loc[1, "drift"] == pytest.approx(1.0 - price[-1] / price[peak])
    assert table.loc[since - 1, "drift"] == pytest.approx(price[-1] / later - price[-1] / price[peak])
    assert table.loc[since, "drift"] == 0.0


@pytest.mark.compiled
@pytest.mark.parametrize("refit", ["yearly", "quarterly", "monthly"])
def test_fitted_regimes_of_a_window_do_not_drift_from_their_memory_on(refit: str) -> None:
    for rule in (replace(FITTED, refit_every=refit), replace(FITTED, signal="price", reads="returns")):
        assert rule.memory is not None
        table = overlay_warm_up_drift(rule, SIGNALS, windows=(149, 199, rule.memory, 1999), ends=7)
        assert np.isnan(table.loc[149, "drift"])
        assert table.loc[199, "drift"] > 0.0
        assert table.loc[[rule.memory, 1999], "drift"].tolist() == [0.0, 0.0]


@pytest.mark.compiled
def test_smoothed_fitted_regimes_need_as_many_rows_more_as_are_smoothed() -> None:
    rule = SmoothedSignal(FITTED, 5)
    assert rule.memory == FITTED.memory + 4
    assert overlay_warm_up_drift(rule, SIGNALS, windows=(rule.memory,), ends=7)["drift"].tolist() == [0.0]


@pytest.mark.compiled
def test_regimes_fitted_to_all_rows_drift_for_ever() -> None:
    for rule in (replace(FITTED, window=None), replace(FITTED, refit_every=252)):
        assert rule.memory is None
        assert (overlay_warm_up_drift(rule, SIGNALS, windows=(199, 999, 1999), ends=7)["drift"] > 0.0).all()


@pytest.mark.compiled
def test_fitted_regimes_of_the_real_index_drift_until_their_memory_and_given_ones_do_not() -> None:
    vix = pd.read_csv(shared_data("vix_index_daily.csv"), index_col=0, parse_dates=True)["close"]
    signals, rule = Signals.of({"vix": vix}), FittedCrashIntensity()
    table = overlay_warm_up_drift(rule, signals, windows=(*WINDOWS, rule.memory), ends=4)
    assert table.loc[499:999, "relative"].max() > 0.1
    assert table.loc[[rule.memory, 1999], "drift"].tolist() == [0.0, 0.0]
    given = overlay_warm_up_drift(FilteredCrashIntensity(), signals, windows=WINDOWS, ends=40)
    assert given["relative"].max() < 1e-9


def test_threshold_remembers_its_last_rebalance() -> None:
    shape = Shape(threshold=(SignalMove(25.0),))
    table = overlay_warm_up_drift(VixLinear(10, 15), SIGNALS, shape, windows=(1, 1999))
    assert table.loc[1, "drift"] > 0.1


def test_warm_up_that_cannot_be_measured_is_refused() -> None:
    short = SIGNALS.first(100)
    with pytest.raises(InputError, match="no longer than 100 rows"):
        overlay_warm_up_drift(VixLinear(), short)
    with pytest.raises(InputError, match="1 row or more"):
        overlay_warm_up_drift(VixLinear(), short, windows=(0, 50))
    with pytest.raises(InputError, match="ends must be"):
        overlay_warm_up_drift(VixLinear(), short, windows=(50,), ends=0)
    nowhere = overlay_warm_up_drift(Percentile(Steps(), 200), short, windows=(50,))
    assert nowhere["reason"].tolist() == ["the rule is undefined on the dates asked: it warms up for 199 rows"]
