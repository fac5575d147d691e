"""Policies that look at nothing but the clock: at their moments they trade to the target."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray
from hedgerow.errors import InputError
from hedgerow.kernels.rules import Stage, rule
from hedgerow.market.time_grid import TimeGrid
from hedgerow.policies.base import PolicyTerms, RulePolicy


@rule("fires", "goes")
def trade_at(target, *, when):  # type: ignore[no-untyped-def]
    """Fire at the policy's moments, whatever the path does; go to the target."""
    return when, target


class ClockPolicy(RulePolicy):
    """Trades to the target at moments that are known before the first price."""

    @abstractmethod
    def moments(self, grid: TimeGrid) -> BoolArray:
        """Return whether each decision of a grid is one of the policy's moments, shape (n_steps,)."""

    def stages(self, terms: PolicyTerms, slot: int = 0) -> tuple[Stage, ...]:
        """Return the one stage that fires at the policy's moments."""
        rows = {"fires": f"fires_{slot}", "goes": f"goes_{slot}"}
        return (Stage(trade_at, {"when": self.moments(terms.grid).astype(float)}, rows),)


def decisions(grid: TimeGrid) -> pd.DatetimeIndex:
    """Return the moments of a grid at which something can be decided: all but the last, shape (n_steps,)."""
    return grid.times[:-1]


def first_of_each(labels: pd.Index) -> BoolArray:
    """Return where a label occurs for the first time, shape as ``labels``."""
    return ~np.asarray(labels.duplicated())


def time_of_day(text: str) -> pd.Timedelta:
    """Return the time since midnight of ``"10:00"`` or ``"15:59:30"``; InputError for anything else."""
    parts = str(text).split(":")
    if 2 <= len(parts) <= 3 and all(part.isascii() and part.isdigit() and len(part) <= 2 for part in parts):
        hours, minutes, seconds = (*map(int, parts), 0)[:3]
        if hours < 24 and minutes < 60 and seconds < 60:
            return pd.Timedelta(hours=hours, minutes=minutes, seconds=seconds)
    raise InputError(f"{text!r} is no time of day; write it as '10:00' or '15:59:30'")


def first_at_or_after(times: pd.DatetimeIndex, since_midnight: pd.Timedelta) -> BoolArray:
    """Return the first moment of each date at or after a time of day, shape (n_times,)."""
    late = np.asarray(times - times.normalize() >= since_midnight)
    chosen = np.zeros(len(times), dtype=bool)
    where = np.flatnonzero(late)
    chosen[where[first_of_each(times[late].normalize())]] = True
    return chosen
