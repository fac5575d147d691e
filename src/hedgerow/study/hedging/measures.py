"""What a desk asks beside the summary: hedges a day, break-even volatility, the law of the error, quantiles; units."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.attribution.gamma_theta import break_even_volatility
from hedgerow.study.hedging.book import trading_days
from hedgerow.study.hedging.registries import hedger_of

if TYPE_CHECKING:
    from hedgerow.study.hedging.outcome import HedgeOutcome

QUANTILES = (0.01, 0.05, 0.25, 0.50, 0.75, 0.95, 0.99)
LAW = "standard deviation by Derman-Kamal"
_UNITS = {
    "share of losses": "%",
    "trades": "trades",
    "trades per day": "a trading day",
    "turnover": "units traded",
    "exits": "exits",
    "realised volatility": "% a year",
    "break-even volatility": "% a year",
}


def measured(outcome: HedgeOutcome) -> dict[str, float]:
    """Return figures that follow from the summary, by name; those that are not there are left out.

    Parameters
    ----------
    outcome : HedgeOutcome

    Returns
    -------
    dict of str to float
        ``trades per day`` of trading. Where the hedge has no options, whose gamma is not told apart: ``break-even
        volatility``, the realised one at which the mean profit would have been 0; and on many paths the standard
        deviation that Derman and Kamal's law gives for as many even hedges at the volatility that was realised, of an
        option at the money, held to its expiry, without costs.
    """
    summary = outcome.result.summary()["value"]
    times = outcome.result.grid.times
    found = {"trades per day": float(summary["trades"]) / trading_days(times[0], times[-1])}
    if hedger_of(outcome.study.hedger).uses_options(outcome.book):
        return found
    realised = float(summary.get("realised volatility", float("nan")))
    gamma = float(outcome.result.attribution()["mean"].get("gamma", float("nan")))
    found["break-even volatility"] = break_even_volatility(realised, float(summary["mean"]), gamma)
    to_expiry = not getattr(outcome.study, "exits", ())
    if to_expiry and outcome.result.n_paths > 1 and summary["trades"] > 0.0 and summary["standard deviation"] > 0.0:
        found[LAW] = _law(outcome, realised, float(summary["trades"]))
    return {name: value for name, value in found.items() if np.isfinite(value)}


def _law(outcome: HedgeOutcome, volatility: float, trades: float) -> float:
    from hedgerow.policies.laws import derman_kamal_standard_deviation

    vega = float(outcome.book.greeks(outcome.market, ("vega",)).totals()["vega"])
    return float(derman_kamal_standard_deviation(vega, volatility, trades)) if vega else float("nan")


def with_measures(summary: pd.DataFrame, outcome: HedgeOutcome) -> pd.DataFrame:
    """Return a summary with those figures below it and a column of units; shares and volatilities in percent."""
    more = pd.DataFrame({"value": measured(outcome)})
    table = pd.concat([summary, more.reindex(columns=summary.columns)])
    units = [unit_of(str(name), outcome.market.currency) for name in table.index]
    percent = [unit.startswith("%") for unit in units]
    table.loc[percent] = 100.0 * table.loc[percent]
    return table.assign(unit=units)


def unit_of(name: str, currency: str) -> str:
    """Return the unit of a figure of the summary.

    Examples
    --------
    >>> unit_of("mean", "USD"), unit_of("trades", "USD"), unit_of("cash gamma x years", "USD")
    ('USD', 'trades', 'USD x years')
    """
    if name == "cash gamma x years":
        return f"{currency} x years"
    return "% of paths" if name.startswith("exit: ") else _UNITS.get(name, currency)


def quantile_table(outcome: HedgeOutcome) -> pd.DataFrame | None:
    """Return quantiles of the final profit over paths, money; None where single paths are not there."""
    if outcome.profits is None:
        return None
    values = np.quantile(outcome.profits, QUANTILES)
    index = pd.Index([f"{share:.0%}" for share in QUANTILES], name="share of paths below")
    return pd.DataFrame({"profit": values}, index=index)
