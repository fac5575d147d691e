"""What the policies of a book are bound to: the clock and size of each underlying's own options."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import BoolArray, FloatArray, IntArray
from hedgerow.engine.loop.book_account import BookAccount
from hedgerow.engine.loop.book_flows import cash_rates, years_to_next_expiry
from hedgerow.instruments.columns import OPTION_TYPES
from hedgerow.policies import Moment, Policy, PolicyTerms, RulePolicy


def bound_policy(policy: Policy, account: BookAccount) -> Policy:
    """Return a policy bound to a book; one that is written as rules is bound to each underlying apart.

    A band of 0.10 per share is then as wide as that underlying's own options make it. A policy of NumPy is asked once
    for all hedges.
    """
    codes = _hedge_codes(account)
    if not isinstance(policy, RulePolicy) or len(np.unique(codes)) < 2:
        return policy.bound(_terms(account, None))
    parts = tuple(
        (np.flatnonzero(codes == code), policy.bound(_terms(account, int(code)))) for code in np.unique(codes)
    )
    return _ByUnderlying(parts)


@dataclass(frozen=True, eq=False)
class _ByUnderlying(Policy):
    """A policy bound once per underlying.

    Attributes
    ----------
    parts : tuple of (int array, Policy)
        Columns of the hedges on one underlying, and the policy bound to it.
    """

    parts: tuple[tuple[IntArray, Policy], ...]

    def holding(self, now: Moment) -> FloatArray:
        """Return the new holding of every hedge, each by its own underlying's policy."""
        found = np.array(now.held, dtype=float)
        for columns, policy in self.parts:
            rows = {name: np.asarray(values)[:, columns] for name, values in now.rows.items()}
            found[:, columns] = policy.holding(Moment(now.step, rows))
        return found


def idle_hedges(account: BookAccount) -> BoolArray:
    """Return at which decisions the options on a hedge's underlying are all gone, (n_steps, n_hedges).

    What is left of the target is then held as it is: no band keeps a hedge whose options have expired.
    """
    schedule = account.places.market.schedule
    steps = np.arange(schedule.grid.n_steps)[:, None]
    idle = np.zeros((schedule.grid.n_steps, len(_hedge_codes(account))), dtype=np.bool_)
    for hedge, code in enumerate(_hedge_codes(account)):
        rows = np.flatnonzero(_own_options(account, int(code)))
        begun = steps >= schedule.starts[rows]
        live = begun & (steps < schedule.ends[rows])
        idle[:, hedge] = begun.any(axis=1) & ~live.any(axis=1)
    return idle


def _hedge_codes(account: BookAccount) -> IntArray:
    schedule = account.places.market.schedule
    codes: IntArray = schedule.columns.underlying[schedule.n_positions :]
    return codes


def _own_options(account: BookAccount, code: int | None) -> BoolArray:
    """Return which rows are options of the book, on one underlying or on all, (n,)."""
    schedule = account.places.market.schedule
    columns = schedule.columns
    own = np.arange(len(columns)) < schedule.n_positions
    chosen = own if code is None else own & (columns.underlying == code)
    return np.asarray(chosen & columns.is_type(*OPTION_TYPES))


def _terms(account: BookAccount, code: int | None) -> PolicyTerms:
    """Return the clock and size of the book, or of its part on one underlying."""
    market = account.places.market
    schedule = market.schedule
    strikes = np.unique(schedule.columns.strike[_own_options(account, code)])
    return PolicyTerms(
        grid=schedule.grid,
        size=float(schedule.of_options(code).max()),
        years_left=years_to_next_expiry(market, code),
        rate=float(cash_rates(market, account.options.account)[0]),
        cost_rate=_cost_rate(account, code),
        dividend_yield=float(market.yields_of_names()[0, code or 0]),
        strike=float(strikes[0]) if len(strikes) == 1 else None,
    )


def _cost_rate(account: BookAccount, code: int | None) -> float:
    """Return the proportional cost of a hedge one way at the prices of the start, the dearest of the underlyings."""
    schedule = account.places.market.schedule
    hedges = slice(schedule.n_positions, None)
    asked = np.ones(len(_hedge_codes(account)), dtype=np.bool_) if code is None else _hedge_codes(account) == code
    prices = np.abs(account.prices[0, 0, account.n_book :])
    plain = ~schedule.columns.is_type(*OPTION_TYPES)[hedges] & asked
    known = [float(price) for price in prices[plain if plain.any() else asked] if price > 0.0]
    return max((account.hedge_costs.one_way_rate(price, 1.0) for price in known), default=0.0)
