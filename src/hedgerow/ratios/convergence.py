"""How a fit ended, as a value: whether its numbers may feed a decision, and if not, why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Convergence:
    """How the search for a method's parameters ended.

    Attributes
    ----------
    converged : bool
        Whether the fitted numbers may feed a decision.
    reason : str
        What went wrong, a clause without a full stop; empty where nothing did.
    iterations : int
        Steps of the search that was kept; 0 for a closed form.
    gradient : float
        Largest element of the gradient of the mean log-likelihood (per row) at the end, in the search's own
        coordinates and leaving out coordinates held by a bound; 0 for a closed form.
    starts : int
        Points that the search was started from.
    """

    converged: bool = True
    reason: str = ""
    iterations: int = 0
    gradient: float = 0.0
    starts: int = 0


CLOSED_FORM = Convergence()
"""How a method ends that solves for its ratio without searching."""
