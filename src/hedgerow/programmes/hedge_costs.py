"""What trading a volatility or tail hedge costs, in the unit in which its market quotes it.

>>> vix_future_costs().of_quotes(20.0, multiplier=1000.0)
{'half_spread': array(25.), 'commission': array(2.36)}
>>> variance_swap_costs(months=1).of_vega(100_000.0)["half_spread"]
array(50000.)
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError

HALF_SPREAD = "half_spread"
COMMISSION = "commission"


@dataclass(frozen=True)
class HedgeCosts:
    """Costs of one side of a trade: from the middle of the market to where it is filled, and the commission.

    Parameters
    ----------
    volatility_points : float
        Paid on every unit of vega, for swaps: 0.5 is half a volatility point each way.
    half_spread : float
        Share of the price of a contract: 0.03 is 3 %.
    half_spread_points : float
        Least half spread in points of the quote, as half a tick; the larger of this and the share is paid.
    commission : float
        Money per contract, all fees in.

    Raises
    ------
    InputError
        For a cost below 0 or not finite.

    Examples
    --------
    >>> HedgeCosts(half_spread=0.03, half_spread_points=0.025, commission=1.30).of_quotes([0.5, 12.0], 100.0)
    {'half_spread': array([ 2.5, 36. ]), 'commission': array([1.3, 1.3])}
    """

    volatility_points: float = 0.0
    half_spread: float = 0.0
    half_spread_points: float = 0.0
    commission: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a cost that is no number of 0 or more."""
        for each in fields(self):
            value = getattr(self, each.name)
            if not (np.isfinite(value) and value >= 0.0):
                raise InputError(f"{each.name} of hedge costs must be a number of 0 or more, not {value!r}")

    def of_quotes(self, points: Any, multiplier: float) -> dict[str, FloatArray]:
        """Return money per contract traded, by label, of contracts quoted in points.

        Parameters
        ----------
        points : scalar or array
            Quotes of the contract.
        multiplier : float
            Money per point of one contract.
        """
        quotes = np.abs(np.asarray(points, dtype=float))
        spread = np.maximum(self.half_spread * quotes, self.half_spread_points) * multiplier
        return {HALF_SPREAD: np.asarray(spread), COMMISSION: np.full(quotes.shape, float(self.commission))}

    def of_vega(self, vega: Any) -> dict[str, FloatArray]:
        """Return money per contract traded, by label, from its vega in money per volatility point."""
        sensitivity = np.abs(np.asarray(vega, dtype=float))
        return {
            HALF_SPREAD: np.asarray(self.volatility_points * sensitivity),
            COMMISSION: np.full(sensitivity.shape, float(self.commission)),
        }


def variance_swap_costs(months: int = 1) -> HedgeCosts:
    """Return what a variance swap on a large index costs, in volatility points each way.

    Dealers quoted half a volatility point wide from three months to two years: a quarter each way. One month is less
    liquid and is taken at twice that, by assumption.

    References
    ----------
    P. Allen, S. Einchcomb and N. Granger, *Variance swaps*, JPMorgan European Equity Derivatives Research (2006),
    on liquidity: index bid-offer "in the region of 0.5 vegas", most liquid from 3 months to 2 years.
    """
    return HedgeCosts(volatility_points=0.5 if months < 3 else 0.25)


def vix_future_costs() -> HedgeCosts:
    """Return what a VIX future costs: half a tick of 0.05 points, and 0.85 (broker) + 1.51 (exchange) dollars.

    References
    ----------
    Cboe Futures Exchange, *VX contract specifications* (tick 0.05 points, 50 dollars) and *Fee schedule* (customer,
    1.51). Interactive Brokers, *Commissions: futures* (0.85; both in force in 2024).
    """
    return HedgeCosts(half_spread_points=0.025, commission=2.36)


def index_option_costs() -> HedgeCosts:
    """Return what an option on a large index costs: 3 % of the premium each way, at least half a tick of 0.05.

    In closing quotes of S&P 500 puts of 3-7 January 2011 the half spread of a delta of 0.15-0.35 was 8.4 % of the
    middle at 30-60 days, 7.8 % at 60-120 and 6.2 % at 120-250; 3.2 % and less near the money. An order of one leg
    travels about half of it. Far out of the money the share is higher: give your own.

    References
    ----------
    Measured on quotes of five days as above; ORATS, *Answers to common questions: backtesting* (2021), for the part of
    the spread that is paid; Cboe, *SPX options: minimum tick* (0.05 below a premium of 3). Commission: 0.65 dollars of
    Interactive Brokers (2024), and as much again for the exchange, by assumption.
    """
    return HedgeCosts(half_spread=0.03, half_spread_points=0.025, commission=1.30)


def vix_option_costs() -> HedgeCosts:
    """Return what a VIX option costs: 5 % of the premium each way, at least half a tick of 0.05.

    The share is an assumption: a tick of 0.05 to 0.10 on premiums of 0.5 to 2 is a half spread of 2.5-5 %, and quotes
    of calls far out of the money stand at more than one tick.

    References
    ----------
    Cboe, *Options tick increment change for VIX options* (2022): until then 0.05 below a premium of 3 and 0.10 above.
    Commission as in :func:`index_option_costs`.
    """
    return HedgeCosts(half_spread=0.05, half_spread_points=0.025, commission=1.30)


def index_future_costs() -> HedgeCosts:
    """Return what an index future costs as a share of its price: 1.5 basis points each way, commission and all.

    Half a tick of the E-mini is 0.125 index points, 1.0 basis point of an index of 1,250; 2.25 dollars of commission on
    50 dollars a point are 0.4 basis points of it. A share holds for funds that trade at a tenth of the index too.

    References
    ----------
    Interactive Brokers, *Commissions: futures*, and *Fees: CME* (in force in 2024); as
    :func:`hedgerow.costs.presets.index_future`.
    """
    return HedgeCosts(half_spread=0.00015)
