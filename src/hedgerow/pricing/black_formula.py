"""The Black family: price and Greeks of a lognormal underlying, in plain NumPy and, for many options, compiled.

With S the spot, K the strike, T the years, s the volatility, r the rate, q the dividend yield, w = +1 for a call and -1
for a put, N and n the standard normal distribution and density::

    A = S exp(-q T)    B = K exp(-r T)    d = s sqrt(T)    d1, d2 = log(A / B) / d +- d / 2
    V = w (A N(w d1) - B N(w d2))

F. Black and M. Scholes, J. Political Economy 81 (1973); R. Merton, Bell J. Economics 4 (1973). Greeks by
differentiation, written down in :mod:`hedgerow.pricing.black_kernels`; limits for d = 0 in
:mod:`hedgerow.pricing.black_limits`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Any

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.errors import InputError
from hedgerow.kernels.buffers import large_array
from hedgerow.kernels.compile import Kernel, share_out
from hedgerow.pricing import arguments, black_kernels as kernels
from hedgerow.pricing.black_limits import is_limit, lognormal_limits
from hedgerow.pricing.record import FIELD_NAMES

LEAST_COMPILED = 1000
"""Fewer options than this are priced in NumPy: they take less time than loading compiled code."""

FIRST_NAMES = FIELD_NAMES[:7]
OPTIONS_IN_PIECE = 196 * kernels.BLOCK
"""A thread takes at least so many: fewer take less time than starting another thread."""


@dataclass(frozen=True)
class Lognormal:
    """Arguments of a lognormal model, as float64 arrays that broadcast; not checked yet.

    Attributes
    ----------
    sign : array
        +1 for calls, -1 for puts.
    spot, strike, years, vol, rate, dividend_yield : array
        As in ``black_scholes``; a displaced model gives its shifted spot and strike.
    decay : array
        -d log(spot exp(-dividend_yield years)) / d years: the dividend yield, unless the spot itself is shifted by
        something that moves with time.
    """

    sign: FloatArray
    spot: FloatArray
    strike: FloatArray
    years: FloatArray
    vol: FloatArray
    rate: FloatArray
    dividend_yield: FloatArray
    decay: FloatArray

    def arrays(self) -> list[FloatArray]:
        """Return the arguments in order."""
        return list(vars(self).values())

    def where(self, mask: BoolArray) -> Lognormal:
        """Return the options that a mask of the broadcast shape picks, in one row."""
        return Lognormal(*(np.broadcast_to(array, mask.shape)[mask] for array in self.arrays()))


def read(kind: Any, *values: Any) -> Lognormal | None:
    """Return options on an unshifted spot, unchecked, from the arguments of ``black_scholes.price`` in its order.

    None where one of them cannot be read as numbers.
    """
    try:
        sign = kind if isinstance(kind, np.ndarray) and kind.dtype.kind in "fiu" else arguments.signs(kind)
        read = [arguments.as_floats(value) for value in values]
    except (TypeError, ValueError):
        return None
    return Lognormal(*(sign, *read, read[-1]))


def evaluate(
    options: Lognormal | None, names: Iterable[str], refuse: Callable[[], None]
) -> tuple[dict[str, FloatArray], BoolArray]:
    """Return the named figures of options and where they are limits, all of the broadcast shape.

    Parameters
    ----------
    options : Lognormal or None
        The options; None where the arguments could not be read.
    names : iterable of str
        Fields of :class:`~hedgerow.pricing.record.Greeks`.
    refuse : callable
        Looks at all arguments and raises; called only where something stands out.

    Raises
    ------
    InputError
        From ``refuse``, and where shapes do not broadcast.
    """
    if options is None:
        refuse()
        raise InputError("arguments must be numbers or arrays of numbers; give floats")
    wanted = tuple(names)
    shape = _shape(options, refuse)
    with np.errstate(all="ignore"):
        if prod(shape) >= LEAST_COMPILED:
            return _compiled(options, wanted, shape, refuse)
        options = Lognormal(*(array[()] for array in options.arrays()))  # scalars, several times as fast as arrays
        if np.all(plain(kernels.is_regular)(*options.arrays()[:7])):
            found = _in_numpy(options, wanted)
            return {name: _of_shape(array, shape) for name, array in found.items()}, np.zeros(shape, dtype=bool)
        refuse()
        found = with_limits(options, wanted)
        limit = _of_shape(is_limit(options.vol, options.years), shape)
    return {name: _of_shape(array, shape) for name, array in found.items()}, limit


def with_limits(options: Lognormal, names: Iterable[str]) -> dict[str, FloatArray]:
    """Return the named figures in plain NumPy, limits where ``vol * sqrt(years)`` is 0: the definition.

    Parameters
    ----------
    options : Lognormal
        Checked options.
    names : iterable of str
        Fields of :class:`~hedgerow.pricing.record.Greeks`.
    """
    with np.errstate(all="ignore"):
        gone = is_limit(options.vol, options.years)
        certain = Lognormal(**vars(options) | {
            "years": np.where(gone, 1.0, options.years),
            "vol": np.where(gone, 1.0, options.vol),
            "rate": np.where(gone, 0.0, options.rate),
            "dividend_yield": np.where(gone, 0.0, options.dividend_yield),
        })  # fmt: skip
        found = _in_numpy(certain, names)
        limits = lognormal_limits(options, set(found))
        return {name: np.where(gone, limits[name], values) for name, values in found.items()}


def _in_numpy(o: Lognormal, names: Iterable[str]) -> dict[str, FloatArray]:
    """Return the named figures by the formulas as they stand."""
    wanted = set(names)
    growth, discount = np.exp(-o.dividend_yield * o.years), np.exp(-o.rate * o.years)
    d1, d2, root, inverse, per_spot = plain(kernels.distances)(
        o.spot, o.strike, o.years, o.vol, o.rate, o.dividend_yield
    )
    share1, share2 = plain(kernels.shares)(o.sign, d1, d2, None, None)
    every = (plain(kernels.price_formula)(o.sign, o.spot, o.strike, growth, discount, share1, share2),)
    if not wanted <= {"price"}:
        bell1 = plain(kernels.bell)(d1)
        every += plain(kernels.first_order)(
            *o.arrays()[:6], o.decay, growth, discount, root, inverse, per_spot, bell1, share1, share2
        )
        if not wanted <= set(FIRST_NAMES):
            every += plain(kernels.higher_order)(
                o.vol, o.rate, o.dividend_yield, o.decay, growth, d1, d2, root, inverse, per_spot, bell1, *every[1:4]
            )
    return {name: array for name, array in zip(FIELD_NAMES, every, strict=False) if name in wanted}


def _shape(options: Lognormal, refuse: Callable[[], None]) -> tuple[int, ...]:
    if not any(array.ndim for array in options.arrays()):
        return ()
    try:
        return np.broadcast_shapes(*(array.shape for array in options.arrays()))
    except ValueError:
        refuse()  # it knows the names
        return arguments.broadcast(*options.arrays())[0].shape


@cache
def plain(kernel: Kernel) -> Callable[..., Any]:
    """Return a kernel's NumPy form."""
    return kernel.definition


