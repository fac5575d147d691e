"""Run an overlay: rule, shape, order, fill, ledger, for one hedge or several under one budget.

>>> from hedgerow.ledger import Carry
>>> from hedgerow.overlays import Static
>>> from hedgerow.programmes import OverlayMarket
>>> days = pd.bdate_range("2024-01-01", periods=3)
>>> market = OverlayMarket.of(pd.Series([100.0, 98.0, 99.0], days), pd.Series([14.0, 22.0, 18.0], days))
>>> price = np.array([[2.0], [3.0], [2.5]])
>>> change, fees, one = np.array([[0.0], [1.0], [-0.5]]), {"fee": np.full((3, 1), 0.1)}, np.ones((3, 1))
>>> put = PricedProgramme("put", days, ("put",), (Carry.VALUE,), one, price, change, fees, price, "premium", (), ())
>>> result = run_overlay(Static(2.0), put, market, portfolio=Portfolio(1000.0))
>>> result.held.tolist(), result.hedge_pnl.round(2).tolist()
([0.0, 2.0, 2.0], [0.0, -0.2, -1.0])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray, IntArray
from hedgerow.engine.overlay.accounts import AccountLimits, SingleAccount, due_dates, single_account
from hedgerow.engine.overlay.checks import require_kinds
from hedgerow.engine.overlay.definition import ledger_of
from hedgerow.engine.overlay.options import OverlayOptions
from hedgerow.engine.overlay.result import OverlayPart, OverlayResult, OverlayRun
from hedgerow.engine.overlay.slots import Slots
from hedgerow.errors import InputError
from hedgerow.ledger import Ledger
from hedgerow.overlays import OverlayRule, Shape, Signals, shaped
from hedgerow.programmes import HedgeProgramme, OverlayMarket, Portfolio, PricedProgramme

Part = tuple[OverlayRule, HedgeProgramme | PricedProgramme, Shape]
"""A rule, the hedge that it sizes, and how its multiplier is shaped."""
PART = ("rule", "hedge", "shape")


def run_overlay(
    rule: OverlayRule,
    hedge: HedgeProgramme | PricedProgramme,
    market: OverlayMarket,
    *,
    signals: Signals | None = None,
    shape: Shape | None = None,
    portfolio: Portfolio | None = None,
    options: OverlayOptions | None = None,
) -> OverlayResult:
    """Return the account of a hedge whose size follows a rule, beside the portfolio that it protects.

    What the rule says at a close is shaped, ordered at that close and filled ``lag`` closes later at the prices of the
    fill; what is held from there on earns. The portfolio stands in the ledger from the start, its dividends
    reinvested; premium, gains and costs go through cash, which starts at 0 and earns or pays the market's rate.

    A budget is a share of the portfolio's value on the first date of a calendar year. Options spend of it what a day's
    purchases exceed its sales by, costs included; bought options alone never exceed it, for an option worth less than
    it costs to sell is left to lapse. Options that were sold must be bought back at any price, and that may be a
    breach. Swaps, futures and options sold use the year's loss and the worst loss of what is held. Where that is too
    much they are cut at once; they rise again only at a rebalance of the rule, at a roll, or with a new year. The
    budget is looked at twice: at the decision, at its prices, and again at the fill, at those of the fill. An order
    that fills in a new year has the budget of that year, and what is held over the last close of a year has to fit it
    too; a portfolio that falls over that step may still make it a breach. In words to the last case:
    :mod:`hedgerow.engine.overlay.definition`.

    Parameters
    ----------
    rule : OverlayRule
    hedge : HedgeProgramme or PricedProgramme
        Priced in the market, unless it is priced already.
    market : OverlayMarket
    signals : Signals, optional
        On dates of the market; on dates in between the last decision stands. The market's ``vix`` and ``price`` by
        default, and ``short`` and ``long``, its first and third future, where the rule needs them.
    shape : Shape, optional
        Every stage off by default.
    portfolio : Portfolio, optional
        10,000,000 by default.
    options : OverlayOptions, optional
        Lag 1, fractions of contracts.

    Returns
    -------
    OverlayResult

    Raises
    ------
    InputError
        Signals on other dates; a budget that nothing can meet.
    ColumnError
        A signal that the rule needs and nobody gave.
    DataError
        A quote that the programme needs.
    """
    shape = Shape() if shape is None else shape
    require_kinds(rule=rule, hedge=hedge, shape=shape)
    budget, unlimited = shape.budget, replace(shape, budget=None)
    return run_overlays(
        [(rule, hedge, unlimited)], market, signals=signals, portfolio=portfolio, options=options, budget=budget
    )


def run_overlays(
    parts: Sequence[Part],
    market: OverlayMarket,
    *,
    signals: Signals | None = None,
    portfolio: Portfolio | None = None,
    options: OverlayOptions | None = None,
    budget: float | None = None,
) -> OverlayResult:
    """Return the account of several hedges, each with its rule and shape, under one budget.

    A budget that binds scales the orders of all of them by one share.

    Parameters
    ----------
    parts : sequence of (rule, hedge, shape)
        Shapes without a budget of their own.
    market, signals, portfolio, options
        As in :func:`run_overlay`.
    budget : float, optional
        Share of the portfolio's value at the start of a calendar year that premium and costs may take in it.

    Returns
    -------
    OverlayResult
        ``stages`` has the parts' names above those of the stages; ``multiplier`` and ``held`` are means over parts.
    """
    portfolio = Portfolio() if portfolio is None else portfolio
    options = OverlayOptions() if options is None else options
    require_kinds(market=market, portfolio=portfolio, options=options)
    _require_parts(parts, budget)
    slots = Slots.of([_priced(hedge, market, portfolio) for _rule, hedge, _shape in parts])
    _require_dates(slots, market)
    signals = signals or _signals(parts, market)
    row = _rows(signals, market.dates)
    found = tuple(
        OverlayPart(name, rule, shape, shaped(rule, signals, shape))
        for name, (rule, _hedge, shape) in zip(slots.parts, parts, strict=True)
    )
    orders = np.array([np.where(row < 0, np.nan, each.path.multiplier[row]) for each in found])
    growth = market.rate[:-1] * market.years[1:]
    limits = AccountLimits(budget, growth, options.lag, options.no_new_risk, options.whole_contracts)
    wealth = portfolio.value * market.wealth
    rebalanced = np.array([due_dates(each.path.rebalanced, each.shape, row) for each in found])
    account = single_account(orders, slots, wealth, limits, rebalanced)
    _require_reachable(orders, account, slots, wealth, limits)
    book = _ledger(account, slots, wealth, limits)
    run = OverlayRun(market, portfolio, options, budget, signals, row, slots)
    return OverlayResult(run, found, account, book)


def _priced(hedge: HedgeProgramme | PricedProgramme, market: OverlayMarket, portfolio: Portfolio) -> PricedProgramme:
    return hedge if isinstance(hedge, PricedProgramme) else hedge.priced(market, portfolio)


def _require_parts(parts: Sequence[Part], budget: float | None) -> None:
    if not parts:
        raise InputError("an overlay needs at least one rule with its hedge; none was given")
    if budget is not None and not (np.isfinite(budget) and budget >= 0.0):
        raise InputError(f"the budget must be a share of the portfolio, 0 or more, or None, not {budget!r}")
    for part in parts:
        if not (isinstance(part, tuple | list) and len(part) == len(PART)):
            raise InputError(f"each part is a rule, its hedge and its shape, (rule, hedge, Shape()), not {part!r}")
        require_kinds(**dict(zip(PART, part, strict=True)))
    for _rule, _hedge, shape in parts:
        if shape.budget is not None:
            raise InputError(
                f"a shape has the budget {shape.budget:g} of its own; several hedges share one: give it to run_overlays"
            )
        if budget == 0.0 and shape.floor:
            raise InputError(
                f"nothing can meet a budget of 0 with a floor of {shape.floor:g}: holding the floor costs money; "
                "raise the budget or take the floor away"
            )


def _require_dates(slots: Slots, market: OverlayMarket) -> None:
    first = slots.programmes[0]
    if not first.dates.equals(market.dates):
        raise InputError(
            f"{first.name!r} is priced on {len(first.dates)} dates, which are not the {len(market)} of the market; "
            "price it in this market"
        )


def _signals(parts: Sequence[Part], market: OverlayMarket) -> Signals:
    """Return the market's own signals; its futures only where something needs them, for they leave dates out."""
    own = {"vix": market.vix, "price": market.price}
    needed = {name for rule, _hedge, _shape in parts for name in rule.needs}
    needed |= {name for _rule, _hedge, shape in parts for trigger in shape.threshold for name in trigger.needs}
    if not needed & {"short", "long"} or market.futures is None or market.futures.shape[1] < 3:
        return Signals(market.dates, MappingProxyType(own))
    series = {name: pd.Series(values, market.dates) for name, values in own.items()}
    series |= {"short": market.futures.iloc[:, 0], "long": market.futures.iloc[:, 2]}
    return Signals.of(series)


