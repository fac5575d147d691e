"""What a hedged book's result says in plain sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.report import number_text

if TYPE_CHECKING:
    from hedgerow.instruments import MarketState
    from hedgerow.study.hedging.outcome import HedgeOutcome

MOST_VOLATILITY = 3.0
"""Decimal, per year; more is more likely a percentage."""


def verdict(outcome: HedgeOutcome) -> str:
    """Return what to hold now, what hedging costs, and what risk is left; of a replay, what it made."""
    summary = outcome.result.summary()["value"]
    hold = holding_words(first_holdings(outcome))
    cost = number_text(float(summary["costs"]), ",.2f")
    if outcome.result.n_paths == 1:
        path = outcome.path
        of_chance = "" if outcome.is_replay else ", on one path of many that could be"
        trades = number_text(float(summary["trades"]), ",.0f")
        return (
            f"From {path.index[0].date()} to {path.index[-1].date()} the hedged book made "
            f"{number_text(float(path['pnl'].iloc[-1]), '+,.2f')} after costs of {cost} in {trades} trades (lag "
            f"{outcome.result.lag}){of_chance}; its first hedge was to hold {hold}."
        )
    mean, deviation = float(summary["mean"]), float(summary["standard deviation"])
    tail = float(summary["cvar"]) if "cvar" in summary else float("nan")
    return (
        f"Hold {hold} now; hedging to the end is expected to cost {cost}, and the profit is {mean:+,.2f} on average "
        f"with a standard deviation of {deviation:,.2f}; {_tail_words(tail)}."
    )


def _tail_words(cvar: float) -> str:
    if cvar < 0.0:
        return f"even in the worst 5 % of paths {-cvar:,.2f} is made on average"
    return f"in the worst 5 % of paths {number_text(cvar, ',.2f')} is lost on average"


def first_holdings(outcome: HedgeOutcome) -> dict[str, float]:
    """Return what is held once the first decision has been traded, by hedge instrument."""
    result = outcome.result
    run = result.source.run(0, 1)
    own = run.schedule.n_book_places
    held = run.ledger.holdings[0, min(result.lag, result.grid.n_steps), own:]
    names = [name.removeprefix("hedge ").removesuffix(" spot") for name in run.ledger.terms.instruments[own:]]
    return {name: float(units) for name, units in zip(names, held, strict=True)}


def holding_words(targets: Mapping[str, float]) -> str:
    """Return holdings as people say them.

    Examples
    --------
    >>> holding_words({"XYZ": 520.4, "ABC": -3.0, "Q": 0.0})
    'long 520.4 XYZ, short 3 ABC and no Q'
    """
    words = [_one(name, units) for name, units in targets.items()] or ["nothing"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _one(name: str, units: float) -> str:
    if not units or pd.isna(units):
        return f"no {name}"
    return f"{'long' if units > 0.0 else 'short'} {abs(units):,.6g} {name}"


def market_warnings(market: MarketState) -> tuple[str, ...]:
    """Return what a volatility looks like that was meant in percent, one sentence each."""
    return tuple(
        f"the volatility of {name} is {each.vol:,.15g}, that is {each.vol:,.0%} a year; in decimals 20 % is 0.2"
        for name, each in market.underlyings.items()
        if isinstance(each.vol, float | int) and each.vol > MOST_VOLATILITY
    )


def band_warnings(outcome: HedgeOutcome) -> tuple[str, ...]:
    """Return how wide a band per share is for a book of several underlyings."""
    from hedgerow.study.hedging.pictures import band_width

    width, names = band_width(outcome.study.policy), outcome.book.columns.names
    if not width or len(names) < 2:
        return ()
    return (
        f"the band of {width:g} is a share of the units behind the options of all {len(names)} underlyings together, "
        "and is as wide for each: a hedge inside it stays even where its own options have expired",
    )


def account_warnings(outcome: HedgeOutcome) -> tuple[str, ...]:
    """Return what the account could not bear, one sentence each."""
    account = outcome.account
    if account is None or account.first_call is None:
        return ()
    said = []
    if account.opening_shortfall > 0.0:
        lacking = number_text(account.opening_shortfall, ",.2f")
        said.append(f"the position cannot be opened: margin needs {lacking} more than the account has")
    said.append(
        f"the account is short of margin at {account.calls} of {len(account.table)} moments, first at "
        f"{account.first_call}, worst by {number_text(account.worst_call, ',.2f')}"
    )
    return tuple(said)
