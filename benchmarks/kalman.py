"""Kalman filter with ratio and intercept walking at random: maximum likelihood of three variances, and one pass.

The peer is statsmodels: its own state-space class with the same model, searched by its default optimiser from the same
kind of start. Both start exactly diffuse, so that the likelihoods are the same number; ``max_error`` is the peer's
minus ours: negative where the peer found less.
"""

from __future__ import annotations

import sys
import warnings
from typing import Any

import numpy as np

from hedgerow.ratios import Kalman
from hedgerow.ratios.kalman_likelihood import StateDesign, StateLikelihood
from interleave import interleave, print_row, skip

ROWS = 10_000


def simulated(rows: int = ROWS) -> tuple[Any, Any]:
    """Return hedge (rows, 1) and exposure (rows,) of a ratio and an intercept that walk at random."""
    rng = np.random.default_rng(5)
    x = rng.standard_normal(rows) + 0.3
    ratio = 1.0 + np.cumsum(rng.standard_normal(rows) * 0.01)
    intercept = np.cumsum(rng.standard_normal(rows) * 0.005)
    return x[:, None], ratio * x + intercept + rng.standard_normal(rows) * 0.5


def peer_model(X: Any, y: Any) -> Any:
    """Return statsmodels' model of the same."""
    from statsmodels.tsa.statespace.mlemodel import MLEModel

    class Moving(MLEModel):  # type: ignore[misc,unused-ignore]
        """Ratio and intercept as random walks, searched in log variances."""

        def __init__(self) -> None:
            super().__init__(y, k_states=2, k_posdef=2)
            self.ssm.initialize_diffuse()
            self.ssm["design"] = np.vstack([X[:, 0], np.ones(len(y))])[None]
            self.ssm["transition"] = self.ssm["selection"] = np.eye(2)

        @property
        def start_params(self) -> Any:
            """Logarithms of the variances of noise, ratio and intercept."""
            return np.log([0.3, 1e-4, 1e-4])

        @property
        def param_names(self) -> list[str]:
            """Names in the order of the parameters."""
            return ["noise", "ratio", "intercept"]

        def update(self, params: Any, **kwargs: Any) -> None:
            """Put the variances where the filter reads them."""
            noise, ratio, intercept = np.exp(params)
            self.ssm["obs_cov", 0, 0] = noise
            self.ssm["state_cov", 0, 0], self.ssm["state_cov", 1, 1] = ratio, intercept

    return Moving()


def main() -> None:
    """Print a line for the fit and one for a single likelihood pass."""
    X, y = simulated()
    try:
        peer = peer_model(X, y)
    except ImportError:
        return skip("statsmodels")
    states = StateDesign(
        np.column_stack([X, np.ones(len(y))]), y, np.ones(2, dtype=bool), np.zeros(2, dtype=bool), intercept=True
    )
    likelihood = StateLikelihood(states)
    relative, persistence = np.array([4e-4, 1e-4]), np.ones(2)
    point = np.log([0.25, 1e-4, 2.5e-5])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statsmodels warns of its own searches
        fits = {"ours": lambda: Kalman().fit(X, y), "peer": lambda: peer.fit(disp=0, cov_type="none")}
        seconds, found = interleave(fits, rounds=5)
        error = float(found["peer"].llf) - found["ours"].log_likelihood_
        print_row("kalman", "statsmodels", seconds["ours"], seconds["peer"], error, 20.0, rows=ROWS)
        passes = {"ours": lambda: likelihood.value(relative, persistence), "peer": lambda: peer.loglike(point)}
        seconds, found = interleave(passes, rounds=5)
    print_row("kalman one pass", "statsmodels", seconds["ours"], seconds["peer"], None, 30.0, rows=ROWS)
    return None


if __name__ == "__main__":
    sys.exit(main())
