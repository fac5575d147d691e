"""The report of a ratio study: verdict, what to do, tables and pictures, each labelled in or out of sample."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedgerow.compare.walk_forward import without_events
from hedgerow.effectiveness import cvar
from hedgerow.errors import InputError, did_you_mean
from hedgerow.report import (
    MISSING,
    Picture,
    Report,
    Sample,
    Table,
    basis_figure,
    cost_reduction_figure,
    cumulative_figure,
    density_figure,
    effectiveness_bars_figure,
    hedge_ratio_figure,
    interval_text,
    number_text,
    rolling_effectiveness_figure,
    scatter_figure,
    write_html,
)
from hedgerow.study.provenance import change_unit, provenance
from hedgerow.study.ratio.basis import basis_series, has_basis, split_table
from hedgerow.study.ratio_uncertainty import UNCERTAINTY_FORMATS, UNCERTAINTY_NOTE
from hedgerow.study.words import hold_text, trade_text

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from hedgerow.compare import Comparison
    from hedgerow.study.ratio.run import RatioOutcome

ROLLING_WINDOW = 250
REDUCTIONS = {
    "variance_reduction": "variance reduction",
    "cvar_reduction": "CVaR",
    "semivariance_reduction": "semivariance",
    "max_drawdown_reduction": "max drawdown",
    "value_at_risk_reduction": "VaR",
}
Drawing = Callable[["RatioOutcome"], "Figure | None"]


def _ratios(outcome: RatioOutcome) -> Figure | None:
    if outcome.comparison is None:
        return None
    rolling = next((method for method in outcome.methods if getattr(method.estimator, "window", None)), None)
    unit = "units of hedge per unit of exposure"
    if rolling is None or len(outcome.data.hedges) > 1:
        return hedge_ratio_figure(outcome.ratio_paths(), unit=unit)
    band = _band(outcome.comparison, rolling.name, int(rolling.estimator.window))
    return hedge_ratio_figure(outcome.ratio_paths(), band=band, unit=unit, band_name=f"{rolling.name}, 95 % interval")


def _band(comparison: Comparison, method: str, window: int) -> pd.DataFrame:
    """Return a rolling ratio with 1.96 classical standard errors either side, each from the window before its row."""
    x, y = pd.Series(comparison.market.hedge_changes[:, 0]), pd.Series(comparison.market.exposure_changes)
    variance, covariance = x.rolling(window).var(), x.rolling(window).cov(y)
    residual = y.rolling(window).var() - covariance**2 / variance
    squared = (residual / (variance * (window - 2))).clip(lower=0.0).shift(1)
    reach = 1.96 * np.sqrt(squared.to_numpy())[comparison.first_row :]
    centre = comparison.held_ratios[comparison.methods.index(method), :, 0]
    return pd.DataFrame({"low": centre - reach, "high": centre + reach}, comparison.times)


def _cumulative(outcome: RatioOutcome) -> Figure | None:
    if outcome.comparison is None:
        return None
    return cumulative_figure(_shown(outcome), unit=change_unit(outcome))


def _shown(outcome: RatioOutcome) -> pd.DataFrame:
    """Return unhedged and hedged changes of the judged rows, the method ranked first in front."""
    assert outcome.comparison is not None  # noqa: S101  (callers have looked)
    hedged = outcome.comparison.hedged[list(outcome.comparison.ranked.index)]
    return pd.concat([outcome.comparison.unhedged, hedged], axis=1)


def _rolling(outcome: RatioOutcome) -> Figure | None:
    comparison = outcome.comparison
    if comparison is None or len(comparison.times) < 2 * ROLLING_WINDOW:
        return None
    return rolling_effectiveness_figure(comparison.unhedged, _shown(outcome).iloc[:, 1:], window=ROLLING_WINDOW)


def _bars(outcome: RatioOutcome) -> Figure | None:
    if outcome.comparison is None:
        return None
    judged = outcome.comparison.ranked
    inside = {method.name: method.estimator.r_squared_ for method in outcome.methods}
    table = judged[["low", "high"]].assign(out_of_sample=judged["variance_reduction"])
    return effectiveness_bars_figure(table.assign(in_sample=[inside[without_events(name)] for name in table.index]))


def _scatter(outcome: RatioOutcome) -> Figure:
    best, changes = outcome.best, outcome.data.changes.values
    hedge, unit = outcome.data.hedges[0], change_unit(outcome)
    return scatter_figure(
        changes[outcome.data.exposure],
        changes[hedge],
        ratio=float(best.estimator.hedge_ratio_[0]),
        intercept=float(best.estimator.intercept_),
        units=(unit, unit),
    )


def _density(outcome: RatioOutcome) -> Figure | None:
    comparison = outcome.comparison
    if comparison is None:
        return None
    name, level = outcome.best.name, comparison.bootstrap.level
    unhedged, hedged = comparison.unhedged, comparison.hedged[name]
    marks = (cvar(unhedged.to_numpy(), level), cvar(hedged.to_numpy(), level))
    return density_figure(unhedged, hedged.rename(f"hedged ({name})"), cvar=marks, unit=change_unit(outcome))


def _cost(outcome: RatioOutcome) -> Figure | None:
    if outcome.comparison is None:
        return None
    return cost_reduction_figure(outcome.comparison.ranked, unit=f"{change_unit(outcome)} per unit of exposure")


def _basis(outcome: RatioOutcome) -> Figure | None:
    return basis_figure(basis_series(outcome), unit=change_unit(outcome)) if has_basis(outcome) else None


FIGURES: dict[str, tuple[Drawing, str, Sample, str]] = {
    "effectiveness": (_bars, "Variance reduction", "in and out of sample", "Interval: stationary bootstrap."),
    "hedge_ratio": (_ratios, "Hedge ratio through time", "out of sample", "Known before each row; held over it."),
    "cumulative": (_cumulative, "Cumulative change", "out of sample", "One unit of exposure, net of costs."),
    "rolling_effectiveness": (_rolling, "Rolling variance reduction", "out of sample", "Net of costs."),
    "density": (_density, "Distribution of changes", "out of sample", "Best method; CVaR marked as a loss."),
    "cost_reduction": (_cost, "Cost against reduction", "out of sample", "Cost over all judged rows."),
    "scatter": (_scatter, "Exposure against hedge", "in sample", "All rows, the best method's line."),
    "basis": (_basis, "Basis", "descriptive", "Exposure less hedge price, one for one."),
}
"""Figures by name: how each is drawn, its title, what it was judged on, and its caption."""


def figure_of(outcome: RatioOutcome, name: str) -> Figure:
    """Return one figure by name.

    Raises
    ------
    InputError
        For an unknown name, or a figure these data cannot give.
    """
    return named_figure(FIGURES, outcome, name)


def named_figure(figures: Mapping[str, tuple[Any, str, Sample, str]], outcome: Any, name: str) -> Figure:
    """Return the figure of that name among those a study draws; refuse an unknown name and an empty figure."""
    if name not in figures:
        raise InputError(f"figure {name!r} is not known{did_you_mean(name, figures)} (figures: {', '.join(figures)})")
    figure: Figure | None = figures[name][0](outcome)
    if figure is None:
        raise InputError(f"figure {name!r} has nothing to show for this study: {outcome.verdict}")
    return figure


def write_report(outcome: RatioOutcome, path: Path) -> Path:
    """Write the study's report as one self-contained HTML file and return its path."""
    return write_html(build_report(outcome), path)


