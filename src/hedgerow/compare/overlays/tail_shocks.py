"""Sudden falls under which tail hedges are revalued: the index and its volatility move at once, nothing else does.

>>> fall(-0.2)
TailShock(name='-20 %', spot_change=-0.2, vix_points=30.0)
"""

from __future__ import annotations

from dataclasses import dataclass

from hedgerow.errors import InputError

POINTS_PER_PERCENT = 1.5
"""Points that the volatility index rises for each per cent of a sudden fall; on 15 October 2008 14.1 for 9.0 %."""


@dataclass(frozen=True)
class TailShock:
    """A move of the index and of its volatility at one instant.

    Parameters
    ----------
    name : str
    spot_change : float
        As a decimal, above -1: -0.20 is a fall of 20 %.
    vix_points : float
        Added to the volatility index.
    """

    name: str
    spot_change: float
    vix_points: float

    def __post_init__(self) -> None:
        """Refuse a fall of everything."""
        if not -1.0 < self.spot_change < 10.0 or not -200.0 < self.vix_points < 1000.0:
            raise InputError(
                f"the shock {self.name!r} must move spot by a decimal above -1 (-0.20 is 20 % down) and the volatility "
                f"index by points, not by {self.spot_change!r} and {self.vix_points!r}"
            )


def fall(spot_change: float) -> TailShock:
    """Return a sudden move with the volatility response of :data:`POINTS_PER_PERCENT`."""
    points = -POINTS_PER_PERCENT * 100.0 * spot_change
    return TailShock(f"{100.0 * spot_change:+.0f} %", spot_change, points)


FALLS = (fall(-0.10), fall(-0.20), fall(-0.30))
"""Falls by which convexity is told."""

STRESSES = (
    TailShock("1987", -0.2047, 113.82),
    TailShock("2008", -0.0903, 14.12),
    TailShock("2020", -0.1198, 24.86),
)
"""Single days: 19 October 1987 (S&P 500 -20.47 %, Cboe's VXO 36.37 to 150.19), 15 October 2008 (-9.03 %, VIX 55.13 to
69.25), 16 March 2020 (-11.98 %, VIX 57.83 to 82.69); index levels of S&P and Cboe."""
