"""The account of a hedge date by date, compiled: order, budget, fill, gain and cost for one set of multipliers.

What is decided when is said in :mod:`hedgerow.engine.overlay.definition`, in NumPy.
"""

from __future__ import annotations

import numpy as np

from hedgerow.engine.overlay.account_terms import (
    AFTER,
    ASKED,
    AT_VALUE,
    BASE,
    BEFORE,
    BY_PREMIUM,
    CASH,
    CASH_HELD,
    CHANGE,
    COST,
    COSTS,
    FIRST,
    GROWTH,
    HELD,
    IN_PART,
    LAST,
    LATER,
    LOST,
    OPENS,
    PAID,
    PART,
    PNL,
    PREMIUM,
    PREMIUM_PAID,
    PRICE,
    SALE,
    SPENT,
    STANDS,
    UNITS,
    WANTED,
    WEALTH,
    Room,
)
from hedgerow.engine.overlay.budget_kernels import (
    SLACK,
    cost_of_trade,
    fits,
    hold_back,
    largest_share,
    near,
    round_fill,
    use_of_budget,
)
from hedgerow.kernels.compile import compiled


@compiled()
def is_by_premium(part, kinds):  # type: ignore[no-untyped-def]
    """Return whether the budget of a part is one of premium."""
    for slot in range(kinds.shape[0]):
        if kinds[slot, PART] == part:
            return kinds[slot, PREMIUM] != 0
    return True


@compiled()
def order_dates(orders, hedge, always, tie, given):  # type: ignore[no-untyped-def]
    """Write on which dates each part is given an order, (n_parts, n_dates).

    Parts of premium, and all parts if ``always``, on every date. Parts of reserve where a trigger was due, where the
    multiplier is another than that of the last order beyond the tie, and where the fill opens a year.
    """
    multipliers, rebalanced, calendar = orders.multipliers, orders.rebalanced, hedge.calendar
    for part in range(given.shape[0]):
        if always or is_by_premium(part, hedge.kinds):
            given[part] = True
            continue
        last = np.nan
        for t in range(given.shape[1]):
            now = multipliers[part, t]
            moved = last != last or abs(now - last) > tie
            given[part, t] = now == now and (moved or rebalanced[part, t] or calendar[t, OPENS] > 0.0)
            if given[part, t]:
                last = now


@compiled()
def ask_at_fill(orders, rolls, t, lag, given, decided, parts):  # type: ignore[no-untyped-def]
    """Write the multipliers to be filled at a date: the order's, what stands without one, and at a roll all wanted.

    ``decided`` holds the orders; the multipliers themselves where an order fills at once.
    """
    made = t - lag
    for part in range(parts.shape[0]):
        asked = parts[part, STANDS]
        if made >= 0 and rolls[t, part]:
            asked = orders[part, made]
        elif made >= 0 and given[part, made]:
            asked = decided[part, made]
        parts[part, ASKED] = asked if asked == asked else 0.0


@compiled()
def ask_at_decision(orders, rolls, t, lag, given, decided, parts):  # type: ignore[no-untyped-def]
    """Write the multipliers that are decided on at a date, before the budget: without an order what is to stand.

    An order that fills at once has been filled: what was decided stands.
    """
    for part in range(parts.shape[0]):
        asked = parts[part, STANDS]
        if lag > 0 and (given[part, t] or rolls[t, part]):
            asked = orders[part, t]
        else:
            for made in range(max(t - lag + 1, 0), t):
                if given[part, made]:  # an order is on its way
                    asked = decided[part, t - 1]
        parts[part, ASKED] = asked if asked == asked else 0.0


@compiled()
def want_contracts(parts, row, slots):  # type: ignore[no-untyped-def]
    """Write the contracts of the multipliers that are asked for."""
    for slot in range(slots.shape[0]):
        slots[slot, WANTED] = parts[int(slots[slot, IN_PART]), ASKED] * row[slot, UNITS]


