"""The report of one overlay: multipliers under the volatility index, what was held, the account where there is one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.overlays import rule_in_words, shape_in_words
from hedgerow.report import Picture, Report, Sample, Table, write_html
from hedgerow.report.overlay_figures import cost_and_gain_figure, multiplier_figure
from hedgerow.study.one_overlay.summary import ranges
from hedgerow.study.provenance import versions

if TYPE_CHECKING:
    from hedgerow.study.one_overlay.run import OverlayOutcome

SHARES = {"days": ",.0f", "share": ".1%"}
STATED: Sample = "parameters stated beforehand"
"""What every number was judged on: the rule and its keys were given, and nothing was fitted."""
LABELS = {
    "last_multiplier": "multiplier decided last",
    "mean_multiplier": "mean multiplier decided",
    "lowest_multiplier": "lowest",
    "highest_multiplier": "highest",
    "mean_held": "mean multiplier held, warm-up counted as 0",
    "turnover_per_year": "turnover a year, times the base hedge",
    "rebalances": "rebalances (dates on which it is set anew)",
    "trades": "dates on which what is held changes",
    "days_hedged": "days hedged",
    "share_hedged": "share of days hedged",
    "warm_up": "rows of warm-up",
    "rows": "rows",
    "rows_dropped": "rows left out",
    "lag": "lag in signal dates",
}
"""Figures of an overlay in the order in which a person reads them, and their names."""


def figure_table(outcome: OverlayOutcome) -> pd.DataFrame:
    """Return the figures of an overlay in one column, texts as a person reads them."""
    found = outcome.summary()
    rows = {label: _text(name, found[name]) for name, label in LABELS.items()}
    rows |= {name: _money(value) for name, value in outcome.account_rows().items()}
    return pd.DataFrame({"value": rows}).rename_axis("figure")


def _text(name: str, value: float | None) -> str:
    if value is None:
        return "-"
    if name.startswith("share"):
        return f"{value:.1%}"
    return f"{value:,d}" if isinstance(value, int) else f"{value:.3f}"


def _money(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.0f}"


def write_overlay_report(outcome: OverlayOutcome, path: Path) -> Path:
    """Write what an overlay decided as a self-contained HTML file and return its path."""
    vix = outcome.series.levels["vix"]
    days = ranges(outcome.multiplier.to_numpy())[["days", "share"]]
    caption = "Stages in the order in which they act; one that changed nothing is left out."
    blocks: list[Picture | Table] = [
        Picture("Multiplier", multiplier_figure(outcome.stages, vix, held=outcome.held), caption, STATED),
        Table("Figures", figure_table(outcome), sample=STATED),
        Table("Days by multiplier decided", days, formats=SHARES, sample=STATED),
    ]
    account = outcome.account
    if account is not None:
        stamp = "; ".join(account.synthetic)
        gains = account.hedge_pnl.to_frame("hedge, net of costs")
        blocks.insert(1, Picture("Cost and gain", cost_and_gain_figure(gains, stamp=stamp), stamp, STATED))
    report = Report(
        title=outcome.words.title or "Overlay",
        subtitle=f"{rule_in_words(outcome.rule)}; multiplier of the base hedge",
        verdict=outcome.verdict,
        facts=_facts(outcome),
        notes=outcome.warnings,
        blocks=tuple(blocks),
    )
    return write_html(report, path)


def _facts(outcome: OverlayOutcome) -> dict[str, str]:
    words, dates = outcome.words, outcome.dates
    columns = ", ".join(f"{name} = {column}" for name, column in words.columns.items())
    return {
        "Data": words.data.sample or ", ".join(Path(name).name for name in words.data.files),
        "Signals": columns,
        "Rows": f"{len(dates):,}, {dates[0].date()} to {dates[-1].date()}; {outcome.signals.dropped:,} left out",
        "Rule": rule_in_words(outcome.rule),
        "Shaping": shape_in_words(outcome.shape),
        "Decided and traded": f"decided at a close, filled at {_fill(words.lag)}",
        "Versions": versions("numpy", "pandas"),
    }


def _fill(lag: int) -> str:
    return {0: "the same close", 1: "the next close"}.get(lag, f"the close {lag} signal dates later")
