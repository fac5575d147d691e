"""The stress study as plain values: what ``--json`` prints. Undefined is None, never NaN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hedgerow.study.ratio.json import number, numbers

if TYPE_CHECKING:
    import pandas as pd

    from hedgerow.compare import LossFigures, StressResult
    from hedgerow.study.stress.margin import MarginSide
    from hedgerow.study.stress.run import StressOutcome


def stress_to_dict(outcome: StressOutcome) -> dict[str, Any]:
    """Return the result of a stress study as JSON values; losses are positive money for the whole quantity."""
    test, data = outcome.test, outcome.data
    times = data.history.times
    return {
        "data": {
            "rows": data.rows,
            "first": str(times[0].date()),
            "last": str(times[-1].date()),
            "as_of": str(test.as_of.date()),
            "dropped": data.dropped,
            "unmatched": data.unmatched,
            "exposure": data.exposure,
            "hedges": list(data.hedges),
            "quantity": number(outcome.study.exposure.quantity),
            "changes": outcome.study.changes,
            "moments_rows": test.rows,
        },
        "ratio": numbers(test.position.ratio),
        "method": outcome.method,
        "contracts": None if outcome.sizings is None else numbers(sizing.exact for sizing in outcome.sizings),
        "trade": _trade(outcome),
        "whole_contracts": None if outcome.sizings is None else numbers(sizing.whole for sizing in outcome.sizings),
        "volatilities": numbers(test.moments.volatilities),
        "correlations": [numbers(row) for row in test.moments.correlations],
        "sigmas": test.options.sigmas,
        "level": test.options.level,
        "scenarios": [
            _scenario(result) | {"emergency_cost": number(outcome.emergency_costs[result.scenario.name])}
            for result in test.results
        ],
        "worst": test.worst.scenario.name,
        "reverse": {
            "correlation_now": number(test.reverse.correlation_now),
            "correlation_limit": number(test.reverse.correlation_limit),
            "hedge_volatility_limit": number(test.reverse.volatility_limit),
        },
        "stop": _stop(outcome),
        "knock_in": _knock_in(outcome),
        "capital_aware_ratio": None if outcome.margin is None else numbers(outcome.margin.capital_aware),
        "margin": None
        if outcome.margin is None
        else {name.replace(" ", "_"): _side(side) for name, side in outcome.margin.sides.items()},
        "warnings": list(outcome.warnings),
        "verdict": outcome.verdict,
    }


def _trade(outcome: StressOutcome) -> list[float | None] | None:
    """Return the contracts to trade from those held today to those of the ratio."""
    if outcome.sizings is None:
        return None
    held = [hedge.held for hedge in outcome.study.hedges]
    return numbers(sizing.trade_from(now) for sizing, now in zip(outcome.sizings, held, strict=True))


def _scenario(result: StressResult) -> dict[str, Any]:
    contracts = result.emergency_contracts
    return {
        "scenario": result.scenario.name,
        "what": result.words,
        "moves": None if result.moves is None else numbers(result.moves),
        "unhedged": _losses(result.unhedged),
        "hedged": _losses(result.hedged),
        "hedge_gain": number(result.hedge_gain),
        "variance_reduction": number(result.variance_reduction),
        "emergency_ratio": numbers(result.emergency_ratio),
        "emergency_contracts": None if contracts is None else numbers(contracts),
        "emergency_reduction": number(result.emergency_reduction),
        "emergency_loss": number(result.emergency_loss),
        "correlation_distance": number(result.distance),
    }


def _losses(figures: LossFigures) -> dict[str, Any]:
    return {name: number(value) for name, value in vars(figures).items()}


def _stop(outcome: StressOutcome) -> dict[str, Any] | None:
    stops = outcome.stops
    if stops is None:
        return None
    return {
        "loss": stops.loss,
        "exposure_alone": number(stops.exposure_alone),
        "exposure_hedged": number(stops.exposure_hedged),
        "hedges": [number(level) for level in stops.hedges],
    }


def _knock_in(outcome: StressOutcome) -> dict[str, Any] | None:
    plan = outcome.knock_in
    if plan is None:
        return None
    return {
        "instrument": plan.terms.instrument,
        "kind": plan.kind,
        "barrier_kind": plan.barrier_kind,
        "barrier": plan.terms.barrier,
        "strike": number(plan.strike),
        "units": number(plan.units),
        "cost": number(plan.cost),
        "plain_cost": number(plan.plain_cost),
        "scenarios": _payoffs(plan.table),
    }


def _payoffs(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            "scenario": str(name),
            "touched": bool(row["touched"]),
            "payoff": number(float(row["payoff"])),
            "loss_with_option": number(float(row["loss_with_option"])),
        }
        for name, row in table.iterrows()
    ]


def _side(side: MarginSide) -> dict[str, Any]:
    need, path = side.need, side.path
    called = path.worst_call_date
    return {
        "ratio": numbers(side.ratio),
        "contracts": numbers(side.contracts),
        "initial_now": number(side.initial_now),
        "largest_initial": number(float(path.initial.max())),
        "worst_call": number(path.worst_call),
        "worst_call_date": None if called is None else str(called.date()),
        "worst_cumulative_call": number(path.worst_cumulative_call(need.options.rows)),
        "variation": number(float(path.variation.sum())),
        "carrying_cost": number(path.carrying_cost),
        "buffer": number(need.buffer),
        "buffer_low": number(need.low),
        "buffer_high": number(need.high),
        "buffer_confidence": need.options.confidence,
        "buffer_rows": need.options.rows,
        "worst_window": number(need.worst),
        "worst_window_after": str(need.worst_start.date()),
        "cost_per_year": number(side.cost_per_year),
    }
