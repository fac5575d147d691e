"""Cost models of four markets, each from a published schedule of the year named. Check your own broker's.

Left out everywhere: taxes, fees on sales alone (the SEC's, 0.28 basis points of value in 2024) and data fees.
"""

from __future__ import annotations

from hedgerow.costs.base import Costs, require_positive
from hedgerow.costs.commission import PerContract, PerShare
from hedgerow.costs.impact import SquareRootImpact
from hedgerow.costs.spread import HalfSpread, HalfSpreadMoney
from hedgerow.errors import InputError

HALF_CENT = 0.005
"""Half the smallest spread of a US share above one dollar: the tick of a cent, Rule 612 of Regulation NMS (2005)."""

SPREAD_TRAVELLED = {1: 0.75, 2: 0.66, 3: 0.56, 4: 0.53}
"""Share of the quoted bid-ask spread that an option order of so many legs travels from its own side of it."""


def us_equity_retail(half_spread: float = HALF_CENT) -> Costs:
    """Return what a private account pays for liquid US shares and funds.

    0.005 dollars a share, at least 1 dollar an order and at most 1 % of its value, and half a spread of one cent.

    Parameters
    ----------
    half_spread : float
        Money per share; half a cent is the least that a liquid share costs.

    Returns
    -------
    Costs

    References
    ----------
    Interactive Brokers, Commissions: stocks, United States, fixed (schedule in force in 2024).

    Examples
    --------
    >>> us_equity_retail()
    Costs(parts=(HalfSpreadMoney(money=0.005), PerShare(commission=0.005, minimum=1.0, maximum_share=0.01)))
    """
    return HalfSpreadMoney(half_spread) + PerShare(0.005, minimum=1.0, maximum_share=0.01)


def us_equity_desk(
    daily_volume: float | None = None, daily_volatility: float | None = None, half_spread: float = HALF_CENT
) -> Costs:
    """Return what a desk of large volume pays for liquid US shares: spread, execution and clearing, and impact.

    0.0005 dollars a share for execution in the tier above 100 million shares a month, and 0.0002 for clearing; no
    minimum.

    Parameters
    ----------
    daily_volume : float, optional
        Shares traded in a day; with it orders pay the square-root impact, without it none.
    daily_volatility : float, optional
        Of one day's return; None for the implied volatility of the moment over the root of 252.
    half_spread : float
        Money per share.

    Returns
    -------
    Costs

    References
    ----------
    Interactive Brokers, Commissions: stocks, United States, tiered, with NSCC and DTC fees (in force in 2024).
    """
    costs = HalfSpreadMoney(half_spread) + PerShare(0.0005 + 0.0002)
    return costs if daily_volume is None else costs + SquareRootImpact(daily_volume, daily_volatility)


def index_future(tick: float = 0.25, commission: float = 2.25, multiplier: float = 50.0) -> Costs:
    """Return what an E-mini S&P 500 future costs: half a tick, and a commission per contract.

    A tick is 0.25 index points, 12.50 dollars a contract of 50 dollars a point; the spread stands at one tick nearly
    always. Commission a side: 0.85 broker, 1.38 exchange, 0.02 National Futures Association. One unit of the hedge is
    one dollar a point, priced at the index, so that a contract is 50 units and costs are stated per unit.

    Parameters
    ----------
    tick : float
        Bid-ask spread in points.
    commission : float
        Money per contract and side, all fees in.
    multiplier : float
        Units in a contract: money per point; above 0.

    Returns
    -------
    Costs

    References
    ----------
    Interactive Brokers, Commissions: futures, and Fees: CME (in force in 2024). A. Kurov and T. Zabotina (2005), Is it
    time to reduce the minimum tick sizes of the E-mini futures?, Journal of Futures Markets 25, 79-104.

    Examples
    --------
    >>> index_future()
    Costs(parts=(HalfSpreadMoney(money=0.125), PerShare(commission=0.045, minimum=0.0, maximum_share=None)))
    """
    require_positive("multiplier of a future", multiplier)
    return HalfSpreadMoney(tick / 2.0) + PerShare(commission / multiplier)


def listed_option(half_spread_bps: float = 860.0, legs: int = 1, commission: float = 0.65) -> Costs:
    """Return what a listed US option costs: a share of the quoted half spread that falls with the legs of the order.

    A buyer of one leg pays ``bid + 0.75 x (ask - bid)``, half the half-spread above the middle; orders of 2, 3 and 4
    legs fill nearer to it: ``2 x travelled - 1`` = 0.50, 0.32, 0.12, 0.06 of the half spread for
    ``travelled`` = 0.75, 0.66, 0.56, 0.53. Commission per contract, at least 1 dollar an order.

    Parameters
    ----------
    half_spread_bps : float
        *Quoted* half spread in basis points of the option's price; the default 8.6 % is the average of options on
        S&P 500 shares, 2004-2015. At-the-money options on a large index or fund quote far less: give your own.
    legs : int
        Options in one order; above 4 the share of 4 holds.
    commission : float
        Money per contract; the trades must say how many contracts a unit is (1 where options are held by contract).

    Returns
    -------
    Costs

    Raises
    ------
    InputError
        For fewer than one leg, or negative costs.

    References
    ----------
    ORATS, Answers to common questions: backtesting, 19 March 2021 (1 and 2 legs, with its formula of the fill), and
    Backtester methodology: slippage, as quoted by its users (3 and 4 legs). D. Muravyev and N. Pearson (2020), Options
    trading costs are lower than you think, Review of Financial Studies 33, 4973-5014. Interactive Brokers,
    Commissions: options (in force in 2024).

    Examples
    --------
    >>> listed_option(200.0, legs=4).parts[0].basis_points
    12.0
    """
    if legs < 1:
        raise InputError(f"an order of options has 1 leg or more, not {legs}")
    travelled = SPREAD_TRAVELLED[min(int(legs), max(SPREAD_TRAVELLED))]
    share = round(2.0 * travelled - 1.0, 10)
    return HalfSpread(round(share * half_spread_bps, 10)) + PerContract(commission, minimum=1.0)
