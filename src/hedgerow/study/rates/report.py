"""The report of a rate study: the trade, bonds and futures, and what is left at each node of the curve."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hedgerow.errors import InputError
from hedgerow.report import Picture, Report, Table, write_html
from hedgerow.report.rate_figures import key_rate_figure
from hedgerow.study.provenance import versions

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from hedgerow.study.rates.run import RateOutcome

FORMATS = {
    "face": ",.0f", "clean price": ".3f", "yield": ".3%", "spread": ".3%", "dv01": ",.2f", "price": ".3f",
    "conversion factor": ".4f", "implied repo": ".2%", "exact contracts": ",.2f", "contracts": ",.6g",
    "position": ",.0f", "hedged": ",.0f",
}  # fmt: skip
TOOLTIPS = {
    "spread": "over the curve, continuously compounded; kept as rates move",
    "dv01": "money lost per basis point of the bond's own yield (per contract for a future)",
    "implied repo": "simple yearly rate of buying the bond, selling the future and delivering, ACT/360",
    "contracts": "negative = sell",
    "position": "money lost for one basis point more at the node",
}


def write_rates_report(outcome: RateOutcome, path: Path) -> Path:
    """Write what a rate study found as one self-contained HTML file and return its path."""
    hedge = outcome.hedge
    note = "Money lost for one basis point more at each node; a negative figure gains. The nodes add up to the DV01."
    blocks = (
        _table("Futures", outcome.future_table, "DV01 by the cheapest bond's own yield; contracts by the whole curve."),
        Picture("Rate risk by node", figure_of(outcome, "key_rates"), note),
        _table("Rate risk by node of the curve", hedge.key_rates, note),
        _table("Bonds held", outcome.bond_table, ""),
    )
    report = Report(
        title=outcome.study.title or "Rate hedge",
        subtitle=f"{len(outcome.bonds)} bonds, {len(outcome.futures)} futures, {outcome.study.at}",
        verdict=outcome.verdict,
        facts={
            "Curve": outcome.curve_source,
            "Method": f"{hedge.method}, rounding {hedge.rounding.value}",
            "Versions": versions("numpy", "scipy"),
        },
        notes=outcome.warnings,
        blocks=blocks,
    )
    return write_html(report, path)


def figure_of(outcome: RateOutcome, name: str) -> Figure:
    """Return a figure of the study by name."""
    if name != "key_rates":
        raise InputError(f"there is no figure {name!r}; there is: key_rates")
    return key_rate_figure(outcome.hedge.key_rates)


def _table(title: str, frame: object, note: str) -> Table:
    import pandas as pd

    assert isinstance(frame, pd.DataFrame)  # noqa: S101  (for the type checker)
    return Table(title, frame.rename(columns=lambda name: str(name).replace("_", " ")), note, FORMATS, TOOLTIPS)
