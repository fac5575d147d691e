"""The ledger: arrays by path, time and instrument, and the law of the accounts that every run must pass.

Axes everywhere: (n_paths, n_times, n_instruments). Time 0 is the first moment at which something may be traded; the
step that *ends* at time t runs from t - 1 to t. What is held after trading at t - 1 earns over that step; trades and
their costs at t come at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import AccountsError, InputError
from hedgerow.ledger.terms import Terms

TOLERANCE = 1e-9
"""Largest break of the law of the accounts, as a share of gross notional, that rounding may explain."""


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
        Interest earned over the step, all ``flows`` together, the cash account, and cash plus value.
    lag : int
        Steps between a decision and its trade, printed with every result.
    flows : mapping of str to ndarray, shape (n_paths, n_times)
        Money that came in (+) or went out (-) over the step ending at each time beside trades, costs and interest, by
        label: dividends, borrow, money put in.
    opening_cash : ndarray, shape (n_paths,)
        Cash an instant before the first trade.
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
    flows: Mapping[str, FloatArray] = field(default_factory=dict)
    opening_cash: FloatArray = field(default_factory=lambda: np.zeros(1))

    def __repr__(self) -> str:
        shape = f"{len(self.terms.paths)} paths x {len(self.terms.times)} times x {len(self.terms.instruments)}"
        costs = ", ".join(self.costs) or "none"
        return f"<Ledger of {shape} instruments, costs: {costs}, lag {self.lag}>"

    @property
    def trades(self) -> FloatArray:
        """Units bought (positive) or sold (negative) at each time, shape (n_paths, n_times, n_instruments)."""
        before = np.broadcast_to(self.endowment, (len(self.holdings), 1, len(self.endowment)))
        return np.diff(self.holdings, axis=1, prepend=before)

    @property
    def total_costs(self) -> FloatArray:
        """Costs of all labels together, shape (n_paths, n_times), positive money."""
        return _total(self.costs, self.wealth.shape)

    @property
    def wealth_changes(self) -> FloatArray:
        """Change of wealth by time, shape (n_paths, n_times); entry 0 is what the first trades cost."""
        opening = self._opening_wealth()
        return np.diff(self.wealth, axis=1, prepend=opening[:, None])

    def _opening_wealth(self) -> FloatArray:
        """Wealth an instant before the first trade, shape (n_paths,)."""
        worth = _summed(self.endowment, self.terms.prices[..., 0, :] * self.terms.is_valued)
        return np.broadcast_to(worth + self.opening_cash, len(self.holdings))

    def breach(self) -> float:
        """Largest break of the law of the accounts on any path and step, as a share of gross notional or opening cash.

        The law, by two independent routes: change of wealth = sum of gains + flows + financing - costs, and
        wealth = cash + sum of holdings x price of what stands at value. ``cash_flows`` is the sum of ``flows``.
        """
        value = _summed(self.holdings, self.terms.prices * self.terms.is_valued)
        explained = self.gains.sum(axis=-1) + self.cash_flows + self.financing - self.total_costs
        breaks = (
            self.wealth - self.cash - value,
            self.wealth_changes - explained,
            self.cash_flows - _total(self.flows, self.wealth.shape),
        )
        worst = np.max([np.abs(each).max() for each in breaks])  # NaN anywhere stays NaN, and is refused
        return float(worst) / max(self.gross_notional, float(np.abs(self.opening_cash).max()))

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
        ``flow <label>``, ``financing``, ``cash flow`` (all flows together), ``cash``, ``wealth``; units as in the
        class.
        """
        row = self.terms.row(path)
        columns: dict[str, FloatArray] = {}
        for name, array in (("holding", self.holdings), ("trade", self.trades), ("gain", self.gains)):
            columns |= {f"{name} {label}": array[row, :, i] for i, label in enumerate(self.terms.instruments)}
        columns |= {f"cost {label}": money[row] for label, money in self.costs.items()}
        columns |= {f"flow {label}": money[row] for label, money in self.flows.items()}
        columns |= {"financing": self.financing[row], "cash flow": self.cash_flows[row]}
        columns |= {"cash": self.cash[row], "wealth": self.wealth[row]}
        return pd.DataFrame(columns, index=self.terms.times)

    def select(self, paths: Sequence[str | int]) -> Ledger:
        """Return the ledger of some paths, by name or number and in that order.

        Parameters
        ----------
        paths : sequence of str or int

        Raises
        ------
        InputError
            Where a path is not in the ledger.
        """
        numbers = [self.terms.row(path) if isinstance(path, str) else int(path) for path in paths]
        strange = [number for number in numbers if not 0 <= number < len(self.terms.paths)]
        if strange or not numbers:
            asked = f"path {strange[0]}" if strange else "no path"
            raise InputError(f"{asked} was asked of a ledger of {len(self.terms.paths)} paths, numbered from 0")
        lines = ("holdings", "gains", "financing", "cash_flows", "cash", "wealth")
        return replace(
            self,
            terms=self.terms.select(numbers),
            costs={label: money[numbers] for label, money in self.costs.items()},
            flows={label: money[numbers] for label, money in self.flows.items()},
            opening_cash=np.broadcast_to(self.opening_cash, len(self.holdings))[numbers],
            **{name: getattr(self, name)[numbers] for name in lines},
        )


