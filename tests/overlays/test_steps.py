"""Step tables: levels strictly above thresholds, to the tie; presets; refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from hedgerow.errors import InputError
from hedgerow.overlays import Steps
from overlay_rule_cases import signals_of

VIX = [10.0, 15.0, 15.01, 20.0, 20.01, 25.0, 25.01, 80.0]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Steps.full_partial_none(), [0, 0, 0.5, 0.5, 0.5, 0.5, 1, 1]),
        (Steps.two_one_none(), [0, 0, 1, 1, 1, 1, 2, 2]),
        (Steps.on_off(), [0, 0, 0, 0, 1, 1, 1, 1]),
        (Steps.on_off(25), [0, 0, 0, 0, 0, 0, 1, 1]),
        (Steps.regime_bands(), [0.25, 0.25, 0.6, 0.6, 0.6, 0.6, 1.25, 1.25]),
        (Steps.regime_bands(0), [0.2, 0.2, 0.5, 0.5, 0.5, 0.5, 1.0, 1.0]),
        (Steps.regime_bands(1), [0.3, 0.3, 0.7, 0.7, 0.7, 0.7, 1.5, 1.5]),
        (Steps([20], [1, 0]), [1, 1, 1, 1, 0, 0, 0, 0]),
        (Steps(np.array([20.0]), np.array([0.5, 1.0])), [0.5, 0.5, 0.5, 0.5, 1, 1, 1, 1]),
    ],
    ids=repr,
)
def test_steps_level_holds_strictly_above_its_threshold(rule, expected) -> None:
    assert rule.multiplier(signals_of(vix=VIX)).tolist() == expected


def test_steps_value_that_rounding_lifts_over_its_threshold_is_a_tie() -> None:
    threshold = 0.3
    lifted = 0.1 + 0.2
    assert lifted > threshold
    rule = Steps((threshold,), (0, 1), "share")
    assert rule.multiplier(signals_of(share=[lifted, threshold - 1e-12, threshold + 1e-6])).tolist() == [0, 0, 1]


@settings(max_examples=40, deadline=None)
@given(
    thresholds=st.lists(st.integers(5, 95), min_size=1, max_size=6, unique=True).map(sorted),
    vix=st.lists(st.integers(1, 100), min_size=1, max_size=20),
    data=st.data(),
)
def test_steps_any_table_equals_the_plain_search(thresholds, vix, data) -> None:
    n = len(thresholds) + 1
    levels = data.draw(st.lists(st.floats(0.0, 3.0), min_size=n, max_size=n))
    expected = [levels[sum(level > threshold for threshold in thresholds)] for level in vix]
    assert Steps(thresholds, levels).multiplier(signals_of(vix=vix)).tolist() == expected


@pytest.mark.parametrize(
    ("thresholds", "levels", "sentence"),
    [
        ((25, 15), (0, 0.5, 1), "thresholds of Steps must ascend; 15 follows 25: sort them"),
        ((15, 15), (0, 0.5, 1), "must ascend; 15 follows 15"),
        ((15, 25), (0, 1), "one level more than thresholds, 3 for 2, and has 2"),
        ((15, 25), (0, 0.5, 1, 2), "one level more than thresholds, 3 for 2, and has 4"),
        ((), (1,), "at least one threshold"),
        ((15,), (0, -1), "a level of Steps must be a number, 0 or more, not -1"),
        ((float("nan"),), (0, 1), "a threshold of Steps must be a number"),
        ("15,25", (0, 0.5, 1), "thresholds of Steps must be a list of numbers"),
        (20, (0, 1), "thresholds of Steps must be a list of numbers, not 20"),
        (("20",), (0, 1), "a threshold of Steps must be a number, finite, not '20'"),
    ],
)
def test_steps_table_that_cannot_be_read_refused(thresholds, levels, sentence) -> None:
    with pytest.raises(InputError, match=sentence):
        Steps(thresholds, levels)


def test_steps_place_outside_a_band_refused() -> None:
    with pytest.raises(InputError, match=r"within of Steps\.regime_bands must be a number, 0 or more and at most 1"):
        Steps.regime_bands(1.5)
