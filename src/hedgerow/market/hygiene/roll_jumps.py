"""Suspected roll jumps: large changes that no other column shares, on the same days of the month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray, FloatArray
from hedgerow.market.hygiene.findings import KEPT, Finding, date_text
from hedgerow.market.hygiene.table import PriceColumn, PriceTable, local_scale

_LEAST_JUMPS = 8
_LEAST_ROWS = 250
_DAYS = 31
_TRIM = 3.0
_QUARTER_ROWS = 63
_LEAST_SHARE = 0.25
_QUARTERS: tuple[tuple[int, ...], ...] = ((0, 1, 2), (0,), (1,), (2,))  # months modulo 3; first all of them


class _Cluster(NamedTuple):
    p_value: float
    first_day: int
    quarterly: bool
    inside: BoolArray  # of the large residuals


class _Suspect(NamedTuple):
    column: PriceColumn
    cluster: _Cluster
    jumps: pd.DatetimeIndex
    prominence: float


def roll_jumps(table: PriceTable) -> Iterator[Finding]:
    """Columns whose large changes, not shared by the others, cluster on the same days of the month or quarter.

    The column with the most prominent jumps is named first, then leaves, and the rest are looked at again: the
    residual of a clean column against a rolling one has the same dates, and must not be blamed for them.
    """
    if not 0.5 <= table.days_per_row <= 2.0:
        return
    remaining = [_relative(column) for column in table.joint]
    while remaining and len(remaining[0].dates) >= _LEAST_ROWS:
        found = [s for column in remaining if (s := _suspect(table, column, remaining)) is not None]
        if not found:
            return
        worst = max(found, key=lambda suspect: suspect.prominence)
        yield _finding(table, worst, [c.name for c in remaining if c.name != worst.column.name])
        remaining = [column for column in remaining if column.name != worst.column.name]


def _suspect(table: PriceTable, column: PriceColumn, columns: list[PriceColumn]) -> _Suspect | None:
    options = table.options
    residual = _idiosyncratic(column, [other for other in columns if other.name != column.name])
    scale = _recent_scale(residual)
    large = np.abs(residual) > options.roll_scales * np.where(scale > 0, scale, np.inf)
    if large.sum() < _LEAST_JUMPS:
        return None
    cluster = _calendar_cluster(column.dates[large], column.dates, options.roll_days)
    inside = cluster.inside
    if cluster.p_value > options.roll_level or inside.sum() < max(_LEAST_JUMPS, options.roll_share * large.sum()):
        return None
    return _Suspect(column, cluster, column.dates[large][inside], _prominence(column, np.flatnonzero(large)[inside]))


def _idiosyncratic(column: PriceColumn, others: list[PriceColumn]) -> FloatArray:
    """Return what the other columns' changes do not explain, by least squares trimmed at three robust scales."""
    design = np.column_stack([np.ones(len(column.changes)), *(other.changes for other in others)])
    present = np.isfinite(column.changes) & np.isfinite(design).all(axis=1)
    residual = np.full(len(column.changes), np.nan)
    rows, values = design[present], column.changes[present]
    if not len(values):
        return residual
    fitted = np.ones(len(values), dtype=np.bool_)
    for _ in range(4):
        slopes = np.linalg.lstsq(rows[fitted], values[fitted], rcond=None)[0]
        left = values - rows @ slopes
        distance = np.abs(left - np.median(left))
        fitted = distance <= _TRIM * 1.4826 * np.median(distance) + 1e-12
    residual[present] = left
    return residual


def _calendar_cluster(jumps: pd.DatetimeIndex, dates: pd.DatetimeIndex, width: int) -> _Cluster:
    """Return the window of the month, monthly or quarterly, in which the jumps are least likely by chance."""
    from scipy.special import bdtrc

    clusters = []
    for months in _QUARTERS:
        in_jumps, in_all = np.isin(jumps.month % 3, months), np.isin(dates.month % 3, months)
        for first in range(_DAYS):
            inside = in_jumps & ((jumps.day.to_numpy() - 1 - first) % _DAYS < width)
            chance = float((in_all & ((dates.day.to_numpy() - 1 - first) % _DAYS < width)).mean())
            hits = int(inside.sum())
            p_value = float(bdtrc(hits - 1, len(jumps), chance)) if hits else 1.0
            clusters.append(_Cluster(p_value, first + 1, len(months) == 1, inside))
    return min(clusters, key=lambda cluster: cluster.p_value)


def _relative(column: PriceColumn) -> PriceColumn:
    """Return the column with log changes where all prices allow it: a jump of 1 % weighs the same in every year."""
    if not (column.prices > 0).all():
        return column
    changes = np.append(np.nan, np.diff(np.log(column.prices)))
    return replace(column, changes=np.where(np.isnan(column.changes), np.nan, changes))


def _recent_scale(changes: FloatArray) -> FloatArray:
    """Return the robust scale of about a quarter, kept above a quarter of that of all rows."""
    return local_scale(changes, _QUARTER_ROWS, least=_LEAST_SHARE)


def _prominence(column: PriceColumn, where: np.ndarray) -> float:
    """Return how large the column's own changes are on the jump dates, against all its changes."""
    scale = _recent_scale(column.changes)
    size = np.abs(column.changes) / np.where(scale > 0, scale, np.nan)
    return float(np.nanmean(np.minimum(size[where], 20.0)) / np.nanmean(np.minimum(size, 20.0)))


def _finding(table: PriceTable, suspect: _Suspect, others: list[str]) -> Finding:
    cluster = suspect.cluster
    last_day = (cluster.first_day - 1 + table.options.roll_days - 1) % _DAYS + 1
    shared = f" that {', '.join(others)} {'does' if len(others) == 1 else 'do'} not share" if others else ""
    either = f" (of it or of {others[0]})" if len(others) == 1 else ""
    if cluster.quarterly:
        either += ", or for a share or fund its dividends"
    rhythm = "of every third month" if cluster.quarterly else "of the month"
    sentence = (
        f"{suspect.column.name}: {len(suspect.jumps):,} of its {len(cluster.inside):,} large changes{shared} fall "
        f"between day {cluster.first_day} and day {last_day} {rhythm} (first {date_text(suspect.jumps[0])}): suspected "
        f"roll jumps between two contracts{either}, kept; give the contracts or the roll dates, so that no "
        "change is taken across a roll."
    )
    dates = tuple(suspect.jumps[: table.options.listed_dates])
    return Finding("roll_jumps", suspect.column.name, len(suspect.jumps), dates, KEPT, sentence)
