"""Stochastic-volatility-inspired smiles: total variance of one expiry as a hyperbola in log-moneyness.

Gatheral's raw form, with k = log(strike / forward) and w = implied volatility squared times years::

    w(k) = a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2))

>>> from hedgerow.pricing import svi
>>> smile = svi.SVI(level=0.02, slope=0.1, correlation=-0.6, shift=0.05, curvature=0.2)
>>> round(svi.volatility(0.0, 0.5, smile), 6)
0.295349
>>> bool(svi.density_factor(0.0, smile) > 0.0)
True

References
----------
J. Gatheral, *A parsimonious arbitrage-free implied volatility parameterization* (2004); J. Gatheral and A. Jacquier,
*Arbitrage-free SVI volatility surfaces*, Quantitative Finance 14 (2014) 59-71.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.pricing import black_formula, by_jets, jets
from hedgerow.pricing.arguments import as_floats, as_given, broadcast, numbers, refuse_below, refuse_where, signs
from hedgerow.pricing.by_jets import TINY_STRIKE, Model, Option, black, forward_at_strike, intrinsic
from hedgerow.pricing.jets import Jet
from hedgerow.pricing.record import Greeks


@dataclass(frozen=True)
class SVI:
    """One slice of a volatility surface in Gatheral's raw parameters.

    Attributes
    ----------
    level : float or array
        a, total variance that the hyperbola is lifted by; may be negative.
    slope : float or array
        b >= 0: the wings rise by b (1 + rho) on the right and b (1 - rho) on the left per unit of k.
    correlation : float or array
        rho, from -1 to 1: tilt of the smile.
    shift : float or array
        m: where the hyperbola is centred, in log-moneyness.
    curvature : float or array
        sigma > 0: width of the rounded bottom, in log-moneyness.
    """

    level: Any
    slope: Any
    correlation: Any
    shift: Any
    curvature: Any

    @property
    def least_variance(self) -> Any:
        """Least total variance over all strikes, a + b sigma sqrt(1 - rho^2); must not be negative."""
        return self.level + self.slope * self.curvature * np.sqrt(1.0 - np.square(self.correlation))


@dataclass(frozen=True)
class JumpWings:
    """The same slice in quantities a trader sees, at years T.

    Attributes
    ----------
    variance : float or array
        v = w(0) / T, at-the-money variance.
    skew : float or array
        psi, slope of volatility times sqrt(T) at the money, dw/dk(0) / (2 sqrt(w(0))).
    left_wing, right_wing : float or array
        p and c, slopes of total variance to the left and right over sqrt(w(0)); not negative.
    least_variance : float or array
        v~, least total variance over T.
    """

    variance: Any
    skew: Any
    left_wing: Any
    right_wing: Any
    least_variance: Any


def total_variance(log_moneyness: Any, slice: SVI) -> Any:
    """Return w(k), implied volatility squared times years.

    Parameters
    ----------
    log_moneyness : scalar or array
        k = log(strike / forward).
    slice : SVI
        The slice; its fields broadcast with k.

    Raises
    ------
    InputError
        Where b is negative, rho outside [-1, 1], sigma not positive, or the least variance negative.
    """
    return as_given(_derivatives(log_moneyness, slice)[0])


def slope(log_moneyness: Any, slice: SVI) -> Any:
    """Return dw/dk = b (rho + (k - m) / sqrt((k - m)^2 + sigma^2))."""
    return as_given(_derivatives(log_moneyness, slice)[1])


def curvature(log_moneyness: Any, slice: SVI) -> Any:
    """Return d2w/dk2 = b sigma^2 / ((k - m)^2 + sigma^2)^(3/2), never negative."""
    return as_given(_derivatives(log_moneyness, slice)[2])


def density_factor(log_moneyness: Any, slice: SVI) -> Any:
    """Return Gatheral and Jacquier's g(k): the slice admits no butterfly arbitrage if and only if g >= 0 everywhere.

    g = (1 - k w' / (2 w))^2 - w'^2 / 4 (1/w + 1/4) + w'' / 2. The risk-neutral density of the log return is
    g(k) exp(-d2^2 / 2) / sqrt(2 pi w). Infinite of either sign where w = 0.
    """
    w, first, second = _derivatives(log_moneyness, slice)
    k = as_floats(log_moneyness)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.square(1.0 - k * first / (2.0 * w)) - np.square(first) / 4.0 * (1.0 / w + 0.25) + second / 2.0
        at_zero = np.where(np.square(k) >= w, np.inf, -np.inf)
    return as_given(np.where(np.isnan(factor), at_zero, factor))


def volatility(log_moneyness: Any, years: Any, slice: SVI) -> Any:
    """Return the implied volatility sqrt(w(k) / years), annual.

    Raises
    ------
    InputError
        For years that are not positive, or an impossible slice.
    """
    read = numbers({"years": years})
    refuse_below("years", read["years"], allow_equal=False)
    return as_given(np.sqrt(_derivatives(log_moneyness, slice)[0] / read["years"]))


def price(kind: Any, spot: Any, strike: Any, years: Any, slice: SVI, rate: Any = 0.0, dividend_yield: Any = 0.0) -> Any:
    """Return Black's price at the volatility that the slice has at the strike.

    Parameters
    ----------
    kind : str, int or array
        ``"call"`` or ``"put"``, or +1 and -1.
    spot, strike : scalar or array
        Spot > 0 and strike >= 0, money per unit.
    years : scalar or array
        Time to the expiry that the slice belongs to, >= 0; at 0 the price is intrinsic.
    slice : SVI
        Total variance at that expiry.
    rate, dividend_yield : scalar or array
        Continuously compounded decimals.

    Returns
    -------
    float or array
        Money per unit of underlying.

    Raises
    ------
    InputError
        For impossible arguments, with field and position.
    """
    return greeks(kind, spot, strike, years, slice, rate, dividend_yield, names=("price",)).price


def greeks(
    kind: Any,
    spot: Any,
    strike: Any,
    years: Any,
    slice: SVI,
    rate: Any = 0.0,
    dividend_yield: Any = 0.0,
    *,
    names: Iterable[str] | str | None = None,
) -> Greeks:
    """Return total derivatives of :func:`price` at fixed parameters: the smile rides with the forward.

    Delta contains the change of volatility as the strike's log-moneyness changes ("sticky moneyness"). Vega is to a
    parallel shift of the implied volatility of all strikes. Theta holds volatility at each log-moneyness fixed, so the
    slice's total variance runs off in proportion to time.

    Parameters
    ----------
    kind, spot, strike, years, slice, rate, dividend_yield
        As in :func:`price`.
    names : iterable of str, optional
        Figures wanted; all twelve Greeks when None.
    """
    read = numbers({"spot": spot, "strike": strike, "years": years, "rate": rate, "dividend_yield": dividend_yield})
    black_formula.refuse_unfit(kind, read, ("spot",), ("strike",), bounded=False)
    read["strike"] = np.maximum(read["strike"], TINY_STRIKE)
    raw_read = _read(slice)
    sign, *arrays = broadcast(signs(kind), *read.values(), *raw_read.values(), names=("kind", *read, *raw_read))
    spot, strike, years, rate, dividend_yield, *raw = arrays
    log_moneyness = np.log(strike / spot) - (rate - dividend_yield) * years
    total = _derivatives(log_moneyness, SVI(*raw))[0]
    # At expiry no volatility exists, and none is needed.
    vol = np.sqrt(total / np.where(years > 0.0, years, np.inf))
    contract = by_jets.contract(sign, spot, strike, years, vol, rate, dividend_yield)
    parameters = dict(zip((field.name for field in fields(SVI)), raw, strict=True))
    parameters["per_root_year"] = np.where(years > 0.0, 1.0 / np.sqrt(np.where(years > 0.0, years, 1.0)), 0.0)
    return by_jets.greeks(_MODEL, contract, parameters, names)


def jump_wings(years: Any, slice: SVI) -> JumpWings:
    """Return the slice in jump-wings parameters at the years given.

    Raises
    ------
    InputError
        For years that are not positive, an impossible slice, or one without variance at the money.
    """
    years = _years(years)
    read = _read(slice)
    w, first, _ = (np.asarray(part) for part in _derivatives(0.0, slice))
    refuse_where(w <= 0.0, "variance at the money", w, "must be above 0 for jump wings", "raise the level")
    root = np.sqrt(w)
    b, rho = read["slope"], read["correlation"]
    least = np.asarray(slice.least_variance / years)
    given = (w / years, first / (2.0 * root), b * (1.0 - rho) / root, b * (1.0 + rho) / root, least)
    return JumpWings(*(as_given(part) for part in given))


def from_jump_wings(years: Any, wings: JumpWings) -> SVI:
    """Return the raw slice of jump-wings parameters at the years given.

    Raises
    ------
    InputError
        For what is no number, years or variance that are not positive, wings that are negative or both 0, a skew
        steeper than a wing, or a least variance beyond the at-the-money variance.
    """
    years = _years(years)
    read = numbers({field.name: getattr(wings, field.name) for field in fields(JumpWings)})
    refuse_below("variance", read["variance"], allow_equal=False)
    for name in ("left_wing", "right_wing"):
        refuse_below(name, read[name], allow_equal=True)
    flat = np.asarray(read["left_wing"] + read["right_wing"])
    refuse_below("sum of left_wing and right_wing", flat, allow_equal=False)
    w = np.asarray(read["variance"] * years, dtype=np.float64)
    root, lowest = np.sqrt(w), read["least_variance"] * years
    b = root * (read["left_wing"] + read["right_wing"]) / 2.0
    rho = 1.0 - read["left_wing"] * root / b
    # beta = m / sqrt(m^2 + sigma^2) follows from the slope at the money.
    beta = rho - 2.0 * read["skew"] * root / b
    refuse_where(np.abs(beta) >= 1.0, "skew", read["skew"], "must be less steep than the wings", "")
    refuse_where(lowest > w, "least_variance", read["least_variance"], "must not exceed the variance at the money", "")
    # With h = sqrt(m^2 + sigma^2): w(0) - least = b h (1 - rho beta - sqrt((1 - rho^2) (1 - beta^2))).
    shape = 1.0 - rho * beta - np.sqrt((1.0 - rho**2) * (1.0 - beta**2))
    refuse_where(shape <= 1e-14, "skew", wings.skew, "must not be zero: the form has no scale then", "")
    h = (w - lowest) / (b * shape)
    sigma = h * np.sqrt(1.0 - beta**2)
    a = lowest - b * sigma * np.sqrt(1.0 - rho**2)
    return SVI(*(as_given(np.asarray(part)) for part in (a, b, rho, beta * h, sigma)))


def _years(years: Any) -> FloatArray:
    read = numbers({"years": years})["years"]
    refuse_below("years", read, allow_equal=False)
    return read


def _read(slice: SVI) -> dict[str, FloatArray]:
    """Return the slice's parameters as arrays, refusing what is no smile."""
    if not isinstance(slice, SVI):
        raise InputError(
            f"slice must be an SVI, not {slice!r}; give svi.SVI(level, slope, correlation, shift, curvature)"
        )
    read = numbers({field.name: getattr(slice, field.name) for field in fields(SVI)})
    refuse_below("slope", read["slope"], allow_equal=True)
    refuse_below("curvature", read["curvature"], allow_equal=False)
    refuse_where(np.abs(read["correlation"]) > 1.0, "correlation", read["correlation"], "must be from -1 to 1", "")
    least = np.asarray(SVI(*read.values()).least_variance)
    # Tolerance: a slice that just touches zero must not fail by rounding.
    remedy = "raise the level"
    refuse_where(least < -1e-14, "least variance of the slice", least, "must not be negative", remedy)
    return read


def _derivatives(log_moneyness: Any, slice: SVI) -> tuple[FloatArray, FloatArray, FloatArray]:
    a, b, rho, m, sigma = _read(slice).values()
    y = numbers({"log_moneyness": log_moneyness})["log_moneyness"] - m
    root = np.hypot(y, sigma)
    w = np.maximum(a + b * (rho * y + root), 0.0)
    return np.asarray(w), np.asarray(b * (rho + y / root)), np.asarray(b * np.square(sigma / root) / root)


def _formula(option: Option) -> Jet:
    a, b, rho, m, sigma = (option.parameters[field.name] for field in fields(SVI))
    x = option.log_moneyness
    y = -x - m
    w = (y * rho + jets.sqrt(y * y + np.square(sigma))) * b + a
    # Where a slice touches zero its volatility has a corner; no slope is taken there.
    touching = w.value <= 0.0
    smile = jets.sqrt(jets.where(touching, w * 0.0 + 1.0, w)) * option.parameters["per_root_year"]
    smile = jets.where(touching, w * 0.0, smile)
    vol = option.vol + (smile - smile.value)
    deviation = vol * jets.sqrt(option.years)
    return black(option.sign, option.discounted_forward, option.discount * option.strike, x, deviation)


_MODEL = Model(_formula, intrinsic, forward_at_strike)
