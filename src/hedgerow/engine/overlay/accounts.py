"""Accounts of many sets of multipliers over one priced hedge, as arrays: the fast form of the ledger.

>>> from hedgerow.ledger import Carry
>>> days = pd.date_range("2024-01-01", periods=3)
>>> price = np.array([[2.0], [1.5], [4.0]])
>>> changes = np.array([[0.0], [-0.5], [2.5]])
>>> one, free = np.ones((3, 1)), {"half_spread": np.full((3, 1), 0.1)}
>>> put = PricedProgramme("put", days, ("put",), (Carry.VALUE,), one, price, changes, free, price, "premium", (), ())
>>> accounts = overlay_accounts(np.array([[1.0, 1.0, 1.0]]), put, np.full(3, 100.0), AccountLimits(lag=0))
>>> accounts.hedge_pnl.round(2).tolist()
[[-0.1, -0.5, 2.5]]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.engine.overlay.account_kernels import BASE, DOWN, FIRST, GROWTH, LAG, NEAREST, run_account
from hedgerow.engine.overlay.free_kernel import run_free_account
from hedgerow.engine.overlay.options import OverlayOptions
from hedgerow.engine.overlay.slots import Slots
from hedgerow.errors import InputError
from hedgerow.kernels.compile import dense, share_out
from hedgerow.programmes import PricedProgramme

ROUNDING = {None: 0, "toward zero": DOWN, "nearest": NEAREST}


@dataclass(frozen=True)
class AccountLimits:
    """What bounds an account, and what its cash earns.

    Parameters
    ----------
    budget : float, or ndarray (n_sets,), optional
        Share of the portfolio's value at the start of a calendar year that premium and costs may take in it; None or
        infinity for none.
    growth : ndarray (n_dates - 1,), optional
        Interest on cash over each step, as a share; None for 0.
    lag : int
    no_new_risk : bool
    whole_contracts : str, optional
        As in :class:`OverlayOptions`.
    """

    budget: float | FloatArray | None = None
    growth: FloatArray | None = None
    lag: int = 1
    no_new_risk: bool = False
    whole_contracts: str | None = None

    def shares(self, n_sets: int) -> FloatArray:
        """Return the budget of each set as a share, (n_sets,); infinity where there is none."""
        shares = np.broadcast_to(np.asarray(np.inf if self.budget is None else self.budget, dtype=float), n_sets)
        if np.isnan(shares).any() or (shares < 0.0).any():
            raise InputError("a budget is a share of the portfolio, 0 or more, or None; one given is negative or NaN")
        return shares

    def rules(self) -> FloatArray:
        """Return lag, no-new-risk and rounding as the kernel reads them."""
        options = OverlayOptions(self.lag, self.no_new_risk, self.whole_contracts)
        numbers = (options.lag, int(options.no_new_risk), ROUNDING[options.whole_contracts])
        return np.array(numbers, dtype=np.int64)


@dataclass(frozen=True)
class OverlayAccounts:
    """Accounts of sets of multipliers.

    Attributes
    ----------
    held : ndarray (n_sets, n_dates), or (n_sets, n_parts, n_dates) for several programmes
        Multiplier held after trading at each close.
    hedge_pnl : ndarray (n_sets, n_dates)
        Gains and interest over the step ending at each date less the costs paid at it, in money.
    costs : ndarray (n_sets, n_dates)
        Costs paid at each date, positive money.
    spent : ndarray (n_sets, n_dates)
        Use of the budget in the calendar year so far, in money: premium and costs of programmes of premium, and the
        loss so far (0 where it is a gain) of programmes of reserve.
    """

    held: FloatArray
    hedge_pnl: FloatArray
    costs: FloatArray
    spent: FloatArray


@dataclass(frozen=True)
class SingleAccount:
    """The account of one set of multipliers in full.

    Attributes
    ----------
    decided, held : ndarray (n_parts, n_dates)
        Multiplier after the budget stage, and after the fill.
    holdings : ndarray (n_dates, n_slots)
        Contracts after trading.
    cash : ndarray (n_dates,)
        Cash of the hedge, 0 before the first trade.
    spent, paid : ndarray (n_dates,)
        Use of the budget in the calendar year so far, and premium and costs in it; the rest is loss of reserve.
    """

    decided: FloatArray
    held: FloatArray
    holdings: FloatArray
    cash: FloatArray
    spent: FloatArray
    paid: FloatArray


def overlay_accounts(
    multipliers: FloatArray,
    priced: PricedProgramme | Sequence[PricedProgramme],
    wealth: FloatArray,
    limits: AccountLimits | None = None,
    threads: int | None = None,
) -> OverlayAccounts:
    """Return the accounts of many sets of multipliers over one priced hedge.

    The same numbers as the ledger of each set, to 1e-9, for any number of threads.

    Parameters
    ----------
    multipliers : ndarray (n_sets, n_dates), or (n_sets, n_parts, n_dates) for several programmes
        What is decided at each close before the budget; NaN in the warm-up, where nothing is ordered.
    priced : PricedProgramme or sequence of them
        Several share one budget.
    wealth : ndarray (n_dates,)
        Value of the portfolio at each close in money, above 0.
    limits : AccountLimits, optional
    threads : int, optional
        At most so many; all cores by default.

    Returns
    -------
    OverlayAccounts

    Raises
    ------
    InputError
        Where shapes do not fit one another.
    """
    limits, slots = limits or AccountLimits(), Slots.of(priced)
    flat = np.ndim(multipliers) == 2
    orders = dense(multipliers)[:, None, :] if flat else dense(multipliers)
    n_sets, n_dates = len(orders), len(slots.programmes[0].dates)
    if orders.ndim != 3 or orders.shape[1:] != (len(slots.programmes), n_dates):
        raise InputError(
            f"multipliers must have shape (n_sets, {n_dates}), or (n_sets, {len(slots.programmes)}, {n_dates}) for "
            f"{len(slots.programmes)} programmes, not {np.shape(multipliers)}"
        )
    if np.isinf(orders).any():
        raise InputError("a multiplier is infinite; give numbers, or NaN in the warm-up")
    calendar, rules, shares = year_table(slots, wealth, limits.growth), limits.rules(), limits.shares(n_sets)
    quotes, kinds, held, lines = slots.quotes, slots.kinds, np.empty(orders.shape), np.empty((n_sets, 3, n_dates))
    nothing = np.empty((0, 0))

    rounds = limits.whole_contracts is not None

    def run(piece: int) -> None:
        decided = np.empty(orders.shape[1:])
        for one in range(piece, n_sets, n_pieces):
            given, kept, written = orders[one], held[one], lines[one]
            if shares[one] < np.inf or rounds:
                run_account(given, quotes, kinds, calendar, shares[one], rules, decided, kept, written, nothing)
            else:
                run_free_account(given, quotes, kinds, calendar, rules[LAG], kept, written)

    n_pieces = min(n_sets, 64)
    if n_sets:
        for kernel in (run_account, run_free_account):
            kernel.build()
        share_out(run, n_pieces, threads)
    return OverlayAccounts(held[:, 0] if flat else held, lines[:, 0], lines[:, 1], lines[:, 2])


def single_account(orders: FloatArray, slots: Slots, wealth: FloatArray, limits: AccountLimits) -> SingleAccount:
    """Return the account of one set of multipliers (n_parts, n_dates) in full."""
    n_dates = orders.shape[1]
    decided, held, lines = np.empty(orders.shape), np.empty(orders.shape), np.empty((5, n_dates))
    holdings = np.empty((n_dates, len(slots.carry)))
    calendar = year_table(slots, wealth, limits.growth)
    share = float(limits.shares(1)[0])
    run_account(
        dense(orders), slots.quotes, slots.kinds, calendar, share, limits.rules(), decided, held, lines, holdings
    )
    return SingleAccount(decided, held, holdings, lines[3], lines[2], lines[4])


def year_table(slots: Slots, wealth: FloatArray, growth: FloatArray | None) -> FloatArray:
    """Return growth of cash, first date of a year, and the portfolio's value at it, by date: (n_dates, 3)."""
    dates = slots.programmes[0].dates
    wealth = np.asarray(wealth, dtype=float)
    if wealth.shape != (len(dates),) or not (wealth > 0.0).all():
        raise InputError(
            f"the portfolio's value must be money above 0 on each of {len(dates)} dates; it has shape {wealth.shape}"
        )
    table = np.zeros((len(dates), 3))
    if growth is not None:
        if np.shape(growth) != (len(dates) - 1,):
            raise InputError(
                f"growth of cash must have shape {(len(dates) - 1,)}, one step each, not {np.shape(growth)}"
            )
        table[1:, GROWTH] = growth
    table[:, FIRST] = first_of_year(dates)
    table[:, BASE] = wealth[np.maximum.accumulate(np.where(table[:, FIRST] > 0.0, np.arange(len(dates)), 0))]
    return table


def first_of_year(dates: pd.DatetimeIndex) -> FloatArray:
    """Return 1.0 on the first date of each calendar year in the data and 0.0 elsewhere, (n_dates,)."""
    years = np.asarray(dates.year)
    return np.concatenate(([1.0], (np.diff(years) != 0).astype(float)))
