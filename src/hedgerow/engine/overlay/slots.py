"""The slots of one programme or several, stacked for one account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hedgerow._types import BoolArray, FloatArray, IntArray
from hedgerow.engine.overlay.account_terms import PART, PREMIUM, VALUED
from hedgerow.errors import InputError
from hedgerow.kernels.compile import dense
from hedgerow.ledger import Carry
from hedgerow.programmes import PricedProgramme


@dataclass(frozen=True)
class Slots:
    """Programmes side by side: the slots of the first, then of the second, and so on.

    Attributes
    ----------
    programmes : tuple of PricedProgramme
        On the same dates.
    """

    programmes: tuple[PricedProgramme, ...]

    @classmethod
    def of(cls, priced: PricedProgramme | Sequence[PricedProgramme]) -> Slots:
        """Return the slots of one programme or of several; InputError where their dates differ."""
        programmes = (priced,) if isinstance(priced, PricedProgramme) else tuple(priced)
        if not programmes:
            raise InputError("an overlay needs at least one hedge programme; none was given")
        for other in programmes[1:]:
            if not other.dates.equals(programmes[0].dates):
                raise InputError(
                    f"{other.name!r} is priced on other dates than {programmes[0].name!r}; price both in one market"
                )
        return cls(programmes)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the slots, with the programme's before them where there are several."""
        if len(self.programmes) == 1:
            return self.programmes[0].slots
        return tuple(
            f"{name}: {slot}" for name, one in zip(self.parts, self.programmes, strict=True) for slot in one.slots
        )

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of the programmes, numbered where two share one."""
        names = [one.name for one in self.programmes]
        return tuple(
            name if names.count(name) == 1 else f"{name} ({names[: number + 1].count(name)})"
            for number, name in enumerate(names)
        )

    @property
    def carry(self) -> tuple[Carry, ...]:
        """How each slot stands in the books."""
        return tuple(way for one in self.programmes for way in one.carry)

    def side_by_side(self, name: str) -> FloatArray:
        """Return an array of the programmes by its name, (n_dates, n_slots) over all slots."""
        return np.hstack([getattr(one, name) for one in self.programmes])

    @cached_property
    def kinds(self) -> IntArray:
        """Number of the programme, whether at value, whether budgeted by premium, (n_slots, 3)."""
        kinds = np.zeros((len(self.carry), 3), dtype=np.int64)
        kinds[:, PART] = np.repeat(np.arange(len(self.programmes)), [len(one.slots) for one in self.programmes])
        kinds[:, VALUED] = [way is Carry.VALUE for way in self.carry]
        kinds[:, PREMIUM] = [one.budget_by == "premium" for one in self.programmes for _ in one.slots]
        return kinds

    @cached_property
    def rolls(self) -> BoolArray:
        """Whether a part of reserve enters a contract at a date, or turns its side, (n_dates, n_parts)."""
        side = np.sign(self.side_by_side("units"))
        entered = (side != 0.0) & (side != np.vstack((np.zeros((1, side.shape[1])), side[:-1])))
        found = np.zeros((len(side), len(self.programmes)), dtype=np.bool_)
        for slot, (part, _valued, premium) in enumerate(self.kinds.tolist()):
            if not premium:
                found[:, part] |= entered[:, slot]
        found.flags.writeable = False
        return found

    @cached_property
    def quotes(self) -> FloatArray:
        """Units, price, change, cost of a trade and of a sale, worst loss, by date and slot: (n_dates, n_slots, 6)."""
        names = ("units", "prices", "price_changes", "unit_cost", "worst_loss")
        units, prices, changes, cost, worst = (self.side_by_side(name) for name in names)
        return dense(np.stack((units, prices, changes, cost, self.sale_cost(prices, cost), worst), axis=2))

    def sale_cost(self, prices: FloatArray, cost: FloatArray) -> FloatArray:
        """Return the cost of selling one contract held long, (n_dates, n_slots).

        A bought option that is worth less than it costs to sell is left to lapse: selling never costs more than it
        brings. Swaps and futures are obligations and cannot be left.
        """
        can_lapse = (self.kinds[:, VALUED] * self.kinds[:, PREMIUM]).astype(bool)
        return np.where(can_lapse, np.minimum(cost, np.maximum(prices, 0.0)), cost)

    def costs_by_label(self, holdings: FloatArray) -> Mapping[str, FloatArray]:
        """Return money paid at each date by label, (n_dates,), for holdings (n_dates, n_slots) from nothing."""
        before = np.vstack((np.zeros((1, holdings.shape[1])), holdings[:-1]))
        traded = np.abs(holdings - before)
        sold = np.minimum(np.maximum(before - holdings, 0.0), np.maximum(before, 0.0))
        prices, cost = self.side_by_side("prices"), self.side_by_side("unit_cost")
        sale = self.sale_cost(prices, cost)
        paid = traded - sold + sold * np.divide(sale, cost, out=np.ones_like(cost), where=cost > 0.0)
        labels = tuple(dict.fromkeys(label for one in self.programmes for label in one.costs))
        return {label: (paid * self._cost(label)).sum(axis=1) for label in labels}

    def _cost(self, label: str) -> FloatArray:
        return np.hstack([one.costs.get(label, np.zeros(one.units.shape)) for one in self.programmes])
