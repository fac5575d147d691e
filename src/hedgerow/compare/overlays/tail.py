"""Tail hedges beside one another: what they bleed, what a sudden fall pays, what they did in each crisis.

>>> from hedgerow.programmes.variance_swaps import VarianceSwaps
>>> days = pd.bdate_range("2019-01-01", periods=300)
>>> moves = np.random.default_rng(0).normal(size=300) * 0.01
>>> market = OverlayMarket.of(
...     pd.Series(100.0 * np.exp(np.cumsum(moves)), days), pd.Series(18.0, days), rate=0.0, dividend_yield=0.0
... )
>>> hedges = {"1 month": VarianceSwaps(10_000), "3 months": VarianceSwaps(10_000, months=3)}
>>> found = compare_tail_hedges(hedges, market, judging=OverlayJudging(bootstrap=None))
>>> list(found.table().index)
['no hedge', '1 month', '3 months']
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from hedgerow.compare.overlays.comparison import OverlayComparison
from hedgerow.compare.overlays.diversified import DiversifiedPlan, Plan
from hedgerow.compare.overlays.plan import NO_HEDGE, OverlayJudging, OverlayPlan, require_names
from hedgerow.compare.overlays.revalued import convexity_maps, gain_shares
from hedgerow.compare.overlays.runs import Hedge, Setting, distinct_hedges
from hedgerow.compare.overlays.tail_bleed import BLEEDS, protection_by_bleed
from hedgerow.compare.overlays.tail_money import hedge_figures
from hedgerow.compare.overlays.tail_shocks import FALLS, STRESSES, TailShock
from hedgerow.engine.overlay import OverlayOptions
from hedgerow.engine.overlay.checks import require_kinds
from hedgerow.errors import InputError
from hedgerow.overlays import Shape, Static
from hedgerow.programmes import OverlayMarket, Portfolio

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

PAYOFF_COLUMNS = (
    "hedge", "shock", "spot_change", "vix_points", "gain", "gain_low", "gain_high", "gain_now", "years_of_bleed",
    "offset", "status", "sample",
)  # fmt: skip
REPRICED = "repriced"

TailHedge: TypeAlias = Hedge | tuple[Hedge | tuple[Hedge, float], ...]
"""A hedge, several in equal shares, or several each with its multiplier."""


@dataclass(frozen=True, eq=False)
class TailComparison:
    """Tail hedges judged on the same steps; made by :func:`compare_tail_hedges`.

    Attributes
    ----------
    comparison : OverlayComparison
        Every hedge at multiplier 1, several together at their shares, under the budget where there is one.
    budget : float or None
        Share of the portfolio that premium and costs may take in a calendar year.
    shocks : tuple of TailShock
        Of :meth:`stress`.
    """

    comparison: OverlayComparison
    budget: float | None
    shocks: tuple[TailShock, ...]

    def __repr__(self) -> str:
        return f"<TailComparison of {', '.join(self.hedges)}, {self.comparison.judged}>"

    @property
    def hedges(self) -> tuple[str, ...]:
        """Names, in order."""
        return tuple(self.comparison.plans)

    @property
    def stamp(self) -> str:
        """What was modelled, for tables and figures; empty where every price is a quote."""
        return self.comparison.stamp

    def table(self) -> pd.DataFrame:
        """Return the figures of every hedge.

        Returns
        -------
        pandas.DataFrame
            As :meth:`OverlayComparison.table` without the columns that hold a rule against a static hedge, and then
            ``cvar_cut`` (CVaR of a day taken away, share), ``cvar_cut_per_cost`` (per share of the portfolio that the
            hedge costs a year; NaN where it earned), ``gain_10``, ``gain_20``, ``gain_30`` (mean gain at a sudden fall,
            share of the portfolio; NaN where the hedge cannot be repriced), ``convexity_10`` to ``convexity_30`` (that
            gain in years of bleed), ``spent_per_year`` (in a calendar year, of what a budget counts, see
            :func:`.tail_money.spent_per_year`),
            ``offset_per_spent``, ``gain_20_per_spent`` and ``cvar_cut_per_spent`` (per share of the portfolio spent a
            year; NaN where nothing was), under a budget the same ``_per_budget`` (per share of the portfolio that may
            be spent, much or little of it), ``marked_by_model`` and ``stale_quotes`` (shares of the days on which the
            hedge was held, see :func:`.tail_money.marked`).
        """
        table = self.comparison.table()
        unlike = [name for name in table if "static" in str(name)]
        table = table.drop(columns=[*unlike, "sample"])
        bare = table["cvar"].to_dict()[NO_HEDGE]
        table["cvar_cut"] = bare - table["cvar"]
        table["cvar_cut_per_cost"] = table["cvar_cut"] / table["cost_per_year"].where(table["cost_per_year"] > 0.0)
        payoffs = self.payoffs()
        for shock in FALLS:
            rows = payoffs[payoffs["shock"] == shock.name].set_index("hedge")
            place = f"{-100.0 * shock.spot_change:.0f}"
            table[f"gain_{place}"] = rows["gain"].reindex(table.index)
            table[f"convexity_{place}"] = rows["years_of_bleed"].reindex(table.index)
        rests_on = self._rests_on.reindex(table.index)
        spent = rests_on.pop("spent_per_year")
        table["spent_per_year"] = spent
        for name in ("offset", "gain_20", "cvar_cut"):
            table[f"{name}_per_spent"] = table[name] / spent.where(spent > 0.0)
            if self.budget:
                table[f"{name}_per_budget"] = table[name] / self.budget
        table = table.join(rests_on)
        return table.assign(sample=self.comparison.judging.sample)

    @cached_property
    def _rests_on(self) -> pd.DataFrame:
        return hedge_figures(self.comparison, dict(self.comparison.plans))

    def crises(self) -> pd.DataFrame:
        """Return a row per crisis and hedge; see :func:`.crisis_tables.crisis_table`."""
        return self.comparison.crises()

    def payoffs(self) -> pd.DataFrame:
        """Return what sudden falls of 10, 20 and 30 % pay; columns as :meth:`stress`."""
        return self._payoffs.copy()

    @cached_property
    def _payoffs(self) -> pd.DataFrame:
        return self._revalued(FALLS)

    def stress(self) -> pd.DataFrame:
        """Return what the days of 1987, 2008 and 2020 and the user's own shocks would pay.

        Returns
        -------
        pandas.DataFrame
            ``hedge``, ``shock``, ``spot_change``, ``vix_points``, ``gain`` (share of the portfolio, the mean over all
            judged dates of what was held on them, before costs), ``gain_low`` and ``gain_high`` (5 and 95 % of the
            dates), ``gain_now`` (at the last date), ``years_of_bleed`` (``gain`` over bleed a year; NaN where the hedge
            does not bleed), ``offset`` (over the loss of the exposed part of the portfolio; NaN for a rise),
            ``status`` ("repriced", or why it could not be), ``sample``.
        """
        return self._revalued(self.shocks)

    def _revalued(self, shocks: Sequence[TailShock]) -> pd.DataFrame:
        bleed = self.comparison.table()["bleed_per_year"].to_dict()
        rows = [self._row(hedge, shock, float(bleed[hedge])) for hedge in self.hedges for shock in shocks]
        return pd.DataFrame(rows, columns=list(PAYOFF_COLUMNS))

    def _row(self, name: str, shock: TailShock, bleed: float) -> tuple[object, ...]:
        head, sample = (name, shock.name, shock.spot_change, shock.vix_points), self.comparison.judging.sample
        try:
            share = gain_shares(self.comparison, name, shock.spot_change, shock.vix_points)
        except InputError as refusal:
            return (*head, *(np.nan,) * 6, str(refusal), sample)
        mean = float(share.mean())
        low, high = (float(end) for end in np.quantile(share, [0.05, 0.95]))
        exposed = -shock.spot_change * self.comparison.setting.portfolio.exposure_weight
        offset = mean / exposed if exposed > 0.0 else np.nan
        years = mean / bleed if bleed > 0.0 else np.nan
        return (*head, mean, low, high, float(share[-1]), years, offset, REPRICED, sample)

    def convexity(self) -> pd.DataFrame:
        """Return the mean gain of every hedge over falls of the index and rises of its volatility together.

        See :func:`.revalued.convexity_maps`: a row per hedge, move of the index (-40 to +10 %) and change of the
        volatility index (0 to 60 points).
        """
        return self._maps.copy()

    @cached_property
    def _maps(self) -> pd.DataFrame:
        return convexity_maps(self.comparison)

    def by_bleed(self, bleeds: Sequence[float] = BLEEDS) -> pd.DataFrame:
        """Return how much of each hedge a bleed a year buys, and what that protects.

        See :func:`.tail_bleed.protection_by_bleed`: index (``bleed``, ``plan``), every hedge without a cap at the size
        that costs so much outside crises; 0.25, 0.5 and 1 % of the portfolio unless others are asked for.
        """
        return protection_by_bleed(self, bleeds)

    def verdict(self) -> tuple[str, ...]:
        """Return sentences made of the figures of :meth:`table`."""
        from hedgerow.compare.overlays.tail_words import tail_sentences

        return tail_sentences(self)

    def to_dict(self) -> dict[str, Any]:
        """Return all tables as lists of rows for JSON; NaN is None."""
        from hedgerow.compare.overlays.plain import plain, plain_rows

        tables = {
            "table": self.table(), "crises": self.crises(), "payoffs": self.payoffs(), "stress": self.stress(),
            "convexity": self.convexity(),
        }  # fmt: skip
        comparison = self.comparison
        words = {
            "judged": comparison.judged, "stated": comparison.stated, "stamp": self.stamp, "budget": self.budget,
            "verdict": self.verdict(), "lag": comparison.setting.options.lag, "sample": comparison.judging.sample,
        }  # fmt: skip
        return {name: plain(value) for name, value in words.items()} | {
            name: plain_rows(table) for name, table in tables.items()
        }

    def figure(self, name: str, hedge: str | None = None) -> Figure:
        """Return a picture: payoff_fan, convexity_map, by_bleed, or one of :meth:`OverlayComparison.figure`.

        Parameters
        ----------
        name : str
        hedge : str, optional
            Whose convexity map; the first by default.
        """
        from hedgerow.compare.overlays.tail_words import tail_picture

        return tail_picture(self, name, hedge)


def compare_tail_hedges(
    hedges: Mapping[str, TailHedge],
    market: OverlayMarket,
    *,
    budget_per_year: float | None = None,
    portfolio: Portfolio | None = None,
    options: OverlayOptions | None = None,
    judging: OverlayJudging | None = None,
    shocks: Sequence[TailShock] = STRESSES,
) -> TailComparison:
    """Hold every hedge at multiplier 1, or several together at their shares, and judge all on the same steps.

    Parameters
    ----------
    hedges : mapping of str to HedgeProgramme, PricedProgramme, or tuple of them
        A tuple holds its hedges together under one budget: in equal shares that add up to 1, or each at its own
        multiplier where it is a tuple of pairs ``(hedge, 0.7)``.
    market : OverlayMarket
    budget_per_year : float, optional
        Share of the portfolio that premium and costs may take in a calendar year, the same for all.
    portfolio : Portfolio, optional
    options : OverlayOptions, optional
        Lag 1 by default.
    judging : OverlayJudging, optional
    shocks : sequence of TailShock
        Of :meth:`TailComparison.stress`; the days of 1987, 2008 and 2020 by default.

    Returns
    -------
    TailComparison

    Raises
    ------
    InputError
        No hedge, or one called "no hedge"; an empty tuple, one that gives a share to some of its hedges alone, or a
        share that is not above 0.
    """
    require_names(hedges, "IndexPuts(premium_budget=0.0025)")
    require_kinds(market=market)
    for shock in shocks:
        if not isinstance(shock, TailShock):
            raise InputError(f"shocks are such as TailShock('a bad day', -0.10, 15.0), not {shock!r}")
    if not hedges:
        raise InputError("a comparison needs at least one hedge; give a mapping of names to programmes")
    if NO_HEDGE in hedges:
        raise InputError(f"{NO_HEDGE!r} is the name of an account that is added by itself; call yours something else")
    plans = {name: _plan_of(name, hedge, budget_per_year) for name, hedge in hedges.items()}
    setting = Setting.of(plans, market, None, portfolio or Portfolio(), options or OverlayOptions())
    results = {NO_HEDGE: setting.run(OverlayPlan(Static(0.0), distinct_hedges(plans)[0]))}
    results |= {name: setting.run(plan) for name, plan in plans.items()}
    static = MappingProxyType({name: name for name in plans})
    comparison = OverlayComparison(
        MappingProxyType(plans), MappingProxyType(results), static, setting, judging or OverlayJudging()
    )
    _ = comparison.records  # what cannot be judged is refused now and not at the first question
    return TailComparison(comparison, budget_per_year, tuple(shocks))


def _plan_of(name: str, hedge: TailHedge, budget: float | None) -> Plan:
    """Return a hedge held throughout, or several together."""
    if not isinstance(hedge, tuple):
        return OverlayPlan(Static(1.0), hedge, Shape(budget=budget))
    pairs = [each for each in hedge if isinstance(each, tuple)]
    if not hedge or len(pairs) not in (0, len(hedge)):
        raise InputError(
            f"the hedges of {name!r} must be one programme or more, all with a share or none; {len(pairs)} of "
            f"{len(hedge)} have one"
        )
    wrong = next((share for _hedge, share in pairs if not (np.isfinite(share) and share > 0.0)), None)
    if wrong is not None:
        raise InputError(f"every share of {name!r} must be a number above 0, not {wrong!r}; leave the hedge out")
    parts = [
        OverlayPlan(Static(float(each[1])), each[0])
        if isinstance(each, tuple)
        else OverlayPlan(Static(1.0 / len(hedge)), each)
        for each in hedge
    ]
    return DiversifiedPlan(tuple(parts), budget)
