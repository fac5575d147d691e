"""Where the mean of a hedged book comes from: the same for every policy, or earned by when one trades.

With a martingale spot no policy changes the mean before costs: hedging gains are fair bets. What mean there is then
comes from the volatility realised against that paid for, and a bare "maximise profit" would answer "never hedge",
which saves all costs. Only drift, reversal or momentum in the spot make the mean depend on the policy. Which holds is
read off the simulation, from the policies that trade most and least on the same paths.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hedgerow.compare.grid.cells import CellFigures
from hedgerow.compare.path_statistics import Figure, mean_of
from hedgerow.scenarios import Scenario

CLEAR = 2.0
"""Standard errors from which a figure is called different from zero."""


@dataclass(frozen=True)
class Edge:
    """The mean before costs, and whether it depends on the policy.

    Attributes
    ----------
    mean, mean_error : float
        Mean P&L before costs of the policy that trades most, money, with its standard error.
    change, change_error : float
        The same of the policy that trades least, less that, on the same paths.
    most, least : str
        The two policies.
    drift : float or None
        What the scenario states as the spot's growth per year; None for the risk-neutral one or where it states none.
    """

    mean: float
    mean_error: float
    change: float
    change_error: float
    most: str
    least: str
    drift: float | None = None

    @property
    def depends_on_policy(self) -> bool:
        """Whether the mean before costs differs between the two policies by more than two standard errors."""
        return abs(self.change) > CLEAR * self.change_error

    @property
    def sentence(self) -> str:
        """Which dynamics carry the edge, in words."""
        gap = f"{self.change:+.4g} ± {self.change_error:.2g} from {self.most} to {self.least}"
        if self.depends_on_policy:
            stated = "" if self.drift is None else f", a stated growth of {100.0 * self.drift:g} % a year"
            return (
                f"The mean before costs depends on the policy ({gap}): the spot is no martingale in these paths, and "
                f"drift, reversal or momentum carries part of the edge{stated}."
            )
        same = f"The mean before costs does not depend on the policy ({gap}), as with a martingale spot"
        level = f"{self.mean:.4g} ± {self.mean_error:.2g}"
        if abs(self.mean) > CLEAR * self.mean_error:
            return f"{same}: the edge of {level} is realised against implied volatility, and costs and variance decide."
        return (
            f"{same}, and none can be told from zero ({level}): there is no edge to scalp, costs and variance decide, "
            "and the mean alone would say never to hedge."
        )


def edge_of(figures: Mapping[str, CellFigures], scenario: Scenario) -> Edge:
    """Return where the mean comes from, of policies on the same paths.

    Parameters
    ----------
    figures : mapping of str to CellFigures
        By policy; with the profit of every path.
    scenario : Scenario
    """
    turnover = {name: each.summary["turnover"][0] for name, each in figures.items()}
    most, least = max(turnover, key=lambda name: turnover[name]), min(turnover, key=lambda name: turnover[name])
    mean, change = _before_costs(figures[most]), _before_costs(figures[least]).less(_before_costs(figures[most]))
    drift = getattr(scenario, "drift", None)
    stated = float(drift) if isinstance(drift, int | float) else None
    return Edge(mean.value, mean.standard_error, change.value, change.standard_error, most, least, stated)


def _before_costs(figures: CellFigures) -> Figure:
    return mean_of(figures.by_path(), figures.mirrored).plus(figures.cost())
