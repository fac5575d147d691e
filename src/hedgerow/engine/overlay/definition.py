"""What an account of an overlay is, in NumPy: order, budget, fill, and the ledger that records it.

Slower than :mod:`hedgerow.engine.overlay.accounts` and plain to read; tests hold both to the same numbers.

**Room.** A calendar year's budget is a share of the portfolio's value on the first date of that year. Of it are used:
premium and costs that programmes of premium have paid so far; and of programmes of reserve (swaps, futures, options
sold) the loss so far, 0 where it is a gain, and the worst loss of what is held. With ``no_new_risk`` the last two do
not count; a loss that reaches the budget stops every rise and every entry by a roll for the rest of the year instead.

**Cut.** What is asked for on a date, of all programmes together, is scaled by the largest share from 0 to 1 that fits
the room at the prices of that date; where none fits, by the one of least use. This happens twice: when an order is
decided, and on every date when it or what stands is filled. What is too much is therefore cut at once.

**Orders.** A programme of premium is given an order for its multiplier on every date. What it holds costs nothing to
keep, so its share moves only when something is bought. A programme of reserve uses room by standing there, and room
moves every day: following it up would trade every day. It is given an order

* on a *rebalance*: a trigger of its shape is due, or its multiplier is another, beyond the tie, than that of its last
  order; without triggers a new multiplier is the rebalance;
* on the date whose order fills on the first date of a calendar year, when a new budget begins.

On all other dates there is no order: what stands, stands, at most as large as the room of the day allows.

**Fill.** An order is filled ``lag`` dates later at what was decided. On a *roll*, a date on which the programme enters
a contract, what is asked for is all that the rule wanted ``lag`` dates before: the new contract is traded anyway, and
is sized by the room of that date. So what the budget has cut rises again at a rebalance, at a roll and with a new year,
and nowhere else. What is said to be decided on a date without an order is what stands, or what an order on its way
makes of it; on a roll, what the rule wants, cut.

**New year.** Which dates come is known beforehand, see :mod:`~hedgerow.engine.overlay.year_calendar`. An order that
fills in a later year than it is decided in is held against that year's budget, unused. Its money is a share of a wealth
that is known only at the fill: the decision takes the wealth of its own close, the fill the true one. And what is held
over the last close of a year has to fit, by its worst loss, the budget that the next year would have at that close's
wealth. What is left to break a new year's budget on its first date is a fall of the portfolio over that one step, or a
loss beyond the worst.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.engine.overlay.account_terms import BASE, FIRST, LAST, LATER, OPENS, PART, PREMIUM, VALUED
from hedgerow.engine.overlay.accounts import AccountLimits
from hedgerow.engine.overlay.slots import Slots
from hedgerow.engine.overlay.year_calendar import account_calendar
from hedgerow.ledger import Carry, Ledger, Terms, record
from hedgerow.overlays.triggers import TIE

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


def account_by_definition(
    orders: FloatArray,
    slots: Slots,
    wealth: FloatArray,
    limits: AccountLimits,
    rebalanced: BoolArray | None = None,
) -> Account:
    """Return the account of one set of multipliers (n_parts, n_dates), date by date.

    Parameters
    ----------
    orders : ndarray (n_parts, n_dates)
        Decided before the budget; NaN in the warm-up.
    slots : Slots
    wealth : ndarray (n_dates,)
        Value of the portfolio, money.
    limits : AccountLimits
    rebalanced : ndarray of bool (n_parts, n_dates), optional
        Dates on which a trigger was due.
    """
    lag, share, part = limits.lag, float(limits.shares(1)[0]), slots.kinds[:, PART]
    calendar = account_calendar(slots.programmes[0].dates, wealth, limits.growth, lag)
    rebalanced = np.zeros(orders.shape, dtype=bool) if rebalanced is None else rebalanced
    plan = Plan(orders, order_dates(orders, slots, rebalanced, calendar[:, OPENS] > 0.0, share), slots.rolls.T, lag)
    decided, held = np.full(orders.shape, np.nan), np.zeros(orders.shape)
    holdings, spent = np.zeros(slots.quotes.shape[:2]), np.zeros(len(calendar))
    before, stands, year = np.zeros(len(part)), np.zeros(len(orders)), Year(np.inf)
    is_reserve = slots.kinds[:, PREMIUM] == 0
    for t, row in enumerate(slots.quotes):
        if calendar[t, FIRST]:
            year = Year(_money(share, calendar[t, BASE]))
        year.pnl += (before * row[:, 2])[is_reserve].sum()
        day, following = Day(slots, row, year, limits), Year(_money(share, wealth[t]))
        day.stop()
        asked = plan.at_fill(t, decided, stands)
        wanted = day.held_back(asked[part] * row[:, 0], before)
        scale = day.largest_share(wanted, before)
        if calendar[t, LAST] and not limits.no_new_risk:
            scale = day.carried_over(scale, following.budget, wanted, before)
        after = day.rounded(scale, wanted, before)
        is_cut = limits.whole_contracts == "nearest" and not day.fits(day.nearest(scale, wanted), before)
        day.settle(after, before)
        day.stop()
        held[:, t] = _held(slots, row[:, 0], after, scale * asked)
        stands = np.minimum(scale * asked, held[:, t]) if is_cut else scale * asked
        before = holdings[t] = after
        if lag > 0:
            asked = plan.at_decision(t, decided, stands)
            fills_in = replace(day, year=following) if calendar[t, LATER] else day
            decided[:, t] = fills_in.largest_share(asked[part] * row[:, 0], before) * asked
        else:
            decided[:, t] = stands
        for number, programme in enumerate(slots.programmes):
            if year.stopped and not calendar[t, LATER] and programme.budget_by == "reserve":
                decided[number, t] = np.minimum(decided[number, t], held[number, t])
        decided[np.isnan(orders[:, t]), t] = np.nan
        spent[t] = year.paid + max(-year.pnl, 0.0)
    return Account(decided, held, holdings, spent, ledger_of(holdings, slots, wealth, limits))


def order_dates(orders: FloatArray, slots: Slots, rebalanced: BoolArray, opens: BoolArray, share: float) -> BoolArray:
    """Return the dates on which each part is given an order, (n_parts, n_dates); ``opens`` are fills of a new year."""
    given = np.zeros(orders.shape, dtype=bool)
    for number, programme in enumerate(slots.programmes):
        if programme.budget_by == "premium" or not np.isfinite(share):
            given[number] = True
            continue
        last = np.nan
        for t in np.flatnonzero(~np.isnan(orders[number])):
            wanted = orders[number, t]
            if np.isnan(last) or abs(wanted - last) > TIE or rebalanced[number, t] or opens[t]:
                given[number, t], last = True, wanted
    return given


@dataclass(frozen=True)
class Plan:
    """What rules want, dates on which orders are given and contracts rolled, all (n_parts, n_dates), and the lag."""

    orders: FloatArray
    given: BoolArray
    rolls: BoolArray
    lag: int

    def at_fill(self, t: int, decided: FloatArray, stands: FloatArray) -> FloatArray:
        """Return the multipliers asked for at a fill, (n_parts,)."""
        made = t - self.lag
        if made < 0:
            return np.zeros(len(self.orders))
        order = decided[:, made] if self.lag > 0 else self.orders[:, made]
        asked = np.where(self.rolls[:, t], self.orders[:, made], np.where(self.given[:, made], order, stands))
        return np.asarray(np.nan_to_num(asked))

    def at_decision(self, t: int, decided: FloatArray, stands: FloatArray) -> FloatArray:
        """Return the multipliers that are decided on before the budget, (n_parts,)."""
        is_on_its_way = self.given[:, max(t - self.lag + 1, 0) : t].any(axis=1)
        without = np.where(is_on_its_way, decided[:, t - 1], stands)
        asked = np.where(self.given[:, t] | self.rolls[:, t], self.orders[:, t], without)
        return np.asarray(np.nan_to_num(asked))


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

    def fits(self, after: FloatArray, before: FloatArray) -> bool:
        """Return whether the year's budget allows ``after`` to be held."""
        return self.used(after, before) <= self.year.budget * (1 + 1e-12)

    def largest_share(self, wanted: FloatArray, before: FloatArray) -> float:
        """Return the largest share of ``wanted`` that fits the budget, by halving from a share that does."""
        if self.fits(wanted, before):
            return 1.0
        kinks = [p / w for p, w in zip(before, wanted, strict=True) if w != 0.0 and 0.0 < p / w <= 1.0]
        low = min(sorted({0.0, 1.0, *kinks}, reverse=True), key=lambda share: self.used(share * wanted, before))
        if not self.fits(low * wanted, before):
            return float(low)
        high = 1.0
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self.fits(middle * wanted, before) else (low, middle)
        return float(low)

    def carried_over(self, share: float, budget: float, wanted: FloatArray, before: FloatArray) -> float:
        """Return the share at which worst losses fit the next year's budget too, where this year's allows the cut."""
        worst = float((np.abs(wanted) * self.row[:, 5])[self.slots.kinds[:, PREMIUM] == 0].sum())
        if share * worst <= budget * (1 + 1e-12):
            return share
        less = budget / worst
        may = self.fits(less * wanted, before) or not self.fits(share * wanted, before)
        return less if may else share

    def stop(self) -> None:
        """Stop the year once its loss has reached the budget, where that is the rule."""
        self.year.stopped |= self.limits.no_new_risk and -self.year.pnl >= self.year.budget * (1 - 1e-12)

    def held_back(self, wanted: FloatArray, before: FloatArray) -> FloatArray:
        """Return what is wanted, of reserve no more than is held already once the year is stopped."""
        if not self.year.stopped:
            return wanted
        smaller = np.where(wanted * before > 0.0, np.sign(wanted) * np.minimum(np.abs(wanted), np.abs(before)), 0.0)
        return np.asarray(np.where(self.slots.kinds[:, PREMIUM] == 0, smaller, wanted))

    def nearest(self, share: float, wanted: FloatArray) -> FloatArray:
        """Return the nearest whole contracts, halves away from zero."""
        return np.asarray(np.sign(wanted) * np.floor(np.abs(share * wanted) + 0.5 + 1e-9))

    def rounded(self, share: float, wanted: FloatArray, before: FloatArray) -> FloatArray:
        """Return the fill, in whole contracts where they are asked for."""
        if self.limits.whole_contracts is None:
            return share * wanted
        nearest = self.nearest(share, wanted)
        if self.limits.whole_contracts == "nearest" and self.fits(nearest, before):
            return nearest
        return np.asarray(np.trunc(share * wanted + np.sign(wanted) * 1e-9))

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


def _money(share: float, value: float) -> float:
    return share * value if np.isfinite(share) else np.inf


def _held(slots: Slots, units: FloatArray, after: FloatArray, meant: FloatArray) -> FloatArray:
    """Return the multiplier held by each programme: holdings over units, or what was meant where it has none."""
    held = np.array(meant)
    for number in range(len(slots.programmes)):
        mine = slots.kinds[:, PART] == number
        base = np.abs(units[mine]).sum()
        if base > 0.0:
            held[number] = (after[mine] * np.sign(units[mine])).sum() / base
    return held
