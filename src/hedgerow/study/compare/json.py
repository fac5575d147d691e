"""A comparison as plain values: what ``--json`` prints. Undefined is None, never NaN."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedgerow.study.ratio.json import number, outcome_to_dict

if TYPE_CHECKING:
    from hedgerow.study.compare.run import CompareOutcome


def compare_to_dict(outcome: CompareOutcome) -> dict[str, Any]:
    """Return the result of a comparison as JSON values; the keys are described in the docs."""
    found: dict[str, Any] = dict(outcome_to_dict(outcome.race))
    race = outcome.comparison
    found["warnings"] = list(outcome.warnings)
    for name, table in outcome.evidence.items():
        found[name.replace("-", "_")] = records(table)
    if race is not None:
        ability, judging = race.superior_ability, race.judging
        found["race"] = {
            "reference": race.reference,
            "refits": dict(race.refits),
            "failed": {name: len(failures) for name, failures in race.failures.items()},
            "held_over": dict(race.rows_held_over),
            "confidence_set": [
                name for name, held in zip(race.methods, race.confidence_set.included, strict=True) if held
            ],
            "set_level": judging.set_level,
            "superior_p_value": number(ability.p_value),
            "reality_check_p_value": number(ability.reality_check),
            "risk_aversion": judging.risk_aversion,
            "relative_risk_aversion": None if judging.risk_aversion is not None else judging.relative_risk_aversion,
            "stability": race.periods(outcome.study.evidence.periods).sentence,
        }
    return found


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, index included, as plain values."""
    rows = table.reset_index().to_dict(orient="records")
    return [{str(key): plain(value) for key, value in row.items()} for row in rows]


def plain(value: Any) -> Any:
    """Return a value that JSON knows: None for what is undefined, text for dates."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value) if isfinite(value) else None
    return str(value)
