"""Crash intensity of given regimes: the model's own, from the first date, forgetful, as code and as text; refusals."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import DataError, InputError
from hedgerow.overlays import FilteredCrashIntensity, RegimeModel, TwoStateChain, rule_by_name
from overlay_rule_cases import known, signal_table, signals_of

MODEL = RegimeModel(TwoStateChain(0.02, 0.06), 2.6, 3.3, 0.15, 0.25)


def test_filtered_intensity_is_that_of_its_model() -> None:
    table = signal_table(200)
    rule = FilteredCrashIntensity.of(MODEL)
    np.testing.assert_array_equal(rule.multiplier(known(table)), MODEL.intensity(np.log(table["vix"].to_numpy())))
    returns = FilteredCrashIntensity(0.02, 0.06, (0.0, 0.0), (0.007, 0.025), "price", "returns")
    found = returns.multiplier(known(table))
    moves = np.diff(np.log(table["price"].to_numpy()))
    np.testing.assert_array_equal(found[1:], returns.model.intensity(moves))
    assert np.isnan(found[0])
    assert returns.warm_up == 1


def test_filtered_intensity_forgets_where_its_record_began() -> None:
    signals = known(signal_table(300))
    rule = FilteredCrashIntensity.of(MODEL)
    whole = rule.multiplier(signals)
    late = rule.multiplier(signals.rows(slice(150, None)))
    assert abs(late[0] - whole[150]) > 1e-9
    np.testing.assert_allclose(late[60:], whole[210:], rtol=1e-9)


def test_filtered_intensity_lies_between_what_either_state_is_worth() -> None:
    found = FilteredCrashIntensity.of(MODEL).multiplier(known(signal_table(300)))
    assert found.min() >= MODEL.chain.intensity(0.0)
    assert found.max() <= MODEL.chain.intensity(1.0)


def test_filtered_intensity_by_name_reads_pairs_from_text() -> None:
    rule = rule_by_name("filtered_crash_intensity", p_low_high="0.02", means="2.6,3.3", deviations="0.15,0.25")
    assert rule == FilteredCrashIntensity(0.02, means=(2.6, 3.3), deviations=(0.15, 0.25))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"p_low_high": 0.0}, "p_low_high of FilteredCrashIntensity must be a number, above 0 and at most 1"),
        ({"p_high_low": 1.1}, "p_high_low of FilteredCrashIntensity must be a number, above 0 and at most 1"),
        ({"means": (2.6,)}, r"means of FilteredCrashIntensity must be two numbers, low state first, not \(2.6,\)"),
        ({"means": 2.6}, "means of FilteredCrashIntensity must be two numbers"),
        ({"deviations": (0.1, 0.0)}, "each of deviations of FilteredCrashIntensity must be a number, above 0, not 0.0"),
        ({"reads": "level"}, "reads of FilteredCrashIntensity must be 'log_level' or 'returns', not 'level'"),
        ({"signal": ""}, "signal of FilteredCrashIntensity must be the name of a signal"),
    ],
)
def test_filtered_intensity_options_refused(arguments, sentence) -> None:
    with pytest.raises(InputError, match=sentence):
        FilteredCrashIntensity(**arguments)


def test_filtered_intensity_of_a_level_at_zero_refused_with_its_date() -> None:
    with pytest.raises(DataError, match="'odd' is 0 on 2024-01-02; a logarithm needs values above 0"):
        FilteredCrashIntensity(signal="odd").multiplier(signals_of(odd=[10.0, 0.0]))
