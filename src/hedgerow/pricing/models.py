"""The pricing models by name, and the parameters that each takes beyond the seven common arguments."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import fields
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np

from hedgerow.errors import InputError, did_you_mean
from hedgerow.pricing.record import Greeks

MODEL_NAMES = (
    "black_scholes",
    "black76",
    "bachelier",
    "displaced",
    "digital",
    "barrier",
    "asian",
    "american",
    "heston",
    "merton",
    "bates",
    "sabr",
    "svi",
)
"""Every module of this folder that has ``price`` and ``greeks``, by its file name."""


def model_named(name: str) -> ModuleType:
    """Return the module of a model.

    Parameters
    ----------
    name : str
        A file name of this folder; hyphens and spaces read as underscores, and capitals do not matter.

    Returns
    -------
    module
        With ``price`` and ``greeks``.

    Raises
    ------
    InputError
        For an unknown name, with the nearest known one.

    Examples
    --------
    >>> model_named("Black-Scholes").__name__
    'hedgerow.pricing.black_scholes'
    """
    plain = name.strip().lower().replace("-", "_").replace(" ", "_")
    if plain not in MODEL_NAMES:
        raise InputError(
            f"model {name!r} is not known{did_you_mean(plain, MODEL_NAMES)} (models: {', '.join(MODEL_NAMES)})"
        )
    return import_module(f"hedgerow.pricing.{plain}")


def parameters_of(name: str) -> dict[str, Any]:
    """Return what a model takes by keyword alone: parameter to default, :data:`inspect.Parameter.empty` where needed.

    Those of ``svi`` are the fields of its slice.

    Parameters
    ----------
    name : str
        A model's name.

    Returns
    -------
    dict of str to object

    Raises
    ------
    InputError
        For an unknown model.

    Examples
    --------
    >>> parameters_of("black_scholes")
    {}
    """
    module = model_named(name)
    if _by_slice(module):
        return dict.fromkeys((field.name for field in fields(module.SVI)), inspect.Parameter.empty)
    taken = inspect.signature(module.price).parameters.values()
    return {taken_one.name: taken_one.default for taken_one in taken if taken_one.kind is taken_one.KEYWORD_ONLY}


def greeks_of(name: str, option: Mapping[str, Any], parameters: Mapping[str, Any], names: Iterable[str]) -> Greeks:
    """Return the record of a model from arguments by name, whatever the model calls them.

    Parameters
    ----------
    name : str
        A model's name.
    option : mapping of str to scalar or array
        ``kind``, ``spot``, ``strike`` and ``years``; ``vol``, ``rate`` and ``dividend_yield`` as far as they are given.
    parameters : mapping of str to object
        As :func:`check_parameters` takes them.
    names : iterable of str
        Figures wanted.

    Raises
    ------
    InputError
        Where volatility is missing, or is given beside a slice that holds it; for black76 with a dividend yield; for
        dividends that are no pairs of years and amounts; as the model.

    Examples
    --------
    >>> option = {"kind": "put", "spot": 100.0, "strike": 90.0, "years": 0.0, "vol": 0.2}
    >>> greeks_of("black_scholes", option, {}, ("price",)).price
    0.0
    """
    module, given = model_named(name), dict(option)
    first = [given.pop(each) for each in ("kind", "spot", "strike", "years")]
    if _by_slice(module):
        if given.pop("vol", None) is not None:
            raise InputError(f"model {name} has its volatility from {', '.join(parameters)}; leave vol out")
        first.append(module.SVI(**parameters))
        parameters = {}
    elif given.get("vol") is None:
        raise InputError(f"model {name} needs vol: the annual volatility as a decimal, 0.2 for 20 %")
    else:
        first.append(given.pop("vol"))
    if name == "black76" and np.any(np.asarray(given.pop("dividend_yield", 0.0)) != 0.0):
        raise InputError("black76 prices on the forward, which holds the dividend yield; leave dividend_yield out")
    own = dict(parameters)
    if "dividends" in own:
        own["dividends"] = _cash_dividends(own["dividends"])
    found: Greeks = module.greeks(*first, **given, **own, names=names)
    return found


def _cash_dividends(given: Any) -> Any:
    """Return dividends from words, ``0.25:1.5,0.75:1.5``, or from a mapping of years to amounts."""
    from hedgerow.pricing.american import Dividends

    if given is None or isinstance(given, Dividends):
        return given
    if isinstance(given, np.ndarray):
        raise InputError("dividends are those of all options together: give them once, as YEARS:AMOUNT, and no column")
    try:
        pairs = (part.split(":") for part in given.split(",")) if isinstance(given, str) else given.items()
        paid = [(float(years), float(amount)) for years, amount in pairs]
    except (AttributeError, TypeError, ValueError):
        raise InputError(
            f"dividends must be YEARS:AMOUNT with commas between, not {given!r}; e.g. 0.25:1,0.75:1.5"
        ) from None
    return Dividends([years for years, _ in paid], [amount for _, amount in paid])


def _by_slice(module: ModuleType) -> bool:
    """Return whether a slice of a smile stands in place of the model's volatility."""
    return "slice" in inspect.signature(module.price).parameters


def check_parameters(name: str, given: dict[str, Any]) -> None:
    """Refuse parameters that a model does not take, and name those it still needs.

    Parameters
    ----------
    name : str
        A model's name.
    given : dict of str to object
        Parameters by name.

    Raises
    ------
    InputError
        One sentence with the parameters of the model.
    """
    known = parameters_of(name)
    listed = f"(parameters of {name}: {', '.join(known) or 'none'})"
    for parameter in given:
        if parameter not in known:
            raise InputError(f"parameter {parameter!r} is not known{did_you_mean(parameter, known)} {listed}")
    missing = [p for p, default in known.items() if default is inspect.Parameter.empty and p not in given]
    if missing:
        raise InputError(f"model {name} needs {', '.join(missing)}; give each as NAME=VALUE {listed}")
