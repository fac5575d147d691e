"""Shaping written a second time, as sentences of plain Python over lists, and signals to shape by."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from hedgerow.overlays import (
    DrawdownCrossed,
    EveryDays,
    Monthly,
    RelativeMove,
    Shape,
    SignalMove,
    Signals,
    Trigger,
    Weekly,
)

TIE = 1e-9
EVERY_TRIGGER = (
    SignalMove(3.0),
    SignalMove(1.5, "price"),
    RelativeMove(0.15),
    Weekly(),
    Monthly(),
    EveryDays(7),
    DrawdownCrossed(0.05),
)


def signals_of(seed: int, n: int, start: str = "2015-01-01") -> Signals:
    """Return a volatility index in whole and half points, so that ties occur, and a price."""
    rng = np.random.default_rng(seed)
    dates = pd.bdate_range(start, periods=n)
    vix = np.clip(np.round(2 * (18 + np.cumsum(rng.normal(0, 1.5, n)))) / 2, 5.0, 90.0)
    price = 100 * np.exp(np.cumsum(rng.normal(0, 0.02, n)))
    return Signals.of({"vix": pd.Series(vix, dates), "price": pd.Series(price, dates)})


def shaped_slowly(values: Sequence[float], signals: Signals, shape: Shape) -> dict[str, list[float]]:
    """Return every stage by date, and the dates of rebalancing as 0 and 1."""
    raw = [float(value) for value in values]
    smooth = [_mean(raw[max(t - shape.smooth + 1, 0) : t + 1], shape.smooth) for t in range(len(raw))]
    persist = _persisted(smooth, shape.persist)
    floor = [value if shape.floor is None or math.isnan(value) else max(value, shape.floor) for value in persist]
    cap = [value if shape.cap is None or math.isnan(value) else min(value, shape.cap) for value in floor]
    held, dates = _triggered(cap, signals, shape.threshold)
    stages = {"rule": raw, "smooth": smooth, "persist": persist, "floor": floor, "cap": cap, "threshold": held}
    return stages | {"budget": held, "rebalanced": dates}


def _mean(window: list[float], wanted: int) -> float:
    if len(window) < wanted or any(math.isnan(value) for value in window):
        return math.nan
    return math.fsum(window) / wanted


def _persisted(values: list[float], days: int) -> list[float]:
    """Follow where all of the last so many closes, none before the first, lie on one side of what is held."""
    held, first, found = math.nan, -1, []
    for t, value in enumerate(values):
        closes = values[max(t - days + 1, first) : t + 1]
        if math.isnan(held):
            held, first = value, t
        elif days == 1 or (
            len(closes) == days
            and (all(close > held + TIE for close in closes) or all(close < held - TIE for close in closes))
        ):
            held = value
        found.append(held)
    return found


def _triggered(values: list[float], signals: Signals, triggers: Sequence[Trigger]) -> tuple[list[float], list[float]]:
    held, last, found, dates = math.nan, -1, [], []
    for t, value in enumerate(values):
        due = last < 0 or not triggers or any(_due(one, signals, t, last) for one in triggers)
        due = due and not math.isnan(value)
        if due:
            held, last = value, t
        found.append(held)
        dates.append(float(due))
    return found, dates


def _due(trigger: Trigger, signals: Signals, t: int, last: int) -> bool:
    if isinstance(trigger, SignalMove):
        level = signals[trigger.signal]
        return bool(abs(level[t] - level[last]) > trigger.points + TIE)
    if isinstance(trigger, RelativeMove):
        level = signals[trigger.signal]
        return bool(abs(level[t] / level[last] - 1.0) > trigger.share + TIE)
    if isinstance(trigger, EveryDays):
        return (signals.dates[t].normalize() - signals.dates[last].normalize()).days >= trigger.days
    if isinstance(trigger, DrawdownCrossed):
        price = [float(value) for value in signals[trigger.signal][: t + 1]]
        now, before = (1.0 - price[row] / max(price[: row + 1]) for row in (t, max(t - 1, 0)))
        return now > trigger.size + TIE >= before
    day, is_last = signals.dates[t], t == len(signals.dates) - 1
    if isinstance(trigger, Weekly):
        return bool(
            day.day_of_week >= 4 if is_last else signals.dates[t + 1].isocalendar()[:2] != day.isocalendar()[:2]
        )
    assert isinstance(trigger, Monthly)
    following = (day + pd.offsets.BDay(1)) if is_last else signals.dates[t + 1]
    return (following.year, following.month) != (day.year, day.month)
