"""Variance swaps: fair variance from a smile or from quotes, and the value of a swap that is running.

The expected variance of a continuous path is that of a log contract, held as options of every strike, each weighed by
1 / strike squared::

    K_var = 2/T integral of OTM(K) / (D K^2) dK,     D the discount factor, T in years

Variances are annual and in decimals (0.04 for a volatility of 20 %); the vega notional is money per volatility point.

>>> from hedgerow.pricing import variance_swap
>>> round(variance_swap.fair_variance(lambda log_moneyness: 0.2, years=0.5), 12)
0.04
>>> round(variance_swap.price(0.2, 100_000.0, fair_vol=0.25), 6)
562500.0

References
----------
K. Demeterfi, E. Derman, M. Kamal and J. Zou, *More than you ever wanted to know about volatility swaps*, Goldman Sachs
Quantitative Strategies Research Notes (1999); P. Carr and D. Madan, *Towards a theory of volatility trading* (1998).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.pricing.arguments import as_given, broadcast, numbers, refuse_below, refuse_where

_PANEL = 1.5
"""Width of the first panels of the integral, in standard deviations of the log return."""
_WIDEST = 700.0
"""Log-moneyness, near the end of floating point: a wing that still matters there has no finite variance."""


def fair_variance(volatility: Callable[[Any], Any], years: float) -> float:
    """Return the fair annual variance of a continuous path from a smile over all strikes.

    Parameters
    ----------
    volatility : callable
        log(strike / forward) to implied annual volatility, positive, for any number.
    years : float
        Time to expiry, > 0.

    Returns
    -------
    float
        Annual variance in decimals, to about 1e-12 of itself where the smile is smooth. A flat smile gives its
        square. With jumps in the path this is the value of the log contract, not of squared returns.

    Raises
    ------
    InputError
        Where the volatility is no positive number at some strike, or a wing is too steep for a finite variance.
    """
    from scipy.special import log_ndtr, ndtr

    years = _positive("years", years)

    def option(k: float) -> float:
        vol = float(volatility(k))
        if not (np.isfinite(vol) and vol > 0.0):
            raise InputError(f"volatility must be above 0 at every strike: {vol!r} at log-moneyness {k:g}")
        deviation = vol * np.sqrt(years)
        d1 = -k / deviation + 0.5 * deviation
        if k < 0.0:
            return float(ndtr(deviation - d1) - np.exp(log_ndtr(-d1) - k))
        return float(np.exp(-k) * ndtr(d1) - ndtr(d1 - deviation))

    return _integrated(option, float(volatility(0.0)) * np.sqrt(years)) * 2.0 / years


def fair_variance_of_prices(
    option_price: Callable[[float], Any], forward: float, years: float, discount: float = 1.0
) -> float:
    """Return the fair annual variance from the prices of out-of-the-money options of every strike.

    Parameters
    ----------
    option_price : callable
        Strike to the price of the put below the forward and of the call from it on, money per unit.
    forward : float
        Forward price, > 0, of the options' expiry.
    years : float
        Time to expiry, > 0.
    discount : float
        Value today of 1 at expiry, > 0.

    Returns
    -------
    float
        Annual variance in decimals.

    Raises
    ------
    InputError
        For impossible arguments, or prices whose integral does not end.
    """
    forward, years, discount = (
        _positive(name, value) for name, value in (("forward", forward), ("years", years), ("discount", discount))
    )

    def option(k: float) -> float:
        strike = forward * float(np.exp(k))
        return float(option_price(strike)) / (discount * strike)

    # An option at the money is worth about 0.4 of a standard deviation.
    return _integrated(option, max(option(0.0) * 2.5, 1e-8)) * 2.0 / years


def fair_variance_of_strip(
    strikes: Any, put_prices: Any, call_prices: Any, forward: float, years: float, discount: float = 1.0
) -> float:
    """Return the fair annual variance that a strip of quotes replicates, in the manner of Demeterfi and others.

    The log contract is held by straight lines between the strikes, so it is dear by their distance, and nothing is
    added for strikes beyond the strip. The outermost strike of each side only ends the last line.

    Parameters
    ----------
    strikes : array
        Rising, money per unit, at least three.
    put_prices, call_prices : array
        Prices at those strikes. Puts are used up to the last strike at or below the forward, calls from it on; what is
        not used may be anything finite.
    forward : float
        Forward price within the strikes.
    years : float
        Time to expiry, > 0.
    discount : float
        Value today of 1 at expiry, > 0.

    Returns
    -------
    float
        Annual variance in decimals.

    Raises
    ------
    InputError
        For strikes that do not rise, or a forward that is not among them.
    """
    read = numbers({"strikes": strikes, "put_prices": put_prices, "call_prices": call_prices})
    strike, puts, calls = broadcast(*read.values())
    refuse_below("strikes", strike, allow_equal=False)
    refuse_where(np.r_[False, np.diff(strike) <= 0.0], "strikes", strike, "must rise", "sort them and drop doubles")
    forward, years, discount = (
        _positive(name, value) for name, value in (("forward", forward), ("years", years), ("discount", discount))
    )
    middle = int(np.searchsorted(strike, forward, side="right")) - 1
    if middle < 1 or middle > strike.size - 2:
        raise InputError(
            f"forward must have strikes on both sides, at least two at or below it and one above: {forward:g} "
            f"with strikes from {strike[0]:g} to {strike[-1]:g}"
        )
    boundary = strike[middle]
    payoff = (strike - boundary) / boundary - np.log(strike / boundary)
    slopes = np.diff(payoff) / np.diff(strike)
    call_weights = np.diff(slopes[middle:], prepend=0.0)
    put_weights = np.diff(-slopes[:middle][::-1], prepend=0.0)
    strip = call_weights @ calls[middle:-1] + put_weights @ puts[middle:0:-1]
    gap = np.log(forward / boundary) - (forward / boundary - 1.0)
    return float(2.0 / years * (gap + strip / discount))


def realised_variance(prices: Any, periods_per_year: float = 252.0) -> float:
    """Return the annual variance of a path, periods_per_year / n times the sum of squared log returns, no mean taken.

    Parameters
    ----------
    prices : array
        At least two closing prices in the order of time, positive.
    periods_per_year : float
        Returns in a year; 252 for days.

    Raises
    ------
    InputError
        For fewer than two prices, one that is not positive, or periods_per_year that are not.
    """
    closes = np.atleast_1d(numbers({"prices": prices})["prices"])
    periods_per_year = _positive("periods_per_year", periods_per_year)
    refuse_below("prices", closes, allow_equal=False)
    if closes.ndim != 1 or closes.size < 2:
        raise InputError(f"prices must be one list of at least two, not an array of shape {closes.shape}")
    returns = np.diff(np.log(closes))
    return float(periods_per_year * np.mean(np.square(returns)))


def variance_notional(vega_notional: Any, strike_vol: Any) -> Any:
    """Return money per squared volatility point, N_vega / (2 K) with K in points.

    Parameters
    ----------
    vega_notional : scalar or array
        Money per volatility point near the strike; negative when short.
    strike_vol : scalar or array
        K > 0 as a decimal.
    """
    read = numbers({"vega_notional": vega_notional, "strike_vol": strike_vol})
    refuse_below("strike_vol", read["strike_vol"], allow_equal=False)
    return as_given(np.asarray(read["vega_notional"] / (200.0 * read["strike_vol"])))


def price(
    strike_vol: Any,
    vega_notional: Any,
    fair_vol: Any,
    *,
    elapsed: Any = 0.0,
    realised_vol: Any = 0.0,
    discount: Any = 1.0,
    cap: Any = None,
) -> Any:
    """Return the value of a long swap, D N_var (elapsed RV^2 + (1 - elapsed) K_now^2 - K^2), money.

    Parameters
    ----------
    strike_vol : scalar or array
        K > 0, annual decimal.
    vega_notional : scalar or array
        Money per volatility point; negative when short.
    fair_vol : scalar or array
        K_now >= 0: square root of the fair variance over what is left, annual decimal.
    elapsed : scalar or array
        t / T, share of the observation days that have passed, from 0 to 1.
    realised_vol : scalar or array
        RV >= 0: square root of :func:`realised_variance` over those days.
    discount : scalar or array
        Value today of 1 at settlement.
    cap : scalar or array, optional
        The settled volatility is at most ``cap`` times K; 2.5 in single-stock contracts. The expected variance is
        capped, which is exact at settlement and once the path alone exceeds the cap, and else too high by the value of
        variance beyond it, which a smile does not tell.

    Returns
    -------
    float or array
        Money.

    Raises
    ------
    InputError
        For impossible arguments, with field and position.
    """
    read = _read_swap(strike_vol, vega_notional, fair_vol, elapsed, realised_vol, discount)
    strike, notional, fair, share, realised, value_of_one = read
    expected = share * realised**2 + (1.0 - share) * fair**2
    if cap is not None:
        limit = numbers({"cap": cap})["cap"]
        refuse_below("cap", limit, allow_equal=False)
        limit, expected = broadcast(limit, expected, names=("cap", "the other arguments"))
        expected = np.minimum(expected, (limit * strike) ** 2)
    return as_given(np.asarray(value_of_one * notional / (2e2 * strike) * 1e4 * (expected - strike**2)))


def vega(strike_vol: Any, vega_notional: Any, fair_vol: Any, *, elapsed: Any = 0.0, discount: Any = 1.0) -> Any:
    """Return dV / dK_now of a swap without cap, money per 1.00 of volatility: 100 times the notional at the start."""
    read = _read_swap(strike_vol, vega_notional, fair_vol, elapsed, 0.0, discount)
    strike, notional, fair, share, _, value_of_one = read
    return as_given(np.asarray(value_of_one * notional / (2e2 * strike) * 2e4 * (1.0 - share) * fair))


def _read_swap(
    strike_vol: Any, vega_notional: Any, fair_vol: Any, elapsed: Any, realised_vol: Any, discount: Any
) -> tuple[FloatArray, ...]:
    given = {"strike_vol": strike_vol, "vega_notional": vega_notional, "fair_vol": fair_vol}
    read = numbers({**given, "elapsed": elapsed, "realised_vol": realised_vol, "discount": discount})
    for name in ("strike_vol", "discount"):
        refuse_below(name, read[name], allow_equal=False)
    for name in ("fair_vol", "elapsed", "realised_vol"):
        refuse_below(name, read[name], allow_equal=True)
    refuse_where(read["elapsed"] > 1.0, "elapsed", read["elapsed"], "must be a share from 0 to 1", "")
    return broadcast(*read.values(), names=read)


def _positive(name: str, value: float) -> float:
    read = numbers({name: value})[name]
    refuse_below(name, read, allow_equal=False)
    return float(read)


def _integrated(option: Callable[[float], float], deviation: float) -> float:
    """Return the integral over log-moneyness, panel by panel from the money outwards until nothing is added."""
    from scipy.integrate import quad

    total = 0.0
    for side in (-1.0, 1.0):
        start, width, wing = 0.0, _PANEL * deviation, 0.0
        while True:
            # The tolerance of a panel is far below what it adds: warnings of rounding say nothing and stay inside.
            ends = (start, start + width) if side > 0.0 else (-start - width, -start)
            part = float(quad(option, ends[0], ends[1], epsabs=1e-16, epsrel=1e-12, full_output=1)[0])
            wing, start = wing + part, start + width
            if start >= 6.0 * deviation:
                width *= 2.0
            if abs(part) <= 1e-15 * (total + wing) and start >= 4.0 * deviation:
                break
            if start > _WIDEST:
                name = "left" if side < 0.0 else "right"
                raise InputError(f"the {name} wing is too steep for a finite variance; flatten the smile far out")
        total += wing
    return total
