"""What an account needs to know of its instruments: when, which, at what prices, and how each stands in the books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import InputError


class Carry(Enum):
    """How an instrument stands in the accounts."""

    VALUE = "value"
    """At holdings x price; buying it costs cash."""
    MARGIN = "margin"
    """At zero, like a future: each price change goes to cash as variation margin."""


@dataclass(frozen=True)
class Terms:
    """What an account needs to know of its instruments.

    Parameters
    ----------
    times : pandas.DatetimeIndex, shape (n_times,)
        Moments at which positions are marked and may be traded.
    instruments : tuple of str, length n_instruments
    paths : tuple of str, length n_paths
        A name per path: a method, a policy or a scenario number.
    prices : ndarray, shape (n_times, n_instruments) or (n_paths, n_times, n_instruments)
        Price of one unit in the account's currency; without an axis of paths where all paths see the same market.
    price_changes : ndarray, shape (n_times, n_instruments) or (n_paths, n_times, n_instruments)
        Change of price over the step ending at each time *within one contract*; row 0 is zero. It differs from the
        difference of ``prices`` where a margined series switches contract.
    carry : tuple of Carry, length n_instruments
    """

    times: pd.DatetimeIndex
    instruments: tuple[str, ...]
    paths: tuple[str, ...]
    prices: FloatArray
    price_changes: FloatArray
    carry: tuple[Carry, ...]

    @property
    def is_valued(self) -> FloatArray:
        """1.0 for instruments that stand at value, 0.0 for margined ones; shape (n_instruments,)."""
        return np.array([float(carry is Carry.VALUE) for carry in self.carry])

    def row(self, path: str) -> int:
        """Return the number of a path by its name; InputError where the ledger has no such path."""
        if path not in self.paths:
            known = ", ".join(self.paths[:8]) + (f" and {len(self.paths) - 8} more" if len(self.paths) > 8 else "")
            raise InputError(f"path {path!r} is not in this ledger; it has {known}")
        return self.paths.index(path)

    def of_path(self, path: str) -> Terms:
        """Return the terms of one path alone, with prices of shape (n_times, n_instruments)."""
        terms = self.select((self.row(path),))
        one = [values[0] if values.ndim == 3 else values for values in (terms.prices, terms.price_changes)]
        return replace(terms, prices=one[0], price_changes=one[1])

    def select(self, rows: Sequence[int]) -> Terms:
        """Return the terms of some paths, by number and in that order."""
        chosen = np.asarray(rows, dtype=np.int64)
        prices, changes = (
            values[chosen] if values.ndim == 3 else values for values in (self.prices, self.price_changes)
        )
        return replace(self, paths=tuple(self.paths[row] for row in chosen), prices=prices, price_changes=changes)

    def require_shapes(self, holdings: FloatArray) -> None:
        """Refuse holdings, prices or price changes that do not fit one another; InputError names the shapes."""
        shape = (len(self.paths), len(self.times), len(self.instruments))
        if holdings.shape != shape:
            raise InputError(f"holdings must have shape {shape} (paths, times, instruments), not {holdings.shape}")
        for name, values in (("prices", self.prices), ("price_changes", self.price_changes)):
            if values.shape not in (shape, shape[1:]):
                raise InputError(
                    f"{name} of a ledger must have shape {shape[1:]} (times, instruments) or {shape} with paths "
                    f"before them, not {values.shape}"
                )
