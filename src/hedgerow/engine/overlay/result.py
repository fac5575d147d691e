"""What a run of an overlay returns: stages, what was held, what it earned and cost, and what to do today."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray, IntArray
from hedgerow.engine.overlay.accounts import SingleAccount
from hedgerow.engine.overlay.options import OverlayOptions
from hedgerow.engine.overlay.settlement import settled
from hedgerow.engine.overlay.slots import Slots
from hedgerow.errors import DataError
from hedgerow.ledger import Ledger
from hedgerow.market.daily import said_of_gaps
from hedgerow.overlays import STAGES, OverlayRule, Shape, ShapedPath, Signals
from hedgerow.programmes import OverlayMarket, Portfolio

if TYPE_CHECKING:
    from hedgerow.engine.overlay.today import OverlayToday


@dataclass(frozen=True, eq=False)
class OverlayPart:
    """One rule of a run with its shape and what they made of the signals."""

    name: str
    rule: OverlayRule
    shape: Shape
    path: ShapedPath


@dataclass(frozen=True, eq=False)
class OverlayRun:
    """What a run was asked.

    Attributes
    ----------
    market : OverlayMarket
    portfolio : Portfolio
    options : OverlayOptions
    budget : float or None
    signals : Signals
    signal_rows : ndarray (n_dates,)
        Row of the signals that is known on each date of the market; -1 before the first.
    slots : Slots
    """

    market: OverlayMarket
    portfolio: Portfolio
    options: OverlayOptions
    budget: float | None
    signals: Signals
    signal_rows: IntArray
    slots: Slots


@dataclass(frozen=True, eq=False)
class OverlayResult:
    """The account of a portfolio under an overlay; made by :func:`run_overlay`.

    Attributes
    ----------
    run : OverlayRun
    parts : tuple of OverlayPart
    account : SingleAccount
    book : Ledger
        Slots and, last, the portfolio; one path.
    """

    run: OverlayRun
    parts: tuple[OverlayPart, ...]
    account: SingleAccount
    book: Ledger

    def __repr__(self) -> str:
        first, last = (f"{day:%Y-%m-%d}" for day in self.dates[[0, -1]])
        words = " and ".join(f"{part.rule!r} on {part.name}" for part in self.parts)
        total = self.book.wealth_changes.sum() - self.book.gains[0, :, -1].sum()
        return f"<OverlayResult of {words}, {first} to {last}, lag {self.lag}: hedge P&L {total:,.2f}>"

    @property
    def dates(self) -> pd.DatetimeIndex:
        """Dates of the market, (n_dates,)."""
        return self.run.market.dates

    @property
    def lag(self) -> int:
        """Dates from a decision to its fill."""
        return self.run.options.lag

    @property
    def stated(self) -> tuple[str, ...]:
        """What was assumed and what was left out, a clause each."""
        run = self.run
        missing = int((np.diff(run.signal_rows) == 0).sum())
        late = int((run.signal_rows < 0).sum())
        said = [*run.market.stated, *run.signals.stated]
        if run.market.dropped:
            said.append(
                f"{run.market.dropped} dates left out on which the price, portfolio or a volatility index is missing"
            )
        said += said_of_gaps(self.dates)
        if missing:
            said.append(f"no signal on {missing} dates of the market: the last decision stands on them")
        if late:
            said.append(f"signals begin {late} dates after the market: nothing is held before")
        return tuple(said)

    @property
    def notes(self) -> tuple[str, ...]:
        """What to beware of, a clause each: ``stated``, ``synthetic``, and what never fired."""
        untried = (f"never fired on these dates: {'; '.join(self.never_fired)}",) if self.never_fired else ()
        return (*self.stated, *self.synthetic, *untried)

    @cached_property
    def never_fired(self) -> tuple[str, ...]:
        """Parts of the rule, stages, triggers, budget and monetisation that never changed anything on these dates."""
        from hedgerow.engine.overlay.never_fired import never_fired

        return never_fired(self)

    @property
    def synthetic(self) -> tuple[str, ...]:
        """What was modelled because no quote was given; empty where every price is a quote."""
        return tuple(dict.fromkeys(word for one in self.run.slots.programmes for word in one.synthetic))

    @cached_property
    def stages(self) -> pd.DataFrame:
        """Multiplier after every stage by date, (n_dates, stages); parts above the stages where there are several.

        NaN in the warm-up alone; on dates without a signal the last decision stands.
        """
        rows = self.run.signal_rows
        tables = {}
        for number, part in enumerate(self.parts):
            kept = {name: np.where(rows < 0, np.nan, part.path.stages[name][rows]) for name in STAGES}
            kept[STAGES[-1]] = self.account.decided[number]
            tables[part.name] = pd.DataFrame(kept, index=self.dates)
        return tables[self.parts[0].name] if len(tables) == 1 else pd.concat(tables, axis=1)

    @property
    def multipliers(self) -> pd.DataFrame:
        """What is decided at each close after the last stage, a column per part."""
        return pd.DataFrame(self.account.decided.T, self.dates, [part.name for part in self.parts])

    @property
    def holdings(self) -> pd.DataFrame:
        """Contracts held after trading at each close, a column per slot."""
        return pd.DataFrame(self.account.holdings, self.dates, list(self.run.slots.names))

    @property
    def multiplier(self) -> pd.Series:
        """What is decided at each close after the last stage; the mean of several parts."""
        return self._series(self.account.decided.mean(axis=0), "multiplier")

    @property
    def held(self) -> pd.Series:
        """Multiplier held after trading at each close; the mean of several parts."""
        return self._series(self.account.held.mean(axis=0), "held")

    @property
    def costs(self) -> pd.Series:
        """Costs paid at each close, positive money."""
        return self._series(self.book.total_costs[0], "costs")

    @property
    def financing(self) -> pd.Series:
        """Interest of the hedge's cash over the step ending at each date, money."""
        return self._series(self.book.financing[0], "financing")

    @property
    def portfolio_pnl(self) -> pd.Series:
        """Change of the portfolio's value over the step ending at each date, dividends included, money."""
        return self._series(self.book.gains[0, :, -1], "portfolio")

    @property
    def hedge_pnl(self) -> pd.Series:
        """Gains of the hedge and interest on its cash less its costs, by date, money."""
        earned = self.book.gains[0, :, :-1].sum(axis=1) + self.book.financing[0] - self.book.total_costs[0]
        return self._series(earned, "hedge")

    @property
    def pnl(self) -> pd.Series:
        """Portfolio and hedge together, by date, money."""
        return self._series(self.portfolio_pnl.to_numpy() + self.hedge_pnl.to_numpy(), "pnl")

    @property
    def wealth(self) -> pd.Series:
        """Portfolio, hedge and its cash at each close, money."""
        return self._series(self.book.wealth[0], "wealth")

    @property
    def unhedged_wealth(self) -> pd.Series:
        """The portfolio alone at each close, money."""
        return self._series(self.run.portfolio.value * self.run.market.wealth, "unhedged wealth")

    @cached_property
    def settled_pnl(self) -> pd.Series:
        """What the hedge earned over the step ending at each date from the second on, settled at once; money.

        Gains less costs and less the interest on the money tied up in the hedge; interest on what earlier steps cost or
        brought in is left to ``hedge_pnl``. The first step bears the costs of the first date.
        """
        market = self.run.market
        steps = settled(self.hedge_pnl.to_numpy(), market.rate[:-1] * market.years[1:])
        return pd.Series(steps, self.dates[1:], name="hedge, settled")

    @property
    def hedge_returns(self) -> pd.Series:
        """``settled_pnl`` as a share of the unhedged portfolio at the start of each step."""
        shares: pd.Series = self.settled_pnl / self.unhedged_wealth.to_numpy()[:-1]
        return shares.rename("hedge")

    @property
    def returns(self) -> pd.Series:
        """Returns of the portfolio with its hedge settled into it, from the second date on.

        Raises
        ------
        DataError
            Where a step loses all there is.
        """
        returns = self.unhedged_returns + self.hedge_returns
        gone = ~(returns.to_numpy() > -1.0)
        if gone.any():
            row = int(np.argmax(gone))
            raise DataError(
                f"portfolio and hedge lose all there is on {returns.index[row]:%Y-%m-%d} (return "
                f"{returns.iloc[row]:.0%}); hold less of the hedge, or give it a cap or a budget"
            )
        return returns.rename("hedged")

    @property
    def unhedged_returns(self) -> pd.Series:
        """Returns of the portfolio alone from the second date on."""
        wealth = self.unhedged_wealth.to_numpy()
        return pd.Series(wealth[1:] / wealth[:-1] - 1.0, self.dates[1:], name="unhedged")

    @cached_property
    def breaches(self) -> pd.DataFrame:
        """Where the budget held the multiplier below its floor or was exceeded, or the account was used up."""
        from hedgerow.engine.overlay.breaches import breaches

        return breaches(self)

    @cached_property
    def contracts(self) -> pd.DataFrame:
        """Every contract that was in a slot while the hedge ran, with what was held of it and what it earned."""
        from hedgerow.engine.overlay.figures_of_run import contracts

        return contracts(self)

    @cached_property
    def budget_use(self) -> pd.DataFrame:
        """Money that premium and costs took by calendar year, the loss of swaps and futures, and the budget."""
        from hedgerow.engine.overlay.figures_of_run import budget_use

        return budget_use(self)

    def ledger(self) -> Ledger:
        """Return the checked ledger of slots and portfolio, path 0."""
        return self.book

    def summary(self) -> pd.DataFrame:
        """Return the figures of the run: index figure, columns ``value`` and ``unit``."""
        from hedgerow.engine.overlay.figures_of_run import summary

        return summary(self)

    def today(self) -> OverlayToday:
        """Return what was decided at the last close, what is held, and what is to be traded, with the reason."""
        from hedgerow.engine.overlay.today import today_of

        return today_of(self)

    def to_dict(self) -> dict[str, Any]:
        """Return dates, stages, accounts, figures and breaches as plain numbers and text for JSON; NaN is None."""
        from hedgerow.engine.overlay.as_json import as_plain

        return as_plain(self)

    def figure(self, name: str) -> Any:
        """Return a picture: ``multiplier``, ``cost_and_gain`` or ``drawdown``; InputError for another name."""
        from hedgerow.engine.overlay.overlay_pictures import picture

        return picture(self, name)

    def _series(self, values: FloatArray, name: str) -> pd.Series:
        return pd.Series(values, self.dates, name=name)
