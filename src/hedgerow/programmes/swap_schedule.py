"""Which variance swap stands in which slot on which date, and what it has realised so far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import BoolArray, FloatArray, IntArray
from hedgerow.programmes.market import OverlayMarket
from hedgerow.programmes.variance_curve import VarianceCurve
from hedgerow.units import TRADING_DAYS_PER_YEAR

FIXINGS_PER_MONTH = TRADING_DAYS_PER_YEAR // 12
"""Scheduled fixings of one month, which stand for the 30 calendar days of the volatility index."""
DAYS_PER_MONTH = 30


@dataclass(frozen=True)
class SwapSchedule:
    """The rungs of a ladder of swaps.

    Attributes
    ----------
    fixings : int
        Scheduled fixings n of one swap; ``t / T`` is fixings passed / n.
    life : int
        Fixings after which it leaves: n, or fewer where it is rolled before expiry.
    ladder : int
        Swaps that run at once; one enters every ``life / ladder`` fixings.
    """

    fixings: int
    life: int
    ladder: int

    def entered(self, n_dates: int) -> IntArray:
        """Return the row on which each swap is opened; swap k + ladder opens on the row on which swap k leaves."""
        first = np.arange(n_dates * self.ladder // self.life + 1, dtype=np.int64) * self.life // self.ladder
        return first[first < n_dates]

    @property
    def n_slots(self) -> int:
        """One more than the swaps at work, so that a roll has a slot to open in."""
        return self.ladder + 1


@dataclass(frozen=True)
class SwapBook:
    """State of the swap in each slot after each close; all arrays (n_dates, n_slots).

    Attributes
    ----------
    quoted : ndarray of bool
        A swap has a mark: from the close of its opening to that of its leaving.
    held : ndarray of bool
        The same without the row on which it leaves.
    expired : ndarray of bool
        It leaves with its last fixing.
    opened : ndarray of bool
    fair : ndarray
        Fair volatility in points over the fixings left.
    strike_fair : ndarray
        The same at its opening: the strike before any spread. 1 in an empty slot.
    elapsed : ndarray
        Share of the scheduled fixings passed.
    realised : ndarray
        Annual realised variance so far x elapsed, in squared points: ``10^4 x 252 / n x sum of squared log returns``.
    discount : ndarray
        Value of 1 at the last fixing.
    """

    quoted: BoolArray
    held: BoolArray
    expired: BoolArray
    opened: BoolArray
    fair: FloatArray
    strike_fair: FloatArray
    elapsed: FloatArray
    realised: FloatArray
    discount: FloatArray


def swap_book(market: OverlayMarket, schedule: SwapSchedule, curve: VarianceCurve) -> SwapBook:
    """Return the state of every swap on every date of its life.

    A fixing is a close of the market: a date that the market lacks moves the expiry and not the count, so the schedule
    needs no calendar beyond the last row. The discount factor is simple interest at the rate of the day over
    ``fixings left / 252`` years.
    """
    n_dates, fixings, life = len(market), schedule.fixings, schedule.life
    entered = schedule.entered(n_dates)
    passed = np.arange(life + 1)
    rows = entered[:, None] + passed
    inside = rows < n_dates
    rows = np.minimum(rows, n_dates - 1)
    squares = np.concatenate(([0.0], np.diff(np.log(market.price)) ** 2))
    summed = np.where(passed > 0, squares[rows], 0.0).cumsum(axis=1)
    left = np.maximum(fixings - passed, 1)  # a swap with no fixing left has no variance to come, whatever its horizon
    fair = curve.volatility(left * (DAYS_PER_MONTH / FIXINGS_PER_MONTH))[rows, passed]
    discount = 1.0 / (1.0 + market.rate[rows] * ((fixings - passed) / TRADING_DAYS_PER_YEAR))
    slots = np.broadcast_to((np.arange(len(entered)) % schedule.n_slots)[:, None], rows.shape)
    where = rows[inside], slots[inside]

    def placed(values: FloatArray, empty: float = 0.0) -> FloatArray:
        grid = np.full((n_dates, schedule.n_slots), empty)
        grid[where] = np.broadcast_to(values, rows.shape)[inside]
        return grid

    left_now = passed == life
    return SwapBook(
        quoted=placed(np.ones(1)) > 0.0,
        held=placed(1.0 - left_now) > 0.0,
        expired=placed(1.0 * (left_now & (life == fixings))) > 0.0,
        opened=placed(1.0 * (passed == 0)) > 0.0,
        fair=placed(fair),
        strike_fair=placed(fair[:, :1], empty=1.0),
        elapsed=placed(passed / fixings),
        realised=placed(1e4 * TRADING_DAYS_PER_YEAR / fixings * summed),
        discount=placed(discount, empty=1.0),
    )
