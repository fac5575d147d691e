"""The best policy of each family and of all, with what the laws say beside it, and the answer in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from hedgerow.compare.choice.edge import CLEAR
from hedgerow.compare.choice.frontiers import Frontier, rows_of
from hedgerow.compare.choice.search import Optimum
from hedgerow.compare.path_statistics import Figure as PathFigure
from hedgerow.policies import Policy

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


@dataclass(frozen=True, eq=False)
class PolicyChoice:
    """The best policy of each family, and of all.

    Attributes
    ----------
    optima : mapping of str to Optimum
        By family, the search over its number.
    losses : mapping of str to Figure
        By family, what its best policy reaches; policies that the laws prescribe step by step are families of one.
    policies : mapping of str to Policy
        By family, its best policy.
    units : mapping of str to str
        By searched family, the unit of its number.
    frontier : Frontier
        Every policy that was tried, by cost and risk.
    laws : mapping of str to dict of str to float
        By searched family, what the laws of small costs say at the start, in the family's number.
    """

    optima: Mapping[str, Optimum]
    losses: Mapping[str, PathFigure]
    policies: Mapping[str, Policy]
    units: Mapping[str, str]
    frontier: Frontier
    laws: Mapping[str, Mapping[str, float]]

    @property
    def best(self) -> str:
        """Name of the best family."""
        return min(self.losses, key=lambda name: self.losses[name].value)

    @property
    def policy(self) -> Policy:
        """The best policy of all, ready to be used."""
        return self.policies[self.best]

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row per family: ``policy``; ``optimum``, ``flat_low`` and ``flat_high`` (values within one standard error
        of the paired difference), ``at_end`` (the range should be widened) where there is a number to search;
        ``objective``, ``behind`` the best family, each with its standard error; and a column per law.
        """  # noqa: D205
        rows = {name: self._row(name) for name in self.losses}
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("family")

    @property
    def answer(self) -> str:
        """Which policy to use and why, in one sentence; a second one for a risk aversion that was not given."""
        best, objective = self.best, self.frontier.objective
        loss = self.losses[best]
        level = f"{objective.signed(loss.value):.4g} ± {loss.standard_error:.2g}"
        said = f"Use {self.policy!r}: its {objective.formula}, {level}, is the best found{self._flatness(best)}"
        said += self._laws(best)
        for other in sorted((name for name in self.losses if name != best), key=lambda name: self.losses[name].value):
            gap = self.losses[other].less(loss)
            clear = "clearly" if gap.value > CLEAR * gap.standard_error else "not clearly"
            of = f", the best {other}{self._laws(other)}," if other in self.optima else ""
            said += f"; {self.policies[other]!r}{of} is {clear} worse, by {gap.value:.3g} ± {gap.standard_error:.2g}"
        return f"{said}. {self.frontier.assumed}".rstrip()

    def to_dict(self) -> dict[str, Any]:
        """Return the choice as plain values."""
        return {
            "policy": repr(self.policy),
            "answer": self.answer,
            "families": rows_of(self.table.astype({"policy": str})),
            "laws": {family: dict(found) for family, found in self.laws.items()},
            "frontier": self.frontier.to_dict(),
        }

    def figure(self, name: str) -> Figure:
        """Return one figure of the policies tried, as :meth:`Frontier.figure`."""
        return self.frontier.figure(name)

    def _flatness(self, name: str) -> str:
        """Return how far one may stray from the optimum, or that it lies at an end of the range."""
        if name not in self.optima:
            return ""
        optimum = self.optima[name]
        if optimum.is_at_end:
            low, high = min(optimum.tried), max(optimum.tried)
            tried = f"{low:g} to {high:g}{self._unit(name)}"
            return f" at an end of the range tried, {tried}, so that a wider one may do better"
        low, high = optimum.flat
        if low == high:
            return ", and no other value tried does as well"
        return f", and {low:.3g} to {high:.3g}{self._unit(name)} does as well within one standard error"

    def _laws(self, name: str) -> str:
        """Return what the laws say of a family's number at the start, in brackets; empty for nothing."""
        said = [f"{law} says {number:.3g}{self._unit(name)}" for law, number in self.laws.get(name, {}).items()]
        return f" ({', '.join(said)})" if said else ""

    def _unit(self, name: str) -> str:
        return f" {self.units[name]}" if self.units.get(name) else ""

    def _row(self, name: str) -> dict[str, Any]:
        loss = self.losses[name]
        gap = loss.less(self.losses[self.best])
        found = self.optima.get(name)
        searched = (
            {}
            if found is None
            else {
                "optimum": found.value,
                "flat_low": found.flat[0],
                "flat_high": found.flat[1],
                "at_end": found.is_at_end,
            }
        )
        return {
            "policy": repr(self.policies[name]),
            **searched,
            "objective": self.frontier.objective.signed(loss.value),
            "objective_error": loss.standard_error,
            "behind": gap.value,
            "behind_error": gap.standard_error,
            **self.laws.get(name, {}),
        }
