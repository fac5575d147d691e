"""Refitting as time goes by: what came out at each row, and which refits gave no ratio and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.errors import InputError

Progress = Callable[[int, int], None]
"""Called with refits done and refits in all."""


@dataclass(frozen=True)
class Failure:
    """A refit that gave no ratio to act on.

    Attributes
    ----------
    row : int
        The refit's row: it saw the rows before.
    reason : str
        A clause: the search stopped, a regime emptied, an instrument stood still.
    """

    row: int
    reason: str


@dataclass(frozen=True, eq=False)
class RefitPath:
    """Ratios of a method refitted as time goes by.

    Attributes
    ----------
    ratios : ndarray (n_obs, n_hedges)
        Row t is made from rows before t; NaN before the first refit, and from a refit that gave none to the next.
    refits : int
        How often the method was fitted.
    failures : tuple of Failure
        Refits that gave no ratio, oldest first.
    """

    ratios: FloatArray
    refits: int
    failures: tuple[Failure, ...] = ()


@dataclass
class RefitLog:
    """What the loop over refits tells the outside while it runs."""

    progress: Progress | None = None
    failures: list[Failure] = field(default_factory=list)

    def done(self, refits: int, of: int) -> None:
        """Say how far the loop is."""
        if self.progress is not None:
            self.progress(refits, of)

    def failed(self, row: int, reason: str) -> None:
        """Note a refit that gave no ratio."""
        self.failures.append(Failure(row, reason))

    def failed_for_want_of_rows(self, row: int, fewest: int, last: int) -> None:
        """Note a refit at ``row`` that sees fewer rows than ``fewest``, or a gap: the unusable row ``last``."""
        if row < fewest:
            self.failed(int(row), f"at least {fewest} rows are needed before a fit, not {row}")
        elif row > last:
            self.failed(int(row), f"a change is missing or infinite at row {last}, before it")

    @property
    def sorted_failures(self) -> tuple[Failure, ...]:
        """Failures, oldest first."""
        return tuple(sorted(self.failures, key=lambda failure: failure.row))


def checked_schedule(rows: IntArray, n_obs: int, between: str) -> IntArray:
    """Return the rows of refits as an array, or raise InputError."""
    rows = np.asarray(rows, dtype=np.int64)
    if rows.ndim != 1 or not len(rows) or rows[0] < 0 or rows[-1] >= n_obs or np.any(np.diff(rows) <= 0):
        raise InputError(f"rows of refits must ascend within 0 to {n_obs - 1}, at least one of them")
    if between not in ("hold", "update"):
        raise InputError(f"between must be 'hold' or 'update', not {between!r}")
    return rows
