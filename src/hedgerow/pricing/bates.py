"""Bates's model: Heston's stochastic volatility and jumps at Poisson times, lognormal in size.

Between jumps the spot and its variance move as in :mod:`hedgerow.pricing.heston`. Jumps come at ``jump_intensity`` per
year; each adds a normal number of mean ``jump_mean`` and deviation ``jump_vol`` to the log of the spot, and the drift
is lowered by ``jump_intensity (exp(jump_mean + jump_vol**2 / 2) - 1)``, so that the forward stays fair.

D. Bates, Review of Financial Studies 9 (1996). The moment function of both parts is integrated as one; where that does
not converge, or where the time is so short that options far from the money live on single jumps, prices are sums over
the number of jumps, each term an integral of its own.

>>> model = {"mean_reversion": 1.5, "long_vol": 0.25, "vol_of_variance": 0.6, "correlation": -0.7}
>>> round(price("call", 100.0, 105.0, 0.5, 0.2, 0.02, jump_intensity=0.5, jump_mean=-0.1, jump_vol=0.15, **model), 10)
4.3548520071
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.pricing import arguments, heston, transform
from hedgerow.pricing.bates_moments import Jumps, Moments
from hedgerow.pricing.record import Greeks, checked_names

JUMPS = ("jump_intensity", "jump_mean", "jump_vol")
PARAMETERS = (*heston.PARAMETERS, *JUMPS)
"""Names of the model's parameters."""

FEW_JUMPS = 0.05
"""Expected jumps below which options are summed over their number: lone jumps and diffusion differ in scale."""

HALVINGS = 5
"""Halvings of the step after which a sum over the number of jumps is cheaper than a finer integral."""

MOST_JUMPS = 2000
"""Jumps to which a sum over their number goes."""


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
    jump_intensity: Any,
    jump_mean: Any,
    jump_vol: Any,
) -> Any:
    """Return prices of European options under Bates's model.

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
    jump_intensity : float or array
        Expected jumps per year, at least 0.
    jump_mean : float or array
        Mean of the log of one jump's factor; negative for crashes.
    jump_vol : float or array
        Deviation of that log, at least 0.

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
    >>> model = {"mean_reversion": 2.0, "long_vol": 0.2, "vol_of_variance": 0.3, "correlation": -0.5}
    >>> jumps = {"jump_intensity": 0.0, "jump_mean": -0.1, "jump_vol": 0.1}
    >>> price("put", 100.0, 90.0, 1.0, 0.2, **model, **jumps) == heston.price("put", 100.0, 90.0, 1.0, 0.2, **model)
    True
    """
    market = (kind, spot, strike, years, vol, rate, dividend_yield)
    variance = (mean_reversion, long_vol, vol_of_variance, correlation)
    model = (*variance, jump_intensity, jump_mean, jump_vol)
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
    jump_intensity: Any,
    jump_mean: Any,
    jump_vol: Any,
    names: Iterable[str] | str | None = None,
) -> Greeks:
    """Return Greeks of European options under Bates's model, exact, from one integral or one for each number of jumps.

    Parameters
    ----------
    kind, spot, strike, years, vol, rate, dividend_yield : float or array
        As in :func:`price`.
    mean_reversion, long_vol, vol_of_variance, correlation, jump_intensity, jump_mean, jump_vol : float or array
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
    variance = (mean_reversion, long_vol, vol_of_variance, correlation)
    model = (*variance, jump_intensity, jump_mean, jump_vol)
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
    jump_intensity: Any,
    jump_mean: Any,
    jump_vol: Any,
) -> Any:
    """Return E[exp(i u x)] of x = log(S_T / forward), the log return beyond the forward's.

    Parameters
    ----------
    argument : float, complex or array
        u. Where it is complex the moment of order ``i u`` must be finite.
    years, vol : float or array
        As in :func:`price`.
    mean_reversion, long_vol, vol_of_variance, correlation, jump_intensity, jump_mean, jump_vol : float or array
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
    variance = (mean_reversion, long_vol, vol_of_variance, correlation)
    model = (*variance, jump_intensity, jump_mean, jump_vol)
    parameters = dict(zip(PARAMETERS, model, strict=True))
    return transform.characteristic_function(argument, years, vol, parameters, moments)


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
        For negative speeds, intensities and volatilities and a correlation outside -1 to 1.
    """
    for name in ("jump_intensity", "jump_vol"):
        arguments.refuse_below(name, parameters[name][:, 0], allow_equal=True)
    intensity, mean, deviation = (parameters[name] for name in JUMPS)
    return Moments(heston.moments(years, vol, parameters), Jumps(intensity, mean, deviation * deviation))


def _figures(names: tuple[str, ...], market: tuple[Any, ...], parameters: dict[str, Any]) -> Greeks:
    shape, options, columns = transform.read(market, parameters)
    model = moments(options.years, options.vol, columns)
    count = options.spot.shape[0]
    found, failed = {name: np.empty(count) for name in names}, np.zeros(count, dtype=bool)
    expected = (model.jumps.intensity * options.years)[:, 0]
    apart = (model.jumps.intensity[:, 0] > 0.0) & ((expected < FEW_JUMPS) | model.diffusion.deterministic[:, 0])
    whole = np.flatnonzero(~apart)
    made, lost = transform.figures(names, model.rows(whole), options.rows(whole), HALVINGS)
    apart[whole[lost]] = True
    for name in names:
        found[name][whole] = made[name]
    rest = np.flatnonzero(apart)
    if rest.size:
        made, failed[rest] = _by_number_of_jumps(names, model.rows(rest), options.rows(rest))
        for name in names:
            found[name][rest] = made[name]
    transform.refuse_failed(failed, shape)
    return transform.record(found, model.deterministic, shape)


def _by_number_of_jumps(
    names: tuple[str, ...], model: Moments, options: transform.Options
) -> tuple[dict[str, FloatArray], BoolArray]:
    """Return figures as sums over the number of jumps, so many that what is left out is below rounding."""
    total, failed = {name: np.zeros(options.spot.shape[0]) for name in names}, np.zeros(options.spot.shape[0], bool)
    with np.errstate(over="ignore", invalid="ignore"):
        growth = np.exp(np.maximum(model.jumps.mean + 0.5 * model.jumps.variance, 0.0))
        expected = (model.jumps.intensity * options.years * growth)[:, 0]
        most = np.where(expected <= MOST_JUMPS, np.ceil(expected + 9.0 * np.sqrt(expected) + 6.0), np.inf)
    last = np.where(options.years[:, 0] > 0.0, most, 1.0)
    if last.max() > MOST_JUMPS:
        return total, last > MOST_JUMPS
    for jumps in range(int(last.max()) + 1):
        active = np.flatnonzero(jumps <= last)
        made, lost = transform.figures(names, model.rows(active).given(jumps), options.rows(active))
        failed[active] |= lost
        for name in names:
            total[name][active] += made[name]
    return total, failed
