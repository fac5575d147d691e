"""The exact no-trade band of one European option: dynamic programming, exponential utility, proportional costs.

The yardstick of the asymptotic bands. The price moves on a lattice of log prices; at every step and price the best
expected utility is a convex function of what is held, from which the two edges of the band are read.

>>> option = OptionToHedge(spot=100.0, strike=100.0, years=0.25, volatility=0.2)
>>> band = exact_band(option, risk_aversion=0.1, cost=0.002, n_steps=50)
>>> lower, upper = band.band(0, 100.0)
>>> bool(lower < 0.52 < upper)
True
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.policies.checks import check_not_negative, check_positive

REACH = 4.5
"""Standard deviations of the log price that the lattice covers on either side."""


@dataclass(frozen=True)
class OptionToHedge:
    """One European option, cash-settled, on a price that follows a geometric Brownian motion without dividends.

    Attributes
    ----------
    spot, strike : float
    years : float
        To expiry.
    volatility : float
    kind : {"call", "put"}
    quantity : float
        Options owned (+) or owed (-), one unit of underlying each.
    rate : float
        Continuous, per year.
    drift : float or None
        Growth of the price per year; None is the rate, so that nobody holds the underlying for its own sake.
    """

    spot: float
    strike: float
    years: float
    volatility: float
    kind: Literal["call", "put"] = "call"
    quantity: float = -1.0
    rate: float = 0.0
    drift: float | None = None

    def __post_init__(self) -> None:
        for name in ("spot", "strike", "years", "volatility"):
            check_positive(getattr(self, name), f"the {name} of the option")
        if self.kind not in ("call", "put"):
            raise InputError(f"an option is a 'call' or a 'put', not {self.kind!r}")
        if not (np.isfinite(self.quantity) and self.quantity != 0.0):
            raise InputError(f"the quantity of options must be a number other than 0, not {self.quantity}")

    def payoff(self, spots: FloatArray) -> FloatArray:
        """Return what the position pays at expiry, money, shape as ``spots``; negative where options are owed."""
        inside = spots - self.strike if self.kind == "call" else self.strike - spots
        return self.quantity * np.maximum(inside, 0.0)


@dataclass(frozen=True, eq=False)
class ExactBand:
    """Edges of the no-trade region by time and price; made by :func:`exact_band`.

    Attributes
    ----------
    option : OptionToHedge
    risk_aversion, cost : float
    times : ndarray, shape (n_steps,)
        Years since the start of each decision.
    log_spots : ndarray, shape (n_nodes,)
    lower, upper : ndarray, shape (n_steps, n_nodes)
        Units of underlying: below the lower edge one buys up to it, above the upper edge one sells down to it.
    certainty_equivalent : float
        Money now that is as good as the position, hedged at its best from no holding.
    """

    option: OptionToHedge
    risk_aversion: float
    cost: float
    times: FloatArray
    log_spots: FloatArray = field(repr=False)
    lower: FloatArray = field(repr=False)
    upper: FloatArray = field(repr=False)
    certainty_equivalent: float = float("nan")

    def band(self, step: int, spot: Any) -> tuple[FloatArray, FloatArray]:
        """Return the lower and upper edge at a step for prices of any shape, linear in the log price."""
        at = np.log(np.asarray(spot, dtype=float))
        return np.interp(at, self.log_spots, self.lower[step]), np.interp(at, self.log_spots, self.upper[step])

    def at(self, years_left: float, spot: Any) -> tuple[FloatArray, FloatArray]:
        """Return the edges a number of years before expiry, linear between the steps."""
        place = float(np.interp(self.option.years - years_left, self.times, np.arange(len(self.times))))
        before = int(place)
        after, share = min(before + 1, len(self.times) - 1), place - before
        (low, high), (low_after, high_after) = self.band(before, spot), self.band(after, spot)
        return low + share * (low_after - low), high + share * (high_after - high)


def exact_band(
    option: OptionToHedge, risk_aversion: float, cost: float, *, n_steps: int = 400, n_holdings: int = 161
) -> ExactBand:
    """Return the band within which it is best not to trade.

    Maximises the expectation of ``-exp(-risk_aversion x wealth)`` at expiry, when what is held is sold at cost and the
    option is settled in cash. Trades are possible at ``n_steps`` moments; the band of continuous time is somewhat wider
    (by an order of ``1 / sqrt(n_steps)`` of the delta's range).

    Parameters
    ----------
    option : OptionToHedge
    risk_aversion : float
        Absolute, per unit of money; more than 0.
    cost : float
        One-way proportional cost, 0 or more and less than 1.
    n_steps : int
        Steps of the lattice, 2 or more.
    n_holdings : int
        Holdings tried, from half a delta below to half a delta above what can be needed; 11 or more.

    Returns
    -------
    ExactBand

    Raises
    ------
    InputError
        For numbers out of these ranges, or a drift that the lattice cannot carry: more steps are needed.

    Notes
    -----
    With zero initial cash, exponential utility makes the log of the expected disutility, L(t, S, y), a function of
    time, price and holding alone. Buying raises it by ``risk_aversion exp(r tau) S (1 + cost)`` per unit, selling
    lowers it by ``risk_aversion exp(r tau) S (1 - cost)``: the band is where its slope in y lies between the two.

    References
    ----------
    Hodges and Neuberger (1989), "Optimal replication of contingent claims under transaction costs", Review of Futures
    Markets 8, 222-239; Davis, Panas and Zariphopoulou (1993), "European option pricing with transaction costs", SIAM
    Journal on Control and Optimization 31, 470-493.
    """
    _check(risk_aversion, cost, n_steps, n_holdings)
    step = option.years / n_steps
    jump = option.volatility * np.sqrt(step)
    nodes = int(np.ceil(REACH * np.sqrt(n_steps))) + 1
    log_spots = np.log(option.spot) + jump * np.arange(-nodes, nodes + 1)
    spots = np.exp(log_spots)
    ends = np.sort([0.0, -option.quantity if option.kind == "call" else option.quantity])
    holdings = np.linspace(ends[0] - 0.5 * np.ptp(ends), ends[1] + 0.5 * np.ptp(ends), n_holdings)
    up, down = _log_odds(option, step, jump)
    closed = np.outer(spots, holdings - cost * np.abs(holdings))
    disutility = -risk_aversion * (closed + option.payoff(spots)[:, None])
    lower, upper = np.empty((2, n_steps, len(spots)))
    for now in range(n_steps - 1, -1, -1):
        price = risk_aversion * np.exp(option.rate * (option.years - now * step)) * spots
        waiting = _expected(disutility, up, down)
        lower[now], low = _least(waiting, holdings, price * (1.0 + cost))
        upper[now], high = _least(waiting, holdings, price * (1.0 - cost))
        bought = low[:, None] - np.outer(price * (1.0 + cost), holdings)
        sold = high[:, None] - np.outer(price * (1.0 - cost), holdings)
        disutility = np.where(holdings < lower[now][:, None], bought, waiting)
        disutility = np.where(holdings > upper[now][:, None], sold, disutility)
    start = np.interp(0.0, holdings, disutility[nodes])
    worth = float(-start / risk_aversion * np.exp(-option.rate * option.years))
    times = np.asarray(step * np.arange(n_steps), dtype=float)
    return ExactBand(option, risk_aversion, cost, times, log_spots, lower, upper, worth)


def _expected(disutility: FloatArray, up: float, down: float) -> FloatArray:
    """Return the log of the mean over the two moves, same shape; beyond the lattice it goes on as a straight line."""
    below, above = 2.0 * disutility[:1] - disutility[1:2], 2.0 * disutility[-1:] - disutility[-2:-1]
    padded = np.concatenate([below, disutility, above])
    risen, fallen = padded[2:] + up, padded[:-2] + down
    apart = np.abs(risen - fallen)
    return np.maximum(risen, fallen) + np.log1p(np.exp(-apart))


def _least(waiting: FloatArray, holdings: FloatArray, price: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return where in the holdings ``waiting + price x holding`` is least, and the least: the vertex of a parabola."""
    with_price = waiting + price[:, None] * holdings
    place = np.clip(np.argmin(with_price, axis=1), 1, len(holdings) - 2)
    node = np.arange(len(place))
    left, middle, right = (with_price[node, place + side] for side in (-1, 0, 1))
    bend = np.maximum(left - 2.0 * middle + right, 1e-300)
    aside = np.clip(0.5 * (left - right) / bend, -1.0, 1.0)
    return (
        holdings[place] + aside * (holdings[1] - holdings[0]),
        middle - 0.5 * aside * (left - right) + 0.5 * aside**2 * bend,
    )


def _log_odds(option: OptionToHedge, step: float, jump: float) -> tuple[float, float]:
    """Return the logs of the probabilities of a rise and a fall that give the price its drift."""
    drift = option.rate if option.drift is None else option.drift
    rise = float((np.exp(drift * step) - np.exp(-jump)) / (np.exp(jump) - np.exp(-jump)))
    if not 0.0 < rise < 1.0:
        raise InputError(
            f"a drift of {drift} is more than steps of {step:.3g} years at a volatility of {option.volatility} can "
            "carry; take more steps"
        )
    return float(np.log(rise)), float(np.log1p(-rise))


def _check(risk_aversion: float, cost: float, n_steps: int, n_holdings: int) -> None:
    """Refuse numbers for which there is no band."""
    check_positive(risk_aversion, "the risk aversion")
    check_not_negative(cost, "the proportional cost")
    if cost >= 1.0:
        raise InputError(f"the proportional cost must be less than 1, not {cost}")
    if n_steps < 2:
        raise InputError(f"the lattice needs 2 steps or more, not {n_steps}")
    if n_holdings < 11:
        raise InputError(f"the band needs 11 holdings or more to be seen, not {n_holdings}")
