"""The report of a candidate study: the ranking, and one bar per candidate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pandas as pd

from hedgerow.report import Picture, Report, Table, cumulative_figure, effectiveness_bars_figure, write_html
from hedgerow.study.provenance import change_unit, provenance

if TYPE_CHECKING:
    from hedgerow.study.candidates.run import CandidateOutcome

Named = TypeVar("Named", pd.DataFrame, dict[str, str])

FORMATS = {
    "correlation": ".3f",
    "hedge_ratio": ".4f",
    "variance_reduction": ".3f",
    "low": ".3f",
    "high": ".3f",
    "contracts": ",.2f",
    "granularity": ".2%",
    "volume_share": ".2%",
}
TOOLTIPS = {
    "cost": "money per unit of exposure over the judged rows",
    "contracts": "negative = sell; fractions",
    "granularity": "half a contract as a share of the hedge",
    "volume_share": "hedge as a share of a usual day's volume",
}


def write_candidates_report(outcome: CandidateOutcome, path: Path) -> Path:
    """Write the ranking as one self-contained HTML file and return its path."""
    table = outcome.ranking.table
    inside = {name: float(table["correlation"].loc[name]) ** 2 for name in table.index}
    bars = table[["low", "high"]].assign(out_of_sample=table["variance_reduction"])
    bars = bars.assign(in_sample=[inside[name] for name in bars.index])
    races = outcome.ranking.comparisons
    changes = next(iter(races.values())).unhedged.to_frame()
    for name in table.index:
        changes[name] = races[name].hedged["ols"]
    note = "OLS on each hedge alone, refitted on the past, net of each hedge's own costs."
    report = Report(
        title=outcome.study.title or f"Hedges for {outcome.data.exposure}",
        subtitle=f"{len(table)} candidates, each alone, walk-forward",
        verdict=outcome.verdict,
        facts=provenance(outcome),
        notes=outcome.warnings,
        blocks=(
            Table("Candidates ranked", _plain(table), note, _plain(FORMATS), _plain(TOOLTIPS), "out of sample"),
            Picture("Variance reduction", effectiveness_bars_figure(bars), "", "in and out of sample"),
            Picture("Cumulative change", cumulative_figure(changes, unit=change_unit(outcome)), "", "out of sample"),
        ),
    )
    return write_html(report, path)


def _plain(named: Named) -> Named:
    """Return a table or a mapping by column with spaces for underscores; columns nobody filled are left out."""
    if isinstance(named, pd.DataFrame):
        filled = named.dropna(axis=1, how="all")
        return filled.rename(columns=lambda name: str(name).replace("_", " "))
    return {name.replace("_", " "): text for name, text in named.items()}