def build_report(outcome: RatioOutcome) -> Report:
    """Return everything the report says."""
    study = outcome.study
    hedges = " and ".join(outcome.data.hedges)
    pictures = [
        Picture(title, figure, caption, sample)
        for draw, title, sample, caption in FIGURES.values()
        if (figure := draw(outcome)) is not None
    ]
    return Report(
        title=study.title or f"{outcome.data.exposure} hedged with {hedges}",
        subtitle=f"{outcome.data.exposure} hedged with {hedges}: {len(outcome.methods)} methods, walk-forward",
        verdict=outcome.verdict,
        facts=provenance(outcome),
        notes=(*outcome.advice, *outcome.warnings),
        blocks=(*_tables(outcome), *pictures),
    )


def _tables(outcome: RatioOutcome) -> list[Table]:
    tables = [next_table(outcome)]
    if outcome.comparison is not None:
        tables.insert(0, judged_table(outcome.comparison))
    known = outcome.uncertainty.dropna(axis=1, how="all")
    if len(known):
        shown = known.rename(columns=lambda label: str(label).replace("_", " "))
        if known.index.has_duplicates:  # several hedges: a line for each
            lines = [f"{method}: {hedge}" for method, hedge in known["hedge"].items()]
            shown = shown.drop(columns="hedge").set_axis(pd.Index(lines, name="method: hedge"))
        tables.append(
            Table("How well the next ratio is known", shown, UNCERTAINTY_NOTE, UNCERTAINTY_FORMATS, sample="in sample")
        )
    if outcome.lags is not None:
        note = "Variance reduction when the trade comes so many rows after the decision; all on the same rows."
        late = outcome.lags.set_axis([f"lag {lag}" for lag in outcome.lags.columns], axis=1)
        formats = dict.fromkeys(late.columns, ".3f")
        tables.append(Table("What a late trade costs", late, note, formats, sample="out of sample"))
    split = split_table(outcome)
    if split is not None:
        note = "Money for the whole exposure over the judged rows; the parts add up to the total."
        tables.append(Table("Where the profit came from", split, note, sample="out of sample"))
    return tables


