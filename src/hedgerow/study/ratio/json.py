"""The ratio study as plain values: what ``--json`` prints. Undefined is None, never NaN."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import TYPE_CHECKING

from hedgerow.compare.walk_forward import without_events
from hedgerow.study.ratio.basis import basis_of, split_of

if TYPE_CHECKING:
    import pandas as pd

    from hedgerow.study.ratio.run import MethodResult, RatioOutcome

OUT_OF_SAMPLE = (
    "variance_reduction",
    "low",
    "high",
    "semivariance_reduction",
    "cvar_reduction",
    "max_drawdown_reduction",
    "turnover",
    "cost",
)
INTERVALS = ("semivariance_reduction", "value_at_risk_reduction", "cvar_reduction", "max_drawdown_reduction")


def number(value: float | None) -> float | None:
    """Return a float, or None where the value is missing, infinite or not a number."""
    return None if value is None or not isfinite(value) else float(value)


def numbers(values: Iterable[float] | None) -> list[float | None] | None:
    """Return a list of floats with None for what is undefined; None stays None."""
    return None if values is None else [number(float(value)) for value in values]


def outcome_to_dict(outcome: RatioOutcome) -> dict[str, object]:
    """Return the result of a ratio study as JSON values; the keys are described in the docs."""
    times = outcome.data.history.times
    words = outcome.study.walk_forward
    comparison = outcome.comparison
    first = None if comparison is None else str(comparison.times[0].date())
    return {
        "data": {
            "rows": outcome.data.rows,
            "first": str(times[0].date()),
            "last": str(times[-1].date()),
            "dropped": outcome.data.dropped,
            "unmatched": outcome.data.unmatched,
            "exposure": outcome.data.exposure,
            "hedges": list(outcome.data.hedges),
            "changes": outcome.study.changes,
            "every": outcome.study.data.every,
            "horizon": outcome.study.horizon,
        },
        "walk_forward": {
            "first_judged": first,
            "refit": words.refit,
            "between": words.between,
            "lag": words.lag,
            "seed": outcome.study.judging.seed,
            "rounding": outcome.study.trading.rounding,
            "whole_contracts": outcome.study.trading.whole_contracts,
        },
        "warnings": list(outcome.warnings),
        "methods": [method_to_dict(outcome, method) for method in outcome.methods],
        "uncertainty": _uncertainty(outcome),
        "with_events": _with_events(outcome),
        "lags": _lags(outcome),
        "basis": basis_of(outcome),
        "split": split_of(outcome),
        "advice": list(outcome.advice),
        "verdict": outcome.verdict,
    }


def _lags(outcome: RatioOutcome) -> dict[str, object] | None:
    """Return the lags asked for and each method's variance reduction at them, in that order."""
    table = outcome.lags
    if table is None:
        return None
    rows = {str(name): numbers(table.loc[name]) for name in table.index}
    return {"lag": [int(lag) for lag in table.columns], "variance_reduction": rows}


def method_to_dict(outcome: RatioOutcome, method: MethodResult) -> dict[str, object]:
    """Return one method's figures as JSON values."""
    fitted, sizings = method.estimator, method.sizings
    held = [hedge.held for hedge in outcome.study.hedges]
    return {
        "method": method.name,
        "hedge_ratio": numbers(fitted.hedge_ratio_),
        "standard_error": numbers(fitted.standard_error_),
        "r_squared": number(fitted.r_squared_),
        "n_obs": int(fitted.n_obs_),
        "contracts": None if sizings is None else numbers(sizing.exact for sizing in sizings),
        "whole_contracts": None if sizings is None else numbers(sizing.whole for sizing in sizings),
        "held": held,
        "trade": None
        if sizings is None
        else numbers(sizing.trade_from(now) for sizing, now in zip(sizings, held, strict=True)),
        "residual_exposure": number(method.residual_exposure),
        "out_of_sample": _out_of_sample(method.out_of_sample),
    }


def _uncertainty(outcome: RatioOutcome) -> list[dict[str, object]]:
    """Return a row per method and hedge: interval of the ratio and of contracts, and what one error costs."""
    rows = outcome.uncertainty.reset_index().to_dict(orient="records")
    return [
        {str(key): value if isinstance(value, str) else number(float(value)) for key, value in row.items()}
        for row in rows
    ]


def _with_events(outcome: RatioOutcome) -> dict[str, object] | None:
    """Return out-of-sample figures of each method multiplied by its events; None where the study has no events."""
    if outcome.comparison is None or outcome.study.walk_forward.events is None:
        return None
    rows = outcome.comparison.table.T
    names = [str(name) for name in rows.columns if without_events(str(name)) != name]
    return {without_events(name): _out_of_sample(rows[name]) for name in names}


def _out_of_sample(row: pd.Series | None) -> dict[str, object] | None:
    if row is None:
        return None
    figures: dict[str, object] = {name: number(float(row[name])) for name in OUT_OF_SAMPLE}
    figures["n_obs"] = int(row["n_obs"])
    figures["value_at_risk_reduction"] = number(float(row["value_at_risk_reduction"]))
    figures["intervals"] = {name: numbers((row[f"{name}_low"], row[f"{name}_high"])) for name in INTERVALS}
    return figures
