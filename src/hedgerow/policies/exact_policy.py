"""The policy of the exact no-trade band."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.policies.band_policy import ABSOLUTE_SLACK, RELATIVE_SLACK, Destination
from hedgerow.policies.base import Moment, Policy, PolicyTerms
from hedgerow.policies.checks import check_destination
from hedgerow.policies.hodges_neuberger import ExactBand


@dataclass(frozen=True)
class HodgesNeuberger(Policy):
    """Trade to the edge of an exact band, interpolated in time to expiry and log price; on arrays only.

    The band is that of the option it was computed for, and its holdings are units of underlying: it does not follow
    the hedger's target, which only ``to="target"`` asks for.

    Parameters
    ----------
    exact : ExactBand
        From :func:`hedgerow.policies.exact_band`.
    to : {"edge", "middle", "target"}
        Where a trade goes; the edge is optimal.
    years_left : ndarray, optional
        Years to expiry at each decision; :meth:`bound` fills it in.
    """

    exact: ExactBand
    to: Destination = "edge"
    years_left: FloatArray | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        check_destination(self.to)

    def bound(self, terms: PolicyTerms) -> Policy:
        """Return the policy with the years that are left at each decision."""
        left = np.asarray(terms.years_left)
        if left[0] > self.exact.option.years * (1.0 + 1e-9):
            raise InputError(
                f"the exact band reaches {self.exact.option.years} years back from expiry, and the book has {left[0]} "
                "left; compute the band for an option of that life"
            )
        return HodgesNeuberger(self.exact, self.to, left)

    def holding(self, now: Moment) -> FloatArray:
        """Return the edge where the holding lies outside the band, what is held elsewhere."""
        if self.years_left is None:
            raise InputError(f"{self!r} is not bound to a clock; call bound(PolicyTerms(...)) first")
        lower, upper = self.exact.at(float(self.years_left[now.step]), now.spot)
        middle, width = 0.5 * (lower + upper), 0.5 * (upper - lower)
        goes = {"edge": np.clip(now.held, lower, upper), "middle": middle, "target": now.target}[self.to]
        slack = ABSOLUTE_SLACK * abs(self.exact.option.quantity)
        return np.where(np.abs(now.held - middle) > width * RELATIVE_SLACK + slack, goes, now.held)
