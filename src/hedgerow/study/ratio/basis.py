"""Basis and the split of each method's profit and loss, for studies on price differences."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.effectiveness import BasisSummary, basis, basis_summary

if TYPE_CHECKING:
    from hedgerow.study.ratio.run import RatioOutcome


def has_basis(outcome: RatioOutcome) -> bool:
    """Return whether spot less hedge means something: price differences in one unit, and a single hedge."""
    return outcome.study.changes == "diff" and outcome.study.level is None and len(outcome.data.hedges) == 1


def basis_series(outcome: RatioOutcome) -> pd.Series:
    """Return spot less hedge price through time, in the exposure's unit."""
    prices = outcome.data.history.prices
    return basis(prices[outcome.data.exposure], prices[outcome.data.hedges[0]])


def summary_of(outcome: RatioOutcome) -> BasisSummary:
    """Return the figures of the basis over all rows, in sample; hedged risk is that of the method ranked first."""
    prices = outcome.data.history.prices
    ratio = float(outcome.best.estimator.hedge_ratio_[0])
    spot, hedge = (prices[name].to_numpy() for name in (outcome.data.exposure, outcome.data.hedges[0]))
    return basis_summary(spot, hedge, ratio=ratio)


def basis_of(outcome: RatioOutcome) -> dict[str, float | int | None] | None:
    """Return the figures of the basis as JSON values; None where spot less hedge means nothing."""
    from hedgerow.study.ratio.json import number

    if not has_basis(outcome):
        return None
    summary = asdict(summary_of(outcome))
    return {name: value if isinstance(value, int) else number(value) for name, value in summary.items()}


def split_table(outcome: RatioOutcome) -> pd.DataFrame | None:
    """Return each method's out-of-sample profit by source, money for the whole exposure; None without a race."""
    if outcome.comparison is None or outcome.study.changes != "diff" or outcome.study.level is not None:
        return None
    totals = {name: outcome.comparison.split(name).totals for name in outcome.comparison.methods}
    return pd.DataFrame(totals).T.rename_axis("method")


def split_of(outcome: RatioOutcome) -> list[dict[str, object]] | None:
    """Return the split as JSON values, one object per method."""
    from hedgerow.study.ratio.json import number

    table = split_table(outcome)
    if table is None:
        return None
    rows = table.to_dict(orient="index")
    return [{"method": name, **{str(k): number(float(v)) for k, v in row.items()}} for name, row in rows.items()]
