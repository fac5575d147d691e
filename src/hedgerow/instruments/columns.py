"""A book as columns: one array per field, one element per position, so that a whole book is one pass per model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np

from hedgerow._types import BoolArray, FloatArray, IntArray
from hedgerow.errors import InputError
from hedgerow.instruments.base import Instrument
from hedgerow.instruments.future import Forward, Future
from hedgerow.instruments.option import AmericanOption, AsianOption, BarrierOption, DigitalOption, EuropeanOption
from hedgerow.instruments.spot import Spot
from hedgerow.instruments.variance_swap import VarianceSwap
from hedgerow.instruments.vix import VixFuture, VixOption

INSTRUMENTS: tuple[type[Instrument], ...] = (
    Spot,
    Future,
    Forward,
    EuropeanOption,
    AmericanOption,
    DigitalOption,
    BarrierOption,
    AsianOption,
    VarianceSwap,
    VixFuture,
    VixOption,
)
TYPE_NAMES = tuple(each.type_name for each in INSTRUMENTS)
OPTION_TYPES = ("european", "american", "digital", "barrier", "asian", "vix_option")
VOLATILITY_TYPES = (*OPTION_TYPES, "variance_swap")
VIX_TYPES = ("vix_future", "vix_option")
MARGINED_TYPES = ("future", "vix_future")
"""Types whose value is 0 because their gains are paid daily."""


def required_fields(instrument: type[Instrument]) -> tuple[str, ...]:
    """Return the fields of a class that have no default."""
    return tuple(
        each.name for each in fields(instrument) if each.default is MISSING and each.default_factory is MISSING
    )


def type_codes(names: tuple[str, ...]) -> list[int]:
    """Return the codes of types by name."""
    return [TYPE_NAMES.index(name) for name in names]


@dataclass(frozen=True)
class Places:
    """Where positions came from, for sentences.

    Attributes
    ----------
    numbers : int array or None
        Number of each position, a line where there is a file; None where they are counted from 0.
    file : str
        Empty for none.
    """

    numbers: IntArray | None = None
    file: str = ""

    def __call__(self, position: int) -> str:
        """Return ``"position 3"`` or ``"line 5 of book.csv"``."""
        number = position if self.numbers is None else int(self.numbers[position])
        return f"line {number} of {self.file}" if self.file else f"position {number}"


@dataclass(frozen=True)
class Columns:
    """Positions as arrays of one length n.

    Attributes
    ----------
    names, currencies : tuple of str
        Underlyings and currencies that occur.
    underlying, currency, types : int array, (n,)
        Codes into ``names``, ``currencies`` and ``TYPE_NAMES``.
    sign : float array, (n,)
        +1 for calls, -1 for puts, 0 for what has no kind.
    strike : float array, (n,)
        NaN for what has none.
    expiry : datetime64[us] array, (n,)
        Moment of settlement; NaT for spot.
    quantity, multiplier : float array, (n,)
    mark : float array, (n,)
        The position's own volatility, NaN for none.
    extras : mapping of str to array, (n,)
        Further terms by field name, filled with their defaults where an instrument has none.
    places : Places
    """

    names: tuple[str, ...]
    currencies: tuple[str, ...]
    underlying: IntArray
    currency: IntArray
    types: IntArray
    sign: FloatArray
    strike: FloatArray
    expiry: Any
    quantity: FloatArray
    multiplier: FloatArray
    mark: FloatArray
    extras: Mapping[str, Any]
    places: Places

    def __post_init__(self) -> None:
        """Protect the arrays against writing."""
        for each in (*vars(self).values(), *self.extras.values()):
            if isinstance(each, np.ndarray):
                each.flags.writeable = False

    def __len__(self) -> int:
        return len(self.quantity)

    @property
    def weight(self) -> FloatArray:
        """Units of the underlying held: quantity times multiplier."""
        return self.quantity * self.multiplier

    @cached_property
    def held_currencies(self) -> tuple[str, ...]:
        """The currencies of the positions."""
        return tuple(self.currencies[code] for code in np.unique(self.currency))

    def is_type(self, *names: str) -> BoolArray:
        """Return where positions are of one of the types."""
        return np.asarray(np.isin(self.types, type_codes(names)))

    @cached_property
    def groups(self) -> Mapping[str, IntArray]:
        """The positions of each type that occurs."""
        return {TYPE_NAMES[code]: np.flatnonzero(self.types == code) for code in np.unique(self.types)}

    def take(self, rows: IntArray) -> Columns:
        """Return some positions; all of them without a copy."""
        if len(rows) == len(self):
            return self
        per_position = ("underlying", "currency", "types", "sign", "strike", "expiry", "quantity", "multiplier", "mark")
        numbers = self.places.numbers
        return Columns(
            names=self.names,
            currencies=self.currencies,
            extras={name: values[rows] for name, values in self.extras.items()},
            places=Places(rows if numbers is None else numbers[rows], self.places.file),
            **{name: getattr(self, name)[rows] for name in per_position},
        )

    def described(self, position: int) -> str:
        """Return ``"position 3 (SPX european put 4000)"``."""
        words = [self.names[self.underlying[position]], TYPE_NAMES[self.types[position]].replace("_", " ")]
        if self.sign[position]:
            words.append("call" if self.sign[position] > 0 else "put")
        if not np.isnan(self.strike[position]):
            words.append(f"{self.strike[position]:g}")
        return f"{self.places(position)} ({' '.join(words)})"

    def refuse(self, wrong: BoolArray, fault: str, remedy: str, values: Any = None) -> None:
        """Raise one sentence where any position is wrong: the first, what is wrong with it, and how many are.

        Parameters
        ----------
        wrong : bool array, (n,)
        fault : str
            Predicate, as ``"has no volatility"``.
        remedy : str
        values : array, (n,), optional
            What was received.

        Raises
        ------
        InputError
        """
        if not wrong.any():
            return
        first = int(np.argmax(wrong))
        shown = "" if values is None else f": {values[first]}"
        count = f" ({int(wrong.sum())} of {len(self)} are so)" if len(self) > 1 else ""
        raise InputError(f"{self.described(first)} {fault}{shown}{count}; {remedy}")