def _rows(signals: Signals, dates: pd.DatetimeIndex) -> IntArray:
    """Return the row of the last signal on or before each date of the market, -1 before the first."""
    strange = ~signals.dates.isin(dates)
    if strange.any():
        day = signals.dates[int(np.argmax(strange))]
        raise InputError(
            f"{int(strange.sum())} signal dates, the first on {day:%Y-%m-%d}, are no dates of the market; leave them "
            "out with Signals.of(..., hedge_dates=market.dates)"
        )
    return np.asarray(signals.dates.searchsorted(dates, side="right") - 1)


def _ledger(account: SingleAccount, slots: Slots, wealth: FloatArray, limits: AccountLimits) -> Ledger:
    """Return the checked ledger of an account, with the kernel's interest: cash walked in Python is slow."""
    book = ledger_of(account.holdings, slots, wealth, replace(limits, growth=None))
    growth = np.zeros(len(wealth) - 1) if limits.growth is None else limits.growth
    interest = np.concatenate(([0.0], account.cash[:-1] * growth))[None]
    cash = account.cash[None]
    return replace(book, financing=interest, cash=cash, wealth=book.wealth + (cash - book.cash)).check()


def _require_reachable(
    orders: FloatArray, account: SingleAccount, slots: Slots, wealth: FloatArray, limits: AccountLimits
) -> None:
    """Refuse a budget below the price of a single contract where only whole ones are held."""
    if limits.budget is None or limits.whole_contracts is None or account.holdings.any():
        return
    free = single_account(orders, slots, wealth, replace(limits, budget=None))
    if free.holdings.any():
        row, slot = np.argwhere(free.holdings)[0]
        date = slots.programmes[0].dates[row]
        raise InputError(
            f"nothing can meet a budget of {limits.budget:.4%} of the portfolio with whole contracts: it never pays "
            f"for one (the first, {slots.names[slot]!r} on {date:%Y-%m-%d}, costs "
            f"{slots.quotes[row, slot, 1] + slots.quotes[row, slot, 3]:,.2f}); raise it or trade fractions"
        )