@compiled()
def room_left(rules, base, money):  # type: ignore[no-untyped-def]
    """Return what is left of the budget of a year that began with a portfolio worth ``base``."""
    return Room(rules.budget * base, money[PAID], money[LOST], rules.stops, False)


@compiled()
def room_unused(rules, base, carried):  # type: ignore[no-untyped-def]
    """Return the budget that a year has which begins with a portfolio worth ``base``."""
    return Room(rules.budget * base, 0.0, 0.0, rules.stops, carried)


@compiled()
def share_carried(share, row, slots, room, following):  # type: ignore[no-untyped-def]
    """Return the share to be filled of what is wanted at the last close of a year, where this year allows ``share``.

    What is held over it also has to fit the next year's budget, unless leaving costs more than this year has left.
    """
    worst, _slope = use_of_budget(1.0, row, slots, following)
    less = following.budget / worst if worst * share > following.budget * (1.0 + SLACK) else share
    return less if fits(less, row, slots, room) or not fits(share, row, slots, room) else share


@compiled()
def hold_multipliers(row, slots, share, exact, parts):  # type: ignore[no-untyped-def]
    """Write the multiplier that each part holds after a fill."""
    for part in range(parts.shape[0]):
        parts[part, HELD] = share * parts[part, ASKED]
        if not exact:
            base, units = 0.0, 0.0
            for slot in range(slots.shape[0]):
                if slots[slot, IN_PART] == part:
                    at_one, after = row[slot, UNITS], slots[slot, AFTER]
                    base += abs(at_one)
                    units += after if at_one > 0.0 else -after
            if base > 0.0:
                parts[part, HELD] = units / base


@compiled()
def settle(row, slots, money):  # type: ignore[no-untyped-def]
    """Trade to the contracts after the fill and return the costs; moves cash, premium paid and the year's loss."""
    costs, bought, paid, lost = 0.0, 0.0, 0.0, 0.0
    for slot in range(slots.shape[0]):
        before, after = slots[slot, BEFORE], slots[slot, AFTER]
        cost, _slope = cost_of_trade(after, before, row[slot, COST], row[slot, SALE], True)
        price = row[slot, PRICE] * slots[slot, AT_VALUE] * (after - before)
        costs += cost
        bought += price
        if slots[slot, BY_PREMIUM] > 0.0:
            paid += cost + price
        else:
            lost += cost
        slots[slot, BEFORE] = after
    money[CASH] -= bought + costs
    money[PAID] += max(paid, 0.0)
    money[LOST] += lost
    return costs


@compiled()
def earn(row, slots, growth, money):  # type: ignore[no-untyped-def]
    """Return gains and interest over the step ending now; moves cash and the year's loss of parts of reserve."""
    interest = money[CASH] * growth
    gains, margin, reserve = 0.0, 0.0, 0.0
    for slot in range(slots.shape[0]):
        gain = slots[slot, BEFORE] * row[slot, CHANGE]
        gains += gain
        if slots[slot, AT_VALUE] == 0.0:
            margin += gain
        if slots[slot, BY_PREMIUM] == 0.0:
            reserve += gain
    money[CASH] += margin + interest
    money[LOST] -= reserve
    return gains + interest


@compiled()
def is_used_up(room):  # type: ignore[no-untyped-def]
    """Return whether the year's loss has reached the budget, where that stops new risk."""
    return room.stops and room.lost >= room.budget * (1.0 - SLACK)


@compiled()
def fill(row, slots, parts, rules, share, room, stopped):  # type: ignore[no-untyped-def]
    """Write the contracts after a fill of a share of what is wanted, and the multipliers that are held and stand."""
    for slot in range(slots.shape[0]):
        slots[slot, AFTER] = near(share * slots[slot, WANTED], slots[slot, BEFORE])
    is_cut = rules.rounding != 0 and round_fill(row, slots, rules.rounding, room)
    hold_multipliers(row, slots, share, rules.rounding == 0 and not stopped, parts)
    for part in range(parts.shape[0]):
        stands = share * parts[part, ASKED]
        parts[part, STANDS] = min(stands, parts[part, HELD]) if is_cut else stands


