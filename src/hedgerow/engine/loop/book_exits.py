"""Asks an exit rule, moment by moment, what of a book to close, and keeps what was closed when and why.

What is decided at time t trades at t + lag, the hedge of it with it: from the decision on, hedgers see the book without
what is being closed, as they see their own orders under way as done.
"""

from __future__ import annotations

import numpy as np

from hedgerow._types import BoolArray, FloatArray, IntArray
from hedgerow.engine.loop.book_account import BookAccount
from hedgerow.engine.loop.exit_log import ExitLog
from hedgerow.errors import InputError
from hedgerow.instruments.columns import OPTION_TYPES
from hedgerow.limits.exits import ExitMoment, ExitRule
from hedgerow.units import CALENDAR_DAYS_PER_YEAR


class BookExits:
    """Exits of a book on all paths; it moves forward only.

    Parameters
    ----------
    account : BookAccount
    rule : ExitRule

    Attributes
    ----------
    wanted : ndarray, shape (n_paths, n_positions)
        Share of each position that rules leave in the book once the orders under way are done, 0 to 1.
    """

    def __init__(self, account: BookAccount, rule: ExitRule) -> None:
        self.account, self.rules = account, rule.alternatives()
        market = account.places.market
        self.schedule = schedule = market.schedule
        self._spots, self._code = market.paths.spots, market.code[: schedule.n_positions]
        own, n_paths = schedule.n_positions, market.paths.n_paths
        self._years = market.years[:, :own]
        self._places = schedule.places[:own]
        self._options = schedule.columns.is_type(*OPTION_TYPES)[:own]
        self._units = np.abs(schedule.columns.multiplier[:own])
        planned = schedule.follows[:own] < 0
        self.wanted: FloatArray = np.tile(planned.astype(float), (n_paths, 1))
        account.present = self.wanted.copy()
        self._successor: IntArray = np.full(own, -1, dtype=np.int64)
        self._successor[schedule.follows[:own][~planned]] = np.flatnonzero(~planned)
        self._opened = np.tile(np.where(planned, schedule.starts[:own], len(schedule.grid.times)), (n_paths, 1))
        self._pending: dict[int, FloatArray] = {}
        self._found: list[tuple[IntArray | FloatArray, ...]] = []
        self._seen: BoolArray = np.zeros((n_paths, account.n_book), dtype=np.bool_)
        self._start_gross, self._last_gross, self._start_paid, self._squares, self._notional = np.zeros((5, n_paths))

    def trade(self, step: int) -> None:
        """Trade out, and roll, what was decided ``lag`` steps ago."""
        if step in self._pending:
            wanted = self._pending.pop(step)
            self._opened[(wanted > 0.0) & (self.account.present == 0.0)] = step
            self.account.trade_book(step, wanted)

    def decide(self, step: int) -> None:
        """Ask the rules what to close now; with a lag of 0 it is traded at once."""
        self._follow(step)
        standing = self.standing(step) & (self._opened < step)
        if not standing.any():
            return
        now, wanted = self._moment(step), self.wanted.copy()
        for number, rule in enumerate(self.rules):
            share = np.where(standing, self._share(rule, now), 1.0)
            cut = (share < wanted) & standing
            if rule.rolls_months:
                cut &= self._successor >= 0
                paths, rows = np.nonzero(cut)
                wanted[paths, self._successor[rows]] = 1.0
            wanted = np.where(cut, share, wanted)
            standing &= ~cut
            self._note(step, number, cut, (wanted, now))
        if not (wanted != self.wanted).any():
            return
        self.wanted, lag = wanted, self.account.options.lag
        self._pending[step + lag] = wanted
        if not lag:
            self.trade(step)
            self._renew(step)

    def log(self) -> ExitLog:
        """Return all that was decided."""
        grid, whole = self.schedule.grid, [np.concatenate(each) for each in zip(*self._found, strict=True)]
        none = [np.zeros(0, dtype=np.int64)] * 4 + [np.zeros(0)] * 3
        reasons = tuple(each.reason for each in self.rules)
        return ExitLog(reasons, len(self.wanted), grid.n_steps, self.account.options.lag, *(whole or none))

    def _note(self, step: int, number: int, cut: BoolArray, seen: tuple[FloatArray, ExitMoment]) -> None:
        """Keep what one rule cut now."""
        paths, rows = np.nonzero(cut)
        wanted, now = seen
        if len(paths):
            fixed = np.full(len(paths), step), np.full(len(paths), number)
            self._found.append((paths, rows, *fixed, wanted[paths, rows], now.profit[paths], now.costs[paths]))

    def standing(self, step: int) -> BoolArray:
        """Return what of the book stands after the orders under way, (n_paths, n_positions)."""
        own = slice(0, self.schedule.n_positions)
        live = (self.schedule.starts[own] <= step) & (step < self.schedule.ends[own])
        alive = self.account.places.alive[:, step][:, self._places]
        return np.asarray((self.wanted > 0.0) & live & alive)

    def emptied(self, step: int, hedge_codes: IntArray) -> BoolArray:
        """Return hedges that have nothing left to hedge, (n_paths, n_hedges).

        A hedge is for the positions on its own underlying, or for all where there are none on it.
        """
        standing, own = self.standing(step), self.schedule.underlying[: self.schedule.n_positions]
        left = np.zeros((len(standing), len(hedge_codes)), dtype=np.bool_)
        for hedge, code in enumerate(hedge_codes):
            left[:, hedge] = standing[:, own == code if code in own else own >= 0].any(axis=1)
        return np.asarray(~left & (self._opened <= step).any(axis=1, keepdims=True))

    def _follow(self, step: int) -> None:
        """Bring profit, costs and squares up to now."""
        gross = self._gross(step)
        self._squares += (gross - self._last_gross) ** 2
        self._last_gross = gross
        self._renew(step)
        self._notional = np.maximum(self._notional, self._held_notional(step))

    def _gross(self, step: int) -> FloatArray:
        """Return wealth before costs, (n_paths,): trades at a price leave it as it is."""
        return np.asarray(self.account.wealth + self._paid(step + 1))

    def _paid(self, before: int) -> FloatArray:
        """Return the costs paid at the moments before one, (n_paths,)."""
        total: FloatArray = np.zeros(len(self.wanted))
        for money in self.account.costs.values():
            total = total + money[:, :before].sum(axis=1)
        return total

    def _renew(self, step: int) -> None:
        """Begin to count anew on the paths on which nothing of what was held last time is left in the book."""
        held = self.account.held[:, : self.account.n_book] != 0.0
        new = held.any(axis=1) & ~(held & self._seen).any(axis=1)
        self._seen = held
        if not new.any():
            return
        self._start_gross = np.where(new, self._gross(step), self._start_gross)
        self._last_gross = np.where(new, self._start_gross, self._last_gross)
        self._start_paid = np.where(new, self._paid(step), self._start_paid)
        self._squares = np.where(new, 0.0, self._squares)
        self._notional = np.where(new, 0.0, self._notional)

    def _moment(self, step: int) -> ExitMoment:
        """Return what the rules may know; copies."""
        years = self._years[step]
        expires = ~np.isnat(self.schedule.columns.expiry[: len(years)])
        return ExitMoment(
            moment=self.schedule.grid.times[step],
            days_left=np.where(expires, years * CALENDAR_DAYS_PER_YEAR, np.inf),
            profit=self._last_gross - self._start_gross,
            costs=self._paid(step + 1) - self._start_paid,
            tracking_error=np.sqrt(self._squares),
            notional=self._notional.copy(),
        )

    def _held_notional(self, step: int) -> FloatArray:
        """Return units behind what is held x spot, (n_paths,): of the options, or of all where there are none."""
        live = (self.schedule.starts[: len(self._places)] <= step) & (step < self.schedule.ends[: len(self._places)])
        spots = np.abs(self._spots[:, step][:, self._code])
        worth = np.abs(self.account.held[:, self._places]) * self._units * spots * live
        of_options = (worth * self._options).sum(axis=1)
        return np.asarray(np.where(of_options > 0.0, of_options, worth.sum(axis=1)))

    def _share(self, rule: ExitRule, now: ExitMoment) -> FloatArray:
        """Return what a rule leaves, (n_paths, n_positions), or say what is wrong with its answer."""
        share = np.asarray(rule.leaves(now), dtype=float)
        if share.shape != self.wanted.shape or not bool(((share >= 0.0) & (share <= 1.0)).all()):
            raise InputError(
                f"{rule!r} must say what share of each position stays, numbers from 0 to 1 of shape "
                f"{self.wanted.shape} (paths, positions), not {share!r}"
            )
        return share
