"""Price and Greeks of a book, one pass per type of instrument; formulas are imported where a position needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.errors import InputError
from hedgerow.instruments.columns import Columns
from hedgerow.instruments.inputs import Inputs
from hedgerow.instruments.linear_figures import (
    forward_figures,
    future_figures,
    index_future_figures,
    spot_figures,
    variance_swap_figures,
)
from hedgerow.instruments.lots import american_figures, asian_figures
from hedgerow.instruments.model import Model
from hedgerow.pricing.models import check_parameters

Figures = dict[str, FloatArray]
_CLOSED: dict[str, Callable[[Columns, Inputs], Figures]] = {
    "spot": spot_figures,
    "future": future_figures,
    "forward": forward_figures,
    "variance_swap": variance_swap_figures,
    "vix_future": index_future_figures,
}
_TERMS = {"digital": ("pays",), "barrier": ("barrier", "barrier_kind", "rebate", "monitored_every")}
"""Parameters of a formula that are terms of the contract."""
_DIVIDEND_TERMS = {"theta": ("delta",), "rho": ("delta",), "charm": ("gamma",), "color": ("speed",)}
"""What a Greek needs beside itself once the spot is net of dividends, whose present value moves with time and rate."""


def figures(
    columns: Columns, inputs: Inputs, names: tuple[str, ...], model: Model
) -> tuple[dict[str, FloatArray], BoolArray]:
    """Return price and Greeks per unit of every position, and where they are limits.

    Parameters
    ----------
    columns : Columns
    inputs : Inputs
    names : tuple of str
        Fields of :class:`hedgerow.pricing.record.Greeks`.
    model : Model
        For European options.

    Returns
    -------
    tuple of dict of str to float array (n,), bool array (n,)

    Raises
    ------
    InputError
        Where a formula refuses a position.
    """
    whole: Figures = {}
    limit = np.zeros(len(columns), dtype=np.bool_)
    for kind, rows in columns.groups.items():
        found, at_limit = _of_type(kind, columns.take(rows), inputs.take(rows), names, model)
        if len(rows) == len(columns):
            return found, at_limit
        for name in names:
            whole.setdefault(name, np.zeros(len(columns)))[rows] = found[name]
        limit[rows] = at_limit
    return whole, limit


def _of_type(
    kind: str, columns: Columns, inputs: Inputs, names: tuple[str, ...], model: Model
) -> tuple[Figures, BoolArray]:
    """Return the figures of positions of one type."""
    needed = _needed(names, inputs)
    limit: Any = np.zeros(len(columns), dtype=np.bool_)
    if kind in _CLOSED:
        found = _CLOSED[kind](columns, inputs)
        zero = np.zeros(len(columns))
        found = {name: found.get(name, zero) for name in needed}
    else:
        found, limit = _of_options(kind, columns, inputs, needed, model)
    if kind != "american":
        found = _net_of_dividends(found, inputs, names)
    return {name: found[name] for name in names}, np.broadcast_to(np.asarray(limit), len(columns))


def _of_options(
    kind: str, columns: Columns, inputs: Inputs, names: tuple[str, ...], model: Model
) -> tuple[Figures, Any]:
    if kind == "vix_option":
        return _asked("black76", columns, inputs, names, {})
    if kind == "american":
        return american_figures(columns, inputs, names, _asked)
    if kind == "european":
        check_parameters(model.name, dict(model.parameters))
        return _asked(model.name, columns, inputs, names, dict(model.parameters))
    if kind in ("barrier", "asian"):
        remedy = "give the underlying a dividend yield instead"
        columns.refuse(inputs.dividends != 0.0, "pays discrete dividends, which its formula does not cover", remedy)
    if kind == "asian":
        return asian_figures(columns, inputs, names, _asked)
    terms = {name: columns.extras[name] for name in _TERMS[kind]}
    return _asked(kind, columns, inputs, names, terms)


def _asked(
    module_name: str, columns: Columns, inputs: Inputs, names: tuple[str, ...], parameters: dict[str, Any]
) -> tuple[Figures, Any]:
    """Return what a module of formulas answers; the price alone takes its shorter way."""
    module = import_module(f"hedgerow.pricing.{module_name}")
    spot = inputs.spot - inputs.dividends
    _refuse_outside(module_name, columns, spot)
    arguments = [columns.sign, _once(spot), columns.strike, inputs.years, inputs.vol, _once(inputs.rate)]
    if module_name != "black76":
        arguments.append(_once(inputs.carry))
    try:
        if names == ("price",):
            return {"price": np.asarray(module.price(*arguments, **parameters))}, False
        record = module.greeks(*arguments, names=names, **parameters)
    except InputError as error:
        raise InputError(
            f"{module_name} refuses positions of the book, counted among those it prices: {error}"
        ) from error
    return {name: np.asarray(getattr(record, name)) for name in names}, record.limit


def _once(values: FloatArray) -> Any:
    """Return one number where all positions share it: formulas then work out what depends on it once."""
    return float(values[0]) if values.min() == values.max() else values


def _refuse_outside(module_name: str, columns: Columns, spot: FloatArray) -> None:
    """Refuse what a lognormal formula cannot take, by the position's own place."""
    columns.refuse(np.isnan(spot), "has no price of its underlying", "give the spot")
    if module_name in ("bachelier", "displaced"):
        return
    remedy = "price it by the model bachelier, or correct the spot or the dividends"
    columns.refuse(spot <= 0.0, "has a spot, net of dividends, not above 0", remedy, spot)
    columns.refuse(columns.strike < 0.0, "has a negative strike", "price it by the model bachelier", columns.strike)


def _needed(names: tuple[str, ...], inputs: Inputs) -> tuple[str, ...]:
    if not inputs.dividends.any():
        return names
    return (
        *names,
        *dict.fromkeys(more for name in names for more in _DIVIDEND_TERMS.get(name, ()) if more not in names),
    )


def _net_of_dividends(found: Figures, inputs: Inputs, names: Iterable[str]) -> Figures:
    """Return derivatives against the spot from those against the spot net of dividends.

    The present value D of dividends grows by r D per year and shrinks by its duration with the rate, so the net spot
    does the opposite.
    """
    if not inputs.dividends.any():
        return found
    drift = -inputs.rate * inputs.dividends
    changed = {}
    for name in names:
        if name == "rho":
            changed[name] = found["rho"] + found["delta"] * inputs.dividend_duration
        elif name in _DIVIDEND_TERMS:
            changed[name] = found[name] + found[_DIVIDEND_TERMS[name][0]] * drift
    return found | changed
