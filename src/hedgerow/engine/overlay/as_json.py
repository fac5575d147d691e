"""A run as plain numbers and text, ready for JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedgerow.overlays import STAGES

if TYPE_CHECKING:
    from hedgerow.engine.overlay.result import OverlayResult

SERIES = ("multiplier", "held", "hedge_pnl", "costs", "financing", "portfolio_pnl", "pnl", "wealth", "unhedged_wealth")


def as_plain(result: OverlayResult) -> dict[str, Any]:
    """Return dates, stages, accounts, figures and breaches; dates as ISO text, NaN as None.

    ``stages`` is {stage: values} for one rule and {part: {stage: values}} for several.
    """
    stages = result.stages
    parts = {part.name: stages if len(result.parts) == 1 else stages[part.name] for part in result.parts}
    by_part = {name: {stage: plain(table[stage]) for stage in STAGES} for name, table in parts.items()}
    return {
        "rules": {part.name: repr(part.rule) for part in result.parts},
        "shapes": {part.name: repr(part.shape) for part in result.parts},
        "hedges": {
            name: repr(one.source) if one.source is not None else one.name
            for name, one in zip(result.run.slots.parts, result.run.slots.programmes, strict=True)
        },
        "portfolio": repr(result.run.portfolio),
        "options": repr(result.run.options),
        "budget": result.run.budget,
        "lag": result.lag,
        "dates": [f"{day:%Y-%m-%d}" for day in result.dates],
        "stages": by_part[result.parts[0].name] if len(parts) == 1 else by_part,
        **{name: plain(getattr(result, name)) for name in SERIES},
        "summary": _rows(result.summary()),
        "budget_use": _rows(result.budget_use),
        "breaches": _records(result.breaches),
        "contracts": _records(result.contracts),
        "today": result.today().to_dict(),
        "stated": list(result.stated),
        "never_fired": list(result.never_fired),
        "synthetic": list(result.synthetic),
    }


def plain(values: Any) -> Any:
    """Return numbers, dates and text as JSON has them; NaN, infinity and missing dates are None."""
    if isinstance(values, pd.Series | np.ndarray):
        return [plain(value) for value in values.tolist()]
    if values is None or values is pd.NaT:
        return None
    if isinstance(values, pd.Timestamp):
        return f"{values:%Y-%m-%d}"
    if isinstance(values, float):
        return values if np.isfinite(values) else None
    return values


def _rows(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    return {str(name): {str(key): plain(value) for key, value in row.items()} for name, row in table.iterrows()}


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): plain(value) for key, value in row.items()} for row in table.to_dict("records")]
