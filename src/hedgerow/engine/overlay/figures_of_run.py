"""The figures of a run: what the hedge earned and cost, how much of it was held, what it did to the returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.effectiveness.annual import annual_compound_return, annualised_volatility
from hedgerow.effectiveness.drawdowns import worst_drawdown
from hedgerow.effectiveness.measures import cvar
from hedgerow.effectiveness.sharpe import sharpe_ratio
from hedgerow.engine.overlay.account_terms import PART
from hedgerow.market.daily import is_daily
from hedgerow.overlays.triggers import TIE
from hedgerow.units import CALENDAR_DAYS_PER_YEAR, TRADING_DAYS_PER_YEAR

if TYPE_CHECKING:
    from hedgerow.engine.overlay.result import OverlayResult

ROUNDING = 1e-12
"""Of the contracts held, what a difference of holdings may be off by; less is no roll."""
CONTRACT_COLUMNS = (
    "programme",
    "slot",
    "contract",
    "entered",
    "left",
    "entry_price",
    "exit_price",
    "reason",
    "units",
    "gain",
)


def summary(result: OverlayResult) -> pd.DataFrame:
    """Return the figures of a run: index figure, columns ``value`` and ``unit``.

    Turnover counts changes of the multiplier, the first included; trades that keep the multiplier as it is (rolls,
    new contracts, expiries) stand apart. NaN where a figure has no meaning: figures per year of a run of one date.
    Figures of a year count 252 rows a year where the dates are daily, and else as many as there are.
    """
    rows = _held(result) | _money(result) | _risk(result)
    rows["lag"] = (float(result.lag), "dates")
    return pd.DataFrame.from_dict(rows, orient="index", columns=["value", "unit"])


def years_of(result: OverlayResult) -> float:
    """Return calendar days from the first date to the last over 365."""
    return float((result.dates[-1] - result.dates[0]).days / CALENDAR_DAYS_PER_YEAR)


def _held(result: OverlayResult) -> dict[str, tuple[float, str]]:
    held, years = result.account.held, years_of(result)
    changes = np.diff(held, axis=1, prepend=0.0)
    resized, rolled = _traded(result)
    money = result.run.portfolio.currency
    rows = {"years": (years, "years"), "mean multiplier": (float(held.mean()), "x base")}
    if len(held) > 1:
        rows |= {
            f"mean multiplier {part.name}": (float(row.mean()), "x base")
            for part, row in zip(result.parts, held, strict=True)
        }
    is_hedged = result.account.holdings.any(axis=1)
    return rows | {
        "days hedged": (float(is_hedged.sum()), "dates"),
        "share of days hedged": (float(is_hedged.mean()), "share"),
        "rebalances": (float((np.abs(changes) > TIE).any(axis=0).sum()), "dates"),
        "turnover": (_per_year(float(np.abs(changes).sum()), years), "x base a year"),
        "turnover in money": (_per_year(resized, years), f"{money} a year"),
        "rolls in money": (_per_year(rolled, years), f"{money} a year"),
    }


def _money(result: OverlayResult) -> dict[str, tuple[float, str]]:
    years, money = years_of(result), result.run.portfolio.currency
    gain = float(result.hedge_pnl.sum())
    rows = {
        "hedge P&L": (gain, money),
        "hedge P&L before costs": (gain + float(result.costs.sum()), money),
        "financing": (float(result.financing.sum()), money),
        "transaction costs": (float(result.costs.sum()), money),
    }
    rows |= {f"cost {label}": (float(paid.sum()), money) for label, paid in result.book.costs.items()}
    use = result.budget_use
    rows |= {
        "net cost a year": (_per_year(-float(result.settled_pnl.sum()), years), f"{money} a year"),
        "net cost a year of the portfolio": (_per_year(-float(result.hedge_returns.sum()), years), "share a year"),
        "premium spent a year": (_per_year(float(use["premium and costs"].sum()), years), f"{money} a year"),
    }
    if result.run.budget is not None:
        rows |= {
            "budget": (result.run.budget, "share a year"),
            "largest use of a budget": (float(use["share"].max()), "share of the budget"),
            "breaches": (float(len(result.breaches)), "spells"),
        }
    return rows


def _risk(result: OverlayResult) -> dict[str, tuple[float, str]]:
    rate = float(result.run.market.rate.mean())
    periods = _periods(result)
    unhedged = _risk_of(result.unhedged_returns.to_numpy(), rate, periods)
    returns = result.unhedged_returns + result.hedge_returns
    if (returns > -1.0).all():
        hedged = _risk_of(returns.to_numpy(), rate, periods)
    else:
        gone = returns.index[int(np.argmax(~(returns > -1.0)))]
        hedged = dict.fromkeys(unhedged, (np.nan, f"none: all there is is lost on {gone:%Y-%m-%d}"))
    return {f"{figure} hedged": found for figure, found in hedged.items()} | {
        f"{figure} unhedged": found for figure, found in unhedged.items()
    }


def _periods(result: OverlayResult) -> float:
    """Return rows a year: 252 of daily dates, of others those that there are."""
    if is_daily(result.dates):
        return TRADING_DAYS_PER_YEAR
    return (len(result.dates) - 1) / years_of(result)


def _risk_of(returns: FloatArray, rate: float, periods: float) -> dict[str, tuple[float, str]]:
    enough = len(returns) > 1
    return {
        "return": (annual_compound_return(returns, periods) if enough else np.nan, "share a year"),
        "volatility": (annualised_volatility(returns, periods) if enough else np.nan, "share a year"),
        "Sharpe ratio": (sharpe_ratio(returns, rate, periods) if enough else np.nan, f"a year, above {rate:.2%}"),
        "max drawdown": (float(worst_drawdown(returns).depth), "share of the peak"),
        "CVaR 95 %": (cvar(returns), "share a day" if periods == TRADING_DAYS_PER_YEAR else "share a step"),
    }


def _traded(result: OverlayResult) -> tuple[float, float]:
    """Return money traded to change the multiplier, and money traded beside: rolls and expiries."""
    slots, holdings = result.run.slots, result.account.holdings
    prices = np.abs(slots.side_by_side("prices"))
    changes = np.diff(result.account.held, axis=1, prepend=0.0)
    resized = changes.T[:, slots.kinds[:, PART]] * slots.side_by_side("units")
    before = np.concatenate((np.zeros_like(holdings[:1]), holdings[:-1]))
    rolled = np.abs(holdings - before - resized)
    # less than the holdings themselves are rounded to is no trade
    rolled = np.where(rolled > ROUNDING * (np.abs(holdings) + np.abs(before)), rolled, 0.0)
    return float((np.abs(resized) * prices).sum()), float((rolled * prices).sum())


def budget_use(result: OverlayResult) -> pd.DataFrame:
    """Return the use of the budget by calendar year.

    Returns
    -------
    DataFrame
        Index year; ``premium and costs`` of programmes of premium, ``loss`` of programmes of reserve at the year's last
        date (0 where they gained), ``largest use`` of both together on any date, ``budget`` and ``share`` = largest use
        over budget; NaN where there is no budget, or where it is 0 and nothing was used.
    """
    years = pd.Index(result.dates.year, name="year")
    paid = pd.Series(result.account.paid, years).groupby(level=0).last()
    spent = pd.Series(result.account.spent, years)
    wealth = result.unhedged_wealth.set_axis(years).groupby(level=0).first()
    budget = wealth * (np.nan if result.run.budget is None else result.run.budget)
    largest = spent.groupby(level=0).max()
    share = largest.div(budget.where(budget > 0.0))
    return pd.DataFrame(
        {
            "premium and costs": paid,
            "loss": spent.groupby(level=0).last() - paid,
            "largest use": largest,
            "budget": budget,
            "share": share,
        }
    )


def contracts(result: OverlayResult) -> pd.DataFrame:
    """Return every contract that stood in a slot, with what was held of it.

    Returns
    -------
    DataFrame
        Columns programme, slot, contract, entered, left (NaT while held), entry_price and exit_price (money per
        contract: points times the multiplier), reason, ``units`` (largest holding while it stood there, with its sign)
        and ``gain`` (money, before costs).
    """
    slots, holdings = result.run.slots, result.account.holdings
    gains = result.book.gains[0, :, :-1].cumsum(axis=0)
    last, first_slot, rows = len(result.dates) - 1, 0, []
    for name, programme in zip(slots.parts, slots.programmes, strict=True):
        for each in programme.contracts:
            slot, left = first_slot + each.slot, min(each.left, last)
            stood = holdings[each.entered : max(min(each.left, last + 1), each.entered + 1), slot]
            rows.append(
                {
                    "programme": name,
                    "slot": slots.names[slot],
                    "contract": each.label,
                    "entered": result.dates[each.entered],
                    "left": result.dates[each.left] if each.left <= last else pd.NaT,
                    "entry_price": each.entry_price,
                    "exit_price": each.exit_price,
                    "reason": each.reason,
                    "units": float(stood[np.argmax(np.abs(stood))]),
                    "gain": float(gains[left, slot] - gains[each.entered, slot]),
                }
            )
        first_slot += len(programme.slots)
    return pd.DataFrame(rows, columns=list(CONTRACT_COLUMNS))


def _per_year(amount: float, years: float) -> float:
    return amount / years if years > 0.0 else np.nan
