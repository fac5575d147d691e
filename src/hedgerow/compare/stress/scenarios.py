"""Scenarios of a stress test: what becomes of volatilities, correlations and prices, each under a name.

>>> breakdown(0.40).name, volatility_index(12, 60, correlation=0.40).name
('correlation 0.40', 'volatility index 12 to 60, correlation 0.40')
>>> [scenario.name for scenario in preset_scenarios()][:3]
['as estimated', 'correlation 0.40', 'correlation 1.00']
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.compare.stress.moves import BasisShock, Move, RollGap, SigmaMove, WorstWindow
from hedgerow.errors import InputError, did_you_mean

CALM_INDEX, CRISIS_INDEX = 12.0, 60.0
"""The volatility index before and in the crisis that people quote."""
PRESET_CORRELATIONS = (0.40, 1.0)
PRESET_SIGMAS = (7.0,)
WORST_ROWS = (1, 5, 20)


@dataclass(frozen=True)
class StressScenario:
    """One thing that could happen.

    Parameters
    ----------
    name : str
        As it appears in every table.
    correlation : float, optional
        What correlations move to, -1 to 1, in the sense of each estimate (0.40 makes -0.9 into -0.40; a negative value
        turns the relation round); as estimated where not given.
    among_hedges : bool
        Whether the correlations between hedges move too.
    exposure_volatility, hedge_volatility : float
        Factors of the exposure's and of every hedge's volatility, 0 or more.
    volatility : mapping of str to float
        Factors for single instruments by name, on top of the two above.
    move : Move, optional
        What prices do over one row. Without one, the loss is so many stressed standard deviations of the position.
    """

    name: str
    correlation: float | None = None
    among_hedges: bool = True
    exposure_volatility: float = 1.0
    hedge_volatility: float = 1.0
    volatility: Mapping[str, float] = field(default_factory=dict)
    move: Move | None = None

    def factors(self, names: Sequence[str]) -> FloatArray:
        """Return the volatility factor of each instrument, the exposure first.

        Raises
        ------
        InputError
            Where a factor names an instrument that is not held.
        """
        for name in self.volatility:
            if name not in names:
                hint = did_you_mean(name, names)
                raise InputError(f"scenario {self.name!r} scales the volatility of {name!r}, which is not held{hint}")
        general = [self.exposure_volatility, *[self.hedge_volatility] * (len(names) - 1)]
        own = [self.volatility.get(name, 1.0) for name in names]
        factors: FloatArray = np.array(general, dtype=float) * np.array(own, dtype=float)
        return factors


def breakdown(correlation: float) -> StressScenario:
    """Return the scenario in which every correlation moves to a value and volatilities stay.

    Parameters
    ----------
    correlation : float
        From -1 to 1; 0.40 is the usual breakdown, 1 the crash in which everything moves together.

    Returns
    -------
    StressScenario
    """
    return StressScenario(f"correlation {correlation:.2f}", correlation=correlation)


def volatility_jump(factor: float, which: str = "both") -> StressScenario:
    """Return the scenario in which volatility is multiplied and correlations stay.

    Parameters
    ----------
    factor : float
        2 doubles it.
    which : {"both", "exposure", "hedge"}
        Whose volatility. Multiplying both changes every loss and neither the best ratio nor the share removed.

    Returns
    -------
    StressScenario
    """
    if which not in ("both", "exposure", "hedge"):
        raise InputError(f"the volatility of both, exposure or hedge can jump, not of {which!r}")
    exposure = factor if which in ("both", "exposure") else 1.0
    hedge = factor if which in ("both", "hedge") else 1.0
    name = f"volatility x {factor:g}" if which == "both" else f"{which} volatility x {factor:g}"
    return StressScenario(name, exposure_volatility=exposure, hedge_volatility=hedge)


def sigma_move(sigmas: float, follow: str = "beta") -> StressScenario:
    """Return the scenario in which the exposure moves by so many standard deviations.

    Parameters
    ----------
    sigmas : float
        Signed: -7 is a fall.
    follow : {"beta", "none"}
        What the hedges do: their regression on the exposure, or nothing.

    Returns
    -------
    StressScenario
    """
    if follow not in ("beta", "none"):
        raise InputError(f"hedges follow a move by their beta or by none of it, not by {follow!r}")
    words = "" if follow == "beta" else ", hedge standing still"
    return StressScenario(f"{sigmas:+g} sigma{words}", move=SigmaMove(sigmas, "beta" if follow == "beta" else "none"))


def volatility_index(
    before: float = CALM_INDEX, after: float = CRISIS_INDEX, correlation: float | None = None
) -> StressScenario:
    """Return the scenario of a volatility index rising: all volatilities by ``after / before``, correlations stated.

    A linear hedge has no volatility of its own to gain from: if the exposure's and the hedge's volatility rise alike,
    both losses do, and the ratio and the share removed stay. What hurts is the correlation that moves with it. Meant
    for equity-like instruments, whose volatility such an index measures.

    Parameters
    ----------
    before, after : float
        Levels of the index, above 0.
    correlation : float, optional
        As in :func:`breakdown`; as estimated unless said.

    Returns
    -------
    StressScenario
    """
    if not (before > 0.0 and after > 0.0):
        raise InputError(f"levels of a volatility index must be above 0, not {before} and {after}")
    words = "" if correlation is None else f", correlation {correlation:.2f}"
    factor = after / before
    name = f"volatility index {before:g} to {after:g}{words}"
    return StressScenario(name, correlation, exposure_volatility=factor, hedge_volatility=factor)


def preset_scenarios(
    correlations: Sequence[float] = PRESET_CORRELATIONS,
    sigmas: Sequence[float] = PRESET_SIGMAS,
    worst_rows: Sequence[int] = WORST_ROWS,
    index: tuple[float, float] | None = (CALM_INDEX, CRISIS_INDEX),
) -> tuple[StressScenario, ...]:
    """Return the scenarios that are run unless others are given.

    Correlations to each value, volatility of both, of the exposure and of the hedge times 2 and 3, moves of so many
    standard deviations both ways with the hedge following and standing still, a gap at a roll, a basis shock, a
    volatility index from 12 to 60 with each correlation, and the worst windows of the history.

    Parameters
    ----------
    correlations : sequence of float
    sigmas : sequence of float
        Sizes, without sign.
    worst_rows : sequence of int
        Lengths of the windows; give only those that the history holds.
    index : tuple of two float, optional
        Levels of a volatility index before and after, for equity-like instruments; None leaves it out.

    Returns
    -------
    tuple of StressScenario
    """
    size = abs(sigmas[0]) if sigmas else 7.0
    jumps = [volatility_jump(factor, which) for factor in (2.0, 3.0) for which in ("both", "exposure", "hedge")]
    moves = [
        sigma_move(sign * abs(one), follow) for one in sigmas for follow in ("beta", "none") for sign in (-1.0, 1.0)
    ]
    return (
        StressScenario("as estimated"),
        *map(breakdown, correlations),
        *jumps,
        *moves,
        StressScenario("gap at a roll", move=RollGap(size)),
        StressScenario("basis shock", move=BasisShock(size)),
        *([] if index is None else [volatility_index(*index, correlation=one) for one in correlations]),
        *(StressScenario(f"worst {rows} row{'s' if rows > 1 else ''}", move=WorstWindow(rows)) for rows in worst_rows),
    )
