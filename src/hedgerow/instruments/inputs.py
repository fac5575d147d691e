"""From positions and a market to the arrays that formulas take: spot, years, volatility, rate, carry, dividends."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray, FloatArray, IntArray
from hedgerow.errors import InputError
from hedgerow.instruments.columns import MARGINED_TYPES, VIX_TYPES, VOLATILITY_TYPES, Columns
from hedgerow.instruments.market_state import MarketState, Underlying
from hedgerow.instruments.moments import years_between


@dataclass(frozen=True)
class Inputs:
    """Arguments of formulas, one element per position.

    Attributes
    ----------
    spot : float array, (n,)
        Price of the underlying; for volatility indices the quoted forward of the position's expiry.
    fixing : float array, (n,)
        The spot up to which variance has been realised: the spot of the valuation, also after a scenario's move.
    years : float array, (n,)
        To expiry, ACT/365; 0 for spot.
    vol : float array, (n,)
        NaN for what needs none.
    rate, carry : float array, (n,)
        Rate, and yield with borrow (or what a quoted forward implies).
    dividends : float array, (n,)
        Present value of discrete dividends up to expiry.
    dividend_duration : float array, (n,)
        Sum of ex-time times present value: minus the derivative of ``dividends`` by the rate.
    schedules : tuple of two float arrays, per underlying
        Years to and amounts of its discrete dividends still to come.
    weight_left, accrued : float array, (n,)
        Of variance swaps: part of the life per year to expiry (1 / life), and variance realised times its share.
    """

    spot: FloatArray
    fixing: FloatArray
    years: FloatArray
    vol: FloatArray
    rate: FloatArray
    carry: FloatArray
    dividends: FloatArray
    dividend_duration: FloatArray
    weight_left: FloatArray
    accrued: FloatArray
    schedules: tuple[tuple[FloatArray, FloatArray], ...] = ()

    def take(self, rows: IntArray) -> Inputs:
        """Return some positions; all of them without a copy."""
        if len(rows) == len(self.spot):
            return self
        arrays = {each.name: getattr(self, each.name)[rows] for each in fields(self) if each.name != "schedules"}
        return replace(self, **arrays)

    def moved(self, spot_move: Any, vol_move: Any) -> Inputs:
        """Return the inputs after a relative move of spots, a number or (n,), and an absolute one of volatilities.

        Where no time is left, the volatility no longer matters and stays. Moves of shape (moves, 1) give volatilities
        of shape (moves, n).
        """
        vol = np.where(self.years > 0.0, self.vol + vol_move, self.vol)
        return replace(self, spot=self.spot * (1.0 + spot_move), vol=vol)


def resolve(columns: Columns, market: MarketState) -> Inputs:
    """Return the arguments of formulas for every position.

    Parameters
    ----------
    columns : Columns
    market : MarketState

    Returns
    -------
    Inputs

    Raises
    ------
    InputError
        For an underlying that the market lacks, an expiry in the past, a volatility or forward that is missing.
    """
    known = [market.underlying(name) for name in columns.names]
    years = years_between(_moment(market), columns.expiry)
    _refuse_expired(columns, years, market)
    spot = _each(known, "spot", columns)
    inputs = Inputs(
        spot=spot,
        fixing=spot,
        years=years,
        vol=columns.mark,
        rate=_each(known, "rate", columns),
        carry=_each(known, "dividend_yield", columns) + _each(known, "borrow", columns),
        dividends=np.zeros(len(columns)),
        dividend_duration=np.zeros(len(columns)),
        weight_left=np.zeros(len(columns)),
        accrued=np.zeros(len(columns)),
    )
    inputs = _with_dividends(inputs, columns, known, market)
    inputs = _with_quoted_forwards(inputs, columns, known)
    inputs = _with_variance_terms(inputs, columns)
    return replace(inputs, vol=_volatilities(inputs, columns, known))


def later(inputs: Inputs, columns: Columns, market: MarketState, days: float) -> Inputs:
    """Return the inputs ``days`` calendar days on: each position keeps its volatility, rate and carry.

    What expires meanwhile has no time left and is worth its payoff; dividends paid meanwhile have left.
    """
    if days == 0.0:
        return inputs
    then = market.later(days)
    years = np.maximum(years_between(_moment(then), columns.expiry), 0.0)
    known = [market.underlying(name) for name in columns.names]
    aged = replace(inputs, years=years)
    if not inputs.dividends.any():
        return aged
    aged = _with_dividends(aged, columns, known, then)
    none = inputs.dividends == 0.0  # a quoted forward stands in their place
    return replace(
        aged,
        dividends=np.where(none, 0.0, aged.dividends),
        dividend_duration=np.where(none, 0.0, aged.dividend_duration),
    )


def _moment(market: MarketState) -> Any:
    return market.moment.to_datetime64()


def _each(known: list[Underlying], name: str, columns: Columns) -> FloatArray:
    return np.array([getattr(each, name) for each in known], dtype=np.float64)[columns.underlying]


def _refuse_expired(columns: Columns, years: FloatArray, market: MarketState) -> None:
    wrong = years < 0.0
    if wrong.any():
        when = pd.Timestamp(columns.expiry[int(np.argmax(wrong))])
        fault = f"expired on {when:%Y-%m-%d} at {when:%H:%M}, before the valuation at {market.moment:%Y-%m-%d %H:%M}"
        columns.refuse(wrong, fault, "settle what has expired and leave it out")


def _with_dividends(inputs: Inputs, columns: Columns, known: list[Underlying], market: MarketState) -> Inputs:
    """Return the inputs with the present value of the dividends that leave the price before each expiry."""
    if not any(each.dividends for each in known):
        return inputs
    value, duration = np.zeros(len(columns)), np.zeros(len(columns))
    schedules = tuple(_dividend_schedule(each, market) for each in known)
    for code, (each, (times, amounts)) in enumerate(zip(known, schedules, strict=True)):
        rows = np.flatnonzero(columns.underlying == code)
        if not len(times):
            continue
        present = amounts * np.exp(-each.rate * times)
        up_to = np.searchsorted(times, inputs.years[rows], side="right")
        value[rows] = np.concatenate([[0.0], np.cumsum(present)])[up_to]
        duration[rows] = np.concatenate([[0.0], np.cumsum(times * present)])[up_to]
    return replace(inputs, dividends=value, dividend_duration=duration, schedules=schedules)


def _dividend_schedule(underlying: Underlying, market: MarketState) -> tuple[FloatArray, FloatArray]:
    """Return years to and amounts of the dividends still to come, in order of time, those of one day added up."""
    paid: dict[pd.Timestamp, float] = {}
    for day, amount in sorted(underlying.ex_dates()):
        paid[day] = paid.get(day, 0.0) + amount
    times = years_between(_moment(market), np.array([day.to_datetime64() for day in paid], dtype="M8[us]"))
    amounts = np.array(list(paid.values()), dtype=np.float64)
    return times[times > 0.0], amounts[times > 0.0]


def _with_quoted_forwards(inputs: Inputs, columns: Columns, known: list[Underlying]) -> Inputs:
    """Return the inputs with the carry that quoted forwards imply, and volatility indices at their forward."""
    on_index = columns.is_type(*VIX_TYPES)
    if not on_index.any() and not any(each.forwards for each in known):
        return inputs
    quoted = _quoted(columns, inputs.years, known)
    missing = on_index & np.isnan(quoted)
    if missing.any():
        day = pd.Timestamp(columns.expiry[int(np.argmax(missing))])
        remedy = f"a volatility index has no carry: give Underlying(forwards={{'{day:%Y-%m-%d}': ...}})"
        columns.refuse(missing, "needs the price of the future of its expiry", remedy)
    columns.refuse(quoted <= 0.0, "has a forward not above 0", "correct it", quoted)
    used = ~np.isnan(quoted) & ~on_index & (inputs.years > 0.0)
    columns.refuse(used & (inputs.spot <= 0.0), "has a quoted forward and a spot not above 0", "leave the forward out")
    ratio = np.divide(quoted, inputs.spot, out=np.ones(len(columns)), where=used)
    implied = inputs.rate - np.divide(np.log(ratio), inputs.years, out=np.zeros(len(columns)), where=used)
    spot = np.where(on_index, quoted, inputs.spot)
    return replace(
        inputs,
        spot=spot,
        fixing=spot,
        carry=np.where(used, implied, inputs.carry),
        dividends=np.where(used, 0.0, inputs.dividends),
        dividend_duration=np.where(used, 0.0, inputs.dividend_duration),
    )


def _quoted(columns: Columns, years: FloatArray, known: list[Underlying]) -> FloatArray:
    quoted = np.full(len(columns), np.nan)
    days = columns.expiry.astype("M8[D]")
    for code, each in enumerate(known):
        if callable(each.forwards):
            rows = np.flatnonzero((columns.underlying == code) & (years > 0.0))
            quoted[rows] = np.asarray(each.forwards(years[rows]), dtype=np.float64) if len(rows) else 0.0
            continue
        for day, price in each.forward_days().items():
            quoted[(columns.underlying == code) & (days == day.to_datetime64().astype("M8[D]"))] = price
    return quoted


def _with_variance_terms(inputs: Inputs, columns: Columns) -> Inputs:
    """Return the inputs with what of each variance swap's life is left and what has been realised."""
    swaps = columns.is_type("variance_swap")
    if not swaps.any():
        return inputs
    start, end = columns.extras["start"], columns.expiry
    begun = swaps & ~np.isnat(start)
    life = inputs.years.copy()
    life[begun] = [years_between(a, np.array(b))[()] for a, b in zip(start[begun], end[begun], strict=True)]
    columns.refuse(swaps & (life <= 0.0), "does not start before its expiry", "give its start")
    columns.refuse(
        swaps & (life < inputs.years), "starts after the valuation", "forward-starting swaps have no price here"
    )
    per_year = np.divide(1.0, life, out=np.zeros(len(columns)), where=swaps)
    accrued = np.where(swaps, (1.0 - inputs.years * per_year) * columns.extras["realised"] ** 2, 0.0)
    return replace(inputs, weight_left=per_year, accrued=accrued)


