"""The accounting study as plain values: what ``--json`` prints. Amounts are exact text; undefined is None."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from hedgerow.accounting import OPERATING_CHARACTERISTICS, EffectivenessRegression
from hedgerow.study.accounting.tables import offsets_failed, scenario_table, terms_table
from hedgerow.study.ratio.json import number

if TYPE_CHECKING:
    import pandas as pd

    from hedgerow.study.accounting.run import AccountingOutcome, FrameworkResult


def plain_result(outcome: AccountingOutcome) -> dict[str, Any]:
    """Return the result of an accounting study as JSON values."""
    data, relationship = outcome.data, outcome.relationship
    position = data.position
    scenarios, terms = scenario_table(outcome), terms_table(outcome)
    return {
        "as_of": str(data.as_of),
        "relationship": {each.name: _plain(getattr(relationship, each.name)) for each in fields(relationship)},
        "relationship_hash": outcome.relationship_hash,
        "document_hash": outcome.document_hash,
        "position": {
            "item": str(position.item),
            "contracts": None if position.contracts is None else str(position.contracts),
            "designated_ratio": position.designated,
            "held_ratio": position.held,
        },
        "thresholds": outcome.study.thresholds.model_dump(),
        "regression": {"inception": _regression(outcome.inception), "latest": _regression(outcome.latest)},
        "tests": _records(outcome.tests),
        "offsets": _records(outcome.offsets),
        "operating_characteristics": [list(row) for row in OPERATING_CHARACTERISTICS]
        if offsets_failed(outcome)
        else None,
        "frameworks": [_framework(result) for result in outcome.results],
        "scenarios": None if scenarios is None else _records(scenarios),
        "critical_terms": None if terms is None else _records(terms),
        "warnings": list(outcome.warnings),
        "verdict": outcome.verdict,
    }


def _framework(result: FrameworkResult) -> dict[str, Any]:
    return {
        "framework": result.framework.name,
        "conclusion": result.conclusion,
        "criteria": [asdict(row) for row in result.criteria],
        "retrospective": list(result.retrospective),
        "periods": [{name: _plain(value) for name, value in asdict(row).items()} for row in result.periods],
        "journal": [{name: _plain(value) for name, value in asdict(line).items()} for line in result.journal],
    }


def _regression(fit: EffectivenessRegression | None) -> dict[str, Any] | None:
    if fit is None:
        return None
    names = [each.name for each in fields(fit) if each.name != "residuals"]
    return {name: _plain(getattr(fit, name)) for name in names}


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as objects, the index under its own name."""
    rows = zip(table.index, table.to_dict(orient="records"), strict=True)
    return [{str(table.index.name): str(label)} | {str(key): _plain(cell) for key, cell in row.items()}
            for label, row in rows]  # fmt: skip


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: exact amounts and dates as text, what is undefined as None."""
    if value is None or isinstance(value, bool | str | int):
        return value
    return number(value) if isinstance(value, float) else str(value)
