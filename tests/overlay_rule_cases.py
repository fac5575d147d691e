"""Signals and one example of every overlay rule, for tests of all of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hedgerow.overlays import (
    Complement,
    CorrelationAdjusted,
    CrashIntensity,
    DrawdownTriggered,
    FilteredCrashIntensity,
    FittedCrashIntensity,
    OverlayRule,
    Percentile,
    PutCount,
    RealisedVolatility,
    Sigmoid,
    Signals,
    SmoothedSignal,
    Static,
    Steps,
    TermStructure,
    VixLinear,
)

BOUNDED = ("correlation", "put_delta")
"""Signals that a future may not multiply."""

EXAMPLES: Mapping[str, OverlayRule] = {
    "static": Static(0.7),
    "vix_linear": VixLinear(10, 15, cap=2.0),
    "realised_volatility": RealisedVolatility(0.15, 20),
    "steps": Steps((15, 25), (0, 0.5, 1)),
    "term_structure": TermStructure(power=2.0),
    "correlation": CorrelationAdjusted(0.4, 30, ("banks", "energy", "retail")),
    "drawdown": DrawdownTriggered(0.05, 20),
    "put_count": PutCount(hedged_fraction=0.5),
    "sigmoid": Sigmoid(),
    "crash_intensity": CrashIntensity(),
    "filtered_crash_intensity": FilteredCrashIntensity(0.03, 0.06, (2.7, 3.4), (0.15, 0.12)),
    "fitted_crash_intensity": FittedCrashIntensity(minimum_rows=110, refit_every=120),
}
"""One rule per name of the registry."""

MADE_OF_RULES: Mapping[str, OverlayRule] = {
    "given correlation": CorrelationAdjusted(0.4),
    "long share": Complement(TermStructure()),
    "percentile": Percentile(Steps((50, 90), (0, 0.5, 1)), 40),
    "percentile of a sum": Percentile(VixLinear(50, 50) + RealisedVolatility(0.15, 60), 40),
    "smoothed": SmoothedSignal(VixLinear(10, 15), 5),
    "smoothed percentile": SmoothedSignal(Percentile(Sigmoid(80, 0.1), 30), 4),
    "percentile of smoothed": Percentile(SmoothedSignal(Sigmoid(80, 0.1), 4), 30),
    "smoothed price": SmoothedSignal(RealisedVolatility(0.15, 20), 3, "price"),
    "smoothed drawdown": SmoothedSignal(DrawdownTriggered(0.02, 5), 10, "price"),
    "product": VixLinear(10, 15) * CorrelationAdjusted(0.4, 30, ("banks", "energy")),
    "sum": 0.5 * VixLinear(10, 15) + 0.25 * DrawdownTriggered(0.05, 20) + 0.1,
}
"""Rules made of rules, and other forms of them."""


def signal_table(n: int = 300, seed: int = 3) -> pd.DataFrame:
    """Return every signal that a rule reads, by business day: an index in two moods and what goes with it."""
    rng = np.random.default_rng(seed)
    crash = (np.arange(n) // 25) % 3 == 2
    market = np.where(crash, 0.025, 0.007) * rng.standard_normal(n)
    vix = np.exp(np.where(crash, 3.4, 2.7) + 0.12 * rng.standard_normal(n))
    closes = {name: 0.7 * market + 0.008 * rng.standard_normal(n) for name in ("banks", "energy", "retail")}
    columns = {
        "vix": vix,
        "price": 100.0 * np.exp(np.cumsum(market)),
        "short": vix * np.exp(0.05 * rng.standard_normal(n)),
        "long": np.full(n, 20.0) + rng.standard_normal(n),
        **{name: 50.0 * np.exp(np.cumsum(moves)) for name, moves in closes.items()},
        "correlation": rng.uniform(-0.2, 0.9, n),
        "portfolio_delta": rng.uniform(-100.0, 5000.0, n),
        "put_delta": rng.uniform(-0.9, -0.05, n),
    }
    return pd.DataFrame(columns, pd.bdate_range("2020-01-01", periods=n))


def known(table: pd.DataFrame) -> Signals:
    """Return a table's columns as signals."""
    return Signals.of({str(name): table[name] for name in table})


def signals_of(**values: object) -> Signals:
    """Return lists of values as signals on consecutive days."""
    return Signals.of(
        {
            name: pd.Series(each, pd.date_range("2024-01-01", periods=len(each)), dtype=float)  # type: ignore[arg-type, call-overload]
            for name, each in values.items()
        }
    )


def altered_futures(signals: Signals, row: int, seed: int) -> dict[str, Signals]:
    """Return signals that are equal up to ``row`` and cut off, poisoned or shuffled after it."""
    rng = np.random.default_rng(seed)
    later = len(signals) - row - 1
    order = row + 1 + rng.permutation(later)
    wild, shuffled = signals, signals
    for name, values in signals.values.items():
        factor = -1.0 if name in BOUNDED else rng.uniform(1e9, 2e9, later)
        wild = wild.with_values(name, np.concatenate((values[: row + 1], values[row + 1 :] * factor)))
        shuffled = shuffled.with_values(name, np.concatenate((values[: row + 1], values[order])))
    return {"cut off": signals.first(row + 1), "poisoned": wild, "shuffled": shuffled}
