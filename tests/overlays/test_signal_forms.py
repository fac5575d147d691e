"""A signal as its percentile or smoothed: definitions by hand, real data, warm-up, what differs, refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.errors import InputError
from hedgerow.market.volatility import implied_percentile
from hedgerow.overlays import (
    CrashIntensity,
    DrawdownTriggered,
    Percentile,
    RealisedVolatility,
    Sigmoid,
    Signals,
    SmoothedSignal,
    Steps,
    VixLinear,
)
from overlay_rule_cases import known, signal_table, signals_of

IDENTITY = VixLinear(0, 1)
"""Shows what a rule sees of the index, where that is 0 or more."""


def test_percentile_of_the_real_index_equals_the_share_below_in_per_cent() -> None:
    vix = pd.read_csv(shared_data("vix_index_daily.csv"), index_col=0, parse_dates=True)["close"]
    seen = Percentile(IDENTITY, 252).multiplier(Signals.of({"vix": vix}))
    np.testing.assert_allclose(seen, 100.0 * implied_percentile(vix, window=252).to_numpy(), rtol=1e-14)
    assert np.isnan(seen[:251]).all()
    assert np.nanmax(seen) == 100.0 * 251 / 252


def test_percentile_counts_today_and_only_values_strictly_below() -> None:
    seen = Percentile(IDENTITY, 4).multiplier(signals_of(vix=[10, 10, 10, 10, 12, 11, 11 + 1e-12, 50]))
    assert seen[3:].tolist() == [0.0, 75.0, 50.0, 25.0, 75.0]


@pytest.mark.parametrize(
    ("rule", "low", "high"),
    [
        (Steps((50, 90), (0, 0.5, 1)), 0.0, 1.0),
        (VixLinear(50, 50), 0.0, 0.9),
        (CrashIntensity(high_above=80), 0.2, 3.4),
        (Sigmoid(80, 0.1), 1.0 / (1.0 + np.exp(8.0)), 1.0 / (1.0 + np.exp(-1.5))),
    ],
    ids=repr,
)
def test_percentile_every_threshold_reads_as_one_in_calm_and_in_wild_years(rule, low, high) -> None:
    for level in (10.0, 40.0):
        vix = level + np.r_[np.linspace(0.0, 1.0, 20), 2.0, -1.0]
        found = Percentile(rule, 20).multiplier(signals_of(vix=vix))
        np.testing.assert_allclose(found[20:], [high, low], rtol=1e-9)


def test_smoothed_signal_is_the_mean_of_its_last_days_before_the_rule() -> None:
    signals = signals_of(vix=[10.0, 10.0, 70.0, 10.0])
    found = SmoothedSignal(VixLinear(10, 15, cap=2), 2).multiplier(signals)
    np.testing.assert_allclose(found[1:], [0.0, 2.0, 2.0], rtol=1e-14)
    of_multiplier = np.convolve(VixLinear(10, 15, cap=2).multiplier(signals), [0.5, 0.5], "valid")
    np.testing.assert_allclose(of_multiplier, [0.0, 1.0, 1.0], rtol=1e-14)
    line = VixLinear(0, 15)
    smooth_line = np.convolve(line.multiplier(signals), [0.5, 0.5], "valid")
    np.testing.assert_allclose(SmoothedSignal(line, 2).multiplier(signals)[1:], smooth_line, rtol=1e-14)


def test_smoothed_signal_of_one_day_is_the_rule() -> None:
    signals = known(signal_table(40))
    rule = Sigmoid()
    np.testing.assert_array_equal(SmoothedSignal(rule, 1).multiplier(signals), rule.multiplier(signals))


def test_forms_order_matters() -> None:
    signals = known(signal_table(120))
    one = SmoothedSignal(Percentile(IDENTITY, 20), 5).multiplier(signals)
    other = Percentile(SmoothedSignal(IDENTITY, 5), 20).multiplier(signals)
    assert not np.allclose(one[30:], other[30:])


def test_form_of_a_product_leaves_the_other_signals_as_they_are() -> None:
    signals = known(signal_table(150))
    rule, other = Sigmoid(80, 0.1), DrawdownTriggered(0.02, 20)
    expected = Percentile(rule, 30).multiplier(signals) * other.multiplier(signals)
    np.testing.assert_array_equal(Percentile(rule * other, 30).multiplier(signals), expected)


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        (Percentile(VixLinear(50, 50), 40), 39),
        (SmoothedSignal(VixLinear(10, 15), 5), 4),
        (Percentile(SmoothedSignal(VixLinear(50, 50), 5), 40), 43),
        (Percentile(VixLinear(50, 50) + RealisedVolatility(0.15, 20), 40), 39),
        (Percentile(VixLinear(50, 50) + RealisedVolatility(0.15, 60), 40), 60),
        (SmoothedSignal(VixLinear(10, 15) + RealisedVolatility(0.15, 20), 5, "price"), 24),
        (SmoothedSignal(Percentile(VixLinear(50, 50) * RealisedVolatility(0.15, 20), 40), 5, "price"), 39),
    ],
    ids=repr,
)
def test_forms_warm_up_is_exactly_what_is_undefined(rule, rows) -> None:
    found = rule.multiplier(known(signal_table(120)))
    assert rule.warm_up == rows
    assert np.isnan(found).sum() == rows


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (lambda: Percentile(RealisedVolatility()), "replaces the signal 'vix', which RealisedVolatility.* reads price"),
        (lambda: SmoothedSignal(VixLinear(), 3, "vxi"), "replaces the signal 'vxi', which VixLinear.*; it reads vix"),
        (lambda: Percentile(0.5), r"Percentile takes a rule such as VixLinear\(10, 15\), not 0.5"),
        (lambda: Percentile(VixLinear(), 1), "window of Percentile must be a whole number of signal dates, 2 or more"),
        (lambda: SmoothedSignal(VixLinear(), 0), "days of SmoothedSignal must be a whole number of signal dates, 1 or"),
    ],
)
def test_forms_that_cannot_be_refused(form, sentence) -> None:
    with pytest.raises(InputError, match=sentence):
        form()
