"""Price and Greeks from a moment function: one integral, each Greek the same integrand times a polynomial.

With M(z) = E[(S_T / F)**z], F the forward, k = log(K / F), T the years and r the rate, a call is::

    C = K exp(-r T) / (2 pi i)  *  integral of  M(z) exp(-z k) / (z (z - 1)) dz

upwards along any line that crosses the real axis at a point above 1 where M is finite; between 0 and 1 the same
integral is the call less the discounted forward, below 0 it is the put (A. Lewis, "A simple option formula for general
jump-diffusion", 2001). The line comes from :mod:`hedgerow.pricing.contour`, chosen for the option out of the money, so
that small prices keep their digits; the other one follows by parity. The trapezoidal rule along it converges
geometrically; steps are halved until two sums agree, and what does not agree is refused, never returned.

Where log M = A + B v**2 with v the initial volatility, each derivative in spot, v, T, r and q multiplies the integrand
by a polynomial of z, B and dA/dT, dB/dT: nothing is approximated by differences.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.errors import TransformError
from hedgerow.pricing import arguments, black_formula
from hedgerow.pricing.contour import ComplexArray, Contour, Exponent, MomentModel, chosen
from hedgerow.pricing.record import Greeks

Shape: TypeAlias = tuple[int, ...]

MARKET = ("spot", "strike", "years", "vol", "rate", "dividend_yield")
"""Names of the arguments that every model has, after the kind."""

FIRST_STEPS = 16
"""Steps of the coarsest sum."""

MOST_HALVINGS = 9
"""Halvings of the step before an option is given up: 16 * 2**9 = 8192 nodes."""

AGREEMENT = 1e-10
"""Change of a sum at a halving, relative to the sum of sizes, from which the finer sum is final: errors square."""

NO_VALUE = 1e-24
"""Bound of the time value, as a share of the spot, below which it is nothing."""

AT_ONCE = 512
"""Options that are integrated together; with 64 nodes at once, memory stays bounded and near the processor."""


@dataclass(frozen=True)
class Options:
    """Arguments of a transform model, every field a column of shape (options, 1)."""

    sign: FloatArray
    spot: FloatArray
    strike: FloatArray
    years: FloatArray
    vol: FloatArray
    rate: FloatArray
    dividend_yield: FloatArray

    @property
    def log_strike(self) -> FloatArray:
        """Return log(strike / forward)."""
        return np.asarray(np.log(self.strike / self.spot) - (self.rate - self.dividend_yield) * self.years)

    def rows(self, which: Any) -> Options:
        """Return a selection of the options."""
        return Options(**{name: value[which] for name, value in vars(self).items()})


def read(market: tuple[Any, ...], parameters: Mapping[str, Any]) -> tuple[Shape, Options, dict[str, FloatArray]]:
    """Return the shape of the result, the options and the model's parameters as columns; refuse what breaks a rule.

    Parameters
    ----------
    market : tuple
        kind, spot, strike, years, vol, rate and dividend yield.
    parameters : mapping of str to scalar or array
        The model's own, by name.

    Raises
    ------
    InputError
        For values that are no finite number, spot <= 0, negative strike, years or vol, shapes that do not fit, and
        what lies beyond the range that lognormal formulas span.
    """
    kind, *rest = market
    common = dict(zip(MARKET, rest, strict=True))
    black_formula.refuse_unfit(kind, common, ("spot",), ("strike", "vol"))
    given = arguments.numbers(common | dict(parameters))
    sign, *arrays = arguments.broadcast(arguments.signs(kind), *given.values(), names=("kind", *given))
    columns = dict(zip(given, (array.reshape(-1, 1) for array in arrays), strict=True))
    options = Options(sign.reshape(-1, 1), *(columns[name] for name in MARKET))
    return sign.shape, options, {name: columns[name] for name in parameters}


def refuse_failed(failed: BoolArray, shape: Shape) -> None:
    """Raise where an integral did not converge.

    Raises
    ------
    TransformError
        With the count, the first position and what to do.
    """
    if failed.any():
        place = np.unravel_index(int(np.argmax(failed)), shape)
        raise TransformError(
            f"the transform did not converge for {int(failed.sum())} of {failed.size} options, first at position "
            f"{tuple(map(int, place))}; its parameters lie beyond what double precision resolves: check their units"
        )


def record(found: Mapping[str, FloatArray], limit: BoolArray, shape: Shape) -> Greeks:
    """Return figures of n options as one record of the shape of the arguments, floats where there are no axes."""
    given: dict[str, Any] = {name: arguments.as_given(values.reshape(shape)) for name, values in found.items()}
    return Greeks(**given, limit=limit.reshape(shape) if shape else bool(limit[0, 0]))


def characteristic_function(
    argument: Any, years: Any, vol: Any, parameters: Mapping[str, Any], moments: Callable[..., MomentModel]
) -> Any:
    """Return E[exp(i u log(S_T / forward))] of a model.

    Parameters
    ----------
    argument : scalar or array
        u, real or complex.
    years, vol : scalar or array
        Years, at least 0, and initial volatility, at least 0.
    parameters : mapping of str to scalar or array
        The model's own.
    moments : callable
        (years, vol, parameters) to the model, as columns.

    Returns
    -------
    complex or array
        Of the broadcast shape.
    """
    u = np.asarray(argument, dtype=complex)
    given = arguments.numbers({"years": years, "vol": vol} | dict(parameters))
    arguments.numbers({"argument": np.abs(u)})
    for name in ("years", "vol"):
        arguments.refuse_below(name, given[name], allow_equal=True)
    waves, *arrays = arguments.broadcast(u, *given.values())
    columns = dict(zip(given, (array.reshape(-1, 1) for array in arrays), strict=True))
    span, now = columns.pop("years"), columns.pop("vol")
    with np.errstate(all="ignore"):
        exponent = moments(span, now, columns).exponent(np.asarray(1j * waves.reshape(-1, 1), complex))
        return arguments.as_given(np.exp(exponent.level + exponent.slope * now * now).reshape(waves.shape))


def figures(
    names: tuple[str, ...], model: MomentModel, options: Options, halvings: int | None = None
) -> tuple[dict[str, FloatArray], BoolArray]:
    """Return the named price and Greeks of n options, and where they could not be made.

    Parameters
    ----------
    names : tuple of str
        Fields of :class:`~hedgerow.pricing.record.Greeks`.
    model : MomentModel
        Moment function of the n options.
    options : Options
        Their arguments.
    halvings : int, optional
        Halvings of the step before an option counts as failed; ``MOST_HALVINGS`` by default.

    Returns
    -------
    found : dict of str to array of shape (n,)
        Raw derivatives, NaN where ``failed``.
    failed : bool array of shape (n,)
        Where the integral did not converge, or a figure is beyond what floating point holds.
    """
    count = options.spot.shape[0]
    values, failed = np.empty((len(names), count)), np.zeros(count, dtype=bool)
    if not names:
        return {}, failed
    with np.errstate(all="ignore"):
        certain = (model.deterministic | (options.strike == 0.0) | _out_of_reach(model, options))[:, 0]
        for certainly in (True, False):
            places = np.flatnonzero(certain == certainly)
            for start in range(0, places.size, AT_ONCE):
                some = places[start : start + AT_ONCE]
                part, given = model.rows(some), options.rows(some)
                if certainly:
                    values[:, some] = _settled(names, part, given)
                else:
                    most = MOST_HALVINGS if halvings is None else halvings
                    values[:, some], failed[some] = _integrated(names, part, given, most)
    return dict(zip(names, values, strict=True)), failed | np.isnan(values).any(axis=0)


def multiplied(names: tuple[str, ...], value: Any, z: Any, exponent: Exponent, options: Options) -> list[Any]:
    """Return the named figures of a payoff proportional to spot**z from its value: the polynomials of each Greek.

    Parameters
    ----------
    names : tuple of str
        Fields of :class:`~hedgerow.pricing.record.Greeks`.
    value : array
        Value of the payoff.
    z : array
        Power of the spot.
    exponent : Exponent
        Logarithm of the moment of order z.
    options : Options
        Spot, vol, years, rates.
    """
    o = options
    vega = exponent.slope * (2.0 * o.vol)
    years = exponent.level_rate + exponent.slope_rate * (o.vol * o.vol) + (o.rate - o.dividend_yield) * z - o.rate
    delta = value * z / o.spot
    gamma = delta * (z - 1.0) / o.spot
    made: Mapping[str, Callable[[], Any]] = {
        "price": lambda: value,
        "delta": lambda: delta,
        "gamma": lambda: gamma,
        "vega": lambda: value * vega,
        "theta": lambda: -value * years,
        "rho": lambda: value * (z - 1.0) * o.years,
        "dividend_rho": lambda: -value * z * o.years,
        "vanna": lambda: delta * vega,
        "volga": lambda: value * (vega * vega + 2.0 * exponent.slope),
        "charm": lambda: -delta * years,
        "speed": lambda: gamma * (z - 2.0) / o.spot,
        "color": lambda: -gamma * years,
        "zomma": lambda: gamma * vega,
    }
    return [made[name]() for name in names]


def _legs(names: tuple[str, ...], model: MomentModel, options: Options) -> tuple[FloatArray, FloatArray]:
    """Return the figures of the spot delivered at expiry and of the strike paid then, shape (names, n)."""
    legs = []
    for power, now in ((1.0, options.spot), (0.0, options.strike)):
        exponent = model.exponent(np.full(options.spot.shape, power, dtype=complex))
        growth = np.real(exponent.level + exponent.slope * options.vol**2)
        carry = options.dividend_yield if power else options.rate
        made = multiplied(names, now * np.exp(growth - carry * options.years), power, exponent, options)
        legs.append(np.array([np.real(np.broadcast_to(figure, options.spot.shape))[:, 0] for figure in made]))
    return legs[0], legs[1]


def _out_of_reach(model: MomentModel, options: Options) -> BoolArray:
    """Return where the time value is nothing: E max(x - a, 0) of a variable x of mean 0 is at most Var x / (4 a)."""
    return np.asarray(model.spread < 4.0 * NO_VALUE * np.abs(options.log_strike - model.location))


def _settled(names: tuple[str, ...], model: MomentModel, options: Options) -> FloatArray:
    """Return the figures of options whose exercise is certain: their legs or nothing, half of them at the kink."""
    asset, cash = _legs(names, model, options)
    above = np.where(options.strike > 0.0, model.location - options.log_strike, np.inf)[:, 0]
    carry = np.abs((options.rate - options.dividend_yield) * options.years) + np.abs(model.location)
    near = np.where(carry == 0.0, 0.0, 4.0 * np.finfo(float).eps * (1.0 + carry))[:, 0]
    kink = np.abs(above) <= near
    sign = options.sign[:, 0]
    share = np.where(kink, 0.5, (sign * above > 0.0).astype(float))
    total = sign * share * (asset - cash) + 0.0  # no negative zeros
    if kink.any():
        total[:, kink] += _kinked(names, model.rows(kink), options.rows(kink))
    return total


def _kinked(names: tuple[str, ...], model: MomentModel, options: Options) -> FloatArray:
    """Return the infinities, with their signs, of options at the kink, shape (names, n).

    Without time, signs follow from the smile of short maturities, whose slope in log strike is skew / (4 vol). With
    neither time nor initial volatility they are those of an option that never has any.
    """
    started = (options.years == 0.0) & (options.vol > 0.0)
    variance = np.where(started, options.vol**2, 0.0)
    skew = np.where(started, model.skew, 0.0)
    drift = options.rate - options.dividend_yield + model.drift
    one = np.ones_like(variance)
    towards = {
        "gamma": one,
        "theta": -one * started,
        "charm": -(drift + 0.5 * variance - 0.25 * skew),
        "speed": -np.where(started, drift + 1.5 * variance - 0.75 * skew, one),
        "color": one,
        "zomma": -one,
    }
    signed = [towards[name][:, 0] if name in towards else 0.0 * one[:, 0] for name in names]
    return np.array([np.where(values == 0.0, 0.0, np.copysign(np.inf, values)) for values in signed])


def _integrated(
    names: tuple[str, ...], model: MomentModel, options: Options, halvings: int
) -> tuple[FloatArray, BoolArray]:
    """Return the integrals with the legs that parity adds, shape (names, n), and where they failed."""
    contour = chosen(model, options.vol**2, options.log_strike)
    total, failed = _summed(names, model, options, contour, halvings)
    asset, cash = _legs(names, model, options)
    centre, put = contour.centre[:, 0], (options.sign[:, 0] < 0.0).astype(float)
    total += ((centre < 1.0) - put) * asset - ((centre < 0.0) - put) * cash
    if "price" in names:  # what is far out of the money may differ from nothing by rounding
        place = names.index("price")
        total[place] = np.maximum(total[place], 0.0)
    total[:, failed] = np.nan
    return total, failed


def _summed(
    names: tuple[str, ...], model: MomentModel, options: Options, contour: Contour, halvings: int
) -> tuple[FloatArray, BoolArray]:
    """Halve the step of the trapezoidal rule until two sums agree, dropping options as they are done."""
    count = options.spot.shape[0]
    result, active = np.full((len(names), count), np.nan), np.arange(count)
    steps = FIRST_STEPS
    weights = np.ones(steps + 1)
    weights[0] = 0.5
    total, size = _nodes(names, model, options, contour, np.arange(steps + 1.0) / steps, weights)
    total, size = total / steps, size / steps
    for _ in range(halvings):
        places = (np.arange(steps) + 0.5) / steps
        more, more_size = _nodes(names, model, options, contour, places, np.ones(steps))
        finer, size = 0.5 * (total + more / steps), 0.5 * (size + more_size / steps)
        steps *= 2
        done = (np.abs(finer - total) <= AGREEMENT * size + _negligible(names, options)).all(axis=0)
        result[:, active[done]] = finer[:, done]
        left = ~done
        if not left.any():
            return result, np.zeros(count, dtype=bool)
        active, total, size = active[left], finer[:, left], size[:, left]
        model, options, contour = model.rows(left), options.rows(left), contour.rows(left)
    return result, np.isin(np.arange(count), active)


def _negligible(names: tuple[str, ...], options: Options) -> FloatArray:
    """Return changes too small to matter whatever the sum: 1e-18 of the spot for a price, and the like."""
    powers = {"delta": 1, "vanna": 1, "charm": 1, "gamma": 2, "zomma": 2, "color": 2, "speed": 3}
    return np.array([1e-18 * options.spot[:, 0] ** (1 - powers.get(name, 0)) for name in names])


def _nodes(
    names: tuple[str, ...],
    model: MomentModel,
    options: Options,
    contour: Contour,
    places: FloatArray,
    weights: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Return weighted sums over nodes at ``places`` of the reach, and the sums of their sizes, shape (names, n)."""
    count = options.spot.shape[0]
    total, size = np.zeros((len(names), count)), np.zeros((len(names), count))
    block = max(16, 32768 // count)
    for start in range(0, places.size, block):
        z, slope = contour.at(contour.reach * places[start : start + block])
        exponent, value = _integrand(model, options, z)
        scale = slope * weights[start : start + block]
        for place, figure in enumerate(multiplied(names, value * scale, z, exponent, options)):
            height = np.imag(figure)
            total[place] += height.sum(axis=1)
            size[place] += np.abs(height).sum(axis=1)
    reach = contour.reach[:, 0] / np.pi
    return total * reach, size * reach


def _integrand(model: MomentModel, options: Options, z: ComplexArray) -> tuple[Exponent, ComplexArray]:
    """Return the exponent at z and the discounted value of the wave of that power."""
    exponent = model.exponent(z)
    phase = exponent.level + exponent.slope * options.vol**2 - z * options.log_strike - options.rate * options.years
    return exponent, np.asarray(np.exp(phase) * options.strike / (z * (z - 1.0)))
