"""Hedge programmes by the names that study files and commands use.

>>> hedge_by_name("vix_calls", delta=0.20, premium_budget=0.002).name
'VIX calls 20 delta 30 days'
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from hedgerow.errors import InputError, did_you_mean
from hedgerow.programmes.base import HedgeProgramme
from hedgerow.programmes.collars import Collars
from hedgerow.programmes.hedge_costs import HedgeCosts
from hedgerow.programmes.index_puts import IndexPuts, PutSpreads
from hedgerow.programmes.monetise import AfterDays, AfterLife, TakeProfit, VolatilityAbove
from hedgerow.programmes.skew import SkewModel
from hedgerow.programmes.straddles import Straddles
from hedgerow.programmes.trend import TrendFollowing
from hedgerow.programmes.variance_swaps import VarianceSwaps
from hedgerow.programmes.vix_futures import VixFutures
from hedgerow.programmes.vix_options import BudgetByLevel, VixCalls, VixPuts, vxth
from hedgerow.programmes.vol_of_vol import VolOfVol

HEDGES: Mapping[str, Callable[..., HedgeProgramme]] = {
    "index_puts": IndexPuts,
    "put_spreads": PutSpreads,
    "collars": Collars,
    "straddles": Straddles,
    "vix_calls": VixCalls,
    "vix_puts": VixPuts,
    "vxth": vxth,
    "vix_futures": VixFutures,
    "variance_swaps": VarianceSwaps,
    "trend": TrendFollowing,
}
"""What makes every programme, by its name in study files."""

MONETISATION: Mapping[str, Callable[..., Any]] = {
    "take_profit": TakeProfit,
    "volatility_above": VolatilityAbove,
    "after_days": AfterDays,
    "after_life": AfterLife,
}
"""Monetisation rules by their names in study files."""

NESTED: Mapping[str, Callable[..., Any]] = {
    "costs": HedgeCosts,
    "skew": SkewModel,
    "vol_of_vol": VolOfVol,
    "premium_budget": BudgetByLevel,
}
"""Parts of a programme that a study file gives as keys of their own."""

PRESETS: Mapping[str, Mapping[str, Callable[..., Any]]] = {
    "skew": {"week": SkewModel, "average": SkewModel.average},
    "vol_of_vol": {"smile": VolOfVol, "flat": VolOfVol.flat},
}
"""Models that a study file may give by a word instead."""


def hedge_keys(name: str) -> tuple[str, ...]:
    """Return the names of a programme's parameters.

    Parameters
    ----------
    name : str
        A key of :data:`HEDGES`.

    Returns
    -------
    tuple of str
        In order.

    Raises
    ------
    InputError
        For a name that is none.
    """
    return tuple(inspect.signature(_maker(name)).parameters)


def hedge_by_name(name: str, **keys: Any) -> HedgeProgramme:
    """Return the programme of a name with its parameters.

    Parameters
    ----------
    name : str
        A key of :data:`HEDGES`.
    **keys
        What the class takes. Costs, models and monetisation may be plain mappings, as a study file has them:
        ``costs={"half_spread": 0.02}``, ``monetise={"take_profit": {"multiple": 3}, "after_days": {"days": 45}}``. A
        model may be a word of :data:`PRESETS`: ``skew="average"``, ``vol_of_vol="flat"``.

    Returns
    -------
    HedgeProgramme

    Raises
    ------
    InputError
        For a name that is none, a parameter that the programme does not have, or a value that it refuses.

    Examples
    --------
    >>> hedge_by_name("index_puts", delta=0.15).name
    'index puts 15 delta 90 days'
    >>> hedge_by_name("index_puts", monetise={"take_profit": {"multiple": 4}}).monetise
    (TakeProfit(multiple=4, restrike=False),)
    """
    known = hedge_keys(name)
    for given in keys:
        if given not in known:
            hint = did_you_mean(given, known) or f"; it takes {', '.join(known) or 'no parameter'}"
            raise InputError(f"the hedge {name!r} has no parameter {given!r}{hint}")
    return _maker(name)(**{key: _made(key, value) for key, value in keys.items()})


def _made(key: str, value: Any) -> Any:
    """Return the object that a plain mapping describes or a word names, and anything else as it is."""
    if isinstance(value, str) and key in PRESETS:
        return _preset(key, value)
    if not isinstance(value, Mapping):
        return value
    if key == "monetise":
        return tuple(_from_keys(rule, MONETISATION, given) for rule, given in value.items())
    return _from_keys(key, NESTED, value)


def _preset(key: str, word: str) -> Any:
    known = PRESETS[key]
    if word not in known:
        hint = did_you_mean(word, known) or f"; there are {', '.join(known)}, or give its keys"
        raise InputError(f"{key!r} of a hedge has no model {word!r}{hint}")
    return known[word]()


def _from_keys(name: str, known: Mapping[str, Callable[..., Any]], keys: Any) -> Any:
    if name not in known:
        hint = did_you_mean(str(name), known) or f"; there are {', '.join(known)}"
        raise InputError(f"a hedge has no part {name!r} that takes keys{hint}")
    takes = inspect.signature(known[name]).parameters
    if not isinstance(keys, Mapping) or not set(keys) <= set(takes):
        raise InputError(f"{name!r} of a hedge takes the keys {', '.join(takes)}, not {keys!r}")
    return known[name](**{key: tuple(each) if isinstance(each, list) else each for key, each in keys.items()})


def _maker(name: str) -> Callable[..., HedgeProgramme]:
    if name not in HEDGES:
        hint = did_you_mean(str(name), HEDGES) or f"; there are {', '.join(HEDGES)}"
        raise InputError(f"there is no hedge {name!r}{hint}")
    return HEDGES[name]
