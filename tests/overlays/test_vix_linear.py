"""The line in the volatility index: documented cases, cap, refusals."""

from __future__ import annotations

import pytest

from hedgerow.errors import InputError
from hedgerow.overlays import VixLinear
from overlay_rule_cases import signals_of


@pytest.mark.parametrize(
    ("rule", "vix", "expected"),
    [
        (VixLinear(10, 15, cap=2), [9.0, 10.0, 17.5, 25.0, 40.0, 80.0], [0.0, 0.0, 0.5, 1.0, 2.0, 2.0]),
        (VixLinear(10, 15), [80.0], [70.0 / 15.0]),
        (VixLinear(10, 7.5), [17.5, 25.0], [1.0, 2.0]),
        (VixLinear(12, 10), [12.0, 17.0, 32.0], [0.0, 0.5, 2.0]),
        (VixLinear(12, 8), [16.0, 20.0, 28.0], [0.5, 1.0, 2.0]),
    ],
)
def test_vix_linear_documented_cases_equal_the_formula(rule, vix, expected) -> None:
    assert rule.multiplier(signals_of(vix=vix)).tolist() == expected


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"low": float("nan")}, "low of VixLinear must be a number, finite, not nan"),
        ({"low": "10"}, "low of VixLinear must be a number"),
        ({"width": 0.0}, "width of VixLinear must be a number, above 0, not 0.0"),
        ({"width": -15}, "width of VixLinear must be a number, above 0"),
        ({"cap": 0.0}, "cap of VixLinear must be a number, above 0, not 0.0; None for no cap"),
        ({"cap": True}, "cap of VixLinear must be a number"),
    ],
)
def test_vix_linear_figures_that_make_no_line_are_refused(arguments, sentence) -> None:
    with pytest.raises(InputError, match=sentence):
        VixLinear(**arguments)
