"""Models whose price is one formula: read the arguments, evaluate the formula on jets, return price or Greeks.

A model gives two formulas over :class:`Option`: one for options that have time and volatility left, and one for those
that have none, whose future is certain. This module chooses between them point by point and makes the record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.pricing import black_formula, jets
from hedgerow.pricing.arguments import as_given, broadcast, numbers, refuse_lost, signs
from hedgerow.pricing.jets import Jet
from hedgerow.pricing.record import Greeks, checked_names

TINY_DEVIATION = 1e-60
"""Below this volatility times square root of years nothing is left to chance in floating point."""
TINY_STRIKE = 1e-300
"""Stands for a strike of zero, whose logarithm does not exist; the price is the same to the last digit."""
_STEPS = (1e-3, 1e-4)
"""Deviations from which figures at a kink are carried to their limit."""


@dataclass(frozen=True)
class Option:
    """Arguments of one formula: flat arrays of equal length, five of them as jets.

    Attributes
    ----------
    sign : array
        +1 for calls, -1 for puts.
    strike : array
        Strikes, positive.
    spot, vol, years, rate, dividend_yield : Jet
        The variables of the derivatives.
    parameters : dict of str to array
        Parameters of the model.
    """

    sign: FloatArray
    strike: FloatArray
    spot: Jet
    vol: Jet
    years: Jet
    rate: Jet
    dividend_yield: Jet
    parameters: Mapping[str, FloatArray]

    @property
    def discount(self) -> Jet:
        """Value today of one unit of money at expiry."""
        return jets.exp(-(self.rate * self.years))

    @property
    def discounted_forward(self) -> Jet:
        """Value today of one unit of the underlying at expiry."""
        return self.spot * jets.exp(-(self.dividend_yield * self.years))

    @property
    def log_moneyness(self) -> Jet:
        """Logarithm of forward over strike."""
        return jets.log(self.spot) - np.log(self.strike) + (self.rate - self.dividend_yield) * self.years

    @property
    def deviation(self) -> Jet:
        """Volatility times square root of years."""
        return self.vol * jets.sqrt(self.years)


Formula = Callable[[Option], Jet]


@dataclass(frozen=True)
class Model:
    """What a closed-form model consists of.

    Attributes
    ----------
    formula : callable
        Option to price where volatility and time are left.
    settled : callable
        Option to price where either is zero: the path is the forward path.
    kink : callable
        Option to bool array: where the settled price has a kink or a jump, so that derivatives may be infinite.
    """

    formula: Formula
    settled: Formula
    kink: Callable[[Option], BoolArray]


def black(sign: Any, discounted_forward: Jet, discounted_strike: Jet, log_moneyness: Jet, deviation: Jet) -> Jet:
    """Return Black's price sign (F N(sign d1) - K N(sign d2)) of discounted forward F and strike K.

    Parameters
    ----------
    sign : array
        +1 for calls, -1 for puts.
    discounted_forward, discounted_strike : Jet
        Values today of the two legs.
    log_moneyness, deviation : Jet
        log F/K and volatility times square root of years, positive.
    """
    d1 = log_moneyness / deviation + deviation * 0.5
    d2 = d1 - deviation
    difference = discounted_forward * jets.normal_cdf(d1 * sign) - discounted_strike * jets.normal_cdf(d2 * sign)
    price: Jet = difference * sign
    return price


def intrinsic(option: Option) -> Jet:
    """Return the price of a European option whose underlying goes to its forward for certain."""
    gain = (option.discounted_forward - option.discount * option.strike) * option.sign
    return jets.where(gain.value > 0.0, gain, gain * 0.0)


def forward_at_strike(option: Option) -> BoolArray:
    """Return where the forward equals the strike to rounding: the kink of a European payoff."""
    return np.asarray(np.abs(option.log_moneyness.value) <= 1e-15)


def contract(kind: Any, spot: Any, strike: Any, years: Any, vol: Any, rate: Any, dividend_yield: Any) -> dict[str, Any]:
    """Return the arguments that all models share by their names, as they were given."""
    variables = {"spot": spot, "strike": strike, "years": years, "vol": vol}
    return {"kind": kind, **variables, "rate": rate, "dividend_yield": dividend_yield}


def price(model: Model, given: Mapping[str, Any], parameters: Mapping[str, Any]) -> Any:
    """Return the prices of a model: a float for scalars, else an array of the broadcast shape."""
    return greeks(model, given, parameters, ("price",)).price


def greeks(
    model: Model, given: Mapping[str, Any], parameters: Mapping[str, Any], names: Iterable[str] | str | None
) -> Greeks:
    """Return the record of Greeks of a model.

    Parameters
    ----------
    model : Model
        Its formulas.
    given : mapping
        What :func:`contract` makes.
    parameters : mapping of str to scalar or array
        Parameters of the model, numbers.
    names : iterable of str or None
        Figures wanted; None for all twelve Greeks.

    Raises
    ------
    InputError
        For what is no number, a spot that is not positive, negative strike, years or vol.
    """
    wanted = checked_names(names)
    sign, read = read_contract(given, parameters)
    shape = read["spot"].shape
    flat = {name: values.ravel() for name, values in read.items()}
    deviation = flat["vol"] * np.sqrt(flat["years"])
    settled = deviation < TINY_DEVIATION
    found = {name: np.empty(flat["spot"].shape) for name in wanted}
    with np.errstate(all="ignore"):
        for rows, formula in ((~settled, model.formula), (settled, model.settled)):
            if rows.any():
                _fill(found, rows, _figures(formula, _option(sign.ravel(), flat, rows, wanted), wanted))
        if settled.any() and wanted != ("price",):
            _fill_kinks(found, model, sign.ravel(), flat, settled, wanted)
    shaped = {name: values.reshape(shape) for name, values in found.items()}
    refuse_lost(shaped)
    figures = {name: as_given(values) for name, values in shaped.items()}
    return Greeks(**figures, limit=settled.reshape(shape) if shape else bool(settled[0]))


def read_contract(given: Mapping[str, Any], parameters: Mapping[str, Any]) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Return signs and all numbers, checked and broadcast against each other; a zero strike becomes a tiny one."""
    values = {name: value for name, value in given.items() if name != "kind"}
    black_formula.refuse_unfit(given["kind"], values, ("spot",), ("strike", "vol"), bounded=False)
    read = numbers({**values, **parameters})
    read["strike"] = np.maximum(read["strike"], TINY_STRIKE)
    sign, *arrays = broadcast(signs(given["kind"]), *read.values(), names=("kind", *read))
    return sign, dict(zip(read, arrays, strict=True))


