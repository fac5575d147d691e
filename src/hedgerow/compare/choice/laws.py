"""What the laws of small costs say of a book at the start: best interval in steps, half-width of a band per share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow.costs import CostModel, Costs, PerTicket
from hedgerow.instruments import Book, MarketState
from hedgerow.instruments.inputs import resolve
from hedgerow.policies import Policy, WhalleyWilmott, Zakamouline
from hedgerow.policies.laws import (
    optimal_interval_fixed_cost,
    optimal_interval_proportional,
    whalley_wilmott_half_width,
    zakamouline_half_width,
)


@dataclass(frozen=True)
class BookAtStart:
    """What the laws need of a book of one underlying.

    Attributes
    ----------
    spot : float
    gamma : float
        Of the whole book, units of underlying per unit of price, signed.
    volatility : float
        Annual; of the options, weighted by their units.
    rate : float
        Continuous, per year.
    years : float
        To the next expiry.
    size : float
        Gross units of underlying behind the options.
    strike : float or None
        Of all options, where they share one and are all bought or all sold.
    """

    spot: float
    gamma: float
    volatility: float
    rate: float
    years: float
    size: float
    strike: float | None = None

    @classmethod
    def of(cls, book: Book, market: MarketState) -> BookAtStart | None:
        """Return what the laws need, or None for several underlyings or a book without gamma."""
        columns = book.columns
        if len(columns.names) != 1:
            return None
        found = resolve(columns, market)
        has_gamma = np.isfinite(found.vol) & (found.years > 0.0)
        gamma = float(book.greeks(market, ["gamma"]).totals()["gamma"])
        if gamma == 0.0 or not has_gamma.any():
            return None
        size = np.abs(columns.weight[has_gamma])
        volatility = float(np.average(found.vol[has_gamma], weights=size))
        rate = float(found.rate[has_gamma].mean())
        spot = market.underlying(columns.names[0]).spot
        strikes, signs = np.unique(columns.strike[has_gamma]), np.unique(np.sign(columns.weight[has_gamma]))
        strike = float(strikes[0]) if len(strikes) == len(signs) == 1 else None
        return cls(spot, gamma, volatility, rate, float(found.years[has_gamma].min()), float(size.sum()), strike)


def laws_of(
    start: BookAtStart, costs: CostModel, risk_aversion: float, steps_per_year: float
) -> dict[str, dict[str, float]]:
    """Return what each law says, by family: ``interval`` in steps, ``band`` as half-width per share.

    Parameters
    ----------
    start : BookAtStart
    costs : CostModel
        Its proportional rate and its fees per ticket count; laws of a kind of cost that is not there are left out.
    risk_aversion : float
        Absolute, per unit of money.
    steps_per_year : float
        Decisions per year.

    Returns
    -------
    dict of str to dict of str to float
        Gamma is that of the start: as it grows towards expiry, the best interval shrinks and the best band widens.
    """
    rate, fee = costs.one_way_rate(start.spot, 1.0), _fee(costs)
    about = {"spot": start.spot, "gamma": start.gamma, "risk_aversion": risk_aversion}
    found: dict[str, dict[str, float]] = {"interval": {}, "band": {}}
    if fee > 0.0:
        years = optimal_interval_fixed_cost(volatility=start.volatility, cost=fee, **about)
        found["interval"]["square-root law of fixed costs"] = float(years) * steps_per_year
    if rate > 0.0:
        years = optimal_interval_proportional(volatility=start.volatility, cost=rate, **about)
        found["interval"]["law of proportional costs"] = float(years) * steps_per_year
        term = {"rate": start.rate, "years": start.years, "cost": rate}
        width = whalley_wilmott_half_width(**about, **term)
        found["band"]["Whalley-Wilmott"] = float(width) / start.size
        width = zakamouline_half_width(volatility=start.volatility, **about, **term)
        found["band"]["Zakamouline"] = float(width) / start.size
    return {family: said for family, said in found.items() if said}


def prescribed_policies(start: BookAtStart, costs: CostModel, risk_aversion: float) -> dict[str, Policy]:
    """Return the bands that the laws prescribe at every moment, by name; none without a proportional cost."""
    if not costs.one_way_rate(start.spot, 1.0) > 0.0:
        return {}
    if start.strike is None:
        fitted = Zakamouline(risk_aversion, centre="target")
    else:
        fitted = Zakamouline(risk_aversion, strike=start.strike)
    return {"Whalley-Wilmott": WhalleyWilmott(risk_aversion), "Zakamouline": fitted}


def _fee(costs: CostModel) -> float:
    """Return the fees per ticket of a cost model, money."""
    parts = costs.parts if isinstance(costs, Costs) else (costs,)
    return sum(part.fee for part in parts if isinstance(part, PerTicket))
