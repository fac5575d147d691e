"""The same figures from the array form of the loop: of simulated paths, chunk by chunk, or of one history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.attribution import Explained, explain_ledger
from hedgerow.engine.loop.book_run import BookRun
from hedgerow.engine.outcomes import Gathered, Outcomes, check_accounts, gather
from hedgerow.ledger import Ledger

MEMORY_CELLS = 4_000_000
"""Numbers of one kind (paths x times x instruments) that a chunk may hold at once."""


def outcomes_of(run: BookRun) -> Outcomes:
    """Return what every path of a run ended with, checked."""
    ledger = run.ledger
    explained = explain_ledger(ledger, run.marks)
    totals = {name: money.sum(axis=1) for name, money in explained.parts.items()}
    own = run.schedule.n_book_places
    carry = sum((money.sum(axis=1) for money in ledger.flows.values()), np.zeros(len(ledger.wealth)))
    trades = ledger.trades[..., own:]
    found: dict[str, FloatArray] = {
        "pnl": run.pnl,
        "book": ledger.gains[..., :own].sum(axis=(1, 2)),
        "hedge": ledger.gains[..., own:].sum(axis=(1, 2)),
        "financing": np.asarray(ledger.financing).sum(axis=1),
        "carry": carry,
        "costs": ledger.total_costs.sum(axis=1),
        "trades": (np.abs(trades) > 0.0).sum(axis=(1, 2)).astype(float),
        "turnover": np.abs(trades).sum(axis=(1, 2)),
    }
    found |= {f"cost {label}": money.sum(axis=1) for label, money in ledger.costs.items()}
    check_accounts(found, ledger.gross_notional)
    greeks = [name for name in totals if name in run.marks.greeks or name == "unexplained"]
    found |= {name: totals[name] for name in greeks}
    found |= {f"hedge {name}": money.sum(axis=1) for name, money in explained.hedge_parts.items()}
    gained = np.cumsum(ledger.wealth_changes, axis=1)
    found["drawdown"] = (np.maximum.accumulate(np.maximum(gained, 0.0), axis=1) - gained).max(axis=1)
    closed = {} if run.exit_log is None else run.exit_log.outcomes()
    return found | _realised(run) | closed


def _realised(run: BookRun) -> dict[str, FloatArray]:
    """Return realised volatility where there is one underlying, whose spot every instrument follows."""
    if len(run.marks.underlyings) != 1:
        return {}
    spots = np.broadcast_to(run.marks.spots, run.ledger.holdings.shape)[..., 0]
    moves = np.diff(spots, axis=1) / spots[:, :-1]
    return {"realised volatility": np.sqrt((moves**2).sum(axis=1) / float(run.marks.years[-1]))}


def paths_per_chunk(n_instruments: int, n_steps: int) -> int:
    """Return how many paths are run at once, so that memory stays modest."""
    fits = MEMORY_CELLS // (n_instruments * (n_steps + 1))
    return max(2, min(8192, fits // 2 * 2))  # an even number keeps mirrored pairs together


@dataclass(frozen=True, eq=False)
class ArrayRuns:
    """Runs paths in the array form and draws single ones again.

    Attributes
    ----------
    run : callable
        ``run(first_path, count) -> BookRun``.
    per_chunk : int
        Paths in memory at once.
    mirrored : bool
        Whether paths 2k and 2k + 1 share their draws.
    """

    run: Callable[[int, int], BookRun]
    per_chunk: int
    mirrored: bool = False

    def statistics(self, n_paths: int, *, keeps_paths: bool, progress: Callable[[float], None] | None) -> Gathered:
        """Return the statistics of all paths, in chunks of their own order."""
        batches = []
        for first in range(0, n_paths, self.per_chunk):
            outcomes = outcomes_of(self.run(first, min(self.per_chunk, n_paths - first)))
            batches.append(Gathered.of(outcomes, keeps_paths=keeps_paths, mirrored=self.mirrored))
            if not keeps_paths:
                batches = [gather(batches)]
            if progress is not None:
                progress(min(1.0, (first + self.per_chunk) / n_paths))
        return gather(batches)

    def ledger(self, first: int, count: int) -> Ledger:
        """Return the ledger of some paths."""
        return self.run(first, count).ledger

    def explained(self, first: int, count: int) -> Explained:
        """Return the attribution of some paths, step by step."""
        run = self.run(first, count)
        return explain_ledger(run.ledger, run.marks)

    def frame(self, path: int) -> pd.DataFrame:
        """Return one path by time; the first underlying's and the first hedge's figures where there are several."""
        run = self.run(path, 1)
        ledger, own = run.ledger, run.schedule.n_book_places
        prices = np.broadcast_to(ledger.terms.prices, ledger.holdings.shape)[0]
        held, wealth = ledger.holdings[0], ledger.wealth[0]
        spot_at = int(np.argmax(run.marks.hedges)) if run.marks.hedges.any() else 0
        table = {
            "spot": np.broadcast_to(run.marks.spots, ledger.holdings.shape)[0, :, spot_at],
            "implied": _first_option_vol(run),
            "value": (held[:, :own] * prices[:, :own] * ledger.terms.is_valued[:own]).sum(axis=1),
        }
        table |= {name: run.greek(name)[0, :, 0] for name in ("delta", "gamma", "theta", "vega") if name in run.figures}
        gained, nothing, hedged = np.cumsum(ledger.wealth_changes[0]), np.zeros(len(wealth)), run.targets.shape[-1] > 0
        table |= {
            "target": run.targets[0, :, 0] if hedged else nothing,
            "holding": held[:, own] if hedged else nothing,
            "trade": ledger.trades[0, :, own] if hedged else nothing,
            "cost": ledger.total_costs[0],
            "cash": ledger.cash[0],
            "wealth": wealth,
            "pnl": gained,
        }
        return pd.DataFrame(table, index=ledger.terms.times.rename("time"))


def _first_option_vol(run: BookRun) -> FloatArray:
    """Return the volatility of the first instrument that has one, through time."""
    vols = np.broadcast_to(run.marks.vols, run.ledger.holdings.shape)[0]
    live = (vols > 0.0).any(axis=0)
    first: FloatArray = vols[:, int(np.argmax(live))]
    return first
