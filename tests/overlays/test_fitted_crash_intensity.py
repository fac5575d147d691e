"""Crash intensity learned from the past: refit dates, the model behind each, refusals."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.errors import DataError, InputError
from hedgerow.overlays import FittedCrashIntensity, RegimeModel, Signals, SmoothedSignal, TwoStateChain, VixLinear
from overlay_rule_cases import known, signal_table, signals_of

RULE = FittedCrashIntensity(minimum_rows=120, refit_every=100)


@pytest.mark.compiled
@pytest.mark.parametrize("reads", ["log_level", "returns"])
def test_fitted_intensity_is_that_of_the_last_fit_on_the_rows_before(reads) -> None:
    table = signal_table(360)
    returns = reads == "returns"
    rule = FittedCrashIntensity("price" if returns else "vix", reads, 120, 100, None)
    found = rule.multiplier(known(table))
    values = np.diff(np.log(table["price"].to_numpy())) if returns else np.log(table["vix"].to_numpy())
    for number, rows in enumerate((120, 220, 320)):
        model = RegimeModel.fit(values[:rows], "deviation" if returns else "mean")
        assert model.converged
        last = min(rows + 99, len(values))
        expected = model.intensity(values)[rows - 1 : last]
        np.testing.assert_array_equal(found[rows - 1 + returns : last + returns], expected, err_msg=str(number))
    assert list(rule.models(known(table))) == [str(table.index[row + returns].date()) for row in (119, 219, 319)]


@pytest.mark.compiled
def test_fitted_intensity_of_a_window_is_fitted_to_it_alone_at_the_first_date_of_each_month() -> None:
    table = signal_table(260)
    rule = FittedCrashIntensity(minimum_rows=120, refit_every="monthly", window=150)
    found, values = rule.multiplier(known(table)), np.log(table["vix"].to_numpy())
    dates = table.index
    due = [119, *(row for row in range(120, 260) if dates[row].month != dates[row - 1].month)]
    assert len(due) > 6
    for row, end in zip(due, [*due[1:], 260], strict=True):
        first = max(0, row + 1 - 150)
        model = RegimeModel.fit(values[first : row + 1])
        assert model.converged
        np.testing.assert_array_equal(found[row:end], model.intensity(values[first:end])[row - first :])
    assert list(rule.models(known(table))) == [str(dates[row].date()) for row in due]


@pytest.mark.compiled
@pytest.mark.parametrize("refit", ["yearly", "quarterly", "monthly", 63])
def test_fitted_intensity_of_50_cut_records_is_bit_for_bit_that_of_the_whole(refit) -> None:
    signals = known(signal_table(900))
    rule = FittedCrashIntensity(minimum_rows=150, refit_every=refit, window=250)
    whole = rule.multiplier(signals)
    cuts = np.random.default_rng(4).choice(np.arange(150, 900), 50 if refit == "quarterly" else 8, replace=False)
    for cut in cuts:
        np.testing.assert_array_equal(rule.multiplier(signals.first(int(cut))), whole[:cut])


def test_fitted_intensity_remembers_its_window_and_a_period_of_the_calendar() -> None:
    assert FittedCrashIntensity().memory == 1512 + 365
    assert FittedCrashIntensity("price", "returns", refit_every="monthly", window=600).memory == 600 + 30 + 1
    assert FittedCrashIntensity(window=None).memory is None
    assert FittedCrashIntensity(refit_every=252).memory is None


@pytest.mark.compiled
def test_fitted_intensity_9000_days_take_less_than_100_milliseconds_of_one_core() -> None:
    signals, times = known(signal_table(9000)), []
    for _ in range(4):
        start = process_time()
        FittedCrashIntensity().multiplier(signals)
        times.append(process_time() - start)
    assert min(times) < 0.100


@pytest.mark.compiled
def test_fitted_intensity_is_high_where_the_index_is() -> None:
    vix = pd.read_csv(shared_data("vix_index_daily.csv"), index_col=0, parse_dates=True)["close"].loc["2004":"2010"]
    found = pd.Series(FittedCrashIntensity().multiplier(Signals.of({"vix": vix})), vix.index)
    assert found.loc["2008-10":"2008-11"].min() > 1.5
    assert found.loc["2006-01":"2006-04"].max() < 0.5


def test_fitted_intensity_keeps_the_last_fit_whose_regimes_can_be_told_apart(monkeypatch) -> None:
    good = RegimeModel(TwoStateChain(0.02, 0.06), 2.6, 3.3, 0.15, 0.25)

    def fit(values, high) -> RegimeModel:
        flat = replace(good, low_mean=0.0, converged=False, reason="flat")
        return flat if len(values) == 220 else good

    table = signal_table(360)
    monkeypatch.setattr(RegimeModel, "fit", fit)
    found = RULE.multiplier(known(table))
    np.testing.assert_array_equal(found[119:], good.intensity(np.log(table["vix"].to_numpy()))[119:])
    assert [model.converged for model in RULE.models(known(table)).values()] == [True, False, True]


@pytest.mark.compiled
@pytest.mark.parametrize("rule", [RULE, FittedCrashIntensity("price", "returns", 120, 100)], ids=repr)
def test_fitted_intensity_of_a_smoothed_signal_begins_where_its_warm_up_ends(rule) -> None:
    smoothed = SmoothedSignal(rule, 5, rule.signal)
    found = smoothed.multiplier(known(signal_table(200)))
    np.testing.assert_array_equal(np.isnan(found), np.arange(200) < smoothed.warm_up)
    assert smoothed.warm_up == rule.warm_up + 4


@pytest.mark.compiled
def test_fitted_intensity_multiplies_with_other_rules() -> None:
    signals = known(signal_table(150))
    both = (RULE * VixLinear(10, 15)).multiplier(signals)
    np.testing.assert_array_equal(both, RULE.multiplier(signals) * VixLinear(10, 15).multiplier(signals))


@pytest.mark.compiled
def test_fitted_intensity_of_an_index_without_regimes_refused_with_its_dates() -> None:
    rng = np.random.default_rng(0)
    lonely = np.full(130, 15.0) * np.exp(0.01 * rng.standard_normal(130))
    lonely[60:63] = 70.0
    with pytest.raises(DataError, match=r"the first 120 values of 'vix', to 2024-04-29, do not tell two regimes apart"):
        RULE.multiplier(signals_of(vix=lonely))


def test_fitted_intensity_with_too_few_rows_is_all_warm_up() -> None:
    assert np.isnan(RULE.multiplier(known(signal_table(119)))).all()
    assert RULE.models(known(signal_table(119))) == {}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"minimum_rows": 99}, "minimum_rows of FittedCrashIntensity must be a whole number of signal dates, 100 or"),
        ({"refit_every": 0}, "refit_every of FittedCrashIntensity must be a whole number of signal dates, 1 or"),
        ({"refit_every": "weekly"}, "yearly, quarterly, monthly or a number of rows, not 'weekly'"),
        (
            {"window": 499},
            "window of FittedCrashIntensity must be a whole number of signal dates, 500 or more",
        ),
        ({"reads": "level"}, "reads of FittedCrashIntensity must be 'log_level' or 'returns', not 'level'"),
    ],
)
def test_fitted_intensity_options_refused(arguments, sentence) -> None:
    with pytest.raises(InputError, match=sentence):
        FittedCrashIntensity(**arguments)


def test_fitted_intensity_of_a_level_at_zero_refused_with_its_date() -> None:
    with pytest.raises(DataError, match="'odd' is 0 on 2024-01-02; a logarithm needs values above 0"):
        FittedCrashIntensity("odd").multiplier(signals_of(odd=[10.0, 0.0]))
