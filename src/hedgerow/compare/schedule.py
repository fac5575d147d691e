"""When a method is fitted again: every so many rows, at the turn of a calendar period, more often in a crisis.

>>> import pandas as pd
>>> times = pd.date_range("2024-01-29", periods=6)
>>> WalkForward(refit="monthly").rows(times, [0.1, -0.2, 0.3, 0.1, 0.2], first=1)
array([1, 3])
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from hedgerow._types import ArrayLike, BoolArray, IntArray
from hedgerow.errors import InputError
from hedgerow.market import EventCalendar

PERIODS = {"weekly": "W-FRI", "monthly": "M", "quarterly": "Q"}
"""Calendar periods by the words for them; a week ends on Friday and begins with the Saturday before."""


@dataclass(frozen=True)
class CrisisRefit:
    """Fit more often while the exposure is much more volatile than it used to be.

    A crisis is on at a row where the standard deviation of the exposure's changes over the ``short`` rows before it
    exceeds ``ratio`` times that over the ``long`` rows before it; with fewer than ``long`` rows before, it is off.

    Parameters
    ----------
    every : int
        Rows between two fits while the crisis is on.
    ratio : float
        Multiple of the usual volatility, above 1.
    short, long : int
        Rows of the two windows, 2 <= short < long.
    """

    every: int = 5
    ratio: float = 1.5
    short: int = 20
    long: int = 250

    def __post_init__(self) -> None:
        if self.every < 1:
            raise InputError(f"refitting every {self.every} rows in a crisis is not possible; give 1 or more")
        if not 2 <= self.short < self.long:
            raise InputError(
                f"the short window of a crisis must hold at least 2 rows and fewer than the long one, not {self.short} "
                f"and {self.long}"
            )
        if not 1.0 < self.ratio < np.inf:
            raise InputError(f"the volatility ratio of a crisis must be above 1, not {self.ratio}")

    def is_on(self, changes: ArrayLike) -> BoolArray:
        """Return (n,) whether a crisis is on at each row of the exposure's changes (n,), from the rows before it."""
        before = pd.Series(np.asarray(changes, dtype=np.float64)).shift(1)
        short, long = before.rolling(self.short).std(), before.rolling(self.long).std()
        return np.asarray(short.to_numpy() > self.ratio * long.to_numpy(), dtype=np.bool_)


