"""What to do when it happens: an emergency ratio, a stop level, or an option that comes alive at a barrier."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.compare.stress.position import HedgedPosition
from hedgerow.compare.stress.results import StressTest
from hedgerow.errors import InputError, did_you_mean

_SMALLEST_SHARE = 1e-9


@dataclass(frozen=True)
class StopLevels:
    """Prices at which a given loss is reached, other prices unchanged unless said.

    Attributes
    ----------
    loss : float
        The loss, money, positive.
    exposure_alone : float
        Price of the exposure at which the unhedged position, or one whose hedges stand still, has lost it.
    exposure_hedged : float or None
        The same with the hedges following by their betas; None where the hedge then offsets everything.
    hedges : tuple of float or None, length n_hedges
        Price of each hedge at which that hedge alone has lost it; None for a hedge that is not held.
    """

    loss: float
    exposure_alone: float
    exposure_hedged: float | None
    hedges: tuple[float | None, ...]


@dataclass(frozen=True)
class KnockIn:
    """Terms of an option that protects once a level is touched.

    Parameters
    ----------
    instrument : str
        The exposure, or a hedge; the option protects what is held of it: a put where it is held long, a call where
        sold.
    barrier : float
        Level at which the option comes alive, in the instrument's price; below it for a put, above it for a call.
    vol : float
        Annual volatility, decimal, as you would be quoted; not estimated here.
    years : float
        Time to expiry.
    strike : float, optional
        The latest price unless said, so that the option makes good the whole move once it lives.
    rate : float
        Continuously compounded, per year.
    dividend_yield : float, optional
        Of the instrument; equal to ``rate``, as for a future, unless said.
    """

    instrument: str
    barrier: float
    vol: float
    years: float
    strike: float | None = None
    rate: float = 0.0
    dividend_yield: float | None = None


@dataclass(frozen=True, eq=False)
class KnockInPlan:
    """What contingent protection costs and pays.

    Attributes
    ----------
    terms : KnockIn
    kind, barrier_kind : str
        "put" and "down-and-in", or "call" and "up-and-in".
    strike : float
    units : float
        Units of the instrument protected: all that is held of it.
    cost : float
        Premium for them, money.
    plain_cost : float
        What the same option without a barrier costs.
    table : pandas.DataFrame
        By scenario with a move: ``touched``, ``payoff`` (the option at expiry after the move, money) and
        ``loss_with_option`` (hedged loss, less the payoff, plus the cost).
    """

    terms: KnockIn
    kind: str
    barrier_kind: str
    strike: float
    units: float
    cost: float
    plain_cost: float
    table: pd.DataFrame


def stop_levels(test: StressTest, loss: float) -> StopLevels:
    """Return the prices at which a loss is reached.

    Parameters
    ----------
    test : StressTest
        Its position must know the latest prices.
    loss : float
        Money, above 0.

    Returns
    -------
    StopLevels

    Raises
    ------
    InputError
        Where the loss is not above 0 or the latest prices are not known.
    """
    if not (np.isfinite(loss) and loss > 0.0):
        raise InputError(f"a stop needs a loss above 0, not {loss}")
    position, moments = test.position, test.moments
    prices, scales = _latest(position)
    quantity, ratio = position.market.quantity, np.array(position.ratio)
    betas = moments.correlations[0, 1:] * moments.volatilities[1:] / moments.volatilities[0]
    left = 1.0 - float(ratio @ betas)
    hedged = None if abs(left) < _SMALLEST_SHARE else float(prices[0] - scales[0] * loss / (quantity * left))
    hedges = tuple(
        None if one == 0.0 else float(prices[1 + i] + scales[1 + i] * loss / (quantity * one))
        for i, one in enumerate(ratio)
    )
    return StopLevels(loss, float(prices[0] - scales[0] * loss / quantity), hedged, hedges)


def knock_in_plan(test: StressTest, terms: KnockIn) -> KnockInPlan:
    """Return the cost of a knock-in option on what is held, and what it pays in each scenario that moves prices.

    Parameters
    ----------
    test : StressTest
        Its position must know the latest prices.
    terms : KnockIn
        Instrument, barrier, volatility, time.

    Returns
    -------
    KnockInPlan

    Raises
    ------
    InputError
        An instrument that is not held, a barrier on the wrong side of the price, or what
        :mod:`hedgerow.pricing.barrier` refuses, a price of 0 or less among it.
    """
    from hedgerow.pricing import barrier as barrier_options, black_scholes

    number, units = _held(test.position, terms)
    prices, scales = _latest(test.position)
    price, is_long = float(prices[number]), units > 0.0
    kind, barrier_kind = ("put", "down-and-in") if is_long else ("call", "up-and-in")
    if (terms.barrier >= price) if is_long else (terms.barrier <= price):
        side = "below" if is_long else "above"
        raise InputError(
            f"the barrier {terms.barrier:g} must lie {side} the latest price {price:g} of {terms.instrument}, "
            f"since {'a fall' if is_long else 'a rise'} is what hurts; move it"
        )
    strike = price if terms.strike is None else terms.strike
    yields = terms.rate if terms.dividend_yield is None else terms.dividend_yield
    market = (kind, price, strike, terms.years, terms.vol, terms.rate, yields)
    each = float(barrier_options.price(*market, barrier=terms.barrier, barrier_kind=barrier_kind))
    plain = float(black_scholes.price(*market))
    table = _payoffs(test, terms, number, float(scales[number]), (price, strike, units, abs(units) * each))
    return KnockInPlan(terms, kind, barrier_kind, strike, abs(units), abs(units) * each, abs(units) * plain, table)


def _payoffs(
    test: StressTest, terms: KnockIn, number: int, scale: float, held: tuple[float, float, float, float]
) -> pd.DataFrame:
    """Return what the option pays where prices move; the move is one way, so it touches what lies between."""
    price, strike, units, cost = held
    rows: dict[str, dict[str, object]] = {}
    for result in test.results:
        if result.moves is None:
            continue
        end = price + scale * float(result.moves[number])
        touched = end <= terms.barrier if units > 0.0 else end >= terms.barrier
        inside = max(strike - end, 0.0) if units > 0.0 else max(end - strike, 0.0)
        payoff = abs(units) * inside if touched else 0.0
        rows[result.scenario.name] = {
            "touched": touched,
            "payoff": payoff,
            "loss_with_option": result.hedged.loss - payoff + cost,
        }
    columns = ["touched", "payoff", "loss_with_option"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("scenario")


def _held(position: HedgedPosition, terms: KnockIn) -> tuple[int, float]:
    """Return which instrument it is and the units of it that are held, positive = long, in price units."""
    if terms.instrument not in position.names:
        hint = did_you_mean(terms.instrument, position.names)
        raise InputError(f"{terms.instrument!r} is not held{hint}; held: {', '.join(position.names)}")
    number = position.names.index(terms.instrument)
    scale = 1.0 if position.scales is None else position.scales[number]
    units = float(position.market.quantity * position.weights[number] / scale)
    if units == 0.0:
        raise InputError(f"nothing is held of {terms.instrument!r}, so there is nothing to protect; choose another")
    return number, units


def _latest(position: HedgedPosition) -> tuple[FloatArray, FloatArray]:
    if position.prices is None:
        raise InputError("stop levels and barrier options need the latest prices of the exposure and its hedges")
    prices = np.array(position.prices)
    return prices, np.ones_like(prices) if position.scales is None else np.array(position.scales)
