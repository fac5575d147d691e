"""The words of a hedge-ratio method: its name and its own parameters."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field

from hedgerow.study.strict import Strict

MethodName = Literal[
    "naive",
    "fixed",
    "ols",
    "rolling",
    "expanding",
    "ewma",
    "total_least_squares",
    "huber",
    "theil_sen",
    "error_correction",
    "vecm",
    "ccc",
    "dcc",
    "adcc",
    "bekk",
    "kalman",
    "markov_switching",
    "minimum_cvar",
    "minimum_value_at_risk",
    "minimum_lpm",
    "quadratic_utility",
]
DEFAULT_METHODS: tuple[MethodName, ...] = ("naive", "ols", "rolling", "ewma")
WRAPPED = re.compile(r"^cost_aware\(([a-z_]+)\)$")
"""How a method that trades only where it pays is written as a bare name: ``cost_aware(dcc)``."""


class CostAwareWords(Strict):
    """When a cost-aware method moves its ratio: where the variance that falls is worth more than the trade costs."""

    risk_aversion: float | None = Field(
        None,
        gt=0,
        description="Absolute, per unit of money of the whole exposure; else relative_risk_aversion / value.",
    )
    relative_risk_aversion: float = Field(4.0, gt=0, description="Of a holder whose wealth is the exposure; no unit.")
    horizon: int = Field(20, ge=1, description="Rows over which a better ratio earns back what the trade costs.")
    safety: float = Field(1.0, gt=0, description="The benefit must exceed the cost this many times.")


class Method(Strict):
    """A hedge-ratio method with its own parameters."""

    name: MethodName = Field(description="Which method; a bare name in the list stands for it with its defaults.")
    window: int | None = Field(None, ge=3, description="Rows of the rolling window; with ols, use the last rows only.")
    ratio: tuple[float, ...] | None = Field(None, description="The fixed ratio, one per hedge.")
    decay: float | None = Field(None, gt=0, lt=1, description="Lambda of ewma.")
    halflife: float | None = Field(None, gt=0, description="Half-life of ewma in rows, in place of lambda.")
    errors: Literal["hac", "classical"] | None = Field(None, description="Standard errors of ols and expanding.")
    lags: int | None = Field(None, ge=0, description="Lagged changes in error_correction and vecm.")
    rank: int | None = Field(
        None, ge=0, description="Cointegrating relations of vecm; found by Johansen's test if left."
    )
    garch: Literal["garch", "gjr"] | None = Field(None, description="GARCH errors of error_correction.")
    margins: Literal["garch", "gjr"] | None = Field(None, description="Variance of each series: ccc, dcc, adcc.")
    distribution: Literal["normal", "t"] | None = Field(None, description="Likelihood of ccc, dcc, adcc and bekk.")
    mean: Literal["zero", "constant", "error_correction"] | None = Field(
        None, description="Mean equation of ccc, dcc, adcc and bekk."
    )
    form: Literal["full", "diagonal", "scalar"] | None = Field(None, description="Matrices of bekk.")
    dynamics: Literal["random_walk", "mean_reverting"] | None = Field(None, description="How kalman's ratio moves.")
    regimes: int | None = Field(None, ge=2, le=4, description="Regimes of markov_switching.")
    level: float | None = Field(
        None, gt=0.5, lt=1, description="Level of minimum_cvar and minimum_value_at_risk, such as 0.95."
    )
    order: float | None = Field(None, ge=1, description="Order of minimum_lpm: 1 shortfall, 2 semivariance.")
    target: float | None = Field(None, description="Change below which minimum_lpm counts a loss.")
    risk_aversion: float | None = Field(None, gt=0, description="Of quadratic_utility, per unit of the change.")
    carry: tuple[float, ...] | Literal["sample"] | None = Field(
        None, description="Expected change of each hedge per row in quadratic_utility, or its mean in the sample."
    )
    bounds: tuple[float, float] | None = Field(None, description="Lowest and highest ratio of the objectives.")
    minimum_rows: int | None = Field(None, ge=1, description="Rows below which the method refuses, if not its own.")
    cost_aware: CostAwareWords | None = Field(None, description="Move the ratio only where it pays for the trade.")


def _from_name(value: Any) -> Any:
    """Return a bare name as a method with its defaults; ``cost_aware(dcc)`` as dcc that trades where it pays."""
    if not isinstance(value, str):
        return value
    wrapped = WRAPPED.match(value.replace(" ", "").replace("-", "_"))
    return {"name": wrapped[1], "cost_aware": {}} if wrapped else {"name": value}


_WrappedName = Annotated[str, Field(pattern=WRAPPED.pattern)]
MethodOrName = Annotated[Method, BeforeValidator(_from_name, json_schema_input_type=MethodName | _WrappedName | Method)]
METHOD_NAMES: tuple[str, ...] = get_args(MethodName)
