"""What every path ended with, by name, from whichever engine ran it; and the law of the accounts on every path."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.engine.statistics import Moments, Sketch, error_of, tail_figures
from hedgerow.errors import AccountsError
from hedgerow.kernels.compile import share_out
from hedgerow.ledger.book import TOLERANCE

Outcomes = Mapping[str, FloatArray]
"""Figure by name, each (n_paths,): ``pnl`` always, then ``book``, ``hedge``, ``financing``, ``carry``, ``costs``,
``cost <label>``, ``trades``, ``turnover``, ``drawdown``, ``delta``, ``gamma``, ``theta``, ``vega``, ``unexplained`` and
what else is followed. Costs are positive."""

PARTS = ("delta", "gamma", "theta", "vega", "vanna", "volga", "charm", "rho", "dividend_rho", "unexplained")
"""Parts of the book's own gain, in order."""


def check_accounts(outcomes: Outcomes, gross: float) -> None:
    """Raise AccountsError where book + hedge + financing + carry - costs misses the P&L by over 1e-9 of notional.

    Parameters
    ----------
    outcomes : Outcomes
        ``pnl`` came from the cash account and what is held at the end, the others from what was earned on the way.
    gross : float
        Gross notional, money.
    """
    earned = outcomes["book"] + outcomes["hedge"] + outcomes["financing"] + outcomes["carry"] - outcomes["costs"]
    gap = np.abs(earned - outcomes["pnl"])
    if float(gap.max()) <= TOLERANCE * gross:
        return
    breach = float((gap / np.maximum(gross, np.abs(outcomes["pnl"]))).max())
    if not breach <= TOLERANCE:
        raise AccountsError(
            f"the accounts do not close: the law of the accounts is broken by {breach:.3g} of gross notional, more "
            f"than {TOLERANCE:g}; please report this with the input that caused it"
        )


@dataclass(frozen=True)
class Gathered:
    """Statistics of outcomes over all paths so far.

    Attributes
    ----------
    moments : mapping of str to Moments
    sketch : Sketch or None
        Of the P&L, where single paths are not kept.
    pnl : ndarray (n_paths,) or None
    cross : ndarray (3,)
        Sums of control, control squared and control x P&L, for a control variate.
    pairs : mapping of str to Moments, or None
        Of the means of mirrored pairs, where paths 2k and 2k + 1 share their draws: they alone are independent.
    """

    moments: Mapping[str, Moments]
    sketch: Sketch | None
    pnl: FloatArray | None
    cross: FloatArray
    pairs: Mapping[str, Moments] | None = None

    @classmethod
    def of(cls, outcomes: Outcomes, *, keeps_paths: bool, mirrored: bool = False, threads: int | None = 1) -> Gathered:
        """Return the statistics of one batch; each figure is worked out by one of the threads."""
        pnl, control = outcomes["pnl"], outcomes.get("control")
        none = np.zeros(3)
        cross = none if control is None else np.array([control.sum(), (control**2).sum(), (control * pnl).sum()])
        moments = _moments(outcomes, threads)
        paired = {name: _paired(values) for name, values in outcomes.items()} if mirrored else {}
        pairs = _moments(paired, threads) if mirrored else None
        return cls(moments, None if keeps_paths else Sketch.of(pnl), pnl if keeps_paths else None, cross, pairs)

    def error_of_mean(self, name: str) -> float:
        """Return the standard error of a figure's mean."""
        return (self.moments if self.pairs is None else self.pairs)[name].error_of_mean

    def error_of_deviation(self) -> float:
        """Return the standard error of the P&L's standard deviation.

        Where only statistics of mirrored paths are kept, the pairs count as independent.
        """
        moments = self.moments["pnl"]
        if self.pairs is None or self.pnl is None or moments.standard_deviation == 0.0:
            return moments.error_of_deviation
        off = (self.pnl - moments.mean) ** 2
        return error_of(off, mirrored=True) / (2.0 * moments.standard_deviation)

    def tail(self, level: float = 0.95) -> dict[str, tuple[float, float]]:
        """Return value at risk and CVaR with standard errors; from the sketch they carry its 0.1 % as well."""
        if self.pnl is not None:
            return tail_figures(self.pnl, level, mirrored=self.pairs is not None)
        sketch = self.sketch or Sketch()
        at_risk, cvar = -sketch.quantile(1.0 - level), -sketch.mean_below(1.0 - level)
        n = float(sketch.counts.sum())
        step = float(np.sqrt(level * (1.0 - level) / n))
        around = [-sketch.quantile(share) for share in (1.0 - level + step, max(1.0 - level - step, 0.0))]
        middles = np.divide(sketch.sums, sketch.counts)
        beyond = np.maximum(-middles - at_risk, 0.0) / (1.0 - level)
        spread = np.average((beyond - np.average(beyond, weights=sketch.counts)) ** 2, weights=sketch.counts)
        return {
            "value at risk": (at_risk, (around[1] - around[0]) / 2.0),
            "cvar": (cvar, float(np.sqrt(spread / n))),
        }


def _moments(outcomes: Outcomes, threads: int | None) -> dict[str, Moments]:
    figures = list(outcomes.values())
    found = share_out(lambda k: Moments.of(figures[k]), len(figures), threads)
    return dict(zip(outcomes, found, strict=True))


def gather(batches: list[Gathered]) -> Gathered:
    """Return the statistics of all batches, merged in their order."""
    whole = batches[0]
    moments, sketch, cross, pairs = dict(whole.moments), whole.sketch, whole.cross, whole.pairs
    for each in batches[1:]:
        moments = {name: moments[name].merged(each.moments[name]) for name in moments}
        if pairs is not None and each.pairs is not None:
            pairs = {name: pairs[name].merged(each.pairs[name]) for name in pairs}
        sketch = None if sketch is None or each.sketch is None else sketch.merged(each.sketch)
        cross = cross + each.cross
    pnl = None if whole.pnl is None else np.concatenate([each.pnl for each in batches if each.pnl is not None])
    return Gathered(moments, sketch, pnl, cross, pairs)


class Batches:
    """Statistics of batches, merged in the order of their numbers as they come in from any thread.

    Parameters
    ----------
    keeps_paths : bool
        Whether single paths are kept; they are joined at the end, all at once.

    Attributes
    ----------
    count : int
        Batches merged so far.
    """

    def __init__(self, *, keeps_paths: bool) -> None:
        self.count = 0
        self._keeps_paths, self._lock = keeps_paths, threading.Lock()
        self._early: dict[int, Gathered] = {}
        self._merged: list[Gathered] = []

    def add(self, number: int, batch: Gathered) -> None:
        """Take the batch of this number, from 0."""
        with self._lock:
            self._early[number] = batch
            while self.count in self._early:
                self._merged.append(self._early.pop(self.count))
                self.count += 1
            if len(self._merged) > 1 and not self._keeps_paths:
                self._merged = [gather(self._merged)]

    def whole(self) -> Gathered:
        """Return the statistics of all batches."""
        return gather(self._merged)


def _paired(values: FloatArray) -> FloatArray:
    """Return the means of neighbours (0, 1), (2, 3), ...; a last one without a twin stands alone."""
    whole = len(values) // 2 * 2
    return np.append(0.5 * (values[0:whole:2] + values[1:whole:2]), values[whole:])
