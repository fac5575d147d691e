"""The account of a hedge date by date, compiled: order, budget, fill, gain and cost for one set of multipliers.

``quotes`` (n_dates, n_slots, 6) holds units at multiplier 1, price, price change, cost of a trade, cost of selling what
is held long, and worst loss of one contract; ``kinds`` (n_slots, 3) the number of the programme, whether the contract
stands at value, and whether its budget is one of premium; ``calendar`` (n_dates, 3) the growth of cash over the step
ending at the date, whether the date is the first of its year, and the portfolio's value at the start of the year.
"""

from __future__ import annotations

from math import floor

import numpy as np

from hedgerow.kernels.compile import compiled

UNITS, PRICE, CHANGE, COST, SALE, WORST = range(6)
PART, VALUED, PREMIUM = range(3)
GROWTH, FIRST, BASE = range(3)
LAG, STOPS, ROUNDING = range(3)
DOWN, NEAREST = 1, 2

SAME = 1e-13
"""Relative difference of two holdings that is rounding and no trade."""
SLACK = 1e-12
"""Part of a budget that rounding may take."""


@compiled()
def cost_of_trade(after, before, cost, sale, falling):  # type: ignore[no-untyped-def]
    """Return the cost of trading from ``before`` to ``after``, and its slope by ``after``.

    What is sold out of a long holding costs ``sale``, everything else ``cost``. Where nothing is traded the slope is
    that of a lower holding if ``falling``, else of a higher one.
    """
    traded = after - before
    if before > 0.0:
        if traded > 0.0 or (traded == 0.0 and not falling):
            return cost * traded, cost
        if after >= 0.0:
            return -sale * traded, -sale
        return sale * before - cost * after, -cost
    if traded > 0.0 or (traded == 0.0 and not falling):
        return cost * traded, cost
    return -cost * traded, -cost


@compiled()
def near(after, before):  # type: ignore[no-untyped-def]
    """Return ``after``, or ``before`` where the difference is rounding."""
    if abs(after - before) <= SAME * abs(before):
        return before
    return after


@compiled()
def use_of_budget(share, row, kinds, wanted, before, spent, year_pnl, stops):  # type: ignore[no-untyped-def]
    """Return how much of the year's budget is used after a fill of ``share`` x ``wanted``, and its left slope.

    Premium paid and costs count in full; programmes of reserve count the year's loss and the worst loss still held,
    unless the option ``stops`` binds them instead.
    """
    paid, paid_slope = 0.0, 0.0
    lost, lost_slope = -year_pnl, 0.0
    worst, worst_slope = 0.0, 0.0
    for slot in range(wanted.shape[0]):
        target = wanted[slot]
        held = before[slot]
        after = near(share * target, held)
        cost, slope = cost_of_trade(after, held, row[slot, COST], row[slot, SALE], target > 0.0)
        if kinds[slot, PREMIUM]:
            price = row[slot, PRICE] * kinds[slot, VALUED]
            paid += cost + price * (after - held)
            paid_slope += (slope + price) * target
        else:
            lost += cost
            lost_slope += slope * target
            worst += abs(after) * row[slot, WORST]
            worst_slope += abs(target) * row[slot, WORST]
    used, used_slope = spent, 0.0
    if paid > 0.0:
        used += paid
        used_slope += paid_slope
    if not stops:
        used += worst
        used_slope += worst_slope
        if lost > 0.0:
            used += lost
            used_slope += lost_slope
    return used, used_slope


@compiled()
def largest_share(row, kinds, wanted, before, spent, year_pnl, stops, budget):  # type: ignore[no-untyped-def]
    """Return the largest share in [0, 1] of ``wanted`` that the budget allows; where none does, the one of least use.

    The use is convex and piecewise linear in the share: Newton's steps from 1 end on the piece of the answer.
    """
    allowed = budget * (1.0 + SLACK)
    share = 1.0
    for _ in range(4 * wanted.shape[0] + 8):
        used, slope = use_of_budget(share, row, kinds, wanted, before, spent, year_pnl, stops)
        if used <= allowed:
            return share
        if slope <= 0.0 or share == 0.0:
            break
        share = max(share - (used - budget) / slope, 0.0)
    best = 0.0
    least, slope = use_of_budget(best, row, kinds, wanted, before, spent, year_pnl, stops)
    for slot in range(wanted.shape[0] + 1):
        kink = 1.0
        if slot < wanted.shape[0]:
            kink = before[slot] / wanted[slot] if wanted[slot] != 0.0 else 0.0
        if 0.0 < kink <= 1.0:
            used, slope = use_of_budget(kink, row, kinds, wanted, before, spent, year_pnl, stops)
            if used < least or (used == least and kink > best):
                least, best = used, kink
    return best


