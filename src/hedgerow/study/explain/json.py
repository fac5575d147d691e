"""An explanation as plain values: what ``--json`` prints. Undefined is None, never NaN."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from hedgerow.study.explain.sentences import trusted
from hedgerow.study.hedging.json import frame_to_dict
from hedgerow.study.ratio.json import number

if TYPE_CHECKING:
    from hedgerow.study.explain.run import ExplainOutcome


def outcome_to_dict(outcome: ExplainOutcome) -> dict[str, Any]:
    """Return the result of an explain study as JSON values; money, gains positive."""
    day = outcome.explained
    return {
        "before": str(outcome.before.moment),
        "after": str(outcome.after.moment),
        "currency": outcome.currency,
        "model": outcome.study.model,
        "pnl": number(day.pnl),
        "order": list(day.order),
        "predict": _money(day.predict_totals()),
        "explain": _money(day.explain_totals()),
        "residuals": frame_to_dict(outcome.residuals),
        "greeks_suffice": trusted(outcome),
        "moves": frame_to_dict(outcome.moves),
        "positions": _positions(outcome),
        "history": _history(outcome),
        "event": _event(outcome),
        "warnings": list(outcome.warnings),
        "verdict": outcome.verdict,
    }


def _money(parts: pd.Series) -> dict[str, float | None]:
    return {str(name).replace(" ", "_"): number(float(money)) for name, money in parts.items()}


def _positions(outcome: ExplainOutcome) -> list[dict[str, Any]]:
    day = outcome.explained
    found = []
    for row in range(len(day.positions)):
        terms = day.positions.iloc[row]
        words = {
            str(name): _plain(value)
            for name, value in terms.items()
            if isinstance(value, str | bool | pd.Timestamp) or pd.notna(value)
        }
        found.append({**words, "predict": _money(day.predict.iloc[row]), "explain": _money(day.explain.iloc[row])})
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, str | bool):
        return value
    if isinstance(value, pd.Timestamp):
        return None if pd.isna(value) else str(value)
    return value.item() if hasattr(value, "item") else value


def _history(outcome: ExplainOutcome) -> dict[str, Any] | None:
    days = outcome.history
    if days is None:
        return None
    test = None
    if days.test is not None:
        test = asdict(days.test) | {"zone": days.test.zone}
    low, high = days.band
    band = {"low": number(low), "high": number(high), "days_outside": days.outside}
    return {"test": test, "band": band, "days": frame_to_dict(days.days)}


def _event(outcome: ExplainOutcome) -> dict[str, Any] | None:
    if outcome.event is None:
        return None
    return {"break_evens": list(outcome.event.break_evens), "table": frame_to_dict(outcome.event.table)}
