"""Rules of thumb: what is said, and where the line runs."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.effectiveness import EffectivenessThresholds
from hedgerow.errors import InputError


@pytest.mark.parametrize(
    ("reduction", "words"),
    [
        (0.85, "good for an equity index"),
        (0.8496, "84.9 %: between 70 % and 85 %"),
        (0.70, "between"),
        (0.6999, "69.9 %: below 70 %, try a dynamic model"),
        (-0.2, "-20 %: below"),
    ],
)
def test_advice_reduction_falls_on_its_side_of_the_line(reduction: float, words: str) -> None:
    (sentence,) = EffectivenessThresholds().advice(reduction, 0.95)
    assert words in sentence


def test_advice_low_correlation_of_either_sign_is_named() -> None:
    for correlation in (0.59, -0.59):
        assert "consider cointegration or regimes" in EffectivenessThresholds().advice(0.3, correlation)[1]
    assert len(EffectivenessThresholds().advice(0.3, 0.60)) == 1


def test_advice_own_thresholds_are_used_and_named() -> None:
    own = EffectivenessThresholds(good=0.95, weak=0.9, low_correlation=0.0)
    assert own.advice(0.92, 0.1) == ("Variance reduction 92 %: between 90 % and 95 %, usable but not close.",)


def test_advice_undefined_figures_say_nothing() -> None:
    assert EffectivenessThresholds().advice(np.nan, np.nan) == ()


@pytest.mark.parametrize("bad", [{"good": 0.6}, {"good": 1.2}, {"low_correlation": -0.1}])
def test_thresholds_out_of_order_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(InputError):
        EffectivenessThresholds(**bad)


@pytest.mark.parametrize(
    ("methods", "tried"),
    [
        (("ols", "naive"), False),
        (("ols", "dcc"), True),
        (("rolling(60)",), True),
        (("cost_aware(bekk)",), True),
        (("kalman",), True),
        (("minimum_cvar", "vecm"), False),
    ],
)
def test_advice_does_not_advise_a_dynamic_model_that_was_tried(methods: tuple[str, ...], tried: bool) -> None:
    (sentence,) = EffectivenessThresholds().advice(0.5, 0.9, methods=methods)
    assert ("rank nearer hedges" in sentence) is tried
    assert ("try a dynamic model" in sentence) is not tried


@pytest.mark.parametrize(
    ("methods", "words"),
    [
        (("ols",), "consider cointegration or regimes."),
        (("error_correction",), "consider regimes."),
        (("markov_switching",), "consider cointegration."),
        (("vecm", "markov_switching"), "cointegration and regimes were tried, rank nearer hedges."),
    ],
)
def test_advice_low_correlation_leaves_out_what_was_tried(methods: tuple[str, ...], words: str) -> None:
    assert EffectivenessThresholds().advice(0.3, 0.4, methods=methods)[1].endswith(words)
