"""A hedge priced day by day at multiplier 1: what is held in each slot, at what price, at what cost to trade.

A *slot* holds one contract at a time. A roll closes the contract of one slot and opens the next in another, so that
both trade at their own prices of that day and the gap between them is no profit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.ledger import Carry


@dataclass(frozen=True)
class ContractRecord:
    """One contract of a programme, from its first trade to its last.

    Attributes
    ----------
    label : str
        As ``"put 3800 2024-06-21"``.
    slot : int
    entered, left : int
        Row on which it was opened, and on which it was closed or expired; ``left`` is the number of dates where it was
        still held at the end.
    entry_price, exit_price : float
        Money per contract (points x multiplier), not points; ``exit_price`` is the last mark where it was still held.
    reason : str
        Why it left: "rolled", "expired", "take profit", "volatility above 40", "held".
    """

    label: str
    slot: int
    entered: int
    left: int
    entry_price: float
    exit_price: float
    reason: str


@dataclass(frozen=True)
class PricedProgramme:
    """What multiplier 1 of a programme holds after the close of each date, and what it is worth.

    Attributes
    ----------
    name : str
    dates : DatetimeIndex (n_dates,)
    slots : tuple of str, length n_slots
    carry : tuple of Carry, length n_slots
        ``Carry.VALUE`` for options and swaps (bought for money), ``Carry.MARGIN`` for futures (at zero value).
    units : ndarray (n_dates, n_slots)
        Contracts held after trading at each close for multiplier 1; long is positive, 0 where a slot is empty.
    prices : ndarray (n_dates, n_slots)
        Money per contract (points x multiplier) of the contract that stands in the slot *after* trading, or, on the row
        on which a slot is emptied, of the one that leaves; finite everywhere.
    price_changes : ndarray (n_dates, n_slots)
        Change of money per contract over the step ending at each date, of the contract held over that step; row 0 is 0.
    costs : mapping of str to ndarray (n_dates, n_slots)
        Money paid per contract traded at each date, by label ("half_spread", "commission"); an expiry is no trade and
        costs 0 on its row.
    worst_loss : ndarray (n_dates, n_slots)
        The most that one contract held from this close on can still lose until it is gone, in money and with the cost
        of closing it: the price of an option, the mark less the least payoff of a swap.
    budget_by : str
        "premium" where a budget binds money paid for options, "reserve" where it binds worst losses (swaps, futures).
    contracts : tuple of ContractRecord
    synthetic : tuple of str
        What was modelled because no quote was given; empty where every price is a quote. Stamped on tables and figures.
    source : object
        The programme, which prints as the code that makes it.
    """

    name: str
    dates: pd.DatetimeIndex
    slots: tuple[str, ...]
    carry: tuple[Carry, ...]
    units: FloatArray
    prices: FloatArray
    price_changes: FloatArray
    costs: Mapping[str, FloatArray]
    worst_loss: FloatArray
    budget_by: str
    contracts: tuple[ContractRecord, ...]
    synthetic: tuple[str, ...]
    source: object = None

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit one another or are not finite."""
        shape = (len(self.dates), len(self.slots))
        arrays = {"units": self.units, "prices": self.prices, "price_changes": self.price_changes}
        arrays |= {"worst_loss": self.worst_loss} | {f"cost {label}": money for label, money in self.costs.items()}
        for name, array in arrays.items():
            if array.shape != shape:
                raise InputError(f"{name} of {self.name!r} must have shape {shape} (dates, slots), not {array.shape}")
            if not np.isfinite(array).all():
                row, slot = np.argwhere(~np.isfinite(array))[0]
                raise InputError(
                    f"{name} of {self.name!r} is {array[row, slot]} in slot {self.slots[slot]!r} on "
                    f"{self.dates[row]:%Y-%m-%d}; a programme must be priced on every date it is held"
                )
        if self.budget_by not in ("premium", "reserve"):
            raise InputError(f"budget_by must be 'premium' or 'reserve', not {self.budget_by!r}")
        if len(self.carry) != len(self.slots):
            raise InputError(
                f"{self.name!r} has {len(self.slots)} slots and {len(self.carry)} ways of standing in the books"
            )

    @property
    def unit_cost(self) -> FloatArray:
        """Money paid per contract traded, all labels together, shape (n_dates, n_slots)."""
        return np.asarray(sum(self.costs.values(), np.zeros(self.units.shape)))

    @property
    def gain(self) -> FloatArray:
        """Money earned by multiplier 1 over the step ending at each date, before costs, shape (n_dates,)."""
        gain = np.zeros(len(self.dates))
        gain[1:] = (self.units[:-1] * self.price_changes[1:]).sum(axis=1)
        return gain

    @property
    def is_synthetic(self) -> bool:
        """Whether any price was modelled."""
        return bool(self.synthetic)

    def first(self, n_dates: int) -> PricedProgramme:
        """Return the programme as it stood after the first ``n_dates`` rows; contracts still held read "held"."""
        cut = slice(n_dates)
        contracts = tuple(
            each if each.left < n_dates else ContractRecord(*_held(each, n_dates, self.prices))
            for each in self.contracts
            if each.entered < n_dates
        )
        return PricedProgramme(
            self.name,
            self.dates[cut],
            self.slots,
            self.carry,
            self.units[cut],
            self.prices[cut],
            self.price_changes[cut],
            {label: money[cut] for label, money in self.costs.items()},
            self.worst_loss[cut],
            self.budget_by,
            contracts,
            self.synthetic,
            self.source,
        )


def _held(record: ContractRecord, n_dates: int, prices: FloatArray) -> tuple[str, int, int, int, float, float, str]:
    mark = float(prices[n_dates - 1, record.slot])
    return record.label, record.slot, record.entered, n_dates, record.entry_price, mark, "held"
