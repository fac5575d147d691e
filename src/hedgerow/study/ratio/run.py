"""The ratio study: every method on all rows (what to hold next) and out of sample (how well it would have worked)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.compare import Comparison, WalkForward, compare_methods, lag_sensitivity
from hedgerow.compare.judging.verdict import listed
from hedgerow.compare.walk_forward import without_events
from hedgerow.effectiveness import EffectivenessThresholds
from hedgerow.errors import DataError
from hedgerow.hedgers import Sizing
from hedgerow.ratios import MOST_WORK, Fixed, Naive, RatioEstimator
from hedgerow.study.execution import bootstrap_of, execution_of, walk_forward_of
from hedgerow.study.methods import build_methods
from hedgerow.study.models import RatioStudy
from hedgerow.study.prepare import Prepared, prepare
from hedgerow.study.ratio.sizing import size_hedges

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

Progress = Callable[[str, float], None]
FEW_ROWS = 100
SHORT_STATIC_WINDOW = 250


@dataclass(frozen=True, eq=False)
class MethodResult:
    """One method of a ratio study.

    Attributes
    ----------
    name : str
    estimator : RatioEstimator
        Fitted on all rows: its ratio is the one to hold for the next period.
    sizings : tuple of Sizing, or None
        Contracts per hedge; None where quantity or a contract size is not given.
    out_of_sample : pandas.Series or None
        Row of the comparison's table; None where too few rows remain.
    """

    name: str
    estimator: RatioEstimator
    sizings: tuple[Sizing, ...] | None
    out_of_sample: pd.Series | None

    @property
    def residual_exposure(self) -> float | None:
        """Hedge that rounding to whole contracts leaves out, summed over hedges, in the exposure's units."""
        return None if self.sizings is None else float(sum(sizing.residual_exposure for sizing in self.sizings))


