"""A hedged book's result as plain values: what ``--json`` prints. Undefined is None, never NaN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hedgerow.study.hedging.measures import quantile_table
from hedgerow.study.hedging.sentences import first_holdings
from hedgerow.study.ratio.json import number

if TYPE_CHECKING:
    import pandas as pd

    from hedgerow.study.hedging.outcome import HedgeOutcome


def outcome_to_dict(outcome: HedgeOutcome) -> dict[str, Any]:
    """Return the result of a simulate or replay study as JSON values; money, gains positive and costs positive."""
    result, path = outcome.result, outcome.path
    return {
        "first": str(path.index[0]),
        "last": str(path.index[-1]),
        "steps": len(path) - 1,
        "paths": int(result.n_paths),
        "seed": int(result.seed),
        "lag": int(result.lag),
        "how": str(result.how),
        "currency": outcome.market.currency,
        "hold": {name: number(value) for name, value in first_holdings(outcome).items()},
        "summary": frame_to_dict(result.summary()),
        "quantiles": {} if (quantiles := quantile_table(outcome)) is None else frame_to_dict(quantiles),
        "attribution": frame_to_dict(result.attribution()),
        "beside": {what: frame_to_dict(other.summary()) for what, other in outcome.beside.items()},
        "by_year": None if outcome.by_year is None else frame_to_dict(outcome.by_year),
        "account": _account(outcome),
        "exits": None if outcome.exits is None else _exits(outcome.exits),
        "claims": frame_to_dict(outcome.claims),
        "figures": outcome.figures,
        "pictures": list(outcome.figure_names),
        "warnings": list(outcome.warnings),
        "verdict": outcome.verdict,
    }


def _exits(exits: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a row per exit of the first path; ``traded`` is None where the end came first."""
    plain = exits.assign(**{name: exits[name].astype(str) for name in ("decided", "traded")})
    return [
        {str(name): None if value == "NaT" else value for name, value in row.items()}
        for row in plain.to_dict(orient="records")
    ]


def frame_to_dict(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return a table as row to column to value; what is no finite number is None, text stays text."""
    return {
        str(label): {
            str(name).replace(" ", "_"): value if isinstance(value, str | bool) else number(float(value))
            for name, value in zip(frame.columns, row, strict=True)
        }
        for label, row in zip(frame.index, frame.itertuples(index=False, name=None), strict=True)
    }


def _account(outcome: HedgeOutcome) -> dict[str, Any] | None:
    account = outcome.account
    if account is None:
        return None
    return {
        "opening_shortfall": number(account.opening_shortfall),
        "calls": account.calls,
        "first_call": None if account.first_call is None else str(account.first_call),
        "worst_call": number(account.worst_call),
    }
