"""What the kernels of an account read, keep and write: columns of their arrays, and arrays that belong together.

A slot holds one contract at a time; the slots of one programme are a *part*, which has one multiplier.
"""

from __future__ import annotations

from typing import NamedTuple

from hedgerow._types import BoolArray, FloatArray, IntArray

UNITS, PRICE, CHANGE, COST, SALE, WORST = range(6)
"""Columns of quotes: contracts at multiplier 1, price, price change, cost of a trade, cost of selling what is held
long, worst loss of one contract."""
PART, VALUED, PREMIUM = range(3)
"""Columns of kinds: number of the part, whether a contract stands at value, whether its budget is one of premium."""
IN_PART, AT_VALUE, BY_PREMIUM, BEFORE, WANTED, AFTER = range(6)
"""Columns of slots: those of kinds; contracts before a fill, wanted by it, and after it."""
ASKED, STANDS, HELD = range(3)
"""Columns of parts: multiplier asked for, what stands until the next order, and what is held in whole contracts."""
GROWTH, FIRST, BASE, WEALTH, LAST, OPENS, LATER = range(7)
"""Columns of calendars: growth of cash over the step ending at the date; whether the date is the first of its year; the
portfolio's value at the start of the year, and now; whether the next date lies in a later year; whether an order of the
date fills on the first date of a year; whether it fills in a later year."""
CASH, PAID, LOST = range(3)
"""Money of an account: cash, premium and costs paid this year, loss of parts of reserve this year (a gain below 0)."""
PNL, COSTS, SPENT, CASH_HELD, PREMIUM_PAID = range(5)
"""Lines of a written account."""
DOWN, NEAREST = 1, 2
"""Rounding to whole contracts: toward zero, or the nearest. 0 trades fractions."""


class Hedge(NamedTuple):
    """The programmes at multiplier 1, by date.

    ``quotes`` (n_dates, n_slots, 6), ``kinds`` (n_slots, 3), ``rolls`` (n_dates, n_parts): whether a part of reserve
    enters a contract, ``calendar`` (n_dates, 7).
    """

    quotes: FloatArray
    kinds: IntArray
    rolls: BoolArray
    calendar: FloatArray


class Orders(NamedTuple):
    """What rules want: multipliers (n_parts, n_dates), and whether a trigger of the shape was due on the date."""

    multipliers: FloatArray
    rebalanced: BoolArray


class Rules(NamedTuple):
    """What bounds an account: the budget as a share of the portfolio, infinite for none, and the options of a run."""

    budget: float
    lag: int
    stops: bool
    rounding: int


class Written(NamedTuple):
    """What an account is written into.

    ``decided`` and ``held`` (n_parts, n_dates); ``lines`` (3, n_dates): P&L net of costs, costs, use of the year's
    budget so far, or (5, n_dates) with cash and premium paid; ``holdings`` (n_dates, n_slots), or without rows.
    """

    decided: FloatArray
    held: FloatArray
    lines: FloatArray
    holdings: FloatArray


class Room(NamedTuple):
    """What a year's budget leaves: the budget in money, and what of it was paid and lost before the trade.

    ``stops`` leaves worst losses and the year's loss out; ``carried`` counts worst losses alone, as the next year will.
    """

    budget: float
    paid: float
    lost: float
    stops: bool
    carried: bool
