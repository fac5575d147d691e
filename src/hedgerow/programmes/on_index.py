"""A hedge written on another index than the one the portfolio follows, on the dates that both markets have.

>>> from hedgerow.programmes import IndexPuts
>>> days = pd.bdate_range("2024-01-01", periods=3)
>>> own = OverlayMarket.of(pd.Series(4800.0, days), pd.Series(13.0, days))
>>> nasdaq = OverlayMarket.of(pd.Series(16800.0, days[1:]), pd.Series(18.0, days[1:]))
>>> own, nasdaq = on_joint_dates(own, nasdaq)
>>> len(own), OnIndex(IndexPuts(), nasdaq, "Nasdaq").name
(2, 'index puts 25 delta 90 days on Nasdaq')
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import DataError
from hedgerow.market.dates import written
from hedgerow.programmes.base import HedgeProgramme
from hedgerow.programmes.market import OverlayMarket
from hedgerow.programmes.marks import Marks
from hedgerow.programmes.portfolio import Portfolio
from hedgerow.programmes.priced import PricedProgramme


@dataclass(frozen=True, eq=False)
class OnIndex(HedgeProgramme):
    """A hedge programme priced in the market of another index.

    Sizes follow the portfolio, prices and costs the other index: :meth:`priced` cuts the other market to the dates of
    the portfolio's and gives it that portfolio's wealth.

    Parameters
    ----------
    hedge : HedgeProgramme
    market : OverlayMarket
        Of the other index, with its own volatility index.
    label : str
        Name of the index in tables.
    """

    hedge: HedgeProgramme
    market: OverlayMarket
    label: str

    def __repr__(self) -> str:
        return f"OnIndex({self.hedge!r}, {self.label})"

    @property
    def name(self) -> str:
        """Name of the hedge and of its index."""
        return f"{self.hedge.name} on {self.label}"

    def priced(self, market: OverlayMarket, portfolio: Portfolio) -> PricedProgramme:
        """Return what multiplier 1 holds on every date of the portfolio's market.

        Raises
        ------
        DataError
            Where the other market lacks one of the dates.
        """
        return replace(self.hedge.priced(self._beside(market), portfolio), name=self.name, source=self)

    def shocked_gain(
        self, market: OverlayMarket, priced: PricedProgramme, spot_change: float, vix_points: float
    ) -> FloatArray:
        """Return the gain of multiplier 1 if, at each close, the other index moved by the same share and points."""
        return self.hedge.shocked_gain(self._beside(market), priced, spot_change, vix_points)

    def marks(self, market: OverlayMarket, priced: PricedProgramme) -> Marks:
        """Return how the hedge was marked in the market of the other index."""
        return self.hedge.marks(self._beside(market), priced)

    def _beside(self, market: OverlayMarket) -> OverlayMarket:
        rows = self.market.dates.get_indexer(market.dates)
        if (rows < 0).any():
            day = market.dates[int(np.argmax(rows < 0))]
            raise DataError(
                f"{self.label} has no price on {written(day)}, on which the portfolio has one; cut both to the dates "
                "that they share with on_joint_dates"
            )
        return replace(self.market.at(rows), portfolio=market.wealth)


def on_joint_dates(*markets: OverlayMarket) -> tuple[OverlayMarket, ...]:
    """Return markets on the dates that all of them have; the others leave and are counted in ``dropped``.

    Parameters
    ----------
    *markets : OverlayMarket
        The portfolio's own, and those of other indices.

    Returns
    -------
    tuple of OverlayMarket
        In the same order.

    Raises
    ------
    DataError
        No date is shared.
    """
    shared = markets[0].dates
    for other in markets[1:]:
        shared = shared.intersection(other.dates)
    if shared.empty:
        raise DataError("no date is shared by all markets; give series of the same years")
    rows = [market.dates.get_indexer(pd.DatetimeIndex(shared)) for market in markets]
    cut = zip(markets, rows, strict=True)
    return tuple(replace(market.at(own), dropped=market.dropped + len(market) - len(own)) for market, own in cut)
