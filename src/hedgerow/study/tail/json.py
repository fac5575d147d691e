"""A tail study's result as plain values: what ``--json`` prints. Undefined is None, never NaN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hedgerow.compare.overlays.cost_of_protection import cost_of_protection, holding_less_line
from hedgerow.compare.overlays.diversified import Plan, parts_of
from hedgerow.compare.overlays.plain import plain, plain_rows

if TYPE_CHECKING:
    from hedgerow.study.tail.run import TailOutcome


def outcome_to_dict(outcome: TailOutcome) -> dict[str, Any]:
    """Return the result of a tail study as JSON values; money, shares as decimals, costs and losses positive."""
    tail, study = outcome.tail, outcome.study
    comparison = tail.comparison
    first, last = comparison.period.all_dates[[0, -1]]
    return {
        "kind": study.kind,
        "first": f"{first:%Y-%m-%d}",
        "last": f"{last:%Y-%m-%d}",
        "rows": len(outcome.source.market),
        "rows_dropped": outcome.source.market.dropped,
        "currency": study.portfolio.currency,
        "hedges": {name: _hedge(plan) for name, plan in comparison.plans.items()},
        **tail.to_dict(),
        "years": plain_rows(comparison.years()),
        "equal_cost": plain_rows(comparison.equal_cost()) if study.judging.equal_cost else None,
        "by_bleed": None if outcome.by_bleed is None else plain_rows(outcome.by_bleed.reset_index()),
        "exposed": study.portfolio.exposure_weight,
        "cost_of_protection": plain_rows(cost_of_protection(comparison).reset_index()),
        "holding_less": plain_rows(holding_less_line(comparison)),
        "verdict": outcome.verdict,
        "sentences": list(tail.verdict()),
        "today": {name: comparison.results[name].today().to_dict() for name in comparison.plans},
        "claims": plain_rows(outcome.claims),
        "figures": {name: plain(value) for name, value in outcome.figures.items()},
        "pictures": list(outcome.figure_names),
        "warnings": list(outcome.warnings),
    }


def _hedge(plan: Plan) -> str | dict[str, Any]:
    parts = parts_of(plan)
    if len(parts) == 1:
        return repr(parts[0].hedge)
    return {"hedges": [repr(part.hedge) for part in parts], "multipliers": [repr(part.rule) for part in parts]}
