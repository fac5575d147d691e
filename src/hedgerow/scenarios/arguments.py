"""Arguments of scenarios: numbers that may differ by underlying, and what is refused in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np

from hedgerow.errors import InputError
from hedgerow.instruments import MarketState

ByUnderlying: TypeAlias = float | Mapping[str, float]
"""One number for every underlying, or a number by underlying."""


def numbers_by_underlying(market: MarketState, given: ByUnderlying, argument: str) -> dict[str, float]:
    """Return an argument's number for each underlying of a market.

    Raises
    ------
    InputError
        For an underlying that the market lacks, or one that has no number, or what is no finite number.
    """
    if isinstance(given, Mapping):
        for name in given:
            market.underlying(name)
        lacking = [name for name in market.underlyings if name not in given]
        if lacking:
            raise InputError(f"{argument} has no number for underlying {lacking[0]!r}; give one for each")
    found = {name: given[name] if isinstance(given, Mapping) else given for name in market.underlyings}
    for name, number in found.items():
        if isinstance(number, bool) or not isinstance(number, (int, float, np.number)) or not np.isfinite(number):
            raise InputError(f"{argument} of {name!r} must be a finite number, not {number!r}")
    return {name: float(number) for name, number in found.items()}


def require(holds: bool, argument: str, rule: str, value: object, remedy: str) -> None:
    """Refuse an argument that breaks its rule.

    Raises
    ------
    InputError
        One sentence with argument, rule, value and remedy.
    """
    if not holds:
        raise InputError(f"{argument} must be {rule}, not {value!r}; {remedy}")


def check_draw(n_paths: int, first_path: int) -> None:
    """Refuse a draw of no paths, or from a negative number on.

    Raises
    ------
    InputError
    """
    whole = isinstance(n_paths, (int, np.integer)) and isinstance(first_path, (int, np.integer))
    require(whole and n_paths >= 1, "n_paths", "a whole number, 1 or more", n_paths, "ask for 10_000, say")
    require(whole and 0 <= first_path <= 2**52 - n_paths, "first_path", "0 or more", first_path, "paths count from 0")