def _volatilities(inputs: Inputs, columns: Columns, known: list[Underlying]) -> FloatArray:
    """Return each position's volatility: its own mark, else its underlying's number or surface."""
    flat = np.array([_flat(each.vol) for each in known])[columns.underlying]
    vol = np.where(np.isnan(columns.mark), flat, columns.mark)
    needed = columns.is_type(*VOLATILITY_TYPES) & np.isnan(vol)
    for code, each in enumerate(known):
        if each.vol is None or not np.isnan(_flat(each.vol)):
            continue
        here = needed & (columns.underlying == code)
        vol[here & (inputs.years == 0.0)] = 0.0  # with no time left none matters, and surfaces know none
        rows = np.flatnonzero(here & (inputs.years > 0.0))
        if len(rows):
            vol[rows] = _from_surface(each.vol, inputs.take(rows), columns.take(rows))
    lacking = columns.is_type(*VOLATILITY_TYPES) & np.isnan(vol)
    columns.refuse(lacking, "has no volatility", "give Underlying(vol=...) or the position's own mark, vol")
    return vol


def _flat(vol: Any) -> float:
    return float("nan") if vol is None or callable(vol) or hasattr(vol, "volatility") else float(vol)


def _from_surface(surface: Any, inputs: Inputs, columns: Columns) -> FloatArray:
    forward = forwards(inputs, columns.is_type(*VIX_TYPES))
    swaps = columns.is_type("variance_swap")
    strike = np.where(swaps, forward, columns.strike)
    vol = np.array(ask_surface(surface, strike, inputs.years, forward))
    for row in np.flatnonzero(swaps):
        vol[row] = _fair_volatility(surface, float(inputs.years[row]), float(forward[row]))
    wrong = ~(np.isfinite(vol) & (vol >= 0.0))
    columns.refuse(wrong, "gets no volatility from its surface", "widen the surface or give the position's mark", vol)
    return vol


