"""What an account of an overlay is, in NumPy: order, budget, fill, and the ledger that records it.

Slower than :mod:`hedgerow.engine.overlay.accounts` and plain to read; tests hold both to the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.engine.overlay.account_kernels import FIRST, PART, PREMIUM, VALUED
from hedgerow.engine.overlay.accounts import AccountLimits, year_table
from hedgerow.engine.overlay.slots import Slots
from hedgerow.ledger import Carry, Ledger, Terms, record

HALVINGS = 60
"""Steps of the search for the largest share: it is found to 2^-60."""


@dataclass
class Year:
    """What the calendar year has used so far: premium and costs paid, P&L of programmes of reserve."""

    budget: float
    paid: float = 0.0
    pnl: float = 0.0
    stopped: bool = False


@dataclass(frozen=True)
class Account:
    """The account of one set of multipliers as the definition has it; shapes as in ``SingleAccount``."""

    decided: FloatArray
    held: FloatArray
    holdings: FloatArray
    spent: FloatArray
    ledger: Ledger = field(repr=False)


def account_by_definition(orders: FloatArray, slots: Slots, wealth: FloatArray, limits: AccountLimits) -> Account:
    """Return the account of one set of multipliers (n_parts, n_dates), date by date.

    Parameters
    ----------
    orders : ndarray (n_parts, n_dates)
        Decided before the budget; NaN in the warm-up.
    slots : Slots
    wealth : ndarray (n_dates,)
        Value of the portfolio, money.
    limits : AccountLimits
    """
    calendar, share = year_table(slots, wealth, limits.growth), limits.shares(1)[0]
    quotes, part = slots.quotes, slots.kinds[:, PART]
    decided, held = np.full(orders.shape, np.nan), np.zeros(orders.shape)
    holdings, spent = np.zeros(quotes.shape[:2]), np.zeros(len(quotes))
    before, year = np.zeros(quotes.shape[1]), Year(np.inf)
    is_reserve = slots.kinds[:, PREMIUM] == 0
    for t, row in enumerate(quotes):
        if calendar[t, FIRST]:
            year = Year(share * calendar[t, 2] if np.isfinite(share) else np.inf)
        day = Day(slots, row, year, limits)
        year.pnl += (before * row[:, 2])[is_reserve].sum()
        year.stopped |= limits.no_new_risk and -year.pnl >= year.budget * (1 - 1e-12)
        given = orders[:, t] if limits.lag == 0 else decided[:, t - limits.lag] if t >= limits.lag else 0.0 * held[:, t]
        order = np.nan_to_num(given)
        wanted = order[part] * row[:, 0]
        if year.stopped:
            smaller = np.sign(wanted) * np.minimum(np.abs(wanted), np.abs(before))
            wanted = np.where(is_reserve, np.where(wanted * before > 0.0, smaller, 0.0), wanted)
        scale = day.largest_share(wanted, before)
        after = day.rounded(scale, wanted, before)
        day.settle(after, before)
        year.stopped |= limits.no_new_risk and -year.pnl >= year.budget * (1 - 1e-12)
        held[:, t] = _held(slots, row[:, 0], after, scale * order)
        before = holdings[t] = after
        if limits.lag > 0:
            scale = day.largest_share(np.nan_to_num(orders[:, t])[part] * row[:, 0], before)
        decided[:, t] = scale * orders[:, t]
        for number, programme in enumerate(slots.programmes):
            if year.stopped and programme.budget_by == "reserve":
                decided[number, t] = np.minimum(decided[number, t], held[number, t])
        spent[t] = year.paid + max(-year.pnl, 0.0)
    return Account(decided, held, holdings, spent, ledger_of(holdings, slots, wealth, limits))


@dataclass(frozen=True)
class Day:
    """Prices and costs of one date, and the year it lies in."""

    slots: Slots
    row: FloatArray
    year: Year
    limits: AccountLimits

    def paid(self, after: FloatArray, before: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return purchases less sales, and costs, per slot, in money."""
        traded = after - before
        sold = np.minimum(np.maximum(-traded, 0.0), np.maximum(before, 0.0))
        costs = (np.abs(traded) - sold) * self.row[:, 3] + sold * self.row[:, 4]
        return traded * self.row[:, 1] * self.slots.kinds[:, VALUED], costs

    def used(self, after: FloatArray, before: FloatArray) -> float:
        """Return the use of the year's budget if ``after`` were held."""
        bought, costs = self.paid(after, before)
        premium = self.slots.kinds[:, PREMIUM] == 1
        used = self.year.paid + max((bought + costs)[premium].sum(), 0.0)
        if not self.limits.no_new_risk:
            used += max(costs[~premium].sum() - self.year.pnl, 0.0) + (np.abs(after) * self.row[:, 5])[~premium].sum()
        return float(used)

    def largest_share(self, wanted: FloatArray, before: FloatArray) -> float:
        """Return the largest share of ``wanted`` that fits the budget, by halving from a share that does."""
        fits = self.year.budget * (1 + 1e-12)
        if self.used(wanted, before) <= fits:
            return 1.0
        kinks = [p / w for p, w in zip(before, wanted, strict=True) if w != 0.0 and 0.0 < p / w <= 1.0]
        low = min(sorted({0.0, 1.0, *kinks}, reverse=True), key=lambda share: self.used(share * wanted, before))
        if self.used(low * wanted, before) > fits:
            return float(low)
        high = 1.0
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self.used(middle * wanted, before) <= fits else (low, middle)
        return float(low)

    def rounded(self, share: float, wanted: FloatArray, before: FloatArray) -> FloatArray:
        """Return the fill, in whole contracts where they are asked for."""
        if self.limits.whole_contracts is None:
            return share * wanted
        down = np.trunc(share * wanted + np.sign(wanted) * 1e-9)
        nearest = np.sign(wanted) * np.floor(np.abs(share * wanted) + 0.5 + 1e-9)
        fits = self.used(nearest, before) <= self.year.budget * (1 + 1e-12)
        return nearest if self.limits.whole_contracts == "nearest" and fits else down

    def settle(self, after: FloatArray, before: FloatArray) -> None:
        """Add the fill to the year."""
        bought, costs = self.paid(after, before)
        premium = self.slots.kinds[:, PREMIUM] == 1
        self.year.paid += max((bought + costs)[premium].sum(), 0.0)
        self.year.pnl -= costs[~premium].sum()


