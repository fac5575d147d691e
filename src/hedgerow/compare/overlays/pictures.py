"""The figures that comparisons of overlays offer by name; plotly is imported when one is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.compare.overlays.plan import NO_HEDGE
from hedgerow.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from hedgerow.compare.overlays.comparison import OverlayComparison
    from hedgerow.engine.overlay.result import OverlayResult

UNHEDGED = "unhedged"
NO_SLOPE = (
    "no picture of the hedge against the slope of the volatility curve: the market has neither an index of 93 days nor "
    "three futures"
)


def comparison_picture(comparison: OverlayComparison, name: str, plan: str | None = None) -> Figure:
    """Return one figure of a comparison; InputError where there is none of that name, or no such plan."""
    require_figure(name, ("multiplier", *FIGURES), "a comparison of overlays")
    if name == "multiplier":
        return _multiplier(comparison, plan)
    return FIGURES[name](comparison)


def require_figure(name: str, known: tuple[str, ...], owner: str) -> None:
    """Refuse a name of no figure."""
    if name not in known:
        raise InputError(f"there is no figure {name!r}{did_you_mean(name, known)} ({owner} offers {', '.join(known)})")


def _multiplier(comparison: OverlayComparison, plan: str | None) -> Figure:
    chosen = next(iter(comparison.plans)) if plan is None else plan
    if chosen not in comparison.results:
        raise InputError(f"there is no plan {chosen!r}{did_you_mean(chosen, comparison.results)}")
    return multiplier_of(comparison.results[chosen], chosen)


def multiplier_of(result: OverlayResult, name: str) -> Figure:
    """Return the stages of one hedge under the volatility index, or what each of several parts held."""
    from hedgerow.report.overlay_figures import multiplier_figure

    market = result.run.market
    vix = pd.Series(market.vix, market.dates)
    if len(result.parts) > 1:
        title = f"{name}: what each part held, under the VIX"
        names = [part.name for part in result.parts]
        held = pd.DataFrame(result.account.held.T, result.dates, names)
        return multiplier_figure(held, vix, title=title, every=True)
    return multiplier_figure(result.stages, vix, held=result.held, title=f"{name}: multiplier under the VIX")


def _cost_and_gain(comparison: OverlayComparison) -> Figure:
    from hedgerow.report.overlay_figures import cost_and_gain_figure

    return cost_and_gain_figure(gains(comparison), unit=comparison.setting.portfolio.currency, stamp=comparison.stamp)


def _cumulative_bleed(comparison: OverlayComparison) -> Figure:
    from hedgerow.report.overlay_figures import cost_and_gain_figure

    quiet = gains(comparison).mul(np.where(comparison.period.struck, 0.0, 1.0), axis=0)
    title = "What the hedges bled outside crises"
    unit = comparison.setting.portfolio.currency
    heading = "gain outside crises since the start, net"
    return cost_and_gain_figure(quiet, unit=unit, stamp=comparison.stamp, title=title, heading=heading)


def gains(comparison: OverlayComparison) -> pd.DataFrame:
    """Return money that each hedge earned net of costs by step, (n_steps, n_accounts)."""
    records = {name: one.hedge_pnl for name, one in comparison.records.items() if name != NO_HEDGE}
    return pd.DataFrame(records, index=comparison.period.dates)


def _crises(comparison: OverlayComparison) -> Figure:
    from hedgerow.report.overlay_figures import crisis_bars_figure

    return crisis_bars_figure(comparison.offsets(), stamp=comparison.stamp)


def _equal_cost(comparison: OverlayComparison) -> Figure:
    from hedgerow.report.overlay_figures import protection_figure

    table = comparison.equal_cost()
    names = {
        "cost_per_year": "cost",
        "cvar": "risk",
        "cost_per_year_low": "cost_low",
        "cost_per_year_high": "cost_high",
    }
    drawn = table[list(names)].rename(columns=names).dropna(subset=["cost", "risk"])
    if drawn[["cost_low", "cost_high"]].isna().to_numpy().any():
        drawn = drawn[["cost", "risk"]]
    title = "At the same bleed a year: cost against the worst days left"
    return protection_figure(drawn, stamp=comparison.stamp, title=title)


def _drawdowns(comparison: OverlayComparison) -> Figure:
    from hedgerow.report.overlay_figures import drawdown_figure

    return drawdown_figure(growth(comparison), stamp=comparison.stamp)


def _equity(comparison: OverlayComparison) -> Figure:
    from hedgerow.report.overlay_size_figures import equity_figure

    return equity_figure(growth(comparison), stamp=comparison.stamp)


def growth(comparison: OverlayComparison) -> pd.DataFrame:
    """Return what 1 became in every account, from 1 at the first judged date on."""
    grown = (1.0 + returns(comparison)).cumprod()
    return pd.concat([pd.DataFrame(1.0, comparison.period.all_dates[:1], grown.columns), grown])


def _hedge_size(comparison: OverlayComparison) -> Figure:
    from hedgerow.compare.overlays.hedge_size import functions_of_vix, hedge_sizes
    from hedgerow.report.overlay_size_figures import hedge_size_figure

    sizes = hedge_sizes(comparison, comparison.setting.market.vix)
    return hedge_size_figure(sizes, functions_of_vix(comparison), stamp=comparison.stamp)


def _hedge_size_by_slope(comparison: OverlayComparison) -> Figure:
    from hedgerow.compare.overlays.hedge_size import functions_of_slope, hedge_sizes, slope_of
    from hedgerow.report.overlay_size_figures import hedge_size_figure

    slope = slope_of(comparison.setting.market)
    if slope is None:
        raise InputError(NO_SLOPE)
    return hedge_size_figure(
        hedge_sizes(comparison, slope.level),
        functions_of_slope(comparison, slope),
        x_title=f"{slope.name} (above 1 the near end is dearer)",
        title=f"Hedge held at each level of {slope.name}",
        stamp=comparison.stamp,
    )


def _cost_of_protection(comparison: OverlayComparison) -> Figure:
    from hedgerow.compare.overlays.cost_of_protection import cost_of_protection, holding_less_line
    from hedgerow.report.overlay_size_figures import cost_of_protection_figure

    table, line = cost_of_protection(comparison), holding_less_line(comparison)
    return cost_of_protection_figure(table, line, stamp=comparison.stamp)


def returns(comparison: OverlayComparison) -> pd.DataFrame:
    """Return of every account by step, "unhedged" for the one without a hedge."""
    records = {UNHEDGED if name == NO_HEDGE else name: one.returns for name, one in comparison.records.items()}
    return pd.DataFrame(records, index=comparison.period.dates)


def rolling_betas(comparison: OverlayComparison) -> pd.DataFrame:
    """Return each account's beta against the unhedged portfolio over the last ``beta_days`` steps, each row's included.

    The row of a step uses that step and earlier ones; NaN until the window is full.
    """
    table, days = returns(comparison), comparison.judging.beta_days
    base = table[UNHEDGED]
    hedged = table.drop(columns=UNHEDGED)
    return hedged.rolling(days).cov(base).div(base.rolling(days).var(), axis=0)


def _rolling_beta(comparison: OverlayComparison) -> Figure:
    from hedgerow.report.overlay_figures import rolling_beta_figure

    days = comparison.judging.beta_days
    if days >= len(comparison.period.dates):
        raise InputError(
            f"a rolling beta over {days} days needs more than the {len(comparison.period.dates)} judged; give judging "
            "smaller beta_days"
        )
    return rolling_beta_figure(rolling_betas(comparison), days=days, stamp=comparison.stamp)


FIGURES: dict[str, Callable[[OverlayComparison], Figure]] = {
    "cost_and_gain": _cost_and_gain,
    "cumulative_bleed": _cumulative_bleed,
    "crises": _crises,
    "equal_cost": _equal_cost,
    "cost_of_protection": _cost_of_protection,
    "hedge_size": _hedge_size,
    "hedge_size_by_slope": _hedge_size_by_slope,
    "equity": _equity,
    "drawdowns": _drawdowns,
    "rolling_beta": _rolling_beta,
}
"""Figure by name, beside ``multiplier``."""
