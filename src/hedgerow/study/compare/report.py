"""The report of a comparison: verdict, ranking, tests, worth, stability, failed fits, what to hold, and pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedgerow.report import (
    Picture,
    Report,
    Sample,
    Table,
    correlation_path_figure,
    regime_probabilities_figure,
    volatility_path_figure,
    write_html,
)
from hedgerow.study.provenance import change_unit, provenance
from hedgerow.study.ratio.report import FIGURES as RATIO_FIGURES, judged_table, named_figure, next_table

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from hedgerow.study.compare.run import CompareOutcome

Drawing = Callable[["CompareOutcome"], "Figure | None"]

TABLES: dict[str, tuple[str, Sample, str, dict[str, str]]] = {
    "tests": (
        "Is the difference more than chance?",
        "out of sample",
        "Squared hedged changes net of costs, against the reference; mean loss difference above 0 is better. "
        "Diebold-Mariano with the small-sample correction; Clark-West before costs, for the method that contains the "
        "other; Giacomini-White given what was known; the confidence set counts all methods tried.",
        {
            "mean_loss_difference": ".3g", "dm_statistic": ".2f", "dm_p_value": ".3f", "clark_west_p_value": ".3f",
            "giacomini_white_p_value": ".3f", "mcs_p_value": ".3f",
        },
    ),
    "worth": (
        "What the better hedge is worth",
        "out of sample",
        "Yearly fee per unit of exposure that a mean-variance holder would pay to switch from the reference, net of "
        "costs, and where it comes from. The part from means is mostly luck.",
        {
            "fee": ".4g", "low": ".4g", "high": ".4g", "from_variance": ".4g", "from_costs": ".4g", "from_mean": ".4g",
            "share_of_value": ".3%", "share_low": ".3%", "share_high": ".3%",
        },
    ),
    "break-even": (
        "How dear trading may become",
        "out of sample",
        "One-way cost per unit of hedge traded that uses up the method's lead over the reference: better below it, "
        "above it, always or never.",
        {"cost": ".4g", "cost_bps": ".1f", "paid": ".4g", "advantage": ".4g", "extra_turnover": ".2f"},
    ),
    "periods": ("Does the ranking hold?", "out of sample", "Variance reduction by part of the judged rows.", {}),
    "failures": (
        "Fits that failed",
        "out of sample",
        "The ratio before was kept.",
        {"refits": ",.0f", "failed": ",.0f"},
    ),
    "uncertainty": (
        "How well the next ratio is known",
        "in sample",
        "Interval of the ratio to hold next and of contracts (negative = sell); the last column is what a ratio that "
        "is one standard error off costs, in points of variance reduction.",
        {
            "hedge_ratio": ".4f", "low": ".4f", "high": ".4f", "contracts_low": ",.0f", "contracts_high": ",.0f",
            "error_cost": ".2f",
        },
    ),
    "look-ahead": ("Does any method look ahead?", "descriptive", "Past decisions asked for again with other futures.",
                   {"asked": ",.0f"}),
}  # fmt: skip
"""Evidence by name: heading, what it was judged on, the line under it, and formats."""


def write_compare_report(outcome: CompareOutcome, path: Path) -> Path:
    """Write the comparison as one self-contained HTML file and return its path."""
    hedges = " and ".join(outcome.race.data.hedges)
    report = Report(
        title=outcome.study.title or f"Which method hedges {outcome.race.data.exposure} with {hedges}",
        subtitle=f"{len(outcome.race.methods)} methods, walk-forward, net of costs",
        verdict=outcome.verdict,
        facts=provenance(outcome.race),
        notes=(*outcome.advice, *outcome.warnings),
        blocks=(*_tables(outcome), *_pictures(outcome)),
    )
    return write_html(report, path)


def _tables(outcome: CompareOutcome) -> list[Table]:
    tables = [] if outcome.comparison is None else [judged_table(outcome.comparison)]
    for name, table in outcome.evidence.items():
        title, sample, note, formats = TABLES[name]
        if name == "periods" and outcome.comparison is not None:
            note += " " + outcome.comparison.periods(outcome.study.evidence.periods).sentence
            formats = dict.fromkeys(map(str, table.columns), ".3f")
        shown = table.dropna(axis=1, how="all").rename(columns=lambda label: str(label).replace("_", " "))
        words = {label.replace("_", " "): text for label, text in formats.items()}
        tables.append(Table(title, _readable(shown), note, words, sample=sample))
    tables.append(next_table(outcome.race))
    return tables


def _readable(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with yes and no for true and false, and methods that stand on several lines as a column."""
    shown = table.copy()
    for name in shown.columns:
        if shown[name].dtype == bool:
            shown[name] = np.where(shown[name], "yes", "no")
        elif shown[name].dtype == object:
            shown[name] = [str(value) for value in shown[name]]
    if shown.index.has_duplicates:
        shown = shown.reset_index()
        shown.index = pd.RangeIndex(1, len(shown) + 1)
    return shown


