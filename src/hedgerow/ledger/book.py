"""The ledger: arrays by path, time and instrument, and the law of the accounts that every run must pass.

Axes everywhere: (n_paths, n_times, n_instruments). Time 0 is the first moment at which something may be traded; the
step that *ends* at time t runs from t - 1 to t. What is held after trading at t - 1 earns over that step; trades and
their costs at t come at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import AccountsError, InputError

TOLERANCE = 1e-9
"""Largest break of the law of the accounts, as a share of gross notional, that rounding may explain."""


class Carry(Enum):
    """How an instrument stands in the accounts."""

    VALUE = "value"
    """At holdings x price; buying it costs cash."""
    MARGIN = "margin"
    """At zero, like a future: each price change goes to cash as variation margin."""


@dataclass(frozen=True)
class Terms:
    """What an account needs to know of its instruments.

    Parameters
    ----------
    times : pandas.DatetimeIndex, shape (n_times,)
        Moments at which positions are marked and may be traded.
    instruments : tuple of str, length n_instruments
    paths : tuple of str, length n_paths
        A name per path: a method, a policy or a scenario number.
    prices : ndarray, shape (n_times, n_instruments)
        Price of one unit in the account's currency.
    price_changes : ndarray, shape (n_times, n_instruments)
        Change of price over the step ending at each time *within one contract*; row 0 is zero. It differs from the
        difference of ``prices`` where a margined series switches contract.
    carry : tuple of Carry, length n_instruments
    """

    times: pd.DatetimeIndex
    instruments: tuple[str, ...]
    paths: tuple[str, ...]
    prices: FloatArray
    price_changes: FloatArray
    carry: tuple[Carry, ...]

    @property
    def is_valued(self) -> FloatArray:
        """1.0 for instruments that stand at value, 0.0 for margined ones; shape (n_instruments,)."""
        return np.array([float(carry is Carry.VALUE) for carry in self.carry])


@dataclass(frozen=True)
class Ledger:
    """Everything that happened on every path; made by :func:`record`, never edited.

    Attributes
    ----------
    terms : Terms
    holdings : ndarray, shape (n_paths, n_times, n_instruments)
        Units held after trading at each time; positive is long.
    endowment : ndarray, shape (n_instruments,)
        Units that stood in the account before the first time; they were not bought.
    gains : ndarray, shape (n_paths, n_times, n_instruments)
        Holdings at the start of the step x price change over it, in money.
    costs : mapping of str to ndarray, shape (n_paths, n_times)
        Positive money paid at each time, by label.
    financing, cash_flows, cash, wealth : ndarray, shape (n_paths, n_times)
        Interest earned over the step, money put in (+) or taken out (-), the cash account, and cash plus value.
    lag : int
        Steps between a decision and its trade, printed with every result.
    """

    terms: Terms
    holdings: FloatArray
    endowment: FloatArray
    gains: FloatArray
    costs: Mapping[str, FloatArray]
    financing: FloatArray
    cash_flows: FloatArray
    cash: FloatArray
    wealth: FloatArray
    lag: int

    @property
    def trades(self) -> FloatArray:
        """Units bought (positive) or sold (negative) at each time, shape (n_paths, n_times, n_instruments)."""
        before = np.broadcast_to(self.endowment, (len(self.holdings), 1, len(self.endowment)))
        return np.diff(self.holdings, axis=1, prepend=before)

    @property
    def total_costs(self) -> FloatArray:
        """Costs of all labels together, shape (n_paths, n_times), positive money."""
        total: FloatArray = np.zeros_like(self.wealth)
        for money in self.costs.values():
            total = total + money
        return total

    @property
    def wealth_changes(self) -> FloatArray:
        """Change of wealth by time, shape (n_paths, n_times); entry 0 is what the first trades cost."""
        opening = self._opening_wealth()
        return np.diff(self.wealth, axis=1, prepend=opening[:, None])

    def _opening_wealth(self) -> FloatArray:
        """Wealth an instant before the first trade, shape (n_paths,)."""
        worth = _summed(self.endowment, self.terms.prices[0] * self.terms.is_valued)
        return np.broadcast_to(worth, len(self.holdings))

    def breach(self) -> float:
        """Largest break of the law of the accounts on any path and step, as a share of gross notional.

        The law, by two independent routes: change of wealth = sum of gains + cash flows + financing - costs, and
        wealth = cash + sum of holdings x price of what stands at value.
        """
        value = _summed(self.holdings, self.terms.prices * self.terms.is_valued)
        explained = self.gains.sum(axis=-1) + self.cash_flows + self.financing - self.total_costs
        worst = max(
            float(np.abs(self.wealth - self.cash - value).max()),
            float(np.abs(self.wealth_changes - explained).max()),
        )
        return worst / self.gross_notional

    @property
    def gross_notional(self) -> float:
        """Largest sum of ``|holdings x price|`` on any path and time, in money; 1 where nothing was held."""
        gross = float(_summed(self.holdings, self.terms.prices, np.abs).max())
        return gross or 1.0

    def check(self) -> Ledger:
        """Return self, or raise AccountsError where the law of the accounts is broken by more than 1e-9 of gross."""
        breach = self.breach()
        if not breach <= TOLERANCE:
            raise AccountsError(
                f"the accounts do not close: the law of the accounts is broken by {breach:.3g} of gross notional, "
                f"more than {TOLERANCE:g}; please report this with the input that caused it"
            )
        return self

    def to_frame(self, path: str) -> pd.DataFrame:
        """Return one path as a table by time.

        Columns: ``holding <instrument>``, ``trade <instrument>``, ``gain <instrument>``, ``cost <label>``,
        ``financing``, ``cash flow``, ``cash``, ``wealth``; units as in the class.
        """
        if path not in self.terms.paths:
            raise InputError(f"path {path!r} is not in this ledger; it has {', '.join(self.terms.paths)}")
        row = self.terms.paths.index(path)
        columns: dict[str, FloatArray] = {}
        for name, array in (("holding", self.holdings), ("trade", self.trades), ("gain", self.gains)):
            columns |= {f"{name} {label}": array[row, :, i] for i, label in enumerate(self.terms.instruments)}
        columns |= {f"cost {label}": money[row] for label, money in self.costs.items()}
        columns |= {"financing": self.financing[row], "cash flow": self.cash_flows[row]}
        columns |= {"cash": self.cash[row], "wealth": self.wealth[row]}
        return pd.DataFrame(columns, index=self.terms.times)


def record(
    terms: Terms,
    holdings: FloatArray,
    endowment: FloatArray,
    costs: Mapping[str, FloatArray],
    *,
    rate: float = 0.0,
    lag: int = 0,
) -> Ledger:
    """Keep the accounts of what was held, and refuse them if they do not close.

    Parameters
    ----------
    terms : Terms
    holdings : ndarray, shape (n_paths, n_times, n_instruments)
        Units after trading at each time.
    endowment : ndarray, shape (n_instruments,)
        Units that stood in the account before the first time (the exposure); they were not bought.
    costs : mapping of str to ndarray, shape (n_paths, n_times)
        Positive money by label.
    rate : float
        Simple interest on cash per year of 365 days, as a decimal; a negative balance pays it.
    lag : int
        Steps between decision and trade, kept for the report.

    Returns
    -------
    Ledger

    Raises
    ------
    AccountsError
        Where the accounts do not close to 1e-9 of gross notional.
    """
    n_paths, n_times, _ = holdings.shape
    gains = np.empty_like(holdings)
    gains[:, 0] = endowment * terms.price_changes[0]
    np.multiply(holdings[:, :-1], terms.price_changes[1:], out=gains[:, 1:])
    standing = terms.prices * terms.is_valued
    margin = _summed(gains, np.broadcast_to(1.0 - terms.is_valued, standing.shape))
    purchases = np.zeros((n_paths, n_times))
    for number in np.flatnonzero(terms.is_valued):
        held = holdings[:, :, number]
        before = np.full((n_paths, 1), endowment[number])
        purchases += np.diff(held, axis=1, prepend=before) * terms.prices[:, number]
    paid = sum(costs.values(), np.zeros((n_paths, n_times)))
    years = np.diff(terms.times.to_numpy()).astype("timedelta64[s]").astype(float) / (365 * 86_400)
    cash, financing = _run_cash(margin - purchases - paid, rate * years)
    wealth = cash + _summed(holdings, standing)
    none = np.broadcast_to(0.0, cash.shape)
    ledger = Ledger(terms, holdings, endowment, gains, dict(costs), financing, none, cash, wealth, lag)
    return ledger.check()


def _summed(
    units: FloatArray, weights: FloatArray, measure: Callable[[FloatArray], FloatArray] = np.asarray
) -> FloatArray:
    """Return the sum over instruments of ``measure(units x weights)``, one instrument at a time to spare memory."""
    total: FloatArray = measure(units[..., 0] * weights[..., 0])
    for instrument in range(1, units.shape[-1]):
        total = total + measure(units[..., instrument] * weights[..., instrument])
    return total


def _run_cash(movements: FloatArray, interest: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the cash account and the interest it earned; ``interest`` is the rate x years of each step."""
    cash = np.cumsum(movements, axis=1)
    financing = np.broadcast_to(0.0, cash.shape)
    if interest.any():
        financing = np.zeros_like(cash)
        for step in range(1, cash.shape[1]):
            financing[:, step] = cash[:, step - 1] * interest[step - 1]
            cash[:, step] = cash[:, step - 1] + financing[:, step] + movements[:, step]
    return cash, financing
