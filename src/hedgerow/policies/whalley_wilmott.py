"""The asymptotic band of Whalley and Wilmott: narrow costs, exponential utility."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow.kernels.elementary import exp
from hedgerow.kernels.rules import Stage, rule
from hedgerow.policies.band_policy import BandPolicy, Destination, width_stage
from hedgerow.policies.base import PolicyTerms
from hedgerow.policies.checks import check_destination, check_not_negative, check_positive


@rule("width")
def whalley_wilmott_width(log_spot, log_gamma, *, scale):  # type: ignore[no-untyped-def]
    """Write the cube root of spot x gamma^2 x what does not depend on the path."""
    return scale * exp((log_spot + 2.0 * log_gamma) / 3.0)


@dataclass(frozen=True)
class WhalleyWilmott(BandPolicy):
    """Trade to the edge of the band ``(3/2 exp(-r tau) cost S gamma^2 / risk_aversion)^(1/3)`` about the target.

    Gamma is that of the whole position, tau the time to the next expiry: N contracts have a band N^(2/3) as wide.

    Parameters
    ----------
    risk_aversion : float
        Absolute, of ``-exp(-risk_aversion x wealth)``, per unit of money; more than 0.
    cost : float or None
        One-way proportional cost, a fraction of traded value; None is that of the cost model.
    to : {"edge", "middle", "target"}
        Where a trade goes; the edge is optimal. The middle of this band is the target.

    Notes
    -----
    The width is that of :func:`hedgerow.policies.laws.whalley_wilmott_half_width`.

    References
    ----------
    Whalley and Wilmott (1997), "An asymptotic analysis of an optimal hedging model for option pricing with transaction
    costs", Mathematical Finance 7, 307-324.

    Examples
    --------
    >>> WhalleyWilmott(1.0)
    WhalleyWilmott(risk_aversion=1.0, cost=None, to='edge')
    """

    risk_aversion: float
    cost: float | None = None
    to: Destination = "edge"

    def __post_init__(self) -> None:
        check_positive(self.risk_aversion, "the risk aversion")
        check_not_negative(self.cost, "the proportional cost")
        check_destination(self.to)

    def width_stages(self, terms: PolicyTerms, slot: int) -> tuple[Stage, ...]:
        """Return the stage that writes the width."""
        cost = terms.cost_rate if self.cost is None else self.cost
        discount = np.exp(-terms.rate * np.maximum(terms.years_left, 0.0))
        scale = np.cbrt(1.5 * discount * cost / self.risk_aversion)
        return (width_stage(whalley_wilmott_width, {"scale": scale}, slot),)