@compiled()
def whole(amount, rounding):  # type: ignore[no-untyped-def]
    """Return whole contracts: toward zero (``DOWN``) or the nearest, halves away from zero."""
    up = 0.5 if rounding == NEAREST else 0.0
    contracts = floor(abs(amount) + up + 1e-9)
    return contracts if amount > 0.0 else -contracts


@compiled()
def round_fill(row, kinds, wanted, before, after, share, account, stops, budget, rounding):  # type: ignore[no-untyped-def]
    """Round ``after`` (n_slots,) to whole contracts; toward zero where the nearest would break the budget."""
    for slot in range(after.shape[0]):
        after[slot] = whole(share * wanted[slot], rounding)
    if rounding == NEAREST:
        used, _slope = use_of_budget(1.0, row, kinds, after, before, account[1], account[2], stops)
        if used > budget * (1.0 + SLACK):
            for slot in range(after.shape[0]):
                after[slot] = whole(share * wanted[slot], DOWN)


@compiled()
def hold_back(kinds, wanted, before):  # type: ignore[no-untyped-def]
    """Cut ``wanted`` (n_slots,) of reserve programmes to what is held already: no new risk, no entry by a roll."""
    for slot in range(wanted.shape[0]):
        if kinds[slot, PREMIUM] == 0:
            if wanted[slot] * before[slot] <= 0.0:
                wanted[slot] = 0.0
            elif abs(wanted[slot]) > abs(before[slot]):
                wanted[slot] = before[slot]


@compiled()
def multipliers_held(row, kinds, after, order, share, exact, held):  # type: ignore[no-untyped-def]
    """Write the multiplier that each programme holds after a fill into ``held`` (n_parts,)."""
    for part in range(held.shape[0]):
        held[part] = share * order[part]
        if not exact:
            base, units = 0.0, 0.0
            for slot in range(after.shape[0]):
                if kinds[slot, PART] == part:
                    at_one = row[slot, UNITS]
                    base += abs(at_one)
                    units += after[slot] if at_one > 0.0 else -after[slot]
            if base > 0.0:
                held[part] = units / base


@compiled()
def settle(row, kinds, before, after, account):  # type: ignore[no-untyped-def]
    """Trade from ``before`` to ``after`` and return the costs; moves cash, premium spent and the year's P&L."""
    costs, bought, paid, lost = 0.0, 0.0, 0.0, 0.0
    for slot in range(after.shape[0]):
        cost, _slope = cost_of_trade(after[slot], before[slot], row[slot, COST], row[slot, SALE], True)
        money = row[slot, PRICE] * kinds[slot, VALUED] * (after[slot] - before[slot])
        costs += cost
        bought += money
        if kinds[slot, PREMIUM]:
            paid += cost + money
        else:
            lost += cost
        before[slot] = after[slot]
    account[0] -= bought + costs
    account[1] += max(paid, 0.0)
    account[2] -= lost
    return costs


@compiled()
def earn(row, kinds, before, growth, account):  # type: ignore[no-untyped-def]
    """Return gains and interest over the step ending now; moves cash and the year's P&L of reserve programmes."""
    interest = account[0] * growth
    gains, margin, reserve = 0.0, 0.0, 0.0
    for slot in range(before.shape[0]):
        gain = before[slot] * row[slot, CHANGE]
        gains += gain
        if kinds[slot, VALUED] == 0:
            margin += gain
        if kinds[slot, PREMIUM] == 0:
            reserve += gain
    account[0] += margin + interest
    account[2] += reserve
    return gains + interest


