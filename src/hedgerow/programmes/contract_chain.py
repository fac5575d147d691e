"""Futures by contract from a curve quoted by position: which stand in the books, at what prices, from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray, IntArray
from hedgerow.errors import DataError
from hedgerow.programmes.market import OverlayMarket
from hedgerow.programmes.priced import ContractRecord
from hedgerow.programmes.variance_curve import quoted_curve

NONE = -1
"""Expiry of an empty leg."""


@dataclass(frozen=True)
class FuturesCurve:
    """Futures by position with their contract's identity, which is its expiry.

    Attributes
    ----------
    dates : DatetimeIndex (n_dates,)
    points : ndarray (n_dates, n_positions)
        NaN where not quoted.
    expiry : ndarray of int (n_dates, n_positions)
        Days since 1970; -1 where there is no contract.
    today : ndarray of int (n_dates,)
        Days since 1970.
    """

    dates: pd.DatetimeIndex
    points: FloatArray
    expiry: IntArray
    today: IntArray

    @classmethod
    def of(cls, market: OverlayMarket) -> FuturesCurve:
        """Return the curve of a market; DataError where it has no futures."""
        points, ahead = quoted_curve(market)
        today = market.dates.to_numpy().astype("datetime64[D]").astype(np.int64)
        expiry = np.where(np.isfinite(ahead), np.nan_to_num(ahead) + today[:, None], NONE).astype(np.int64)
        return cls(market.dates, points, expiry, today)

    @property
    def weekdays_left(self) -> IntArray:
        """Weekdays after each date up to and with the expiry, shape (n_dates, n_positions); -1 without a contract."""
        begin = (self.today + 1).astype("datetime64[D]")[:, None]
        after = (np.where(self.expiry == NONE, self.today[:, None], self.expiry) + 1).astype("datetime64[D]")
        left = np.busday_count(begin, np.maximum(after, begin))
        return np.asarray(np.where(self.expiry == NONE, -1, left), dtype=np.int64)

    def price(self, contract: IntArray, held_from: str) -> FloatArray:
        """Return the points at which a contract is quoted on each date, shape (n_dates,); 0 where there is none.

        Parameters
        ----------
        contract : ndarray of int (n_dates,)
            Expiries wanted, -1 for none.
        held_from : str
            What it is needed for, for the sentence: "held" or "opened".

        Raises
        ------
        DataError
            The contract is not quoted on a date, which is named.
        """
        found = (self.expiry == contract[:, None]) & np.isfinite(self.points)
        missing = (contract != NONE) & ~found.any(axis=1)
        if missing.any():
            row = int(np.argmax(missing))
            day = np.datetime64(int(contract[row]), "D")
            raise DataError(
                f"the volatility future of {day} is {held_from} and not quoted on {self.dates[row]:%Y-%m-%d}; leave "
                "such dates out with on_futures_dates(market, positions), roll earlier, or add the quote"
            )
        points = np.where(found, np.nan_to_num(self.points), 0.0).sum(axis=1)
        return np.asarray(np.where(contract != NONE, points, 0.0))


@dataclass(frozen=True)
class Chain:
    """Legs of a futures programme by slot; arrays (n_dates, n_slots), prices in points.

    Attributes
    ----------
    contract : ndarray of int
        Expiry held after trading at each close, -1 for none.
    weight : ndarray
        Part of the programme's contracts in the slot; 0 where it is empty.
    points : ndarray
        Price of the contract that stands in the slot after trading, or of the one that leaves; 0 where empty.
    changes : ndarray
        Change of points over the step ending at each date of the contract held over it.
    """

    contract: IntArray
    weight: FloatArray
    points: FloatArray
    changes: FloatArray


def chained(curve: FuturesCurve, legs: IntArray, weights: FloatArray, n_slots: int) -> Chain:
    """Return legs put into slots, so that one contract stays in one slot from its opening to its end.

    Slots are given in turn in the order of opening: with ``n_legs`` legs at most and one contract a roll,
    ``n_legs + 1`` slots always have one free.

    Parameters
    ----------
    legs : ndarray of int (n_dates, n_legs)
        Expiries held after each close, -1 for none; never falling from one date to the next within the set.
    weights : ndarray (n_dates, n_legs)
    n_slots : int
    """
    n_dates = len(curve.dates)
    opened: dict[int, int] = {}
    contract = np.full((n_dates, n_slots), NONE, dtype=np.int64)
    weight = np.zeros((n_dates, n_slots))
    changed = np.concatenate(([0], np.flatnonzero((legs[1:] != legs[:-1]).any(axis=1)) + 1, [n_dates]))
    for start, end in pairwise(changed.tolist()):
        for leg, expiry in enumerate(legs[start].tolist()):
            if expiry == NONE:
                continue
            slot = opened.setdefault(expiry, len(opened)) % n_slots
            contract[start:end, slot] = expiry
            weight[start:end, slot] = weights[start:end, leg]
    before = np.vstack([np.full(n_slots, NONE, dtype=np.int64), contract[:-1]])
    points, changes = np.zeros((n_dates, n_slots)), np.zeros((n_dates, n_slots))
    for slot in range(n_slots):
        leaving = curve.price(before[:, slot], "held")
        entering = curve.price(contract[:, slot], "opened")
        points[:, slot] = np.where(contract[:, slot] == NONE, leaving, entering)
        yesterday = np.concatenate(([0.0], points[:-1, slot]))
        changes[:, slot] = np.where(before[:, slot] == NONE, 0.0, leaving - yesterday)
    return Chain(contract, weight, points, changes)


def chain_records(chain: Chain, multiplier: float) -> tuple[ContractRecord, ...]:
    """Return each contract from its opening to its end, in the order of opening; prices are money per contract."""
    n_dates, found = len(chain.contract), []
    for slot in range(chain.contract.shape[1]):
        held = chain.contract[:, slot]
        edges = np.concatenate(([0], np.flatnonzero(held[1:] != held[:-1]) + 1, [n_dates])).tolist()
        for start, end in pairwise(edges):
            if held[start] == NONE:
                continue
            # A contract followed in its own slot on the row on which it leaves has its exit in the change alone.
            last = chain.points[end - 1, slot] + (chain.changes[end, slot] if end < n_dates else 0.0)
            label = f"volatility future {np.datetime64(int(held[start]), 'D')}"
            entry, leave = float(chain.points[start, slot]) * multiplier, float(last) * multiplier
            reason = "rolled" if end < n_dates else "held"
            found.append(ContractRecord(label, slot, start, end, entry, leave, reason))
    return tuple(sorted(found, key=lambda each: (each.entered, each.left)))
