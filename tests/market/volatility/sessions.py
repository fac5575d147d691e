"""Simulated trading sessions with known volatility, watched without a break or at a few trades only."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

Array = np.ndarray[Any, np.dtype[np.float64]]


def daily_bars(
    rng: np.random.Generator,
    sessions: int,
    *,
    steps: int = 64,
    gap: float = 0.0,
    drift: float = 0.0,
    between_trades: bool = True,
    volatility: float = 0.01,
) -> pd.DataFrame:
    """Return bars of a diffusion whose variance per day is ``volatility^2``, a share ``gap`` of it overnight.

    ``drift`` is per day, in daily standard deviations, within the session. ``between_trades`` draws the extremes
    between steps from the law of the Brownian bridge, as if trading never paused.
    """
    scale = volatility * np.sqrt(1.0 - gap)
    moves = scale * rng.standard_normal((sessions, steps)) / np.sqrt(steps) + volatility * drift / steps
    path = np.concatenate([np.zeros((sessions, 1)), moves.cumsum(axis=1)], axis=1)
    high, low = path.max(axis=1), path.min(axis=1)
    if between_trades:
        start, end = path[:, :-1], path[:, 1:]
        reach = -2.0 * scale**2 / steps * np.log(rng.uniform(size=(2, sessions, steps)))
        high = (0.5 * (start + end + np.sqrt((end - start) ** 2 + reach[0]))).max(axis=1)
        low = (0.5 * (start + end - np.sqrt((end - start) ** 2 + reach[1]))).min(axis=1)
    overnight = volatility * np.sqrt(gap) * rng.standard_normal(sessions)
    opens = np.log(100.0) + overnight + np.concatenate([[0.0], (overnight + path[:, -1]).cumsum()[:-1]])
    logs = {"open": opens, "high": opens + high, "low": opens + low, "close": opens + path[:, -1]}
    index = np.datetime64("1700-01-01", "s") + np.arange(sessions) * np.timedelta64(86_400, "s")
    return pd.DataFrame({name: np.exp(values) for name, values in logs.items()}, pd.DatetimeIndex(index))


def bars_from(table: pd.DataFrame) -> pd.DataFrame:
    """Return bars that are possible whatever numbers stand in a table of four columns, row by row."""
    numbers = np.log1p(np.abs(table.to_numpy()))
    opens, closes = np.exp(numbers[:, 0]), np.exp(numbers[:, 1])
    high, low = np.maximum(opens, closes) * (1 + numbers[:, 2]), np.minimum(opens, closes) / (1 + numbers[:, 3])
    return pd.DataFrame({"open": opens, "high": high, "low": low, "close": closes}, table.index)
