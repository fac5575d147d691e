"""Two rivals that an overlay must beat: the static hedge of the same mean size, and simply holding less.

* **Same mean multiplier**: the static hedge that held on average what the rule held, from the same date on and under
  the same budget (it orders more where the budget cuts it, as far as that helps). A rule that only hedges more, or
  less, than the static hedge is no better than it. Of several hedges together each is held at its own mean.
* **Holding less**: a share of the portfolio is sold at the start, and its weight kept, so that CVaR equals that of the
  hedged account on the same steps; the proceeds earn the market's rate, trading is free. What it costs is the return
  forgone above that rate. Where the hedge did not lower CVaR nothing is sold.

Both know the whole sample (the mean, the CVaR); the rule does not, so they are a little flattered.

>>> share_to_sell(np.array([-0.04, 0.02, 0.01, 0.03]), np.zeros(4), 0.02, 0.75)
0.5
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.compare.overlays.measures import BETTER_HIGH, FigureDraws, draw_figures, figures_of
from hedgerow.compare.overlays.plan import NO_HEDGE
from hedgerow.compare.overlays.record import HedgeRecord
from hedgerow.effectiveness import cvar

if TYPE_CHECKING:
    from hedgerow.compare.overlays.comparison import OverlayComparison

SAME_MEAN, HOLDING_LESS = "static, same mean multiplier", "holding less"
JUDGED = ("cost_per_year", "offset", "sharpe", "cvar")
"""Figures on which a plan is held against its rivals."""
BEATS, LOSES, SAME, UNKNOWN, UNJUDGED = "beats", "does not beat", "the same", "cannot tell", "not judged"

COLUMNS = ("plan", "rival", "figure", "of_plan", "of_rival", "difference", "low", "high", "word", "sample")
ROUNDING = 1e-12
CLOSE = 1e-6
"""Relative difference of the means at which ordering more ends."""
TRIES = 12


@dataclass(frozen=True, eq=False)
class Rivals:
    """The accounts of both rivals of every plan.

    Attributes
    ----------
    plans : tuple of str
    records : mapping of (plan, rival) to HedgeRecord
    levels : mapping of (plan, rival) to float
        The mean multiplier that the static hedge held (the mean over parts), or the share sold.
    own : mapping of str to HedgeRecord
        Those of the plans.
    draws : FigureDraws or None
        Of plans and rivals together.
    level : float
        Of CVaR.
    """

    plans: tuple[str, ...]
    records: Mapping[tuple[str, str], HedgeRecord]
    levels: Mapping[tuple[str, str], float]
    own: Mapping[str, HedgeRecord]
    draws: FigureDraws | None
    level: float

    def table(self) -> pd.DataFrame:
        """Return a row per plan, rival and figure, and one for all of them.

        Returns
        -------
        pandas.DataFrame
            ``plan``, ``rival``, ``figure`` (cost_per_year, offset, sharpe, cvar, or "all"), ``of_plan``, ``of_rival``,
            ``difference`` (plan less rival) with ``low`` and ``high`` under common draws, ``word`` and ``sample``. The
            word of a figure is "beats" where the plan's is better beyond the interval, "does not beat" where it is
            worse, "the same" where no draw tells them apart, "cannot tell" where the interval holds 0; that of "all"
            is "beats" where a figure is better and none worse, "does not beat" where one is worse or all are the
            same, else "cannot tell": by intervals wide enough for four looks at once, so that it is said wrongly no
            more often than one word is. Without intervals: "not judged". The row "all" has the rival's multiplier, or
            the share sold, as ``of_rival`` and the plan's mean multiplier as ``of_plan``.
        """
        rows = [row for plan, rival in self.records for row in self._rows(plan, rival)]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def word(self, plan: str, rival: str) -> str:
        """Return the word for all figures together."""
        table = self.table()
        rows = (table["plan"] == plan) & (table["rival"] == rival) & (table["figure"] == "all")
        return str(table.loc[rows, "word"].iloc[0])

    def _rows(self, plan: str, rival: str) -> list[tuple[object, ...]]:
        mine, theirs = figures_of(self.own[plan], self.level), figures_of(self.records[plan, rival], self.level)
        rows: list[tuple[object, ...]] = []
        words = []
        for figure in JUDGED:
            low, high = self._interval(figure, plan, rival)
            apart = mine[figure] - theirs[figure]
            word = UNJUDGED if self.draws is None else word_of(figure, apart, low, high)
            wider = self._interval(figure, plan, rival, looks=len(JUDGED))
            words.append(UNJUDGED if self.draws is None else word_of(figure, apart, *wider))
            sample = self.own[plan].sample
            rows.append((plan, rival, figure, mine[figure], theirs[figure], apart, low, high, word, sample))
        sizes = (mine["mean_multiplier"], self.levels[plan, rival], np.nan, np.nan, np.nan)
        return [*rows, (plan, rival, "all", *sizes, together(words), self.own[plan].sample)]

    def _interval(self, figure: str, plan: str, rival: str, looks: int = 1) -> tuple[float, float]:
        if self.draws is None:
            return float("nan"), float("nan")
        return self.draws.difference(figure, plan, f"{plan} | {rival}", looks)


def rivals_of(comparison: OverlayComparison) -> Rivals:
    """Return both rivals of every plan."""
    records: dict[tuple[str, str], HedgeRecord] = {}
    levels: dict[tuple[str, str], float] = {}
    level = comparison.judging.level
    for name in comparison.plans:
        record = comparison.records[name]
        rival = _of_same_mean(comparison, name, max(record.mean_multiplier, 0.0))
        records[name, SAME_MEAN], levels[name, SAME_MEAN] = rival, rival.mean_multiplier
        sold = share_to_sell(record.period.unhedged, record.period.cash, cvar(record.returns, level), level)
        records[name, HOLDING_LESS] = holding_less(comparison.records[NO_HEDGE], sold)
        levels[name, HOLDING_LESS] = sold
    own = {name: comparison.records[name] for name in comparison.plans}
    bootstrap, draws = comparison.judging.bootstrap, None
    if bootstrap is not None:
        draws = draw_figures(own | {f"{plan} | {rival}": one for (plan, rival), one in records.items()}, bootstrap)
    return Rivals(tuple(comparison.plans), records, levels, own, draws, level)


def _of_same_mean(comparison: OverlayComparison, name: str, mean: float) -> HedgeRecord:
    """Return the static hedge that held a mean multiplier, or as near to it as budget and whole contracts allow.

    Where they cut what is ordered, more is ordered until the mean of what is *held* is that of the plan.
    """
    plan, result, sizes = comparison.plans[name], comparison.results[name], static_sizes(comparison, name)
    found: list[HedgeRecord] = []
    for _ in range(TRIES):
        found.append(comparison.record_of(comparison.setting.same_mean(plan, result, sizes)))
        held = found[-1].mean_multiplier
        if abs(held - mean) <= CLOSE * mean or not held > 0.0:
            break
        sizes = tuple(size * mean / held for size in sizes)
    return min(found, key=lambda each: abs(each.mean_multiplier - mean))


def static_sizes(comparison: OverlayComparison, name: str) -> tuple[float, ...]:
    """Return the constant multiplier of every part of the rival with the same mean: 0 for one that was sold short."""
    return tuple(max(mean, 0.0) for mean in comparison.mean_multipliers(name))


def holding_less(unhedged: HedgeRecord, sold: float) -> HedgeRecord:
    """Return the account in which a share of the portfolio was sold and its proceeds earn interest.

    Its "hedge" is the part sold: it earns interest less the portfolio's return on that part, so that its cost is the
    return forgone and its offset the loss avoided.

    Parameters
    ----------
    unhedged : HedgeRecord
    sold : float
        Share of the portfolio, 0 to 1, kept by free trades at every step.
    """
    period = unhedged.period
    gain = sold * (period.cash - period.unhedged)
    nothing = np.zeros_like(gain)
    return replace(
        unhedged,
        hedge_pnl=gain * period.portfolio,
        costs=nothing,
        held=np.full_like(gain, sold),
        traded=nothing,
        start=0,
    )


def share_to_sell(unhedged: FloatArray, cash: FloatArray, wanted: float, level: float = 0.95) -> float:
    """Return the smallest share to sell that lowers CVaR to the one wanted; 0 where it is that low already.

    Parameters
    ----------
    unhedged, cash : ndarray (n_steps,)
        Returns of the portfolio and of what its proceeds earn.
    wanted : float
        CVaR, positive for a loss.
    level : float

    Returns
    -------
    float
        Between 0 and 1; 1 where even that is not enough.
    """

    def beyond(sold: float) -> float:
        return cvar((1.0 - sold) * unhedged + sold * cash, level) - wanted

    if beyond(0.0) <= 0.0:
        return 0.0
    if beyond(1.0) >= 0.0:
        return 1.0
    from scipy.optimize import brentq

    return float(brentq(beyond, 0.0, 1.0, xtol=1e-13, rtol=1e-13))


def word_of(figure: str, difference: float, low: float, high: float) -> str:
    """Return whether a plan beats a rival on one figure."""
    if np.isfinite(difference) and max(abs(difference), abs(low), abs(high)) <= ROUNDING:
        return SAME
    if not (np.isfinite(low) and np.isfinite(high)):
        return UNKNOWN
    if figure not in BETTER_HIGH:
        low, high = -high, -low
    return BEATS if low > ROUNDING else LOSES if high < -ROUNDING else UNKNOWN


def together(words: list[str]) -> str:
    """Return the word for all figures of a plan against a rival."""
    if UNJUDGED in words:
        return UNJUDGED
    if LOSES in words or set(words) == {SAME}:
        return LOSES
    return BEATS if BEATS in words else UNKNOWN
