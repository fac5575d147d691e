"""A band of fixed width in the units of the hedge itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.kernels.rules import Stage
from hedgerow.policies.band_policy import (
    ABSOLUTE_SLACK,
    BandPolicy,
    Destination,
    leave_to_edge,
    leave_to_point,
    same_width,
    width_stage,
)
from hedgerow.policies.base import Moment, PolicyTerms
from hedgerow.policies.checks import check_destination


@dataclass(frozen=True)
class ToleranceBand(BandPolicy):
    """Trade when what is held is further than ``width`` from the target; an exact tie does not trade.

    Parameters
    ----------
    width : float
        Half-width of the band in units of hedge (of a ratio: per unit of exposure); 0 or more.
    to : {"target", "edge", "middle"}
        Where a trade goes; to the target unless said. The middle of this band is the target.

    Examples
    --------
    >>> now = Moment(0, {"target": np.array([[1.0, 0.5]]), "held": np.array([[0.9, 0.2]])})
    >>> ToleranceBand(0.2).holding(now)
    array([[0.9, 0.5]])
    """

    width: float
    to: Destination = "target"

    def __post_init__(self) -> None:
        if not 0.0 <= self.width < np.inf:
            raise InputError(f"the tolerance must be 0 or more, not {self.width}")
        check_destination(self.to)

    def tie_unit(self, terms: PolicyTerms) -> float:
        """Return 1: the width is absolute."""
        return 1.0

    def width_stages(self, terms: PolicyTerms, slot: int) -> tuple[Stage, ...]:
        """Return the stage that writes the width."""
        return (width_stage(same_width, {"half_width": self.width}, slot),)

    def decide(self, now: Moment) -> tuple[FloatArray, FloatArray]:
        """Return the same without a book and a clock: the width is absolute."""
        if self.to == "edge":
            return leave_to_edge(now.held, now.target, self.width, slack=ABSOLUTE_SLACK)  # type: ignore[no-any-return]
        return leave_to_point(now.held, now.target, self.width, now.target, slack=ABSOLUTE_SLACK)  # type: ignore[no-any-return]
