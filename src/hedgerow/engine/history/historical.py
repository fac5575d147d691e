"""One loop over one history: target, policy, rounding, trades, costs, ledger, for any number of rival targets at once.

Rivals (methods, policies) are the path axis. The position that is decided at time t is traded at t + lag and earns from
there; what a decision may know is fixed by whoever made the targets, see :mod:`hedgerow.compare`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.costs import CostModel, Costs, HalfSpread, PerContract, PerTicket, TradeSlip, no_costs
from hedgerow.errors import InputError
from hedgerow.hedgers import RatioHedger, Rounding
from hedgerow.ledger import Carry, Ledger, Terms, record
from hedgerow.market import Changes, History
from hedgerow.policies import EveryPeriods, Moment, Policy


@dataclass(frozen=True)
class LinearMarket:
    """What one linear exposure and its hedges did, step by step.

    Parameters
    ----------
    times : pandas.DatetimeIndex, shape (n_steps + 1,)
        Start of the first step and end of every step.
    exposure_changes : ndarray, shape (n_steps,)
        Change of one unit of exposure.
    hedge_changes : ndarray, shape (n_steps, n_hedges)
        Change of one unit of each hedge over the same step, in the exposure's unit and within one contract.
    hedge_prices : ndarray, shape (n_steps + 1, n_hedges)
        Price of that unit at each time, on which spreads are paid; 1 where the changes are returns. The last row is
        never traded on.
    exposure : str
        Name of the exposure.
    hedges : tuple of str, length n_hedges
        Names of the hedges.
    quantity : float
        Units of exposure, positive = long.
    contracts_per_unit : ndarray, shape (n_steps + 1, n_hedges), or None
        Contracts that one unit of hedge stands for at each time; None where no contract size is known.
    exposure_start : float
        Worth of one unit of exposure at the first time; 1 where the changes are returns.
    roll_gaps : ndarray, shape (n_steps, n_hedges), or None
        What a step that passes into another contract leaves out of each quoted price, beyond what it leaves out of the
        exposure's: the gap between the contracts, but for how the basis moved that day. Nobody earns it. None is no
        such step.
    """

    times: pd.DatetimeIndex
    exposure_changes: FloatArray
    hedge_changes: FloatArray
    hedge_prices: FloatArray
    exposure: str
    hedges: tuple[str, ...]
    quantity: float = 1.0
    contracts_per_unit: FloatArray | None = None
    exposure_start: float = 0.0
    roll_gaps: FloatArray | None = None

    @classmethod
    def from_changes(
        cls,
        changes: Changes,
        exposure: str,
        hedges: tuple[str, ...],
        *,
        quantity: float = 1.0,
        contract_sizes: FloatArray | None = None,
    ) -> LinearMarket:
        """Return the market of a table of changes.

        Where changes are returns, or divided by a level, one unit is one unit of that value: the hedge's price is
        taken per unit (1 for returns) and ``quantity`` is the value of the exposure. ``contract_sizes`` (n_hedges,)
        are units of hedge, in the exposure's measure, per contract.
        """
        names = list(hedges)
        scale = _with_last(changes.scales[names].to_numpy(dtype=float))
        prices = _with_last(changes.start_prices[names].to_numpy(dtype=float))
        held = changes.values[names].to_numpy(dtype=float)
        return cls(
            changes.times,
            changes.values[exposure].to_numpy(dtype=float),
            held,
            prices / scale,
            exposure,
            tuple(hedges),
            quantity,
            None if contract_sizes is None else 1.0 / (contract_sizes * scale),
            float(changes.start_prices[exposure].iloc[0] / changes.scales[exposure].iloc[0]),
            _roll_gaps(changes, exposure, names) if changes.crossed_rolls and changes.kind != "log" else None,
        )

    @property
    def n_steps(self) -> int:
        """Number of steps."""
        return len(self.exposure_changes)

    def after(self, first: int) -> LinearMarket:
        """Return the market from step ``first`` on."""
        rest = None if self.contracts_per_unit is None else self.contracts_per_unit[first:]
        return replace(
            self,
            times=self.times[first:],
            exposure_changes=self.exposure_changes[first:],
            hedge_changes=self.hedge_changes[first:],
            hedge_prices=self.hedge_prices[first:],
            contracts_per_unit=rest,
            exposure_start=self.exposure_start + float(self.exposure_changes[:first].sum()),
            roll_gaps=None if self.roll_gaps is None else self.roll_gaps[first:],
        )


def _roll_gaps(changes: Changes, exposure: str, hedges: list[str]) -> FloatArray:
    """Return what rolls left out of each hedge's quoted change beyond the exposure's, shape (n_steps, n_hedges).

    The day of a roll leaves every series, so the move of the market on it is in none of the changes; only what the
    quoted series jumped against the exposure tells of the contracts.
    """
    left_out = (changes.end_prices - changes.start_prices) / changes.scales - changes.values
    gaps: FloatArray = left_out[hedges].to_numpy(dtype=float) - left_out[[exposure]].to_numpy(dtype=float)
    return gaps


def _with_last(starts: FloatArray) -> FloatArray:
    """Repeat the last row: nothing is traded at the last time, so what it costs there is never asked."""
    return np.vstack([starts, starts[-1:]])


@dataclass(frozen=True)
class Execution:
    """How targets become trades: policy, costs, rounding, lag and the rate on cash, none of them implicit.

    Parameters
    ----------
    policy : Policy
        When to trade; every step unless said.
    costs : CostModel
        What trading costs; nothing unless said.
    rounding : Rounding
        ``NONE`` holds fractions of contracts.
    lag : int
        Steps between a decision and its trade, 0 or more.
    rate : float
        Simple interest on cash per year, as a decimal.
    """

    policy: Policy = field(default_factory=EveryPeriods)
    costs: CostModel = field(default_factory=no_costs)
    rounding: Rounding = Rounding.NONE
    lag: int = 0
    rate: float = 0.0

    def __post_init__(self) -> None:
        if self.lag < 0:
            raise InputError(f"the execution lag must be 0 or more steps, not {self.lag}; a trade cannot precede")


def replay_targets(market: LinearMarket, targets: FloatArray, paths: tuple[str, ...], execution: Execution) -> Ledger:
    """Replay one history for several rival targets and return the checked ledger.

    Parameters
    ----------
    market : LinearMarket
        What the exposure and its hedges did.
    targets : ndarray, shape (n_paths, n_steps, n_hedges)
        Ratio wanted for each step, decided at its start (before the lag): ``hedged = y - ratio . x``.
    paths : tuple of str, length n_paths
        Names of the rivals.
    execution : Execution
        Policy, costs, rounding, lag and rate on cash. With a lag, the targets of the first ``lag`` steps are never
        held: those steps stay unhedged.

    Returns
    -------
    Ledger
        Instruments: the exposure, then the hedges; holdings in units of exposure and of hedge (sold = negative).

    Raises
    ------
    InputError
        Where whole contracts are asked for without contract sizes.
    AccountsError
        Where the accounts do not close.
    """
    if execution.rounding is not Rounding.NONE and market.contracts_per_unit is None:
        raise InputError("whole contracts need a contract size for every hedge; give --contract-size")
    trade = _follow if _follows_its_target(execution) else _trade
    ratios, costs = trade(market, targets, execution)
    holdings = np.full((*ratios.shape[:2], ratios.shape[2] + 1), float(market.quantity))
    np.multiply(-ratios, market.quantity, out=holdings[..., 1:])
    del ratios  # on millions of rows each of these arrays is a tenth of a gigabyte
    endowment = np.zeros(holdings.shape[2])
    endowment[0] = market.quantity
    return record(_terms(market, paths), holdings, endowment, costs, rate=execution.rate, lag=execution.lag)


def _trade(market: LinearMarket, targets: FloatArray, execution: Execution) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Walk through time; return the ratios held after trading (n_paths, n_steps + 1, n_hedges) and costs by label."""
    n_paths, n_steps, n_hedges = targets.shape
    per_unit = market.contracts_per_unit
    if per_unit is None:
        per_unit = np.full(market.hedge_prices.shape, np.nan)
    ratios = np.zeros((n_paths, n_steps + 1, n_hedges))
    paid: dict[str, FloatArray] = {}
    held = np.zeros((n_paths, n_hedges))
    for now in range(n_steps):
        decided = now - execution.lag
        if decided >= 0:
            wanted = _round_contracts(targets[:, decided], market.quantity * per_unit[now], execution.rounding)
            new = execution.policy.holding(Moment(decided, {"target": wanted, "held": held}))
            slip = TradeSlip((held - new) * market.quantity, market.hedge_prices[now], per_unit[now])
            for label, money in execution.costs.charge(slip).items():
                paid.setdefault(label, np.zeros((n_paths, n_steps + 1)))[:, now] += money
            held = new
        ratios[:, now] = held
    ratios[:, n_steps] = held
    return ratios, paid


