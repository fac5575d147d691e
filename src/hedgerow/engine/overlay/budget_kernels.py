"""What a trade uses of a year's budget, and the largest part of it that the budget allows; compiled."""

from __future__ import annotations

from math import floor

from hedgerow.engine.overlay.account_terms import (
    AFTER,
    AT_VALUE,
    BEFORE,
    BY_PREMIUM,
    COST,
    DOWN,
    NEAREST,
    PRICE,
    SALE,
    WANTED,
    WORST,
)
from hedgerow.kernels.compile import compiled

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
def use_of_budget(share, row, slots, room):  # type: ignore[no-untyped-def]
    """Return how much of the year's budget is used after a fill of ``share`` x wanted, and its left slope.

    Premium paid and costs count in full; parts of reserve count the year's loss and the worst loss still held, unless
    the option ``stops`` binds them instead.
    """
    paid, paid_slope = 0.0, 0.0
    lost, lost_slope = room.lost, 0.0
    worst, worst_slope = 0.0, 0.0
    for slot in range(slots.shape[0]):
        target = slots[slot, WANTED]
        held = slots[slot, BEFORE]
        after = near(share * target, held)
        cost, slope = cost_of_trade(after, held, row[slot, COST], row[slot, SALE], target > 0.0)
        if slots[slot, BY_PREMIUM] > 0.0:
            price = row[slot, PRICE] * slots[slot, AT_VALUE]
            paid += cost + price * (after - held)
            paid_slope += (slope + price) * target
        else:
            lost += cost
            lost_slope += slope * target
            worst += abs(after) * row[slot, WORST]
            worst_slope += abs(target) * row[slot, WORST]
    if room.carried:
        return worst, worst_slope
    used, used_slope = room.paid, 0.0
    if paid > 0.0:
        used += paid
        used_slope += paid_slope
    if not room.stops:
        used += worst
        used_slope += worst_slope
        if lost > 0.0:
            used += lost
            used_slope += lost_slope
    return used, used_slope


@compiled()
def fits(share, row, slots, room):  # type: ignore[no-untyped-def]
    """Return whether a fill of ``share`` x wanted stays within the budget."""
    used, _slope = use_of_budget(share, row, slots, room)
    return used <= room.budget * (1.0 + SLACK)


@compiled()
def largest_share(row, slots, room):  # type: ignore[no-untyped-def]
    """Return the largest share in [0, 1] of what is wanted that the room allows; where none fits, that of least use.

    The use is convex and piecewise linear in the share: Newton's steps from 1 end on the piece of the answer.
    """
    allowed = room.budget * (1.0 + SLACK)
    share = 1.0
    for _ in range(4 * slots.shape[0] + 8):
        used, slope = use_of_budget(share, row, slots, room)
        if used <= allowed:
            return share
        if slope <= 0.0 or share == 0.0:
            break
        share = max(share - (used - room.budget) / slope, 0.0)
    best = 0.0
    least, slope = use_of_budget(best, row, slots, room)
    for slot in range(slots.shape[0] + 1):
        kink = 1.0
        if slot < slots.shape[0]:
            wanted = slots[slot, WANTED]
            kink = slots[slot, BEFORE] / wanted if wanted != 0.0 else 0.0
        if 0.0 < kink <= 1.0:
            used, slope = use_of_budget(kink, row, slots, room)
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
def round_fill(row, slots, rounding, room):  # type: ignore[no-untyped-def]
    """Round the contracts after a fill to whole ones, toward zero where the nearest would break the budget.

    Returns whether it did.
    """
    for slot in range(slots.shape[0]):
        slots[slot, WANTED] = whole(slots[slot, AFTER], rounding)
    is_cut = rounding == NEAREST and not fits(1.0, row, slots, room)
    for slot in range(slots.shape[0]):
        slots[slot, AFTER] = whole(slots[slot, AFTER], DOWN) if is_cut else slots[slot, WANTED]
    return is_cut


@compiled()
def hold_back(slots):  # type: ignore[no-untyped-def]
    """Cut what is wanted of parts of reserve to what is held already: no new risk, no entry by a roll."""
    for slot in range(slots.shape[0]):
        wanted, before = slots[slot, WANTED], slots[slot, BEFORE]
        if slots[slot, BY_PREMIUM] == 0.0:
            if wanted * before <= 0.0:
                slots[slot, WANTED] = 0.0
            elif abs(wanted) > abs(before):
                slots[slot, WANTED] = before
