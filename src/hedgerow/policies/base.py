"""What every rebalancing policy is: it sees target and holding at one moment and answers with the new holding.

A policy of your own is one class with ``holding``, in plain NumPy:

>>> import numpy as np
>>> class HalfWay(Policy):
...     def holding(self, now):
...         return now.held + 0.5 * (now.target - now.held)
>>> now = Moment(0, {"target": np.array([[-0.6]]), "held": np.array([[-0.2]])})
>>> HalfWay().holding(now).round(3)
array([[-0.4]])
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError, did_you_mean
from hedgerow.kernels.rules import Stage, run_stages
from hedgerow.market.time_grid import TimeGrid


@dataclass(frozen=True)
class Moment:
    """What a policy knows when it decides: the present and the past of every path, nothing later.

    Attributes
    ----------
    step : int
        Number of the moment, 0 for the first at which something can be traded.
    rows : mapping of str to ndarray, shape (n_paths, n_instruments)
        By the names of :mod:`hedgerow.rows`: always ``target`` and ``held`` (positive = long); with options behind
        them ``spot``, ``log_spot``, ``gamma``, ``log_gamma``, ``implied``, ``waited``, ``last_spot``, ``last_implied``.
    """

    step: int
    rows: Mapping[str, FloatArray]

    def __getattr__(self, name: str) -> FloatArray:
        """Return a row; InputError for one that is not known here."""
        if name.startswith("_"):
            raise AttributeError(name)
        rows = self.rows
        if name not in rows:
            hint = did_you_mean(name, tuple(rows)) or ";"
            known = ", ".join(rows)
            raise InputError(
                f"{name!r} is not known at the moment of decision{hint} a policy sees {known} of now and nothing later"
            )
        return rows[name]


@dataclass(frozen=True)
class PolicyTerms:
    """What a policy's numbers depend on beside the path: the clock, the size of the book, its expiry.

    Attributes
    ----------
    grid : TimeGrid
    size : float
        Gross units of underlying behind the options of the book: widths "per share" are multiplied by it.
    years_left : ndarray, shape (n_steps,)
        Years from each decision to the next expiry in the book.
    rate : float
        Continuous rate per year.
    cost_rate : float
        One-way proportional cost, a fraction of traded value, as far as the cost model has one; 0 else.
    dividend_yield : float
        Continuous yield of the underlying with borrow, per year.
    strike : float or None
        The strike of every option of the book where they share one; None else.
    """

    grid: TimeGrid
    size: float
    years_left: FloatArray
    rate: float = 0.0
    cost_rate: float = 0.0
    dividend_yield: float = 0.0
    strike: float | None = None


class Policy(ABC):
    """Says what to hold, given what one would like to hold. A policy of your own is one class with ``holding``."""

    @abstractmethod
    def holding(self, now: Moment) -> FloatArray:
        """Return the new holding.

        Parameters
        ----------
        now : Moment
            ``now.target``, ``now.held`` and what else is known, each (n_paths, n_instruments).

        Returns
        -------
        ndarray, shape (n_paths, n_instruments)
            Units held after trading; equal to ``now.held`` where nothing is traded.
        """

    def bound(self, terms: PolicyTerms) -> Policy:
        """Return the policy for one book and clock; the same object where it needs neither."""
        return self


class RulePolicy(Policy):
    """A policy written as rules: each writes ``fires_0`` (does it want to trade?) and ``goes_0`` (to what).

    Such policies compose with ``|`` (either wants to trade; the left one says to what where both do) and ``&`` (both
    must want to; the left one says to what), run on arrays and compiled from one text.
    """

    @abstractmethod
    def stages(self, terms: PolicyTerms, slot: int = 0) -> tuple[Stage, ...]:
        """Return the stages that write ``fires_<slot>`` and ``goes_<slot>``; scratch slots above it are free."""

    def decide(self, now: Moment) -> tuple[FloatArray, FloatArray]:
        """Return whether it fires (0 or 1) and where it goes, without a book and a clock; few policies can."""
        raise InputError(f"{self!r} is not bound to a clock; call bound(PolicyTerms(...)) first")

    def holding(self, now: Moment) -> FloatArray:
        """Return the new holding; most policies must have been bound to a book and clock."""
        fires, goes = self.decide(now)
        return np.where(fires > 0.0, goes, now.held)

    def bound(self, terms: PolicyTerms) -> Policy:
        """Return the policy with its numbers worked out for every step."""
        return BoundPolicy(self, self.stages(terms))

    def __or__(self, other: RulePolicy) -> RulePolicy:
        """Return the policy that trades where either of the two wants to."""
        from hedgerow.policies.composition import Either

        return Either(self, other) if isinstance(other, RulePolicy) else NotImplemented

    def __and__(self, other: RulePolicy) -> RulePolicy:
        """Return the policy that trades where both want to."""
        from hedgerow.policies.composition import Both

        return Both(self, other) if isinstance(other, RulePolicy) else NotImplemented


@dataclass(frozen=True, eq=False)
class BoundPolicy(Policy):
    """A rule policy with its stages, run on arrays."""

    policy: RulePolicy
    program: tuple[Stage, ...]

    def holding(self, now: Moment) -> FloatArray:
        """Return where the policy goes where it fires, and what is held elsewhere."""
        rows: dict[str, Any] = {name: getattr(now, name) for name in (*rows_needed(self.program), "held")}
        with np.errstate(all="ignore"):
            run_stages(self.program, rows, now.step)
        return np.where(rows["fires_0"] > 0.0, rows["goes_0"], now.held)


def rows_needed(program: Sequence[Stage]) -> tuple[str, ...]:
    """Return the rows that a program reads before it writes them."""
    written: set[str] = set()
    needed: dict[str, None] = {}
    for stage in program:
        needed.update(dict.fromkeys(name for name in stage.reads if name not in written))
        written.update(stage.writes)
    return tuple(needed)
