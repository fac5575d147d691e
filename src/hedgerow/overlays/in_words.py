"""Rules, triggers and shapes as a person says them; their ``repr`` is the code that makes them.

>>> from hedgerow.overlays import Percentile, Steps, VixLinear, Weekly
>>> rule_in_words(0.5 * VixLinear(10, 15))
'0.5 times [(VIX - 10) / 15, at least 0]'
>>> rule_in_words(Percentile(Steps((50, 90), (0, 0.5, 1)), 252))
'by the percentile of the VIX among its last 252 values: 0 up to 50, 0.5 above 50, 1 above 90'
>>> trigger_in_words(Weekly())
'the end of the week'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hedgerow.overlays.base import OverlayRule, Product, Static, Sum
from hedgerow.overlays.complement import Complement
from hedgerow.overlays.correlation_adjusted import CorrelationAdjusted
from hedgerow.overlays.crash_intensity import CrashIntensity
from hedgerow.overlays.drawdown_triggered import DrawdownTriggered
from hedgerow.overlays.filtered_crash_intensity import FilteredCrashIntensity
from hedgerow.overlays.fitted_crash_intensity import FittedCrashIntensity
from hedgerow.overlays.put_count import PutCount
from hedgerow.overlays.realised_volatility import RealisedVolatility
from hedgerow.overlays.shape import Shape
from hedgerow.overlays.sigmoid import Sigmoid
from hedgerow.overlays.signal_forms import Percentile, SmoothedSignal
from hedgerow.overlays.steps import Steps
from hedgerow.overlays.term_structure import TermStructure
from hedgerow.overlays.triggers import DrawdownCrossed, EveryDays, Monthly, RelativeMove, SignalMove, Trigger, Weekly
from hedgerow.overlays.vix_linear import VixLinear

Names = Mapping[str, str]
"""What a signal is called inside a percentile or a mean of it."""
CRASH = "chance of a crash tomorrow over its long-run mean, "


def rule_in_words(rule: OverlayRule) -> str:
    """Return what a rule makes of its signals, in words; a rule of your own as its ``repr``."""
    return _rule(rule, {})


def trigger_in_words(trigger: Trigger) -> str:
    """Return when a trigger is due, as the end of "changed after ..."; one of your own as its ``repr``."""
    words = TRIGGERS.get(type(trigger))
    return repr(trigger) if words is None else words(trigger)


def shape_in_words(shape: Shape) -> str:
    """Return the stages that a shape has on, in words and in their order; ``none`` where all are off.

    Examples
    --------
    >>> shape_in_words(Shape(persist=2, cap=2.0, threshold=(SignalMove(3.0), Weekly())))
    'followed once 2 closes agree; at most 2; changed at a move of the VIX by more than 3 points or the end of the week'
    """
    stages = (
        (shape.smooth > 1, f"mean of the last {shape.smooth} dates"),
        (shape.persist > 1, f"followed once {shape.persist} closes agree"),
        (shape.floor is not None, f"at least {shape.floor or 0:g}"),
        (shape.cap is not None, f"at most {shape.cap or 0:g}"),
        (bool(shape.threshold), f"changed at {' or '.join(map(trigger_in_words, shape.threshold))}"),
        (shape.budget is not None, f"at most {_share(shape.budget or 0.0)} of the portfolio a calendar year spent"),
    )
    return "; ".join(words for is_on, words in stages if is_on) or "none"


def _rule(rule: OverlayRule, names: Names) -> str:
    words = RULES_SAID.get(type(rule))
    return repr(rule) if words is None else words(rule, names)


def _signal(name: str, names: Names) -> str:
    return names.get(name, f"the {name.upper()}" if name == "vix" else name)


def _bare(name: str, names: Names) -> str:
    return _signal(name, names).removeprefix("the ")


def _share(value: float) -> str:
    return f"{100.0 * value:.4g}%"


def _part(rule: OverlayRule, names: Names) -> str:
    return f"{rule.level:g}" if isinstance(rule, Static) else f"[{_rule(rule, names)}]"


def _sum(rule: Sum, names: Names) -> str:
    sides = (rule.left, rule.right)
    return " plus ".join(_rule(side, names) if isinstance(side, Product) else _part(side, names) for side in sides)


def _linear(rule: VixLinear, names: Names) -> str:
    cap = "" if rule.cap is None else f", at most {rule.cap:g}"
    return f"({_bare('vix', names)} - {rule.low:g}) / {rule.width:g}, at least 0{cap}"


def _steps(rule: Steps, names: Names) -> str:
    above = (f"{level:g} above {at:g}" for at, level in zip(rule.thresholds, rule.levels[1:], strict=True))
    lowest = f"{rule.levels[0]:g} up to {rule.thresholds[0]:g}"
    return f"by {_signal(rule.signal, names)}: {', '.join((lowest, *above))}"


def _term_structure(rule: TermStructure, names: Names) -> str:
    power = "" if rule.power == 1.0 else f", to the power of {rule.power:g}"
    ratio = f"{_signal(rule.short, names)} price over {_signal(rule.long, names)} price{power}"
    return f"share of the near hedge r / (1 + r), r = {ratio}"


def _fitted(rule: FittedCrashIntensity, names: Names) -> str:
    every = rule.refit_every if isinstance(rule.refit_every, str) else f"every {rule.refit_every:,} dates"
    rows = "all earlier values" if rule.window is None else f"the last {rule.window:,} values"
    return f"{CRASH}from two states fitted {every} to {rows} of {_signal(rule.signal, names)}"


def _puts(rule: PutCount, _names: Names) -> str:
    return (
        f"number of puts whose deltas offset {_share(rule.hedged_fraction)} of the portfolio's, "
        f"{rule.contract_multiplier:g} units a contract"
    )


def _percentile(rule: Percentile, names: Names) -> str:
    said = f"the percentile of {_signal(rule.signal, names)} among its last {rule.window:,} values"
    return _rule(rule.rule, {**names, rule.signal: said})


def _smoothed(rule: SmoothedSignal, names: Names) -> str:
    said = f"the mean of {_signal(rule.signal, names)} over {rule.days} dates"
    return _rule(rule.rule, {**names, rule.signal: said})


def _correlation(rule: CorrelationAdjusted, _names: Names) -> str:
    return f"mean correlation between pairs over the last {rule.window} returns, over {rule.normal:g}"


def _realised(rule: RealisedVolatility, _names: Names) -> str:
    return f"realised volatility of the last {rule.window} returns over {_share(rule.target)}"


RULES_SAID: Mapping[type, Callable[[Any, Names], str]] = {
    Static: lambda rule, names: f"{rule.level:g} on every date",
    VixLinear: _linear,
    RealisedVolatility: _realised,
    Steps: _steps,
    TermStructure: _term_structure,
    CorrelationAdjusted: _correlation,
    DrawdownTriggered: lambda rule, names: f"1 + {rule.alpha:g} x the drawdown beyond {_share(rule.start)}",
    Sigmoid: lambda rule, names: (
        f"1 / (1 + exp(-{rule.steepness:g} ({_bare(rule.signal, names)} - {rule.midpoint:g})))"
    ),
    CrashIntensity: lambda rule, names: (
        f"{CRASH}{_signal(rule.signal, names)} above {rule.high_above:g} being the high state"
    ),
    FilteredCrashIntensity: lambda rule, names: f"{CRASH}from two given states of {_signal(rule.signal, names)}",
    FittedCrashIntensity: _fitted,
    PutCount: _puts,
    Percentile: _percentile,
    SmoothedSignal: _smoothed,
    Complement: lambda rule, names: f"1 less [{_rule(rule.rule, names)}]",
    Product: lambda rule, names: f"{_part(rule.left, names)} times {_part(rule.right, names)}",
    Sum: _sum,
}
"""By kind of rule, what it says, signals being called by other names."""
TRIGGERS: Mapping[type, Callable[[Any], str]] = {
    SignalMove: lambda due: f"a move of {_signal(due.signal, {})} by more than {due.points:g} points",
    RelativeMove: lambda due: f"a move of {_signal(due.signal, {})} by more than {_share(due.share)}",
    EveryDays: lambda due: f"{due.days:g} days from the last rebalance",
    Weekly: lambda due: "the end of the week",
    Monthly: lambda due: "the end of the month",
    DrawdownCrossed: lambda due: f"a drawdown that passes {_share(due.size)}",
}
"""By kind of trigger, when it is due."""
