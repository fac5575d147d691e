"""Rules that turn signals into the size of a hedge, and the shaping that follows: the third brain."""

from __future__ import annotations

from hedgerow.overlays.base import OverlayRule, Static
from hedgerow.overlays.by_name import RULES, rule_by_name, rule_keys
from hedgerow.overlays.complement import Complement
from hedgerow.overlays.correlation_adjusted import CorrelationAdjusted
from hedgerow.overlays.crash_intensity import CrashIntensity
from hedgerow.overlays.drawdown_triggered import DrawdownTriggered
from hedgerow.overlays.filtered_crash_intensity import FilteredCrashIntensity
from hedgerow.overlays.fitted_crash_intensity import FittedCrashIntensity
from hedgerow.overlays.in_words import rule_in_words, shape_in_words, trigger_in_words
from hedgerow.overlays.optimal_intensity import HedgeTradeOff, optimal_intensity
from hedgerow.overlays.put_count import PutCount
from hedgerow.overlays.realised_volatility import RealisedVolatility
from hedgerow.overlays.regime_model import RegimeModel
from hedgerow.overlays.shape import STAGES, Shape
from hedgerow.overlays.shape_words import shape_from_text, triggers_from_text
from hedgerow.overlays.shaping import ShapedGrid, ShapedPath, shape_many, shaped, shaped_multiplier
from hedgerow.overlays.sigmoid import Sigmoid
from hedgerow.overlays.signal_forms import Percentile, SmoothedSignal
from hedgerow.overlays.signals import Signals
from hedgerow.overlays.steps import Steps
from hedgerow.overlays.term_structure import TermStructure
from hedgerow.overlays.triggers import DrawdownCrossed, EveryDays, Monthly, RelativeMove, SignalMove, Trigger, Weekly
from hedgerow.overlays.two_states import CountedTransitions, TwoStateChain, counted_transitions
from hedgerow.overlays.vix_linear import VixLinear

__all__ = [
    "Complement",
    "CorrelationAdjusted",
    "CountedTransitions",
    "CrashIntensity",
    "DrawdownCrossed",
    "DrawdownTriggered",
    "EveryDays",
    "FilteredCrashIntensity",
    "FittedCrashIntensity",
    "HedgeTradeOff",
    "Monthly",
    "OverlayRule",
    "Percentile",
    "PutCount",
    "RULES",
    "RealisedVolatility",
    "RegimeModel",
    "RelativeMove",
    "STAGES",
    "Shape",
    "ShapedGrid",
    "ShapedPath",
    "Sigmoid",
    "SignalMove",
    "Signals",
    "SmoothedSignal",
    "Static",
    "Steps",
    "TermStructure",
    "Trigger",
    "TwoStateChain",
    "VixLinear",
    "Weekly",
    "counted_transitions",
    "optimal_intensity",
    "rule_by_name",
    "rule_in_words",
    "rule_keys",
    "shape_from_text",
    "shape_in_words",
    "shape_many",
    "shaped",
    "shaped_multiplier",
    "trigger_in_words",
    "triggers_from_text",
]
