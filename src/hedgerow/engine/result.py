"""What a simulation or replay returns, whichever engine ran it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.attribution import Explained, GammaTheta, gamma_theta
from hedgerow.engine.loop.array_runs import ArrayRuns
from hedgerow.engine.outcomes import PARTS, Gathered
from hedgerow.engine.statistics import error_of
from hedgerow.errors import InputError, did_you_mean
from hedgerow.ledger import Ledger
from hedgerow.market.time_grid import TimeGrid


@dataclass(frozen=True)
class RunFacts:
    """How a result came about, printed with it.

    Attributes
    ----------
    how : str
        ``compiled``, ``split`` (a NumPy policy between compiled stages) or ``arrays``.
    reason : str
        Why it did not run compiled, as a clause; empty where it did.
    n_paths, seed, lag : int
    grid : TimeGrid
    words : mapping of str to str
        Scenario, hedger, policy and costs as the code that makes them.
    synthetic : str
        What in the prices is made and not observed; empty for nothing.
    gross_notional : float
        What the accounts are measured against, money: units behind the book x spot at the start, or for a history the
        largest over time; 1.0 where runs are in the array form, which takes it path by path.
    notes : tuple of str
        What a reader should know beside, a sentence each.
    """

    how: str
    reason: str
    n_paths: int
    seed: int
    lag: int
    grid: TimeGrid
    words: Mapping[str, str] = field(default_factory=dict)
    synthetic: str = ""
    gross_notional: float = 1.0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class SimulationResult:
    """P&L of a hedged book on every path, and where it came from.

    Attributes
    ----------
    facts : RunFacts
    gathered : Gathered
        Statistics over all paths.
    source : ArrayRuns
        Runs single paths again in the array form, with every position in the ledger.
    """

    facts: RunFacts
    gathered: Gathered
    source: ArrayRuns

    def __repr__(self) -> str:
        pnl, facts = self.gathered.moments["pnl"], self.facts
        return (
            f"<SimulationResult of {facts.n_paths:,} paths x {facts.grid.n_steps} steps ({facts.how}): "
            f"P&L {pnl.mean:.6g} +- {self.gathered.error_of_mean('pnl'):.2g}, sd {pnl.standard_deviation:.6g}>"
        )

    @property
    def pnl(self) -> FloatArray | None:
        """P&L of every path, (n_paths,), money, read-only; None where only statistics were kept."""
        if self.gathered.pnl is None:
            return None
        kept = self.gathered.pnl.view()
        kept.flags.writeable = False
        return kept

    @property
    def n_paths(self) -> int:
        """Number of paths."""
        return self.facts.n_paths

    @property
    def lag(self) -> int:
        """Steps between a decision and its trade."""
        return self.facts.lag

    @property
    def seed(self) -> int:
        """Seed of all random numbers."""
        return self.facts.seed

    @property
    def how(self) -> str:
        """``compiled``, ``split`` or ``arrays``."""
        return self.facts.how

    @property
    def grid(self) -> TimeGrid:
        """Moments of decision."""
        return self.facts.grid

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader should know, a sentence each."""
        said = [f"{self.facts.synthetic}"] if self.facts.synthetic else []
        lows = self.n_paths < 1000 and self.n_paths > 1
        said += [f"only {self.n_paths} paths: tails are rough; take 10,000 or more"] if lows else []
        return (*said, *self.facts.notes)

    def summary(self, level: float = 0.95) -> pd.DataFrame:
        """Return the figures of the run with their standard errors.

        Parameters
        ----------
        level : float
            Of value at risk and CVaR, losses positive.

        Returns
        -------
        DataFrame
            Index: mean, standard deviation, value at risk, cvar, worst, best, share of losses (where paths are kept),
            costs and each label, financing, carry, trades, turnover, drawdown, realised volatility; columns ``value``
            and ``standard_error``. NaN errors of a single path say that nothing is known of them.
        """
        moments = self.gathered.moments
        pnl = moments["pnl"]
        rows = {"mean": (pnl.mean, self.gathered.error_of_mean("pnl"))}
        if self.n_paths > 1:  # one path has no distribution
            rows |= self._distribution(level) | self._controlled()
        split = [f"hedge {name}" for name in PARTS]
        names = [name for name in moments if name not in ("pnl", "control", *PARTS, *split)]
        rows |= {name: (moments[name].mean, self.gathered.error_of_mean(name)) for name in names}
        return pd.DataFrame.from_dict(rows, orient="index", columns=["value", "standard_error"])

    def _distribution(self, level: float) -> dict[str, tuple[float, float]]:
        """Return spread, tails and extremes of the P&L."""
        pnl = self.gathered.moments["pnl"]
        rows = {
            "standard deviation": (pnl.standard_deviation, self.gathered.error_of_deviation()),
            **self.gathered.tail(level),
            "worst": (pnl.low, np.nan),
            "best": (pnl.high, np.nan),
        }
        if self.pnl is not None:
            lost = (self.pnl < 0.0).astype(float)
            error = error_of(lost, mirrored=self.gathered.pairs is not None)
            rows["share of losses"] = (float(lost.mean()), error)
        return rows

    def _controlled(self) -> dict[str, tuple[float, float]]:
        """Return the mean with a control variate, where one was followed: its own mean is 0."""
        if "control" not in self.gathered.moments:
            return {}
        control, pnl, n = self.gathered.moments["control"], self.gathered.moments["pnl"], float(self.n_paths)
        covariance = self.gathered.cross[2] / n - control.mean * pnl.mean
        variance = control.second / n
        slope = covariance / variance if variance > 0.0 else 0.0
        left = max(pnl.second / n - slope * covariance, 0.0)
        return {"mean with control variate": (pnl.mean - slope * control.mean, float(np.sqrt(left / n)))}

    def attribution(self) -> pd.DataFrame:
        """Return where the P&L came from, mean over paths; the rows before ``total`` add up to it.

        Returns
        -------
        DataFrame
            Index: the book's gain by Greek and what they leave unexplained (or ``book`` in one row where no Greeks were
            followed), ``hedge`` (where options are hedges by Greek as well: ``hedge gamma``), ``financing``, ``carry``,
            each cost as a negative number, ``total``; columns ``mean``, ``standard_deviation`` and ``standard_error``,
            money.
        """
        moments = self.gathered.moments
        parts = [name for name in PARTS if name in moments] or ["book"]
        labels = [name for name in moments if name.startswith("cost ")]
        hedge = [f"hedge {name}" for name in PARTS if f"hedge {name}" in moments] or ["hedge"]
        rows = {name: self._row(name) for name in (*parts, *hedge, "financing", "carry")}
        rows |= {name: self._row(name, -1.0) for name in labels}
        rows["total"] = self._row("pnl")
        columns = ["mean", "standard_deviation", "standard_error"]
        return pd.DataFrame.from_dict(rows, orient="index", columns=columns)

    def _row(self, name: str, sign: float = 1.0) -> tuple[float, float, float]:
        moments = self.gathered.moments[name]
        return sign * moments.mean, moments.standard_deviation, self.gathered.error_of_mean(name)

    def ledger(self, n: int = 8, first: int = 0) -> Ledger:
        """Return the checked ledger of paths ``first`` to ``first + n - 1``, drawn again."""
        self._require_path(first)
        return self.source.ledger(first, min(n, self.n_paths - first))

    def explained(self, n: int = 1, first: int = 0) -> Explained:
        """Return the attribution of paths ``first`` to ``first + n - 1``, step by step and by instrument."""
        self._require_path(first)
        return self.source.explained(first, min(n, self.n_paths - first))

    def gamma_theta(self, path: int = 0, underlying: str | None = None) -> GammaTheta:
        """Return one path's gamma-theta ledger: which volatility was traded, which was realised.

        Parameters
        ----------
        path : int
        underlying : str, optional
            Needed where there are several.
        """
        self._require_path(path)
        run = self.source.run(path, 1)
        return gamma_theta(run.ledger.holdings, run.marks, underlying)

    def by_year(self, path: int = 0) -> pd.DataFrame:
        """Return one path's P&L per calendar year with its parts and the number of hedge trades."""
        self._require_path(path)
        return self.source.run(path, 1).by_year()

    def exits(self, path: int = 0) -> pd.DataFrame:
        """Return what exit rules closed on one path, a row each: instrument, decided, traded, reason, left, ..."""
        self._require_path(path)
        return self.source.run(path, 1).exits()

    def paths(self, number: int) -> pd.DataFrame:
        """Return one path by time: spot, implied, value, Greeks, target, holding, trade, cost, cash, wealth, pnl."""
        self._require_path(number)
        return self.source.frame(number)

    def _require_path(self, number: int) -> None:
        if not 0 <= number < self.n_paths:
            raise InputError(f"there is no path {number}: paths are numbered from 0 to {self.n_paths - 1}")

    @property
    def figures(self) -> tuple[str, ...]:
        """Names that :meth:`figure` knows."""
        return tuple(_figures())

    def figure(self, name: str, path: int = 0) -> Any:
        """Return a picture by name; ``path`` is the one that pictures through time show.

        Raises
        ------
        InputError
            For an unknown name, with the nearest.
        """
        drawn = _figures()
        if name not in drawn:
            hint = did_you_mean(name, tuple(drawn)) or ";"
            raise InputError(f"there is no figure {name!r}{hint} (known: {', '.join(drawn)})".replace("; (", " ("))
        return drawn[name](self, path)

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain numbers and text, for JSON; NaN becomes None."""
        facts = self.facts
        return {
            "how": facts.how,
            "reason": facts.reason,
            "n_paths": facts.n_paths,
            "n_steps": facts.grid.n_steps,
            "seed": facts.seed,
            "lag": facts.lag,
            "start": str(facts.grid.times[0]),
            "end": str(facts.grid.times[-1]),
            **facts.words,
            "summary": _plain(self.summary()),
            "attribution": _plain(self.attribution()),
            "warnings": list(self.warnings),
        }


def _plain(table: pd.DataFrame) -> dict[str, dict[str, float | None]]:
    return {
        str(name): {str(column): float(value) if np.isfinite(value) else None for column, value in row.items()}
        for name, row in table.iterrows()
    }


def _figures() -> dict[str, Callable[[SimulationResult, int], Any]]:
    from hedgerow.engine.pictures import PICTURES

    return PICTURES