@compiled()
def decide(slots, parts, orders, t, share, stopped, decided):  # type: ignore[no-untyped-def]
    """Write what is decided: a share of what is asked for; of reserve no rise once stopped, and NaN in the warm-up."""
    for part in range(parts.shape[0]):
        decided[part, t] = share * parts[part, ASKED]
    if stopped:
        for slot in range(slots.shape[0]):
            part = int(slots[slot, IN_PART])
            if slots[slot, BY_PREMIUM] == 0.0:
                decided[part, t] = min(decided[part, t], parts[part, HELD])
    for part in range(parts.shape[0]):
        if orders[part, t] != orders[part, t]:
            decided[part, t] = np.nan


@compiled()
def run_account(orders, hedge, rules, tie, written):  # type: ignore[no-untyped-def]
    """Keep the account of one set of multipliers.

    Parameters are those of :mod:`hedgerow.engine.overlay.account_terms`; ``tie`` is the smallest change of a multiplier
    that is an order.
    """
    multipliers, decided, held, lines = orders.multipliers, written.decided, written.held, written.lines
    quotes, calendar, rolls, holdings = hedge.quotes, hedge.calendar, hedge.rolls, written.holdings
    n_parts, n_dates = multipliers.shape
    slots = np.zeros((quotes.shape[1], AFTER + 1))
    slots[:, IN_PART : BY_PREMIUM + 1] = hedge.kinds
    parts, money, given = np.zeros((n_parts, 3)), np.zeros(3), np.empty(multipliers.shape, dtype=np.bool_)
    source = multipliers if rules.lag == 0 else decided
    limited, stopped = rules.budget < np.inf, False
    order_dates(orders, hedge, not limited, tie, given)
    for t in range(n_dates):
        row = quotes[t]
        if calendar[t, FIRST] > 0.0:
            money[PAID], money[LOST], stopped = 0.0, 0.0, False
        pnl = earn(row, slots, calendar[t, GROWTH], money)
        room = room_left(rules, calendar[t, BASE], money)
        stopped = limited and (stopped or is_used_up(room))

        ask_at_fill(multipliers, rolls, t, rules.lag, given, source, parts)
        want_contracts(parts, row, slots)
        if stopped:
            hold_back(slots)
        share = largest_share(row, slots, room) if limited else 1.0
        if limited and calendar[t, LAST] > 0.0 and not rules.stops:
            share = share_carried(share, row, slots, room, room_unused(rules, calendar[t, WEALTH], True))
        fill(row, slots, parts, rules, share, room, stopped)
        costs = settle(row, slots, money)

        room = room_left(rules, calendar[t, BASE], money)
        stopped = limited and (stopped or is_used_up(room))
        later = calendar[t, LATER] > 0.0
        if later:
            room = room_unused(rules, calendar[t, WEALTH], False)
        ask_at_decision(multipliers, rolls, t, rules.lag, given, decided, parts)
        share = 1.0
        if limited and rules.lag > 0:
            want_contracts(parts, row, slots)
            share = largest_share(row, slots, room)
        decide(slots, parts, multipliers, t, share, stopped and not later, decided)

        for part in range(n_parts):
            held[part, t] = parts[part, HELD]
        lines[PNL, t] = pnl - costs
        lines[COSTS, t] = costs
        lines[SPENT, t] = money[PAID] + max(money[LOST], 0.0)
        if lines.shape[0] > CASH_HELD:
            lines[CASH_HELD, t] = money[CASH]
            lines[PREMIUM_PAID, t] = money[PAID]
        if holdings.shape[0] > 0:
            for slot in range(slots.shape[0]):
                holdings[t, slot] = slots[slot, BEFORE]
