"""What ``greeks`` of every model returns: one record of raw derivatives, each with its unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hedgerow.errors import InputError, did_you_mean

GREEK_NAMES = (
    "delta",
    "gamma",
    "vega",
    "theta",
    "rho",
    "dividend_rho",
    "vanna",
    "volga",
    "charm",
    "speed",
    "color",
    "zomma",
)
"""Every Greek, in the order of :class:`Greeks`."""

FIELD_NAMES = ("price", *GREEK_NAMES)


@dataclass(frozen=True)
class Greeks:
    """Price and raw derivatives of options, per unit of underlying; a figure not asked for is None.

    Every field is a float for scalar arguments and an array of the broadcast shape otherwise. With V the price, S the
    spot (the forward for models on a forward), s the volatility, T the years to expiry, r the rate and q the dividend
    yield; calendar time runs against T.

    Attributes
    ----------
    price : float or array
        V, money per unit.
    delta : float or array
        dV/dS at all else fixed; positive for calls.
    gamma : float or array
        d2V/dS2, per 1 of spot.
    vega : float or array
        dV/ds, per 1.00 of volatility: divide by 100 for a volatility point.
    theta : float or array
        -dV/dT, per year of calendar time: usually negative for a long option; divide by 365 for a calendar day.
    rho : float or array
        dV/dr at fixed dividend yield, per 1.00 of rate.
    dividend_rho : float or array
        dV/dq at fixed rate, per 1.00 of yield.
    vanna : float or array
        d2V/dS ds.
    volga : float or array
        d2V/ds2.
    charm : float or array
        -d2V/dS dT: the change of delta per year of calendar time.
    speed : float or array
        d3V/dS3.
    color : float or array
        -d3V/dS2 dT: the change of gamma per year of calendar time.
    zomma : float or array
        d3V/dS2 ds: the change of gamma per 1.00 of volatility.
    limit : bool or array
        True where the option has no time or no volatility left, so that the figures are limits: exact, and infinite
        where the payoff has its kink.
    """

    price: Any = None
    delta: Any = None
    gamma: Any = None
    vega: Any = None
    theta: Any = None
    rho: Any = None
    dividend_rho: Any = None
    vanna: Any = None
    volga: Any = None
    charm: Any = None
    speed: Any = None
    color: Any = None
    zomma: Any = None
    limit: Any = False

    def to_dict(self) -> dict[str, Any]:
        """Return the figures that were computed, by name, without ``limit``."""
        return {name: value for name in FIELD_NAMES if (value := getattr(self, name)) is not None}


def checked_names(names: Iterable[str] | str | None) -> tuple[str, ...]:
    """Return the names asked for in the record's order; None means all twelve Greeks without the price.

    Raises
    ------
    InputError
        For an unknown name, with the nearest known one, and for what is no collection of names.
    """
    if names is None:
        return GREEK_NAMES
    if not isinstance(names, Iterable):
        raise InputError(f"names must be names of Greeks, not {names!r}; give None for all twelve")
    wanted = (names,) if isinstance(names, str) else tuple(names)
    for name in wanted:
        if name not in FIELD_NAMES:
            raise InputError(f"names has {name!r}, which is no Greek{did_you_mean(str(name), FIELD_NAMES)}")
    return tuple(name for name in FIELD_NAMES if name in wanted)
