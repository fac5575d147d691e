"""When a held multiplier is replaced: on a move of a signal, on a day of the week, when a drawdown is crossed.

>>> import pandas as pd
>>> days = pd.DatetimeIndex(["2024-03-27", "2024-03-28", "2024-04-01", "2024-04-02"])  # Good Friday is 29 March
>>> signals = Signals.of({"vix": pd.Series([18.0, 21.0, 21.5, 24.0], days)})
>>> Weekly().watched(signals).tolist()
[0.0, 1.0, 0.0, 0.0]
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.errors import InputError
from hedgerow.overlays.signals import Signals

TIE = 1e-9
"""Tolerance of every comparison, in units of what is compared (a point, a share, a multiplier of 1).

18 + 3 is 21 and a move of 3: an exact tie is no move beyond 3, whatever floating point makes of the difference.
"""


FRIDAY_TO_SUNDAY = (1, 2, 3)
"""Days since Thursday 1 January 1970, modulo 7."""


class Comparison(IntEnum):
    """How today's watched level is held against its level at the last rebalance."""

    DATE = 0
    """Due wherever the level is other than 0, whatever was held."""
    MOVE = 1
    """Due where ``|level - last| > limit`` beyond the tie."""
    SHARE = 2
    """Due where ``|level - last| / |last| > limit`` beyond the tie."""
    ELAPSED = 3
    """Due where ``level - last >= limit``, a tie included."""


class Trigger(ABC):
    """Says on which dates a rebalance is due, given a level watched from the last one on.

    Subclasses are frozen dataclasses. A rebalance sets the held multiplier to the shaped one and takes every trigger's
    level anew; the first takes place on the first date on which a multiplier is defined. Row t of :meth:`watched` uses
    values of the signals up to t, and of their calendar what is known beforehand.
    """

    comparison: Comparison
    """How the watched level is compared."""

    @property
    @abstractmethod
    def needs(self) -> tuple[str, ...]:
        """Names of the signals that the trigger reads."""

    @property
    @abstractmethod
    def limit(self) -> float:
        """What the level is compared with; 0 where the trigger is a calendar."""

    @abstractmethod
    def watched(self, signals: Signals) -> FloatArray:
        """Return the level that is watched, shape (n_dates,); finite."""


def is_due(trigger: Trigger, now: FloatArray, last: FloatArray) -> BoolArray:
    """Return whether a trigger is due where its level is ``now`` and was ``last`` at the last rebalance, by row."""
    moved = now - last
    if trigger.comparison is Comparison.DATE:
        return np.asarray(now != 0.0)
    if trigger.comparison is Comparison.ELAPSED:
        return np.asarray(moved >= trigger.limit - TIE)
    if trigger.comparison is Comparison.SHARE:
        return np.asarray(np.abs(moved) / np.abs(last) > trigger.limit + TIE)
    return np.asarray(np.abs(moved) > trigger.limit + TIE)


@dataclass(frozen=True)
class SignalMove(Trigger):
    """A signal has moved strictly more than so many points since the last rebalance, up or down.

    Parameters
    ----------
    points : float
        In the signal's unit, 0 or more. From 18 to 21 is no move beyond 3; from 18 to 21.0000001 is one.
    signal : str
    """

    points: float = 3.0
    signal: str = "vix"
    comparison = Comparison.MOVE

    def __post_init__(self) -> None:
        """Refuse a size that is none."""
        _require_size("SignalMove", "points", self.points)

    @property
    def needs(self) -> tuple[str, ...]:
        """The watched signal."""
        return (self.signal,)

    @property
    def limit(self) -> float:
        """Points."""
        return float(self.points)

    def watched(self, signals: Signals) -> FloatArray:
        """Return the signal, shape (n_dates,)."""
        return signals[self.signal]


@dataclass(frozen=True)
class RelativeMove(Trigger):
    """A signal has moved strictly more than a share of its level at the last rebalance, up or down.

    Parameters
    ----------
    share : float
        As a decimal, 0 or more: 0.15 is 15 %. From 20 to 23 is no move beyond 15 %.
    signal : str
    """

    share: float = 0.15
    signal: str = "vix"
    comparison = Comparison.SHARE

    def __post_init__(self) -> None:
        """Refuse a size that is none."""
        _require_size("RelativeMove", "share", self.share)

    @property
    def needs(self) -> tuple[str, ...]:
        """The watched signal."""
        return (self.signal,)

    @property
    def limit(self) -> float:
        """Share as a decimal."""
        return float(self.share)

    def watched(self, signals: Signals) -> FloatArray:
        """Return the signal, shape (n_dates,)."""
        return signals[self.signal]