def _of_shape(values: Any, shape: tuple[int, ...]) -> Any:
    array = np.asarray(values)
    return array if array.shape == shape else np.broadcast_to(array, shape).copy()


def _compiled(
    options: Lognormal, wanted: tuple[str, ...], shape: tuple[int, ...], refuse: Callable[[], None]
) -> tuple[dict[str, FloatArray], BoolArray]:
    """Return figures by the compiled form; what it leaves aside is refused or priced in NumPy."""
    size = prod(shape)
    flat = [_row(_readable(options.sign, refuse), shape), *(_row(array, shape) for array in options.arrays()[1:])]
    shape_of_blocks = -(-size // kernels.BLOCK), kernels.BLOCK
    nothing = np.empty((0, kernels.BLOCK))
    rows = tuple(large_array(shape_of_blocks) if name in wanted else nothing for name in FIELD_NAMES)
    tier = _tier(wanted)

    def run(piece: int) -> int:
        first = piece * OPTIONS_IN_PIECE
        return int(kernels.evaluate_options(tier, *flat, rows, first, min(first + OPTIONS_IN_PIECE, size)))

    irregular = sum(share_out(run, -(-size // OPTIONS_IN_PIECE)))
    found = {
        name: row.reshape(-1)[:size].reshape(shape)
        for name, row in zip(FIELD_NAMES, rows, strict=True)
        if name in wanted
    }
    limit = np.zeros(shape, dtype=bool)
    if irregular:
        refuse()
        aside = np.broadcast_to(~plain(kernels.is_regular)(*options.arrays()[:7]), shape)
        special = options.where(aside)
        for name, values in with_limits(special, wanted).items():
            found[name][aside] = values
        limit[aside] = is_limit(special.vol, special.years)
    return found, limit


def _tier(wanted: tuple[str, ...]) -> int:
    if set(wanted) <= {"price"}:
        return kernels.PRICE_ONLY
    return kernels.FIRST_ORDER if set(wanted) <= set(FIRST_NAMES) else kernels.EVERYTHING


def _row(array: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """Return an argument as one contiguous row: of one number where it has one, else of the broadcast shape."""
    if array.size == 1:
        return np.ascontiguousarray(array).reshape(1)
    return np.ascontiguousarray(array if array.shape == shape else np.broadcast_to(array, shape)).reshape(-1)


def _readable(sign: FloatArray, refuse: Callable[[], None]) -> Any:
    """Return signs as the kernel takes them: bytes and floats as they are, which it checks; others as bytes."""
    if sign.dtype in (np.int8, np.float64):
        return sign
    if not (np.abs(sign) == 1.0).all():
        refuse()
    return sign.astype(np.int8)


def refuse_unfit(
    kind: Any, values: dict[str, Any], above_zero: Iterable[str], not_negative: Iterable[str], *, bounded: bool = True
) -> None:
    """Raise one sentence for the first argument that breaks a rule; return where none does.

    Parameters
    ----------
    kind : str, int or array of either
        Call or put.
    values : dict of str to scalar or array
        Arguments by name, ``"years"`` among them; rates are called ``"rate"`` and ``"dividend_yield"``.
    above_zero, not_negative : iterable of str
        Names of those that must be above 0, or not below it.
    bounded : bool
        Whether those names are also held within the range that lognormal formulas span.

    Raises
    ------
    InputError
        Field, rule, first offending value, position, how many.
    """
    sign, found = arguments.signs(kind), arguments.numbers(values)
    above_zero, not_negative = tuple(above_zero), tuple(not_negative)
    for name in above_zero:
        arguments.refuse_below(name, found[name], allow_equal=False)
    _refuse_past(found["years"])
    for name in not_negative:
        arguments.refuse_below(name, found[name], allow_equal=True)
    arrays = arguments.broadcast(sign, *found.values(), names=("kind", *found))
    together = dict(zip(found, arrays[1:], strict=True))
    for name in ("rate", "dividend_yield"):
        if name in together:
            wrong = np.abs(together[name] * together["years"]) > kernels.MOST_GROWTH
            rule = f"times years must be at most {kernels.MOST_GROWTH:g} in size"
            arguments.refuse_where(wrong, name, together[name], rule, "rates are decimals: 0.05 for 5 %")
    most = kernels.LARGEST
    for name in (*above_zero, *not_negative, "years") if bounded else ():
        arguments.refuse_where(found[name] > most, name, found[name], f"must be at most {most:g}", "change its unit")
    for name in above_zero if bounded else ():
        wrong, rule = found[name] < 1.0 / most, f"must be at least {1.0 / most:g}"
        arguments.refuse_where(wrong, name, found[name], rule, "change its unit")


def _refuse_past(years: FloatArray) -> None:
    try:
        arguments.refuse_below("years", years, allow_equal=True)
    except InputError as refusal:
        raise InputError(f"expiry in the past: {refusal}") from None