def _option(sign: FloatArray, flat: Mapping[str, FloatArray], rows: Any, names: Iterable[str]) -> Option:
    values = {name: array[rows] for name, array in flat.items()}
    own = ("spot", "vol", "years", "rate", "dividend_yield")
    spot, vol, years, rate, dividend_yield = (values[name] for name in own)
    five = jets.variables(spot, vol, years, rate, dividend_yield, names)
    rest = {name: array for name, array in values.items() if name not in (*own, "strike")}
    return Option(sign[rows], values["strike"], *five, rest)


def _figures(formula: Formula, option: Option, names: Iterable[str]) -> dict[str, FloatArray]:
    return {name: np.asarray(values) for name, values in jets.figures(formula(option), names).items()}


def _fill(found: Mapping[str, FloatArray], rows: Any, figures: Mapping[str, FloatArray]) -> None:
    for name, values in figures.items():
        found[name][rows] = values


def _fill_kinks(
    found: Mapping[str, FloatArray],
    model: Model,
    sign: FloatArray,
    flat: Mapping[str, FloatArray],
    settled: BoolArray,
    names: tuple[str, ...],
) -> None:
    """Put the limits of the Greeks, finite or infinite, where the settled price has its kink."""
    rows = np.flatnonzero(settled)
    rows = rows[model.kink(_option(sign, flat, rows, ("price",)))]
    if not rows.size:
        return
    far, near = (
        _figures(model.formula, _option(sign, _with_deviation(flat, step), rows, names), names) for step in _STEPS
    )
    for name in names:
        if name != "price":
            found[name][rows] = _limit(far[name], near[name])


def _with_deviation(flat: Mapping[str, FloatArray], deviation: float) -> dict[str, FloatArray]:
    """Return the arguments with the deviation given: by years where these are zero, else by volatility."""
    moved = dict(flat)
    no_time = flat["years"] <= 0.0
    root = np.sqrt(np.where(no_time, 1.0, flat["years"]))
    moved["vol"] = np.where(no_time, np.where(flat["vol"] > 1e-6, flat["vol"], 1.0), deviation / root)
    moved["years"] = np.where(no_time, (deviation / moved["vol"]) ** 2, flat["years"])
    return moved


def _limit(far: FloatArray, near: FloatArray) -> FloatArray:
    """Return the limit of figures at deviations of 1e-3 and 1e-4: infinite, zero, or extrapolated."""
    ratio = _STEPS[0] / _STEPS[1]
    growing, falling = np.abs(near) > 3.0 * np.abs(far), np.abs(near) < np.abs(far) / 3.0
    finite = np.where(falling, 0.0, (ratio * near - far) / (ratio - 1.0))
    return np.where(growing & (np.abs(near) > 1e-12), np.copysign(np.inf, near), finite)
