"""Single-barrier options: knocked in or out when the spot touches a level before expiry.

Closed forms of Reiner and Rubinstein under Black and Scholes, watched continuously, in the six terms A to F that
Haug's book prints. Powers (H/S)^(2 mu), mu = (r - q)/vol^2 - 1/2, are joined with their normal probabilities as
logarithms, so small volatilities neither overflow nor lose digits.

>>> from hedgerow.pricing import barrier
>>> down = {"barrier": 95.0, "rebate": 3.0}
>>> round(barrier.price("call", 100.0, 90.0, 0.5, 0.25, 0.08, 0.04, barrier_kind="down-and-out", **down), 4)
9.0246
>>> round(barrier.price("call", 100.0, 90.0, 0.5, 0.25, 0.08, 0.04, barrier_kind="down-and-in", **down), 4)
7.7627

References
----------
E. Reiner and M. Rubinstein, *Breaking down the barriers*, Risk 4 (1991) 28-35; E. G. Haug, *The Complete Guide to
Option Pricing Formulas*, 2nd ed. (2007), section 4.17.1; M. Broadie, P. Glasserman and S. Kou, *A continuity
correction for discrete barrier options*, Mathematical Finance 7 (1997) 325-349.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from hedgerow.errors import InputError, did_you_mean
from hedgerow.pricing import by_jets
from hedgerow.pricing.arguments import numbers, refuse_below
from hedgerow.pricing.barrier_terms import MODEL
from hedgerow.pricing.record import Greeks

_KINDS = {
    "down-and-out": (1.0, 1.0),
    "down-and-in": (1.0, 0.0),
    "up-and-out": (-1.0, 1.0),
    "up-and-in": (-1.0, 0.0),
}
"""Kinds to (+1 for a barrier below, 1 where touching it ends the option)."""


def price(
    kind: Any,
    spot: Any,
    strike: Any,
    years: Any,
    vol: Any,
    rate: Any = 0.0,
    dividend_yield: Any = 0.0,
    *,
    barrier: Any,
    barrier_kind: Any,
    rebate: Any = 0.0,
    monitored_every: Any = None,
) -> Any:
    """Return the price of a single-barrier option.

    Parameters
    ----------
    kind : str, int or array
        ``"call"`` or ``"put"``, or +1 and -1.
    spot, strike : scalar or array
        Spot > 0 and strike >= 0, money per unit.
    years, vol : scalar or array
        Years to expiry and annual lognormal volatility, >= 0.
    rate, dividend_yield : scalar or array
        Continuously compounded decimals; may be negative.
    barrier : scalar or array
        H > 0, money per unit of underlying.
    barrier_kind : str or array of str
        ``"down-and-out"``, ``"down-and-in"``, ``"up-and-out"`` or ``"up-and-in"``.
    rebate : scalar or array
        Money >= 0: paid when an -out option is knocked out, or at expiry when an -in option never came to life.
    monitored_every : scalar or array, optional
        Years between the dates on which the barrier is looked at; None means at all times. The barrier is then moved
        away from the spot by exp(0.5826 vol sqrt(monitored_every)), Broadie, Glasserman and Kou's correction: good to
        about a cent per 100 of spot for daily dates, and worse where the spot is within one step of the barrier.

    Returns
    -------
    float or array
        Money per unit of underlying. A spot at or beyond the barrier counts as having touched it: an -out option is
        worth its rebate and an -in option is European. Without time or volatility the spot follows its forward and
        touches the barrier, or does not.

    Raises
    ------
    InputError
        For impossible arguments, with field and position.
    """
    contract = by_jets.contract(kind, spot, strike, years, vol, rate, dividend_yield)
    return by_jets.price(MODEL, contract, _parameters(barrier, barrier_kind, rebate, monitored_every))


def greeks(
    kind: Any,
    spot: Any,
    strike: Any,
    years: Any,
    vol: Any,
    rate: Any = 0.0,
    dividend_yield: Any = 0.0,
    *,
    barrier: Any,
    barrier_kind: Any,
    rebate: Any = 0.0,
    monitored_every: Any = None,
    names: Iterable[str] | str | None = None,
) -> Greeks:
    """Return exact derivatives of :func:`price`; at the barrier itself those of the side that has touched it.

    Parameters
    ----------
    kind, spot, strike, years, vol, rate, dividend_yield, barrier, barrier_kind, rebate, monitored_every
        As in :func:`price`.
    names : iterable of str, optional
        Figures wanted; all twelve Greeks when None.
    """
    contract = by_jets.contract(kind, spot, strike, years, vol, rate, dividend_yield)
    return by_jets.greeks(MODEL, contract, _parameters(barrier, barrier_kind, rebate, monitored_every), names)


def _parameters(barrier: Any, barrier_kind: Any, rebate: Any, monitored_every: Any) -> dict[str, Any]:
    step = 0.0 if monitored_every is None else monitored_every
    read = numbers({"barrier": barrier, "rebate": rebate, "monitored_every": step})
    refuse_below("barrier", read["barrier"], allow_equal=False)
    refuse_below("rebate", read["rebate"], allow_equal=True)
    refuse_below("monitored_every", read["monitored_every"], allow_equal=True)
    texts = np.asarray(barrier_kind).astype(str)
    for text in np.unique(texts):
        if text not in _KINDS:
            hint = did_you_mean(str(text), _KINDS)
            raise InputError(f"barrier_kind must be one of {', '.join(_KINDS)}, not {str(text)!r}{hint}")
    codes = np.array([_KINDS[str(text)] for text in texts.ravel()]).reshape(*texts.shape, 2)
    return {**read, "side": codes[..., 0], "knocks_out": codes[..., 1]}
