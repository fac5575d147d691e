"""Heston's stochastic volatility: variance that reverts to a mean and moves with the spot.

Under the pricing measure, with S the spot, w its variance, r the rate and q the dividend yield::

    dS / S = (r - q) dt + sqrt(w) dX            w(0) = vol**2
    dw = mean_reversion (long_vol**2 - w) dt + vol_of_variance sqrt(w) dY        dX dY = correlation dt

S. Heston, Review of Financial Studies 6 (1993). Prices and Greeks come from one integral of the moment function,
:mod:`hedgerow.pricing.transform`; the moment function is written in terms that are even in the square root it contains
and that stay exact for ``vol_of_variance`` down to 0 (compare H. Albrecher et al., "The little Heston trap", 2007).

>>> model = {"mean_reversion": 1.5, "long_vol": 0.25, "vol_of_variance": 0.6, "correlation": -0.7}
>>> round(price("call", 100.0, 105.0, 0.5, 0.2, 0.02, **model), 10)
3.4197194452
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.pricing import arguments, transform
from hedgerow.pricing.contour import ComplexArray, Exponent
from hedgerow.pricing.record import Greeks, checked_names

WIDEST_BEND = np.pi / 10.0
"""Leaning further would leave the sector in which a normal distribution's moments fall."""

NO_VARIANCE = 1e-60
"""A smaller expected variance until expiry, a deviation of 1e-30, counts as none."""


@dataclass(frozen=True)
class Moments:
    """Moment function of Heston's model: log E[(S_T / forward)**z] = level + slope * vol**2.

    With p = z (z - 1), b = kappa - rho sigma z, d = sqrt(b**2 - sigma**2 p), e = exp(-d T) and s = (1 - e) / d::

        slope = p s / (1 + e + b s)
        level = kappa theta ((b - d) T - 2 log(1 + (b - d) s / 2)) / sigma**2

    Attributes
    ----------
    years, vol, mean_reversion, long_variance, vol_of_variance, correlation : array of shape (options, 1)
        T, initial volatility, kappa, theta, sigma, rho.
    """

    years: FloatArray
    vol: FloatArray
    mean_reversion: FloatArray
    long_variance: FloatArray
    vol_of_variance: FloatArray
    correlation: FloatArray

    @property
    def deterministic(self) -> BoolArray:
        """Return where there is no time, or no variance now or later; what cannot be told from none counts as none."""
        return np.asarray(self.spread < NO_VARIANCE)

    @property
    def spread(self) -> FloatArray:
        """Return the expected variance until expiry."""
        reverted = self.mean_reversion * self.years
        share = np.where(reverted > 0.0, -np.expm1(-reverted) / np.where(reverted > 0.0, reverted, 1.0), 1.0)
        return np.asarray(self.years * (self.long_variance * (1.0 - share) + self.vol * self.vol * share))

    @property
    def skew(self) -> FloatArray:
        """Return rho sigma, the covariance per unit of variance: what tilts the smile at short times."""
        return self.correlation * self.vol_of_variance

    @property
    def drift(self) -> FloatArray:
        """Return 0: nothing is added to the drift of the logarithm between jumps, as there are none."""
        return np.zeros_like(self.years)

    @property
    def location(self) -> FloatArray:
        """Return 0: without variance the spot at expiry is the forward."""
        return np.zeros_like(self.years)

    def rows(self, which: Any) -> Moments:
        """Return the model of a selection of options."""
        return Moments(**{name: value[which] for name, value in vars(self).items()})

    @np.errstate(all="ignore")
    def exponent(self, z: ComplexArray) -> Exponent:
        """Return level and slope at z and their derivatives in the years."""
        square = self.vol_of_variance**2
        p = z * (z - 1.0)
        b = self.mean_reversion - (self.correlation * self.vol_of_variance) * z
        d = np.sqrt(b * b - square * p)
        decay = -np.expm1(-d * self.years)
        s = np.where(d == 0.0, self.years, decay / d)
        denominator = 2.0 - decay + b * s
        slope = np.where(p == 0.0, 0.0, p * s / denominator)
        # what the Riccati equation p / 2 - b slope + sigma**2 slope**2 / 2 comes to, without its cancellation
        slope_rate = np.where(p == 0.0, 0.0, 2.0 * p * np.exp(-d * self.years) / (denominator * denominator))
        # (b - d) / sigma**2 without cancellation: the sum of b and d is away from 0 where their directions agree
        aligned = b.real * d.real + b.imag * d.imag >= 0.0
        gap = np.where(aligned, p / (b + d), (b - d) / square)
        half = 0.5 * gap * s
        logarithm = np.where(square == 0.0, half, _log1p(np.asarray(square * half, complex)) / square)
        pull = self.mean_reversion * self.long_variance
        level = np.where((pull == 0.0) | (p == 0.0), 0.0, pull * (gap * self.years - 2.0 * logarithm))
        return Exponent(level, slope, pull * slope, slope_rate)

    @np.errstate(all="ignore")
    def explodes(self, z: FloatArray) -> BoolArray:
        """Return where the moment of real order z is infinite by expiry (Andersen and Piterbarg, 2007)."""
        b = self.mean_reversion - self.correlation * self.vol_of_variance * z
        root = b * b - self.vol_of_variance**2 * z * (z - 1.0)
        d = np.sqrt(np.abs(root))
        turning = 2.0 * np.arctan2(d, -b) / d
        growing = np.where(b < 0.0, np.log((b - d) / (b + d)) / d, np.inf)
        outside = z * (z - 1.0) > 0.0
        return np.asarray(outside & (self.years >= np.where(root < 0.0, turning, growing)))

    def bend(self, log_strike: FloatArray) -> FloatArray:
        """Return the angle of steepest descent far from the origin, cut to the sector allowed."""
        spread = (self.vol**2 + self.mean_reversion * self.long_variance * self.years) / self.vol_of_variance
        angle = np.arctan2(
            log_strike + self.correlation * spread, spread * np.sqrt(1.0 - self.correlation * self.correlation)
        )
        # towards the poles the wave of a strike 40 deviations away would grow before the moments fall
        astray = (angle * log_strike < 0.0) & (log_strike * log_strike > 1600.0 * self.spread)
        bent = np.clip(angle, -WIDEST_BEND, WIDEST_BEND)
        return np.where((self.vol_of_variance > 0.0) & ~astray, bent, 0.0)


