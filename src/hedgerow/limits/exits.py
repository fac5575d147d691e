"""What an exit rule is, and how rules are joined: asked at every moment how much of each position stays.

A rule of your own is one class with ``fires`` and ``reason``; here the book is closed on the last day of a month:

>>> class AtMonthEnd(ExitRule):
...     reason = "end of month"
...     def fires(self, now):
...         return np.full((len(now.profit), len(now.days_left)), now.moment.is_month_end)
>>> none = np.zeros(1)
>>> AtMonthEnd().fires(ExitMoment(pd.Timestamp("2026-11-30"), np.array([18.0]), none, none, none, none))
array([[ True]])
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray, FloatArray
from hedgerow.errors import InputError


@dataclass(frozen=True, eq=False)
class ExitMoment:
    """What an exit rule knows: the present and the past of every path, nothing later.

    Money counts from when the book was last empty on that path, or was rolled as a whole.

    Attributes
    ----------
    moment : Timestamp
    days_left : ndarray, shape (n_positions,)
        Calendar days to the expiry of each position; infinite where it has none.
    profit : ndarray, shape (n_paths,)
        Options plus hedge, with financing and dividends, before costs; never the hedge leg alone.
    costs : ndarray, shape (n_paths,)
        Paid so far for options and hedge, positive money.
    tracking_error : ndarray, shape (n_paths,)
        Root of the sum of squares of the steps of ``profit``, money.
    notional : ndarray, shape (n_paths,)
        Units of underlying behind the options (behind all positions where there are none) x spot, money; its largest.
    """

    moment: pd.Timestamp
    days_left: FloatArray
    profit: FloatArray
    costs: FloatArray
    tracking_error: FloatArray
    notional: FloatArray


class ExitRule(ABC):
    """Says which positions to close. A rule of your own is one class with ``fires`` and ``reason``."""

    @abstractmethod
    def fires(self, now: ExitMoment) -> BoolArray:
        """Return which positions to close, (n_paths, n_positions)."""

    def leaves(self, now: ExitMoment) -> FloatArray:
        """Return what share of each position stays, (n_paths, n_positions), 0 to 1: none where it fires, all else."""
        return np.where(self.fires(now), 0.0, 1.0)

    @property
    @abstractmethod
    def reason(self) -> str:
        """The rule in a few words, as the result names it."""

    @property
    def rolls_months(self) -> int:
        """Monthly expiries ahead that what it closes is opened again at; 0 for none."""
        return 0

    def alternatives(self) -> tuple[ExitRule, ...]:
        """Return the rules of which each fires alone, in order: the first that fires is named."""
        return (self,)

    def __or__(self, other: ExitRule) -> ExitRule:
        """Return the rule that closes what either of the two closes."""
        return EitherExit(self, other) if isinstance(other, ExitRule) else NotImplemented

    def __and__(self, other: ExitRule) -> ExitRule:
        """Return the rule that closes what both close."""
        return BothExits(self, other) if isinstance(other, ExitRule) else NotImplemented


@dataclass(frozen=True, repr=False)
class EitherExit(ExitRule):
    """Close what either of two rules closes; the left one is named where both do."""

    left: ExitRule
    right: ExitRule

    def __repr__(self) -> str:
        return f"{self.left!r} | {self.right!r}"

    def fires(self, now: ExitMoment) -> BoolArray:
        """Return what either closes."""
        return np.asarray(self.left.fires(now) | self.right.fires(now))

    def leaves(self, now: ExitMoment) -> FloatArray:
        """Return what both leave."""
        return np.minimum(self.left.leaves(now), self.right.leaves(now))

    @property
    def reason(self) -> str:
        """Both reasons."""
        return f"{self.left.reason} or {self.right.reason}"

    def alternatives(self) -> tuple[ExitRule, ...]:
        """Return those of both, the left ones first."""
        return (*self.left.alternatives(), *self.right.alternatives())


@dataclass(frozen=True, repr=False)
class BothExits(ExitRule):
    """Close what both of two rules close."""

    left: ExitRule
    right: ExitRule

    def __repr__(self) -> str:
        return " & ".join(f"({each!r})" if isinstance(each, EitherExit) else f"{each!r}" for each in self._both)

    @property
    def _both(self) -> tuple[ExitRule, ExitRule]:
        return self.left, self.right

    def fires(self, now: ExitMoment) -> BoolArray:
        """Return what both close."""
        return np.asarray(self.left.fires(now) & self.right.fires(now))

    def leaves(self, now: ExitMoment) -> FloatArray:
        """Return what either leaves."""
        return np.maximum(self.left.leaves(now), self.right.leaves(now))

    @property
    def reason(self) -> str:
        """Both reasons."""
        return f"{self.left.reason} and {self.right.reason}"

    @property
    def rolls_months(self) -> int:
        """Those of whichever rolls."""
        return max(each.rolls_months for each in self._both)


def require_exit_rule(given: Any) -> None:
    """Refuse exits that are neither a rule nor None."""
    if given is not None and not isinstance(given, ExitRule):
        raise InputError(f"exits must be an ExitRule, not {given!r}; write exits=ExitBeforeExpiry(7), for example")
