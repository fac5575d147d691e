"""Rules, triggers and shapes in words."""

from __future__ import annotations

import pytest

from hedgerow.overlays import (
    RULES,
    Complement,
    CrashIntensity,
    DrawdownCrossed,
    DrawdownTriggered,
    EveryDays,
    FilteredCrashIntensity,
    FittedCrashIntensity,
    Monthly,
    OverlayRule,
    Percentile,
    RealisedVolatility,
    RelativeMove,
    Shape,
    Sigmoid,
    Signals,
    SmoothedSignal,
    Static,
    Steps,
    TermStructure,
    VixLinear,
    rule_by_name,
    rule_in_words,
    shape_in_words,
    trigger_in_words,
)

CRASH = "chance of a crash tomorrow over its long-run mean, "


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Static(0.5), "0.5 on every date"),
        (VixLinear(12, 8, cap=2.0), "(VIX - 12) / 8, at least 0, at most 2"),
        (RealisedVolatility(0.15, 20), "realised volatility of the last 20 returns over 15%"),
        (Steps((20.0,), (0.0, 1.0)), "by the VIX: 0 up to 20, 1 above 20"),
        (DrawdownTriggered(0.05, 10.0), "1 + 10 x the drawdown beyond 5%"),
        (Sigmoid(), "1 / (1 + exp(-0.2 (VIX - 20)))"),
        (Percentile(VixLinear(50, 50)), "(percentile of the VIX among its last 252 values - 50) / 50, at least 0"),
        (SmoothedSignal(Steps((20.0,), (0, 1)), 5), "by the mean of the VIX over 5 dates: 0 up to 20, 1 above 20"),
        (Complement(TermStructure()), "1 less [share of the near hedge r / (1 + r), r = short price over long price]"),
        (VixLinear() * Sigmoid() + 1.0, "[(VIX - 10) / 15, at least 0] times [1 / (1 + exp(-0.2 (VIX - 20)))] plus 1"),
        (CrashIntensity(), CRASH + "the VIX above 25 being the high state"),
        (FilteredCrashIntensity(), CRASH + "from two given states of the VIX"),
        (FittedCrashIntensity(), CRASH + "from two states fitted yearly to the last 1,512 values of the VIX"),
        (FittedCrashIntensity(refit_every=63, window=None), CRASH + "from two states fitted every 63 dates to all "
         "earlier values of the VIX"),
    ],
)  # fmt: skip
def test_rule_in_words_is_what_it_does(rule: OverlayRule, said: str) -> None:
    assert rule_in_words(rule) == said


def test_every_rule_of_the_library_is_said_without_its_code() -> None:
    for name in RULES:
        rule = rule_by_name(name)
        said = rule_in_words(rule)
        assert type(rule).__name__ not in said
        assert "=" not in said.replace("r = ", "")


def test_rule_of_your_own_is_said_by_its_code() -> None:
    class Mine(OverlayRule):
        needs = ()

        def multiplier(self, signals: Signals) -> object:  # type: ignore[override]
            raise NotImplementedError

        def __repr__(self) -> str:
            return "Mine()"

    assert rule_in_words(2.0 * Mine()) == "2 times [Mine()]"


def test_triggers_and_shapes_are_said_in_the_order_in_which_they_act() -> None:
    assert shape_in_words(Shape()) == "none"
    due = (RelativeMove(0.15), Monthly(), EveryDays(7), DrawdownCrossed(0.05))
    assert [trigger_in_words(each) for each in due] == [
        "a move of the VIX by more than 15%",
        "the end of the month",
        "7 days from the last rebalance",
        "a drawdown that passes 5%",
    ]
    said = shape_in_words(Shape(smooth=3, floor=0.0, cap=2.0, budget=0.005, threshold=due[1:2]))
    assert said == (
        "mean of the last 3 dates; at least 0; at most 2; changed at the end of the month; "
        "at most 0.5% of the portfolio a calendar year spent"
    )
