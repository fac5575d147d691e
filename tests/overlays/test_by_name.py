"""Rules by name: keys, text as a command gives it, forms, constituents, refusals with the nearest name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hedgerow.errors import InputError
from hedgerow.overlays import (
    RULES,
    CorrelationAdjusted,
    CrashIntensity,
    DrawdownTriggered,
    FittedCrashIntensity,
    Percentile,
    PutCount,
    RealisedVolatility,
    Sigmoid,
    SmoothedSignal,
    Static,
    Steps,
    TermStructure,
    VixLinear,
    rule_by_name,
    rule_keys,
)

FITTED_TO_ALL = FittedCrashIntensity(refit_every=252, window=None)
SOURCE = Path(__file__).resolve().parents[2] / "src"


@pytest.mark.parametrize(
    ("name", "keys", "expected"),
    [
        ("static", {"level": "0.4"}, Static(0.4)),
        ("vix_linear", {"low": "10", "width": "15", "cap": "2"}, VixLinear(10, 15, 2)),
        ("vix_linear", {"cap": "None"}, VixLinear()),
        ("realised_volatility", {"target": "0.15", "window": "20"}, RealisedVolatility(0.15, 20)),
        ("steps", {"thresholds": "15,25", "levels": "0, 0.5, 1"}, Steps((15, 25), (0, 0.5, 1))),
        ("steps", {"thresholds": "20", "levels": "0,1"}, Steps.on_off()),
        ("steps", {"thresholds": 20, "levels": [0, 1]}, Steps.on_off()),
        ("term_structure", {"short": "m1", "long": "m3", "power": "2"}, TermStructure("m1", "m3", 2)),
        ("correlation", {"normal": "0.4", "window": "60"}, CorrelationAdjusted(0.4, 60)),
        ("correlation", {"constituents": "a, b"}, CorrelationAdjusted(constituents=("a", "b"))),
        ("drawdown", {"start": "0.05", "alpha": "0.5"}, DrawdownTriggered(0.05, 0.5)),
        ("sigmoid", {"midpoint": "20", "steepness": "0.2"}, Sigmoid()),
        ("crash_intensity", {"p_low_high": "0.05", "p_high_low": "0.15"}, CrashIntensity()),
        (
            "put_count",
            {"portfolio_delta": "mine", "put_delta": "-0.25", "multiplier": "50"},
            PutCount("mine", -0.25, 50),
        ),
        ("fitted_crash_intensity", {"minimum_rows": "750"}, FittedCrashIntensity(minimum_rows=750)),
        ("fitted_crash_intensity", {"refit_every": "252", "window": "none"}, FITTED_TO_ALL),
        ("fitted_crash_intensity", {"refit_every": "monthly"}, FittedCrashIntensity(refit_every="monthly")),
        ("vix_linear", {"low": 50, "width": 50, "percentile": "126"}, Percentile(VixLinear(50, 50), 126)),
        ("drawdown", {"smooth_signal": 3}, SmoothedSignal(DrawdownTriggered(), 3, "price")),
        ("sigmoid", {"smooth_signal": 3, "percentile": 90}, SmoothedSignal(Percentile(Sigmoid(), 90), 3)),
    ],
)
def test_rule_by_name_text_and_values_make_the_rule(name, keys, expected) -> None:
    rule = rule_by_name(name, **keys)
    assert rule == expected
    assert type(rule) is type(expected)


def test_rules_load_nothing_heavy_before_one_is_fitted() -> None:
    heavy = "[each for each in ('scipy', 'sklearn', 'numba', 'statsmodels', 'arch') if each in sys.modules]"
    run = subprocess.run(
        [sys.executable, "-c", f"import sys, hedgerow.overlays; print({heavy})"],
        check=True, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(SOURCE)},
    )  # fmt: skip
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("name", RULES)
def test_rule_by_name_without_keys_is_the_default_rule(name) -> None:
    assert rule_by_name(name) == RULES[name]()


def test_rule_keys_are_those_of_the_command() -> None:
    assert rule_keys("vix_linear") == ("low", "width", "cap")
    assert rule_keys("realised_volatility")[:2] == ("target", "window")
    assert rule_keys("steps")[:2] == ("thresholds", "levels")
    assert rule_keys("term_structure")[:2] == ("short", "long")
    assert rule_keys("correlation")[:2] == ("normal", "window")
    assert rule_keys("drawdown")[:2] == ("start", "alpha")
    assert rule_keys("sigmoid")[:2] == ("midpoint", "steepness")
    assert rule_keys("crash_intensity")[:2] == ("p_low_high", "p_high_low")
    assert rule_keys("put_count") == ("portfolio_delta", "put_delta", "multiplier", "hedged_fraction")


def test_rule_by_name_correlation_takes_the_signals_at_hand_as_constituents() -> None:
    at_hand = ("vix", "price", "banks", "energy")
    assert rule_by_name("correlation", signals=at_hand).needs == ("banks", "energy")
    assert rule_by_name("correlation", signals=(*at_hand, "correlation")).needs == ("correlation",)
    assert rule_by_name("correlation", signals=("vix", "price")).needs == ("correlation",)
    assert rule_by_name("correlation", signals=at_hand, constituents="energy,price").needs == ("energy", "price")
    with pytest.raises(InputError, match="only 'banks' is named; name more, or give the signal 'correlation'"):
        rule_by_name("correlation", signals=("vix", "price", "banks"))


@pytest.mark.parametrize(
    ("name", "keys", "sentence"),
    [
        ("vix_liner", {}, "'vix_liner' is no overlay rule; did you mean 'vix_linear'"),
        ("qqq", {}, "'qqq' is no overlay rule; there are static, vix_linear"),
        (
            "vix_linear",
            {"witdh": 15},
            r"has no key 'witdh'; did you mean 'width'\? it takes low, width, cap, percentile",
        ),
        ("vix_linear", {"low": "ten"}, "low of the rule 'vix_linear' must be a number, not 'ten'"),
        ("steps", {"thresholds": "15;25"}, "thresholds of the rule 'steps' must be a number, not '15;25'"),
        ("steps", {"thresholds": "25,15"}, "thresholds of Steps must ascend; 15 follows 25"),
        ("steps", {"levels": "0,1"}, "one level more than thresholds, 3 for 2, and has 2"),
        ("realised_volatility", {"window": "20.5"}, "window of the rule 'realised_volatility' must be a whole number"),
        ("realised_volatility", {"target": "0"}, r"target of RealisedVolatility must be a number, above 0.*not 0\.0"),
        ("term_structure", {"percentile": 252}, "'term_structure' reads short, long: leave them out"),
        ("static", {"smooth_signal": 2}, "'static' reads none"),
        ("sigmoid", {"percentile": "year"}, "percentile of the rule 'sigmoid' must be a whole number, not 'year'"),
        ("steps", {"thresholds": None}, "thresholds of the rule 'steps' must be a list, not None"),
    ],
)
def test_rule_by_name_what_is_none_refused_by_a_sentence(name, keys, sentence) -> None:
    with pytest.raises(InputError, match=sentence):
        rule_by_name(name, **keys)
