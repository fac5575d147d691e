"""Crash intensity read off the index: 0.2 and 3.4, long-run mean 1, the tie, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from hedgerow.errors import InputError
from hedgerow.overlays import CrashIntensity
from overlay_rule_cases import signals_of


def test_crash_intensity_is_one_fifth_in_the_low_and_3_4_in_the_high_state() -> None:
    found = CrashIntensity(0.05, 0.15).multiplier(signals_of(vix=[12.0, 25.0, 25.0 + 1e-12, 25.01, 80.0]))
    np.testing.assert_allclose(found, [0.2, 0.2, 0.2, 3.4, 3.4], rtol=1e-12)


@settings(max_examples=40, deadline=None)
@given(up=st.floats(0.001, 1.0), down=st.floats(0.001, 1.0))
def test_crash_intensity_is_one_on_average_over_the_long_run(up, down) -> None:
    low, high = CrashIntensity(up, down).multiplier(signals_of(vix=[10.0, 50.0]))
    share = up / (up + down)
    np.testing.assert_allclose((1.0 - share) * low + share * high, 1.0, rtol=1e-9)
    assert low >= 0.0
    assert high >= 0.0


@pytest.mark.parametrize("chances", [(0.0, 0.15), (0.05, 0.0), (5, 0.15), (0.05, -0.1), (None, 0.1)])
def test_crash_intensity_chance_that_is_none_refused(chances) -> None:
    with pytest.raises(InputError, match=r"of CrashIntensity must be a number, above 0 and at most 1"):
        CrashIntensity(*chances)
