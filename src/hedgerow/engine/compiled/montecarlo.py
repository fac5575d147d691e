"""Run a simulation over its paths in batches, compiled, and keep what was asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.engine.compiled.fused import Parts, Simulation, book_value, build, start_rows
from hedgerow.engine.outcomes import Batches, Gathered, Outcomes, check_accounts
from hedgerow.engine.parts import as_code
from hedgerow.errors import InputError
from hedgerow.kernels.merging import without_unread
from hedgerow.kernels.program import Program
from hedgerow.policies import Moment
from hedgerow.rows import NAMES

BATCH = 65_536
"""Paths whose figures are worked out together; fixed, so that statistics never depend on who worked."""
CHUNK = 8_192
"""Paths in memory at once where a NumPy policy stands between the compiled stages."""

_ACCOUNTS = (
    "cash",
    "held",
    "spot",
    "value",
    "paid_out",
    "hedge_gain",
    "financing",
    "carry",
    "costs",
    "trades",
    "turnover",
)
SEEN = ("target", "held", "spot", "log_spot", "gamma", "log_gamma", "implied", "waited", "last_spot", "last_implied")
"""Rows that a policy in NumPy can see."""


@dataclass(frozen=True, eq=False)
class MonteCarlo:
    """A simulation ready to run.

    Attributes
    ----------
    run : Simulation
    """

    run: Simulation

    @cached_property
    def parts(self) -> Parts:
        """The stages of a step."""
        return build(self.run)

    @cached_property
    def program(self) -> Program:
        """The stages with their machine code."""
        own = (f"{kind}_{label}" for label in self.parts.labels for kind in ("cost", "total"))
        names = dict.fromkeys((*NAMES, *own))  # a cost of one's own may have a label of its own
        seen = self.kept if self.parts.policy is not None else (*self.kept, *SEEN, self.run.gamma_row)
        stages = without_unread(self.parts.stages, seen)
        return Program(stages, tuple(names), self.run.n_steps, start_rows(self.run))

    @property
    def how(self) -> str:
        """``compiled``, ``split`` where a NumPy policy stands between compiled stages, or ``arrays``."""
        if not self.program.is_compiled:
            return "arrays"
        return "compiled" if self.parts.policy is not None else "split"

    @cached_property
    def kept(self) -> tuple[str, ...]:
        """Rows whose last value is wanted."""
        follow = self.run.follow
        names = [*_ACCOUNTS, *(f"total_{label}" for label in self.parts.labels)]
        names += ["delta_gain", "gamma_gain", "theta_gain", "vega_gain"] if follow.attribution else []
        names += ["drawdown"] if follow.drawdown else []
        names += ["square_sum", "gamma_weight"] if follow.variance else []
        names += ["control"] if follow.control else []
        return tuple(names)

    def outcomes(self, found: FloatArray) -> Outcomes:
        """Return what paths ended with, checked, from the last values of the rows kept, (n_kept, n_paths)."""
        rows = dict(zip(self.kept, found, strict=True))
        start = book_value(self.run.legs)
        outcomes: dict[str, FloatArray] = {
            "pnl": rows["cash"] + rows["held"] * rows["spot"] + rows["value"],
            "book": rows["value"] + rows["paid_out"] - start,
            "hedge": rows["hedge_gain"],
            **{name: rows[name] for name in ("financing", "carry", "costs", "trades", "turnover")},
            **{f"cost {label}": rows[f"total_{label}"] for label in self.parts.labels},
        }
        check_accounts(outcomes, self.run.legs.size * self.run.legs.spot)
        return outcomes | self._followed(rows, outcomes["book"])

    def _followed(self, rows: dict[str, FloatArray], book: FloatArray) -> dict[str, FloatArray]:
        follow = self.run.follow
        found: dict[str, FloatArray] = {}
        if follow.attribution:
            found |= {name: rows[f"{name}_gain"] for name in ("delta", "gamma", "theta", "vega")}
            found["unexplained"] = book - sum(found.values())
        if follow.drawdown:
            found["drawdown"] = rows["drawdown"]
        if follow.variance:
            found["realised volatility"] = np.sqrt(rows["square_sum"] / float(self.run.grid.years[-1]))
            found["cash gamma x years"] = rows["gamma_weight"]
        if follow.control:
            found["control"] = rows["control"]
        return found

    def _split(self, first_path: int, n_paths: int) -> FloatArray:
        """Run resident paths step by step with the policy in NumPy between two pieces of the program."""
        resident = self.program.resident(first_path, n_paths)
        policy = self.run.policy.bound(self.run.policy_terms())
        cut, end = len(self.parts.before), len(self.parts.stages)
        own = {"gamma": self.run.gamma_row}
        for step in range(self.run.n_steps):
            resident.run(step, 0, cut)
            rows = {name: resident.row(own.get(name, name))[:, None] for name in SEEN}
            resident.put("holding", answered(policy.holding(Moment(step, rows)), n_paths, step, self.run))
            resident.run(step, cut, end)
        return np.array([resident.row(name) for name in self.kept])

    def statistics(
        self,
        n_paths: int,
        *,
        keeps_paths: bool,
        progress: Callable[[float], None] | None = None,
        threads: int | None = None,
    ) -> Gathered:
        """Return the statistics of paths 0 to ``n_paths - 1``, batch by batch."""
        batches = Batches(keeps_paths=keeps_paths)
        caller = threading.get_ident()

        def finish(first: int, found: FloatArray) -> None:
            gathered = Gathered.of(self.outcomes(found), keeps_paths=keeps_paths, mirrored=self.run.mirrored)
            batches.add(first // BATCH, gathered)
            done = batches.count * BATCH
            if progress is not None and threading.get_ident() == caller and done < n_paths:
                progress(done / n_paths)

        if self.parts.policy is not None:
            self.program.run_batches(self.kept, n_paths, BATCH, finish, threads)
        else:
            for first in range(0, n_paths, BATCH):
                finish(first, self._split_batch(first, min(BATCH, n_paths - first)))
        if progress is not None:
            progress(1.0)
        return batches.whole()

    def _split_batch(self, first_path: int, n_paths: int) -> FloatArray:
        chunks = [(at, min(CHUNK, n_paths - at)) for at in range(0, n_paths, CHUNK)]
        return np.hstack([self._split(first_path + at, count) for at, count in chunks])


def answered(holding: object, n_paths: int, step: int, run: Simulation) -> FloatArray:
    """Return the policy's answer as (n_paths,), or refuse it."""
    try:
        found = np.asarray(holding, dtype=float)
    except (TypeError, ValueError):
        raise InputError(
            f"policy {as_code(run.policy)} answered with {holding!r} where a holding is asked for; return an array of "
            f"shape ({n_paths}, 1)"
        ) from None
    if found.shape != (n_paths, 1) or not np.isfinite(found).all():
        raise InputError(
            f"policy {as_code(run.policy)} must answer with a finite holding for every path, shape ({n_paths}, 1), and "
            f"at step {step} answered with shape {found.shape}"
            + ("" if found.shape != (n_paths, 1) else f" and {int((~np.isfinite(found)).sum())} of them not finite")
        )
    return found[:, 0]