def _log1p(x: ComplexArray) -> ComplexArray:
    """Return log(1 + x) with small x kept, which NumPy's own does for real numbers only."""
    modulus = 0.5 * np.log1p(x.real * (2.0 + x.real) + x.imag * x.imag)
    return np.asarray(modulus + 1j * np.arctan2(x.imag, 1.0 + x.real))


def price(
    kind: Any,
    spot: Any,
    strike: Any,
    years: Any,
    vol: Any,
    rate: Any = 0.0,
    dividend_yield: Any = 0.0,
    *,
    mean_reversion: Any,
    long_vol: Any,
    vol_of_variance: Any,
    correlation: Any,
) -> Any:
    """Return prices of European options under Heston's model.

    Parameters
    ----------
    kind : str, int or array of either
        ``"call"`` or ``"put"``, their first letters, or +1 and -1.
    spot, strike : float or array
        Money per unit; the spot above 0, the strike at least 0.
    years : float or array
        Years to expiry, at least 0.
    vol : float or array
        Initial volatility, the square root of the variance now: annual, as a decimal, at least 0.
    rate, dividend_yield : float or array
        Annual, continuously compounded, as decimals; may be negative.
    mean_reversion : float or array
        Speed at which the variance returns, per year, at least 0.
    long_vol : float or array
        Square root of the variance to which it returns, at least 0.
    vol_of_variance : float or array
        Volatility of the variance ("vol of vol"), at least 0; at 0 the variance moves with certainty.
    correlation : float or array
        Of spot and variance, from -1 to 1, both allowed.

    Returns
    -------
    float or array
        Money per unit, broadcast over all arguments.

    Raises
    ------
    InputError
        Where an argument breaks a rule: which, where, and how many.
    TransformError
        Where the integral did not converge; nothing is returned then.

    Examples
    --------
    >>> model = {"mean_reversion": 2.0, "long_vol": 0.2, "vol_of_variance": 0.0, "correlation": 0.0}
    >>> round(price("put", 100.0, 100.0, 1.0, 0.2, **model), 6)
    7.965567
    """
    market = (kind, spot, strike, years, vol, rate, dividend_yield)
    model = (mean_reversion, long_vol, vol_of_variance, correlation)
    return _figures(("price",), market, dict(zip(PARAMETERS, model, strict=True))).price


