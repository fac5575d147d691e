"""The sigmoid: formula, symmetry, extremes without overflow, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from hedgerow.errors import InputError
from hedgerow.overlays import Sigmoid
from overlay_rule_cases import signals_of


def test_sigmoid_equals_the_formula_on_every_level() -> None:
    vix = np.arange(5.0, 90.0, 0.5)
    found = Sigmoid().multiplier(signals_of(vix=vix))
    np.testing.assert_allclose(found, 1.0 / (1.0 + np.exp(-0.2 * (vix - 20.0))), rtol=1e-14)
    assert found[vix == 20.0] == 0.5


@settings(max_examples=40, deadline=None)
@given(away=st.floats(0.0, 19.0), steepness=st.floats(0.01, 500.0))
def test_sigmoid_is_symmetric_about_its_midpoint_whatever_its_steepness(away, steepness) -> None:
    low, high = Sigmoid(20, steepness).multiplier(signals_of(vix=[20.0 - away, 20.0 + away]))
    assert 0.0 <= low <= 0.5 <= high <= 1.0
    np.testing.assert_allclose(low + high, 1.0, rtol=1e-12)


@pytest.mark.parametrize(("midpoint", "steepness"), [(20, 0), (20, -0.2), (float("inf"), 0.2), ("20", 0.2)])
def test_sigmoid_curve_that_does_not_rise_refused(midpoint, steepness) -> None:
    with pytest.raises(InputError, match="of Sigmoid must be a number"):
        Sigmoid(midpoint, steepness)
