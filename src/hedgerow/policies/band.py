"""A band of fixed width about the target."""

from __future__ import annotations

from dataclasses import dataclass

from hedgerow.kernels.rules import Stage
from hedgerow.policies.band_policy import BandPolicy, Destination, same_width, width_stage
from hedgerow.policies.base import PolicyTerms
from hedgerow.policies.checks import check_destination, check_not_negative


@dataclass(frozen=True)
class Band(BandPolicy):
    """Trade where the hedge is more than ``width`` per share of the book away from the target; a tie does not trade.

    Parameters
    ----------
    width : float
        Half-width per unit of underlying behind the book's options (a delta); 0.10 is ten shares per contract of 100.
    to : {"edge", "middle", "target"}
        Where a trade goes. The middle of this band is the target.

    Examples
    --------
    >>> Band(0.10)
    Band(width=0.1, to='edge')
    """

    width: float = 0.10
    to: Destination = "edge"

    def __post_init__(self) -> None:
        check_not_negative(self.width, "the width of a band")
        check_destination(self.to)

    def width_stages(self, terms: PolicyTerms, slot: int) -> tuple[Stage, ...]:
        """Return the stage that writes ``width`` times the size of the book."""
        return (width_stage(same_width, {"half_width": self.width * terms.size}, slot),)
