"""From a method's name and parameters to an estimator."""

from __future__ import annotations

from collections.abc import Sequence

from hedgerow.errors import InputError
from hedgerow.market.numbers import counted
from hedgerow.ratios import METHODS, RatioEstimator
from hedgerow.study.models import Method, RatioStudy

PARAMETERS: dict[str, dict[str, str]] = {
    "naive": {},
    "fixed": {"ratio": "ratio"},
    "ols": {"window": "window", "errors": "errors"},
    "rolling": {"window": "window", "errors": "errors"},
    "expanding": {"errors": "errors"},
    "ewma": {"decay": "decay", "halflife": "halflife"},
    "total_least_squares": {},
    "huber": {},
    "theil_sen": {},
    "error_correction": {"lags": "lags"},
}
"""Keys of a study that each method takes, and the estimator's parameter each becomes."""


def build_methods(study: RatioStudy) -> dict[str, RatioEstimator]:
    """Return the study's estimators by label; a method named twice is told apart by its parameters.

    Raises
    ------
    InputError
        Where a method is given a parameter it does not have, or two are the same.
    """
    named = [(method, build_method(method, study)) for method in study.methods]
    names = [method.name for method, _ in named]
    built: dict[str, RatioEstimator] = {}
    for method, estimator in named:
        label = method.name if names.count(method.name) == 1 else _label(method)
        if label in built:
            raise InputError(f"method {label} is named twice; name each once, or give them different parameters")
        built[label] = estimator
    return built


def build_method(method: Method, study: RatioStudy) -> RatioEstimator:
    """Return the estimator of one method; the study's window serves ``rolling`` where it has none of its own."""
    given = method.model_dump(exclude={"name"}, exclude_none=True)
    for key in given:
        if key not in PARAMETERS[method.name]:
            takes = ", ".join(PARAMETERS[method.name]) or "no parameters"
            raise InputError(f"method {method.name} has no {key}; it takes {takes}")
    if method.name == "rolling":
        given.setdefault("window", study.window)
    if method.name == "fixed":
        given["ratio"] = _fixed_ratio(method.ratio, len(study.hedges))
    parameters = {PARAMETERS[method.name][key]: value for key, value in given.items()}
    estimator: RatioEstimator = METHODS[method.name](**parameters)
    return estimator


def _fixed_ratio(ratio: Sequence[float] | None, n_hedges: int) -> tuple[float, ...]:
    if ratio is None:
        raise InputError("the method fixed needs its ratio; give --ratio (ratio: in a study), one per hedge")
    if len(ratio) != n_hedges:
        given, needed = counted(len(ratio), "ratio"), counted(n_hedges, "hedge")
        raise InputError(f"the method fixed has {given} for {needed}; give one per hedge")
    return tuple(ratio)


def _label(method: Method) -> str:
    given = method.model_dump(exclude={"name"}, exclude_none=True)
    return method.name + (" " + " ".join(f"{key}={value}" for key, value in given.items()) if given else "")
