"""How much past an overlay rule needs, rule by rule."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.compare import overlay_warm_up_drift
from hedgerow.errors import InputError
from hedgerow.overlays import DrawdownTriggered, FittedCrashIntensity, Percentile, Shape, SignalMove, Steps, VixLinear
from overlay_rule_cases import EXAMPLES, MADE_OF_RULES, known, signal_table

SIGNALS = known(signal_table(2600))
WINDOWS = (199, 399, 499, 999, 1999)
REMEMBERS_ALL = ("fitted_crash_intensity", "drawdown", "smoothed drawdown", "sum")
LOOKS_BACK = [name for name in (*EXAMPLES, *MADE_OF_RULES) if name not in REMEMBERS_ALL]


@pytest.mark.parametrize("name", LOOKS_BACK)
def test_rule_over_windows_has_no_drift_from_its_warm_up_on(name: str) -> None:
    rule = (EXAMPLES | MADE_OF_RULES)[name]
    table = overlay_warm_up_drift(rule, SIGNALS, windows=(rule.warm_up + 1, *WINDOWS))
    assert list(table.index) == sorted({rule.warm_up + 1, *WINDOWS})
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
def test_fitted_regimes_drift_by_less_than_a_hundredth_once_both_have_been_seen_often() -> None:
    """In two moods that are far apart; where they are not, as in the real index, no start-up is long enough."""
    rule = FittedCrashIntensity(minimum_rows=150, refit_every=500)
    table = overlay_warm_up_drift(rule, SIGNALS, windows=(100, *WINDOWS), ends=3)
    assert np.isnan(table.loc[100, "drift"])
    assert table.loc[199, "relative"] > 0.01
    assert (table.loc[[999, 1999], "relative"] < 0.01).all()


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
