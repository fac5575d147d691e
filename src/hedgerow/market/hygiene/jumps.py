"""Checks of single changes: outliers, bad prints, splits and changes of unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hedgerow._types import BoolArray, FloatArray, IntArray
from hedgerow.market.hygiene.findings import KEPT, Finding, counted, date_text, dates_text
from hedgerow.market.hygiene.table import PriceColumn, PriceTable, local_scale

_REVERSED = 0.2  # an outlier is undone when this share of it, or less, is left one row later
_RATIO_TOLERANCE = (0.03, 0.10)  # |log(ratio) - log(k)|: at least and at most, four daily scales between
_LEVEL_TOLERANCE = (0.10, 0.20)


def outliers(table: PriceTable) -> Iterator[Finding]:
    """Price differences beyond ``outlier_scales`` robust standard deviations, both of all rows and of their time."""
    for column in table.columns:
        scale = local_scale(column.changes, table.options.scale_window)
        middle = np.nanmedian(column.changes) if np.isfinite(column.changes).any() else 0.0
        sizes = np.abs(column.changes - middle)
        where = np.flatnonzero((sizes > table.options.outlier_scales * scale) & (scale > 0))
        if len(where):
            yield _outlier_finding(table, column, where[np.argsort(-sizes[where], kind="stable")])


def _outlier_finding(table: PriceTable, column: PriceColumn, where: IntArray) -> Finding:
    listed = tuple(column.dates[where[: table.options.listed_dates]])
    also = f"; then {dates_text(listed[1:])}" if len(listed) > 1 else ""
    undone = np.sort(where[_undone(column.changes, where)])
    prints = ""
    if len(undone):
        prints = (
            f"; {len(undone):,} of them undone on the next row ({dates_text(column.dates[undone[:3]])}), "
            "as a bad print would be"
        )
    sentence = (
        f"{column.name}: {counted(len(where), 'change')} beyond {table.options.outlier_scales:g} robust standard "
        f"deviations (largest {column.changes[where[0]]:+.4g} on {date_text(listed[0])}{also}){prints}, kept; "
        "name them in --exclude to leave them out."
    )
    return Finding("outlier", column.name, len(where), listed, KEPT, sentence)


def _undone(changes: FloatArray, where: IntArray) -> BoolArray:
    following = np.append(changes, np.nan)[where + 1]
    undone: BoolArray = np.abs(changes[where] + following) < _REVERSED * np.abs(changes[where])
    return undone


def splits(table: PriceTable) -> Iterator[Finding]:
    """Lasting jumps of the price by the ratio of a share split or a consolidation."""
    for column in table.columns:
        steps = _level_steps(column, table, table.options.split_ratios)
        if len(steps.where):
            yield _step_finding(
                table, column, steps, "split", "suspected split", "adjust the prices before it by the ratio"
            )


def unit_changes(table: PriceTable) -> Iterator[Finding]:
    """Lasting jumps of the price by the ratio of two units: 42 gallons a barrel, 100 cents a dollar, 1,000."""
    for column in table.columns:
        steps = _level_steps(column, table, table.options.unit_ratios)
        if len(steps.where):
            yield _step_finding(
                table, column, steps, "unit_change", "suspected change of unit", "bring all prices to one unit"
            )


@dataclass(frozen=True)
class _Steps:
    where: IntArray
    ratios: FloatArray  # the round ratio each step is close to: price after / price before


def _level_steps(column: PriceColumn, table: PriceTable, ratios: tuple[float, ...]) -> _Steps:
    """Return the rows at which the price moves, for good, by one of the ratios or its reciprocal."""
    positive = column.prices > 0
    logs = np.log(np.where(positive, column.prices, np.nan))
    steps = np.append(np.nan, np.diff(logs))
    steps[np.isnan(column.changes)] = np.nan
    scale = local_scale(steps, table.options.scale_window)
    targets = np.concatenate([np.log(ratios), -np.log(ratios)])
    least = np.fmax(table.options.outlier_scales * scale, 0.5 * np.abs(targets).min())
    # In price differences too: yields near zero double within a week on a few ticks.
    far = np.abs(column.changes) > table.options.outlier_scales * local_scale(
        column.changes, table.options.scale_window
    )
    large = np.flatnonzero((np.abs(steps) > least) & far)
    nearest = np.abs(steps[large, None] - targets[None, :]).argmin(axis=1)
    near = np.abs(steps[large] - targets[nearest]) <= np.clip(4.0 * scale[large], *_RATIO_TOLERANCE)
    where, goal = large[near], targets[nearest[near]]
    lasting = np.abs(_level_shift(logs, where, table.options.persistence_rows) - goal)
    drift = 4.0 * scale[where] * np.sqrt(table.options.persistence_rows)
    holds = lasting <= np.clip(drift, *_LEVEL_TOLERANCE)
    return _Steps(where[holds], np.exp(goal[holds]))


def _level_shift(logs: FloatArray, where: IntArray, rows: int) -> FloatArray:
    """Return median log price of ``rows`` rows from each step on less that of the rows before; NaN if too few."""
    padded = np.concatenate([np.full(rows, np.nan), logs, np.full(rows, np.nan)])
    before = padded[where[:, None] + np.arange(rows)[None, :]]
    after = padded[where[:, None] + rows + np.arange(rows)[None, :]]
    enough = (np.isfinite(before).sum(axis=1) >= 3) & (np.isfinite(after).sum(axis=1) >= 3)
    shift = np.full(len(where), np.nan)
    shift[enough] = np.nanmedian(after[enough], axis=1) - np.nanmedian(before[enough], axis=1)
    return shift


def _step_finding(table: PriceTable, column: PriceColumn, steps: _Steps, kind: str, noun: str, remedy: str) -> Finding:
    first = int(steps.where[0])
    ratio = steps.ratios[0]
    text = f"x {ratio:g}" if ratio > 1 else f"/ {1 / ratio:g}"
    dates = column.dates[steps.where[: table.options.listed_dates]]
    others = f"; also on {dates_text(dates[1:])}" if len(dates) > 1 else ""
    sentence = (
        f"{column.name}: {noun} on {date_text(dates[0])} (price {text}: {column.prices[first - 1]:g} to "
        f"{column.prices[first]:g}, and the level stays{others}), kept; {remedy}, or name the date in --exclude."
    )
    return Finding(kind, column.name, len(steps.where), tuple(dates), KEPT, sentence)
