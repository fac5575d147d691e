"""The linear programs behind tail objectives, in their dual form: a few equations, a bounded variable per row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import DataError
from hedgerow.kernels.compile import dense
from hedgerow.kernels.tails import FOUND, UNBOUNDED, least_tail_sum
from hedgerow.ratios.bounds import at_bounds
from hedgerow.ratios.convergence import Convergence
from hedgerow.ratios.objective import Scaled, Solution

MOST_ITERATIONS = 1_000_000
TIGHT = 1e-10
VANISHED = 1e-12
LARGEST_GAP = 1e-9
"""Gap, in standard deviations of the exposure, above which a solver's answer is not called optimal."""

STATUS = {
    0: "optimal",
    1: "iteration limit reached",
    2: "infeasible",
    3: "unbounded",
    4: "numerical difficulties",
}
NO_LEAST = "no ratio is best: the further it goes, the smaller the loss on the rows seen; set bounds or give more rows"


@dataclass(frozen=True)
class TailProgram:
    """Least sum of the largest losses ``X @ ratio - y``, divided by ``divisor``, within bounds.

    Attributes
    ----------
    scaled
        Changes and bounds.
    count
        Rows in the tail; 0 sums all rows with a loss.
    divisor
        Rows that the sum is divided by.
    """

    scaled: Scaled
    count: int
    divisor: int

    def solve(self) -> Solution:
        """Return the best ratio with its proven gap, by an exact search for one hedge and by HiGHS for several."""
        return self._searched() if self.scaled.X.shape[1] == 1 else self._programmed()

    def value(self, ratio: FloatArray) -> float:
        """Return the figure at a scaled ratio, in standard deviations of the exposure."""
        losses = self.scaled.X @ ratio - self.scaled.y
        if self.count == 0:
            return float(np.maximum(losses, 0.0).sum()) / self.divisor
        return float(np.partition(losses, len(losses) - self.count)[-self.count :].sum()) / self.divisor

    def _searched(self) -> Solution:
        scaled = self.scaled
        start = float(scaled.least_variance()[0])
        x = dense(scaled.X[:, 0])
        low, high = float(scaled.low[0]), float(scaled.high[0])
        ratio, steps, status = least_tail_sum(x, dense(scaled.y), self.count, low, high, start)
        reason = {FOUND: "", UNBOUNDED: NO_LEAST}.get(status, "the search ran out of steps")
        gap = 0.0 if status == FOUND else None
        return self._unscaled(np.array([ratio]), Convergence(status == FOUND, reason, steps, starts=1), gap)

    def _programmed(self) -> Solution:
        """Return HiGHS's answer, by the dual simplex method and, should that fail, by interior points."""
        tried: list[str] = []
        for method in ("highs-ds", "highs-ipm"):
            status, steps, ratio, bound = self._highs(method)
            if status == 0:
                gap = self.value(ratio) - bound
                if gap <= LARGEST_GAP:
                    return self._unscaled(ratio, Convergence(True, "", steps, starts=len(tried) + 1), max(gap, 0.0))
                status = 4
            tried.append(f"{method} {STATUS[status]}")
            if status == 2:  # the dual has no point at all: the program itself has no least value
                return self._unscaled(self.scaled.least_variance(), Convergence(False, NO_LEAST, starts=1), None)
        reason = f"the linear program was not solved ({', '.join(tried)})"
        return self._unscaled(self.scaled.least_variance(), Convergence(False, reason, starts=len(tried)), None)

    def _highs(self, method: str) -> tuple[int, int, FloatArray, float]:
        """Return status, iterations, ratio and lower bound of the value.

        Weights w of the rows, 0 to 1/divisor, maximise ``sum(-w y)``; they add up to one where the tail has a count,
        and for each hedge ``sum(w x)`` is 0, or what its bounds hold back. The ratio is the price of that equation.
        """
        from scipy import optimize

        scaled, (n_obs, k) = self.scaled, self.scaled.X.shape
        below, above = np.flatnonzero(np.isfinite(scaled.low)), np.flatnonzero(np.isfinite(scaled.high))
        held = np.hstack([-np.eye(k)[:, below], np.eye(k)[:, above]])
        equations = np.hstack([scaled.X.T, held])
        right = np.zeros(k)
        if self.count:
            total = np.concatenate([np.ones(n_obs), np.zeros(held.shape[1])])
            equations, right = np.vstack([equations, total]), np.append(right, self.count / self.divisor)
        costs = np.concatenate([scaled.y, -scaled.low[below], scaled.high[above]])
        most = np.concatenate([np.full(n_obs, 1.0 / self.divisor), np.full(held.shape[1], np.inf)])
        options: dict[str, float] = {"maxiter": MOST_ITERATIONS}
        if method == "highs-ds":
            options |= {"dual_feasibility_tolerance": TIGHT, "primal_feasibility_tolerance": TIGHT}
        limits = np.column_stack([np.zeros(len(most)), most])
        solve: Any = optimize.linprog
        result = solve(costs, A_eq=equations, b_eq=right, bounds=limits, method=method, options=options)
        if result.status != 0:
            return int(result.status), int(result.nit), np.zeros(k), float("nan")
        ratio = np.clip(np.asarray(result.eqlin.marginals[:k], dtype=np.float64), scaled.low, scaled.high)
        return 0, int(result.nit), ratio, -float(result.fun)

    def _unscaled(self, ratio: FloatArray, convergence: Convergence, gap: float | None) -> Solution:
        scaled = self.scaled
        if convergence.converged and self.count == 0 and self.value(ratio) <= VANISHED:
            at = "" if not at_bounds(ratio, scaled.low, scaled.high) else ", within the bounds"
            convergence = Convergence(False, f"no row falls short of the target{at}: many ratios are equally good")
        if not np.all(np.isfinite(ratio)):
            raise DataError("the ratio found is not a finite number; check the changes for extreme values")
        return Solution(ratio * scaled.per_ratio, convergence, None if gap is None else gap * scaled.unit)
