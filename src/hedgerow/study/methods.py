"""From a method's name and parameters to an estimator."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hedgerow.compare.judging.options import Judging, exposure_level
from hedgerow.engine import LinearMarket
from hedgerow.errors import InputError
from hedgerow.market.numbers import counted
from hedgerow.ratios import METHODS, CostAware, RatioEstimator
from hedgerow.ratios.objective import ObjectiveEstimator
from hedgerow.study.method_choice import Method
from hedgerow.study.models import RatioStudy
from hedgerow.study.stress.words import StressStudy
from hedgerow.units import from_basis_points

_COVARIANCE = {"distribution": "distribution", "mean": "mean", "minimum_rows": "minimum_rows"}
_OBJECTIVE = {"bounds": "bounds", "window": "window"}
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
    "error_correction": {"lags": "lags", "garch": "garch"},
    "vecm": {"lags": "lags", "rank": "rank", "minimum_rows": "minimum_rows"},
    "ccc": _COVARIANCE | {"margins": "margins"},
    "dcc": _COVARIANCE | {"margins": "margins"},
    "adcc": _COVARIANCE | {"margins": "margins"},
    "bekk": _COVARIANCE | {"form": "form"},
    "kalman": {"dynamics": "ratio", "minimum_rows": "minimum_rows"},
    "markov_switching": {"regimes": "regimes", "minimum_rows": "minimum_rows"},
    "minimum_cvar": _OBJECTIVE | {"level": "level"},
    "minimum_value_at_risk": _OBJECTIVE | {"level": "level"},
    "minimum_lpm": _OBJECTIVE | {"order": "order", "target": "target"},
    "quadratic_utility": _OBJECTIVE | {"risk_aversion": "risk_aversion", "carry": "expected_carry"},
}
"""Keys of a study that each method takes, and the estimator's parameter each becomes."""


def build_methods(study: RatioStudy, market: LinearMarket, first: int) -> dict[str, RatioEstimator]:
    """Return the study's estimators by label; a method named twice is told apart by its parameters.

    A cost-aware method counts what a trade costs at the prices of row ``first``, the last known before any judged row.

    Raises
    ------
    InputError
        Where a method is given a parameter it does not have, or two are the same.
    """
    named = [(method, _wrapped(build_method(method, study), method, study, market, first)) for method in study.methods]
    names = [_plain_label(method) for method, _ in named]
    built: dict[str, RatioEstimator] = {}
    for method, estimator in named:
        label = _plain_label(method) if names.count(_plain_label(method)) == 1 else _label(method)
        if label in built:
            raise InputError(f"method {label} is named twice; name each once, or give them different parameters")
        built[label] = estimator
    return built


def build_method(method: Method, study: RatioStudy | StressStudy) -> RatioEstimator:
    """Return the estimator of one method; the study's window serves ``rolling`` where it has none of its own."""
    given = method.model_dump(exclude={"name", "cost_aware"}, exclude_none=True)
    for key in given:
        if key not in PARAMETERS[method.name]:
            takes = ", ".join(PARAMETERS[method.name]) or "no parameters"
            raise InputError(f"method {method.name} has no {key}; it takes {takes}")
    if method.name == "rolling":
        given.setdefault("window", study.window)
    if method.name == "fixed":
        given["ratio"] = _fixed_ratio(method.ratio, len(study.hedges))
    parameters = {PARAMETERS[method.name][key]: value for key, value in given.items()}
    if issubclass(METHODS[method.name], ObjectiveEstimator) and (study.exposure.quantity or 0.0) < 0.0:
        parameters["side"] = "short"
    estimator: RatioEstimator = METHODS[method.name](**parameters)
    return estimator


def _wrapped(
    estimator: RatioEstimator, method: Method, study: RatioStudy, market: LinearMarket, first: int
) -> RatioEstimator:
    """Return the method itself, or with a no-trade region from what its hedges cost and what risk is worth."""
    words = method.cost_aware
    if words is None:
        return estimator
    judging = Judging(words.risk_aversion, words.relative_risk_aversion)
    aversion = judging.unit_risk_aversion(market.quantity, exposure_level(market, first))
    spread = np.array([from_basis_points(hedge.half_spread_bps) for hedge in study.hedges])
    commission = np.array([hedge.commission for hedge in study.hedges])
    per_unit = 0.0 if market.contracts_per_unit is None else np.abs(market.contracts_per_unit[first])
    cost = spread * np.abs(market.hedge_prices[first]) + commission * per_unit
    return CostAware(estimator, cost, aversion, horizon=words.horizon, safety=words.safety)


def _fixed_ratio(ratio: Sequence[float] | None, n_hedges: int) -> tuple[float, ...]:
    if ratio is None:
        raise InputError("the method fixed needs its ratio; give --ratio (ratio: in a study), one per hedge")
    if len(ratio) != n_hedges:
        given, needed = counted(len(ratio), "ratio"), counted(n_hedges, "hedge")
        raise InputError(f"the method fixed has {given} for {needed}; give one per hedge")
    return tuple(ratio)


def _plain_label(method: Method) -> str:
    return method.name if method.cost_aware is None else f"cost_aware({method.name})"


def _label(method: Method) -> str:
    given = method.model_dump(exclude={"name", "cost_aware"}, exclude_none=True)
    if method.cost_aware is not None:
        given |= method.cost_aware.model_dump(exclude_defaults=True)
    plain = _plain_label(method)
    return plain + (" " + " ".join(f"{key}={value}" for key, value in given.items()) if given else "")