def _follows_its_target(execution: Execution) -> bool:
    """Return whether what is held never depends on what was held before, so that all steps can be taken at once."""
    parts = execution.costs.parts if isinstance(execution.costs, Costs) else (execution.costs,)
    known = all(type(part) in (HalfSpread, PerContract, PerTicket) for part in parts)
    return execution.policy == EveryPeriods(1) and execution.rounding is Rounding.NONE and known


def _follow(
    market: LinearMarket, targets: FloatArray, execution: Execution
) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Return what :func:`_trade` returns, to the last bit, where every step trades to its target in fractions."""
    n_paths, n_steps, n_hedges = targets.shape
    lag = min(execution.lag, n_steps)
    ratios = np.zeros((n_paths, n_steps + 1, n_hedges))
    ratios[:, lag:n_steps] = targets[:, : n_steps - lag]
    ratios[:, n_steps] = ratios[:, n_steps - 1]
    per_unit = market.contracts_per_unit
    if per_unit is None:
        per_unit = np.full(market.hedge_prices.shape, np.nan)
    moves = -np.diff(ratios[:, :n_steps], axis=1, prepend=0.0)[:, lag:]
    slip = TradeSlip(moves * market.quantity, market.hedge_prices[lag:n_steps], per_unit[lag:n_steps])
    paid = {}
    for label, money in execution.costs.charge(slip).items() if lag < n_steps else ():
        paid[label] = np.zeros((n_paths, n_steps + 1))
        paid[label][:, lag:n_steps] = money
    return ratios, paid


def _round_contracts(ratios: FloatArray, contracts_per_ratio: FloatArray, rounding: Rounding) -> FloatArray:
    """Return the ratios that whole contracts can hold; shape unchanged."""
    if rounding is Rounding.NONE:
        return ratios
    whole: Callable[[FloatArray], FloatArray] = np.vectorize(rounding.apply, otypes=[float])
    return whole(ratios * contracts_per_ratio) / contracts_per_ratio


def _terms(market: LinearMarket, paths: tuple[str, ...]) -> Terms:
    """Return the terms of the account: the exposure at value, the hedges margined."""
    changes = np.column_stack([market.exposure_changes, market.hedge_changes])
    changes = np.vstack([np.zeros(changes.shape[1]), changes])
    worth = market.exposure_start + np.cumsum(changes[:, :1], axis=0)
    carry = (Carry.VALUE, *(Carry.MARGIN for _ in market.hedges))
    prices = np.hstack([worth, market.hedge_prices])
    return Terms(market.times, (market.exposure, *market.hedges), paths, prices, changes, carry)


def run_history(history: History, hedger: RatioHedger, first: int, execution: Execution) -> Ledger:
    """Ask the hedger at each close from row ``first`` on and replay its answers: the definition of the loop.

    The hedger sees ``history.view(t)`` and nothing later. Slow and plain; :mod:`hedgerow.compare` reaches the same
    ledger through compiled paths.

    Parameters
    ----------
    history : History
        Prices without gaps of the exposure and its hedges.
    hedger : RatioHedger
        Asked once per row, with the past alone.
    first : int
        First row of changes to be hedged; the rows before it only train.
    execution : Execution
        Policy, costs, rounding, lag and rate on cash.

    Returns
    -------
    Ledger
        One path, for one unit of exposure; checked.

    Raises
    ------
    DataError
        Where the past at some row is too short, or a price is missing.
    AccountsError
        Where the accounts do not close.
    """
    changes = history.select(hedger.exposure, *hedger.hedges).changes(hedger.changes)
    market = LinearMarket.from_changes(changes, hedger.exposure, hedger.hedges)
    known = history.times[first : len(history.times) - 1]
    targets = np.array([hedger.target(history.view(moment)).hedge_ratio for moment in known])
    return replay_targets(market.after(first), targets[None], (repr(hedger.estimator),), execution)