def greeks(
    kind: Any,
    spot: Any,
    strike: Any,
    years: Any,
    vol: Any,
    rate: Any = 0.0,
    dividend_yield: Any = 0.0,
    *,
    mean_reversion: Any,
    long_vol: Any,
    vol_of_variance: Any,
    correlation: Any,
    names: Iterable[str] | str | None = None,
) -> Greeks:
    """Return Greeks of European options under Heston's model, exact, from one integral.

    Parameters
    ----------
    kind, spot, strike, years, vol, rate, dividend_yield : float or array
        As in :func:`price`.
    mean_reversion, long_vol, vol_of_variance, correlation : float or array
        As in :func:`price`; held fixed by every derivative.
    names : iterable of str, optional
        Fields of :class:`~hedgerow.pricing.record.Greeks`, ``"price"`` among them; all twelve Greeks by default.

    Returns
    -------
    Greeks
        Raw derivatives. Vega, vanna, volga and zomma are to the *initial* volatility, per 1.00; theta, charm and color
        by calendar time, per year. ``limit`` is True where no time or no variance is left.

    Raises
    ------
    InputError, TransformError
        As :func:`price`.
    """
    market = (kind, spot, strike, years, vol, rate, dividend_yield)
    model = (mean_reversion, long_vol, vol_of_variance, correlation)
    return _figures(checked_names(names), market, dict(zip(PARAMETERS, model, strict=True)))


def characteristic_function(
    argument: Any,
    years: Any,
    vol: Any,
    *,
    mean_reversion: Any,
    long_vol: Any,
    vol_of_variance: Any,
    correlation: Any,
) -> Any:
    """Return E[exp(i u x)] of x = log(S_T / forward), the log return beyond the forward's.

    Parameters
    ----------
    argument : float, complex or array
        u. Where it is complex the moment of order ``i u`` must be finite.
    years, vol : float or array
        As in :func:`price`.
    mean_reversion, long_vol, vol_of_variance, correlation : float or array
        As in :func:`price`.

    Returns
    -------
    complex or array
        Of the broadcast shape; 1 at u = 0 and, the forward being fair, at u = -i.

    Raises
    ------
    InputError
        As :func:`price`.
    """
    model = (mean_reversion, long_vol, vol_of_variance, correlation)
    parameters = dict(zip(PARAMETERS, model, strict=True))
    return transform.characteristic_function(argument, years, vol, parameters, moments)


PARAMETERS = ("mean_reversion", "long_vol", "vol_of_variance", "correlation")
"""Names of the model's parameters."""


def moments(years: FloatArray, vol: FloatArray, parameters: dict[str, FloatArray]) -> Moments:
    """Return the moment function of parameters that have been read, refusing those that break a rule.

    Parameters
    ----------
    years, vol : array of shape (options, 1)
        Checked already.
    parameters : dict of str to array of shape (options, 1)
        By the names in ``PARAMETERS``.

    Raises
    ------
    InputError
        For negative speeds and volatilities and a correlation outside -1 to 1.
    """
    reversion, long_vol, vol_of_variance, correlation = (parameters[name] for name in PARAMETERS)
    for name in PARAMETERS[:3]:
        arguments.refuse_below(name, parameters[name][:, 0], allow_equal=True)
    wrong = np.abs(correlation[:, 0]) > 1.0
    arguments.refuse_where(wrong, "correlation", correlation[:, 0], "must lie from -1 to 1", "")
    return Moments(years, vol, reversion, long_vol * long_vol, vol_of_variance, correlation)


def _figures(names: tuple[str, ...], market: tuple[Any, ...], parameters: dict[str, Any]) -> Greeks:
    shape, options, columns = transform.read(market, parameters)
    model = moments(options.years, options.vol, columns)
    found, failed = transform.figures(names, model, options)
    transform.refuse_failed(failed, shape)
    return transform.record(found, model.deterministic, shape)
