"""Overlay rules by the names that study files and commands use.

>>> rule_by_name("steps", thresholds="15,25", levels="0,0.5,1")
Steps(thresholds=(15.0, 25.0), levels=(0.0, 0.5, 1.0), signal='vix')
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, get_type_hints

from hedgerow.errors import InputError, did_you_mean
from hedgerow.overlays.base import OverlayRule, Static
from hedgerow.overlays.correlation_adjusted import GIVEN, CorrelationAdjusted, constituents_of
from hedgerow.overlays.crash_intensity import CrashIntensity
from hedgerow.overlays.drawdown_triggered import DrawdownTriggered
from hedgerow.overlays.filtered_crash_intensity import FilteredCrashIntensity
from hedgerow.overlays.fitted_crash_intensity import FittedCrashIntensity
from hedgerow.overlays.put_count import PutCount
from hedgerow.overlays.realised_volatility import RealisedVolatility
from hedgerow.overlays.sigmoid import Sigmoid
from hedgerow.overlays.signal_forms import Percentile, SmoothedSignal
from hedgerow.overlays.steps import Steps
from hedgerow.overlays.term_structure import TermStructure
from hedgerow.overlays.vix_linear import VixLinear

RULES: Mapping[str, type[OverlayRule]] = MappingProxyType(
    {
        "static": Static,
        "vix_linear": VixLinear,
        "realised_volatility": RealisedVolatility,
        "steps": Steps,
        "term_structure": TermStructure,
        "correlation": CorrelationAdjusted,
        "drawdown": DrawdownTriggered,
        "put_count": PutCount,
        "sigmoid": Sigmoid,
        "crash_intensity": CrashIntensity,
        "filtered_crash_intensity": FilteredCrashIntensity,
        "fitted_crash_intensity": FittedCrashIntensity,
    }
)
"""Class of every rule by its name."""

FORMS = ("percentile", "smooth_signal")
"""Keys of every rule that reads one signal: its percentile over so many dates, the mean of its last so many."""

_FIELDS: Mapping[str, Mapping[str, str]] = {"put_count": {"multiplier": "contract_multiplier"}}


def rule_keys(name: str) -> tuple[str, ...]:
    """Return the keys of a rule, in order; :data:`FORMS` come on top of them.

    Parameters
    ----------
    name : str
        A key of :data:`RULES`.

    Returns
    -------
    tuple of str

    Raises
    ------
    InputError
        For a name that is none.

    Examples
    --------
    >>> rule_keys("crash_intensity")
    ('p_low_high', 'p_high_low', 'high_above', 'signal')
    """
    return tuple(rule_arguments(name))


def rule_arguments(name: str) -> dict[str, tuple[inspect.Parameter, Any]]:
    """Return what a rule takes, and of which type, by the key that names it; InputError for a name that is none."""
    written, kind = {field: key for key, field in _FIELDS.get(name, {}).items()}, _class_of(name)
    arguments, hints = inspect.signature(kind).parameters, get_type_hints(kind)
    return {written.get(field, field): (each, hints.get(field, Any)) for field, each in arguments.items()}


def rule_by_name(name: str, /, *, signals: Iterable[str] = (), **keys: Any) -> OverlayRule:
    """Return the rule of a name with its keys.

    Parameters
    ----------
    name : str
        A key of :data:`RULES`.
    signals : iterable of str
        Names of the signals at hand. ``correlation`` without constituents takes all of them but the volatility index,
        the price and futures, unless the correlation itself is one.
    **keys
        What the class takes, as values or as text: ``"15,25"`` is a list, ``"none"`` is None. ``percentile=252`` and
        ``smooth_signal=5`` wrap the rule in :class:`Percentile` and :class:`SmoothedSignal` (smoothed first).

    Returns
    -------
    OverlayRule

    Raises
    ------
    InputError
        For a name that is none, a key that the rule does not have, or a value that it refuses.

    Examples
    --------
    >>> rule_by_name("vix_linear", low="12", width="8", cap="none")
    VixLinear(low=12.0, width=8.0)
    """
    kind, known = _class_of(name), rule_keys(name)
    for key in keys:
        if key not in known and key not in FORMS:
            hint = did_you_mean(key, (*known, *FORMS)) or ";"
            raise InputError(f"the rule {name!r} has no key {key!r}{hint} it takes {', '.join((*known, *FORMS))}")
    fields = _FIELDS.get(name, {})
    parameters = inspect.signature(kind).parameters
    values = {}
    for key in (key for key in keys if key not in FORMS):
        field = fields.get(key, key)
        values[field] = _read(name, key, keys[key], str(parameters[field].annotation))
    rule = kind(**values)
    if isinstance(rule, CorrelationAdjusted) and not rule.constituents and GIVEN not in (at_hand := tuple(signals)):
        rule = replace(rule, constituents=constituents_of(at_hand))
    return _in_form(name, rule, keys)


def _in_form(name: str, rule: OverlayRule, keys: Mapping[str, Any]) -> OverlayRule:
    if not any(key in keys for key in FORMS):
        return rule
    if len(rule.needs) != 1:
        reads = ", ".join(rule.needs) or "none"
        raise InputError(
            f"percentile and smooth_signal are for rules that read one signal; {name!r} reads {reads}: leave them out"
        )
    (signal,) = rule.needs
    if "percentile" in keys:
        rule = Percentile(rule, _read(name, "percentile", keys["percentile"], "int"), signal)
    if "smooth_signal" in keys:
        rule = SmoothedSignal(rule, _read(name, "smooth_signal", keys["smooth_signal"], "int"), signal)
    return rule


def _read(name: str, key: str, value: Any, kind: str) -> Any:
    """Return the value of a key, text turned into what the annotation of its field says."""
    if kind.startswith("tuple"):
        return _listed(name, key, value, kind)
    if not isinstance(value, str):
        return value
    text = value.strip()
    if "None" in kind and text.lower() in ("none", "null", ""):
        return None
    if kind.startswith("int") and ("Literal" not in kind or text.isdigit()):
        return _whole(name, key, text)
    if "float" not in kind:
        return text
    try:
        return float(text)
    except ValueError:
        if "str" in kind:
            return text
        raise InputError(
            f"{key} of the rule {name!r} must be a number, not {value!r}; write it with a decimal point and "
            "without a per cent sign"
        ) from None


def _listed(name: str, key: str, value: Any, kind: str) -> Any:
    if isinstance(value, str):
        if ";" in value:
            raise InputError(
                f"{key} of the rule {name!r} must be a number, not {value!r}, or several with commas between"
            )
        value = [part.strip() for part in value.split(",")]
    elif isinstance(value, int | float):
        value = [value]
    elif not isinstance(value, Iterable):
        raise InputError(f"{key} of the rule {name!r} must be a list, not {value!r}")
    inner = "float" if "float" in kind else "str"
    return tuple(_read(name, key, part, inner) for part in value)


def _whole(name: str, key: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise InputError(f"{key} of the rule {name!r} must be a whole number, not {text!r}") from None


def _class_of(name: str) -> type[OverlayRule]:
    if name not in RULES:
        hint = did_you_mean(str(name), RULES) or ";"
        raise InputError(f"{name!r} is no overlay rule{hint} there are {', '.join(RULES)}")
    return RULES[name]