@dataclass(frozen=True)
class WalkForward:
    """How the past is cut from the future; also a splitter for scikit-learn's searches.

    Parameters
    ----------
    train : float or str or pandas.Timestamp
        Rows that only train: a fraction of them (0 to 1), or the date of the last one.
    refit : int or {"weekly", "monthly", "quarterly"}
        Rows between two fits of a method; 1 refits before every row. A word refits at the first close of a new
        calendar period (weeks end on Friday).
    between : {"hold", "update"}
        Between two fits the ratio is held, or follows the method's own recursion (rolling, expanding and
        exponentially weighted ratios then move every row; GARCH, Kalman and regime filters with parameters held).
    crisis : CrisisRefit, optional
        Fit more often while the exposure is unusually volatile.
    events : EventCalendar, optional
        Dated events around which ratios are multiplied; a comparison then shows each method with and without.

    Examples
    --------
    As the splitter of a search over a method's options:

    >>> import numpy as np
    >>> from sklearn.model_selection import GridSearchCV
    >>> from hedgerow.ratios import EWMA
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(400, 1))
    >>> y = 0.8 * X[:, 0] + 0.3 * rng.normal(size=400)
    >>> search = GridSearchCV(EWMA(), {"halflife": [5.0, 60.0]}, cv=WalkForward(refit=50)).fit(X, y)
    >>> search.best_params_
    {'halflife': 60.0}
    """

    train: float | str | pd.Timestamp = 0.5
    refit: int | Literal["weekly", "monthly", "quarterly"] = 1
    between: Literal["hold", "update"] = "hold"
    crisis: CrisisRefit | None = None
    events: EventCalendar | None = None

    def __post_init__(self) -> None:
        if isinstance(self.refit, str):
            if self.refit not in PERIODS:
                raise InputError(f"refit must be a number of rows or one of {', '.join(PERIODS)}, not {self.refit!r}")
        elif self.refit < 1:
            raise InputError(f"refitting every {self.refit} rows is not possible; give 1 or more")

    def first_judged_row(self, times: pd.DatetimeIndex) -> int:
        """Return the number of training rows; ``times`` are the dates of the changes.

        Raises
        ------
        InputError
            Where ``train`` is not a fraction between 0 and 1 or a date inside the data.
        """
        if isinstance(self.train, float | int) and not isinstance(self.train, bool):
            if not 0.0 < self.train < 1.0:
                raise InputError(f"the training fraction must lie between 0 and 1, not {self.train}; or give a date")
            return int(len(times) * self.train)
        try:
            last = pd.Timestamp(self.train)
        except (ValueError, TypeError) as error:
            raise InputError(f"the training part {self.train!r} is neither a date nor a fraction") from error
        first = int(times.searchsorted(last, side="right"))
        if not 0 < first < len(times):
            raise InputError(
                f"the training part ends {last.date()}, outside the data ({times[0].date()} to {times[-1].date()}); "
                "give a date inside it"
            )
        return first

    def rows(self, times: pd.DatetimeIndex, changes: ArrayLike, first: int) -> IntArray:
        """Return the rows (r,) before which a method is fitted, the first of them ``first``.

        Whether a row is one of them is decided at its start, from dates and changes known then.

        Parameters
        ----------
        times : pandas.DatetimeIndex, shape (n_steps + 1,)
            Start of the first step and end of every step; row t starts at ``times[t]``.
        changes : array-like, shape (n_steps,)
            Changes of the exposure, for the crisis rule.
        first : int
            First row that needs a ratio.
        """
        n_steps = len(times) - 1
        if isinstance(self.refit, str):
            periods = times[:-1].to_period(PERIODS[self.refit])
            is_due = np.concatenate([[False], np.asarray(periods[1:] != periods[:-1])])
        else:
            is_due = (np.arange(n_steps) - first) % self.refit == 0
        is_due[first] = True
        due: IntArray = first + np.flatnonzero(is_due[first:])
        return due if self.crisis is None else _with_crisis(due, self.crisis.is_on(changes), first, self.crisis.every)

    def split(self, X: Any, y: ArrayLike = None, groups: object = None) -> Iterator[tuple[IntArray, IntArray]]:
        """Yield the rows to fit on and the rows to judge, one pair per refit: scikit-learn's protocol.

        A single row has no variance to score: where two refits are one row apart the second is left out.

        Parameters
        ----------
        X : array-like or pandas.DataFrame (n_obs, n_hedges)
            Changes; where ``train`` is a date or ``refit`` a calendar period, a frame indexed by date.
        y : array-like (n_obs,), optional
            Changes of the exposure; needed for the crisis rule only.
        groups
            Not used.

        Raises
        ------
        InputError
            Where dates are needed and X has none, the crisis rule is on without y, or no row is left to train on.
        """
        ends, changes = self._dates_of(X), np.zeros(len(X)) if y is None else y
        if self.crisis is not None and y is None:
            raise InputError("the crisis rule looks at the exposure's changes; give y")
        first = self.first_judged_row(ends)
        if first < 1:
            raise InputError(
                f"a training fraction of {self.train} leaves no row of {len(X)} to fit on; give a larger one"
            )
        rows = _two_apart(self.rows(pd.DatetimeIndex(ends[:1].append(ends)), changes, first), len(X))
        for row, until in zip(rows, np.append(rows[1:], len(X)), strict=True):
            yield np.arange(row), np.arange(row, until)

    def get_n_splits(self, X: Any = None, y: ArrayLike = None, groups: object = None) -> int:
        """Return the number of pairs that ``split`` yields for X; without X it is not known and refused."""
        if X is None:
            raise InputError("how often a walk-forward refits depends on the rows; give X")
        return sum(1 for _ in self.split(X, y, groups))

    def _dates_of(self, X: Any) -> pd.DatetimeIndex:
        """Return the dates of X's rows, or day numbers where it has none and none are needed."""
        index = getattr(X, "index", None)
        if isinstance(index, pd.DatetimeIndex):
            return index
        if isinstance(self.refit, str) or not isinstance(self.train, float | int):
            raise InputError(
                f"train {self.train!r} and refit {self.refit!r} need dates; give X as a frame indexed by date"
            )
        return pd.DatetimeIndex(np.arange(len(X)).astype("datetime64[D]"))


def _with_crisis(due: IntArray, is_on: BoolArray, first: int, every: int) -> IntArray:
    """Return the rows of refits with those added that a crisis asks for, ``every`` rows after the one before."""
    ordinary, rows, last = set(due.tolist()), [], first
    for row in range(first, len(is_on)):
        if row in ordinary or (is_on[row] and row - last >= every):
            rows.append(row)
            last = row
    return np.array(rows, dtype=np.int64)


def _two_apart(rows: IntArray, n_obs: int) -> IntArray:
    """Return the rows without those that would leave a single row before themselves or before the end."""
    kept = [int(rows[0])]
    for row in rows[1:]:
        if row - kept[-1] >= 2 and n_obs - row >= 2:
            kept.append(int(row))
    return np.array(kept, dtype=np.int64)
