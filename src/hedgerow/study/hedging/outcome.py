"""What a simulation or a replay found, in the words of a study: verdict, tables, pictures, JSON and report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedgerow.errors import InputError, did_you_mean
from hedgerow.study.hedging.account import AccountPath, account_path
from hedgerow.study.hedging.claims import claim_table
from hedgerow.study.hedging.figures_by_name import figures_of

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from hedgerow.engine import SimulationResult
    from hedgerow.instruments import Book, MarketState
    from hedgerow.study.hedging.words import HedgeWords


@dataclass(frozen=True, eq=False)
class HedgeOutcome:
    """A hedged book, on drawn paths or on history.

    Attributes
    ----------
    study : SimulateStudy or ReplayStudy
    result : SimulationResult
        What the engine returned.
    book : Book
        The book at the start.
    market : MarketState
        The market at the start.
    warnings : tuple of str
    beside : mapping of str to SimulationResult
        The same with something else, by what: ``lag 0``.
    """

    study: HedgeWords
    result: SimulationResult
    book: Book
    market: MarketState
    warnings: tuple[str, ...] = ()
    beside: Mapping[str, SimulationResult] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """One plain sentence: what to hold today, what it is expected to cost, and the risk left."""
        from hedgerow.study.hedging.sentences import verdict

        return verdict(self)

    @cached_property
    def path(self) -> pd.DataFrame:
        """The first path by time: of a replay the only one."""
        return self.result.paths(0)

    @cached_property
    def parts(self) -> pd.DataFrame:
        """What that path's profit was made of, cumulative money; the parts add up to ``total``."""
        return shown_parts(self.result.explained(1).by_part(0, cumulative=True))

    @cached_property
    def account(self) -> AccountPath | None:
        """Equity and margin of the account on that path, where the study has an account."""
        return None if self.study.account is None else account_path(self.study.account, self.path)

    @cached_property
    def by_year(self) -> pd.DataFrame | None:
        """Profit by calendar year and part, of a history of more than one year."""
        if not self.is_replay or self.path.index[-1].year == self.path.index[0].year:
            return None
        steps = self.parts.diff().fillna(self.parts)
        return steps.groupby(pd.DatetimeIndex(steps.index).year).sum().rename_axis("year")

    @cached_property
    def exits(self) -> pd.DataFrame | None:
        """What exit rules closed on that path, a row each, where the study has such rules."""
        return self.result.exits(0) if getattr(self.study, "exits", ()) else None

    @cached_property
    def figures(self) -> dict[str, float]:
        """Every figure of the result by name: what a claim may be measured against."""
        return figures_of(self)

    @cached_property
    def claims(self) -> pd.DataFrame:
        """Each claim of the study beside what was measured."""
        return claim_table(self.study.claims, self.figures)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables to write beside the report, by name."""
        found = {"summary": self.result.summary(), "attribution": self.result.attribution()}
        found |= {"path": self.path, "parts": self.parts}
        if self.by_year is not None:
            found["by_year"] = self.by_year
        if self.exits is not None:
            found["exits"] = self.exits
        if self.account is not None:
            found["account"] = self.account.table
        if len(self.claims):
            found["claims"] = self.claims
        for what, other in self.beside.items():
            found[f"summary_{what.replace(' ', '_')}"] = other.summary()
        return found

    @property
    def figure_names(self) -> tuple[str, ...]:
        """Names of the pictures that this outcome has."""
        from hedgerow.study.hedging.pictures import PICTURES

        return tuple(name for name, (_, has) in PICTURES.items() if has(self))

    def figure(self, name: str) -> Figure:
        """Return one of the pictures by name.

        Raises
        ------
        InputError
            For a name that it has not, with those that it has.
        """
        from hedgerow.study.hedging.pictures import PICTURES

        if name not in self.figure_names:
            known = ", ".join(self.figure_names)
            raise InputError(f"there is no picture {name!r}{did_you_mean(name, self.figure_names)} (there are {known})")
        return PICTURES[name][0](self)

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; what is undefined is None."""
        from hedgerow.study.hedging.json import outcome_to_dict

        return outcome_to_dict(self)

    def write_html(self, path: str | Path) -> Path:
        """Write the self-contained report and return its path; nothing is left half-written."""
        from hedgerow.study.hedging.report import write_hedge_report

        return write_hedge_report(self, Path(path))

    @property
    def is_replay(self) -> bool:
        """Whether the one path is history."""
        return not hasattr(self.study, "scenario")

    @property
    def profits(self) -> np.ndarray[Any, Any] | None:
        """Profit of each path, money, where the engine kept them and there is more than one."""
        pnl = self.result.pnl
        return None if pnl is None or len(pnl) < 2 else np.asarray(pnl)


def shown_parts(parts: pd.DataFrame) -> pd.DataFrame:
    """Return the parts of a profit as a picture shows them: delta and hedge as one, costs as one, and the total.

    Parameters
    ----------
    parts : DataFrame, by time
        Every part, cumulative or not, money; they add up to the profit.

    Examples
    --------
    >>> parts = pd.DataFrame({"delta": [5.0], "hedge": [-4.0], "gamma": [2.0], "cost ticket": [-1.0]})
    >>> shown_parts(parts).iloc[0].to_dict()
    {'gamma': 2.0, 'delta and hedge': 1.0, 'costs': -1.0, 'total': 2.0}
    """
    large = [name for name in ("delta", "hedge") if name in parts.columns]
    paid = [name for name in parts.columns if str(name).startswith("cost")]
    rest = parts.drop(columns=[*large, *paid, "total"], errors="ignore")
    rest = rest.loc[:, (rest != 0.0).any(axis=0) | rest.columns.isin(["gamma", "theta"])]
    shown = rest.assign(**{"delta and hedge": parts[large].sum(axis=1), "costs": parts[paid].sum(axis=1)})
    return shown.assign(total=parts.drop(columns="total", errors="ignore").sum(axis=1))
