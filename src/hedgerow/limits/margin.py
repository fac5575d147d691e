"""The margin account of a hedge: what is posted, what is called for and paid out, day by day.

Contracts held after trading at one time earn their price change to the next, which goes through the account as
variation margin. A call tops the account up to the initial margin when it falls below maintenance; initial margin is
restricted cash. Paid in + variation = paid out + balance, at every time.

>>> held = HeldContracts.constant(pd.bdate_range("2024-01-01", periods=3), ("CL",), np.array([-10.0]),
...                               np.array([[0.0], [500.0], [-200.0]]), np.array([[60e3], [60.5e3], [60.3e3]]))
>>> path = margin_path(held, MarginTerms(initial=6_000.0))
>>> path.table[["variation", "call", "withdrawal", "balance"]].to_numpy().tolist()
[[0.0, 0.0, 0.0, 60000.0], [-5000.0, 5000.0, 0.0, 60000.0], [2000.0, 0.0, 2000.0, 60000.0]]
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import AccountsError, DataError, InputError
from hedgerow.ledger import Carry, Ledger
from hedgerow.limits.liquidity import peak_calls
from hedgerow.limits.margin_terms import MarginTerms

SECONDS_PER_YEAR = 365 * 86_400
TOLERANCE = 1e-9
"""Largest break of the account's laws, as a share of the money that went through it, that rounding may explain."""


@dataclass(frozen=True, eq=False)
class HeldContracts:
    """Contracts held through time, what they earn and what they are worth.

    Parameters
    ----------
    times : pandas.DatetimeIndex, shape (n_times,)
    names : tuple of str, length n_hedges
    contracts : ndarray, shape (n_times, n_hedges)
        Held after trading at each time, negative = sold.
    changes : ndarray, shape (n_times, n_hedges)
        Price change of one contract over the step ending at each time, money, within one contract; row 0 is not used.
    values : ndarray, shape (n_times, n_hedges)
        Price of one contract times its size, money.
    past : ndarray, shape (n_past, n_hedges), optional
        Price changes before the first time, for an estimated margin.
    """

    times: pd.DatetimeIndex
    names: tuple[str, ...]
    contracts: FloatArray
    changes: FloatArray
    values: FloatArray
    past: FloatArray | None = None

    def __post_init__(self) -> None:
        shape = (len(self.times), len(self.names))
        for what in ("contracts", "changes", "values"):
            array = getattr(self, what)
            if array.shape != shape:
                raise InputError(f"{what} must have the shape {shape} of times and hedges, not {array.shape}")
            if not np.isfinite(array).all():
                at = self.times[np.argwhere(~np.isfinite(array))[0][0]].date()
                raise DataError(f"{what} of a margin account must be finite numbers; one of {at} is not")
        if len(self.times) < 2:
            raise DataError("a margin path needs at least two times; give more rows")

    @classmethod
    def constant(
        cls,
        times: pd.DatetimeIndex,
        names: tuple[str, ...],
        contracts: FloatArray,
        changes: FloatArray,
        values: FloatArray,
        past: FloatArray | None = None,
    ) -> HeldContracts:
        """Return the same contracts (n_hedges,) held at every time; the others as in the class."""
        return cls(times, names, np.tile(np.asarray(contracts, dtype=float), (len(times), 1)), changes, values, past)

    @classmethod
    def from_ledger(
        cls, ledger: Ledger, path: str, contracts_per_unit: FloatArray, past: FloatArray | None = None
    ) -> HeldContracts:
        """Return the margined instruments of one path of a ledger.

        Parameters
        ----------
        ledger : Ledger
        path : str
            Its name: a method of a comparison.
        contracts_per_unit : ndarray, shape (n_times, n_hedges)
            Contracts that one unit of each margined instrument stands for at each time, above 0.
        past : ndarray, shape (n_past, n_hedges), optional
            Price changes per *contract* before the ledger begins.

        Raises
        ------
        InputError
            Where the path is not in the ledger, nothing in it is margined, or a size is missing.
        """
        terms = ledger.terms.of_path(path)
        margined = [number for number, carry in enumerate(terms.carry) if carry is Carry.MARGIN]
        if not margined:
            raise InputError("nothing in this ledger is margined, so there is no margin account")
        if not (np.isfinite(contracts_per_unit).all() and (contracts_per_unit > 0.0).all()):
            raise InputError("a margin account needs a contract size above 0 for every hedge; give --contract-size")
        units = ledger.holdings[ledger.terms.row(path)][:, margined]
        # what is held over a step was sized at its start, and so is the money one contract makes on it
        earning = np.vstack([contracts_per_unit[:1], contracts_per_unit[:-1]])
        return cls(
            terms.times,
            tuple(terms.instruments[number] for number in margined),
            units * contracts_per_unit,
            terms.price_changes[:, margined] / earning,
            terms.prices[:, margined] / contracts_per_unit,
            past,
        )


