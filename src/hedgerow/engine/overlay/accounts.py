"""Accounts of many sets of multipliers over one priced hedge, as arrays: the fast form of the ledger.

>>> import pandas as pd
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

from hedgerow._types import BoolArray, FloatArray, IntArray
from hedgerow.engine.overlay.account_kernels import run_account
from hedgerow.engine.overlay.account_terms import (
    CASH_HELD,
    COSTS,
    DOWN,
    NEAREST,
    PNL,
    PREMIUM_PAID,
    SPENT,
    Hedge,
    Orders,
    Rules,
    Written,
)
from hedgerow.engine.overlay.free_kernel import run_free_account
from hedgerow.engine.overlay.options import OverlayOptions
from hedgerow.engine.overlay.slots import Slots
from hedgerow.engine.overlay.year_calendar import account_calendar
from hedgerow.errors import InputError
from hedgerow.kernels.compile import dense, share_out
from hedgerow.overlays import Shape
from hedgerow.overlays.triggers import TIE
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

    def rules(self, share: float) -> Rules:
        """Return a budget and the options as the kernel reads them."""
        options = OverlayOptions(self.lag, self.no_new_risk, self.whole_contracts)
        return Rules(share, options.lag, options.no_new_risk, ROUNDING[options.whole_contracts])


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
    *,
    rebalanced: BoolArray | None = None,
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
    rebalanced : ndarray of bool, of the shape of ``multipliers``, optional
        Dates on which a trigger of the shape was due: a hedge of reserve that the budget has cut may rise again then.
        None leaves it at dates on which its multiplier changes, on which it may in any case.

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
    orders, triggered = _sets(multipliers, slots), _triggered(rebalanced, multipliers)
    n_sets, n_dates = len(orders), orders.shape[2]
    hedge, shares = hedge_of(slots, wealth, limits), limits.shares(n_sets)
    held, lines, nothing = np.empty(orders.shape), np.empty((n_sets, 3, n_dates)), np.empty((0, 0))
    rounds = limits.whole_contracts is not None

    def run(piece: int) -> None:
        decided = np.empty(orders.shape[1:])
        for one in range(piece, n_sets, n_pieces):
            rules = limits.rules(float(shares[one]))
            if rounds or rules.budget < np.inf:
                given = Orders(orders[one], triggered[one].reshape(orders.shape[1:]))
                run_account(given, hedge, rules, TIE, Written(decided, held[one], lines[one], nothing))
            else:
                run_free_account(orders[one], hedge, rules.lag, held[one], lines[one])

    n_pieces = min(n_sets, 64)
    if n_sets:
        for kernel in (run_account, run_free_account):
            kernel.build()
        share_out(run, n_pieces, threads)
    return OverlayAccounts(held[:, 0] if flat else held, lines[:, PNL], lines[:, COSTS], lines[:, SPENT])


def single_account(
    multipliers: FloatArray,
    slots: Slots,
    wealth: FloatArray,
    limits: AccountLimits,
    rebalanced: BoolArray | None = None,
) -> SingleAccount:
    """Return the account of one set of multipliers (n_parts, n_dates) in full; arrays as in ``overlay_accounts``."""
    orders = _sets(np.asarray(multipliers)[None], slots)
    triggered = _triggered(rebalanced, multipliers)
    n_dates = orders.shape[2]
    decided, held, lines = np.empty(orders.shape[1:]), np.empty(orders.shape[1:]), np.empty((5, n_dates))
    holdings = np.empty((n_dates, len(slots.carry)))
    run_account(
        Orders(orders[0], triggered),
        hedge_of(slots, wealth, limits),
        limits.rules(float(limits.shares(1)[0])),
        TIE,
        Written(decided, held, lines, holdings),
    )
    return SingleAccount(decided, held, holdings, lines[CASH_HELD], lines[SPENT], lines[PREMIUM_PAID])


def due_dates(rebalanced: BoolArray, shape: Shape, signal_rows: IntArray) -> BoolArray:
    """Return on which dates of the market a trigger of a shape was due, (n_dates,).

    None without triggers, where a new multiplier is the rebalance; none on dates without a signal.

    Parameters
    ----------
    rebalanced : ndarray of bool (n_signal_dates,)
        As the shape's path has it.
    shape : Shape
    signal_rows : ndarray (n_dates,)
        Row of the signals that is known on each date; -1 before the first.
    """
    is_signal_date = np.diff(signal_rows, prepend=-1) > 0
    return is_signal_date & rebalanced[signal_rows] & bool(shape.threshold)


def hedge_of(slots: Slots, wealth: FloatArray, limits: AccountLimits) -> Hedge:
    """Return the programmes and their calendar as the kernels read them."""
    calendar = account_calendar(slots.programmes[0].dates, wealth, limits.growth, limits.lag)
    return Hedge(slots.quotes, slots.kinds, slots.rolls, calendar)


def _sets(multipliers: FloatArray, slots: Slots) -> FloatArray:
    """Return multipliers as (n_sets, n_parts, n_dates)."""
    orders = dense(multipliers)[:, None, :] if np.ndim(multipliers) == 2 else dense(multipliers)
    n_parts, n_dates = len(slots.programmes), len(slots.programmes[0].dates)
    if orders.ndim != 3 or orders.shape[1:] != (n_parts, n_dates):
        raise InputError(
            f"multipliers must have shape (n_sets, {n_dates}), or (n_sets, {n_parts}, {n_dates}) for "
            f"{n_parts} programmes, not {np.shape(multipliers)}"
        )
    if np.isinf(orders).any():
        raise InputError("a multiplier is infinite; give numbers, or NaN in the warm-up")
    return orders


def _triggered(rebalanced: BoolArray | None, multipliers: FloatArray) -> BoolArray:
    """Return the dates of triggers in the shape of the multipliers; none were due where none are given."""
    shape = np.shape(multipliers)
    if rebalanced is not None and np.shape(rebalanced) != shape:
        raise InputError(f"rebalanced must have the shape {shape} of the multipliers, not {np.shape(rebalanced)}")
    return _frozen(np.broadcast_to(np.zeros((), dtype=np.bool_) if rebalanced is None else rebalanced, shape))


def _frozen(values: BoolArray) -> BoolArray:
    """Return a read-only C-contiguous view: kernels are compiled for one kind of array only."""
    view = np.ascontiguousarray(values, dtype=np.bool_).view()
    view.flags.writeable = False
    return view
