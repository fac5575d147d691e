"""Leland's volatility: delta hedging at a volatility that carries the cost of rehedging."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.costs import leland_number, leland_volatility
from hedgerow.errors import InputError
from hedgerow.hedgers.book_hedger import BookHedger, BookTarget, BookView
from hedgerow.hedgers.contracts import Rounding
from hedgerow.hedgers.delta import plain_repr, require_finite
from hedgerow.hedgers.lot_rounding import in_lots, require_lots
from hedgerow.instruments.base import require_choice
from hedgerow.units import TRADING_DAYS_PER_YEAR

__all__ = ["LelandHedger", "leland_number", "leland_volatility"]

SIDES = ("auto", "short", "long")


@dataclass(frozen=True)
class LelandHedger(BookHedger):
    """Hold minus the book's delta at Leland's volatility.

    Where the book of an underlying is short gamma its hedger buys high and sells low and the volatility is raised;
    where it is long gamma it is lowered. With a cost that does not shrink with the step the error of the hedge does
    not vanish as the step does (Kabanov and Safarian 1997).

    Parameters
    ----------
    cost_rate : float
        One-way proportional cost, a fraction of traded value.
    rebalances_per_year : float
        How often the policy beside it rehedges: 252 for daily.
    volatility : float, optional
        Annual volatility that is adjusted, in place of the market's.
    side : {"auto", "short", "long"}
        Of gamma; ``auto`` reads it from the book, for each underlying, path and moment.
    lots : float, optional
        Units traded at a time; None for fractions.
    rounding : Rounding

    References
    ----------
    Leland, H. (1985), Journal of Finance 40, 1283-1301. Hoggard, T., Whalley, A. E. and Wilmott, P. (1994), Advances
    in Futures and Options Research 7, 21-35 (the sign of gamma). Kabanov, Yu. and Safarian, M. (1997), Finance and
    Stochastics 1, 239-250.

    Examples
    --------
    >>> LelandHedger(0.001, rebalances_per_year=52)
    LelandHedger(cost_rate=0.001, rebalances_per_year=52)
    """

    cost_rate: float
    rebalances_per_year: float = TRADING_DAYS_PER_YEAR
    volatility: float | None = None
    side: str = "auto"
    lots: float | None = None
    rounding: Rounding = Rounding.NEAREST

    def __post_init__(self) -> None:
        """Refuse negative costs, a clock that stands still, an unknown side."""
        if not 0.0 <= self.cost_rate < 1.0:
            raise InputError(
                f"cost_rate must lie from 0 to 1, not {self.cost_rate!r}; 1 basis point of traded value is 0.0001"
            )
        if not 0.0 < self.rebalances_per_year < np.inf:
            raise InputError(f"rebalances_per_year must be above 0, not {self.rebalances_per_year!r}; daily is 252")
        if self.volatility is not None and not 0.0 < self.volatility < np.inf:
            raise InputError(f"volatility must be above 0, not {self.volatility!r}; give it as a decimal")
        require_choice("side", self.side, SIDES)
        require_lots(self.lots)

    def __repr__(self) -> str:
        """Return the code that makes the hedger, defaults left out."""
        return plain_repr(self)

    def target(self, view: BookView) -> BookTarget:
        """Return minus the book's delta at Leland's volatility."""
        volatility = self._adjusted(view)
        found = view.book_greeks(("delta", "gamma"), volatility)
        require_finite(found["delta"], view)
        return BookTarget(in_lots(-found["delta"], self.lots, self.rounding), {"gamma": found["gamma"]})

    def _adjusted(self, view: BookView) -> FloatArray:
        """Return the volatility of each path and underlying, (n_paths, n_underlyings)."""
        level = view.vols if self.volatility is None else np.full_like(view.vols, self.volatility)
        if self.side == "auto":
            is_long = view.book_greeks(("gamma",), self.volatility)["gamma"] > 0.0
        else:
            is_long = np.full(level.shape, self.side == "long")
        adjusted = leland_volatility(level, self.cost_rate, 1.0 / self.rebalances_per_year, "short")
        if is_long.any():
            lower = leland_volatility(level[is_long], self.cost_rate, 1.0 / self.rebalances_per_year, "long")
            adjusted[is_long] = lower
        return adjusted