@dataclass(frozen=True, eq=False)
class MarginPath:
    """A margin account through time; money, shape (n_times,) each.

    Attributes
    ----------
    held : HeldContracts
    terms : MarginTerms
    initial : ndarray
        Initial margin of what is held after trading: restricted cash.
    variation : ndarray
        Gain (+) or loss (-) of the contracts over the step ending at each time.
    calls : ndarray
        Paid in because losses or a higher margin took the account below maintenance.
    deposits : ndarray
        Paid in for contracts added by a trade, the first posting among them.
    withdrawals : ndarray
        Paid out: what stands above the initial margin where it is swept, everything when nothing is held.
    balance : ndarray
        What stands in the account after all of these.
    """

    held: HeldContracts
    terms: MarginTerms
    initial: FloatArray
    variation: FloatArray
    calls: FloatArray
    deposits: FloatArray
    withdrawals: FloatArray
    balance: FloatArray

    @cached_property
    def table(self) -> pd.DataFrame:
        """The account by time: initial, variation, cumulative variation, call, deposit, withdrawal, balance."""
        columns = {
            "initial": self.initial,
            "variation": self.variation,
            "cumulative_variation": np.cumsum(self.variation),
            "call": self.calls,
            "deposit": self.deposits,
            "withdrawal": self.withdrawals,
            "balance": self.balance,
        }
        return pd.DataFrame(columns, index=self.held.times.rename("date"))

    @property
    def worst_call(self) -> float:
        """Largest single call, money."""
        return float(self.calls.max())

    @property
    def worst_call_date(self) -> pd.Timestamp | None:
        """Its date; None where nothing was ever called."""
        return self.held.times[int(self.calls.argmax())] if self.worst_call > 0.0 else None

    def worst_cumulative_call(self, rows: int) -> float:
        """Return the most cash that calls, less what was paid out meanwhile, asked for within so many rows."""
        return float(peak_calls(self.calls - self.withdrawals, rows).max(initial=0.0))

    @property
    def years(self) -> float:
        """Length of the path, calendar days / 365."""
        return float((self.held.times[-1] - self.held.times[0]).total_seconds()) / SECONDS_PER_YEAR

    @cached_property
    def carrying_cost(self) -> float:
        """What the tied-up cash cost over the path: ``(rate - earned)`` x balance x years, step by step; simple."""
        steps = np.diff(self.held.times.to_numpy()).astype("timedelta64[s]").astype(float) / SECONDS_PER_YEAR
        return float((self.terms.rate - self.terms.earned) * (self.balance[:-1] * steps).sum())

    def breach(self) -> float:
        """Largest break of the account's laws, as a share of the money that went through it.

        Paid in + variation = paid out + balance at every time, and variation = contracts x price change.
        """
        paid_in, paid_out = np.cumsum(self.calls + self.deposits), np.cumsum(self.withdrawals)
        closing = np.abs(paid_in + np.cumsum(self.variation) - paid_out - self.balance).max()
        earned = (self.held.contracts[:-1] * self.held.changes[1:]).sum()
        whole = abs(float(self.variation.sum()) - float(earned))
        through = float(self.initial.max() + np.abs(self.variation).sum()) or 1.0
        return max(float(closing), whole) / through


def margin_path(held: HeldContracts, terms: MarginTerms | None = None) -> MarginPath:
    """Run the margin account of contracts held through time.

    At each time: variation margin comes in or goes out; if the account is then below maintenance for what was held, a
    call tops it up to the initial margin; trades that need more margin are paid for; what stands above is paid out.

    Parameters
    ----------
    held : HeldContracts
    terms : MarginTerms, optional
        Estimated margin, maintenance at the initial margin and excess paid out, unless said.

    Returns
    -------
    MarginPath

    Raises
    ------
    InputError, DataError
        As :meth:`MarginTerms.per_contract`.
    AccountsError
        Where the account does not close to 1e-9 of the money that went through it.
    """
    terms = terms or MarginTerms()
    lead = 0 if held.past is None else len(held.past)
    # the first row of changes happened before anything was held; it is known, so it may serve the estimate
    rows = held.changes if held.past is None else np.vstack([held.past, held.changes])
    each = terms.per_contract(held.values, rows, lead)
    needed = (np.abs(held.contracts) * each).sum(axis=1)
    before = np.concatenate([[0.0], (np.abs(held.contracts[:-1]) * each[1:]).sum(axis=1)])
    variation = np.concatenate([[0.0], (held.contracts[:-1] * held.changes[1:]).sum(axis=1)])
    flows = _run_account(variation, before, needed, terms)
    path = MarginPath(held, terms, needed, variation, *flows)
    if not path.breach() <= TOLERANCE:
        raise AccountsError(f"the margin account does not close (by {path.breach():.3g}); please report this input")
    return path


def _run_account(
    variation: FloatArray, before: FloatArray, needed: FloatArray, terms: MarginTerms
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return calls, deposits, withdrawals and balance; ``before`` is the margin of what was held, ``needed`` after."""
    calls, deposits, withdrawals, balance = (np.zeros(len(variation)) for _ in range(4))
    stands = 0.0
    for now in range(len(variation)):
        stands += variation[now]
        if stands < terms.maintenance * before[now]:
            calls[now] = before[now] - stands
            stands = before[now]
        deposits[now] = max(needed[now] - max(before[now], 0.0), 0.0)
        stands += deposits[now]
        if needed[now] == 0.0 or (terms.sweep and stands > needed[now]):
            withdrawals[now] = stands - needed[now]
            stands = needed[now]
        balance[now] = stands
    return calls, deposits, withdrawals, balance
