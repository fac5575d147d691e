"""An overlay study's result as plain values: what ``--json`` prints. Undefined is None, never NaN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hedgerow.compare.overlays.cost_of_protection import cost_of_protection, holding_less_line
from hedgerow.compare.overlays.diversified import Plan
from hedgerow.compare.overlays.hedge_size import hedge_sizes, slope_of
from hedgerow.compare.overlays.plain import plain, plain_rows
from hedgerow.compare.overlays.plan import OverlayPlan
from hedgerow.study.overlays.tables import both_lags

if TYPE_CHECKING:
    import pandas as pd

    from hedgerow.compare.overlays.comparison import OverlayComparison
    from hedgerow.study.overlays.run import OverlayStudyOutcome

FIGURE_TABLES = {"rivals": "rivals", "equal_cost": "equal_cost", "halves": "halves", "red_flags": "red_flags"}


def outcome_to_dict(outcome: OverlayStudyOutcome) -> dict[str, Any]:
    """Return the result of an overlay study as JSON values; money, shares as decimals, costs and losses positive."""
    comparison, study = outcome.comparison, outcome.study
    first, last = comparison.period.all_dates[[0, -1]]
    wanted = {name for name in FIGURE_TABLES if getattr(study.judging, name)}
    judged, slope = comparison.to_dict(), slope_of(outcome.source.market)
    found = {name: None if name in FIGURE_TABLES and name not in wanted else value for name, value in judged.items()}
    return {
        "kind": study.kind,
        "first": f"{first:%Y-%m-%d}",
        "last": f"{last:%Y-%m-%d}",
        "rows": len(outcome.source.market),
        "rows_dropped": outcome.source.market.dropped,
        "currency": study.portfolio.currency,
        "rules": {name: _plan(plan) for name, plan in comparison.plans.items()},
        **found,
        "verdict": outcome.verdict,
        "sentences": list(comparison.verdict()),
        "exposed": study.portfolio.exposure_weight,
        "held": _held(comparison),
        "hedge_size": plain_rows(hedge_sizes(comparison, comparison.setting.market.vix)),
        "hedge_size_by_slope": None if slope is None else plain_rows(hedge_sizes(comparison, slope.level)),
        "slope": None if slope is None else slope.name,
        "cost_of_protection": plain_rows(cost_of_protection(comparison).reset_index()),
        "holding_less": plain_rows(holding_less_line(comparison)),
        "at_lag_0": None if outcome.at_once is None else plain_rows(outcome.at_once.table()),
        "both_lags": _rows(both_lags(outcome)),
        "late": plain_rows(comparison.lag_decay(study.judging.late).reset_index()) if study.judging.late else None,
        "today": {name: comparison.results[name].today().to_dict() for name in comparison.plans},
        "together": {
            name: plain_rows(result.summary().rename_axis("figure")) for name, result in outcome.together.items()
        },
        "walk_forward": None if outcome.choice is None else outcome.choice.to_dict(),
        "claims": _rows(outcome.claims.assign(sample=comparison.judging.sample)),
        "usual_claims": _rows(outcome.usual_claims),
        "figures": {name: plain(value) for name, value in outcome.figures.items()},
        "pictures": list(outcome.figure_names),
        "warnings": list(outcome.warnings),
    }


def _held(comparison: OverlayComparison) -> dict[str, Any]:
    """Return the multiplier held after trading at every close: the exposure series of each rule."""
    results = {name: comparison.results[name] for name in comparison.plans}
    dates = next(iter(results.values())).dates
    return {"dates": [f"{date:%Y-%m-%d}" for date in dates]} | {
        name: plain(result.held.to_list()) for name, result in results.items()
    }


def _plan(plan: Plan) -> dict[str, Any]:
    if isinstance(plan, OverlayPlan):
        return {"rule": repr(plan.rule), "hedge": repr(plan.hedge), "shape": repr(plan.shape)}
    return {"parts": [_plan(part) for part in plan.parts], "budget": plan.budget}


def _rows(table: pd.DataFrame | None) -> list[dict[str, Any]] | None:
    return None if table is None else plain_rows(table)