def ledger_of(holdings: FloatArray, slots: Slots, wealth: FloatArray, limits: AccountLimits) -> Ledger:
    """Return the checked ledger of holdings (n_dates, n_slots) beside the portfolio, which stands there already."""
    terms = terms_of(slots, wealth)
    units = np.column_stack((holdings, np.ones(len(holdings))))[None]
    endowment = np.concatenate((np.zeros(holdings.shape[1]), [1.0]))
    costs = {label: money[None] for label, money in slots.costs_by_label(holdings).items()}
    rate = np.zeros(len(holdings) - 1) if limits.growth is None else limits.growth
    return record(terms, units, endowment, costs, rate=rate, lag=limits.lag)


def terms_of(slots: Slots, wealth: FloatArray) -> Terms:
    """Return the terms of the slots and, last, of the portfolio as one unit at its value."""
    prices = np.column_stack((slots.side_by_side("prices"), wealth))
    own = np.diff(wealth, prepend=wealth[:1])
    changes = np.column_stack((slots.side_by_side("price_changes"), own))
    dates = slots.programmes[0].dates
    return Terms(dates, (*slots.names, "portfolio"), ("overlay",), prices, changes, (*slots.carry, Carry.VALUE))


def _held(slots: Slots, units: FloatArray, after: FloatArray, meant: FloatArray) -> FloatArray:
    """Return the multiplier held by each programme: holdings over units, or what was meant where it has none."""
    held = np.array(meant)
    for number in range(len(slots.programmes)):
        mine = slots.kinds[:, PART] == number
        base = np.abs(units[mine]).sum()
        if base > 0.0:
            held[number] = (after[mine] * np.sign(units[mine])).sum() / base
    return held
