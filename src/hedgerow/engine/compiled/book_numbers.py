"""The numbers that the book's stages take at each step: constants of the formulas, the same for every path."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hedgerow._types import BoolArray, FloatArray, IntArray
from hedgerow.engine.compiled.book_sums import HEAD, LEG
from hedgerow.engine.compiled.legs import Legs

LEAST_VOLATILITY = 1e-4
"""Lowest implied volatility at which a book is marked where volatility moves."""
_FLAT = 8.0
"""Size of d1 beyond which the normal distribution is 0 or 1 to the last digit."""


def one_option_numbers(legs: Legs, volatility: float | None, names: tuple[str, ...]) -> dict[str, FloatArray]:
    """Return the numbers of the rules for one option, (n_steps,) each; once it has expired its weight is 0."""
    vol = float(legs.vol[0]) if volatility is None else volatility
    years = legs.years[:-1, 0]
    live = years > 0.0
    years = np.where(live, years, 1.0)
    root = vol * np.sqrt(years)
    inverse = 1.0 / root
    units = np.where(live, float(legs.weight[0]), 0.0)
    weight = units * np.exp(-legs.carry * years)
    put = float(legs.sign[0] < 0.0)
    drift = legs.rate - legs.carry
    density = weight * inverse / np.sqrt(2.0 * np.pi)
    found = {
        "inverse": inverse,
        "shift": (drift * years - np.log(legs.strike[0])) * inverse + 0.5 * root,
        "weight": weight,
        "offset": -weight * put,
        "put": np.full(len(years), put),
        "cash": units * float(legs.strike[0]) * np.exp(-legs.rate * years),
        "root": root,
        "rate": np.full(len(years), legs.rate),
        "drift": np.full(len(years), drift),
        "log_density": np.log(np.maximum(np.abs(density), 1e-300)),
        "density": density,
        "decay": np.full(len(years), -0.5 * vol * vol),
    }
    return {name: found[name] for name in names}


def sum_numbers(
    legs: Legs, volatility: float | None, implied: float, *, times: Sequence[int] | None = None
) -> FloatArray:
    """Return the numbers of the stages that add up options, (n_steps, width).

    Parameters
    ----------
    legs : Legs
    volatility : float or None
        One for all options; None for each its own.
    implied : float
        Start of the row ``implied``, from which each option's own volatility keeps its distance.
    times : sequence of int, optional
        Moments of the grid; the start of every step unless said.
    """
    options = np.flatnonzero(legs.sign != 0.0)
    moments = range(len(legs.years) - 1) if times is None else times
    table = np.zeros((len(moments), HEAD + LEG * len(options)))
    table[:, 1], table[:, 2] = legs.units, LEAST_VOLATILITY
    sign, strike, weight = legs.sign[options], legs.strike[options], legs.weight[options]
    vol = legs.vol[options] if volatility is None else np.full(len(options), volatility)
    for step, moment in enumerate(moments):
        years = legs.years[moment, options]
        live = years > 0.0
        count = int(live.sum())
        table[step, 0] = count
        left = years[live]
        share = weight[live] * np.exp(-legs.carry * left)
        cash = weight[live] * strike[live] * np.exp(-legs.rate * left)
        fixed = [np.full(count, legs.rate), np.full(count, legs.rate - legs.carry)]
        columns = [np.log(strike[live]), strike[live], vol[live] - implied, left, np.sqrt(left)]
        columns += [share, cash, (sign[live] < 0.0).astype(float), *fixed]
        table[step, HEAD : HEAD + LEG * count] = np.column_stack(columns).ravel()
    return table


def payoff_numbers(legs: Legs) -> FloatArray:
    """Return count, then sign, strike and weight of the options that expire over each step, (n_steps, width)."""
    n_steps = len(legs.years) - 1
    table = np.zeros((n_steps, 1 + 3 * len(legs.sign)))
    for step in np.flatnonzero(legs.expiring.any(axis=1)):
        ends = legs.expiring[step]
        table[step, 0] = ends.sum()
        columns = np.column_stack([legs.sign[ends], legs.strike[ends], legs.weight[ends]])
        table[step, 1 : 1 + columns.size] = columns.ravel()
    return table


def table_range(legs: Legs, volatility: float | None) -> tuple[float, float]:
    """Return the ends of a table in log spot, beyond which every option's delta stands still for good.

    That is where |d1| passes 8 at all times; wherever the scenario takes the spot, the ends of the table stand for it.
    """
    options, deviation = _deviations(legs, volatility)
    widest = deviation[0]
    centre = np.log(legs.strike[options])
    drift = abs(legs.rate - legs.carry) * legs.years[0, options]
    reach = (_FLAT + 0.5 * widest) * widest + drift + 0.01
    return float((centre - reach).min()), float((centre + reach).max())


def resolved_by(legs: Legs, volatility: float | None, gap: float) -> BoolArray:
    """Return at which decisions nodes so far apart in log spot resolve the delta of every live option, (n_steps,).

    Four nodes to a standard deviation of what is left of its life: cubic interpolation is then right to 1e-5.
    """
    _, deviation = _deviations(legs, volatility)
    narrowest = np.where(deviation > 0.0, deviation, np.inf)[:-1].min(axis=1)
    return np.asarray(narrowest >= 4.0 * gap)


def _deviations(legs: Legs, volatility: float | None) -> tuple[IntArray, FloatArray]:
    """Return the places of the options and volatility x root of years at every time, 0 once expired, (n_times, n)."""
    options = np.flatnonzero(legs.sign != 0.0)
    vol = legs.vol[options] if volatility is None else np.full(len(options), volatility)
    return options, vol * np.sqrt(np.maximum(legs.years[:, options], 0.0))