def _fair_volatility(surface: Any, years: float, forward: float) -> float:
    """Return the root of the variance that options on a surface replicate."""
    from hedgerow.pricing.variance_swap import fair_variance

    def smile(log_moneyness: Any) -> Any:
        strike = forward * np.exp(np.asarray(log_moneyness, dtype=np.float64))
        return ask_surface(surface, strike, np.full(strike.shape, years), np.full(strike.shape, forward))

    return float(np.sqrt(fair_variance(smile, years)))


def forwards(inputs: Inputs, on_index: BoolArray) -> FloatArray:
    """Return the forward of each position's expiry."""
    carried = (inputs.spot - inputs.dividends) * np.exp((inputs.rate - inputs.carry) * inputs.years)
    return np.where(on_index, inputs.spot, carried)


def ask_surface(surface: Any, strike: FloatArray, years: FloatArray, forward: FloatArray) -> FloatArray:
    """Return a surface's volatilities at strikes and years, as an array of their shape.

    Raises
    ------
    InputError
        Where the answer has another shape or is no number.
    """
    found = surface.volatility(strike, years) if hasattr(surface, "volatility") else surface(strike, years, forward)
    try:
        return np.broadcast_to(np.asarray(found, dtype=np.float64), strike.shape)
    except (TypeError, ValueError):
        raise InputError(
            f"the volatility surface answered {strike.shape} strikes with {np.shape(found)} figures; it must take "
            "arrays and return an array of their shape"
        ) from None


def is_margined(columns: Columns) -> BoolArray:
    """Return where a position's gains are paid daily, so that its value is 0."""
    return columns.is_type(*MARGINED_TYPES)
