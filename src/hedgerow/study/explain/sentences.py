"""What an explanation says in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from hedgerow.study.explain.run import ExplainOutcome

TRUSTED = 0.05
"""Share of the profit up to which what the Greeks leave is no reason to look at the revaluation."""
SMALL = 0.01
"""The same, as a share of the sizes of all parts, where gains and losses nearly cancel."""
MOST_NAMED = 4


def verdict(outcome: ExplainOutcome) -> str:
    """Return what the book made, by which parts, and which explanation to take."""
    day, left = outcome.explained, outcome.residuals.iloc[0]
    span = f"from {outcome.before.moment:%Y-%m-%d %H:%M} to {outcome.after.moment:%Y-%m-%d %H:%M}"
    made = _made(day.pnl, outcome.currency)
    greeks = largest_parts(day.predict_totals().drop(["unexplained", "total"]))
    if trusted(outcome):
        return f"The book {made} {span}: {greeks}; the Greeks leave {_share(left)} unexplained, so they tell the day."
    moves = largest_parts(day.explain_totals().drop(["residual", "total"]))
    return (
        f"The book {made} {span}: {greeks}; Taylor leaves {_share(left)} unexplained: take the revaluation ({moves})."
    )


def trusted(outcome: ExplainOutcome) -> bool:
    """Return whether the Greeks leave so little that they tell the day."""
    left = outcome.residuals.iloc[0]
    sizes = float(outcome.explained.predict_totals().drop(["unexplained", "total"]).abs().sum())
    return bool(left["share"] <= TRUSTED or abs(left["residual"]) <= SMALL * sizes)


def largest_parts(parts: pd.Series) -> str:
    """Return the largest parts of a profit with their signs.

    Examples
    --------
    >>> largest_parts(pd.Series({"delta": 10.0, "gamma": -900.0, "rho": 0.0}))
    'gamma -900, delta +10.00'
    """
    named = parts[parts.round(2) != 0.0]
    order = named.abs().sort_values(ascending=False, kind="stable").index[:MOST_NAMED]
    return ", ".join(f"{name} {_money(float(named[name]), '+')}" for name in order) or "nothing moved"


def _made(pnl: float, currency: str) -> str:
    if round(pnl, 2) == 0.0:
        return "made nothing"
    return f"{'made' if pnl > 0.0 else 'lost'} {_money(abs(pnl))} {currency}"


def _share(left: pd.Series) -> str:
    if pd.isna(left["share"]):
        return _money(float(left["residual"]), "+")
    return f"{left['share']:.2g}x the profit" if left["share"] > 2.0 else f"{100 * left['share']:.2g} %"


def _money(value: float, sign: str = "") -> str:
    return f"{value:{sign},.0f}" if abs(value) >= 100.0 else f"{value:{sign},.2f}"


def history_sentence(outcome: ExplainOutcome) -> str:
    """Return what the history says of the prediction; empty without one."""
    days = outcome.history
    if days is None or days.test is None:
        return ""
    test = days.test
    return (
        f"Over {test.n_days:,} days the prediction is {test.zone}: Spearman {test.spearman:.3f} "
        f"({test.spearman_zone}), Kolmogorov-Smirnov {test.smirnov:.3f} ({test.smirnov_zone}), unexplained "
        f"{test.unexplained_ratio:.1%} of the profit's deviation; {counted(days.outside, 'day')} outside two "
        "deviations of the residual."
    )


def event_sentence(outcome: ExplainOutcome) -> str:
    """Return what an event to come would do; empty without one."""
    if outcome.event is None or outcome.study.event is None:
        return ""
    words, moves = outcome.study.event, outcome.event.break_evens
    pays = ", ".join(f"{move:+.1%}" for move in moves) or "none of the table"
    what = f"volatility {100 * words.vol_move:+.3g} points, days passed {words.days:g}"
    return f"After the event ({what}) the book breaks even at a spot move of {pays}."


def counted(number: int, noun: str) -> str:
    """Return a number of things.

    Examples
    --------
    >>> counted(1, "trade"), counted(1200, "day")
    ('1 trade', '1,200 days')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
