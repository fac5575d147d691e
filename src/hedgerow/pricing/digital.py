"""Digital options: all or nothing at expiry, in cash or in the underlying.

With d1 and d2 of Black and Scholes and s = +1 for calls, -1 for puts::

    cash-or-nothing:  exp(-r T) N(s d2)        pays 1 unit of money where s (S_T - K) > 0
    asset-or-nothing: S exp(-q T) N(s d1)      pays one unit of the underlying there

>>> from hedgerow.pricing import digital
>>> round(digital.price("put", 100.0, 80.0, 0.75, 0.35, 0.06, 0.06), 6)
0.267105
>>> digital.price("call", 100.0, 100.0, 0.0, 0.2)
0.5

References
----------
M. Rubinstein and E. Reiner, *Unscrambling the binary code*, Risk 4 (1991) 75-83; E. G. Haug, *The Complete Guide to
Option Pricing Formulas*, 2nd ed. (2007), sections 4.19.2 and 4.19.3.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError, did_you_mean
from hedgerow.pricing import by_jets, jets
from hedgerow.pricing.by_jets import Model, Option, forward_at_strike
from hedgerow.pricing.jets import Jet
from hedgerow.pricing.record import Greeks

_PAYS = ("cash", "asset")


def price(
    kind: Any,
    spot: Any,
    strike: Any,
    years: Any,
    vol: Any,
    rate: Any = 0.0,
    dividend_yield: Any = 0.0,
    *,
    pays: Any = "cash",
) -> Any:
    """Return the price of a digital option.

    Parameters
    ----------
    kind : str, int or array
        ``"call"`` (pays above the strike) or ``"put"`` (below), or +1 and -1.
    spot, strike : scalar or array
        Spot > 0 and strike >= 0, money per unit.
    years, vol : scalar or array
        Years to expiry and annual lognormal volatility, >= 0.
    rate, dividend_yield : scalar or array
        Continuously compounded decimals.
    pays : str or array of str
        ``"cash"`` for 1 unit of money, ``"asset"`` for one unit of the underlying.

    Returns
    -------
    float or array
        Money. Where nothing is left to chance the payoff is discounted as it stands; where the forward then equals
        the strike, half of it: the limit from either of time and volatility, and what makes call and put add up.

    Raises
    ------
    InputError
        For impossible arguments, with field and position.
    """
    contract = by_jets.contract(kind, spot, strike, years, vol, rate, dividend_yield)
    return by_jets.price(_MODEL, contract, {"pays_asset": _pays_asset(pays)})


def greeks(
    kind: Any,
    spot: Any,
    strike: Any,
    years: Any,
    vol: Any,
    rate: Any = 0.0,
    dividend_yield: Any = 0.0,
    *,
    pays: Any = "cash",
    names: Iterable[str] | str | None = None,
) -> Greeks:
    """Return exact derivatives of :func:`price`.

    At the kink without time or volatility the figures are limits, infinite where they have none (delta, for one);
    finite limits there are good to 1e-6.

    Parameters
    ----------
    kind, spot, strike, years, vol, rate, dividend_yield, pays
        As in :func:`price`.
    names : iterable of str, optional
        Figures wanted; all twelve Greeks when None.
    """
    contract = by_jets.contract(kind, spot, strike, years, vol, rate, dividend_yield)
    return by_jets.greeks(_MODEL, contract, {"pays_asset": _pays_asset(pays)}, names)


def _pays_asset(pays: Any) -> FloatArray:
    texts = np.asarray(pays)
    for text in np.unique(texts.astype(str)):
        if text not in _PAYS:
            raise InputError(f"pays must be 'cash' or 'asset', not {str(text)!r}{did_you_mean(str(text), _PAYS)}")
    return np.asarray(texts.astype(str) == "asset", dtype=np.float64)


def _formula(option: Option) -> Jet:
    deviation = option.deviation
    d1 = option.log_moneyness / deviation + deviation * 0.5
    asset = option.discounted_forward * jets.normal_cdf(d1 * option.sign)
    cash = option.discount * jets.normal_cdf((d1 - deviation) * option.sign)
    return jets.where(option.parameters["pays_asset"] > 0.0, asset, cash)


def _settled(option: Option) -> Jet:
    paid = jets.where(option.parameters["pays_asset"] > 0.0, option.discounted_forward, option.discount)
    inside = option.log_moneyness.value * option.sign
    return paid * np.where(forward_at_strike(option), 0.5, np.where(inside > 0.0, 1.0, 0.0))


_MODEL = Model(_formula, _settled, forward_at_strike)
