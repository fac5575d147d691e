"""The running account of a book on all paths: what it holds, its cash, and everything that moved it, step by step."""

from __future__ import annotations

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.costs import CostModel, TradeSlip
from hedgerow.engine.compiled.account_rules import LEAST_TRADE
from hedgerow.engine.loop.book_flows import SpotFlows, cash_rates
from hedgerow.engine.loop.book_marks import PricedPlaces
from hedgerow.engine.loop.book_run import BookExecution
from hedgerow.ledger import Carry, Terms


class BookAccount:
    """Holdings and cash through time; it moves forward only.

    Parameters
    ----------
    places : PricedPlaces
    hedge_costs : CostModel
    options : BookExecution

    Attributes
    ----------
    held : ndarray, shape (n_paths, n_places)
        Contracts now.
    cash : ndarray, shape (n_paths,)
    holdings : ndarray, shape (n_paths, n_times, n_places)
    costs, flows : dict of str to ndarray, shape (n_paths, n_times)
    present : ndarray, shape (n_paths, n_positions)
        Share of each position that exit rules have left in the book, 0 to 1.
    """

    def __init__(self, places: PricedPlaces, hedge_costs: CostModel, options: BookExecution) -> None:
        market, schedule = places.market, places.market.schedule
        self.places, self.options, self.hedge_costs = places, options, hedge_costs
        self.prices = places.figures["price"]
        self.n_book = schedule.n_book_places
        steps, self._market_rate = schedule.grid.steps, cash_rates(market, options.account)
        self._credit = options.account.credit_growth(steps, self._market_rate)
        self._debit = options.account.debit_growth(steps, self._market_rate)
        self._short_fee = options.account.short_fee(steps, self._market_rate)
        self.costs: dict[str, FloatArray] = {}
        n_paths, n_times, n_places = self.prices.shape
        self.holdings: FloatArray = np.zeros((n_paths, n_times, n_places))
        self.held: FloatArray = np.zeros((n_paths, n_places))
        self.cash: FloatArray = np.zeros(n_paths)
        self._spot_flows = SpotFlows(market, self._short_fee)
        self.growth: FloatArray = np.empty((n_paths, n_times - 1))
        self.flows = {label: np.zeros((n_paths, n_times)) for label in self._spot_flows.labels}
        self._valued = 1.0 - schedule.is_margined
        self._margined = np.flatnonzero(schedule.is_margined)
        self._quantity = places.quantity
        self._least_trade = LEAST_TRADE * float(schedule.of_options().max())
        self._hedge_ends = schedule.ends[schedule.n_positions :]
        self._opens = np.zeros((n_times, self.n_book), dtype=np.bool_)
        self._opens[schedule.starts[: schedule.n_positions], schedule.places[: schedule.n_positions]] = True
        self._closes = np.zeros((n_times, self.n_book), dtype=np.bool_)
        closed = np.flatnonzero(schedule.is_closed)
        self._closes[schedule.ends[closed], schedule.places[closed]] = True
        self.endowment: FloatArray = np.zeros(n_places)
        self.present: FloatArray = np.ones((n_paths, schedule.n_positions))
        if options.hold_book:
            self._opens[0] = False
            self.endowment[: self.n_book] = self._quantity[0]
            self.held[:] = self.endowment

    @property
    def wealth(self) -> FloatArray:
        """Cash and what stands at value, marked at the moment last arrived at, (n_paths,)."""
        standing = self.held * self.prices[:, self._now] * self._valued
        return np.asarray(self.cash + standing.sum(axis=1))

    def arrive(self, time: int) -> None:
        """Earn over the step that ends at ``time``, settle what has expired, close and open what the book does now."""
        self._now = time
        if time:
            self._earn(time)
        after = np.array(self.held)
        after[:, : self.n_book] = self._book_at(time)
        after[:, self.n_book :] = np.where(self._hedge_ends > time, self.held[:, self.n_book :], 0.0)
        opened = np.where(self._opens[time], after[:, : self.n_book], 0.0)
        closed = np.where(self._closes[time], -self.held[:, : self.n_book], 0.0)
        self._move(after)
        self._charge_book(time, opened + closed)

    def trade_book(self, time: int, present: FloatArray) -> None:
        """Trade what exit rules close and roll at the prices of ``time``, and pay for it; (n_paths, n_positions)."""
        self.present = present
        after = np.array(self.held)
        after[:, : self.n_book] = self._book_at(time)
        units = after[:, : self.n_book] - self.held[:, : self.n_book]
        self._move(after)
        self._charge_book(time, units)

    def _book_at(self, time: int) -> FloatArray:
        """Return the contracts of the book after a time, (n_paths, n_book_places)."""
        held = np.where(self.places.alive[:, time, : self.n_book], self._quantity[time], 0.0)
        if (self.present < 1.0).any():
            share = self.present[:, self.places.row_at[time, : self.n_book]]
            held = np.where(share > 0.0, held * share, 0.0)  # no row stands where the row is -1: 0 of it
        return held

    def trade_hedges(self, time: int, wanted: FloatArray) -> None:
        """Trade the hedges to ``wanted`` contracts (n_paths, n_hedges) at the prices of ``time``, and pay for it.

        What has expired by then is not traded any more.
        """
        wanted = self.traded_to(self.held[:, self.n_book :], np.where(self._hedge_ends > time, wanted, 0.0))
        units = wanted - self.held[:, self.n_book :]
        after = np.array(self.held)
        after[:, self.n_book :] = wanted
        self._move(after)
        self._charge(self.hedge_costs, time, units, slice(self.n_book, None), "")

    def traded_to(self, held: FloatArray, wanted: FloatArray) -> FloatArray:
        """Return the contracts wanted, and those held where the difference is no more than rounding."""
        return np.where(np.abs(wanted - held) > self._least_trade, wanted, held)

    def close(self, time: int) -> None:
        """Write down what is held after the trades of ``time``."""
        self.holdings[:, time] = self.held

    def finish(self) -> None:
        """Arrive at the last time, settle, and close everything where that was asked for."""
        last = self.prices.shape[1] - 1
        self.arrive(last)
        if self.options.unwind:
            units = -self.held[:, : self.n_book]
            after = np.array(self.held)
            after[:, : self.n_book] = 0.0
            self._move(after)
            self._charge_book(last, units)
            self.trade_hedges(last, np.zeros_like(self.held[:, self.n_book :]))
        self.close(last)

    def terms(self) -> Terms:
        """Return what the ledger needs to know of the instruments."""
        schedule, paths = self.places.market.schedule, self.places.market.paths
        changes = np.zeros_like(self.prices)
        np.subtract(self.prices[:, 1:], self.prices[:, :-1], out=changes[:, 1:])
        carry = tuple(Carry.MARGIN if each else Carry.VALUE for each in schedule.is_margined)
        names = tuple(str(paths.first_path + number) for number in range(paths.n_paths))
        return Terms(schedule.grid.times, schedule.labels, names, self.prices, changes, carry)

    def _earn(self, time: int) -> None:
        self.growth[:, time - 1] = np.where(self.cash < 0.0, self._debit[time - 1], self._credit[time - 1])
        interest = self.cash * self.growth[:, time - 1]
        for number in self._margined:
            gain = self.held[:, number] * (self.prices[:, time, number] - self.prices[:, time - 1, number])
            interest = interest + gain
        for label, money in self._spot_flows.over(time - 1, self.held).items():
            self.flows[label][:, time] = money
            interest = interest + money
        self.cash = self.cash + interest

    def _move(self, after: FloatArray) -> None:
        self.cash = self.cash - ((after - self.held) * self.prices[:, self._now] * self._valued).sum(axis=1)
        self.held = after

    def _charge_book(self, time: int, units: FloatArray) -> None:
        if units.any():
            self._charge(self.options.option_costs, time, units, slice(0, self.n_book), "option_")

    def _charge(self, model: CostModel, time: int, units: FloatArray, columns: slice, prefix: str) -> None:
        if not units.shape[1]:
            return
        prices, vols = self.prices[:, time, columns], self.places.vols[:, time, columns]
        for label, money in model.charge(TradeSlip(units, prices, np.ones(units.shape[1]), vols)).items():
            line = self.costs.setdefault(prefix + label, np.zeros(self.holdings.shape[:2]))
            line[:, time] += money
            self.cash = self.cash - money
