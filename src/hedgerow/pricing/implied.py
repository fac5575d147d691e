"""Implied volatility to machine precision, with a reason for every option that has none.

The functions here serve the models' ``implied_volatility``; :mod:`hedgerow.pricing.implied_kernels` holds the method.

Examples
--------
>>> from hedgerow.pricing import black_scholes
>>> found = black_scholes.implied_volatility([10.45, 5.0, 120.0], "call", 100.0, [100.0, 90.0, 100.0], 1.0, 0.05)
>>> found.volatility.round(4).tolist()
[0.2, nan, nan]
>>> found.reasons().tolist()
['converged', 'below_intrinsic', 'above_bound']
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.kernels.compile import Kernel, dense, share_out
from hedgerow.pricing import implied_blocks, implied_kernels
from hedgerow.pricing.arguments import as_floats, as_given, broadcast, refuse_below, signs

FEWEST_FOR_THE_KERNEL = 1000
"""Fewer options than this are solved in NumPy, so that they never wait for a compiler."""

OPTIONS_IN_PIECE = 128 * implied_blocks.BLOCK
"""A thread takes so many at a time: fewer take less time than starting another thread."""


class ImpliedCode(IntEnum):
    """Why an implied volatility is what it is; NaN goes with every code but the first.

    ``str(code)`` is its name in lower case. Where several hold, the last of them in this list is given.
    """

    CONVERGED = 0
    """The volatility reproduces the price; 0 where the price is the intrinsic value, to within rounding."""
    BELOW_INTRINSIC = 1
    """The price is below the option's intrinsic value on the forward, by more than rounding."""
    ABOVE_BOUND = 2
    """The price is at or above what no volatility exceeds: the discounted forward of a call, the strike of a put."""
    EXPIRED = 3
    """There is no time left (years of 0 or less): any volatility gives the same price."""
    NOT_FINITE = 4
    """The price or an argument is NaN or infinite, or rate times years is beyond 700; in the normal model a price
    beyond 1e289 too."""

    def __str__(self) -> str:
        return self.name.lower()


_NAMES = np.array([str(code) for code in ImpliedCode])


@dataclass(frozen=True)
class ImpliedVolatility:
    """Implied volatilities and, per option, why.

    Attributes
    ----------
    volatility : float or array
        Annual volatility as a decimal (lognormal models) or price units per square root of a year (normal model);
        NaN exactly where ``code`` is not ``CONVERGED``.
    code : ImpliedCode or int8 array
        Of the same shape.
    """

    volatility: Any
    code: Any

    def reasons(self) -> Any:
        """Return the codes by name, ``"converged"`` and so on: a string, or an array of strings of the same shape."""
        return str(ImpliedCode(self.code)) if np.ndim(self.code) == 0 else _NAMES[self.code]


def lognormal(kind: Any, values: Mapping[str, Any]) -> ImpliedVolatility:
    """Return implied volatilities of European options in Black's model.

    Parameters
    ----------
    kind : str, int or array of either
        As in :func:`hedgerow.pricing.arguments.signs`.
    values : mapping of str to scalar or array
        Price, spot (or forward), strike, years, rate and dividend yield, in this order, by the names that a refusal
        shall use.

    Raises
    ------
    InputError
        For an unknown kind, a spot that is not above 0, a negative strike, and shapes that do not broadcast. A strike
        of 0 is no error: every volatility gives the same price, which is ``ABOVE_BOUND``.
    """
    found, read = _solved(implied_kernels.solved_lognormal, implied_blocks.solve_lognormal, kind, values)
    if np.any(np.equal(found.code, int(implied_kernels.REFUSED))):
        _, spot, strike, *_ = read
        refuse_below(spot, read[spot], allow_equal=False)
        refuse_below(strike, read[strike], allow_equal=True)
    return found


def normal(kind: Any, values: Mapping[str, Any]) -> ImpliedVolatility:
    """Return implied volatilities of European options in the normal model; any finite spot and strike will do.

    Parameters
    ----------
    kind, values
        As in :func:`lognormal`.

    Raises
    ------
    InputError
        For an unknown kind and shapes that do not broadcast.
    """
    return _solved(implied_kernels.solved_normal, implied_blocks.solve_normal, kind, values)[0]


def _solved(
    element: Kernel, blocks: Kernel, kind: Any, values: Mapping[str, Any]
) -> tuple[ImpliedVolatility, dict[str, FloatArray]]:
    read = {name: _floats(name, value) for name, value in values.items()}
    price, *rest = read.values()
    arrays = (price, signs(kind), *rest)
    names = list(read)
    shape = broadcast(*arrays, names=(names[0], "kind", *names[1:]))[0].shape
    size = int(np.prod(shape))
    if size < FEWEST_FOR_THE_KERNEL:
        with np.errstate(all="ignore"):
            volatility, code = _in_numpy(element)(*arrays)
        codes = np.asarray(code).astype(np.int8)
    else:
        volatility, codes = np.empty(size), np.empty(size, dtype=np.int8)
        flat = [_flat(array, shape) for array in arrays]

        def run(piece: int) -> None:
            start = piece * OPTIONS_IN_PIECE
            blocks(*flat, volatility, codes, start, min(start + OPTIONS_IN_PIECE, size))

        share_out(run, -(-size // OPTIONS_IN_PIECE))
        volatility, codes = volatility.reshape(shape), codes.reshape(shape)
    found = as_given(volatility)
    refused = codes.ndim == 0 and codes == implied_kernels.REFUSED
    return ImpliedVolatility(found, codes if codes.ndim or refused else ImpliedCode(int(codes))), read


@cache
def _in_numpy(element: Kernel) -> Callable[..., Any]:
    """Return the NumPy form of a kernel, which takes longer to put together than to run on one option."""
    return element.definition


def _flat(array: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """Return the broadcast array as one row, or its only number."""
    return dense(array.reshape(1) if array.size == 1 else np.broadcast_to(array, shape).reshape(-1))


def _floats(name: str, value: Any) -> FloatArray:
    """Return an argument as float64; unlike elsewhere NaN may pass, since it has a code of its own."""
    try:
        return as_floats(value)
    except (TypeError, ValueError):
        raise InputError(f"{name} must be a number or an array of numbers, not {value!r}") from None
