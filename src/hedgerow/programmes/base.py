"""The contract of a hedge programme: which contracts are bought, when they are rolled, what they cost."""

from __future__ import annotations

from abc import ABC, abstractmethod

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.programmes.market import OverlayMarket
from hedgerow.programmes.marks import Marks
from hedgerow.programmes.portfolio import Portfolio
from hedgerow.programmes.priced import PricedProgramme


class HedgeProgramme(ABC):
    """What multiplier 1 of a hedge buys; subclasses are frozen dataclasses with a base size of their own.

    Row t of what :meth:`priced` returns uses rows of the market up to t; contracts are chosen by quotes of the day on
    which they trade, rolls follow a calendar known beforehand, and anything triggered by a level trades a close later.
    """

    @property
    @abstractmethod
    def name(self) -> str:
        """Name in tables, as "index puts 25 delta 90 days"."""

    @abstractmethod
    def priced(self, market: OverlayMarket, portfolio: Portfolio) -> PricedProgramme:
        """Return what multiplier 1 holds and what it is worth on every date of the market.

        Raises
        ------
        DataError
            Where the market lacks a quote that the programme needs.
        """

    def shocked_gain(
        self, market: OverlayMarket, priced: PricedProgramme, spot_change: float, vix_points: float
    ) -> FloatArray:
        """Return the gain of multiplier 1 if, at each close, spot moved by a share and the index by points at once.

        Parameters
        ----------
        spot_change : float
            As a decimal: -0.20 for a fall of 20 %.
        vix_points : float
            Added to the volatility index.

        Returns
        -------
        ndarray (n_dates,)
            Money, before costs.
        """
        raise InputError(f"{self.name} has no repricing under a shock of spot and volatility")

    def marks(self, market: OverlayMarket, priced: PricedProgramme) -> Marks:
        """Return on which dates what is held was marked by a model, and on which by a quote of an earlier date.

        A programme that says it modelled anything counts as modelled on every date on which it holds something.
        """
        return Marks.of(priced)