@dataclass(frozen=True, eq=False)
class RatioOutcome:
    """What a ratio study found.

    Attributes
    ----------
    study : RatioStudy
        The words that were run.
    data : Prepared
        Prices and changes as they were used, with what left on the way.
    methods : tuple of MethodResult
        Each method fitted on all rows, its contracts and its out-of-sample row.
    comparison : Comparison or None
        The walk-forward race; None where too few rows remain.
    warnings : tuple of str
        Sentences: data hygiene, what left and why, methods left out.
    lags : pandas.DataFrame or None
        Variance reduction by method and execution lag, where the study asks for it.
    """

    study: RatioStudy
    data: Prepared
    methods: tuple[MethodResult, ...]
    comparison: Comparison | None
    warnings: tuple[str, ...]
    lags: pd.DataFrame | None = None

    @property
    def best(self) -> MethodResult:
        """The method with the highest out-of-sample variance reduction, or the first where none was judged.

        One that leads only together with its events stands there without them: its ratio is the one estimated.
        """
        if self.comparison is None:
            return self.methods[0]
        name = without_events(str(self.comparison.ranked.index[0]))
        return next(method for method in self.methods if method.name == name)

    @cached_property
    def verdict(self) -> str:
        """One plain sentence: which method is worth it."""
        if self.comparison is None:
            return "Too few rows remain after the training part to say how well any of these hedges would have worked."
        return self.comparison.verdict

    @cached_property
    def advice(self) -> tuple[str, ...]:
        """Sentences by the thresholds users know; advice, not a test."""
        if self.comparison is None:
            return ()
        judging = self.study.judging
        limits = EffectivenessThresholds(judging.good, judging.weak, judging.low_correlation)
        best = float(self.comparison.table["variance_reduction"].max())
        market = self.comparison.market
        table = np.column_stack([market.exposure_changes, market.hedge_changes])
        correlations = np.atleast_2d(np.corrcoef(table, rowvar=False))[0, 1:]
        largest = float(correlations[np.abs(correlations).argmax()])
        return limits.advice(best, largest, methods=self.comparison.methods)

    @cached_property
    def uncertainty(self) -> pd.DataFrame:
        """Interval of the ratio to hold next and of contracts, and what one standard error off costs, where known."""
        from hedgerow.study.ratio_uncertainty import uncertainty_table

        return uncertainty_table(self, resample=False)

    def to_dict(self) -> dict[str, object]:
        """Return the result as plain values for JSON; what is undefined is None."""
        from hedgerow.study.ratio.json import outcome_to_dict

        return outcome_to_dict(self)

    def figure(self, name: str) -> Figure:
        """Return one of the study's figures by name; an unknown name is refused with the list of names."""
        from hedgerow.study.ratio.report import figure_of

        return figure_of(self, name)

    def write_html(self, path: str | Path) -> Path:
        """Write the self-contained report and return its path; nothing is left half-written."""
        from hedgerow.study.ratio.report import write_report

        return write_report(self, Path(path))

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables to write beside the report, by name."""
        if self.comparison is None:
            return {}
        ledgers = {f"ledger-{method.name}".replace(" ", "-"): method.name for method in self.methods}
        found = {"comparison": self.comparison.ranked, "ratios": self.ratio_paths()}
        if self.lags is not None:
            found["lags"] = self.lags
        return found | {name: self.comparison.ledger.to_frame(path) for name, path in ledgers.items()}

    def ratio_paths(self) -> pd.DataFrame:
        """Return each method's ratio per judged row, known before that row; one column per method and hedge.

        With one hedge the columns are the methods; with several they read ``method:hedge``.
        """
        if self.comparison is None:
            raise DataError("there is no ratio path: too few rows remain after the training part; give more rows")
        table = self.comparison.ratio_paths()
        hedges = self.data.hedges
        single = len(hedges) == 1
        names = [method if single else f"{method}:{hedge}" for method in self.comparison.methods for hedge in hedges]
        return table.set_axis(names, axis=1).rename_axis("date")


def run_ratio_study(
    study: RatioStudy,
    folder: str | Path = ".",
    *,
    progress: Progress | None = None,
    lenient: bool = False,
    workers: int | None = None,
) -> RatioOutcome:
    """Run a ratio study.

    Parameters
    ----------
    study : RatioStudy
    folder : path
        Relative file names start here.
    progress : callable, optional
        Called with a method's name and the share of its work that is done.
    lenient : bool
        Leave a method that cannot run on these data out with a sentence, as ``--method all`` does, instead of
        refusing the study.
    workers : int, optional
        Processes that share the fits; None takes joblib's active configuration. The result is the same.

    Returns
    -------
    RatioOutcome

    Raises
    ------
    HedgerowError
        One sentence where the study cannot be run.
    """
    data = prepare(study, Path(folder))
    market = data.market(study)
    split, execution = walk_forward_of(study, Path(folder)), execution_of(study)
    first = split.first_judged_row(data.changes.times[1:])
    built = build_methods(study, market, first)
    fitted, left_out = _fit_all(built, data, split, lenient)
    warnings = [*data.warnings, *left_out, *_row_warnings(len(data.changes.values))]
    methods = {name: built[name] for name in fitted}
    comparison = lags = None
    try:
        comparison = compare_methods(
            market,
            methods,
            walk_forward=split,
            execution=execution,
            bootstrap=bootstrap_of(study, market.n_steps // 2),
            progress=progress,
            workers=workers,
        )
        warnings.extend([*_later_start(comparison, first), *_held_over(comparison), *_event_today(comparison, split)])
        if study.judging.lags:
            lags = lag_sensitivity(market, methods, study.judging.lags, walk_forward=split, execution=execution)
    except DataError as error:
        warnings.append(f"no out-of-sample figures: {error}")
    results = tuple(_result(name, fitted[name], comparison, data, study) for name in fitted)
    return RatioOutcome(study, data, results, comparison, tuple(warnings), lags)


def _later_start(comparison: Comparison, first: int) -> list[str]:
    """Say where a method that has no ratio yet keeps all methods from being judged on rows after the training part."""
    times = comparison.market.times[1:]
    if comparison.first_row <= first:
        return []
    starts = {name: int(np.isfinite(path).all(axis=1).argmax()) for name, path in comparison.refit_paths.items()}
    last = [name for name, start in starts.items() if start == max(starts.values()) and name == without_events(name)]
    return [
        f"all methods are judged from {times[comparison.first_row].date()} rather than {times[first].date()}, since "
        f"{listed(tuple(last))} had no ratio before; leave that out, or train longer, to judge the others on more rows"
    ]


def _held_over(comparison: Comparison) -> list[str]:
    """Name the methods that kept an older ratio for a while, and why."""
    said = []
    for name, rows in comparison.rows_held_over.items():
        if rows and name == without_events(name):
            why = _why_held(comparison, name)
            said.append(f"{name} had no ratio of its own on {rows} judged rows, since {why}; it kept the one before")
    return said


def _event_today(comparison: Comparison, split: WalkForward) -> list[str]:
    """Say by how much an event that covers the last date multiplies the ratios to hold next."""
    if split.events is None:
        return []
    factor = float(split.events.factors(comparison.market.times[-1:])[0])
    if factor == 1.0:
        return []
    return [
        f"an event covers {comparison.market.times[-1].date()}: with events, hold {factor:g} times the ratios shown"
    ]


def _why_held(comparison: Comparison, name: str) -> str:
    reason = "" if not comparison.failures.get(name) else comparison.failures[name][-1].reason
    return f"fits failed ({reason})" if reason else "an instrument stood still"


def _fit_all(
    built: dict[str, RatioEstimator], data: Prepared, split: WalkForward, lenient: bool
) -> tuple[dict[str, RatioEstimator], list[str]]:
    """Fit each method on all rows; return the fitted ones and a sentence for each that is left out."""
    from sklearn.base import clone

    X = data.changes.values[list(data.hedges)]
    y = data.changes.values[data.exposure].to_numpy()
    first = split.first_judged_row(data.changes.times[1:])
    every = max(1, (len(y) - first) // len(split.rows(data.changes.times, y, first)))
    fitted: dict[str, RatioEstimator] = {}
    left_out: list[str] = []
    for name, estimator in built.items():
        if lenient and estimator.work(len(y), first, every, X.shape[1]) > MOST_WORK:
            left_out.append(
                f"{name} was left out: on {len(y)} rows and {X.shape[1]} hedges it would take too long; "
                "name it alone, with a larger --refit, to run it all the same"
            )
            continue
        try:
            fitted[name] = clone(estimator).fit(X, y)
        except DataError as error:
            if not lenient:
                raise DataError(f"{name}: {error}") from error
            left_out.append(f"{name} was left out: {error}")
    if left_out and not any(estimates(fitted[name]) for name in fitted):
        raise DataError(left_out[0])
    return _without_starving(fitted, left_out, len(y), first, X.shape[1]) if lenient else (fitted, left_out)


def estimates(estimator: RatioEstimator) -> bool:
    """Return whether a method learns its ratio from data, as the naive and the fixed one do not."""
    return not isinstance(estimator, Naive | Fixed)


def _without_starving(
    fitted: dict[str, RatioEstimator], left_out: list[str], rows: int, first: int, n_hedges: int
) -> tuple[dict[str, RatioEstimator], list[str]]:
    """Leave out methods whose first ratio comes so late that more than half of the rows to judge all would go."""
    kept = {}
    for name, estimator in fitted.items():
        window = int(getattr(getattr(estimator, "estimator", estimator), "window", None) or 0)
        needed = estimator._fewest_rows(n_hedges)
        if max(window, needed) > (first + rows) / 2:
            what, cure = (
                ("its window of", "shorten it (--window)") if window >= needed else ("needing", "give more rows")
            )
            left_out.append(
                f"{name} was left out: {what} {max(window, needed)} rows it would leave "
                f"{max(rows - max(window, needed), 0)} of {rows - first} rows to judge all methods on; {cure} or name "
                "the method"
            )
        else:
            kept[name] = estimator
    return kept or fitted, left_out


def _row_warnings(rows: int) -> tuple[str, ...]:
    if rows < FEW_ROWS:
        return (f"only {rows} changes: fewer than {FEW_ROWS} leave every ratio uncertain; use more data",)
    if rows < SHORT_STATIC_WINDOW:
        return (f"{rows} changes: a static ratio is steadier from {SHORT_STATIC_WINDOW} rows on",)
    return ()


def _result(
    name: str, fitted: RatioEstimator, comparison: Comparison | None, data: Prepared, study: RatioStudy
) -> MethodResult:
    sizings = size_hedges(np.asarray(fitted.hedge_ratio_), data, study)
    row = None if comparison is None else comparison.table.T[name]
    return MethodResult(name, fitted, sizings, row)