def _pictures(outcome: CompareOutcome) -> list[Picture]:
    pictures = []
    for draw, title, sample, caption in FIGURES.values():
        figure = draw(outcome)
        if figure is not None:
            pictures.append(Picture(title, figure, caption, sample))
    return pictures


def _of_race(name: str) -> Drawing:
    def draw(outcome: CompareOutcome) -> Figure | None:
        return None if outcome.comparison is None else outcome.comparison.figure(name)

    return draw


def _of_ratio(name: str) -> Drawing:
    def draw(outcome: CompareOutcome) -> Figure | None:
        return RATIO_FIGURES[name][0](outcome.race)

    return draw


def _fitted_with(outcome: CompareOutcome, name: str) -> list[tuple[str, Any]]:
    """Return the fitted methods that offer a path of that name."""
    fitted = [
        (method.name, getattr(method.estimator, "estimator_", method.estimator)) for method in outcome.race.methods
    ]
    return [(label, one) for label, one in fitted if hasattr(one, name)]


def _arrays(outcome: CompareOutcome) -> tuple[Any, Any, pd.DatetimeIndex]:
    changes = outcome.race.data.changes
    X = changes.values[list(outcome.race.data.hedges)]  # with the names that the methods were fitted with
    return X, changes.values[outcome.race.data.exposure].to_numpy(dtype=float), changes.times


def _correlations(outcome: CompareOutcome) -> Figure | None:
    X, y, times = _arrays(outcome)
    hedges = outcome.race.data.hedges
    paths = {}
    for label, fitted in _fitted_with(outcome, "correlation_path"):
        found = fitted.correlation_path(X, y)
        for number, hedge in enumerate(hedges):
            name = label if len(hedges) == 1 else f"{label}: {hedge}"
            paths[name] = found[:, number, -1]
    if not paths:
        return None
    constant = float(np.corrcoef(X.iloc[:, 0], y)[0, 1]) if len(hedges) == 1 else None
    return correlation_path_figure(pd.DataFrame(paths, index=times), constant=constant)


def _volatilities(outcome: CompareOutcome) -> Figure | None:
    X, y, times = _arrays(outcome)
    for label, fitted in _fitted_with(outcome, "volatility_path"):
        found = fitted.volatility_path(X, y)
        names = [*outcome.race.data.hedges, outcome.race.data.exposure]
        frame = pd.DataFrame(found, index=times, columns=names)
        unit = f"{change_unit(outcome.race)} per row"
        return volatility_path_figure(frame, unit=unit, title=f"Volatility through time ({label})")
    return None


def _regimes(outcome: CompareOutcome) -> Figure | None:
    _, y, times = _arrays(outcome)
    named = outcome.race.data.changes.values[list(outcome.race.data.hedges)]  # as it was fitted: with names
    for _, fitted in _fitted_with(outcome, "probability_path"):
        found = np.asarray(fitted.probability_path(named, y))
        names = [f"regime {number + 1}" for number in range(found.shape[1])]
        return regime_probabilities_figure(pd.DataFrame(found, index=times, columns=names))
    return None


FIGURES: dict[str, tuple[Drawing, str, Sample, str]] = {
    "ranking": (_of_race("ranking"), "Methods ranked", "out of sample", "Net of costs; stationary bootstrap."),
    "ratio_paths": (_of_race("ratio_paths"), "Ratio of every method", "out of sample", "Known before each row."),
    "cost_benefit": (_of_race("cost_benefit"), "What the trading buys", "out of sample", "Over all judged rows."),
    "cumulative": (_of_ratio("cumulative"), *RATIO_FIGURES["cumulative"][1:]),
    "rolling_effectiveness": (_of_ratio("rolling_effectiveness"), *RATIO_FIGURES["rolling_effectiveness"][1:]),
    "effectiveness": (_of_ratio("effectiveness"), *RATIO_FIGURES["effectiveness"][1:]),
    "correlation_path": (
        _correlations, "Correlation through time", "in sample",
        "Each row from the rows before it, with parameters fitted to all rows.",
    ),
    "volatility_path": (
        _volatilities, "Volatility through time", "in sample",
        "Each row from the rows before it, with parameters fitted to all rows.",
    ),
    "regime_probabilities": (
        _regimes, "Probability of each regime", "in sample",
        "Predicted from the rows before; parameters fitted to all rows; regimes from the calmest to the wildest.",
    ),
}  # fmt: skip
"""Figures by name: how each is drawn, its title, what it was judged on, and its caption."""


def figure_of(outcome: CompareOutcome, name: str) -> Figure:
    """Return one figure by name.

    Raises
    ------
    InputError
        For an unknown name, or a figure these data cannot give.
    """
    return named_figure(FIGURES, outcome, name)