@compiled()
def is_stopped(stopped, stops, year_pnl, budget):  # type: ignore[no-untyped-def]
    """Return whether the year's loss has reached the budget, today or before."""
    return stopped or (stops != 0 and -year_pnl >= budget * (1.0 - SLACK))


@compiled()
def read_orders(multipliers, decided, t, lag, order):  # type: ignore[no-untyped-def]
    """Write into ``order`` (n_parts,) the multipliers to be filled at a date: 0 before the first decision."""
    for part in range(order.shape[0]):
        order[part] = 0.0
        if t >= lag:
            given = multipliers[part, t] if lag == 0 else decided[part, t - lag]
            order[part] = given if given == given else 0.0


@compiled()
def decide(multipliers, kinds, t, share, stopped, now, decided):  # type: ignore[no-untyped-def]
    """Write what is decided at a date: the share of each multiplier, of reserve programmes no rise once stopped."""
    for part in range(now.shape[0]):
        decided[part, t] = share * multipliers[part, t]
    if stopped:
        for slot in range(kinds.shape[0]):
            part = kinds[slot, PART]
            if kinds[slot, PREMIUM] == 0 and decided[part, t] > now[part]:
                decided[part, t] = now[part]


@compiled()
def run_account(multipliers, quotes, kinds, calendar, budget_share, rules, decided, held, lines, holdings):  # type: ignore[no-untyped-def]
    """Keep the account of one set of multipliers (n_parts, n_dates).

    Writes ``decided`` and ``held`` (n_parts, n_dates); ``lines`` (3, n_dates): P&L net of costs, costs, use of the
    year's budget so far, or (5, n_dates) with cash and premium paid; ``holdings`` (n_dates, n_slots) with rows.
    ``budget_share`` is infinite for no budget. ``rules`` holds lag, no-new-risk and rounding.
    """
    n_slots = quotes.shape[1]
    n_parts = multipliers.shape[0]
    lag, stops, rounding = rules[LAG], rules[STOPS], rules[ROUNDING]
    state = np.zeros((3, n_slots))
    before, after, wanted = state[0], state[1], state[2]
    order, now = np.zeros(n_parts), np.zeros(n_parts)
    account = np.zeros(3)  # cash, premium spent this year, P&L of reserve programmes this year
    limited = budget_share < np.inf
    stopped = False
    for t in range(quotes.shape[0]):
        row = quotes[t]
        budget = budget_share * calendar[t, BASE] if limited else np.inf
        if calendar[t, FIRST] > 0.0:
            account[1], account[2], stopped = 0.0, 0.0, False
        pnl = earn(row, kinds, before, calendar[t, GROWTH], account)
        stopped = limited and is_stopped(stopped, stops, account[2], budget)

        read_orders(multipliers, decided, t, lag, order)
        for slot in range(n_slots):
            wanted[slot] = order[kinds[slot, PART]] * row[slot, UNITS]
        share = 1.0
        if stopped:
            hold_back(kinds, wanted, before)
        if limited:
            share = largest_share(row, kinds, wanted, before, account[1], account[2], stops, budget)
        for slot in range(n_slots):
            after[slot] = near(share * wanted[slot], before[slot])
        if rounding != 0:
            round_fill(row, kinds, wanted, before, after, share, account, stops, budget, rounding)
        costs = settle(row, kinds, before, after, account)
        multipliers_held(row, kinds, after, order, share, rounding == 0 and not stopped, now)
        stopped = limited and is_stopped(stopped, stops, account[2], budget)

        if limited and lag > 0:
            for slot in range(n_slots):
                meant = multipliers[kinds[slot, PART], t]
                wanted[slot] = meant * row[slot, UNITS] if meant == meant else 0.0
            share = largest_share(row, kinds, wanted, before, account[1], account[2], stops, budget)
        decide(multipliers, kinds, t, share, stopped, now, decided)
        held[:, t] = now

        lines[0, t] = pnl - costs
        lines[1, t] = costs
        lines[2, t] = account[1] + max(-account[2], 0.0)
        if lines.shape[0] > 3:
            lines[3, t] = account[0]
            lines[4, t] = account[1]
        if holdings.shape[0] > 0:
            for slot in range(n_slots):
                holdings[t, slot] = before[slot]
