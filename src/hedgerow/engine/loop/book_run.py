"""How a run of a book is executed, and what comes out: the checked accounts, and the marks that explain them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.attribution import Explained, Marks, explain_ledger
from hedgerow.costs import CostModel, no_costs
from hedgerow.costs.account_rates import AccountRates
from hedgerow.engine.loop.book_schedule import Schedule
from hedgerow.engine.loop.exit_log import ExitLog
from hedgerow.errors import InputError
from hedgerow.instruments.model import LOGNORMAL, Model
from hedgerow.ledger import Ledger
from hedgerow.limits.exits import ExitRule, require_exit_rule
from hedgerow.pricing.record import FIELD_NAMES, checked_names


@dataclass(frozen=True)
class BookExecution:
    """How decisions become trades and money, none of it implicit.

    Parameters
    ----------
    lag : int
        Steps between a decision and its trade, 0 or more: with 1, what is decided at a close trades at the next.
    hold_book : bool
        True where the book stands in the account from the start (an endowment); False where it is bought or sold at
        model value at its first moment, the premium going through cash.
    unwind : bool
        Close everything at the last moment, at a cost.
    account : AccountRates
        Rate on cash (None for the market's), spread on debt, fee and rebate on what is sold short.
    option_costs : CostModel
        What opening and closing positions of the book costs; settlement at expiry is free.
    greeks : tuple of str
        Greeks kept at every time for attribution and policies.
    model : Model or str
        Prices European options.
    exits : ExitRule, optional
        When positions of the book are closed, or rolled, before they expire: see :mod:`hedgerow.limits.exits`.

    Examples
    --------
    >>> BookExecution(lag=1).hold_book
    False
    """

    lag: int = 0
    hold_book: bool = False
    unwind: bool = False
    account: AccountRates = field(default_factory=AccountRates)
    option_costs: CostModel = field(default_factory=no_costs)
    greeks: tuple[str, ...] = ("delta", "gamma", "theta", "vega")
    model: Model | str = LOGNORMAL
    exits: ExitRule | None = None

    def __post_init__(self) -> None:
        """Refuse a lag below 0, unknown Greeks or models, and exits that are no rule."""
        if isinstance(self.lag, bool) or int(self.lag) != self.lag or self.lag < 0:
            raise InputError(f"the execution lag must be a whole number of steps, 0 or more, not {self.lag!r}")
        checked_names(self.greeks)
        Model.of(self.model)
        require_exit_rule(self.exits)

    @property
    def names(self) -> tuple[str, ...]:
        """Figures worked out at every time: price, delta and gamma always."""
        wanted = {"price", "delta", "gamma", *self.greeks}
        return tuple(name for name in FIELD_NAMES if name in wanted)


@dataclass(frozen=True, eq=False)
class BookRun:
    """What happened to a book and its hedge on every path.

    Attributes
    ----------
    ledger : Ledger
        Instruments: the places of the book's positions, then the hedges. Units are contracts.
    marks : Marks
        Greeks, spots, volatilities and rates at every time, as an attribution reads them.
    figures : mapping of str to ndarray, shape (n_paths, n_times, n_instruments)
        Price and Greeks of one contract, its multiplier in.
    schedule : Schedule
        Which position stood in which place from when to when.
    targets : ndarray, shape (n_paths, n_times, n_hedges)
        What the hedger would have liked to hold at each moment, contracts; nothing is decided at the end, where the
        last target stands.
    reasons : tuple of str
        Why targets could not be met, each once with the moment at which it was first said.
    synthetic : str
        What in the prices was made and not observed; empty for nothing.
    exit_log : ExitLog, optional
        What exit rules closed, where there were any.
    """

    ledger: Ledger
    marks: Marks
    figures: Mapping[str, FloatArray]
    schedule: Schedule
    targets: FloatArray
    reasons: tuple[str, ...] = ()
    synthetic: str = ""
    exit_log: ExitLog | None = None

    @property
    def pnl(self) -> FloatArray:
        """Gain of book and hedge together after costs, money, (n_paths,)."""
        return np.asarray(self.ledger.wealth_changes.sum(axis=1))

    @property
    def lag(self) -> int:
        """Steps between decision and trade."""
        return self.ledger.lag

    @property
    def positions(self) -> pd.DataFrame:
        """A row per position: instrument, quantity, place, when opened and settled."""
        return self.schedule.table()

    def exits(self, path: int = 0) -> pd.DataFrame:
        """Return what exit rules closed on one path: instrument, decided, traded, reason, left, ..."""
        if self.exit_log is None:
            raise InputError("nothing was closed by a rule in this run: it had none; give exits=ExitBeforeExpiry(7)")
        return self.exit_log.table(self.schedule, path)

    def greek(self, name: str) -> FloatArray:
        """Return a Greek of the book as held after each time, by underlying, (n_paths, n_times, n_underlyings)."""
        if name not in self.figures:
            raise InputError(f"{name!r} was not kept; give BookExecution(greeks=(..., {name!r}))")
        own = self.schedule.n_book_places
        held = self.figures[name][..., :own] * self.ledger.holdings[..., :own]
        code = self.marks.underlying[:own]
        return np.stack([held[..., code == k].sum(axis=-1) for k in range(len(self.marks.underlyings))], axis=-1)

    def lines(self) -> dict[str, FloatArray]:
        """Return the parts of the change of wealth at each time, (n_paths, n_times): they add up to it.

        ``book`` and ``hedge`` are gains before costs; ``financing``; flows by label; ``cost <label>`` negative.
        """
        ledger, own = self.ledger, self.schedule.n_book_places
        gains = ledger.gains
        found = {"book": gains[..., :own].sum(axis=-1), "hedge": gains[..., own:].sum(axis=-1)}
        found |= {"financing": np.array(ledger.financing), **dict(ledger.flows)}
        return found | {f"cost {label}": -money for label, money in ledger.costs.items()}

    def attribution(self) -> Explained:
        """Return where the change of wealth came from, by Greek, step by step, the remainder shown."""
        return explain_ledger(self.ledger, self.marks)

    def waterfall(self, path: int | None = None, unit: str = "") -> Any:
        """Return the picture of the attribution, from nothing to the profit: of one path, or the mean over paths."""
        from hedgerow.report import attribution_waterfall_figure

        totals = self.attribution().total()
        if path is not None and not 0 <= path < len(totals):
            raise InputError(f"there is no path {path}: paths are numbered from 0 to {len(totals) - 1}")
        return attribution_waterfall_figure(totals.mean() if path is None else totals.iloc[path], unit=unit)

    def by_year(self, path: int = 0) -> pd.DataFrame:
        """Return one path's P&L per calendar year: its parts, their total, and the number of hedge trades.

        Parameters
        ----------
        path : int

        Returns
        -------
        DataFrame, a row per year
            Columns of :meth:`lines`, ``pnl`` (their sum) and ``trades`` (times at which a hedge was traded).
        """
        times = self.ledger.terms.times
        frame = pd.DataFrame({name: money[path] for name, money in self.lines().items()}, index=times)
        frame["pnl"] = self.ledger.wealth_changes[path]
        hedge_trades = self.ledger.trades[path, :, self.schedule.n_book_places :]
        frame["trades"] = (hedge_trades != 0.0).any(axis=-1).astype(int)
        return frame.groupby(times.year.rename("year")).sum()