def judged_table(comparison: Comparison) -> Table:
    """Return the ranked comparison with intervals as text."""
    ranked = comparison.ranked
    shown = pd.DataFrame(index=ranked.index)
    for column, words in REDUCTIONS.items():
        low, high = ("low", "high") if column == "variance_reduction" else (f"{column}_low", f"{column}_high")
        figures = ranked[[column, low, high]].to_numpy(dtype=float)
        shown[words] = [interval_text(value, below, above, ".3f") for value, below, above in figures]
        if column == "variance_reduction":
            shown["turnover"], shown["cost"] = ranked["turnover"], ranked["cost"]
    percent = f"{100 * comparison.bootstrap.confidence:.0f} %"
    often = comparison.refit if isinstance(comparison.refit, str) else f"every {comparison.refit} rows"
    note = (
        f"{len(comparison.times)} rows no method had seen, refitted {often}; decided and traded "
        f"{comparison.ledger.lag} rows apart; net of costs; {percent} intervals from {comparison.bootstrap.draws} "
        f"stationary-bootstrap draws, mean block {comparison.intervals.block_length:.1f} rows."
    )
    tooltips = {
        "turnover": "sum of |change of the ratio|, the first trade included",
        "cost": "money per unit of exposure over the judged rows",
    }
    return Table("Methods compared", shown, note, {"turnover": ".2f"}, tooltips, "out of sample")


def next_table(outcome: RatioOutcome) -> Table:
    """Return what each method says to hold next."""
    rows = {}
    for method in outcome.methods:
        fitted = method.estimator
        errors = fitted.standard_error_
        rows[method.name] = {
            "hedge ratio": number_text(fitted.hedge_ratio_, ".4f"),
            "standard error": MISSING if errors is None else number_text(errors, ".4f"),
            "R²": fitted.r_squared_,
            "rows": fitted.n_obs_,
            "hold": hold_text(method),
            "trade": trade_text(outcome, method),
            "residual exposure": method.residual_exposure,
        }
    note = (
        "From all rows: what to hold for the next period. Contracts are the trade to do, negative = sell; "
        f"rounding: {outcome.study.trading.rounding}; tailing: {outcome.study.trading.tailing}."
    )
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("method")
    if outcome.methods[0].sizings is None:
        table = table.drop(columns=["hold", "trade", "residual exposure"])
    return Table("What to hold next", table, note, {"R²": ".3f", "rows": ",.0f"}, sample="in sample")