def record(
    terms: Terms,
    holdings: FloatArray,
    endowment: FloatArray,
    costs: Mapping[str, FloatArray],
    *,
    rate: float | FloatArray = 0.0,
    flows: Mapping[str, FloatArray] | None = None,
    opening_cash: float | FloatArray = 0.0,
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
    rate : float, or ndarray of shape (n_times - 1,) or (n_paths, n_times - 1)
        A number is simple interest on cash per year of 365 days, as a decimal; an array is the growth of cash over
        each step, ``expm1(rate x years)``. A negative balance pays it.
    flows : mapping of str to ndarray, shape (n_paths, n_times), optional
        Money in (+) or out (-) over the step ending at each time, by label; ``dividends`` and ``borrow`` are such,
        premiums and payoffs are trades at a price.
    opening_cash : float or ndarray, shape (n_paths,)
        Cash before the first trade: capital paid in.
    lag : int
        Steps between decision and trade, kept for the report.

    Returns
    -------
    Ledger

    Raises
    ------
    InputError
        Where shapes do not fit one another.
    AccountsError
        Where the accounts do not close to 1e-9 of gross notional.

    Examples
    --------
    Ten shares bought at 100 with 1,000 of cash, a dividend of 0.5 each on the second day, and a ticket of 1:

    >>> from hedgerow.ledger import Carry
    >>> prices = np.array([[100.0], [101.0]])
    >>> days = pd.date_range("2026-01-05", periods=2)
    >>> terms = Terms(days, ("share",), ("one",), prices, prices - 100.0, (Carry.VALUE,))
    >>> bought, ticket = np.full((1, 2, 1), 10.0), {"ticket": np.array([[1.0, 0.0]])}
    >>> paid = {"dividends": np.array([[0.0, 5.0]])}
    >>> record(terms, bought, np.zeros(1), ticket, flows=paid, opening_cash=1000.0).wealth
    array([[ 999., 1014.]])
    """
    terms.require_shapes(holdings)
    shape = holdings.shape[:2]
    flows, costs = _lines("flow", flows or {}, shape), _lines("cost", costs, shape)
    _require_positive(terms, costs)
    opening = np.broadcast_to(np.asarray(opening_cash, dtype=float), shape[0])
    gains = np.empty_like(holdings)
    gains[:, 0] = endowment * terms.price_changes[..., 0, :]
    np.multiply(holdings[:, :-1], terms.price_changes[..., 1:, :], out=gains[:, 1:])
    standing = terms.prices * terms.is_valued
    margin = _summed(gains, np.broadcast_to(1.0 - terms.is_valued, standing.shape))
    movements = margin - _purchases(terms, holdings, endowment)
    movements -= _total(costs, shape)
    paid_in = _total(flows, shape) if flows else np.broadcast_to(0.0, shape)
    cash, financing = _run_cash(opening, movements + paid_in if flows else movements, _growth(terms, rate))
    wealth = cash + _summed(holdings, standing)
    ledger = Ledger(terms, holdings, endowment, gains, costs, financing, paid_in, cash, wealth, lag, flows, opening)
    return ledger.check()


def _lines(what: str, lines: Mapping[str, FloatArray], shape: tuple[int, ...]) -> dict[str, FloatArray]:
    """Return labelled lines of the account, or refuse one that is not of shape (n_paths, n_times)."""
    for label, money in lines.items():
        if np.shape(money) != shape:
            raise InputError(f"the {what} {label!r} must have shape {shape} (paths, times), not {np.shape(money)}")
    return dict(lines)


def _require_positive(terms: Terms, costs: Mapping[str, FloatArray]) -> None:
    """Refuse a cost below 0, with where it stands."""
    for label, money in costs.items():
        if (money < 0.0).any():
            path, time = np.argwhere(money < 0.0)[0]
            raise InputError(
                f"the cost {label!r} is {money[path, time]:g} on path {terms.paths[path]!r} at {terms.times[time]}; "
                "costs are positive money that is subtracted, and what comes in, like a rebate, is a flow"
            )


def _growth(terms: Terms, rate: float | FloatArray) -> FloatArray:
    """Return the growth of cash over each step less 1, shape (n_times - 1,) or (n_paths, n_times - 1)."""
    n_steps = len(terms.times) - 1
    if np.ndim(rate) == 0:
        years = np.diff(terms.times.to_numpy()).astype("timedelta64[s]").astype(float) / (365 * 86_400)
        return np.asarray(rate * years, dtype=float)
    growth = np.asarray(rate, dtype=float)
    if growth.shape not in ((n_steps,), (len(terms.paths), n_steps)):
        raise InputError(
            f"growth of cash must have shape {(n_steps,)} (one number per step), or paths before it, "
            f"not {growth.shape}; give a number for one rate per year"
        )
    return growth


def _purchases(terms: Terms, holdings: FloatArray, endowment: FloatArray) -> FloatArray:
    """Return what buying less selling cost in instruments that stand at value, shape (n_paths, n_times)."""
    spent = np.zeros(holdings.shape[:2])
    for number in np.flatnonzero(terms.is_valued):
        before = np.full((len(holdings), 1), endowment[number])
        spent += np.diff(holdings[:, :, number], axis=1, prepend=before) * terms.prices[..., number]
    return spent


def _total(lines: Mapping[str, FloatArray], shape: tuple[int, ...]) -> FloatArray:
    """Return the sum of labelled lines, shape (n_paths, n_times)."""
    total: FloatArray = np.zeros(shape)
    for money in lines.values():
        total = total + money
    return total


def _summed(
    units: FloatArray, weights: FloatArray, measure: Callable[[FloatArray], FloatArray] = np.asarray
) -> FloatArray:
    """Return the sum over instruments of ``measure(units x weights)``, one instrument at a time to spare memory."""
    total: FloatArray = measure(units[..., 0] * weights[..., 0])
    for instrument in range(1, units.shape[-1]):
        total = total + measure(units[..., instrument] * weights[..., instrument])
    return total


def _run_cash(opening: FloatArray, movements: FloatArray, growth: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the cash account and the interest it earned; ``growth`` is that of each step less 1."""
    movements[:, 0] += opening
    cash = np.cumsum(movements, axis=1)
    financing = np.broadcast_to(0.0, cash.shape)
    if growth.any():
        financing = np.zeros_like(cash)
        for step in range(1, cash.shape[1]):
            financing[:, step] = cash[:, step - 1] * growth[..., step - 1]
            cash[:, step] = cash[:, step - 1] + financing[:, step] + movements[:, step]
    return cash, financing