@dataclass(frozen=True)
class EveryDays(Trigger):
    """At least so many calendar days have passed since the last rebalance, whatever caused that one.

    Parameters
    ----------
    days : int
        1 or more; 7 from a Wednesday is the next Wednesday, or the first signal date after it.
    """

    days: int = 7
    comparison = Comparison.ELAPSED

    def __post_init__(self) -> None:
        """Refuse what is no number of days."""
        if isinstance(self.days, bool) or not np.isfinite(self.days) or self.days != int(self.days) or self.days < 1:
            raise InputError(f"the days of EveryDays must be a whole number of 1 or more, not {self.days!r}")

    @property
    def needs(self) -> tuple[str, ...]:
        """No signal."""
        return ()

    @property
    def limit(self) -> float:
        """Calendar days."""
        return float(self.days)

    def watched(self, signals: Signals) -> FloatArray:
        """Return the date as a count of days, shape (n_dates,)."""
        return signals.dates.to_numpy().astype("datetime64[D]").astype(np.float64)


class CalendarTrigger(Trigger):
    """A trigger that is due on dates of its own, whatever was held."""

    comparison = Comparison.DATE

    @property
    def limit(self) -> float:
        """None is needed."""
        return 0.0


@dataclass(frozen=True)
class Weekly(CalendarTrigger):
    """The last signal date of each week from Monday to Sunday: a Thursday where Friday is a holiday.

    A date is its week's last if the next signal date lies in a later week. Which dates have signals is taken to be
    known beforehand, as an exchange's calendar is. The last row of the data has no next date: it counts from Friday
    on, so that data which end on a Thursday do not trade on it, though the full data would if Friday were a holiday.
    """

    @property
    def needs(self) -> tuple[str, ...]:
        """No signal."""
        return ()

    def watched(self, signals: Signals) -> FloatArray:
        """Return 1 on the last date of each week and 0 on others, shape (n_dates,)."""
        days = signals.dates.to_numpy().astype("datetime64[D]")
        weeks = (days.astype(np.int64) + 3) // 7  # day 0 of the count is Thursday 1 January 1970
        return _last_of_each(weeks, ends=bool(days[-1].astype(np.int64) % 7 in FRIDAY_TO_SUNDAY))


@dataclass(frozen=True)
class Monthly(CalendarTrigger):
    """The last signal date of each calendar month.

    A date is its month's last if the next signal date lies in a later month; which dates have signals is taken to be
    known beforehand. The last row of the data counts where no weekday is left in its month.
    """

    @property
    def needs(self) -> tuple[str, ...]:
        """No signal."""
        return ()

    def watched(self, signals: Signals) -> FloatArray:
        """Return 1 on the last date of each month and 0 on others, shape (n_dates,)."""
        days = signals.dates.to_numpy().astype("datetime64[D]")
        months = days.astype("datetime64[M]").astype(np.int64)
        following = np.busday_offset(days[-1] + 1, 0, roll="forward").astype("datetime64[M]").astype(np.int64)
        return _last_of_each(months, ends=bool(following > months[-1]))


@dataclass(frozen=True)
class DrawdownCrossed(CalendarTrigger):
    """The close on which the drawdown from the running peak passes a size; not every day beyond it.

    Due where the drawdown is strictly beyond the size (beyond the tie) and was not on the signal date before. It can
    be due again once the drawdown has come back to the size or less. The peak runs from the first signal date.

    Parameters
    ----------
    size : float
        As a decimal, above 0 and below 1: 0.05 is 5 %. A drawdown of exactly 5 % has not passed it.
    signal : str
        A price or wealth.
    """

    size: float = 0.05
    signal: str = "price"

    def __post_init__(self) -> None:
        """Refuse a size that no drawdown has."""
        if not 0.0 < self.size < 1.0:
            raise InputError(
                f"the size of DrawdownCrossed must be above 0 and below 1 (0.05 is 5 %), not {self.size!r}"
            )

    @property
    def needs(self) -> tuple[str, ...]:
        """The price."""
        return (self.signal,)

    def watched(self, signals: Signals) -> FloatArray:
        """Return 1 where the drawdown passes the size and 0 elsewhere, shape (n_dates,)."""
        price = signals[self.signal]
        beyond = 1.0 - price / np.maximum.accumulate(price) > self.size + TIE
        before = np.concatenate(([False], beyond[:-1]))
        return (beyond & ~before).astype(np.float64)


def _last_of_each(periods: np.ndarray, *, ends: bool) -> FloatArray:
    """Return 1 where the next row lies in a later period, and on the last row where its period ends with it."""
    last = np.append(periods[1:] > periods[:-1], ends)
    return last.astype(np.float64)


def _require_size(trigger: str, name: str, value: float) -> None:
    if isinstance(value, bool) or not (np.isfinite(value) and value >= 0.0):
        raise InputError(f"the {name} of {trigger} must be a number of 0 or more, not {value!r}")


__all__ = [
    "TIE", "CalendarTrigger", "Comparison", "DrawdownCrossed", "EveryDays", "Monthly", "RelativeMove", "SignalMove",
    "Trigger", "Weekly",
]  # fmt: skip
