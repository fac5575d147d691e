"""Model-free variance from a strip of options, and the 30-day volatility index of two strips, as Cboe publishes it.

For one expiry, with K0 the strike at or next below the forward F and Q the mid of each out-of-the-money quote (at K0
the average of call and put)::

    variance = 2/T * sum of dK / K^2 * exp(R T) * Q(K)  -  1/T * (F / K0 - 1)^2

dK is half the distance between a strike's neighbours among those used, the whole distance to its one neighbour at the
ends. Going out from K0, options without a bid are left out, and after two strikes running without a bid nothing
farther is used. The forward comes from the strike at which call and put mid differ least: F = K + exp(R T) (C - P).

References
----------
Cboe, "Volatility Index Methodology: Cboe Volatility Index" and the "VIX White Paper" before it; Demeterfi, Derman,
Kamal and Zou (1999), "More than you ever wanted to know about volatility swaps", Goldman Sachs.

Examples
--------
>>> strip = pd.DataFrame({"kind": ["call", "put"] * 3, "strike": [90, 90, 100, 100, 110, 110],
...                       "bid": [10.9, 0.9, 3.9, 3.9, 0.9, 10.9], "ask": [11.1, 1.1, 4.1, 4.1, 1.1, 11.1]})
>>> found = model_free_variance(strip, years=0.25, rate=0.0)
>>> found.forward, found.centre_strike, round(found.volatility, 4)
(100.0, 100.0, 0.2202)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, sqrt

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import ColumnError, DataError, InputError, did_you_mean
from hedgerow.market.dates import moment
from hedgerow.pricing.arguments import numbers, refuse_below, refuse_where, signs
from hedgerow.units import CALENDAR_DAYS_PER_YEAR

MINUTES_PER_YEAR = 525_600
_COLUMNS = ("kind", "strike", "bid", "ask")


@dataclass(frozen=True)
class ModelFreeVariance:
    """Variance implied by the options of one expiry, and the quotes it came from.

    Attributes
    ----------
    variance : float
        Per year, decimals: 0.04 is a volatility of 20 %.
    years, rate : float
        Time to settlement, and the continuously compounded rate to it.
    forward : float
        Forward price of the underlying, given or from parity.
    forward_strike : float or None
        Strike at which call and put differ least; None where the forward was given.
    centre_strike : float
        K0, the strike at or next below the forward.
    quotes : DataFrame (n_used,)
        By strike: kind (put, both or call), mid, strike_width (dK) and contribution (dK / K^2 * exp(R T) * mid).
    left_out : DataFrame (n_left_out,)
        Out-of-the-money quotes not used: strike, kind and reason, from the centre outwards.
    """

    variance: float
    years: float
    rate: float
    forward: float
    forward_strike: float | None
    centre_strike: float
    quotes: pd.DataFrame
    left_out: pd.DataFrame

    @property
    def volatility(self) -> float:
        """Square root of the variance, decimals per year."""
        return sqrt(self.variance)

    @property
    def reach(self) -> tuple[float, float]:
        """Lowest and highest strike used, in standard deviations from the forward: what the strip cannot see."""
        ends = self.quotes["strike"].to_numpy()[[0, -1]]
        low, high = np.log(ends / self.forward) / (self.volatility * sqrt(self.years))
        return float(low), float(high)


@dataclass(frozen=True)
class VolatilityIndex:
    """Volatility to one horizon, from two expiries.

    Attributes
    ----------
    index : float
        In points: 20.0 is 20 % a year.
    target_days : float
        The horizon in calendar days.
    weight_near : float
        Weight of the near expiry's total variance; the next has the rest.
    near, next_term : ModelFreeVariance
        The two expiries.
    extrapolated : bool
        True where the horizon does not lie between the two, so that one weight is negative.
    """

    index: float
    target_days: float
    weight_near: float
    near: ModelFreeVariance
    next_term: ModelFreeVariance
    extrapolated: bool


def model_free_variance(
    chain: pd.DataFrame, *, years: float, rate: float, forward: float | None = None
) -> ModelFreeVariance:
    """Return the variance that the European options of one expiry imply, without a model.

    Parameters
    ----------
    chain : DataFrame (n_options,)
        One row per option of one expiry: kind ("call" or "put"), strike, bid, ask. A bid of 0 is no bid.
    years : float
        Time to settlement, above 0; :func:`minutes_as_years` counts it to the minute.
    rate : float
        Continuously compounded rate to settlement, decimals per year.
    forward : float, optional
        Forward price; from the strike of least difference between call and put (both with a bid) unless given.

    Returns
    -------
    ModelFreeVariance
        The variance and the quotes used.

    Raises
    ------
    ColumnError
        A needed column is not there.
    InputError
        A quote that is missing, negative or crossed, a strike not above 0, or the same option twice.
    DataError
        No strike with call and put to find the forward or its centre, or no bid on one side.
    """
    table = _checked_chain(chain)
    read = numbers({"years": years, "rate": rate})
    refuse_below("years", read["years"], allow_equal=False)
    growth = exp(float(rate) * float(years))
    strike_of_forward = None
    if forward is None:
        strike_of_forward, forward = _parity_forward(table, growth)
    refuse_below("forward", numbers({"forward": forward})["forward"], allow_equal=False)
    centre = _centre(table, float(forward))
    used, left_out = _strip(table, centre)
    strikes, mids = used["strike"].to_numpy(), used["mid"].to_numpy()
    widths = _widths(strikes)
    contributions = widths / np.square(strikes) * growth * mids
    variance = (2.0 * float(contributions.sum()) - (float(forward) / centre - 1.0) ** 2) / float(years)
    if not variance > 0.0:
        raise DataError(f"the strip implies a variance of {variance:g}; check its forward {forward:g} and its quotes")
    quotes = used.assign(strike_width=widths, contribution=contributions)
    return ModelFreeVariance(
        variance, float(years), float(rate), float(forward), strike_of_forward, centre, quotes, left_out
    )


def volatility_index(
    near: ModelFreeVariance, next_term: ModelFreeVariance, *, target_days: float = 30.0
) -> VolatilityIndex:
    """Return the volatility index at a horizon from two expiries, linear in total variance.

    ``index = 100 sqrt((T1 v1 (T2 - T) + T2 v2 (T - T1)) / (T2 - T1) / T)`` with T = target_days / 365.

    Parameters
    ----------
    near, next_term : ModelFreeVariance
        The earlier and the later expiry; Cboe takes those that enclose 30 days.
    target_days : float
        Horizon in calendar days.

    Returns
    -------
    VolatilityIndex
        The index in points, with the weight of the earlier expiry and whether the horizon lies outside the two.

    Raises
    ------
    InputError
        The expiries are not in order, or the horizon is not above 0.
    DataError
        Extrapolation that ends in a negative variance.
    """
    refuse_below("target_days", numbers({"target_days": target_days})["target_days"], allow_equal=False)
    if not near.years < next_term.years:
        raise InputError(
            f"near must expire before next_term; received {near.years:g} and {next_term.years:g} years; swap them"
        )
    target = target_days / CALENDAR_DAYS_PER_YEAR
    weight = (next_term.years - target) / (next_term.years - near.years)
    total = weight * near.years * near.variance + (1.0 - weight) * next_term.years * next_term.variance
    if not total > 0.0:
        raise DataError(
            f"{target_days:g} days lie so far outside the two expiries that their line of variance is {total:g} there; "
            "take expiries that enclose the horizon"
        )
    outside = not near.years <= target <= next_term.years
    return VolatilityIndex(100.0 * sqrt(total / target), float(target_days), weight, near, next_term, outside)


def minutes_as_years(quoted_at: object, settles_at: object) -> float:
    """Return the minutes from quote to settlement over the 525,600 of a year of 365 days.

    Parameters
    ----------
    quoted_at, settles_at : Timestamp or ISO text
        Both on the exchange's clock; standard S&P 500 options settle at 8:30 of their day, weekly ones at 15:00.

    Raises
    ------
    InputError
        Something that is no time, or a settlement that is not after the quote.

    Examples
    --------
    >>> round(minutes_as_years("2011-01-03 15:15", "2011-01-21 08:30"), 6)
    0.048545
    """
    start, end = moment(quoted_at, "quoted_at"), moment(settles_at, "settles_at")
    if not end > start:
        raise InputError(f"settles_at must be after quoted_at; received {end} and {start}; the options have settled")
    return float((end - start) / pd.Timedelta(minutes=1)) / MINUTES_PER_YEAR


def _checked_chain(chain: pd.DataFrame) -> pd.DataFrame:
    """Return strikes in order with the mid of call and put, and whether each has a bid."""
    if not isinstance(chain, pd.DataFrame):
        raise InputError(f"chain must be a pandas DataFrame; received {type(chain).__name__}")
    absent = [name for name in _COLUMNS if name not in chain.columns]
    if absent:
        columns = [str(name) for name in chain.columns]
        hint = did_you_mean(absent[0], columns)
        raise ColumnError(f"the chain has no column {absent[0]!r}{hint} (columns: {', '.join(columns)})")
    read = numbers({name: chain[name].to_numpy() for name in _COLUMNS[1:]})
    strike, bid, ask = read["strike"], read["bid"], read["ask"]
    refuse_below("strike", strike, allow_equal=False)
    refuse_below("bid", bid, allow_equal=True)
    refuse_where(bid > ask, "bid", bid, "must not be above the ask (a crossed quote)", "correct or leave out the quote")
    is_call = signs(chain["kind"].to_numpy()) > 0.0
    sides = pd.DataFrame({"strike": strike, "mid": 0.5 * (bid + ask), "has_bid": bid > 0.0, "call": is_call})
    twice = sides.duplicated(["strike", "call"]).to_numpy()
    refuse_where(twice, "strike", strike, "must be there once per call and put", "give the options of one expiry only")
    call, put = (sides[sides["call"] == side].set_index("strike")[["mid", "has_bid"]] for side in (True, False))
    return call.add_suffix("_call").join(put.add_suffix("_put"), how="outer").sort_index()


def _both(table: pd.DataFrame) -> pd.DataFrame:
    """Return the strikes at which call and put have a bid."""
    return table[table["has_bid_call"].eq(True) & table["has_bid_put"].eq(True)]


def _parity_forward(table: pd.DataFrame, growth: float) -> tuple[float, float]:
    both = _both(table)
    if not len(both):
        raise DataError("no strike has a bid for both call and put; give the forward or more quotes")
    differences = (both["mid_call"] - both["mid_put"]).to_numpy()
    at = int(np.argmin(np.abs(differences)))
    strike = float(both.index[at])
    return strike, strike + growth * float(differences[at])


def _centre(table: pd.DataFrame, forward: float) -> float:
    below = _both(table).index
    below = below[below <= forward]
    if not len(below):
        raise DataError(
            f"no strike with a bid for call and put stands at or below the forward {forward:g}; give more strikes"
        )
    return float(below[-1])


def _strip(table: pd.DataFrame, centre: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the quotes used, by strike, and the out-of-the-money quotes left out with their reasons."""
    puts, lost_puts = _one_side(table.loc[table.index < centre].iloc[::-1], "put")
    calls, lost_calls = _one_side(table.loc[table.index > centre], "call")
    for kind, found in (("put", puts), ("call", calls)):
        if not found:
            side = "below" if kind == "put" else "above"
            raise DataError(
                f"no {kind} with a bid stands {side} the strike {centre:g} next to the forward; give quotes"
            )
    middle = float(table.loc[table.index == centre, ["mid_call", "mid_put"]].to_numpy().mean())
    used = [*reversed(puts), (centre, "both", middle), *calls]
    lost = pd.DataFrame([*lost_puts, *lost_calls], columns=["strike", "kind", "reason"])
    return pd.DataFrame(used, columns=["strike", "kind", "mid"]), lost


def _one_side(side: pd.DataFrame, kind: str) -> tuple[list[tuple[float, str, float]], list[tuple[float, str, str]]]:
    used: list[tuple[float, str, float]] = []
    lost: list[tuple[float, str, str]] = []
    listed = side[side[f"mid_{kind}"].notna()]
    without_bid = 0
    for strike, mid, has_bid in zip(listed.index, listed[f"mid_{kind}"], listed[f"has_bid_{kind}"], strict=True):
        if without_bid >= 2:
            lost.append((float(strike), kind, "beyond two strikes running without a bid"))
        elif has_bid:
            without_bid = 0
            used.append((float(strike), kind, float(mid)))
        else:
            without_bid += 1
            lost.append((float(strike), kind, "no bid"))
    return used, lost


def _widths(strikes: FloatArray) -> FloatArray:
    widths = np.empty_like(strikes)
    widths[1:-1] = 0.5 * (strikes[2:] - strikes[:-2])
    widths[0], widths[-1] = strikes[1] - strikes[0], strikes[-1] - strikes[-2]
    return widths
