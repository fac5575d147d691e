"""Gathers what a verdict weighs beyond the table: tests that count all methods, failed fits, worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgerow.compare.judging.failures import judged_failures
from hedgerow.compare.judging.options import Judging, exposure_level
from hedgerow.compare.judging.verdict import Evidence

if TYPE_CHECKING:
    from hedgerow.compare.comparison import Comparison


def evidence_of(comparison: Comparison) -> Evidence:
    """Return the evidence of a race; where too few rows or methods allow no test, that part is left open."""
    failures, refits = judged_failures(
        comparison.failures, comparison.refits, comparison.first_row - comparison.ledger.lag
    )
    judging, found = comparison.judging, comparison.confidence_set
    members = tuple(name for name, held in zip(comparison.methods, found.included, strict=True) if held)
    return Evidence(
        members=members if found.draws else (),
        level=found.level,
        superior_p_value=comparison.superior_ability.p_value,
        significance=judging.significance,
        failures=failures,
        refits=refits,
        worth=_worth(comparison, judging),
        taste=_taste(judging),
    )


def _worth(comparison: Comparison, judging: Judging) -> dict[str, float]:
    """Return risk saved less extra costs by method, a year, as a share of value; nothing where no cost was charged."""
    level = exposure_level(comparison.market, comparison.first_row)
    costs = comparison.table["cost"]
    if not (level > 0.0 and (costs > 0.0).any() and len(comparison.times) > 1):
        return {}
    aversion, base = judging.unit_risk_aversion(comparison.market.quantity, level), comparison.reference
    variance = comparison.hedged.var(ddof=1)
    saved = aversion / 2.0 * (variance[base] - variance) - (costs - costs[base]) / len(comparison.times)
    year = judging.rows_per_year(comparison.times)
    return {str(name): float(value) * year / level for name, value in saved.items()}


def _taste(judging: Judging) -> str:
    if judging.risk_aversion is None:
        return f"a relative risk aversion of {judging.relative_risk_aversion:g}"
    return f"a risk aversion of {judging.risk_aversion:g} per unit of money"
