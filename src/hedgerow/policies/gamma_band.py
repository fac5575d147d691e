"""A band as wide as the delta moves with a given move of the price."""

from __future__ import annotations

from dataclasses import dataclass

from hedgerow.kernels.rules import Stage, rule
from hedgerow.policies.band_policy import BandPolicy, Destination, width_stage
from hedgerow.policies.base import PolicyTerms
from hedgerow.policies.checks import check_destination, check_not_negative


@rule("width")
def width_of_move(spot, gamma, *, move):  # type: ignore[no-untyped-def]
    """Write by how much the delta changes when the price moves by a fraction."""
    return abs(gamma) * spot * move


@dataclass(frozen=True)
class GammaScaledBand(BandPolicy):
    """Trade where the hedge is off by more than a price move of ``move`` changes the delta: ``|gamma| S move``.

    Where gamma is high the same move of the price puts the hedge further off, and the band is as much wider: the time
    between trades depends on the move and the volatility alone, and near expiry it does not shrink to nothing.

    Parameters
    ----------
    move : float
        Fraction of the price.
    to : {"edge", "middle", "target"}
        Where a trade goes. The middle of this band is the target.

    Examples
    --------
    >>> GammaScaledBand(0.01)
    GammaScaledBand(move=0.01, to='edge')
    """

    move: float = 0.02
    to: Destination = "edge"

    def __post_init__(self) -> None:
        check_not_negative(self.move, "the price move that a gamma-scaled band lets pass")
        check_destination(self.to)

    def width_stages(self, terms: PolicyTerms, slot: int) -> tuple[Stage, ...]:
        """Return the stage that writes gamma times the move."""
        return (width_stage(width_of_move, {"move": self.move}, slot),)
