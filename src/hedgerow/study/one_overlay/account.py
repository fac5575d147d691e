"""The account behind an overlay: what multiplier 1 buys, at what prices, and how the budget binds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from hedgerow.engine.overlay import OverlayOptions, OverlayResult, run_overlay
from hedgerow.errors import InputError
from hedgerow.overlays import OverlayRule, Shape
from hedgerow.programmes import HedgeProgramme, OverlayMarket, Portfolio
from hedgerow.programmes.by_name import hedge_by_name, hedge_keys
from hedgerow.study.one_overlay.data import OverlaySeries
from hedgerow.study.one_overlay.words import HedgeWords, OverlayWords

DEFAULT_HEDGE = "variance_swaps"
VEGA_SHARE = 0.0001
"""Vega notional of the base hedge where none is given: 0.01 % of the portfolio a point, 1,000 for 10 million."""


SMALLEST = 0.05
"""Contracts below which nothing is said to be traded."""
ACCOUNT_FIGURES = ("hedge", "portfolio", "hedge_pnl", "costs", "days_budget_bound", "breaches")
"""Figures that there are only with an account."""


def run_account(words: OverlayWords, rule: OverlayRule, shape: Shape, series: OverlaySeries) -> OverlayResult:
    """Return the account of an overlay on its own price and volatility index.

    Parameters
    ----------
    words : OverlayWords
    rule : OverlayRule
    shape : Shape
    series : OverlaySeries
        Its ``levels`` price the hedge, its ``signals`` size it.

    Raises
    ------
    HedgerowError
        For a hedge that is none, or that needs quotes which the columns do not have.
    """
    levels = series.levels
    market = OverlayMarket.of(levels["price"], levels["vix"], rate=words.hedge.rate)
    return run_overlay(
        rule,
        hedge_of(words.hedge),
        market,
        signals=series.signals,
        shape=shape,
        portfolio=Portfolio(words.hedge.portfolio),
        options=OverlayOptions(lag=words.lag),
    )


def hedge_of(words: HedgeWords) -> HedgeProgramme:
    """Return the hedge that the words name: by default a one-month variance swap struck at the volatility index.

    Raises
    ------
    InputError
        For a name that is none, a key that the hedge does not have, a vega notional for a hedge that has none.
    """
    name = (words.instrument or DEFAULT_HEDGE).strip().replace("-", "_")
    keys = {key: _typed(value) for key, value in words.parameters.items()}
    if "vega_notional" in hedge_keys(name):
        if words.vega_notional is None:  # a share of the portfolio stays one as the portfolio grows
            keys = {"vega_notional": VEGA_SHARE * words.portfolio, "follow_wealth": True} | keys
        else:
            keys = {"vega_notional": words.vega_notional} | keys
    elif words.vega_notional is not None:
        raise InputError(
            f"the hedge {name!r} is not sized by a vega notional; it takes {', '.join(hedge_keys(name)) or 'no key'}"
        )
    return hedge_by_name(name, **keys)


def _typed(value: Any) -> Any:
    """Return a text as the number or the choice it writes."""
    if not isinstance(value, str):
        return value
    words: Mapping[str, Any] = {"true": True, "false": False, "none": None}
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            continue
    return words.get(value.strip().lower(), value.strip())


def notes_of_account(account: OverlayResult) -> tuple[str, ...]:
    """Return what was assumed and modelled, and each way in which the account broke its shape, a sentence each."""
    return (*account.notes, *_breached(account.breaches))


def _breached(breaches: pd.DataFrame) -> tuple[str, ...]:
    """Return the worst spell of each kind of breach, and how many there are."""
    found = []
    for kind, rows in breaches.groupby("kind", sort=False):
        worst = int((rows["value"] - rows["limit"]).abs().to_numpy().argmax())
        more = f"; {len(rows):,} such spells in all, this is the worst" if len(rows) > 1 else ""
        found.append(f"{kind}: {rows['sentence'].iloc[worst]}{more}")
    return tuple(found)


def trades_of_account(account: OverlayResult) -> str:
    """Return what is to be bought and sold after the last close, in one sentence."""
    amounts = account.today().table["contracts to trade"]
    standing = account.contracts[account.contracts["left"].isna()].set_index("slot")["contract"]
    trades = [
        f"{'buy' if amount > 0.0 else 'sell'} {abs(amount):,.1f} of {standing.get(slot, slot)}"
        for slot, amount in amounts.items()
        if abs(amount) >= SMALLEST
    ]
    return f"To trade: {' and '.join(trades) or 'nothing'}."


def figures_of_account(account: OverlayResult) -> dict[str, Any]:
    """Return money of the account as plain values: what the hedge made, what it cost, where the budget bound."""
    stages = account.stages
    bound = (stages["threshold"] - stages["budget"]).abs() > 1e-9
    return {
        "hedge": account.run.slots.programmes[0].name,
        "portfolio": account.run.portfolio.value,
        "hedge_pnl": float(account.hedge_pnl.sum()),
        "costs": float(account.costs.sum()),
        "days_budget_bound": int(bound.sum()),
        "breaches": len(account.breaches),
    }


def rows_of_account(account: OverlayResult) -> dict[str, float | str]:
    """Return the same figures by the label that a person reads."""
    found = figures_of_account(account)
    return {
        "hedge at multiplier 1": found["hedge"],
        "hedge's gain, net of costs": found["hedge_pnl"],
        "costs of trading": found["costs"],
        "days on which the budget binds": found["days_budget_bound"],
        "breaches": found["breaches"],
    }
